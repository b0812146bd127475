# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds and the hooks that start them."""

from __future__ import annotations

import hashlib

from scenarios.base import Scenario
from scenarios.netlify import DEPLOYS_FAIL, deploy_by_hand, deploys, only_site, site, sites

REPOSITORY = {"provider": "github", "repo_path": "example/shop", "branch": "main", "cmd": "make"}
BUILDS_FAIL = (("build_result", "error"), *DEPLOYS_FAIL)


def commit_of(branch):
    """The newest commit of a branch of the repository in the sandbox."""
    return hashlib.sha1(f"{REPOSITORY['repo_path']} {branch}".encode()).hexdigest()


def connected(world):
    site(world, repo=REPOSITORY)


def connected_with_a_queue(world):
    """Builds start after a delay, so that a task that does not wait always sees the same state."""
    connected(world)
    world.sandbox.admin("PATCH", "settings", {"build_seconds": 300})


def locked(world):
    connected(world)
    world.api("POST", f"/deploys/{deploy_by_hand(world, {'index.html': 'first'})['id']}/lock")


def build_by_hand(branch="main", seconds=0.05):
    """A build that was not started by our modules; it takes the given number of seconds."""

    def given(world):
        connected(world)
        world.sandbox.admin("PATCH", "settings", {"build_seconds": seconds})
        world.ids["deploy"] = world.api("POST", f"/sites/{world.ids['shop']}/builds?branch={branch}&title=Given")[
            "deploy_id"
        ]
        if seconds < 1:
            world.sandbox.admin("POST", "clock", {"advance": 5})

    return given


def built(count=None, **expected):
    """The newest deploy belongs to a build and has these values; the given number of builds exists."""

    def holds(world):
        newest = deploys(world)[0]
        assert newest["build_id"] and {key: newest[key] for key in expected} == expected, newest
        found = world.api("GET", f"/sites/{world.ids['shop']}/builds")
        assert count in (None, len(found)), found

    return holds


def built_and_live(world):
    built(branch="main")(world)
    assert only_site(world)["published_deploy"]["id"] == deploys(world)[0]["id"]


EACH_BUILDS = {"twice": False, "reason": "Each run triggers a build"}

BUILDS = (
    Scenario(
        "netlify_build",
        "production",
        {"site": "shop", "clear_cache": True},
        given=connected,
        fails_under=BUILDS_FAIL,
        holds=built_and_live,
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "branch-without-waiting",
        {"site": "shop", "branch": "next", "title": "Preview", "wait": False},
        given=connected_with_a_queue,
        holds=built(branch="next", title="Preview", context="branch-deploy"),
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "locked",
        {"site": "shop"},
        given=locked,
        fails_under=BUILDS_FAIL,
        holds=built(branch="main"),
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "commit",
        {"site": "shop", "commit": commit_of("main")[:9]},
        given=connected,
        fails_under=BUILDS_FAIL,
        holds=built(1, commit_ref=commit_of("main")),
    ),
    Scenario(
        "netlify_build",
        "pull-request",
        {"site": "shop", "review_id": 7, "commit": "fedcba9876" * 4},
        given=connected,
        reads=2,
        fails_under=(*BUILDS_FAIL, ("build_commit_and_review", "ignored")),
        holds=built(1, review_id=7, context="deploy-preview", commit_ref="fedcba9876" * 4),
    ),
    Scenario(
        "netlify_build",
        "commit-of-branch",
        {"site": "shop", "branch": "next", "commit": commit_of("next").upper(), "title": "Next"},
        given=connected,
        reads=2,
        fails_under=BUILDS_FAIL,
        holds=built(1, title="Next"),
    ),
    Scenario(
        "netlify_build",
        "commit-is-live",
        {"site": "shop", "commit": commit_of("main")},
        given=build_by_hand(),
        changes=False,
        holds=built(1, title="Given"),
    ),
    Scenario(
        "netlify_build",
        "joins-the-commit",
        {"site": "shop", "commit": commit_of("main"), "poll_interval": 6},
        given=build_by_hand(seconds=30),
        changes=False,
        fails_under=BUILDS_FAIL[1:],
        holds=built(1, title="Given"),
    ),
    Scenario(
        "netlify_build",
        "joins-what-runs",
        {"site": "shop", "branch": "next", "title": "Given", "join_running": True, "wait": False},
        given=build_by_hand("next", seconds=100_000),
        changes=False,
        reads=2,
        holds=built(1, title="Given"),
    ),
)

CMS = {"title": "CMS", "branch": "main"}


