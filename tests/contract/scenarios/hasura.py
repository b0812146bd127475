# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud. Every sandbox starts with one tenant, hello-hasura."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scenarios.base import CANARY, Scenario

if TYPE_CHECKING:
    from harness import World

PLACE = {"cloud": "aws", "region": "us-east-2"}
# Short, so that waiting for a tenant that never starts ends soon.
SOON = {"wait_timeout": 20, "poll_interval": 5}
# Hasura's own host names do not lead to the sandbox, so the module cannot wait for a tenant there.
NOWHERE = (("tenant_urls", "platform"),)
MARK = "WEBOPS_PAAS_CREATED_AS"
ADMIN_SECRET = "HASURA_GRAPHQL_ADMIN_SECRET"
DATABASE_URL = f"postgres://shop:{CANARY}-password@db.example.com:5432/shop"
JWT_SECRET = {"type": "HS256", "key": f"{CANARY}-key-of-at-least-32-characters"}
HELLO = {"name": "hello-hasura"}
OTHERS = ("hello-hasura",)


def hasura(world: World, document: str, **variables: Any) -> Any:
    """The value of the only root field."""
    (answer,) = world.graphql("hasura", document, variables).values()
    return answer


def tenants(world: World) -> list[dict[str, Any]]:
    """The tenants of the token's user in the sandbox's state, with all fields, even those hidden from the token."""
    held = world.sandbox.state("hasura")["tenants"]
    return [
        {
            **tenant,
            "project": {
                "id": tenant["project_id"],
                "name": tenant["name"],
                "endpoint": tenant["endpoint"],
                "plan_name": tenant["plan"],
            },
        }
        for tenant in held
        if tenant["owner"] == "ada@example.com"
    ]


def tenant_of(world: World, name: str) -> dict[str, Any]:
    (found,) = [tenant for tenant in tenants(world) if tenant["project"]["name"] == name]
    return found


def hello(world: World) -> str:
    return tenant_of(world, "hello-hasura")["id"]


def only_tenant(world: World, name: str = "shop", plan: str | None = None) -> dict[str, Any]:
    """Exactly this tenant exists in addition to the earlier ones."""
    found = [
        tenant for tenant in tenants(world) if tenant["project"]["name"] not in (*OTHERS, world.ids.get("nameless"))
    ]
    assert [tenant["project"]["name"] for tenant in found] == [name]
    assert (found[0]["cloud"], found[0]["region"]) == ("aws", "us-east-2") and plan in (
        None,
        found[0]["project"]["plan_name"],
    )
    return found[0]


def no_tenant(world: World) -> None:
    assert "shop" not in [tenant["project"]["name"] for tenant in tenants(world)]


def nameless(world: World, **env: str) -> dict[str, Any]:
    """A tenant with a name that Hasura Cloud generated."""
    made = hasura(
        world,
        "mutation($envs: [UpdateEnvsObject], $cloud: String!, $region: String!) "
        "{ createTenant(cloud: $cloud, region: $region, envs: $envs) { id name } }",
        envs=[{"key": key, "value": value} for key, value in env.items()],
        **PLACE,
    )
    world.sandbox.admin("POST", "clock", {"advance": 5})
    return made


def somebodys(world: World) -> None:
    """A tenant that another run has created, and not renamed yet."""
    world.ids["nameless"] = nameless(world, **{MARK: "store"})["name"]


def shop(world: World) -> None:
    made = nameless(world)
    hasura(
        world, 'mutation($id: uuid!) { updateTenantName(tenantId: $id, name: "shop") { tenant { id } } }', id=made["id"]
    )
    world.sandbox.admin("POST", "clock", {"advance": 5})
    world.ids["shop"] = made["id"]


def env(world: World, name: str = "hello-hasura") -> dict[str, Any]:
    """Flat: {name: value}."""
    values = hasura(
        world, "query($id: uuid!) { getTenantEnv(tenantId: $id) { envVars } }", id=tenant_of(world, name)["id"]
    )["envVars"]
    return {**{key: value for key, value in values.items() if key != "environment"}, **values.get("environment", {})}


def set_env(world: World, **values: str) -> None:
    set_env_of(world, hello(world), values)


def set_env_of(world: World, tenant_id: str, values: dict[str, str]) -> None:
    current = hasura(world, "query($id: uuid!) { getTenantEnv(tenantId: $id) { hash } }", id=tenant_id)["hash"]
    hasura(
        world,
        "mutation($id: uuid!, $hash: String!, $envs: [UpdateEnvObject!]!) "
        "{ updateTenantEnv(tenantId: $id, currentHash: $hash, envs: $envs) { hash } }",
        id=tenant_id,
        hash=current,
        envs=[{"key": key, "value": value} for key, value in values.items()],
    )
    world.sandbox.admin("POST", "clock", {"advance": 5})


