# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments: looked at, started by the API, started by hooks."""

from __future__ import annotations

import datetime
import hmac
from typing import Any

from ..core.clock import iso
from . import errors
from .api import Request
from .contract import CONTRACT
from .model import Deployment, Environment, Part, Service, at
from .overview import address
from .progress import Refused, deploy, resolve
from .state import State


def get_deployment(request: Request) -> tuple[int, Any]:
    found = request.state.deployments.get(request.arguments["deploymentId"])
    if found is not None and found.visible_at > request.now:
        found = None
    deployment = request.owned(found, "Deployment")
    environment = deployment.environment
    return 200, {
        "deploymentId": deployment.id,
        "projectId": environment.project.id,
        "environmentId": environment.id,
        "environmentGivenId": environment.given_id,
        "isPreviewEnvironment": environment.pull_request is not None,
        "createdAt": _moment(request, deployment.created_at),
        "repoUrl": environment.project.repository.url,
        "gitCommit": deployment.commit.sha,
        "gitBranch": deployment.branch,
        "status": at(deployment.timeline, request.now),
        "serviceDeployments": [_part(request, part) for part in deployment.parts.values()],
    }


def _moment(request: Request, moment: float) -> str:
    """fact: flightcontrol 2.1 [DOC]: 2023-01-09 22:10:02.381"""
    if request.switches["flightcontrol_created_at"] == "rfc3339":
        return iso(moment)
    time = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).replace(tzinfo=None)
    return time.isoformat(" ", "milliseconds")


def _part(request: Request, part: Part) -> dict[str, Any]:
    status = at(part.timeline, request.now)
    return {
        "service": {
            "serviceId": part.service.id,
            "serviceGivenId": part.service.given_id,
            "serviceName": part.service.name,
            "serviceDomain": address(request.state, part.service),
            "type": _type(request, part.service),
        },
        "serviceDeploymentId": part.id,
        "status": status,
        "error": part.error if part.timeline[-1][0] <= request.now else None,
    }


def _type(request: Request, service: Service) -> str:
    return request.switches["flightcontrol_web_type"] if service.type == "web" else service.type


def create_deployments(request: Request) -> tuple[int, Any]:
    """fact: flightcontrol 3 [DOC]: no filter is every environment of the repository

    [INFER] preview environments are left out; without its cache everything is built, so nothing is NO_CHANGE
    """
    body = request.body
    repository = request.state.repository(body["repoUrl"])
    projects = [
        project
        for project in request.state.projects.values()
        if project.organization is request.organization and project.repository is repository
    ]
    if not projects:
        raise errors.not_found("Repository")
    wanted = body.get("filter", {})
    environments = [
        environment
        for project in projects
        for environment in project.environments
        if environment.pull_request is None
        and wanted.get("projectId", project.id) == project.id
        and wanted.get("environmentId", environment.id) == environment.id
    ]
    if not environments and request.switches["flightcontrol_no_match"] == 404:
        raise errors.not_found("Environment")
    failing = {"none": [], "first": environments[:1], "all": environments}[
        request.switches["flightcontrol_partial_failure"]
    ]
    return 200, {
        "deployments": [_created(request, environment, environment in failing) for environment in environments]
    }


def _created(request: Request, environment: Environment, failing: bool) -> dict[str, Any]:
    branch = request.body["branch"]
    item = {"projectId": environment.project.id, "environmentId": environment.id}
    try:
        if failing:
            raise Refused("The environment could not be deployed")
        commit = resolve(request.state, environment.project.repository, branch, request.body.get("commit"))
    except Refused as error:
        form = request.switches["flightcontrol_environment_error"]
        return {**item, "error": {"message": str(error)} if form == "object" else str(error)}
    force = request.body.get("forceNoCache", False)
    deployment = deploy(request.state, environment, commit, branch, force, request.now)
    return {**item, "deploymentId": deployment.id, "commit": commit.sha, "branch": branch}


# deploy hooks


