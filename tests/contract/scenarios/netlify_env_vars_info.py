# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_env_vars_info"""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.netlify import site
from scenarios.netlify_env import of_site, of_team, variable, variables_are, with_variables

ALL = {
    "given": with_variables,
    "changes": False,
    "holds": variables_are("API_URL", "OLD", "TOKEN", NODE_VERSION="20", KEPT="1"),
}


def with_plain_variables(world):
    site(world)
    world.api(
        "POST", of_site(world), [variable("API_URL", {"production": "https://api.example.com", "branch:next": "x"})]
    )


SCENARIOS = (
    Scenario("netlify_env_vars_info", "all", {"site": "shop"}, reads=2, secrets=(CANARY,), **ALL),
    Scenario(
        "netlify_env_vars_info",
        "names",
        lambda world: {"site": world.ids["shop"], "names": ["TOKEN", "KEPT", "NEVER_THERE"]},
        reads=2,
        secrets=(CANARY,),
        **ALL,
    ),
    Scenario(
        "netlify_env_vars_info",
        "reveal",
        {"site": "shop", "reveal": True},
        given=with_plain_variables,
        changes=False,
        reads=2,
    ),
    Scenario("netlify_env_vars_info", "team", {"account_slug": "sandbox-team"}, given=of_team, changes=False),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_env_vars_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_env_vars_info", {"account_slug": " "}, ["account_slug"]),
    ("netlify_env_vars_info", {"site": "shop", "account_slug": "sandbox-team"}, ["site", "account_slug"]),
    ("netlify_env_vars_info", {"site": "shop", "names": ["A-B"]}, ["names", "A-B"]),
)
