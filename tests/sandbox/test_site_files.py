# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a site and of a deploy through the API."""

from __future__ import annotations

import pytest
from deploying import create, digests
from sandbox_client import sha1

RAW = {"Content-Type": "application/vnd.bitballoon.v1.raw"}
FILES = {f"/{number:03}.txt": b"%d" % number for number in range(120)} | {"/a b/index.html": b"<p>"}


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


def test_a_list_is_whole_and_has_no_pages(sandbox, site):
    deploy = sandbox.deploy(site, FILES)
    for path in (
        f"/sites/{site['id']}/files?per_page=10",
        "/sites/docs.netlify.app/files",
        f"/deploys/{deploy['id']}/files",
    ):
        response = sandbox.call("GET", path, 200)
        assert {entry["path"]: entry["sha"] for entry in response.json()} == {
            path: sha1(content) for path, content in FILES.items()
        }
        assert "link" not in response.headers


def test_which_of_two_calls_lists_the_files_of_a_deploy(sandbox, site):
    first, second = (sandbox.deploy(site, {"index.html": content}) for content in (b"1", b"2"))
    of_site, of_deploy = f"/sites/{site['id']}/files?deploy_id={first['id']}", f"/deploys/{first['id']}/files"
    for path in (of_site, of_deploy):
        assert [(row["sha"], row["deploy_id"]) for row in sandbox.get(path)] == [(sha1(b"1"), first["id"])]
    sandbox.switch(deploy_files="by_site")
    assert sandbox.get(of_site)[0]["sha"] == sha1(b"1")
    assert sandbox.call("GET", of_deploy, 404).text == sandbox.call("GET", of_deploy + "/index.html", 404).text
    sandbox.switch(deploy_files="by_deploy")
    assert sandbox.get(of_deploy)[0]["sha"] == sha1(b"1")
    [row] = sandbox.get(of_site)
    assert row["sha"] == sha1(b"2") and "deploy_id" not in row
    assert sandbox.get(f"/sites/{site['id']}/files")[0]["deploy_id"] == second["id"]


@pytest.mark.parametrize("way", ["accepted", "refused"])
def test_a_control_character_in_a_name(sandbox, site, way):
    sandbox.switch(c1_file_names=way)
    deploy = create(sandbox, site, files=digests({"/a\u0089.txt": b"a"}))
    response = sandbox.upload(deploy, "a%C2%89.txt", b"a")
    assert response.status_code == (200 if way == "accepted" else 422)
    assert way == "accepted" or response.json()["message"] == "Missing entry in deploy"


def test_what_is_listed_of_an_unfinished_deploy(sandbox, site):
    contents = {"/a.txt": b"a", "/b.txt": b"b"}
    deploy = create(sandbox, site, files=digests(contents))
    sandbox.upload(deploy, "a.txt", b"a", 200)
    lists = (f"/sites/{site['id']}/files?deploy_id={deploy['id']}", f"/deploys/{deploy['id']}/files")
    for value, paths in (("shown", ["/a.txt", "/b.txt"]), ("uploaded_only", ["/a.txt"]), ("empty", [])):
        sandbox.switch(unfinished_files=value)
        for path in lists:
            assert [row["path"] for row in sandbox.get(path)] == paths
    sandbox.switch(unfinished_files="not_found")
    for path in lists:
        sandbox.call("GET", path, 404)
    sandbox.upload(deploy, "b.txt", b"b", 200)
    sandbox.advance(1)
    assert [len(sandbox.get(path)) for path in lists] == [2, 2]


def test_an_entry(sandbox, site):
    deploy = sandbox.deploy(site, FILES)
    expected = {
        "id": "/a b/index.html",
        "path": "/a b/index.html",
        "sha": sha1(b"<p>"),
        "mime_type": "text/html",
        "size": 3,
        "site_id": site["id"],
        "deploy_id": deploy["id"],
    }
    assert sandbox.get(f"/sites/{site['id']}/files/a%20b/index.html") == expected
    assert sandbox.get(f"/deploys/{deploy['id']}/files/a%20b/index.html") == expected
    for path in (f"/sites/{site['id']}/files/nothing", f"/deploys/{deploy['id']}/files//001.txt"):
        sandbox.call("GET", path, 404)


def test_the_bytes_come_for_a_content_type_not_for_an_accept(sandbox, site):
    deploy = sandbox.deploy(site, FILES)
    for owner in (f"/sites/{site['id']}", f"/deploys/{deploy['id']}"):
        response = sandbox.call("GET", f"{owner}/files/007.txt", 200, headers=RAW)
        assert (response.content, response.headers["content-type"]) == (b"7", "text/plain; charset=utf-8")
        assert (
            sandbox.call("GET", f"{owner}/files/007.txt", 200, headers={"Accept": RAW["Content-Type"]}).json()["size"]
            == 1
        )


@pytest.mark.parametrize("headers", [{"Accept": RAW["Content-Type"]}, RAW])
def test_the_bytes_may_come_for_an_accept_too(sandbox, site, headers):
    sandbox.switch(raw_file_header="content_type_or_accept")
    sandbox.deploy(site, FILES)
    assert sandbox.call("GET", f"/sites/{site['id']}/files/007.txt", 200, headers=headers).content == b"7"
    assert sandbox.get(f"/sites/{site['id']}/files/007.txt")["size"] == 1


def test_a_manifest_of_files_that_are_all_or_partly_known(sandbox, site):
    sandbox.deploy(site, {"a.txt": b"a", "b.txt": b"b"})
    known = sandbox.call(
        "POST", f"/sites/{site['id']}/deploys", 200, json={"files": {"/a.txt": sha1(b"a"), "/c/b.txt": sha1(b"b")}}
    ).json()
    assert known["required"] == []
    sandbox.advance(1)
    assert sandbox.get(f"/deploys/{known['id']}")["state"] == "ready"
    partly = sandbox.call(
        "POST",
        f"/sites/{site['id']}/deploys",
        200,
        json={"files": {"/a.txt": sha1(b"a"), "/new.txt": sha1(b"new"), "/newer.txt": sha1(b"new")}},
    ).json()
    assert (partly["required"], partly["state"]) == ([sha1(b"new")], "uploading")
    sandbox.upload(partly, "new.txt", b"new", 200)
    sandbox.advance(1)
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["id"] == partly["id"]
    assert sandbox.page("docs.netlify.app", "/newer.txt").content == b"new"


def test_without_a_published_deploy_there_are_no_files(sandbox, site):
    draft = sandbox.deploy(site, {"index.html": b"draft"}, draft=True)
    assert sandbox.get(f"/sites/{site['id']}/files") == []
    sandbox.call("GET", f"/sites/{site['id']}/files/index.html", 404)
    assert len(sandbox.get(f"/sites/{site['id']}/files?deploy_id={draft['id']}")) == 1
    sandbox.call("GET", f"/sites/{site['id']}/files?deploy_id=nothing", 404)


def test_files_that_were_not_uploaded_yet(sandbox, site):
    deploy = sandbox.call(
        "POST", f"/sites/{site['id']}/deploys", 200, json={"files": {"index.html": sha1(b"x")}}
    ).json()
    [entry] = sandbox.get(f"/deploys/{deploy['id']}/files")
    assert entry["size"] is None
    sandbox.call("GET", f"/deploys/{deploy['id']}/files/index.html", 404, headers=RAW)


def test_single_files_cannot_be_written_any_more(sandbox, site):
    sandbox.deploy(site, FILES)
    for method in ("PUT", "DELETE"):
        response = sandbox.call(method, f"/sites/{site['id']}/files/001.txt", 404, data=b"x")
        assert response.text == "Not Found"
