# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of the sandbox in which one field is altered before the module receives them."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# Nested objects of the response; for lists, only the first entry.
DEEPEST = 4
Place = tuple[Any, ...]


def places(data: Any, at: Place = ()) -> Iterator[Place]:
    """The paths of the values of a response: keys, and 0 for the first entry of a list."""
    items = data.items() if isinstance(data, dict) else [(0, data[0])] if isinstance(data, list) and data else []
    for key, value in items:
        place = (*at, key)
        yield place
        if len(place) < DEEPEST:
            yield from places(value, place)


def other_type(value: Any) -> Any:
    """A value of a type that no platform returns in this field."""
    return ["odd"] if not isinstance(value, list) else {"odd": "odd"}


def other_scalar(value: Any) -> Any:
    """A number instead of text, and text instead of anything else."""
    return 5 if isinstance(value, str) else "odd"


def other_text(value: Any) -> Any:
    """A value of another object."""
    if isinstance(value, bool):
        return not value
    return f"other{value}" if isinstance(value, str) else value + 1 if isinstance(value, int | float) else value


def half_a_pair(_value: Any) -> Any:
    """Half a surrogate pair: valid JSON, but not valid text."""
    return "\ud800"


def altered(data: Any, place: Place, alter: Callable[[Any], Any]) -> Any:
    data = copy.deepcopy(data)
    parent = data
    for key in place[:-1]:
        parent = parent[key]
    parent[place[-1]] = alter(parent[place[-1]])
    return data


@contextlib.contextmanager
def responses(change: Callable[[str, Any], Any]) -> Iterator[None]:
    """change(operation, JSON) returns the JSON that the module receives instead."""
    exchange = Http.exchange

    def changed(self, call, *arguments, **more):
        response = exchange(self, call, *arguments, **more)
        with contextlib.suppress(ValueError):
            if response.status < 300:
                response.content = json.dumps(change(call.operation, json.loads(response.content))).encode()
        return response

    Http.exchange = changed
    try:
        yield
    finally:
        Http.exchange = exchange
