# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's environment variables: their kinds, and a record of what was sent. PRIVATE to the collection.

The API never returns values. So a file keeps, for each name, a salted HMAC of the kind and value that was sent, but not
the value itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import files, spelling, variables
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import FlightcontrolClient
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part

# {option: name in the API}
KINDS = {
    "plain_text": "plainText",
    "parameter_store": "parameterStore",
    "secrets_manager": "secretsManager",
    "from_parameter_store": "fromParameterStore",
    "from_secrets_manager": "fromSecretsManager",
    "from_service": "fromService",
}
# Those whose values Flightcontrol stores itself, asynchronously.
MANAGED = frozenset({"parameter_store", "secrets_manager"})
NO_REMOVAL = (
    "Flightcontrol's API can add and change variables, but cannot remove or list them. Remove the variable in the "
    "dashboard or in flightcontrol.json"
)
FORMAT = 1

# {name: (option, value)}
Declared = dict[str, tuple[str, Any]]


class EnvClient(FlightcontrolClient):
    def create_env_variables(
        self, groups: JsonObject, *, environment_id: str | None = None, service_id: str | None = None
    ) -> JsonObject:
        """groups: {plainText: {name: value}, ...}. They are merged into the existing ones, so this can be retried.

        Returns {status: completed, savedCount}, or {status: processing, runId, savedCount, processingCount} when
        managed secrets are among them.
        """
        if environment_id is not None:
            path, operation = f"/v1/environments/{part(environment_id)}/env-variables", "createEnvironmentEnvVariables"
        else:
            path, operation = f"/v1/services/{part(service_id)}/env-variables", "createServiceEnvVariables"
        return self.json_object("POST", path, operation, groups, idempotent=True)


def declared(params: JsonObject, warn: Callable[[str], None]) -> Declared:
    """Checks all kinds. Raises InvalidInput."""
    found: Declared = {}
    for option in KINDS:
        given = params[option] or {}
        for name, value in given.items():
            if value is None:
                raise InvalidInput(option, f"`{option}` has no value for {name}. {NO_REMOVAL}.")
        texts = _references(given) if option == "from_service" else variables.declared(option, given, warn)
        for name, value in texts.items():
            if name in found:
                raise InvalidInput(
                    option,
                    f"{name} is set in both `{found[name][0]}` and `{option}`. Set it in one of them: Flightcontrol "
                    "does not document which takes precedence.",
                )
            if option.startswith("from_") and not value:
                raise InvalidInput(option, f"`{option}` must not be empty for {name}.")
            found[name] = (option, value)
    return found


def _references(given: JsonObject) -> JsonObject:
    """from_service: texts, which are passed on, or {id, value}: of which service, which property."""
    variables.check_names("from_service", given)
    spelling.check_names("from_service", given)
    for name, value in given.items():
        is_pair = (
            isinstance(value, dict)
            and value.keys() == {"id", "value"}
            and all(isinstance(text, str) and text for text in value.values())
        )
        if not is_pair and not isinstance(value, str):
            raise InvalidInput(
                "from_service",
                f"`from_service` must have a string for {name}, or a dictionary of the strings id (the service) and "
                "value (its property).",
            )
    return dict(given)


def texts_of(declared: Declared) -> list[str]:
    """All values and references."""
    return [
        text
        for _option, value in declared.values()
        for text in (value.values() if isinstance(value, dict) else [value])
    ]


def grouped(due: Declared) -> JsonObject:
    """As the API takes it: {group: {name: value}}."""
    groups: JsonObject = {}
    for name, (option, value) in due.items():
        groups.setdefault(KINDS[option], {})[name] = value
    return groups


class Memory:
    """The record of what was sent to one target, in the file state_file; without a path nothing is recorded.

    target: "environment:ID" or "service:ID". The file: {"format", "salt", "sent": {target: {name: HMAC}}}. Several
    processes can share it.
    """

    def __init__(self, path: str | None, target: str) -> None:
        self.path = path
        self.target = target

    def check(self) -> None:
        """Raises InvalidInput unless the file can be written and, if it exists, read."""
        if self.path is not None:
            files.check_writable("state_file", self.path)
            self._read()

    def sent(self, declared: Declared) -> dict[str, tuple[str, Any] | None]:
        """What was sent: the declared value if it was sent, None if another value was sent."""
        content = self._read()
        known = content["sent"].get(self.target, {})
        marks = {name: self._mark(content["salt"], name, variable) for name, variable in declared.items()}
        return {
            name: declared[name] if name in marks and hmac.compare_digest(mark, marks[name]) else None
            for name, mark in known.items()
        }

    def remember(self, sent: Declared) -> None:
        """Call this within C(locked), after the platform accepted them."""
        if self.path is None:
            return
        content = self._read()
        content["sent"].setdefault(self.target, {}).update(
            {name: self._mark(content["salt"], name, variable) for name, variable in sent.items()}
        )
        files.write_json("state_file", self.path, content)

    def locked(self, clock: Clock, timeout: float) -> contextlib.AbstractContextManager[None]:
        """Locks the file from reading to writing.

        Otherwise two parallel runs could record each other's values.
        """
        if self.path is None:
            return contextlib.nullcontext()
        return files.locked("state_file", self.path, clock, timeout)

    def _read(self) -> JsonObject:
        content = None if self.path is None else files.read_json("state_file", self.path)
        if content is None:
            return {"format": FORMAT, "salt": secrets.token_hex(32), "sent": {}}
        sent = content.get("sent")
        is_ours = (
            content.get("format") == FORMAT
            and isinstance(content.get("salt"), str)
            and isinstance(sent, dict)
            and all(
                isinstance(marks, dict) and all(isinstance(mark, str) for mark in marks.values())
                for marks in sent.values()
            )
        )
        if not is_ours:
            raise InvalidInput(
                "state_file",
                f"`state_file`: {self.path} was not written by this module. Move the file away, or set another path.",
            )
        return content

    def _mark(self, salt: str, name: str, variable: tuple[str, Any]) -> str:
        option, value = variable
        text = json.dumps([self.target, KINDS[option], name, value], sort_keys=True)
        return hmac.new(salt.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()
