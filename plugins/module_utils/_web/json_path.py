# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in JSON, and comparison with expected values. PRIVATE to the collection."""

from __future__ import annotations

import json
import re
from typing import Any

STEP = re.compile(r"\[(-?\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\.?([^.\[\]\"]+)")
# The result of a path that does not exist.
NOTHING = object()


def parse_path(path: str) -> list[str | int]:
    """Keys and indexes of a path such as C(data.items[0].id) or C(["odd.key"]); an empty path is the whole document.

    Raises ValueError.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        step = STEP.match(path, at)
        if step is None or at == 0 and path.startswith("."):
            raise ValueError(path)
        index, quoted, name = step.groups()
        steps.append(int(index) if index is not None else name if name is not None else json.loads(f'"{quoted}"'))
        at = step.end()
    return steps


def value_at(data: Any, steps: list[str | int]) -> Any:
    """The value at a path, NOTHING if the path does not exist."""
    for step in steps:
        if isinstance(step, int):
            if not isinstance(data, list) or not -len(data) <= step < len(data):
                return NOTHING
            data = data[step]
        elif isinstance(data, dict) and step in data:
            data = data[step]
        else:
            return NOTHING
    return data


def is_as_expected(found: Any, expected: Any) -> bool:
    """null also matches a path that does not exist. A text also matches the number or boolean with this spelling,
    because templates return texts.
    """
    if expected is None:
        return found is None or found is NOTHING
    if isinstance(expected, str) and isinstance(found, (bool, int, float)):
        return json.dumps(found) == expected.strip().lower()
    if isinstance(found, bool) is not isinstance(expected, bool):
        return False
    return bool(found == expected)
