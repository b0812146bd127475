# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences between two metadata of a Hasura tenant, for messages. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.labels import labelled
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# Maximum number of places and objects in a message.
NAMED = 5


def differences(one: JsonObject, other: JsonObject) -> list[str]:
    """The places, such as sources[default].tables[public.users], at which two normal metadata differ."""
    return [_place_text(path) for path in _differences(one, other, ())]


def _differences(one: Any, other: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys(), key=str):
            if key in one and key in other:
                yield from _differences(one[key], other[key], (*path, key))
            else:
                yield (*path, key)
    elif (mine := labelled(one)) is not None and (others := labelled(other)) is not None:
        for name in sorted(mine.keys() | others.keys()):
            if name in mine and name in others:
                yield from _differences(mine[name], others[name], (*path, (name,)))
            else:
                yield (*path, (name,))
    elif not is_same_json(one, other):
        yield path


def _place_text(path: tuple[Any, ...]) -> str:
    return "".join(f"[{step[0]}]" if isinstance(step, tuple) else f".{step}" for step in path).lstrip(".")


def named(texts: list[str]) -> str:
    """The first few of them and the number of the others, for a message."""
    more = f", and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more
