# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_site: Analytics, the tools of previews, and the repository."""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify import only_site, site, site_without_content


def site_with_analytics(world):
    world.api(
        "PATCH",
        f"/sites/{site(world)['id']}",
        {"hud_enabled": True, "cdp_enabled_contexts": ["deploy-preview"]},
    )
    world.api("POST", f"/sites/{world.ids['shop']}/analytics")


def has_analytics(world):
    found = only_site(world, build_timelimit=30)
    assert found["analytics_instance_id"] and found["build_settings"]["skip_automatic_builds"] is True, found


def site_with_repository(world):
    site(
        world,
        build_settings={"cmd": "make"},
        repo={"provider": "github", "repo_path": "example/shop", "repo_branch": "main", "dir": "dist"},
    )


def unlinked(world):
    settings = only_site(world)["build_settings"]
    assert (settings["repo_path"], settings["dir"]) == (None, "public"), settings


SCENARIOS = (
    Scenario(
        "netlify_site",
        "analytics-and-builds",
        {
            "name": "shop",
            "analytics_enabled": True,
            "build_timelimit": 30,
            "build_settings": {"skip_automatic_builds": True},
        },
        given=site_without_content,
        fails_under=(("unproven_settings", "ignored"), ("analytics_plan", "unavailable")),
        holds=has_analytics,
    ),
    Scenario(
        "netlify_site",
        "no-analytics",
        {"name": "shop", "analytics_enabled": False, "cdp_enabled_contexts": [], "hud_enabled": False},
        given=site_with_analytics,
        holds=lambda world: only_site(
            world, analytics_instance_id=None, cdp_enabled_contexts=[], hud_enabled=False, rum_enabled=False
        ),
    ),
    Scenario(
        "netlify_site",
        "unlink",
        {"name": "shop", "build_settings": {"repo_path": "", "dir": "public"}},
        given=site_with_repository,
        holds=unlinked,
    ),
)

BAD_INPUT = (
    (
        "netlify_site",
        {"name": "shop", "build_settings": {"repo_path": "", "branch": "main"}},
        ["build_settings.branch", "repo_path"],
    ),
    ("netlify_site", {"name": "shop", "build_timelimit": 0}, ["build_timelimit", "0"]),
    ("netlify_site", {"name": "shop", "cdp_enabled_contexts": ["production"]}, ["cdp_enabled_contexts", "production"]),
)
