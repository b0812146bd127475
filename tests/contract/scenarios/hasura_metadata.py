# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from scenarios.base import CANARY, Scenario
from scenarios.hasura import (
    ADMIN_SECRET,
    DATABASE_URL,
    HELLO,
    NOWHERE,
    env,
    hello,
    set_env,
    tenant_of,
)

if TYPE_CHECKING:
    from harness import World


def source(*tables: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "default",
        "kind": "postgres",
        "configuration": {"connection_info": {"database_url": {"from_env": "PG_DATABASE_URL"}}},
        "tables": list(tables),
        **more,
    }


# Contains each kind of difference between sent and exported metadata.
METADATA = {
    "version": 3,
    "sources": [
        source(
            {"table": "users", "is_enum": False, "array_relationships": []},
            {
                "table": {"name": "articles"},
                "object_relationships": [{"name": "author", "using": {"foreign_key_constraint_on": "author_id"}}],
                "select_permissions": [
                    {
                        "role": "user",
                        "permission": {
                            "columns": ["title", "id"],
                            "filter": {"_and": [{"author_id": {"_eq": "X-Hasura-User-Id"}}, {"id": {"_gt": 0}}]},
                        },
                    },
                    {"role": "anonymous", "permission": {"columns": ["id"], "filter": {}}},
                ],
                "event_triggers": [
                    {
                        "name": "told",
                        "definition": {"enable_manual": False, "insert": {"columns": "*"}},
                        "webhook": f"https://hooks.example.com/{CANARY}",
                        "headers": [{"name": "X-Key", "value": CANARY + "-key"}],
                    }
                ],
            },
        ),
        {
            "name": "reports",
            "kind": "postgres",
            "configuration": {"connection_info": {"database_url": DATABASE_URL, "isolation_level": "serializable"}},
            "tables": [{"table": "orders"}],
        },
    ],
    "remote_schemas": [
        {
            "name": "stock",
            "definition": {
                "url": f"https://stock:{CANARY}@stock.example.com/graphql",
                "timeout_seconds": 60,
                "headers": [{"name": "Authorization", "value": f"Bearer {CANARY}"}],
            },
        }
    ],
    "cron_triggers": [
        {
            "name": "nightly",
            "webhook": f"{{{{BASE}}}}/{CANARY}",
            "schedule": "0 3 * * *",
            "include_in_metadata": True,
            "payload": {"key": CANARY},
            "comment": f"see https://me:{CANARY}@example.com",
        }
    ],
    "opentelemetry": {
        "status": "enabled",
        "data_types": ["traces"],
        "exporter_otlp": {
            "otlp_traces_endpoint": f"https://otlp.example.com/{CANARY}",
            "resource_attributes": [{"name": "key", "value": CANARY}],
        },
    },
    "inherited_roles": [{"role_name": "editor", "role_set": ["user", "anonymous"]}],
    "query_collections": [],
}
OLD = {
    "version": 3,
    "sources": [source({"table": "products"}, {"table": "users"})],
    "remote_schemas": [
        {
            "name": "stock",
            "definition": {
                "url_from_env": "STOCK_URL",
                "headers": [{"name": "Authorization", "value": f"Bearer {CANARY}-old"}],
            },
        }
    ],
}
STRANGE = {**METADATA, "sources": [source({"table": "users"}, {"table": "nowhere"}), METADATA["sources"][1]]}


