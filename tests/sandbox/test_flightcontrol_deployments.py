# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flightcontrol: deployments by hook and by API, their states, and what is deployed."""

from __future__ import annotations

import re

import pytest
from flightcontrol_client import REPOSITORY, SECOND_KEY, Flightcontrol, errors, statuses

WEB = "web-production.flightcontrol.localhost"
SITE = "site-production.flightcontrol.localhost"


@pytest.fixture
def fc(sandbox):
    client = Flightcontrol(sandbox.port)
    yield client
    client.session.close()


@pytest.fixture
def other(fc):
    """The second organization."""
    client = Flightcontrol(fc.port, SECOND_KEY)
    yield client
    client.session.close()


# looking at a deployment


def test_a_deployment_has_what_the_documentation_shows(fc):
    deployment = fc.deploy()
    environment, web = fc.environment(), fc.service()
    first = deployment["serviceDeployments"][0]
    assert {key: deployment[key] for key in deployment if key not in ("createdAt", "serviceDeployments")} == {
        "deploymentId": environment["deployments"][-1],
        "projectId": fc.project()["id"],
        "environmentId": environment["id"],
        "environmentGivenId": "production",
        "isPreviewEnvironment": False,
        "repoUrl": REPOSITORY,
        "gitCommit": fc.commits()[-1],
        "gitBranch": "main",
        "status": "SUCCESS",
    }
    assert first == {
        "service": {
            "serviceId": web["id"],
            "serviceGivenId": "web",
            "serviceName": "Web",
            "serviceDomain": "https://shop.example.com",
            "type": "web",
        },
        "serviceDeploymentId": first["serviceDeploymentId"],
        "status": "SUCCESS",
        "error": None,
    }
    assert re.fullmatch("c[a-z0-9]{24}", deployment["deploymentId"])


