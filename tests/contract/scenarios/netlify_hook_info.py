# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_hook_info"""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.netlify_hooks import TO_GITHUB, TO_MAIL, TO_URL, has_hooks, with_hooks

ALL = {
    "given": with_hooks(TO_URL, TO_MAIL, TO_GITHUB),
    "changes": False,
    "secrets": (CANARY,),
    "holds": has_hooks(TO_URL, TO_MAIL, TO_GITHUB),
}

SCENARIOS = (
    Scenario("netlify_hook_info", "all", {"site": "shop"}, reads=2, **ALL),
    Scenario(
        "netlify_hook_info",
        "of-one-kind",
        lambda world: {"site": world.ids["shop"], "type": "url", "event": "deploy_created"},
        **ALL,
    ),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_hook_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_hook_info", {"site": "shop", "event": "Deploy failed"}, ["event", "Deploy failed"]),
    ("netlify_hook_info", {"site": "shop", "type": ""}, ["type"]),
)
