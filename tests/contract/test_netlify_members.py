# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a Netlify team: its last owner stays."""

from __future__ import annotations

import pytest

ADA = {"account_slug": "sandbox-team", "email": "Ada@Example.com"}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("change", [{"state": "absent"}, {"role": "Developer"}])
def test_the_last_owner_stays(world, change, check):
    world.api("POST", "/sandbox-team/members", {"email": "lin@example.com", "role": "Owner"})
    outcome = world.run("netlify_member", {**ADA, **change}, check=check)
    assert outcome.failed and outcome.result["error"]["code"] == "last_owner" and not outcome.writes
    assert "ada@example.com" in outcome.result["msg"]


def test_an_owner_who_has_not_accepted_is_removed(world):
    world.api("POST", "/sandbox-team/members", {"email": "lin@example.com", "role": "Owner"})
    outcome = world.run(
        "netlify_member", {"account_slug": "sandbox-team", "email": "lin@example.com", "state": "absent"}
    )
    assert outcome.result["changed"] and outcome.result["member"] is None
    assert [row["email"] for row in world.api("GET", "/sandbox-team/members")] == ["ada@example.com"]
