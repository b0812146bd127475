# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are masked, however a server writes them."""

from __future__ import annotations

import html
import json
import random
import struct
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    TOKEN,
    cut,
    everything,
    failing,
    get,
    post,
    reply,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


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
        assert shown == text.replace("%s", MASK).replace(TOKEN, MASK)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_random_secrets_are_masked_however_they_are_written(write):
    chance = random.Random(1)
    alphabet = [chr(number) for number in range(32, 127)] + list("éß€漢😀\n\t\r")
    for _round in range(200):
        secret = "".join(chance.choices(alphabet, k=chance.randint(1, 20))).strip() or "x"
        redactor = Redactor()
        redactor.add(secret)
        assert redactor.clean(f"[{write(secret)}]") in (
            f"[{MASK}]",
            MASK + write(secret)[1:] + "]",
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
    assert " 422: KEY must not be ********." in failure.value.message
    assert (failure.value.code, failure.value.platform_code) == ("invalid", 1)


# -- control characters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said, shown",
    [
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("\x1b[2J\x1b[1;1Hgone", "gone"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;title\x07a\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\", "alink"),
        ("\x1bP1$r\x1b\\a\x1b_x\x1b\\b\x1bcc\x1b(Bd", "abcd"),
        ("\x1b]never ended", "never ended"),
        ("cut\x1b[", "cut"),
        ("cut\x1b", "cut"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\x07c\x08d\x0be\x0cf\x7fg\x85h", "abcdefgh"),
        ("user\u202eresu\u2066x\u2069\u200f\u2028y", "userresuxy"),
        ("ü 漢 😀 é", "ü 漢 😀 é"),
    ],
)
def test_what_a_terminal_would_obey_is_removed(said, shown):
    redactor = Redactor()
    assert redactor.clean(said) == redactor.clean_quote(said) == shown
    redactor.add("other")
    assert redactor.clean({said: [said, 1]}) == {shown: [shown, 1]}


@pytest.mark.parametrize("hidden_in", [1, 5, len(TOKEN) - 1])
@pytest.mark.parametrize("between", ["\x1b[0m", "\x00", "\u202e"])
def test_a_secret_is_masked_whatever_stands_inside_it(hidden_in, between):
    redactor = Redactor()
    redactor.add(TOKEN)
    redactor.add_quoted("production")
    split = TOKEN[:hidden_in] + between + TOKEN[hidden_in:]
    assert redactor.clean(f"a {split} b") == f"a {MASK} b"
    assert redactor.clean_quote(f"pro{between}duction {split}") == f"{MASK} {MASK}"
    redactor.add("esc\x1b[1mape")
    assert redactor.clean("esc\x1b[1mape") == MASK


@pytest.mark.parametrize(
    "body",
    [
        {"message": "\x1b[31mno\x1b[0m"},
        {"errors": {"\x1b[1mname": ["\x1b[1mbad"]}},
        {"errors": [{"message": "\x1b]0;x\x07no", "extensions": {"code": "\x1b[1mcode"}}]},
        "\x1b[31mno",
        b"\x1b[31mno",
        b"<title>\x1b[31mno &#27;[0m</title>",
    ],
)
def test_a_refusal_is_told_without_control_characters(server, http, body):
    server.say(reply(422, body, [("X-Request-Id", "a\x1b[1mb")]))
    error = failing(ApiError, post, http)
    assert "\x1b" not in str(error) and "\x07" not in str(error)
    assert error.details["request_id"] == "ab" and "\x1b" not in str(error.details["code"])
