# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses that lack what is needed are refused in one place, which names the field."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http.graphql import GraphQL
from ansible_collections.webops.paas.plugins.module_utils._http.shape import ID, Rows, Unfit, Values, fitting
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    failing,
    get,
    post,
    put,
    reply,
)

pytestmark = pytest.mark.usefixtures("plain_environment")

SITE = {"id": ID, "name?": str, "aliases?": [str], "deploy?": {"id": ID}, "locked?": bool, "size?": (int, str)}
SITE |= {"rows?": [[(type(None), str)]]}


@pytest.mark.parametrize(
    "data",
    [
        {"id": "1"},
        {"id": 1, "name": None, "aliases": None, "deploy": None},
        {"id": "1", "name": "", "aliases": ["a"], "deploy": {"id": "2", "more": [None]}, "locked": False},
        {"id": "1", "size": "7", "else": {"id": None}},
        {"id": "1", "rows": [["a", None]]},
    ],
)
def test_what_fits_comes_as_it_is(data):
    assert fitting(data, SITE) == data


@pytest.mark.parametrize(
    "data, told",
    [
        ({}, "id is missing"),
        ({"id": None}, "id is null, but must be an ID"),
        ({"id": ""}, "id is empty, but must be an ID"),
        ({"id": True}, "id is a boolean, but must be an ID"),
        ({"id": "1", "name": ["secret"]}, "name is a list, but must be text"),
        ({"id": "1", "aliases": [None]}, "aliases[0] is null, but must be text"),
        ({"id": "1", "deploy": {"id": {}}}, "deploy.id is an object, but must be an ID"),
        ({"id": "1", "locked": 1}, "locked is an integer, but must be a boolean"),
        ({"id": "1", "size": True}, "size is a boolean, but must be text"),
        ({"id": "1", "rows": [[None, 1]]}, "rows[0][1] is an integer, but must be text"),
        ([], "the response is a list, but must be an object"),
        (None, "the response is null, but must be an object"),
    ],
)
def test_what_does_not_fit_is_named_without_its_value(data, told):
    with pytest.raises(Unfit) as caught:
        fitting(data, SITE)
    assert str(caught.value) == told


def test_objects_by_key():
    assert fitting({"a": 1}, Values(int)) == {"a": 1}
    with pytest.raises(Unfit, match=r"^sizes\.a is null"):
        fitting({"sizes": {"a": None}}, {"sizes": Values(int)})


def test_rows_that_do_not_fit_are_an_error_or_passed_over():
    rows = [{"id": "1"}, {"id": None}, None, {"id": "2"}]
    with pytest.raises(Unfit, match=r"^sites\[1\]\.id is null"):
        fitting({"sites": rows}, {"sites": Rows(SITE)})
    passed_over = []
    assert fitting(rows, Rows(SITE), passed_over) == [{"id": "1"}, {"id": "2"}]
    assert [unfit.field for unfit in passed_over] == ["[1].id", "[2]"]


@pytest.mark.parametrize("call, kind", [(get, ApiError), (put, ApiError), (post, LostAnswer)])
def test_a_response_that_does_not_fit_is_refused_once(server, http, clock, call, kind):
    http.shapes = dict.fromkeys(("listSites", "upload", "createSite"), SITE)
    server.say(reply(200, {"id": None}))
    error = failing(kind, call, http, shape=dict)
    assert error.code == "incomplete_answer" and "id is null" in str(error)
    assert len(server.seen) == 1 and not clock.slept
    assert len(http.confirmed_writes) == (call is not get)


def test_only_who_can_do_without_a_row_gets_the_others(server, http):
    http.shapes = {"listSites": Rows(SITE)}
    rows = [{"id": "1"}, {"id": None}]
    server.say(reply(200, rows), reply(200, rows))
    assert failing(ApiError, get, http, shape=list).code == "incomplete_answer"
    http.skips_odd_rows = True
    found = get(http, shape=list)
    assert found.data == [{"id": "1"}] and found.listed == 2
    assert len(http.warnings) == 1 and "[1].id is null" in http.warnings[0]


def test_of_graphql_the_field_is_compared_that_was_asked_for(server, http):
    http.shapes = {"site": SITE, "addSite": SITE}
    http.connection.base_url = server.url
    graphql = GraphQL(http)
    server.say(*(reply(200, {"data": data}) for data in ({"site": {"id": "1"}}, {"site": None}, {"site": {"id": []}})))
    assert graphql.query("site", "{ site }") == {"id": "1"} and graphql.query("site", "{ site }") is None
    assert "id is a list" in str(failing(ApiError, graphql.query, "site", "{ site }"))
    server.say(reply(200, {"data": {"addSite": {"id": ""}}}))
    assert failing(LostAnswer, graphql.mutate, "addSite", "mutation").code == "incomplete_answer"
