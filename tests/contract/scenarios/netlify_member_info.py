# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_member_info"""

from __future__ import annotations

from scenarios.base import Scenario

SCENARIOS = (
    Scenario("netlify_member_info", "all", {"account_slug": "sandbox-team"}, changes=False),
    Scenario("netlify_member_info", "of-one-role", {"account_slug": "second-team", "role": "Owner"}, changes=False),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (("netlify_member_info", {"account_slug": " "}, ["account_slug"]),)
