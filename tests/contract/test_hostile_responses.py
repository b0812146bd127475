# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses that no platform should send, and what a task makes of them."""

from __future__ import annotations

import json

import pytest
from harness import platform_of
from scenarios import SCENARIOS

# What only reads, one for each platform that has an API.
ONE_OF_EACH = {
    platform_of(scenario.module): scenario
    for scenario in SCENARIOS
    if scenario.module.endswith(("site_info", "tenant_info", "service_info"))
}


@pytest.mark.parametrize("body", ["plain", "json", "html"])
@pytest.mark.parametrize("platform", ONE_OF_EACH)
def test_control_characters_do_not_reach_the_terminal(world, platform, body):
    scenario = ONE_OF_EACH[platform]
    scenario.given(world)
    options = scenario.options_for(world)
    token = world.platform_options(platform)["token"]
    said = f"\x1b[31mrefused\x1b[0m\x07 {token[:5]}\x1b[1m{token[5:]}"
    text = {
        "plain": said,
        "json": json.dumps({"message": said, "errors": [{"message": said}]}),
        "html": f"<title>{said}</title>",
    }[body]
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": platform, "operation": "*", "kind": "status", "status": 422, "body_text": text, "times": None},
    )
    outcome = world.run(scenario.module, options)
    assert outcome.failed and "refused" in outcome.result["msg"]
    assert "\\u001b" not in outcome.everything() and "\\u0007" not in outcome.everything()
    assert token not in outcome.everything()
