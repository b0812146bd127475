# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sources in a tenant's metadata: how each kind names its tables and is configured, and what its database holds."""

from __future__ import annotations

from typing import Any

from .model import Tables

Metadata = dict[str, Any]

POSTGRES = ("postgres", "citus", "cockroach")
# fact: hasura 7 [SRV]: the schema of a table that is named without one; BigQuery has none, and all other kinds are
# those of data connectors
DEFAULT_SCHEMAS = {**dict.fromkeys(POSTGRES, "public"), "mssql": "dbo"}
BIGQUERY = "bigquery"

# what each database of the sandbox has, by table: columns with their GraphQL type, and rows; in the default schema, in
# any dataset, and in any namespace of a data connector
USERS = [{"id": 1, "name": "Ada", "email": "ada@example.com"}, {"id": 2, "name": "Grace", "email": "grace@example.com"}]
DATABASE: dict[str, tuple[dict[str, str], list[dict[str, Any]]]] = {
    "users": ({"id": "Int", "name": "String", "email": "String"}, USERS),
    "articles": (
        {"id": "Int", "title": "String", "author_id": "Int"},
        [{"id": 1, "title": "First steps", "author_id": 1}, {"id": 2, "title": "Second thoughts", "author_id": 2}],
    ),
    "products": (
        {"id": "Int", "name": "String", "price": "Float"},
        [{"id": 1, "name": "Pencil", "price": 1.5}],
    ),
    "orders": (
        {"id": "Int", "user_id": "Int", "product_id": "Int"},
        [{"id": 1, "user_id": 1, "product_id": 1}],
    ),
}


class ParseError(ValueError):
    """The metadata cannot be read: where, and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def kind_of(source: Metadata) -> str:
    """fact: hasura 7 [SRV]: pg is another word for postgres, which is the default"""
    kind = str(source.get("kind", "postgres"))
    return "postgres" if kind == "pg" else kind


def with_defaults(configuration: Metadata, kind: str) -> Metadata:
    """[K]: exports of Postgres name the isolation level and whether statements are prepared. fact: hasura 7 [SRV]:
    those of SQL Server have the connection string under one name, and all settings of the pool; those of data
    connectors have the configuration as a value"""
    if kind == BIGQUERY:
        return configuration
    if kind not in DEFAULT_SCHEMAS:
        if "value" not in configuration:
            configuration = {"value": configuration, "timeout": configuration.get("timeout")}
        return {"template": None, "timeout": None, **configuration}
    info = configuration.get("connection_info")
    if not isinstance(info, dict):
        return configuration
    if kind == "mssql":
        pool = {"max_connections": None, "total_max_connections": None, "idle_timeout": 5}
        kept = {key: part for key, part in info.items() if key not in ("database_url", "pool_settings")}
        if "database_url" in info:
            kept["connection_string"] = info["database_url"]
        kept["pool_settings"] = {**pool, **(info.get("pool_settings") or {})}
        return {**configuration, "connection_info": kept}
    return {
        **configuration,
        "connection_info": {"isolation_level": "read-committed", "use_prepared_statements": False, **info},
    }


def check_name(name: Any, kind: str, path: str) -> None:
    """fact: hasura 7 [SRV]"""
    parts = name if isinstance(name, dict) else {"name": name}
    if kind in DEFAULT_SCHEMAS:
        if not isinstance(parts.get("name"), str) or not isinstance(parts.get("schema", ""), str):
            raise ParseError(path, "expected a table's name, or an object of its name and schema")
    elif kind == BIGQUERY:
        if (
            not isinstance(name, dict)
            or not isinstance(name.get("name"), str)
            or not isinstance(name.get("dataset"), str)
        ):
            raise ParseError(path, "expected an object of the table's name and its dataset")
    elif not isinstance(name, str) and not (
        isinstance(name, list) and name and all(isinstance(part, str) for part in name)
    ):
        raise ParseError(path, "expected a list of the parts of the table's name")


def qualified(table: Any, kind: str) -> tuple[str, ...]:
    """The parts of a table's name, such as its schema; the last one is the name itself."""
    if isinstance(table, list):
        return tuple(table)
    if isinstance(table, str):
        return (DEFAULT_SCHEMAS[kind], table) if kind in DEFAULT_SCHEMAS else (table,)
    return (table["dataset"] if kind == BIGQUERY else table.get("schema", DEFAULT_SCHEMAS[kind]), table["name"])


def exported(table: Any, kind: str) -> Any:
    """A table's name as the engine exports it."""
    parts = qualified(table, kind)
    if kind in DEFAULT_SCHEMAS:
        return {"name": parts[1], "schema": parts[0]}
    return table if kind == BIGQUERY else list(parts)


def table_text(table: Any, kind: str) -> str:
    """[K]: the default schema is not said"""
    parts = qualified(table, kind)
    return ".".join(parts[1:] if parts[0] == DEFAULT_SCHEMAS.get(kind) else parts)


def content(table: Any, kind: str, tables: Tables | None) -> tuple[dict[str, str], list[dict[str, Any]]] | None:
    """Columns and rows of a table; None when the table does not exist in the database. tables: of the database, if SQL
    has changed it."""
    parts = qualified(table, kind)
    if tables is not None:
        return tables.get(".".join(parts))
    is_there = kind not in DEFAULT_SCHEMAS or parts[0] == DEFAULT_SCHEMAS[kind]
    return DATABASE.get(parts[-1]) if is_there else None
