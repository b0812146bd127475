# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Current state + wanted state -> plan -> apply: check mode, diff and result, once, here. PRIVATE to the collection.

Three shapes of task; a class of a module is one of them:

Resource   has a state that can be read and declared: C(read), C(create), C(update), C(delete).
Operation  brings something about and waits for it: C(plan), C(apply), C(settle).
Info       answers what there is: C(fetch).

The plan is made the same way in check mode and in a real run, and the result and the diff of a prediction are those
of the plan: that is why a prediction cannot lie. A class never learns whether it runs in check mode.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from ansible_collections.webops.paas.plugins.module_utils._core import compare as _compare
from ansible_collections.webops.paas.plugins.module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once
from ansible_collections.webops.paas.plugins.module_utils._kernel import task as _task


@dataclass(frozen=True)
class Field:
    """How a declared option is compared and shown.

    compare: a comparator of _compare. secret: its value never appears in result or diff. create_only: a later change is
    refused, naming the field. recomputes: keys of the result that the platform computes anew when this field changes.
    """

    compare: object = _compare.SCALAR
    secret: bool = False
    create_only: bool = False
    recomputes: tuple = ()


@dataclass
class Plan:
    """What a run will do. before and after are the two sides of the diff; result is the predicted result.

    unknown: keys of the result that only the real run can tell; "changed" may be among them. doubts: sentences that go with a
    prediction, as warnings, where the platform offers no way to read what there is.
    """

    changed: bool
    result: dict
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)
    doubts: list = field(default_factory=list)
    current: object = None
    work: object = None


class Task(ABC):
    """The base of the three shapes.

    params: the options, validated. client: the platform's client. clock, warn, progress: see Clock, Http.warn and
    Http.progress.
    """

    def __init__(self, params: dict, client, clock, warn, progress=None) -> None:
        self.params = params
        self.client = client
        self.clock = clock
        self.warn = warn
        self.progress = progress
        # What is opened for the task (a zip, a temporary directory) is entered here, and closed when the task ends.
        self.opened = contextlib.ExitStack()

    def check_input(self) -> None:
        """Raises InvalidInput for what the argument spec cannot express; no API call is made here."""

    @property
    def patience(self) -> Patience:
        """How to wait, from the options wait_timeout and poll_interval."""
        return Patience(self.clock, self.params["wait_timeout"], self.params["poll_interval"], self.progress)

    @abstractmethod
    def plan(self) -> Plan:
        """Reads what there is and says what to do; sends no write."""

    @abstractmethod
    def carry_out(self, plan: Plan) -> dict:
        """Applies the plan and returns the result as it came to be.

        With the key C(changed) it has the last word on it: some platforms tell only afterwards that there was nothing to do.
        """


class Info(Task):
    """key: the plural name of the list in the result."""

    key = "items"

    @abstractmethod
    def fetch(self):
        """What goes into a list, nothing when nothing matches; or the one object, where there is always exactly one (metadata)."""

    def plan(self) -> Plan:
        found = self.fetch()
        return Plan(changed=False, result={self.key: found if isinstance(found, dict) else list(found)})

    def carry_out(self, plan: Plan) -> dict:
        return plan.result


class Operation(Task):
    """C(plan) comes from the class; a plan with changed false and work set (a running deploy to join) is settled too."""

    @abstractmethod
    def apply(self, plan: Plan):
        """Sends the writes."""

    @abstractmethod
    def settle(self, plan: Plan, outcome) -> dict:
        """Waits if asked to, and returns the result. outcome: what apply returned, or plan.work when nothing was to do."""

    def carry_out(self, plan: Plan) -> dict:
        if plan.changed:
            return self.settle(plan, self.apply(plan))
        return plan.result if plan.work is None else self.settle(plan, plan.work)


