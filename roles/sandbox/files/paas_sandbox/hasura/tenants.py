# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenants themselves: each a graphql-engine at its own host name, or below /hasura/tenants/ on loopback."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationType,
    execute,
    validate,
)
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ..core.call import BadJson, Call, json_response, phrase, text_response
from ..core.graphql import Question, operation_of, parsed, read
from ..core.platform import Documented, Surface
from ..core.routes import Route, RouteTable
from . import errors, metadata, queries, sources
from .commands import FACTS, READS, Commands
from .control import NO_QUERIES, close_if_told, throttled
from .model import ADMIN_SECRET, DOMAIN, Engine, Tenant
from .state import State
from .tables import timestamp

PREFIX = "/hasura/tenants/"
METADATA, QUERY = "/v1/metadata", "/v2/query"
VERSION = {"server_type": "ee", "version": "v2.48.1-cloud.1"}
UNAUTHORIZED_ROLE = "HASURA_GRAPHQL_UNAUTHORIZED_ROLE"
REMOTE_SCHEMA_PERMISSIONS = "HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS"
ENABLED_APIS = "HASURA_GRAPHQL_ENABLED_APIS"
NEEDED = "x-hasura-admin-secret/x-hasura-access-key required, but not found"
WRONG = 'invalid "x-hasura-admin-secret"/"x-hasura-access-key"'
SCALARS = {"Boolean": GraphQLBoolean, "Int": GraphQLInt, "Float": GraphQLFloat, "String": GraphQLString}


class Denied(Exception):
    """The caller has no role."""


