# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications and deploy keys."""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.netlify import only_site, site, site_without_content
from scenarios.netlify_builds import REPOSITORY, connected
from scenarios.netlify_forms import with_forms

RECEIVER = f"https://hooks.example.com/{CANARY}/in?key={CANARY}"
TO_URL = {"type": "url", "event": "deploy_created", "data": {"url": RECEIVER, "signature_secret": CANARY + "-secret"}}
TO_MAIL = {"type": "email", "event": "submission_created", "data": {"email": "ops@example.com"}}
TO_GITHUB = {
    "type": "github_commit_status",
    "event": "deploy_failed",
    "data": {"access_token": CANARY + "-token", "target": "1"},
}


def with_hooks(*hooks, base=site_without_content):
    def given(world):
        base(world)
        for hook in hooks:
            world.ids["hook"] = world.api("POST", f"/hooks?site_id={world.ids['shop']}", hook)["id"]

    return given


def has_hooks(*expected):
    """The site has exactly these, each with at least these values; a signature secret only where the platform returns
    it.
    """

    def holds(world):
        found = world.api("GET", f"/hooks?site_id={world.ids['shop']}")
        is_hidden = world.sandbox.admin("GET", "switches")["hook_secret_answer"]["value"] == "hidden"
        assert len(found) == len(expected), found
        for hook, wanted in zip(sorted(found, key=str_of), sorted(expected, key=str_of), strict=True):
            wanted = {
                **wanted,
                "data": {
                    key: value for key, value in wanted["data"].items() if not is_hidden or key != "signature_secret"
                },
            }
            assert {key: hook[key] for key in wanted} == wanted, (hook, wanted)

    return holds


def str_of(hook):
    return hook["type"], hook["event"], sorted(hook["data"].items()), str(hook.get("form_name"))


NOT_DISABLED = (("hook_disabled", "ignored"),)

HOOKS = (
    Scenario(
        "netlify_hook",
        "create-with-data",
        {
            "site": "shop",
            "type": "github_commit_status",
            "event": "deploy_failed",
            "data": TO_GITHUB["data"],
            "enabled": False,
        },
        given=site_without_content,
        reads=2,
        secrets=(CANARY,),
        fails_under=NOT_DISABLED,
        holds=has_hooks({**TO_GITHUB, "disabled": True}),
    ),
    Scenario(
        "netlify_hook",
        "create",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": CANARY + "-secret",
        },
        given=with_hooks(TO_MAIL),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL, TO_MAIL),
    ),
    Scenario(
        "netlify_hook",
        "create-for-another-form",
        {"site": "shop", "type": "email", "event": "submission_created", "email": "ops@example.com", "form": "raffle"},
        given=with_hooks({**TO_MAIL, "form_name": "contact"}, TO_MAIL, base=with_forms(0, 0, ("contact", "raffle"))),
        reads=2,
        holds=has_hooks(
            {**TO_MAIL, "form_name": "contact"}, {**TO_MAIL, "form_name": "raffle"}, {**TO_MAIL, "form_name": None}
        ),
    ),
    Scenario(
        "netlify_hook",
        "update-by-id",
        lambda world: {
            "site": world.ids["shop"],
            "hook_id": world.ids["hook"],
            "event": "deploy_failed",
            "url": RECEIVER + "2",
            "enabled": False,
            "signature_secret": CANARY + "-secret",
        },
        given=with_hooks(
            {**TO_URL, "data": {"url": "https://old.example.com", "signature_secret": CANARY + "-secret"}}
        ),
        secrets=(CANARY,),
        fails_under=NOT_DISABLED,
        holds=has_hooks(
            {**TO_URL, "event": "deploy_failed", "disabled": True, "data": {**TO_URL["data"], "url": RECEIVER + "2"}}
        ),
    ),
    Scenario(
        "netlify_hook",
        "update-data",
        {
            "site": "shop",
            "type": "github_commit_status",
            "event": "deploy_failed",
            "data": {"access_token": CANARY + "-new"},
            "enabled": True,
        },
        given=with_hooks({**TO_GITHUB, "disabled": True}),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks({**TO_GITHUB, "disabled": False, "data": {"access_token": CANARY + "-new", "target": "1"}}),
    ),
    Scenario(
        "netlify_hook",
        "all-forms",
        lambda world: {"site": world.ids["shop"], "hook_id": world.ids["hook"], "form": ""},
        given=with_hooks({**TO_MAIL, "form_name": "contact"}, base=with_forms()),
        holds=has_hooks({**TO_MAIL, "form_name": None}),
    ),
    Scenario(
        "netlify_hook",
        "enable",
        lambda world: {
            "site": world.ids["shop"],
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "enabled": True,
        },
        given=with_hooks({**TO_URL, "disabled": True}),
        secrets=(CANARY,),
        holds=has_hooks({**TO_URL, "disabled": False}),
    ),
    Scenario(
        "netlify_hook",
        "secret-always",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": CANARY + "-new",
            "update_signature_secret": "always",
        },
        given=with_hooks(TO_URL),
        secrets=(CANARY,),
        twice=False,
        reason="O(update_signature_secret=always) sends it and reports a change in each run",
        holds=has_hooks({**TO_URL, "data": {"url": RECEIVER, "signature_secret": CANARY + "-new"}}),
    ),
    Scenario(
        "netlify_hook",
        "unchanged",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": "other " + CANARY,
            "form": "",
            "enabled": True,
        },
        given=with_hooks(TO_URL),
        changes=False,
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL),
    ),
    Scenario(
        "netlify_hook",
        "delete",
        {"site": "shop", "type": "email", "event": "submission_created", "email": "ops@example.com", "state": "absent"},
        given=with_hooks(TO_URL, TO_MAIL),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL),
    ),
    Scenario(
        "netlify_hook",
        "delete-absent",
        lambda world: {"site": world.ids["shop"], "hook_id": "5f9f1c0e8d3b2a0007c1d2e3", "state": "absent"},
        given=with_hooks(TO_MAIL),
        changes=False,
        holds=has_hooks(TO_MAIL),
    ),
)


