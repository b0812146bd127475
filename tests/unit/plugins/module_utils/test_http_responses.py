# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How _http handles responses and redirects, and a machine without the package requests."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http import transport
from ansible_collections.webops.paas.plugins.module_utils._http.transport import MAX_REDIRECTS
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    CHUNKED,
    TOKEN,
    Server,
    failing,
    get,
    post,
    put,
    reply,
    then_cut,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


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
        (
            {
                "error": "query execution failed",
                "code": "postgres-error",
                "internal": {"statement": "long", "error": {"message": "m", "description": "d", "hint": None}},
            },
            "query execution failed (m) (d)",
            "postgres-error",
        ),
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
    assert message in str(error) and error.platform_code == code
    assert re.match("Netlify createSite failed: POST /api/v1/sites .*422: ", str(error))
    assert error.details == {
        "platform": "netlify",
        "operation": "createSite",
        "method": "POST",
        "path": "/api/v1/sites",
        "status": 422,
        "code": "invalid",
        "platform_code": code,
        "request_id": "r-1",
    }
    json.dumps(error.details)


@pytest.mark.parametrize("body", [b"", b"  \n", {}, b"<html></html>"])
def test_a_refusal_without_a_message(server, http, body):
    server.say(reply(403, body))
    error = failing(ApiError, get, http)
    assert str(error).endswith(" 403 without a message.") and error.code == "forbidden"


def test_a_401_says_where_to_look(server, http):
    server.say(reply(401, {"code": 401, "message": "Access Denied"}))
    error = failing(ApiError, get, http)
    assert re.search("Access Denied .*token.*expired", str(error)) and error.code == "unauthorized"


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


def test_half_a_surrogate_pair_is_replaced(server, http):
    """Escaped or in UTF-8. JSON can contain it, and Ansible refuses a result with it."""
    server.say(
        reply(200, b'{"\\ud800k": ["a\\uDFFFb", "\\ud83d\\ude00", "\xed\xa0\x80"]}'),
        reply(400, b'{"message": "n\\ud800o", "code": "\\udfff"}'),
    )
    assert get(http, shape=dict).data == {"\ufffdk": ["a\ufffdb", "\U0001f600", "\ufffd"]}
    error = failing(ApiError, get, http)
    assert error.status == 400 and (str(error) + str(error.platform_code)).encode("utf-8")


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
    # The platform has confirmed the write, although the body is lost.
    failing(LostAnswer, post, http, shape=dict)
    assert http.confirmed_writes == ["createSite"] * 2
    post(http, is_write=False)
    assert len(http.confirmed_writes) == 2


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


# -- from plain Python -------------------------------------------------------------------------------------------------


def test_http_needs_no_ansible_and_is_imported_without_requests():
    script = """if True:
        import sys
        class Refuse:
            def find_spec(self, name, *unused):
                if name.split(".")[0] in ("ansible", "requests", "urllib3"):
                    raise ImportError(name)
        sys.meta_path.insert(0, Refuse())
        from ansible_collections.webops.paas.plugins.module_utils._http import graphql, rest, third_party, transport
        assert not hasattr(third_party.requests, "Session") and "ImportError" in third_party.REQUESTS_IMPORT_ERROR
    """
    directory = pathlib.Path(transport.__file__).parents[6]
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": str(directory)})
