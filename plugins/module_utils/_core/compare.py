# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparators: when does a declared value differ from the current one, and what will it become?

This module util is PRIVATE to the collection. A comparator has two pure methods, C(differs(current, wanted)) and
C(after(current, wanted)): the value that the field has once the wanted one is applied.
"""

from __future__ import annotations

import json

# What a diff shows instead of a secret.
SECRET_BEFORE = "(secret)"
SECRET_AFTER = "(secret, changed)"


class Scalar:
    """Equal by value; an empty text and null are the same, since platforms answer either for "not set"."""

    def differs(self, current, wanted) -> bool:
        return _nothing_as_none(current) != _nothing_as_none(wanted)

    def after(self, current, wanted):
        return _nothing_as_none(wanted)


class UnorderedList:
    """Order and repetition do not matter; null and an empty list are the same. Shown sorted."""

    def differs(self, current, wanted) -> bool:
        return _members(current) != _members(wanted)

    def after(self, current, wanted):
        return [item for _text, item in sorted({_key(item): item for item in wanted}.items(), key=_order)]


class OrderedList:
    """Order matters; null and an empty list are the same."""

    def differs(self, current, wanted) -> bool:
        return list(current or []) != list(wanted or [])

    def after(self, current, wanted):
        return list(wanted)


class Mapping:
    """A dict of which only the declared keys are compared; a declared null means "leave as it is".

    fields: comparator per key (default Scalar). purge: keys that are not declared are removed.
    """

    def __init__(self, fields: dict | None = None, purge: bool = False) -> None:
        self.fields = fields or {}
        self.purge = purge

    def differs(self, current, wanted) -> bool:
        current = current or {}
        declared = without_nulls(wanted)
        if self.purge and without_nulls(current).keys() - declared.keys():
            return True
        return any(self._field(key).differs(current.get(key), value) for key, value in declared.items())

    def after(self, current, wanted):
        declared = {
            key: self._field(key).after((current or {}).get(key), value) for key, value in without_nulls(wanted).items()
        }
        return declared if self.purge else {**(current or {}), **declared}

    def _field(self, key):
        return self.fields.get(key, SCALAR)


class Secret:
    """A value that cannot be read back: whoever asks has already decided that it is to be sent."""

    def differs(self, current, wanted) -> bool:
        return True

    def after(self, current, wanted):
        return wanted


SCALAR = Scalar()
UNORDERED = UnorderedList()
ORDERED = OrderedList()


def without_nulls(wanted: dict) -> dict:
    """The declared part of a dict option: null and omitted mean the same in Ansible."""
    return {key: value for key, value in wanted.items() if value is not None}


def is_same_json(one, other) -> bool:
    """Equal as JSON has it: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_json, one, other))
    return one == other


def _nothing_as_none(value):
    return None if value == "" else value


def _key(item) -> str:
    return json.dumps(item, sort_keys=True, default=str)


def _order(pair) -> str:
    """Texts as sorted() has them, other things by their JSON."""
    text, item = pair
    return item if isinstance(item, str) else text


def _members(value) -> set:
    return {_key(item) for item in value or []}
