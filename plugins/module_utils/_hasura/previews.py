# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preview apps of Hasura Cloud: two jobs, one after the other. PRIVATE to the collection.

The first job makes the project anew and tells the second one's id, which brings in migrations and metadata. Source: what
hasura-cloud-preview-apps, the vendor's own client, does.
"""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import LostAnswer, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.wait import wait_until

CREATION, DEPLOYMENT = "creation", "deployment"
ENDS = ("success", "failed", "skipped")


def schedule(client, payload: dict) -> str:
    """Exactly once: each call makes the project anew. Answers the job's id."""
    try:
        return client.create_github_preview_app(payload)
    except LostAnswer as error:
        error.message += (
            " The preview app may have been scheduled, and nothing tells its job. Look at the project in the dashboard; running again "
            "makes it anew."
        )
        raise


def follow(client, job_id: str, kind: str, patience: dict, note) -> dict:
    """Until the job ends. Answers the data of its success; raises WaitFailed for another end. note(kind, job) gets what was seen last."""

    def done(job):
        if job is not None:
            note(kind, job)
        return job is not None and job["status"] in ENDS

    try:
        job = wait_until(
            lambda: client.jobs_by_pk(job_id),
            done,
            what=f"The {kind} of the preview app (job {job_id})",
            show=_shown,
            **patience,
        )
    except WaitFailed as failure:
        failure.details["operation"] = "jobs_by_pk"
        failure.message += " Mind that a run of this task makes the project anew."
        raise
    if job["status"] == "skipped":
        raise WaitFailed(
            f"The {kind} of the preview app (job {job_id}) was skipped: another one of that name was scheduled after it.",
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


def tasks_view(kind: str, job: dict, clean) -> list[dict]:
    """For a result: each task with its events, oldest first. Other data of events is left out, as anything may be in it."""
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


def _events(job: dict) -> list[dict]:
    """Newest first."""
    return [event for task in reversed(job.get("tasks") or []) for event in task["task_events"]]


def _reason(client, job: dict) -> str:
    failed = [
        f"{task['name']}: {_text(event.get('error'), client.http.redactor.clean_quote)}"
        for task in job.get("tasks") or []
        for event in task["task_events"]
        if event["event_type"] == "failed"
    ]
    return "; ".join(failed) or "it does not say why."


def _shown(job) -> str:
    if job is None:
        return "not known"
    tasks = job.get("tasks") or []
    return job["status"] + (f" ({tasks[-1]['name']})" if tasks else "")


def _text(error, clean):
    return clean(error) if isinstance(error, str) or error is None else clean(str(error))
