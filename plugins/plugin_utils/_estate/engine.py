# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the entries of an estate side by side and applies them in their order. PRIVATE to the collection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.session import Sessions
from ansible_collections.webops.paas.plugins.module_utils._http.shared import Shared
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform, read_ahead
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Plan
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import Parent
from ansible_collections.webops.paas.plugins.plugin_utils._estate.entries import CONNECTION, Entry
from ansible_collections.webops.paas.plugins.plugin_utils._estate.scheduling import run_in_order

# Keys of a module's result that a report needs. Masking secrets in all the others would take longer than planning.
REPORTED = ("changed", "diff", "error", "failed", "msg", "unknown_until_applied")


@dataclass
class Outcome:
    """What became of an entry, or will: action is created, updated, deleted, unchanged, failed or skipped.

    result: of the module's own result, what a report needs. deletions: how many objects are deleted.
    """

    entry: Entry
    action: str = "skipped"
    result: JsonObject = field(default_factory=dict)
    deletions: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def failed(self) -> bool:
        return self.action == "failed"


class Engine:
    """mask: (entry, result) -> the result without secrets, as it may be shown."""

    def __init__(
        self,
        entries: Sequence[Entry],
        mask: Callable[[Entry, JsonObject], JsonObject],
        *,
        concurrency: int,
        keep_going: bool,
        want_diff: bool = True,
        progress: Callable[[str], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.entries = entries
        self.concurrency = concurrency
        self.keep_going = keep_going
        self.want_diff = want_diff
        self._mask = mask
        self._progress = progress
        self._clock = clock
        self._sessions = Sessions()
        self._lock = threading.Lock()

    def plan(self) -> list[Outcome]:
        """What there is to do. Sends no write, and each read once.

        Checks are made if nothing else is to be done; otherwise they are skipped, since they are about what comes then.
        """
        shared = Shared(reads=True)
        self._read_ahead(self.entries, shared, writes=False)
        outcomes = [Outcome(entry) for entry in self.entries]
        checks = {entry.number for entry in self.entries if entry.stage == "check"}

        def work(number: int) -> bool:
            entry = self.entries[number]
            parent = self._parent(entry, outcomes)
            outcomes[number] = self._performed(entry, shared, check_mode=True, parent=parent)
            return True

        # What belongs to something new need not be looked for.
        needs = {
            entry.number: set() if entry.provider is None else {entry.provider}
            for entry in self.entries
            if entry.number not in checks
        }
        run_in_order(needs, work, self.concurrency, True)
        if not any(_is_due(outcome) or outcome.failed for outcome in outcomes):
            run_in_order({number: set() for number in checks}, work, self.concurrency, True)
        return outcomes

    def apply(self, planned: Sequence[Outcome]) -> list[Outcome]:
        """Carries out what C(plan) returned: what it found unchanged is left alone."""
        shared = Shared()
        deployed = shared.knowing_nothing()
        outcomes = [Outcome(entry) for entry in self.entries]
        due = set()
        for number, outcome in enumerate(planned):
            if _is_due(outcome) or outcome.action == "skipped":
                due.add(number)
            else:
                outcomes[number] = outcome
        done: list[int] = []
        created = [self.entries[number] for number in due if planned[number].action == "created"]
        self._read_ahead([entry for entry in created if not entry.parents], shared, writes=True)

        def work(number: int) -> bool:
            entry = self.entries[number]
            common = shared if entry.stage == "state" else deployed
            outcomes[number] = outcome = self._performed(entry, common, check_mode=False)
            if not outcome.failed and "diff" not in outcome.result:
                outcome.result.setdefault("diff", planned[number].result.get("diff"))
            with self._lock:
                done.append(number)
            if self._progress:
                self._progress(f"{len(done)} of {len(due)}: {entry.raw.module} {entry.name} {outcome.action}")
            return not outcome.failed

        run_in_order({number: self._due_before(number, due) for number in due}, work, self.concurrency, self.keep_going)
        return outcomes

    def _due_before(self, number: int, due: set[int]) -> set[int]:
        """What an entry needs of what is due, also by way of others that are not."""
        found: set[int] = set()
        left, seen = list(self.entries[number].needs), set()
        while left:
            other = left.pop()
            if other in seen:
                continue
            seen.add(other)
            if other in due:
                found.add(other)
            else:
                left += self.entries[other].needs
        return found

    def _parent(self, entry: Entry, planned: Sequence[Outcome]) -> Parent:
        if entry.provider is None or self.entries[entry.provider].is_absent:
            return "must_exist"
        return "is_new" if planned[entry.provider].action == "created" else "will_exist"

    def _read_ahead(self, entries: Iterable[Entry], shared: Shared, writes: bool) -> None:
        """Reads lists in place of the single reads of several entries. writes: just before the entries are created."""
        groups: dict[Any, tuple[Entry, set[str]]] = {}
        for entry in entries:
            connection = [repr(entry.params.get(name)) for name in CONNECTION]
            read = getattr(entry.definition.client, "read_ahead", None)
            groups.setdefault((read, *connection), (entry, set()))[1].update(entry.roots)
        for entry, names in groups.values():
            read_ahead(
                entry.definition,
                entry.params,
                names,
                writes=writes,
                clock=self._clock,
                sessions=self._sessions,
                shared=shared,
            )

    def _performed(self, entry: Entry, shared: Shared, **how: Any) -> Outcome:
        plans: list[Plan] = []
        warnings: list[str] = []
        result = perform(
            entry.definition,
            entry.params,
            warn=warnings.append,
            clock=self._clock,
            sessions=self._sessions,
            shared=shared,
            observe=plans.append,
            want_diff=self.want_diff,
            **how,
        )
        deletions = sum(change.action == "delete" for plan in plans for change in plan.writes)
        action = "failed" if result.get("failed") else _action(result, plans)
        reported = {name: result[name] for name in REPORTED if name in result}
        if not result.get("changed"):
            reported.pop("diff", None)
        return Outcome(entry, action, self._mask(entry, reported), deletions, warnings)


def _is_due(outcome: Outcome) -> bool:
    """Whether the real run has something to do that check mode told or could not tell."""
    return outcome.changed or "changed" in outcome.result.get("unknown_until_applied", ())


def _action(result: JsonObject, plans: Sequence[Plan]) -> str:
    if not result.get("changed"):
        return "unchanged"
    actions = {change.action for plan in plans for change in plan.writes}
    if len(actions) == 1:
        return {"create": "created", "delete": "deleted"}.get(actions.pop(), "updated")
    return "updated"
