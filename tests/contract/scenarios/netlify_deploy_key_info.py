# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_deploy_key_info"""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify_builds import connected
from scenarios.netlify_hooks import uses_its_key, with_key, without_key


def with_two_keys(world):
    with_key(world)
    world.api("POST", "/deploy_keys")


NOTHING = {"changes": False}

SCENARIOS = (
    Scenario("netlify_deploy_key_info", "all", {}, given=with_two_keys, **NOTHING),
    Scenario(
        "netlify_deploy_key_info", "of-site", {"site": "shop"}, given=with_key, reads=2, holds=uses_its_key, **NOTHING
    ),
    Scenario("netlify_deploy_key_info", "site-without-one", {"site": "shop"}, given=connected, **NOTHING),
    Scenario(
        "netlify_deploy_key_info", "by-id", lambda world: {"deploy_key_id": world.ids["key"]}, given=with_key, **NOTHING
    ),
    Scenario(
        "netlify_deploy_key_info",
        "deleted",
        lambda world: {"deploy_key_id": world.ids["key"]},
        given=without_key,
        **NOTHING,
    ),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_deploy_key_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_deploy_key_info", {"deploy_key_id": "a/b"}, ["deploy_key_id", "a/b"]),
    (
        "netlify_deploy_key_info",
        {"site": "shop", "deploy_key_id": "5f9f1c0e8d3b2a0007c1d2e3"},
        ["site", "deploy_key_id"],
    ),
)