def has_env(world: World, name: str = "hello-hasura", absent: Iterable[str] = (), **expected: Any) -> dict[str, Any]:
    found = env(world, name)
    assert not set(absent) & found.keys()
    for key, value in expected.items():
        assert found[key] in (value, json.dumps(value, separators=(",", ":"), sort_keys=True)), (key, found[key])
    return found


def with_database(world: World) -> None:
    only_tenant(world)
    found = env(world, "shop")
    assert DATABASE_URL in (found.get("PG_DATABASE_URL"), found.get("HASURA_GRAPHQL_DATABASE_URL"))
    assert found["CACHE"] == CANARY + "-cache"


def old_env(world: World) -> None:
    set_env(world, OLD=CANARY + "-old", KEPT="kept", HASURA_GRAPHQL_ENABLE_CONSOLE="true")


def backup(world: World) -> str:
    return str(world.directory / "backup.json")


def exact_env(world: World, names: set[str], **expected: Any) -> None:
    assert set(has_env(world, **expected)) == names


def backed_up(world: World) -> None:
    has_env(world, OLD="new", ADDED="added", absent=["KEPT"])
    with open(backup(world), encoding="utf-8") as stream:
        kept = json.load(stream)
    assert kept == {"tenant_id": hello(world), "values": {"OLD": CANARY + "-old", "KEPT": "kept"}, "absent": ["ADDED"]}


def to_restore(world: World) -> None:
    set_env(world, OLD="new", ADDED="added", HASURA_GRAPHQL_ENABLE_CONSOLE="false")
    with open(backup(world), "w", encoding="utf-8") as stream:
        json.dump(
            {
                "tenant_id": hello(world),
                "values": {"OLD": CANARY + "-old", "HASURA_GRAPHQL_ENABLE_CONSOLE": "true"},
                "absent": ["ADDED", "NEVER"],
            },
            stream,
        )


def no_backup(world: World, **content: Any) -> str:
    with open(backup(world), "w", encoding="utf-8") as stream:
        json.dump({"tenant_id": 1, **content}, stream)
    return backup(world)


def secrets_of_platform(world: World) -> list[str]:
    """The secrets that Hasura Cloud returns with the variables."""
    found = [env(world, tenant["project"]["name"]).get(ADMIN_SECRET) for tenant in tenants(world)]
    return [secret for secret in found if secret]


ALL_VARIABLES = {
    "HASURA_GRAPHQL_ENABLE_CONSOLE": "true",
    "HASURA_GRAPHQL_JWT_SECRET": JWT_SECRET,
    "HASURA_GRAPHQL_LOG_LEVEL": "info",
    "ENDPOINT": f"https://{CANARY}.example.com",
    "COUNT": 1,
}


def all_variables(world: World) -> dict[str, Any]:
    return has_env(world, **{**ALL_VARIABLES, "HASURA_GRAPHQL_ENABLE_CONSOLE": True, "COUNT": "1"})


