# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_audit_info"""

from __future__ import annotations

from typing import Any

from scenarios.base import Scenario

TEAM = {"account_slug": "sandbox-team"}


def given(world: Any) -> None:
    for name in ("shop", "blog", "docs"):
        world.api("POST", "/sites", {"name": name})


SCENARIOS = (
    Scenario("netlify_audit_info", "all", TEAM, given=given, changes=False),
    Scenario("netlify_audit_info", "search", {**TEAM, "query": "blog", "log_type": "site"}, given=given, changes=False),
    Scenario("netlify_audit_info", "newest", {**TEAM, "limit": 2}, given=given, changes=False),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_audit_info", {"account_slug": " "}, ["account_slug"]),
    ("netlify_audit_info", {**TEAM, "limit": 0}, ["limit"]),
)
