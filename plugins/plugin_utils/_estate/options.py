# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates the options of an estate's entries. PRIVATE to the collection."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module
from ansible_collections.webops.paas.plugins.module_utils._kernel.options import check_shapes, suggestion
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError, Raw

# Options of every module that say nothing about what is declared.
CONNECTION = ("token", "api_url", "validate_certs", "ca_path", "timeout", "deadline", "retries", "trusted_hosts")


class Options:
    """Validates the options of entries. Those of a connection, half of all, are the same for most entries of a module,
    and validated once for them.

    connections: {platform: options of the connection}.
    """

    def __init__(self, connections: Mapping[str, JsonObject]) -> None:
        self._connections = connections
        self._common: dict[tuple[Module, str], ValidationResult] = {}

    def validated(
        self, raw: Raw, platform: str, definition: Module, given: JsonObject
    ) -> tuple[JsonObject, frozenset[Any]]:
        """(the validated options, the secrets among them). given: of the entry. Raises EstateError."""
        spec = definition.spec["argument_spec"]
        try:
            check_shapes(given, spec)
        except InvalidInput as error:
            raise EstateError([f"{raw.place}: {raw.module}: {error.message}"]) from None
        connection = self._connections.get(platform, {})
        connection = _located({name: value for name, value in connection.items() if name in spec}, raw, spec)
        given = _located(given, raw, spec)
        # Relative paths depend on the directory.
        key = definition, raw.directory
        if key not in self._common:
            self._common[key] = _validator(definition, "connection").validate(connection)
        common, own = self._common[key], _validator(definition, "own").validate(given)
        if common.error_messages or own.error_messages:
            # The entry has a connection of its own, or an error, whose message names the other options as well.
            given = {**connection, **given}
            validated = _validator(definition, "all").validate(given)
            if validated.error_messages:
                faults = faults_of(validated, given, definition.spec)
                raise EstateError([f"{raw.place}: {raw.module}: {fault}" for fault in faults])
            return {**given, **validated.validated_parameters}, frozenset(validated._no_log_values)
        params = {**connection, **given, **common.validated_parameters, **own.validated_parameters}
        return params, frozenset(common._no_log_values | own._no_log_values)


def faults_of(validated: ValidationResult, given: JsonObject, spec: JsonObject) -> list[str]:
    """What is wrong with options. Ansible names unknown ones without saying that they are unknown."""
    return [
        f"Unsupported parameters: {error.msg}{suggestion(given, spec['argument_spec'])}"
        if isinstance(error, UnsupportedError)
        else str(error.msg)
        for error in validated.errors.errors
    ]


@functools.cache
def _validator(definition: Module, part: str) -> ArgumentSpecValidator:
    """part: of the options, all, or connection, or own for the others."""
    spec = definition.spec["argument_spec"]
    if part == "all":
        return ArgumentSpecValidator(**definition.spec)
    if part == "connection":
        return ArgumentSpecValidator({name: option for name, option in spec.items() if name in CONNECTION})
    own = {name: option for name, option in spec.items() if name not in CONNECTION}
    return ArgumentSpecValidator(**{**definition.spec, "argument_spec": own})


def _located(given: JsonObject, raw: Raw, spec: JsonObject) -> JsonObject:
    """The options with paths that begin in the directory of the file."""
    return {
        name: os.path.join(raw.directory, value)
        if isinstance(value, str) and value and spec.get(name, {}).get("type") == "path" and value[0] not in "~$"
        else value
        for name, value in given.items()
    }
