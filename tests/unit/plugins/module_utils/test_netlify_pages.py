# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paginated lists of Netlify."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._netlify.accounts import AccountsClient
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import failing, reply

pytestmark = pytest.mark.usefixtures("plain_environment")


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


def test_a_list_that_goes_in_a_circle_is_noticed(server, http):
    server.say(*[reply(200, rows(1), next_link()), reply(200, rows(2), next_link())] * 20)
    assert failing(ApiError, listed, http).code == "endless_pages" and len(server.seen) == 3


def test_a_list_without_pages_that_never_ends_is_noticed(server, http):
    server.say(*[reply(200, [{"id": "1"}], next_link())] * 20)
    users = AccountsClient(http)
    assert failing(ApiError, lambda: list(users.list_users())).code == "endless_pages"
    assert [seen.target.partition("?")[2] for seen in server.seen] == ["", "page=2"]


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
    error = failing(ApiError, listed, connect(server.url, retries=0))
    assert error.code == "invalid_response" and "JSON dict instead of a list" in str(error)


# -- lists that are needed as a whole ----------------------------------------------------------------------------------


def last_link(last):
    return [("Link", f'<https://x.test?page={last}&per_page=100>; rel="last", <https://x.test?page=2>; rel="next"')]


def test_a_whole_list_without_the_number_of_the_last_page_is_read_one_by_one(server, http):
    link = [("Link", '<https://x.test?page=2>; rel="next"')]
    server.say(reply(200, rows(1, 2), link), reply(200, rows(2, 3), link), reply(200, rows(4)))
    assert listed(http, whole=True) == [1, 2, 3, 4]
    assert pages_asked(server) == [f"page={page}&per_page=100" for page in (1, 2, 3)]


@pytest.mark.parametrize("last", ["", "1", "0", "-3", "x", "\u00b2", "9" * 30, 100_000])
def test_a_last_page_that_cannot_be_is_not_believed(server, http, last):
    server.say(reply(200, rows(1), last_link(last)), reply(200, rows(2)))
    assert listed(http, whole=True) == [1, 2] and len(server.seen) == 2


def test_a_whole_list_is_read_again_if_an_end_of_it_changed(server, http):
    link = last_link(3)
    pages = {1: rows(1, 2), 3: rows(5, 6), 2: rows(3, 4)}
    changed = {**pages, 1: rows(0, 1), 2: rows(2, 3), 3: rows(4, 5)}
    server.say(*[reply(200, data, link) for data in [*pages.values(), pages[1], changed[3]]])
    server.say(*[reply(200, data, link) for data in [changed[1], changed[3], changed[2], changed[1], changed[3]]])
    assert listed(http, whole=True) == [0, 1, 2, 3, 4, 5] and len(server.seen) == 10


def test_rows_without_an_id_are_all_listed(server, http):
    server.say(reply(200, [{"name": "a"}, {"name": "a"}], last_link(2)), reply(200, [{"name": "b"}]))
    server.say(reply(200, [{"name": "a"}, {"name": "a"}], last_link(2)))
    listed_rows = NetlifyClient(http).pages("/x", operation="anything", whole=True)
    assert [row["name"] for row in listed_rows] == ["a", "a", "b"]