class TenantSurface(Surface):
    """The responses of a tenant to clients and to its owner."""

    label = "hasura-tenant"

    def __init__(self, platform: Any) -> None:
        self._platform = platform
        self.routes = (
            Route("GET", "/healthz", "healthz", self._health, "hasura 7 [DOC] [CON]"),
            Route("GET", "/healthz/sources", "healthzSources", self._source_health, "hasura 7 [DOC]"),
            Route("GET", "/v1/version", "version", self._version, "hasura 7 [DOC]; server_type of Cloud [INFER]"),
            Route("GET", "/v1alpha1/config", "config", self._config, "hasura 7 [DOC]"),
            Route("POST", METADATA, "metadata", self._metadata, "hasura 7 [DOC]; details [K]"),
            Route("POST", QUERY, "query", self._query, "hasura 10 [DOC]"),
            Route("POST", "/v1/graphql", "graphql", self._graphql, "hasura 1, 7 [DOC]; details [K]"),
        )
        self._table = RouteTable(list(self.routes))

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def claims(self, call: Call) -> bool:
        if call.on_loopback:
            return call.raw_path.startswith(PREFIX)
        return call.host.endswith(f".{DOMAIN}") or self._state.by_host(call.host, call.now) is not None

    def documented(self) -> Iterable[Documented]:
        """The routes, and each command of /v1/metadata and /v2/query."""
        yield from super().documented()
        for path, facts in ((METADATA, FACTS), (QUERY, queries.FACTS)):
            for name, fact in facts.items():
                yield Documented("POST", path, name, fact)

    def has_operation(self, name: str) -> bool:
        """The fields of /v1/graphql are those of the tenants' metadata."""
        return True

    async def receive(self, call: Call) -> None:
        call.state.content = await call.body() if call.method == "POST" else b""

    def resolve(self, call: Call) -> Route | None:
        """The operation of /v1/metadata and /v2/query is its command's type; of /v1/graphql the fields that it asks
        for.
        """
        path = call.raw_path
        if call.on_loopback:
            slug, slash, rest = path[len(PREFIX) :].partition("/")
            call.state.slug, path = slug, slash + rest
        route = self._table.find(call, path)
        if route is None:
            call.operation = "unrouted"
        elif call.operation == "metadata":
            self._name_command(call, FACTS, READS)
        elif call.operation == "query":
            self._name_command(call, queries.FACTS, ())
            args = (call.state.command or {}).get("args")
            if call.operation in queries.KINDS and isinstance(args, dict) and args.get("read_only") is True:
                call.operation, call.write = queries.READ, False
        elif call.operation == "graphql":
            question: Question = read(call, call.state.content)
            call.state.question = question
            call.operation, call.write = operation_of(question), question.kind is OperationType.MUTATION
        return route

    @staticmethod
    def _name_command(call: Call, known: Collection[str], reads: Collection[str]) -> None:
        call.operation, call.state.command = "unreadable", None
        try:
            command = call.json_object(call.state.content)
        except BadJson:
            return
        call.state.command = command
        kind = command.get("type")
        if isinstance(kind, str) and kind in known:
            call.operation = kind
            call.write = kind not in reads

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        state = self._state
        state.settle(call.now)
        tenant = state.by_slug(call.state.slug) if call.on_loopback else state.by_host(call.host, call.now)
        if tenant is None:
            return errors.not_found()
        if not tenant.reachable(call.now):
            if state.ground.switches["unready_answer"] == "no_answer":
                await call.cut()
                raise ClientDisconnect
            return errors.plain(503, "unexpected", "the project is not available")
        return errors.not_found() if route is None else route.handler(call, tenant)

    # roles of callers

    def _role(self, call: Call, tenant: Tenant) -> str:
        """admin with the admin secret, without one where none is set, or with the owner's access token (fact: hasura 1
        [DOC]); admins may take another role; others have the role for the unauthorized. Raises Denied [K]."""
        env = tenant.effective_env(call.now)
        secret = env.get(ADMIN_SECRET)
        given = call.headers.get("x-hasura-admin-secret") or call.headers.get("x-hasura-access-key")
        kind, _space, token = call.headers.get("authorization", "").partition(" ")
        if given is not None and secret is not None:
            if given != secret:
                raise Denied(WRONG)
        elif kind.lower() == "pat":
            if self._state.tokens.get(token.strip()) is not tenant.user:
                raise Denied("Authentication hook unauthorized this request")
        elif secret is not None:
            if UNAUTHORIZED_ROLE not in env:
                raise Denied(NEEDED)
            return env[UNAUTHORIZED_ROLE]
        return call.headers.get("x-hasura-role") or "admin"

    def _commands(self, call: Call, tenant: Tenant) -> Commands:
        return Commands(tenant, self._state.ground.switches, call.now)

    def _refusal(self, call: Call, tenant: Tenant) -> Response | None:
        """The response to callers who are not admins; None for admins."""
        try:
            role = self._role(call, tenant)
        except Denied as error:
            return errors.plain(401, "access-denied", str(error))
        return None if role == "admin" else errors.plain(400, "access-denied", "restricted access : admin only")

    # routes

    def _health(self, call: Call, tenant: Tenant) -> Response:
        """fact: hasura 7: 200 OK, 200 with a warning, 500"""
        if tenant.worker_failure:
            return text_response("ERROR", 500)
        if not self._commands(call, tenant).problems():
            return text_response("OK", 200)
        if call.query_params.get("strict") == "true" and self._state.ground.switches["strict_health"] == 500:
            return text_response("ERROR: inconsistent objects in schema", 500)
        return text_response("WARN: inconsistent objects in schema", 200)

    def _source_health(self, call: Call, tenant: Tenant) -> Response:
        refusal = self._refusal(call, tenant)
        if refusal is not None:
            return refusal
        env = tenant.effective_env(call.now)
        answer = {}
        for source in tenant.engine.metadata["sources"]:
            problem = metadata.source_problem(source, env)
            answer[source["name"]] = {
                "status": "OK" if problem is None else "FAILED",
                "timestamp": timestamp(call.now),
                "error": None if problem is None else {"message": problem},
            }
        return json_response(answer)

    def _version(self, call: Call, tenant: Tenant) -> Response:
        return json_response(VERSION)

    def _config(self, call: Call, tenant: Tenant) -> Response:
        """fact: hasura 7 [DOC]: settings without secrets, for admins; 404 if the enabled APIs lack it"""
        refusal = self._refusal(call, tenant)
        if refusal is not None:
            return refusal
        env = tenant.effective_env(call.now)
        if "config" not in env.get(ENABLED_APIS, "config").split(","):
            return errors.not_found()
        return json_response(
            {
                "version": VERSION["version"],
                "is_function_permissions_inferred": True,
                "is_remote_schema_permissions_enabled": env.get(REMOTE_SCHEMA_PERMISSIONS, "").lower() == "true",
                "is_admin_secret_set": ADMIN_SECRET in env,
                "is_auth_hook_set": False,
                "is_jwt_set": False,
                "jwt": [],
                "is_allow_list_enabled": False,
                "live_queries": {"batch_size": 100, "refetch_delay": 1},
            }
        )

    def _metadata(self, call: Call, tenant: Tenant) -> Response:
        refusal = self._refusal(call, tenant)
        if refusal is not None:
            return refusal
        if call.state.command is None:
            return errors.plain(400, "invalid-json", "the body is not a JSON object")
        return self._commands(call, tenant).answer(call.state.command)

    def _query(self, call: Call, tenant: Tenant) -> Response:
        refusal = self._refusal(call, tenant)
        if refusal is not None:
            return refusal
        if call.state.command is None:
            return errors.plain(400, "invalid-json", "the body is not a JSON object")
        databases = self._platform.databases
        return queries.Queries(tenant, databases, self._state.ground.switches, call.now).answer(call.state.command)

    def _graphql(self, call: Call, tenant: Tenant) -> Response:
        """fact: hasura 8: errors come with 200"""
        try:
            role = self._role(call, tenant)
        except Denied as error:
            return errors.graphql_error("access-denied", str(error))
        question: Question = call.state.question
        switches = self._state.ground.switches
        if question.problem is not None:
            return errors.respond(None, question.stage, None, [question.problem], switches)
        if question.kind is not OperationType.QUERY:
            return errors.graphql_error("validation-failed", "no mutations exist")
        schema = tracked_schema(tenant.engine, self._commands(call, tenant).problems(), role)
        document = parsed(question.text)
        found = validate(schema, document)
        if found:
            return errors.respond(document, "validation", None, found, switches)
        result: Any = execute(schema, document, None, None, question.variables, question.operation_name)
        return errors.respond(document, "execution", result.data, result.errors or [], switches)

    # the responses of faults

    def finish(self, call: Call, response: Response) -> None:
        close_if_told(self._state.ground, response)

    def failure(self, call: Call, status: int) -> Response:
        return errors.plain(status, "unexpected", phrase(status))

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return throttled(call, reset, seconds)


