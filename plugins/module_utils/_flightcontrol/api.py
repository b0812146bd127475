# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's HTTP API, one method per documented operation. PRIVATE to the collection.

Knows no Ansible. Sources: the OpenAPI text that api-evangelist publishes, and the vendor's own pages, which add some
operations; where they differ it says so here. Objects are answered as the API has them; the C(..._view) functions are the
shapes that leave a module.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.wait import wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.rest import RestClient, only_given, part
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url

# The most that one page of services may have.
PAGE = 100
HOOK_ENV = "FLIGHTCONTROL_DEPLOY_HOOK_URL"
HOOK_PATH = re.compile(r"(?P<base>.*?)/api/deploy-hook/(?P<environment>[A-Za-z0-9_-]+)/(?P<secret>[A-Za-z0-9_.~-]+)/?")
# Opaque: CUIDs today, numbers in deploy hooks.
ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
INSTANCES = (0, 100)
# Seconds in which what was just started may still be unknown.
VISIBLE_WITHIN = 30.0


class FlightcontrolClient(RestClient):
    """http: an Http whose base URL is that of the API, without /v1."""

    PLATFORM = "Flightcontrol"
    DEFAULT_URL = "https://api.flightcontrol.dev"
    URL_ENV = ("FLIGHTCONTROL_API_URL",)
    TOKEN_ENV = ("FLIGHTCONTROL_API_KEY",)

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"Bearer {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """The version belongs to the paths of the operations."""
        return url.removesuffix("/v1")

    # -- services ------------------------------------------------------------------------------------------------------

    def list_services(self, **filters):
        """Yields services. filters: projectId, environmentId, previewEnvironmentId, type, environmentType; None is no filter."""
        query = only_given(**filters)
        skip, seen = 0, set()
        while True:
            page = self._object("GET", "/v1/services", "getServices", query={**query, "skip": skip, "take": PAGE})
            services = page.get("services") or []
            new = [service for service in services if service.get("id") not in seen]
            if page.get("hasMore") and not new:
                raise self._nonsense(
                    "GET",
                    "/v1/services",
                    "getServices",
                    f"says that there is more after the {len(seen)} services that it has answered, and has none",
                    "endless_pages",
                )
            seen.update(service.get("id") for service in new)
            yield from new
            if not page.get("hasMore"):
                return
            skip += len(services)

    def get_scaling(self, service_id: str) -> dict | None:
        """None for a service that does not exist or cannot be scaled, and on a server without this read: only the vendor's pages have it."""
        path = f"/v1/services/{part(service_id)}/scaling"
        found = self._object_or_none("GET", path, "getScaling")
        return found and self._having(found, "desiredInstances", int, "GET", path, "getScaling")

    def update_scaling(self, service_id: str, operation: str, count: int, idempotent: bool | None = None) -> dict:
        """operation: set, add or remove. Answers {serviceId, previousDesiredCount, newDesiredCount, autoscalingEnabled}."""
        path = f"/v1/services/{part(service_id)}/scaling"
        answer = self._object(
            "POST", path, "updateScaling", {"operation": operation, "count": count}, idempotent=idempotent
        )
        return self._having(answer, "newDesiredCount", int, "POST", path, "updateScaling")

    def create_env_variables(
        self, groups: dict, *, environment_id: str | None = None, service_id: str | None = None
    ) -> dict:
        """groups: {plainText: {name: value}, ...}. They are merged into what there is, so that sending them again does no harm.

        Answers {status: completed, savedCount}, or {status: processing, runId, savedCount, processingCount} when managed
        secrets are among them.
        """
        if environment_id is not None:
            return self._object(
                "POST",
                f"/v1/environments/{part(environment_id)}/env-variables",
                "createEnvironmentEnvVariables",
                groups,
                idempotent=True,
            )
        return self._object(
            "POST",
            f"/v1/services/{part(service_id)}/env-variables",
            "createServiceEnvVariables",
            groups,
            idempotent=True,
        )

    # -- deployments ---------------------------------------------------------------------------------------------------

    def get_deployment(self, deployment_id: str) -> dict | None:
        return self._object_or_none("GET", f"/v1/deployments/{part(deployment_id)}", "getDeployment")

    def create_deployments(self, body: dict) -> list:
        """body: {repoUrl, branch, commit, filter: {projectId, environmentId}, forceNoCache}. Answers what was started, and an item
        with C(error) for each environment that could not be deployed."""
        # Whether anything was started its answer says, not its status.
        answer = self._once("POST", "/v1/deployments", "createDeployments", body=body, is_write=False)
        found = [item for item in answer.get("deployments") or [] if isinstance(item, dict)]
        if any(item.get("deploymentId") for item in found):
            self.http.confirmed_writes.append("createDeployments")
        return found

    def trigger(self, hook: Hook, *, commit=None, branch=None, pr_number=None, force=None) -> str:
        """Calls a deploy hook, exactly once unless it provably was not received, and returns the deployment's id.

        No credential goes along: the URL is the secret. With pr_number a preview environment is deployed.
        """
        query = {
            name: value
            for name, value in dict(commit=commit, branch=branch, force="true" if force else None).items()
            if value is not None
        }
        path, operation = hook.path, "triggerDeployHook"
        if pr_number is not None:
            path, operation = f"{path}/{pr_number}/{part(query.pop('commit'))}", "triggerPreviewDeployHook"
        http = self.http.at(hook.base_url)
        # A GET that writes; whether it did its answer says, not its status.
        answer = self._once("GET", path, operation, http=http, query=query, is_write=False)
        deployment_id = answer.get("deploymentId")
        # A boolean on one page and in a program that works, a text in the OpenAPI text and on another page.
        is_started = str(answer.get("success")).strip().lower() == "true"
        if not is_started or not isinstance(deployment_id, str) or not deployment_id:
            said = self.http.redactor.clean_quote(_message(answer)) or "no reason was given"
            raise self._nonsense(
                "GET", path, operation, f"answered 200 without starting a deployment: {said}", "not_triggered", http
            )
        self.http.confirmed_writes.append(operation)
        return deployment_id

    # -- CloudFront ----------------------------------------------------------------------------------------------------

    def create_invalidation(self, service_id: str, paths: list) -> str:
        """Returns its id. What is forgotten twice is forgotten, so that it may be sent again."""
        path, operation = f"/v1/services/{part(service_id)}/cloudfront/invalidation", "createCloudFrontInvalidation"
        answer = self._object("POST", path, operation, {"paths": paths}, idempotent=True)
        return self._having(answer, "invalidationId", str, "POST", path, operation)["invalidationId"]

    def get_invalidation(self, invalidation_id: str):
        """{answer: whatever the API answers}, since no source knows its form. None when there is no such invalidation."""
        try:
            return {
                "answer": self.http.request(
                    "GET",
                    f"/v1/cloudfront/invalidation/{part(invalidation_id)}",
                    operation="getCloudFrontInvalidationStatus",
                    shape=object,
                ).data
            }
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    # -- jobs ----------------------------------------------------------------------------------------------------------

    def create_job_execution(self, service_id: str, job: str, start_command=None) -> str:
        """start_command: a text or a list of texts, None for the job's own. Returns the execution's id."""
        path, operation = f"/v1/services/{part(service_id)}/job/{part(job)}/execution", "createJobExecution"
        answer = self._once(
            "POST", path, operation, body={} if start_command is None else {"startCommand": start_command}
        )
        return self._having(answer, "jobExecutionId", str, "POST", path, operation)["jobExecutionId"]

    def get_job_execution(self, execution_id: str) -> dict | None:
        return self._object_or_none("GET", f"/v1/job-executions/{part(execution_id)}", "getJobExecution")

    # -- environments --------------------------------------------------------------------------------------------------

    def create_environment(self, project_id: str, body: dict):
        """Whatever the API answers: an object, a list, nothing."""
        return self._once(
            "POST", f"/v1/projects/{part(project_id)}/environments", "createEnvironment", body=body, shape=object
        )

    def edit_environment(self, project_id: str, body: dict):
        """The form of the OpenAPI text, which finds the environment by its name."""
        return self._edit("PATCH", f"/v1/projects/{part(project_id)}/environments", "editEnvironment", body)

    def edit_environment_by_id(self, project_id: str, environment_id: str, body: dict):
        """The form of the vendor's pages. body: {name, source} and no more."""
        return self._edit(
            "POST", f"/v1/projects/{part(project_id)}/environments/{part(environment_id)}", "editEnvironmentById", body
        )

    def edit_preview_environment(self, project_id: str, body: dict):
        return self._edit(
            "POST", f"/v1/projects/{part(project_id)}/preview-environment", "editPreviewEnvironment", body
        )

    # -- shared ways ---------------------------------------------------------------------------------------------------

    def _edit(self, method: str, path: str, operation: str, body: dict):
        """Says how it shall be, so that sending it again does no harm."""
        return self.http.request(method, path, operation=operation, body=body, idempotent=True, shape=object).data

    def _once(self, method: str, path: str, operation: str, *, http=None, shape=dict, **more):
        """A call that is repeated only when it provably was not processed, and that nothing can look up afterwards."""
        try:
            return (
                (http or self.http)
                .request(method, path, operation=operation, idempotent=False, shape=shape, **more)
                .data
            )
        except LostAnswer as error:
            error.message += f" {LOST[operation]}, and nothing tells, so it was not sent again. Look at the dashboard before you run this again."
            raise

    def _having(self, answer: dict, key: str, kind: type, *call: str) -> dict:
        """The answer, which must have this key; call: method, path, operation."""
        if not isinstance(answer.get(key), kind):
            raise self._nonsense(*call, f"answered without {key}", "incomplete_answer")
        return answer

    def _nonsense(self, method: str, path: str, operation: str, what: str, code: str, http=None) -> ApiError:
        """The error of an answer whose status is fine and whose content is not."""
        clean = self.http.redactor.clean
        path = clean(urlsplit((http or self.http).base_url).path + path)
        return ApiError(
            f"Flightcontrol {operation} failed: {method} {path} {what}.",
            platform="flightcontrol",
            operation=operation,
            method=method,
            path=path,
            status=200,
            code=code,
            request_id=None,
        )


