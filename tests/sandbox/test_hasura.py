# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura Cloud's control plane: who sees what, tenants and their variables, custom domains, jobs."""

from __future__ import annotations

import re

import pytest
from hasura_client import (
    CREATE,
    DELETE_ENV,
    FOREIGN_SLUG,
    LEGACY,
    RENAME,
    SECOND_TOKEN,
    SECRET,
    SLUG,
    UPDATE_ENV,
    Hasura,
    pairs,
)

UNKNOWN = "7a79cf94-0e53-4520-a560-1b02bf522f08"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
PROJECTS = "query { projects { id } }"


@pytest.fixture
def hasura(sandbox):
    return Hasura(sandbox)


@pytest.fixture
def other(sandbox):
    """The second user."""
    return Hasura(sandbox, SECOND_TOKEN)


# who sees what


def test_a_token_sees_its_users_tenants_only(hasura, other):
    mine, theirs = hasura.tenant(), other.tenant(FOREIGN_SLUG)
    assert re.fullmatch(UUID, mine["id"]) and mine["id"] != mine["project"]["id"]
    assert (mine["fqdn"], mine["project"]["name"]) == (f"{SLUG}.hasura.app", SLUG)
    assert hasura.by_id(mine["id"]) == mine and other.by_id(mine["id"]) is None
    assert other.tenant() is None and hasura.tenant(FOREIGN_SLUG) is None
    assert hasura.by_id(UNKNOWN) is None
    assert hasura.ask("query ($id: uuid!) { projects_by_pk(id: $id) { id } }", id=theirs["project"]["id"]) is None
    assert hasura.env(theirs) is None
    assert (
        "not found"
        in hasura.error("mutation ($id: uuid!) { deleteTenant(tenantId: $id) { status } }", id=theirs["id"])["message"]
    )


@pytest.mark.parametrize("headers", [{}, {"Authorization": "pat wrong"}, {"Authorization": "Bearer " + SECOND_TOKEN}])
def test_without_a_role_tables_and_mutations_vanish(hasura, headers):
    error = hasura.error(PROJECTS, headers)
    assert error == {
        "extensions": {"path": "$.selectionSet.projects", "code": "validation-failed"},
        "message": "field \"projects\" not found in type: 'query_root'",
    }
    error = hasura.error("mutation ($id: uuid!) { deleteTenant(tenantId: $id) { status } }", headers, id=UNKNOWN)
    assert error == {"extensions": {"path": "$", "code": "validation-failed"}, "message": "no mutations exist"}
    assert hasura.post("{ __typename }", headers).json() == {"data": {"__typename": "query_root"}}
    assert "no queries" in hasura.post("{ no_queries_available }", headers).json()["data"]["no_queries_available"]


def test_a_bad_token_may_be_refused_by_the_authentication_hook(hasura):
    hasura.sandbox.switch(bad_token="access_denied")
    error = hasura.error(PROJECTS, {"Authorization": "pat wrong"})
    assert error["extensions"]["code"] == "access-denied"
    assert error["message"] == "Authentication hook unauthorized this request"
    assert "not found in type" in hasura.error(PROJECTS, {})["message"]


def test_newer_engines_quote_names_otherwise(hasura):
    assert hasura.error("{ nothing }")["message"] == "field \"nothing\" not found in type: 'query_root'"
    hasura.sandbox.switch(error_quotes="single")
    error = hasura.error("{ projects { tenant { nothing } } }")
    assert error["message"] == "field 'nothing' not found in type: 'tenant'"
    assert error["extensions"]["path"] == "$.selectionSet.projects.selectionSet.tenant.selectionSet.nothing"


def test_a_token_may_see_fewer_columns(hasura):
    hasura.sandbox.switch(token_columns="documented")
    error = hasura.error("{ tenant { id cloud } }")
    assert error["message"] == "field \"cloud\" not found in type: 'tenant'"
    assert hasura.error('{ tenant(where: {cloud: {_eq: "aws"}}) { id } }')["extensions"]["code"] == "validation-failed"
    query = f"""{{ tenant(where: {{slug: {{_eq: "{SLUG}"}}}}) {{ id slug custom_domains {{ id }}
        project {{ id name endpoint plan_name owner {{ id }} }} }} }}"""
    assert hasura.ask(query)[0]["slug"] == SLUG
    names = [field["name"] for field in hasura.ask('{ __type(name: "tenant") { fields { name } } }')["fields"]]
    assert "slug" in names and "region" not in names


