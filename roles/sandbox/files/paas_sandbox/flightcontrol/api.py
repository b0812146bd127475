# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flightcontrol's management API and deploy hooks: access, and checks of requests and responses."""

from __future__ import annotations

import math
from typing import Any, Protocol, TypeVar

from starlette.responses import Response

from ..core.call import Call, json_response, phrase
from ..core.clock import http_date
from ..core.platform import Surface
from ..core.routes import Route, RouteTable
from . import errors, scaling
from .contract import CONTRACT, EMPTY
from .model import Environment, Organization, Project, Service
from .state import State

# fact: flightcontrol 1 [DOC]: pages on scaling print .com
API_HOSTS = ("api.flightcontrol.dev", "api.flightcontrol.com")
HOOK_HOST = "app.flightcontrol.dev"
API_PREFIX = "/v1/"
HOOK_PREFIX = "/api/deploy-hook/"
NOT_OURS = "/v1/graphql"  # another platform's, on the same port


class Owned(Protocol):
    """What belongs to an organization."""

    @property
    def organization(self) -> Organization:
        """Its owner."""


Thing = TypeVar("Thing", bound=Owned)


class Request:
    """A checked call, with what handlers need. `arguments` are its parameters, `body` is its JSON object."""

    def __init__(
        self,
        state: State,
        call: Call,
        organization: Organization | None,
        arguments: dict[str, Any],
        body: dict[str, Any],
    ) -> None:
        self.state = state
        self.call = call
        self.organization = organization
        self.arguments = arguments
        self.body = body
        self.now = call.now
        self.switches = state.ground.switches
        self.settings = state.ground.settings

    def owned(self, thing: Thing | None, kind: str, foreign: int | None = None) -> Thing:
        """The thing, if it is there and the caller's; `foreign` is the status for somebody else's."""
        if thing is None:
            raise errors.not_found(kind)
        if thing.organization is not self.organization:
            if (foreign or self.switches["flightcontrol_foreign"]) == 403:
                raise errors.refused(403, errors.NO_PERMISSION.format(kind=kind.lower()))
            raise errors.not_found(kind)
        return thing

    def project(self) -> Project:
        return self.owned(self.state.projects.get(self.arguments["projectId"]), "Project")

    def environment(self) -> Environment:
        return self.owned(self.state.environments.get(self.arguments["environmentId"]), "Environment")

    def service(self, foreign: int | None = None) -> Service:
        return self.owned(self.state.services.get(self.arguments["serviceId"]), "Service", foreign)


class CheckedSurface(Surface):
    """The operations of the OpenAPI document. Handlers return (status, data); requests and responses are checked."""

    def __init__(self, platform: Any, routes: list[Route]) -> None:
        self._platform = platform
        self.routes = tuple(routes)
        self._table = RouteTable(routes)

    def resolve(self, call: Call) -> Route | None:
        route = self._table.find(call, call.raw_path)
        if route is None:
            call.operation = "unrouted"
        return route

    def caller(self, state: State, call: Call) -> Organization | None:
        """Who calls. Raises ApiError."""
        return None

    def offered(self, state: State, route: Route) -> bool:
        """False for an operation that a switch removes."""
        return True

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        state: State = self._platform.state_now
        if route is None or not self.offered(state, route):
            return json_response(errors.envelope(404, "Not found"), 404)
        try:
            organization = self.caller(state, call)
            request = Request(
                state,
                call,
                organization,
                CONTRACT.arguments(route.operation, call),
                CONTRACT.body(route.operation, call, content),
            )
            scaling.settle(state.ground.settings, state.services.values(), call.now)
            status, data = route.handler(request)
        except errors.ApiError as error:
            status, data = error.status, error.data
        CONTRACT.check_answer(route.operation, status, data)
        return Response(b"", status) if data is EMPTY else json_response(data, status)

    def failure(self, call: Call, status: int) -> Response:
        return json_response(errors.envelope(status, phrase(status)), status)

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        """fact: flightcontrol 1 [INFER]: no limits are published"""
        end = math.ceil(call.now + seconds)
        headers = {
            "none": {},
            "retry-after": {"retry-after": str(math.ceil(seconds))},
            "retry-after-date": {"retry-after": http_date(end)},
            "epoch": {"x-ratelimit-reset": str(end)},
            "date": {"x-ratelimit-reset": http_date(end)},
        }[reset]
        return json_response(errors.envelope(429, "Too many requests"), 429, headers)


class ApiSurface(CheckedSurface):
    """The management API."""

    label = "flightcontrol"

    def claims(self, call: Call) -> bool:
        return (
            (call.on_loopback or call.host in API_HOSTS)
            and call.raw_path.startswith(API_PREFIX)
            and call.raw_path != NOT_OURS
        )

    def caller(self, state: State, call: Call) -> Organization | None:
        """fact: flightcontrol 1 [seed][Go]: exactly "Bearer KEY"; [DOC] prints a colon that does not work"""
        kind, _space, key = call.headers.get("authorization", "").partition(" ")
        organization = state.organizations.get(key) if kind == "Bearer" else None
        if organization is None:
            raise errors.unauthorized(state.ground.switches["flightcontrol_unauthorized"])
        return organization

    def offered(self, state: State, route: Route) -> bool:
        missing = {
            "getScaling": ("flightcontrol_scaling_read", "missing"),
            "editEnvironment": ("flightcontrol_environment_edit", "post"),
            "editEnvironmentById": ("flightcontrol_environment_edit", "patch"),
        }.get(route.operation)
        return missing is None or state.ground.switches[missing[0]] != missing[1]


class HookSurface(CheckedSurface):
    """Deploy hooks: a GET without a key, which writes."""

    label = "flightcontrol-hook"

    def claims(self, call: Call) -> bool:
        return (call.on_loopback or call.host == HOOK_HOST) and call.raw_path.startswith(HOOK_PREFIX)

    def resolve(self, call: Call) -> Route | None:
        call.write = True
        return super().resolve(call)