# What a call may have brought about whose answer is lost.
LOST = {
    "triggerDeployHook": "A deployment may have been triggered",
    "triggerPreviewDeployHook": "A deployment may have been triggered",
    "createDeployments": "Deployments may have been triggered",
    "createJobExecution": "The job may have been started",
    "createEnvironment": "The environment may have been created",
}


class Hook:
    """A deploy hook's URL, taken apart. All of it is a secret, whose parts are told to the redactor. Raises InvalidInput."""

    def __init__(self, option: str, url: str, redactor) -> None:
        matched = HOOK_PATH.fullmatch(url.strip())
        # What is not understood is not quoted: a secret may hide in it.
        if matched is None:
            raise InvalidInput(
                option,
                f"{option} must be a deploy hook's URL as the dashboard shows it, such as "
                "https://app.flightcontrol.dev/api/deploy-hook/1234/SECRET, without a query.",
            )
        redactor.add(url, matched["secret"])
        self.base_url = checked_url(matched["base"], option)
        self.path = f"/api/deploy-hook/{matched['environment']}/{matched['secret']}"


# -- what leaves a module --------------------------------------------------------------------------------------------------


def service_view(service: dict) -> dict:
    return {
        "id": service.get("id"),
        "given_id": service.get("givenId"),
        "name": service.get("name"),
        "type": service.get("type"),
        "project_id": service.get("projectId"),
        "environment_id": service.get("environmentId"),
        "preview_environment_id": service.get("previewEnvironmentId"),
        "created_at": service.get("createdAt"),
        "updated_at": service.get("updatedAt"),
    }


