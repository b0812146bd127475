# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting old deploys and purging the cache."""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify import deploy_by_hand, deploys, live, site, site_without_content

# -- old deploys, and the cache ----------------------------------------------------------------------------------------


def many_deploys(world):
    """Three releases, of which the second is live; three drafts; two deploys of next, one of main; one that waits for a
    file.
    """
    site(world)
    for name, body in (
        ("first", {}),
        ("second", {}),
        ("third", {}),
        ("draft 1", {"draft": True}),
        ("draft 2", {"draft": True}),
        ("draft 3", {"draft": True}),
        ("next 1", {"branch": "next"}),
        ("next 2", {"branch": "next"}),
        ("main 1", {"branch": "main"}),
    ):
        world.ids[name] = deploy_by_hand(world, {"index.html": name}, **body)["id"]
    world.api("POST", f"/sites/{world.ids['shop']}/deploys/{world.ids['second']}/restore")
    world.ids["waiting"] = world.api("POST", f"/sites/{world.ids['shop']}/deploys", {"files": {"late.html": "0" * 40}})[
        "id"
    ]


def left_are(*names):
    def holds(world):
        found = {deploy["id"] for deploy in deploys(world)}
        assert found == {world.ids[name] for name in names}, [
            name for name, deploy_id in world.ids.items() if deploy_id in found
        ]
        live(world, "second")

    return holds


def purged(*tags):
    """The cache was purged at least once, and nothing else was."""

    def holds(world):
        purges = [purge["cache_tags"] for found in world.sandbox.state("netlify")["sites"] for purge in found["purges"]]
        assert purges and all(purge == (list(tags) or None) for purge in purges), purges

    return holds


EVERY_DEPLOY = ("first", "second", "third", "draft 1", "draft 2", "draft 3", "next 1", "next 2", "main 1", "waiting")

PRUNE = (
    Scenario(
        "netlify_deploy_prune",
        "drafts-and-a-branch",
        {"site": "shop", "drafts": True, "branches": ["next", "other"], "keep": 1},
        given=many_deploys,
        reads=2,
        holds=left_are("first", "second", "third", "draft 3", "next 2", "main 1", "waiting"),
    ),
    Scenario(
        "netlify_deploy_prune",
        "releases",
        {"site": "shop", "releases": True, "keep": 0},
        given=many_deploys,
        reads=2,
        holds=left_are("second", *EVERY_DEPLOY[3:]),
    ),
    Scenario(
        "netlify_deploy_prune",
        "waiting",
        {"site": "shop", "releases": True, "states": ["uploading", "prepared"], "keep": 0},
        given=many_deploys,
        reads=2,
        holds=left_are(*EVERY_DEPLOY[:-1]),
    ),
    Scenario(
        "netlify_deploy_prune",
        "unchanged",
        {"site": "shop", "drafts": True, "releases": True, "branches": ["next", "main"], "older_than_days": 30},
        given=many_deploys,
        changes=False,
        reads=2,
        holds=left_are(*EVERY_DEPLOY),
    ),
    Scenario(
        "netlify_deploy_prune",
        "limited",
        {"site": "shop", "drafts": True, "keep": 0, "limit": 1},
        given=many_deploys,
        twice=False,
        reason="more deploys to delete than O(limit)",
        holds=lambda world: live(world, "second"),
    ),
)

CACHE = (
    Scenario(
        "netlify_cache",
        "all",
        {"site": "shop"},
        given=site_without_content,
        twice=False,
        reason="the contents of the cache cannot be read",
        holds=purged(),
    ),
    Scenario(
        "netlify_cache",
        "tags",
        {"site": "www.example.com", "cache_tags": ["prices", "a-1", "prices"]},
        given=lambda world: site(world, custom_domain="www.example.com"),
        twice=False,
        reason="the contents of the cache cannot be read",
        holds=purged("a-1", "prices"),
    ),
)


SCENARIOS = PRUNE + CACHE

BAD_INPUT = (
    ("netlify_deploy_prune", {"site": "no_such_name", "drafts": True, "keep": 1}, ["site", "no_such_name"]),
    ("netlify_deploy_prune", {"site": "shop", "keep": 1}, ["drafts", "releases", "branches"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True}, ["keep", "older_than_days"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "keep": -1}, ["keep", "-1"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "older_than_days": -1}, ["older_than_days", "-1"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "keep": 1, "limit": 0}, ["limit", "0"]),
    ("netlify_deploy_prune", {"site": "shop", "branches": ["a b"], "keep": 1}, ["branches", "a b"]),
    ("netlify_cache", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_cache", {"site": "shop", "cache_tags": []}, ["cache_tags"]),
    ("netlify_cache", {"site": "shop", "cache_tags": ["a,b"]}, ["cache_tags", "a,b"]),
)
