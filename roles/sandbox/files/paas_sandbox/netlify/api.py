# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's REST API: access, rate limits, and the headers of all responses; and what needs no token."""

from __future__ import annotations

import inspect
import math
import time
import urllib.parse
import uuid
from typing import Any

from starlette.responses import Response

from ..core.call import BadJson, Call, phrase
from ..core.clock import http_date, utc_text
from ..core.limits import Limit, Standing
from ..core.platform import Ground, Surface
from ..core.routes import Route, RouteTable
from . import errors, options
from .model import Account, Deploy, Event, Site, User
from .progress import settle
from .state import State

PREFIX = "/api/v1"
HOST = "api.netlify.com"
VERSION = "5a1b0c5e2f3d4e6f708192a3b4c5d6e7f8091a2b"
PER_PAGE = 100


class Request:
    """A request of a known user, with the data for handlers."""

    def __init__(self, state: State, call: Call, user: User, content: bytes) -> None:
        self.state = state
        self.call = call
        self.user = user
        self.content = content
        self.now = call.now
        self.switches = state.ground.switches
        self.touched: Site | Account | None = None

    def json(self) -> dict[str, Any]:
        """The body as an object; an empty body is an empty object."""
        try:
            return self.call.json_object(self.content)
        except BadJson as error:
            raise errors.refused(400, str(error)) from error

    def query(self, name: str) -> str | None:
        return self.call.query_params.get(name)

    def flag(self, name: str) -> bool:
        return self.query(name) in ("true", "1")

    def site(self) -> Site:
        """The site that the path names."""
        site = self.state.visible_site(self.user, self.call.parameters["site_id"])
        if site is None:
            raise errors.not_found()
        self.touched = site
        return site

    def account(self, reference: str | None) -> Account:
        account = self.state.visible_account(self.user, reference or self.user.default_account)
        if account is None:
            raise errors.not_found()
        self.touched = account
        return account

    def deploy(self) -> Deploy:
        """The deploy that the path names, below its site or alone."""
        deploy = self.state.deploys.get(self.call.parameters["deploy_id"])
        if deploy is None or deploy.site.account.slug not in self.user.roles:
            raise errors.not_found()
        if "site_id" in self.call.parameters and self.site() is not deploy.site:
            raise errors.not_found()
        self.touched = deploy.site
        return deploy

    def sites(self) -> list[Site]:
        """All sites of the user's teams."""
        return [site for site in self.state.sites.values() if site.account.slug in self.user.roles]

    def log_event(self) -> None:
        """Write to the audit log of the team to which belongs what the request was about."""
        touched = self.touched or self.account(None)
        account, kind, name = (
            (touched.account, "site", touched.name) if isinstance(touched, Site) else (touched, "team", None)
        )
        account.events.append(Event(self.state.new_event_id(), self.user, self.call.operation, kind, self.now, name))

    def legacy(self, switch: str) -> None:
        """Ends a request for an operation that is no longer documented, unless a switch says that it is still
        served.
        """
        if self.switches[switch] == "gone":
            raise errors.ApiError(errors.unrouted())

    def spend_deploy(self) -> None:
        """Count a deploy against its limits."""
        self._spend(options.DEPLOYS)

    def spend_site(self) -> None:
        """Count the creation of a site."""
        self._spend(options.SITES if self.switches["site_creation_limit"] == "own" else options.DEPLOYS)

    def _spend(self, limits: tuple[Limit, ...]) -> None:
        standing = self.state.ground.limits.spend(limits, self.user.id, self.now)
        if not standing.allowed:
            raise errors.ApiError(errors.rate_limited(rate_headers(self.state.ground, standing)))

    def page(self, rows: list[Any]) -> tuple[list[Any], dict[str, str]]:
        """The rows of the page that was asked for, and the Link header.

        fact: netlify 0 [G]: page from 1, per_page at most 100; rel next, last, prev
        """
        page = self._whole_number("page", 1)
        size = min(self._whole_number("per_page", PER_PAGE), PER_PAGE)
        last = max(1, math.ceil(len(rows) / size))
        links = []
        if page < last:
            links += [("next", page + 1), ("last", last)]
        if page > 1:
            links.append(("prev", page - 1))
        query = [
            (name, value)
            for name, value in self.call.query_params.multi_items()
            if name not in ("page", "per_page", "access_token")
        ]
        base = f"http://{self.call.authority}{self.call.raw_path}"
        header = ", ".join(
            f'<{base}?{urllib.parse.urlencode([*query, ("page", number), ("per_page", size)])}>; rel="{name}"'
            for name, number in links
        )
        return rows[(page - 1) * size : page * size], {"link": header} if header else {}

    def _whole_number(self, name: str, default: int) -> int:
        text = self.query(name) or ""
        return int(text) if text.isdecimal() and int(text) > 0 else default


