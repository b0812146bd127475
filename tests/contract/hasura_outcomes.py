# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a run's outcome that the tests of Hasura Cloud share."""

from __future__ import annotations

from harness import Outcome, World


def fault(world: World, operation: str, platform: str = "hasura", **order: object) -> None:
    world.sandbox.admin("POST", "faults", {"platform": platform, "operation": operation, **order})


def operations(outcome: Outcome) -> list[str]:
    return [call["operation"] for call in outcome.calls]


def succeeded(outcome: Outcome) -> Outcome:
    assert not outcome.failed, outcome.result
    return outcome


def refused(outcome: Outcome, code: str, *words: str) -> Outcome:
    assert outcome.failed and outcome.result["error"]["code"] == code, outcome.result
    for word in words:
        assert word in outcome.result["msg"], outcome.result["msg"]
    return outcome
