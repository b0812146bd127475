# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits, and what is made of responses."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.transport.http_server import (
    CHUNKED,
    NOW,
    TOKEN,
    failing,
    get,
    http_date,
    iso,
    post,
    put,
    reply,
    then_cut,
)


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
