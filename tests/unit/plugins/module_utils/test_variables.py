# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables as declared state."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import variables as _variables
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


@pytest.mark.parametrize(
    "value,text",
    [
        ("text", "text"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.5, "1.5"),
        ({"b": 1, "a": ["ü"]}, '{"a":["ü"],"b":1}'),
        ([], "[]"),
    ],
)
def test_a_value_as_platforms_store_it(value, text):
    assert _variables.text_of(value) == text
    assert _variables.declared("env_vars", {"KEY": value}) == {"KEY": text}


def test_nothing_declared():
    assert _variables.declared("env_vars", None) == {}


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "Ä", "A\n"])
def test_a_name_that_no_platform_takes(name):
    with pytest.raises(InvalidInput, match="env_vars has the name"):
        _variables.declared("env_vars", {name: "value"})
    with pytest.raises(InvalidInput, match="absent has the name"):
        _variables.check_names("absent", [name])


def test_a_null_is_not_taken_for_a_removal():
    with pytest.raises(InvalidInput, match="env_vars has no value for KEY.*absent"):
        _variables.declared("env_vars", {"KEY": None})


def test_what_ansible_may_show():
    assert _variables.masked({"KEY": "secret", "OTHER": 1}) == {"KEY": "********", "OTHER": "********"}
    assert _variables.masked(None) is None


def test_what_is_looked_for_in_quotes_includes_the_parts_of_a_value():
    wanted = _variables.declared(
        "env_vars", {"JWT": {"key": "k1", "more": ["k2", 3]}, "TEXT": '{"key": "k3"}', "PLAIN": "k4", "COUNT": 1}
    )
    assert _variables.secrets(wanted.values()) == {*wanted.values(), "k1", "k2", "k3"}
