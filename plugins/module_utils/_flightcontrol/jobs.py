# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Flightcontrol's scheduler services. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import (
    Clean,
    FlightcontrolClient,
    error_text,
    wait_for,
)
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part

ENDS = ("COMPLETED", "CANCELLED", "ERROR")


class JobsClient(FlightcontrolClient):
    def create_job_execution(self, service_id: str, job: str, start_command: str | list[str] | None = None) -> str:
        """start_command: a text or a list of texts, None for the job's own. Returns the ID of the execution."""
        path = f"/v1/services/{part(service_id)}/job/{part(job)}/execution"
        body = {} if start_command is None else {"startCommand": start_command}
        answer = self.send_once("POST", path, "createJobExecution", "The job may have been started", body=body)
        return str(answer["jobExecutionId"])

    def get_job_execution(self, execution_id: str) -> JsonObject | None:
        return self.json_object_or_none("GET", f"/v1/job-executions/{part(execution_id)}", "getJobExecution")


def job_execution_view(execution: JsonObject, clean: Clean = str) -> JsonObject:
    job = execution.get("job") or {}
    return {
        "id": execution.get("id"),
        "job_id": job.get("id"),
        "job": job.get("givenId"),
        "status": execution.get("status"),
        "exit_code": execution.get("exitCode"),
        "error": error_text(execution.get("error"), clean),
        "created_at": execution.get("createdAt"),
        "finished_at": execution.get("finishedAt"),
    }


def ended(client: JobsClient, execution_id: str, patience: Patience) -> JsonObject:
    """Waits until an execution ends; returns its view. Raises WaitFailed."""
    execution = wait_for(
        f"the job execution {execution_id}",
        lambda: client.get_job_execution(execution_id),
        lambda found: found.get("status") in ENDS,
        patience,
        lambda found: str(found.get("status")),
    )
    return job_execution_view(execution, client.http.redactor.clean_quote)


def check_succeeded(job: str, view: JsonObject) -> None:
    """Raises WaitFailed if the execution failed; an unknown result is ignored."""
    if view["status"] not in (None, "COMPLETED") or view["exit_code"] not in (None, 0):
        raise WaitFailed(
            f"The job {job} ended with the status {view['status']} and the exit code {view['exit_code']}"
            + (f": {view['error']}" if view["error"] else "")
            + ".",
            code="job_failed",
        )
