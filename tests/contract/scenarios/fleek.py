# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's key, sites and caches."""

from __future__ import annotations

from scenarios.base import CANARY, Scenario

SITE = "hello-fleek"


REPOSITORY = "https://github.com/example/shop"


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
    """A site whose source is the content of another site."""
    world.ids["cid"] = hello(world)["publishedDeploy"]["ipfsHash"]
    return add_site(world, ipfsSource={"cid": world.ids["cid"]})


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


ENDLESS = (("fleek_paging", "repeated_token"),)


FROM_GITHUB = {"url": REPOSITORY, "branch": "main"}


CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"


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
    Scenario("fleek_cache", "purge", {"site": SITE}, twice=False, reason="Each run purges", holds=purged),
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


BAD_INPUT = (
    ("fleek_auth_info", {"token": "two words"}, ["token"]),
    ("fleek_auth_info", {"token": "  "}, ["token", "FLEEK_API_KEY"]),
    ("fleek_site_info", {}, ["team_id", "site_id", "FLEEK_TEAM_ID"]),
    ("fleek_site_info", {"site": "hello.on.fleek.co"}, ["site", "hello.on.fleek.co"]),
    ("fleek_site_info", {"site": "a", "site_id": "b"}, ["site", "site_id"]),
    ("fleek_cache", {}, ["site", "site_id"]),
    ("fleek_cache", {"site_id": "a/b"}, ["site_id", "a/b"]),
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
