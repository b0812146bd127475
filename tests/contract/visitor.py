# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client with which the contract suite itself talks to the sandbox."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# Distinguishes the suite's own requests from those of a module.
OF_THE_SUITE = "X-Contract-Suite"


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self):
        assert self.status < 300, (self.status, self.text)
        return json.loads(self.content)


class Visitor:
    """The suite's own client: one persistent connection, and a reader that supports only the responses of the sandbox,
    since it sends more requests than the modules.
    """

    def __init__(self, url: str) -> None:
        self._lock = threading.Lock()
        self._authority = urlsplit(url).netloc
        self._connection: socket.socket | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def request(
        self, method: str, url: str, body=None, *, data: bytes | None = None, headers: dict | None = None
    ) -> Answer:
        """url: a path or a complete URL of the sandbox. body is sent as JSON, data unchanged."""
        parts = urlsplit(url)
        target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="!#$%&'()*+,/:;=?@[]~")
        sent = {"Host": parts.netloc or self._authority, OF_THE_SUITE: "yes", **(headers or {})}
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        if data is not None or method not in ("GET", "HEAD"):
            sent["Content-Length"] = str(len(data or b""))
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        message = "\r\n".join(lines).encode("latin-1") + (data or b"")
        with self._lock:
            try:
                return self._exchange(message, method == "HEAD")
            except ConnectionError:
                # The server closes a connection after some seconds without requests.
                return self._exchange(message, method == "HEAD")

    def _exchange(self, message: bytes, has_no_body: bool) -> Answer:
        if self._connection is None:
            host, _colon, port = self._authority.rpartition(":")
            self._connection = socket.create_connection((host, int(port)), timeout=10)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._connection.sendall(message)
            received = b""
            while b"\r\n\r\n" not in received:
                received += self._more()
            head, _end, content = received.partition(b"\r\n\r\n")
            status = int(head[9:12])
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            assert b"transfer-encoding" not in fields, head
            length = 0 if has_no_body or status in (204, 304) else int(fields[b"content-length"])
            while len(content) < length:
                content += self._more()
        except BaseException:
            self.close()
            raise
        if fields.get(b"connection") == b"close":
            self.close()
        return Answer(status, content)

    def _more(self) -> bytes:
        part = self._connection.recv(65536) if self._connection else b""
        if not part:
            raise ConnectionResetError("the sandbox has closed the connection")
        return part
