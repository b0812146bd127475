# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What _http sends, how it uploads, and how long it waits for a response."""

from __future__ import annotations

import hashlib
import io
import json
import random
import socket
import time

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._core.version import VERSION
from ansible_collections.webops.paas.plugins.module_utils._http.bodies import READ_BLOCK
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    TOKEN,
    cut,
    drip,
    failing,
    get,
    post,
    put,
    reply,
    reset,
    silent,
    then_cut,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


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


def test_headers_of_a_request_replace_others_of_the_same_name(server, http):
    http.request("GET", "/sites", operation="listSites", headers={"user-agent": "mine", "AUTHORIZATION": "other"})
    (seen,) = server.seen
    assert seen.headers["user-agent"] == "mine" and seen.headers["authorization"] == f"Bearer {TOKEN}"


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
    """A stream function that counts its calls, and whose streams must all be closed at the end."""

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
    error = failing(ApiError, put, http, stream=lambda: io.FileIO(tmp_path / "gone"))
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
    # Long enough for the response that arrives, even on a busy machine.
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


def test_silence_after_some_bytes_does_not_begin_the_timeout_anew(server, connect):
    some = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"x" * 8, 0.1)
    server.say(lambda connection: some(connection) or silent(connection))
    began = time.monotonic()
    error = failing(ApiError, get, connect(server.url, timeout=1.2, retries=0))
    assert 1.1 < time.monotonic() - began < 1.8 and "timed out" in str(error)


def test_a_slow_answer_leaves_the_next_one_its_whole_time(server, connect):
    # Each response alone is in time, even on a busy machine; both together are not.
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
