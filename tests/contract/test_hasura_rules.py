# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Special rules of tenants of Hasura Cloud: creations in several steps, and tenants that cannot be distinguished, that
hibernate, or that must not be changed.
"""

from __future__ import annotations

import time

import pytest
from harness import SharedClock
from hasura_outcomes import fault, operations, refused, succeeded
from scenarios.hasura import (
    DATABASE_URL,
    MARK,
    PLACE,
    has_env,
    nameless,
    no_tenant,
    only_tenant,
    set_env,
    shop,
    tenants,
)
from scenarios.hasura_metadata import command

FREE_V2 = {
    "name": "shop",
    **PLACE,
    "plan": "cloud_free_v2",
    "wait": False,
    "database_url": DATABASE_URL,
    "env_vars": {"CACHE": "small"},
}


@pytest.fixture
def slept(monkeypatch):
    """The duration of each pause of the runs, in seconds."""
    pauses = []
    sleep = SharedClock.sleep
    monkeypatch.setattr(SharedClock, "sleep", lambda self, seconds: (pauses.append(seconds), sleep(self, seconds))[1])
    return pauses


@pytest.fixture
def days_later(monkeypatch):
    """Moves the clock so that the following runs are later than all present objects of the sandbox."""
    return lambda days: monkeypatch.setattr(SharedClock, "now", lambda self: time.time() + self._offset + days * 86400)


def no_faults(world):
    world.sandbox.admin("DELETE", "faults")


def change_tenant(world, **flags):
    world.sandbox.admin("POST", "hasura/tenant", flags)


# -- creation ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ignored", "applied"])
def test_the_mark_goes_along_and_is_gone_at_the_end(new_world, name):
    world = new_world({"create_name": name})
    outcome = succeeded(
        world.run("hasura_tenant", {"name": "shop", **PLACE, "wait": False, "env_vars": {"CACHE": "small"}})
    )
    created = next(call["json"] for call in outcome.calls if call["operation"] == "createTenant")
    assert {"key": MARK, "value": "shop"} in created["variables"]["envs"]
    assert operations(outcome).count("updateTenantName") == (name == "ignored")
    only_tenant(world)
    has_env(world, "shop", CACHE="small", absent=[MARK])


def test_a_mark_that_cannot_be_taken_away_is_warned_of(world):
    fault(world, "deleteTenantEnv", kind="status", status=403, times=None)
    outcome = succeeded(world.run("hasura_tenant", {"name": "shop", **PLACE}))
    assert len(outcome.warnings) == 1 and MARK in outcome.warnings[0] and "hasura_env_vars" in outcome.warnings[0]
    has_env(world, "shop", **{MARK: "shop"})


@pytest.mark.parametrize("wait", [True, False])
def test_variables_follow_where_they_must_not_go_along(world, wait):
    """cloud_free_v2 with variables fails, but creates a project nevertheless (graphql-engine 9731)."""
    outcome = succeeded(world.run("hasura_tenant", {**FREE_V2, "wait": wait}))
    assert operations(outcome).count("createTenant") == 1 and "envs" not in outcome.writes[0]["json"]["variables"]
    only_tenant(world, plan="cloud_free_v2")
    has_env(world, "shop", PG_DATABASE_URL=DATABASE_URL, CACHE="small", absent=[MARK])


@pytest.mark.parametrize("kind", ["cut_after", "hang_after"])
def test_a_creation_without_variables_whose_answer_is_lost_is_found(world, days_later, kind):
    """By comparison with the earlier tenants, because there is no mark."""
    old = world.ids["nameless"] = nameless(world)["name"]
    days_later(2)
    fault(world, "createTenant", kind=kind, **({"seconds": 1} if kind == "hang_after" else {}))
    outcome = succeeded(world.run("hasura_tenant", FREE_V2, connect={"timeout": 0.3}))
    assert operations(outcome).count("createTenant") == 1
    only_tenant(world, plan="cloud_free_v2")
    has_env(world, "shop", PG_DATABASE_URL=DATABASE_URL, CACHE="small", absent=[MARK])
    assert old in [tenant["project"]["name"] for tenant in tenants(world)]


def test_what_may_be_left_over_is_named_and_not_made_again(world):
    fault(world, "getTenantEnv", kind="status", status=403, times=None)
    assert world.run("hasura_tenant", FREE_V2).result["changed"] is True
    no_faults(world)
    (left,) = [tenant for tenant in tenants(world) if tenant["project"]["name"] != "hello-hasura"]
    outcome = refused(
        world.run("hasura_tenant", FREE_V2), "unfinished_creation", left["id"], left["project"]["name"], "tenant_id"
    )
    assert not outcome.writes
    succeeded(world.run("hasura_tenant", {"tenant_id": left["id"], "name": "shop", "wait": False}))
    assert only_tenant(world)["id"] == left["id"]


def test_what_is_older_than_a_day_is_nobodys_left_over(world, days_later):
    world.ids["nameless"] = nameless(world)["name"]
    refused(world.run("hasura_tenant", FREE_V2), "unfinished_creation")
    days_later(1.01)
    succeeded(world.run("hasura_tenant", FREE_V2))
    only_tenant(world)


def test_a_creation_whose_name_is_taken_leaves_one_tenant_that_can_be_named(world):
    for _run in range(2):
        outcome = refused(
            world.run("hasura_tenant", {"name": "strangers-hasura", **PLACE, "wait": False}),
            "name_taken",
            "tenant_id",
        )
        (left,) = [tenant for tenant in tenants(world) if tenant["project"]["name"] != "hello-hasura"]
        assert left["id"] in outcome.result["msg"]
    succeeded(world.run("hasura_tenant", {"tenant_id": left["id"], "name": "shop", "wait": False}))
    assert only_tenant(world)["id"] == left["id"]


def test_two_that_are_to_become_the_same_are_named(world):
    made = [nameless(world, **{MARK: "shop"}) for _number in range(2)]
    outcome = refused(
        world.run("hasura_tenant", {"name": "shop", **PLACE}), "several_matches", *(tenant["id"] for tenant in made)
    )
    assert not outcome.writes


def test_a_mark_elsewhere_is_not_asked_for(world):
    """It looks neither in another region, nor at projects that have been renamed."""
    shop(world)
    outcome = succeeded(world.run("hasura_tenant", {"name": "store", **PLACE, "region": "eu-west-1", "wait": False}))
    assert operations(outcome)[:4] == ["tenant", "tenant", "tenant", "createTenant"]


def test_the_database_goes_the_way_that_is_asked_for(new_world):
    options = {"name": "shop", **PLACE, "wait": False, "database_url": DATABASE_URL, "env_vars": {"CACHE": "small"}}
    world = new_world({"create_flavor": "legacy"})
    refused(world.run("hasura_tenant", {**options, "database_url_as": "env"}), "invalid", "createTenant")
    refused(world.run("hasura_tenant", {**options, "plan": "cloud_free"}), "no_plan", "plan")
    no_tenant(world)
    assert len(tenants(world)) == 1
    for way, refusals in (("argument", 0), ("auto", 1)):
        world = new_world({"create_flavor": "legacy"})
        outcome = succeeded(world.run("hasura_tenant", {**options, "database_url_as": way}))
        assert operations(outcome).count("createTenant") == 1 + refusals
        only_tenant(world)
        has_env(
            world, "shop", HASURA_GRAPHQL_DATABASE_URL=DATABASE_URL, CACHE="small", absent=[MARK, "PG_DATABASE_URL"]
        )
    world = new_world()
    refused(world.run("hasura_tenant", {**options, "database_url_as": "argument"}), "invalid", "databaseUrl")


def test_a_place_is_needed_to_create_one(world):
    for options in ({"name": "shop"}, {"name": "shop", "cloud": "aws"}):
        outcome = refused(world.run("hasura_tenant", options), "no_place", "cloud", "region")
        assert not outcome.writes


def test_a_place_that_does_not_exist_is_the_platforms_refusal(world):
    outcome = world.run("hasura_tenant", {"name": "shop", "cloud": "aws", "region": "moon-1"})
    assert outcome.failed and "moon-1" in outcome.result["msg"] and outcome.result["changed"] is False
    assert len(tenants(world)) == 1


# -- tenants that exist ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option,value", [("cloud", "gcp"), ("region", "eu-west-1"), ("plan", "cloud_payg")])
def test_what_cannot_be_changed_is_named(world, option, value):
    shop(world)
    for check in (True, False):
        outcome = refused(
            world.run("hasura_tenant", {"name": "shop", **PLACE, option: value}, check=check),
            "create_only",
            option,
            value,
        )
        assert not outcome.writes
    only_tenant(world)


@pytest.mark.parametrize(
    "module,options",
    [
        ("hasura_tenant", {"name": "hello-hasura", "state": "absent"}),
        ("hasura_tenant", {"name": "hello-hasura", **PLACE}),
        ("hasura_env_vars", {"name": "hello-hasura", "env_vars": {"A": "1"}}),
    ],
)
def test_several_of_one_name_are_listed(world, module, options):
    shop(world)
    change_tenant(world, slug="shop", project_name="hello-hasura")
    outcome = refused(world.run(module, options), "several_matches", *(tenant["id"] for tenant in tenants(world)))
    assert not outcome.writes
    found = succeeded(world.run("hasura_tenant_info", {"name": "hello-hasura"})).result["tenants"]
    assert [tenant["slug"] for tenant in found] == ["hello-hasura", "shop"] or [tenant["slug"] for tenant in found] == [
        "shop",
        "hello-hasura",
    ]


def test_a_name_that_another_has_is_said_to_be_taken(world):
    shop(world)
    for name in ("hello-hasura", "strangers-hasura"):
        outcome = refused(
            world.run("hasura_tenant", {"slug": "shop", "name": name}), "name_taken", name, "another project"
        )
        assert outcome.result["changed"] is False
    only_tenant(world)


@pytest.mark.parametrize("reference", [{"tenant_id": "7a79cf94-0e53-4520-a560-1b02bf522f08"}, {"slug": "shop"}])
def test_an_id_or_slug_of_nobody_creates_nothing(world, reference):
    outcome = refused(
        world.run("hasura_tenant", {**reference, "name": "store", **PLACE}), "not_found", *reference.values()
    )
    assert not outcome.writes
    refused(world.run("hasura_env_vars", {**reference, "env_vars": {"A": "1"}}), "not_found", *reference.values())


@pytest.mark.parametrize("switch", ["fields_vanish", "access_denied"])
@pytest.mark.parametrize(
    "module,options",
    [
        ("hasura_tenant_info", {}),
        ("hasura_env_vars", {"tenant_id": "7a79cf94-0e53-4520-a560-1b02bf522f08", "env_vars": {"A": "1"}}),
    ],
)
def test_a_wrong_token_is_said_to_be_one(new_world, switch, module, options):
    world = new_world({"bad_token": switch})
    outcome = world.run(module, options, connect={"token": "somebodys"})
    assert outcome.failed and "invalid token" in outcome.result["msg"] and "somebodys" not in outcome.everything()


def test_maintenance_is_told(world):
    shop(world)
    set_env(world, A="1")
    for slug in ("shop", "hello-hasura"):
        change_tenant(world, slug=slug, maintenance_mode=True)
    for check in (True, False):
        outcome = refused(
            world.run("hasura_tenant", {"name": "shop", "state": "absent"}, check=check),
            "maintenance_mode",
            "maintenance",
        )
        assert not outcome.writes
    outcome = world.run("hasura_env_vars", {"name": "hello-hasura", "env_vars": {"A": "2"}})
    assert outcome.failed and "in maintenance mode" in outcome.result["msg"] and outcome.result["changed"] is False
    assert operations(outcome).count("updateTenantEnv") == 1
    assert succeeded(world.run("hasura_tenant", {"name": "shop"})).result["tenant"]["maintenance_mode"] is True


def test_who_hibernates_is_not_waited_for(world, slept):
    change_tenant(world, slug="hello-hasura", hibernated=True)
    refused(world.run("hasura_tenant", {"name": "hello-hasura"}), "not_active", "hibernate", "dashboard")
    outcome = refused(
        world.run("hasura_env_vars", {"name": "hello-hasura", "env_vars": {"A": "1"}}),
        "not_active",
        "hibernate",
        "dashboard",
    )
    assert outcome.result["changed"] is True and sum(slept) < 10
    assert not world.run("hasura_tenant", {"name": "hello-hasura", "wait": False}).failed


def test_a_worker_that_does_not_take_the_variables_is_told(world, slept):
    change_tenant(world, slug="hello-hasura", worker_failure=True)
    outcome = refused(
        world.run("hasura_env_vars", {"name": "hello-hasura", "env_vars": {"A": "1"}, "wait_timeout": 30}),
        "wait_timeout",
        "1 of 2 workers",
    )
    assert outcome.result["error"]["operation"] == "config_status" and 29 < sum(slept) < 40


def test_an_inconsistent_tenant_is_up_and_warned_of(world):
    source = {
        "name": "default",
        "kind": "postgres",
        "tables": [],
        "configuration": {"connection_info": {"database_url": {"from_env": "NOT_THERE"}}},
    }
    args = {"allow_inconsistent_metadata": True, "metadata": {"version": 3, "sources": [source]}}
    command(world, "replace_metadata", args, version=2)
    outcome = succeeded(world.run("hasura_tenant", {"name": "hello-hasura"}))
    assert len(outcome.warnings) == 1 and "inconsistent objects" in outcome.warnings[0]
