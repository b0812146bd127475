# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's deploys."""

from __future__ import annotations

import time

from scenarios.base import CANARY, Scenario
from scenarios.fleek import DEPLOY, ENDLESS, SITE, ask, github_site, hello, ipfs_site

OTHER_SHA = "0123456789abcdef0123456789abcdef01234567"


def deploys(world, site_id=None) -> list:
    """Newest first."""
    return ask(
        world,
        f"query ($id: ID!) {{ getDeploysBySite(siteId: $id, limit: 500) {{ deploys {{ {DEPLOY} }} }} }}",
        id=site_id or hello(world)["id"],
    )["deploys"]


def push(world, branch=None, trigger=False) -> dict:
    """A commit on the site's repository: {commit, branch, deploy}."""
    return world.sandbox.admin("POST", "fleek/push", {"site": SITE, "branch": branch, "trigger": trigger})


def trigger(world, commit="", site_id=None) -> dict:
    return ask(
        world,
        "mutation ($id: ID!, $commit: String) { triggerDeploy(siteId: $id, commit: $commit) { id } }",
        id=site_id or hello(world)["id"],
        commit=commit,
    )


def edit(world, **settings):
    return ask(
        world, "mutation ($input: EditDeploySettings!) { editDeploySettings(input: $input) { id } }", input=settings
    )


def settled(world, site_id=None) -> dict:
    """The newest deploy, after it has ended."""
    world.sandbox.admin("POST", "clock", {"advance": 5})
    ends_at = time.monotonic() + 5
    while time.monotonic() < ends_at:
        newest = deploys(world, site_id)[0]
        if newest["status"] != "IN_PROGRESS":
            return newest
    raise AssertionError(newest)


def published_ipfs_site(world):
    """The same site, published, and then pointed to other content."""
    ipfs_site(world)
    trigger(world, site_id=world.ids["site"])
    settled(world, world.ids["site"])


def new_commit(world):
    world.ids["commit"] = push(world)["commit"]


def new_commit_unpublished(world):
    """Auto publishing is off, and the commit was deployed; a preview was built after it."""
    edit(world, siteId=hello(world)["id"], autoPublishing=False, prDeployPreviews=True)
    world.ids["commit"] = push(world, trigger=True)["commit"]
    settled(world)
    push(world, "feature", trigger=True)
    settled(world)


def running(world):
    """The commit is being built, and so is another one that was pushed a moment later."""
    slowly(world)
    world.ids["commit"] = push(world, trigger=True)["commit"]


def overtaken(world):
    running(world)
    edit(world, siteId=hello(world)["id"], prDeployPreviews=True)
    push(world, "feature", trigger=True)


def slowly(world):
    world.sandbox.admin("PATCH", "settings", {"fleek_build_seconds": 30})


def failed(world):
    world.sandbox.admin("PATCH", "switches", {"fleek_deploy_result": "failed"})
    world.ids["commit"] = push(world, trigger=True)["commit"]
    world.ids["failed"] = settled(world)["id"]
    world.sandbox.admin("PATCH", "switches", {"fleek_deploy_result": "deployed"})


def is_published(world):
    """The commit is live, and no deploy of it was made twice."""
    assert settled(world)["status"] == "DEPLOYED"
    assert hello(world)["publishedDeploy"]["repository"]["commit"] == world.ids["commit"]
    is_deployed_once(world)


def is_deployed_once(world):
    of_commit = [deploy for deploy in deploys(world) if deploy["repository"]["commit"] == world.ids["commit"]]
    assert len(of_commit) == 1, of_commit


def is_built_but_not_published(world):
    assert [
        deploy["published"] for deploy in deploys(world) if deploy["repository"]["commit"] == world.ids["commit"]
    ] == [False]


def head_is_published(world):
    """The number of deploys is not checked, because each run deploys."""
    assert settled(world)["status"] == "DEPLOYED"
    assert hello(world)["publishedDeploy"]["repository"]["commit"] in (world.ids["commit"], "HEAD")


def is_retried(world):
    made = deploys(world)
    assert (
        made[0]["status"] == "DEPLOYED"
        and made[0]["published"]
        and made[0]["repository"]["commit"] == world.ids["commit"]
    )
    assert len([deploy for deploy in made if deploy["repository"]["commit"] == world.ids["commit"]]) <= 2, made


def cid_is_published(world, count=1):
    made = deploys(world, world.ids["site"])
    assert made[0]["published"] and made[0]["ipfsHash"] == world.ids["cid"] and len(made) == count, made


ENDS_BADLY = (
    ("fleek_deploy_result", "failed"),
    ("fleek_deploy_result", "cancelled"),
    ("fleek_deploy_result", "timed_out"),
)


NOT_STARTED = (("fleek_trigger_result", "null"),)


