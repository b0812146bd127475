# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Upkeep of the metadata of Hasura's tenants, beyond the contract."""

from __future__ import annotations

import json

import pytest
from hasura_outcomes import refused, succeeded
from scenarios.hasura import HELLO, PLACE, only_tenant, shop
from scenarios.hasura_metadata import METADATA, STRANGE, backup, has_old, metadata


def test_what_is_inconsistent_is_named_kept_and_removed(world):
    """In check mode, too, and never together with what would add it again."""
    has_old(world)
    before = metadata(world)
    drop = {**HELLO, "drop_inconsistent": True, "backup_path": backup(world)}
    assert succeeded(world.run("hasura_metadata", drop)).result["changed"] is False
    succeeded(world.run("hasura_metadata", {**HELLO, "metadata": STRANGE, "allow_inconsistent": True}))
    strange = metadata(world)
    predicted = succeeded(world.run("hasura_metadata", drop, check=True))
    assert predicted.result["metadata"]["changes"] == ["table nowhere in source default"] and metadata(world) == strange
    outcome = succeeded(world.run("hasura_metadata", drop))
    assert outcome.result["metadata"]["changes"] == predicted.result["metadata"]["changes"]
    assert outcome.result["metadata"]["is_consistent"] is True and outcome.result["diff"] == predicted.result["diff"]
    assert "nowhere" not in json.dumps(metadata(world)) and metadata(world) != before
    restored = succeeded(
        world.run("hasura_metadata", {**HELLO, "restore_from": backup(world), "allow_inconsistent": True})
    )
    assert restored.result["changed"] is True and metadata(world) == strange
    for option, value in (("metadata", METADATA), ("reload_sources", True), ("recreate_event_triggers", True)):
        outcome = refused(world.run("hasura_metadata", {**drop, option: value}), "invalid_input", option)
        assert not outcome.calls


SCHEMA = {"name": "stock", "definition": {"url": "https://stock.example.com/graphql"}}
PERMISSION = {"role": "user", "definition": {"schema": "schema { query: Query } type Query { items: [String] }"}}


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize("permissions", [[PERMISSION], []])
def test_permissions_of_remote_schemas_that_are_not_enforced_are_a_warning(world, is_on, permissions):
    has_old(world)
    succeeded(
        world.run(
            "hasura_metadata",
            {**HELLO, "metadata": {**METADATA, "remote_schemas": [{**SCHEMA, "permissions": permissions}]}},
        )
    )
    variable = {"HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS": "true" if is_on else "false"}
    succeeded(world.run("hasura_env_vars", {**HELLO, "env_vars": variable, "wait": True}))
    outcome = succeeded(world.run("hasura_metadata_info", {**HELLO, "check_remote_schema_permissions": True}))
    assert outcome.result["metadata"]["remote_schema_permissions"] == {
        "is_enforced": is_on,
        "roles": {"stock": ["user"]} if permissions else {},
    }
    assert bool(outcome.warnings) is bool(permissions and not is_on)
    assert all("stock" in warning for warning in outcome.warnings)


def test_without_the_config_api_it_is_said_what_is_missing(world):
    has_old(world)
    succeeded(world.run("hasura_env_vars", {**HELLO, "env_vars": {"HASURA_GRAPHQL_ENABLED_APIS": "graphql,metadata"}}))
    outcome = world.run("hasura_metadata_info", {**HELLO, "check_remote_schema_permissions": True})
    refused(outcome, "not_found", "/v1alpha1/config")


def test_a_plan_is_changed_only_if_that_is_asked_for(world):
    shop(world)
    paid = {"name": "shop", **PLACE, "plan": "cloud_payg", "wait": False}
    outcome = refused(world.run("hasura_tenant", paid), "create_only", "change_plan", "cloud_free", "cloud_payg")
    assert not outcome.writes
    predicted = succeeded(world.run("hasura_tenant", {**paid, "change_plan": True}, check=True))
    assert "plan: cloud_payg" in predicted.result["diff"]["after"] and not predicted.writes
    outcome = succeeded(world.run("hasura_tenant", {**paid, "name": "shop", "change_plan": True}))
    assert outcome.result["tenant"]["plan"] == "cloud_payg" and only_tenant(world, plan="cloud_payg")
    refused(world.run("hasura_tenant", {**paid, "region": "eu-west-1", "change_plan": True}), "create_only", "region")
    failed = world.run("hasura_tenant", {**paid, "plan": "cloud_gold", "change_plan": True})
    assert failed.failed and "changePlan" in failed.result["msg"] and only_tenant(world, plan="cloud_payg")
