# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds, build hooks and deploy keys."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
import requests

HOST = "docs.netlify.app"
REPOSITORY = {"provider": "github", "repo_path": "example/docs", "branch": "trunk"}


@pytest.fixture
def site(sandbox):
    site = sandbox.site("docs")
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"build_settings": REPOSITORY})
    return site


def build(sandbox, site, query="", expect=200, **options):
    return sandbox.call("POST", f"/sites/{site['id']}/builds{query}", expect, **options).json()


def zipped(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("index.html", content)
    return stream.getvalue()


def test_a_build_of_the_production_branch_is_published(sandbox, site):
    started = build(sandbox, site, "?title=Hello%20%3C&clear_cache=true")
    deploy = sandbox.get(f"/deploys/{started['deploy_id']}")
    assert started == {
        "id": deploy["build_id"],
        "deploy_id": deploy["id"],
        "deploy_state": "enqueued",
        "done": False,
        "sha": deploy["commit_ref"],
        "error": None,
        "created_at": started["created_at"],
    }
    assert (deploy["branch"], deploy["context"], deploy["title"]) == ("trunk", "production", "Hello <")
    assert (deploy["deploy_source"], deploy["manual_deploy"]) == ("git", False)
    sandbox.advance(1)
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["id"] == deploy["id"]
    assert "branch trunk of example/docs" in sandbox.page(HOST).text and "Hello &lt;" in sandbox.page(HOST).text
    finished = sandbox.get(f"/builds/{started['id']}")
    assert finished == {**started, "deploy_state": "ready", "done": True}
    assert sandbox.get(f"/sites/{site['id']}/builds") == [finished]


def test_a_build_goes_through_its_states(sandbox, site):
    sandbox.admin("PATCH", "settings", {"build_seconds": 100, "deploy_processing_seconds": 10})
    started = build(sandbox, site)
    seen = []
    for seconds in (0, 30, 60, 11, 4, 6):
        sandbox.advance(seconds)
        entry = sandbox.get(f"/builds/{started['id']}")
        seen.append((entry["deploy_state"], entry["done"]))
    assert seen == [
        ("enqueued", False),
        ("building", False),
        ("building", False),
        ("uploaded", False),
        ("processing", False),
        ("ready", True),
    ]


@pytest.mark.parametrize("how", [{"query": "?branch=feature/x"}, {"json": {"branch": "feature/x"}}])
def test_a_build_of_another_branch_is_not_published(sandbox, site, how):
    options = dict(how)
    started = build(sandbox, site, options.pop("query", ""), **options)
    sandbox.advance(1)
    deploy = sandbox.get(f"/deploys/{started['deploy_id']}")
    assert (deploy["branch"], deploy["context"], deploy["state"]) == ("feature/x", "branch-deploy", "ready")
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"] is None
    assert "feature/x" in sandbox.page(f"feature-x--{HOST}").text


@pytest.mark.parametrize("host", ["127.0.0.1", "api.netlifysdk.com"])
def test_the_command_line_client_asks_for_extensions_without_a_token(sandbox, site, host):
    def ask(path):
        return requests.get(f"http://127.0.0.1:{sandbox.port}/{path}", headers={"Host": host}, timeout=5)

    meta = f"integrations/installations/meta/{site['id']}"
    for path in (f"team/{site['account_id']}/{meta}", f"team/{site['account_slug']}/{meta}"):
        assert (ask(path).status_code, ask(path).json()) == (200, [])
    assert ask(f"site/{site['id']}/integrations/safe").json() == []
    for path in (
        f"team/nobody/{meta}",
        f"team/second-team/{meta}",
        f"team/{site['account_id']}/integrations/installations/meta/none",
        "site/none/integrations/safe",
        "team/other",
    ):
        assert ask(path).status_code == 404


def test_a_build_of_a_commit_or_of_a_pull_request(sandbox, site):
    commit = build(sandbox, site, "?commit_sha=0123abc")
    assert commit["sha"] == "0123abc"
    sandbox.advance(1)
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["id"] == commit["deploy_id"]
    review = sandbox.get(f"/deploys/{build(sandbox, site, '?review_id=7')['deploy_id']}")
    assert (review["review_id"], review["context"]) == (7, "deploy-preview")
    sandbox.advance(1)
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["id"] == commit["deploy_id"]
    assert [deploy["id"] for deploy in sandbox.get(f"/sites/{site['id']}/deploys?deploy-previews=true")] == [
        review["id"]
    ]
    build(sandbox, site, "?review_id=x", 422)
    sandbox.switch(build_commit_and_review="ignored")
    plain = sandbox.get(f"/deploys/{build(sandbox, site, '?review_id=7&commit_sha=0123abc')['deploy_id']}")
    assert (plain["review_id"], plain["context"], plain["branch"]) == (None, "production", "trunk")
    assert plain["commit_ref"] not in ("0123abc", None)


def test_a_build_may_fail_or_be_cancelled(sandbox, site):
    sandbox.switch(build_result="error")
    failed = build(sandbox, site)
    sandbox.advance(1)
    entry = sandbox.get(f"/builds/{failed['id']}")
    assert (entry["deploy_state"], entry["done"]) == ("error", True) and "building site" in entry["error"]
    sandbox.switch(build_result="ready")
    cancelled = build(sandbox, site)
    sandbox.call("POST", f"/deploys/{cancelled['deploy_id']}/cancel", 200)
    sandbox.advance(1)
    assert sandbox.get(f"/builds/{cancelled['id']}")["error"] == "Canceled"
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"] is None


def test_a_locked_site_is_built_and_not_published(sandbox, site):
    first = build(sandbox, site)
    sandbox.advance(1)
    sandbox.call("POST", f"/deploys/{first['deploy_id']}/lock", 200)
    second = build(sandbox, site)
    sandbox.advance(1)
    assert sandbox.get(f"/builds/{second['id']}")["deploy_state"] == "ready"
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["id"] == first["deploy_id"]


@pytest.mark.parametrize("status", [422, 404])
def test_a_site_without_a_repository_is_not_built(sandbox, status):
    sandbox.switch(build_unlinked_status=status)
    other = sandbox.site("other")
    build(sandbox, other, expect=status)
    assert sandbox.get(f"/sites/{other['id']}/deploys") == []


def test_stopped_builds(sandbox, site):
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"build_settings": {**REPOSITORY, "stop_builds": True}})
    build(sandbox, site, expect=422)


