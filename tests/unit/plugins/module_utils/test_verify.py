# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module verify reports, how it waits, and where it is redirected to, against real servers."""

from __future__ import annotations

import threading
import time

import pytest

pytest.importorskip("requests")


from ansible_collections.webops.paas.plugins.module_utils._web.client import LOOKED_AT
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    NOW,
    FakeClock,
    cut,
    reply,
    silent,
    then_cut,
)
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.verify_runs import (
    address,
    headers_of,
    moved,
    only_check,
    problems,
    run,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


# -- what is reported --------------------------------------------------------------------------------------------------


def test_a_check_that_holds(server):
    server.say(reply(body=b"<h1>Welcome</h1>"))
    result = run({"url": address(server, "/a%20b?c=d#e"), "contains": ["Welcome"]})
    assert "failed" not in result and "msg" not in result
    check = only_check(result)
    assert 0 <= check.pop("seconds") < 5
    assert check == {
        "url": address(server, "/a%20b?c=d"),
        "method": "GET",
        "ok": True,
        "skipped": False,
        "status": 200,
        "attempts": 1,
        "redirected_to": None,
        "certificate_days_left": None,
        "problems": [],
    }
    assert [(seen.method, seen.target, seen.body) for seen in server.seen] == [("GET", "/a%20b?c=d", b"")]
    assert server.seen[0].headers["accept"] == "*/*"


def test_all_that_fails_is_named_in_one_message_and_in_order(server, other):
    server.say(reply(404, b"<html><title>Page not found</title>x</html>"))
    other.say(reply(body=b"no"))
    unused = "http://127.0.0.1:9/"
    [no_answer] = problems(unused)
    result = run(address(server), {"url": address(other), "contains": ["yes"]}, address(other, "/fine"), unused)
    assert [check["url"] for check in result["checks"]] == [
        address(server),
        address(other),
        address(other, "/fine"),
        unused,
    ]
    assert [check["ok"] for check in result["checks"]] == [False, False, True, False]
    assert result["failed"] is True
    assert result["msg"] == (
        f"3 of 4 checks failed within 0 s. GET {address(server)} returned 404 instead of 200 (Page not found). "
        f"GET {address(other)} does not contain 'yes'. "
        f"GET {unused} {no_answer}."
    )
    assert result["error"] == {
        "platform": "web",
        "operation": "verify",
        "method": "GET",
        "url": address(server),
        "status": 404,
        "code": "check_failed",
    }


def test_checks_of_a_run_go_side_by_side(server):
    both_are_here = threading.Barrier(2)

    def answer(connection):
        both_are_here.wait(10)
        connection.sendall(reply())
        return True

    server.say(answer, answer)
    assert not run(address(server), address(server)).get("failed")


@pytest.mark.parametrize(
    "expected,answer,sentence",
    [
        ({"status": [200, 204]}, reply(500, b""), "500 instead of 200 or 204"),
        ({}, reply(500, {"message": "out of order"}), "500 instead of 200 (out of order)"),
        (
            {},
            reply(302, b"", [("Location", "/login")]),
            "302 instead of 200, and its redirect to {address}/login is not followed",
        ),
        ({"contains": ["a", "b"]}, reply(body=b"a"), "does not contain 'b'"),
        ({"not_contains": ["a"]}, reply(body=b"an error"), "contains 'a'"),
        ({"matches": ["^b$"]}, reply(body=b"a\nb"), "does not match '^b$'"),
        ({"response_headers": {"x-robots-tag": ""}}, reply(), "has no header x-robots-tag"),
        (
            {"response_headers": {"Cache-Control": "public"}},
            reply(headers=[("cache-control", "no-store")]),
            "header Cache-Control with the value 'no-store', which does not match 'public'",
        ),
        ({"json": {"a.b": 1}}, reply(body={"a": {"b": 2}}), "has 2 at a.b instead of 1"),
        ({"json": {"a.c": "x"}}, reply(body={"a": {"b": 2}}), 'has nothing at a.c instead of "x"'),
        ({"json": {"": []}}, reply(body=[1]), "has [1] at the top instead of []"),
        ({"json": {"a": 1}}, reply(body=b"<title>Oh</title>"), "JSON (Oh)"),
        ({"json": {"a": 1}}, reply(body=b""), "JSON (empty)"),
        ({"certificate_days": 1}, reply(), "has no TLS certificate"),
        ({}, cut, "the connection was lost"),
        ({}, then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "the connection was lost"),
    ],
)
def test_each_expectation_says_what_is_missing(server, expected, answer, sentence):
    server.say(answer)
    found = problems({"url": address(server), **expected})
    assert len(found) == 1 and sentence.format(address=address(server, "")) in found[0], found


@pytest.mark.parametrize(
    "expected,answer",
    [
        ({"status": [302], "response_headers": {"Location": "^/login$"}}, reply(302, b"", [("Location", "/login")])),
        ({"matches": ["(?m)^b$"]}, reply(body=b"a\nb")),
        ({"contains": ["für"]}, reply(body="für".encode())),
        (
            {"contains": ["für"]},
            reply(body="für".encode("latin-1"), headers=[("Content-Type", "text/html; charset=ISO-8859-1")]),
        ),
        (
            {"contains": ["für"]},
            reply(body="für".encode(), headers=[("Content-Type", "text/html; charset=no-such-thing")]),
        ),
        ({"status": [404], "contains": ["nothing here"]}, reply(404, b"x" * 100_000 + b"nothing here")),
        ({"json": {"a": None, "b": None}}, reply(body={"a": None})),
        (
            {"method": "HEAD", "response_headers": {"content-length": "^5$"}},
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ),
    ],
)
def test_expectations_that_hold(server, expected, answer):
    server.say(answer)
    assert not run({"url": address(server), **expected}).get("failed")


def test_an_answer_that_is_too_slow(server):
    def answer(connection):
        time.sleep(0.2)
        connection.sendall(reply())
        return True

    class RealTime(FakeClock):
        def monotonic(self):
            return time.monotonic()

    server.say(answer)
    [problem] = problems({"url": address(server), "max_seconds": 0.1}, clock=RealTime())
    assert problem.startswith("took 0.") and problem.endswith("s, more than 0.1 s")


def test_no_more_than_some_megabytes_are_read(server):
    server.say(reply(body=b"x" * (LOOKED_AT + 5) + b"end"), reply(body=b"x" * (LOOKED_AT - 3) + b"end"))
    assert problems({"url": address(server), "contains": ["end"]}) == ["does not contain 'end' in its first 8 MiB"]
    assert not run({"url": address(server), "contains": ["end"]}).get("failed")


def test_the_timeout_of_one_request(server):
    server.say(silent)
    [problem] = problems(address(server), timeout=0.1)
    assert "timed out after 0.1 s" in problem


# -- waiting -----------------------------------------------------------------------------------------------------------


def test_looks_again_until_it_holds_and_not_at_what_has_held(server, other):
    clock = FakeClock()
    server.say(cut, reply(503), reply(404))
    result = run(address(server), address(other), wait=True, clock=clock)
    assert [(check["ok"], check["attempts"], check["status"]) for check in result["checks"]] == [
        (True, 4, 200),
        (True, 1, 200),
    ]
    assert len(other.seen) == 1 and clock.slept == [0.1, 0.2, 0.4]


def test_gives_up_in_time_and_tells_the_last_answer(server):
    clock = FakeClock()
    server.say(*[reply(503)] * 40)
    result = run(address(server), wait=True, wait_timeout=10, poll_interval=2, clock=clock)
    assert result["msg"].startswith(f"1 of 1 check failed within 10 s. GET {address(server)} ")
    assert result["msg"].endswith(" 503 instead of 200 (10 attempts).") and result["error"]["code"] == "check_failed"
    assert sum(clock.slept) == pytest.approx(10) and max(clock.slept) == 2


def test_without_waiting_one_look_is_all(server):
    server.say(reply(503))
    assert problems(address(server)) and len(server.seen) == 1


def test_the_deadline_ends_it_too(server):
    clock = FakeClock()
    server.say(*[reply(503)] * 40)
    assert run(address(server), wait=True, deadline=3, clock=clock)["failed"] and sum(clock.slept) == pytest.approx(3)


def test_a_server_that_limits_the_rate_is_not_asked_before_the_time_it_names(server):
    clock = FakeClock()
    server.say(reply(429, headers=[("Retry-After", "20")]))
    check = only_check(run(address(server), wait=True, clock=clock))
    assert check["ok"] and check["attempts"] == 2 and sum(clock.slept) >= 20


def test_a_limit_beyond_the_time_ends_it_at_once(server):
    clock = FakeClock()
    server.say(reply(429, headers=[("Retry-After", "3600")]))
    result = run(address(server), wait=True, clock=clock)
    assert not clock.slept and len(server.seen) == 1
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + 3600))
    assert result["error"]["retry_at"] == until and result["msg"].endswith(f"The server asks to wait until {until}.")