def test_createdat_has_a_space_and_no_zone_or_is_a_date_time(fc):
    identifier = fc.hook()["deploymentId"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", fc.deployment(identifier)["createdAt"])
    fc.switch(created_at="rfc3339")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", fc.deployment(identifier)["createdAt"])


def test_a_web_service_was_once_called_fargate(fc):
    identifier = fc.hook()["deploymentId"]
    fc.switch(web_type="fargate")
    types = [part["service"]["type"] for part in fc.deployment(identifier)["serviceDeployments"]]
    assert types == ["fargate", "worker", "rds", "static", "scheduler"]


def test_addresses_of_services(fc):
    identifier = fc.hook()["deploymentId"]
    domains = [part["service"]["serviceDomain"] for part in fc.deployment(identifier)["serviceDeployments"]]
    assert domains == ["https://shop.example.com", "", "", f"https://{fc.service('site')['hosts'][1]}", ""]
    fc.switch(service_urls="localhost")
    first = fc.deployment(identifier)["serviceDeployments"][0]
    assert first["service"]["serviceDomain"] == f"http://{WEB}:{fc.port}"


def test_a_deployment_that_is_not_there_or_not_ours(fc, other):
    assert fc.call("GET", "/deployments/none", 404).json() == {
        "message": "Deployment not found",
        "errorCode": "FC:Request:Error:NOT_FOUND",
    }
    identifier = fc.hook()["deploymentId"]
    other.call("GET", f"/deployments/{identifier}", 404)
    fc.switch(foreign=403)
    assert other.call("GET", f"/deployments/{identifier}", 403).json()["errorCode"] == "FC:Request:Error:FORBIDDEN"


def test_a_new_deployment_may_come_into_sight_late(fc):
    fc.call("GET", f"/deployments/{fc.hook()['deploymentId']}", 200)
    fc.switch(new_deployment="late")
    fc.setting(visibility_seconds=5)
    identifier = fc.hook(force="true")["deploymentId"]
    fc.call("GET", f"/deployments/{identifier}", 404)
    fc.advance(5)
    fc.call("GET", f"/deployments/{identifier}", 200)


# states


def test_a_deployment_passes_through_its_states(fc):
    fc.setting(deployment_seconds=100)
    seen, services = fc.passed_through(fc.hook()["deploymentId"], step=9)
    assert seen == ["PENDING", "INPROGRESS", "PENDING_DEPENDENCY", "PROVISIONING", "BUILDING", "DEPLOYING", "SUCCESS"]
    assert services["site"] == ["PENDING", "INPROGRESS", "PROVISIONING", "BUILDING", "DEPLOYING", "SUCCESS"]
    assert services["web"] == ["PENDING", "INPROGRESS", "PENDING_DEPENDENCY", "DEPLOYING", "SUCCESS"]


@pytest.mark.parametrize(
    "result, last",
    [
        ("NO_CHANGE", "PROVISIONING"),
        ("CANCELLED", "PROVISIONING"),
        ("ERROR", "PROVISIONING"),
        ("BUILD_ERROR", "BUILDING"),
        ("DEPLOY_ERROR", "DEPLOYING"),
    ],
)
def test_a_deployment_ends_as_ordered(fc, result, last):
    fc.setting(deployment_seconds=100)
    fc.switch(deployment_result=result)
    seen, services = fc.passed_through(fc.hook()["deploymentId"], step=9)
    assert seen[-2:] == [last, result]
    assert services["web"][-1] == result
    assert services["site"][-1] == (result if result in ("NO_CHANGE", "CANCELLED") else "SUCCESS")
    assert fc.service()["live_commit"] == fc.commits()[-2]


def test_a_deployment_may_never_end(fc):
    fc.switch(deployment_result="never")
    identifier = fc.hook()["deploymentId"]
    fc.advance(86400)
    assert fc.deployment(identifier)["status"] == "DEPLOYING"
    fc.switch(deployment_result="SUCCESS")
    later = fc.hook()["deploymentId"]
    fc.advance(86400)
    assert fc.deployment(later)["status"] == "PENDING"


def test_a_status_that_nobody_knows(fc):
    fc.setting(deployment_seconds=100)
    fc.switch(unknown_status="passing")
    seen, _services = fc.passed_through(fc.hook()["deploymentId"], step=9)
    assert seen[-2:] == ["VERIFYING", "SUCCESS"]
    fc.switch(unknown_status="final")
    identifier = fc.hook(force="true")["deploymentId"]
    fc.advance(600)
    assert fc.deployment(identifier)["status"] == "VERIFYING"
    fc.switch(unknown_status="none")
    assert fc.passed_through(fc.hook(force="true")["deploymentId"], step=9)[0][-1] == "SUCCESS"


def test_the_error_of_a_service_is_an_object_a_string_or_null(fc):
    fc.switch(deployment_result="BUILD_ERROR")
    failed = fc.deploy()
    assert failed["status"] == "BUILD_ERROR"
    assert errors(failed) == {
        "web": {"message": "The build failed with exit code 1"},
        "worker": None,
        "db": None,
        "site": None,
        "nightly": None,
    }
    fc.switch(service_error="string")
    assert errors(fc.deploy())["web"] == "The build failed with exit code 1"
    fc.switch(service_error="null")
    failed = fc.deploy()
    assert statuses(failed)["web"] == "BUILD_ERROR" and errors(failed)["web"] is None


def test_no_error_is_shown_before_the_end(fc):
    fc.setting(deployment_seconds=100)
    fc.switch(deployment_result="DEPLOY_ERROR")
    identifier = fc.hook()["deploymentId"]
    fc.advance(90)
    assert set(errors(fc.deployment(identifier)).values()) == {None}


def test_the_second_deployment_waits_for_the_first(fc):
    fc.setting(deployment_seconds=100)
    first, second = fc.hook()["deploymentId"], fc.hook(force="true")["deploymentId"]
    fc.advance(90)
    assert (fc.deployment(first)["status"], fc.deployment(second)["status"]) == ("DEPLOYING", "PENDING")
    elsewhere = fc.hook(environment="staging")["deploymentId"]
    fc.advance(25)
    assert (fc.deployment(first)["status"], fc.deployment(second)["status"]) == ("SUCCESS", "INPROGRESS")
    assert fc.deployment(elsewhere)["status"] == "PENDING_DEPENDENCY"
    fc.advance(100)
    assert fc.deployment(second)["status"] == "SUCCESS"


# what changes


def test_the_live_commit_again_is_no_change_unless_forced(fc):
    assert fc.deploy()["status"] == "SUCCESS"
    again = fc.deploy()
    assert again["status"] == "NO_CHANGE" and set(statuses(again).values()) == {"NO_CHANGE"}
    assert fc.deploy(force="false")["status"] == "NO_CHANGE"
    forced = fc.deploy(force="true")
    assert forced["status"] == "SUCCESS"
    assert statuses(forced) == {
        "web": "SUCCESS",
        "worker": "SUCCESS",
        "db": "NO_CHANGE",
        "site": "SUCCESS",
        "nightly": "SUCCESS",
    }


def test_watch_paths_leave_a_service_as_it_is(fc):
    fc.deploy()
    fc.push("Only the pages", files=["web/a.html"])
    assert statuses(fc.deploy())["worker"] == "NO_CHANGE"
    fc.push("The worker too", files=["worker/jobs/b.py"])
    fc.push("And the pages again", files=["web/c.html"])
    assert statuses(fc.deploy())["worker"] == "SUCCESS"
    fc.push("Only the pages", files=["web/d.html"])
    assert statuses(fc.deploy(force="true"))["worker"] == "SUCCESS"


def test_new_variables_are_a_change(fc):
    fc.deploy()
    fc.post(f"/services/{fc.service('site')['id']}/env-variables", {"plainText": {"COLOR": "red"}})
    assert statuses(fc.deploy()) == {
        "web": "NO_CHANGE",
        "worker": "NO_CHANGE",
        "db": "NO_CHANGE",
        "site": "SUCCESS",
        "nightly": "NO_CHANGE",
    }
    fc.post(f"/environments/{fc.environment()['id']}/env-variables", {"plainText": {"COLOR": "blue"}})
    assert statuses(fc.deploy())["web"] == "SUCCESS"


def test_a_failed_deployment_does_not_count_as_the_last_one(fc):
    fc.switch(deployment_result="ERROR")
    assert fc.deploy()["status"] == "ERROR"
    fc.switch(deployment_result="SUCCESS")
    assert statuses(fc.deploy())["web"] == "SUCCESS"


def test_a_commits_message_tells_what_becomes_of_it(fc):
    for word, status in (("unbuildable", "BUILD_ERROR"), ("undeployable", "DEPLOY_ERROR")):
        pushed = fc.push(f"This is {word}")
        assert pushed["behaviour"] == word
        assert fc.deploy()["status"] == status
        assert fc.service()["live_commit"] == fc.commits()[1]
    assert fc.deploy(branch="main", commit=fc.commits()[0])["status"] == "SUCCESS"


def test_a_push_deploys_environments_that_follow_the_branch(fc):
    pushed = fc.push("A header", branch="develop")
    assert [fc.deployment(identifier)["environmentGivenId"] for identifier in pushed["deployments"]] == ["staging"]
    fc.advance(1)
    assert fc.service(environment="staging")["live_commit"] == pushed["commit"]
    assert fc.push("To main")["deployments"] == []
    assert fc.commits()[-1] == fc.deploy()["gitCommit"]


def test_a_push_is_checked(fc):
    fc.admin("POST", "flightcontrol/push", {"sha": "x"}, expect=400)
    fc.admin("POST", "flightcontrol/push", {"repo_url": "https://github.com/a/b"}, expect=400)


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


def test_requests_for_deployments_are_checked(fc, other):
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
    other.post("/deployments", body, 404)
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
