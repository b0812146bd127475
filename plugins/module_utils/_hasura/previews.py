# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preview apps of Hasura Cloud: two jobs, one after the other. PRIVATE to the collection.

The first job creates the project again and returns the ID of the second one, which applies migrations and metadata.
Source: what hasura-cloud-preview-apps, the vendor's own client, does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import LostAnswer, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import tenant_view
from ansible_collections.webops.paas.plugins.module_utils._hasura.tenants import TenantClient

CREATION, DEPLOYMENT = "creation", "deployment"
ENDS = ("success", "failed", "skipped")
JOB = """id status tasks(order_by: {updated_at: asc}) { id name cloud region
  task_events(order_by: {updated_at: desc}) { id event_type public_event_data error github_detail } }"""

PREVIEW_ARGUMENTS = {
    **dict.fromkeys(("token", "owner", "repo", "branch", "directory", "name", "cloud", "region", "plan"), "String!"),
    "envs": "[UpdateEnvsObject]",
}
# The input object is part of the document, as in the vendor's action, because the names of its types are unknown.
CREATE_PREVIEW = (
    f"mutation createGitHubPreviewApp({', '.join(f'${name}: {kind}' for name, kind in PREVIEW_ARGUMENTS.items())}) "
    "{ createGitHubPreviewApp(payload: {githubPersonalAccessToken: $token, "
    "githubRepoDetails: {owner: $owner, repo: $repo, branch: $branch, directory: $directory}, "
    "projectOptions: {name: $name, cloud: $cloud, region: $region, plan: $plan, envVars: $envs}}) "
    "{ githubPreviewAppJobID } }"
)


class PreviewClient(TenantClient):
    def create_github_preview_app(self, **arguments: Any) -> str:
        """arguments: those of PREVIEW_ARGUMENTS. Replaces a project of that name. Returns the job's ID."""
        job_id: str = self.written("createGitHubPreviewApp", CREATE_PREVIEW, arguments)["githubPreviewAppJobID"]
        return job_id

    def jobs_by_pk(self, job_id: str) -> JsonObject | None:
        """{id, status, tasks: [{id, name, cloud, region, task_events}]}, newest event first."""
        return self.row(
            "jobs_by_pk", f"query jobs_by_pk($id: uuid!) {{ jobs_by_pk(id: $id) {{ {JOB} }} }}", {"id": job_id}
        )


def schedule(client: PreviewClient, github_token: str, asked: JsonObject, variables: dict[str, str]) -> str:
    """Schedules exactly once, because each request creates the project again. Returns the ID of the job.

    asked: {name, repository, branch, directory, cloud, region, plan}. variables: {name: text}.
    """
    owner, repo = asked["repository"].split("/")
    arguments = {option: asked[option] for option in ("branch", "directory", "name", "cloud", "region", "plan")}
    envs = [{"key": name, "value": text} for name, text in sorted(variables.items())]
    try:
        return client.create_github_preview_app(token=github_token, owner=owner, repo=repo, envs=envs, **arguments)
    except LostAnswer as error:
        error.message += (
            " The preview app may have been scheduled, but its job is unknown. Check the project in the dashboard "
            "before you run the task again, which creates the project again."
        )
        raise


def follow_both(client: PreviewClient, view: JsonObject, patience: Patience) -> None:
    """Waits until both jobs have ended; raises WaitFailed when one does not succeed.

    view: the module's result, with the first job's ID as C(job_id); it is completed with what becomes known.
    """
    seen: dict[str, list[JsonObject]] = {}

    def note(kind: str, job: JsonObject) -> None:
        seen[kind] = tasks_view(kind, job, client.http.redactor.clean_quote)
        view["tasks"] = [task for tasks in seen.values() for task in tasks]

    told = _follow(client, view["job_id"], CREATION, patience, note)
    view.update(project_id=told.get("projectId"), deployment_job_id=told.get("githubDeploymentJobID"))
    tenant = tenant_view(client.require_tenant(name=view["name"]))
    view.update(tenant_id=tenant["id"], endpoint=tenant["endpoint"])
    if view["deployment_job_id"]:
        _follow(client, view["deployment_job_id"], DEPLOYMENT, patience, note)


def _follow(
    client: PreviewClient, job_id: str, kind: str, patience: Patience, note: Callable[[str, JsonObject], None]
) -> JsonObject:
    """Waits for a job; returns the data of its success. note(kind, job) gets the latest state."""

    def done(job: JsonObject) -> bool:
        if job:
            note(kind, job)
        return job.get("status") in ENDS

    try:
        job = wait_until(
            lambda: client.jobs_by_pk(job_id) or {},
            done,
            patience,
            what=f"The {kind} of the preview app (job {job_id})",
            show=_shown,
        )
    except WaitFailed as failure:
        failure.details["operation"] = "jobs_by_pk"
        failure.message += " Each run of this task creates the project again."
        raise
    if job["status"] == "skipped":
        raise WaitFailed(
            f"The {kind} of the preview app (job {job_id}) was skipped: another one of that name was scheduled after "
            "it.",
            code="skipped",
            operation="jobs_by_pk",
        )
    if job["status"] == "failed":
        raise WaitFailed(
            f"The {kind} of the preview app (job {job_id}) failed: {_reason(client, job)}",
            code="failed",
            operation="jobs_by_pk",
        )
    return next(
        (
            event["public_event_data"]
            for event in _events(job)
            if event["event_type"] == "success" and event.get("public_event_data")
        ),
        {},
    )


def tasks_view(kind: str, job: JsonObject, clean: Callable[[Any], Any]) -> list[JsonObject]:
    """For a result: each task with its events, oldest first.

    Other data of events is omitted, because its content is unknown.
    """
    return [
        {
            "job": kind,
            "name": task["name"],
            "events": [
                {"event_type": event["event_type"], "error": _text(event.get("error"), clean)}
                for event in reversed(task["task_events"])
            ],
        }
        for task in job.get("tasks") or []
    ]


def _events(job: JsonObject) -> list[JsonObject]:
    """Newest first."""
    return [event for task in reversed(job.get("tasks") or []) for event in task["task_events"]]


def _reason(client: PreviewClient, job: JsonObject) -> str:
    failed = [
        f"{task['name']}: {_text(event.get('error'), client.http.redactor.clean_quote)}"
        for task in job.get("tasks") or []
        for event in task["task_events"]
        if event["event_type"] == "failed"
    ]
    return "; ".join(failed) or "no reason was given."


def _shown(job: JsonObject) -> str:
    if not job:
        return "not known"
    tasks = job.get("tasks") or []
    return f"{job['status']} ({tasks[-1]['name']})" if tasks else str(job["status"])


def _text(error: object, clean: Callable[[Any], Any]) -> Any:
    return clean(error) if isinstance(error, str) or error is None else clean(str(error))
