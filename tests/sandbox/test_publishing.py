# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify deploys: publishing, canceling and deleting, and sites from zip files."""

from __future__ import annotations

import pytest
from deploying import FILES, INDEX, archive, create, digests, published, send_zip, state
from sandbox_client import sha1

# publishing


def test_restore_publishes_an_old_deploy(sandbox, site):
    first = sandbox.deploy(site, {"index.html": b"1"})
    sandbox.deploy(site, {"index.html": b"2"})
    path = f"/sites/{site['id']}/deploys/{first['id']}/restore"
    assert sandbox.call("POST", path, 200).json()["id"] == first["id"]
    assert published(sandbox, site) == first["id"]
    assert sandbox.page("docs.netlify.app").text == "1"
    sandbox.switch(restore_status=201)
    sandbox.call("POST", path, 201)


def test_rollback_goes_to_the_previous_production_deploy(sandbox, site):
    path = f"/sites/{site['id']}/rollback"
    sandbox.call("PUT", path, 204)
    first = sandbox.deploy(site, {"index.html": b"1"})
    sandbox.call("PUT", path, 204)
    assert published(sandbox, site) == first["id"]
    sandbox.deploy(site, {"index.html": b"draft"}, draft=True)
    sandbox.deploy(site, {"index.html": b"2"})
    sandbox.call("PUT", path, 204)
    assert published(sandbox, site) == first["id"]
    sandbox.call("PUT", "/sites/nothing.netlify.app/rollback", 404)


def test_a_locked_site_takes_deploys_but_does_not_publish_them(sandbox, site):
    first = sandbox.deploy(site, {"index.html": b"1"})
    locked = sandbox.call("POST", f"/deploys/{first['id']}/lock", 200).json()
    assert locked["locked"] is True
    assert sandbox.get(f"/sites/{site['id']}")["published_deploy"]["locked"] is True
    second = sandbox.deploy(site, {"index.html": b"2"})
    assert second["state"] == "ready" and second["published_at"] is None
    assert published(sandbox, site) == first["id"]
    assert sandbox.call("POST", f"/deploys/{first['id']}/unlock", 200).json()["locked"] is False
    third = sandbox.deploy(site, {"index.html": b"3"})
    assert published(sandbox, site) == third["id"]


def test_an_old_lock_may_give_way(sandbox, site):
    first = sandbox.deploy(site, {"index.html": b"1"})
    sandbox.call("POST", f"/deploys/{first['id']}/lock", 200)
    sandbox.switch(locked_site="published_and_unlocked")
    second = sandbox.deploy(site, {"index.html": b"2"})
    assert published(sandbox, site) == second["id"]
    assert not sandbox.get(f"/sites/{site['id']}")["published_deploy"]["locked"]


@pytest.mark.parametrize("switch, locked", [("stays_locked", True), ("unlocked", False)])
def test_restore_on_a_locked_site(sandbox, site, switch, locked):
    first = sandbox.deploy(site, {"index.html": b"1"})
    second = sandbox.deploy(site, {"index.html": b"2"})
    sandbox.call("POST", f"/deploys/{second['id']}/lock", 200)
    sandbox.switch(restore_locked_site=switch)
    sandbox.call("POST", f"/sites/{site['id']}/deploys/{first['id']}/restore", 200)
    after = sandbox.get(f"/sites/{site['id']}")["published_deploy"]
    assert (after["id"], bool(after["locked"])) == (first["id"], locked)


# canceling and deleting


@pytest.mark.parametrize("result", ["error", "canceled"])
def test_cancel(sandbox, site, result):
    sandbox.switch(cancel_result=result)
    deploy = create(sandbox, site, files=digests(FILES))
    after = sandbox.call("POST", f"/deploys/{deploy['id']}/cancel", 200).json()
    assert (after["state"], after["error_message"]) == (result, "Canceled")
    sandbox.upload(deploy, "index.html", INDEX, 422)
    sandbox.advance(100)
    assert state(sandbox, deploy) == result


def test_cancel_of_a_finished_deploy(sandbox, site):
    deploy = sandbox.deploy(site, FILES)
    sandbox.call("POST", f"/deploys/{deploy['id']}/cancel", 422)
    sandbox.switch(cancel_finished=200, cancel_status=201)
    assert sandbox.call("POST", f"/deploys/{deploy['id']}/cancel", 201).json()["state"] == "ready"


def test_delete(sandbox, site):
    first, second = (sandbox.deploy(site, {"index.html": content}) for content in (b"1", b"2"))
    sandbox.call("DELETE", f"/deploys/{second['id']}", 422)
    assert sandbox.call("DELETE", f"/sites/{site['id']}/deploys/{first['id']}", 204).content == b""
    sandbox.call("GET", f"/deploys/{first['id']}", 404)
    sandbox.call("POST", f"/sites/{site['id']}/deploys/{first['id']}/restore", 404)
    sandbox.call("DELETE", f"/deploys/{first['id']}", 404)
    assert [deploy["id"] for deploy in sandbox.get(f"/sites/{site['id']}/deploys")] == [second["id"]]
    sandbox.call("DELETE", f"/deploys/{create(sandbox, site)['id']}", 405)
    for status in (403, 405):
        sandbox.switch(delete_published_status=status)
        sandbox.call("DELETE", f"/deploys/{second['id']}", status)