def test_a_server_that_is_not_ready_is_asked_again_whatever_it_says(server):
    server.say(reply(503, headers=[("Retry-After", "3600")]))
    assert only_check(run(address(server), wait=True))["ok"]


# -- checks that may change something ----------------------------------------------------------------------------------


def test_what_is_sent(server):
    run(
        {
            "url": address(server),
            "method": "POST",
            "body": {"a": 1},
            "headers": {"content-type": "application/vnd.a+json", "x-n": 5, "x-no": None},
        },
        clock=FakeClock(),
    )
    run({"url": address(server), "method": "PUT", "body": "text ü"})
    first, second = server.seen
    assert (first.method, first.body, first.headers["content-type"], first.headers["x-n"]) == (
        "POST",
        b'{"a":1}',
        "application/vnd.a+json",
        "5",
    )
    assert "x-no" not in first.headers
    assert (second.method, second.body) == ("PUT", "text ü".encode())


def test_check_mode_sends_no_write_and_says_so(server):
    result = run(address(server), {"url": address(server, "/write"), "method": "POST"}, check_mode=True)
    assert [seen.method for seen in server.seen] == ["GET"]
    assert [(check["ok"], check["skipped"], check["attempts"]) for check in result["checks"]] == [
        (True, False, 1),
        (None, True, 0),
    ]
    assert "failed" not in result


