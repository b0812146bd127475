# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura Cloud's control plane: one GraphQL endpoint, whose schema depends on who asks."""

from __future__ import annotations

import functools
import math
import pathlib
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationType,
)
from starlette.responses import Response

from ..core.call import Call, phrase
from ..core.clock import http_date, utc_text
from ..core.graphql import GraphqlSurface, Question, Refusal, fields_of, load_schema, problems
from . import errors as refusals
from .operations import RESOLVERS, Request
from .tables import timestamp

PATH = "/v1/graphql"
HOST = "data.pro.hasura.io"
SCHEMA = pathlib.Path(__file__).with_name("schema.graphql")
FLAVORS = {"current": ("databaseUrl",), "legacy": ("name", "plan", "envs", "dedicatedVPCID", "projectMetadata")}
# fact: hasura 3b [SEED] [DOC]; config 5
DOCUMENTED = ("id", "slug", "project", "config")
NO_QUERIES = (
    "There are no queries available to the current role. Either there are no sources or remote schemas "
    "configured, or the current role doesn't have the required permissions."
)


@functools.cache
def variant(flavor: str, columns: str) -> GraphQLSchema:
    """fact: hasura 3a: the arguments of createTenant in one of its two flavors; and the columns that a token sees"""
    schema = load_schema(SCHEMA, RESOLVERS, {"timestamptz": timestamp})
    for argument in FLAVORS[flavor]:
        del fields_of(schema, "mutation_root")["createTenant"].args[argument]
    if columns == "documented":
        for name in [
            name for name, field in fields_of(schema, "tenant").items() if not field.args and name not in DOCUMENTED
        ]:
            for kind in ("tenant", "tenant_bool_exp", "tenant_order_by"):
                fields_of(schema, kind).pop(name, None)
    return schema


def empty_schema() -> GraphQLSchema:
    """What a caller without a role sees: introspection, and a field that says so [K]."""
    field = GraphQLField(
        GraphQLNonNull(GraphQLString),
        resolve=lambda _parent, _info: NO_QUERIES,
        description="hasura 8 [K]: there is no table for this role",
    )
    return GraphQLSchema(GraphQLObjectType("query_root", {"no_queries_available": field}))


class ControlSurface(GraphqlSurface):
    """POST /v1/graphql under the platform's own host name or a loopback one."""

    label = "hasura"
    path = PATH

    def __init__(self, platform: Any) -> None:
        super().__init__()
        self._platform = platform
        self._empty = empty_schema()

    @functools.cached_property
    def schema(self) -> GraphQLSchema:
        return variant("current", "all")

    def claims(self, call: Call) -> bool:
        return call.host == HOST or call.on_loopback and call.raw_path == PATH

    def admit(self, call: Call) -> Request | None:
        """Who calls; None without a known token, for whom tables and mutations vanish.

        fact: hasura 1 [SEED]: Authorization: pat TOKEN; 8: 200 all the same
        """
        state = self._platform.state_now
        state.settle(call.now)
        kind, _space, token = call.headers.get("authorization", "").partition(" ")
        user = state.tokens.get(token.strip()) if kind.lower() == "pat" else None
        if user is not None:
            return Request(state, user, call.now, call.operation, call.state.question.text)
        if kind and state.ground.switches["bad_token"] == "access_denied":
            raise Refusal(refusals.graphql_error("access-denied", "Authentication hook unauthorized this request"))
        question: Question = call.state.question
        if question.kind is OperationType.MUTATION:
            raise Refusal(refusals.graphql_error("validation-failed", "no mutations exist"))
        return None

    def schema_for(self, context: Request | None) -> GraphQLSchema:
        """The switches are consulted only for a call that they make a difference to."""
        if context is None:
            return self._empty
        introspection = context.operation == "introspection"
        flavor, columns = "current", "all"
        if introspection or "createTenant" in context.operation.split("+"):
            flavor = context.switches["create_flavor"]
        if introspection or problems(variant(flavor, "documented"), context.text):
            columns = context.switches["token_columns"]
        return variant(flavor, columns)

    def respond(self, call: Call, stage: str, data: dict[str, Any] | None, errors: list[GraphQLError]) -> Response:
        return refusals.respond(call.state.question.document, stage, data, errors, self._platform.ground.switches)

    def unrouted(self, call: Call) -> Response:
        return refusals.not_found()

    def finish(self, call: Call, response: Response) -> None:
        close_if_told(self._platform.ground, response)

    def failure(self, call: Call, status: int) -> Response:
        return refusals.plain(status, "unexpected", phrase(status))

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return throttled(call, reset, seconds)


def close_if_told(ground: Any, response: Response) -> None:
    if ground.switches["keep_alive"] == "closed":
        response.headers["connection"] = "close"


def throttled(call: Call, reset: str, seconds: float) -> Response:
    """fact: hasura 8: no limits are published; the form is ours"""
    end = math.ceil(call.now + seconds)
    response = refusals.plain(429, "rate-limit-exceeded", "Too Many Requests")
    response.headers.update(
        {
            "none": {},
            "retry-after": {"retry-after": str(math.ceil(seconds))},
            "retry-after-date": {"retry-after": http_date(end)},
            "epoch": {"x-ratelimit-reset": str(end)},
            "date": {"x-ratelimit-reset": utc_text(end)},
        }[reset]
    )
    return response
