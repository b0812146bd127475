# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the shapes, and the run of a task. PRIVATE to the collection.

The plan is the same in check mode and in a real run, and the result and diff of a prediction are made from it, so
predictions are correct. A class cannot find out whether it runs in check mode.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import MissingParent
from ansible_collections.webops.paas.plugins.module_utils._core.members import Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN, told
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Change, Diff, Plan, Prediction

Client = TypeVar("Client")
Stage = Literal["state", "deploy", "check"]
# What check mode does about a missing parent: predict with a warning, fail, or predict since it is about to be created.
# One that is_new is not even looked for.
Parent = Literal["may_be_missing", "must_exist", "will_exist", "is_new"]


class Task(ABC, Generic[Client]):
    """The base of the four shapes, Resource, Collection, Operation and Info; a module's class is a subclass of one of
    them, and names its client class in brackets: C(class Cache(Operation[SitesClient])).

    It has: params, the validated options; client, the platform's client; clock, warn and progress, see Clock, Http.warn
    and Http.progress; opened, an ExitStack for what has to be closed when the task ends.

    In check mode an option with C(parent) may be UNKNOWN, which C(check_input) must not refuse. What it names may not
    exist yet; then C(plan_without_parent) is asked for the plan.

    It keeps nothing between C(plan) and C(apply) but the plan: no method sets an attribute. What follows from the
    options alone (declared members, a manifest of local files) may be a C(cached_property).

    May be overridden by every shape: C(check_input), C(plan_without_parent), C(predict), C(label), C(shown), C(diff),
    C(headings).
    """

    client_class: ClassVar[type[Any]]
    # Modules that change nothing return no diff.
    has_diff: ClassVar[bool] = True
    # Where it comes among all that is done to its parent: state, then deploys, then checks.
    stage: ClassVar[Stage] = "state"
    # The options that identify the object among those of its parent; without them, the module is about the whole
    # parent.
    named_by: ClassVar[tuple[str, ...]] = ()
    # How the objects that nobody declares are found; None where an estate cannot delete these.
    members: ClassVar[Members | None] = None
    # Whether deletions below one parent must follow one another, because they move what is left.
    in_turn: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for base in cls.__dict__.get("__orig_bases__", ()):
            client = next(iter(get_args(base)), None)
            if isinstance(client, type):
                cls.client_class = client

    def __init__(
        self,
        params: JsonObject,
        client: Client,
        clock: Clock,
        warn: Callable[[str], None],
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self.params = params
        self.client = client
        self.clock = clock
        self.warn = warn
        self.progress = progress or _silent
        self.opened = contextlib.ExitStack()

    @classmethod
    def options(cls) -> JsonObject:
        """The part of the module's argument spec that follows from the class."""
        return {}

    @classmethod
    def references(cls, params: JsonObject) -> set[str]:
        """The names, of those that the options tell, by which others refer to what the task creates."""
        return {str(params[name]) for name in cls.named_by if params.get(name)}

    @classmethod
    def named(cls, params: JsonObject) -> JsonObject:
        """The options in the spelling in which two names of the same object are equal."""
        return params

    @classmethod
    def declares(cls, plan: Plan, params: JsonObject) -> set[Any]:
        """The IDs of the existing objects, of C(members), that the options declare."""
        return {change.before["id"] for change in plan.changes if change.action != "delete" and _has_id(change)}

    @classmethod
    def deletes(cls, plan: Plan) -> set[Any]:
        """The IDs of the existing objects that the plan deletes."""
        return {change.before["id"] for change in plan.changes if change.action == "delete" and _has_id(change)}

    @property
    def patience(self) -> Patience:
        """How to wait, from the options wait_timeout and poll_interval."""
        return Patience(self.clock, self.params["wait_timeout"], self.params["poll_interval"], self.progress)

    def check_input(self) -> None:
        """Raises InvalidInput for errors that neither the argument spec nor C(check) of an option can find; sends no
        requests.
        """
        return

    @abstractmethod
    def plan(self) -> Plan:
        """Reads the current state and returns the plan; sends no writes."""

    def plan_without_parent(self) -> Plan:
        """The plan for a new, empty parent that does not exist yet; does not read it.

        UNKNOWN stands for values that only the parent can provide. By default C(plan), for tasks that do not read the
        parent."""
        return self.plan()

    @abstractmethod
    def predict(self, plan: Plan) -> Prediction:
        """The predicted result of the plan; without changes, the result."""

    @abstractmethod
    def carry_out(self, plan: Plan) -> JsonObject:
        """Applies a plan that has changes or a job to join, and returns the result.

        The key C(changed) of the result takes precedence: some platforms only return afterwards that nothing changed.
        """

    def diff(self, plan: Plan) -> Diff:
        """Both sides in the same order, of a plan with changes: what does not change is left out when they are shown.

        By default {key: state} of what is created, updated or deleted, as C(shown) has it.
        """
        return self.sides(plan.writes)

    def headings(self, diff: Diff, parents: Sequence[str]) -> tuple[str, str]:
        """What the sides of the diff are about, by default the parent. parents: its options."""
        given = {option: self.params.get(option) for option in parents}
        named = ", ".join(f"{option} {value}" for option, value in given.items() if value and value is not UNKNOWN)
        return named, named

    def sides(self, changes: list[Change]) -> Diff:
        """The diff of some changes, {label: state} on either side, sorted; several of a label have their keys too."""
        diff = Diff({}, {})
        labels = Counter(map(self.label, changes))
        for change in sorted(changes, key=lambda change: (self.label(change), str(change.key))):
            label, (before, after) = self.label(change), self.shown(change)
            if labels[label] > 1:
                label = f"{label} (id {change.key})"
            if change.action != "create":
                diff.before[label] = before
            if change.action != "delete":
                diff.after[label] = after
        return diff

    def label(self, change: Change) -> str:
        """What a change is called in diffs and messages."""
        return str(change.key)

    def shown(self, change: Change) -> tuple[Any, Any]:
        """Both states of a change for the diff, with secrets masked; a missing state is omitted."""
        return change.before, change.after


def _has_id(change: Change) -> bool:
    return change.key is not None and isinstance(change.before, dict) and "id" in change.before


def _silent(_sentence: str) -> None:
    """Ignores progress."""


def reconcile(
    task: Task[Any],
    check_mode: bool,
    want_diff: bool,
    parents: Sequence[str] = (),
    own_ids: Sequence[str] = (),
    left_out: Sequence[str] = (),
    *,
    observe: Callable[[Plan], None] | None = None,
    parent: Parent = "may_be_missing",
) -> JsonObject:
    """Runs a task and returns Ansible's result, whose diff has dicts. Raises PaasError.

    parents, own_ids: the names of the options with C(parent) and C(own_id), see Module. left_out: see Http; not empty
    once the platform has listed something that may be the parent. observe: called with the plan before it is carried
    out. parent: what check mode does if what the task belongs to does not exist.
    """
    with task.opened:
        task.check_input()
        predicts = check_mode and parents and parent != "must_exist"
        plan = _plan_in_check_mode(task, parents, own_ids, left_out, parent) if predicts else task.plan()
        if observe:
            observe(plan)
        prediction = task.predict(plan)
        is_done = not plan.changed and plan.join is None
        result = prediction.result if check_mode or is_done else task.carry_out(plan)
    outcome = {"changed": plan.changed, **result}
    if check_mode:
        outcome, unknown = told(outcome)
        unknown = list(dict.fromkeys([*prediction.unknown, *unknown]))
        if unknown:
            outcome["unknown_until_applied"] = unknown
        for doubt in prediction.doubts:
            task.warn(doubt)
    if want_diff and task.has_diff:
        diff = task.diff(plan) if plan.changed and outcome["changed"] else Diff({}, {})
        before_header, after_header = task.headings(diff, parents)
        outcome["diff"] = {
            "before_header": before_header,
            "after_header": after_header,
            "before": diff.before,
            "after": diff.after,
        }
    return outcome


def _plan_in_check_mode(
    task: Task[Any], parents: Sequence[str], own_ids: Sequence[str], left_out: Sequence[str], parent: Parent
) -> Plan:
    """The plan, also for a parent that an earlier task would create."""
    empty = [option for option in parents if task.params[option] is UNKNOWN]
    try:
        if not empty and parent == "is_new" and all(task.params[option] is None for option in own_ids):
            return task.plan_without_parent()
        if not empty:
            return task.plan()
        missing = _is_empty(empty)
    except MissingParent as error:
        if left_out:
            raise
        missing = error
    has_own = any(task.params[option] is not None for option in own_ids)
    if has_own and task.params.get("state") != "absent":
        raise missing
    if parent == "may_be_missing":
        task.warn(f"{missing.message} Check mode predicts the result as if it existed.")
    return task.plan_without_parent()


def _is_empty(options: list[str]) -> MissingParent:
    return MissingParent(
        f"`{'` and `'.join(options)}` {'is' if len(options) == 1 else 'are'} empty. In check mode the IDs of objects "
        "that earlier tasks would create are not known. If the object has a name, use the name instead.",
        code="not_found",
        option=options[0],
    )
