# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates applied in this process: what the action of C(apply) does, without Ansible around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness import CONNECTIONS, SharedClock, World

from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, files, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine
from ansible_collections.webops.paas.plugins.plugin_utils._estate.order import ordered


@dataclass
class Applied:
    """result: what the module returns. planned: what its plan said. calls: the requests of both."""

    result: dict
    planned: dict
    calls: list = field(default_factory=list)

    @property
    def writes(self) -> list:
        return [call for call in self.calls if call["write"]]

    @property
    def actions(self) -> dict:
        return {(row["module"], row["name"]): row["action"] for row in self.result["resources"]}


def applied(
    world: World, content: list, *, check: bool = False, keep_going: bool = False, concurrency: int = 4, **connect
) -> Applied:
    """Plans and applies entries on the world's sandbox."""
    connections = {platform: {**world.platform_options(platform), **connect} for platform in CONNECTIONS}
    raws = files.of_content(content)
    checked = entries.checked(raws, [raw.options for raw in raws], connections, ())
    engine = Engine(
        ordered(checked),
        lambda _entry, result: result,
        concurrency=concurrency,
        keep_going=keep_going,
        clock=SharedClock(world.sandbox),
    )
    planned = engine.plan()
    outcomes = planned
    if not check and not any(outcome.failed for outcome in planned):
        outcomes = engine.apply(planned)
    return Applied(report.result_of(outcomes, True), report.result_of(planned, True), world.sandbox.news())
