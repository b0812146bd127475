# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal form of the metadata of a Hasura tenant, to compare metadata.

PRIVATE to the collection.

An engine exports metadata in another form than it was sent: with defaults added or omitted, names of tables as objects,
lists in another order. C(normal) converts both to one form, which the C(Place) of each object below and the
documentation of the module describe. Source: the metadata reference of graphql-engine 2, and what its exports look
like.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.masking import Hidden
from ansible_collections.webops.paas.plugins.module_utils._hasura.sdl import canonical

LIMITS = ("rate", "depth", "node", "time", "batch")
POSTGRES = "postgres"
DEFAULT_SCHEMAS = {POSTGRES: "public", "citus": "public", "cockroach": "public", "mssql": "dbo"}


@dataclass(frozen=True)
class Place:
    """An object within metadata.

    parts: {key: its kind}: a place; a list of one, for a list whose order has no meaning; a function that converts the
    value to normal form; or QUALIFIED. defaults: {key: values that are equal to a missing key}. is_sparse: whether
    empty values are too. Null always is. rewrite: called with the object first. source: the key with the name of
    another source, whose tables this object refers to.
    """

    parts: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    is_sparse: bool = False
    rewrite: Callable[[JsonObject], JsonObject] | None = None
    source: str | None = None


def _as_it_is(value: Any) -> Any:
    return value


# A place with the name of a table or function, whose form depends on the kind of source.
QUALIFIED = object()
# The name of a source without a name.
DEFAULT_SOURCE = "default"


def _qualified(table: Any, kind: str) -> Any:
    """users, {name: users} and {name: users, schema: public} are the same in Postgres; BigQuery has no default."""
    if isinstance(table, str):
        if kind in DEFAULT_SCHEMAS:
            return {"name": table, "schema": DEFAULT_SCHEMAS[kind]}
        return table if kind == "bigquery" else [table]
    if not isinstance(table, dict):
        return table
    given = {key: part for key, part in table.items() if part is not None}
    return {"schema": DEFAULT_SCHEMAS[kind], **given} if kind in DEFAULT_SCHEMAS and "name" in given else given


def _kind(source: Any) -> str:
    """All kinds that the engine does not know are data connectors."""
    kind = source.get("kind") if isinstance(source, dict) else None
    return POSTGRES if kind in (None, "pg") or not isinstance(kind, str) else kind


def _source_of_a_kind(source: JsonObject) -> JsonObject:
    """The connection of a source other than Postgres, as the engine exports it."""
    kind, configuration = _kind(source), source.get("configuration")
    if isinstance(configuration, dict):
        if kind == "mssql":
            configuration = {
                key: [_mssql(item) for item in part] if isinstance(part, list) else _mssql(part)
                for key, part in configuration.items()
            }
        elif kind not in (*DEFAULT_SCHEMAS, "bigquery") and "value" not in configuration:
            # The older way to configure a data connector.
            configuration = {"value": configuration, "timeout": configuration.get("timeout")}
        source = {**source, "configuration": configuration}
    return {**source, "kind": kind} if source.get("kind") == "pg" else source


def _mssql(connection: Any) -> Any:
    if not isinstance(connection, dict):
        return connection
    spelled = {"connection_string" if key == "database_url" else key: part for key, part in connection.items()}
    pool = spelled.get("pool_settings")
    if isinstance(pool, dict):
        defaults = {"max_connections": (None, 50), "total_max_connections": (None,), "idle_timeout": (None, 5)}
        kept = {key: part for key, part in pool.items() if part not in defaults.get(key, ())}
        spelled["pool_settings"] = kept or None
    return spelled


