# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparators: whether a declared value differs from the current one, and which value results.

This module util is PRIVATE to the collection. A comparator has two pure methods, C(differs(current, wanted)) and
C(after(current, wanted)): the value that the field has once the wanted one is applied.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# What stands for a secret in texts and options, and what in a diff.
MASK = "********"
SECRET_BEFORE = "(secret)"
SECRET_AFTER = "(secret, changed)"


class Comparator(Protocol):
    """How a field is compared."""

    def differs(self, current: Any, wanted: Any) -> bool:
        """Whether the field has to be changed."""

    def after(self, current: Any, wanted: Any) -> Any:
        """The value after the change."""


class Scalar:
    """Equal by value; an empty text and null are the same, since platforms return either for "not set".

    spelling: maps all spellings of a value to one, which is compared and sent.
    """

    def __init__(self, spelling: Callable[[Any], Any] | None = None) -> None:
        self.spelling = spelling

    def differs(self, current: Any, wanted: Any) -> bool:
        return bool(self.after(None, current) != self.after(None, wanted))

    def after(self, current: Any, wanted: Any) -> Any:
        return _nothing_as_none(self.spelling(wanted) if self.spelling else wanted)


class UnorderedList:
    """Order and repetition do not matter; null and an empty list are the same. Shown sorted.

    spelling: as of a Scalar, of each item.
    """

    def __init__(self, spelling: Callable[[Any], Any] | None = None) -> None:
        self.spelling = spelling

    def differs(self, current: Any, wanted: Any) -> bool:
        return self._items(current).keys() != self._items(wanted).keys()

    def after(self, current: Any, wanted: Any) -> Any:
        return [item for _text, item in sorted(self._items(wanted).items(), key=_order)]

    def _items(self, value: Any) -> dict[str, Any]:
        items = value or []
        return {_key(item): item for item in (map(self.spelling, items) if self.spelling else items)}


class Mapping:
    """A dict of which only the declared keys are compared; a declared null means "leave as it is".

    fields: comparator per key (default Scalar).
    """

    def __init__(self, fields: dict[str, Comparator] | None = None) -> None:
        self.fields = fields or {}

    def differs(self, current: Any, wanted: Any) -> bool:
        current = current or {}
        return any(self._field(key).differs(current.get(key), value) for key, value in without_nulls(wanted).items())

    def after(self, current: Any, wanted: Any) -> Any:
        current = current or {}
        declared = without_nulls(wanted).items()
        return {**current, **{key: self._field(key).after(current.get(key), value) for key, value in declared}}

    def _field(self, key: str) -> Comparator:
        return self.fields.get(key, SCALAR)


class Secret:
    """A value that the platform does not return. The caller decides whether to send it."""

    def differs(self, current: Any, wanted: Any) -> bool:
        return True

    def after(self, current: Any, wanted: Any) -> Any:
        return wanted


SCALAR = Scalar()
UNORDERED = UnorderedList()
DOMAIN = Scalar(domains.normal)
DOMAINS = UnorderedList(domains.normal)


def without_nulls(wanted: JsonObject) -> JsonObject:
    """The declared part of a dict option: null and omitted mean the same in Ansible."""
    return {key: value for key, value in wanted.items() if value is not None}


def is_same_json(one: Any, other: Any) -> bool:
    """Equality in JSON: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_json, one, other))
    return bool(one == other)


def _nothing_as_none(value: Any) -> Any:
    return None if value == "" else value


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=str)


def _order(pair: tuple[str, Any]) -> str:
    """The sort key: texts by themselves, other values by their JSON."""
    text, item = pair
    return item if isinstance(item, str) else text
