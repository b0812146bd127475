# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route tables: the handlers of the operations of a platform, and their facts."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call


@dataclass(frozen=True)
class Route:
    """One documented operation.

    `path` has {parameters}; a last {parameter:rest} takes the remaining path with its slashes. `fact` names the
    source of the behaviour and its grade. `streamed` leaves a body that is not JSON to the
    handler; else it is read before.
    """

    method: str
    path: str
    operation: str
    handler: Callable[..., Any]
    fact: str
    streamed: bool = False


class RouteTable:
    """Finds the route of a call. Literal path parts go before parameters."""

    def __init__(self, routes: list[Route]) -> None:
        self._by_method: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for route in sorted(routes, key=lambda route: [part.startswith("{") for part in route.path.split("/")]):
            self._by_method.setdefault(route.method, []).append((self._pattern(route.path), route))

    def find(self, call: Call, raw_path: str) -> Route | None:
        """The route of a raw (percent-encoded) path; sets the call's operation and decoded parameters."""
        method = "GET" if call.method == "HEAD" else call.method
        for pattern, route in self._by_method.get(method, ()):
            match = pattern.fullmatch(raw_path)
            if match:
                call.operation = route.operation
                call.parameters = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
                return route
        return None

    @staticmethod
    def _pattern(path: str) -> re.Pattern[str]:
        pattern = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
        pattern = re.sub(r"\{(\w+):rest\}", r"(?P<\1>.+)", pattern)
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))
