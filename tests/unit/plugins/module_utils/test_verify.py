# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module verify and what stands below it, against real servers, with and without TLS; only the clock is a fake."""

from __future__ import annotations

import json
import ssl
import threading
import time

import pytest
import yaml

pytest.importorskip("requests")

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.module_utils._web.check import Check
from ansible_collections.webops.paas.plugins.module_utils._web.client import LOOKED_AT
from ansible_collections.webops.paas.plugins.module_utils._web.json_path import (
    NOTHING,
    is_as_expected,
    parse_path,
    value_at,
)
from ansible_collections.webops.paas.plugins.module_utils._web.masking import masked_url
from ansible_collections.webops.paas.plugins.modules import verify
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.test_http import (
    NOW,
    FakeClock,
    Server,
    cut,
    plain_environment,
    reply,
    self_signed,
    silent,
    then_cut,
)

__all__ = ["plain_environment"]

MODULE = verify.MODULE

CANARY = "canary-0f3b9d"
# As self_signed dates its certificates.
CERTIFICATE_ENDS_AT = ssl.cert_time_to_seconds("Dec 31 23:59:59 2049 GMT")


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def other():
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a file with a certificate for www.example.test and 127.0.0.1, its own authority, and the key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_text("".join(self_signed(["www.example.test"], ["127.0.0.1"])), encoding="ascii")
    return str(path)


@pytest.fixture
def tls_server(certificate):
    """With sni: the names that clients asked for."""
    asked = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, unused: asked.append(name)
    with Server(context) as running:
        running.sni = asked
        yield running


def run(*urls, check_mode=False, clock=None, **options):
    """The module's result; a text is short for a URL."""
    given = {"urls": [{"url": url} if isinstance(url, str) else url for url in urls], "wait": False, **options}
    validated = ArgumentSpecValidator(**MODULE.spec).validate(given)
    assert not validated.error_messages, validated.error_messages
    warnings = []
    result = _module.perform(
        MODULE,
        validated.validated_parameters,
        check_mode=check_mode,
        want_diff=True,
        warn=warnings.append,
        clock=clock or FakeClock(),
    )
    assert not warnings
    assert result["changed"] is False and "diff" not in result
    assert "defect" not in result.get("msg", "")
    return result


def only_check(result):
    assert len(result["checks"]) == 1
    return result["checks"][0]


def problems(*urls, **options):
    """Of the only check, which fails."""
    result = run(*urls, **options)
    check = only_check(result)
    assert result["failed"] is True and check["ok"] is False
    assert all(problem in result["msg"] for problem in check["problems"]) and check["url"] in result["msg"]
    return check["problems"]


def address(server, path="/"):
    return server.url.removesuffix("/api/v1") + path


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
        f"3 of 4 checks failed within 0 s. GET {address(server)} answered 404 instead of 200 (Page not found). "
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
        ({"status": [200, 204]}, reply(500, b""), "answered 500 instead of 200 or 204"),
        ({}, reply(500, {"message": "out of order"}), "answered 500 instead of 200 (out of order)"),
        (
            {},
            reply(302, b"", [("Location", "/login")]),
            "a redirect to {address}/login that is not followed, instead of 200",
        ),
        ({"contains": ["a", "b"]}, reply(body=b"a"), "does not contain 'b'"),
        ({"not_contains": ["a"]}, reply(body=b"an error"), "contains 'a'"),
        ({"matches": ["^b$"]}, reply(body=b"a\nb"), "does not match '^b$'"),
        ({"response_headers": {"x-robots-tag": ""}}, reply(), "has no header x-robots-tag"),
        (
            {"response_headers": {"Cache-Control": "public"}},
            reply(headers=[("cache-control", "no-store")]),
            "its header Cache-Control is 'no-store', which does not match 'public'",
        ),
        ({"json": {"a.b": 1}}, reply(body={"a": {"b": 2}}), "has 2 at a.b instead of 1"),
        ({"json": {"a.c": "x"}}, reply(body={"a": {"b": 2}}), 'has nothing at a.c instead of "x"'),
        ({"json": {"": []}}, reply(body=[1]), "has [1] at the top instead of []"),
        ({"json": {"a": 1}}, reply(body=b"<title>Oh</title>"), "is no JSON (Oh)"),
        ({"json": {"a": 1}}, reply(body=b""), "is no JSON (empty)"),
        ({"certificate_days": 1}, reply(), "has no TLS certificate"),
        ({}, cut, "did not answer: the connection was lost"),
        ({}, then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "did not answer: the connection was lost"),
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
    assert problems(address(server), timeout=0.1) == ["did not answer: timed out after 0.1 s without a whole answer"]


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
    assert (
        result["msg"]
        == f"1 of 1 checks failed within 10 s. GET {address(server)} answered 503 instead of 200 (looked 10 times)."
    )
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


