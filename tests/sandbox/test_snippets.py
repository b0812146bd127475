# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snippets and metadata: through the API, and in served pages."""

from __future__ import annotations

import pytest

HOST = "docs.netlify.app"
PAGE = b"<!doctype html>\n<html><head><title>T</title></head>\n<body><p>hi</p></body></html>\n"


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


@pytest.fixture
def add(sandbox, site):
    def create(title, **fields):
        return sandbox.call("POST", f"/sites/{site['id']}/snippets", 201, json={"title": title, **fields}).json()

    return create


def path(site, number=None):
    return f"/sites/{site['id']}/snippets" + ("" if number is None else f"/{number}")


def test_a_snippet_from_its_creation_to_its_end(sandbox, site, add):
    created = add("Test", general="<script>1</script>", general_position="head")
    assert created == {
        "id": 0,
        "site_id": site["id"],
        "title": "Test",
        "general": "<script>1</script>",
        "general_position": "head",
        "goal": "",
        "goal_position": "footer",
    }
    assert sandbox.get(path(site)) == [created]
    assert sandbox.get(path(site, 0)) == created
    assert sandbox.get("/sites/docs.netlify.app/snippets/0") == created
    changed = {**created, "title": "Other", "goal": "<i>", "goal_position": "head"}
    assert sandbox.call("PUT", path(site, 0), 200, json=changed).json() == changed
    assert sandbox.call("DELETE", path(site, 0), 204).content == b""
    assert sandbox.get(path(site)) == []
    for method in ("GET", "PUT", "DELETE"):
        sandbox.call(method, path(site, 0), 404, json={"title": "x"})
        sandbox.call(method, path(site, "zero"), 404, json={"title": "x"})


def test_titles_are_not_unique(sandbox, site, add):
    assert [add("Same")["id"], add("Same")["id"]] == [0, 1]


@pytest.mark.parametrize("ids, left, following", [("stable", [0, 2], 3), ("renumbered", [0, 1], 2)])
def test_ids_after_a_delete(sandbox, site, add, ids, left, following):
    sandbox.switch(snippet_ids=ids)
    for title in "abc":
        add(title)
    sandbox.call("DELETE", path(site, 1), 204)
    assert [(entry["id"], entry["title"]) for entry in sandbox.get(path(site))] == list(zip(left, "ac", strict=True))
    assert add("d")["id"] == following


@pytest.mark.parametrize("status", [200, 204])
def test_the_answer_to_an_update(sandbox, site, add, status):
    sandbox.switch(snippet_put_status=status)
    snippet = add("a")
    response = sandbox.call("PUT", path(site, 0), status, json={"id": 0, "title": "b"})
    assert (response.json() == {**snippet, "title": "b"}) if status == 200 else response.content == b""
    assert sandbox.get(path(site, 0))["title"] == "b"


@pytest.mark.parametrize("partial, general, position", [("replaced", "", "footer"), ("merged", "<b>", "head")])
def test_an_update_with_some_fields(sandbox, site, add, partial, general, position):
    sandbox.switch(snippet_partial_put=partial)
    add("a", general="<b>", general_position="head")
    updated = sandbox.call("PUT", path(site, 0), 200, json={"id": 0, "title": "a", "goal": "<i>"}).json()
    assert (updated["general"], updated["general_position"], updated["goal"]) == (general, position, "<i>")


def test_a_title_may_be_required(sandbox, site, add):
    refused = sandbox.call("POST", path(site), 422, json={"id": 0, "general": "<b>"}).json()
    assert refused == {"errors": {"title": ["can't be blank"]}}
    add("a")
    sandbox.call("PUT", path(site, 0), 422, json={"id": 0, "general": "<b>"})
    sandbox.switch(snippet_title="optional")
    assert sandbox.call("POST", path(site), 201, json={"general": "<b>"}).json()["title"] == ""


def test_wrong_fields_are_refused(sandbox, site):
    for wrong in ({"general_position": "body"}, {"goal_position": 1}, {"general": ["x"]}, {"title": 7}):
        sandbox.call("POST", path(site), 422, json={"title": "a", **wrong})
    assert sandbox.get(path(site)) == []


def test_a_stranger_sees_no_snippets(sandbox, second, site, add):
    add("a")
    second.call("GET", path(site), 404)
    sandbox.call("POST", "/sites/taken.netlify.app/snippets", 404, json={"title": "a"})


