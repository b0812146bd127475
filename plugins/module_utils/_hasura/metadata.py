# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Hasura tenant's metadata as declared state: when two are the same, what of them is secret, how they are replaced. PRIVATE to the collection.

An engine exports metadata otherwise than it was sent: defaults filled in or left out, tables' names as objects, lists in an
order of its own. C(normal) writes both in one way; what that way is stands in PLACES, and in the documentation of the module.
Source: the metadata reference of graphql-engine 2, and what its exports look like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE, is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._core.variables import MASK
from ansible_collections.webops.paas.plugins.module_utils._hasura import backups as _hasura_backups

VERSION = 3
WRITE_ATTEMPTS = 5
# Seconds before the second attempt; the pauses then double, and none is quite like another run's.
WRITE_PAUSE = 0.5
# How many places and objects a message names.
NAMED = 5


def checked(option: str, value) -> dict:
    """Metadata of version 3: the object itself, or as export_metadata answers it ({resource_version, metadata}). Raises InvalidInput."""
    if (
        isinstance(value, dict)
        and isinstance(value.get("metadata"), dict)
        and value.keys() <= {"resource_version", "metadata"}
    ):
        value = value["metadata"]
    if not isinstance(value, dict):
        raise InvalidInput(option, f"{option}: metadata must be an object, not {type(value).__name__}.")
    # Templates make texts of numbers.
    if not is_same_json(value.get("version"), VERSION) and value.get("version") != str(VERSION):
        raise InvalidInput(
            option,
            f"{option}: metadata must say version: {VERSION}, which is that of Hasura 2, not {value.get('version')!r}.",
        )
    return {"sources": [], **value, "version": VERSION}


