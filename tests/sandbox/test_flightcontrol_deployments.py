# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol deployments: their content, states and effects."""

from __future__ import annotations

import re

import pytest
from flightcontrol_client import REPOSITORY, WEB, errors, statuses

# reading a deployment


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


def test_a_deployment_that_is_not_there_or_not_ours(fc, other_fc):
    assert fc.call("GET", "/deployments/none", 404).json() == {
        "message": "Deployment not found",
        "errorCode": "FC:Request:Error:NOT_FOUND",
    }
    identifier = fc.hook()["deploymentId"]
    other_fc.call("GET", f"/deployments/{identifier}", 404)
    fc.switch(foreign=403)
    assert other_fc.call("GET", f"/deployments/{identifier}", 403).json()["errorCode"] == "FC:Request:Error:FORBIDDEN"


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


def test_the_error_of_a_service_is_an_object_a_string_null_or_a_list(fc):
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
    fc.switch(service_error="list")
    assert errors(fc.deploy())["web"] == [{"BUILD_ERROR": "The build failed with exit code 1"}]


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
