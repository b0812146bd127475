# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API calls on environment variables: a team's, and those of one of its sites (?site_id=)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors
from .api import Request
from .model import Variable

CONTEXTS = ("all", "dev", "dev-server", "branch-deploy", "deploy-preview", "production", "branch")
SINGLE = ("dev", "dev-server", "branch-deploy", "deploy-preview", "production")  # what "all" is short for [C]
SCOPES = ("builds", "functions", "runtime", "post-processing")
SECRET_SCOPES = SCOPES[:3]
READABLE = "dev"  # fact: netlify 6 [S]: of a secret only the values for local development can be read
MASK = "*" * 16


def variable_view(request: Request, variable: Variable, values: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """fact: netlify 6 [S][T]; `values` are those to be shown, all by default"""
    underscore = request.switches["env_scope_spelling"] == "post_processing"
    user = variable.updated_by
    return {
        "key": variable.key,
        "scopes": [scope.replace("-", "_") if underscore else scope for scope in variable.scopes],
        "values": [_value_view(request, variable, value) for value in (variable.values if values is None else values)],
        "is_secret": variable.is_secret,
        "updated_at": iso(variable.updated_at),
        "updated_by": {"id": user.id, "full_name": user.full_name, "email": user.email, "avatar_url": None},
    }


def _value_view(request: Request, variable: Variable, value: dict[str, Any]) -> dict[str, Any]:
    """fact: netlify 6: secrets cannot be read back [S]; what is there instead is unknown [?]"""
    if not variable.is_secret or value["context"] == READABLE:
        return value
    shown = request.switches["env_secret_value"]
    if shown == "absent":
        return {name: part for name, part in value.items() if name != "value"}
    return {**value, "value": MASK if shown == "masked" else ""}


def list_variables(request: Request) -> Response:
    return _list(request, _variables(request).values())


def list_site_variables(request: Request) -> Response:
    """fact: netlify 6: merged [S]; that a site's variable hides all of the team's with the same key is a guess [?]"""
    site = request.site()
    return _list(request, {**site.account.variables, **site.variables}.values())


def list_site_variables_doubled(request: Request) -> Response:
    request.legacy("env_doubled_path")
    return list_site_variables(request)


def _list(request: Request, variables: Iterable[Variable]) -> Response:
    """fact: netlify 6: filters by context (context_name [S], context [T]) and scope"""
    context = request.query("context_name") or request.query("context")
    scope = _scope(request.query("scope") or "")
    shown = []
    for variable in sorted(variables, key=lambda variable: variable.key):
        values = [value for value in variable.values if not context or value["context"] in (context, "all")]
        if (values or not context) and (not scope or scope in variable.scopes):
            shown.append(variable_view(request, variable, values))
    return json_response(shown)


def get_variable(request: Request) -> Response:
    return json_response(variable_view(request, _variable(request)))


def create_variables(request: Request) -> Response:
    """fact: netlify 6: an array, 201; a key that exists is refused [T], and then none is created [?]"""
    variables = _variables(request)
    try:
        body = json.loads(request.content)
    except ValueError as error:
        raise errors.refused(400, "the body is not JSON") from error
    if not isinstance(body, list) or not all(isinstance(entry, dict) for entry in body):
        raise errors.refused(400, "the body is not an array of variables")
    created = {}
    for entry in body:
        key = entry.get("key")
        if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
            raise errors.refused(422, "key is invalid")
        if key in variables or key in created:
            raise errors.refused(request.switches["env_existing_key"], f"{key} already exists")
        created[key] = _made(request, key, entry)
    variables.update(created)
    return json_response([variable_view(request, variable) for variable in created.values()], 201)


def update_variable(request: Request) -> Response:
    """fact: netlify 6: replaces all values [S][T]. Whether another key in the body renames it is unknown [?]: here it
    does not."""
    before = _variable(request)
    after = _made(request, before.key, request.json(), before)
    _variables(request)[before.key] = after
    return json_response(variable_view(request, after))


def set_value(request: Request) -> Response:
    """fact: netlify 6: one value, by its context; 200 [T], 201 [S]"""
    variable = _variable(request)
    body = request.json()
    wanted = _value(request, body)
    _refuse_secret_contexts(request, [wanted], body.get("is_secret", variable.is_secret) is True)
    if request.switches["env_patch_beside_all"] == "split":
        _split(request, variable, wanted["context"])
    for value in variable.values:
        if (value["context"], value["context_parameter"]) == (wanted["context"], wanted["context_parameter"]):
            value["value"] = wanted["value"]
            break
    else:
        variable.values.append(wanted)
    if isinstance(body.get("is_secret"), bool):
        variable.is_secret = body["is_secret"]
    variable.updated_at, variable.updated_by = request.now, request.user
    return json_response(variable_view(request, variable), request.switches["env_patch_status"])


def _split(request: Request, variable: Variable, context: str) -> None:
    """A value for all contexts and values for single ones exclude each other."""
    general = next((value for value in variable.values if value["context"] == "all"), None)
    if context == "all":
        variable.values = [general] if general else []
    elif general:
        variable.values.remove(general)
        variable.values += [{**general, "id": request.state.new_uuid(), "context": single} for single in SINGLE]


def delete_variable(request: Request) -> Response:
    del _variables(request)[_variable(request).key]
    return Response(b"", 204)


def delete_value(request: Request) -> Response:
    """fact: netlify 6 [S][T]; what is left after the last value: see switch env_last_value [C][?]"""
    variable = _variable(request)
    left = [value for value in variable.values if value["id"] != request.call.parameters["id"]]
    if len(left) == len(variable.values):
        raise errors.not_found()
    variable.values = left
    if not left and request.switches["env_last_value"] == "variable_goes":
        del _variables(request)[variable.key]
    return Response(b"", 204)


def _variables(request: Request) -> dict[str, Variable]:
    """The team's variables, or those of the site that the query names."""
    account = request.account(request.call.parameters["account_id"])
    site_id = request.query("site_id")
    if not site_id:
        return account.variables
    site = request.state.visible_site(request.user, site_id)
    if site is None or site.account is not account:
        raise errors.not_found()
    return site.variables


def _variable(request: Request) -> Variable:
    variable = _variables(request).get(request.call.parameters["key"])
    if variable is None:
        raise errors.not_found()
    return variable


def _made(request: Request, key: str, body: dict[str, Any], before: Variable | None = None) -> Variable:
    values = body.get("values")
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise errors.refused(422, "values must be an array of values")
    secret = body.get("is_secret", before.is_secret if before else False) is True
    made = [_value(request, value) for value in values]
    _refuse_secret_contexts(request, made, secret)
    places = [(value["context"], value["context_parameter"]) for value in made]
    if len(set(places)) < len(places):
        raise errors.refused(422, "values has a context twice")
    scopes = _scopes(request, body.get("scopes"), secret, before)
    return Variable(key, scopes, made, secret, request.now, request.user)


def _refuse_secret_contexts(request: Request, values: list[dict[str, Any]], secret: bool) -> None:
    """fact: netlify 6: a secret has explicit contexts [O][C], or may have all [TF]; of dev an empty value [C]"""
    if not secret or request.switches["env_secret_contexts"] == "any":
        return
    for value in values:
        if value["context"] == "all" or value["context"] == READABLE and value["value"]:
            raise errors.refused(422, f"A secret cannot have a value in the context {value['context']}")


def _scopes(request: Request, wanted: Any, secret: bool, before: Variable | None) -> list[str]:
    """fact: netlify 6: plans without granular scopes refuse each request that names some [O], but a secret must come
    with builds, functions and runtime [TF]; how one without is refused is unknown [?].

    Which scopes a secret gets that names none is unknown [?]; and so is what an update without scopes does.
    """
    if wanted is not None and not isinstance(wanted, list):
        raise errors.refused(422, "scopes must be an array")
    given = sorted({_scope(scope) for scope in wanted or []}, key=SCOPES.index)
    if request.switches["env_scopes_plan"] == "unavailable":
        if given and not (secret and tuple(given) == SECRET_SCOPES):
            raise errors.refused(403, "Upgrade your Netlify account to set specific scopes")
        if secret and not given:
            raise errors.refused(422, "scopes must be builds, functions and runtime")
    if secret and SCOPES[-1] in given and request.switches["env_secret_post_processing"] == "refused":
        raise errors.refused(422, "Secrets are not allowed to run in 'post_processing' scopes")
    if given:
        return given
    if before is not None and before.is_secret == secret:
        return before.scopes
    return list(SECRET_SCOPES if secret else SCOPES)


def _scope(wanted: Any) -> str:
    """fact: netlify 6: post-processing [S], the command line client writes post_processing [C]"""
    scope = wanted.replace("_", "-") if isinstance(wanted, str) else wanted
    if scope and scope not in SCOPES:
        raise errors.refused(422, f"unknown scope {wanted}")
    return scope


def _value(request: Request, wanted: dict[str, Any]) -> dict[str, Any]:
    context, parameter = wanted.get("context", "all"), wanted.get("context_parameter") or None
    if context not in CONTEXTS:
        raise errors.refused(422, f"unknown context {context}")
    if not isinstance(wanted.get("value"), str):
        raise errors.refused(422, "value must be text")
    if (context == "branch") != (parameter is not None):
        raise errors.refused(422, "context_parameter belongs to the context branch")
    return {
        "id": request.state.new_uuid(),
        "value": wanted["value"],
        "context": context,
        "context_parameter": parameter,
    }


ROUTES = [
    Route("GET", "/accounts/{account_id}/env", "getEnvVars", list_variables, "netlify 6 [S][T]"),
    Route("POST", "/accounts/{account_id}/env", "createEnvVars", create_variables, "netlify 6: 201 [S], 409 [T]"),
    Route("GET", "/accounts/{account_id}/env/{key}", "getEnvVar", get_variable, "netlify 6 [S][T]"),
    Route("PUT", "/accounts/{account_id}/env/{key}", "updateEnvVar", update_variable, "netlify 6: 200 [S][T]"),
    Route("PATCH", "/accounts/{account_id}/env/{key}", "setEnvVarValue", set_value, "netlify 6: 200 [T], 201 [S]"),
    Route("DELETE", "/accounts/{account_id}/env/{key}", "deleteEnvVar", delete_variable, "netlify 6: 204 [S][T]"),
    Route(
        "DELETE",
        "/accounts/{account_id}/env/{key}/value/{id}",
        "deleteEnvVarValue",
        delete_value,
        "netlify 6: 204 [S][T]",
    ),
    Route("GET", "/sites/{site_id}/env", "getSiteEnvVars", list_site_variables, "netlify 6 [T]"),
    Route(
        "GET",
        "/api/v1/sites/{site_id}/env",
        "getSiteEnvVars",
        list_site_variables_doubled,
        "netlify 6: the path that clients derive from [S]; the response of the platform is unknown [?]",
    ),
]