def test_delete_all_deploys_of_an_alias(sandbox, site):
    kept = sandbox.deploy(site, {"index.html": b"1"})
    for content in (b"2", b"3"):
        sandbox.deploy(site, {"index.html": content}, branch="next")
    path = f"/sites/{site['id']}/deploys"
    sandbox.call("DELETE", path, 422)
    sandbox.call("DELETE", f"{path}?subdomain_alias=next", 204)
    assert [deploy["id"] for deploy in sandbox.get(path)] == [kept["id"]]


# zip


def test_a_zip_goes_straight_to_processing(slow, site):
    deploy = send_zip(slow, "POST", f"/sites/{site['id']}/deploys?title=zipped", archive(FILES), 200)
    assert (deploy["state"], deploy["required"], deploy["title"]) == ("uploaded", [], "zipped")
    slow.advance(11)
    assert published(slow, site) == deploy["id"]
    assert [entry["sha"] for entry in slow.get(f"/sites/{site['id']}/files")] == [
        sha1(FILES[path]) for path in sorted(FILES)
    ]
    assert create(slow, site, files=digests(FILES))["required"] == []


def test_a_zip_may_be_a_draft(sandbox, site):
    deploy = send_zip(sandbox, "POST", f"/sites/{site['id']}/deploys?draft=true", archive(FILES), 200)
    sandbox.advance(1)
    assert state(sandbox, deploy) == "ready" and published(sandbox, site) is None


@pytest.mark.parametrize(
    "content", [b"no zip", archive(FILES)[:60], archive(FILES)[:-30]], ids=("no zip", "its begin", "without its end")
)
def test_a_broken_zip_ends_in_error(sandbox, site, content):
    deploy = send_zip(sandbox, "POST", f"/sites/{site['id']}/deploys", content, 200)
    assert deploy["state"] == "error" and "zip" in deploy["error_message"]


def test_a_zip_with_too_many_files_ends_in_error(sandbox, site):
    content = archive({f"{number}": b"" for number in range(25_001)})
    deploy = send_zip(sandbox, "POST", f"/sites/{site['id']}/deploys", content, 200)
    assert deploy["state"] == "error" and "25000" in deploy["error_message"]


def test_put_of_a_zip_to_a_site_is_a_deploy(sandbox, site):
    after = send_zip(sandbox, "PUT", f"/sites/{site['id']}", archive(FILES), 200)
    sandbox.advance(1)
    assert published(sandbox, site) == after["deploy_id"]


# sites with files


def test_a_site_can_be_created_with_a_zip(sandbox):
    site = send_zip(sandbox, "POST", "/sites", archive(FILES), 201)
    assert (site["state"], site["required"], site["subdomain"]) == ("processing", [], site["name"])
    sandbox.advance(1)
    assert published(sandbox, site) == site["deploy_id"]


def test_a_site_can_be_created_with_a_zip_in_a_form(sandbox):
    site = sandbox.call(
        "POST", "/sites", 201, data={"name": "form"}, files={"zip": ("landing.zip", archive(FILES), "application/zip")}
    ).json()
    sandbox.advance(1)
    assert sandbox.page("form.netlify.app").content == INDEX
    assert site["name"] == "form"
    sandbox.call("POST", "/sites", 422, files={"other": ("x", b"y")})


def test_a_site_can_be_created_with_digests(sandbox):
    site = sandbox.site("docs", files={"/index.html": sha1(INDEX)})
    assert (site["state"], site["required"]) == ("uploading", [sha1(INDEX)])
    sandbox.upload({"id": site["deploy_id"]}, "index.html", INDEX, 200)
    sandbox.advance(1)
    assert sandbox.page("docs.netlify.app").content == INDEX


def test_the_seeds_answer_to_a_site_with_files(sandbox):
    sandbox.switch(create_with_files_answer="seed")
    response = sandbox.call("POST", "/sites", 201, json={"name": "docs", "files": {"/index.html": sha1(INDEX)}})
    assert set(response.json()) == {"id", "subdomain", "url", "state", "required"}
    location = response.headers["location"]
    assert location == f"{sandbox.url}/api/v1/sites/{response.json()['id']}"


def test_a_site_with_a_wrong_list_is_not_created(sandbox):
    sandbox.call("POST", "/sites", 422, json={"name": "docs", "files": ["x"]})
    sandbox.call("POST", "/sites", 422, data=b"", headers={"Content-Type": "application/zip"})
    assert sandbox.get("/sites") == []


def test_a_deleted_site_takes_its_deploys_along(sandbox, site):
    deploy = sandbox.deploy(site, FILES, wait=False)
    sandbox.call("DELETE", f"/sites/{site['id']}", 204)
    sandbox.call("GET", f"/deploys/{deploy['id']}", 404)
    assert sandbox.page("docs.netlify.app").status_code == 404
