# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of which requests fail, what they must keep to, and which failures of which requests are enough."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from faults import DEADLINE, FAULTS, NOT_CONCERNED, Fault
from harness import OWN_NAMES, Outcome, World, platform_of
from judging import called, failed_clearly, keeps_secrets, succeeded, token_of
from preparing import Proofs
from scenarios import SCENARIOS, Scenario
from usual import Call, UsualRuns

PATIENT = {"retries": 2, "deadline": DEADLINE}
# Requests number skip+1 to skip+times of an operation; with times None, all after the first skip.
Hits = tuple[int, int | None]
FIRST: Hits = (0, 1)
ALL: Hits = (0, None)
# A fault, the request that has it, and which ones of these.
Faulty = tuple[Fault, Call, int, int | None]
Prepare = Callable[[Scenario, Sequence[dict]], tuple[World, dict]]
# For each platform a module that shows what failures that end in the transport are like without an end.
LASTING = ("fleek_site", "flightcontrol_env_vars", "hasura_env_vars", "netlify_dns_zone", "verify")
TRIGGERS = [fault for fault in FAULTS if fault.name in ("cut-after", "403")]


class Failing:
    """Lets the requests of scenarios fail, and collects the cells of the matrix: [module, operation, fault, mark]."""

    def __init__(self, prepared: Prepare, proofs: Proofs, usual: UsualRuns) -> None:
        self._prepared = prepared
        self._proofs = proofs
        self._usual = usual
        # What a run sends of which the first of these requests fails.
        self._sent: dict[tuple[str, str, Call], list[Call]] = {}
        # Requests that are sent only because another one failed, with the fault that was tried.
        self._recovered: set[tuple[str, Call, str]] = set()

    def everywhere(self, scenario: Scenario, fault: Fault) -> Iterator[list]:
        """What comes of this fault depends on what else the task does.

        The first scenario that makes a request tries every position. In the others only some kinds matter to reads, and
        a failure that does not end is tried if it shows what no other one does.
        """
        requests = self._usual.requests_of(scenario.module)
        first = requests.all()
        for call in dict.fromkeys(requests.of[scenario.id]):
            if not fault.concerns(call[0]):
                yield [scenario.module, call[1], fault.name, NOT_CONCERNED]
            elif first[call] == scenario.id:
                yield self._tried(scenario, fault, call, lasting=True)
            elif call in requests.writes or fault.matters_to_reads:
                yield self._tried(scenario, fault, call, lasting=fault.lasts)

    def in_one_scenario(self, module: str, fault: Fault) -> Iterator[list]:
        """This fault ends in the transport, or as one does that is tried everywhere: one failure of each request."""
        requests: dict[str, list[Call]] = {}
        for call, name in self._usual.requests_of(module).all().items():
            if fault.concerns(call[0]):
                requests.setdefault(name, []).append(call)
            else:
                yield [module, call[1], fault.name, NOT_CONCERNED]
        for scenario in (scenario for scenario in SCENARIOS if scenario.id in requests):
            calls = requests[scenario.id]
            survived = self._together(scenario, fault, calls)
            for call in calls:
                marks = {"s" if call in survived else self._one(scenario, fault, call, FIRST)[0]}
                if module in LASTING:
                    marks.add(self._one(scenario, fault, call, ALL)[0])
                yield [module, call[1], fault.name, "".join(sorted(marks))]

    def _together(self, scenario: Scenario, fault: Fault, calls: list[Call]) -> set[Call]:
        """The first of each of these requests fails, in one run, which must end as if none had failed. Returns those
        that were made. None if the run fails: then each request must be tried on its own.
        """
        calls = [call for call in calls if call[1] not in scenario.once]
        # That a request was held can only be seen for one operation.
        if not fault.passing or fault.kind.startswith("hang") or len(calls) < 2:
            return set()
        faulty = [(fault, call, *FIRST) for call in calls]
        mark, outcome = survives(self._prepared, self._proofs, scenario, faulty)
        failed = {(call["platform"], call["operation"]) for call in outcome.calls if call["fault"]}
        return failed.intersection(calls) if mark == "s" else set()

    def at_every_position(self, scenario: Scenario) -> Iterator[list]:
        """Everything that the two methods above leave out."""
        requests = self._usual.requests_of(scenario.module)
        first = requests.all()
        for call in dict.fromkeys(requests.of[scenario.id]):
            for fault in FAULTS:
                if fault.concerns(call[0]) and (fault.everywhere or first[call] == scenario.id):
                    yield self._tried(scenario, fault, call, lasting=True)

    def _tried(self, scenario: Scenario, fault: Fault, call: Call, lasting: bool) -> list:
        """The first request fails, one in the middle, the last one, and then, if lasting, all of them."""
        count = self._usual.requests_of(scenario.module).of[scenario.id].count(call)
        marks = set()
        for hits in sorted({FIRST, (count // 2, 1), (count - 1, 1)}):
            marks.add(self._one(scenario, fault, call, hits)[0])
        sent = self._sent[scenario.id, fault.name, call].count(call) + (fault.kind == "refused")
        # Else the first run has shown that after one failure the request is not sent again.
        if lasting and sent > 1:
            marks.add(self._one(scenario, fault, call, ALL)[0])
        return [scenario.module, call[1], fault.name, "".join(sorted(marks))]

    def _one(self, scenario: Scenario, fault: Fault, call: Call, hits: Hits) -> tuple[str, Outcome]:
        mark, outcome = survives(self._prepared, self._proofs, scenario, [(fault, call, *hits)])
        if hits == FIRST:
            self._sent[scenario.id, fault.name, call] = called(outcome)
        return mark, outcome

    def in_recovery(self, scenario: Scenario) -> Iterator[list]:
        """Requests that are sent only because another one failed also fail, in every way.

        For requests that other scenarios send anyway, the failures that the transport handles are already tested.
        """
        requests = self._usual.requests_of(scenario.module)
        first = requests.all()
        for call, trigger in self._triggers(scenario).items():
            for fault in FAULTS:
                if not fault.concerns(call[0]):
                    yield [scenario.module, call[1], fault.name, NOT_CONCERNED]
                    continue
                tried = (scenario.module, call, fault.name)
                if not fault.everywhere and (call in first or tried in self._recovered):
                    continue
                self._recovered.add(tried)
                mark, _outcome = survives(self._prepared, self._proofs, scenario, [trigger, (fault, call, *ALL)])
                yield [scenario.module, call[1], fault.name, mark]

    def _triggers(self, scenario: Scenario) -> dict[Call, Faulty]:
        """The requests that a run sends only because another one failed, and the fault that made it send them."""
        requests = self._usual.requests_of(scenario.module)
        first, usual = requests.all(), list(dict.fromkeys(requests.of[scenario.id]))
        found: dict[Call, Faulty] = {}
        for fault in TRIGGERS:
            for call in usual:
                if not (first[call] == scenario.id or call in requests.writes or fault.matters_to_reads):
                    continue
                if (scenario.id, fault.name, call) not in self._sent:
                    self._one(scenario, fault, call, FIRST)
                for other in self._sent[scenario.id, fault.name, call]:
                    if other not in usual:
                        found.setdefault(other, (fault, call, *FIRST))
        return found


def survives(prepared: Prepare, proofs: Proofs, scenario: Scenario, faulty: Sequence[Faulty]) -> tuple[str, Outcome]:
    """One run with these faults; then the next run completes the task. Returns "s" if the run succeeds or "f" if
    it fails clearly, and its outcome.

    Most runs end in a state from which an earlier one was already shown to be completed: that is not shown again.
    """
    orders = [order for fault, call, skip, times in faulty for order in fault.orders(*call, skip, times)]
    world, options = prepared(scenario, orders)
    with contextlib.ExitStack() as here:
        for fault, (_platform, operation), skip, times in faulty:
            here.enter_context(fault.here(world, operation, skip, times))
        outcome = world.run(scenario.module, options, connect=PATIENT, digest=True)
    state = proofs.state_of(world, scenario, outcome)
    keeps_secrets(outcome, scenario, *token_of(world, scenario))
    mark = checked_under_fault(outcome, scenario, faulty)
    if mark == "s":
        assert outcome.result["changed"] is scenario.changes
    finished = proofs.get(state, mark)
    if finished is None or must_return_the_same(scenario, mark) and outcome.result != finished:
        if mark == "s":
            scenario.holds(world)
        finished = converges_afterwards(world, scenario)
        proofs.add(state, mark, finished)
    if must_return_the_same(scenario, mark):
        assert outcome.result == finished
    return mark, outcome


def must_return_the_same(scenario: Scenario, mark: str) -> bool:
    """Whether a run with a fault has succeeded with nothing to change: it must have returned what is right."""
    return mark == "s" and not scenario.changes and not scenario.blind and platform_of(scenario.module) != "site"


def checked_under_fault(outcome: Outcome, scenario: Scenario, faulty: Sequence[Faulty]) -> str:
    """Checks how a run with a fault has ended; returns "s" or "f"."""
    fault, (_platform, operation), skip, times = faulty[0]
    if operation in scenario.once and fault.may_be_received:
        assert outcome.failed and "may have been" in outcome.result["msg"], outcome.result
        assert [call["operation"] for call in outcome.calls].count(operation) == skip + 1, "sent again"
        return "f"
    if not outcome.failed:
        return "s"
    failed_clearly(outcome, scenario)
    assert not (fault.passing and times == 1 and len(faulty) == 1), (
        f"{fault.name} at {operation} passes, and yet: {outcome.result['msg']}"
    )
    assert outcome.result["error"].get("operation") == OWN_NAMES.get(operation, operation) or len(faulty) > 1, (
        outcome.result
    )
    # A 429 of a site itself does not contain a time.
    if fault.name == "429-too-long" and platform_of(scenario.module) != "site":
        assert outcome.result["error"]["retry_at"] in outcome.result["msg"]
        refused = [(call["method"], call["path"]) for call in outcome.calls if call["fault"] == "throttle"]
        since = [
            (call["method"], call["path"])
            for call in outcome.calls[[call["fault"] for call in outcome.calls].index("throttle") :]
        ]
        assert len(faulty) > 1 or all(since.count(call) == 1 for call in refused), "asked again before the time"
    return "f"


def converges_afterwards(world: World, scenario: Scenario) -> dict:
    """After the fault, the next run completes the task, nothing exists twice, and the run after it changes nothing.

    Returns the result of the next run.
    """
    options = scenario.options_for(world)
    finished = world.run(scenario.module, options)
    if finished.failed and scenario.refused_again:
        failed_clearly(finished, scenario)
    else:
        succeeded(finished)
    scenario.holds(world)
    # A run that has nothing to change already proves it.
    if scenario.twice and (finished.result["changed"] or finished.writes):
        settled = succeeded(world.run(scenario.module, options))
        assert settled.result["changed"] is False and not settled.writes
    return finished.result
