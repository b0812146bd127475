# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is peculiar to Hasura Cloud: creations in several steps, tenants that cannot be told apart, that sleep, or that may
not be changed; variables that somebody else changes, and backups of them."""

from __future__ import annotations

import json
import os
import time

import pytest
from harness import SharedClock
from scenarios.base import CANARY
from scenarios.hasura import (
    ADMIN_SECRET,
    DATABASE_URL,
    JWT_SECRET,
    MARK,
    PLACE,
    backup,
    env,
    has_env,
    hello,
    nameless,
    no_tenant,
    old_env,
    only_tenant,
    set_env,
    shop,
    tenants,
)

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
    """Seconds of each pause of the runs."""
    pauses = []
    sleep = SharedClock.sleep
    monkeypatch.setattr(SharedClock, "sleep", lambda self, seconds: (pauses.append(seconds), sleep(self, seconds))[1])
    return pauses


@pytest.fixture
def days_later(monkeypatch):
    """Lets the runs that follow take place later than what the sandbox has by now."""
    return lambda days: monkeypatch.setattr(SharedClock, "now", lambda self: time.time() + self._offset + days * 86400)


def fault(world, operation, **order):
    world.sandbox.admin("POST", "faults", {"platform": "hasura", "operation": operation, **order})


def no_faults(world):
    world.sandbox.admin("DELETE", "faults")


def change_tenant(world, **flags):
    world.sandbox.admin("POST", "hasura/tenant", flags)


def operations(outcome):
    return [call["operation"] for call in outcome.calls]


def succeeded(outcome):
    assert not outcome.failed, outcome.result
    return outcome


def refused(outcome, code, *words):
    assert outcome.failed and outcome.result["error"]["code"] == code, outcome.result
    for word in words:
        assert word in outcome.result["msg"], outcome.result["msg"]
    return outcome


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
    """cloud_free_v2 with variables fails, and makes a project all the same (graphql-engine 9731)."""
    outcome = succeeded(world.run("hasura_tenant", {**FREE_V2, "wait": wait}))
    assert operations(outcome).count("createTenant") == 1 and "envs" not in outcome.writes[0]["json"]["variables"]
    only_tenant(world, plan="cloud_free_v2")
    has_env(world, "shop", PG_DATABASE_URL=DATABASE_URL, CACHE="small", absent=[MARK])


@pytest.mark.parametrize("kind", ["cut_after", "hang_after"])
def test_a_creation_without_variables_whose_answer_is_lost_is_found(world, days_later, kind):
    """By what there was before, as there is no mark."""
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
            "constraint-violation",
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
    """Neither in another region, nor in projects that somebody has named."""
    shop(world)
    outcome = succeeded(world.run("hasura_tenant", {"name": "store", **PLACE, "region": "eu-west-1", "wait": False}))
    assert operations(outcome)[:3] == ["tenant", "tenant", "createTenant"]


def test_the_database_goes_the_way_that_is_asked_for(new_world):
    options = {"name": "shop", **PLACE, "wait": False, "database_url": DATABASE_URL, "env_vars": {"CACHE": "small"}}
    world = new_world({"create_flavor": "legacy"})
    refused(world.run("hasura_tenant", {**options, "database_url_as": "env"}), "validation-failed", "createTenant")
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
    refused(world.run("hasura_tenant", {**options, "database_url_as": "argument"}), "validation-failed", "databaseUrl")


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
            world.run("hasura_tenant", {"slug": "shop", "name": name}), "constraint-violation", name, "another project"
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
    assert outcome.failed and "Is the token right" in outcome.result["msg"] and "somebodys" not in outcome.everything()


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
    endpoint = succeeded(world.run("hasura_tenant_info", {"name": "hello-hasura"})).result["tenants"][0]["endpoint"]
    source = {
        "name": "default",
        "kind": "postgres",
        "tables": [],
        "configuration": {"connection_info": {"database_url": {"from_env": "NOT_THERE"}}},
    }
    answer = world.sandbox.session.post(
        endpoint.replace("/v1/graphql", "/v1/metadata"),
        timeout=10,
        headers={"x-hasura-admin-secret": env(world)[ADMIN_SECRET]},
        json={
            "type": "replace_metadata",
            "version": 2,
            "args": {"allow_inconsistent_metadata": True, "metadata": {"version": 3, "sources": [source]}},
        },
    )
    assert answer.status_code == 200, answer.text
    outcome = succeeded(world.run("hasura_tenant", {"name": "hello-hasura"}))
    assert len(outcome.warnings) == 1 and "inconsistent objects" in outcome.warnings[0]


# -- variables ---------------------------------------------------------------------------------------------------------


def test_meaning_counts_where_the_platform_has_more_than_text(world):
    """And only there: a variable of the user is text, each blank of it."""
    set_env(
        world, HASURA_GRAPHQL_JWT_SECRET=json.dumps(JWT_SECRET), HASURA_GRAPHQL_ENABLE_CONSOLE="true", OWN='{"a": 1}'
    )
    tenant_id = hello(world)

    def changed(**variables):
        return succeeded(
            world.run("hasura_env_vars", {"tenant_id": tenant_id, "env_vars": variables, "wait": False}, check=True)
        ).result["changed"]

    spelled_otherwise = json.dumps(dict(reversed(JWT_SECRET.items())), indent=2)
    assert not changed(HASURA_GRAPHQL_JWT_SECRET=spelled_otherwise, HASURA_GRAPHQL_ENABLE_CONSOLE="true")
    assert not changed(HASURA_GRAPHQL_JWT_SECRET=JWT_SECRET, HASURA_GRAPHQL_ENABLE_CONSOLE=True, OWN='{"a": 1}')
    assert changed(HASURA_GRAPHQL_ENABLE_CONSOLE=1) and changed(HASURA_GRAPHQL_ENABLE_CONSOLE="True")
    assert changed(OWN='{"a":1}') and changed(HASURA_GRAPHQL_JWT_SECRET={**JWT_SECRET, "type": "RS256"})


def test_purge_leaves_what_is_protected(world):
    old_env(world)
    result = succeeded(
        world.run("hasura_env_vars", {"name": "hello-hasura", "purge": True, "protect": ["OLD"], "wait": False})
    ).result["env_vars"]
    assert result["removed"] == ["HASURA_GRAPHQL_ENABLE_CONSOLE", "KEPT"] and result["names"] == sorted(
        [ADMIN_SECRET, "OLD"]
    )


def test_update_and_removal_share_one_read(world):
    old_env(world)
    outcome = succeeded(
        world.run(
            "hasura_env_vars", {"tenant_id": hello(world), "env_vars": {"NEW": "1"}, "absent": ["OLD"], "wait": False}
        )
    )
    assert operations(outcome) == ["getTenantEnv", "updateTenantEnv", "deleteTenantEnv"]


def test_a_refusal_for_itself_is_not_tried_again(world):
    fault(world, "updateTenantEnv", kind="status", status=422, times=None)
    outcome = world.run("hasura_env_vars", {"tenant_id": hello(world), "env_vars": {"NEW": "1"}, "wait": False})
    assert outcome.failed and operations(outcome).count("updateTenantEnv") == 1


def test_a_lost_write_is_sent_five_times_at_most(world):
    fault(world, "updateTenantEnv", kind="cut_before", times=None)
    outcome = world.run("hasura_env_vars", {"tenant_id": hello(world), "env_vars": {"NEW": "1"}, "wait": False})
    assert outcome.failed and operations(outcome).count("updateTenantEnv") == 5 and "NEW" not in env(world)


# -- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_is_private_and_check_mode_writes_none(world):
    old_env(world)
    options = {"name": "hello-hasura", "env_vars": {"OLD": "new"}, "backup_path": backup(world), "wait": False}
    predicted = succeeded(world.run("hasura_env_vars", options, check=True))
    assert not os.path.exists(backup(world)) and predicted.result["env_vars"]["backup_path"] == backup(world)
    succeeded(world.run("hasura_env_vars", options))
    assert os.stat(backup(world)).st_mode & 0o777 == 0o600
    with open(backup(world), encoding="utf-8") as stream:
        assert CANARY in stream.read()


def test_nothing_to_back_up_leaves_no_file(world):
    old_env(world)
    outcome = succeeded(
        world.run(
            "hasura_env_vars",
            {"name": "hello-hasura", "env_vars": {"KEPT": "kept"}, "backup_path": backup(world), "wait": False},
        )
    )
    assert outcome.result["env_vars"]["backup_path"] is None and not os.path.exists(backup(world))


def test_the_first_values_stay_in_a_backup(world):
    """A run that failed halfway, another one after it, and all is put back."""
    old_env(world)
    before = env(world)
    options = {"name": "hello-hasura", "backup_path": backup(world), "wait": False}
    fault(world, "deleteTenantEnv", kind="status", status=403)
    assert world.run(
        "hasura_env_vars", {**options, "env_vars": {"OLD": "new", "ADDED": "1"}, "absent": ["KEPT"]}
    ).failed
    succeeded(
        world.run(
            "hasura_env_vars", {**options, "env_vars": {"OLD": "newer", "ADDED": "2", "MORE": "1"}, "absent": ["KEPT"]}
        )
    )
    assert env(world) != before
    restored = succeeded(
        world.run("hasura_env_vars", {"name": "hello-hasura", "restore_from": backup(world), "wait": False})
    )
    assert env(world) == before and restored.result["env_vars"]["removed"] == ["ADDED", "MORE"]
    assert CANARY not in restored.everything()


def test_a_backup_of_another_tenant_is_left_alone(world):
    old_env(world)
    shop(world)
    succeeded(
        world.run(
            "hasura_env_vars",
            {"name": "hello-hasura", "env_vars": {"OLD": "new"}, "backup_path": backup(world), "wait": False},
        )
    )
    with open(backup(world), encoding="utf-8") as stream:
        kept = stream.read()
    for options in ({"env_vars": {"OLD": "new"}, "backup_path": backup(world)}, {"restore_from": backup(world)}):
        outcome = refused(
            world.run("hasura_env_vars", {"name": "shop", "wait": False, **options}), "other_tenant", hello(world)
        )
        assert not outcome.writes
    with open(backup(world), encoding="utf-8") as stream:
        assert stream.read() == kept


def test_a_backup_that_cannot_be_written_keeps_the_write_from_being_sent(world):
    old_env(world)
    os.mkdir(world.directory / "backups")
    path = str(world.directory / "backups" / "file")
    os.symlink(world.directory / "gone" / "file", path)
    outcome = world.run(
        "hasura_env_vars", {"name": "hello-hasura", "env_vars": {"OLD": "new"}, "backup_path": path, "wait": False}
    )
    assert outcome.failed and outcome.result["error"]["option"] == "backup_path" and not outcome.writes
