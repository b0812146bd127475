# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services: listed, scaled, their CloudFront invalidated, their jobs run."""

from __future__ import annotations

import math
from typing import Any

from ..core.clock import iso
from . import errors, scaling
from .api import Request
from .contract import CONTRACT, EMPTY
from .model import SCALABLE, Execution, Invalidation, Service, at

MOST = 100  # services a page; instances


def list_services(request: Request) -> tuple[int, Any]:
    """fact: flightcontrol 2.4 [DOC]: count is that of all pages, nextPage the next value of skip"""
    skip, take = request.arguments["skip"], request.arguments["take"]
    if take > MOST:
        if request.switches["flightcontrol_take_over_100"] == "refused":
            raise errors.invalid(f"Invalid take: must be at most {MOST}")
        take = MOST
    found = [service for service in request.state.services.values() if _matches(request, service)]
    page = found[skip : skip + take]
    more = skip + len(page) < len(found)
    pages = {"nextPage": skip + take if more else None, "previousPage": max(0, skip - take) if skip else None}
    if None in pages.values() and request.switches["flightcontrol_no_page"] == "missing":
        pages = {name: value for name, value in pages.items() if value is not None}
    return 200, {
        "count": len(found),
        "hasMore": more,
        "hasPrevious": skip > 0,
        **pages,
        "pageCount": math.ceil(len(found) / take),
        "pageSize": take,
        "services": [_view(request, service) for service in page],
    }


def _matches(request: Request, service: Service) -> bool:
    environment = service.environment
    if environment.project.organization is not request.organization:
        return False
    preview = _preview_id(service)
    has = {
        "projectId": environment.project.id,
        "environmentId": environment.id,
        "previewEnvironmentId": preview,
        "type": service.type,
        "environmentType": "preview" if preview else "standard",
    }
    return all(request.arguments[name] in (None, value) for name, value in has.items())


def _preview_id(service: Service) -> str | None:
    """[INFER] one preview environment of the project has an environment for each pull request"""
    preview = service.environment.project.preview
    return preview.id if preview is not None and service.environment.pull_request is not None else None


def _view(request: Request, service: Service) -> dict[str, Any]:
    view = {
        "id": service.id,
        "name": service.name,
        "givenId": service.given_id,
        "type": service.type,
        "environmentId": service.environment.id,
        "projectId": service.environment.project.id,
        "previewEnvironmentId": _preview_id(service),
    }
    if request.switches["flightcontrol_service_times"] == "present":
        view.update(createdAt=iso(service.created_at), updatedAt=iso(service.updated_at))
    return view


# scaling


def _scalable(request: Request) -> Service:
    """fact: flightcontrol 2.5 [DOC]: 403 for somebody else's, 404 when its type cannot be scaled"""
    service = request.service(foreign=403)
    if service.type not in SCALABLE:
        raise errors.not_found("Service")
    return service


def get_scaling(request: Request) -> tuple[int, Any]:
    service = _scalable(request)
    running, pending = service.running(request.now), service.pending(request.now)
    return 200, {
        "serviceId": service.id,
        "currentInstances": running + pending,
        "desiredInstances": service.desired,
        "runningInstances": running,
        "pendingInstances": pending,
        "autoscalingEnabled": service.autoscaled,
        "minInstances": service.minimum,
        "maxInstances": service.maximum,
    }


def update_scaling(request: Request) -> tuple[int, Any]:
    service, count = _scalable(request), int(request.body["count"])
    previous = service.desired
    wanted = {"set": count, "add": previous + count, "remove": previous - count}[request.body["operation"]]
    if wanted < 0 and request.switches["flightcontrol_remove_below_zero"] == "clamped":
        wanted = 0
    if not 0 <= wanted <= MOST:
        raise errors.invalid("Invalid count: must be between 0 and 100")
    inside = min(max(wanted, service.minimum), service.maximum)
    if service.autoscaled and wanted != inside and request.switches["flightcontrol_set_outside_range"] == "clamped":
        wanted = inside
    scaling.change(request.state.ground.settings, service, wanted, request.now)
    scaling.plan_move(request.state.ground.settings, service, request.now)
    return 200, {
        "serviceId": service.id,
        "previousDesiredCount": previous,
        "newDesiredCount": wanted,
        "autoscalingEnabled": service.autoscaled,
    }


# CloudFront


def invalidate(request: Request) -> tuple[int, Any]:
    """[INFER] a service without CloudFront is not found"""
    service = request.service()
    if not service.cloudfront:
        raise errors.not_found("CloudFront distribution")
    invalidation = Invalidation(
        request.state.new_id(),
        service,
        request.body["paths"],
        request.now,
        request.now + request.settings["flightcontrol_invalidation_seconds"],
    )
    request.state.invalidations[invalidation.id] = invalidation
    return 200, {"message": "Invalidation Started...", "invalidationId": invalidation.id}


def get_invalidation(request: Request) -> tuple[int, Any]:
    """fact: flightcontrol 2.8 [?]: words of AWS, in some form"""
    invalidation = request.owned(request.state.invalidations.get(request.arguments["invalidationId"]), "Invalidation")
    done = invalidation.done_at <= request.now
    word = "Completed" if done else "InProgress"
    return 200, {
        "status": {"status": word},
        "upper_case": {"status": "COMPLETED" if done else "IN_PROGRESS"},
        "aws": {"Id": invalidation.id, "Status": word},
        "nested": {"invalidation": {"id": invalidation.id, "status": word}},
        "empty": EMPTY,
    }[request.switches["flightcontrol_invalidation_body"]]


# jobs


def run_job(request: Request) -> tuple[int, Any]:
    service = request.service()
    job = next((job for job in service.jobs if job.given_id == request.arguments["jobGivenId"]), None)
    if job is None:
        raise errors.not_found("Job")
    result, now = request.switches["flightcontrol_job_result"], request.now
    seconds = request.settings["flightcontrol_job_seconds"]
    timeline = [(now, "INITIALIZING"), (now + seconds * 0.3, "IN_PROGRESS")]
    if result == "CANCELLED":
        timeline.append((now + seconds * 0.7, "CANCELLING"))
    if result != "never":
        timeline.append((now + seconds, result.partition("_")[0]))
    code = {"COMPLETED": 0, "COMPLETED_nonzero": 3, "ERROR": 1}.get(result)
    error = "The job failed" if result.startswith("ERROR") else None
    execution = Execution(
        request.state.new_id(), service, job, request.body.get("startCommand"), now, timeline, code, error
    )
    request.state.executions[execution.id] = execution
    return 200, {"jobExecutionId": execution.id}


def get_execution(request: Request) -> tuple[int, Any]:
    execution = request.owned(request.state.executions.get(request.arguments["executionId"]), "Job execution")
    status = at(execution.timeline, request.now)
    done = status in ("COMPLETED", "CANCELLED", "ERROR")
    return 200, {
        "id": execution.id,
        "status": status,
        "createdAt": iso(execution.created_at),
        "finishedAt": iso(execution.timeline[-1][0]) if done else None,
        "exitCode": execution.exit_code if done else None,
        "error": execution.error if done else None,
        "job": {"id": execution.job.id, "givenId": execution.job.given_id},
    }


ROUTES = [
    CONTRACT.route("getServices", list_services),
    CONTRACT.route("getScaling", get_scaling),
    CONTRACT.route("updateScaling", update_scaling),
    CONTRACT.route("createCloudFrontInvalidation", invalidate),
    CONTRACT.route("getCloudFrontInvalidationStatus", get_invalidation),
    CONTRACT.route("createJobExecution", run_job),
    CONTRACT.route("getJobExecution", get_execution),
]
