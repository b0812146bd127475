# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol deployments started by hooks and by the API."""

from __future__ import annotations

from flightcontrol_client import REPOSITORY, SITE, WEB

# hooks


def test_a_hook_answers_a_boolean_or_a_string(fc):
    assert fc.hook()["success"] is True
    fc.switch(hook_success="string")
    assert fc.hook()["success"] == "true"
    fc.switch(hook_refused="success_false")
    assert fc.hook(commit="abc")["success"] == "false"


def test_a_hook_is_a_write_although_it_is_a_get(fc):
    fc.hook()
    fc.preview_hook(8, fc.commits("checkout")[-1])
    fc.session.get(f"{fc.url}/api/deploy-hook/1/x", timeout=10)
    fc.session.get(f"{fc.url}/api/deploy-hook/1", timeout=10)
    entries = [entry for entry in fc.log() if entry["platform"] == "flightcontrol-hook"]
    assert [(entry["operation"], entry["write"], entry["status"]) for entry in entries] == [
        ("triggerDeployHook", True, 200),
        ("triggerPreviewDeployHook", True, 200),
        ("triggerDeployHook", True, 404),
        ("unrouted", True, 404),
    ]
    fc.deployment(fc.environment()["deployments"][-1])
    assert fc.log("getDeployment")[-1]["write"] is False


def test_a_hook_takes_the_repositorys_default_branch_not_the_environments(fc):
    identifier = fc.hook(environment="staging")["deploymentId"]
    assert fc.deployment(identifier)["gitBranch"] == "main"
    identifier = fc.hook(environment="staging", branch="develop")["deploymentId"]
    assert fc.deployment(identifier)["gitCommit"] == fc.commits("develop")[-1]


def test_a_hook_with_a_commit_needs_its_branch(fc):
    first = fc.commits()[0]
    assert "branch" in fc.hook(400, commit=first)["message"]
    assert fc.hook(400, commit=first, branch="no-such-branch")["message"] == "Branch no-such-branch not found"
    identifier = fc.hook(commit=first, branch="main")["deploymentId"]
    assert fc.deployment(identifier)["gitCommit"] == first


def test_a_commit_that_the_branch_lacks(fc):
    elsewhere = fc.commits("checkout")[-1]
    fc.hook(400, commit=elsewhere, branch="main")
    fc.switch(unknown_commit="deployment_error")
    deployment = fc.deploy(commit="0" * 40, branch="main")
    assert (deployment["gitCommit"], deployment["status"]) == ("0" * 40, "ERROR")
    assert fc.service()["live_commit"] == fc.commits()[-2]


def test_a_wrong_hook_is_refused_or_answers_success_false(fc):
    hook, preview = fc.environment(), fc.project()["preview"]
    for path in (
        "1/x",
        f"{hook['hook_id']}/x",
        f"{preview['hook_id']}/{hook['hook_secret']}",
        f"1/x/7/{'0' * 40}",
        f"{preview['hook_id']}/{preview['hook_secret']}",
    ):
        response = fc.session.get(f"{fc.url}/api/deploy-hook/{path}", timeout=10)
        assert response.status_code == 404 and "message" in response.json(), path
    for path in (
        "abc/x",
        f"{hook['hook_id']}/{hook['hook_secret']}?force=maybe",
        f"{preview['hook_id']}/{preview['hook_secret']}/seven/{'0' * 40}",
    ):
        assert fc.session.get(f"{fc.url}/api/deploy-hook/{path}", timeout=10).status_code == 400, path
    fc.switch(hook_refused="success_false")
    response = fc.session.get(f"{fc.url}/api/deploy-hook/1/x", timeout=10)
    assert (response.status_code, response.json()["success"]) == (200, False)
    assert "deploymentId" not in response.json()
    assert len(fc.environment()["deployments"]) == 1


def test_a_hook_needs_no_key_and_answers_on_its_own_host(fc):
    hook = fc.environment()
    path = f"/api/deploy-hook/{hook['hook_id']}/{hook['hook_secret']}"
    assert fc.page("app.flightcontrol.dev", path).status_code == 200
    assert fc.page("api.flightcontrol.dev", path).status_code == 404
    assert fc.page("app.flightcontrol.dev", path, method="POST").status_code == 404
    assert len(fc.environment()["deployments"]) == 2


