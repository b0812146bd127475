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

import graphql

from .model import Tables
from .sources import (
    POSTGRES,
    Metadata,
    ParseError,
    check_name,
    content,
    exported,
    kind_of,
    qualified,
    table_text,
    with_defaults,
)

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
        for permission in _list(schema.get("permissions", []), f"{place}.permissions"):
            _check_permission(permission, f"{place}.permissions")
    for number, collection in enumerate(_list(metadata.get("query_collections", []), f"{path}.query_collections")):
        place = f"{path}.query_collections[{number}]"
        _need(_object(collection, place), ("name", "definition"), place)
    if "metrics_config" in metadata:
        # fact: hasura 7 [CLI]: the engine refuses an empty one
        _need(
            _object(metadata["metrics_config"], f"{path}.metrics_config"),
            ("analyze_query_variables", "analyze_response_body"),
            f"{path}.metrics_config",
            "the key '{}' was not present",
        )
    if defaults:
        result = {key: part for key, part in _exported(result).items() if key == "sources" or part not in ([], {})}
    return result


def _check_permission(permission: Any, path: str) -> None:
    _need(_object(permission, path), ("role", "definition"), path)
    _need(_object(permission["definition"], f"{path}.definition"), ("schema",), f"{path}.definition")
    try:
        graphql.parse(permission["definition"]["schema"])
    except (graphql.GraphQLError, TypeError) as error:
        raise ParseError(f"{path}.definition.schema", str(error)) from None


def _exported(metadata: Metadata) -> Metadata:
    """The parts besides sources with defaults filled in."""
    result = dict(metadata)
    if result.get("opentelemetry"):
        # fact: hasura 7 [SRV]
        given = result["opentelemetry"]
        exporter = {"protocol": "http/protobuf", "headers": [], "resource_attributes": [], "traces_propagators": ["b3"]}
        result["opentelemetry"] = {
            "status": "disabled",
            "data_types": [],
            **given,
            "exporter_otlp": {**exporter, **given.get("exporter_otlp", {})},
            "batch_span_processor": {"max_export_batch_size": 512, **given.get("batch_span_processor", {})},
        }
    if "rate_limit" in result.get("api_limits", {}):
        # fact: hasura 7 [CLI]
        rate = result["api_limits"]["rate_limit"]
        roles = {role: {"unique_params": None, **limit} for role, limit in rate.get("per_role", {}).items()}
        result["api_limits"] = {"disabled": False, **result["api_limits"], "rate_limit": {**rate, "per_role": roles}}
    if "remote_schemas" in result:
        result["remote_schemas"] = [_with_printed_schemas(schema) for schema in result["remote_schemas"]]
    return result


def _with_printed_schemas(remote_schema: Metadata) -> Metadata:
    """fact: hasura 7 [CLI]: what a role sees of a remote schema is printed anew"""
    if "permissions" not in remote_schema:
        return remote_schema
    printed = []
    for permission in remote_schema["permissions"]:
        document = graphql.parse(permission["definition"]["schema"])
        inputs = [part for part in document.definitions if isinstance(part, graphql.InputObjectTypeDefinitionNode)]
        others = [part for part in document.definitions if part not in inputs]
        text = "\n\n".join(graphql.print_ast(part) for part in (*others, *inputs))
        printed.append({**permission, "definition": {**permission["definition"], "schema": text}})
    return {**remote_schema, "permissions": printed}


def read_source(value: Any, path: str, strict: bool, defaults: bool) -> Metadata:
    source = _object(value, path)
    _need(source, ("name", "configuration"), path)
    configuration = _object(source["configuration"], f"{path}.configuration")
    kind = kind_of(source)
    result = _known(source, SOURCE_KEYS, "SourceMetadata", path, strict)
    tables = [
        _read_table(table, kind, f"{path}.tables[{number}]", defaults)
        for number, table in enumerate(_list(source.get("tables", []), f"{path}.tables"))
    ]
    _distinct([qualified(table["table"], kind) for table in tables], f"{path}.tables", "table")
    if defaults:
        tables.sort(key=lambda table: qualified(table["table"], kind))
        result = {
            "name": source["name"],
            **result,
            "kind": kind,
            "tables": tables,
            "configuration": with_defaults(configuration, kind),
        }
        return {key: part for key, part in result.items() if key == "tables" or part not in ([], {})}
    return {**result, "tables": tables}


def _read_table(value: Any, kind: str, path: str, defaults: bool) -> Metadata:
    """[K]: the engine itself refuses unknown keys of a table"""
    table = _object(value, path)
    _need(table, ("table",), path)
    unexpected = [key for key in table if key not in TABLE_KEYS]
    if unexpected:
        raise ParseError(path, f"unexpected keys when parsing TableMetadata: {', '.join(sorted(unexpected))}")
    name = table["table"]
    check_name(name, kind, f"{path}.table")
    for key in (*PERMISSIONS, *RELATIONSHIPS, "event_triggers"):
        for number, part in enumerate(_list(table.get(key, []), f"{path}.{key}")):
            needed = ("role", "permission") if key in PERMISSIONS else ("name",)
            _need(_object(part, f"{path}.{key}[{number}]"), needed, f"{path}.{key}[{number}]")
            if key in PERMISSIONS:
                _object(part["permission"], f"{path}.{key}[{number}].permission")
    _object(table.get("configuration", {}), f"{path}.configuration")
    if not defaults:
        return dict(table)
    result = {**table, "table": exported(name, kind)}
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


def _need(value: Metadata, keys: tuple[str, ...], path: str, message: str = 'key "{}" not found') -> None:
    for key in keys:
        if key not in value:
            raise ParseError(path, message.format(key))


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


# checking


def check(metadata: Metadata, env: dict[str, str], tables: dict[str, Tables]) -> list[Inconsistency]:
    """Everything that does not fit. Below a source that cannot be reached nothing is looked at [K]. tables: of the
    sources that SQL has changed."""
    found = []
    for source in metadata["sources"]:
        reason = source_problem(source, env)
        if reason is not None:
            found.append(Inconsistency(f"source {source['name']}", "source", source["name"], reason))
        else:
            own = tables.get(source["name"])
            found += [problem for table in source["tables"] for problem in _table_problems(source, table, env, own)]
    for schema in metadata.get("remote_schemas", []):
        missing = _unset(schema["definition"].get("url_from_env"), env)
        if missing:
            found.append(Inconsistency(f"remote schema {schema['name']}", "remote_schema", schema, missing))
    return found


def source_problem(source: Metadata, env: dict[str, str]) -> str | None:
    """Why a source cannot be reached: its variable is not set, or its address cannot be. Databases are canned: any
    postgres:// address is one, unless its host ends with .invalid. Other kinds of sources are always there."""
    if kind_of(source) not in POSTGRES:
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


def _table_problems(
    within: Metadata, table: Metadata, env: dict[str, str], tables: Tables | None
) -> Iterator[Inconsistency]:
    source, kind = within["name"], kind_of(within)
    text = table_text(table["table"], kind)
    place = f"table {text} in source {source}"
    found = content(table["table"], kind, tables)
    if found is None:
        definition = exported(table["table"], kind)
        yield Inconsistency(place, "table", definition, f'no such table/view exists in source: "{text}"')
        return
    columns = found[0]
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

    def table_left(source: Metadata, table: Metadata) -> Metadata:
        place = f"table {table_text(table['table'], kind_of(source))} in source {source['name']}"
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
                table_left(source, table)
                for table in source["tables"]
                if keep(f"table {table_text(table['table'], kind_of(source))} in source {source['name']}")
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