SCENARIOS = (
    Scenario("fleek_deploy_info", "by-slug", {"site": SITE}, given=failed, changes=False, reads=2),
    Scenario(
        "fleek_deploy_info",
        "filtered",
        lambda world: {
            "site_id": hello(world)["id"],
            "status": "FAILED",
            "commit": world.ids["commit"][:8],
            "limit": 5,
        },
        given=failed,
        changes=False,
    ),
    Scenario(
        "fleek_deploy_info",
        "logs",
        lambda world: {"site_id": world.ids["site"], "log_lines": 50},
        given=lambda world: (
            github_site(world, buildSettings={"environmentVariables": [{"name": "API_SECRET", "value": CANARY}]}),
            [(trigger(world, site_id=world.ids["site"]), settled(world, world.ids["site"])) for _number in range(11)],
        ),
        changes=False,
        reads=3,
        secrets=(CANARY,),
        fails_under=ENDLESS,
    ),
    Scenario(
        "fleek_deploy",
        "commit",
        lambda world: {"site": SITE, "commit": world.ids["commit"]},
        given=new_commit,
        fails_under=ENDS_BADLY + NOT_STARTED,
        holds=is_published,
    ),
    Scenario(
        "fleek_deploy",
        "without-wait",
        lambda world: {"site_id": hello(world)["id"], "commit": world.ids["commit"], "wait": False},
        given=lambda world: (slowly(world), new_commit(world)),
        fails_under=NOT_STARTED,
        holds=is_deployed_once,
    ),
    Scenario(
        "fleek_deploy",
        "unchanged",
        lambda world: {"site": SITE, "commit": hello(world)["publishedDeploy"]["repository"]["commit"][:7].upper()},
        changes=False,
    ),
    Scenario(
        "fleek_deploy",
        "joins",
        # A running deploy takes half a minute.
        lambda world: {"site": SITE, "commit": world.ids["commit"][:12], "poll_interval": 6},
        given=running,
        changes=False,
        holds=is_published,
    ),
    Scenario(
        "fleek_deploy",
        "joins-another-than-the-latest",
        lambda world: {"site": SITE, "commit": world.ids["commit"], "poll_interval": 6},
        given=overtaken,
        changes=False,
        holds=is_published,
    ),
    Scenario(
        "fleek_deploy",
        "not-published",
        lambda world: {"site": SITE, "commit": world.ids["commit"]},
        given=new_commit_unpublished,
        changes=False,
        reads=2,
        holds=is_built_but_not_published,
    ),
    Scenario(
        "fleek_deploy",
        "head",
        {"site": SITE, "commit": "HEAD"},
        given=new_commit,
        fails_under=ENDS_BADLY + NOT_STARTED,
        twice=False,
        reason="each run deploys",
        holds=head_is_published,
    ),
    Scenario(
        "fleek_deploy",
        "head-by-default",
        {"site": SITE, "commit": ""},
        given=new_commit,
        fails_under=ENDS_BADLY + NOT_STARTED,
        twice=False,
        reason="each run deploys",
        holds=head_is_published,
    ),
    Scenario(
        "fleek_deploy",
        "forced",
        lambda world: {"site": SITE, "commit": world.ids["commit"], "force": True},
        given=lambda world: (new_commit(world), trigger(world, world.ids["commit"]), settled(world)),
        fails_under=ENDS_BADLY + NOT_STARTED,
        twice=False,
        reason="each run deploys",
        holds=head_is_published,
    ),
    Scenario(
        "fleek_deploy",
        "retry",
        lambda world: {"site": SITE, "retry_deploy_id": world.ids["failed"]},
        given=failed,
        reads=2,
        fails_under=ENDS_BADLY,
        holds=is_retried,
    ),
    Scenario(
        "fleek_deploy",
        "ipfs",
        lambda world: {"site_id": world.ids["site"]},
        given=ipfs_site,
        fails_under=ENDS_BADLY + NOT_STARTED,
        holds=cid_is_published,
    ),
    Scenario(
        "fleek_deploy",
        "ipfs-unchanged",
        lambda world: {"site_id": world.ids["site"]},
        given=published_ipfs_site,
        changes=False,
        holds=cid_is_published,
    ),
)


BAD_INPUT = (
    ("fleek_deploy_info", {}, ["site", "site_id"]),
    ("fleek_deploy_info", {"site": SITE, "limit": 0}, ["limit", "0"]),
    ("fleek_deploy_info", {"site": SITE, "log_lines": -1}, ["log_lines", "-1"]),
    ("fleek_deploy_info", {"site": SITE, "commit": "HEAD"}, ["commit", "HEAD", "SHA"]),
    ("fleek_deploy", {}, ["site", "site_id"]),
    ("fleek_deploy", {"site": SITE, "site_id": "b"}, ["site", "site_id"]),
    ("fleek_deploy", {"site": SITE, "commit": "main"}, ["commit", "main", "SHA", "HEAD"]),
    ("fleek_deploy", {"site": SITE, "commit": "abc123"}, ["commit", "abc123", "7"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a b"}, ["retry_deploy_id", "a b"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a", "commit": OTHER_SHA}, ["retry_deploy_id", "commit"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a", "force": True}, ["retry_deploy_id", "force"]),
    ("fleek_deploy", {"site": SITE, "poll_interval": 0}, ["poll_interval", "0"]),
)
