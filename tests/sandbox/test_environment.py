# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables of teams and sites."""

from __future__ import annotations

import pytest

ALL = ["builds", "functions", "runtime", "post_processing"]
SECRET = ALL[:3]
TEAM = "/accounts/sandbox-team/env"


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


@pytest.fixture
def of_site(site):
    """The path of a variable below that of the team, with the site in the query."""
    return lambda key="": f"{TEAM}{'/' if key else ''}{key}?site_id={site['id']}"


def create(sandbox, address, key, value="v", context="all", **fields):
    [variable] = sandbox.call(
        "POST", address, 201, json=[{"key": key, "values": [{"value": value, "context": context}], **fields}]
    ).json()
    return variable


def values(variable):
    return {(value["context"], value["context_parameter"]): value["value"] for value in variable["values"]}


def test_a_variable_from_its_creation_to_its_end(sandbox, of_site):
    variable = create(sandbox, of_site(), "KEY")
    user = sandbox.get("/user")
    assert variable == {
        "key": "KEY",
        "scopes": ALL,
        "is_secret": False,
        "updated_at": variable["updated_at"],
        "values": [{"id": variable["values"][0]["id"], "value": "v", "context": "all", "context_parameter": None}],
        "updated_by": {"id": user["id"], "full_name": "Ada Sandbox", "email": "ada@example.com", "avatar_url": None},
    }
    assert sandbox.get(of_site()) == [variable] and sandbox.get(of_site("KEY")) == variable
    body = {
        "key": "KEY",
        "scopes": ["runtime", "builds"],
        "is_secret": False,
        "values": [
            {"value": "1", "context": "production"},
            {"value": "", "context": "branch", "context_parameter": "feature"},
        ],
    }
    updated = sandbox.call("PUT", of_site("KEY"), 200, json=body).json()
    assert values(updated) == {("production", None): "1", ("branch", "feature"): ""}
    assert updated["scopes"] == ["builds", "runtime"]
    sandbox.call("DELETE", of_site("KEY"), 204)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        sandbox.call(method, of_site("KEY"), 404, json=body)
    assert sandbox.get(of_site()) == []


def test_a_sites_variables_hide_those_of_its_team(sandbox, site, of_site):
    create(sandbox, TEAM, "SHARED", "team")
    create(sandbox, TEAM, "BOTH", "team")
    create(sandbox, of_site(), "BOTH", "site")
    create(sandbox, of_site(), "OWN", "site")
    assert [entry["key"] for entry in sandbox.get(TEAM)] == ["BOTH", "SHARED"]
    assert [entry["key"] for entry in sandbox.get(of_site())] == ["BOTH", "OWN"]
    for address in (f"/sites/{site['id']}/env", "/sites/docs.netlify.app/env"):
        assert [(entry["key"], entry["values"][0]["value"]) for entry in sandbox.get(address)] == [
            ("BOTH", "site"),
            ("OWN", "site"),
            ("SHARED", "team"),
        ]


def test_a_team_goes_by_slug_or_id_and_only_for_its_people(sandbox, second, site):
    create(sandbox, TEAM, "KEY")
    account = next(entry for entry in sandbox.get("/accounts") if entry["slug"] == "sandbox-team")
    assert len(sandbox.get(f"/accounts/{account['id']}/env")) == 1
    second.call("GET", TEAM, 404)
    second.call("GET", f"/accounts/second-team/env?site_id={site['id']}", 404)
    sandbox.call("GET", f"/accounts/second-team/env?site_id={site['id']}", 404)
    sandbox.call("GET", f"{TEAM}?site_id=nothing", 404)


@pytest.mark.parametrize("status", [409, 422])
def test_a_key_that_exists_is_refused_with_all_that_came_with_it(sandbox, status):
    sandbox.switch(env_existing_key=status)
    create(sandbox, TEAM, "KEY")
    for keys in (["NEW", "KEY"], ["NEW", "NEW"]):
        sandbox.call("POST", TEAM, status, json=[{"key": key, "values": [{"value": "1"}]} for key in keys])
    assert [(entry["key"], values(entry)) for entry in sandbox.get(TEAM)] == [("KEY", {("all", None): "v"})]


