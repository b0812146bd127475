# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments of Flightcontrol, which can be created and edited but not read. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.compare import SECRET_AFTER, without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import declared, masked, masked_whole, text_of
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.services import ServicesClient
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part

# {option: name in the API}
FIELDS = {
    "name": "name",
    "region": "region",
    "source": "source",
    "services": "services",
    "vpc": "vpc",
    "env_variables": "envVariables",
}
# Options of an edit by ID.
OF_POST = ("name", "source")
OF_SERVICE = ("id", "name", "type")

# Options of preview environments.
FILTERS = {
    "labels": "labels",
    "to_branches": "toBranches",
    "from_branches": "fromBranches",
    "watch_paths": "watchPaths",
}
FILTER = dict(type="dict", options=dict.fromkeys(FILTERS, dict(type="list", elements="str")))
PREVIEW_SOURCE = dict(type="dict", options=dict(trigger=dict(type="str"), filter=FILTER))


class EnvironmentsClient(ServicesClient):
    def create_environment(self, project_id: str, body: JsonObject) -> Any:
        """Returns the response: an object, a list or nothing."""
        path, effect = f"/v1/projects/{part(project_id)}/environments", "The environment may have been created"
        return self.send_once("POST", path, "createEnvironment", effect, body=body, shape=object)

    def edit_environment(self, project_id: str, body: JsonObject) -> Any:
        """The form of the OpenAPI text, which finds the environment by its name."""
        return self._edit("PATCH", f"/v1/projects/{part(project_id)}/environments", "editEnvironment", body)

    def edit_environment_by_id(self, project_id: str, environment_id: str, body: JsonObject) -> Any:
        """The form of the vendor's pages. body: {name, source} and no more."""
        path = f"/v1/projects/{part(project_id)}/environments/{part(environment_id)}"
        return self._edit("POST", path, "editEnvironmentById", body)

    def edit_preview_environment(self, project_id: str, body: JsonObject) -> Any:
        path = f"/v1/projects/{part(project_id)}/preview-environment"
        return self._edit("POST", path, "editPreviewEnvironment", body)

    def _edit(self, method: str, path: str, operation: str, body: JsonObject) -> Any:
        """Sets the declared state, so it can be retried."""
        return self.http.request(method, path, operation=operation, body=body, idempotent=True, shape=object).data


# -- options ---------------------------------------------------------------------------------------------


def check(params: JsonObject, warn: Callable[[str], None]) -> None:
    """Raises InvalidInput."""
    if params["create"] and params["environment_id"] is not None:
        raise InvalidInput(
            "create",
            "`create: true` and `environment_id` are mutually exclusive: `create: true` creates a new environment.",
        )
    by_id = not params["create"] and params["edit_style"] == "post"
    if by_id and params["environment_id"] is None:
        raise InvalidInput(
            "environment_id",
            "Set `environment_id` to edit an environment, or `create: true` to create one. Flightcontrol's API "
            "cannot list environments; `edit_style: patch` finds one by its name.",
        )
    _check_fields(params, by_id)
    _check_services(params["services"] or [], warn)
    for name, value in (params["env_variables"] or {}).items():
        if value is None:
            raise InvalidInput(
                "env_variables",
                f"`env_variables` has no value for {name}. Flightcontrol's API cannot remove variables.",
            )
    declared("env_variables", params["env_variables"], warn)


def _check_fields(params: JsonObject, by_id: bool) -> None:
    if not by_id:
        for option in ("name", "region"):
            if params[option] is None:
                raise InvalidInput(
                    option,
                    f"`{option}` is required to create an environment, and to edit one with `edit_style: patch`.",
                )
        return
    for option in FIELDS:
        if option not in OF_POST and params[option] is not None:
            raise InvalidInput(
                option,
                f"`{option}` cannot be edited with `edit_style: post`, which supports only {' and '.join(OF_POST)}. "
                "Use `edit_style: patch`.",
            )
    if not body_of(params):
        raise InvalidInput("source", "There is nothing to edit. Set `name` or `source`.")