def moved(to, status=302):
    return reply(status, b"", [("Location", to)])


def headers_of(server):
    return [seen.headers.get("authorization") for seen in server.seen]


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
    assert problem == f"did not answer: was redirected more than 10 times, last to {address(server)}"


@pytest.mark.parametrize(
    "to", ["ftp://127.0.0.1/", "http://[", "http://127.0.0.1:0/", "mailto:a@b", "http://%zz/", "http://a\\@127.0.0.1/"]
)
def test_redirects_that_lead_nowhere_are_not_followed(server, to):
    server.say(moved(to))
    assert "answered 302" in problems({"url": address(server), "follow_redirects": "all"})[0]


# -- TLS and connect_to ------------------------------------------------------------------------------------------------


def test_another_place_is_connected_to_under_the_same_name(tls_server, certificate):
    check = {"url": "https://www.example.test/a", "ca_path": certificate}
    result = run(check, connect_to=[f"www.example.test:443:127.0.0.1:{tls_server.port}"])
    assert only_check(result)["ok"], result
    assert tls_server.sni == ["www.example.test"]
    assert tls_server.seen[0].headers["host"] == "www.example.test" and tls_server.seen[0].target == "/a"


def test_the_certificate_must_be_that_of_the_name(tls_server, certificate):
    [problem] = problems(
        "https://shop.example.test/", connect_to=[f"::127.0.0.1:{tls_server.port}"], ca_path=certificate
    )
    assert "TLS failed" in problem and "shop.example.test" in problem
    assert tls_server.sni == ["shop.example.test"] and not tls_server.seen


def test_a_port_of_its_own_stays_in_the_host_header(server):
    assert only_check(
        run("http://www.example.test:8080/", connect_to=[f"www.example.test:8080:127.0.0.1:{server.port}"])
    )["ok"]
    assert server.seen[0].headers["host"] == "www.example.test:8080"


@pytest.mark.parametrize(
    "rules,url,target",
    [
        (["www.example.test:443:192.0.2.1:8443"], "https://www.example.test/", ("192.0.2.1", 8443)),
        (["www.example.test:443:192.0.2.1:8443"], "https://WWW.example.test:443/", ("192.0.2.1", 8443)),
        (["www.example.test:443:192.0.2.1:8443"], "http://www.example.test/", None),
        (["www.example.test:443:192.0.2.1:8443"], "https://example.test/", None),
        (["::192.0.2.1:8443"], "http://example.test/", ("192.0.2.1", 8443)),
        (["example.test::192.0.2.1:"], "http://example.test:81/", ("192.0.2.1", 81)),
        ([":80::8080"], "http://example.test/", ("example.test", 8080)),
        (["a.test:80:b.test:81", "::c.test:82"], "http://a.test/", ("b.test", 81)),
        (["a.test:80:b.test:81", "::c.test:82"], "http://d.test/", ("c.test", 82)),
        (["[2001:db8::1]:443:[::1]:8443"], "https://[2001:db8::1]/", ("[::1]", 8443)),
    ],
)
def test_rules_of_connect_to(rules, url, target):
    assert ConnectTo(rules).target(url) == target


@pytest.mark.parametrize(
    "rule",
    ["", "a", "a:80", "a:80:b", "a:80:b:81:c", "a:x:b:81", "a:0:b:81", "a:80:b:65536", "a b:80:b:81", "::1:443:b:81"],
)
def test_rules_that_are_none(rule):
    with pytest.raises(InvalidInput) as caught:
        ConnectTo([rule])
    assert caught.value.option == "connect_to" and repr(rule) in caught.value.message


