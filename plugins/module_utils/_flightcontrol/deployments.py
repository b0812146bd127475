# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments of Flightcontrol: checks of options, start and result. PRIVATE to the collection."""

from __future__ import annotations

import re
from dataclasses import replace

from ansible_collections.webops.paas.plugins.module_utils._core.compare import without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import (
    Clean,
    FlightcontrolClient,
    error_text,
    wait_for,
)
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part

COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
GOOD_STATUS = frozenset({"SUCCESS", "NO_CHANGE"})
BAD_STATUS = frozenset({"CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR"})


class DeploymentsClient(FlightcontrolClient):
    def get_deployment(self, deployment_id: str) -> JsonObject | None:
        return self.json_object_or_none("GET", f"/v1/deployments/{part(deployment_id)}", "getDeployment")

    def create_deployments(self, body: JsonObject) -> list[JsonObject]:
        """body: {repoUrl, branch, commit, filter: {projectId, environmentId}, forceNoCache}.

        Returns what was started, and an item with C(error) for each environment that could not be deployed.
        """
        # The response says whether a deployment was started, the status does not.
        answer = self.send_once(
            "POST",
            "/v1/deployments",
            "createDeployments",
            "Deployments may have been triggered",
            body=body,
            is_write=False,
        )
        found = [item for item in answer.get("deployments") or [] if isinstance(item, dict)]
        if any(item.get("deploymentId") for item in found):
            self.http.confirmed_writes.append("createDeployments")
        return found


def deployment_view(deployment: JsonObject, clean: Clean = str) -> JsonObject:
    """clean: masks secrets in the output of a build."""
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


def _service_deployment_view(item: JsonObject, clean: Clean) -> JsonObject:
    service = item.get("service") or {}
    return {
        "id": item.get("serviceDeploymentId"),
        "status": item.get("status"),
        "error": error_text(item.get("error"), clean),
        "service_id": service.get("serviceId"),
        "service_given_id": service.get("serviceGivenId"),
        "service_name": service.get("serviceName"),
        "service_type": service.get("type"),
        # Empty without an address.
        "url": service.get("serviceDomain") or None,
    }


# -- options ---------------------------------------------------------------------------------------------


def check_source(params: JsonObject) -> None:
    """Branch, commit and pull request."""
    for option in ("branch", "repo_url"):
        value = params[option]
        if value is not None and (not value or not value.isprintable() or " " in value):
            raise InvalidInput(option, f"`{option}` must not be empty or contain white space, got {value!r}.")
    if params["commit"] is not None and not COMMIT.fullmatch(params["commit"]):
        raise InvalidInput(
            "commit", f"`commit` must be the SHA of a commit, 7 to 64 hexadecimal digits, got {params['commit']!r}."
        )
    if params["pr_number"] is None:
        if params["commit"] is not None and params["branch"] is None:
            raise InvalidInput(
                "branch",
                "`branch` is required with `commit`, because Flightcontrol looks for the commit on that branch.",
            )
        return
    if params["commit"] is None:
        raise InvalidInput(
            "commit",
            "`commit` is required with `pr_number`, because the deploy hook of preview environments needs both.",
        )
    if params["branch"] is not None:
        raise InvalidInput(
            "branch", "`branch` and `pr_number` are mutually exclusive: the branch is that of the pull request."
        )


def check_filter(params: JsonObject) -> None:
    """Checks the options of a deployment by the API."""
    if params["branch"] is None:
        raise InvalidInput("branch", "`branch` is required with `repo_url`.")
    is_filtered = params["project_id"] is not None or params["environment_id"] is not None
    if is_filtered and params["all_environments"]:
        raise InvalidInput(
            "all_environments", "`all_environments: true` and `project_id` or `environment_id` are mutually exclusive."
        )
    if not is_filtered and not params["all_environments"]:
        raise InvalidInput(
            "all_environments",
            "Without `project_id` or `environment_id` Flightcontrol deploys each environment of the repository, in "
            "all projects. Set one of them, or `all_environments: true` to deploy all of them.",
        )


