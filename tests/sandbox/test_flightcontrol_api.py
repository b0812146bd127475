# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol: authorization, services, scaling and jobs."""

from __future__ import annotations

import json

import pytest
from flightcontrol_client import CODE, KEY, Flightcontrol

# authorization, and hosts


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


def test_each_organization_sees_its_own(fc, other_fc):
    page = other_fc.get("/services")
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


def test_what_cannot_be_scaled_is_not_found(fc, other_fc):
    for path in (scaling(fc, "db"), scaling(fc, "site"), scaling(fc, "nightly"), "/services/none/scaling"):
        assert fc.call("GET", path, 404).json()["message"] == "Service not found"
        fc.post(path, {"operation": "set", "count": 1}, 404)
    for answer in (
        other_fc.call("GET", scaling(fc), 403),
        other_fc.call("POST", scaling(fc), 403, json={"operation": "set", "count": 1}),
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


def test_what_has_no_cloudfront_and_what_is_not_ours(fc, other_fc):
    invalidate(fc, ["/*"], 404, "worker")
    identifier = invalidate(fc, ["/*"])["invalidationId"]
    other_fc.call("GET", f"/cloudfront/invalidation/{identifier}", 404)
    fc.call("GET", "/cloudfront/invalidation/none", 404)
    invalidate(other_fc, ["/*"], 404)
    fc.switch(foreign=403)
    invalidate(other_fc, ["/*"], 403)


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


def test_a_jobs_body_is_optional_and_checked(fc, other_fc):
    path = f"/services/{fc.service('nightly')['id']}/job/cleanup/execution"
    for options in ({}, {"json": {}}, {"json": {"startCommand": "rake cleanup"}}):
        fc.call("POST", path, 200, **options)
    run_job(fc, {"startCommand": 1}, 400)
    run_job(fc, {}, 404, job="none")
    run_job(fc, {}, 404, service="web")
    run_job(other_fc, {}, 404)
    fc.call("GET", "/job-executions/none", 404)
    other_fc.call("GET", f"/job-executions/{run_job(fc, {})['jobExecutionId']}", 404)
