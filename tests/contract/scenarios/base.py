# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of the contract suite's table, one use of one module: the prepared state, the options, the number of reads of a
converged run, and what must be true afterwards in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CANARY = "canary-6b1f5d0e"


@dataclass(frozen=True)
class Scenario:
    """One use of a module.

    given(world): sets the platform up, through its API. options: a dict, or a function of the world.
    changes: whether the first run changes something. reads: the number of reads of a run that changes nothing.
    holds(world): asserts what must be true after a successful run, in particular that nothing exists twice.
    secrets: values that must not appear anywhere. twice: False if it is not idempotent (the documentation says why);
    reason: that sentence. fails_under: (switch, value) of the sandbox under which the platform does not do what is
    asked.
    local: whether it changes a file on this machine, and nothing on the platform.
    once: operations that are never retried if they may have been received, because the platform cannot confirm them.
    blind: only the response to a write shows whether something had to be changed; blind_under: (switch,
    value) of the sandbox under which this is so. refused_again: a second run is refused, because the result of the
    first one may conflict with it.
    """

    module: str
    name: str
    options: dict | Callable
    given: Callable = lambda world: None
    changes: bool = True
    reads: int = 1
    holds: Callable = lambda world: None
    secrets: tuple = ()
    twice: bool = True
    reason: str = ""
    fails_under: tuple = ()
    local: bool = False
    once: tuple = ()
    blind: bool = False
    blind_under: tuple = ()
    refused_again: bool = False

    @property
    def id(self) -> str:
        return f"{self.module}-{self.name}"

    def options_for(self, world) -> dict:
        return self.options(world) if callable(self.options) else self.options
