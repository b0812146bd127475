# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The admin interface below /_sandbox/: JSON, without a token, only under loopback host names."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from .. import __version__
from .call import BadJson, Call, json_response
from .faults import FaultError
from .limits import MODES
from .options import OptionError
from .sandbox import Sandbox

PREFIX = "/_sandbox/"
Query = Mapping[str, str]
# takes the parameters of the query and the body; returns JSON data, or raises ValueError
Handler = Callable[[Sandbox, Query, dict[str, Any]], Any]


async def answer(sandbox: Sandbox, call: Call) -> Response:
    handler = _handler(sandbox, call.method, call.raw_path[len(PREFIX) :])
    if handler is None:
        return json_response({"error": f"unknown request: {call.method} {call.raw_path}"}, 404)
    content = await call.body()
    try:
        return json_response(handler(sandbox, call.query_params, call.json_object(content)))
    except (BadJson, FaultError, OptionError, ValueError) as error:
        return json_response({"error": str(error)}, 400)


def _handler(sandbox: Sandbox, method: str, name: str) -> Handler | None:
    """One of the requests below, or POST PLATFORM/NAME: that of a platform."""
    owner, _slash, own = name.partition("/")
    for platform in sandbox.platforms:
        if method == "POST" and owner == platform.name and own in platform.admin_calls:
            return lambda _sandbox, _query, body: platform.admin_calls[own](platform, body)
    return HANDLERS.get((method, name))


def batch(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """Does several requests, one after another, and returns their results; ends with the first that is refused."""
    orders = body.get("requests")
    if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
        raise ValueError("requests must be a list of objects")
    results = []
    for order in orders:
        method, (path, _mark, text) = str(order.get("method")), str(order.get("path")).partition("?")
        handler = _handler(sandbox, method, path)
        if handler is None:
            raise ValueError(f"unknown request: {method} {path}")
        results.append(handler(sandbox, dict(urllib.parse.parse_qsl(text)), order.get("body") or {}))
    return results


def health(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    return {"ready": True, "version": __version__}


def reset(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """Resets the state, then applies the given switches, limits and settings; changes nothing if one is invalid."""
    unknown = sorted(set(body) - {"switches", "limits", "settings"})
    if unknown:
        raise ValueError(f"reset does not support {', '.join(unknown)}")
    mode = checked_mode(body.get("limits", sandbox.initial_limits))
    sandbox.settings.checked(body.get("settings", {}))
    sandbox.switches.reset(body.get("switches", {}))
    sandbox.settings.reset(body.get("settings", {}))
    sandbox.limits.reset(mode)
    sandbox.reset()
    return {"ready": True, "version": __version__}


def limits(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """Sets the rate limits and keeps the state; all callers begin anew."""
    sandbox.limits.reset(checked_mode(body.get("limits")))
    return {"limits": sandbox.limits.mode}


def checked_mode(mode: Any) -> str:
    if mode not in MODES:
        raise ValueError(f"limits: {mode!r} is not one of {list(MODES)}")
    return str(mode)


def requests(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    since = int(query.get("since", "0"))
    return {"last": sandbox.log.last, "requests": [entry.describe() for entry in sandbox.log.since(since)]}


def forget_requests(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    sandbox.log.clear()
    return {"last": sandbox.log.last}


def faults(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    return sandbox.faults.describe()


def add_fault(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    return {"id": sandbox.faults.add(body).id}


def forget_faults(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    sandbox.faults.clear()
    return []


def switches(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    sandbox.seed()
    sandbox.switches.change(body)
    return sandbox.switches.describe()


def consulted(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """The switches that affected responses since they were forgotten."""
    sandbox.seed()
    return sorted(sandbox.switches.consulted)


def forget_consulted(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    names = consulted(sandbox, query, body)
    sandbox.switches.consulted.clear()
    return names


def settings(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    sandbox.seed()
    sandbox.settings.change(body)
    return sandbox.settings.describe()


def clock(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """The time; a POST with `advance` moves it forward by this number of seconds."""
    seconds = body.get("advance", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ValueError("advance must be a number of seconds")
    sandbox.clock.advance(seconds)
    return {"now": sandbox.clock.now()}


def state(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """The state of all platforms, or of the one that the query names."""
    name = query.get("platform")
    chosen = [platform for platform in sandbox.platforms if name in (None, platform.name)]
    if not chosen:
        raise ValueError(f"unknown platform {name!r}; known: {', '.join(one.name for one in sandbox.platforms)}")
    return {platform.name: platform.state() for platform in chosen}


def take_snapshot(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    sandbox.take_snapshot(str(body.get("name", "")))
    return {"now": sandbox.clock.now()}


def restore(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """Restores a snapshot, with the clock as it was; clears the log and the faults."""
    sandbox.restore(str(body.get("name", "")))
    return {"now": sandbox.clock.now()}


def digest(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    return {"digest": sandbox.digest()}


def routes(sandbox: Sandbox, query: Query, body: dict[str, Any]) -> Any:
    """All operations and fields that the sandbox supports, with their facts."""
    return [
        {"platform": surface.label, **dataclasses.asdict(entry)}
        for surface in sandbox.surfaces
        for entry in surface.documented()
    ]


HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", "health"): health,
    ("POST", "reset"): reset,
    ("POST", "limits"): limits,
    ("GET", "requests"): requests,
    ("DELETE", "requests"): forget_requests,
    ("GET", "faults"): faults,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): forget_faults,
    ("GET", "switches"): switches,
    ("PATCH", "switches"): switches,
    ("GET", "consulted"): consulted,
    ("DELETE", "consulted"): forget_consulted,
    ("GET", "settings"): settings,
    ("PATCH", "settings"): settings,
    ("GET", "clock"): clock,
    ("POST", "clock"): clock,
    ("GET", "state"): state,
    ("POST", "snapshot"): take_snapshot,
    ("POST", "restore"): restore,
    ("GET", "digest"): digest,
    ("POST", "batch"): batch,
    ("GET", "routes"): routes,
}