class Resource(Task):
    """key: the name of the resource in the result. fields: {option: Field} of all that is compared.

    C(read) returns the current state in the shape of the result, options under their own names, or None.
    """

    key = "resource"
    fields: dict = {}
    # Keys of the result that change with every write.
    always_recomputed: tuple = ()

    @abstractmethod
    def read(self) -> dict | None:
        """The current state, None when there is none."""

    @abstractmethod
    def create(self, wanted: dict) -> dict:
        """wanted: {option: value} of all that is declared and not empty. Returns the new state.

        Options that the platform ignores at creation are updated afterwards by the kernel.
        """

    @abstractmethod
    def update(self, current: dict, changes: dict) -> dict:
        """changes: {option: value after the change} of those that differ. Returns the new state."""

    @abstractmethod
    def delete(self, current: dict) -> None:
        """A resource that is gone already counts as deleted."""

    @abstractmethod
    def blank(self) -> dict:
        """The shape of the result, values do not matter: a resource that does not exist yet has all keys, and null in them."""

    def is_declared(self, name: str, current: dict | None) -> bool:
        """Whether an option is to be compared at all; a write-only field decides here whether it is sent."""
        return self.params.get(name) is not None

    def wanted(self, current: dict | None) -> dict:
        return {name: self.params[name] for name in self.fields if self.is_declared(name, current)}

    # -- the machine ---------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        current = self.read()
        if self.params.get("state") == "absent":
            before = {} if current is None else self._shown(current, self.fields, SECRET_BEFORE)
            return Plan(changed=current is not None, result={self.key: None}, before=before, current=current)
        wanted = self.wanted(current)
        changes = self._changes(current, wanted)
        if current is not None and not changes:
            shown = self._shown(current, wanted, SECRET_BEFORE)
            return Plan(changed=False, result={self.key: current}, before=shown, after=shown, current=current)
        if current is not None:
            self._refuse_create_only(current, changes)
        predicted, unknown = self._prediction(current, changes)
        return Plan(
            changed=True,
            result={self.key: predicted},
            unknown=unknown,
            current=current,
            before={} if current is None else self._shown(current, wanted, SECRET_BEFORE),
            after=self._shown({**(current or {}), **changes}, wanted, SECRET_AFTER, set(changes)),
        )

    def carry_out(self, plan: Plan) -> dict:
        if not plan.changed:
            return plan.result
        if self.params.get("state") == "absent":
            self.delete(plan.current)
            return {self.key: None}
        if plan.current is not None:
            return {self.key: self._converge(plan.current)}
        state, is_ours = create_once(lambda: self.create(self._changes(None, self.wanted(None))), self.read, self.clock)
        return {self.key: self._converge(state, secrets_sent=is_ours)}

    def _converge(self, state: dict, secrets_sent: bool = False) -> dict:
        """Updates what differs, and proves that the platform took it (some answer 200 and change nothing).

        secrets_sent: the secrets just went along with the creation; a write-only one would always seem to differ.
        """
        changes = self._changes(state, self.wanted(state))
        visible = {name for name in changes if not self.fields[name].secret}
        if secrets_sent:
            changes = {name: changes[name] for name in visible}
        else:
            # Another run may have made it in between, and otherwise.
            self._refuse_create_only(state, changes)
        if not changes:
            return state
        state = self.update(state, changes)
        left = self._left(state, changes, visible)
        if left:
            state = self.read() or state
            left = self._left(state, changes, visible)
        if left:
            raise PaasError(
                f"The platform accepted the change of {', '.join(left)} of the {self.key} but did not apply it; it still has "
                + ", ".join(f"{name}={state.get(name)!r}" for name in left)
                + ".",
                code="not_applied",
            )
        return state

    def _left(self, state: dict, changes: dict, visible: set) -> list:
        return sorted(name for name in visible if self.fields[name].compare.differs(state.get(name), changes[name]))

    def _changes(self, current: dict | None, wanted: dict) -> dict:
        current = current or {}
        return {
            name: self.fields[name].compare.after(current.get(name), value)
            for name, value in wanted.items()
            if self.fields[name].compare.differs(current.get(name), value)
        }

    def _refuse_create_only(self, current: dict, changes: dict) -> None:
        for name in changes:
            if self.fields[name].create_only:
                values = (
                    ""
                    if self.fields[name].secret
                    else f" It is {current.get(name)!r}, {changes[name]!r} was asked for."
                )
                raise PaasError(
                    f"{name} of the {self.key} cannot be changed after creation.{values} Delete and create it yourself if that is "
                    "what you want.",
                    code="create_only",
                    option=name,
                )

    def _prediction(self, current: dict | None, changes: dict) -> tuple[dict, list]:
        """The state after the changes, and the names of what only the platform can fill in (null in the state)."""
        known = self.predicted(current, changes)
        if current is not None:
            recomputed = (
                set(self.always_recomputed).union(*(self.fields[name].recomputes for name in changes)) - known.keys()
            )
            return {**current, **known, **dict.fromkeys(recomputed)}, sorted(recomputed)
        blank = self.blank()
        unknown = sorted(blank.keys() - known.keys())
        for name, value in known.items():
            # Of declared settings the platform fills in the rest: "settings.key" is unknown then.
            if isinstance(value, dict) and isinstance(blank.get(name), dict):
                unknown += sorted(f"{name}.{key}" for key in blank[name].keys() - value.keys())
                known[name] = {**dict.fromkeys(blank[name]), **value}
        return {**dict.fromkeys(blank), **known}, unknown

    def predicted(self, current: dict | None, changes: dict) -> dict:
        """The part of the result that the changes decide; a class adds what follows from a secret (has_password)."""
        return {name: value for name, value in changes.items() if not self.fields[name].secret}

    def _shown(self, state: dict, names, secret_text: str, changed: set = frozenset()) -> dict:
        return {
            name: (secret_text if name in changed or secret_text == SECRET_BEFORE else SECRET_BEFORE)
            if self.fields[name].secret
            else state.get(name)
            for name in names
        }


def reconcile(task: Task, check_mode: bool, want_diff: bool) -> dict:
    """Runs a task and returns Ansible's result. Raises PaasError."""
    if isinstance(task, _task.Task):
        return _task.reconcile(task, check_mode, want_diff)
    with task.opened:
        task.check_input()
        plan = task.plan()
        result = plan.result if check_mode else task.carry_out(plan)
    outcome = {"changed": plan.changed, **result}
    if check_mode:
        if plan.unknown:
            outcome["unknown_until_applied"] = plan.unknown
        for doubt in plan.doubts:
            task.warn(doubt)
    if want_diff and not isinstance(task, Info):
        outcome["diff"] = {"before": plan.before, "after": plan.after if outcome["changed"] else plan.before}
    return outcome
