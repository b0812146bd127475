# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies are unpacked and read within a limit, in memory and to disk."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
import zlib
from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http import bodies
from ansible_collections.webops.paas.plugins.module_utils._http.failures import Broken
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    failing,
    get,
    post,
    put,
    reply,
    then_cut,
)

pytestmark = pytest.mark.usefixtures("plain_environment")

GZIP = ("Content-Encoding", "gzip")
MIB = 1024**2


def bomb(size):
    """As many zero bytes, packed."""
    packing = zlib.compressobj(9, zlib.DEFLATED, bodies.GZIP)
    return b"".join(packing.compress(bytes(MIB)) for _each in range(size // MIB)) + packing.flush()


@pytest.mark.parametrize("headers", [[GZIP], [("Content-Encoding", "GZip")], [("Content-Encoding", "x-gzip")]])
def test_packed_bodies_of_any_kind_come_whole(server, http, headers):
    chance = random.Random(1)
    for content in (b"", b"x", bytes(10 * MIB), chance.randbytes(300_000), b"ab" * 40_000 + chance.randbytes(70_000)):
        server.say(reply(200, gzip.compress(content), headers))
        assert get(http).content == content
        middle = len(content) // 2
        server.say(reply(200, gzip.compress(content[:middle]) + gzip.compress(content[middle:]), headers))
        assert get(http).content == content
        server.say(reply(200, gzip.compress(content) + b"\0" * 512, headers))
        assert get(http).content == content
    assert {seen.connection for seen in server.seen} == {0}
    assert {seen.headers["accept-encoding"] for seen in server.seen} == {"gzip"}


def test_packed_and_without_a_body(server, http):
    server.say(reply(200, b"", [GZIP]), reply(204, b"", [GZIP]), b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    assert [get(http).content, put(http).content] == [b"", b""]
    assert http.request("HEAD", "/x", operation="head").content == b""


def test_an_encoding_that_was_not_asked_for_is_left_as_it_is(server, http):
    server.say(reply(200, b"\x8b\x03\x80x\x03", [("Content-Encoding", "br")]))
    assert get(http).content == b"\x8b\x03\x80x\x03"


@pytest.mark.parametrize("packed", [gzip.compress(b"x" * 1000, mtime=0)[:-9], b"{}", b"\x1f\x8b"])
def test_what_is_no_whole_gzip_is_no_response(server, http, packed):
    server.say(reply(200, packed, [GZIP]))
    error = failing(LostAnswer, post, http)
    assert error.code == "lost_response" and "gzip" in str(error)


@pytest.mark.parametrize("call, kind", [(get, ApiError), (put, ApiError), (post, LostAnswer)])
@pytest.mark.parametrize("is_packed", [True, False], ids=["packed", "plain"])
def test_a_body_beyond_the_limit_is_refused_once(server, http, clock, monkeypatch, call, kind, is_packed):
    monkeypatch.setattr(bodies, "LONGEST_BODY", 3 * MIB)
    server.say(reply(200, bomb(4 * MIB), [GZIP]) if is_packed else reply(200, bytes(4 * MIB)), reply(200, bytes(MIB)))
    error = failing(kind, call, http)
    assert error.code == "too_large" and "3 MiB" in str(error)
    assert len(server.seen) == 1 and not clock.slept
    assert len(get(http).content) == MIB


def test_a_gzip_bomb_fills_no_memory(server, http):
    packed = bomb(1024 * MIB)
    twice = gzip.compress(packed)
    for body, headers in ((packed, [GZIP]), (twice, [("Content-Encoding", "gzip, gzip")])):
        server.say(reply(200, body, headers), reply(422, body, headers))
        tracemalloc.start()
        for _each in range(2):
            failing(ApiError, get, http, shape=dict, polled=True)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3 * bodies.LONGEST_BODY


def test_of_a_packed_refusal_the_beginning_is_quoted(server, http):
    packed = gzip.compress(b'{"message": "no"}')
    server.say(
        reply(404, packed, [GZIP]),
        then_cut(b"HTTP/1.1 404 No\r\nContent-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n" + packed[:-5]),
    )
    for _each in range(2):
        assert " 404: no." in str(failing(ApiError, get, http))


@pytest.mark.parametrize("status", [200, 404])
def test_a_body_that_was_cut_is_noticed_where_urllib3_does_not(status):
    """urllib3 before 2 takes it for whole. The newest does not, so that no server can show it."""
    response = SimpleNamespace(
        status=status, headers={}, stream=lambda *unused, **more: iter([b"{}"]), length_remaining=7
    )
    if status == 404:
        assert bodies.read_content(response) == b"{}"
    else:
        with pytest.raises(Broken, match="7 bytes before the end"):
            bodies.read_content(response)


# -- to disk -----------------------------------------------------------------------------------------------------------


def test_what_goes_to_disk_may_be_longer_and_begins_anew_with_each_attempt(server, http, monkeypatch):
    monkeypatch.setattr(bodies, "LONGEST_BODY", MIB)
    content = random.Random(1).randbytes(2 * MIB)
    begun = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + bytes(3 * MIB)
    server.say(then_cut(begun), reply(503, b"down"), reply(200, content))
    into = io.BytesIO()
    assert get(http, into=into).content == b""
    assert into.getvalue() == content


def test_what_goes_to_disk_has_a_limit_too(server, http, monkeypatch):
    monkeypatch.setattr(bodies, "LONGEST_DOWNLOAD", MIB)
    server.say(reply(200, bomb(2 * MIB), [GZIP]))
    into = io.BytesIO()
    assert failing(ApiError, get, http, into=into).code == "too_large"
    assert len(into.getvalue()) <= MIB


def test_a_refusal_does_not_go_to_disk(server, http):
    server.say(reply(404, {"message": "gone"}))
    into = io.BytesIO()
    assert "gone" in str(failing(ApiError, get, http, into=into))
    assert not into.getvalue()


def test_a_full_disk_is_no_fault_of_the_connection(server, http, clock):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    server.say(reply(200, b"x" * 10))
    with pytest.raises(OSError, match="No space left"):
        get(http, into=Full())
    assert len(server.seen) == 1 and not clock.slept
