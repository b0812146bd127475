# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_split_test"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios.base import Scenario
from scenarios.netlify import site_without_content

HALVES = {"main": 50, "next": 50}
TENTH = {"main": 90, "next": 10}


def with_tests(*tests: tuple[dict[str, float], bool]) -> Callable[[Any], None]:
    """tests: (percentages, whether it is active), oldest first."""

    def given(world: Any) -> None:
        site_without_content(world)
        for branches, active in tests:
            # The newest one is known by its time only.
            world.sandbox.admin("POST", "clock", {"advance": 1})
            test = world.api("POST", path(world), {"branch_tests": branches})
            # Whether a new one is active is not documented.
            action = "publish" if active else "unpublish"
            world.api("POST", f"{path(world)}/{test['id']}/{action}")

    return given


def path(world: Any) -> str:
    return f"/sites/{world.ids['shop']}/traffic_splits"


def has_tests(*expected: tuple[dict[str, float], bool | None]) -> Callable[[Any], None]:
    """expected: (percentages, whether it is active; None for either), oldest first."""

    def holds(world: Any) -> None:
        found = [(shares(row["branches"]), row["active"]) for row in world.api("GET", path(world))]
        wanted = zip(expected, found, strict=True)
        assert [(branches, active if wish is not None else None) for (_, wish), (branches, active) in wanted] == [
            *expected
        ]

    return holds


def shares(rows: list[dict[str, Any]]) -> dict[str, float]:
    """In each of the forms that the sandbox can have."""
    return dict(
        (row.get("branch") or row["name"], row["percentage"]) if "percentage" in row else next(iter(row.items()))
        for row in rows
    )


SCENARIOS = (
    Scenario(
        "netlify_split_test",
        "starts",
        {"site": "shop", "branches": {"main": "90", "next": 10}, "active": True},
        given=site_without_content,
        holds=has_tests((TENTH, True)),
    ),
    Scenario(
        "netlify_split_test",
        "creates",
        {"site": "shop", "branches": HALVES},
        given=site_without_content,
        holds=has_tests((HALVES, None)),
    ),
    Scenario(
        "netlify_split_test",
        "creates-stopped",
        {"site": "shop", "branches": HALVES, "active": False},
        given=site_without_content,
        holds=has_tests((HALVES, False)),
    ),
    Scenario(
        "netlify_split_test",
        "changes-the-active-one",
        {"site": "shop", "branches": TENTH},
        given=with_tests((HALVES, True), (HALVES, False)),
        holds=has_tests((TENTH, True), (HALVES, False)),
    ),
    Scenario(
        "netlify_split_test",
        "starts-the-newest-again",
        {"site": "shop", "branches": TENTH, "active": True},
        given=with_tests((HALVES, False), (HALVES, False)),
        holds=has_tests((HALVES, False), (TENTH, True)),
    ),
    Scenario(
        "netlify_split_test",
        "stops",
        {"site": "shop", "active": False},
        given=with_tests((HALVES, True)),
        holds=has_tests((HALVES, False)),
    ),
    Scenario(
        "netlify_split_test",
        "is-running",
        {"site": "shop", "branches": {"next": 50.0, "main": 50}, "active": True},
        given=with_tests((HALVES, True)),
        changes=False,
        holds=has_tests((HALVES, True)),
    ),
    Scenario(
        "netlify_split_test",
        "nothing-to-stop",
        {"site": "shop", "active": False},
        given=site_without_content,
        changes=False,
        holds=has_tests(),
    ),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_split_test", {"site": "no_such_name", "active": True}, ["site", "no_such_name"]),
    ("netlify_split_test", {"site": "shop"}, ["branches", "active"]),
    ("netlify_split_test", {"site": "shop", "branches": {}}, ["branches"]),
    ("netlify_split_test", {"site": "shop", "branches": {"main": 60, "next": 50}}, ["branches", "110"]),
    ("netlify_split_test", {"site": "shop", "branches": {"main": 110, "next": -10}}, ["branches", "110"]),
    ("netlify_split_test", {"site": "shop", "branches": {"main": "most", "next": 0}}, ["branches", "most", "main"]),
)
