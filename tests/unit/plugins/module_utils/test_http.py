# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""_http against a real server that says what a test tells it to, on a bad day's terms; only the clock is a fake."""

from __future__ import annotations

import base64
import collections
import contextlib
import email.utils
import hashlib
import html
import io
import itertools
import json
import os
import random
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._core.version import VERSION
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.responses import READ_BLOCK
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth, Sessions
from ansible_collections.webops.paas.plugins.module_utils._http.transport import MAX_REDIRECTS, Http
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient

TOKEN = "nfp_canary-0123456789"
NOW = 1_700_000_000.0


# -- the server, the clock ---------------------------------------------------------------------------------------------


Seen = collections.namedtuple("Seen", "method target headers body connection")


def reply(status=200, body=b"{}", headers=()):
    """An answer with a Content-Length; headers: pairs."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def cut(connection):
    """No answer at all: the connection is closed after the request was read."""
    return False


def reset(connection):
    """As cut, but with a TCP reset."""
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


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def connect(clock):
    """connect(url, ...) -> Http with a token and the fake clock; http.warnings has what it warned of."""
    opened = []

    def make(url, token=TOKEN, **options):
        warnings = []
        redactor = Redactor()
        redactor.add(token)
        options = {
            "auth": HeaderAuth("Authorization", f"Bearer {token}"),
            "clock": clock,
            "warn": warnings.append,
            "redactor": redactor,
            "timeout": 5.0,
            **options,
        }
        http = Http("Netlify", url, **options)
        http.warnings = warnings
        opened.append(http)
        return http

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def http(server, connect):
    return connect(server.url)


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


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_call_as_the_platform_sees_it(server, http):
    server.say(reply(201, {"id": "1"}, [("X-Request-Id", "r1")]))
    answer = post(http, query={"title": "a b", "none": None}, body={"name": "ü"}, shape=dict)
    assert (answer.status, answer.data, answer.headers["x-request-id"]) == (201, {"id": "1"}, "r1")
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/api/v1/sites?title=a+b")
    assert json.loads(seen.body) == {"name": "ü"}
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["user-agent"].startswith(f"webops.paas/{VERSION} ")


@pytest.mark.parametrize("base", ["", "/", "//", "/api/v1", "/api/v1/", "/api/v1//"])
def test_trailing_slashes_are_harmless(server, connect, base):
    get(connect(checked_url(f"http://127.0.0.1:{server.port}{base}")))
    assert server.seen[0].target == base.rstrip("/") + "/sites"


def test_percent_encoding_of_the_path_stays(server, http):
    put(http, "/files/a%20b/%23%3F%25/%E2%82%AC%2Fx")
    assert server.seen[0].target == "/api/v1/files/a%20b/%23%3F%25/%E2%82%AC%2Fx"


def test_a_call_without_body_says_so(server, http):
    put(http)
    post(http, body=None)
    get(http)
    assert [seen.headers.get("content-length") for seen in server.seen] == ["0", "0", None]
    assert not any("transfer-encoding" in seen.headers for seen in server.seen)


def test_netrc_never_replaces_the_token(server, connect, monkeypatch, tmp_path):
    for name in (".netrc", "_netrc", "elsewhere"):
        (tmp_path / name).write_text("machine 127.0.0.1 login evil password evil\ndefault login evil password evil\n")
        (tmp_path / name).chmod(0o600)
    for setting in (None, str(tmp_path / "elsewhere")):
        if setting:
            monkeypatch.setenv("NETRC", setting)
        get(connect(server.url))
        get(connect(server.url, auth=None))
    assert [seen.headers.get("authorization") for seen in server.seen] == [f"Bearer {TOKEN}", None] * 2


def test_a_cookie_of_the_platform_is_not_sent_back(server, http):
    server.say(reply(headers=[("Set-Cookie", "session=1; Path=/")]))
    get(http)
    get(http)
    assert "cookie" not in server.seen[1].headers


def test_one_connection_for_all_calls_of_an_object_and_another_for_its_clone(server, http):
    server.say(reply(), reply(404, b"<html>"), reply(204, b""))
    get(http)
    failing(ApiError, get, http)
    put(http)
    twin = http.clone()
    get(twin)
    get(http)
    twin.close()
    assert [seen.connection for seen in server.seen] == [0, 0, 0, 1, 0]


def test_a_clone_shares_deadline_secrets_and_what_was_confirmed(server, http, clock):
    twin = http.clone()
    put(twin)
    assert http.confirmed_writes == ["upload"]
    http.redactor.add("later")
    server.say(reply(404, {"message": "later"}))
    assert "later" not in str(failing(ApiError, get, twin))
    clock.passed += http.deadline
    assert failing(ApiError, get, twin).code == "deadline"
    twin.close()


def test_close_can_be_called_twice_and_a_closed_object_be_used_again(server, http):
    get(http)
    http.close()
    http.close()
    get(http)
    assert [seen.connection for seen in server.seen] == [0, 1]


@pytest.mark.parametrize("value", ["a\nb", "a\r\nX-Evil: 1", "a\0", "ü"])
def test_a_credential_that_no_header_can_have_is_refused_without_telling_it(value):
    error = failing(InvalidInput, HeaderAuth, "Authorization", value)
    assert value not in str(error)


def test_a_header_that_is_not_valid_is_told_without_its_value_and_never_repeated(server, http, clock):
    error = failing(ApiError, put, http, headers={"X-Secret": "a\r\nX-Evil: canary"})
    assert "header" in str(error) and "canary" not in str(error)
    assert not server.seen and not clock.slept


# -- uploads -----------------------------------------------------------------------------------------------------------


class Opening:
    """A stream function that counts, and whose streams must all be closed in the end."""

    def __init__(self, content):
        self.content = content
        self.opened = []

    def __call__(self):
        self.opened.append(io.BytesIO(self.content))
        return self.opened[-1]

    def times(self):
        assert all(stream.closed for stream in self.opened)
        return len(self.opened)


@pytest.mark.parametrize("size", [0, 1, READ_BLOCK, READ_BLOCK + 1, 10_000_000])
def test_a_stream_arrives_whole_and_is_announced(server, http, size):
    content = random.Random(size).randbytes(size)
    opening = Opening(content)
    put(http, stream=opening, headers={"Content-Type": "application/octet-stream"})
    (seen,) = server.seen
    assert seen.headers["content-length"] == str(size)
    assert "transfer-encoding" not in seen.headers
    assert seen.headers["content-type"] == "application/octet-stream"
    assert hashlib.sha1(seen.body).digest() == hashlib.sha1(content).digest()
    assert opening.times() == 1


def test_a_big_stream_is_never_read_at_once(server, http):
    sizes = []

    class Watched(io.BytesIO):
        def read(self, size=-1):
            sizes.append(size)
            return super().read(size)

    put(http, stream=lambda: Watched(bytes(1_000_000)))
    assert len(server.seen[0].body) == 1_000_000
    assert 0 < min(sizes) <= max(sizes) <= READ_BLOCK


@pytest.mark.parametrize("size", [10, 200_000])
@pytest.mark.parametrize(
    "fault",
    [cut, reset, reply(500), reply(429), reply(408), then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}")],
)
def test_a_stream_is_opened_anew_for_each_attempt(server, http, size, fault):
    opening = Opening(bytes(size))
    server.say(fault, fault)
    put(http, stream=opening)
    assert opening.times() == 3
    assert [len(seen.body) for seen in server.seen] == [size] * 3


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_file_that_grows_meanwhile_is_sent_as_announced(server, http, tmp_path, size):
    path = tmp_path / "file"
    path.write_bytes(bytes(size))

    class Growing(io.FileIO):
        def read(self, amount=-1):
            with open(path, "ab") as file:
                file.write(b"x" * 100_000)
            return super().read(amount)

    put(http, stream=lambda: Growing(path))
    get(http)
    assert [len(seen.body) for seen in server.seen] == [size, 0]


def test_a_file_that_shrinks_meanwhile_does_not_hang(server, connect):
    class Shrinking(io.BytesIO):
        def read(self, size=-1):
            self.truncate(100_000)
            return super().read(size)

    error = failing(ApiError, put, connect(server.url, retries=1), stream=lambda: Shrinking(bytes(200_000)))
    assert "shorter" in str(error)


def test_a_file_that_is_gone_is_a_clear_error(server, http, tmp_path):
    error = failing(ApiError, put, http, stream=lambda: open(tmp_path / "gone", "rb"))
    assert error.code == "unreadable" and "No such file" in str(error)
    assert not server.seen


def test_a_refusal_before_the_body_was_read_is_understood(server, http):
    def refuse_early(connection):
        connection.sendall(reply(422, {"message": "too big"}, [("Connection", "close")]))
        return False

    server.say(refuse_early)
    assert failing(ApiError, put, http, stream=lambda: io.BytesIO(bytes(100_000))).status == 422


def test_an_upload_ends_at_the_deadline(server, http, clock):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            clock.passed += 100
            return super().read(size)

    error = failing(ApiError, put, http, stream=lambda: Slow(bytes(10_000_000)))
    assert "deadline" in str(error)
    assert clock.passed <= http.deadline + 100


# -- timeouts and the deadline -----------------------------------------------------------------------------------------


def test_read_timeout(server, connect, clock):
    # Long enough for the answer that does come, on a busy machine, too.
    server.say(silent, reply(200, {"id": 1}))
    assert get(connect(server.url, timeout=1), shape=dict).data == {"id": 1}
    assert len(clock.slept) == 1
    server.say(silent)
    error = failing(LostAnswer, post, connect(server.url, timeout=0.1))
    assert "timed out after 0.1 s" in str(error) and "may or may not have been processed" in str(error)


@pytest.mark.parametrize(
    "step",
    [
        drip(b"", b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 200),
        drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x" * 1000),
    ],
    ids=["headers", "body", "chunks", "until close"],
)
def test_a_server_that_drips_bytes_does_not_outlast_the_timeout(server, connect, step):
    server.say(step)
    began = time.monotonic()
    error = failing(ApiError, get, connect(server.url, timeout=0.2, retries=0))
    assert time.monotonic() - began < 1.5
    assert "timed out after 0.2 s" in str(error)


def test_a_slow_answer_leaves_the_next_one_its_whole_time(server, connect):
    # Each answer alone is in time, also on a busy machine; both together are not.
    http = connect(server.url, timeout=2, retries=0)
    slowly = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"x" * 10, 0.12)
    server.say(lambda connection: slowly(connection) or True)
    get(http)
    server.say(lambda connection: time.sleep(1.2) or connection.sendall(reply()) or True)
    get(http)
    assert [seen.connection for seen in server.seen] == [0, 0]


def test_no_request_gets_more_time_than_the_deadline_leaves(server, connect, clock):
    http = connect(server.url, timeout=30, deadline=100, retries=0)
    clock.passed = 99.9
    server.say(silent)
    began = time.monotonic()
    assert "timed out" in str(failing(ApiError, get, http))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("number", [float("inf"), 1e12])
def test_times_without_bound_are_no_error(server, connect, number):
    get(connect(server.url, timeout=number, deadline=number))


def test_after_the_deadline_nothing_is_sent(server, http, clock):
    clock.passed = http.deadline
    error = failing(ApiError, post, http)
    assert error.code == "deadline" and "was not sent" in str(error) and "1800 s" in str(error)
    assert not server.seen


def test_a_connection_that_nobody_takes_times_out(connect, clock):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        fillers = [socket.socket() for _each in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        time.sleep(0.05)
        error = failing(ApiError, post, connect(f"http://127.0.0.1:{address[1]}", timeout=0.1, retries=1))
        for filler in fillers:
            filler.close()
    assert error.code == "unreachable" and "(tried 2 times)" in str(error)


# -- retries -----------------------------------------------------------------------------------------------------------


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# An answer to a JSON object that was asked for: what was lost on the way.
MANGLED = {
    "cut": cut,
    "reset": reset,
    "half a status line": then_cut(b"HTTP/1.1 20"),
    "no http": then_cut(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "half the headers": then_cut(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "short body": then_cut(b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"id": "1"}'),
    "no body": then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"),
    "half a chunk": then_cut(CHUNKED + b'b\r\n{"id": '),
    "no last chunk": then_cut(CHUNKED + b'b\r\n{"id": "1"}\r\n'),
    "garbled chunk": then_cut(CHUNKED + b'zz\r\n{"id": "1"}\r\n'),
    "no gzip": reply(body=b"{}", headers=[("Content-Encoding", "gzip")]),
    "JSON cut short": reply(body=b'{"id": "1"'),
    "not UTF-8": reply(body=b'{"id": "\xff\xfe"}'),
    "HTML": reply(body=b"<html>Welcome"),
    "empty": reply(body=b""),
    "another shape": reply(body=b"[]"),
    "null": reply(body=b"null"),
    "too deep": reply(body=b"[" * 100_000),
}
TRANSIENT = {status: reply(status) for status in (408, 425, 429, 500, 502, 503, 504, 599)}


@pytest.mark.parametrize("fault", [*MANGLED.values(), *TRANSIENT.values()], ids=map(str, [*MANGLED, *TRANSIENT]))
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_does_no_harm_twice_is_repeated(server, http, clock, method, fault):
    server.say(fault, fault, reply(200, {"id": "2"}))
    answer = http.request(method, "/sites/1", operation="any", shape=dict)
    assert answer.data == {"id": "2"}
    assert [seen.method for seen in server.seen] == [method] * 3
    assert len(clock.slept) == 2 and min(clock.slept) > 0


@pytest.mark.parametrize(
    "fault",
    [*MANGLED.values(), *(TRANSIENT[status] for status in TRANSIENT if status != 429)],
    ids=map(str, [*MANGLED, *(status for status in TRANSIENT if status != 429)]),
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_may_have_been_processed_is_not_repeated(server, http, clock, method, fault):
    server.say(fault)
    error = failing(LostAnswer, http.request, method, "/sites", operation="createSite", body={}, shape=dict)
    assert "may or may not have been processed" in str(error)
    assert len(server.seen) == 1 and not clock.slept


def test_a_body_of_any_form_or_none_at_all(server, http):
    server.say(reply(200, ["a"]), reply(200, b""), reply(200, b"garbled"), reply(200, "text"))
    assert [get(http, shape=object).data for _turn in range(3)] == [["a"], None, "text"]


@pytest.mark.parametrize("fault", [*MANGLED.values(), reply(500), reply(503)], ids=map(str, [*MANGLED, 500, 503]))
def test_what_is_polled_is_left_to_whoever_polls(server, http, clock, fault):
    server.say(fault)
    failing(ApiError, get, http, polled=True, shape=dict)
    assert len(server.seen) == 1 and not clock.slept


def test_what_is_polled_waits_for_a_limit_all_the_same(server, http, clock):
    server.say(reply(429, headers=[("Retry-After", "40")]), reply(200, {}))
    assert get(http, polled=True, shape=dict).data == {}
    assert len(clock.slept) == 1 and clock.slept[0] >= 40


def test_a_post_that_was_limited_is_repeated(server, http, clock):
    server.say(reply(429), reply(201, {"id": "1"}))
    assert post(http, shape=dict).data == {"id": "1"}
    assert len(server.seen) == 2


def test_a_post_that_never_left_is_repeated(connect, clock):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    with contextlib.ExitStack() as running:
        servers = []
        clock.at_sleep = lambda: len(clock.slept) == 2 and servers.append(running.enter_context(Server(port=port)))
        post(connect(f"http://127.0.0.1:{port}"))
        assert len(servers[0].seen) == 1
    assert len(clock.slept) == 2


def test_a_platform_that_cannot_be_reached(connect, clock):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        error = failing(ApiError, post, connect(f"http://127.0.0.1:{port}/api", retries=2))
    assert str(error).startswith(f"Netlify createSite failed: POST /api/sites could not connect to 127.0.0.1:{port}: ")
    assert str(error).endswith("Connection refused. (tried 3 times)") and "0x" not in str(error)
    assert error.details == {
        "platform": "netlify",
        "operation": "createSite",
        "method": "POST",
        "path": "/api/sites",
        "status": None,
        "code": "unreachable",
        "request_id": None,
    }


def test_a_name_that_does_not_exist(connect, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failing(ApiError, post, connect("https://nowhere.example.test", retries=0))
    assert error.code == "unreachable" and "Name or service not known" in str(error) and "0x" not in str(error)


@pytest.mark.parametrize("host", ["a" * 64 + ".example.test", "a..example.test"])
def test_a_name_that_cannot_exist(connect, clock, host):
    error = failing(ApiError, post, connect(f"https://{host}"))
    assert not clock.slept and error.code == "unreachable"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 451, 300, 304, 399])
@pytest.mark.parametrize("call", [get, post, put])
def test_a_refusal_is_final(server, http, clock, status, call):
    server.say(reply(status, b"" if status == 304 else {"message": "no"}))
    error = failing(ApiError, call, http)
    assert error.status == status and len(server.seen) == 1 and not clock.slept
    assert "tried" not in str(error)


def test_a_caller_can_declare_a_call_harmless_and_a_status_passing(server, http):
    server.say(cut, reply(500))
    post(http, idempotent=True)
    assert len(server.seen) == 3
    server.say(reply(401), reply(401))
    put(http, retry_status=(401,))
    assert len(server.seen) == 6
    server.say(reply(401))
    failing(LostAnswer, post, http, retry_status=(401,))
    server.say(cut)
    failing(LostAnswer, put, http, idempotent=False)


def test_retries_are_bounded_by_their_number(server, http, clock):
    server.say(*[reply(503, {"message": "down"})] * 20)
    error = failing(ApiError, get, http)
    assert len(server.seen) == 6 and error.status == 503
    assert str(error) == "Netlify listSites failed: GET /api/v1/sites answered 503: down. (tried 6 times)"
    error = failing(ApiError, get, connect_again(http, retries=0))
    assert len(server.seen) == 7 and "tried" not in str(error)


def connect_again(http, **changes):
    twin = http.clone()
    twin.__dict__.update(changes)
    return twin


def test_the_backoff_is_exponential_capped_and_jittered(server, http, clock):
    http = connect_again(http, retries=9)
    for chance in (0.0, 0.999):
        clock.chance = chance
        server.say(*[reply(500)] * 9)
        get(http)
    lowest, highest = clock.slept[:9], clock.slept[9:]
    assert lowest == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]
    assert all(low * 1.9 < high < low * 2 for low, high in zip(lowest, highest))
    http.close()


def test_retries_are_bounded_by_the_deadline_and_the_cause_is_told(server, connect, clock):
    server.say(*[reply(503, {"message": "down"})] * 50)
    http = connect(server.url, retries=1000, deadline=60)
    error = failing(ApiError, get, http)
    assert clock.passed < 60
    assert error.status == 503 and "down" in str(error) and "deadline of 60 s" in str(error)


def test_a_connection_that_the_server_closed_while_idle_costs_nothing(server, http, clock):
    server.say(lambda connection: connection.sendall(reply()) or False)
    get(http)
    time.sleep(0.05)
    post(http)
    assert len(server.seen) == 2 and not clock.slept


# -- rate limits -------------------------------------------------------------------------------------------------------


def http_date(seconds):
    return email.utils.formatdate(NOW + seconds, usegmt=True)


def iso(seconds, form="%Y-%m-%d %H:%M:%S UTC"):
    return time.strftime(form, time.gmtime(NOW + seconds))


@pytest.mark.parametrize(
    "header, value, wait",
    [
        ("Retry-After", "7", 7),
        ("Retry-After", " 7 ", 7),
        ("Retry-After", "7.5", 7.5),
        ("Retry-After", "0", 1),
        ("Retry-After", "-3", 1),
        ("Retry-After", http_date(40), 40),
        ("Retry-After", http_date(-40), 1),
        ("X-RateLimit-Reset", str(int(NOW) + 20), 20),
        ("X-RateLimit-Reset", str(NOW + 20.5), 20.5),
        ("X-RateLimit-Reset", str((int(NOW) + 20) * 1000), 20),
        ("X-RateLimit-Reset", str(int(NOW) - 20), 1),
        ("X-RateLimit-Reset", "20", 20),
        ("X-RateLimit-Reset", http_date(20), 20),
        ("X-RateLimit-Reset", iso(20), 20),
        ("X-RateLimit-Reset", iso(20, "%Y-%m-%dT%H:%M:%SZ"), 20),
        ("X-RateLimit-Reset", iso(20, "%Y-%m-%dT%H:%M:%S.123Z"), 20),
        ("X-RateLimit-Reset", iso(20, "%Y-%m-%dT%H:%M:%S+00:00"), 20),
        ("X-RateLimit-Reset", iso(20, "%Y-%m-%d %H:%M:%S +0000 UTC"), 20),
        ("X-RateLimit-Reset", iso(20, "%a %b %d %H:%M:%S %Y"), 20),
    ],
)
@pytest.mark.parametrize("call", [get, post])
def test_a_limit_is_waited_for_and_told(server, http, clock, call, header, value, wait):
    server.say(reply(429, {"code": 429, "message": "API Request rate limit surpassed"}, [(header, value)]))
    call(http)
    assert clock.slept == [pytest.approx(wait + clock.chance)]
    (warning,) = http.warnings
    assert (
        warning.startswith("Netlify limits the rate of ")
        and f"{wait:.0f} s" in warning
        and iso(wait, "%Y-%m-%dT%H:%M:%SZ") in warning
    )


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "NaN",
        "inf",
        "-inf",
        "1e400",
        "9" * 400,
        "99999999999999999",
        "",
        "2026-13-45 00:00:00 UTC",
        "Mon, 99 Foo 2013 99:99:99",
        "0x10",
        "١٢",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        TOKEN,
    ],
)
@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_a_limit_that_names_no_time_is_waited_for_as_any_fault(server, http, clock, header, value):
    server.say(reply(429, headers=[(header, value.encode().decode("latin-1"))]))
    get(http)
    assert len(clock.slept) == 1 and 0 < clock.slept[0] < 15


def test_seconds_are_believed_before_the_reset(server, http, clock):
    server.say(
        reply(429, headers=[("X-RateLimit-Reset", str(int(NOW) + 60)), ("Retry-After", "3")]),
        reply(429, headers=[("X-RateLimit-Reset", str(int(NOW) + 60)), ("Retry-After", "garbage")]),
    )
    get(http)
    assert clock.slept[0] == 3.5 and 55 < clock.slept[1] < 61


def test_an_outage_with_a_time_is_waited_for_and_told_too(server, http, clock):
    server.say(reply(503, headers=[("Retry-After", "120")]))
    get(http)
    assert clock.slept == [120.5]
    assert "120 s" in http.warnings[0] and "limits" not in http.warnings[0]


@pytest.mark.parametrize(
    "header, value",
    [("Retry-After", "4000"), ("X-RateLimit-Reset", str(int(NOW) + 4000)), ("X-RateLimit-Reset", iso(4000))],
)
def test_a_reset_beyond_the_deadline_fails_at_once_and_names_the_time(server, http, clock, header, value):
    server.say(reply(429, {"message": "limit"}, [(header, value)]))
    error = failing(ApiError, post, http)
    assert not clock.slept and len(server.seen) == 1
    assert error.details["retry_at"] == iso(4000, "%Y-%m-%dT%H:%M:%SZ") and error.details["retry_at"] in str(error)
    assert "deadline" in str(error) and not http.warnings


def test_a_wait_that_just_fits_leaves_time_for_the_call(server, connect, clock):
    clock.chance = 0.99
    server.say(reply(429, headers=[("Retry-After", "9")]))
    get(connect(server.url, deadline=9.1))
    assert 9 <= clock.passed < 9.1


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body, message, code",
    [
        ({"code": 404, "message": "Not Found"}, "Not Found", 404),
        (
            {"errors": {"subdomain": ["must be unique", "is too long"], "name": ["bad"]}},
            "subdomain must be unique, is too long; name bad",
            None,
        ),
        ({"errors": "already exists"}, "already exists", None),
        ({"error": "Not Found"}, "Not Found", None),
        ({"status": 500, "error": "Internal Server Error"}, "Internal Server Error", None),
        (
            {
                "errors": [
                    {"message": "no such tenant", "extensions": {"code": "not-found", "path": "$"}},
                    {"message": "also"},
                ]
            },
            "no such tenant; also",
            "not-found",
        ),
        ({"data": None, "errors": [{"message": "denied", "errorType": "Unauthorized"}]}, "denied", "Unauthorized"),
        ({"message": "Bad request", "errorCode": "BAD_INPUT"}, "Bad request", "BAD_INPUT"),
        (
            {
                "path": "$",
                "error": "no",
                "code": "unexpected",
                "internal": [{"name": "table a", "reason": "gone", "definition": "long"}, {"name": "b"}, 1],
            },
            "no (table a: gone)",
            "unexpected",
        ),
        ({"error": "no", "internal": {"name": "a", "reason": "b"}}, "no", None),
        ({"error": {"code": 7, "message": "deep"}}, "deep", 7),
        ({"errors": ["one", "two"]}, "one; two", None),
        ({"errors": [{"message": "odd", "extensions": ["no", "dict"]}]}, "odd", None),
        ({"errors": [[{"a": None}], None, 3]}, '{"a": null}; null; 3', None),
        ({"errors": {"base": {"deep": ["x"]}}}, 'base {"deep": ["x"]}', None),
        ({"message": "", "error": "second"}, "second", None),
        ({"message": None, "errors": [], "error": {}, "detail": "ü"}, '"detail": "ü"', None),
        ([1, "two"], '[1, "two"]', None),
        ("just text", "just text", None),
        (b"Not Found", "Not Found", None),
        (b"\xff\xfeNot Found", "Not Found", None),
        (b"<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>", "502 Bad Gateway", None),
        (b"<!DOCTYPE html><H1 class=x>Down &amp; out</H1>", "Down & out", None),
        (b"<p>No <b>title</b></p>", "No title", None),
        (b'{"message": "cut sho', '{"message": "cut sho', None),
        (b"[" * 50_000, "[[[", None),
    ],
)
def test_the_message_is_found_in_every_shape(server, http, body, message, code):
    server.say(reply(422, body, [("X-Request-Id", "r-1")]))
    error = failing(ApiError, post, http)
    assert message in str(error) and error.code == code
    assert str(error).startswith("Netlify createSite failed: POST /api/v1/sites answered 422: ")
    assert error.details == {
        "platform": "netlify",
        "operation": "createSite",
        "method": "POST",
        "path": "/api/v1/sites",
        "status": 422,
        "code": code,
        "request_id": "r-1",
    }
    json.dumps(error.details)


@pytest.mark.parametrize("body", [b"", b"  \n", {}, b"<html></html>"])
def test_a_refusal_without_a_message(server, http, body):
    server.say(reply(403, body))
    assert (
        str(failing(ApiError, get, http))
        == "Netlify listSites failed: GET /api/v1/sites answered 403 without a message."
    )


def test_a_401_says_where_to_look(server, http):
    server.say(reply(401, {"code": 401, "message": "Access Denied"}))
    assert "Access Denied (is the token right, and not expired?)" in str(failing(ApiError, get, http))


@pytest.mark.parametrize(
    "body", [{"message": "x" * 100_000}, b"x" * 3_000_000, {"a": "x" * 100_000}, b"<html>" + b"x" * 100_000]
)
def test_a_huge_refusal_is_cut(server, http, body):
    server.say(reply(404, body, [("X-Request-Id", "r" * 30_000)]))
    error = failing(ApiError, get, http)
    assert len(str(error)) < 700 and str(error).endswith(" [...].") and len(error.details["request_id"]) < 600
    get(http)


@pytest.mark.parametrize(
    "step",
    [
        then_cut(b'HTTP/1.1 422 No\r\nContent-Length: 100\r\n\r\n{"message": "half'),
        then_cut(b"HTTP/1.1 422 No\r\nContent-Length: 100\r\n\r\n"),
        then_cut(b'HTTP/1.1 422 No\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{"message": "half\r\n'),
        reply(422, b"half", [("Content-Encoding", "gzip")]),
    ],
)
def test_a_refusal_whose_text_is_cut_short_is_still_a_refusal(server, http, step):
    server.say(step)
    assert failing(ApiError, post, http).status == 422
    assert len(server.seen) == 1


def test_answers_without_a_body(server, http):
    server.say(reply(204, b""), b"HTTP/1.1 204 No\r\n\r\n", reply(200, b""))
    for _each in range(3):
        assert put(http).data is None
    server.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    answer = http.request("HEAD", "/sites", operation="head")
    assert (answer.status, answer.content) == (200, b"")
    assert http.confirmed_writes == ["upload"] * 3


def test_bodies_that_are_not_asked_for_are_not_parsed(server, http):
    server.say(reply(200, b"OK"))
    answer = put(http)
    assert answer.data is None and answer.content == b"OK"


def test_compressed_and_chunked_answers(server, http):
    import gzip

    packed = gzip.compress(b'{"id": "1"}')
    server.say(reply(200, packed, [("Content-Encoding", "gzip")]), CHUNKED + b'5\r\n{"id"\r\n6\r\n: "1"}\r\n0\r\n\r\n')
    assert get(http, shape=dict).data == get(http, shape=dict).data == {"id": "1"}


def test_a_megabyte_of_json(server, http):
    rows = [{"id": number, "text": "x" * 90} for number in range(20_000)]
    server.say(reply(200, rows))
    assert get(http, shape=list).data == rows


def test_what_was_confirmed(server, http):
    get(http)
    server.say(reply(404), reply(201, {}), reply(500), reply(201, b"garbled"), reply(200, {}))
    failing(ApiError, put, http)
    assert not http.confirmed_writes
    post(http, shape=dict)
    assert http.confirmed_writes == ["createSite"]
    failing(LostAnswer, post, http, shape=dict)
    assert http.confirmed_writes == ["createSite"]
    # The platform said that it did it, whatever became of the text.
    failing(LostAnswer, post, http, shape=dict)
    assert http.confirmed_writes == ["createSite"] * 2
    post(http, is_write=False)
    assert len(http.confirmed_writes) == 2


# -- secrets -----------------------------------------------------------------------------------------------------------


WILD = "p\"a's/w\\o<r>d&%+ =é€😀;\t$#?~*(1)"
WRITERS = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON of Go and Rails": lambda text: (
        json.dumps(text)[1:-1].replace("<", "\\u003c").replace(">", "\\u003E").replace("&", "\\u0026")
    ),
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, all escaped": lambda text: "".join(
        f"\\u{unit:04x}" if not chr(unit).isalnum() or unit > 127 else chr(unit)
        for unit in struct.unpack(f">{len(text.encode('utf-16-be')) // 2}H", text.encode("utf-16-be"))
    ),
    "URL": lambda text: quote(text, safe=""),
    "URL path": quote,
    "URL in small letters": lambda text: "".join(
        quote(char, safe="").lower() if not char.isalnum() else quote(char, safe="") for char in text
    ),
    "form": quote_plus,
    "URL in URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "HTML by numbers": lambda text: "".join(
        char if char.isalnum() and char.isascii() else f"&#{ord(char)};" for char in text
    ),
    "HTML by hex": lambda text: "".join(
        char if char.isalnum() and char.isascii() else f"&#x{ord(char):X};" for char in text
    ),
    "repr": lambda text: repr(text)[1:-1],
    "ascii": lambda text: ascii(text)[1:-1],
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_secret_is_masked_however_it_is_written(write):
    redactor = Redactor()
    redactor.add(WILD, TOKEN)
    for text in ("%s", "a %s b", "%s%s", f"%s {TOKEN} %s"):
        shown = redactor.clean(text.replace("%s", write(WILD)))
        assert shown == text.replace("%s", redactor.MASK).replace(TOKEN, redactor.MASK)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_random_secrets_are_masked_however_they_are_written(write):
    chance = random.Random(1)
    alphabet = [chr(number) for number in range(32, 127)] + list("éß€漢😀\n\t\r")
    for _round in range(200):
        secret = "".join(chance.choices(alphabet, k=chance.randint(1, 20))).strip() or "x"
        redactor = Redactor()
        redactor.add(secret)
        assert redactor.clean(f"[{write(secret)}]") in (
            f"[{redactor.MASK}]",
            redactor.MASK + write(secret)[1:] + "]",
        ), secret


def test_the_mask_is_stable_and_longer_secrets_come_first():
    redactor = Redactor()
    redactor.add("*", "**", "abc", "abcdef", " padded\n", "", "   ", None, 3, True)
    assert redactor.clean("abcdef-abc-*-padded-3") == "********-********-********-********-3"
    assert redactor.clean(["abc", 3, True, None, {"abc": ("abc", 1.5)}]) == [
        "********",
        3,
        True,
        None,
        {"********": ["********", 1.5]},
    ]
    assert Redactor().clean("abc") == "abc"


def everything(error, http):
    return json.dumps(
        [str(error), error.message, error.args, error.details, http.warnings, repr(error)], ensure_ascii=False
    )


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("frame", ["{}", '{{"message": "x {}', "<title>a {} b</title>", "<html><p>{}</p> ", "[1, {}"])
def test_a_secret_that_comes_back_in_a_refusal(server, http, write, frame):
    secret = 'pass/word"<1>&2'
    http.redactor.add(secret)
    server.say(reply(422, frame.format(write(secret)).encode()))
    error = failing(ApiError, post, http)
    told = everything(error, http)
    assert MASK in told and "word" not in told


def test_a_secret_that_comes_back_in_json_in_any_place(server, http):
    secret = 'pass/word"<1>&2'
    http.redactor.add(secret)
    for body in (
        {"message": secret},
        {"errors": {secret: [secret]}},
        {"errors": [{"message": secret, "extensions": {"code": secret}}]},
        {"code": secret, "error": {"code": {secret: secret}, "message": "a"}},
        [secret],
        secret,
        {"x": {"y": secret}},
    ):
        server.say(reply(422, body, [("X-Request-Id", secret)]))
        assert "word" not in everything(failing(ApiError, post, http), http)


@pytest.mark.parametrize("before", range(480, 501, 5))
def test_a_secret_is_not_cut_in_half(server, http, before):
    server.say(
        reply(422, {"message": "x" * before + TOKEN}),
        reply(404, b"x" * before + TOKEN.encode()),
        reply(404, b"", [("X-Request-Id", "x" * before + TOKEN)]),
    )
    for call in (post, get, get):
        assert "nfp_" not in everything(failing(ApiError, call, http), http)


def test_a_secret_in_path_warning_and_redirect(server, http):
    server.say(
        reply(429, headers=[("Retry-After", "1")]),
        reply(302, headers=[("Location", f"https://{TOKEN}.evil.test/{TOKEN}?{TOKEN}")]),
    )
    error = failing(ApiError, http.request, "GET", f"/hooks/{TOKEN}", operation="hook")
    assert http.warnings and "nfp_" not in everything(error, http)


def test_nothing_is_logged_that_has_the_token(server, http, caplog):
    caplog.set_level("DEBUG")
    server.say(reply(401, {"message": TOKEN}), cut)
    failing(ApiError, post, http)
    failing(LostAnswer, post, http)
    assert TOKEN not in caplog.text


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_for_reads(server, http, status):
    server.say(reply(status, b"moved", [("Location", "/api/v1/elsewhere?page=2")]), reply(200, {"id": 1}))
    assert get(http, query={"a": 1}, shape=dict).data == {"id": 1}
    assert [seen.target for seen in server.seen] == ["/api/v1/sites?a=1", "/api/v1/elsewhere?page=2"]
    assert server.seen[1].headers["authorization"] == f"Bearer {TOKEN}"
    assert server.seen[1].connection == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [post, put])
def test_a_redirect_of_a_write_is_not_followed(server, http, status, call):
    server.say(reply(status, b"", [("Location", "/api/v1/elsewhere")]))
    error = failing(ApiError, call, http)
    assert error.code == "redirect" and error.status == status and len(server.seen) == 1


@pytest.mark.parametrize("call", [get, post])
def test_a_redirect_to_another_host_is_not_followed(server, http, call):
    with Server() as other:
        for target in (
            f"http://127.0.0.1:{other.port}/api/v1/sites",
            f"http://localhost:{server.port}/",
            f"https://127.0.0.1:{server.port}/",
            f"//127.0.0.1:{other.port}/",
            f"http://127.0.0.1:{server.port}@127.0.0.1:{other.port}/",
            "file:///etc/passwd",
            f"http://[127.0.0.1:{other.port}/",
            "http://127.0.0.1:port/",
            "javascript:alert(1)",
            "http://127.0.0.1:99999/",
        ):
            server.say(reply(302, b"", [("Location", target)]))
            error = failing(ApiError, call, http)
            assert error.code == "foreign_redirect" and error.status == 302 and "another host" in str(error)
        assert not other.seen
    assert len(server.seen) == 10


def test_a_backslash_in_a_redirect_leads_to_no_other_host(server, http):
    with Server() as other:
        for target in (
            f"http://127.0.0.1:{other.port}\\@127.0.0.1:{server.port}/",
            f"/\\127.0.0.1:{other.port}/",
            f"\\\\127.0.0.1:{other.port}/",
            f"http:\\\\127.0.0.1:{other.port}/",
            f"http:127.0.0.1:{other.port}/",
        ):
            server.say(reply(302, b"", [("Location", target)]))
            with contextlib.suppress(ApiError):
                get(http)
        assert not other.seen


def test_redirects_in_a_circle_end(server, http):
    server.say(*[reply(302, b"", [("Location", "/api/v1/sites")])] * 50)
    assert failing(ApiError, get, http).code == "redirect_loop"
    assert len(server.seen) == MAX_REDIRECTS + 1


# -- where a token may go ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://api.netlify.com",
        "https://api.netlify.com/api/v1",
        "HTTPS://API.netlify.com:8443/x",
        "http://localhost",
        "http://localhost:8080/api",
        "http://LOCALHOST",
        "http://site.localhost:1",
        "http://a.b-c.localhost",
        "http://127.0.0.1",
        "http://127.255.255.254:65535",
        "http://[::1]:80/x",
        "https://[2001:db8::1]/x",
        "https://10.0.0.1",
        "https://a_b.example.test",
        " https://api.netlify.com\n",
    ],
)
def test_urls_that_may_get_a_token(url):
    assert checked_url(url) == url.strip()


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.evil.com",
        "127.0.0.1.nip.io",
        "127.1",
        "127.0.0.1.",
        "localhost.",
        "localhost..",
        "0.0.0.0",
        "0",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.0.01",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1%25eth0]",
        "[::1%eth0]",
        "[0:0:0:0:0:0:0:1]",
        ".localhost",
        "localhost.localdomain",
        "ip6-localhost",
        "evil.com\\.localhost",
        "evil.com%2f.localhost",
        "evil.com%23.localhost",
        "evil.com;.localhost",
        "notlocalhost",
        "user@localhost",
        "localhost@evil.com",
        "user:secret@localhost",
        "@localhost",
        "localhost\\@evil.com",
        "evil.com#.localhost",
        "evil.com?.localhost",
        "evil.com\t.localhost",
        "evil.com\n.localhost",
        "evil.com .localhost",
        "evil.com\0.localhost",
        "ⓛocalhost",
        "127。0。0。1",
        "127.0.0.1\u3002evil.com",
        "localhost:80@evil.com",
        "localhost,evil.com",
        "a..localhost",
        "10.0.0.1",
        "169.254.169.254",
        "localhost:0",
        "localhost:x",
        "localhost:99999",
    ],
)
def test_plain_http_goes_to_this_machine_only(host):
    for path in ("", "/", "/api/v1"):
        error = failing(InvalidInput, checked_url, f"http://{host}{path}", "api_url")
        assert error.option == "api_url" and "api_url" in str(error) and "secret" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "api.netlify.com",
        "ftp://api.netlify.com",
        "https://",
        "https:///x",
        "https:api.netlify.com",
        "//api.netlify.com",
        "https://user:secret@a.test",
        "https://secret@a.test",
        "https://u:sec/ret@a.test",
        "https:/u:secret@a.test",
        "https://a.test?token=secret",
        "https://a.test/#secret",
        "https://a.test/?",
        "https://a.test#",
        "https://a.test/a b",
        "https://a.test\\evil.test",
        "https://[::1",
        "https://a.test:port",
        "https://bücher.test",
        "https://a.test/\x1b[31m",
        "javascript:x//y",
    ],
)
def test_urls_that_are_refused(url):
    error = failing(InvalidInput, checked_url, url)
    assert "secret" not in str(error) and "sec/ret" not in str(error)


# -- proxies and TLS ---------------------------------------------------------------------------------------------------


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


# The elliptic curve P-256 (SEC 2): y² = x³ - 3x + b modulo FIELD, with GENERATOR of prime ORDER.
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add_points(one, two):
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and one != two:
        return None
    slope = (
        (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, FIELD)
        if one == two
        else (two[1] - one[1]) * pow(two[0] - one[0], -1, FIELD)
    )
    x = (slope * slope - one[0] - two[0]) % FIELD
    return x, (slope * (one[0] - x) - one[1]) % FIELD


def generator_times(number):
    product, power = None, GENERATOR
    while number:
        if number & 1:
            product = add_points(product, power)
        power, number = add_points(power, power), number >> 1
    return product


def signature_of(text, key):
    """ECDSA with SHA-256, DER."""
    secret = random.randrange(1, ORDER)
    r = generator_times(secret)[0] % ORDER
    return der(
        0x30,
        integer(r),
        integer((int.from_bytes(hashlib.sha256(text).digest(), "big") + r * key) * pow(secret, -1, ORDER) % ORDER),
    )


def pem(label, body):
    return f"-----BEGIN {label}-----\n" + base64.encodebytes(body).decode() + f"-----END {label}-----\n"


def self_signed(host_names, addresses):
    """(certificate, key) as PEM texts: by hand, since the standard library cannot make any."""
    key = random.randrange(1, ORDER)
    curve = bytes.fromhex("06082a8648ce3d030107")
    public = der(3, b"\0\4", *(number.to_bytes(32, "big") for number in generator_times(key)))
    algorithm = der(0x30, bytes.fromhex("06082a8648ce3d040302"))
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(12, b"webops.paas test"))))
    names = der(
        0x30,
        *(der(0x82, host.encode()) for host in host_names),
        *(der(0x87, socket.inet_aton(each)) for each in addresses),
    )
    extensions = der(
        0xA3,
        der(
            0x30,
            der(0x30, bytes.fromhex("0603551d11"), der(4, names)),
            der(0x30, bytes.fromhex("0603551d13"), der(1, b"\xff"), der(4, der(0x30, der(1, b"\xff")))),
        ),
    )
    unsigned = der(
        0x30,
        der(0xA0, integer(2)),
        integer(1),
        algorithm,
        name,
        der(0x30, der(0x17, b"200101000000Z"), der(0x17, b"491231235959Z")),
        name,
        der(0x30, der(0x30, bytes.fromhex("06072a8648ce3d0201"), curve), public),
        extensions,
    )
    private = der(0x30, integer(1), der(4, key.to_bytes(32, "big")), der(0xA0, curve), der(0xA1, public))
    return (
        pem("CERTIFICATE", der(0x30, unsigned, algorithm, der(3, b"\0", signature_of(unsigned, key)))),
        pem("EC PRIVATE KEY", private),
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a file with a certificate for 127.0.0.1 and api.example.test, its own authority, and the key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_text("".join(self_signed(["api.example.test"], ["127.0.0.1"])))
    return str(path)


@pytest.fixture
def tls_server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(context) as running:
        yield running


def test_certificates_are_verified_and_that_is_not_repeated(tls_server, connect, clock):
    error = failing(ApiError, post, connect(tls_server.url))
    assert (
        error.code == "unreachable"
        and "TLS failed" in str(error)
        and "certificate" in str(error)
        and "ca_path" in str(error)
    )
    assert not tls_server.seen and not clock.slept


def test_ca_path_as_file_and_directory(tls_server, connect, certificate, tmp_path):
    get(connect(tls_server.url, ca_path=certificate))
    assert tls_server.seen[0].headers["authorization"]
    assert failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path))).code == "unreachable"


def test_a_ca_path_that_is_none(tls_server, connect, clock, tmp_path):
    (tmp_path / "text").write_text("no certificate")
    for name in ("text", "missing"):
        error = failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path / name)))
        assert error.code == "unreachable" and not clock.slept


def test_verification_can_be_switched_off(tls_server, connect, recwarn, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing"))
    get(connect(tls_server.url, validate_certs=False))
    assert len(tls_server.seen) == 1 and not recwarn.list


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_may_name_authorities(tls_server, connect, certificate, monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, certificate)
    get(connect(tls_server.url))
    failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path)))
    assert len(tls_server.seen) == 1


def test_another_host_s_certificate_is_refused(tls_server, connect, certificate, clock):
    error = failing(ApiError, get, connect(f"https://localhost:{tls_server.port}", ca_path=certificate))
    assert error.code == "unreachable" and "TLS failed" in str(error)
    assert not tls_server.seen and not clock.slept


def test_tls_spoken_to_a_server_without(server, connect, clock):
    error = failing(ApiError, get, connect(server.url.replace("http:", "https:"), timeout=0.2, retries=1))
    assert error.code in ("unreachable", "no_answer")
    assert not server.seen


@pytest.mark.parametrize("step", [cut, reset, then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")])
def test_a_tls_connection_that_breaks_is_no_matter_of_certificates(tls_server, connect, certificate, step):
    http = connect(tls_server.url, ca_path=certificate)
    tls_server.say(reply(), step, reply(), step, reply(200, {"id": 1}))
    get(http)
    assert failing(LostAnswer, post, http, shape=dict).code == "no_answer"
    get(http)
    assert get(http, shape=dict).data == {"id": 1}


def test_timeouts_hold_under_tls_too(tls_server, connect, certificate):
    tls_server.say(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000))
    began = time.monotonic()
    assert "timed out" in str(
        failing(ApiError, get, connect(tls_server.url, ca_path=certificate, timeout=0.2, retries=0))
    )
    assert time.monotonic() - began < 1.5


@pytest.fixture
def proxied(monkeypatch, server):
    """Every proxy variable names the plain server, with a password."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://user:pr%2Fxy-canary@127.0.0.1:{server.port}")
    return server


