# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Netlify's modules send, and say, about settings of sites."""

from __future__ import annotations

import pytest
from scenarios.netlify import only_site, site
from test_rules import fault

LINK = {"provider": "github", "repo_path": "example/shop", "branch": "main", "repo_id": 4711, "deploy_key_id": "d" * 24}


@pytest.mark.parametrize("status", [403, 422])
@pytest.mark.parametrize("scopes, is_explained", [({"scopes": ["builds"]}, True), ({}, False)])
def test_a_plan_without_scopes_is_explained_where_scopes_were_sent(world, status, scopes, is_explained):
    site(world)
    options = {"site": "shop", "variables": [{"key": "A", "value": "x", **scopes}]}
    with fault(world, "createEnvVars", kind="status", status=status, body_text='{"code":1,"message":"No."}'):
        outcome = world.run("netlify_env_vars", options)
    assert outcome.failed and "No." in outcome.result["msg"]
    assert ("leave `scopes` out" in outcome.result["msg"]) is is_explained


@pytest.mark.parametrize("context, is_explained", [("all", True), ("dev", True), ("production", False)])
def test_a_secret_is_refused_in_some_contexts_and_the_message_says_what_to_declare(world, context, is_explained):
    site(world)
    world.sandbox.admin("PATCH", "switches", {"env_secret_contexts": "explicit"})
    secret = {"key": "A", "values": [{"context": context, "value": "x"}], "is_secret": True}
    outcome = world.run("netlify_env_vars", {"site": "shop", "variables": [secret]})
    assert outcome.failed is is_explained
    assert not is_explained or "deploy-preview and branch-deploy" in outcome.result["msg"]


def linked(world, **more):
    outcome = world.run("netlify_site", {"name": "shop", "build_settings": {**LINK, **more}})
    assert not outcome.failed and outcome.result["changed"] is True, outcome.result
    return outcome.result["site"]["build_settings"], only_site(world)["build_settings"]


@pytest.mark.parametrize("more, branches", [({}, ["main"]), ({"allowed_branches": ["main", "next"]}, ["main", "next"])])
def test_a_site_is_linked_as_the_vendors_client_does_it(world, more, branches):
    """Created and linked by one task, or linked later: the outcome is the same."""
    at_once = linked(world, **more)
    world.api("DELETE", f"/sites/{only_site(world)['id']}")
    site(world)
    later = linked(world, **more)
    assert later == at_once
    shown, kept = later
    assert shown["allowed_branches"] == branches and "repo_id" not in shown
    sent = {"id": 4711, "repo_branch": "main", "allowed_branches": branches, "deploy_key_id": "d" * 24}
    assert sent.items() <= kept.items()