def with_build_hooks(*hooks):
    def given(world):
        connected(world)
        for hook in hooks:
            world.ids[hook["title"]] = world.api("POST", f"/sites/{world.ids['shop']}/build_hooks", hook)["id"]

    return given


def has_build_hooks(*expected):
    """The site has exactly these build hooks."""

    def holds(world):
        found = sorted(
            world.api("GET", f"/sites/{world.ids['shop']}/build_hooks"),
            key=lambda hook: (hook["title"], hook["branch"]),
        )
        wanted = sorted(
            ({"draft": False, **hook} for hook in expected), key=lambda hook: (hook["title"], hook["branch"])
        )
        assert [{key: hook[key] for key in ("title", "branch", "draft")} for hook in found] == wanted, found

    return holds


def revealed(world):
    with_build_hooks(CMS)(world)
    world.ids["revealed"] = True


def secrets_of_platform(world) -> list:
    """The ID of a build hook is the only secret in its URL."""
    if world.ids.get("revealed"):
        return []
    hooks = [hook for item in sites(world) for hook in world.api("GET", f"/sites/{item['id']}/build_hooks")]
    return [hook[key] for hook in hooks for key in ("id", "url")]


BUILD_HOOKS = (
    Scenario(
        "netlify_build_hook",
        "create",
        {"site": "shop", **CMS, "draft": True},
        given=with_build_hooks({"title": "cms", "branch": "main"}),
        holds=has_build_hooks({**CMS, "draft": True}, {"title": "cms", "branch": "main"}),
    ),
    Scenario(
        "netlify_build_hook",
        "create-title-alone",
        {"site": "shop", "title": "CMS"},
        given=connected,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "update",
        {"site": "shop", **CMS, "branch": "next", "draft": True},
        given=with_build_hooks(CMS),
        holds=has_build_hooks({"title": "CMS", "branch": "next", "draft": True}),
    ),
    Scenario(
        "netlify_build_hook",
        "rename-one-of-twins",
        lambda world: {"site": world.ids["shop"], "hook_id": world.ids["CMS"], "title": "Editors"},
        given=with_build_hooks({**CMS, "branch": "next"}, CMS),
        holds=has_build_hooks({**CMS, "branch": "next"}, {**CMS, "title": "Editors"}),
    ),
    Scenario(
        "netlify_build_hook",
        "unchanged",
        {"site": "shop", **CMS, "draft": False},
        given=with_build_hooks(CMS),
        changes=False,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "revealed",
        {"site": "shop", "title": "CMS", "reveal": True},
        given=revealed,
        changes=False,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "delete",
        {"site": "shop", "title": "CMS", "state": "absent"},
        given=with_build_hooks(CMS, {**CMS, "title": "B"}),
        holds=has_build_hooks({**CMS, "title": "B"}),
    ),
    Scenario(
        "netlify_build_hook",
        "delete-by-id",
        lambda world: {"site": "shop", "hook_id": world.ids["CMS"], "state": "absent"},
        given=with_build_hooks({**CMS, "branch": "next"}, CMS),
        holds=has_build_hooks({**CMS, "branch": "next"}),
    ),
    Scenario(
        "netlify_build_hook",
        "delete-absent",
        {"site": "shop", "title": "CMS", "state": "absent"},
        given=connected,
        changes=False,
        holds=has_build_hooks(),
    ),
)


SCENARIOS = BUILDS + BUILD_HOOKS

BAD_INPUT = (
    ("netlify_build", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_build", {"site": "shop", "branch": " "}, ["branch"]),
    ("netlify_build", {"site": "shop", "title": "a\nb"}, ["title"]),
    ("netlify_build", {"site": "shop", "commit": "HEAD"}, ["commit", "HEAD"]),
    ("netlify_build", {"site": "shop", "branch": "next", "review_id": 7}, ["branch", "review_id"]),
    ("netlify_build", {"site": "shop", "review_id": 0}, ["review_id", "0"]),
    ("netlify_build", {"site": "shop", "poll_interval": 0}, ["poll_interval", "0"]),
    ("netlify_build_hook", {"site": "no_such_name", "title": "CMS"}, ["site", "no_such_name"]),
    ("netlify_build_hook", {"site": "shop"}, ["title", "hook_id"]),
    ("netlify_build_hook", {"site": "shop", "title": ""}, ["title"]),
    ("netlify_build_hook", {"site": "shop", "title": "CMS", "branch": " "}, ["branch"]),
    ("netlify_build_hook", {"site": "shop", "hook_id": "a/b"}, ["hook_id"]),
)
