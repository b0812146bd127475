# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant's metadata: read strictly, kept as the engine keeps it, checked against variables and databases.

[K] in this file: general knowledge of graphql-engine version 2, see docs/platforms/hasura.md.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Metadata = dict[str, Any]

# [K] the keys of version 3
TOP_KEYS = (
    "version",
    "sources",
    "remote_schemas",
    "query_collections",
    "allowlist",
    "functions",
    "custom_types",
    "actions",
    "cron_triggers",
    "rest_endpoints",
    "api_limits",
    "metrics_config",
    "inherited_roles",
    "network",
    "backend_configs",
    "opentelemetry",
    "graphql_schema_introspection",
)
SOURCE_KEYS = (
    "name",
    "kind",
    "tables",
    "functions",
    "configuration",
    "customization",
    "query_tags",
    "health_check",
    "native_queries",
    "logical_models",
    "stored_procedures",
)
RELATIONSHIPS = {"object_relationships": "object_relation", "array_relationships": "array_relation"}
PERMISSIONS = {f"{action}_permissions": f"{action}_permission" for action in ("insert", "select", "update", "delete")}
TABLE_KEYS = (
    "table",
    "is_enum",
    "configuration",
    *RELATIONSHIPS,
    "computed_fields",
    "remote_relationships",
    *PERMISSIONS,
    "event_triggers",
    "apollo_federation_config",
    "logical_model",
)

POSTGRES = ("postgres", "citus", "cockroach")

# what any database of the stand-in holds: schema, table, columns with their GraphQL type, rows
USERS = [{"id": 1, "name": "Ada", "email": "ada@example.com"}, {"id": 2, "name": "Grace", "email": "grace@example.com"}]
DATABASE: dict[tuple[str, str], tuple[dict[str, str], list[dict[str, Any]]]] = {
    ("public", "users"): ({"id": "Int", "name": "String", "email": "String"}, USERS),
    ("public", "articles"): (
        {"id": "Int", "title": "String", "author_id": "Int"},
        [{"id": 1, "title": "First steps", "author_id": 1}, {"id": 2, "title": "Second thoughts", "author_id": 2}],
    ),
    ("public", "products"): (
        {"id": "Int", "name": "String", "price": "Float"},
        [{"id": 1, "name": "Pencil", "price": 1.5}],
    ),
    ("public", "orders"): (
        {"id": "Int", "user_id": "Int", "product_id": "Int"},
        [{"id": 1, "user_id": 1, "product_id": 1}],
    ),
}


