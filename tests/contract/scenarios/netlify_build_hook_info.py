# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_build_hook_info"""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify_builds import CMS, has_build_hooks, revealed, with_build_hooks

EDITORS = {"title": "Editors", "branch": "next"}
BOTH = {"given": with_build_hooks(CMS, EDITORS), "changes": False, "holds": has_build_hooks(CMS, EDITORS)}

SCENARIOS = (
    Scenario("netlify_build_hook_info", "all", {"site": "shop"}, **BOTH),
    Scenario("netlify_build_hook_info", "title", {"site": "shop", "title": "Editors"}, **BOTH),
    Scenario(
        "netlify_build_hook_info",
        "reveal",
        {"site": "shop", "title": "CMS", "reveal": True},
        given=revealed,
        changes=False,
        holds=has_build_hooks(CMS),
    ),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_build_hook_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_build_hook_info", {"site": "shop", "title": " "}, ["title"]),
)
