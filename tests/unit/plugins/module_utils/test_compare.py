# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import random

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import compare as _compare

NOTHING = (None, "", [], {})


@pytest.mark.parametrize(
    "current, wanted, differs",
    [
        ("a", "a", False),
        ("a", "b", True),
        ("a", "A", True),
        (None, "", False),
        ("", None, False),
        (None, "a", True),
        ("a", "", True),
        (1, 1, False),
        (1, 2, True),
        (0, None, True),
        (False, None, True),
        (True, True, False),
        (False, True, True),
        ([], None, True),
    ],
)
def test_scalar(current, wanted, differs):
    assert _compare.SCALAR.differs(current, wanted) is differs


@pytest.mark.parametrize(
    "current, wanted, differs",
    [
        (["a", "b"], ["b", "a"], False),
        (["a"], ["a", "a"], False),
        (None, [], False),
        ([], None, False),
        (["a"], [], True),
        (None, ["a"], True),
        (["a"], ["b"], True),
        (["a", "b"], ["a"], True),
        ([{"x": 1, "y": 2}], [{"y": 2, "x": 1}], False),
        ([1], ["1"], True),
        ([["a"], ["b"]], [["b"], ["a"]], False),
    ],
)
def test_unordered(current, wanted, differs):
    assert _compare.UNORDERED.differs(current, wanted) is differs


def test_unordered_lists_are_shown_as_results_have_them():
    wanted = ["z", "é", "a!", "a", "ab", "a", "B", "€"]
    assert _compare.UNORDERED.after(None, wanted) == sorted(set(wanted))
    assert wanted == ["z", "é", "a!", "a", "ab", "a", "B", "€"]
    assert _compare.UNORDERED.after(["x"], []) == []
    assert _compare.UNORDERED.after(None, [{"b": 1}, {"a": 2}, {"b": 1}]) == [{"a": 2}, {"b": 1}]


def test_only_declared_keys_of_a_mapping_count():
    plain = _compare.Mapping()
    assert not plain.differs({"a": 1, "b": 2}, {"a": 1})
    assert not plain.differs({"a": 1, "b": 2}, {"a": 1, "b": None})
    assert not plain.differs(None, {}) and not plain.differs({"a": 1}, {}) and not plain.differs({}, {"a": None})
    assert not plain.differs({"a": None}, {"a": ""}) and not plain.differs(None, {"a": ""})
    assert plain.differs({"a": 1}, {"a": 2}) and plain.differs(None, {"a": 2}) and plain.differs({"a": "x"}, {"a": ""})
    assert plain.after({"a": 1, "b": 2}, {"a": 3, "b": None}) == {"a": 3, "b": 2}
    assert plain.after(None, {"a": "x"}) == {"a": "x"}
    assert plain.after({"a": "x"}, {"a": ""}) == {"a": None}


def test_a_mapping_compares_each_key_in_its_own_way():
    mapping = _compare.Mapping({"list": _compare.UNORDERED, "deep": _compare.Mapping()})
    assert not mapping.differs({"list": ["a", "b"], "deep": {"x": 1, "y": 2}}, {"list": ["b", "a"], "deep": {"x": 1}})
    assert mapping.differs({"list": ["a"]}, {"list": []})
    assert mapping.after({"list": ["c"], "deep": {"x": 1, "y": 2}}, {"list": ["b", "a"], "deep": {"x": 3}}) == {
        "list": ["a", "b"],
        "deep": {"x": 3, "y": 2},
    }


def test_a_secret_always_differs():
    assert _compare.Secret().differs("a", "a") and _compare.Secret().after(None, "a") == "a"


@pytest.mark.parametrize(
    "comparator, values",
    [
        (_compare.SCALAR, [None, "", "a", "b", 0, 1, 2.5, "1"]),
        (_compare.UNORDERED, [None, [], ["a"], ["b", "a"], ["a", "b"], ["a", "a"], ["é", "z"]]),
        (_compare.Mapping(), [None, {}, {"a": 1}, {"a": 1, "b": ""}, {"b": 2}, {"a": None, "b": 3}]),
    ],
)
def test_what_was_applied_differs_no_more(comparator, values):
    for current, wanted in itertools.product(values, values):
        if wanted is None:
            continue
        after = comparator.after(current, wanted)
        assert not comparator.differs(after, wanted), (current, wanted, after)
        assert comparator.after(after, wanted) == after
        if not comparator.differs(current, wanted) and after not in NOTHING and current not in NOTHING:
            assert not comparator.differs(current, after), (current, wanted, after)


def test_comparators_change_nothing_that_they_are_given():
    chance = random.Random(1)
    mapping = _compare.Mapping({"list": _compare.UNORDERED})
    for _round in range(50):
        current = {"list": chance.sample("abcdef", 3), "a": chance.choice([1, None])}
        wanted = {"list": chance.sample("abcdef", 3), "a": chance.choice([1, 2, None])}
        before = repr((current, wanted))
        mapping.differs(current, wanted)
        mapping.after(current, wanted)["list"].append("changed")
        assert repr((current, wanted)) == before
