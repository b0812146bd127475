# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong name of a team, domain or zone: the message contains the name and says what to do."""

from __future__ import annotations

import pytest
from scenarios.netlify import site

NO_TEAM = {"account_slug": "no-such-team"}
TAKEN = "www.taken.example"


def refused(outcome, code, *names):
    assert outcome.failed, outcome.result
    assert outcome.result["error"]["code"] == code
    for name in names:
        assert name in outcome.result["msg"]
    return outcome.result["error"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "module,options,reads",
    [
        ("netlify_site", {"name": "shop"}, 2),
        ("netlify_dns_zone", {"name": "example.com"}, 2),
        ("netlify_env_vars", {"env_vars": {"A": "b"}}, 1),
        ("netlify_site_info", {}, 1),
    ],
)
def test_an_unknown_team(world, module, options, reads, check):
    outcome = world.run(module, {**options, **NO_TEAM}, check=check)
    error = refused(outcome, "not_found", "no-such-team", "account_slug", "netlify_user_info")
    assert error["option"] == "account_slug" and len(outcome.calls) == reads and not outcome.writes


def test_a_team_by_its_id(world):
    slug, team_id = (world.api("GET", "/accounts")[0][key] for key in ("slug", "id"))
    for number, team in enumerate((slug, team_id)):
        outcome = world.run("netlify_site", {"name": f"shop-{number}", "account_slug": team})
        assert not outcome.failed and outcome.result["site"]["account_slug"] == slug


def test_a_token_that_may_not_see_its_teams(world):
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": "listAccountsForUser", "kind": "status", "status": 403}
    )
    outcome = world.run("netlify_site", {"name": "shop", "account_slug": "sandbox-team"})
    assert not outcome.failed and outcome.result["changed"]


@pytest.mark.parametrize("name", ["new", "shop"])
@pytest.mark.parametrize("option,value", [("custom_domain", TAKEN), ("domain_aliases", ["a.example", TAKEN])])
def test_a_domain_that_another_site_has(world, name, option, value):
    site(world)
    site(world, name="owner", custom_domain=TAKEN)
    error = refused(world.run("netlify_site", {"name": name, option: value}), "domain_taken", TAKEN, "owner", option)
    assert error["option"] == option and error["status"] == 422


def test_a_domain_of_nobody_who_is_seen(world):
    site(world)
    body = {"status": 422, "body_text": '{"errors": {"custom_domain": ["must be unique"]}}'}
    world.sandbox.admin("POST", "faults", {"platform": "netlify", "operation": "updateSite", "kind": "status", **body})
    outcome = world.run("netlify_site", {"name": "shop", "custom_domain": TAKEN})
    refused(outcome, "domain_taken", TAKEN, "no access")


def test_an_unknown_zone(world):
    record = {"zone": "nobodys.example", "hostname": "www", "type": "A", "value": "192.0.2.1"}
    error = refused(world.run("netlify_dns_record", record), "not_found", "nobodys.example", "netlify_dns_zone")
    assert error["option"] == "zone"


@pytest.mark.parametrize("module", ["fleek_site", "fleek_site_info"])
def test_an_unknown_team_of_fleek(world, module):
    source = {"repository_url": "https://github.com/a/b", "repository_branch": "main"}
    options = {"team_id": "nobodys", **(source if module == "fleek_site" else {})}
    assert refused(world.run(module, options, check=True), "not_found", "nobodys", "team_id")["option"] == "team_id"