# -- starting ----------------------------------------------------------------------------------------------------------


def start(client: DeploymentsClient, params: JsonObject) -> list[JsonObject]:
    """Starts deployments by the API. Returns its items: {deploymentId, projectId, environmentId, commit, branch}, or
    {..., error}.
    """
    filters = {"projectId": params["project_id"], "environmentId": params["environment_id"]}
    body = {
        "repoUrl": params["repo_url"],
        "branch": params["branch"],
        "commit": params["commit"],
        "filter": without_nulls(filters) or None,
        "forceNoCache": params["no_cache"] or None,
    }
    found = client.create_deployments(without_nulls(body))
    if not found:
        raise PaasError(
            f"No environment of {params['repo_url']} on Flightcontrol matches, so nothing was deployed.",
            code="no_match",
        )
    return found


# -- results ------------------------------------------------------------------------------------------------


def awaited(
    client: DeploymentsClient, started: list[JsonObject], patience: Patience | None, clean: Clean
) -> list[JsonObject]:
    """The deployments that were started; with patience, after they have ended.

    Raises PaasError, with the deployments as results, if one could not be started or failed.
    """
    # As it was read last.
    found = list(started)
    problems: list[str] = []
    # They run in parallel.
    since = patience.clock.monotonic() if patience else None
    try:
        for number, item in enumerate(started):
            if not item.get("deploymentId"):
                problems.append(
                    f"environment {item.get('environmentId')}: not started ({error_text(item.get('error'), clean)})"
                )
            elif patience is not None:
                _wait(client, found, number, replace(patience, since=since))
                problems += failures(found[number], clean)
        if problems:
            raise WaitFailed("The deployment failed for " + "; ".join(problems) + ".", code="deployment_failed")
    except PaasError as error:
        error.results = {"deployments": [deployment_view(item, clean) for item in found]}
        raise
    return found


def are_unneeded(deployments: list[JsonObject]) -> bool:
    """Whether all of them ended without changes."""
    return all(_status(item) == "NO_CHANGE" for item in deployments)


def is_done(deployment: JsonObject) -> bool:
    """Whether the deployment and all of its services ended. Once it failed, its services are not waited for."""
    services = deployment.get("serviceDeployments") or []
    return _status(deployment) in BAD_STATUS or (
        _status(deployment) in GOOD_STATUS and all(_status(item) in GOOD_STATUS | BAD_STATUS for item in services)
    )


def failures(deployment: JsonObject, clean: Clean) -> list[str]:
    """Texts: one for each failed service, or one for a deployment that failed without failed services.

    Those that were canceled come last, because another one is the reason.
    """
    view = deployment_view(deployment, clean)
    failed = [
        f"{service['service_given_id'] or service['service_id']}: {service['status']}"
        + (f" ({service['error']})" if service["error"] else "")
        for service in sorted(view["services"], key=lambda service: _status(service) == "CANCELLED")
        if _status(service) in BAD_STATUS
    ]
    where = view["environment_given_id"] or view["environment_id"]
    return [f"{where}, {text}" for text in failed] or (
        [f"{where}: {view['status']}"] if _status(view) in BAD_STATUS else []
    )


def _wait(client: DeploymentsClient, found: list[JsonObject], number: int, patience: Patience) -> None:
    """Replaces found[number], a deployment that was started, by what is read until it is done."""
    deployment_id = found[number]["deploymentId"]

    def read() -> JsonObject | None:
        deployment = client.get_deployment(deployment_id)
        if deployment is not None:
            found[number] = deployment
        return deployment

    wait_for(f"the deployment {deployment_id}", read, is_done, patience, _shown)


def _shown(deployment: JsonObject) -> str:
    services = ", ".join(
        f"{(item.get('service') or {}).get('serviceGivenId')} {item.get('status')}"
        for item in deployment.get("serviceDeployments") or []
        if _status(item) not in GOOD_STATUS
    )
    return str(deployment.get("status")) + (f" ({services})" if services else "")


def _status(item: JsonObject) -> str:
    return str(item.get("status")).upper()