SCENARIOS = (
    Scenario(
        "hasura_tenant", "create", {"name": "shop", **PLACE, **SOON}, reads=2, fails_under=NOWHERE, holds=only_tenant
    ),
    Scenario("hasura_tenant", "create-without-waiting", {"name": "shop", **PLACE, "wait": False}, holds=only_tenant),
    Scenario(
        "hasura_tenant",
        "create-with-variables",
        {"name": "shop", **PLACE, **SOON, "database_url": DATABASE_URL, "env_vars": {"CACHE": CANARY + "-cache"}},
        reads=2,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=with_database,
    ),
    Scenario(
        "hasura_tenant",
        "create-beside-one-without-a-name",
        {"name": "shop", **PLACE, "plan": "cloud_payg", "wait": False},
        given=somebodys,
        # The API of 2020 has no argument for the plan.
        fails_under=(("create_flavor", "legacy"),),
        holds=lambda world: only_tenant(world, plan="cloud_payg"),
    ),
    Scenario(
        "hasura_tenant",
        "resume",
        {"name": "shop", **PLACE, **SOON},
        given=lambda world: nameless(world, **{MARK: "shop"}),
        reads=2,
        fails_under=NOWHERE,
        holds=only_tenant,
    ),
    Scenario(
        "hasura_tenant",
        "unchanged",
        {"name": "shop", **PLACE, "plan": "cloud_free", **SOON},
        given=shop,
        changes=False,
        reads=2,
        fails_under=NOWHERE,
        holds=only_tenant,
    ),
    Scenario(
        "hasura_tenant",
        "rename",
        lambda world: {"tenant_id": world.ids["shop"], "name": "store", **SOON},
        given=shop,
        reads=2,
        fails_under=NOWHERE,
        holds=lambda world: only_tenant(world, "store"),
    ),
    Scenario(
        "hasura_tenant",
        "change-plan",
        {"name": "shop", "plan": "cloud_payg", "change_plan": True, "wait": False},
        given=shop,
        holds=lambda world: only_tenant(world, plan="cloud_payg"),
    ),
    Scenario(
        "hasura_tenant",
        "rename-by-slug",
        {"slug": "shop", "name": "store", "wait": False},
        given=shop,
        holds=lambda world: only_tenant(world, "store"),
    ),
    Scenario("hasura_tenant", "delete", {"name": "shop", "state": "absent"}, given=shop, holds=no_tenant),
    Scenario(
        "hasura_tenant",
        "delete-by-id",
        lambda world: {"tenant_id": world.ids["shop"], "state": "absent"},
        given=shop,
        holds=no_tenant,
    ),
    Scenario("hasura_tenant", "delete-absent", {"slug": "shop", "state": "absent"}, changes=False, holds=no_tenant),
    Scenario("hasura_tenant_info", "all", {}, given=shop, changes=False),
    Scenario("hasura_tenant_info", "by-name", {"name": "shop"}, given=shop, changes=False),
    Scenario("hasura_tenant_info", "by-slug", {"slug": "shop"}, given=shop, changes=False),
    Scenario("hasura_tenant_info", "by-id", lambda world: {"tenant_id": world.ids["shop"]}, given=shop, changes=False),
    Scenario("hasura_tenant_info", "none", {"name": "shop"}, changes=False),
    Scenario("hasura_gateway_info", "all", {}, changes=False),
    Scenario("hasura_gateway_info", "one", {"cloud": "gcp", "region": "us-west1"}, changes=False),
    Scenario(
        "hasura_env_vars",
        "set",
        {"name": "hello-hasura", "env_vars": ALL_VARIABLES, **SOON},
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=all_variables,
    ),
    Scenario(
        "hasura_env_vars",
        "replace-and-remove",
        lambda world: {
            "tenant_id": hello(world),
            "env_vars": {"OLD": "new", "ADDED": "added"},
            "absent": ["KEPT", "NEVER"],
            "backup_path": backup(world),
            **SOON,
        },
        given=old_env,
        reads=2,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=backed_up,
    ),
    Scenario(
        "hasura_env_vars",
        "purge",
        {
            "slug": "hello-hasura",
            "env_vars": {"OLD": CANARY + "-old"},
            "purge": True,
            "protect": ["KEPT"],
            "wait": False,
        },
        given=old_env,
        reads=2,
        secrets=(CANARY,),
        holds=lambda world: exact_env(world, {ADMIN_SECRET, "OLD", "KEPT"}, OLD=CANARY + "-old"),
    ),
    Scenario(
        "hasura_env_vars",
        "remove-the-admin-secret",
        {"name": "hello-hasura", "absent": [ADMIN_SECRET], "purge": True, "wait": False},
        given=old_env,
        reads=2,
        holds=lambda world: exact_env(world, set()),
    ),
    Scenario(
        "hasura_env_vars",
        "restore",
        lambda world: {"tenant_id": hello(world), "restore_from": backup(world), **SOON},
        given=to_restore,
        reads=2,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=lambda world: has_env(
            world, OLD=CANARY + "-old", HASURA_GRAPHQL_ENABLE_CONSOLE=True, absent=["ADDED", "NEVER"]
        ),
    ),
    Scenario(
        "hasura_env_vars",
        "unchanged",
        lambda world: {
            "tenant_id": hello(world),
            "env_vars": {"OLD": CANARY + "-old", "HASURA_GRAPHQL_ENABLE_CONSOLE": "true"},
            "absent": ["NEVER"],
            **SOON,
        },
        given=old_env,
        changes=False,
        reads=2,
        secrets=(CANARY,),
    ),
    Scenario(
        "hasura_env_vars",
        "unchanged-without-waiting",
        lambda world: {"tenant_id": hello(world), "env_vars": {"KEPT": "kept"}, "wait": False},
        given=old_env,
        changes=False,
    ),
)

