# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys and types of JSON data without its values, and how those of two runs differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# A path such as "[].plan.name" -> the names of the types found there.
Shape = dict[str, list[str]]

TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
# A key that looks like a field's name. Other keys, such as file paths or names of variables, are a user's data.
FIELD = re.compile(r"[a-z_][A-Za-z0-9_]{0,39}")
# Objects whose keys are always a user's data.
MAPS = ("data", "env", "environment", "files", "functions", "headers", "labels", "metadata", "variables")
# The name of the result in GraphQL.
ROOT_OF_GRAPHQL = "data"


def shape_of(body: Any) -> Shape:
    """The types at each path. Array elements share one path, and so do the members of a map."""
    shape: dict[str, set[str]] = {}
    _collect(body, "", shape)
    return {path: sorted(types) for path, types in shape.items()}


def _collect(value: Any, path: str, shape: dict[str, set[str]]) -> None:
    shape.setdefault(path, set()).add(TYPES.get(type(value), "null"))
    if isinstance(value, list):
        for item in value:
            _collect(item, path + "[]", shape)
    elif isinstance(value, dict):
        is_map = path.rpartition(".")[2] in MAPS and path != ROOT_OF_GRAPHQL
        for key, item in value.items():
            name = key if not is_map and FIELD.fullmatch(key) else "*"
            _collect(item, f"{path}.{name}" if path else name, shape)


def merged(shapes: list[Shape]) -> Shape:
    result: dict[str, set[str]] = {}
    for shape in shapes:
        for path, types in shape.items():
            result.setdefault(path, set()).update(types)
    return {path: sorted(types) for path, types in result.items()}


def parent_of(path: str) -> str:
    return path[:-2] if path.endswith("[]") else path.rpartition(".")[0]


def differences(real: Shape, sandbox: Shape) -> Iterator[str]:
    """One sentence per difference; what is below a new or missing key is not listed."""
    for path in sorted(real.keys() | sandbox.keys()):
        here, there = real.get(path), sandbox.get(path)
        parent = parent_of(path)
        name = f"`{path or 'the body'}`"
        if here and there:
            new = [each for each in here if each not in there]
            if new and there != ["null"]:
                yield f"{name} is {' or '.join(new)}; on the sandbox {' or '.join(there)}"
        elif here and parent in sandbox and not path.endswith("*"):
            yield f"{name} ({' or '.join(here)}) is not known to the sandbox"
        elif there and "object" in real.get(parent, ()) and not path.endswith("*"):
            yield f"{name} is missing"
