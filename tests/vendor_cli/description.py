# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares requests and responses with a vendor's Swagger 2.0 description, as far as it covers them.

Requests are judged strictly: a key or query parameter that is not described is a violation. Responses may have more
keys than described, and null for any key, because Swagger 2.0 cannot say "or null" and Netlify returns nulls.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

# In paths without a description: what differs from run to run.
IDENTIFIER = re.compile(r"(?<=/)([0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+)(?=/|$)")
# Path parameters with slashes inside.
PATHS = ("path", "file_path")
QUERY_FORMS = {"integer": r"-?[0-9]+", "boolean": "true|false"}


@dataclass(frozen=True)
class Exchange:
    """A request with its response. target: path and query as sent; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes
    status: int
    response_headers: Mapping[str, str]
    response_content: bytes


class Description:
    """file: the JSON text, without references."""

    def __init__(self, file: Path) -> None:
        text = json.loads(file.read_text(encoding="utf-8"))
        self._prefix: str = text["basePath"]
        self._operations = sorted(
            (
                Operation(method.upper(), path, described, shared.get("parameters", []), text)
                for path, shared in text["paths"].items()
                for method, described in shared.items()
                if method != "parameters"
            ),
            key=lambda operation: operation.vagueness,
        )
        self.names = {operation.name for operation in self._operations}

    def judge(self, exchange: Exchange) -> tuple[str, list[str]]:
        """The operation's name and the violations; the name is empty if the operation is unknown."""
        path = exchange.target.partition("?")[0].removeprefix(self._prefix)
        for operation in self._operations:
            if operation.matches(exchange.method, path):
                return operation.name, sorted(set(operation.violations(exchange)))
        return "", [f"{exchange.method} {IDENTIFIER.sub('ID', path)} is not described"]


class Operation:
    """The description of one method of a path."""

    def __init__(self, method: str, path: str, described: Any, shared: list[Any], text: Any) -> None:
        self.name: str = described["operationId"]
        self.vagueness = path.count("{"), -len(path)
        self._method = method
        self._path = re.compile(
            "".join(
                (".+" if part[1:-1] in PATHS else "[^/]+") if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{[^}]+\})", path)
            )
        )
        self._consumes = described.get("consumes", text["consumes"])
        self._responses = {
            status: response if "$ref" not in response else text["responses"][response["$ref"].rpartition("/")[2]]
            for status, response in described["responses"].items()
        }
        parameters = {(each["name"], each["in"]): each for each in [*shared, *described.get("parameters", [])]}
        self._query = {name: each for (name, place), each in parameters.items() if place == "query"}
        self._body = next((each for (_name, place), each in parameters.items() if place == "body"), None)
        self._form = any(place == "formData" for _name, place in parameters)

    def matches(self, method: str, path: str) -> bool:
        return method == self._method and bool(self._path.fullmatch(path))

    def violations(self, exchange: Exchange) -> Iterator[str]:
        for problem in self._of_query(exchange):
            yield f"{self.name} query: {problem}"
        for problem in self._of_body(exchange):
            yield f"{self.name} request: {problem}"
        for problem in self._of_response(exchange):
            yield f"{self.name} {exchange.status}: {problem}"

    def _of_query(self, exchange: Exchange) -> Iterator[str]:
        given = urllib.parse.parse_qsl(exchange.target.partition("?")[2], keep_blank_values=True)
        for name, value in given:
            if name not in self._query:
                yield f"{name} is not described"
            elif not re.fullmatch(QUERY_FORMS.get(self._query[name]["type"], ".*"), value, re.DOTALL):
                yield f"{name} is not of type {self._query[name]['type']}"
            elif value not in self._query[name].get("enum", [value]):
                yield f"{name} is {value}, which is not in the list"
        for name, parameter in self._query.items():
            if parameter.get("required") and name not in dict(given):
                yield f"{name} is missing"

    def _of_body(self, exchange: Exchange) -> Iterator[str]:
        kind = media_type(exchange.headers)
        # An empty file is a body, too.
        if not exchange.content and (not kind or exchange.method == "GET"):
            if self._body and self._body.get("required"):
                yield "there is no body"
        elif kind not in self._consumes:
            yield f"the content type {kind} is not described"
        elif self._body and kind == "application/json":
            yield from faults(closed(self._body.get("schema", {})), json.loads(exchange.content))
        elif not self._body and not self._form:
            yield "a body is not described"

    def _of_response(self, exchange: Exchange) -> Iterator[str]:
        described = self._responses.get(str(exchange.status))
        if described is None and exchange.status >= 400:
            described = self._responses.get("default")
        if described is None:
            yield f"is not described, but {', '.join(self._responses)}"
        elif exchange.response_content and "schema" not in described:
            yield "a body is not described"
        elif described.get("schema", {}).get("type") != "file" and "schema" in described:
            if media_type(exchange.response_headers) != "application/json":
                yield f"the content type {media_type(exchange.response_headers)} is not described"
            else:
                yield from faults(described["schema"], without_nulls(json.loads(exchange.response_content)))


def media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip()


def faults(schema: Any, data: Any) -> Iterator[str]:
    """The schema violations without the data, which may be secret or differ from run to run."""
    for error in Draft4Validator(schema).iter_errors(data):
        place = ".".join("[]" if isinstance(step, int) else step for step in error.absolute_path) or "the body"
        if error.validator == "additionalProperties":
            for key in sorted(set(error.instance) - set(error.schema["properties"])):
                yield f"{place}: {key} is not described"
        elif error.validator == "required":
            yield f"{place}: {', '.join(sorted(set(error.validator_value) - set(error.instance)))} is missing"
        elif error.validator == "type":
            yield f"{place} is {name_of(error.instance)}, not {error.validator_value}"
        else:
            yield f"{place} breaks {error.validator} {json.dumps(error.validator_value)}"


def name_of(value: Any) -> str:
    names = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def closed(schema: Any) -> Any:
    """The schema, with every object limited to the keys that it describes."""
    parts = [closed(part) for part in schema.get("allOf", [])]
    own = {key: value for key, value in schema.items() if key not in ("allOf", "items", "properties")}
    described = {name: closed(each) for name, each in schema.get("properties", {}).items()}
    for part in parts:
        described |= part.get("properties", {})
        own["required"] = [*own.get("required", []), *part.get("required", [])]
    if not own.get("required", True):
        del own["required"]  # draft 4 does not allow an empty list
    if described:
        own = {"additionalProperties": False, **own, "properties": described}
    return {**own, "items": closed(schema["items"])} if "items" in schema else own


def without_nulls(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(value) for value in data] if isinstance(data, list) else data
