# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller for the tests refuses what AWX refuses, and a request that it would silently ignore."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from controller import ENCRYPTED, TOKEN
from jobs import REPOSITORY, credential_type


@pytest.fixture
def send(controller):
    """Send a request: (status, JSON)."""
    session = requests.Session()
    session.trust_env = False

    def request(method: str, path: str, body: Any = None, token: str = TOKEN) -> tuple[int, Any]:
        response = session.request(
            method,
            f"{controller.url}/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        return response.status_code, response.json() if response.content else None

    yield request
    session.close()


def test_the_token_is_needed(send):
    assert send("GET", "organizations/", token="wrong")[0] == 401


def test_what_does_not_exist(send):
    assert send("GET", "projects/99/")[0] == 404
    assert send("GET", "planets/")[0] == 404
    assert send("GET", "organizations/1/survey_spec/")[0] == 404
    assert send("DELETE", "organizations/1/")[0] == 405


def test_fields_are_checked(send):
    image = {"name": "ee", "image": "registry.example.com/ee"}
    assert send("POST", "execution_environments/", {"name": "ee"}) == (400, {"image": ["This field is required."]})
    assert "image" in send("POST", "execution_environments/", {**image, "image": ""})[1]
    assert "colour" in send("POST", "execution_environments/", {**image, "colour": "red"})[1]
    assert "pull" in send("POST", "execution_environments/", {**image, "pull": "sometimes"})[1]
    assert "organization" in send("POST", "execution_environments/", {**image, "organization": 99})[1]
    assert "name" in send("POST", "execution_environments/", {**image, "name": 1})[1]
    assert send("GET", "execution_environments/")[1]["count"] == 0
    assert send("POST", "execution_environments/", image)[0] == 201
    assert "__all__" in send("POST", "execution_environments/", image)[1]
    made = send("POST", "execution_environments/", {**image, "name": "own", "organization": 1})[1]
    assert "organization" in send("PATCH", f"execution_environments/{made['id']}/", {"organization": 2})[1]


def test_lists_have_pages_and_filters(send):
    for number in range(30):
        send("POST", "execution_environments/", {"name": f"ee {number}", "image": "i"})
    first = send("GET", "execution_environments/")[1]
    assert (first["count"], len(first["results"])) == (30, 25)
    second = send("GET", first["next"].removeprefix("/api/v2/"))[1]
    assert (len(second["results"]), second["next"]) == (5, None)
    assert send("GET", "execution_environments/?name=ee%203")[1]["count"] == 1
    assert send("GET", "execution_environments/?or__id=5&or__name=ee%203")[1]["count"] == 2
    assert send("GET", "execution_environments/?colour=red")[0] == 400


def test_secrets_are_never_returned(send, controller):
    netlify = send("POST", "credential_types/", credential_type("netlify"))[1]
    given = {"name": "n", "organization": 1, "credential_type": netlify["id"], "inputs": {"token": "s3cret"}}
    made = send("POST", "credentials/", given)[1]
    assert made["inputs"] == {"token": ENCRYPTED}
    assert "inputs" in send("POST", "credentials/", {**given, "name": "m", "inputs": {"colour": "red"}})[1]
    assert send("PATCH", f"credentials/{made['id']}/", {"inputs": {"token": ENCRYPTED, "api_url": "u"}})[0] == 200
    assert controller.objects["credentials"][made["id"]]["inputs"] == {"token": "s3cret", "api_url": "u"}
    changed = {**credential_type("netlify")["inputs"], "required": []}
    assert send("PATCH", f"credential_types/{netlify['id']}/", {"inputs": changed})[0] == 403


def test_templates_need_a_playbook_of_the_project(send):
    project = send("POST", "projects/", {"name": "p", "organization": 1, "scm_type": "git", "scm_url": REPOSITORY})[1]
    inventory = send("POST", "inventories/", {"name": "i", "organization": 1})[1]
    template = {"name": "t", "project": project["id"], "inventory": inventory["id"], "playbook": "apply.yml"}
    assert "playbook" in send("POST", "job_templates/", {**template, "playbook": "none.yml"})[1]
    assert "inventory" in send("POST", "job_templates/", {**template, "inventory": None})[1]
    made = send("POST", "job_templates/", {**template, "survey_enabled": True})[1]
    question = {"question_name": "q", "variable": "v", "type": "multiplechoice", "required": True, "choices": ["a"]}
    survey = {"name": "", "description": "", "spec": [question]}
    url = f"job_templates/{made['id']}/"
    for change in ({"type": "colour"}, {"default": "b"}, {"required": "yes"}, {"min": "1"}):
        assert send("POST", f"{url}survey_spec/", {**survey, "spec": [{**question, **change}]})[0] == 400, change
    assert send("POST", f"{url}survey_spec/", survey)[0] == 200
    assert send("GET", f"{url}survey_spec/")[1] == survey
    assert "'v'" in send("POST", f"{url}launch/", {})[1]["variables_needed_to_start"][0]
    assert "'v'" in send("POST", f"{url}launch/", {"extra_vars": {"v": "b"}})[1]["variables_needed_to_start"][0]
    assert send("POST", f"{url}launch/", {"extra_vars": {"v": "a"}})[0] == 201
    schedule = {"name": "s", "unified_job_template": made["id"]}
    assert "rrule" in send("POST", "schedules/", {**schedule, "rrule": "RRULE:FREQ=DAILY;INTERVAL=1"})[1]
    daily = "DTSTART:20260101T050000Z RRULE:FREQ=DAILY;INTERVAL=1"
    assert send("POST", "schedules/", {**schedule, "rrule": daily})[0] == 201
