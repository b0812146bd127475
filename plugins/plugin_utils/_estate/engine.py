# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the entries of an estate side by side and applies them in their order. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.session import Sessions
from ansible_collections.webops.paas.plugins.module_utils._http.shared import Shared
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, ask, perform
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Plan
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import Parent
from ansible_collections.webops.paas.plugins.plugin_utils._estate.entries import Entry
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import CONNECTION
from ansible_collections.webops.paas.plugins.plugin_utils._estate.order import ordered
from ansible_collections.webops.paas.plugins.plugin_utils._estate.scheduling import run_in_order

# Keys of a module's result that a report needs. Masking secrets in all the others would take longer than planning.
REPORTED = ("changed", "diff", "error", "failed", "msg", "unknown_until_applied")
# Those of them that can contain a secret.
TEXTS = {"diff", "error", "msg"}

# Codes of errors that what comes before in the same run may mend: metadata lacks a variable that is about to be set.
# The entry is not planned then, but carried out in its turn.
MENDED = frozenset({"inconsistent_metadata"})


@dataclass
class Outcome:
    """What became of an entry, or will: action is created, updated, deleted, unchanged, failed or skipped.

    result: of the module's own result, what a report needs. deletions: how many objects are deleted. handled: the IDs
    of existing objects that the plan keeps because they are declared, changes or deletes. deleted: those it deletes.
    """

    entry: Entry
    action: str = "skipped"
    result: JsonObject = field(default_factory=dict)
    deletions: int = 0
    warnings: list[str] = field(default_factory=list)
    handled: frozenset[Any] = frozenset()
    deleted: frozenset[Any] = frozenset()

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def failed(self) -> bool:
        return self.action == "failed"

    def not_carried_out(self) -> Outcome:
        """What became of it in a real run that ended with the plan."""
        return Outcome(self.entry, warnings=self.warnings) if _is_due(self) else self

    @property
    def is_shown(self) -> bool:
        """Entries that are not declared are shown if they do something, those that are not selected if they fail."""
        if not self.entry.is_selected:
            return self.failed
        return not (self.entry.is_purge and self.action == "unchanged")

    @property
    def error_code(self) -> str | None:
        code: str | None = (self.result.get("error") or {}).get("code")
        return code


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
        self._reads = Shared(reads=True)

    def plan(self, undeclared: Callable[[Sequence[Outcome]], Sequence[Entry]] | None = None) -> list[Outcome]:
        """What there is to do. Sends no write, and each read once.

        undeclared: (the plan of all entries) -> further entries, which delete what these do not declare.
        Checks are made if nothing else is to be done; otherwise they are skipped, since they are about what comes then.
        """
        self._read_ahead(self.entries, self._reads, writes=False)
        outcomes = [Outcome(entry) for entry in self.entries]
        self._plan_from(0, outcomes)
        if undeclared and not any(outcome.failed for outcome in outcomes):
            first, further = len(outcomes), undeclared(outcomes)
            if further:
                self.entries = ordered([*self.entries, *further])
                outcomes += [Outcome(entry) for entry in further]
                for outcome, entry in zip(outcomes, self.entries, strict=True):
                    outcome.entry = entry
                self._plan_from(first, outcomes)
        if not any(outcome.is_shown and (_is_due(outcome) or outcome.failed) for outcome in outcomes):
            self._plan_from(0, outcomes, checks=True)
        return outcomes

    def _plan_from(self, first: int, outcomes: list[Outcome], checks: bool = False) -> None:
        def work(number: int) -> bool:
            entry = self.entries[number]
            if self._is_gone(entry, outcomes):
                outcomes[number] = Outcome(entry, "unchanged", {"changed": False})
                return True
            parent = self._parent(entry, outcomes)
            outcomes[number] = self._performed(entry, self._reads, check_mode=True, parent=parent)
            return True

        # What belongs to something new need not be looked for.
        needs = {
            entry.number: set() if entry.provider is None else {entry.provider}
            for entry in self.entries[first:]
            if (entry.stage == "check") is checks
        }
        run_in_order(needs, work, self.concurrency, True)
        for number, outcome in enumerate(outcomes):
            if outcome.error_code in MENDED and any(_is_due(outcomes[other]) for other in outcome.entry.needs):
                outcomes[number] = Outcome(outcome.entry, warnings=outcome.warnings)

    def ask(self, entry: Entry, question: Callable[[Any], Any], module: Module | None = None) -> Any:
        """question(a client with the connection of the entry), while planning. Raises PaasError."""
        surroundings: JsonObject = {"clock": self._clock, "sessions": self._sessions, "shared": self._reads}
        return ask(module or entry.definition, entry.params, question, **surroundings)

    def apply(self, planned: Sequence[Outcome]) -> list[Outcome]:
        """Carries out what C(plan) returned: what it found unchanged is left alone."""
        shared = self._reads.knowing_nothing()
        deployed = shared.knowing_nothing()
        outcomes = [Outcome(entry) for entry in self.entries]
        due = set()
        for number, outcome in enumerate(planned):
            if outcome.entry.is_selected and (_is_due(outcome) or outcome.action == "skipped"):
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

    def _is_gone(self, entry: Entry, planned: Sequence[Outcome]) -> bool:
        """Whether both are declared absent, it and what it belongs to, of which the second is known not to exist."""
        if entry.provider is None or not entry.is_absent:
            return False
        return self.entries[entry.provider].is_absent and planned[entry.provider].action == "unchanged"

    def _parent(self, entry: Entry, planned: Sequence[Outcome]) -> Parent:
        if entry.provider is None:
            return "must_exist"
        provider = self.entries[entry.provider]
        if provider.is_absent or entry.is_selected and not provider.is_selected:
            return "must_exist"
        return "is_new" if planned[entry.provider].action == "created" else "will_exist"

    def _read_ahead(self, entries: Iterable[Entry], shared: Shared, writes: bool) -> None:
        """Reads lists in place of the single reads of several entries. writes: just before the entries are created."""
        groups: dict[Any, tuple[Entry, set[str]]] = {}
        for entry in entries:
            connection = [repr(entry.params.get(name)) for name in CONNECTION]
            ahead = getattr(entry.definition.client, "read_ahead", None)
            groups.setdefault((ahead, *connection), (entry, set()))[1].update(entry.roots)
        for entry, names in groups.values():
            if not hasattr(entry.definition.client, "read_ahead"):
                continue

            def read(client: Any, names: set[str] = names) -> None:
                client.read_ahead(names, writes)

            surroundings: JsonObject = {"clock": self._clock, "sessions": self._sessions, "shared": shared}
            # A failure is ignored: the tasks then read for themselves.
            with contextlib.suppress(PaasError, RecursionError):
                ask(entry.definition, entry.params, read, **surroundings)

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
        # Most have nothing but words of ours, and to look for secrets takes long.
        shown = self._mask(entry, reported) if reported.keys() & TEXTS else reported
        outcome = Outcome(entry, action, shown, deletions, warnings)
        task = entry.definition.task
        if task.members is not None:
            outcome.deleted = frozenset(each for plan in plans for each in task.deletes(plan))
            declared = (each for plan in plans for each in task.declares(plan, entry.params))
            outcome.handled = outcome.deleted.union(declared)
        return outcome


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
