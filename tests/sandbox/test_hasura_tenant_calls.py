# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: creating and changing tenants, and their variables."""

from __future__ import annotations

import re

import pytest
from hasura_client import (
    CREATE,
    DELETE_ENV,
    FOREIGN_SLUG,
    LEGACY,
    PROJECTS,
    RENAME,
    SECRET,
    SLUG,
    UNKNOWN,
    UPDATE_ENV,
    UUID,
    pairs,
)

# tenants


def test_a_new_tenant_gets_a_random_name_whatever_is_asked_for(hasura):
    tenant = hasura.create(name="my-shop", plan="cloud_payg", envs=pairs({"A": "1"}))
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d\d", tenant["slug"])
    assert tenant["project"]["plan_name"] == "cloud_payg"
    hasura.sandbox.switch(create_name="applied")
    tenant = hasura.create(name="my-shop")
    assert (tenant["slug"], tenant["fqdn"]) == ("my-shop", "my-shop.hasura.app")
    error = hasura.error(CREATE, cloud="aws", region="us-east-2", name="my-shop")
    assert error["extensions"]["code"] == "constraint-violation"
    assert error["message"].startswith("Uniqueness violation. duplicate key value violates unique constraint")


def test_both_flavors_of_creation(hasura):
    error = hasura.error(LEGACY, url="postgres://u:canary@db.example.com/db")
    assert error == {
        "extensions": {"path": "$.selectionSet.createTenant", "code": "validation-failed"},
        "message": '"createTenant" has no argument named "databaseUrl"',
    }
    hasura.sandbox.switch(create_flavor="legacy")
    created = hasura.ask(LEGACY, url="postgres://u:p@db.example.com/db")
    assert hasura.env(created)["envVars"]["HASURA_GRAPHQL_DATABASE_URL"] == "postgres://u:p@db.example.com/db"
    assert hasura.by_id(created["id"])["slug"] == created["name"]
    error = hasura.error(CREATE, cloud="aws", region="us-east-2", plan="cloud_free")
    assert 'has no argument named "' in error["message"]
    schema = hasura.ask('{ __type(name: "mutation_root") { fields { name args { name } } } }')["fields"]
    [create] = [field for field in schema if field["name"] == "createTenant"]
    assert [argument["name"] for argument in create["args"]] == ["cloud", "region", "databaseUrl"]


@pytest.mark.parametrize(
    "choice, fails, created", [("error_after_creation", True, 1), ("error", True, 0), ("accepted", False, 1)]
)
def test_the_newer_free_plan_does_not_bear_variables(hasura, choice, fails, created):
    hasura.sandbox.switch(free_v2_with_envs=choice)
    arguments = {"cloud": "aws", "region": "us-east-2", "plan": "cloud_free_v2", "envs": pairs({"A": "1"})}
    if fails:
        error = hasura.error(CREATE, **arguments)
        assert error["message"] == "there was an internal error while serving your request"
        assert error["extensions"]["code"] == "GenericServerError" and re.fullmatch(UUID, error["extensions"]["id"])
    else:
        hasura.ask(CREATE, **arguments)
    assert len(hasura.ask(PROJECTS)) == 1 + created
    assert hasura.create(plan="cloud_free_v2")["project"]["plan_name"] == "cloud_free_v2"


def test_places_and_plans_that_do_not_exist_are_refused(hasura):
    for arguments in (
        {"cloud": "aws", "region": "mars-1"},
        {"cloud": "azure", "region": "us-east-2"},
        {"cloud": "aws", "region": "us-gov-west-1"},
        {"cloud": "aws", "region": "us-east-2", "plan": "gold"},
    ):
        assert hasura.error(CREATE, **arguments)["extensions"]["code"] == "bad-request"
    assert len(hasura.ask(PROJECTS)) == 1


