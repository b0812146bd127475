# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in JSON, and the examples of the module verify."""

from __future__ import annotations

import pytest
import yaml

pytest.importorskip("requests")

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo
from ansible_collections.webops.paas.plugins.module_utils._web.check import Check
from ansible_collections.webops.paas.plugins.module_utils._web.json_path import (
    NOTHING,
    is_as_expected,
    parse_path,
    value_at,
)
from ansible_collections.webops.paas.plugins.modules import verify
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.verify_runs import MODULE

# -- paths in JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path,steps",
    [
        ("", []),
        ("a", ["a"]),
        ("data.items[0].id", ["data", "items", 0, "id"]),
        ("[-1][2]", [-1, 2]),
        ('["odd.key"].b', ["odd.key", "b"]),
        ('a["say \\"x\\""]', ["a", 'say "x"']),
        ("a-b.c d", ["a-b", "c d"]),
    ],
)
def test_paths(path, steps):
    assert parse_path(path) == steps


@pytest.mark.parametrize("path", [".a", "a.", "a..b", "a[", "a[x]", "a[1", 'a["b]', "]", 'a["\\q"]', "[ 1]"])
def test_paths_that_are_none(path):
    with pytest.raises(ValueError):
        parse_path(path)


@pytest.mark.parametrize(
    "found,expected,ok",
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, "1", True),
        (1, True, False),
        (True, 1, False),
        (True, "True", True),
        (True, "true", True),
        (False, "no", False),
        ("1", 1, False),
        ("a", "a", True),
        ("a", "A", False),
        (None, None, True),
        (NOTHING, None, True),
        (None, "", False),
        ({"a": [1]}, {"a": [1]}, True),
        ([], None, False),
        (0, None, False),
    ],
)
def test_values(found, expected, ok):
    assert is_as_expected(found, expected) is ok


def test_a_path_that_leads_nowhere():
    data = {"a": [{"b": 1}]}
    assert value_at(data, ["a", -1, "b"]) == 1
    for steps in (["a", 1], ["a", -2], ["a", "b"], ["c"], ["a", 0, "b", "c"], [0]):
        assert value_at(data, steps) is NOTHING


# -- the documentation -------------------------------------------------------------------------------------------------


def test_examples_are_accepted():
    examples = yaml.safe_load(verify.EXAMPLES)
    assert examples
    for example in examples:
        validated = ArgumentSpecValidator(**MODULE.spec).validate(example["webops.paas.verify"])
        assert not validated.error_messages
        params = validated.validated_parameters
        for entry in params["urls"]:
            Check("urls", entry, params, ConnectTo(params["connect_to"] or ()))