def test_what_is_wrong_is_said_without_repeating_values(hasura):
    for query, variables, message in [
        ("{ projects {", {}, "not a valid graphql query"),
        ("{ tenant_by_pk { id } }", {}, 'missing required field "id"'),
        (
            "query ($id: String!) { tenant_by_pk(id: $id) { id } }",
            {"id": UNKNOWN},
            "variable \"id\" is declared as 'String!', but used where 'uuid!' is expected",
        ),
        (
            "query ($id: uuid!) { tenant_by_pk(id: $id) { id } }",
            {},
            'expecting a value for non-nullable variable: "id"',
        ),
        (
            "query ($id: uuid!) { tenant_by_pk(id: $id) { id } }",
            {"id": "nope"},
            'invalid input syntax for type uuid: "nope"',
        ),
        ('{ tenant(where: {id: {_eq: "nope"}}) { id } }', {}, 'invalid input syntax for type uuid: "nope"'),
        (
            "query ($slug: String) { tenant(where: {slug: {_eq: $slug}}) { id } }",
            {"slug": None},
            "unexpected null value for '_eq'",
        ),
        (
            UPDATE_ENV,
            {"id": UNKNOWN, "hash": "x", "envs": [{"key": "canary"}]},
            'the value of variable "envs" does not have the type that it is declared with',
        ),
    ]:
        assert hasura.error(query, **variables)["message"] == message


def test_the_two_input_types_of_variables_are_not_the_same(hasura):
    envs = pairs({"A": "1"})
    wrong = UPDATE_ENV.replace("UpdateEnvObject", "UpdateEnvsObject")
    assert "is declared as" in hasura.error(wrong, id=UNKNOWN, hash="x", envs=envs)["message"]
    wrong = CREATE.replace("[UpdateEnvsObject]", "[UpdateEnvObject]")
    assert "is declared as" in hasura.error(wrong, cloud="aws", region="us-east-2", envs=envs)["message"]
    assert len(hasura.ask(PROJECTS)) == 1


def test_the_platforms_own_host_name(hasura):
    headers = {"Host": "data.pro.hasura.io", "Authorization": f"pat {hasura.token}"}
    assert len(hasura.post(PROJECTS, headers).json()["data"]["projects"]) == 1
    url = f"{hasura.sandbox.url}/v1/graphql"
    response = hasura.sandbox.session.get(url, timeout=10)
    assert (response.status_code, response.json()["code"]) == (404, "not-found")
    response = hasura.sandbox.session.post(url, data="{", headers={"Authorization": f"pat {hasura.token}"}, timeout=10)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (200, "invalid-json")


def test_connections_are_closed_when_either_side_wishes(hasura):
    assert "connection" not in hasura.post(PROJECTS).headers
    headers = {"Authorization": f"pat {hasura.token}", "Connection": "close"}
    assert hasura.post(PROJECTS, headers).headers["connection"] == "close"
    hasura.sandbox.switch(keep_alive="closed")
    assert hasura.post(PROJECTS).headers["connection"] == "close"
    assert hasura.call("GET", "/healthz").headers["connection"] == "close"


def test_the_log_names_fields_and_tells_writes(hasura):
    hasura.sandbox.admin("DELETE", "requests")
    hasura.ask("query read { p: projects { id } }")
    hasura.create(wait=False)
    hasura.health()
    hasura.command("export_metadata")
    hasura.command("reload_metadata")
    logged = [(entry["platform"], entry["operation"], entry["write"]) for entry in hasura.sandbox.log()]
    assert logged == [
        ("hasura", "projects", False),
        ("hasura", "createTenant", True),
        ("hasura-tenant", "healthz", False),
        ("hasura-tenant", "export_metadata", False),
        ("hasura-tenant", "reload_metadata", True),
    ]
    assert hasura.token not in str(hasura.sandbox.log())


def test_a_create_can_be_processed_and_answer_an_error(hasura):
    hasura.sandbox.fault("createTenant", "status", platform="hasura", status=502, body="html", processed=True)
    response = hasura.sandbox.session.post(
        f"{hasura.sandbox.url}/v1/graphql",
        timeout=10,
        json={"query": LEGACY.replace(", databaseUrl: $url", "").replace("($url: String)", "")},
        headers={"Authorization": f"pat {hasura.token}"},
    )
    assert response.status_code == 502
    assert len(hasura.ask(PROJECTS)) == 2


