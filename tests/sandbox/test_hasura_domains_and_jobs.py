# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: custom domains, preview apps and jobs."""

from __future__ import annotations

import pytest
from hasura_client import (
    FOREIGN_SLUG,
    SLUG,
    UNKNOWN,
    pairs,
)

# custom domains

INSERT = """mutation ($fqdn: String, $tenant: uuid) {
    insert_custom_domain_one(object: {fqdn: $fqdn, tenant_id: $tenant}) {
    id created_at dns_validation fqdn cert ssl_status } }"""


@pytest.mark.parametrize("result", ["succeeded", "pending", "failed"])
def test_a_custom_domain_is_validated_after_a_while(hasura, result):
    hasura.sandbox.switch(custom_domain_dns=result)
    domain = hasura.ask(INSERT, fqdn="API.example.com", tenant=hasura.tenant()["id"])
    assert (domain["fqdn"], domain["cert"], domain["dns_validation"]) == ("api.example.com", "letsencrypt", "pending")
    hasura.sandbox.advance(1)
    [found] = hasura.ask("{ custom_domain { id dns_validation tenant { slug } } }")
    assert found == {"id": domain["id"], "dns_validation": result, "tenant": {"slug": SLUG}}
    response = hasura.sandbox.page("api.example.com", "/healthz")
    assert (response.text == "OK") is (result == "succeeded")


def test_custom_domains_are_unique_and_their_owners(hasura, other_hasura):
    domain = hasura.ask(INSERT, fqdn="api.example.com", tenant=hasura.tenant()["id"])
    theirs = other_hasura.tenant(FOREIGN_SLUG)["id"]
    error = other_hasura.error(INSERT, fqdn="api.example.com", tenant=theirs)
    assert error["extensions"]["code"] == "constraint-violation"
    assert hasura.error(INSERT, fqdn="b.example.com", tenant=theirs)["extensions"]["code"] == "permission-error"
    assert hasura.error(INSERT, fqdn="b.example.com")["extensions"]["code"] == "not-null-violation"
    remove = "mutation ($id: uuid!) { delete_custom_domain_by_pk(id: $id) { id } }"
    assert other_hasura.ask(remove, id=domain["id"]) is None
    assert hasura.ask(remove, id=domain["id"]) == {"id": domain["id"]}
    assert hasura.ask(remove, id=domain["id"]) is None
    added = hasura.ask(
        'mutation ($id: uuid!) { addCustomDomain(fqdn: "c.example.com", tenant_id: $id) { id } }',
        id=hasura.tenant()["id"],
    )
    assert hasura.ask("query ($id: uuid!) { custom_domain_by_pk(id: $id) { fqdn } }", **added) == {
        "fqdn": "c.example.com"
    }


# jobs

PREVIEW = """mutation ($payload: CreateGithubPreviewAppInputPayload!) {
    createGitHubPreviewApp(payload: $payload) { githubPreviewAppJobID } }"""
JOB = """query ($id: uuid!) { jobs_by_pk(id: $id) { id status tasks(order_by: {updated_at: asc}) { name
    task_events(order_by: {updated_at: desc}, limit: 1) { event_type public_event_data error } } } }"""


def preview(hasura, name="preview-1"):
    payload = {
        "githubPersonalAccessToken": "canary",
        "githubRepoDetails": {"branch": "main", "owner": "o", "repo": "r", "directory": "hasura"},
        "projectOptions": {
            "cloud": "aws",
            "region": "us-east-2",
            "plan": "cloud_free",
            "name": name,
            "envVars": pairs({"A": "1"}),
        },
    }
    return hasura.ask(PREVIEW, payload=payload)["githubPreviewAppJobID"]


def test_a_preview_app_passes_through_two_jobs(hasura):
    hasura.sandbox.admin("PATCH", "settings", {"hasura_job_seconds": 60})
    job_id = preview(hasura)
    assert hasura.ask(JOB, id=job_id) == {"id": job_id, "status": "created", "tasks": []}
    hasura.sandbox.advance(30)
    job = hasura.ask(JOB, id=job_id)
    assert job["status"] == "running" and job["tasks"][0]["task_events"][0]["event_type"] == "created"
    assert hasura.tenant("preview-1") is None
    hasura.sandbox.advance(31)
    job = hasura.ask(JOB, id=job_id)
    assert job["status"] == "success"
    event = job["tasks"][0]["task_events"][0]
    tenant = hasura.tenant("preview-1")
    assert event["event_type"] == "success" and event["public_event_data"]["projectId"] == tenant["project"]["id"]
    second = event["public_event_data"]["githubDeploymentJobID"]
    assert hasura.ask(JOB, id=second)["status"] in ("created", "running")
    hasura.sandbox.advance(30)
    names = [task["name"] for task in hasura.ask(JOB, id=second)["tasks"]]
    assert names == ["gh-validation", "parse-metadata-migration", "apply-migration"]
    hasura.sandbox.advance(31)
    job = hasura.ask(JOB, id=second)
    assert (job["status"], job["tasks"][-1]["name"]) == ("success", "check-healthz")
    assert hasura.env(tenant)["envVars"]["environment"] == {"A": "1"}


def test_a_preview_app_replaces_the_project_of_its_name_if_it_is_ours(hasura):
    preview(hasura)
    hasura.sandbox.advance(5)
    former = hasura.tenant("preview-1")
    preview(hasura)
    hasura.sandbox.advance(5)
    assert hasura.tenant("preview-1")["id"] != former["id"]
    job_id = preview(hasura, FOREIGN_SLUG)
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=job_id)
    assert (job["status"], job["tasks"][0]["task_events"][0]["event_type"]) == ("failed", "failed")


@pytest.mark.parametrize("result, last", [("failed", "failed"), ("skipped", "created")])
def test_either_job_can_fail_or_be_skipped(hasura, result, last):
    hasura.sandbox.switch(preview_app_job=result)
    job_id = preview(hasura)
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=job_id)
    assert (job["status"], job["tasks"][-1]["task_events"][0]["event_type"]) == (result, last)
    assert bool(job["tasks"][-1]["task_events"][0]["error"]) is (result == "failed")
    assert hasura.tenant("preview-1") is None
    hasura.sandbox.switch(preview_app_job="success", preview_deploy_job=result)
    job_id = preview(hasura)
    hasura.sandbox.advance(5)
    second = hasura.ask(JOB, id=job_id)["tasks"][0]["task_events"][0]["public_event_data"]["githubDeploymentJobID"]
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=second)
    assert (job["status"], job["tasks"][-1]["task_events"][0]["event_type"]) == (result, last)


def test_jobs_are_their_owners(hasura, other_hasura):
    job_id = preview(hasura)
    assert other_hasura.ask(JOB, id=job_id) is None and hasura.ask(JOB, id=UNKNOWN) is None
    latency = hasura.ask(
        "mutation ($id: uuid!) { checkDBLatency(project_id: $id) { db_latency_job_id } }",
        id=hasura.tenant()["project"]["id"],
    )["db_latency_job_id"]
    hasura.sandbox.advance(5)
    assert hasura.ask(JOB, id=latency)["status"] == "success"


def test_the_environment_of_a_started_sandbox_leads_here(start, tmp_path):
    env_file = tmp_path / "env"
    process = start("--quiet", "--env-file", str(env_file))
    lines = env_file.read_text().splitlines()
    assert f"export HASURA_CLOUD_API_URL=http://127.0.0.1:{process.port}/v1/graphql" in lines
    assert any(line.startswith("export HASURA_CLOUD_ACCESS_TOKEN=") for line in lines)