def rate_headers(ground: Ground, standing: Standing) -> dict[str, str]:
    """fact: netlify 0 [G], the date form [O]"""
    as_text = ground.switches["ratelimit_reset"] == "date"
    return {
        "x-ratelimit-limit": str(standing.limit),
        "x-ratelimit-remaining": str(standing.remaining),
        "x-ratelimit-reset": utc_text(standing.reset) if as_text else str(math.ceil(standing.reset)),
    }


class ApiSurface(Surface):
    """Everything below /api/v1 under the platform's own host name or a loopback one."""

    label = "netlify"

    def __init__(self, platform: Any, routes: list[Route]) -> None:
        self._platform = platform
        self.routes = tuple(routes)
        self._table = RouteTable(routes)

    def claims(self, call: Call) -> bool:
        return (call.on_loopback or call.host == HOST) and call.raw_path.startswith(PREFIX + "/")

    def resolve(self, call: Call) -> Route | None:
        route = self._table.find(call, call.raw_path[len(PREFIX) :])
        if route is None:
            call.operation = "unrouted"
        return route

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        if route is None:
            return errors.unrouted()
        state: State = self._platform.state_now
        headers: dict[str, str] = {}
        try:
            user = self._user(state, call)
            standing = state.ground.limits.spend(options.REQUESTS, user.id, call.now)
            headers = rate_headers(state.ground, standing)
            if not standing.allowed:
                return errors.rate_limited(headers)
            settle(state, call.now)
            request = Request(state, call, user, content)
            answered = route.handler(request)
            response: Response = await answered if inspect.isawaitable(answered) else answered
            if call.method not in ("GET", "HEAD") and response.status_code < 300:
                request.log_event()
        except errors.ApiError as error:
            response = error.response
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    def _user(self, state: State, call: Call) -> User:
        """fact: netlify 5 [G]: a bearer token; [O] for the token in the query"""
        kind, _space, token = call.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" and state.ground.switches["access_token_query"] == "accepted":
            token = call.query_params.get("access_token", "")
        user = state.tokens.get(token.strip())
        if user is None:
            raise errors.access_denied()
        return user

    def finish(self, call: Call, response: Response) -> None:
        """fact: netlify 0 [O]: on every response, errors too"""
        response.headers["x-request-id"] = str(uuid.uuid4())
        response.headers["x-runtime"] = f"{time.perf_counter() - call.started:.6f}"
        response.headers["x-nf-srv-version"] = VERSION

    def failure(self, call: Call, status: int) -> Response:
        return errors.envelope(status, phrase(status))

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        end = call.now + seconds
        headers = {
            "none": {},
            "retry-after": {"retry-after": str(math.ceil(seconds))},
            "retry-after-date": {"retry-after": http_date(math.ceil(end))},
            "epoch": {"x-ratelimit-reset": str(math.ceil(end))},
            "date": {"x-ratelimit-reset": utc_text(math.ceil(end))},
        }[reset]
        return errors.rate_limited({"x-ratelimit-limit": "500", "x-ratelimit-remaining": "0", **headers})


class OpenSurface(Surface):
    """Addresses beside the API and without a token, below `start` under a host name or a loopback one.

    Handlers take the state, the call and the body.
    """

    label = "netlify"

    def __init__(self, platform: Any, routes: list[Route], host: str, start: str) -> None:
        self._platform = platform
        self._host = host
        self._start = start
        self.routes = tuple(routes)
        self._table = RouteTable(routes)

    def claims(self, call: Call) -> bool:
        return (call.on_loopback or call.host == self._host) and call.raw_path.startswith(self._start)

    def resolve(self, call: Call) -> Route | None:
        route = self._table.find(call, call.raw_path)
        if route is None:
            call.operation = "unrouted"
        return route

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        if route is None:
            return errors.unrouted()
        settle(self._platform.state_now, call.now)
        try:
            response: Response = route.handler(self._platform.state_now, call, content)
        except errors.ApiError as error:
            return error.response
        return response

    def failure(self, call: Call, status: int) -> Response:
        return errors.envelope(status, phrase(status))

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return errors.rate_limited({})
