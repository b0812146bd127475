# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS, places to connect to, and secrets of the module verify."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("requests")

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo
from ansible_collections.webops.paas.plugins.module_utils._web.check import Check
from ansible_collections.webops.paas.plugins.module_utils._web.masking import masked_url
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import NOW, FakeClock, reply
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.verify_runs import (
    CANARY,
    CERTIFICATE_ENDS_AT,
    MODULE,
    address,
    headers_of,
    moved,
    only_check,
    problems,
    run,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


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
    assert "could not connect to www.example.test: " in problem
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
        [problem] = check["problems"]
        assert problem.endswith(f"valid for {int(days)} more days (until 2049-12-31T23:59:59Z), less than {least}")


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
            "1 of 1 check failed"
        )


def test_short_values_do_not_spoil_the_message(server):
    body, headers = {"n": 1, "lang": "de"}, {"Cookie": "a=1", "X-Api-Key": "ref"}
    unused = "http://u:1@127.0.0.1:9/"
    [problem] = problems({"url": unused, "method": "OPTIONS", "body": body, "headers": headers})
    assert problem.startswith("failed: could not connect to 127.0.0.1:9: ")
    assert problem.endswith("Connection refused")
    server.say(reply(422, {"message": "refused: key ref, field 1, lang de"}))
    assert problems({"url": address(server), "body": body, "headers": headers}) == [
        "returned 422 instead of 200 (********used: key ********, field 1, lang de)"
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
    assert "`urls[0].url` must be a URL" in result["msg"] and "canary" not in result["msg"]


@pytest.mark.parametrize(
    "url", ["http://ü..test/", "http://a..test/", f"http://{'x' * 64}.test/", "http://.localhost/"]
)
def test_host_names_that_cannot_be(url):
    assert "could not connect to" in problems(url)[0]


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