@pytest.mark.parametrize("status", [200, 201])
def test_one_value_is_set_by_its_context(sandbox, status):
    sandbox.switch(env_patch_status=status)
    create(sandbox, TEAM, "KEY", "1", "production")
    for body in (
        {"context": "dev", "value": "2"},
        {"context": "production", "value": "3"},
        {"context": "branch", "context_parameter": "x", "value": "4"},
        {"context": "branch", "context_parameter": "y", "value": "5"},
    ):
        last = sandbox.call("PATCH", f"{TEAM}/KEY", status, json=body).json()
    assert values(last) == {("production", None): "3", ("dev", None): "2", ("branch", "x"): "4", ("branch", "y"): "5"}
    assert sandbox.get(f"{TEAM}/KEY") == last


@pytest.mark.parametrize(
    "beside, expected",
    [
        ("kept", {("all", None): "v", ("production", None): "p"}),
        (
            "split",
            {
                ("dev", None): "v",
                ("dev-server", None): "v",
                ("branch-deploy", None): "v",
                ("deploy-preview", None): "v",
                ("production", None): "p",
            },
        ),
    ],
)
def test_one_value_beside_one_for_all_contexts(sandbox, beside, expected):
    sandbox.switch(env_patch_beside_all=beside)
    create(sandbox, TEAM, "KEY")
    variable = sandbox.call("PATCH", f"{TEAM}/KEY", 200, json={"context": "production", "value": "p"}).json()
    assert values(variable) == expected
    assert len({value["id"] for value in variable["values"]}) == len(expected)
    variable = sandbox.call("PATCH", f"{TEAM}/KEY", 200, json={"context": "all", "value": "a"}).json()
    assert values(variable)[("all", None)] == "a"
    assert len(variable["values"]) == {"kept": 2, "split": 1}[beside]


@pytest.mark.parametrize("left", ["variable_goes", "variable_stays"])
def test_a_value_is_deleted_by_its_id(sandbox, left):
    sandbox.switch(env_last_value=left)
    create(sandbox, TEAM, "KEY", "1", "production")
    variable = sandbox.call("PATCH", f"{TEAM}/KEY", 200, json={"context": "dev", "value": "2"}).json()
    first, last = (value["id"] for value in variable["values"])
    sandbox.call("DELETE", f"{TEAM}/KEY/value/{first}", 204)
    sandbox.call("DELETE", f"{TEAM}/KEY/value/{first}", 404)
    assert values(sandbox.get(f"{TEAM}/KEY")) == {("dev", None): "2"}
    sandbox.call("DELETE", f"{TEAM}/KEY/value/{last}", 204)
    sandbox.call("GET", f"{TEAM}/KEY", 404 if left == "variable_goes" else 200)
    assert [entry["values"] for entry in sandbox.get(TEAM)] == ([] if left == "variable_goes" else [[]])
    assert sandbox.get(f"{TEAM}?context=dev") == []


@pytest.mark.parametrize("name", ["context_name", "context"])
def test_lists_can_be_filtered(sandbox, name):
    create(sandbox, TEAM, "A", context="all", scopes=["builds"])
    create(sandbox, TEAM, "B", context="production", scopes=["post_processing"])
    create(sandbox, TEAM, "C", context="dev")
    assert [entry["key"] for entry in sandbox.get(f"{TEAM}?{name}=production")] == ["A", "B"]
    for spelling in ("post_processing", "post-processing"):
        assert [entry["key"] for entry in sandbox.get(f"{TEAM}?scope={spelling}")] == ["B", "C"]
    sandbox.call("GET", f"{TEAM}?scope=other", 422)


@pytest.mark.parametrize("spelling", ["post-processing", "post_processing"])
def test_the_spelling_of_a_scope(sandbox, spelling):
    sandbox.switch(env_scope_spelling=spelling)
    for key, sent in (("A", "post-processing"), ("B", "post_processing")):
        assert create(sandbox, TEAM, key, scopes=[sent])["scopes"] == [spelling]


@pytest.mark.parametrize("shown, secret", [("empty", {"value": ""}), ("masked", {"value": "*" * 16}), ("absent", {})])
def test_secrets_cannot_be_read_back_but_for_local_development(sandbox, site, of_site, shown, secret):
    sandbox.switch(env_secret_value=shown)
    created = create(sandbox, of_site(), "KEY", "s3cret", "production", is_secret=True)
    assert (created["is_secret"], created["scopes"]) == (True, SECRET)
    sandbox.call("PATCH", of_site("KEY"), 200, json={"context": "dev", "value": "local"})
    for variable in (sandbox.get(of_site("KEY")), *sandbox.get(of_site()), *sandbox.get(f"/sites/{site['id']}/env")):
        production, dev = variable["values"]
        assert {key: value for key, value in production.items() if key == "value"} == secret
        assert dev["value"] == "local"


