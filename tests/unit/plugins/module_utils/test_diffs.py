# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a diff reads: YAML in the order of its keys, without what does not change, long things cut."""

from __future__ import annotations

import difflib
import json
import random
import string
import time

import pytest
import yaml

from ansible_collections.webops.paas.plugins.module_utils._core import diffs
from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN

HEADERS = {"before_header": "site shop", "after_header": "site shop"}


def shown(before: dict, after: dict) -> tuple[str, str]:
    found = diffs.readable({**HEADERS, "before": before, "after": after})
    return found["before"], found["after"]


def lines(before: dict, after: dict) -> list[str]:
    """The lines that Ansible marks, and those around them."""
    texts = [text.splitlines() for text in shown(before, after)]
    return [line for line in difflib.unified_diff(*texts, lineterm="", n=3) if line[:2] not in ("--", "++", "@@")]


def test_nothing_is_shown_when_nothing_changes():
    state = {"name": "shop", "tags": ["a"]}
    assert diffs.readable({**HEADERS, "before": state, "after": dict(reversed(state.items()))}) == {
        "before": "",
        "after": "",
    }


def test_only_what_changes_is_marked():
    before = {"name": "shop", "force_ssl": False, "domain": None, "tags": ["a", "b"]}
    after = {"name": "shop", "force_ssl": True, "domain": "example.com", "tags": ["a", "b"]}
    assert lines(before, after) == [
        "-force_ssl: false",
        "-domain: null",
        "+force_ssl: true",
        "+domain: example.com",
        " # ... 2 unchanged entries",
    ]


def test_a_last_entry_that_is_added_leaves_the_one_before_unmarked():
    assert lines({"a": 1}, {"a": 1, "b": 2}) == ["+b: 2", " # ... 1 unchanged entry"]


def test_the_name_stands_close_to_what_changes():
    """Three lines of context are enough, however much does not change."""
    before = {
        f"VARIABLE_{number:02}": {"scopes": ["a"], "secret": False, "values": {"x": 1, "y": 2}} for number in range(40)
    }
    after = json.loads(json.dumps(before))
    after["VARIABLE_17"]["values"]["y"] = 3
    assert lines(before, after) == [
        " VARIABLE_17:",
        "   values:",
        "-    y: 2",
        "+    y: 3",
        "     # ... 1 unchanged entry",
        "   # ... 2 unchanged entries",
        " # ... 39 unchanged entries",
    ]


def test_creations_and_deletions_are_whole():
    assert lines({}, {"name": "shop", "tags": ["a", "b"]}) == ["+name: shop", "+tags:", "+  - a", "+  - b"]
    assert lines({"name": "shop"}, {}) == ["-name: shop"]
    assert lines({"a": 1, "b": 2}, {"b": 2, "c": {"d": []}}) == [
        "-a: 1",
        "+c:",
        "+  d: []",
        " # ... 1 unchanged entry",
    ]


def test_keys_keep_their_order():
    before, after = shown({"b": 1, "gone": 1, "a": 1}, {"a": 2, "new": 1, "b": 2})
    assert list(yaml.safe_load(before)) == ["a", "gone", "b"] and list(yaml.safe_load(after)) == ["a", "new", "b"]


def test_items_of_lists_are_found_by_their_names():
    def table(name, **more):
        return {"table": {"name": name, "schema": "public"}, "columns": list("abc"), **more}

    before = {"tables": [table("orders"), table("users", owner="a"), table("views")]}
    after = {"tables": [table("orders"), table("new"), table("users", owner="b"), table("views")]}
    note = "  # ... 1 unchanged entry"
    name = ["  - table:", "      name: users", "      schema: public"]
    new = [
        "  - table:",
        "      name: new",
        "      schema: public",
        "    columns:",
        "      - a",
        "      - b",
        "      - c",
    ]
    old_text, new_text = shown(before, after)
    assert old_text.splitlines() == ["tables:", note, *name, "    owner: a", f"  {note}", note]
    assert new_text.splitlines() == ["tables:", note, *new, *name, "    owner: b", f"  {note}", note]


