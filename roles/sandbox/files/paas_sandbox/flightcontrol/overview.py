# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the admin interface and the status page show of Flightcontrol."""

from __future__ import annotations

import datetime
from typing import Any

from ..core.clock import iso
from ..core.platform import Table
from . import environments
from .model import DOMAIN, SERVED, Deployment, Environment, Service, at
from .state import SECOND_API_KEY, State

DEPLOYMENTS_SHOWN = 20


def local_address(state: State, service: Service) -> str:
    return f"http://{service.label}.{DOMAIN}:{state.ground.port}"


def address(state: State, service: Service) -> str:
    """fact: flightcontrol 2.1 [DOC]: a URL, empty for what is not served"""
    if service.type not in SERVED:
        return ""
    if state.ground.switches["flightcontrol_service_urls"] == "localhost":
        return local_address(state, service)
    return service.domain or f"https://{service.host}"


def state_data(state: State, now: float) -> dict[str, Any]:
    """Both organizations; values of variables only as digests."""
    return {
        "repositories": [
            {
                "url": repository.url,
                "default_branch": repository.default_branch,
                "branches": {
                    branch: [
                        {
                            "sha": commit.sha,
                            "message": commit.message,
                            "files": commit.files,
                            "behaviour": commit.behaviour,
                        }
                        for commit in history
                    ]
                    for branch, history in repository.branches.items()
                },
            }
            for repository in state.repositories.values()
        ],
        "projects": [
            {
                "id": project.id,
                "name": project.name,
                "organization": project.organization.name,
                "repo_url": project.repository.url,
                "preview": project.preview
                and {
                    "id": project.preview.id,
                    "name": project.preview.name,
                    "hook_id": project.preview.hook_id,
                    "hook_secret": project.preview.hook_secret,
                    "source": project.preview.source,
                },
            }
            for project in state.projects.values()
        ],
        "environments": [_environment(environment, now) for environment in state.environments.values()],
        "services": [_service(state, service, now) for service in state.services.values()],
        "deployments": [_deployment(deployment, now) for deployment in state.deployments.values()],
        "invalidations": [
            {
                "id": invalidation.id,
                "service_id": invalidation.service.id,
                "paths": invalidation.paths,
                "done": invalidation.done_at <= now,
            }
            for invalidation in state.invalidations.values()
        ],
        "job_executions": [
            {
                "id": execution.id,
                "service_id": execution.service.id,
                "job": execution.job.given_id,
                "start_command": execution.command,
                "status": at(execution.timeline, now),
            }
            for execution in state.executions.values()
        ],
    }


def _environment(environment: Environment, now: float) -> dict[str, Any]:
    return {
        "id": environment.id,
        "given_id": environment.given_id,
        "name": environment.name,
        "project_id": environment.project.id,
        "region": environment.region,
        "source": environment.source,
        "vpc": environment.vpc,
        "pull_request": environment.pull_request,
        "hook_id": environment.hook_id,
        "hook_secret": environment.hook_secret,
        "deployments": [deployment.id for deployment in environment.deployments],
        "env_variables": environments.describe(environment.variables, now),
    }


def _service(state: State, service: Service, now: float) -> dict[str, Any]:
    live = service.live(now)
    return {
        "id": service.id,
        "given_id": service.given_id,
        "name": service.name,
        "type": service.type,
        "environment_id": service.environment.id,
        "project_id": service.environment.project.id,
        "hosts": [f"{service.label}.{DOMAIN}", service.host] if service.type in SERVED else [],
        "domain": service.domain,
        "live_commit": live and live.sha,
        "desired": service.desired,
        "running": service.running(now),
        "pending": service.pending(now),
        "min": service.minimum,
        "max": service.maximum,
        "jobs": [{"id": job.id, "given_id": job.given_id} for job in service.jobs],
        "env_variables": environments.describe(service.variables, now),
    }


def _deployment(deployment: Deployment, now: float) -> dict[str, Any]:
    return {
        "id": deployment.id,
        "environment_id": deployment.environment.id,
        "commit": deployment.commit.sha,
        "branch": deployment.branch,
        "created_at": iso(deployment.created_at),
        "status": at(deployment.timeline, now),
        "services": {part.service.given_id: at(part.timeline, now) for part in deployment.parts.values()},
    }


def tables(state: State, now: float) -> list[Table]:
    """Without the second organization."""
    services = [
        service
        for service in state.services.values()
        if service.environment.project.organization.api_key != SECOND_API_KEY
    ]
    shown = sorted(
        (
            deployment
            for deployment in state.deployments.values()
            if deployment.environment.project.organization.api_key != SECOND_API_KEY
        ),
        key=lambda deployment: deployment.created_at,
    )[: -DEPLOYMENTS_SHOWN - 1 : -1]
    return [
        Table(
            "Flightcontrol services",
            ("Service", "Project", "Environment", "Type", "Live commit", "Instances", "Id"),
            [_service_row(state, service, now) for service in services],
        ),
        Table(
            "Flightcontrol deployments",
            ("Deployment", "Environment", "Status", "Commit", "Branch", "Created"),
            [_deployment_row(deployment, now) for deployment in shown],
        ),
    ]


def _service_row(state: State, service: Service, now: float) -> tuple[Any, ...]:
    live = service.live(now)
    name: Any = (service.given_id, local_address(state, service)) if service.type in SERVED else service.given_id
    instances = f"{service.running(now)} of {service.desired}" if service.instances or service.desired else ""
    return (
        name,
        service.environment.project.name,
        service.environment.given_id,
        service.type,
        live.sha[:10] if live else "nothing",
        instances,
        service.id,
    )


def _deployment_row(deployment: Deployment, now: float) -> tuple[Any, ...]:
    created = datetime.datetime.fromtimestamp(deployment.created_at).strftime("%H:%M:%S")
    return (
        deployment.id,
        deployment.environment.given_id,
        at(deployment.timeline, now),
        deployment.commit.sha[:10],
        deployment.branch,
        created,
    )
