# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenants of the Hasura Cloud of the sandbox: health, metadata, GraphQL."""

from __future__ import annotations

import pytest
import requests
from hasura_client import FOREIGN_SLUG, SECOND_TOKEN, SECRET, SLUG, pairs, source

URL = "postgres://u:p@db.example.com/shop"
UNSET = "Inconsistent object: environment variable 'PG_DATABASE_URL' not set"
READABLE = {
    "table": "users",
    "select_permissions": [{"role": "anonymous", "permission": {"columns": ["id", "name"], "filter": {}}}],
}


@pytest.fixture
def shop(hasura):
    """A tenant whose workers have the URL of a database."""
    return hasura.create(envs=pairs({"PG_DATABASE_URL": URL}))["slug"]


def replace(hasura, slug, metadata, expect=200, allow=None, **more):
    args = metadata if allow is None else {"allow_inconsistent_metadata": allow, "metadata": metadata}
    return hasura.command("replace_metadata", args, slug, expect, version=1 if allow is None else 2, **more)


# reaching a tenant


def test_the_seeded_tenant_answers_at_its_host_and_below_loopback(hasura):
    assert hasura.health() == (200, "OK")
    assert hasura.sandbox.page(f"{SLUG}.hasura.app", "/healthz").text == "OK"
    assert hasura.sandbox.page("nobody.hasura.app", "/healthz").status_code == 404
    assert hasura.call("GET", "/healthz", "nobody").status_code == 404
    assert hasura.call("GET", "/v1/nothing").json() == {
        "path": "$",
        "error": "resource does not exist",
        "code": "not-found",
    }
    assert sorted(hasura.call("GET", "/v1/version", headers={}).json()) == ["server_type", "version"]


@pytest.mark.parametrize("how", ["new", "renamed", "hibernated"])
@pytest.mark.parametrize("answer", ["status", "no_answer"])
def test_a_tenant_that_is_not_ready(hasura, how, answer):
    hasura.sandbox.switch(unready_answer=answer)
    hasura.sandbox.admin("PATCH", "settings", {"hasura_ready_seconds": 30, "hasura_rename_seconds": 30})
    slug = hasura.create(wait=False)["slug"]
    if how != "new":
        hasura.sandbox.advance(30)
        assert hasura.health(slug) == (200, "OK")
        if how == "renamed":
            slug = hasura.rename(hasura.tenant(slug), "my-shop")["slug"]
        else:
            hasura.admin(slug=slug, hibernated=True)
    if answer == "status":
        assert hasura.call("GET", "/healthz", slug).status_code == 503
    else:
        with pytest.raises(requests.ConnectionError):
            hasura.call("GET", "/healthz", slug)
    hasura.sandbox.advance(30)
    if how == "hibernated":
        hasura.admin(slug=slug, hibernated=False)
    assert hasura.health(slug) == (200, "OK")


def test_health_tells_of_inconsistent_objects_and_failing_workers(hasura, shop):
    replace(hasura, shop, source("nothing"), allow=True)
    assert hasura.health(shop) == (200, "WARN: inconsistent objects in schema")
    assert hasura.health(shop, strict=True)[0] == 500
    hasura.sandbox.switch(strict_health=200)
    assert hasura.health(shop, strict=True) == (200, "WARN: inconsistent objects in schema")
    hasura.admin(slug=shop, worker_failure=True)
    assert hasura.health(shop) == (500, "ERROR")


# permissions


def test_metadata_needs_the_admin_secret_or_the_owners_token(hasura):
    secret = hasura.env(hasura.tenant())["envVars"][SECRET]
    for headers in ({"x-hasura-admin-secret": secret}, {"x-hasura-access-key": secret}, None):
        assert hasura.command("export_metadata", headers=headers) == {"version": 3, "sources": []}
    for headers, message in [
        ({}, "x-hasura-admin-secret/x-hasura-access-key required, but not found"),
        ({"x-hasura-admin-secret": "wrong"}, 'invalid "x-hasura-admin-secret"/"x-hasura-access-key"'),
        ({"Authorization": f"pat {SECOND_TOKEN}"}, "Authentication hook unauthorized this request"),
    ]:
        assert hasura.command("export_metadata", expect=401, headers=headers) == {
            "path": "$",
            "error": message,
            "code": "access-denied",
        }
    assert (
        hasura.command(
            "export_metadata", expect=400, headers={"x-hasura-admin-secret": secret, "x-hasura-role": "user"}
        )["error"]
        == "restricted access : admin only"
    )
    hasura.command("export_metadata", slug=FOREIGN_SLUG, expect=401)