@pytest.mark.parametrize("missing", ["http://127.0.0.1:1/", "http://no-such-name.invalid/", None])
def test_what_may_not_exist_yet_is_a_warning_in_check_mode(server, missing):
    """It is not waited for; the real run waits for it, and fails."""
    server.say(*[reply(404)] * 9)
    url = missing or address(server)
    predicted = run(url, check_mode=True, wait=True, doubts=1)
    check = only_check(predicted)
    assert "failed" not in predicted and check["ok"] is False and check["attempts"] == 1 and check["problems"]
    real = run(url, wait=True, wait_timeout=0.3)
    assert real["failed"] and real["error"]["code"] == "check_failed" and only_check(real)["attempts"] > 1


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_exists_and_is_not_as_expected_fails_in_check_mode_too(server, check_mode):
    server.say(reply(500), reply(404), reply(500))
    result = run(address(server), "http://127.0.0.1:1/", check_mode=check_mode)
    assert result["failed"] and [check["attempts"] for check in result["checks"]] == [1, 1]


def test_writes_come_after_the_others_hold(server):
    server.say(reply(503))
    result = run(
        {"url": address(server), "method": "POST"},
        {"url": address(server), "method": "OPTIONS"},
        address(server),
        wait=True,
    )
    assert [seen.method for seen in server.seen][-1] == "POST" and len(server.seen) == 4
    assert all(check["ok"] for check in result["checks"])


def test_writes_are_not_sent_when_the_others_fail(server):
    server.say(reply(503))
    result = run({"url": address(server), "method": "DELETE"}, address(server))
    assert [seen.method for seen in server.seen] == ["GET"]
    assert [(check["ok"], check["skipped"]) for check in result["checks"]] == [(None, True), (False, False)]
    assert result["msg"].startswith("1 of 2 checks failed")


