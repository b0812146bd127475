# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in what a platform says, redirects, and where a token may go."""

from __future__ import annotations

import contextlib
import html
import json
import random
import struct
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.transport import MAX_REDIRECTS
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.transport.http_server import (
    TOKEN,
    Server,
    cut,
    everything,
    failing,
    get,
    post,
    put,
    reply,
)

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