def test_without_an_admin_secret_everybody_is_admin(hasura):
    tenant = hasura.create()
    hasura.drop_env(tenant, SECRET)
    hasura.command("export_metadata", slug=tenant["slug"], expect=401, headers={})
    hasura.sandbox.advance(5)
    hasura.command("export_metadata", slug=tenant["slug"], headers={})


def test_graphql_for_admins_roles_and_the_unauthorized(hasura, shop):
    replace(hasura, shop, source(READABLE, "products"))

    def ask(query, headers=None):
        response = hasura.call("POST", "/v1/graphql", shop, headers, json={"query": query})
        assert response.status_code == 200
        return response.json()

    assert ask("{ __typename }") == {"data": {"__typename": "query_root"}}
    assert ask("{ users(limit: 1) { id email } products_by_pk(id: 1) { name } }") == {
        "data": {"users": [{"id": 1, "email": "ada@example.com"}], "products_by_pk": {"name": "Pencil"}}
    }
    assert ask("{ users { id } }", {})["errors"][0]["extensions"]["code"] == "access-denied"
    assert ask("{ orders { id } }")["errors"][0]["message"] == "field \"orders\" not found in type: 'query_root'"
    assert ask("mutation { insert_users { affected_rows } }")["errors"][0]["message"] == "no mutations exist"
    secret = hasura.env(hasura.tenant(shop))["envVars"][SECRET]
    assert (
        "products"
        in ask("{ products { id } }", {"x-hasura-admin-secret": secret, "x-hasura-role": "anonymous"})["errors"][0][
            "message"
        ]
    )
    hasura.set_env(hasura.tenant(shop), HASURA_GRAPHQL_UNAUTHORIZED_ROLE="anonymous")
    hasura.sandbox.advance(5)
    assert len(ask("{ users { id name } }", {})["data"]["users"]) == 2
    assert "email" in ask("{ users { email } }", {})["errors"][0]["message"]
    assert hasura.command("export_metadata", slug=shop, expect=400, headers={})["code"] == "access-denied"


# metadata


def test_metadata_is_kept_as_the_engine_exports_it(hasura, shop):
    metadata = source(
        "users",
        {
            "table": {"name": "articles"},
            "select_permissions": [],
            "is_enum": False,
            "object_relationships": [{"name": "b", "using": {}}, {"name": "a", "using": {}}],
        },
        functions=[],
    )
    metadata["remote_schemas"] = []
    assert replace(hasura, shop, metadata) == {"message": "success"}
    exported = hasura.command("export_metadata", slug=shop)
    assert exported == {
        "version": 3,
        "sources": [
            {
                "name": "default",
                "kind": "postgres",
                "tables": [
                    {
                        "table": {"name": "articles", "schema": "public"},
                        "object_relationships": [{"name": "a", "using": {}}, {"name": "b", "using": {}}],
                    },
                    {"table": {"name": "users", "schema": "public"}},
                ],
                "configuration": {
                    "connection_info": {
                        "database_url": {"from_env": "PG_DATABASE_URL"},
                        "isolation_level": "read-committed",
                        "use_prepared_statements": False,
                    }
                },
            }
        ],
    }
    assert replace(hasura, shop, exported) == {"message": "success"}
    assert hasura.command("export_metadata", slug=shop) == exported
    hasura.sandbox.switch(metadata_defaults="as_sent")
    replace(hasura, shop, metadata)
    assert hasura.command("export_metadata", slug=shop) == metadata


