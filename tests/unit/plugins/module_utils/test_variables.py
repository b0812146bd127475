# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables as declared state."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import variables as _variables
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


def ignore(_warning):
    """Ignores warnings."""


@pytest.mark.parametrize(
    "value,text",
    [
        ("text", "text"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (493, "493"),
        ({"b": 1, "a": ["ü"]}, '{"a":["ü"],"b":1}'),
        ([], "[]"),
    ],
)
def test_a_value_as_platforms_store_it(value, text):
    assert _variables.text_of(value) == text
    assert _variables.declared("env_vars", {"KEY": value}, ignore) == {"KEY": text}


def test_nothing_declared():
    assert _variables.declared("env_vars", None, ignore) == {}


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "Ä", "A\n"])
def test_a_name_that_no_platform_takes(name):
    with pytest.raises(InvalidInput, match="`env_vars` has the name"):
        _variables.declared("env_vars", {name: "value"}, ignore)
    with pytest.raises(InvalidInput, match="`absent` has the name"):
        _variables.check_names("absent", [name])


@pytest.mark.parametrize("name", ["true", "false", "null", "True", "False", "None"])
def test_a_name_that_yaml_has_made_of_a_word(name):
    """NO, ON and null as keys arrive as JSON has them, as strings as Python has them."""
    with pytest.raises(InvalidInput, match=f"`env_vars` has the name {name!r}.*Quote"):
        _variables.declared("env_vars", {name: "value"}, ignore)


def test_such_a_name_is_refused_within_a_value_too():
    with pytest.raises(InvalidInput, match="`env_vars` has the name 'false'.*Quote") as failure:
        _variables.declared("env_vars", {"COUNTRIES": {"list": [{"false": "Norway"}]}}, ignore)
    assert failure.value.option == "env_vars"


def test_a_variable_with_such_a_name_can_be_removed():
    _variables.check_names("absent", ["true", "false", "null"])
    for name in ("True", "False", "None"):
        with pytest.raises(InvalidInput, match=f"`absent` has the name {name!r}.*Quote"):
            _variables.check_names("absent", [name])


@pytest.mark.parametrize("value", [1.1, 1e3, float("inf")])
def test_a_value_that_has_lost_its_spelling(value):
    with pytest.raises(InvalidInput, match="`env_vars`: the value of KEY .*Quote") as failure:
        _variables.declared("env_vars", {"KEY": value}, ignore)
    assert str(value) not in failure.value.message.replace("1.10 becomes 1.1", "")
    assert _variables.declared("env_vars", {"KEY": {"ratio": 1.5}}, ignore) == {"KEY": '{"ratio":1.5}'}


def test_booleans_are_taken_with_one_warning():
    warnings = []
    _variables.declared("env_vars", {"B": True, "A": False, "C": "true"}, warnings.append)
    assert len(warnings) == 1 and "quote" in warnings[0] and warnings[0].endswith(" A, B.")


def test_a_null_is_not_taken_for_a_removal():
    with pytest.raises(InvalidInput, match="`env_vars` has no value for KEY.*`absent`"):
        _variables.declared("env_vars", {"KEY": None}, ignore)


def test_what_ansible_may_show():
    assert _variables.masked({"KEY": "secret", "OTHER": 1}) == {"KEY": "********", "OTHER": "********"}
    assert _variables.masked(None) is None


def test_what_is_looked_for_in_quotes_includes_the_parts_of_a_value():
    wanted = _variables.declared(
        "env_vars",
        {"JWT": {"key": "k1", "more": ["k2", 3]}, "TEXT": '{"key": "k3"}', "PLAIN": "k4", "COUNT": 1},
        ignore,
    )
    assert _variables.secrets(wanted.values()) == {*wanted.values(), "k1", "k2", "k3"}