@pytest.mark.parametrize(
    "reset, header",
    [
        ("none", None),
        ("retry-after", "retry-after"),
        ("retry-after-date", "retry-after"),
        ("epoch", "x-ratelimit-reset"),
        ("date", "x-ratelimit-reset"),
    ],
)
def test_an_ordered_throttle(hasura, reset, header):
    hasura.sandbox.fault("projects", "throttle", platform="hasura", reset=reset, seconds=3)
    response = hasura.sandbox.session.post(f"{hasura.sandbox.url}/v1/graphql", json={"query": PROJECTS}, timeout=10)
    assert response.status_code == 429 and response.json()["code"] == "rate-limit-exceeded"
    assert header is None or response.headers[header]


# asking for rows


def test_where_order_limit_and_distinct(hasura):
    for region in ("us-west-1", "eu-west-1", "us-west-1"):
        hasura.create(region=region)
    rows = hasura.ask("{ tenant(order_by: [{region: desc}, {project: {name: asc}}]) { region slug } }")
    assert [row["region"] for row in rows] == ["us-west-1", "us-west-1", "us-east-2", "eu-west-1"]
    assert rows[0]["slug"] < rows[1]["slug"]

    def slugs(arguments):
        return {row["slug"] for row in hasura.ask(f"{{ tenant({arguments}) {{ slug }} }}")}

    west = {rows[0]["slug"], rows[1]["slug"]}
    every = {row["slug"] for row in rows}
    assert slugs('where: {region: {_eq: "us-west-1"}}') == west
    assert slugs('where: {region: {_neq: "us-west-1"}}') == every - west
    assert slugs('where: {region: {_in: ["us-west-1", "us-east-2"]}}') == west | {SLUG}
    assert slugs('where: {region: {_nin: ["us-west-1", "us-east-2"]}}') == every - west - {SLUG}
    assert slugs(f'where: {{project: {{name: {{_eq: "{SLUG}"}}}}}}') == {SLUG}
    assert slugs(f'where: {{_or: [{{slug: {{_eq: "{SLUG}"}}}}, {{region: {{_like: "eu-%"}}}}]}}') == every - west
    assert slugs('where: {_and: [{region: {_ilike: "US-%"}}, {_not: {region: {_like: "%west_1"}}}]}') == {SLUG}
    assert slugs('where: {slug: {_regex: "^hello-"}}') == {SLUG}
    assert slugs("where: {alias: {_is_null: true}}") == every and slugs("where: {alias: {_is_null: false}}") == set()
    assert slugs("where: {workers: {}}") == every and slugs("where: {custom_domains: {}}") == set()
    assert slugs("where: {_or: []}") == set() and slugs("where: {}") == every
    assert slugs('where: {created_at: {_gt: "2020-01-01T00:00:00Z"}}') == every
    assert slugs("order_by: {region: desc}, limit: 2") == west
    assert slugs("order_by: {region: desc}, offset: 3") == {rows[3]["slug"]}
    assert len(hasura.ask("{ tenant(distinct_on: region, order_by: {region: asc}) { slug } }")) == 3
    assert "distinct_on" in hasura.error("{ tenant(distinct_on: region, order_by: {slug: asc}) { slug } }")["message"]
    assert hasura.error('{ tenant(where: {slug: {_regex: "("}}) { id } }')["extensions"]["code"] == "data-exception"
    assert hasura.error("{ tenant(limit: -1) { id } }")["extensions"]["code"] == "validation-failed"


def test_null_is_last_when_ascending_unless_told_otherwise(hasura):
    def ips(direction):
        return [row["nat_ip"] for row in hasura.ask(f"{{ region(order_by: {{nat_ip: {direction}}}) {{ nat_ip }} }}")]

    assert ips("asc")[-1] is None and ips("asc_nulls_first")[0] is None
    assert ips("desc")[0] is None and ips("desc_nulls_last")[-1] is None
    assert ips("asc_nulls_last") == ips("asc") and ips("desc_nulls_first") == ips("desc")