def _check_services(services: list[JsonObject], warn: Callable[[str], None]) -> None:
    seen = set()
    for number, service in enumerate(services, 1):
        if isinstance(service.get("envVariables"), dict):
            spelling.check_texts(f"services[{number - 1}].envVariables", service["envVariables"], warn)
        for key in OF_SERVICE:
            if not isinstance(service.get(key), str) or not service[key]:
                raise InvalidInput(
                    "services", f"`services[{number - 1}]` has no {key}. Each service requires {', '.join(OF_SERVICE)}."
                )
        if service["id"] in seen:
            raise InvalidInput("services", f"`services` has the ID {service['id']!r} twice.")
        seen.add(service["id"])


# -- bodies of requests
# ------------------------------------------------------------------------------------------------------


def body_of(params: JsonObject) -> JsonObject:
    """The body of the request. Nulls, also those in source and vpc, are not declared, and omitted."""
    body = {}
    for option, key in FIELDS.items():
        value = params[option]
        if isinstance(value, dict):
            value = without_nulls(value) or None
        if value is not None:
            body[key] = value
    if "envVariables" in body:
        body["envVariables"] = {name: text_of(text) for name, text in body["envVariables"].items()}
    if "services" in body:
        body["services"] = [_with_texts(service) for service in body["services"]]
    return body


def preview_body(name: str | None, source: JsonObject) -> JsonObject:
    """The body of the request for preview environments. source: the option of that name."""
    filters = {key: (source.get("filter") or {}).get(option) for option, key in FILTERS.items()}
    source = without_nulls({"trigger": source.get("trigger"), "filter": without_nulls(filters) or None})
    return without_nulls({"name": name, "source": source or None})


def unread(what: str) -> str:
    """The warning of check mode."""
    return f"Flightcontrol's API cannot read {what}, so check mode predicts a change even if nothing differs."


def _with_texts(service: JsonObject) -> JsonObject:
    """The service with its variables as texts; an object refers to the source of a value."""
    variables = service.get("envVariables")
    if not isinstance(variables, dict):
        return service
    texts = {name: text_of(value) if isinstance(value, (bool, int)) else value for name, value in variables.items()}
    return {**service, "envVariables": texts}


def values_in(body: JsonObject) -> list[str]:
    """The values of all variables, including those of services."""
    return [
        value
        for variables in [
            body.get("envVariables"),
            *(service.get("envVariables") for service in body.get("services", [])),
        ]
        if isinstance(variables, dict)
        for value in variables.values()
        if isinstance(value, str)
    ]


def masked_services(services: Any) -> Any:
    """The option as Ansible shows it."""
    if not isinstance(services, list):
        return masked_whole(services)
    return [
        {name: masked(value) if name == "envVariables" else value for name, value in service.items()}
        if isinstance(service, dict)
        else masked_whole(service)
        for service in services
    ]


def shown(body: JsonObject) -> JsonObject:
    """For a diff: the IDs of services and the names of variables."""
    view = dict(body)
    if "services" in view:
        view["services"] = [service["id"] for service in view["services"]]
    if "envVariables" in view:
        view["envVariables"] = dict.fromkeys(sorted(view["envVariables"]), SECRET_AFTER)
    return view


# -- creating ----------------------------------------------------------------------------------------------------------


def check_is_new(client: EnvironmentsClient, params: JsonObject) -> set[str]:
    """The IDs of the environments of the project that have services.

    Raises PaasError if one of them has a declared service.
    """
    ids = {service["id"] for service in params["services"] or []}
    found = list(client.list_services(projectId=params["project_id"]))
    taken = [service for service in found if service.get("givenId") in ids]
    if taken:
        where = ", ".join(sorted({f"{service.get('givenId')} in {service.get('environmentId')}" for service in taken}))
        raise PaasError(
            f"The project already has services with these IDs: {where}. If the environment {params['name']!r} exists, "
            "set `environment_id` to edit it. For another environment, choose other IDs.",
            code="exists",
        )
    return {service["environmentId"] for service in found if service.get("environmentId")}


def id_of_new(client: EnvironmentsClient, params: JsonObject, answer: Any, before: set[str]) -> str | None:
    """The ID of the new environment, from the response in any form, or by its services."""
    first = answer[0] if isinstance(answer, list) and answer else answer
    for key in ("id", "environmentId"):
        if isinstance(first, dict) and isinstance(first.get(key), str):
            return str(first[key])
    ids = {service["id"] for service in params["services"] or []}
    services = client.list_services(projectId=params["project_id"]) if ids else []
    found = {str(service.get("environmentId")) for service in services if service.get("givenId") in ids}
    return min(found - before, default=None)
