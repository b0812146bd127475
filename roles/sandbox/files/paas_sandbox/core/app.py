# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ASGI application: finds the platform of a request, logs it, applies ordered faults, and responds."""

from __future__ import annotations

import sys
import traceback
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from . import admin, status_page
from .call import Call, phrase, text_response
from .clock import http_date
from .faults import Fault
from .platform import Surface
from .requestlog import Entry
from .routes import Route
from .sandbox import Sandbox


class Application(Sandbox):
    """All platforms behind one port."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        call = Call(scope, receive, self.clock.now())
        try:
            if call.on_loopback and call.raw_path.startswith(admin.PREFIX):
                await self._send(call, await admin.answer(self, call), send)
                return
            for surface in self.surfaces:
                if surface.claims(call):
                    await self._exchange(surface, call, send)
                    return
            if call.on_loopback and call.raw_path == "/" and call.method in ("GET", "HEAD"):
                await self._send(call, status_page.render(self), send)
            else:
                await self._send(call, text_response("Not Found", 404), send)
        except ClientDisconnect:
            pass
        except Exception:
            traceback.print_exc(file=sys.stderr)
            raise

    async def _exchange(self, surface: Surface, call: Call, send: Any) -> None:
        entry = self.log.open(surface.label, call.scope, call.now)
        await surface.receive(call)
        route = surface.resolve(call)
        entry.operation, entry.write = call.operation, call.write
        content = b""
        if route is not None and (not route.streamed or call.content_type == "application/json"):
            content = entry.content = await call.body()
            entry.body_size = call.body_size
        fault = self.faults.take(surface.label, call.operation)
        if fault is None:
            response = await self._process(surface, call, route, content, entry)
            entry.status = response.status_code
            await self._send(call, response, send)
        else:
            entry.fault = fault.kind
            await self._fail(fault, surface, call, route, content, entry, send)

    async def _process(
        self, surface: Surface, call: Call, route: Route | None, content: bytes, entry: Entry
    ) -> Response:
        entry.processed = True
        try:
            response = await surface.answer(call, route, content)
        except ClientDisconnect:
            entry.processed = False
            raise
        except Exception:
            traceback.print_exc(file=sys.stderr)
            response = surface.failure(call, 500)
        entry.body_size = call.body_size
        surface.finish(call, response)
        return response

    async def _send(self, call: Call, response: Response, send: Any) -> None:
        response.headers["date"] = http_date(call.now)
        call.hold()
        try:
            await response(call.scope, call.receive, send)
        finally:
            call.release()

    async def _fail(
        self, fault: Fault, surface: Surface, call: Call, route: Route | None, content: bytes, entry: Entry, send: Any
    ) -> None:
        """Apply an ordered fault to the request."""
        kind, details = fault.kind, fault.details
        if kind in ("cut_before", "hang_before"):
            if kind == "hang_before":
                await call.pause(details["seconds"])
            await call.cut()
            return
        if kind in ("throttle", "redirect") or kind == "status" and not details["processed"]:
            response = self._refusal(fault, surface, call)
            surface.finish(call, response)
        else:
            response = await self._process(surface, call, route, content, entry)
            if kind == "status":
                response = self._refusal(fault, surface, call)
                surface.finish(call, response)
        if kind == "hang_after":
            await call.pause(details["seconds"])
        if kind in ("cut_after", "hang_after") or kind == "truncated" and not response.body:
            await call.cut()
            return
        if kind == "slow" and not await call.pause(details["seconds"]):
            await call.cut()
            return
        entry.status = response.status_code
        if kind == "truncated":
            await self._send_half(call, response, send)
            return
        if kind == "garbled" and response.body:
            response.body = response.body[: max(1, len(response.body) // 2)]
            response.headers["content-length"] = str(len(response.body))
        await self._send(call, response, send)

    async def _send_half(self, call: Call, response: Response, send: Any) -> None:
        """Announce the whole body, send half of it, close."""
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body[: len(response.body) // 2], "more_body": True})
        await call.close()

    @staticmethod
    def _refusal(fault: Fault, surface: Surface, call: Call) -> Response:
        details = fault.details
        if fault.kind == "throttle":
            return surface.throttled(call, details["reset"], details["seconds"])
        status = details["status"]
        if fault.kind == "redirect":
            return Response(b"", status, {"location": details["location"]})
        title = phrase(status)
        if details["body_text"] is not None:
            response = text_response(details["body_text"], status)
        elif details["body"] == "json":
            response = surface.failure(call, status)
        elif details["body"] == "html":
            page = (
                f"<html>\n<head><title>{status} {title}</title></head>\n"
                f"<body><h1>{status} {title}</h1></body>\n</html>\n"
            )
            response = Response(page, status, media_type="text/html")
        elif details["body"] == "text":
            response = text_response(title, status)
        else:
            response = Response(b"", status)
        for name, value in details["headers"].items():
            response.headers[name] = str(value)
        return response
