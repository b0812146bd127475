# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation in files, each read once for all tests."""

from __future__ import annotations

import ast
import functools
import pathlib
from typing import Any

import yaml

# The parser in C reads the same in a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parsed(text: str) -> Any:
    """What a text in YAML contains."""
    return yaml.load(text, LOADER)


def load(path: pathlib.Path) -> Any:
    return parsed(path.read_text(encoding="utf-8"))


@functools.cache
def assigned_strings(path: pathlib.Path) -> dict[str, str]:
    """The string constants that the body of a Python file or of one of its classes assigns, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    return {
        target.id: node.value.value
        for body in bodies
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@functools.cache
def documentation(path: pathlib.Path, name: str = "DOCUMENTATION") -> Any:
    """The parsed DOCUMENTATION, EXAMPLES or RETURN of a Python file; not to be changed, because all get the same."""
    return parsed(assigned_strings(path)[name])