def tracked_schema(engine: Engine, problems: list[metadata.Inconsistency], role: str) -> GraphQLSchema:
    """A root field for each tracked table that a role may read: all rows, or one by its id [K]. Filters of permissions
    are not looked at."""
    fields: dict[str, GraphQLField] = {}
    for source in metadata.without(engine.metadata, problems)["sources"]:
        kind_of_source = sources.kind_of(source)
        for table in source["tables"]:
            found = sources.content(table["table"], kind_of_source, engine.tables.get(source["name"]))
            if found is None:
                continue
            columns, rows = found
            allowed = _readable(table, role, list(columns))
            if allowed:
                name = _root_name(table, kind_of_source)
                kind = GraphQLObjectType(name, {column: GraphQLField(SCALARS[columns[column]]) for column in allowed})
                fields[name] = _rows_field(kind, rows)
                fields[f"{name}_by_pk"] = _row_field(kind, rows)
    if not fields:
        fields["no_queries_available"] = GraphQLField(
            GraphQLNonNull(GraphQLString), resolve=lambda _parent, _info: NO_QUERIES
        )
    return GraphQLSchema(GraphQLObjectType("query_root", fields))


def _readable(table: sources.Metadata, role: str, columns: list[str]) -> list[str]:
    if role == "admin":
        return columns
    for entry in table.get("select_permissions", []):
        if entry["role"] == role:
            allowed = entry["permission"].get("columns", [])
            return columns if allowed == "*" else [column for column in columns if column in allowed]
    return []


def _root_name(table: sources.Metadata, kind: str) -> str:
    custom = table.get("configuration", {}).get("custom_name")
    return custom or sources.table_text(table["table"], kind).replace(".", "_")


def _rows_field(kind: GraphQLObjectType, rows: list[dict[str, Any]]) -> GraphQLField:
    def resolve(_parent: Any, _info: Any, limit: int | None = None, offset: int | None = None) -> Any:
        return rows[offset or 0 :][:limit]

    return GraphQLField(
        GraphQLNonNull(GraphQLList(GraphQLNonNull(kind))),
        resolve=resolve,
        args={"limit": GraphQLArgument(GraphQLInt), "offset": GraphQLArgument(GraphQLInt)},
    )


def _row_field(kind: GraphQLObjectType, rows: list[dict[str, Any]]) -> GraphQLField:
    def resolve(_parent: Any, _info: Any, id: int) -> Any:
        return next((row for row in rows if row.get("id") == id), None)

    return GraphQLField(kind, args={"id": GraphQLArgument(GraphQLNonNull(GraphQLInt))}, resolve=resolve)
