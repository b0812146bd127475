# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_member"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios.base import Scenario

TEAM = {"account_slug": "sandbox-team"}
LIN = {**TEAM, "email": "lin@example.com"}


def invited(**options: Any) -> Callable[[Any], None]:
    def given(world: Any) -> None:
        world.api("POST", "/sites", {"name": "shop"})
        world.api("POST", "/sandbox-team/members", {"email": "Lin@example.com", **options})

    return given


def with_site(world: Any) -> None:
    world.api("POST", "/sites", {"name": "shop"})


def is_member(**expected: Any) -> Callable[[Any], None]:
    def holds(world: Any) -> None:
        found = [row for row in world.api("GET", "/sandbox-team/members") if row["email"].lower() == LIN["email"]]
        assert [{key: row[key] for key in expected} for row in found] == [expected]

    return holds


def has_site(world: Any) -> None:
    [site_id] = [site["id"] for site in world.api("GET", "/sites") if site["name"] == "shop"]
    is_member(role="Developer", site_access="selected", site_ids=[site_id])(world)


def is_no_member(world: Any) -> None:
    assert [row["email"] for row in world.api("GET", "/sandbox-team/members")] == ["ada@example.com"]


SCENARIOS = (
    Scenario("netlify_member", "invites", {**LIN, "role": "Reviewer"}, holds=is_member(role="Reviewer", pending=True)),
    Scenario(
        "netlify_member",
        "invites-to-one-site",
        {**LIN, "role": "Developer", "site_access": "selected", "sites": ["shop"]},
        given=with_site,
        reads=2,
        holds=has_site,
    ),
    Scenario(
        "netlify_member",
        "changes-the-role",
        {**LIN, "role": "Owner", "site_access": "all"},
        given=invited(role="Reviewer"),
        holds=is_member(role="Owner", site_access="all"),
    ),
    Scenario("netlify_member", "is-there", LIN, given=invited(), changes=False, holds=is_member(role="Developer")),
    Scenario("netlify_member", "removes", {**LIN, "state": "absent"}, given=invited(), holds=is_no_member),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_member", {**TEAM, "email": "lin"}, ["email", "lin"]),
    ("netlify_member", {**LIN, "account_slug": " "}, ["account_slug"]),
    ("netlify_member", {**LIN, "role": " "}, ["role"]),
    ("netlify_member", {**LIN, "sites": ["shop"]}, ["sites", "site_access"]),
    ("netlify_member", {**LIN, "site_access": "selected"}, ["sites", "site_access"]),
)
