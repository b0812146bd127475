# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request on its way through the sandbox."""

from __future__ import annotations

import asyncio
import functools
import http
import ipaddress
import json
import time
import urllib.parse
from collections.abc import AsyncGenerator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

READS = ("GET", "HEAD")
TRANSPORT = "paas_sandbox.transport"  # the key under which server.py puts the connection into the ASGI scope


class BadJson(ValueError):
    """The request body is not JSON."""


class Call(Request):
    """A request with the data of the sandbox: its arrival time, its route, and control of its connection."""

    def __init__(self, scope: Any, receive: Any, now: float) -> None:
        super().__init__(scope, receive)
        self.now = now
        self.started = time.perf_counter()
        self.raw_path: str = scope["raw_path"].decode("latin-1")
        self.host, self.authority = self._host()
        self.operation = ""
        self.write = self.method not in READS  # a surface that knows better changes it
        self.parameters: dict[str, str] = {}
        self.body_size = 0

    async def stream(self) -> AsyncGenerator[bytes, None]:
        async for part in super().stream():
            self.body_size += len(part)
            yield part

    def _host(self) -> tuple[str, str]:
        """The name in the Host header, lower case and without port, and the header as it came."""
        for name, value in self.scope["headers"]:
            if name == b"host":
                authority = value.decode("latin-1").strip()
                host = authority.lower()
                if host.startswith("["):
                    return host[1:].split("]", 1)[0], authority
                return host.rsplit(":", 1)[0].rstrip("."), authority
        return "localhost", "localhost"

    @property
    def content_type(self) -> str:
        """The media type of the body, lower case, without parameters; empty when none is given."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()

    @property
    def on_loopback(self) -> bool:
        """True when the Host header names this machine, not a served site or a platform's host."""
        return _is_loopback(self.host)

    def json_object(self, content: bytes) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object. Raises BadJson."""
        if not content.strip():
            return {}
        try:
            data = json.loads(content)
        except ValueError as error:
            raise BadJson("the body is not JSON") from error
        if not isinstance(data, dict):
            raise BadJson("the body is not a JSON object")
        return data

    def hold(self) -> None:
        """Collect what is written to the connection, until `release`."""
        self.scope[TRANSPORT].hold()

    def release(self) -> None:
        self.scope[TRANSPORT].release()

    async def cut(self) -> None:
        """Close the connection at once, as a dying server or network would."""
        self.scope[TRANSPORT].abort()
        await self.gone()

    async def close(self) -> None:
        """Close the connection after what was written has been sent."""
        self.scope[TRANSPORT].close()
        await self.gone()

    async def gone(self) -> None:
        """Wait until the connection is closed, whoever closes it. Unread parts of the body are thrown away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def pause(self, seconds: float) -> bool:
        """Wait; ends early when the connection is closed. True if the whole time passed."""
        try:
            await asyncio.wait_for(self.gone(), seconds)
        except asyncio.TimeoutError:
            return True
        return False


@functools.lru_cache
def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Compact JSON in UTF-8."""
    content = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    return Response(content, status, headers, "application/json; charset=utf-8")


def phrase(status: int) -> str:
    """The usual words for a status, such as Bad Gateway."""
    return http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Error"


def text_response(text: str, status: int) -> Response:
    return Response(text, status, media_type="text/plain")


def segments(raw_path: str) -> list[str]:
    """The parts of a path, each percent-decoded on its own, so that an encoded slash does not split."""
    return [urllib.parse.unquote(part) for part in raw_path.split("/")]
