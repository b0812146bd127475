# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split tests, traffic rules and log drains of Netlify: what the rows of the suite do not show."""

from __future__ import annotations

import altering
import pytest
from scenarios.base import CANARY
from scenarios.netlify import site_without_content
from scenarios.netlify_log_drain import HTTP, TO_SERVER, with_drain
from scenarios.netlify_split_test import HALVES, with_tests

NOBODYS = "00000000-0000-4000-8000-000000000000"
RULES = {"published": {"default_action": "deny"}}


# -- split tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [{"id": "main", "share": 50}, {}, {"branch": "main", "percentage": "50"}])
def test_an_unknown_form_of_branches_is_not_guessed(world, row):
    with_tests((HALVES, True))(world)

    def other_form(operation, data):
        return [{**test, "branches": [row]} for test in data] if operation == "getSplitTests" else data

    with altering.responses(other_form):
        outcome = world.run("netlify_split_test", {"site": "shop", "branches": {"main": 100}})
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer" and not outcome.writes


@pytest.mark.parametrize("check", [True, False])
def test_a_split_test_is_not_created_without_branches(world, check):
    site_without_content(world)
    outcome = world.run("netlify_split_test", {"site": "shop", "active": True}, check=check)
    assert outcome.failed and outcome.result["error"]["option"] == "branches" and not outcome.writes


# -- traffic rules -----------------------------------------------------------------------------------------------------


def test_unchanged_rules_keep_what_the_module_does_not_know(world):
    site_without_content(world)
    path = f"/sites/{world.ids['shop']}/firewall_rule_set"
    rule = {"action": "allow", "type": "ip", "data": {"addresses": ["192.0.2.7"]}, "note": "by hand"}
    world.api("PUT", path, {"published": {"default": "allow", "rules": [rule]}})
    assert world.run("netlify_traffic_rules", {"site": "shop", **RULES}).result["changed"]
    assert world.api("GET", path)["published"] == {"default": "deny", "rules": [rule]}


@pytest.mark.parametrize(
    "owner, option", [({"site": NOBODYS}, "site"), ({"account_slug": "nobodys-team"}, "account_slug")]
)
@pytest.mark.parametrize("options", [RULES, {"state": "absent"}])
def test_rules_of_nobody(world, owner, option, options):
    outcome = world.run("netlify_traffic_rules", {**owner, **options}, check=True)
    assert outcome.failed and outcome.result["error"]["code"] == "not_found"
    assert outcome.result["error"]["option"] == option


def test_a_team_can_be_named_by_its_id(world):
    [team] = [row for row in world.api("GET", "/accounts") if row["slug"] == "sandbox-team"]
    by_id = world.run("netlify_traffic_rules", {"account_slug": team["id"], **RULES})
    by_slug = world.run("netlify_traffic_rules", {"account_slug": team["slug"], **RULES})
    assert by_id.result["changed"] and not by_slug.result["changed"]


# -- log drains --------------------------------------------------------------------------------------------------------


def test_several_log_drains_with_one_destination(world):
    with_drain({"url": "https://logs.example.com/1"})(world)
    second = {"site_id": world.ids["shop"], **HTTP, "log_types": '["deploys"]', "service_config": {}}
    drain = world.api("POST", f"/sites/{world.ids['shop']}/log_drains", second)
    outcome = world.run("netlify_log_drain", TO_SERVER)
    assert outcome.failed and outcome.result["error"]["code"] == "ambiguous" and not outcome.writes
    gone = world.run("netlify_log_drain", {"site": "shop", "drain_id": drain["id"], "state": "absent"})
    assert gone.result["changed"] and world.run("netlify_log_drain", TO_SERVER, check=True).result["changed"]


@pytest.mark.parametrize(
    "options, option",
    [
        ({"destination": "http", "log_types": ["deploys"]}, "url"),
        ({"destination": "http", "url": "https://logs.example.com"}, "log_types"),
        ({"destination": "newrelic", "url": "https://logs.example.com", "log_types": ["deploys"]}, "tags"),
        ({"destination": "s3", "log_types": ["deploys"]}, "bucket_name"),
    ],
)
def test_what_a_new_log_drain_needs(world, options, option):
    site_without_content(world)
    outcome = world.run("netlify_log_drain", {"site": "shop", **options}, check=True)
    assert outcome.failed and outcome.result["error"]["option"] == option


def test_an_id_of_no_log_drain(world):
    site_without_content(world)
    outcome = world.run("netlify_log_drain", {"site": "shop", "drain_id": "5f0c1b2a9d8e7f6a5b4c3d2e", "format": "json"})
    assert outcome.failed and outcome.result["error"]["option"] == "drain_id"


def test_a_header_that_is_not_returned(world):
    """It is sent on request, and an update without it says that it may remove it."""
    world.sandbox.admin("PATCH", "switches", {"log_drain_header": "hidden"})
    with_drain({"url": "https://logs.example.com/1", "authorization_header": f"Bearer {CANARY}"})(world)
    options = {"site": "shop", "destination": "http", "authorization_header": f"Bearer {CANARY}"}
    assert not world.run("netlify_log_drain", options).result["changed"]
    always = world.run("netlify_log_drain", {**options, "update_authorization_header": "always"})
    assert always.result["changed"] and not always.warnings and CANARY not in always.everything()
    updated = world.run("netlify_log_drain", {"site": "shop", "destination": "http", "format": "json"})
    assert updated.result["changed"] and any("authorization_header" in warning for warning in updated.warnings)
