# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of Netlify's lists, use from plain Python, connections that outlive a task, progress, other addresses."""

from __future__ import annotations

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http import transport
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth, Sessions
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.transport.http_server import (
    TOKEN,
    failing,
    get,
    post,
    put,
    reply,
)

# -- pages -------------------------------------------------------------------------------------------------------------


def rows(*numbers):
    return [{"id": number} for number in numbers]


def listed(http, **options):
    return [row["id"] for row in NetlifyClient(http).pages("/sites", operation="listSites", **options)]


def pages_asked(server):
    return [seen.target.split("?")[1] for seen in server.seen]


def next_link(url="https://api.netlify.com/api/v1/sites?page=2&per_page=100", rel='rel="next"'):
    return [("Link", f'<{url}>; {rel}, <https://api.netlify.com/api/v1/sites?page=9>; rel="last"')]


@pytest.mark.parametrize("rel", ['rel="next"', "rel=next", "rel='next'", 'title="x"; rel="next"'])
def test_pages_follow_the_link_s_word_but_not_its_address(server, http, rel):
    server.say(
        reply(200, rows(1), next_link("https://evil.test/?page=7", rel)),
        reply(200, rows(2), next_link(rel=rel)),
        reply(200, rows(3), [("Link", '<https://x.test>; rel="prev"')]),
    )
    assert listed(http, query={"filter": "all"}) == [1, 2, 3]
    assert pages_asked(server) == [f"filter=all&page={page}&per_page=100" for page in (1, 2, 3)]


def test_pages_without_a_link_end_at_a_short_one(server, http):
    server.say(reply(200, rows(1, 2)), reply(200, rows(3, 4)), reply(200, rows(5)))
    assert listed(http, per_page=2) == [1, 2, 3, 4, 5]
    assert len(server.seen) == 3


def test_a_last_page_that_is_just_full(server, http):
    server.say(reply(200, rows(*range(100))), reply(200, []))
    assert listed(http) == list(range(100))
    server.say(reply(200, rows(*range(100)), [("Link", '<https://x.test>; rel="first"')]))
    assert len(listed(http)) == 100 and len(server.seen) == 3


def test_a_link_that_is_not_about_pages_changes_nothing(server, http):
    server.say(reply(200, rows(1, 2), [("Link", '<https://x.test/style.css>; rel="preload"')]), reply(200, rows(3)))
    assert listed(http, per_page=2) == [1, 2, 3]


@pytest.mark.parametrize("link", ["", "garbage", "<", ";;;,,,", "<x>; rel"])
def test_a_link_that_is_none(server, http, link):
    server.say(reply(200, rows(1), [("Link", link)]))
    assert listed(http) == [1]


def test_an_empty_list_and_an_empty_page_with_a_next(server, http):
    server.say(reply(200, []), reply(200, [], next_link()))
    assert listed(http) == listed(http) == []
    assert len(server.seen) == 2


def test_pages_are_read_as_they_are_needed(server, http):
    server.say(*[reply(200, rows(page * 2, page * 2 + 1), next_link()) for page in range(9)])
    found = NetlifyClient(http).pages("/sites", operation="listSites")
    assert not server.seen
    next(found)
    assert len(server.seen) == 1
    assert listed(http, limit=3) == [2, 3, 4] and len(server.seen) == 3
    assert listed(http, limit=2) == [6, 7] and len(server.seen) == 4


def test_a_list_that_never_ends_is_noticed(server, http):
    server.say(*[reply(200, rows(1, 2), next_link())] * 20)
    error = failing(ApiError, listed, http)
    assert error.code == "endless_pages" and len(server.seen) == 2


def test_a_page_that_fails_is_repeated_or_raises(server, http):
    server.say(
        reply(200, rows(1), next_link()),
        reply(502, b"<html>"),
        reply(200, rows(2), next_link()),
        reply(403, {"message": "no"}),
    )
    found = NetlifyClient(http).pages("/sites", operation="listSites")
    assert [next(found)["id"], next(found)["id"]] == [1, 2]
    failing(ApiError, next, found)


def test_a_page_that_is_no_list(server, connect):
    server.say(reply(200, {"sites": []}))
    assert "where a list was expected" in str(failing(ApiError, listed, connect(server.url, retries=0)))


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
        assert third_party.requests is None and "ImportError" in third_party.REQUESTS_IMPORT_ERROR
    """
    directory = pathlib.Path(transport.__file__).parents[6]
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": str(directory)})


# -- Connections that outlive a task
# ------------------------------------------------------------------------------------


def task_after_task(connect, sessions, url, *tokens, **options):
    """A GET by an object of its own for each token."""
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


# -- Progress
# ------------------------------------------------------------------------------------------------------------


def test_progress_is_told_now_and_then_for_all_clones_together(connect, server, clock):
    told = []
    http = connect(server.url, progress=told.append)
    for number in range(21):
        (http.clone() if number % 2 else http).progress(f"{number} of 20, {TOKEN}")
        clock.passed += 1
    assert told == [f"{number} of 20, {MASK}" for number in (5, 10, 15, 20)]


def test_progress_that_nobody_watches(http, clock):
    clock.passed += 60
    http.progress("halfway")


def test_a_stream_ends_with_the_other_calls_of_its_task(server, http):
    """A task that was interrupted does not go on to upload."""

    class Endless:
        sent = 0

        def read(self, size):
            Endless.sent += size
            http.cancelled.set()
            return b"x" * size

        def __len__(self):
            return 1 << 30

    failing(ApiError, put, http, stream=lambda: contextlib.nullcontext(Endless()))
    assert Endless.sent < 1 << 22


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
    assert "/sites/1 answered 422: KEY must not be ********." in failure.value.message
    assert failure.value.code == 1


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
