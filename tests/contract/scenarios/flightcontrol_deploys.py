# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's deployments."""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.flightcontrol import (
    SERVICE,
    SOON,
    environment_id,
    environment_of,
    hook_url,
    preview_hook_url,
    state,
)

FAILING = tuple(
    ("flightcontrol_deployment_result", result)
    for result in ("CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR", "never")
) + (("flightcontrol_unknown_status", "final"),)


def newest_commit(world, branch="main"):
    return state(world)["repositories"][0]["branches"][branch][-1]["sha"]


def deployed(name="production", branch="main"):
    """The newest commit is live, or being deployed."""

    def holds(world):
        newest = environment_of(world, name)["deployments"][-1]
        (found,) = [item for item in state(world)["deployments"] if item["id"] == newest]
        assert (found["commit"], found["branch"]) == (newest_commit(world, branch), branch)

    return holds


def by_hook(world, **options):
    return {"hook_url": hook_url(world), "branch": "main", "force": True, **SOON, **options}


def by_api(world, **options):
    return {
        "repo_url": "https://github.com/sandbox/shop",
        "branch": "main",
        "environment_id": environment_id(world),
        **SOON,
        **options,
    }


def up_to_date(world):
    """The newest commit of the branch is live in production."""
    assert world.sandbox.visitor.request("GET", f"{hook_url(world)}?branch=main").status == 200
    world.sandbox.admin("POST", "clock", {"advance": 60})


def deployment(world):
    world.ids["deployment"] = environment_of(world)["deployments"][-1]


HOOK = "https://app.flightcontrol.dev/api/deploy-hook/1234/0123456789abcdef"


SCENARIOS = (
    Scenario(
        "flightcontrol_deployment_info",
        "one",
        lambda world: {"deployment_id": world.ids["deployment"]},
        given=deployment,
        changes=False,
    ),
    Scenario("flightcontrol_deployment_info", "none", {"deployment_id": "c0000000000000000000000000"}, changes=False),
    Scenario(
        "flightcontrol_deploy",
        "by-hook",
        by_hook,
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        fails_under=FAILING,
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-hook-unneeded",
        lambda world: by_hook(world, force=False, commit=newest_commit(world)),
        given=up_to_date,
        changes=False,
        blind=True,
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        fails_under=FAILING,
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-hook-and-go-on",
        lambda world: {"hook_url": hook_url(world), "branch": "main", "wait": False},
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "preview",
        lambda world: {
            "hook_url": preview_hook_url(world),
            "pr_number": 8,
            "commit": newest_commit(world, "checkout"),
            "force": True,
            **SOON,
        },
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerPreviewDeployHook",),
        fails_under=FAILING,
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-api",
        lambda world: by_api(world, no_cache=True, wait=False),
        twice=False,
        reason="Each run starts a deployment",
        once=("createDeployments",),
        fails_under=(("flightcontrol_partial_failure", "first"), ("flightcontrol_partial_failure", "all")),
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-api-everywhere",
        lambda world: {
            "repo_url": "https://github.com/sandbox/shop",
            "branch": "main",
            "all_environments": True,
            **SOON,
        },
        twice=False,
        blind=True,
        reason="Each run starts a deployment",
        once=("createDeployments",),
        fails_under=FAILING + (("flightcontrol_partial_failure", "first"), ("flightcontrol_partial_failure", "all")),
        holds=deployed(),
    ),
)


BAD_INPUT = (
    ("flightcontrol_deployment_info", {"deployment_id": ""}, ["deployment_id"]),
    ("flightcontrol_deployment_info", {}, ["deployment_id"]),
    ("flightcontrol_deploy", {}, ["hook_url", "repo_url", "FLIGHTCONTROL_DEPLOY_HOOK_URL"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "token": ""}, ["token", "FLIGHTCONTROL_API_KEY", "wait"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "wait": False, "token": ""},
        ["token", "hook_url"],
    ),
    ("flightcontrol_deploy", {"hook_url": "https://app.flightcontrol.dev/hooks/1"}, ["hook_url", "/api/deploy-hook/"]),
    ("flightcontrol_deploy", {"hook_url": HOOK + "?force=true"}, ["hook_url", "query"]),
    ("flightcontrol_deploy", {"hook_url": HOOK.replace("https", "http")}, ["hook_url", "https"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "repo_url": "https://github.com/a/b"}, ["hook_url", "repo_url"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "commit": "0123456"}, ["branch", "commit"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "commit": "main", "branch": "main"}, ["commit", "'main'"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "branch": ""}, ["branch"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "pr_number": 0, "commit": "0123456"}, ["pr_number", "0"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "pr_number": 7}, ["commit", "pr_number"]),
    (
        "flightcontrol_deploy",
        {"hook_url": HOOK, "pr_number": 7, "commit": "0123456", "branch": "a"},
        ["branch", "pr_number"],
    ),
    ("flightcontrol_deploy", {"hook_url": HOOK, "environment_id": SERVICE}, ["environment_id", "repo_url"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main"},
        ["all_environments", "project_id", "environment_id"],
    ),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "all_environments": True},
        ["all_environments", "project_id"],
    ),
    ("flightcontrol_deploy", {"repo_url": "https://github.com/a/b", "project_id": SERVICE}, ["branch", "repo_url"]),
    ("flightcontrol_deploy", {"repo_url": "", "branch": "main", "project_id": SERVICE}, ["repo_url"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "force": True},
        ["force", "hook_url"],
    ),
)
