# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol: environments and their variables."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess

import pytest
from flightcontrol_client import CODE
from sandbox_client import SOURCE, sandbox_python

# environments

HERE = pathlib.Path(__file__).parent
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


def test_environments_are_checked(fc, other_fc):
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
    other_fc.post(path, ENVIRONMENT, 404)
    fc.switch(foreign=403)
    other_fc.post(path, ENVIRONMENT, 403)
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


def test_editing_by_id_as_the_documentation_has_it(fc, other_fc):
    path = f"/projects/{fc.project()['id']}/environments/{fc.environment('staging')['id']}"
    assert fc.post(path, {"name": "Stage"}) == [{"message": "Environment updated successfully"}]
    fc.post(path, {"source": {"branch": "main"}})
    staging = fc.environment("staging")
    assert (staging["name"], staging["source"]) == ("Stage", {"branch": "main", "trigger": "push"})
    fc.post(path, {"source": {"trigger": "never"}}, 400)
    fc.post(f"/projects/{fc.project()['id']}/environments/none", {}, 404)
    fc.post(f"/projects/{fc.project()['id']}/environments/{fc.environment('live')['id']}", {}, 404)
    other_fc.post(path, {}, 404)
    fc.switch(environment_edit="patch")
    fc.post(path, {"name": "Stage"}, 404)
    fc.switch(environment_edit="both")
    fc.post(path, {"name": "Stage"})


def test_editing_the_preview_environment(fc, other_fc):
    path = f"/projects/{fc.project()['id']}/preview-environment"
    source = {"trigger": "manual", "filter": {"labels": ["preview"], "toBranches": ["main"]}}
    assert fc.post(path, {"name": "PRs", "source": source}) == [{"message": "Preview Environment updated successfully"}]
    preview = fc.project()["preview"]
    assert (preview["name"], preview["source"]) == ("PRs", source)
    fc.post(path, {"source": {"filter": {"labels": "preview"}}}, 400)
    fc.post("/projects/none/preview-environment", {}, 404)
    other_fc.post(path, {}, 404)
    other_fc.post(f"/projects/{fc.project('blog')['id']}/preview-environment", {}, 404)


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


def test_wrong_variables_are_refused_without_telling_their_values(fc, other_fc):
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
    other_fc.post(path, GROUPS, 404)
    other_fc.post(f"/services/{fc.service()['id']}/env-variables", GROUPS, 404)
    assert values(fc, fc.environment()) == {}


# the sandbox itself


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
        ("204", {}, "status 204 is not in the OpenAPI document"),
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
