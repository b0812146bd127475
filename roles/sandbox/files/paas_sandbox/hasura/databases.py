# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The databases behind the sources of tenants, in one PostgreSQL server that starts when the first SQL arrives.

The state of the sandbox keeps the list of scripts that were committed in a database. A database that has run other
scripts, because the state was reset or restored, is created again from this list.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import Any

from .model import Tables
from .postgres import Result, Server, SqlError, programs
from .sources import DATABASE
from .statements import GRAPHQL, split

# (SQL, whether it runs outside of a transaction)
Script = tuple[str, bool]
# The database that all others are copies of.
SEED = "seed"
# PostgreSQL's types by GraphQL's.
TYPES = {"Int": "integer", "Float": "double precision", "String": "text"}
COLUMNS = """SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'hdb_catalog') ORDER BY 1, 2, ordinal_position"""
# Maximum number of rows of a table that GraphQL returns.
SHOWN_ROWS = 100


class Databases:
    """Executes scripts. The state that clients can see is kept elsewhere."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._is_missing = False
        # {(id of the tenant, name of the source): (name of its database, digest of the scripts that it has run)}
        self._now: dict[tuple[str, str], tuple[str, str]] = {}
        self._count = 0

    @property
    def server(self) -> Server | None:
        """None if PostgreSQL or its driver is not installed, or does not start."""
        if self._server is None and not self._is_missing:
            directory = programs()
            try:
                self._server = None if directory is None else _seeded(Server(directory))
            except (ImportError, OSError, SqlError, subprocess.CalledProcessError) as error:
                print(f"sandbox: SQL is only recorded: {error}", file=sys.stderr)
            self._is_missing = self._server is None
        return self._server

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def execute(self, place: tuple[str, str], done: list[Script], script: Script, read_only: bool) -> Result:
        """place: (id of the tenant, name of the source). done: the scripts that were committed before. Raises SqlError,
        after which nothing of the script is kept.
        """
        name = self._database(place, done)
        text, is_alone = script
        # If it fails halfway, it may have committed something that the state does not have.
        self._now[place] = (name, "")
        if is_alone:
            result = self._run(name, *split(text))
        else:
            result = self._run(name, f"BEGIN {'READ ONLY' if read_only else ''}", text, "COMMIT", result_of=1)
        self._now[place] = (name, _digest(done if read_only else [*done, script]))
        return result

    def tables(self, place: tuple[str, str], done: list[Script]) -> Tables:
        """The tables of a database and their first rows. Arguments: see `execute`."""
        name = self._database(place, done)
        found: Tables = {}
        for schema, table, column, kind in self._run(name, COLUMNS).rows or []:
            columns, _rows = found.setdefault(f"{schema}.{table}", ({}, []))
            columns[str(column)] = GRAPHQL.get(str(kind), "String")
        for label, (columns, rows) in found.items():
            quoted = ".".join(f'"{part}"' for part in label.split(".", 1))
            names = ", ".join(f'"{column}"' for column in columns)
            for row in self._run(name, f"SELECT {names} FROM {quoted} LIMIT {SHOWN_ROWS}").rows or []:
                rows.append({key: _typed(value, columns[key]) for key, value in zip(columns, row, strict=True)})
        return found

    def _database(self, place: tuple[str, str], done: list[Script]) -> str:
        """The name of a database that has run exactly these scripts."""
        name, digest = self._now.get(place, ("", ""))
        if name and digest == _digest(done):
            return name
        if name:
            self._run("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._count += 1
        name = f"source_{self._count}"
        self._run("postgres", f"CREATE DATABASE {name} TEMPLATE {SEED}")
        for text, is_alone in done:
            self._run(name, *(split(text) if is_alone else [f"BEGIN;{text}\n;COMMIT"]))
        self._now[place] = (name, _digest(done))
        return name

    def _run(self, database: str, *texts: str, result_of: int = -1) -> Result:
        if self._server is None:
            raise AssertionError("there is no server")
        return self._server.run(database, *texts, result_of=result_of)


def _seeded(server: Server) -> Server:
    """The server with the database that all others are copies of."""
    server.run("postgres", f"CREATE DATABASE {SEED}")
    for table, (columns, rows) in DATABASE.items():
        described = ", ".join(
            f'"{name}" {TYPES[kind]}{" PRIMARY KEY" if name == "id" else ""}' for name, kind in columns.items()
        )
        values = ", ".join(f"({', '.join(_literal(row[name]) for name in columns)})" for row in rows)
        server.run(SEED, f"CREATE TABLE {table} ({described}); INSERT INTO {table} VALUES {values}")
    return server


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _typed(value: str | None, kind: str) -> Any:
    if value is None or kind == "String":
        return value
    return value == "t" if kind == "Boolean" else int(value) if kind == "Int" else float(value)


def _digest(done: list[Script]) -> str:
    return hashlib.sha256(json.dumps(done).encode()).hexdigest()
