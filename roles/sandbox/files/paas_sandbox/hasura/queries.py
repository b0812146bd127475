# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of a tenant's /v2/query. [K]: general knowledge of graphql-engine, see docs/platforms."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.options import Options
from . import errors, metadata, sources
from .commands import CommandError
from .databases import Databases, Script
from .model import Tables, Tenant
from .postgres import Result, SqlError
from .sources import DATABASE, ParseError
from .statements import split, tables_after

# fact: hasura 10 [DOC] [CLI]: the kind of source that each command is for
KINDS = {
    "run_sql": "postgres",
    "pg_run_sql": "postgres",
    "citus_run_sql": "citus",
    "cockroach_run_sql": "cockroach",
    "mssql_run_sql": "mssql",
    "bigquery_run_sql": "bigquery",
}
# The operation in the log of requests for SQL that is read-only.
READ = "run_sql_read_only"
FACTS = {
    **{name: "hasura 10 [DOC] [CLI]" for name in KINDS if name != "pg_run_sql"},
    "pg_run_sql": "hasura 10 [DOC]",
    READ: "hasura 10 [DOC]",
    "bulk": "hasura 10 [CLI] [SRV]",
}
KEYS = ("sql", "source", "cascade", "check_metadata_consistency", "read_only", "no_transaction")
# fact: hasura 10 [SRV]: what makes the engine compare the database with its metadata
CHECKED = re.compile(r"\b(?:alter|drop|replace|create function|comment on)\b", re.IGNORECASE)


class Queries:
    """The databases of a tenant's sources, under a caller that is its admin."""

    def __init__(self, tenant: Tenant, databases: Databases, switches: Options, now: float) -> None:
        self._tenant = tenant
        self._engine = tenant.engine
        self._env = tenant.effective_env(now)
        self._databases = databases
        self._switches = switches

    def answer(self, body: Any) -> Response:
        """The response to {"type", "args"}."""
        try:
            return json_response(self._run(body, "$"))
        except ParseError as error:
            return errors.plain(400, "parse-failed", str(error), error.path)
        except CommandError as error:
            return error.response

    def _run(self, body: Any, path: str) -> Any:
        if not isinstance(body, dict) or "args" not in body:
            raise ParseError(path, 'key "args" not found' if isinstance(body, dict) else "expected an object")
        kind, args = body.get("type"), body["args"]
        if kind == "bulk" and isinstance(args, list):
            # fact: hasura 10 [SRV]: what was committed before one of them fails stays
            return [self._run(part, f"{path}.args[{number}]") for number, part in enumerate(args)]
        if kind not in KINDS:
            raise ParseError(f"{path}.type", f'unknown query "{kind}"')
        place = f"{path}.args"
        if not isinstance(args, dict) or not isinstance(args.get("sql"), str):
            raise ParseError(place, 'key "sql" not found' if isinstance(args, dict) else "expected an object")
        unexpected = sorted(set(args) - set(KEYS))
        if unexpected:
            raise ParseError(place, f"unexpected keys: {', '.join(unexpected)}")
        return self._run_sql(self._source(args.get("source", "default"), KINDS[kind], place), args, place)

    def _source(self, name: Any, kind: str, path: str) -> str:
        """[K]"""
        found = next((source for source in self._engine.metadata["sources"] if source["name"] == name), None)
        if found is None or sources.kind_of(found) != kind:
            raise CommandError(400, "not-exists", f'source with name "{name}" does not exist', path)
        problem = metadata.source_problem(found, self._env)
        if problem is not None:
            raise CommandError(400, "unexpected", f"source {name} is inconsistent: {problem}", path)
        return str(name)

    def _run_sql(self, source: str, args: dict[str, Any], path: str) -> Any:
        """fact: hasura 10: one transaction, which the comparison with the metadata belongs to"""
        script = (args["sql"], args.get("no_transaction") is True)
        done = self._engine.scripts.get(source, [])
        if args.get("read_only") is True:
            return _told(self._executed(source, done, script, True, path))
        result = self._executed(source, done, script, False, path)
        after = [*done, script]
        tables = {**self._engine.tables, source: self._tables(source, after)}
        check = args.get("check_metadata_consistency")
        if CHECKED.search(script[0]) if check is None else check:
            self._untrack_dropped(tables, args.get("cascade") is True, path)
        self._engine.scripts[source] = after
        self._engine.tables = tables
        return _told(result)

    def _untrack_dropped(self, tables: dict[str, Tables], cascade: bool, path: str) -> None:
        """Untracks tables that the database no longer has. fact: hasura 10: refused if other objects depend on them"""
        before = {problem.name for problem in metadata.check(self._engine.metadata, self._env, self._engine.tables)}
        problems = metadata.check(self._engine.metadata, self._env, tables)
        new = [problem for problem in problems if problem.name not in before]
        dependents = [problem.name for problem in new if problem.kind != "table"]
        if dependents and not cascade:
            message = f"cannot drop due to the following dependent objects: {', '.join(dependents)}"
            raise CommandError(400, "dependency-error", message, path)
        gone = {problem.name.partition(" ")[2] for problem in new if problem.kind == "table"}
        if new:
            left = metadata.without(self._engine.metadata, new)
            for source in left["sources"]:
                source["tables"] = [table for table in source["tables"] if _place(source, table) not in gone]
            self._engine.metadata = left
            self._engine.resource_version += 1

    # the database

    def _is_executed(self, source: str) -> bool:
        found = next(each for each in self._engine.metadata["sources"] if each["name"] == source)
        return (
            self._switches["sql_execution"] == "executed"
            and sources.kind_of(found) in sources.POSTGRES
            and self._databases.server is not None
        )

    def _executed(self, source: str, done: list[Script], script: Script, read_only: bool, path: str) -> Result:
        if not self._is_executed(source):
            last = (split(script[0]) or [""])[-1].strip()
            return Result(["?column?"], []) if last[:6].lower() == "select" else Result()
        try:
            return self._databases.execute((self._tenant.id, source), done, script, read_only)
        except SqlError as error:
            internal = {
                "statement": script[0],
                "prepared": False,
                "arguments": [],
                "error": {
                    "exec_status": "FatalError",
                    **{name: error.fields.get(name) for name in ("message", "status_code", "description", "hint")},
                },
            }
            told = internal if self._switches["sql_error_details"] == "internal" else None
            raise CommandError(400, "postgres-error", "query execution failed", path, told) from None

    def _tables(self, source: str, done: list[Script]) -> Tables:
        if self._is_executed(source):
            return self._databases.tables((self._tenant.id, source), done)
        seed = {f"public.{name}": content for name, content in DATABASE.items()}
        return tables_after(self._engine.tables.get(source, seed), done[-1][0])


def _place(source: dict[str, Any], table: dict[str, Any]) -> str:
    return f"{sources.table_text(table['table'], sources.kind_of(source))} in source {source['name']}"


def _told(result: Result) -> dict[str, Any]:
    """fact: hasura 10 [DOC]: the first row has the names of the columns. [K]: null is the text NULL"""
    if result.rows is None:
        return {"result_type": "CommandOk", "result": None}
    rows = [["NULL" if value is None else value for value in row] for row in result.rows]
    return {"result_type": "TuplesOk", "result": [result.columns, *rows]}