@pytest.mark.parametrize("status", [200, 204])
def test_metadata_is_replaced_as_a_whole(sandbox, site, status):
    sandbox.switch(metadata_put_status=status)
    address = f"/sites/{site['id']}/metadata"
    assert sandbox.get(address) == {}
    for value in ({"a": "1", "b": {"c": [True, None]}}, {"d": "2"}, {}):
        response = sandbox.call("PUT", address, status, json=value)
        assert (response.json() == value) if status == 200 else response.content == b""
        assert sandbox.get(address) == value
    sandbox.call("PUT", address, 400, json=["a"])


def test_pages_have_the_snippets_with_metadata(sandbox, site, add):
    add("first", general="<!--{{ tracker }}-->", general_position="head")
    add("second", general="<!--{% for n in names %}{{ n | upcase }}{% endfor %}-->", goal="<!--goal-->")
    add("third", general="<!--3-->")
    sandbox.call("PUT", f"/sites/{site['id']}/metadata", 200, json={"tracker": "T-1", "names": ["a", "b"]})
    sandbox.deploy(site, {"index.html": PAGE, "app.js": b"</body>", "404.html": b"lost"})
    response = sandbox.page(HOST)
    assert response.text == (
        "<!doctype html>\n<html><head><title>T</title><!--T-1--></head>\n"
        "<body><p>hi</p><!--AB--><!--3--></body></html>\n"
    )
    assert sandbox.page(HOST, headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    assert sandbox.page(HOST, "/app.js").content == b"</body>"
    assert sandbox.page(HOST, "/nothing").text == "<!--T-1-->lost<!--AB--><!--3-->"
    raw = sandbox.call(
        "GET",
        f"/sites/{site['id']}/files/index.html",
        200,
        headers={"Content-Type": "application/vnd.bitballoon.v1.raw"},
    )
    assert raw.content == PAGE


def test_where_a_page_ends_is_not_where_a_script_says_so(sandbox, site, add):
    add("a", general="[h]", general_position="head")
    add("b", general="[f]")
    page = b"<head><script>'</head></body>'</script><!-- </head> --></HEAD><body>\n\xff</body ></html>"
    sandbox.deploy(site, {"index.html": page})
    assert sandbox.page(HOST).content == page.replace(b"</HEAD>", b"[h]</HEAD>").replace(b"</body >", b"[f]</body >")


@pytest.mark.parametrize(
    "template",
    ["{% if %}{{ x", "{% for i in (1..999999999) %}x{% endfor %}", "{{ 1 | divided_by: 0 }}", "{% include 'x' %}"],
)
def test_a_faulty_template_stays_as_it_is(sandbox, site, add, template):
    add("a", general=template)
    sandbox.deploy(site, {"index.html": b"<body></body>"})
    assert sandbox.page(HOST).text == f"<body>{template}</body>"


@pytest.mark.parametrize("when, before, after", [("next_deploy", "", "1"), ("at_once", "1", "1")])
def test_when_snippets_take_effect(sandbox, site, add, when, before, after):
    sandbox.switch(snippets_take_effect=when)
    old = sandbox.deploy(site, {"index.html": b"<body></body>"})
    add("a", general="{{ x }}")
    sandbox.call("PUT", f"/sites/{site['id']}/metadata", 200, json={"x": 1})
    assert sandbox.page(HOST).text == f"<body>{before}</body>"
    sandbox.deploy(site, {"index.html": b"<body></body>"})
    assert sandbox.page(HOST).text == f"<body>{after}</body>"
    assert sandbox.page(f"{old['id']}--{HOST}").text == f"<body>{before}</body>"
    sandbox.call("PUT", path(site, 0), 200, json={"id": 0, "title": "a", "general": "[{{ x }}]"})
    sandbox.call("PUT", f"/sites/{site['id']}/metadata", 200, json={"x": 2})
    assert sandbox.page(HOST).text == f"<body>{'1' if when == 'next_deploy' else '[2]'}</body>"


@pytest.mark.parametrize("answer, status", [("required", 422), ("optional", 200)])
def test_an_update_names_the_snippet_in_its_body(sandbox, site, answer, status):
    sandbox.switch(snippet_put_id=answer)
    sandbox.call("POST", f"/sites/{site['id']}/snippets", 201, json={"title": "a"})
    for body in ({"title": "b"}, {"id": 1, "title": "b"}):
        sandbox.call("PUT", path(site, 0), status, json=body)
    sandbox.call("PUT", path(site, 0), 200, json={"id": 0, "title": "c"})