def trigger(request: Request) -> tuple[int, Any]:
    """fact: flightcontrol 2.9 [DOC]: without a branch it is the repository's default one, not the environment's"""
    arguments = request.arguments
    environment = _by_hook(request.state.environments.values(), arguments["envId"], arguments["secret"])
    if environment is None or environment.pull_request is not None:
        return _hook_refused(request, 404, "Deploy hook not found")
    repository = environment.project.repository
    if arguments["commit"] and not arguments["branch"]:
        return _hook_refused(request, 400, "branch is required when commit is given")
    branch = arguments["branch"] or repository.default_branch
    try:
        commit = resolve(request.state, repository, branch, arguments["commit"])
    except Refused as error:
        return _hook_refused(request, 400, str(error))
    return _triggered(request, deploy(request.state, environment, commit, branch, arguments["force"], request.now))


def trigger_preview(request: Request) -> tuple[int, Any]:
    arguments = request.arguments
    preview = _by_hook(request.state.previews.values(), arguments["previewEnvId"], arguments["secret"])
    if preview is None:
        return _hook_refused(request, 404, "Deploy hook not found")
    repository = preview.project.repository
    found = repository.find(arguments["commitSHA"])
    try:
        commit, branch = found or (
            resolve(request.state, repository, repository.default_branch, arguments["commitSHA"]),
            repository.default_branch,
        )
    except Refused as error:
        return _hook_refused(request, 400, str(error))
    environment = request.state.preview_environment(preview, arguments["prNumber"], request.now)
    return _triggered(request, deploy(request.state, environment, commit, branch, arguments["force"], request.now))


def _by_hook(candidates: Any, hook_id: int, secret: str) -> Any:
    return next(
        (
            candidate
            for candidate in candidates
            if candidate.hook_id == hook_id and hmac.compare_digest(candidate.hook_secret.encode(), secret.encode())
        ),
        None,
    )


def _triggered(request: Request, deployment: Deployment) -> tuple[int, Any]:
    return 200, {"success": _success(request, True), "deploymentId": deployment.id}


def _hook_refused(request: Request, status: int, message: str) -> tuple[int, Any]:
    if request.switches["flightcontrol_hook_refused"] == "success_false":
        return 200, {"success": _success(request, False), "message": message}
    raise errors.refused(status, message)


def _success(request: Request, value: bool) -> bool | str:
    """fact: flightcontrol 2.9: a string in [seed] and on one page, a boolean on another [DOC]"""
    return str(value).lower() if request.switches["flightcontrol_hook_success"] == "string" else value


# the repository


def push(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """A commit arrives: environments that follow its branch are deployed. Raises ValueError.

    fact: flightcontrol 2.2 [seed]: trigger is push or manual
    """
    unknown = sorted(set(body) - {"repo_url", "branch", "message", "files"})
    if unknown:
        raise ValueError(f"push does not support {', '.join(unknown)}")
    repository = state.repository(body["repo_url"]) if "repo_url" in body else next(iter(state.repositories.values()))
    if repository is None:
        raise ValueError("no project has that repository")
    now = state.ground.clock.now()
    branch = body.get("branch", repository.default_branch)
    commit = state.add_commit(
        repository, branch, body.get("message", "Another commit"), body.get("files", ["web/index.html"])
    )
    deployments = [
        deploy(state, environment, commit, branch, False, now)
        for environment in list(state.environments.values())
        if environment.project.repository is repository
        and environment.pull_request is None
        and environment.source.get("trigger") == "push"
        and environment.source.get("branch") == branch
    ]
    return {
        "commit": commit.sha,
        "branch": branch,
        "behaviour": commit.behaviour,
        "deployments": [deployment.id for deployment in deployments],
    }


ROUTES = [
    CONTRACT.route("getDeployment", get_deployment),
    CONTRACT.route("createDeployments", create_deployments),
]
HOOK_ROUTES = [
    CONTRACT.route("triggerDeployHook", trigger),
    CONTRACT.route("triggerPreviewDeployHook", trigger_preview),
]