def test_long_lists_are_folded():
    names = [f"www{number}.example.com" for number in range(300)]
    changed = [*names[:100], "new.example.com", *names[101:]]
    assert lines({"aliases": names}, {"aliases": changed}) == [
        " aliases:",
        "   # ... 100 unchanged entries",
        "-  - www100.example.com",
        "+  - new.example.com",
        "   # ... 199 unchanged entries",
    ]
    added = lines({"aliases": []}, {"aliases": names})
    assert added[:3] == ["-aliases: []", "+aliases:", "+  - www0.example.com"]
    assert len(added) == diffs.MOST + 3 and added[-1] == f"+  # ... {300 - diffs.MOST} added entries"
    removed = lines({"paths": dict.fromkeys(names, 1), "other": 1}, {"paths": {"a": 1}, "other": 1})
    assert f"-  # ... {300 - diffs.MOST} removed entries" in removed
    both = lines(dict.fromkeys(names, 1), dict.fromkeys(names, 2))
    assert both[-1] == f" # ... {300 - diffs.MOST} changed entries" and len(both) == 2 * diffs.MOST + 1


def test_long_texts_are_folded():
    text = [f"line {number}" for number in range(1000)]
    changed = [*text[:500], "another line", *text[501:]]
    assert lines({"html": "\n".join(text)}, {"html": "\n".join(changed)}) == [
        " html: |-",
        "   ... 500 unchanged lines",
        "-  line 500",
        "+  another line",
        "   line 501",
        "   line 502",
        "   ... 497 unchanged lines",
    ]
    added = lines({}, {"html": "\n".join(text) + "\n"})
    assert (
        added[0] == "+html: |"
        and added[-1] == f"+  ... {1000 - diffs.MOST} more lines"
        and len(added) == diffs.MOST + 2
    )


def test_of_long_lines_the_part_that_differs_is_shown():
    before, after = "x" * 5000 + "old" + "y" * 5000, "x" * 5000 + "new" + "y" * 5000
    removed, added = lines({"code": before}, {"code": after})
    assert len(removed) < 350 and "xold" in removed and "xnew" in added
    for side in lines({"code": f"a\n{before}\nb"}, {"code": f"a\n{after}\nb"})[2:4]:
        assert len(side) < 350 and ("xold" in side or "xnew" in side)
    assert removed.startswith('-code: "... 4960 unchanged characters ... x') and removed.endswith(' more characters"')


def test_a_newline_at_the_end_is_seen():
    assert lines({"text": "a\nb"}, {"text": "a\nb\n"}) == ["-text: |-", "+text: |", "   ... 2 unchanged lines"]


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\rb", "one\ntwo\u202e", "\u2028", "\ud800", "\x00", "\x85"])
def test_control_characters_are_escaped(text):
    before, after = shown({}, {"text": text})
    assert (
        before == "" and yaml.safe_load(after) == {"text": text} and after.count("\n") == len(after.splitlines()) == 1
    )


def test_the_deepest_state_fails_no_task():
    deep: dict = {}
    for _level in range(5000):
        deep = {"a": deep}
    assert shown({}, deep) == ("", "# ... nested too deeply to be shown\n")


def test_what_is_not_known_yet_is_a_change():
    assert lines({"id": None, "live": UNKNOWN}, {"id": UNKNOWN, "live": UNKNOWN}) == [
        "-id: null",
        "+id: null # not known yet",
        " # ... 1 unchanged entry",
    ]


def test_a_header_is_one_short_line():
    found = diffs.readable(
        {"before_header": "site a\nb\x1b", "after_header": "s" * 999, "before": {}, "after": {"name": "a"}}
    )
    assert found["before_header"] == "site a b " and len(found["after_header"]) < 300
    assert "before_header" not in diffs.readable(
        {"before_header": "", "after_header": "", "before": {}, "after": {"a": 1}}
    )