def scaling_view(scaling: dict) -> dict:
    return {
        "service_id": scaling.get("serviceId"),
        "desired_instances": scaling.get("desiredInstances"),
        "current_instances": scaling.get("currentInstances"),
        "running_instances": scaling.get("runningInstances"),
        "pending_instances": scaling.get("pendingInstances"),
        "autoscaling_enabled": scaling.get("autoscalingEnabled"),
        "min_instances": scaling.get("minInstances"),
        "max_instances": scaling.get("maxInstances"),
    }


def deployment_view(deployment: dict, clean=str) -> dict:
    """clean: masks secrets in what a build has said."""
    return {
        "id": deployment.get("deploymentId"),
        "project_id": deployment.get("projectId"),
        "environment_id": deployment.get("environmentId"),
        "environment_given_id": deployment.get("environmentGivenId"),
        "is_preview": deployment.get("isPreviewEnvironment"),
        "status": deployment.get("status"),
        "repo_url": deployment.get("repoUrl"),
        "branch": deployment.get("gitBranch", deployment.get("branch")),
        "commit": deployment.get("gitCommit", deployment.get("commit")),
        "created_at": deployment.get("createdAt"),
        "services": [_service_deployment_view(item, clean) for item in deployment.get("serviceDeployments") or []],
        "error": error_text(deployment.get("error"), clean),
    }


