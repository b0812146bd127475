# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and messages of Netlify's modules about settings of sites."""

from __future__ import annotations

import pytest
from diffs import sides_of
from scenarios.netlify import only_site, site, tree
from scenarios.netlify_site_settings import site_with_repository
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
    assert ("omit `scopes`" in outcome.result["msg"]) is is_explained
    assert ("builds, functions, runtime" in outcome.result["msg"]) is is_explained


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
    """The result is the same whether one task creates and links the site, or a later one links it."""
    at_once = linked(world, **more)
    world.api("DELETE", f"/sites/{only_site(world)['id']}")
    site(world)
    later = linked(world, **more)
    assert later == at_once
    shown, kept = later
    assert shown["allowed_branches"] == branches and "repo_id" not in shown
    sent = {"id": 4711, "repo_branch": "main", "allowed_branches": branches, "deploy_key_id": "d" * 24}
    assert sent.items() <= kept.items()


ODD_NAMES = (
    "a b+c&d.txt",
    "back\\slash.txt",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467.png",
    "no-break\u00a0space.txt",
    "line\nbreak\ttab.txt",
    "c1 \u0089 control.txt",
    "%41 100%.txt",
    "trailing space ",
    "~/-x/:/@",
)


def test_a_name_that_can_be_deployed_can_be_used_by_every_module(world):
    site(world)
    names = {f"odd/{name}": name for name in ODD_NAMES}
    assert not world.run("netlify_deploy", {"site": "shop", "src": tree(world, names)}).failed
    for path, content in names.items():
        outcome = world.run("netlify_file_info", {"site": "shop", "path": path})
        assert [file["path"] for file in outcome.result["files"]] == [path], outcome.result
        dest = world.directory / "downloaded"
        assert not world.run("netlify_file_download", {"site": "shop", "path": path, "dest": str(dest)}).failed
        assert dest.read_bytes() == content.encode()
        same = {"site": "shop", "files": [{"path": path, "content": content, "state": "present"}]}
        outcome = world.run("netlify_file", same)
        assert not outcome.failed and outcome.result["changed"] is False, outcome.result


def test_what_unlinking_a_repository_may_lose_is_unknown(world):
    """A diff does not show it as lost."""
    site_with_repository(world)
    options = {"name": "shop", "build_settings": {"repo_path": "", "dir": "public"}}
    predicted, done = world.run("netlify_site", options, check=True).result, world.run("netlify_site", options).result
    assert set(predicted["unknown_until_applied"]) == {"build_settings.cmd", "updated_at"}
    found = predicted["site"]["build_settings"]
    assert (found["repo_path"], found["cmd"], found["dir"], found["branch"]) == (None, None, "public", None)
    assert predicted["diff"] == done["diff"]
    before, after = (side["build_settings"] for side in sides_of(predicted))
    assert "cmd" not in before | after and (before["dir"], after["dir"]) == ("dist", "public")
    assert before["repo_path"] == "example/shop" and after["repo_path"] is None
