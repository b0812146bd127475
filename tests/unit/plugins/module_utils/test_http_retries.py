# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What _http retries, and when: failures and rate limits."""

from __future__ import annotations

import contextlib
import email.utils
import socket
import time

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    CHUNKED,
    NOW,
    TOKEN,
    Server,
    cut,
    failing,
    get,
    post,
    put,
    reply,
    reset,
    then_cut,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


# -- retries -----------------------------------------------------------------------------------------------------------


# Incomplete responses to a request for a JSON object.
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
    "contradictory headers": reply(body=b'{"id": "1"}', headers=[("Content-Length", "12")]),
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


@pytest.mark.parametrize(
    "fault",
    [
        then_cut(b'[{"value": "of another variable"}]'),
        then_cut(b'[{"value": "of another variable"}]\r\n\r\n'),
        then_cut(CHUNKED + b'[{"value": "of another variable"}]'),
        then_cut(CHUNKED + b'b\r\n{"id": "1"}\r\n[{"value": "of another variable"}]\r\n'),
        then_cut(CHUNKED + b'fff\r\n[{"value": "of another variable"}]'),
        then_cut(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{"value": "of another variable"}]'),
    ],
    ids=["no HTTP", "no headers", "no chunk", "no second chunk", "half a chunk", "half a body"],
)
def test_a_failure_never_quotes_the_body(server, http, clock, fault):
    """It can contain secrets that nobody has declared."""
    server.say(*[fault] * 9)
    error = failing(ApiError, get, http, shape=list)
    assert error.code == "lost_response" and "variable" not in str(error)


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


@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_limits_do_not_use_up_the_retries(server, connect, clock, header):
    """Many runs with one token: of those that wait for the same minute, only some have their turn in it."""
    for number in range(12):
        ends_at = 60 if header == "Retry-After" else int(NOW) + 61 * (number + 1)
        server.say(reply(429, headers=[(header, str(ends_at))]))
    server.say(reply(500), reply(429), reply(201, {"id": "1"}))
    http = connect(server.url, retries=2, deadline=1800)
    assert http.request("POST", "/sites", operation="any", body={}, idempotent=True, shape=dict).data == {"id": "1"}
    assert len(server.seen) == 15


def test_the_deadline_bounds_the_waits_for_limits(server, connect, clock):
    for _number in range(12):
        server.say(reply(429, headers=[("Retry-After", "60")]))
    error = failing(ApiError, post, connect(server.url, retries=2, deadline=300), shape=dict)
    assert error.code == "rate_limited" and error.details["retry_at"]
    assert len(server.seen) in (4, 5) and sum(clock.slept) <= 300


@pytest.mark.parametrize("retries, seconds, sent", [(0, 60, 1), (2, 1, 3)])
def test_limits_that_are_not_waited_for_again(server, connect, clock, retries, seconds, sent):
    for _number in range(5):
        server.say(reply(429, headers=[("Retry-After", str(seconds))]))
    assert failing(ApiError, post, connect(server.url, retries=retries), shape=dict).code == "rate_limited"
    assert len(server.seen) == sent


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
        "platform_code": None,
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
    assert str(error).endswith(" 503: down. (tried 6 times)")
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
    assert all(low * 1.9 < high < low * 2 for low, high in zip(lowest, highest, strict=True))
    http.close()


def test_retries_are_bounded_by_the_deadline_and_the_cause_is_told(server, connect, clock):
    server.say(*[reply(503, {"message": "down"})] * 50)
    http = connect(server.url, retries=1000, deadline=60)
    error = failing(ApiError, get, http)
    assert clock.passed < 60
    assert error.status == 503 and "down" in str(error) and "`deadline`, 60 s" in str(error)


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


def test_a_limit_that_one_clone_has_met_holds_for_the_others(server, http, clock):
    """No thread sends the same operation before the time is over; other operations are not delayed."""
    server.say(reply(429, headers=[("Retry-After", "40")]), reply(), reply(), reply())
    twin = http.clone()
    sleep = clock.sleep
    asked_at = []

    def first_sleep(seconds):
        # The limit has been reported, and its time has not started to run out.
        clock.sleep = sleep
        put(twin)
        asked_at.append(clock.passed)
        get(twin)
        asked_at.append(clock.passed)
        sleep(seconds)

    clock.sleep = first_sleep
    get(http)
    twin.close()
    assert asked_at == [0, pytest.approx(40 + clock.chance)]
    assert len(http.warnings) == 1