@pytest.mark.parametrize(
    "kind,sent,exported",
    [
        ("citus", "users", {"name": "users", "schema": "public"}),
        ("pg", "users", {"name": "users", "schema": "public"}),
        ("mssql", "users", {"name": "users", "schema": "dbo"}),
        ("mssql", {"name": "users"}, {"name": "users", "schema": "dbo"}),
        ("bigquery", {"name": "users", "dataset": "shop"}, {"name": "users", "dataset": "shop"}),
        ("sqlite", "users", ["users"]),
        ("sqlite", ["main", "users"], ["main", "users"]),
    ],
)
def test_each_kind_of_source_names_its_tables(hasura, shop, kind, sent, exported):
    metadata = source(sent if isinstance(sent, str) else {"table": sent}, kind=kind)
    assert replace(hasura, shop, metadata) == {"message": "success"}
    (found,) = hasura.command("export_metadata", slug=shop)["sources"]
    assert found["tables"] == [{"table": exported}] and found["kind"] == {"pg": "postgres"}.get(kind, kind)
    answer = hasura.call(
        "POST", "/v1/graphql", shop, json={"query": "{ t: __schema { queryType { fields { name } } } }"}
    )
    assert len(answer.json()["data"]["t"]["queryType"]["fields"]) == 2


@pytest.mark.parametrize(
    "kind,name,problem",
    [
        ("mssql", ["dbo", "users"], "schema"),
        ("postgres", ["public", "users"], "schema"),
        ("bigquery", "users", "dataset"),
        ("bigquery", {"name": "users"}, "dataset"),
        ("sqlite", {"name": "users"}, "list"),
        ("sqlite", [], "list"),
    ],
)
def test_a_name_that_its_kind_of_source_does_not_know_is_refused(hasura, shop, kind, name, problem):
    answer = replace(hasura, shop, source({"table": name}, kind=kind), 400)
    assert answer["code"] == "parse-failed" and problem in answer["error"]
    assert answer["path"] == "$.args.sources[0].tables[0].table"


def test_the_schema_public_is_not_that_of_sql_server(hasura, shop):
    answer = replace(hasura, shop, source({"table": {"name": "users", "schema": "public"}}, kind="mssql"), 400)
    assert answer["internal"][0]["name"] == "table public.users in source default"


@pytest.mark.parametrize(
    "kind,sent,exported",
    [
        (
            "mssql",
            {"connection_info": {"database_url": {"from_env": "A"}}},
            {
                "connection_info": {
                    "connection_string": {"from_env": "A"},
                    "pool_settings": {"max_connections": None, "total_max_connections": None, "idle_timeout": 5},
                }
            },
        ),
        ("sqlite", {"db": "a"}, {"value": {"db": "a"}, "template": None, "timeout": None}),
        ("bigquery", {"project_id": "a"}, {"project_id": "a"}),
    ],
)
def test_each_kind_of_source_exports_its_configuration(hasura, shop, kind, sent, exported):
    replace(hasura, shop, source(kind=kind, configuration=sent))
    assert hasura.command("export_metadata", slug=shop)["sources"][0]["configuration"] == exported


@pytest.mark.parametrize("config", [{}, {"analyze_query_variables": True}])
def test_an_incomplete_metrics_config_is_refused(hasura, shop, config):
    answer = replace(hasura, shop, {**source("users"), "metrics_config": config}, 400)
    assert answer["path"] == "$.args.metrics_config" and answer["code"] == "parse-failed"
    assert answer["error"].startswith("the key 'analyze_") and answer["error"].endswith("was not present")


def test_a_source_whose_variable_is_not_there_is_inconsistent(hasura):
    slug = hasura.create()["slug"]
    problem = {"definition": "default", "name": "source default", "reason": UNSET, "type": "source"}
    assert replace(hasura, slug, source("users"), 400) == {
        "path": "$.args",
        "error": "cannot continue due to inconsistent metadata",
        "code": "unexpected",
        "internal": [problem],
    }
    assert hasura.command("export_metadata", slug=slug)["sources"] == []
    assert replace(hasura, slug, source("users"), allow=False, expect=400)["internal"] == [problem]
    found = {"is_consistent": False, "inconsistent_objects": [problem]}
    assert replace(hasura, slug, source("users"), allow=True) == found
    assert hasura.command("get_inconsistent_metadata", slug=slug) == found
    assert hasura.command("reload_metadata", slug=slug) == {"message": "success", **found}
    hasura.set_env(hasura.tenant(slug), PG_DATABASE_URL=URL)
    hasura.sandbox.advance(5)
    assert hasura.command("reload_metadata", {"reload_sources": True}, slug) == {
        "message": "success",
        "is_consistent": True,
    }


