# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON in which no key appears twice: the standard parser silently drops the first value. PRIVATE to the collection."""

from __future__ import annotations

import json
import re
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]')


class DuplicateKey(ValueError):
    """lineno: the line of the second occurrence of the key."""

    def __init__(self, key: str, lineno: int) -> None:
        super().__init__(f"the key {key!r} appears twice in one object (line {lineno})")
        self.key = key
        self.lineno = lineno


class _Twice(ValueError):
    """Raised inside the standard parser, which does not pass the position of an object."""


def parse_json(text: str) -> Any:
    """Raises json.JSONDecodeError and DuplicateKey, both ValueErrors with a lineno, and RecursionError."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except _Twice:
        raise _first_duplicate(text) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _first_duplicate(text: str) -> DuplicateKey:
    """text: JSON that is valid up to the end of an object with a duplicate key."""
    open_objects: list[set[str]] = []
    word = ""
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            open_objects.append(set())
        elif token in "}]":
            open_objects.pop()
        elif token == ":":
            if word in open_objects[-1]:
                return DuplicateKey(word, text.count("\n", 0, match.start()) + 1)
            open_objects[-1].add(word)
        else:
            word = json.loads(token)
    raise AssertionError("no key appears twice")
