# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts as a custom credential type and as the inputs of a credential.

AWX's packages on PyPI have its own credential types and its injection, but not these rules; the tests show that AWX's
own types keep them. Rules: AWX, awx/main/fields.py and awx/api/serializers.py of 24.6.1.
"""

from __future__ import annotations

from typing import Any

import jinja2
import jsonschema
from awx_plugins.interfaces._temporary_private_inject_api import ENV_BLOCKLIST
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME = "^[a-zA-Z_]+[a-zA-Z0-9_]*$"
FIELD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "label"],
    "properties": {
        "id": {"type": "string", "pattern": NAME, "not": {"const": "tower"}},
        "type": {"enum": ["string", "boolean"]},
        "format": {"enum": ["ssh_private_key", "url"]},
        "choices": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        **{name: {"type": "string"} for name in ("label", "help_text")},
        **{name: {"type": "boolean"} for name in ("multiline", "secret", "ask_at_runtime")},
        "default": {},
    },
    # Only texts can be secret, long, or chosen.
    "if": {"properties": {"type": {"const": "boolean"}}, "required": ["type"]},
    "then": {"not": {"anyOf": [{"required": [name]} for name in ("choices", "multiline", "format", "secret")]}},
}
INPUTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "fields": {"type": "array", "items": FIELD},
        "required": {"type": "array", "items": {"type": "string"}},
    },
}
INJECTORS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "env": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {NAME: {"type": "string", "pattern": "^[\x00-\x7f]*$"}},
        },
        "file": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {r"^template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?$": {"type": "string"}},
        },
        "extra_vars": {"type": "object"},
    },
}


def problems_of_type(inputs: Any, injectors: Any) -> dict[str, list[str]]:
    """{field of the API: what AWX refuses}"""
    found = {"inputs": of_schema(INPUTS, inputs), "injectors": of_schema(INJECTORS, injectors)}
    if not any(found.values()):
        names = [field["id"] for field in inputs.get("fields", [])]
        found["inputs"] += [f"field IDs must be unique ({name})" for name in names if names.count(name) > 1]
        if any(field.get("ask_at_runtime") for field in inputs.get("fields", [])):
            found["inputs"].append("'ask_at_runtime' is not supported for custom credentials.")
        for variable, template in injectors.get("env", {}).items():
            if variable.startswith("ANSIBLE_") or variable in ENV_BLOCKLIST:
                found["injectors"].append(f"Environment variable {variable} is not allowed to be used in credentials.")
            found["injectors"] += of_template(variable, template, names)
    return {field: messages for field, messages in found.items() if messages}


def of_schema(schema: dict[str, Any], value: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(value)]


def of_template(variable: str, template: str, names: list[str]) -> list[str]:
    """A template can only use the fields of the inputs."""
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    try:
        environment.from_string(template).render(dict.fromkeys(names, "EXAMPLE"))
    except jinja2.TemplateError as error:
        return [f"{variable}: {error}"]
    return []


def problems_of_inputs(type_inputs: dict[str, Any], given: Any) -> list[str]:
    """What AWX refuses in the inputs of a credential. A missing required input is only an error of a job."""
    fields = {field["id"]: field for field in type_inputs.get("fields", [])}
    properties = {
        name: {"type": field.get("type", "string"), **({"enum": field["choices"]} if field.get("choices") else {})}
        for name, field in fields.items()
    }
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return of_schema(schema, given)
