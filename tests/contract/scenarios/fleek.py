# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's sites and deploys."""

from __future__ import annotations

import time

from scenarios.base import CANARY, Scenario

SITE = "hello-fleek"
REPOSITORY = "https://github.com/example/shop"
OTHER_SHA = "0123456789abcdef0123456789abcdef01234567"

DEPLOY = "id status published ipfsHash repository { commit branch }"
FIELDS = (
    "id slug deploySettings { autoPublishing prDeployPreviews "
    "source { ... on Repository { url branch } ... on IpfsSource { cid } } } "
    f"publishedDeploy {{ {DEPLOY} }}"
)


def ask(world, document, **variables):
    return next(iter(world.graphql("fleek", document, variables).values()))


def team(world) -> str:
    return world.environment["FLEEK_TEAM_ID"]


def hello(world) -> dict:
    return ask(world, f'{{ getSiteBySlug(slug: "{SITE}") {{ {FIELDS} }} }}')


def sites(world) -> list:
    return ask(
        world,
        f"query ($team: ID!) {{ getSitesByTeam(teamId: $team, limit: 500) {{ sites {{ {FIELDS} }} }} }}",
        team=team(world),
    )["sites"]


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
    """The newest deploy, once it has ended."""
    world.sandbox.admin("POST", "clock", {"advance": 5})
    ends_at = time.monotonic() + 5
    while time.monotonic() < ends_at:
        newest = deploys(world, site_id)[0]
        if newest["status"] != "IN_PROGRESS":
            return newest
    raise AssertionError(newest)


def add_site(world, **input) -> dict:
    made = ask(
        world,
        f"mutation ($input: AddSiteInput!) {{ addSite(input: $input) {{ {FIELDS} }} }}",
        input={"teamId": team(world), "platform": "ipfs", **input},
    )
    world.ids.setdefault("site", made["id"])
    return made


def github_site(world, **more):
    return add_site(world, githubSource={"url": REPOSITORY + ".git", "branch": "main"}, **more)


def ipfs_site(world):
    """A site whose source is the content that another one publishes."""
    world.ids["cid"] = hello(world)["publishedDeploy"]["ipfsHash"]
    return add_site(world, ipfsSource={"cid": world.ids["cid"]})


def published_ipfs_site(world):
    """The same, published, and pointed to something else since."""
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
    """How often it was deployed is not said: each run does."""
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


def one_site_from(source: dict, **settings):
    def holds(world):
        found = [
            site["deploySettings"]
            for site in sites(world)
            if source.items() <= site["deploySettings"]["source"].items()
        ]
        assert len(found) == 1, found
        for name, value in settings.items():
            assert found[0][name] == value, (name, found[0])

    return holds


def purged(world):
    assert hello(world)


ENDS_BADLY = (
    ("fleek_deploy_result", "failed"),
    ("fleek_deploy_result", "cancelled"),
    ("fleek_deploy_result", "timed_out"),
)
NOT_STARTED = (("fleek_trigger_result", "null"),)
ENDLESS = (("fleek_paging", "repeated_token"),)
FROM_GITHUB = {"url": REPOSITORY, "branch": "main"}

SCENARIOS = (
    Scenario("fleek_auth_info", "works", {}, changes=False),
    Scenario("fleek_site_info", "by-slug", {"site": SITE}, changes=False),
    Scenario("fleek_site_info", "by-id", lambda world: {"site_id": hello(world)["id"]}, changes=False),
    Scenario("fleek_site_info", "none", {"site": "no-such-site"}, changes=False),
    Scenario(
        "fleek_site_info",
        "all-pages",
        lambda world: {"team_id": team(world)},
        given=lambda world: [github_site(world) for _number in range(101)],
        changes=False,
        reads=2,
        fails_under=ENDLESS,
    ),
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
    Scenario("fleek_cache", "purge", {"site": SITE}, twice=False, reason="Each run purges", holds=purged),
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
        lambda world: {"site": SITE, "commit": world.ids["commit"][:12]},
        given=running,
        changes=False,
        holds=is_published,
    ),
    Scenario(
        "fleek_deploy",
        "joins-another-than-the-latest",
        lambda world: {"site": SITE, "commit": world.ids["commit"]},
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
    Scenario(
        "fleek_site",
        "create-from-github",
        lambda world: {"team_id": team(world), "repository_url": REPOSITORY, "repository_branch": "main"},
        holds=one_site_from(FROM_GITHUB),
    ),
    Scenario(
        "fleek_site",
        "create-with-everything",
        lambda world: {
            "team_id": team(world),
            "repository_url": REPOSITORY,
            "repository_branch": "main",
            "installation_id": "4711",
            "platform": "ipfs",
            "build_settings": {
                "build_command": "make",
                "base_directory_path": "./",
                "publish_directory_path": "public",
                "docker_image": "node:18",
            },
            "environment_variables": {"API_SECRET": CANARY, "MODE": "production", "COUNT": 1},
            "auto_publishing": False,
            "pr_deploy_previews": True,
            "dfinity_use_proxy": False,
        },
        secrets=(CANARY,),
        holds=one_site_from(FROM_GITHUB, autoPublishing=False, prDeployPreviews=True),
    ),
    Scenario(
        "fleek_site",
        "create-from-ipfs",
        lambda world: {"team_id": team(world), "cid": world.ids["cid"], "auto_publishing": True},
        given=lambda world: world.ids.update(cid=hello(world)["publishedDeploy"]["ipfsHash"]),
        holds=lambda world: one_site_from({"cid": world.ids["cid"]})(world),
    ),
    Scenario(
        "fleek_site",
        "found-by-source",
        lambda world: {
            "team_id": team(world),
            "repository_url": "git@github.com:Example/Shop.git",
            "repository_branch": "main",
            "pr_deploy_previews": True,
        },
        given=github_site,
        holds=one_site_from({"url": REPOSITORY + ".git"}, prDeployPreviews=True),
    ),
    Scenario(
        "fleek_site",
        "unchanged",
        {
            "site": SITE,
            "auto_publishing": True,
            "build_settings": {"build_command": "npm run build"},
            "environment_variables": {"NEW": CANARY},
        },
        changes=False,
        secrets=(CANARY,),
    ),
    Scenario(
        "fleek_site",
        "branch",
        lambda world: {"site_id": world.ids["site"], "repository_branch": "next", "auto_publishing": False},
        given=github_site,
        holds=one_site_from({"url": REPOSITORY + ".git", "branch": "next"}, autoPublishing=False),
    ),
    Scenario(
        "fleek_site",
        "branch-by-installation",
        lambda world: {"site_id": world.ids["site"], "repository_branch": "next", "installation_id": "4711"},
        given=github_site,
        holds=one_site_from({"url": REPOSITORY + ".git", "branch": "next"}),
    ),
    Scenario(
        "fleek_site",
        "another-cid",
        lambda world: {"site_id": world.ids["site"], "cid": world.ids["wanted"]},
        given=lambda world: (
            ipfs_site(world),
            world.ids.update(wanted="QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"),
        ),
        holds=lambda world: one_site_from({"cid": world.ids["wanted"]})(world),
    ),
)

CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"

BAD_INPUT = (
    ("fleek_auth_info", {"token": "two words"}, ["token"]),
    ("fleek_auth_info", {"token": "  "}, ["token", "FLEEK_API_KEY"]),
    ("fleek_site_info", {}, ["team_id", "site_id", "FLEEK_TEAM_ID"]),
    ("fleek_site_info", {"site": "hello.on.fleek.co"}, ["site", "hello.on.fleek.co"]),
    ("fleek_site_info", {"site": "a", "site_id": "b"}, ["site", "site_id"]),
    ("fleek_deploy_info", {}, ["site", "site_id"]),
    ("fleek_deploy_info", {"site": SITE, "limit": 0}, ["limit", "0"]),
    ("fleek_deploy_info", {"site": SITE, "log_lines": -1}, ["log_lines", "-1"]),
    ("fleek_deploy_info", {"site": SITE, "commit": "HEAD"}, ["commit", "HEAD", "SHA"]),
    ("fleek_cache", {}, ["site", "site_id"]),
    ("fleek_cache", {"site_id": "a/b"}, ["site_id", "a/b"]),
    ("fleek_deploy", {}, ["site", "site_id"]),
    ("fleek_deploy", {"site": SITE, "site_id": "b"}, ["site", "site_id"]),
    ("fleek_deploy", {"site": SITE, "commit": "main"}, ["commit", "main", "SHA", "HEAD"]),
    ("fleek_deploy", {"site": SITE, "commit": "abc123"}, ["commit", "abc123", "7"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a b"}, ["retry_deploy_id", "a b"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a", "commit": OTHER_SHA}, ["retry_deploy_id", "commit"]),
    ("fleek_deploy", {"site": SITE, "retry_deploy_id": "a", "force": True}, ["retry_deploy_id", "force"]),
    ("fleek_deploy", {"site": SITE, "poll_interval": 0}, ["poll_interval", "0"]),
    ("fleek_site", {}, ["site", "site_id", "repository_url", "cid"]),
    ("fleek_site", {"repository_url": REPOSITORY}, ["repository_branch"]),
    ("fleek_site", {"repository_url": REPOSITORY, "repository_branch": "main"}, ["team_id", "FLEEK_TEAM_ID"]),
    ("fleek_site", {"repository_url": "", "repository_branch": "main"}, ["repository_url", "empty"]),
    ("fleek_site", {"repository_url": REPOSITORY, "repository_branch": " "}, ["repository_branch", "' '"]),
    ("fleek_site", {"cid": "ipfs://" + CID}, ["cid", "ipfs://"]),
    ("fleek_site", {"cid": CID, "repository_url": REPOSITORY}, ["cid", "repository_url"]),
    ("fleek_site", {"cid": CID}, ["team_id", "FLEEK_TEAM_ID"]),
    ("fleek_site", {"site": SITE, "environment_variables": {"2FAST": "x"}}, ["environment_variables", "2FAST"]),
    ("fleek_site", {"site": SITE, "environment_variables": {"EMPTY": None}}, ["environment_variables", "EMPTY"]),
    ("fleek_site", {"site": SITE, "build_settings": {"cmd": "make"}}, ["build_settings", "cmd"]),
)