def test_a_variable_becomes_a_secret(sandbox):
    create(sandbox, TEAM, "KEY")
    sandbox.call("PATCH", f"{TEAM}/KEY", 200, json={"context": "production", "value": "s", "is_secret": True})
    variable = sandbox.get(f"{TEAM}/KEY")
    assert variable["is_secret"] and values(variable) == {("all", None): "", ("production", None): ""}


@pytest.mark.parametrize("plan", ["available", "unavailable"])
def test_scopes_depend_on_the_plan(sandbox, plan):
    sandbox.switch(env_scopes_plan=plan)
    has_scopes = plan == "available"
    sent = {
        "PLAIN": ({}, 201),
        "EVERY": ({"scopes": ALL}, 201 if has_scopes else 403),
        "SOME": ({"scopes": ["builds"]}, 201 if has_scopes else 403),
        "SECRET": ({"is_secret": True}, 201 if has_scopes else 422),
        "RULE": ({"is_secret": True, "scopes": SECRET}, 201),
        "NARROW": ({"is_secret": True, "scopes": ["builds"]}, 201 if has_scopes else 403),
    }
    for key, (fields, expected) in sent.items():
        answer = sandbox.call("POST", TEAM, expected, json=[{"key": key, "values": [{"value": "1"}], **fields}])
        if expected == 403:
            assert answer.json() == {"code": 403, "message": "Upgrade your Netlify account to set specific scopes"}


@pytest.mark.parametrize("contexts, status", [("any", 201), ("explicit", 422)])
def test_contexts_of_secrets(sandbox, contexts, status):
    sandbox.switch(env_secret_contexts=contexts)
    values = {"EVERYWHERE": ("all", "1", status), "DEV": ("dev", "1", status), "NO_DEV": ("dev", "", 201)}
    for key, (context, value, expected) in {**values, "LIVE": ("production", "1", 201)}.items():
        entry = {"key": key, "values": [{"context": context, "value": value}], "is_secret": True, "scopes": SECRET}
        sandbox.call("POST", TEAM, expected, json=[entry])
    create(sandbox, TEAM, "PLAIN")
    sandbox.call("PATCH", f"{TEAM}/LIVE", {201: 200}.get(status, status), json={"context": "all", "value": "1"})


@pytest.mark.parametrize("answer, status", [("refused", 422), ("accepted", 201)])
def test_secrets_in_post_processing(sandbox, answer, status):
    sandbox.switch(env_secret_post_processing=answer)
    for key, scope in (("A", "post-processing"), ("B", "post_processing")):
        sandbox.call(
            "POST",
            TEAM,
            status,
            json=[{"key": key, "values": [{"value": "1"}], "is_secret": True, "scopes": ["builds", scope]}],
        )


@pytest.mark.parametrize("served, status", [("gone", 404), ("served", 200)])
def test_the_path_with_its_prefix_twice(sandbox, site, served, status):
    sandbox.switch(env_doubled_path=served)
    sandbox.call("GET", f"/api/v1/sites/{site['id']}/env", status)


@pytest.mark.parametrize(
    "body, status",
    [
        ({"key": "A", "values": [{"value": "1"}]}, 400),
        (["A"], 400),
        ([{"key": "1A", "values": [{"value": "1"}]}], 422),
        ([{"values": [{"value": "1"}]}], 422),
        ([{"key": "A"}], 422),
        ([{"key": "A", "values": []}], 422),
        ([{"key": "A", "values": [{"value": 1}]}], 422),
        ([{"key": "A", "values": [{"value": "1", "context": "staging"}]}], 422),
        ([{"key": "A", "values": [{"value": "1", "context": "branch"}]}], 422),
        ([{"key": "A", "values": [{"value": "1", "context": "dev", "context_parameter": "x"}]}], 422),
        ([{"key": "A", "values": [{"value": "1"}, {"value": "2", "context": "all"}]}], 422),
        ([{"key": "A", "values": [{"value": "1"}], "scopes": ["x"]}], 422),
        ([{"key": "A", "values": [{"value": "1"}], "scopes": "builds"}], 422),
    ],
)
def test_wrong_variables_are_refused(sandbox, body, status):
    sandbox.call("POST", TEAM, status, json=body)
    assert sandbox.get(TEAM) == []
