# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_dns_record_info"""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify_dns import MAIL, TEXTS, ZONE, with_records, zone

ALL = {"given": with_records(*MAIL, *TEXTS), "changes": False}

SCENARIOS = (
    Scenario("netlify_dns_record_info", "all", {"zone": ZONE}, **ALL),
    Scenario(
        "netlify_dns_record_info",
        "of-one-name",
        lambda world: {"zone": world.ids["zone"], "type": "MX", "hostname": "@"},
        **ALL,
    ),
    Scenario("netlify_dns_record_info", "none", {"zone": ZONE, "hostname": "www"}, given=zone, changes=False),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_dns_record_info", {"zone": "not a domain"}, ["zone", "not a domain"]),
    ("netlify_dns_record_info", {"zone": ZONE, "hostname": "www..example.com"}, ["hostname", "www..example.com"]),
    ("netlify_dns_record_info", {"zone": ZONE, "type": "PTR"}, ["type", "PTR"]),
)
