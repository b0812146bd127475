# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a diff reads: both sides as YAML in the same order, without what does not change. PRIVATE to the collection.

Ansible sorts the keys of a dict and prints it as JSON, whose commas make unchanged lines differ; so the sides are
texts. What does not change is counted in comments (C(# ... 37 unchanged entries)), so that the name of what changes
stands close to the change. Written by hand, since a module may run where PyYAML is not installed.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.labels import labelled, labelling
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN

# Maximum number of added, changed and removed entries each, and of the lines of a text.
MOST = 50
# Maximum number of characters in a line, and how many of them precede the first that differs.
LONGEST, LEADING = 200, 40
# Number of unchanged lines around those that change in a text.
AROUND = 2
# Maximum number of pairs of lines that are compared, because more take too long.
PAIRS = 1_000_000

# UNKNOWN after secrets were masked, which copies texts.
NOT_KNOWN = str.__str__(UNKNOWN)
INDENT = "  "
# Texts that YAML reads as texts without quotation marks.
PLAIN = re.compile(
    r"(?:[A-Za-z/(]|[0-9]+ [A-Za-z])(?:[\w ./@+()=;,%&^$!?<>*'-]|:(?=\S))*(?<! )|[0-9][0-9a-f-]*[acdf][0-9a-f-]*",
    re.ASCII,
)
NOT_PLAIN = re.compile(r"(?:null|true|false|yes|no|on|off)", re.IGNORECASE)
# Characters that YAML or a terminal does not show as themselves; newline and tab are shown in texts of several lines.
ESCAPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

Lines = list[str]
# (what follows the key on its line, the lines below it)
Shown = tuple[str, Lines]
# (kind, first and last index before, first and last index after): see difflib.
Step = tuple[str, int, int, int, int]


def readable(diff: JsonObject) -> JsonObject:
    """A diff whose sides are texts, empty ones where nothing differs. diff: before, after, and the header of each.

    Mask secrets before: a part of one is a secret too.
    """
    headers = {name: _title(diff[name]) for name in ("before_header", "after_header") if diff[name]}
    try:
        if is_same_json(diff["before"], diff["after"]):
            return {"before": "", "after": ""}
        old, new = _mappings(diff["before"], diff["after"])
    except RecursionError:
        # A task that has done its work must not fail now.
        old, new = [], ["# ... nested too deeply to be shown"]
    return {**headers, "before": _text(old), "after": _text(new)}


def _text(lines: Lines) -> str:
    return "".join(f"{line}\n" for line in lines)


def _title(text: str) -> str:
    return ESCAPED.sub(" ", _cut(text.replace("\n", " ")))


def _values(before: Any, after: Any) -> tuple[Shown, Shown]:
    """Two values that differ."""
    if isinstance(before, dict) and isinstance(after, dict) and before and after:
        old, new = _mappings(before, after)
        return ("", old), ("", new)
    if isinstance(before, list) and isinstance(after, list) and before and after:
        old, new = _lists(before, after)
        return ("", old), ("", new)
    if isinstance(before, str) and isinstance(after, str):
        if _has_lines(before) and _has_lines(after):
            old, new = _texts(_lines_of(before), _lines_of(after))
            return _block(before, old), _block(after, new)
        old_line, new_line = _windows(before, after)
        return _value(before, old_line), _value(after, new_line)
    return _value(before), _value(after)


def _value(value: Any, line: str | None = None) -> Shown:
    """A value that only one side has; of objects, only the keys that are set. line: the text, already shortened."""
    if isinstance(value, dict) and value:
        is_set = {key: part for key, part in value.items() if part not in (None, [], {})}
        return "", _mappings({}, is_set or value)[1]
    if isinstance(value, list) and value:
        return "", _lists([], value)[1]
    if isinstance(value, str):
        if _has_lines(value):
            return _block(value, _texts([], _lines_of(value))[1])
        return _scalar(_cut(value) if line is None else line), []
    return _scalar(value), []


# -- mappings ----------------------------------------------------------------------------------------------------------


def _mappings(before: JsonObject, after: JsonObject, name: str | None = None) -> tuple[Lines, Lines]:
    """The lines of both sides. name: the key of an entry that is shown even if it does not change."""
    shared = [key for key in after if key in before]
    unchanged = {key for key in shared if key != name and is_same_json(before[key], after[key])}
    changed = [key for key in shared if key not in unchanged]
    added = [key for key in after if key not in before]
    removed = [key for key in before if key not in after]
    left_out = {*unchanged, *changed[MOST:], *added[MOST:], *removed[MOST:]}
    pairs = {key: _values(before[key], after[key]) for key in changed if key not in left_out}
    if name in pairs and is_same_json(before[name], after[name]):
        pairs[name] = _value(before[name]), _value(after[name])
    old: Lines = []
    for key in _in_order(before, after):
        if key not in left_out:
            old += _below(f"{_scalar(key)}:", pairs[key][0] if key in pairs else _value(before[key]))
    new: Lines = []
    for key in after:
        if key not in left_out:
            new += _below(f"{_scalar(key)}:", pairs[key][1] if key in pairs else _value(after[key]))
    more = [*_note(len(changed[MOST:]), "changed"), *_note(len(unchanged), "unchanged")]
    return (
        [*old, *_note(len(removed[MOST:]), "removed"), *more],
        [*new, *_note(len(added[MOST:]), "added"), *more],
    )


def _in_order(before: JsonObject, after: JsonObject) -> list[Any]:
    """The keys of before. Those that after has too are in the order of after."""
    staying = iter([key for key in after if key in before])
    return [next(staying) if key in after else key for key in before]


def _below(key: str, shown: Shown) -> Lines:
    head, lines = shown
    return [f"{key} {head}" if head else key, *(INDENT + line if line else "" for line in lines)]


def _note(number: int, what: str, noun: str = "entries") -> Lines:
    return [f"# ... {number} {what} {'entry' if number == 1 else noun}"] if number else []


# -- lists -------------------------------------------------------------------------------------------------------------


def _lists(before: list[Any], after: list[Any]) -> tuple[Lines, Lines]:
    """The lines of both sides. Items with labels are compared by these, others as a whole."""
    old_names, new_names = labelled(before), labelled(after)
    if old_names is not None and new_names is not None:
        steps = _steps([*old_names], [*new_names])
    else:
        steps = _steps(_texts_of(before), _texts_of(after))
    old: Lines = []
    new: Lines = []
    changed = added = removed = 0
    for kind, i, i_end, j, j_end in steps:
        if kind != "equal":
            for item in before[i:i_end][: max(0, MOST - removed)]:
                old += _item(_value(item))
            for item in after[j:j_end][: max(0, MOST - added)]:
                new += _item(_value(item))
            removed += i_end - i
            added += j_end - j
            continue
        pairs = zip(before[i:i_end], after[j:j_end], strict=True)
        for is_same, run in itertools.groupby(pairs, lambda pair: is_same_json(*pair)):
            several = list(run)
            if is_same:
                note = _note(len(several), "unchanged")
                old += note
                new += note
                continue
            for one, other in several[: max(0, MOST - changed)]:
                mine, others = _mappings(one, other, (labelling(other) or ("",))[0])
                old += _item(("", mine))
                new += _item(("", others))
            changed += len(several)
    more = _note(max(0, changed - MOST), "changed")
    return (
        [*old, *_note(max(0, removed - MOST), "removed"), *more],
        [*new, *_note(max(0, added - MOST), "added"), *more],
    )


def _item(shown: Shown) -> Lines:
    head, lines = shown
    if head:
        return _below("-", shown)
    return [f"{'- ' if number == 0 else INDENT}{line}" if line else "" for number, line in enumerate(lines)]


def _texts_of(items: list[Any]) -> list[str]:
    return [json.dumps(item, sort_keys=True, default=str) for item in items]


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[Step]:
    """The steps from one list to the other, like the opcodes of difflib.SequenceMatcher."""
    shorter = min(len(before), len(after))
    head = next((number for number in range(shorter) if before[number] != after[number]), shorter)
    tails = range(shorter - head)
    tail = next((number for number in tails if before[-1 - number] != after[-1 - number]), len(tails))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield "equal", 0, head, 0, head
    # Imported here, since most tasks have no diff.
    import difflib

    if len(old) * len(new) > PAIRS:
        yield "replace", head, head + len(old), head, head + len(new)
    else:
        for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield kind, head + i, head + i_end, head + j, head + j_end
    if tail:
        yield "equal", len(before) - tail, len(before), len(after) - tail, len(after)


# -- texts -------------------------------------------------------------------------------------------------------------


def _has_lines(text: str) -> bool:
    return "\n" in text.strip() and not ESCAPED.search(text)


def _block(text: str, lines: Lines) -> Shown:
    """A text as a literal block of YAML. lines: those that are shown."""
    indicator = str(len(INDENT)) if lines[0][:1] in ("", " ", "\t") else ""
    end = "+" if text.endswith("\n\n") else "" if text.endswith("\n") else "-"
    return f"|{indicator}{end}", lines


def _lines_of(text: str) -> Lines:
    return text.removesuffix("\n").split("\n")


def _texts(before: Lines, after: Lines) -> tuple[Lines, Lines]:
    steps = list(_steps(before, after))
    old: Lines = []
    new: Lines = []
    for number, (kind, i, i_end, j, j_end) in enumerate(steps):
        if kind == "equal":
            # None before the first change, so that the name of the text stands close to it.
            first, last = (AROUND, AROUND if number < len(steps) - 1 else 0) if number else (0, 0)
            lines = _folded([*map(_cut, before[i:i_end])], first, last, "unchanged")
            old += lines
            new += lines
            continue
        mine, others = before[i:i_end], after[j:j_end]
        if len(mine) == len(others):
            pairs = [_windows(one, other) for one, other in zip(mine, others, strict=True)]
            mine, others = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        else:
            mine, others = [*map(_cut, mine)], [*map(_cut, others)]
        old += _folded(mine, MOST, 0, "more")
        new += _folded(others, MOST, 0, "more")
    return old, new


def _folded(lines: Lines, first: int, last: int, what: str) -> Lines:
    """The first and last lines, and the number of those in between."""
    between = len(lines) - first - last
    # The note takes a line itself.
    if between <= 1:
        return lines
    return [*lines[:first], f"... {between} {what} lines", *lines[len(lines) - last :]]


def _windows(before: str, after: str) -> tuple[str, str]:
    """Two lines. Of long ones, the part where they begin to differ."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    same = next(
        (number for number, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    begin = max(0, same - LEADING)
    return _cut(before, begin), _cut(after, begin)


def _cut(line: str, begin: int = 0) -> str:
    if len(line) <= LONGEST and not begin:
        return line
    more = len(line) - begin - LONGEST
    end = f" ... {more} more characters" if more > 0 else ""
    return (f"... {begin} unchanged characters ... " if begin else "") + line[begin : begin + LONGEST] + end


def _scalar(value: Any) -> str:
    """A value on one line: a scalar, or an empty object or list."""
    if value is UNKNOWN or value == NOT_KNOWN:
        return "null # not known yet"
    if isinstance(value, str) and PLAIN.fullmatch(value) and not NOT_PLAIN.fullmatch(value):
        return value
    text = "{}" if value == {} else "[]" if value == [] else json.dumps(value, ensure_ascii=False, default=str)
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
