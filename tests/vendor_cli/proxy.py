# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy between a client and the sandbox that can look at each request and response."""

from __future__ import annotations

import http.client
import http.server
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Meant for one connection.
HOP_BY_HOP = ("connection", "content-length", "keep-alive", "transfer-encoding")


@dataclass(frozen=True)
class Exchange:
    """A request with its response. target: path and query as sent; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes
    status: int
    response_headers: Mapping[str, str]
    response_content: bytes


class Handler(http.server.BaseHTTPRequestHandler):
    """Passes requests on and their responses back."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        own = self.server.answer(self.path)
        if own is not None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(own)))
            self.end_headers()
            self.wfile.write(own)
            return
        content = b"".join(self._chunks()) if self.headers.get("Transfer-Encoding") else self._sized()
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = {name: value for name, value in headers.items() if name not in (*HOP_BY_HOP, "accept-encoding")}
        backend = http.client.HTTPConnection(self.server.backend, timeout=30)
        backend.request(self.command, self.path, content, {**sent, "Content-Length": str(len(content))})
        with backend.getresponse() as response:
            answer, received = response.read(), response.getheaders()
        backend.close()
        self.send_response_only(response.status, response.reason)
        for name, value in received:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()
        lowered = {name.lower(): value for name, value in received}
        self.server.look_at(Exchange(self.command, self.path, headers, content, response.status, lowered, answer))

    def log_message(self, *_arguments: object) -> None:
        """The sandbox has a log."""

    def _sized(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()


class Proxy(http.server.ThreadingHTTPServer):
    """backend: HOST:PORT of the sandbox. Listens on a free port until the process ends."""

    daemon_threads = True
    handler: type[http.server.BaseHTTPRequestHandler] = Handler

    def __init__(self, backend: str) -> None:
        super().__init__(("127.0.0.1", 0), self.handler)
        self.backend = backend
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, path: str) -> bytes | None:
        """The JSON text of a response that does not come from the sandbox."""
        return None

    def look_at(self, exchange: Exchange) -> None:
        """What a subclass makes of it."""