def _expression(value: Any) -> Any:
    """A filter or a check: the order of combined conditions and of sets of values has no meaning."""
    if isinstance(value, list):
        return [_expression(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _in_order(_expression(item)) if key in ("_and", "_or", "_in", "_nin") else _expression(item)
            for key, item in value.items()
        }
    return value


def _in_order(value: Any) -> Any:
    return sorted(value, key=json_text) if isinstance(value, list) else value


def _one_way_to_name_columns(configuration: JsonObject) -> JsonObject:
    """custom_column_names is the older form of the custom names of column_config; engines export both."""
    names, config = configuration.get("custom_column_names"), configuration.get("column_config")
    if not isinstance(names, dict) or not isinstance(config, (dict, type(None))):
        return configuration
    merged = {column: {"custom_name": name} for column, name in names.items()}
    for column, settings in (config or {}).items():
        merged[column] = {**merged.get(column, {}), **settings} if isinstance(settings, dict) else settings
    return {
        **{key: value for key, value in configuration.items() if key != "custom_column_names"},
        "column_config": merged,
    }


def _without_nulls(value: Any) -> Any:
    """Nested settings: null and an empty object are equal to a missing key."""
    if not isinstance(value, dict):
        return value
    parts = {key: _without_nulls(part) for key, part in value.items()}
    return {key: part for key, part in parts.items() if part is not None and part != {}}


_EMPTY: tuple[Any, ...] = ([], {})
_COMMENT: dict[str, tuple[Any, ...]] = {"comment": ("",), "description": ("",)}
_DESCRIBED = Place(defaults=_COMMENT)
_ROLE = Place(parts={"definition": Place()}, defaults=_COMMENT)
_HEADERS = [Place()]
_CONNECTION = Place(
    defaults={"isolation_level": ("read-committed",), "use_prepared_statements": (False,)}, is_sparse=True
)
_CONFIGURATION = Place(
    parts={"connection_info": _CONNECTION, "read_replicas": [_CONNECTION]}, defaults={"read_replicas": ([],)}
)
_PERMISSION = Place(
    parts={
        "columns": [_as_it_is],
        "computed_fields": [_as_it_is],
        "query_root_fields": [_as_it_is],
        "subscription_root_fields": [_as_it_is],
        "filter": _expression,
        "check": _expression,
    },
    defaults={"backend_only": (False,), "allow_aggregations": (False,), "computed_fields": ([],), "set": ({},)},
)
_ENTRY = Place(parts={"permission": _PERMISSION}, defaults=_COMMENT)
_RELATIONSHIP = Place(
    parts={
        "using": Place(
            parts={
                "foreign_key_constraint_on": Place(parts={"table": QUALIFIED}),
                "manual_configuration": Place(parts={"remote_table": QUALIFIED}),
            }
        )
    },
    defaults=_COMMENT,
)
_REMOTE_RELATIONSHIP = Place(
    parts={"definition": Place(parts={"to_source": Place(parts={"table": QUALIFIED}, source="source")})}
)
_EVENT_COLUMNS = Place(parts={"columns": [_as_it_is], "payload": [_as_it_is]})
_EVENT_TRIGGER = Place(
    parts={
        "definition": Place(
            parts={"insert": _EVENT_COLUMNS, "update": _EVENT_COLUMNS, "delete": _EVENT_COLUMNS},
            defaults={"enable_manual": (False,)},
        ),
        "headers": _HEADERS,
        "retry_conf": Place(defaults={"num_retries": (0,), "interval_sec": (10,), "timeout_sec": (60,)}),
    },
    defaults={"headers": ([],), "retry_conf": ({},)},
)
_TABLE = Place(
    parts={
        "table": QUALIFIED,
        "configuration": Place(defaults=_COMMENT, is_sparse=True, rewrite=_one_way_to_name_columns),
        "object_relationships": [_RELATIONSHIP],
        "array_relationships": [_RELATIONSHIP],
        "insert_permissions": [_ENTRY],
        "select_permissions": [_ENTRY],
        "update_permissions": [_ENTRY],
        "delete_permissions": [_ENTRY],
        "computed_fields": [Place(parts={"definition": Place(parts={"function": QUALIFIED})}, defaults=_COMMENT)],
        "remote_relationships": [_REMOTE_RELATIONSHIP],
        "event_triggers": [_EVENT_TRIGGER],
    },
    defaults={"is_enum": (False,)},
    is_sparse=True,
)
_FUNCTION = Place(parts={"function": QUALIFIED, "permissions": [_ROLE]}, defaults=_COMMENT, is_sparse=True)
_SOURCE = Place(
    rewrite=_source_of_a_kind,
    parts={
        "configuration": _CONFIGURATION,
        "tables": [_TABLE],
        "functions": [_FUNCTION],
        "native_queries": [Place()],
        "logical_models": [Place()],
        "stored_procedures": [Place(parts={"stored_procedure": QUALIFIED})],
        "customization": _without_nulls,
        "query_tags": Place(defaults={"disabled": (False,), "format": ("standard",)}),
    },
    defaults={"kind": (POSTGRES,)},
    is_sparse=True,
)
_REMOTE_SCHEMA = Place(
    parts={
        "definition": Place(
            parts={"headers": _HEADERS, "customization": _without_nulls},
            defaults={
                "timeout_seconds": (60,),
                "forward_client_headers": (False,),
                "headers": ([],),
                "customization": ({},),
            },
        ),
        "permissions": [Place(parts={"definition": Place(parts={"schema": canonical})}, defaults=_COMMENT)],
        "remote_relationships": [Place(parts={"relationships": [_REMOTE_RELATIONSHIP]})],
    },
    defaults={**_COMMENT, "permissions": ([],), "remote_relationships": ([],)},
)
_ACTION_DEFINITION = Place(
    parts={"arguments": [_DESCRIBED], "headers": _HEADERS, "ignored_client_headers": [_as_it_is]},
    # An action that is a query has an empty kind, or none.
    defaults={
        "kind": ("synchronous", ""),
        "type": ("mutation",),
        "forward_client_headers": (False,),
        "timeout": (30,),
        "arguments": ([],),
        "headers": ([],),
        "ignored_client_headers": ([],),
    },
)
_ACTION = Place(
    parts={"definition": _ACTION_DEFINITION, "permissions": [_ROLE]}, defaults={**_COMMENT, "permissions": ([],)}
)
_ENUM_VALUE = Place(defaults={**_COMMENT, "is_deprecated": (False,)})
_TYPE = Place(
    parts={
        "fields": [_DESCRIBED],
        "values": [_ENUM_VALUE],
        "relationships": [Place(parts={"remote_table": QUALIFIED}, source="source")],
    },
    defaults={**_COMMENT, "relationships": ([],)},
)
_CRON_TRIGGER = Place(
    parts={
        "headers": _HEADERS,
        "retry_conf": Place(
            defaults={
                "num_retries": (0,),
                "retry_interval_seconds": (10,),
                "timeout_seconds": (60,),
                "tolerance_seconds": (21600,),
            }
        ),
    },
    defaults={**_COMMENT, "include_in_metadata": (True,), "headers": ([],), "retry_conf": ({},)},
)
_TELEMETRY = Place(
    parts={
        "data_types": [_as_it_is],
        "exporter_otlp": Place(
            parts={"headers": _HEADERS, "resource_attributes": [Place()]},
            defaults={"protocol": ("http/protobuf",), "traces_propagators": (["b3"],)},
            is_sparse=True,
        ),
        "batch_span_processor": Place(defaults={"max_export_batch_size": (512,)}),
    },
    defaults={"status": ("disabled",)},
    is_sparse=True,
)
_METADATA = Place(
    parts={
        "sources": [_SOURCE],
        "remote_schemas": [_REMOTE_SCHEMA],
        "actions": [_ACTION],
        "cron_triggers": [_CRON_TRIGGER],
        "custom_types": Place(
            parts=dict.fromkeys(("objects", "input_objects", "scalars", "enums"), [_TYPE]), is_sparse=True
        ),
        "rest_endpoints": [Place(parts={"methods": [_as_it_is]}, defaults=_COMMENT)],
        "query_collections": [Place(parts={"definition": Place(parts={"queries": [Place()]})}, defaults=_COMMENT)],
        "allowlist": [Place(defaults={"scope": ({"global": True},)})],
        "inherited_roles": [Place(parts={"role_set": [_as_it_is]})],
        "network": Place(parts={"tls_allowlist": [Place()]}, is_sparse=True),
        "opentelemetry": _TELEMETRY,
        "graphql_schema_introspection": Place(parts={"disabled_for_roles": [_as_it_is]}, is_sparse=True),
        "api_limits": Place(
            parts=dict.fromkeys((f"{what}_limit" for what in LIMITS), _without_nulls),
            defaults={"disabled": (False,)},
            is_sparse=True,
        ),
    },
    is_sparse=True,
)


def normal(metadata: JsonObject) -> JsonObject:
    """The metadata in normal form; equal for metadata with the same meaning."""
    sources = metadata.get("sources")
    kinds = {
        str(source.get("name")): _kind(source)
        for source in (sources if isinstance(sources, list) else ())
        if isinstance(source, dict)
    }
    found: JsonObject = _normal(metadata, _METADATA, kinds, POSTGRES)
    return found


def is_same(one: JsonObject, other: JsonObject) -> bool:
    return is_same_json(normal(one), normal(other))


def _normal(value: Any, place: Any, kinds: dict[str, str], kind: str) -> Any:
    """kinds: {name: kind} of the sources. kind: that of the source that the value belongs or refers to."""
    if place is QUALIFIED:
        return _qualified(value, kind)
    if isinstance(place, list):
        if not isinstance(value, list):
            return value
        return sorted((_normal(item, place[0], kinds, kind) for item in value), key=json_text)
    if not isinstance(place, Place):
        return type(value)(place(value)) if isinstance(value, Hidden) else place(value)
    if not isinstance(value, dict):
        return value
    if place is _SOURCE:
        kind = _kind(value)
    elif place.source is not None:
        kind = kinds.get(str(value.get(place.source) or DEFAULT_SOURCE), POSTGRES)
    found = {}
    for key, part in (place.rewrite(value) if place.rewrite else value).items():
        part = _normal(part, place.parts.get(key, _as_it_is), kinds, kind)
        without = (*place.defaults.get(key, ()), *(_EMPTY if place.is_sparse else ()))
        if part is not None and not any(is_same_json(part, each) for each in without):
            found[key] = part
    return found


def json_text(item: object) -> str:
    return json.dumps(item, sort_keys=True, default=str)