def test_a_proxy_is_not_used_for_a_chosen_place(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert only_check(run("http://www.example.test/", connect_to=[f"::127.0.0.1:{server.port}"]))["ok"]
    # Without it, the proxy is used, and there is none.
    [problem] = problems("http://www.example.test/")
    assert problem.startswith("did not answer: could not connect to www.example.test: ")
    assert problem.endswith("Connection refused")


@pytest.mark.parametrize("days,least,ok", [(30.5, 30, True), (30.5, 31, False), (29.9, 30, False)])
def test_days_that_a_certificate_is_valid(tls_server, certificate, days, least, ok):
    clock = FakeClock()
    clock.passed = CERTIFICATE_ENDS_AT - days * 86400 - NOW
    check = only_check(
        run({"url": address(tls_server), "ca_path": certificate, "certificate_days": least}, clock=clock)
    )
    assert check["ok"] is ok and check["certificate_days_left"] == int(days)
    if not ok:
        assert check["problems"] == [
            f"its certificate is valid for {int(days)} more days (until 2049-12-31T23:59:59Z), less than {least}"
        ]


def test_certificates_are_verified_unless_that_is_switched_off(tls_server, certificate):
    assert "TLS failed" in problems(address(tls_server))[0]
    assert only_check(run({"url": address(tls_server), "validate_certs": False}))["certificate_days_left"] is None
    assert only_check(run(address(tls_server), validate_certs=False))["ok"]
    # What an entry says goes before what the task says.
    assert "TLS failed" in problems({"url": address(tls_server), "validate_certs": True}, validate_certs=False)[0]
    assert only_check(run(address(tls_server), ca_path=certificate))["ok"]


# -- secrets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url,shown",
    [
        ("https://www.example.test/a?b=c#d", "https://www.example.test/a?b=c"),
        ("https://user:pass@www.example.test:8443/", "https://********@www.example.test:8443/"),
        (
            "https://w.test/?access_token=x&page=2&X-Amz-Signature=y",
            "https://w.test/?access_token=********&page=2&X-Amz-Signature=********",
        ),
        (
            "https://w.test/?api%5Fkey=x&key=y&monkey=z&empty",
            "https://w.test/?api%5Fkey=********&key=********&monkey=z&empty",
        ),
    ],
)
def test_urls_are_shown_without_their_secrets(url, shown):
    assert masked_url(url) == shown


def test_secrets_that_come_back_are_masked_and_nothing_else(server):
    headers = {
        "Authorization": f"Bearer {CANARY}-1",
        "Cookie": f"a={CANARY}-2; b=1",
        "X-Api-Key": f"{CANARY}-3",
        "X-Stage": "production",
        "X-Auth": "1",
    }
    url = address(server, f"/production/1?token={CANARY}-4&page=1").replace("://", f"://user:{CANARY}-5@")
    body = {"deep": [{"secret": f"{CANARY}-6"}], "stage": "production"}
    echo = json.dumps({"message": f"no {headers} {url} {body} {'.' * 100}"}).encode()
    server.say(
        reply(422, echo),
        reply(body=json.dumps({"a": f"{CANARY}-3"}).encode(), headers=[("X-Echo", f"{CANARY}-6")]),
        moved(f"/?token={CANARY}-4&x={CANARY}-3"),
    )
    expectations = ({}, {"json": {"a": 1}, "response_headers": {"X-Echo": "a"}}, {})
    for expected in expectations:
        result = run({"url": url, "headers": headers, "body": body, **expected})
        assert CANARY not in json.dumps(result)
        assert "********" in " ".join(only_check(result)["problems"])
        # Values that are no secrets by their names, or too short to be told from other words, hide nothing of ours.
        assert "/production/1?token=********&page=1" in result["msg"] and result["msg"].startswith(
            "1 of 1 checks failed"
        )


def test_short_values_do_not_spoil_the_message(server):
    body, headers = {"n": 1, "lang": "de"}, {"Cookie": "a=1", "X-Api-Key": "ref"}
    unused = "http://u:1@127.0.0.1:9/"
    [problem] = problems({"url": unused, "method": "OPTIONS", "body": body, "headers": headers})
    assert problem.startswith("did not answer: could not connect to 127.0.0.1:9: ")
    assert problem.endswith("Connection refused")
    server.say(reply(422, {"message": "refused: key ref, field 1, lang de"}))
    assert problems({"url": address(server), "body": body, "headers": headers}) == [
        "answered 422 instead of 200 (********used: key ********, field 1, lang de)"
    ]


def test_options_are_shown_masked_where_they_stand():
    options = {
        "urls": [
            {
                "url": f"https://u:{CANARY}@w.test/?token={CANARY}",
                "headers": {"Authorization": CANARY, "Accept": "a"},
                "body": {"a": CANARY},
            },
            {"url": "https://w.test/"},
        ]
    }
    params = ArgumentSpecValidator(**MODULE.spec).validate(options).validated_parameters
    assert not MODULE.secrets(params)
    shown = MODULE.shown(params)
    assert CANARY not in json.dumps(shown)
    assert (
        shown["urls"][0]["headers"] == {"Authorization": "********", "Accept": "a"}
        and shown["urls"][1]["headers"] is None
    )
    assert shown["urls"][0]["status"] == [200] and shown["urls"][1]["body"] is None