def _service_deployment_view(item: dict, clean) -> dict:
    service = item.get("service") or {}
    return {
        "id": item.get("serviceDeploymentId"),
        "status": item.get("status"),
        "error": error_text(item.get("error"), clean),
        "service_id": service.get("serviceId"),
        "service_given_id": service.get("serviceGivenId"),
        "service_name": service.get("serviceName"),
        "service_type": service.get("type"),
        # Empty where it has none.
        "url": service.get("serviceDomain") or None,
    }


def job_execution_view(execution: dict, clean=str) -> dict:
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


def invalidation_view(invalidation_id: str, answer) -> dict:
    """answer: what its read answers. Without a status in it nobody knows whether it is completed."""
    status = _invalidation_status(answer)
    return {"id": invalidation_id, "status": status, "completed": status and "complet" in status.lower()}


def _invalidation_status(answer) -> str | None:
    """The status in the answer to an invalidation's read, in any of the forms in which one would write it; None where none is."""
    if isinstance(answer, dict):
        found = {key.lower(): value for key, value in answer.items()}
        for key in ("status", "invalidation"):
            status = found[key] if isinstance(found.get(key), str) else _invalidation_status(found.get(key))
            if status:
                return status
    return None


def error_text(error, clean=str) -> str | None:
    """null, a text or an object, all of which the API answers, as a text or None."""
    if not error:
        return None
    return clean(error if isinstance(error, str) else _message(error) or json.dumps(error, ensure_ascii=False))


def message_of(answer, clean=str) -> str | None:
    """What an edit answers: [{message}], and perhaps {message} or nothing."""
    return clean(_message(answer[0] if isinstance(answer, list) and answer else answer)) or None


def _message(answer) -> str:
    if not isinstance(answer, dict):
        return ""
    return next((answer[key] for key in ("message", "error") if isinstance(answer.get(key), str)), "")


# -- rules of input ----------------------------------------------------------------------------------------------------


def check_id(option: str, value: str | None) -> None:
    """Passes over what is not given."""
    if value is not None and not ID.fullmatch(value):
        raise InvalidInput(option, f"{option} must be an id such as clcpcxekt000lc9ojqtgtc26y, not {value!r}.")


def check_ids(params: dict, *options: str) -> None:
    for option in options:
        check_id(option, params[option])


def check_count(option: str, count: int | None) -> None:
    """Passes over what is not given."""
    least, most = INSTANCES
    if count is not None and not least <= count <= most:
        raise InvalidInput(option, f"{option} must be between {least} and {most} instances, not {count}.")


# -- waiting -----------------------------------------------------------------------------------------------------------


def wait_for(what: str, read, is_done, patience: dict, show=str):
    """What read() answers as soon as is_done(that) is true.

    read: answers None for what is not there, which may be so for a moment after it was started. patience: see
    Operation.patience. Raises WaitFailed.
    """
    known_by = patience["clock"].monotonic() + VISIBLE_WITHIN

    def done(found):
        if found is None and patience["clock"].monotonic() > known_by:
            raise WaitFailed(
                f"Flightcontrol does not know {what}, {VISIBLE_WITHIN:g} s after it was started. Does the token belong to the same "
                "organization?",
                code="not_found",
            )
        return found is not None and is_done(found)

    return wait_until(
        read, done, what=what, show=lambda found: "not visible yet" if found is None else show(found), **patience
    )