def test_faults_hit_hooks_by_their_own_label(fc):
    fc.fault("triggerDeployHook", "status", platform="flightcontrol-hook", status=502, body="html", processed=True)
    hook = fc.environment()
    response = fc.session.get(f"{fc.url}/api/deploy-hook/{hook['hook_id']}/{hook['hook_secret']}", timeout=10)
    assert response.status_code == 502 and len(fc.environment()["deployments"]) == 2


def test_the_preview_of_a_pull_request(fc):
    commit = fc.commits("checkout")[-1]
    deployment = fc.deployment(fc.preview_hook(8, commit)["deploymentId"])
    assert (deployment["isPreviewEnvironment"], deployment["environmentGivenId"]) == (True, "pr-8")
    assert (deployment["gitCommit"], deployment["gitBranch"]) == (commit, "checkout")
    fc.advance(1)
    assert commit in fc.page("web-pr-8.flightcontrol.localhost").text
    again = fc.deployment(fc.preview_hook(8, commit, force="true")["deploymentId"])
    assert again["environmentId"] == deployment["environmentId"]
    fc.preview_hook(8, "0" * 40, expect=400)
    listed = fc.get(f"/services?previewEnvironmentId={fc.project()['preview']['id']}")["services"]
    assert {service["environmentId"] for service in listed} == {
        fc.environment("pr-7")["id"],
        deployment["environmentId"],
    }


# by the API


def test_deployments_of_all_environments_or_of_some(fc):
    body = {"repoUrl": REPOSITORY, "branch": "main"}
    created = fc.post("/deployments", body)["deployments"]
    assert [item["environmentId"] for item in created] == [fc.environment()["id"], fc.environment("staging")["id"]]
    assert created[0] == {
        "projectId": fc.project()["id"],
        "environmentId": fc.environment()["id"],
        "branch": "main",
        "deploymentId": fc.environment()["deployments"][-1],
        "commit": fc.commits()[-1],
    }
    one = {"filter": {"environmentId": fc.environment("staging")["id"]}, "commit": fc.commits()[0]}
    created = fc.post("/deployments", {**body, **one})["deployments"]
    assert [item["commit"] for item in created] == [fc.commits()[0]]
    assert len(fc.environment()["deployments"]) == 2
    project = {"filter": {"projectId": fc.project()["id"]}}
    assert len(fc.post("/deployments", {**body, **project})["deployments"]) == 2
    fc.post("/deployments", {**body, "repoUrl": f"{REPOSITORY}.git"})


def test_without_the_cache_everything_is_deployed(fc):
    fc.deploy()
    body = {"repoUrl": REPOSITORY, "branch": "main", "filter": {"environmentId": fc.environment()["id"]}}
    results = []
    for more in ({}, {"forceNoCache": True}):
        created = fc.post("/deployments", {**body, **more})["deployments"][0]
        fc.advance(1)
        results.append(fc.deployment(created["deploymentId"])["status"])
    assert results == ["NO_CHANGE", "SUCCESS"]


def test_a_filter_that_matches_nothing(fc):
    body = {"repoUrl": REPOSITORY, "branch": "main", "filter": {"environmentId": "none"}}
    assert fc.post("/deployments", body) == {"deployments": []}
    fc.switch(no_match=404)
    fc.post("/deployments", body, 404)


def test_failures_of_single_environments_come_inside_200(fc):
    body = {"repoUrl": REPOSITORY, "branch": "main"}
    fc.switch(partial_failure="first")
    failed, fine = fc.post("/deployments", body)["deployments"]
    assert failed == {
        "projectId": fc.project()["id"],
        "environmentId": fc.environment()["id"],
        "error": "The environment could not be deployed",
    }
    assert fine["deploymentId"] and len(fc.environment()["deployments"]) == 1
    fc.switch(partial_failure="all", environment_error="object")
    created = fc.post("/deployments", body)["deployments"]
    assert [item["error"] for item in created] == [{"message": "The environment could not be deployed"}] * 2
    fc.switch(partial_failure="none", environment_error="string")
    created = fc.post("/deployments", {**body, "branch": "none"})["deployments"]
    assert [item["error"] for item in created] == ["Branch none not found"] * 2


