# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of a scenario without a failure: made once for all tests that look at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from harness import Outcome, World, shuffled
from judging import called, succeeded, token_of
from scenarios import SCENARIOS, Scenario, secrets_of_platforms

Call = tuple[str, str]


@dataclass
class Usual:
    """predicted and again: in check mode, before and after C(real). second: a run after all of these, with each list of
    the options in another order. wrong: what the scenario's C(holds) says after C(real) and after C(second).
    consulted: the switches of the sandbox that the requests of these runs depend on. secrets: the token and those
    of the platforms.
    """

    predicted: Outcome
    real: Outcome
    again: Outcome
    second: Outcome
    wrong: list[AssertionError]
    consulted: list[str]
    secrets: list[str]


@dataclass(frozen=True)
class Requests:
    """The requests that a module's scenarios make if none fails, in their order, and those that are writes."""

    of: dict[str, list[Call]] = field(default_factory=dict)
    writes: set[Call] = field(default_factory=set)

    def all(self) -> dict[Call, str]:
        """Each request, and the ID of the first scenario that makes it."""
        first: dict[Call, str] = {}
        for scenario, calls in self.of.items():
            for call in calls:
                first.setdefault(call, scenario)
        return first


class UsualRuns:
    def __init__(self, prepared: Callable[[Scenario], tuple[World, dict]]) -> None:
        self._prepared = prepared
        self._runs: dict[str, Usual] = {}
        self._requests: dict[str, Requests] = {}

    def of(self, scenario: Scenario) -> Usual:
        if scenario.id not in self._runs:
            self._runs[scenario.id] = self._run(scenario)
        return self._runs[scenario.id]

    def requests_of(self, module: str) -> Requests:
        if module not in self._requests:
            found = Requests()
            for scenario in (scenario for scenario in SCENARIOS if scenario.module == module):
                real = succeeded(self._runs[scenario.id].real if scenario.id in self._runs else self._once(scenario))
                found.of[scenario.id] = called(real)
                found.writes.update((call["platform"], call["operation"]) for call in real.writes)
            self._requests[module] = found
        return self._requests[module]

    def _once(self, scenario: Scenario) -> Outcome:
        """For tests of which a few were selected: the others are not needed."""
        world, options = self._prepared(scenario)
        return world.run(scenario.module, options)

    def _run(self, scenario: Scenario) -> Usual:
        world, options = self._prepared(scenario)
        wrong: list[AssertionError] = []

        def look() -> None:
            try:
                scenario.holds(world)
            except AssertionError as error:
                wrong.append(error)

        consulted = set()
        world.sandbox.admin("DELETE", "consulted")
        predicted = world.run(scenario.module, options, check=True)
        real = world.run(scenario.module, options)
        consulted.update(world.sandbox.admin("GET", "consulted"))
        secrets = [*token_of(world, scenario), *secrets_of_platforms(world)]
        look()
        world.sandbox.admin("DELETE", "consulted")
        again = world.run(scenario.module, options, check=True)
        second = world.run(scenario.module, shuffled(options))
        consulted.update(world.sandbox.admin("GET", "consulted"))
        look()
        return Usual(predicted, real, again, second, wrong, sorted(consulted), secrets)
