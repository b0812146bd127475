# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a request can fail, and the matrix of what was tested."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from harness import HANG, impatient, refused_connection

DEADLINE = 600
GRAPHQL = ("fleek", "hasura")
REFUSED_BY_GRAPHQL = {
    "status": 200,
    "body_text": '{"errors": [{"message": "there was an internal error"}], "data": null}',
}
# In the matrix: a failure that this platform does not have.
NOT_CONCERNED = "."


@dataclass(frozen=True)
class Fault:
    """kind and details: an order for the sandbox. passing: one occurrence must not keep a task from succeeding.

    platforms: those that may fail like this; None for all. everywhere: in each scenario that makes the call, since what
    comes of it depends on what else the task does; else in one of a module's scenarios, since it ends in _http, or as
    one of the others does. Of those, matters_to_reads: also of calls that another scenario of the module shows to fail
    like this and that change nothing, and lasts: also without an end where another scenario shows this.
    """

    name: str
    kind: str
    details: dict = field(default_factory=dict)
    passing: bool = True
    platforms: tuple | None = None
    everywhere: bool = False
    matters_to_reads: bool = False
    lasts: bool = False

    @property
    def may_be_received(self) -> bool:
        """Whether the client cannot know if the platform has processed the request."""
        return self.passing and self.kind not in ("refused", "throttle")

    def concerns(self, platform: str) -> bool:
        return self.platforms is None or platform in self.platforms

    def orders(self, platform: str, operation: str, skip: int, times: int | None) -> list[dict]:
        """The order for the sandbox, if it is the sandbox that causes the failure."""
        if self.kind == "refused":
            return []
        order = {"platform": platform, "operation": operation, "kind": self.kind, "skip": skip, "times": times}
        return [{**order, **self.details}]

    def here(self, world, operation: str, skip: int, times: int | None) -> contextlib.AbstractContextManager:
        """What this process contributes to it."""
        if self.kind == "refused":
            return refused_connection(operation, skip, times)
        if self.kind.startswith("hang"):
            return impatient(world.sandbox, operation, skip, times)
        return contextlib.nullcontext()

    @contextlib.contextmanager
    def on(self, world, platform: str, operation: str, skip: int, times: int | None):
        """Affects requests number skip+1 to skip+times of an operation; with times None, all after the first skip."""
        for order in self.orders(platform, operation, skip, times):
            world.sandbox.admin("POST", "faults", order)
        try:
            with self.here(world, operation, skip, times):
                yield
        finally:
            world.sandbox.admin("DELETE", "faults")


FAULTS = (
    Fault("refused", "refused", everywhere=True),
    Fault("cut-before", "cut_before"),
    Fault("cut-after", "cut_after", everywhere=True),
    Fault("timeout-before", "hang_before", {"seconds": HANG}),
    Fault("timeout-after", "hang_after", {"seconds": HANG}),
    Fault("429", "throttle", {"reset": "none", "seconds": 7}, everywhere=True),
    Fault("429-retry-after", "throttle", {"reset": "retry-after", "seconds": 7}),
    Fault("429-retry-date", "throttle", {"reset": "retry-after-date", "seconds": 7}),
    Fault("429-epoch", "throttle", {"reset": "epoch", "seconds": 7}),
    Fault("429-date", "throttle", {"reset": "date", "seconds": 7}),
    Fault("429-too-long", "throttle", {"reset": "epoch", "seconds": 10 * DEADLINE}, passing=False),
    Fault("500", "status", {"status": 500}, everywhere=True, matters_to_reads=True, lasts=True),
    Fault("500-after", "status", {"status": 500, "processed": True}, everywhere=True, lasts=True),
    Fault("502-html", "status", {"status": 502, "body": "html"}),
    Fault("502-after", "status", {"status": 502, "body": "html", "processed": True}),
    Fault("503-empty", "status", {"status": 503, "body": "empty"}),
    Fault("408", "status", {"status": 408, "body": "empty"}),
    Fault("403", "status", {"status": 403}, passing=False, everywhere=True, matters_to_reads=True, lasts=True),
    Fault("truncated", "truncated"),
    Fault("garbled", "garbled"),
    Fault(
        "200-errors",
        "status",
        REFUSED_BY_GRAPHQL,
        passing=False,
        platforms=GRAPHQL,
        everywhere=True,
        matters_to_reads=True,
        lasts=True,
    ),
    Fault(
        "200-errors-after",
        "status",
        {**REFUSED_BY_GRAPHQL, "processed": True},
        passing=False,
        platforms=GRAPHQL,
        everywhere=True,
        lasts=True,
    ),
    Fault("redirect", "redirect", {"location": "https://elsewhere.example.com/"}, passing=False),
)


def matrix_lines(cells: dict) -> list[str]:
    """cells: {(module, call): {fault: mark}}. One row for each module and call, one column for each fault."""
    names = [fault.name for fault in FAULTS]
    width = max(len(f"{module} {call}") for module, call in cells)
    lines = [f"{'column ' + str(number):<{width}}  {name}" for number, name in enumerate(names, 1)]
    lines.append(" " * width + " " + "".join(f"{number:>4}" for number in range(1, len(names) + 1)))
    for (module, call), marks in sorted(cells.items()):
        lines.append(f"{module + ' ' + call:<{width}} " + "".join(f"{marks.get(name, '-'):>4}" for name in names))
    empty = sum(name not in marks for marks in cells.values() for name in names)
    lines.append(
        f"{len(cells)} calls x {len(names)} faults; s: succeeds all the same, f: fails clearly, then converges; "
        f"{NOT_CONCERNED}: no such failure there; {empty} empty cells"
    )
    return lines