class ParseError(ValueError):
    """The metadata cannot be read: where, and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Inconsistency:
    """One object that does not fit its surroundings."""

    name: str
    kind: str
    definition: Any
    reason: str

    def describe(self) -> dict[str, Any]:
        """[K]"""
        return {
            "definition": self.definition,
            "name": self.name,
            "reason": f"Inconsistent object: {self.reason}",
            "type": self.kind,
        }


def empty() -> Metadata:
    return {"version": 3, "sources": []}


# reading


def read(value: Any, path: str, strict: bool, defaults: bool) -> Metadata:
    """The metadata as it is kept. With `strict` unknown keys above tables are refused, else they are dropped; with
    `defaults` it is written as the engine exports it, else as it was sent. Raises ParseError."""
    metadata = _object(value, path)
    if metadata.get("version") != 3:
        raise ParseError(f"{path}.version", f"unsupported metadata version: {metadata.get('version')!r}")
    result = _known(metadata, TOP_KEYS, "Metadata", path, strict)
    sources = _list(metadata.get("sources", []), f"{path}.sources")
    result["sources"] = [
        read_source(source, f"{path}.sources[{number}]", strict, defaults) for number, source in enumerate(sources)
    ]
    _distinct([source["name"] for source in result["sources"]], f"{path}.sources", "source")
    for number, schema in enumerate(_list(metadata.get("remote_schemas", []), f"{path}.remote_schemas")):
        place = f"{path}.remote_schemas[{number}]"
        _need(_object(schema, place), ("name", "definition"), place)
        _object(schema["definition"], f"{place}.definition")
    if defaults:
        result = {key: part for key, part in result.items() if key == "sources" or part not in ([], {})}
    return result


def read_source(value: Any, path: str, strict: bool, defaults: bool) -> Metadata:
    source = _object(value, path)
    _need(source, ("name", "configuration"), path)
    configuration = _object(source["configuration"], f"{path}.configuration")
    result = _known(source, SOURCE_KEYS, "SourceMetadata", path, strict)
    tables = [
        _read_table(table, f"{path}.tables[{number}]", defaults)
        for number, table in enumerate(_list(source.get("tables", []), f"{path}.tables"))
    ]
    _distinct([qualified(table["table"]) for table in tables], f"{path}.tables", "table")
    if defaults:
        tables.sort(key=lambda table: qualified(table["table"]))
        result = {
            "name": source["name"],
            "kind": source.get("kind", "postgres"),
            **result,
            "tables": tables,
            "configuration": _with_defaults(configuration),
        }
        return {key: part for key, part in result.items() if key == "tables" or part not in ([], {})}
    return {**result, "tables": tables}


def _with_defaults(configuration: Metadata) -> Metadata:
    """[K]: exports name the isolation level and whether statements are prepared"""
    info = configuration.get("connection_info")
    if not isinstance(info, dict):
        return configuration
    return {
        **configuration,
        "connection_info": {"isolation_level": "read-committed", "use_prepared_statements": False, **info},
    }


def _read_table(value: Any, path: str, defaults: bool) -> Metadata:
    """[K]: the engine itself refuses unknown keys of a table"""
    table = _object(value, path)
    _need(table, ("table",), path)
    unexpected = [key for key in table if key not in TABLE_KEYS]
    if unexpected:
        raise ParseError(path, f"unexpected keys when parsing TableMetadata: {', '.join(sorted(unexpected))}")
    name = table["table"]
    if not isinstance(name, str) and not (
        isinstance(name, dict) and isinstance(name.get("name"), str) and isinstance(name.get("schema", "public"), str)
    ):
        raise ParseError(f"{path}.table", "expected a table's name, or an object of its name and schema")
    for key in (*PERMISSIONS, *RELATIONSHIPS, "event_triggers"):
        for number, part in enumerate(_list(table.get(key, []), f"{path}.{key}")):
            needed = ("role", "permission") if key in PERMISSIONS else ("name",)
            _need(_object(part, f"{path}.{key}[{number}]"), needed, f"{path}.{key}[{number}]")
            if key in PERMISSIONS:
                _object(part["permission"], f"{path}.{key}[{number}].permission")
    _object(table.get("configuration", {}), f"{path}.configuration")
    if not defaults:
        return dict(table)
    schema, bare = qualified(name)
    result = {**table, "table": {"name": bare, "schema": schema}}
    for key in (*PERMISSIONS, *RELATIONSHIPS):
        if key in result:
            sort_by = "role" if key in PERMISSIONS else "name"
            result[key] = sorted(result[key], key=lambda part: str(part[sort_by]))
    return {key: part for key, part in result.items() if part not in ([], {}) and (key, part) != ("is_enum", False)}


def _known(value: Metadata, keys: tuple[str, ...], kind: str, path: str, strict: bool) -> Metadata:
    unexpected = [key for key in value if key not in keys]
    if unexpected and strict:
        raise ParseError(path, f"unexpected keys when parsing {kind}: {', '.join(sorted(unexpected))}")
    return {key: part for key, part in value.items() if key in keys}


def _need(value: Metadata, keys: tuple[str, ...], path: str) -> None:
    for key in keys:
        if key not in value:
            raise ParseError(path, f'key "{key}" not found')


def _object(value: Any, path: str) -> Metadata:
    if not isinstance(value, dict):
        raise ParseError(path, "expected an object")
    return value


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise ParseError(path, "expected a list")
    return value


def _distinct(names: list[Any], path: str, what: str) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            raise ParseError(path, f"multiple declarations exist for the following {what}: {name}")


def qualified(table: Any) -> tuple[str, str]:
    """Schema and name of a table that is named by text or by an object."""
    return ("public", table) if isinstance(table, str) else (table.get("schema", "public"), table["name"])


def table_text(table: Any) -> str:
    """[K]: the schema public is not said"""
    schema, name = qualified(table)
    return name if schema == "public" else f"{schema}.{name}"


# checking


def check(metadata: Metadata, env: dict[str, str]) -> list[Inconsistency]:
    """Everything that does not fit. Below a source that cannot be reached nothing is looked at [K]."""
    found = []
    for source in metadata["sources"]:
        reason = source_problem(source, env)
        if reason is not None:
            found.append(Inconsistency(f"source {source['name']}", "source", source["name"], reason))
        else:
            found += [problem for table in source["tables"] for problem in _table_problems(source["name"], table, env)]
    for schema in metadata.get("remote_schemas", []):
        missing = _unset(schema["definition"].get("url_from_env"), env)
        if missing:
            found.append(Inconsistency(f"remote schema {schema['name']}", "remote_schema", schema, missing))
    return found


def source_problem(source: Metadata, env: dict[str, str]) -> str | None:
    """Why a source cannot be reached: its variable is not set, or its address cannot be. Databases are canned: any
    postgres:// address is one, unless its host ends with .invalid. Other kinds of sources are always there."""
    if source.get("kind", "postgres") not in POSTGRES:
        return None
    info = source["configuration"].get("connection_info", {})
    url = info.get("database_url") if isinstance(info, dict) else None
    if isinstance(url, dict) and "from_env" in url:
        if url["from_env"] not in env:
            return _unset(url["from_env"], env)
        url = env[url["from_env"]]
    if isinstance(url, dict):
        return None  # connection_parameters
    parts = urllib.parse.urlsplit(url if isinstance(url, str) else "")
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname or parts.hostname.endswith(".invalid"):
        return "connection error"
    return None