@pytest.mark.parametrize(
    "options",
    [
        {"data": zipped("zip"), "headers": {"Content-Type": "application/zip"}},
        {"files": {"zip": ("site.zip", zipped("zip"))}},
    ],
)
def test_a_zip_is_built_without_a_repository(sandbox, options):
    other = sandbox.site("other")
    started = build(sandbox, other, **options)
    sandbox.advance(1)
    assert sandbox.get(f"/builds/{started['id']}")["done"]
    assert sandbox.page("other.netlify.app").content == b"zip"
    build(sandbox, other, expect=422, files={"other": ("site.zip", b"")})


def test_builds_have_pages_and_owners(sandbox, second, site):
    builds = [build(sandbox, site)["id"] for _number in range(3)]
    first = sandbox.call("GET", f"/sites/{site['id']}/builds?per_page=2", 200)
    assert [entry["id"] for entry in first.json()] == builds[:0:-1] and "next" in first.links
    second.call("GET", f"/builds/{builds[0]}", 404)


# build hooks


def test_a_build_hook_from_its_creation_to_its_end(sandbox, site):
    path = f"/sites/{site['id']}/build_hooks"
    hook = sandbox.call("POST", path, 201, json={"title": "CMS", "branch": "next"}).json()
    assert hook == {
        "id": hook["id"],
        "site_id": site["id"],
        "title": "CMS",
        "branch": "next",
        "draft": False,
        "url": f"https://api.netlify.com/build_hooks/{hook['id']}",
        "msg": "",
        "created_at": hook["created_at"],
    }
    assert sandbox.get(path) == [hook] and sandbox.get(f"{path}/{hook['id']}") == hook
    assert sandbox.call("PUT", f"{path}/{hook['id']}", 204, json={"title": "Shop"}).content == b""
    assert sandbox.get(f"{path}/{hook['id']}") == {**hook, "title": "Shop"}
    sandbox.call("PUT", f"{path}/{hook['id']}", 422, json={"draft": "yes"})
    sandbox.call("DELETE", f"{path}/{hook['id']}", 204)
    for method in ("GET", "PUT", "DELETE"):
        sandbox.call(method, f"{path}/{hook['id']}", 404, json={})
    assert sandbox.call("POST", path, 201, json={}).json()["branch"] == "trunk"


