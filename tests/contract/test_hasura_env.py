# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables of a Hasura Cloud tenant that another client also changes, and backups of them."""

from __future__ import annotations

import json
import os

from hasura_outcomes import fault, operations, refused, succeeded
from scenarios.base import CANARY
from scenarios.hasura import (
    ADMIN_SECRET,
    JWT_SECRET,
    backup,
    env,
    hello,
    old_env,
    set_env,
    shop,
)

# -- variables ---------------------------------------------------------------------------------------------------------


def test_meaning_counts_where_the_platform_has_more_than_text(world):
    """Only there: a variable of the user is text, in which every blank counts."""
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
    """After a run that failed halfway and a second one, everything is restored."""
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
