# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GraphQL endpoints: a schema file, resolvers in Python, executed by graphql-core, introspection included.

A resolver is called as resolver(parent, info, **arguments), with the result of `admit` as `info.context`. Fields
without a resolver are read from the parent: a key of a dict, or an attribute.
"""

from __future__ import annotations

import functools
import inspect
import json
import pathlib
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    execute,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate,
)
from starlette.responses import Response

from .call import BadJson, Call, json_response
from .platform import Documented, Surface
from .routes import Route

Resolvers = dict[str, dict[str, Callable[..., Any]]]


class Refusal(Exception):
    """Ends a request with its own response, before anything is executed."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass
class Question:
    """The operation of a body. `problem` is the reason why it cannot be executed, `stage` the invalid part: body,
    syntax.
    """

    text: str = ""
    document: DocumentNode | None = None
    operation: OperationDefinitionNode | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    stage: str = ""
    problem: GraphQLError | None = None

    @property
    def kind(self) -> OperationType | None:
        """Query or mutation; None when there is a problem."""
        return None if self.operation is None else self.operation.operation


def load_schema(
    file: pathlib.Path, resolvers: Resolvers, scalars: Mapping[str, Callable[[Any], Any]], extension: str = ""
) -> GraphQLSchema:
    """The schema of a file in GraphQL's schema language; `extension` is more of that language, added to the file.

    `resolvers` has functions by type and field; every field of Query and Mutation needs one. `scalars` has a function
    that turns a value into JSON data, by the name of the schema's own scalar. Raises ValueError for a name that the
    schema lacks and for a root field without a resolver.
    """
    schema = build_schema(file.read_text(encoding="utf-8") + extension)
    for type_name, functions in resolvers.items():
        fields = fields_of(schema, type_name)
        for name, function in functions.items():
            if name not in fields:
                raise ValueError(f"{file.name} has no field {type_name}.{name}")
            fields[name].resolve = function
    for name, serialize in scalars.items():
        scalar: Any = schema.type_map.get(name)  # whose method is replaced
        if scalar is None:
            raise ValueError(f"{file.name} has no scalar {name}")
        scalar.serialize = serialize
    for root in _roots(schema):
        missing = [name for name, field in root.fields.items() if field.resolve is None]
        if missing:
            raise ValueError(f"no resolver for {', '.join(missing)} of {root.name}")
    return schema


def fields_of(schema: GraphQLSchema, type_name: str) -> dict[str, Any]:
    """The fields of a type, to be changed in place; none for a name that the schema lacks."""
    fields: dict[str, Any] = getattr(schema.type_map.get(type_name), "fields", {})
    return fields


class GraphqlSurface(Surface):
    """A GraphQL endpoint at `path`, by POST. The platform defines who has access and the form of errors."""

    path: str
    unlisted = ("unrouted", "unreadable", "introspection", "__typename")

    def __init__(self) -> None:
        self._route = Route("POST", self.path, "graphql", self._execute, "")

    # what a platform says

    @functools.cached_property
    @abstractmethod
    def schema(self) -> GraphQLSchema:
        """Made when it is first needed: it takes longer than all else that the start of a sandbox takes."""

    @abstractmethod
    def admit(self, call: Call) -> Any:
        """Who calls: the resolvers' context. Raises Refusal."""

    def schema_for(self, context: Any) -> GraphQLSchema:
        """The part of the schema that this caller sees."""
        return self.schema

    def respond(self, call: Call, stage: str, data: dict[str, Any] | None, errors: list[GraphQLError]) -> Response:
        """The response. `stage` is the stage that the request reached: body, syntax, validation, variables, or
        execution (with `data`, and with `errors` if a field failed)."""
        answer: dict[str, Any] = {}
        if errors:
            answer["errors"] = [error.formatted for error in errors]
        if stage == "execution":
            answer["data"] = data
        return json_response(answer)

    @abstractmethod
    def unrouted(self, call: Call) -> Response:
        """The response to another method or path."""

    # what all platforms share

    async def receive(self, call: Call) -> None:
        """The body determines the operation of a request."""
        call.state.question = read(call, await call.body()) if self._is_routed(call) else None

    def resolve(self, call: Call) -> Route | None:
        question: Question | None = call.state.question
        if question is None:
            call.operation = "unrouted"
            return None
        call.operation = operation_of(question)
        if question.kind is not None:
            call.write = question.kind is OperationType.MUTATION
        return self._route

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        if route is None:
            return self.unrouted(call)
        try:
            response: Response = await route.handler(call)
        except Refusal as refusal:
            return refusal.response
        return response

    def documented(self) -> Iterable[Documented]:
        """Root fields as operations, the fields of types by their full name; the fact of a field is in its own
        description, else in that of its type."""
        roots: dict[GraphQLNamedType, str] = dict(zip(_roots(self.schema), ("QUERY", "MUTATION"), strict=False))
        for name, kind in self.schema.type_map.items():
            if is_introspection_type(kind) or is_specified_scalar_type(kind):
                continue
            if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
                for field, definition in kind.fields.items():
                    operation = field if kind in roots else f"{name}.{field}"
                    yield Documented(
                        roots.get(kind, "TYPE"), self.path, operation, definition.description or kind.description or ""
                    )
            else:
                values = kind.values.values() if isinstance(kind, GraphQLEnumType) else ()
                described = [value.description for value in values if value.description]
                yield Documented("TYPE", self.path, name, " ".join([kind.description or "", *described]).strip())

    def has_operation(self, name: str) -> bool:
        """Several root fields are joined, see operation_of."""
        return self.operations.issuperset(name.split("+"))

    def _is_routed(self, call: Call) -> bool:
        return call.method == "POST" and call.raw_path.rstrip("/") == self.path

    async def _execute(self, call: Call) -> Response:
        context = self.admit(call)
        question: Question = call.state.question
        if question.problem is not None:
            return self.respond(call, question.stage, None, [question.problem])
        schema = self.schema_for(context)
        errors = problems(schema, question.text)
        if errors:
            return self.respond(call, "validation", None, errors)
        result = execute(schema, parsed(question.text), None, context, question.variables, question.operation_name)
        if inspect.isawaitable(result):
            result = await result
        return self.respond(call, _stage(result), result.data, result.errors or [])


