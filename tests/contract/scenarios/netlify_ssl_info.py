# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_ssl_info"""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify_certificates import INSTALLED, ISSUED, with_own_certificate, without_certificate


def with_certificate(world):
    without_certificate(world)
    world.sandbox.admin("PATCH", "settings", {"certificate_seconds": 0})
    world.api("POST", f"/sites/{world.ids['shop']}/ssl")


SCENARIOS = (
    Scenario("netlify_ssl_info", "issued", {"site": "shop"}, given=with_certificate, changes=False, holds=ISSUED),
    Scenario(
        "netlify_ssl_info",
        "custom",
        lambda world: {"site": world.ids["shop"]},
        given=with_own_certificate("21261029001448"),
        changes=False,
        holds=INSTALLED,
    ),
    Scenario("netlify_ssl_info", "none", {"site": "shop"}, given=without_certificate, changes=False, reads=2),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (("netlify_ssl_info", {"site": "no_such_name"}, ["site", "no_such_name"]),)