def test_user_and_password_of_a_url_are_sent_as_basic_authentication(server):
    run(address(server).replace("://", "://a%40b:c%20d@"))
    assert headers_of(server) == ["Basic YUBiOmMgZA=="]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "www.example.test",
        "ftp://a.test/",
        "http://",
        "http://:80/",
        "http://a.test:0/",
        "http://a.test:x/",
        "http://[::1/",
        "http://%zz/",
        "http://*.test/",
        "http://a.test\\@b.test/",
        "http://a b.test/",
        "http://u:canary@a.test:x/",
    ],
)
def test_urls_that_are_none(url):
    result = run(url)
    assert result["error"] == {"platform": "web", "option": "urls[0].url", "code": "invalid_input"}
    assert "urls[0].url must be a URL" in result["msg"] and "canary" not in result["msg"]


@pytest.mark.parametrize(
    "url", ["http://ü..test/", "http://a..test/", f"http://{'x' * 64}.test/", "http://.localhost/"]
)
def test_host_names_that_cannot_be(url):
    assert "did not answer: could not connect to" in problems(url)[0]


@pytest.mark.parametrize(
    "url,headers,connect_to,ok",
    [
        ("http://www.example.test/", {"Accept": "a"}, [], True),
        ("http://www.example.test/", {"Authorization": "a"}, [], False),
        ("http://www.example.test/?token=a", {}, [], False),
        ("http://a:b@www.example.test/", {}, [], False),
        ("https://a:b@www.example.test/?token=a", {"Cookie": "a"}, [], True),
        ("http://shop.localhost/", {"Cookie": "a"}, [], True),
        ("http://www.example.test/", {"Cookie": "a"}, ["::127.0.0.1:8080"], True),
        ("http://www.example.test/", {"Cookie": "a"}, ["::[::1]:8080"], True),
        ("http://localhost/", {"Cookie": "a"}, ["::192.0.2.1:80"], False),
    ],
)
def test_credentials_do_not_travel_readable(url, headers, connect_to, ok):
    options = {"urls": [{"url": url, "headers": headers}], "connect_to": connect_to}
    params = ArgumentSpecValidator(**MODULE.spec).validate(options).validated_parameters
    if ok:
        Check("urls[0]", params["urls"][0], params, ConnectTo(connect_to))
        return
    with pytest.raises(InvalidInput) as caught:
        Check("urls[0]", params["urls"][0], params, ConnectTo(connect_to))
    assert (
        caught.value.option == "urls[0].url"
        and "plain http" in caught.value.message
        and "token=a" not in caught.value.message
    )


# -- paths in JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path,steps",
    [
        ("", []),
        ("a", ["a"]),
        ("data.items[0].id", ["data", "items", 0, "id"]),
        ("[-1][2]", [-1, 2]),
        ('["odd.key"].b', ["odd.key", "b"]),
        ('a["say \\"x\\""]', ["a", 'say "x"']),
        ("a-b.c d", ["a-b", "c d"]),
    ],
)
def test_paths(path, steps):
    assert parse_path(path) == steps


@pytest.mark.parametrize("path", [".a", "a.", "a..b", "a[", "a[x]", "a[1", 'a["b]', "]", 'a["\\q"]', "[ 1]"])
def test_paths_that_are_none(path):
    with pytest.raises(ValueError):
        parse_path(path)


@pytest.mark.parametrize(
    "found,expected,ok",
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, "1", True),
        (1, True, False),
        (True, 1, False),
        (True, "True", True),
        (True, "true", True),
        (False, "no", False),
        ("1", 1, False),
        ("a", "a", True),
        ("a", "A", False),
        (None, None, True),
        (NOTHING, None, True),
        (None, "", False),
        ({"a": [1]}, {"a": [1]}, True),
        ([], None, False),
        (0, None, False),
    ],
)
def test_values(found, expected, ok):
    assert is_as_expected(found, expected) is ok


def test_a_path_that_leads_nowhere():
    data = {"a": [{"b": 1}]}
    assert value_at(data, ["a", -1, "b"]) == 1
    for steps in (["a", 1], ["a", -2], ["a", "b"], ["c"], ["a", 0, "b", "c"], [0]):
        assert value_at(data, steps) is NOTHING


# -- the documentation -------------------------------------------------------------------------------------------------


def test_examples_are_accepted():
    examples = yaml.safe_load(verify.EXAMPLES)
    assert examples
    for example in examples:
        validated = ArgumentSpecValidator(**MODULE.spec).validate(example["webops.paas.verify"])
        assert not validated.error_messages
        params = validated.validated_parameters
        for entry in params["urls"]:
            Check("urls", entry, params, ConnectTo(params["connect_to"] or ()))
