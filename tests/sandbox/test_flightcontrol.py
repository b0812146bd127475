# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flightcontrol: keys, services, scaling, CloudFront, jobs, environments and their variables."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess

import pytest
from flightcontrol_client import KEY, SECOND_KEY, Flightcontrol
from sandbox_client import SOURCE, sandbox_python

HERE = pathlib.Path(__file__).parent
CODE = "FC:Request:Error:"


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


# who may call, and where


@pytest.mark.parametrize(
    "header", [None, KEY, f"bearer {KEY}", f"Bearer: {KEY}", f"Bearer  {KEY}", "Bearer nothing", f"Basic {KEY}"]
)
def test_only_bearer_and_the_key_opens(fc, header):
    headers = {} if header is None else {"Authorization": header}
    response = fc.session.get(f"{fc.url}/v1/services", headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.json() == {"message": "Unauthorized", "errorCode": f"{CODE}UNAUTHORIZED"}
    fc.switch(unauthorized="error")
    response = fc.session.get(f"{fc.url}/v1/services", headers=headers, timeout=10)
    assert (response.status_code, response.json()) == (401, {"error": "Please use an API key for this request"})


def test_the_api_answers_on_its_own_hosts(fc):
    headers = {"Authorization": f"Bearer {KEY}"}
    for host, status in (
        ("api.flightcontrol.dev", 200),
        ("api.flightcontrol.com", 200),
        ("localhost:1", 200),
        ("app.flightcontrol.dev", 404),
        ("example.com", 404),
    ):
        assert fc.page(host, "/v1/services", headers=headers).status_code == status, host


def test_unknown_calls_are_not_found(fc):
    for method, path in (("GET", "/services/"), ("GET", "/environments"), ("DELETE", "/services"), ("GET", "/none")):
        assert fc.call(method, path, 404).json()["errorCode"] == f"{CODE}NOT_FOUND"
    assert {entry["operation"] for entry in fc.log()} == {"unrouted"}


def test_the_graphql_path_is_another_platforms(fc):
    fc.session.post(f"{fc.url}/v1/graphql", json={}, timeout=10)
    assert "flightcontrol" not in [entry["platform"] for entry in fc.log()]


def test_a_throttled_call(fc):
    fc.fault("getServices", "throttle", platform="flightcontrol", reset="retry-after", seconds=7)
    response = fc.call("GET", "/services", 429)
    assert response.headers["retry-after"] == "7"
    assert response.json()["errorCode"] == f"{CODE}TOO_MANY_REQUESTS"
    fc.get("/services")


def test_the_environment_points_to_the_seed(start, tmp_path):
    process = start("--env-file", str(tmp_path / "env"), "--quiet")
    lines = (tmp_path / "env").read_text(encoding="utf-8").splitlines()
    variables = dict(line.removeprefix("export ").split("=", 1) for line in lines)
    fc = Flightcontrol(process.port, variables["FLIGHTCONTROL_API_KEY"])
    environment = fc.environment()
    assert variables["FLIGHTCONTROL_API_URL"] == variables["FLIGHTCONTROL_HOOK_URL"] == fc.url
    assert variables["FLIGHTCONTROL_PROJECT_ID"] == fc.project()["id"]
    assert variables["FLIGHTCONTROL_ENVIRONMENT_ID"] == environment["id"]
    assert variables["FLIGHTCONTROL_SERVICE_ID"] == fc.service()["id"]
    assert fc.session.get(variables["FLIGHTCONTROL_DEPLOY_HOOK_URL"], timeout=10).json()["success"] is True
    assert len(fc.environment()["deployments"]) == len(environment["deployments"]) + 1
    fc.session.close()


def test_ids_are_the_same_after_a_reset(fc):
    before = fc.service()["id"], fc.environment()["hook_secret"], fc.commits()
    fc.push("Something")
    fc.hook()
    fc.admin("POST", "reset", {})
    assert (fc.service()["id"], fc.environment()["hook_secret"], fc.commits()) == before


def test_the_status_page_shows_services_and_deployments(fc):
    page = fc.page("127.0.0.1").text
    assert f'href="http://web-production.flightcontrol.localhost:{fc.port}"' in page
    assert fc.environment()["deployments"][0] in page and fc.service("worker")["id"] in page
    assert KEY not in page and fc.environment("live")["id"] not in page


# services


def names(page):
    return [(service["givenId"], service["environmentId"]) for service in page["services"]]


def test_the_first_page(fc):
    page = fc.get("/services")
    assert {key: value for key, value in page.items() if key != "services"} == {
        "count": 10,
        "hasMore": False,
        "hasPrevious": False,
        "nextPage": None,
        "previousPage": None,
        "pageCount": 1,
        "pageSize": 25,
    }
    first = page["services"][0]
    assert set(first) == {
        "id",
        "name",
        "givenId",
        "type",
        "environmentId",
        "projectId",
        "previewEnvironmentId",
        "createdAt",
        "updatedAt",
    }
    assert (first["id"], first["previewEnvironmentId"]) == (fc.service()["id"], None)


def test_the_next_page_is_a_value_of_skip(fc):
    seen, skip = [], 0
    for number in range(4):
        page = fc.get(f"/services?take=3&skip={skip}")
        assert (page["count"], page["pageSize"], page["pageCount"]) == (10, 3, 4)
        assert page["hasPrevious"] is (number > 0)
        assert page["previousPage"] == (skip - 3 if number else None)
        seen += names(page)
        if not page["hasMore"]:
            break
        assert page["nextPage"] == skip + 3
        skip = page["nextPage"]
    assert (number, page["nextPage"], len(page["services"])) == (3, None, 1)
    assert seen == names(fc.get("/services"))
    beyond = fc.get("/services?skip=10")
    assert (beyond["services"], beyond["hasMore"], beyond["count"]) == ([], False, 10)


def test_a_page_that_is_not_there_is_null_or_missing(fc):
    fc.switch(no_page="missing")
    assert not {"nextPage", "previousPage"} & set(fc.get("/services"))
    page = fc.get("/services?take=5")
    assert page["nextPage"] == 5 and "previousPage" not in page


def test_listed_services_may_lack_their_times(fc):
    fc.switch(service_times="absent")
    assert not any({"createdAt", "updatedAt"} & set(service) for service in fc.get("/services")["services"])


def test_filters(fc):
    production, staging = fc.environment()["id"], fc.environment("staging")["id"]
    preview = fc.project()["preview"]["id"]
    for query, count in (
        (f"projectId={fc.project()['id']}", 10),
        (f"environmentId={production}", 5),
        (f"environmentId={staging}&type=rds", 1),
        ("type=worker", 3),
        ("environmentType=standard", 8),
        ("environmentType=preview", 2),
        (f"previewEnvironmentId={preview}", 2),
        ("type=none", 0),
        (f"projectId={fc.project('blog')['id']}", 0),
    ):
        assert fc.get(f"/services?{query}")["count"] == count, query
    assert {service["previewEnvironmentId"] for service in fc.get("/services?environmentType=preview")["services"]} == {
        preview
    }


def test_bad_queries_are_refused(fc):
    for query in ("take=0", "take=-1", "take=many", "skip=-1", "skip=1.5", "environmentType=other", "take=101"):
        assert fc.call("GET", f"/services?{query}", 400).json()["errorCode"] == f"{CODE}VALIDATION_ERROR", query
    fc.switch(take_over_100="clamped")
    assert fc.get("/services?take=101")["pageSize"] == 100


def test_each_organization_sees_its_own(fc, other):
    page = other.get("/services")
    assert [service["name"] for service in page["services"]] == ["Blog"]


# scaling


def scaling(fc, name="web"):
    return f"/services/{fc.service(name)['id']}/scaling"


def test_scaling_is_told(fc):
    assert fc.get(scaling(fc)) == {
        "serviceId": fc.service()["id"],
        "currentInstances": 2,
        "desiredInstances": 2,
        "runningInstances": 2,
        "pendingInstances": 0,
        "autoscalingEnabled": False,
        "minInstances": 2,
        "maxInstances": 2,
    }
    worker = fc.get(scaling(fc, "worker"))
    assert (worker["autoscalingEnabled"], worker["minInstances"], worker["maxInstances"]) == (True, 1, 4)


def test_a_server_without_the_read(fc):
    fc.switch(scaling_read="missing")
    fc.call("GET", scaling(fc), 404)
    assert fc.post(scaling(fc), {"operation": "set", "count": 3})["newDesiredCount"] == 3


def test_set_add_and_remove(fc):
    path = scaling(fc)
    for operation, count, before, after in (
        ("set", 5, 2, 5),
        ("add", 3, 5, 8),
        ("remove", 6, 8, 2),
        ("add", 0, 2, 2),
        ("set", 0, 2, 0),
        ("set", 100, 0, 100),
    ):
        assert fc.post(path, {"operation": operation, "count": count}) == {
            "serviceId": fc.service()["id"],
            "previousDesiredCount": before,
            "newDesiredCount": after,
            "autoscalingEnabled": False,
        }


def test_removing_more_than_there_are(fc):
    assert fc.post(scaling(fc), {"operation": "remove", "count": 5})["newDesiredCount"] == 0
    fc.switch(remove_below_zero="refused")
    refusal = fc.post(scaling(fc), {"operation": "remove", "count": 1}, 400)
    assert refusal == {"message": "Invalid count: must be between 0 and 100", "errorCode": f"{CODE}VALIDATION_ERROR"}


def test_counts_and_operations_are_checked(fc):
    path = scaling(fc)
    for count in (-1, 101):
        assert fc.post(path, {"operation": "set", "count": count}, 400)["message"] == (
            "Invalid count: must be between 0 and 100"
        )
    for body in (
        {},
        {"operation": "set"},
        {"count": 1},
        {"operation": "double", "count": 1},
        [],
        {"operation": "set", "count": "2"},
        {"operation": "set", "count": True},
        {"operation": "set", "count": 1.5},
        {"operation": "add", "count": 99},
    ):
        assert fc.post(path, body, 400)["errorCode"] == f"{CODE}VALIDATION_ERROR", body
    fc.call("POST", path, 400, data="{", headers={"Content-Type": "application/json"})
    fc.call("POST", path, 400, data='{"operation": "set", "count": 1}', headers={"Content-Type": "text/plain"})
    assert fc.get(path)["desiredInstances"] == 2


def test_what_cannot_be_scaled_is_not_found(fc, other):
    for path in (scaling(fc, "db"), scaling(fc, "site"), scaling(fc, "nightly"), "/services/none/scaling"):
        assert fc.call("GET", path, 404).json()["message"] == "Service not found"
        fc.post(path, {"operation": "set", "count": 1}, 404)
    for answer in (
        other.call("GET", scaling(fc), 403),
        other.call("POST", scaling(fc), 403, json={"operation": "set", "count": 1}),
    ):
        assert answer.json() == {
            "message": "User doesn't have permission to access this service",
            "errorCode": f"{CODE}FORBIDDEN",
        }


def instances(fc, name="web"):
    scaled = fc.get(scaling(fc, name))
    return tuple(scaled[f"{kind}Instances"] for kind in ("desired", "current", "running", "pending"))


def test_instances_take_their_time(fc):
    fc.setting(instance_seconds=30)
    fc.post(scaling(fc), {"operation": "set", "count": 4})
    assert instances(fc) == (4, 4, 2, 2)
    fc.post(scaling(fc), {"operation": "set", "count": 1})
    assert instances(fc) == (1, 2, 2, 0)
    fc.advance(31)
    assert instances(fc) == (1, 1, 1, 0)


def test_the_autoscaler_moves_the_count_between_its_bounds(fc):
    counts = []
    for _turn in range(8):
        counts.append(fc.get(scaling(fc, "worker"))["desiredInstances"])
        fc.advance(300)
    assert counts == [1, 2, 3, 4, 3, 2, 1, 2]
    fc.advance(300 * 6000)
    assert instances(fc, "worker")[0] in range(1, 5)
    assert fc.get(scaling(fc))["desiredInstances"] == 2


def test_the_autoscaler_draws_a_set_count_back_after_its_cooldown(fc):
    path = scaling(fc, "worker")
    answer = fc.post(path, {"operation": "set", "count": 9})
    assert (answer["newDesiredCount"], answer["autoscalingEnabled"]) == (9, True)
    fc.advance(290)
    assert fc.get(path)["desiredInstances"] == 9
    fc.advance(11)
    assert fc.get(path)["desiredInstances"] == 4
    fc.switch(set_outside_range="clamped")
    assert fc.post(path, {"operation": "set", "count": 0})["newDesiredCount"] == 1


def test_the_autoscaler_can_be_kept_still(fc):
    fc.admin("POST", "reset", {"settings": {"flightcontrol_autoscaler_seconds": 0}})
    fc.advance(86400)
    assert fc.get(scaling(fc, "worker"))["desiredInstances"] == 1


# CloudFront


def invalidate(fc, paths, expect=200, name="site"):
    return fc.post(f"/services/{fc.service(name)['id']}/cloudfront/invalidation", {"paths": paths}, expect)


def test_an_invalidation_in_each_form(fc):
    fc.setting(invalidation_seconds=10)
    started = invalidate(fc, ["/*"])
    assert started["message"] == "Invalidation Started..."
    identifier = started["invalidationId"]
    seen = []
    for _turn in range(2):
        for form in ("status", "upper_case", "aws", "nested", "empty"):
            fc.switch(invalidation_body=form)
            seen.append(fc.call("GET", f"/cloudfront/invalidation/{identifier}", 200).text)
        fc.advance(11)
    assert [json.loads(text) if text else None for text in seen] == [
        {"status": "InProgress"},
        {"status": "IN_PROGRESS"},
        {"Id": identifier, "Status": "InProgress"},
        {"invalidation": {"id": identifier, "status": "InProgress"}},
        None,
        {"status": "Completed"},
        {"status": "COMPLETED"},
        {"Id": identifier, "Status": "Completed"},
        {"invalidation": {"id": identifier, "status": "Completed"}},
        None,
    ]


def test_paths_are_those_of_aws(fc):
    for paths in ([], ["docs"], ["/a*b"], ["/**"], [""], "/*", [1]):
        assert invalidate(fc, paths, 400)["errorCode"] == f"{CODE}VALIDATION_ERROR", paths
    invalidate(fc, ["/", "/docs/*", "/a%20b"])


def test_what_has_no_cloudfront_and_what_is_not_ours(fc, other):
    invalidate(fc, ["/*"], 404, "worker")
    identifier = invalidate(fc, ["/*"])["invalidationId"]
    other.call("GET", f"/cloudfront/invalidation/{identifier}", 404)
    fc.call("GET", "/cloudfront/invalidation/none", 404)
    invalidate(other, ["/*"], 404)
    fc.switch(foreign=403)
    invalidate(other, ["/*"], 403)


# jobs


def run_job(fc, body=None, expect=200, job="cleanup", service="nightly"):
    return fc.post(f"/services/{fc.service(service)['id']}/job/{job}/execution", body, expect)


@pytest.mark.parametrize(
    "result, stages, status, code, error",
    [
        ("COMPLETED", ["INITIALIZING", "IN_PROGRESS", "COMPLETED"], "COMPLETED", 0, None),
        ("COMPLETED_nonzero", ["INITIALIZING", "IN_PROGRESS", "COMPLETED"], "COMPLETED", 3, None),
        ("ERROR", ["INITIALIZING", "IN_PROGRESS", "ERROR"], "ERROR", 1, "The job failed"),
        ("ERROR_without_exit_code", ["INITIALIZING", "IN_PROGRESS", "ERROR"], "ERROR", None, "The job failed"),
        ("CANCELLED", ["INITIALIZING", "IN_PROGRESS", "CANCELLING", "CANCELLED"], "CANCELLED", None, None),
        ("never", ["INITIALIZING", "IN_PROGRESS"], "IN_PROGRESS", None, None),
    ],
)
def test_a_job_runs(fc, result, stages, status, code, error):
    fc.setting(job_seconds=100)
    fc.switch(job_result=result)
    identifier = run_job(fc, {"startCommand": ["true", "again"]})["jobExecutionId"]
    seen = []
    for _turn in range(8):
        execution = fc.get(f"/job-executions/{identifier}")
        if execution["status"] not in seen:
            seen.append(execution["status"])
        fc.advance(15)
    assert seen == stages
    assert execution["finishedAt"] is None if result == "never" else execution["finishedAt"] > execution["createdAt"]
    job = fc.service("nightly")["jobs"][0]
    assert {key: value for key, value in execution.items() if key not in ("createdAt", "finishedAt")} == {
        "id": identifier,
        "status": status,
        "exitCode": code,
        "error": error,
        "job": {"id": job["id"], "givenId": "cleanup"},
    }
    assert fc.state["job_executions"][0]["start_command"] == ["true", "again"]


def test_a_jobs_body_is_optional_and_checked(fc, other):
    path = f"/services/{fc.service('nightly')['id']}/job/cleanup/execution"
    for options in ({}, {"json": {}}, {"json": {"startCommand": "rake cleanup"}}):
        fc.call("POST", path, 200, **options)
    run_job(fc, {"startCommand": 1}, 400)
    run_job(fc, {}, 404, job="none")
    run_job(fc, {}, 404, service="web")
    run_job(other, {}, 404)
    fc.call("GET", "/job-executions/none", 404)
    other.call("GET", f"/job-executions/{run_job(fc, {})['jobExecutionId']}", 404)


# environments

ENVIRONMENT = {
    "name": "qa",
    "region": "eu-central-1",
    "source": {"branch": "develop", "trigger": "push"},
    "services": [
        {"id": "api", "name": "API", "type": "web", "minInstances": 1, "maxInstances": 3},
        {"id": "cache", "name": "Cache", "type": "elasticache"},
    ],
    "vpc": {"cidr": "10.0.0.0/16", "private": True},
    "envVariables": {"A": "1"},
}


def create(fc, expect=200, **changes):
    return fc.call("POST", f"/projects/{fc.project()['id']}/environments", expect, json={**ENVIRONMENT, **changes})


def test_creating_an_environment(fc):
    assert create(fc).json() == [{"message": "Environment created successfully"}]
    qa = fc.environment("qa")
    assert (qa["region"], qa["source"], qa["vpc"]) == (ENVIRONMENT["region"], ENVIRONMENT["source"], ENVIRONMENT["vpc"])
    assert qa["env_variables"]["A"]["kind"] == "parameterStore"
    listed = fc.get(f"/services?environmentId={qa['id']}")["services"]
    assert [(service["givenId"], service["type"]) for service in listed] == [("api", "web"), ("cache", "elasticache")]
    assert fc.get(scaling_of(listed[0]))["maxInstances"] == 3
    assert fc.page("api-qa.flightcontrol.localhost").status_code == 503
    pushed = fc.push("For all that follow it", branch="develop")
    fc.advance(1)
    assert len(pushed["deployments"]) == 2
    assert pushed["commit"] in fc.page("api-qa.flightcontrol.localhost").text


def scaling_of(service):
    return f"/services/{service['id']}/scaling"


def test_the_answer_to_a_creation_is_not_documented(fc):
    fc.switch(create_environment_answer="object")
    answer = create(fc).json()
    assert answer == {"id": fc.environment("qa")["id"], "name": "qa", "message": "Environment created successfully"}
    fc.switch(create_environment_answer="empty")
    assert create(fc, name="qa2").content == b""
    assert fc.environment("qa2")


def test_a_name_that_is_there_already(fc):
    create(fc)
    create(fc)
    assert len([entry for entry in fc.state["environments"] if entry["name"] == "qa"]) == 2
    fc.switch(environment_exists="refused")
    assert create(fc, 400).json()["errorCode"] == f"{CODE}VALIDATION_ERROR"


def test_environments_are_checked(fc, other):
    for changes in (
        {"name": ""},
        {"name": None},
        {"region": 1},
        {"source": {"trigger": "sometimes"}},
        {"services": [{"id": "a", "name": "A"}]},
        {"services": {}},
        {"vpc": {"private": "yes"}},
        {"envVariables": {"A": 1}},
    ):
        create(fc, 400, **changes)
    path = f"/projects/{fc.project()['id']}/environments"
    fc.post(path, {"name": "qa"}, 400)
    fc.call("POST", path, 400)
    fc.post("/projects/none/environments", ENVIRONMENT, 404)
    other.post(path, ENVIRONMENT, 404)
    fc.switch(foreign=403)
    other.post(path, ENVIRONMENT, 403)
    assert "qa" not in [entry["name"] for entry in fc.state["environments"]]


def test_editing_by_name_as_the_seed_has_it(fc):
    path = f"/projects/{fc.project()['id']}/environments"
    body = {
        "name": "staging",
        "region": "eu-west-1",
        "source": {"trigger": "manual"},
        "envVariables": {"B": "2"},
        "services": [
            {"id": "web", "name": "Shop front", "type": "web"},
            {"id": "mail", "name": "Mail", "type": "worker"},
        ],
    }
    assert fc.call("PATCH", path, 200, json=body).json() == [{"message": "Environment updated successfully"}]
    staging = fc.environment("staging")
    assert (staging["region"], staging["source"]) == ("eu-west-1", {"branch": "develop", "trigger": "manual"})
    assert list(staging["env_variables"]) == ["B"]
    listed = fc.get(f"/services?environmentId={staging['id']}")["services"]
    assert [service["name"] for service in listed] == ["Shop front", "Worker", "Database", "Mail"]
    fc.call("PATCH", path, 404, json={**body, "name": "none"})
    fc.call("PATCH", path, 400, json={"name": "staging"})
    fc.switch(environment_edit="post", edit_answer="object")
    fc.call("PATCH", path, 404, json=body)
    fc.switch(environment_edit="patch")
    assert fc.call("PATCH", path, 200, json=body).json() == {"message": "Environment updated successfully"}


def test_editing_by_id_as_the_documentation_has_it(fc, other):
    path = f"/projects/{fc.project()['id']}/environments/{fc.environment('staging')['id']}"
    assert fc.post(path, {"name": "Stage"}) == [{"message": "Environment updated successfully"}]
    fc.post(path, {"source": {"branch": "main"}})
    staging = fc.environment("staging")
    assert (staging["name"], staging["source"]) == ("Stage", {"branch": "main", "trigger": "push"})
    fc.post(path, {"source": {"trigger": "never"}}, 400)
    fc.post(f"/projects/{fc.project()['id']}/environments/none", {}, 404)
    fc.post(f"/projects/{fc.project()['id']}/environments/{fc.environment('live')['id']}", {}, 404)
    other.post(path, {}, 404)
    fc.switch(environment_edit="patch")
    fc.post(path, {"name": "Stage"}, 404)
    fc.switch(environment_edit="both")
    fc.post(path, {"name": "Stage"})


def test_editing_the_preview_environment(fc, other):
    path = f"/projects/{fc.project()['id']}/preview-environment"
    source = {"trigger": "manual", "filter": {"labels": ["preview"], "toBranches": ["main"]}}
    assert fc.post(path, {"name": "PRs", "source": source}) == [{"message": "Preview Environment updated successfully"}]
    preview = fc.project()["preview"]
    assert (preview["name"], preview["source"]) == ("PRs", source)
    fc.post(path, {"source": {"filter": {"labels": "preview"}}}, 400)
    fc.post("/projects/none/preview-environment", {}, 404)
    other.post(path, {}, 404)
    other.post(f"/projects/{fc.project('blog')['id']}/preview-environment", {}, 404)


# variables

GROUPS = {
    "plainText": {"A": "1", "B": "2"},
    "fromParameterStore": {"C": "/shop/c"},
    "fromSecretsManager": {"D": "arn:aws:secretsmanager:us-east-1:1:secret:d"},
}
MANAGED = {"parameterStore": {"E": "geheim"}, "secretsManager": {"F": "topsecret"}}


def values(fc, owner):
    variables = fc.admin("POST", "flightcontrol/env_variables", {"id": owner["id"]})["variables"]
    return {key: (variable["kind"], variable["value"]) for key, variable in variables.items()}


@pytest.mark.parametrize("kind", ["environments", "services"])
def test_variables_are_added_to_what_is_there(fc, kind):
    owner = fc.environment() if kind == "environments" else fc.service()
    path = f"/{kind}/{owner['id']}/env-variables"
    assert fc.post(path, GROUPS) == {"status": "completed", "savedCount": 4}
    assert fc.post(path, {"plainText": {"B": "3"}}) == {"status": "completed", "savedCount": 1}
    assert fc.post(path, {}) == {"status": "completed", "savedCount": 0}
    assert values(fc, owner) == {
        "A": ("plainText", "1"),
        "B": ("plainText", "3"),
        "C": ("fromParameterStore", "/shop/c"),
        "D": ("fromSecretsManager", GROUPS["fromSecretsManager"]["D"]),
    }
    nobody = fc.service() if kind == "environments" else fc.environment()
    assert values(fc, nobody) == {}


def test_managed_secrets_are_processed_for_a_while(fc):
    fc.setting(secret_seconds=10)
    path = f"/environments/{fc.environment()['id']}/env-variables"
    answer = fc.call("POST", path, 202, json={**GROUPS, **MANAGED}).json()
    assert answer == {"status": "processing", "runId": answer["runId"], "savedCount": 4, "processingCount": 2}

    def processing():
        return [key for key, variable in fc.environment()["env_variables"].items() if variable["processing"]]

    assert processing() == ["E", "F"]
    fc.advance(11)
    assert processing() == []


def test_values_are_in_no_state_but_their_digests(fc):
    path = f"/services/{fc.service()['id']}/env-variables"
    fc.call("POST", path, 202, json={**GROUPS, **MANAGED})
    variable = fc.service()["env_variables"]["F"]
    assert variable["sha256"] == hashlib.sha256(b'"topsecret"').hexdigest() and "value" not in variable
    assert "topsecret" not in json.dumps(fc.state)
    assert values(fc, fc.service())["F"] == ("secretsManager", "topsecret")
    for body in ({}, {"id": "none"}, {"id": fc.service()["id"], "other": 1}):
        fc.admin("POST", "flightcontrol/env_variables", body, expect=400)


def test_values_from_a_service_are_strings_or_objects(fc):
    path = f"/environments/{fc.environment()['id']}/env-variables"
    as_text, as_object = {"fromService": {"URL": "db.url"}}, {"fromService": {"URL": {"id": "db", "value": "url"}}}
    for switch, text, thing in (("both", 200, 200), ("string", 200, 400), ("object", 400, 200)):
        fc.switch(from_service=switch)
        fc.post(path, as_text, text)
        fc.post(path, as_object, thing)
    assert values(fc, fc.environment())["URL"] == ("fromService", {"id": "db", "value": "url"})
    fc.post(path, {"fromService": {"URL": {"id": "db"}}}, 400)


def test_one_key_in_two_groups(fc):
    path = f"/environments/{fc.environment()['id']}/env-variables"
    twice = {"plainText": {"A": "1"}, "fromParameterStore": {"A": "/a"}}
    fc.post(path, twice)
    assert values(fc, fc.environment())["A"] == ("fromParameterStore", "/a")
    fc.switch(same_key_twice="refused")
    fc.post(path, twice, 400)


def test_wrong_variables_are_refused_without_telling_their_values(fc, other):
    path = f"/environments/{fc.environment()['id']}/env-variables"
    for body in (
        {"plainText": {"A": 4711}},
        {"secretsManager": {"A": {"x": "4711"}}},
        {"plainText": "4711"},
        {"fromService": {"A": {"id": "4711", "value": 4711}}},
    ):
        answer = fc.post(path, body, 400)
        assert answer["errorCode"] == f"{CODE}VALIDATION_ERROR" and "4711" not in answer["message"], body
    fc.post("/environments/none/env-variables", GROUPS, 404)
    fc.post("/services/none/env-variables", GROUPS, 404)
    other.post(path, GROUPS, 404)
    other.post(f"/services/{fc.service()['id']}/env-variables", GROUPS, 404)
    assert values(fc, fc.environment()) == {}


# the stand-in itself


def test_every_operation_of_the_text_is_answered(fc):
    routes = [route for route in fc.admin("GET", "routes") if route["platform"].startswith("flightcontrol")]
    text = (HERE.parents[1] / "roles/sandbox/files/paas_sandbox/flightcontrol/openapi.yaml").read_text(encoding="utf-8")
    in_text = [line.split(":", 1)[1].strip() for line in text.splitlines() if "operationId:" in line]
    assert sorted(route["operation"] for route in routes) == sorted(in_text) and len(in_text) == 17


@pytest.mark.parametrize(
    "status, data, complaint",
    [
        (
            "200",
            {"serviceId": "c" * 25, "previousDesiredCount": 1, "newDesiredCount": 2, "autoscalingEnabled": False},
            "",
        ),
        ("200", {"serviceId": "c" * 25, "previousDesiredCount": 1, "newDesiredCount": 2}, "autoscalingEnabled"),
        (
            "200",
            {"serviceId": "c" * 25, "previousDesiredCount": "1", "newDesiredCount": 2, "autoscalingEnabled": False},
            "previousDesiredCount",
        ),
        (
            "200",
            {
                "serviceId": "c" * 25,
                "previousDesiredCount": 1,
                "newDesiredCount": 2,
                "autoscalingEnabled": False,
                "more": 1,
            },
            "more",
        ),
        ("404", {"message": "Service not found", "errorCode": f"{CODE}NOT_FOUND"}, ""),
        ("404", {"message": "Service not found"}, "errorCode"),
        ("204", {}, "status 204 is not in the text"),
        ("200", None, "must have a body"),
    ],
)
def test_an_answer_that_does_not_fit_the_text_is_a_defect(status, data, complaint):
    script = (
        "import json, sys\n"
        "from paas_sandbox.flightcontrol.contract import CONTRACT, EMPTY, BrokenAnswer\n"
        "status, data = int(sys.argv[1]), json.loads(sys.argv[2])\n"
        "try:\n"
        "    CONTRACT.check_answer('updateScaling', status, EMPTY if data is None else data)\n"
        "except BrokenAnswer as error:\n"
        "    print(error)\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sandbox_python(), "-c", script, status, json.dumps(data)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=variables,
    )
    assert complaint in ended.stdout and bool(ended.stdout) is bool(complaint)


def test_each_choice_of_each_switch_is_tested(fc):
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_flightcontrol*.py"))
    switches = {
        name.removeprefix("flightcontrol_"): switch
        for name, switch in fc.admin("GET", "switches").items()
        if name.startswith("flightcontrol_")
    }
    assert len(switches) > 25
    assert [
        (name, choice)
        for name, switch in switches.items()
        for choice in switch["choices"][1:]
        if f"{name}=" not in tests or (f'"{choice}"' not in tests and f"={choice})" not in tests)
    ] == []