def test_a_rename_changes_slug_host_and_endpoint_but_no_id(hasura):
    before = hasura.tenant()
    after = hasura.rename(before, "my-shop")
    assert (after["slug"], after["fqdn"], after["project"]["name"]) == ("my-shop", "my-shop.hasura.app", "my-shop")
    assert after["project"]["endpoint"].endswith("/hasura/tenants/my-shop/v1/graphql")
    assert (after["id"], after["project"]["id"]) == (before["id"], before["project"]["id"])
    assert hasura.call("GET", "/healthz").status_code == 404
    again = hasura.ask(
        """mutation ($id: uuid!) { update_projects_by_pk(pk_columns: {id: $id}, _set: {name: "shop-2"}) {
        id name endpoint } }""",
        id=before["project"]["id"],
    )
    assert again["name"] == "shop-2" and hasura.tenant("shop-2")["id"] == before["id"]
    assert (
        hasura.ask(
            """mutation ($id: uuid!) { update_projects_by_pk(pk_columns: {id: $id}, _set: {name: "x"}) {
        id } }""",
            id=UNKNOWN,
        )
        is None
    )


def test_names_are_unique_and_have_rules(hasura):
    tenant = hasura.tenant()
    error = hasura.error(RENAME, id=tenant["id"], name=FOREIGN_SLUG)
    assert error["extensions"]["code"] == "constraint-violation"
    for name in ("", "My-Shop", "my_shop", "-shop", "shop-"):
        assert hasura.error(RENAME, id=tenant["id"], name=name)["extensions"]["code"] == "bad-request"
    assert hasura.tenant() == tenant


def test_a_deleted_name_may_stay_reserved(hasura):
    hasura.delete(hasura.rename(hasura.create(), "my-shop"))
    hasura.delete(hasura.rename(hasura.create(), "my-shop"))
    hasura.sandbox.switch(deleted_name="reserved")
    hasura.delete(hasura.rename(hasura.create(), "my-shop"))
    tenant = hasura.create()
    assert hasura.error(RENAME, id=tenant["id"], name="my-shop")["extensions"]["code"] == "constraint-violation"
    hasura.sandbox.advance(60)
    assert hasura.rename(tenant, "my-shop")["slug"] == "my-shop"


def test_deletion(hasura):
    tenant = hasura.create()
    assert hasura.delete(tenant) == {"status": "success"}
    assert hasura.by_id(tenant["id"]) is None and hasura.tenant(tenant["slug"]) is None
    assert hasura.env(tenant) is None
    assert (
        "not found"
        in hasura.error("mutation ($id: uuid!) { deleteTenant(tenantId: $id) { status } }", id=tenant["id"])["message"]
    )


def test_plan_and_region_change_by_the_projects_id(hasura):
    tenant = hasura.create()
    project = tenant["project"]["id"]
    hasura.ask("mutation ($id: uuid!) { changePlan(plan: pro, projectId: $id) { status } }", id=project)
    moved = hasura.ask(
        """mutation ($id: uuid!) { moveProjectRegion(cloud: "gcp", region: "us-west2", projectId: $id) {
        projectId project { plan_name tenant { cloud region } } } }""",
        id=project,
    )
    assert moved == {
        "projectId": project,
        "project": {"plan_name": "pro", "tenant": {"cloud": "gcp", "region": "us-west2"}},
    }
    assert (
        hasura.error("mutation ($id: uuid!) { changePlan(plan: pro, projectId: $id) { status } }", id=tenant["id"])[
            "message"
        ]
        == "project not found"
    )


def test_endpoints_are_below_the_sandbox_or_the_platforms_own(hasura):
    endpoint = hasura.tenant()["project"]["endpoint"]
    assert endpoint == f"{hasura.sandbox.url}/hasura/tenants/{SLUG}/v1/graphql"
    hasura.sandbox.switch(tenant_urls="platform")
    assert hasura.tenant()["project"]["endpoint"] == f"https://{SLUG}.hasura.app/v1/graphql"


