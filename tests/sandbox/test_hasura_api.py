# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: permissions and queries."""

from __future__ import annotations

import re

import pytest
from hasura_client import (
    CREATE,
    FOREIGN_SLUG,
    LEGACY,
    PROJECTS,
    SECOND_TOKEN,
    SLUG,
    UNKNOWN,
    UPDATE_ENV,
    UUID,
    pairs,
)

# permissions


def test_a_token_sees_its_users_tenants_only(hasura, other_hasura):
    mine, theirs = hasura.tenant(), other_hasura.tenant(FOREIGN_SLUG)
    assert re.fullmatch(UUID, mine["id"]) and mine["id"] != mine["project"]["id"]
    assert (mine["fqdn"], mine["project"]["name"]) == (f"{SLUG}.hasura.app", SLUG)
    assert hasura.by_id(mine["id"]) == mine and other_hasura.by_id(mine["id"]) is None
    assert other_hasura.tenant() is None and hasura.tenant(FOREIGN_SLUG) is None
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


# queries


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