def tunnel_to(port):
    """What a proxy does after CONNECT."""

    def step(connection):
        with socket.create_connection(("127.0.0.1", port)) as target:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            both = {connection: target, target: connection}
            while True:
                for source in select.select(list(both), [], [], 10)[0]:
                    data = source.recv(65536)
                    if not data:
                        return False
                    both[source].sendall(data)

    return step


def test_a_proxy_of_the_environment_is_used(proxied, tls_server, connect, certificate):
    proxied.say(tunnel_to(tls_server.port))
    http = connect("https://api.example.test/v1", ca_path=certificate)
    get(http)
    post(http)
    http.close()
    (connecting,) = proxied.seen
    assert (connecting.method, connecting.target) == ("CONNECT", "api.example.test:443")
    assert base64.b64decode(connecting.headers["proxy-authorization"].split()[1]) == b"user:pr/xy-canary"
    assert "authorization" not in connecting.headers
    assert [seen.headers["authorization"] for seen in tls_server.seen] == [f"Bearer {TOKEN}"] * 2
    assert "proxy-authorization" not in tls_server.seen[0].headers


def test_a_cut_through_a_proxy_is_a_lost_answer(proxied, tls_server, connect, certificate):
    proxied.say(tunnel_to(tls_server.port), tunnel_to(tls_server.port))
    http = connect("https://api.example.test/v1", ca_path=certificate)
    tls_server.say(cut, reset)
    failing(LostAnswer, post, http)
    failing(LostAnswer, post, http)
    assert len(tls_server.seen) == 2


