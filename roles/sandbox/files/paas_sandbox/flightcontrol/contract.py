# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OpenAPI document: the operations, their requests and responses."""

from __future__ import annotations

import functools
import json
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml

from ..core.call import Call
from ..core.routes import Route
from . import errors

if TYPE_CHECKING:
    import jsonschema
    import referencing

TEXT = pathlib.Path(__file__).with_name("openapi.yaml")
BASE = "urn:flightcontrol"
EMPTY = object()  # the response without a body


class BrokenAnswer(Exception):
    """A response of the sandbox does not match the document, which is a defect of the sandbox."""


class Contract:
    """Checks requests and responses against the document. `operations` are its operationIds."""

    def __init__(self) -> None:
        self._text = yaml.load(TEXT.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}
        self.operations: dict[str, tuple[str, str, dict[str, Any]]] = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in self._text["paths"].items()
            for method, operation in item.items()
            if method in ("get", "post", "patch")
        }

    def route(self, name: str, handler: Callable[..., Any]) -> Route:
        method, path, operation = self.operations[name]
        return Route(method, path, name, handler, operation["x-fact"])

    def arguments(self, name: str, call: Call) -> dict[str, Any]:
        """The parameters of path and query, in their types, with defaults. Raises ApiError with 400."""
        _method, path, operation = self.operations[name]
        arguments = {}
        for number, parameter in enumerate(operation.get("parameters", ())):
            source = call.parameters if parameter["in"] == "path" else call.query_params
            text = source.get(parameter["name"])
            if text is None:
                arguments[parameter["name"]] = parameter["schema"].get("default")
            else:
                value = _typed(text, parameter["schema"]["type"])
                self._require(f"{self._pointer(name)}/parameters/{number}/schema", value, parameter["name"])
                arguments[parameter["name"]] = value
        return arguments

    def body(self, name: str, call: Call, content: bytes) -> dict[str, Any]:
        """The body. Raises ApiError with 400."""
        operation = self.operations[name][2]
        if "requestBody" not in operation:
            return {}
        pointer, wanted = self._resolved(f"{self._pointer(name)}/requestBody", operation["requestBody"])
        if not content and not wanted["required"]:
            return {}
        if call.content_type != "application/json":
            raise errors.invalid("The body must be application/json")
        try:
            data: dict[str, Any] = json.loads(content)  # as the schema requires, which is checked below
        except ValueError as error:
            raise errors.invalid("The body is not JSON") from error
        self._require(f"{pointer}/content/application~1json/schema", data, "body")
        return data

    def check_answer(self, name: str, status: int, data: Any) -> None:
        """Raises BrokenAnswer."""
        answers = self.operations[name][2]["responses"]
        if str(status) not in answers:
            raise BrokenAnswer(f"{name}: the status {status} is not in the OpenAPI document")
        pointer, answer = self._resolved(f"{self._pointer(name)}/responses/{status}", answers[str(status)])
        if data is EMPTY:
            if not answer.get("x-may-be-empty"):
                raise BrokenAnswer(f"{name}: {status} must have a body")
            return
        error = self._error(f"{pointer}/content/application~1json/schema", data)
        if error is not None:
            raise BrokenAnswer(f"{name}: {status}: {error.json_path}: {error.message}")

    def _pointer(self, name: str) -> str:
        method, path, _operation = self.operations[name]
        return (
            "/paths/"
            + path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
            + f"/{method.lower()}"
        )

    def _resolved(self, pointer: str, item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Follows a reference to another part of the document; returns the part and its place."""
        if "$ref" not in item:
            return pointer, item
        target = item["$ref"].lstrip("#")
        part = self._text
        for key in target.strip("/").split("/"):
            part = part[key]
        return target, part

    def _require(self, pointer: str, value: Any, what: str) -> None:
        error = self._error(pointer, value)
        if error is not None:
            own = error.schema.get("x-message") if isinstance(error.schema, dict) else None
            raise errors.invalid(own or f"Invalid {what}{error.json_path[1:]}: {_reason(error)}")

    @functools.cached_property
    def _registry(self) -> referencing.Registry[Any]:
        import referencing
        import referencing.jsonschema

        document = referencing.Resource.from_contents(self._text, referencing.jsonschema.DRAFT202012)
        registry: referencing.Registry[Any] = referencing.Registry().with_resource(BASE, document)
        return registry

    def _error(self, pointer: str, value: Any) -> Any:
        """The most telling of the errors, or None."""
        # Most sandboxes get no request for Flightcontrol, and start faster without it.
        import jsonschema

        if pointer not in self._validators:
            self._validators[pointer] = jsonschema.Draft202012Validator(
                {"$ref": f"{BASE}#{pointer}"}, registry=self._registry
            )
        return jsonschema.exceptions.best_match(self._validators[pointer].iter_errors(value))


def _typed(text: str, kind: str) -> Any:
    """A parameter in its type; the text itself when it does not look like it, which the schema then refuses."""
    if kind == "integer" and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _reason(error: Any) -> str:
    """Without the value, which can be a secret."""
    wanted = error.validator_value
    if error.validator == "required":
        return f"requires {', '.join(wanted)}"
    if error.validator == "type":
        return f"must be {wanted}"
    if error.validator == "enum":
        return f"must be one of {', '.join(map(str, wanted))}"
    return f"does not match {error.validator}"


CONTRACT = Contract()
