# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of the contract suite's table: one use of one module. What is given, the options, how many reads the converged
run takes, what must be true afterwards, whatever happened on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CANARY = "canary-6b1f5d0e"


@dataclass(frozen=True)
class Scenario:
    """One use of a module.

    given(world): sets the platform up, through its API. options: a dict, or a function of the world.
    changes: whether the first run changes something. reads: how many reads a run takes that changes nothing.
    holds(world): asserts what must be true once a run has succeeded, in particular that nothing exists twice.
    secrets: values that must be seen nowhere. twice: False for what is not idempotent (the documentation says why);
    reason: that sentence. fails_under: (switch, value) of the sandbox under which the platform does not do what is
    asked.
    local: whether what changes is a file on this machine, and nothing on the platform.
    once: operations that are never sent again when they may have been received, since nothing could be looked up.
    blind: the platform tells only in its answer to a write whether something had to be changed; blind_under: (switch,
    value) of the sandbox under which it does so. refused_again: a second run is refused, since the first may be in its
    way.
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