def test_a_proxy_that_refuses_or_is_not_there(proxied, connect, monkeypatch):
    proxied.say(reply(407, b"pr/xy-canary pr%2Fxy-canary"), reply(502, b""))
    http = connect("https://api.example.test/v1", retries=0)
    for status in ("407", "502"):
        error = failing(ApiError, post, http)
        assert error.code == "unreachable" and status in str(error) and "canary" not in everything(error, http)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://user:canary@127.0.0.1:{bound.getsockname()[1]}")
        http = connect("https://api.example.test/v1", retries=0)
        error = failing(ApiError, post, http)
    assert error.code == "unreachable" and "refused" in str(error) and "canary" not in everything(error, http)


@pytest.mark.parametrize(
    "proxy",
    ["http://", "::::", "http://user:canary@", "http://[::1", "http://user:canary@h:port", "http://user:canary@h:0"],
)
def test_a_proxy_setting_that_is_no_url_is_refused_before_any_call(connect, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    error = failing(InvalidInput, connect, "https://api.example.test/v1")
    assert "proxy" in str(error) and "canary" not in str(error)


@pytest.mark.parametrize(
    "proxy", ["foo://user:canary@127.0.0.1:1", "http://user:canary@a..b:1", "http://user:canary@" + "a" * 64 + ":1"]
)
def test_a_proxy_setting_that_cannot_work(connect, clock, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    http = connect("https://api.example.test/v1", retries=1)
    error = failing(ApiError, post, http)
    assert error.code == "unreachable" and "canary" not in everything(error, http)


def test_no_proxy_holds(proxied, connect, monkeypatch):
    monkeypatch.setenv("no_proxy", "example.test")

    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    failing(ApiError, get, connect("https://api.example.test", retries=0))
    assert not proxied.seen


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_is_never_used_for_this_machine(proxied, connect, host):
    with Server() as target:
        get(connect(f"http://{host}:{target.port}/api"))
        assert [seen.target for seen in target.seen] == ["/api/sites"]
    assert not proxied.seen


def test_a_proxy_is_never_used_for_this_machine_under_tls(proxied, tls_server, connect, certificate):
    get(connect(tls_server.url, ca_path=certificate))
    assert len(tls_server.seen) == 1 and not proxied.seen


# -- pages -------------------------------------------------------------------------------------------------------------


def rows(*numbers):
    return [{"id": number} for number in numbers]


def listed(http, **options):
    return [row["id"] for row in NetlifyClient(http).pages("/sites", operation="listSites", **options)]


def pages_asked(server):
    return [seen.target.split("?")[1] for seen in server.seen]


def next_link(url="https://api.netlify.com/api/v1/sites?page=2&per_page=100", rel='rel="next"'):
    return [("Link", f'<{url}>; {rel}, <https://api.netlify.com/api/v1/sites?page=9>; rel="last"')]


@pytest.mark.parametrize("rel", ['rel="next"', "rel=next", "rel='next'", 'title="x"; rel="next"'])
def test_pages_follow_the_link_s_word_but_not_its_address(server, http, rel):
    server.say(
        reply(200, rows(1), next_link("https://evil.test/?page=7", rel)),
        reply(200, rows(2), next_link(rel=rel)),
        reply(200, rows(3), [("Link", '<https://x.test>; rel="prev"')]),
    )
    assert listed(http, query={"filter": "all"}) == [1, 2, 3]
    assert pages_asked(server) == [f"filter=all&page={page}&per_page=100" for page in (1, 2, 3)]


def test_pages_without_a_link_end_at_a_short_one(server, http):
    server.say(reply(200, rows(1, 2)), reply(200, rows(3, 4)), reply(200, rows(5)))
    assert listed(http, per_page=2) == [1, 2, 3, 4, 5]
    assert len(server.seen) == 3


def test_a_last_page_that_is_just_full(server, http):
    server.say(reply(200, rows(*range(100))), reply(200, []))
    assert listed(http) == list(range(100))
    server.say(reply(200, rows(*range(100)), [("Link", '<https://x.test>; rel="first"')]))
    assert len(listed(http)) == 100 and len(server.seen) == 3


def test_a_link_that_is_not_about_pages_changes_nothing(server, http):
    server.say(reply(200, rows(1, 2), [("Link", '<https://x.test/style.css>; rel="preload"')]), reply(200, rows(3)))
    assert listed(http, per_page=2) == [1, 2, 3]


@pytest.mark.parametrize("link", ["", "garbage", "<", ";;;,,,", "<x>; rel"])
def test_a_link_that_is_none(server, http, link):
    server.say(reply(200, rows(1), [("Link", link)]))
    assert listed(http) == [1]


def test_an_empty_list_and_an_empty_page_with_a_next(server, http):
    server.say(reply(200, []), reply(200, [], next_link()))
    assert listed(http) == listed(http) == []
    assert len(server.seen) == 2


def test_pages_are_read_as_they_are_needed(server, http):
    server.say(*[reply(200, rows(page * 2, page * 2 + 1), next_link()) for page in range(9)])
    found = NetlifyClient(http).pages("/sites", operation="listSites")
    assert not server.seen
    next(found)
    assert len(server.seen) == 1
    assert listed(http, limit=3) == [2, 3, 4] and len(server.seen) == 3
    assert listed(http, limit=2) == [6, 7] and len(server.seen) == 4


def test_a_list_that_never_ends_is_noticed(server, http):
    server.say(*[reply(200, rows(1, 2), next_link())] * 20)
    error = failing(ApiError, listed, http)
    assert error.code == "endless_pages" and len(server.seen) == 2


def test_a_page_that_fails_is_repeated_or_raises(server, http):
    server.say(
        reply(200, rows(1), next_link()),
        reply(502, b"<html>"),
        reply(200, rows(2), next_link()),
        reply(403, {"message": "no"}),
    )
    found = NetlifyClient(http).pages("/sites", operation="listSites")
    assert [next(found)["id"], next(found)["id"]] == [1, 2]
    failing(ApiError, next, found)


def test_a_page_that_is_no_list(server, connect):
    server.say(reply(200, {"sites": []}))
    assert "where a list was expected" in str(failing(ApiError, listed, connect(server.url, retries=0)))


# -- from plain Python -------------------------------------------------------------------------------------------------


def test_http_needs_no_ansible_and_is_imported_without_requests():
    script = """if True:
        import sys
        class Refuse:
            def find_spec(self, name, *unused):
                if name.split(".")[0] in ("ansible", "requests", "urllib3"):
                    raise ImportError(name)
        sys.meta_path.insert(0, Refuse())
        from ansible_collections.webops.paas.plugins.module_utils._http import graphql, rest, third_party, transport
        assert third_party.requests is None and "ImportError" in third_party.REQUESTS_IMPORT_ERROR
    """
    directory = __file__
    for _level in range(8):
        directory = os.path.dirname(directory)
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": directory})


# -- Connections that outlive a task ------------------------------------------------------------------------------------


def task_after_task(connect, sessions, url, *tokens, **options):
    """A GET by an object of its own for each token."""
    for token in tokens:
        http = connect(url, token=token, sessions=sessions, **options)
        get(http)
        http.close()


def test_kept_connections_are_for_the_same_token_and_settings_only(server, connect):
    sessions = Sessions()
    task_after_task(connect, sessions, server.url, "one", "two", "one", "two")
    task_after_task(connect, sessions, server.url, "one", validate_certs=False)
    task_after_task(connect, sessions, server.url + "/other", "one")
    assert [seen.connection for seen in server.seen] == [0, 1, 0, 1, 2, 3]
    assert [seen.headers["authorization"] for seen in server.seen[:3]] == ["Bearer one", "Bearer two", "Bearer one"]


def test_nothing_but_the_connection_is_kept(server, connect, clock):
    sessions = Sessions()
    first = connect(server.url, sessions=sessions, deadline=10)
    put(first)
    first.close()
    clock.passed += 60
    second = connect(server.url, sessions=sessions, deadline=10)
    get(second)
    assert [seen.connection for seen in server.seen] == [0, 0]
    assert first.confirmed_writes and not second.confirmed_writes
    assert second.remaining() == 10


def test_two_at_once_never_share_a_connection(server, connect):
    sessions = Sessions()
    first, second = (connect(server.url, sessions=sessions) for _each in range(2))
    get(first)
    get(second)
    first.close()
    second.close()
    assert [seen.connection for seen in server.seen] == [0, 1]


def test_a_connection_that_was_idle_for_long_is_not_used_again(server, connect):
    passed = [0.0]
    sessions = Sessions(monotonic=lambda: passed[0])
    for pause in (0, 2.9, 3.1):
        passed[0] += pause
        task_after_task(connect, sessions, server.url, TOKEN)
    assert [seen.connection for seen in server.seen] == [0, 0, 1]


def test_a_kept_connection_that_the_server_closed_meanwhile_loses_no_create(server, connect):
    sessions = Sessions()

    def answer_and_close(connection):
        connection.sendall(reply())
        return False

    server.say(answer_and_close)
    task_after_task(connect, sessions, server.url, TOKEN)
    time.sleep(0.1)
    http = connect(server.url, sessions=sessions)
    assert post(http).status == 200
    assert [seen.connection for seen in server.seen] == [0, 1]


# -- Progress ------------------------------------------------------------------------------------------------------------


def test_progress_is_told_now_and_then_for_all_clones_together(connect, server, clock):
    told = []
    http = connect(server.url, progress=told.append)
    for number in range(21):
        (http.clone() if number % 2 else http).progress(f"{number} of 20, {TOKEN}")
        clock.passed += 1
    assert told == [f"{number} of 20, {MASK}" for number in (5, 10, 15, 20)]


def test_progress_that_nobody_watches(http, clock):
    clock.passed += 60
    http.progress("halfway")


def test_a_stream_ends_with_the_other_calls_of_its_task(server, http):
    """A task that was interrupted does not go on to upload."""

    class Endless:
        sent = 0

        def read(self, size):
            Endless.sent += size
            http.cancelled.set()
            return b"x" * size

        def __len__(self):
            return 1 << 30

    failing(ApiError, put, http, stream=lambda: contextlib.nullcontext(Endless()))
    assert Endless.sent < 1 << 22


# -- secrets that may be anything --------------------------------------------------------------------------------------


def test_values_that_may_be_anything_are_masked_in_quotes_only():
    redactor = Redactor()
    redactor.add("token-4711")
    redactor.add_quoted("1", "production", "eu")
    said = "KEY=1 in production-2, 101 of eu; europe 11, token-4711"
    assert redactor.clean_quote(said) == "KEY=******** in ********-2, 101 of ********; europe 11, ********"
    assert redactor.clean(said) == said.replace("token-4711", "********")
    assert redactor.clean_quote({"production": [1, "1"]}) == {"********": [1, "********"]}


def test_a_refusal_masks_what_the_platform_quotes_and_leaves_our_words(server, http):
    server.say(reply(422, b'{"message": "KEY must not be 1", "code": 1}'))
    http.redactor.add_quoted("1")
    with pytest.raises(ApiError) as failure:
        get(http, "/sites/1")
    assert "/sites/1 answered 422: KEY must not be ********." in failure.value.message
    assert failure.value.code == 1


# -- other addresses ---------------------------------------------------------------------------------------------------


def test_another_address_has_a_credential_of_its_own_and_is_closed_with_the_first(server, http):
    other = http.at(http.base_url + "/other", HeaderAuth("X-Secret", "of-the-other"))
    get(other, "/x")
    request = server.seen[-1]
    assert (
        request.target.endswith("/other/x")
        and request.headers["x-secret"] == "of-the-other"
        and "authorization" not in request.headers
    )
    http.close()
    get(other, "/x")
    assert [seen.connection for seen in server.seen] == [0, 1]


def test_names_below_localhost_are_this_machine_without_asking_dns(server, connect, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", refuse_names(socket.getaddrinfo))
    own = connect(f"http://shop.localhost:{server.port}")
    get(own, "/x")
    assert server.seen[-1].headers["host"] == f"shop.localhost:{server.port}"


def refuse_names(resolve):
    def look_up(host, *arguments, **more):
        assert host == "127.0.0.1", f"DNS was asked for {host}"
        return resolve(host, *arguments, **more)

    return look_up