def test_maintenance_mode_refuses_changes(hasura):
    tenant = hasura.create()
    hasura.admin(slug=tenant["slug"], maintenance_mode=True)
    current = hasura.env(tenant)["hash"]
    assert hasura.by_id(tenant["id"])["maintenance_mode"] is True
    project = tenant["project"]["id"]
    for query, variables in [
        (UPDATE_ENV, {"id": tenant["id"], "hash": current, "envs": pairs({"A": "1"})}),
        (DELETE_ENV, {"id": tenant["id"], "hash": current, "keys": [SECRET]}),
        ("mutation ($id: uuid!) { deleteTenant(tenantId: $id) { status } }", {"id": tenant["id"]}),
        ("mutation ($id: uuid!) { changePlan(plan: pro, projectId: $id) { status } }", {"id": project}),
        (
            'mutation ($id: uuid!) { moveProjectRegion(cloud: "aws", region: "eu-west-1", projectId: $id) {'
            " projectId } }",
            {"id": project},
        ),
    ]:
        assert "maintenance" in hasura.error(query, **variables)["message"]
    hasura.admin(slug=tenant["slug"], maintenance_mode=False)
    hasura.set_env(tenant, A="1")


def test_the_admin_call_takes_what_it_knows(hasura):
    assert hasura.admin(slug=SLUG, hibernated=True)["hibernated"] is True
    assert hasura.tenant()["active"] is False
    assert hasura.admin(slug=SLUG)["hibernated"] is True
    for body in (
        {},
        {"slug": "nobody"},
        {"slug": SLUG, "hibernated": 1},
        {"slug": SLUG, "sleepy": True},
        {"slug": SLUG, "project_name": 1},
    ):
        hasura.admin(400, **body)
    tenant = hasura.create()
    hasura.admin(slug=tenant["slug"], project_name=SLUG)
    assert len(hasura.ask(f'{{ projects(where: {{name: {{_eq: "{SLUG}"}}}}) {{ id }} }}')) == 2


# variables


def test_variables_merge_and_each_change_has_a_new_hash(hasura):
    tenant = hasura.create(envs=pairs({"A": "1"}))
    first = hasura.env(tenant)
    assert re.fullmatch(r"[0-9a-f]{40}", first["hash"])
    assert re.fullmatch(r"\w{64}", first["envVars"][SECRET])
    assert first["envVars"]["environment"] == {"A": "1"}
    second = hasura.set_env(tenant, first["hash"], B="2")
    assert second["envVars"]["environment"] == {"A": "1", "B": "2"} and second["hash"] != first["hash"]
    third = hasura.drop_env(tenant, "A", "B")
    assert third == hasura.env(tenant) and third["envVars"] == {SECRET: first["envVars"][SECRET]}
    assert hasura.set_env(tenant, A="1")["hash"] == first["hash"]


def test_values_of_known_settings_may_be_typed(hasura):
    tenant = hasura.create()
    values = {
        "HASURA_GRAPHQL_ENABLE_CONSOLE": "true",
        "HASURA_GRAPHQL_JWT_SECRET": '{"type": "HS256", "key": "k"}',
        "HASURA_GRAPHQL_LOG_LEVEL": "info",
        "FLAG": "true",
    }
    found = hasura.set_env(tenant, **values)["envVars"]
    assert found["HASURA_GRAPHQL_ENABLE_CONSOLE"] is True
    assert found["HASURA_GRAPHQL_JWT_SECRET"] == {"type": "HS256", "key": "k"}
    assert (found["HASURA_GRAPHQL_LOG_LEVEL"], found["environment"]) == ("info", {"FLAG": "true"})
    hasura.sandbox.switch(env_value_types="text", env_layout="flat")
    assert values.items() <= hasura.env(tenant)["envVars"].items()


def test_a_hash_that_was_overtaken_is_refused(hasura):
    tenant = hasura.create()
    stale = hasura.env(tenant)["hash"]
    hasura.set_env(tenant, stale, A="1")
    before = hasura.env(tenant)
    hasura.error(UPDATE_ENV, id=tenant["id"], hash=stale, envs=pairs({"B": "2"}))
    hasura.error(DELETE_ENV, id=tenant["id"], hash=stale, keys=["A"])
    assert hasura.env(tenant) == before