# -- redirects ---------------------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed_with_all_that_was_sent(server):
    server.say(moved("/two"), moved("three", 301), reply(body=b"here"))
    check = only_check(
        run(
            {
                "url": address(server, "/one/"),
                "contains": ["here"],
                "follow_redirects": "same_host",
                "headers": {"Authorization": "x"},
            }
        )
    )
    assert check["ok"] and check["redirected_to"] == address(server, "/three")
    assert headers_of(server) == ["x", "x", "x"]


def test_a_redirect_that_was_followed_is_not_told_as_one_that_was_not(server):
    server.say(moved("/two"), reply(404, b"gone"))
    [problem] = problems({"url": address(server), "follow_redirects": "same_host"})
    assert problem.endswith(f" 404 after a redirect to {address(server, '/two')} instead of 200 (gone)")
    server.say(moved("/two"), moved("https://other.example.test/"))
    [problem] = problems({"url": address(server), "follow_redirects": "same_host"})
    assert problem.endswith(" 302 instead of 200, and its redirect to https://other.example.test/ is not followed")


@pytest.mark.parametrize("charset", ["undefined", "idna", "hex", "none-such"])
def test_a_charset_that_decodes_no_body_is_no_failure(server, charset):
    server.say(reply(200, b"h\xc3\xa9re", [("Content-Type", f"text/html; charset={charset}")]))
    assert only_check(run({"url": address(server), "contains": ["h\u00e9re"]}))["ok"]


def test_another_port_of_the_same_host_gets_no_credential(server, other):
    server.say(moved(address(other)))
    assert only_check(
        run({"url": address(server), "follow_redirects": "same_host", "headers": {"Authorization": "x", "X-A": "b"}})
    )["ok"]
    assert headers_of(other) == [None] and "x-a" not in other.seen[0].headers


def test_another_host_is_followed_only_when_allowed_and_gets_no_credential(server, other):
    elsewhere = address(other).replace("127.0.0.1", "localhost")
    server.say(moved(elsewhere), moved(elsewhere))
    for follow, ok in (("same_host", False), ("all", True)):
        check = only_check(
            run(
                {
                    "url": address(server),
                    "follow_redirects": follow,
                    "headers": {"Cookie": "a=b", "Accept": "text/html"},
                }
            )
        )
        assert check["ok"] is ok and check["redirected_to"] == elsewhere
    [seen] = other.seen
    assert "cookie" not in seen.headers and seen.headers["accept"] == "text/html"


@pytest.mark.parametrize(
    "status,method,body",
    [(301, "GET", b""), (302, "GET", b""), (303, "GET", b""), (307, "POST", b"x"), (308, "POST", b"x")],
)
def test_what_becomes_of_a_post(server, status, method, body):
    server.say(moved("/two", status))
    assert only_check(run({"url": address(server), "method": "POST", "body": "x", "follow_redirects": "all"}))["ok"]
    assert (server.seen[1].method, server.seen[1].body) == (method, body)


def test_a_body_goes_to_no_other_host(server, other):
    server.say(moved(address(other), 307))
    assert (
        "not followed"
        in problems({"url": address(server), "method": "POST", "body": "x", "follow_redirects": "all"})[0]
    )
    assert not other.seen


def test_redirects_in_a_circle_end(server):
    server.say(*[moved("/")] * 20)
    [problem] = problems({"url": address(server), "follow_redirects": "all"})
    assert problem.endswith(f"was redirected more than 10 times, last to {address(server)}")


@pytest.mark.parametrize(
    "to", ["ftp://127.0.0.1/", "http://[", "http://127.0.0.1:0/", "mailto:a@b", "http://%zz/", "http://a\\@127.0.0.1/"]
)
def test_redirects_that_lead_nowhere_are_not_followed(server, to):
    server.say(moved(to))
    assert " 302 instead of 200" in problems({"url": address(server), "follow_redirects": "all"})[0]