BAD_INPUT = (
    ("hasura_tenant", {}, ["tenant_id", "name", "slug"]),
    ("hasura_tenant", {"name": "Shop"}, ["name", "'Shop'"]),
    ("hasura_tenant", {"name": "-shop"}, ["name", "'-shop'"]),
    ("hasura_tenant", {"name": "s" * 64}, ["name", "63"]),
    ("hasura_tenant", {"slug": "a.b"}, ["slug", "'a.b'"]),
    ("hasura_tenant", {"tenant_id": "shop"}, ["tenant_id", "'shop'"]),
    ("hasura_tenant", {"tenant_id": "7a79cf94-0e53-4520-a560-1b02bf522f08", "slug": "shop"}, ["tenant_id", "slug"]),
    ("hasura_tenant", {"name": "shop", "env_vars": {"A B": "1"}}, ["env_vars", "A B"]),
    ("hasura_tenant", {"name": "shop", "env_vars": {"A": None}}, ["env_vars", "A"]),
    (
        "hasura_tenant",
        {"name": "shop", "database_url": "postgres://db", "env_vars": {"PG_DATABASE_URL": "x"}},
        ["env_vars", "PG_DATABASE_URL"],
    ),
    ("hasura_tenant", {"name": "shop", "database_url_env": "1ST"}, ["database_url_env", "1ST"]),
    ("hasura_tenant", {"name": "shop", "database_url_as": "file"}, ["database_url_as", "file", "auto"]),
    (
        "hasura_tenant",
        {"name": "shop", "env_vars": {"HASURA_GRAPHQL_METADATA_DATABASE_URL": "x"}},
        ["env_vars", "METADATA_DATABASE_URL"],
    ),
    ("hasura_tenant", {"name": "shop", "wait_timeout": 0}, ["wait_timeout", "0"]),
    ("hasura_tenant", {"name": "shop", "token": " "}, ["token", "HASURA_CLOUD_ACCESS_TOKEN"]),
    ("hasura_tenant", {"name": "shop", "api_url": "http://data.pro.hasura.io/v1/graphql"}, ["api_url", "https"]),
    ("hasura_tenant_info", {"tenant_id": "1"}, ["tenant_id", "'1'"]),
    ("hasura_tenant_info", {"name": "a", "slug": "b"}, ["name", "slug"]),
    ("hasura_gateway_info", {"retries": -1}, ["retries", "-1"]),
    ("hasura_env_vars", {"env_vars": {"A": "1"}}, ["tenant_id", "name", "slug"]),
    ("hasura_env_vars", {"name": "shop"}, ["env_vars", "absent", "purge", "restore_from"]),
    ("hasura_env_vars", {"name": "Shop", "absent": ["A"]}, ["name", "'Shop'"]),
    ("hasura_env_vars", {"name": "shop", "env_vars": {"1ST": "x"}}, ["env_vars", "1ST"]),
    ("hasura_env_vars", {"name": "shop", "env_vars": {"A": None}}, ["env_vars", "A", "absent"]),
    ("hasura_env_vars", {"name": "shop", "env_vars": {"A": "1"}, "absent": ["A"]}, ["absent", "env_vars", "A"]),
    ("hasura_env_vars", {"name": "shop", "absent": ["A-B"]}, ["absent", "A-B"]),
    ("hasura_env_vars", {"name": "shop", "purge": True, "protect": ["A-B"]}, ["protect", "A-B"]),
    (
        "hasura_env_vars",
        {"name": "shop", "env_vars": {"HASURA_GRAPHQL_METADATA_DATABASE_URL": "x"}},
        ["env_vars", "METADATA_DATABASE_URL"],
    ),
    (
        "hasura_env_vars",
        {"name": "shop", "absent": ["HASURA_GRAPHQL_METADATA_DATABASE_URL"]},
        ["absent", "METADATA_DATABASE_URL"],
    ),
    ("hasura_env_vars", {"name": "shop", "restore_from": "no/such/file"}, ["restore_from", "no/such/file"]),
    (
        "hasura_env_vars",
        lambda world: {"name": "shop", "restore_from": no_backup(world, values={}, absent=[])},
        ["restore_from", "not a backup"],
    ),
    (
        "hasura_env_vars",
        lambda world: {"name": "shop", "restore_from": no_backup(world), "env_vars": {"A": "1"}},
        ["restore_from", "env_vars"],
    ),
    (
        "hasura_env_vars",
        lambda world: {
            "name": "shop",
            "restore_from": no_backup(world, tenant_id="x", values={}, absent=[]),
            "purge": True,
        },
        ["purge", "restore_from"],
    ),
    (
        "hasura_env_vars",
        {"name": "shop", "absent": ["A"], "backup_path": "no/such/directory/file"},
        ["backup_path", "no/such/directory"],
    ),
)