def _unset(name: Any, env: dict[str, str]) -> str | None:
    return f"environment variable '{name}' not set" if name is not None and name not in env else None


def _table_problems(source: str, table: Metadata, env: dict[str, str]) -> Iterator[Inconsistency]:
    text = table_text(table["table"])
    place = f"table {text} in source {source}"
    schema, name = qualified(table["table"])
    if (schema, name) not in DATABASE:
        yield Inconsistency(
            place, "table", {"name": name, "schema": schema}, f'no such table/view exists in source: "{text}"'
        )
        return
    columns = DATABASE[(schema, name)][0]
    for key, kind in RELATIONSHIPS.items():
        for part in table.get(key, []):
            column = _foreign_key(part, kind)
            if column is not None and column not in columns:
                yield Inconsistency(
                    f"{kind} {part['name']} in {place}",
                    kind,
                    {**part, "table": table["table"], "source": source},
                    f'column "{column}" does not exist in table "{text}"',
                )
    for key, kind in PERMISSIONS.items():
        for part in table.get(key, []):
            wanted = part["permission"].get("columns", [])
            missing = [column for column in wanted if column not in columns] if isinstance(wanted, list) else []
            if missing:
                yield Inconsistency(
                    f"{kind} {part['role']} in {place}",
                    kind,
                    {**part, "table": table["table"], "source": source},
                    f'in table "{text}": in permission for role "{part["role"]}": "{missing[0]}" does not exist',
                )
    for trigger in table.get("event_triggers", []):
        missing_variable = _unset(trigger.get("webhook_from_env"), env)
        if missing_variable:
            yield Inconsistency(
                f"event_trigger {trigger['name']} in {place}",
                "event_trigger",
                {"configuration": trigger, "table": table["table"], "source": source},
                missing_variable,
            )


def _foreign_key(relationship: Metadata, kind: str) -> str | None:
    """The column of this table on which an object relationship stands, if it does."""
    using = relationship.get("using")
    column = using.get("foreign_key_constraint_on") if isinstance(using, dict) else None
    return column if kind == "object_relation" and isinstance(column, str) else None


def without(metadata: Metadata, problems: list[Inconsistency]) -> Metadata:
    """What is left when the inconsistent objects are dropped."""
    names = {problem.name for problem in problems}

    def keep(name: str) -> bool:
        return name not in names

    def table_left(source: str, table: Metadata) -> Metadata:
        place = f"table {table_text(table['table'])} in source {source}"
        left = dict(table)
        kinds: dict[str, tuple[str, Callable[[Any], Any]]] = {
            **{key: (kind, lambda part: part["name"]) for key, kind in RELATIONSHIPS.items()},
            **{key: (kind, lambda part: part["role"]) for key, kind in PERMISSIONS.items()},
            "event_triggers": ("event_trigger", lambda part: part["name"]),
        }
        for key, (kind, label) in kinds.items():
            if key in left:
                left[key] = [part for part in left[key] if keep(f"{kind} {label(part)} in {place}")]
        return left

    sources = [
        {
            **source,
            "tables": [
                table_left(source["name"], table)
                for table in source["tables"]
                if keep(f"table {table_text(table['table'])} in source {source['name']}")
            ],
        }
        for source in metadata["sources"]
        if keep(f"source {source['name']}")
    ]
    result = {**metadata, "sources": sources}
    if "remote_schemas" in metadata:
        result["remote_schemas"] = [
            schema for schema in metadata["remote_schemas"] if keep(f"remote schema {schema['name']}")
        ]
    return result