def test_a_change_that_changes_nothing_is_refused_unless_accepted(hasura):
    tenant = hasura.create(envs=pairs({"A": "1"}))
    current = hasura.env(tenant)["hash"]
    for envs in (pairs({"A": "1"}), []):
        hasura.error(UPDATE_ENV, id=tenant["id"], hash=current, envs=envs)
    hasura.sandbox.switch(unchanged_env="accepted")
    assert hasura.set_env(tenant, A="1")["hash"] == current
    assert len(hasura.config_status(tenant, active=False)) == 2


def test_unknown_keys_to_delete_are_ignored_or_refused(hasura):
    tenant = hasura.create(envs=pairs({"A": "1", "B": "2"}))
    assert hasura.drop_env(tenant, "A", "NOTHING")["envVars"]["environment"] == {"B": "2"}
    hasura.sandbox.switch(unknown_env_keys="refused")
    current = hasura.env(tenant)
    error = hasura.error(DELETE_ENV, id=tenant["id"], hash=current["hash"], keys=["B", "NOTHING"])
    assert "NOTHING" in error["message"]
    assert hasura.env(tenant) == current


def test_variables_of_a_tenant_that_is_not_there(hasura):
    assert hasura.env({"id": UNKNOWN}) is None
    hasura.sandbox.switch(unknown_tenant_env="error")
    query = "query ($id: uuid!) { getTenantEnv(tenantId: $id) { hash } }"
    assert hasura.error(query, id=UNKNOWN)["extensions"]["code"] == "not-found"


def test_what_hasura_manages_is_not_settable(hasura):
    tenant = hasura.tenant()
    error = hasura.error(
        UPDATE_ENV,
        id=tenant["id"],
        hash=hasura.env(tenant)["hash"],
        envs=pairs({"HASURA_GRAPHQL_METADATA_DATABASE_URL": "postgres://x"}),
    )
    assert "managed" in error["message"]


def test_workers_take_a_change_one_after_another(hasura):
    hasura.sandbox.admin("PATCH", "settings", {"hasura_worker_seconds": 60, "hasura_workers": 3})
    tenant = hasura.create(wait=False)
    hasura.sandbox.advance(60)
    old = hasura.env(tenant)["hash"]
    assert [(row["hash"], row["message"]) for row in hasura.config_status(tenant)] == [
        (old, "Service configured successfully")
    ] * 3
    new = hasura.set_env(tenant, old, A="1")["hash"]
    assert {row["hash"] for row in hasura.config_status(tenant)} == {old}
    hasura.sandbox.advance(18)
    states = [
        (row["hash"] == new, row["message"] == "Service configured successfully")
        for row in hasura.config_status(tenant)
    ]
    assert states == [(True, False), (True, False), (False, True)]
    hasura.sandbox.advance(12)
    assert [row["message"] == "Service configured successfully" for row in hasura.config_status(tenant)] == [
        True,
        False,
        False,
    ]
    hasura.sandbox.advance(30)
    assert {(row["hash"], row["message"]) for row in hasura.config_status(tenant)} == {
        (new, "Service configured successfully")
    }
    assert len({row["worker_id"] for row in hasura.config_status(tenant)}) == 3


def test_rows_of_former_environments_stay_or_go(hasura):
    tenant = hasura.create()
    hasura.set_env(tenant, A="1")
    hasura.sandbox.advance(5)
    rows = hasura.config_status(tenant, active=False)
    assert sorted(row["is_active"] for row in rows) == [False, False, True, True]
    hasura.sandbox.switch(stale_config_status="removed")
    assert hasura.config_status(tenant, active=False) == hasura.config_status(tenant)


def test_a_failing_worker_never_says_that_it_is_configured(hasura):
    tenant = hasura.create()
    hasura.admin(slug=tenant["slug"], worker_failure=True)
    hasura.set_env(tenant, A="1")
    hasura.sandbox.advance(3600)
    assert sorted(row["message"] for row in hasura.config_status(tenant)) == [
        "Service configuration failed",
        "Service configured successfully",
    ]
    hasura.admin(slug=tenant["slug"], worker_failure=False)
    assert {row["message"] for row in hasura.config_status(tenant)} == {"Service configured successfully"}
