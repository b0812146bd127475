# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of a tenant's /v1/metadata. [K]: general knowledge of graphql-engine, see docs/platforms."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.options import Options
from . import errors, metadata
from .metadata import Inconsistency
from .model import Tenant
from .sources import Metadata, ParseError

READS = ("export_metadata", "get_inconsistent_metadata", "get_catalog_state")
RELOADED = ("reload_remote_schemas", "reload_sources", "recreate_event_triggers")
STATES = ("cli", "console")
SUCCESS = {"message": "success"}


class CommandError(Exception):
    """Ends a command with an error."""

    def __init__(self, status: int, code: str, message: str, path: str = "$.args", internal: Any = None) -> None:
        super().__init__(message)
        self.response = errors.plain(status, code, message, path, internal)


class Commands:
    """A tenant's metadata, under a caller that is its admin."""

    def __init__(self, tenant: Tenant, switches: Options, now: float) -> None:
        self._id = tenant.id
        self._engine = tenant.engine
        self._env = tenant.effective_env(now)
        self._switches = switches

    def answer(self, body: Any) -> Response:
        """The response to {"type", "version"?, "args", "resource_version"?}."""
        try:
            return json_response(self._run(body))
        except ParseError as error:
            return errors.plain(400, "parse-failed", str(error), error.path)
        except CommandError as error:
            return error.response

    def problems(self) -> list[Inconsistency]:
        return metadata.check(self._engine.metadata, self._env, self._engine.tables)

    def _run(self, body: Any) -> Any:
        if not isinstance(body, dict) or not isinstance(body.get("type"), str):
            raise ParseError("$", 'key "type" not found' if isinstance(body, dict) else "expected an object")
        handler = HANDLERS.get(body["type"])
        if handler is None:
            raise ParseError("$.type", f'unknown metadata command "{body["type"]}"')
        version = body.get("version", 1)
        if version not in (1, 2):
            raise ParseError("$.version", f"unsupported version: {version!r}")
        if "args" not in body:
            raise ParseError("$", 'key "args" not found')
        self._check_lock(body)
        return handler(self, body["args"], version)

    def _check_lock(self, body: dict[str, Any]) -> None:
        """[K]: commands that change metadata may name the version that they were made from"""
        given = body.get("resource_version")
        if given in (None, self._engine.resource_version) or body["type"] in READS:
            return
        if self._switches["metadata_lock"] == "when_given":
            raise CommandError(
                409, "conflict", f"metadata resource version referenced ({given}) did not match current version", "$"
            )

    def _ways(self) -> tuple[bool, bool]:
        """How metadata is read: strictly, with defaults."""
        return (self._switches["unknown_metadata_keys"] == "refused", self._switches["metadata_defaults"] == "filled")

    def _keep(self, value: Metadata) -> None:
        self._engine.metadata = value
        self._engine.resource_version += 1

    # reading

    def export(self, _args: Any, version: int) -> Any:
        """[K]: version 2 wraps the metadata, with its resource_version"""
        exported = copy.deepcopy(self._engine.metadata)
        return exported if version == 1 else {"resource_version": self._engine.resource_version, "metadata": exported}

    def inconsistent(self, _args: Any = None, _version: int = 1) -> Any:
        """fact: hasura 7"""
        problems = self.problems()
        return {"is_consistent": not problems, "inconsistent_objects": [problem.describe() for problem in problems]}

    def catalog_state(self, _args: Any, _version: int) -> Any:
        """fact: hasura 10"""
        catalog = copy.deepcopy(self._engine.catalog)
        return {"id": self._id, **{f"{kind}_state": catalog[kind] for kind in STATES}}

    # changing

    def set_catalog_state(self, args: Any, _version: int) -> Any:
        """fact: hasura 10: replaced as a whole, and not a part of the metadata"""
        if not isinstance(args, dict) or args.get("type") not in STATES or "state" not in args:
            raise ParseError("$.args", "expected an object with a type, cli or console, and a state")
        self._engine.catalog[args["type"]] = copy.deepcopy(args["state"])
        return SUCCESS

    def replace(self, args: Any, version: int) -> Any:
        """[K]: version 1 takes the metadata itself; version 2 an object with it, and may allow inconsistent objects"""
        if not isinstance(args, dict):
            raise ParseError("$.args", "expected an object")
        if version == 1 and "metadata" not in args:
            wanted, allowed = metadata.read(args, "$.args", *self._ways()), False
        else:
            unexpected = sorted(set(args) - {"allow_inconsistent_metadata", "allow_warnings", "metadata"})
            if unexpected or "metadata" not in args:
                raise ParseError(
                    "$.args", f"unexpected keys: {', '.join(unexpected)}" if unexpected else 'key "metadata" not found'
                )
            wanted = metadata.read(args["metadata"], "$.args.metadata", *self._ways())
            allowed = args.get("allow_inconsistent_metadata", False) is True
        problems = metadata.check(wanted, self._env, self._engine.tables)
        if problems and not allowed:
            raise CommandError(
                400,
                "unexpected",
                "cannot continue due to inconsistent metadata",
                "$.args",
                [problem.describe() for problem in problems],
            )
        self._keep(copy.deepcopy(wanted))
        return SUCCESS if version == 1 else self.inconsistent()

    def clear(self, _args: Any, _version: int) -> Any:
        self._keep(metadata.empty())
        return SUCCESS

    def drop_inconsistent(self, _args: Any, _version: int) -> Any:
        self._keep(metadata.without(self._engine.metadata, self.problems()))
        return SUCCESS

    def reload(self, args: Any, _version: int) -> Any:
        """fact: hasura 7 [DOC] [SRV]: says whether all is consistent; the objects only when it is not. Each argument is
        a boolean or a list of names; unknown ones are ignored. Event triggers have no databases here."""
        if not isinstance(args, dict):
            raise ParseError("$.args", "expected an object")
        for name in RELOADED:
            if not isinstance(args.get(name, True), (bool, list)):
                raise ParseError(f"$.args.{name}", "expected a boolean or a list of names")
        found = self.inconsistent()
        result = {**SUCCESS, "is_consistent": found["is_consistent"]}
        return result if found["is_consistent"] else {**result, "inconsistent_objects": found["inconsistent_objects"]}

    def add_source(self, args: Any, _version: int) -> Any:
        """fact: hasura 7: fails while the variable has not reached the workers"""
        if not isinstance(args, dict):
            raise ParseError("$.args", "expected an object")
        options = ("replace_configuration", "name", "configuration", "customization", "kind", "health_check")
        unexpected = sorted(set(args) - set(options))
        if unexpected:
            raise ParseError("$.args", f"unexpected keys: {', '.join(unexpected)}")
        source = metadata.read_source(
            {key: value for key, value in args.items() if key != "replace_configuration"}, "$.args", *self._ways()
        )
        sources = self._engine.metadata["sources"]
        former = next((each for each in sources if each["name"] == source["name"]), None)
        if former is not None and not args.get("replace_configuration"):
            raise CommandError(400, "already-exists", f'source with name "{source["name"]}" already exists')
        reason = metadata.source_problem(source, self._env)
        if reason is not None:
            problem = Inconsistency(f"source {source['name']}", "source", source["name"], reason).describe()
            raise CommandError(400, "invalid-configuration", problem["reason"], "$.args", [problem])
        if former is not None:
            source = {**former, **source, "tables": former["tables"]}
        self._keep(
            {
                **self._engine.metadata,
                "sources": [source if each is former else each for each in sources] if former else [*sources, source],
            }
        )
        return SUCCESS

    def bulk(self, args: Any, _version: int) -> Any:
        """[K]: all in turn; the first that fails ends it, and nothing is kept"""
        if not isinstance(args, list):
            raise ParseError("$.args", "expected a list")
        before = (copy.deepcopy(self._engine.metadata), self._engine.resource_version)
        try:
            return [self._run(part) for part in args]
        except (ParseError, CommandError):
            self._engine.metadata, self._engine.resource_version = before
            raise


HANDLERS: dict[str, Callable[[Commands, Any, int], Any]] = {
    "export_metadata": Commands.export,
    "get_inconsistent_metadata": Commands.inconsistent,
    "replace_metadata": Commands.replace,
    "clear_metadata": Commands.clear,
    "drop_inconsistent_metadata": Commands.drop_inconsistent,
    "reload_metadata": Commands.reload,
    "pg_add_source": Commands.add_source,
    "get_catalog_state": Commands.catalog_state,
    "set_catalog_state": Commands.set_catalog_state,
    "bulk": Commands.bulk,
}
# each command with its fact, for the list of supported operations
FACTS = {
    "export_metadata": "hasura 7 [DOC]",
    "get_inconsistent_metadata": "hasura 7 [DOC]",
    "replace_metadata": "hasura 7 [DOC]",
    "clear_metadata": "hasura 7 [DOC]",
    "drop_inconsistent_metadata": "hasura 7 [DOC]",
    "reload_metadata": "hasura 7 [DOC]",
    "pg_add_source": "hasura 3a, 7 [DOC]",
    "get_catalog_state": "hasura 10 [CLI] [SRV]",
    "set_catalog_state": "hasura 10 [CLI] [SRV]",
    "bulk": "hasura 7 [K]",
}
