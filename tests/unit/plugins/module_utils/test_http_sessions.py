# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that outlive a task, other addresses, and progress."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import time
from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted, size_words
from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth, Sessions
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    TOKEN,
    failing,
    get,
    post,
    put,
    reply,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


# -- Connections that outlive a task -----------------------------------------------------------------------------------


def task_after_task(connect, sessions, url, *tokens, **options):
    """A GET with a separate object for each token."""
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


def test_whom_a_connection_trusts_is_part_of_its_key(server, connect, tmp_path):
    """Also with versions of requests before 2.32, which do not separate such connections."""
    asked = []
    recorder = SimpleNamespace(take=asked.append, give_back=lambda key, session: session.close())
    for options in ({}, {"validate_certs": False}, {"ca_path": str(tmp_path)}, {"ca_path": str(tmp_path / "other")}):
        task_after_task(connect, recorder, server.url, TOKEN, **options)
    assert len(asked) == len(set(asked)) == 4


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


def test_a_connection_that_was_idle_for_long_is_closed():
    closed = []
    passed = [0.0]
    sessions = Sessions(monotonic=lambda: passed[0])
    for name in ("old", "new"):
        passed[0] += 2
        sessions.give_back(name, SimpleNamespace(close=lambda name=name: closed.append(name)))
    passed[0] += 1.5
    assert sessions.take("another") is None
    assert closed == ["old"]


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


# -- Progress ----------------------------------------------------------------------------------------------------------


def test_progress_is_told_now_and_then_for_all_clones_together(connect, server, clock):
    told = []
    http = connect(server.url, progress=told.append)
    for number in range(21):
        (http.clone() if number % 2 else http).progress(f"{number} of 20, {TOKEN}")
        clock.passed += 1
    assert told == [f"{number} of 20, {MASK}" for number in (5, 10, 15, 20)]


@pytest.mark.parametrize("seconds,is_told", [(55, True), (1, False)])
def test_a_long_wait_for_a_rate_limit_is_told_when_it_begins(connect, server, clock, seconds, is_told):
    told = []
    http = connect(server.url, progress=told.append)
    server.say(reply(429, headers=[("Retry-After", str(seconds))]), reply())
    get(http)
    assert len(http.warnings) == 1
    assert told == (http.warnings if is_told else [])


def test_progress_that_nobody_watches(http, clock):
    clock.passed += 60
    http.progress("halfway")


def test_the_bytes_of_a_large_body_are_told(connect, server, clock):
    """Each block takes longer than the pause between two messages."""
    told = []
    size = 300_000

    class Slow(io.BytesIO):
        def read(self, size=-1):
            clock.passed += 6
            return super().read(size)

        def write(self, block):
            clock.passed += 6
            return super().write(block)

    http = connect(server.url, progress=told.append)
    put(http, stream=lambda: contextlib.nullcontext(Slow(b"x" * size)))
    assert len(told) > 2 and all(re.fullmatch(r"\w+: .+ of 300\.0 kB sent", message) for message in told)
    assert told[-1] == "upload: 300.0 kB of 300.0 kB sent"
    told.clear()
    server.say(reply(body=b"y" * size))
    file = Slow()
    get(http, into=file)
    assert file.getvalue() == b"y" * size
    assert len(told) > 2 and told[-1].endswith(": 300.0 kB received")


@pytest.mark.parametrize(
    "size,words",
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (3_400_000, "3.4 MB"),
        (12_000_000_000, "12.0 GB"),
    ],
)
def test_sizes_in_words(size, words):
    assert size_words(size) == words


def test_what_is_counted_has_a_plural():
    assert [counted(number, "site") for number in (0, 1, 2)] == ["0 sites", "1 site", "2 sites"]


def test_a_stream_ends_with_the_other_calls_of_its_task(server, http):
    """An interrupted task does not continue to upload."""

    class Endless:
        sent = 0

        def read(self, size):
            Endless.sent += size
            http.cancelled.set()
            return b"x" * size

        def tell(self):
            return 0

        def seek(self, _offset, _whence=0):
            return 1 << 30

    failing(ApiError, put, http, stream=lambda: contextlib.nullcontext(Endless()))
    assert Endless.sent < 1 << 22


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