def test_aggregates(hasura):
    hasura.create(region="eu-west-1")
    found = hasura.ask("""{ tenant_aggregate(where: {cloud: {_eq: "aws"}}) {
        aggregate { count clouds: count(columns: cloud, distinct: true) reasons: count(columns: active_status_reason)
                    max { region } min { region } }
        nodes { region } } }""")
    assert found["aggregate"] == {
        "count": 2,
        "clouds": 1,
        "reasons": 0,
        "max": {"region": "us-east-2"},
        "min": {"region": "eu-west-1"},
    }
    assert len(found["nodes"]) == 2
    empty = hasura.ask("{ jobs_aggregate { aggregate { count max { status } } } }")
    assert empty["aggregate"] == {"count": 0, "max": {"status": None}}


def test_regions_tell_the_addresses_that_calls_come_from(hasura):
    found = hasura.ask("""{ region(where: {is_active: {_eq: true}, nat_ip: {_is_null: false}}) {
        cloud name nat_ip nat_ips metrics_fqdn } }""")
    assert {"cloud": "aws", "name": "us-east-2"}.items() <= found[0].items()
    assert len({row["nat_ip"] for row in found}) == len(found) == 20
    assert (
        hasura.ask("{ region_aggregate(where: {is_active: {_eq: false}}) { aggregate { count } } }")["aggregate"][
            "count"
        ]
        == 1
    )
    assert hasura.ask('{ region_by_pk(cloud: gcp, name: "us-west2") { name } }') == {"name": "us-west2"}


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


# custom domains

INSERT = """mutation ($fqdn: String, $tenant: uuid) {
    insert_custom_domain_one(object: {fqdn: $fqdn, tenant_id: $tenant}) {
    id created_at dns_validation fqdn cert ssl_status } }"""


@pytest.mark.parametrize("result", ["succeeded", "pending", "failed"])
def test_a_custom_domain_is_validated_after_a_while(hasura, result):
    hasura.sandbox.switch(custom_domain_dns=result)
    domain = hasura.ask(INSERT, fqdn="API.example.com", tenant=hasura.tenant()["id"])
    assert (domain["fqdn"], domain["cert"], domain["dns_validation"]) == ("api.example.com", "letsencrypt", "pending")
    hasura.sandbox.advance(1)
    [found] = hasura.ask("{ custom_domain { id dns_validation tenant { slug } } }")
    assert found == {"id": domain["id"], "dns_validation": result, "tenant": {"slug": SLUG}}
    response = hasura.sandbox.page("api.example.com", "/healthz")
    assert (response.text == "OK") is (result == "succeeded")


def test_custom_domains_are_unique_and_their_owners(hasura, other):
    domain = hasura.ask(INSERT, fqdn="api.example.com", tenant=hasura.tenant()["id"])
    theirs = other.tenant(FOREIGN_SLUG)["id"]
    error = other.error(INSERT, fqdn="api.example.com", tenant=theirs)
    assert error["extensions"]["code"] == "constraint-violation"
    assert hasura.error(INSERT, fqdn="b.example.com", tenant=theirs)["extensions"]["code"] == "permission-error"
    assert hasura.error(INSERT, fqdn="b.example.com")["extensions"]["code"] == "not-null-violation"
    remove = "mutation ($id: uuid!) { delete_custom_domain_by_pk(id: $id) { id } }"
    assert other.ask(remove, id=domain["id"]) is None
    assert hasura.ask(remove, id=domain["id"]) == {"id": domain["id"]}
    assert hasura.ask(remove, id=domain["id"]) is None
    added = hasura.ask(
        'mutation ($id: uuid!) { addCustomDomain(fqdn: "c.example.com", tenant_id: $id) { id } }',
        id=hasura.tenant()["id"],
    )
    assert hasura.ask("query ($id: uuid!) { custom_domain_by_pk(id: $id) { fqdn } }", **added) == {
        "fqdn": "c.example.com"
    }


# jobs

PREVIEW = """mutation ($payload: CreateGithubPreviewAppInputPayload!) {
    createGitHubPreviewApp(payload: $payload) { githubPreviewAppJobID } }"""
JOB = """query ($id: uuid!) { jobs_by_pk(id: $id) { id status tasks(order_by: {updated_at: asc}) { name
    task_events(order_by: {updated_at: desc}, limit: 1) { event_type public_event_data error } } } }"""