@pytest.mark.parametrize("name", ["reload_sources", "reload_remote_schemas", "recreate_event_triggers"])
def test_what_is_reloaded_is_a_boolean_or_a_list_of_names(hasura, shop, name):
    for value in (True, False, ["default"]):
        assert hasura.command("reload_metadata", {name: value, "other": 1}, shop)["message"] == "success"
    assert hasura.command("reload_metadata", {name: "all"}, shop, 400)["path"] == f"$.args.{name}"


def test_the_settings_of_the_engine_are_for_admins(hasura, shop):
    found = hasura.call("GET", "/v1alpha1/config", shop).json()
    assert found["is_remote_schema_permissions_enabled"] is False and found["version"].startswith("v2.")
    assert hasura.call("GET", "/v1alpha1/config", shop, headers={}).status_code == 401
    variables = {"HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS": "true"}
    hasura.set_env(hasura.tenant(shop), **variables)
    hasura.sandbox.advance(5)
    assert hasura.call("GET", "/v1alpha1/config", shop).json()["is_remote_schema_permissions_enabled"] is True
    hasura.set_env(hasura.tenant(shop), HASURA_GRAPHQL_ENABLED_APIS="graphql,metadata")
    hasura.sandbox.advance(5)
    assert hasura.call("GET", "/v1alpha1/config", shop).status_code == 404


def test_a_source_cannot_be_added_before_the_workers_have_its_variable(hasura):
    hasura.sandbox.admin("PATCH", "settings", {"hasura_worker_seconds": 20})
    slug = hasura.create()["slug"]
    hasura.sandbox.advance(20)
    hasura.set_env(hasura.tenant(slug), PG_DATABASE_URL=URL)
    args = {"name": "default", "configuration": {"connection_info": {"database_url": {"from_env": "PG_DATABASE_URL"}}}}
    answer = hasura.command("pg_add_source", args, slug, 400)
    assert (answer["code"], answer["error"]) == ("invalid-configuration", UNSET)
    assert answer["internal"][0]["name"] == "source default"
    hasura.sandbox.advance(20)
    assert hasura.command("pg_add_source", args, slug) == {"message": "success"}
    assert hasura.command("pg_add_source", args, slug, 400)["code"] == "already-exists"
    hasura.command("pg_add_source", {**args, "replace_configuration": True}, slug)
    assert [each["name"] for each in hasura.command("export_metadata", slug=slug)["sources"]] == ["default"]
    health = hasura.call("GET", "/healthz/sources", slug).json()
    assert (health["default"]["status"], health["default"]["error"]) == ("OK", None)
    assert hasura.call("GET", "/healthz/sources", slug, headers={}).status_code == 401


def test_a_database_that_cannot_be_reached(hasura):
    slug = hasura.create(envs=pairs({"PG_DATABASE_URL": "postgres://db.invalid/shop"}))["slug"]
    found = replace(hasura, slug, source(), allow=True)["inconsistent_objects"]
    assert [each["reason"] for each in found] == ["Inconsistent object: connection error"]
    assert hasura.call("GET", "/healthz/sources", slug).json()["default"]["status"] == "FAILED"


def test_each_kind_of_inconsistent_object_has_its_name(hasura, shop):
    users = {
        "table": "users",
        "object_relationships": [{"name": "boss", "using": {"foreign_key_constraint_on": "boss_id"}}],
        "select_permissions": [{"role": "user", "permission": {"columns": ["id", "age"], "filter": {}}}],
        "event_triggers": [{"name": "ping", "webhook_from_env": "PING_URL"}],
    }
    metadata = source(users, "nothing", {"table": {"schema": "other", "name": "users"}})
    metadata["remote_schemas"] = [{"name": "cms", "definition": {"url_from_env": "CMS_URL"}}]
    found = replace(hasura, shop, metadata, allow=True)["inconsistent_objects"]
    assert sorted((each["name"], each["type"]) for each in found) == [
        ("event_trigger ping in table users in source default", "event_trigger"),
        ("object_relation boss in table users in source default", "object_relation"),
        ("remote schema cms", "remote_schema"),
        ("select_permission user in table users in source default", "select_permission"),
        ("table nothing in source default", "table"),
        ("table other.users in source default", "table"),
    ]
    [table] = [each for each in found if each["name"] == "table nothing in source default"]
    assert table["definition"] == {"name": "nothing", "schema": "public"}
    assert table["reason"] == 'Inconsistent object: no such table/view exists in source: "nothing"'
    assert hasura.command("drop_inconsistent_metadata", slug=shop) == {"message": "success"}
    assert hasura.command("get_inconsistent_metadata", slug=shop) == {"is_consistent": True, "inconsistent_objects": []}
    [kept] = hasura.command("export_metadata", slug=shop)["sources"][0]["tables"]
    assert kept["table"]["name"] == "users"