ODD = [
    "",
    " ",
    "null",
    "Yes",
    "1",
    "1e3",
    "0x1f",
    "2026-01-01",
    "a: b",
    "a:b",
    "a #b",
    "#a",
    "- a",
    "*a",
    "&a",
    "!a",
    "%a",
]
ODD += [
    "(secret)",
    "@a",
    "`a",
    "'a'",
    '"',
    "\\",
    "{a}",
    "[a]",
    "a,b",
    "|",
    ">",
    "?",
    "? a",
    "~",
    "=",
    "<<",
    "a\tb",
    "é",
    "😀",
]
ODD += [
    "a\n",
    "\n",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "  a\nb",
    "\n\na\nb",
    "a\n\n b\n",
    "\ta\nb",
    "---",
    "...",
    "a ",
    "on",
    ".5",
]

ODD += ["3 added", "1 ", "3970e0fe-8564-4903-9a55-c5f8de49fb8b", "0b1", "0o7", "0f", "1_000", "1:20", "12e03"]


@pytest.mark.parametrize("odd", [*ODD, None, True, 0, -1.5, [], {}, [[]], [{}], {"a": {"b": [1, [2, {"c": "d"}]]}}])
def test_what_is_new_is_valid_yaml(odd):
    state = {"first": odd, "list": [odd, "end"], "last": {"deep": odd}}
    assert yaml.safe_load(shown({}, state)[1]) == state
    if isinstance(odd, str):
        assert yaml.safe_load(shown({}, {odd: 1})[1]) == {odd: 1}


def test_any_two_states():
    """Both sides are valid YAML; they have what differs, nothing that does not, and no line is too long."""
    rand = random.Random(17)
    for _number in range(150):
        before, after = ({f"k{key}": value(rand, 3) for key in rand.sample(range(6), 4)} for _side in range(2))
        old, new = shown(before, after)
        assert all(len(line) < 300 for line in (old + new).splitlines())
        for text, state, other in ((old, before, after), (new, after, before)):
            found = yaml.safe_load(text) or {}
            assert found.keys() == {
                key for key in state if key not in other or not is_same_json(state[key], other[key])
            }
            for key in state.keys() - other.keys():
                assert found[key] == what_is_set(state[key])
        assert (old == new) == is_same_json(before, after)


def what_is_set(state):
    """Of what exists on one side only; something without any set part is shown as it is."""
    if isinstance(state, list):
        return [what_is_set(item) for item in state]
    if not isinstance(state, dict):
        return state
    found = {key: part for key, part in state.items() if part not in (None, [], {})}
    return {key: what_is_set(part) for key, part in (found or state).items()}


def value(rand: random.Random, depth: int):
    kind = rand.randrange(6 if depth else 3)
    if kind == 0:
        return rand.choice([None, True, False, 1, "1", "", "text", "(secret)"])
    if kind == 1:
        return "".join(rand.choices(string.printable, k=rand.randrange(8)))
    if kind == 2:
        return "\n".join(rand.choices(["a", "b", " c", "", "d: e"], k=rand.randrange(5)))
    if kind == 3:
        return [value(rand, depth - 1) for _item in range(rand.randrange(4))]
    if kind == 4:
        return [{"name": name, "value": value(rand, depth - 1)} for name in rand.sample("abcd", rand.randrange(4))]
    return {name: value(rand, depth - 1) for name in rand.sample("abcd", rand.randrange(4))}


def test_the_greatest_states_take_no_time():
    """Neither the lines of a long text nor many files are compared each with each other, which takes minutes."""
    many = [str(number) for number in range(20000)]
    begin = time.process_time()
    assert lines({"text": "\n".join(many)}, {"text": "\n".join(reversed(many))})
    assert lines({"files": dict.fromkeys(many, "1")}, {"files": dict.fromkeys(many, "2")})
    assert time.process_time() - begin < 10