def with_key(world):
    key = world.api("POST", "/deploy_keys")
    world.ids["key"] = key["id"]
    site(world, repo={**REPOSITORY, "deploy_key_id": key["id"]})


def without_key(world):
    with_key(world)
    world.api("DELETE", f"/deploy_keys/{world.ids['key']}")


def keys(world):
    return [key["id"] for key in world.api("GET", "/deploy_keys")]


def uses_its_key(world):
    """The site is still connected, with a key that exists. No other is left, unless the site did not accept one and it
    could not be deleted.
    """
    settings = only_site(world)["build_settings"]
    assert {"repo_path": "example/shop", "repo_branch": "main", "cmd": "make"}.items() <= settings.items(), settings
    assert settings["deploy_key_id"] in keys(world)
    calls = world.sandbox.calls()
    is_refused = any(call["operation"] == "updateSite" and call["fault"] for call in calls)
    is_deleted = any(call["operation"] == "deleteDeployKey" and call["processed"] for call in calls)
    assert len(keys(world)) == 1 or is_refused and not is_deleted, keys(world)


def has_a_key(world):
    assert keys(world)


def has_no_key(world):
    assert not keys(world)


DEPLOY_KEYS = (
    Scenario("netlify_deploy_key", "new-for-site", {"site": "shop"}, given=connected, reads=2, holds=uses_its_key),
    Scenario(
        "netlify_deploy_key",
        "site-has-one",
        {"site": "shop"},
        given=with_key,
        reads=2,
        changes=False,
        holds=uses_its_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "by-id",
        lambda world: {"deploy_key_id": world.ids["key"]},
        given=with_key,
        changes=False,
        holds=uses_its_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "new",
        {},
        twice=False,
        reason="Without O(site) and O(deploy_key_id), every run creates a key",
        holds=has_a_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "delete",
        lambda world: {"deploy_key_id": world.ids["key"], "state": "absent"},
        given=with_key,
        holds=has_no_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "delete-absent",
        lambda world: {"deploy_key_id": world.ids["key"], "state": "absent"},
        given=without_key,
        changes=False,
    ),
)


SCENARIOS = HOOKS + DEPLOY_KEYS

BAD_INPUT = (
    (
        "netlify_hook",
        {"site": "no_such_name", "type": "email", "event": "deploy_failed", "email": "a@example.com"},
        ["site", "no_such_name"],
    ),
    ("netlify_hook", {"site": "shop", "event": "deploy_failed", "email": "a@example.com"}, ["type"]),
    ("netlify_hook", {"site": "shop", "type": "email", "email": "a@example.com"}, ["event"]),
    ("netlify_hook", {"site": "shop", "hook_id": "../x"}, ["hook_id", "../x"]),
    ("netlify_hook", {"site": "shop", "type": "slack", "event": "deploy_failed"}, ["url", "slack"]),
    ("netlify_hook", {"site": "shop", "type": "email", "event": "deploy_failed"}, ["email"]),
    ("netlify_hook", {"site": "shop", "type": "email", "event": "deploy_failed", "email": "ops"}, ["email", "ops"]),
    (
        "netlify_hook",
        {"site": "shop", "type": "url", "event": "deploy_failed", "url": "hooks.example.com"},
        ["url", "https://"],
    ),
    (
        "netlify_hook",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_failed",
            "url": "https://a.example.com",
            "email": "a@example.com",
        },
        ["email", "url"],
    ),
    (
        "netlify_hook",
        {"site": "shop", "type": "email", "event": "deploy_failed", "email": "a@example.com", "signature_secret": "x"},
        ["signature_secret"],
    ),
    (
        "netlify_hook",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_failed",
            "url": "https://a.example.com",
            "data": {"email": "x"},
        },
        ["data", "email"],
    ),
    ("netlify_deploy_key", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_deploy_key", {"deploy_key_id": "a/b"}, ["deploy_key_id", "a/b"]),
    ("netlify_deploy_key", {"site": "shop", "deploy_key_id": "5f9f1c0e8d3b2a0007c1d2e3"}, ["site", "deploy_key_id"]),
    ("netlify_deploy_key", {"site": "shop", "state": "absent"}, ["deploy_key_id", "absent"]),
)
