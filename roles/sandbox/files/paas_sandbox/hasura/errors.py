# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura's error responses, and graphql-core's errors in Hasura's words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, Node
from starlette.responses import Response

from ..core.call import json_response
from ..core.options import Options


def refused(code: str, message: str, path: str = "$") -> GraphQLError:
    return GraphQLError(message, extensions={"path": path, "code": code})


def server_error() -> GraphQLError:
    """fact: hasura 8 [ISS 9731]: how the control plane's own operations fail"""
    return GraphQLError(
        "there was an internal error while serving your request",
        extensions={"code": "GenericServerError", "id": str(uuid.uuid4())},
    )


def graphql_error(code: str, message: str, path: str = "$") -> Response:
    """fact: hasura 8: 200, one error, no data"""
    return json_response({"errors": [{"extensions": {"path": path, "code": code}, "message": message}]})


def plain(status: int, code: str, message: str, path: str = "$", internal: Any = None) -> Response:
    """fact: hasura 7: other APIs than GraphQL return {"path", "error", "code"}; `internal` has the details [K]"""
    body = {"path": path, "error": message, "code": code}
    if internal is not None:
        body["internal"] = internal
    return json_response(body, status)


def not_found() -> Response:
    """[K]"""
    return plain(404, "not-found", "resource does not exist")


def respond(
    document: DocumentNode | None,
    stage: str,
    data: dict[str, Any] | None,
    errors: list[GraphQLError],
    switches: Options,
) -> Response:
    """One response; only the first of several errors, at which the engine stops."""
    if not errors:
        return json_response({"data": data})
    error = errors[0]
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        raise error.original_error
    if error.extensions:
        return json_response({"errors": [{"extensions": error.extensions, "message": error.message}]})
    if stage == "body":
        return graphql_error("invalid-json", error.message)
    if stage == "syntax":
        return graphql_error("validation-failed", "not a valid graphql query", "$.query")
    quote = '"' if switches["error_quotes"] == "double" else "'"
    path = "$.variableValues" if stage == "variables" else _path(document, error)
    for pattern, translate in SAYINGS:
        found = re.match(pattern, error.message)
        if found:
            return graphql_error("validation-failed", translate(quote, *found.groups()), path)
    return graphql_error("validation-failed", error.message, path)


# What graphql-core says, and what the engine says instead. fact: hasura 8 [ISS 6676] for the first; the others [K]:
# none of them repeats a value
SAYINGS: tuple[tuple[str, Callable[..., str]], ...] = (
    (
        r"Cannot query field '(\S+?)' on type '(\S+?)'",
        lambda quote, field, kind: f"field {quote}{field}{quote} not found in type: '{kind}'",
    ),
    (
        r"Unknown argument '(\S+?)' on field '\S+?\.(\S+?)'",
        lambda quote, argument, field: f"{quote}{field}{quote} has no argument named {quote}{argument}{quote}",
    ),
    (
        r"Field '\S+?' argument '(\S+?)' of type",
        lambda quote, argument: f"missing required field {quote}{argument}{quote}",
    ),
    (
        r"Field '(\S+?)' is not defined by type '(\S+?)'",
        lambda quote, field, kind: f"field {quote}{field}{quote} not found in type: '{kind}'",
    ),
    (
        r"Variable '\$(\w+)' of type '(\S+?)' used in position expecting type '(\S+?)'",
        lambda quote, name, given, wanted: (
            f"variable {quote}{name}{quote} is declared as '{given}', but used where '{wanted}' is expected"
        ),
    ),
    (
        r"Variable '\$(\w+)' of required type",
        lambda quote, name: f"expecting a value for non-nullable variable: {quote}{name}{quote}",
    ),
    (
        r"Variable '\$(\w+)' of non-null type",
        lambda quote, name: f"unexpected null value for non-nullable variable: {quote}{name}{quote}",
    ),
    (
        r"Variable '\$(\w+)' got invalid value",
        lambda quote, name: (
            f"the value of variable {quote}{name}{quote} does not have the type that it is declared with"
        ),
    ),
    (r"Variable '\$(\w+)' is not defined", lambda quote, name: f"unbound variable {quote}{name}{quote}"),
)


def _path(document: DocumentNode | None, error: GraphQLError) -> str:
    """$.selectionSet.tenant.selectionSet.slug: the fields that lead to what is wrong."""
    node = error.nodes[0] if error.nodes else None
    names = _trail(document, node) if document is not None and node is not None else None
    return ".".join(["$", *(f"selectionSet.{name}" for name in names or [])])


def _trail(node: Node, wanted: Node) -> list[str] | None:
    """The names of the fields around a node, itself included."""
    own = [node.alias.value if node.alias else node.name.value] if isinstance(node, FieldNode) else []
    if node is wanted:
        return own
    for key in node.keys:
        child = getattr(node, key, None)
        for each in child if isinstance(child, (list, tuple)) else [child]:
            if isinstance(each, Node):
                trail = _trail(each, wanted)
                if trail is not None:
                    return own + trail
    return None
