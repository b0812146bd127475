# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every diff keeps to: it reads like a plan; and how results are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from harness import LOADER, MEASURED

from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.labels import LABELS

NOTE = re.compile(r" *# \.\.\. (?P<number>[1-9][0-9]*) (?:unchanged|changed|added|removed) (?P<noun>entry|entries)")
# Lines of a diff that a person still reads. The lists of the scenarios are much shorter, a text is cut at 50 lines.
LINES = 120


def sides_of(result: dict) -> list:
    """What both sides of a diff show, with null for what is not known yet."""
    return [yaml.load(result["diff"][side], LOADER) or {} for side in ("before", "after")]


def reads_like_a_plan(result: dict, documentation: dict, returned: dict) -> None:
    """A diff is empty without a change. With one it shows what differs, in the order of the documentation."""
    diff = result["diff"]
    if not result["changed"]:
        assert diff == {"before": "", "after": ""}
        return
    assert diff["before"] != diff["after"], diff
    before, after = (diff[side].splitlines() for side in ("before", "after"))
    assert len(before) + len(after) < LINES
    assert not [line for line in (*before, *after) if len(line) > 300 or line != line.rstrip()]
    assert all(NOTE.fullmatch(line) for line in (*before, *after) if line.strip().startswith("#"))
    shows_no_same(*sides_of(result))
    orders = [*orders_of(documentation.get("options", {}), "suboptions"), *orders_of(returned, "contains")]
    orders += [order for value in returned.values() for order in mappings(value.get("sample"))]
    for side in sides_of(result):
        for keys in mappings(side):
            assert is_ordered(keys, orders), (keys, orders)


def shows_no_same(before: dict, after: dict) -> None:
    """Entries that do not change are counted only. Null: what is below is all of one side, or not known yet."""
    for key in before.keys() & after.keys():
        if isinstance(before[key], dict) and isinstance(after[key], dict):
            shows_no_same(before[key], after[key])
        else:
            assert not is_same_json(before[key], after[key]) or before[key] is None, (key, before[key])


def orders_of(entries: dict, below: str) -> Iterator[list]:
    """The names of the options or of the returned values, in the order of the documentation, of each level."""
    yield list(entries)
    for entry in entries.values():
        if entry.get(below):
            yield from orders_of(entry[below], below)


def mappings(value: object) -> Iterator[list]:
    if isinstance(value, dict):
        yield list(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from mappings(item)


def is_ordered(keys: list, orders: list) -> bool:
    """Whether the keys stand in one of the orders, those that it has not after the others; names that the user or the
    platform gives are sorted, the label of an item before them.
    """
    if keys in (by_name := sorted(keys, key=str), sorted(by_name, key=lambda key: key not in LABELS)):
        return True
    known = [[key for key in order if key in keys] for order in orders]
    return any(order and order == keys[: len(order)] for order in known if len(order) > 1)


def without_measured(value):
    if isinstance(value, dict):
        return {key: without_measured(item) for key, item in value.items() if key not in MEASURED}
    return [without_measured(item) for item in value] if isinstance(value, list) else value


def without_unknown(result: dict, unknown) -> dict:
    """A result without the keys that a prediction cannot know (at the top, inside the resource, or "settings.key"
    there).
    """

    def strip(value, path):
        if not isinstance(value, dict) or len(path) > 2:
            return value
        return {
            key: strip(item, (*path, key))
            for key, item in value.items()
            if not {key, ".".join((*path[1:], key))} & set(unknown)
            or len(path) > 1
            and ".".join((*path[1:], key)) not in unknown
        }

    if unknown and isinstance(result.get("diff"), dict):
        result = {**result, "diff": dict(zip(("before", "after"), sides_of(result), strict=True))}
    return strip({key: without_measured(value) for key, value in result.items() if key != "unknown_until_applied"}, ())


def nulls(value, other, path=()):
    """The keys that are null in only one of the results."""
    if isinstance(value, dict) and isinstance(other, dict):
        return [name for key in value if key != "diff" for name in nulls(value[key], other.get(key), (*path, key))]
    return [".".join(path[1:] or path)] if value is None and other is not None else []
