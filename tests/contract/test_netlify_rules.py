# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Netlify's modules send, and say, about settings of sites."""

from __future__ import annotations

import pytest
from scenarios.netlify import site
from test_rules import fault


@pytest.mark.parametrize("status", [403, 422])
@pytest.mark.parametrize("scopes, is_explained", [({"scopes": ["builds"]}, True), ({}, False)])
def test_a_plan_without_scopes_is_explained_where_scopes_were_sent(world, status, scopes, is_explained):
    site(world)
    options = {"site": "shop", "variables": [{"key": "A", "value": "x", **scopes}]}
    with fault(world, "createEnvVars", kind="status", status=status, body_text='{"code":1,"message":"No."}'):
        outcome = world.run("netlify_env_vars", options)
    assert outcome.failed and "No." in outcome.result["msg"]
    assert ("leave `scopes` out" in outcome.result["msg"]) is is_explained
