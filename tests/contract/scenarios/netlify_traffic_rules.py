# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_traffic_rules"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scenarios.base import Scenario
from scenarios.netlify import site_without_content

BOTS = {"action": "deny", "addresses": ["198.51.100.7", "192.0.2.0/24"], "description": "Bots"}
NORTH = {"action": "allow", "countries": ["se", "NO"], "subregions": ["NO-03"]}
OFF = {"action": "deny", "addresses": ["2001:db8::/32"], "enabled": False}
OPEN = {"default": "allow", "rules": []}


def as_sent(rule: dict[str, Any]) -> dict[str, Any]:
    """As the platform has it."""
    data = {key: rule[key] for key in ("addresses", "countries", "subregions") if key in rule}
    off = {"disabled": True} if rule.get("enabled") is False else {}
    return {"action": rule["action"], "type": "ip" if "addresses" in data else "geo", "data": data, **off}


def with_rules(*rules: dict[str, Any], path: Callable[[Any], str] | None = None) -> Callable[[Any], None]:
    """Rules for published deploys."""

    def given(world: Any) -> None:
        site_without_content(world)
        body = {"published": {"default": "deny", "rules": [*map(as_sent, rules)]}, "unpublished": OPEN}
        world.api("PUT", (path or of_site)(world), body)

    return given


def of_site(world: Any) -> str:
    return f"/sites/{world.ids['shop']}/firewall_rule_set"


def of_team(world: Any) -> str:
    return "/accounts/sandbox-team/firewall_rule_set"


def has_rules(
    *rules: dict[str, Any], default: str, path: Callable[[Any], str] = of_site, previews: str = "allow"
) -> Callable[[Any], None]:
    """path: of the site's or the team's rules. previews: what happens to visitors of unpublished deploys."""

    def holds(world: Any) -> None:
        found = world.api("GET", path(world))
        assert found["unpublished"] == {"default": previews, "rules": []}
        assert found["published"]["default"] == default
        assert sorted(map(seen, found["published"]["rules"])) == sorted(seen(as_sent(rule)) for rule in rules)

    return holds


def seen(rule: dict[str, Any]) -> str:
    """The rule as it is compared."""
    texts = sorted(text.upper().removesuffix("/32") for each in rule["data"].values() for text in each)
    return f"{rule['action']} {rule['type']} {texts} {bool(rule.get('disabled'))}"


def has_none(world: Any) -> None:
    with pytest.raises(AssertionError, match="404"):
        world.api("GET", of_site(world))


SCENARIOS = (
    Scenario(
        "netlify_traffic_rules",
        "creates",
        {"site": "shop", "published": {"default_action": "deny", "rules": [BOTS, NORTH, OFF]}},
        given=site_without_content,
        reads=2,
        holds=has_rules(BOTS, NORTH, OFF, default="deny"),
    ),
    Scenario(
        "netlify_traffic_rules",
        "replaces",
        lambda world: {"site": world.ids["shop"], "published": {"rules": [NORTH]}},
        given=with_rules(BOTS),
        holds=has_rules(NORTH, default="deny"),
    ),
    Scenario(
        "netlify_traffic_rules",
        "changes-previews",
        lambda world: {"site": world.ids["shop"], "unpublished": {"default_action": "deny"}},
        given=with_rules(BOTS),
        holds=has_rules(BOTS, default="deny", previews="deny"),
    ),
    Scenario(
        "netlify_traffic_rules",
        "clears",
        {"account_slug": "sandbox-team", "published": {"default_action": "allow", "rules": []}},
        given=with_rules(BOTS, path=of_team),
        reads=2,
        holds=has_rules(default="allow", path=of_team),
    ),
    Scenario(
        "netlify_traffic_rules",
        "are-there",
        {
            "site": "shop",
            "published": {"rules": [NORTH, {"action": "deny", "addresses": BOTS["addresses"][::-1]}]},
            "unpublished": {"default_action": "allow", "rules": []},
        },
        given=with_rules(BOTS, NORTH),
        changes=False,
        reads=2,
        holds=has_rules(BOTS, NORTH, default="deny"),
    ),
    Scenario(
        "netlify_traffic_rules",
        "removes",
        {"site": "shop", "state": "absent"},
        given=with_rules(BOTS),
        reads=2,
        holds=has_none,
    ),
    Scenario(
        "netlify_traffic_rules",
        "removes-nothing",
        lambda world: {"site": world.ids["shop"], "state": "absent"},
        given=site_without_content,
        changes=False,
        reads=2,
        holds=has_none,
    ),
)


def refused(rule: dict[str, Any], *names: str) -> tuple[str, dict[str, Any], list[str]]:
    return "netlify_traffic_rules", {"site": "shop", "published": {"rules": [NORTH, rule]}}, [*names]


# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_traffic_rules", {"site": "no_such_name", "state": "absent"}, ["site", "no_such_name"]),
    ("netlify_traffic_rules", {"published": {"rules": []}}, ["site", "account_slug"]),
    ("netlify_traffic_rules", {"account_slug": " ", "state": "absent"}, ["account_slug"]),
    refused({"action": "deny"}, "published.rules[1]", "addresses", "countries"),
    refused({**NORTH, "addresses": ["192.0.2.1"]}, "published.rules[1]", "addresses", "countries"),
    refused({"action": "deny", "addresses": ["192.0.2.256"]}, "published.rules[1].addresses", "192.0.2.256"),
    refused({"action": "deny", "countries": ["Norway"]}, "published.rules[1].countries", "Norway"),
    refused({"action": "deny", "countries": [False]}, "published.rules[1].countries", "False"),
)
