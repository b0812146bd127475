# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployed web services and static sites, which return the commit that is live."""

from __future__ import annotations

import fnmatch
import html
from typing import Any

from starlette.responses import Response

from ..core.call import Call, phrase, text_response
from ..core.platform import Surface
from ..core.routes import Route
from . import scaling
from .model import DOMAIN, Commit, Service
from .state import State

PAGE = (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n<body>'
    '<h1>{title}</h1><p id="message">{message}</p><p>commit <code id="commit">{commit}</code></p></body>\n'
    "</html>\n"
)


class SiteSurface(Surface):
    """Every path of a host shows the same page."""

    label = "flightcontrol-site"
    unlisted = ("servePage",)

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def claims(self, call: Call) -> bool:
        return not call.on_loopback and (call.host.endswith(f".{DOMAIN}") or self._state.served(call.host) is not None)

    def resolve(self, call: Call) -> Route | None:
        call.operation = "servePage"
        return None

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        scaling.settle(self._state.ground.settings, self._state.services.values(), call.now)
        service = self._state.served(call.host)
        if service is None:
            return text_response("Not Found\n", 404)
        if call.method not in ("GET", "HEAD"):
            return text_response("Method Not Allowed\n", 405)
        commit = self._commit(service, call)
        if commit is None or service.type == "web" and not service.running(call.now):
            return text_response("Service Unavailable\n", 503)
        if commit.behaviour == "broken":
            return text_response("Internal Server Error\n", 500)
        title = f"{service.environment.project.name} {service.environment.given_id} {service.given_id}"
        return Response(
            PAGE.format(title=html.escape(title), message=html.escape(commit.message), commit=commit.sha),
            headers={"cache-control": "no-cache"},
            media_type="text/html",
        )

    def _commit(self, service: Service, call: Call) -> Commit | None:
        live = service.live(call.now)
        if live is None or not service.cloudfront or self._state.ground.switches["flightcontrol_cloudfront"] == "fresh":
            return live
        for invalidation in self._state.invalidations.values():
            if invalidation.service is service and not invalidation.applied and invalidation.done_at <= call.now:
                invalidation.applied = True
                for path in list(service.cached):
                    if any(fnmatch.fnmatchcase(path, pattern) for pattern in invalidation.paths):
                        del service.cached[path]
        return service.cached.setdefault(call.raw_path, live)

    def failure(self, call: Call, status: int) -> Response:
        return text_response(phrase(status) + "\n", status)

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return text_response("Too Many Requests\n", 429)