def read(call: Call, content: bytes) -> Question:
    """The parts of a body: {"query": text, "variables": object or null, "operationName": text or null}."""
    try:
        body = call.json_object(content)
    except BadJson as error:
        return Question(stage="body", problem=GraphQLError(str(error)))
    text, variables, name = body.get("query"), body.get("variables"), body.get("operationName") or None
    if not isinstance(text, str) or not text.strip():
        return Question(stage="body", problem=GraphQLError("the body has no query"))
    if not isinstance(variables, (dict, type(None))):
        return Question(stage="body", problem=GraphQLError("variables must be an object"))
    if not isinstance(name, (str, type(None))):
        return Question(stage="body", problem=GraphQLError("operationName must be a string"))
    try:
        document = parsed(text)
    except GraphQLSyntaxError as error:
        return Question(stage="syntax", problem=error)
    operations = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode) and name in (None, node.name.value if node.name else None)
    ]
    if len(operations) != 1:
        message = f"unknown operation {json.dumps(name)}" if name else "operationName must name one of the operations"
        return Question(stage="validation", problem=GraphQLError(message))
    return Question(text, document, operations[0], name, variables)


@functools.lru_cache(maxsize=256)
def parsed(text: str) -> DocumentNode:
    """The document of a text. Clients send few different ones, so they are kept. Raises GraphQLSyntaxError."""
    return parse(text)


@functools.lru_cache(maxsize=512)
def problems(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
    """What is wrong with a text that can be parsed, under this schema."""
    return validate(schema, parsed(text))


def operation_of(question: Question) -> str:
    """The root fields asked for, each once, by their own names and not their aliases: getSiteById, a+b, __typename,
    or introspection; unreadable when there is a problem."""
    if question.document is None or question.operation is None:
        return "unreadable"
    fragments = {
        node.name.value: node for node in question.document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    names = list(dict.fromkeys(_root_fields(question.operation.selection_set, fragments, set())))
    own = [name for name in names if not name.startswith("__")]
    if own:
        return "+".join(own)
    return "introspection" if "__schema" in names or "__type" in names else "__typename"


def _root_fields(
    selections: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode], entered: set[str]
) -> Iterable[str]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _root_fields(node.selection_set, fragments, entered)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments and node.name.value not in entered:
            entered.add(node.name.value)
            yield from _root_fields(fragments[node.name.value].selection_set, fragments, entered)


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    return [root for root in (schema.query_type, schema.mutation_type) if root is not None]


def _stage(result: ExecutionResult) -> str:
    """Errors without a path come from before the execution: variables that do not fit their types."""
    if result.data is None and result.errors and all(error.path is None for error in result.errors):
        return "variables"
    return "execution"
