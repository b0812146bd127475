# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleek's GraphQL API: access, and the form of errors.

fleek 5: errors are {"errors": [{"message": ...}], "data": ...} [CLI][3P]. Their HTTP status and their other keys are
not known: by default as AWS AppSync has them, which is behind Fleek's web app [WEBAPP][INFER].
"""

from __future__ import annotations

import functools
import pathlib
import uuid
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from starlette.responses import Response

from ..core.call import Call, json_response, phrase
from ..core.faults import reset_headers
from ..core.graphql import GraphqlSurface, Refusal, load_schema
from .progress import settle
from .resolvers import RESOLVERS, SCALARS, Caller
from .state import State

PATH = "/graphql"
HOST = "api.fleek.co"
SCHEMA_FILE = pathlib.Path(__file__).with_name("schema.graphql")
NEW_STATUS = "\nextend enum DeployStatus { TIMED_OUT }\n"

# errorType of AppSync, extensions.code of Apollo
KINDS = {
    "Unauthenticated": ("UnauthorizedException", "UNAUTHENTICATED"),
    "Unauthorized": ("Unauthorized", "FORBIDDEN"),
    "NotFound": ("NotFound", "NOT_FOUND"),
    "BadRequest": ("BadRequestException", "BAD_USER_INPUT"),
    "Malformed": ("MalformedHttpRequestException", "GRAPHQL_PARSE_FAILED"),
    "Validation": ("ValidationError", "GRAPHQL_VALIDATION_FAILED"),
    "Throttled": ("ThrottlingException", "TOO_MANY_REQUESTS"),
    "Internal": ("InternalFailure", "INTERNAL_SERVER_ERROR"),
}


class ApiSurface(GraphqlSurface):
    """POST /graphql under the platform's own host name or a loopback one."""

    label = "fleek"
    path = PATH

    def __init__(self, platform: Any) -> None:
        super().__init__()
        self._platform = platform

    @functools.cached_property
    def schema(self) -> GraphQLSchema:
        return load_schema(SCHEMA_FILE, RESOLVERS, SCALARS)

    @functools.cached_property
    def _grown_schema(self) -> GraphQLSchema:
        return load_schema(SCHEMA_FILE, RESOLVERS, SCALARS, NEW_STATUS)

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def claims(self, call: Call) -> bool:
        return call.host == HOST or call.on_loopback and call.raw_path.rstrip("/") == PATH

    def admit(self, call: Call) -> Caller:
        """fleek 1 [SEED]: the raw key, without Bearer or another word before it; it stands for one team [CLI]."""
        state = self._state
        if state.ground.switches["fleek_content_type"] == "json" and call.content_type != "application/json":
            raise Refusal(self._refused(415, "Malformed", "Content-Type must be application/json"))
        team = state.keys.get(call.headers.get("authorization", ""))
        if team is None:
            raise Refusal(
                self._refused(
                    state.ground.switches["fleek_unauthorized_status"],
                    "Unauthenticated",
                    "You are not authorized to make this call.",
                )
            )
        settle(state, call.now)
        return Caller(state, team, call.now)

    def schema_for(self, context: Caller) -> GraphQLSchema:
        """A status that the published schema lacks is in the schema as soon as deploys end with it."""
        grown = any(deploy.result == "TIMED_OUT" for deploy in context.state.deploys.values())
        return self._grown_schema if grown or self._switch("fleek_deploy_result") == "timed_out" else self.schema

    def respond(self, call: Call, stage: str, data: dict[str, Any] | None, errors: list[GraphQLError]) -> Response:
        if not errors:
            return json_response({"data": data})
        status, kind = {
            "body": (400, "Malformed"),  # fleek 1 [SEED]: the sample with one brace too many
            "syntax": (400, "Malformed"),
            "validation": (self._switch("fleek_validation_status"), "Validation"),
            "variables": (self._switch("fleek_validation_status"), "Validation"),
            "execution": (self._switch("fleek_error_status"), "Internal"),
        }[stage]
        shown = [self._error((error.extensions or {}).get("kind", kind), error) for error in errors]
        with_data = stage == "execution" or status == 200
        return json_response({"data": data, "errors": shown} if with_data else {"errors": shown}, status)

    def unrouted(self, call: Call) -> Response:
        known = call.raw_path.rstrip("/") == PATH
        response = self.failure(call, 405 if known else 404)
        if known:
            response.headers["allow"] = "POST"
        return response

    def finish(self, call: Call, response: Response) -> None:
        """fleek 5 [INFER]: as AppSync has it."""
        response.headers["x-amzn-requestid"] = str(uuid.uuid4())

    def failure(self, call: Call, status: int) -> Response:
        return self._refused(status, "Internal", phrase(status))

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        """fleek 5: no limit is documented."""
        response = self._refused(429, "Throttled", "Rate exceeded")
        response.headers.update(reset_headers(reset, call.now, seconds))
        return response

    def _switch(self, name: str) -> Any:
        return self._state.ground.switches[name]

    def _refused(self, status: int, kind: str, message: str) -> Response:
        return json_response({"errors": [self._error(kind, GraphQLError(message))]}, status)

    def _error(self, kind: str, error: GraphQLError) -> dict[str, Any]:
        shown: dict[str, Any] = {"message": error.message}
        appsync, apollo = KINDS[kind]
        if self._switch("fleek_error_form") == "appsync":
            shown["errorType"] = appsync
        else:
            shown["extensions"] = {"code": apollo}
        if error.path is not None:
            shown["path"] = error.path
        if error.locations:
            shown["locations"] = [location.formatted for location in error.locations]
        return shown
