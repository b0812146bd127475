# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real server with the responses of a test, the clock, and shared parts of the tests of requests."""

from __future__ import annotations

import collections
import contextlib
import itertools
import json
import select
import socket
import struct
import threading
import time

import pytest

TOKEN = "nfp_canary-0123456789"
NOW = 1_700_000_000.0
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


Seen = collections.namedtuple("Seen", "method target headers body connection")


def reply(status=200, body=b"{}", headers=()):
    """A response with a Content-Length; headers: pairs."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def cut(connection):
    """No response: the connection is closed after the request was read."""
    return False


def reset(connection):
    """Like cut, but with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def then_cut(text):
    """Sends this and closes."""

    def step(connection):
        connection.sendall(text)
        return False

    return step


def silent(connection):
    """Never answers; ends when the client gives up."""
    select.select([connection], [], [], 10)
    return False


def drip(beginning, rest, pause=0.02):
    """Sends the rest byte by byte: no single read ever times out."""

    def step(connection):
        connection.sendall(beginning)
        for byte in rest:
            time.sleep(pause)
            connection.sendall(bytes([byte]))
        return False

    return step


class Server:
    """Answers each request with the next step: bytes to send, or a function (connection) -> keep it open?

    After the last step it goes on with {}.
    """

    def __init__(self, context=None, port=0):
        self.seen = []
        self.steps = collections.deque()
        self._context = context
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    @property
    def url(self):
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}/api/v1"

    def say(self, *steps):
        self.steps.extend(steps)

    def _accept(self):
        for number in itertools.count():
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        self._open.add(connection)
        # ValueError: what came was no HTTP.
        with contextlib.suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection.makefile("rb")) as stream:
                while self._answer(connection, stream, number):
                    pass
        connection.close()
        self._open.discard(connection)

    def _answer(self, connection, stream, number):
        line = stream.readline()
        if not line:
            return False
        method, target, _version = line.decode("latin-1").split()
        headers = {}
        for line in iter(stream.readline, b"\r\n"):
            name, _colon, value = line.decode("latin-1").partition(":")
            if name.lower() in headers or not name:
                raise ValueError(name)
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        self.seen.append(Seen(method, target, headers, body, number))
        step = self.steps.popleft() if self.steps else reply()
        if callable(step):
            return step(connection)
        connection.sendall(step)
        return True


class FakeClock:
    """Sleeping takes no time; what happens meanwhile is in at_sleep."""

    def __init__(self):
        self.passed = 0.0
        self.slept = []
        self.at_sleep = lambda: None
        self.chance = 0.5

    def now(self):
        return NOW + self.passed

    def monotonic(self):
        return self.passed

    def sleep(self, seconds):
        assert seconds >= 0
        self.slept.append(seconds)
        self.passed += seconds
        self.at_sleep()

    def random(self):
        return self.chance


def get(http, path="/sites", **options):
    return http.request("GET", path, operation="listSites", **options)


def post(http, path="/sites", **options):
    return http.request("POST", path, operation="createSite", **{"body": {"name": "a"}, **options})


def put(http, path="/x", **options):
    return http.request("PUT", path, operation="upload", **options)


def failing(kind, call, *args, **options):
    with pytest.raises(kind) as caught:
        call(*args, **options)
    # Not a subclass: a LostAnswer where an ApiError is due would be a false claim.
    assert caught.type is kind
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value


def everything(error, http):
    return json.dumps(
        [str(error), error.message, error.args, error.details, http.warnings, repr(error)], ensure_ascii=False
    )