def test_requests_for_deployments_are_checked(fc, other_fc):
    for body in (
        {},
        {"repoUrl": REPOSITORY},
        {"branch": "main"},
        {"repoUrl": "", "branch": "main"},
        {"repoUrl": REPOSITORY, "branch": "main", "filter": "x"},
        {"repoUrl": REPOSITORY, "branch": "main", "forceNoCache": "yes"},
    ):
        assert fc.post("/deployments", body, 400)["errorCode"] == "FC:Request:Error:VALIDATION_ERROR"
    body = {"repoUrl": REPOSITORY, "branch": "main"}
    fc.post("/deployments", {**body, "repoUrl": "https://github.com/nobody/nothing"}, 404)
    other_fc.post("/deployments", body, 404)
    assert len(fc.environment()["deployments"]) == 1


# what is deployed


def test_a_page_shows_the_live_commit_under_each_name(fc):
    site = fc.service("site")
    for host in (WEB, "shop.example.com", SITE, site["hosts"][1], f"{WEB}:{fc.port}"):
        assert fc.commits()[-2] in fc.page(host, "/any/path").text, host
    fc.deploy()
    assert fc.commits()[-1] in fc.page(WEB).text
    assert fc.page(WEB, method="POST").status_code == 405
    assert fc.page("db-production.flightcontrol.localhost").status_code == 404
    assert [(entry["platform"], entry["operation"]) for entry in fc.log()][-1] == ("flightcontrol-site", "servePage")


def test_the_old_commit_is_live_until_the_end(fc):
    fc.setting(deployment_seconds=100)
    fc.hook()
    fc.advance(90)
    assert fc.commits()[-2] in fc.page(WEB).text
    fc.advance(20)
    assert fc.commits()[-1] in fc.page(WEB).text


def test_a_broken_commit_is_deployed_and_answers_500(fc):
    pushed = fc.push("A broken idea")
    assert fc.deploy()["status"] == "SUCCESS"
    assert fc.page(WEB).status_code == 500
    assert (
        next(
            commit["behaviour"]
            for commit in fc.state["repositories"][0]["branches"]["main"]
            if commit["sha"] == pushed["commit"]
        )
        == "broken"
    )
    fc.deploy(commit=fc.commits()[-2], branch="main")
    assert fc.page(WEB).status_code == 200


def test_a_message_is_escaped(fc):
    fc.push("<b>bold</b>")
    fc.deploy()
    assert "&lt;b&gt;bold" in fc.page(WEB).text


def test_without_instances_nothing_answers(fc):
    path = f"/services/{fc.service()['id']}/scaling"
    fc.post(path, {"operation": "set", "count": 0})
    fc.advance(1)
    assert fc.page(WEB).status_code == 503
    fc.post(path, {"operation": "set", "count": 1})
    fc.advance(1)
    assert fc.page(WEB).status_code == 200
    assert fc.page(SITE).status_code == 200


def test_cloudfront_may_keep_the_old_commit_until_it_is_told(fc):
    old, new = fc.commits()[-2:]
    assert old in fc.page(SITE).text
    fc.switch(cloudfront="stale")
    for path in ("/", "/docs/a", "/docs/b"):
        assert old in fc.page(SITE, path).text
    fc.deploy()
    assert new in fc.page(WEB).text and new in fc.page(SITE, "/not-seen-yet").text
    assert old in fc.page(SITE).text
    fc.post(f"/services/{fc.service('site')['id']}/cloudfront/invalidation", {"paths": ["/docs/*"]})
    fc.advance(1)
    assert [new in fc.page(SITE, path).text for path in ("/", "/docs/a", "/docs/b")] == [False, True, True]
    fc.switch(cloudfront="fresh")
    assert new in fc.page(SITE).text