@pytest.mark.parametrize(
    "change, path",
    [
        ({"version": 2}, "$.args.version"),
        ({"sources": {}}, "$.args.sources"),
        ({"sources": [{"name": "default"}]}, "$.args.sources[0]"),
        ({"sources": [{"name": "a", "configuration": {}, "tables": [{}]}]}, "$.args.sources[0].tables[0]"),
        (
            {"sources": [{"name": "a", "configuration": {}, "tables": [{"table": "users", "colour": 1}]}]},
            "$.args.sources[0].tables[0]",
        ),
        ({"sources": [{"name": "a", "configuration": {}, "tables": ["users"]}]}, "$.args.sources[0].tables[0]"),
        ({"sources": [{"name": "a", "configuration": {}}, {"name": "a", "configuration": {}}]}, "$.args.sources"),
        ({"remote_schemas": [{"name": "cms"}]}, "$.args.remote_schemas[0]"),
    ],
)
def test_what_cannot_be_read_is_refused(hasura, shop, change, path):
    before = hasura.command("export_metadata", slug=shop, version=2)
    answer = replace(hasura, shop, {**source(), **change}, 400)
    assert (answer["code"], answer["path"]) == ("parse-failed", path)
    assert hasura.command("export_metadata", slug=shop, version=2) == before


def test_unknown_keys_above_tables_are_refused_or_dropped(hasura, shop):
    for metadata in ({**source(), "colour": "red"}, source(colour="red")):
        hasura.sandbox.switch(unknown_metadata_keys="refused")
        assert "colour" in replace(hasura, shop, metadata, 400)["error"]
        hasura.sandbox.switch(unknown_metadata_keys="dropped")
        replace(hasura, shop, metadata)
        assert "colour" not in str(hasura.command("export_metadata", slug=shop))


def test_a_change_may_name_the_version_that_it_is_made_from(hasura, shop):
    before = hasura.command("export_metadata", slug=shop, version=2)
    version = before["resource_version"]
    replace(hasura, shop, source("users"), resource_version=version)
    answer = replace(hasura, shop, source(), 409, resource_version=version)
    assert answer["code"] == "conflict"
    after = hasura.command("export_metadata", slug=shop, version=2)
    assert after["resource_version"] > version and len(after["metadata"]["sources"][0]["tables"]) == 1
    hasura.sandbox.switch(metadata_lock="ignored")
    replace(hasura, shop, source(), resource_version=version)


def test_clear_and_bulk(hasura, shop):
    replace(hasura, shop, source("users"))
    answer = hasura.command(
        "bulk", [{"type": "clear_metadata", "args": {}}, {"type": "export_metadata", "args": {}}], shop
    )
    assert answer == [{"message": "success"}, {"version": 3, "sources": []}]
    replace(hasura, shop, source("users"))
    hasura.command("bulk", [{"type": "clear_metadata", "args": {}}, {"type": "nothing", "args": {}}], shop, 400)
    assert len(hasura.command("export_metadata", slug=shop)["sources"]) == 1


def test_commands_that_are_not_understood(hasura):
    for body, code in [
        (b"{", "invalid-json"),
        (b"[]", "invalid-json"),
        (b"{}", "parse-failed"),
        (b'{"type": "nothing", "args": {}}', "parse-failed"),
        (b'{"type": "export_metadata"}', "parse-failed"),
        (b'{"type": "export_metadata", "args": {}, "version": 3}', "parse-failed"),
    ]:
        response = hasura.call("POST", "/v1/metadata", data=body)
        assert (response.status_code, response.json()["code"]) == (400, code)


def test_faults_hit_a_tenants_calls(hasura):
    hasura.sandbox.fault("export_metadata", "status", platform="hasura-tenant", status=500)
    assert hasura.command("export_metadata", expect=500)["code"] == "unexpected"
    hasura.command("export_metadata")
    hasura.sandbox.fault("healthz", "throttle", platform="hasura-tenant")
    assert hasura.call("GET", "/healthz").status_code == 429
