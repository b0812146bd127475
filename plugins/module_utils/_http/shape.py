# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that the JSON of a response must have. PRIVATE to the collection.

The file C(responses) of a platform has a kind for each operation. A kind is one of these:

- a type such as C(str) or C(object), or a tuple of kinds, one of which must fit; a boolean is not a number
- C(ID), a text that is not empty, or a number: what goes into the path of another request
- C(TEXT), a text that is not empty
- C({field: kind}), an object with these fields; other fields are ignored. A field that ends in C(?) may be missing or
  null; one that ends in C(!) may be missing, if a GraphQL query did not request it, but not null
- C([kind]), a list
- C(Values(kind)), an object whose values are of this kind
- C(Rows(kind)), a list whose items of another kind an info module ignores with a warning
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

Kind = Any
ID = "ID"
TEXT = "TEXT"
NAMES = {
    str: "text",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


@dataclass(frozen=True)
class Rows:
    kind: Kind


@dataclass(frozen=True)
class Values:
    kind: Kind


class Unfit(Exception):
    """C(field): its place, such as sites[3].id; empty for the response as a whole. C(reason): the end of a sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field or 'the response'} {reason}")
        self.field = field
        self.reason = reason


def fitting(data: Any, kind: Kind, passed_over: list[Unfit] | None = None, field: str = "") -> Any:
    """The data, without invalid rows. passed_over: a list that gets them; without it they raise Unfit.

    Raises Unfit.
    """
    if isinstance(kind, dict):
        return _fitting_object(data, kind, passed_over, field)
    if isinstance(kind, Rows):
        return _fitting_rows(data, kind.kind, passed_over, field)
    if isinstance(kind, Values):
        items = _of_type(data, dict, field).items()
        return {key: fitting(value, kind.kind, passed_over, _below(field, key)) for key, value in items}
    if isinstance(kind, list):
        items = enumerate(_of_type(data, list, field))
        return [fitting(item, kind[0], passed_over, f"{field}[{number}]") for number, item in items]
    if isinstance(kind, tuple):
        for one in kind[:-1]:
            try:
                return fitting(data, one, passed_over, field)
            except Unfit:
                continue
        return fitting(data, kind[-1], passed_over, field)
    if kind is ID:
        if data == "" or isinstance(data, bool) or not isinstance(data, (str, int)):
            raise Unfit(field, f"is {_shown(data)}, but must be an ID")
        return data
    if kind is TEXT:
        if data == "":
            raise Unfit(field, "is empty, and must be text")
        kind = str
    return _of_type(data, kind, field)


def _fitting_object(data: Any, fields: dict[str, Kind], passed_over: list[Unfit] | None, field: str) -> Any:
    found = dict(_of_type(data, dict, field))
    for name, kind in fields.items():
        key, mark = _parts(name)
        if key not in found:
            if mark:
                continue
            raise Unfit(_below(field, key), "is missing")
        value = found[key]
        # The first is for speed: most fields of most rows are of a plain type.
        if value.__class__ is kind or mark == "?" and value is None:
            continue
        found[key] = fitting(value, kind, passed_over, _below(field, key))
    return found


@functools.cache
def _parts(name: str) -> tuple[str, str]:
    """(key, mark) of a field."""
    key = name.rstrip("?!")
    return key, name[len(key) :]


def _fitting_rows(data: Any, kind: Kind, passed_over: list[Unfit] | None, field: str) -> list[Any]:
    rows = []
    for number, row in enumerate(_of_type(data, list, field)):
        try:
            rows.append(fitting(row, kind, passed_over, f"{field}[{number}]"))
        except Unfit as unfit:
            if passed_over is None:
                raise
            passed_over.append(unfit)
    return rows


def _of_type(data: Any, kind: type, field: str) -> Any:
    if not isinstance(data, kind) or isinstance(data, bool) and kind not in (bool, object):
        raise Unfit(field, f"is {_shown(data)}, but must be {NAMES[kind]}")
    return data


def _shown(data: Any) -> str:
    """The kind of a value, never the value, which may be a secret."""
    return "empty" if data == "" else NAMES[type(data)]


def _below(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key
