# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments: created, edited, given variables."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..core.clock import iso
from . import errors
from .api import Request
from .contract import CONTRACT, EMPTY
from .model import Environment, Variable, Variables
from .state import State

# fact: flightcontrol 2.6 [DOC]: these two are written by Flightcontrol itself, which takes a while
MANAGED = ("parameterStore", "secretsManager")
KINDS = ("plainText", *MANAGED, "fromParameterStore", "fromSecretsManager", "fromService")


def create(request: Request) -> tuple[int, Any]:
    """fact: flightcontrol 2.2 [DOC]: envVariables become secrets in the regional Parameter Store"""
    project, body = request.project(), request.body
    if _named(project, body["name"]) and request.switches["flightcontrol_environment_exists"] == "refused":
        raise errors.invalid(f"Environment {body['name']} exists already")
    environment = request.state.add_environment(
        project,
        body["name"],
        body["name"],
        body["region"],
        dict(body.get("source", {})),
        body.get("services", []),
        request.now,
    )
    environment.vpc = body.get("vpc")
    _store(request, environment.variables, {"parameterStore": body.get("envVariables", {})})
    message = "Environment created successfully"
    return 200, {
        "list": [{"message": message}],
        "empty": EMPTY,
        "object": {"id": environment.id, "name": environment.name, "message": message},
    }[request.switches["flightcontrol_create_environment_answer"]]


def edit_by_name(request: Request) -> tuple[int, Any]:
    project, body = request.project(), request.body
    environment = _named(project, body["name"])
    if environment is None:
        raise errors.not_found("Environment")
    environment.region = body["region"]
    environment.source.update(body.get("source", {}))
    environment.vpc = body.get("vpc", environment.vpc)
    for declared in body.get("services", []):
        known = next((service for service in environment.services if service.given_id == declared["id"]), None)
        if known is None:
            request.state.add_service(environment, declared, request.now)
        else:
            known.name, known.updated_at = declared["name"], request.now
            known.domain = declared.get("domain", known.domain)
    _store(request, environment.variables, {"parameterStore": body.get("envVariables", {})})
    return _edited(request, "Environment updated successfully")


def edit(request: Request) -> tuple[int, Any]:
    environment = request.environment()
    if environment.project is not request.project():
        raise errors.not_found("Environment")
    environment.name = request.body.get("name", environment.name)
    environment.source.update(request.body.get("source", {}))
    return _edited(request, "Environment updated successfully")


def edit_preview(request: Request) -> tuple[int, Any]:
    preview = request.project().preview
    if preview is None:
        raise errors.not_found("Preview environment")
    preview.name = request.body.get("name", preview.name)
    preview.source.update(request.body.get("source", {}))
    return _edited(request, "Preview Environment updated successfully")


def _named(project: Any, name: str) -> Environment | None:
    return next((environment for environment in project.environments if environment.name == name), None)


def _edited(request: Request, message: str) -> tuple[int, Any]:
    """fact: flightcontrol 2.2, 3 [DOC]: a list"""
    answer = {"message": message}
    return 200, [answer] if request.switches["flightcontrol_edit_answer"] == "list" else answer


# variables


def save_for_environment(request: Request) -> tuple[int, Any]:
    return _save(request, request.environment().variables)


def save_for_service(request: Request) -> tuple[int, Any]:
    return _save(request, request.service().variables)


def _save(request: Request, variables: Variables) -> tuple[int, Any]:
    """fact: flightcontrol 2.6 [DOC]: added to what is there; 202 exactly when managed secrets are in the body"""
    groups = {kind: request.body[kind] for kind in KINDS if kind in request.body}
    _check_references(request, groups.get("fromService", {}))
    keys = [key for group in groups.values() for key in group]
    if len(keys) != len(set(keys)) and request.switches["flightcontrol_same_key_twice"] == "refused":
        raise errors.invalid("A key may be in one group only")
    _store(request, variables, groups)
    processing = sum(len(groups.get(kind, ())) for kind in MANAGED)
    if processing:
        return 202, {
            "status": "processing",
            "runId": request.state.new_id(),
            "savedCount": len(keys) - processing,
            "processingCount": processing,
        }
    return 200, {"status": "completed", "savedCount": len(keys)}


def _check_references(request: Request, values: dict[str, Any]) -> None:
    """fact: flightcontrol 2.6: strings in [seed], objects in [DOC]"""
    forms = {"string" if isinstance(value, str) else "object" for value in values.values()}
    if not forms:
        return
    wanted = request.switches["flightcontrol_from_service"]
    if wanted != "both" and forms != {wanted}:
        raise errors.invalid(f"Invalid fromService: values must be {wanted}s")


def _store(request: Request, variables: Variables, groups: dict[str, dict[str, Any]]) -> None:
    for kind, values in groups.items():
        ready = request.now + (request.settings["flightcontrol_secret_seconds"] if kind in MANAGED else 0)
        for key, value in values.items():
            variables.values[key] = Variable(kind, value, ready)
            variables.changed_at = request.now


def describe(variables: Variables, now: float, reveal: bool = False) -> dict[str, Any]:
    """For tests: the values' digests, or the values."""
    return {
        key: {
            "kind": variable.kind,
            "processing": now < variable.ready_at,
            "sha256": hashlib.sha256(json.dumps(variable.value, sort_keys=True).encode()).hexdigest(),
            **({"value": variable.value} if reveal else {}),
        }
        for key, variable in variables.values.items()
    }


def reveal_variables(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """The values that no operation of the platform returns, of the environment or service with an ID."""
    owner = state.environments.get(body.get("id", "")) or state.services.get(body.get("id", ""))
    if owner is None or set(body) != {"id"}:
        raise ValueError("id must be the ID of an environment or a service")
    return {
        "changed_at": iso(owner.variables.changed_at),
        "variables": describe(owner.variables, state.ground.clock.now(), reveal=True),
    }


ROUTES = [
    CONTRACT.route("createEnvironment", create),
    CONTRACT.route("editEnvironment", edit_by_name),
    CONTRACT.route("editEnvironmentById", edit),
    CONTRACT.route("editPreviewEnvironment", edit_preview),
    CONTRACT.route("createEnvironmentEnvVariables", save_for_environment),
    CONTRACT.route("createServiceEnvVariables", save_for_service),
]