def command(world: World, kind: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A metadata command of another client."""
    endpoint = tenant_of(world, "hello-hasura")["endpoint"].replace("/v1/graphql", "/v1/metadata")
    secret = {"x-hasura-admin-secret": env(world)[ADMIN_SECRET]}
    answer = world.sandbox.visitor.request("POST", endpoint, {"type": kind, "args": args, **more}, headers=secret)
    return answer.json()


def connected(world: World) -> None:
    set_env(world, PG_DATABASE_URL=DATABASE_URL, STOCK_URL="https://stock.example.com/graphql")


def has_old(world: World) -> None:
    connected(world)
    command(world, "replace_metadata", {"metadata": OLD, "allow_inconsistent_metadata": False}, version=2)


def has_new(world: World) -> None:
    connected(world)
    command(world, "replace_metadata", {"metadata": METADATA, "allow_inconsistent_metadata": False}, version=2)


def has_sources(world: World) -> None:
    connected(world)
    command(
        world,
        "replace_metadata",
        {"metadata": {key: METADATA[key] for key in ("version", "sources")}, "allow_inconsistent_metadata": False},
        version=2,
    )


def metadata(world: World) -> dict[str, Any]:
    return tenant_of(world, "hello-hasura")["metadata"]


def is_new(world: World) -> None:
    found = metadata(world)
    assert (
        sorted(found["sources"], key=lambda each: each["name"])[1]["configuration"]["connection_info"]["database_url"]
        == DATABASE_URL
    )
    assert found["remote_schemas"][0]["definition"]["headers"] == METADATA["remote_schemas"][0]["definition"]["headers"]
    assert sorted(found["inherited_roles"][0]["role_set"]) == ["anonymous", "user"]
    assert not found.get("query_collections")


def is_old(world: World) -> None:
    found = metadata(world)
    assert found["remote_schemas"] == OLD["remote_schemas"] and len(found["sources"]) == 1


def backup(world: World) -> str:
    return str(world.directory / "metadata.json")


def is_new_and_kept(world: World) -> None:
    is_new(world)
    with open(backup(world), encoding="utf-8") as stream:
        kept = json.load(stream)
    assert kept["tenant_id"] == hello(world) and kept["metadata"]["remote_schemas"] == OLD["remote_schemas"]


def to_restore(world: World) -> None:
    has_new(world)
    with open(backup(world), "w", encoding="utf-8") as stream:
        json.dump({"tenant_id": hello(world), "metadata": OLD}, stream)


def has_strange(world: World) -> None:
    is_new(world)
    assert "nowhere" in json.dumps(metadata(world)["sources"])


def has_inconsistent(world: World) -> None:
    """Has a table that the database does not have, and secrets."""
    connected(world)
    strange = {**OLD, "sources": [{**each, "tables": [{"table": "nowhere"}]} for each in OLD["sources"]]}
    command(world, "replace_metadata", {"metadata": strange, "allow_inconsistent_metadata": True}, version=2)


def is_consistent(world: World) -> None:
    assert command(world, "get_inconsistent_metadata", {})["is_consistent"] is True


def no_backup(world: World, content: Any) -> str:
    with open(backup(world), "w", encoding="utf-8") as stream:
        json.dump(content, stream)
    return backup(world)


def write(world: World, **files: Any) -> str:
    """Files of a directory, by their names with __ for / and _dot_ for the last dot; values are text, or YAML data."""
    directory = world.directory / "hasura"
    for name, content in files.items():
        path = directory.joinpath(*name.replace("_dot_", ".").split("__"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
    return str(directory)


def project(world: World) -> str:
    """METADATA as Hasura's CLI stores it, below a project's directory."""
    tables = METADATA["sources"][0]["tables"]
    return write(
        world,
        config_dot_yaml={"version": 3},
        metadata__version_dot_yaml={"version": 3},
        metadata__databases__databases_dot_yaml=[
            {**METADATA["sources"][0], "tables": "!include default/tables/tables.yaml"},
            METADATA["sources"][1],
        ],
        metadata__databases__default__tables__tables_dot_yaml=["!include users.yaml", "!include articles.yaml"],
        metadata__databases__default__tables__users_dot_yaml=tables[0],
        metadata__databases__default__tables__articles_dot_yaml=tables[1],
        metadata__remote_schemas_dot_yaml=METADATA["remote_schemas"],
        metadata__inherited_roles_dot_yaml=METADATA["inherited_roles"],
        metadata__cron_triggers_dot_yaml=METADATA["cron_triggers"],
        metadata__opentelemetry_dot_yaml=METADATA["opentelemetry"],
        metadata__actions_dot_yaml={
            "actions": [],
            "custom_types": {"enums": [], "input_objects": [], "objects": [], "scalars": []},
        },
        metadata__actions_dot_graphql="",
    )


def file_of(world: World, name: str, content: Any) -> str:
    path = world.directory / name
    path.write_text(content)
    return str(path)


SCENARIOS = (
    Scenario(
        "hasura_metadata",
        "inconsistent",
        {**HELLO, "metadata": STRANGE, "allow_inconsistent": True},
        given=connected,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=has_strange,
    ),
    Scenario(
        "hasura_metadata",
        "replace",
        lambda world: {**HELLO, "metadata": METADATA, "backup_path": backup(world)},
        given=has_old,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_new_and_kept,
    ),
    Scenario(
        "hasura_metadata",
        "restore",
        lambda world: {"slug": "hello-hasura", "restore_from": backup(world)},
        given=to_restore,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_old,
    ),
    Scenario(
        "hasura_metadata",
        "unchanged",
        lambda world: {**HELLO, "metadata": METADATA, "admin_secret": env(world)[ADMIN_SECRET], "reload_sources": True},
        given=has_new,
        changes=False,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_new,
    ),
    Scenario(
        "hasura_metadata",
        "reload",
        {**HELLO, "reload_sources": True},
        given=has_old,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_old,
        twice=False,
        reason="A task that declares no metadata and only reloads does so each time",
    ),
    Scenario(
        "hasura_metadata",
        "drop-inconsistent",
        lambda world: {**HELLO, "drop_inconsistent": True, "backup_path": backup(world)},
        given=has_inconsistent,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_consistent,
    ),
    Scenario(
        "hasura_metadata_info",
        "permissions",
        {**HELLO, "check_remote_schema_permissions": True},
        given=has_sources,
        changes=False,
        reads=4,
        secrets=(CANARY,),
        fails_under=NOWHERE,
    ),
    Scenario(
        "hasura_metadata_info",
        "by-name",
        HELLO,
        given=has_sources,
        changes=False,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
    ),
    Scenario(
        "hasura_metadata_info",
        "with-admin-secret",
        lambda world: {"tenant_id": hello(world), "admin_secret": env(world)[ADMIN_SECRET]},
        changes=False,
        reads=3,
        fails_under=NOWHERE,
    ),
)


BAD_INPUT = (
    ("hasura_metadata", {"metadata": {"version": 3}}, ["tenant_id", "name", "slug"]),
    ("hasura_metadata", {**HELLO}, ["metadata", "src", "restore_from", "drop_inconsistent"]),
    ("hasura_metadata", {**HELLO, "drop_inconsistent": True, "reload_sources": True}, ["drop_inconsistent", "reload"]),
    ("hasura_metadata", {"name": "Hello", "metadata": {"version": 3}}, ["name", "'Hello'"]),
    (
        "hasura_metadata",
        {**HELLO, "metadata": {"version": 3}, "trusted_hosts": ["a.example.com", "https://example.com"]},
        ["trusted_hosts", "'https://example.com'"],
    ),
    ("hasura_metadata_info", {**HELLO, "trusted_hosts": ["example.com:8443"]}, ["trusted_hosts", "8443"]),
    ("hasura_metadata", {**HELLO, "metadata": {"version": 2, "tables": []}}, ["metadata", "version: 3", "2"]),
    ("hasura_metadata", {**HELLO, "metadata": {"version": 3}, "src": "x.json"}, ["metadata", "src", "restore_from"]),
    ("hasura_metadata", {**HELLO, "src": "no/such/directory"}, ["src", "no/such/directory"]),
    ("hasura_metadata", lambda world: {**HELLO, "src": file_of(world, "a.toml", "")}, ["src", ".json", ".yaml"]),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": file_of(world, "a.json", "{")},
        ["src", "a.json", "not valid JSON", "line 1"],
    ),
    ("hasura_metadata", lambda world: {**HELLO, "src": file_of(world, "a.json", "[]")}, ["src", "object", "list"]),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": file_of(world, "a.yaml", "version: 3\nsources: [\n")},
        ["src", "a.yaml", "not valid YAML", "line 3"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": file_of(world, "a.yaml", "version: 3\nsources: .inf\nx: !!timestamp 2020-01-01\n"),
        },
        ["src", "a.yaml", "JSON"],
    ),
    ("hasura_metadata", lambda world: {**HELLO, "src": write(world, other_dot_yaml={})}, ["src", "version.yaml"]),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": write(world, version_dot_yaml={"version": 3}, tables_dot_yaml=[])},
        ["src", "tables.yaml"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": write(world, version_dot_yaml={"version": 3}, network_dot_yaml="!include ../a.yaml"),
        },
        ["src", "network.yaml", "../a.yaml", "outside"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": write(world, version_dot_yaml={"version": 3}, network_dot_yaml="!include network.yaml"),
        },
        ["src", "network.yaml", "which includes"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": write(world, version_dot_yaml={"version": 3}, network_dot_yaml="!include a.yaml"),
        },
        ["src", "a.yaml", "network.yaml", "cannot be read"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": write(world, version_dot_yaml={"version": 3}, actions_dot_graphql="type Mutation {\n  a: B @c\n}"),
        },
        ["src", "actions.graphql", "line 2", "'@'"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": write(world, version_dot_yaml={"version": 3}, actions_dot_graphql="type Mutation { a: B }"),
        },
        ["src", "actions.yaml", "a"],
    ),
    ("hasura_metadata", {**HELLO, "restore_from": "no/such/file"}, ["restore_from", "no/such/file"]),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "restore_from": no_backup(world, {"metadata": {}})},
        ["restore_from", "not a backup"],
    ),
    (
        "hasura_metadata",
        {**HELLO, "metadata": {"version": 3}, "backup_path": "no/such/directory/file"},
        ["backup_path", "no/such/directory"],
    ),
    ("hasura_metadata_info", {"tenant_id": "1"}, ["tenant_id", "'1'"]),
    ("hasura_metadata_info", {}, ["tenant_id", "name", "slug"]),
)