# -- one way to write it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """An object within metadata.

    parts: {key: what stands there}: a place; a list of one, for a list whose order has no meaning; or a function that writes the
    value in the one way. defaults: {key: values that mean the same as no such key}. is_sparse: whether what is empty means
    the same, too. Null always does. rewrite: called with the object before anything else.
    """

    parts: dict = field(default_factory=dict)
    defaults: dict = field(default_factory=dict)
    is_sparse: bool = False
    rewrite: Callable | None = None


def _as_it_is(value):
    return value


def _qualified(table):
    """users, {name: users} and {name: users, schema: public} are the same; other databases than Postgres name tables otherwise."""
    if isinstance(table, str):
        return {"name": table, "schema": "public"}
    return {**table, "schema": "public"} if isinstance(table, dict) and table.keys() == {"name"} else table


def _expression(value):
    """A filter or a check: of what is combined, and of a set of values, the order has no meaning."""
    if isinstance(value, list):
        return [_expression(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _in_order(_expression(item)) if key in ("_and", "_or", "_in", "_nin") else _expression(item)
            for key, item in value.items()
        }
    return value


def _in_order(value):
    return sorted(value, key=_text) if isinstance(value, list) else value


def _one_way_to_name_columns(configuration: dict) -> dict:
    """custom_column_names is the older way to write the custom names of column_config; engines export both."""
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


_EMPTY = ([], {})
_COMMENT = {"comment": ("",), "description": ("",)}
_DESCRIBED = _Place(defaults=_COMMENT)
_ROLE = _Place(parts={"definition": _Place()}, defaults=_COMMENT)
_HEADERS = [_Place()]
_CONNECTION = _Place(
    defaults={"isolation_level": ("read-committed",), "use_prepared_statements": (False,)}, is_sparse=True
)
_CONFIGURATION = _Place(
    parts={"connection_info": _CONNECTION, "read_replicas": [_CONNECTION]}, defaults={"read_replicas": ([],)}
)
_PERMISSION = _Place(
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
_ENTRY = _Place(parts={"permission": _PERMISSION}, defaults=_COMMENT)
_RELATIONSHIP = _Place(
    parts={
        "using": _Place(
            parts={
                "foreign_key_constraint_on": _Place(parts={"table": _qualified}),
                "manual_configuration": _Place(parts={"remote_table": _qualified}),
            }
        )
    },
    defaults=_COMMENT,
)
_EVENT_COLUMNS = _Place(parts={"columns": [_as_it_is], "payload": [_as_it_is]})
_EVENT_TRIGGER = _Place(
    parts={
        "definition": _Place(
            parts={"insert": _EVENT_COLUMNS, "update": _EVENT_COLUMNS, "delete": _EVENT_COLUMNS},
            defaults={"enable_manual": (False,)},
        ),
        "headers": _HEADERS,
        "retry_conf": _Place(defaults={"num_retries": (0,), "interval_sec": (10,), "timeout_sec": (60,)}),
    },
    defaults={"headers": ([],), "retry_conf": ({},)},
)
_TABLE = _Place(
    parts={
        "table": _qualified,
        "configuration": _Place(defaults=_COMMENT, is_sparse=True, rewrite=_one_way_to_name_columns),
        "object_relationships": [_RELATIONSHIP],
        "array_relationships": [_RELATIONSHIP],
        "insert_permissions": [_ENTRY],
        "select_permissions": [_ENTRY],
        "update_permissions": [_ENTRY],
        "delete_permissions": [_ENTRY],
        "computed_fields": [_Place(parts={"definition": _Place(parts={"function": _qualified})}, defaults=_COMMENT)],
        "remote_relationships": [
            _Place(parts={"definition": _Place(parts={"to_source": _Place(parts={"table": _qualified})})})
        ],
        "event_triggers": [_EVENT_TRIGGER],
    },
    defaults={"is_enum": (False,)},
    is_sparse=True,
)
_FUNCTION = _Place(parts={"function": _qualified, "permissions": [_ROLE]}, defaults=_COMMENT, is_sparse=True)
_SOURCE = _Place(
    parts={
        "configuration": _CONFIGURATION,
        "tables": [_TABLE],
        "functions": [_FUNCTION],
        "native_queries": [_Place()],
        "logical_models": [_Place()],
        "stored_procedures": [_Place()],
    },
    defaults={"kind": ("postgres",)},
    is_sparse=True,
)
_REMOTE_SCHEMA = _Place(
    parts={
        "definition": _Place(
            parts={"headers": _HEADERS},
            defaults={
                "timeout_seconds": (60,),
                "forward_client_headers": (False,),
                "headers": ([],),
                "customization": ({},),
            },
        ),
        "permissions": [_ROLE],
        "remote_relationships": [_Place()],
    },
    defaults={**_COMMENT, "permissions": ([],), "remote_relationships": ([],)},
)
_ACTION_DEFINITION = _Place(
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
_ACTION = _Place(
    parts={"definition": _ACTION_DEFINITION, "permissions": [_ROLE]}, defaults={**_COMMENT, "permissions": ([],)}
)
_ENUM_VALUE = _Place(defaults={**_COMMENT, "is_deprecated": (False,)})
_TYPE = _Place(
    parts={
        "fields": [_DESCRIBED],
        "values": [_ENUM_VALUE],
        "relationships": [_Place(parts={"remote_table": _qualified})],
    },
    defaults={**_COMMENT, "relationships": ([],)},
)
_CRON_TRIGGER = _Place(
    parts={
        "headers": _HEADERS,
        "retry_conf": _Place(
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
_METADATA = _Place(
    parts={
        "sources": [_SOURCE],
        "remote_schemas": [_REMOTE_SCHEMA],
        "actions": [_ACTION],
        "cron_triggers": [_CRON_TRIGGER],
        "custom_types": _Place(
            parts=dict.fromkeys(("objects", "input_objects", "scalars", "enums"), [_TYPE]), is_sparse=True
        ),
        "rest_endpoints": [_Place(parts={"methods": [_as_it_is]}, defaults=_COMMENT)],
        "query_collections": [_Place(parts={"definition": _Place(parts={"queries": [_Place()]})}, defaults=_COMMENT)],
        "allowlist": [_Place(defaults={"scope": ({"global": True},)})],
        "inherited_roles": [_Place(parts={"role_set": [_as_it_is]})],
        "network": _Place(parts={"tls_allowlist": [_as_it_is]}, is_sparse=True),
        "graphql_schema_introspection": _Place(parts={"disabled_for_roles": [_as_it_is]}, is_sparse=True),
        "api_limits": _Place(defaults={"disabled": (False,)}),
    },
    is_sparse=True,
)


def normal(metadata: dict) -> dict:
    """The metadata in the one way of writing it; equal for what means the same to an engine."""
    return _normal(metadata, _METADATA)


def is_same(one: dict, other: dict) -> bool:
    return is_same_json(normal(one), normal(other))


def _normal(value, place):
    if isinstance(place, list):
        return sorted((_normal(item, place[0]) for item in value), key=_text) if isinstance(value, list) else value
    if not isinstance(place, _Place):
        return place(value)
    if not isinstance(value, dict):
        return value
    found = {}
    for key, part in (place.rewrite(value) if place.rewrite else value).items():
        part = _normal(part, place.parts.get(key, _as_it_is))
        without = (*place.defaults.get(key, ()), *(_EMPTY if place.is_sparse else ()))
        if part is not None and not any(is_same_json(part, each) for each in without):
            found[key] = part
    return found


def _text(item) -> str:
    return json.dumps(item, sort_keys=True, default=str)


# -- what differs ------------------------------------------------------------------------------------------------------


def differences(one, other) -> list[str]:
    """The places, such as sources[default].tables[public.users], at which two normal metadata differ."""
    return [_place_text(path) for path in _differences(one, other, ())]


def _differences(one, other, path):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys(), key=str):
            if key in one and key in other:
                yield from _differences(one[key], other[key], (*path, key))
            else:
                yield (*path, key)
    elif (
        isinstance(one, list)
        and isinstance(other, list)
        and _labelled(one) is not None
        and _labelled(other) is not None
    ):
        mine, others = _labelled(one), _labelled(other)
        for label in sorted(mine.keys() | others.keys()):
            if label in mine and label in others:
                yield from _differences(mine[label], others[label], (*path, (label,)))
            else:
                yield (*path, (label,))
    elif not is_same_json(one, other):
        yield path


def _labelled(items: list) -> dict | None:
    """{label: item}, None when they have none that tell them apart."""
    labels = [_label(item) for item in items]
    return None if None in labels or len(set(labels)) < len(labels) else dict(zip(labels, items))


def _label(item) -> str | None:
    """What tells an item of a list from the others."""
    if not isinstance(item, dict):
        return None
    for key in ("name", "role", "role_name", "table", "function", "collection", "value"):
        if isinstance(item.get(key), str):
            return item[key]
        if isinstance(item.get(key), dict) and isinstance(item[key].get("name"), str):
            return f"{item[key].get('schema') or item[key].get('dataset') or ''}.{item[key]['name']}".lstrip(".")
    return None


def _place_text(path: tuple) -> str:
    return "".join(f"[{step[0]}]" if isinstance(step, tuple) else f".{step}" for step in path).lstrip(".")


def named(texts: list) -> str:
    """The first few of them, and how many more there are."""
    more = f", and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more


# -- what is secret ----------------------------------------------------------------------------------------------------

# A text below these keys is a secret.
SECRET_KEYS = frozenset(
    {"database_url", "connection_string", "password", "webhook", "sslkey", "sslpassword", "datasource"}
)
# Every text below these is, but for the names of environment variables.
SECRET_TREES = frozenset({"service_account", "add_headers", "query_params"})
# Here what stands before @ and after ? is one.
URL_KEYS = frozenset({"handler", "url"})
NO_SECRET_KEYS = frozenset({"from_env", "value_from_env", "webhook_from_env", "url_from_env", "dynamic_from_file"})
URL_SECRET = re.compile(r"(?P<before>://)(?P<user>[^/?#@]*)(?=@)|(?<=\?)(?P<query>.+)", re.DOTALL)


def masked(metadata):
    """The same with secrets masked where they stand. metadata: anything; no shape is relied on."""
    return _replaced(metadata, lambda path, secret: MASK)


def secrets(metadata) -> set:
    """What to look for in quotes."""
    found = set()

    def note(_path, secret):
        found.add(secret)
        try:
            found.add(unquote(urlsplit(secret).password or ""))
        except ValueError:
            pass
        return secret

    _replaced(metadata, note)
    return found


def sides(before: dict, after: dict) -> tuple[dict, dict]:
    """(before, after) of a diff, both normal. Of secrets it is told whether they are the same."""
    former: dict = {}

    def remember(path, secret):
        former.setdefault(path, []).append(secret)
        return SECRET_BEFORE

    shown_before = _replaced(before, remember)

    def compare(path, secret):
        return SECRET_BEFORE if secret in former.get(path, ()) else SECRET_AFTER

    return shown_before, _replaced(after, compare)


def _replaced(value, replace, path: tuple = (), is_secret: bool = False):
    """replace(path, secret) says what stands there instead."""
    if isinstance(value, dict):
        return {key: _replaced_part(key, part, replace, path, is_secret) for key, part in value.items()}
    if isinstance(value, list):
        is_header = path[-1:] == ("headers",)
        return [
            _replaced_header(item, replace, path)
            if is_header and isinstance(item, dict)
            else _replaced(item, replace, (*path, _label(item)), is_secret)
            for item in value
        ]
    return replace(path, value) if is_secret and isinstance(value, str) else value


def _replaced_part(key, part, replace, path, is_secret):
    here = (*path, key)
    if key in NO_SECRET_KEYS:
        return part
    # A data connector's configuration may have its secrets anywhere.
    if is_secret or key in SECRET_TREES or here[-2:] == ("configuration", "value"):
        return _replaced(part, replace, here, True)
    if isinstance(part, str):
        if key in SECRET_KEYS:
            return replace(here, part)
        if key in URL_KEYS:
            return URL_SECRET.sub(
                lambda match: (match["before"] or "") + replace(here, match["user"] or match["query"] or ""), part
            )
    return _replaced(part, replace, here)


def _replaced_header(header, replace, path):
    here = (*path, header.get("name"))
    return {
        key: replace(here, part) if key == "value" and isinstance(part, str) else part for key, part in header.items()
    }


# -- an engine's metadata ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """resource_version: the lock, which grows by one with each change; None where the engine has none. content: the metadata."""

    resource_version: int | None
    content: dict


def read(endpoint) -> State:
    answer = endpoint.export_metadata()
    content = answer.get("metadata", answer)
    if not isinstance(content, dict):
        raise PaasError(
            "export_metadata answered something else than metadata.", operation="export_metadata", code="no_metadata"
        )
    return State(answer.get("resource_version"), content)


def replace(endpoint, state: State, wanted: dict, *, allow_inconsistent: bool, clock, before_write) -> State:
    """Writes until the engine has what is wanted, and answers what it has then.

    state: as it was read last. before_write(state) is called before each attempt. What an engine takes and then does not have is an error.
    """
    attempt = 1
    while True:
        before_write(state)
        reason = None
        try:
            endpoint.replace_metadata(
                wanted, allow_inconsistent=allow_inconsistent, resource_version=state.resource_version
            )
        except ApiError as error:
            if not (isinstance(error, LostAnswer) or error.status == 409) or attempt == WRITE_ATTEMPTS:
                raise
            reason = error
            clock.sleep(WRITE_PAUSE * 2 ** (attempt - 1) * (0.5 + clock.random()))
        try:
            now = read(endpoint)
        except ApiError as failure:
            if reason is not None:
                failure.message += f" It was read because of this: {reason.message}"
            raise
        if is_same(now.content, wanted):
            return now
        is_ours = reason is None and (
            state.resource_version is None or now.resource_version == state.resource_version + 1
        )
        if is_ours or attempt == WRITE_ATTEMPTS:
            places = named(differences(normal(now.content), normal(wanted)))
            raise PaasError(
                f"Hasura accepted the metadata and still has something else at {places}. It may know no such part, or write it "
                "otherwise; write it as hasura_metadata_info shows it.",
                operation="replace_metadata",
                code="not_applied",
            )
        state = now
        attempt += 1


def consistency(endpoint, clean) -> dict:
    """{is_consistent, inconsistent_objects: [{name, type, reason}]}, for a result. Their definitions are left out, as they may have secrets."""
    answer = endpoint.get_inconsistent_metadata()
    objects = [
        {
            "name": _plain_text(found.get("name")),
            "type": found.get("type"),
            "reason": clean(_plain_text(found.get("reason"))),
        }
        for found in answer.get("inconsistent_objects") or []
        if isinstance(found, dict)
    ]
    return {"is_consistent": answer.get("is_consistent"), "inconsistent_objects": objects}


def check_consistent(view: dict) -> None:
    """view: the result so far, with what consistency() answers."""
    if view["is_consistent"] is False:
        objects = [f"{found['name']} ({found['reason']})" for found in view["inconsistent_objects"]]
        error = PaasError(
            f"The tenant {view['tenant_id']} has the metadata, and objects in it do not fit their surroundings: {named(objects)}. With "
            "allow_inconsistent=true the task takes that.",
            operation="get_inconsistent_metadata",
            code="inconsistent_metadata",
        )
        error.results = {"metadata": view}
        raise error


def _plain_text(value) -> str:
    return value if isinstance(value, str) else _text(value)


# -- backups -----------------------------------------------------------------------------------------------------------


class Backup(_hasura_backups.Backup):
    """The file: {"tenant_id", "metadata"}."""

    WHAT = "metadata"

    def __init__(self, path: str, tenant_id: str) -> None:
        super().__init__(path, tenant_id)
        self._is_of_an_earlier_run = self.exists

    @staticmethod
    def is_whole(kept: dict) -> bool:
        return isinstance(kept.get("metadata"), dict)

    def write(self, state: State) -> None:
        """Called before the write that it is about; again when another writer came in between."""
        if not self._is_of_an_earlier_run:
            self.keep({"metadata": state.content})