def trigger(sandbox, url, method="POST"):
    return sandbox.session.request(method, sandbox.url + url, timeout=10)


def test_a_build_hook_is_triggered_without_a_token(sandbox, site):
    hook = sandbox.call(
        "POST", f"/sites/{site['id']}/build_hooks", 201, json={"title": "CMS", "branch": "next", "draft": True}
    ).json()
    assert trigger(sandbox, f"/build_hooks/{hook['id']}").status_code == 200
    query = "?trigger_branch=trunk&trigger_title=New&clear_cache=true"
    assert trigger(sandbox, f"/build_hooks/{hook['id']}{query}").status_code == 200
    titled, hooked = sandbox.get(f"/sites/{site['id']}/deploys")
    assert (titled["branch"], titled["title"], titled["draft"]) == ("trunk", "New", True)
    assert (hooked["branch"], hooked["title"]) == ("next", "Deploy triggered by hook: CMS")
    assert sandbox.page("api.netlify.com", f"/build_hooks/{hook['id']}", "POST").status_code == 200
    assert trigger(sandbox, "/build_hooks/nothing").status_code == 404
    assert trigger(sandbox, f"/build_hooks/{hook['id']}", "GET").status_code == 404
    entries = sandbox.log("triggerBuildHook")
    assert len(entries) == 4 and all(entry["write"] for entry in entries)


def test_a_trigger_can_be_made_to_fail(sandbox, site):
    hook = sandbox.call("POST", f"/sites/{site['id']}/build_hooks", 201, json={"title": "CMS"}).json()
    sandbox.fault("triggerBuildHook", "status", status=503)
    sandbox.fault("triggerBuildHook", "throttle", skip=1, reset="none", seconds=1)
    assert [trigger(sandbox, f"/build_hooks/{hook['id']}").status_code for _number in range(3)] == [503, 429, 200]


def test_the_address_of_a_hook_that_leads_here(sandbox, site):
    sandbox.switch(site_urls="localhost")
    hook = sandbox.call("POST", f"/sites/{site['id']}/build_hooks", 201, json={}).json()
    assert hook["url"] == f"{sandbox.url}/build_hooks/{hook['id']}"


# deploy keys


def test_a_deploy_key_from_its_creation_to_its_end(sandbox, second):
    key = sandbox.call("POST", "/deploy_keys", 201).json()
    kind, blob = key["public_key"].split(" ")
    assert kind == "ssh-rsa" and base64.b64decode(blob).startswith(b"\0\0\0\7ssh-rsa\0\0\0\3\1\0\1\0\0\1\1\0")
    other = sandbox.call("POST", "/deploy_keys", 201).json()
    assert other["public_key"] != key["public_key"]
    assert sandbox.get("/deploy_keys") == [key, other] and sandbox.get(f"/deploy_keys/{key['id']}") == key
    assert second.get("/deploy_keys") == []
    sandbox.call("DELETE", f"/deploy_keys/{key['id']}", 204)
    for method in ("GET", "DELETE"):
        sandbox.call(method, f"/deploy_keys/{key['id']}", 404)


def test_an_unlinked_site_loses_its_hooks_and_its_key(sandbox, site):
    key = sandbox.call("POST", "/deploy_keys", 201).json()
    sandbox.call(
        "PATCH", f"/sites/{site['id']}", 200, json={"build_settings": {**REPOSITORY, "deploy_key_id": key["id"]}}
    )
    sandbox.call("POST", f"/sites/{site['id']}/build_hooks", 201, json={})
    sandbox.call("PUT", f"/sites/{site['id']}/unlink_repo", 200)
    assert sandbox.get(f"/sites/{site['id']}/build_hooks") == [] and sandbox.get("/deploy_keys") == []
    build(sandbox, site, expect=422)