def preview(hasura, name="preview-1"):
    payload = {
        "githubPersonalAccessToken": "canary",
        "githubRepoDetails": {"branch": "main", "owner": "o", "repo": "r", "directory": "hasura"},
        "projectOptions": {
            "cloud": "aws",
            "region": "us-east-2",
            "plan": "cloud_free",
            "name": name,
            "envVars": pairs({"A": "1"}),
        },
    }
    return hasura.ask(PREVIEW, payload=payload)["githubPreviewAppJobID"]


def test_a_preview_app_passes_through_two_jobs(hasura):
    hasura.sandbox.admin("PATCH", "settings", {"hasura_job_seconds": 60})
    job_id = preview(hasura)
    assert hasura.ask(JOB, id=job_id) == {"id": job_id, "status": "created", "tasks": []}
    hasura.sandbox.advance(30)
    job = hasura.ask(JOB, id=job_id)
    assert job["status"] == "running" and job["tasks"][0]["task_events"][0]["event_type"] == "created"
    assert hasura.tenant("preview-1") is None
    hasura.sandbox.advance(31)
    job = hasura.ask(JOB, id=job_id)
    assert job["status"] == "success"
    event = job["tasks"][0]["task_events"][0]
    tenant = hasura.tenant("preview-1")
    assert event["event_type"] == "success" and event["public_event_data"]["projectId"] == tenant["project"]["id"]
    second = event["public_event_data"]["githubDeploymentJobID"]
    assert hasura.ask(JOB, id=second)["status"] in ("created", "running")
    hasura.sandbox.advance(30)
    names = [task["name"] for task in hasura.ask(JOB, id=second)["tasks"]]
    assert names == ["gh-validation", "parse-metadata-migration", "apply-migration"]
    hasura.sandbox.advance(31)
    job = hasura.ask(JOB, id=second)
    assert (job["status"], job["tasks"][-1]["name"]) == ("success", "check-healthz")
    assert hasura.env(tenant)["envVars"]["environment"] == {"A": "1"}


def test_a_preview_app_replaces_the_project_of_its_name_if_it_is_ours(hasura):
    preview(hasura)
    hasura.sandbox.advance(5)
    former = hasura.tenant("preview-1")
    preview(hasura)
    hasura.sandbox.advance(5)
    assert hasura.tenant("preview-1")["id"] != former["id"]
    job_id = preview(hasura, FOREIGN_SLUG)
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=job_id)
    assert (job["status"], job["tasks"][0]["task_events"][0]["event_type"]) == ("failed", "failed")


@pytest.mark.parametrize("result, last", [("failed", "failed"), ("skipped", "created")])
def test_either_job_can_fail_or_be_skipped(hasura, result, last):
    hasura.sandbox.switch(preview_app_job=result)
    job_id = preview(hasura)
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=job_id)
    assert (job["status"], job["tasks"][-1]["task_events"][0]["event_type"]) == (result, last)
    assert bool(job["tasks"][-1]["task_events"][0]["error"]) is (result == "failed")
    assert hasura.tenant("preview-1") is None
    hasura.sandbox.switch(preview_app_job="success", preview_deploy_job=result)
    job_id = preview(hasura)
    hasura.sandbox.advance(5)
    second = hasura.ask(JOB, id=job_id)["tasks"][0]["task_events"][0]["public_event_data"]["githubDeploymentJobID"]
    hasura.sandbox.advance(5)
    job = hasura.ask(JOB, id=second)
    assert (job["status"], job["tasks"][-1]["task_events"][0]["event_type"]) == (result, last)


def test_jobs_are_their_owners(hasura, other):
    job_id = preview(hasura)
    assert other.ask(JOB, id=job_id) is None and hasura.ask(JOB, id=UNKNOWN) is None
    latency = hasura.ask(
        "mutation ($id: uuid!) { checkDBLatency(project_id: $id) { db_latency_job_id } }",
        id=hasura.tenant()["project"]["id"],
    )["db_latency_job_id"]
    hasura.sandbox.advance(5)
    assert hasura.ask(JOB, id=latency)["status"] == "success"


def test_the_environment_of_a_started_sandbox_leads_here(start, tmp_path):
    env_file = tmp_path / "env"
    process = start("--quiet", "--env-file", str(env_file))
    lines = env_file.read_text().splitlines()
    assert f"export HASURA_CLOUD_API_URL=http://127.0.0.1:{process.port}/v1/graphql" in lines
    assert any(line.startswith("export HASURA_CLOUD_ACCESS_TOKEN=") for line in lines)
