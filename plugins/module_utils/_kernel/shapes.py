# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of tasks but for Collection: Resource, Operation, Info. PRIVATE to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.compare import (
    SCALAR,
    SECRET_AFTER,
    SECRET_BEFORE,
    Comparator,
)
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN, as_before
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once, first_of
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Change, Diff, Plan, Prediction
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import Client, Stage, Task

STATE = dict(type="str", choices=["present", "absent"], default="present")


class Info(Task[Client]):
    """Returns what there is, as a list under a plural name.

    Must be overridden: C(key), the name of the list in the result; C(fetch).
    May be overridden: C(result), where the result has more than that list; C(nothing).
    """

    has_diff = False
    key: ClassVar[str]

    @abstractmethod
    def fetch(self) -> Iterable[Any] | JsonObject:
        """The items of the list, none if nothing matches; or the object, if there is always exactly one (metadata)."""

    def nothing(self) -> list[Any] | JsonObject:
        """The result for a parent that was just created."""
        return []

    def result(self) -> JsonObject:
        found = self.fetch()
        return {self.key: found if isinstance(found, dict) else list(found)}

    def plan(self) -> Plan:
        return Plan([Change.keep(None, self.result())])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.keep(None, {self.key: self.nothing()})])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction(plan.parent)

    def carry_out(self, plan: Plan) -> JsonObject:
        raise AssertionError("an Info has nothing to carry out")


class Operation(Task[Client]):
    """Starts an operation and waits for it: a deploy, a restore, a purge, a job.

    Must be overridden: C(plan), C(predict), C(apply).
    May be overridden: C(settle), where something is waited for or the result is known only afterwards; C(shown) or
    C(diff), by default the states of the plan's writes by their keys, and called for a plan with changes.

    A plan without changes whose C(join) is set (a running deploy) sends nothing and is settled too. A plan with changes
    may have a C(join) as well: what C(apply) resumes.
    """

    stage: ClassVar[Stage] = "deploy"

    @abstractmethod
    def apply(self, plan: Plan) -> Any:
        """Sends the writes of the plan; returns what C(settle) needs."""

    def settle(self, plan: Plan, outcome: Any) -> JsonObject:
        """Waits if asked to, and returns the result; by default the predicted one.

        outcome: what C(apply) returned, or plan.join when nothing was to do.
        """
        return self.predict(plan).result

    def carry_out(self, plan: Plan) -> JsonObject:
        return self.settle(plan, self.apply(plan) if plan.changed else plan.join)


class Field:
    """A declared option of a Resource: how it is compared and shown, and its argument spec.

    type and spec (elements, choices, no_log and so on): the argument spec; without a type, the module lists the option
    itself. compare: a comparator of _core.compare. secret: its value never appears in result or diff. create_only: a
    later change is refused, naming the field. recomputes: keys of the result that the platform computes anew when this
    field changes.
    """

    def __init__(
        self,
        type: str | None = None,
        compare: Comparator = SCALAR,
        *,
        secret: bool = False,
        create_only: bool = False,
        recomputes: tuple[str, ...] = (),
        **spec: Any,
    ) -> None:
        self.compare = compare
        self.secret = secret
        self.create_only = create_only
        self.recomputes = recomputes
        self.option = None if type is None else dict(type=type, **spec)


class Resource(Task[Client]):
    """One object that can be read and declared.

    Its state is a dict as the platform has it. C(view) makes of it what the result shows, options under their own
    names; what the view lacks (a secret, siblings that C(delete) has to look at) only the class itself sees.

    Must be overridden: C(key), the name of the resource in the result; C(fields), {option: Field} of all that is
    compared; C(read), C(create) or C(create_or_find), C(update), C(view); C(delete), where the module has state=absent.
    May be overridden: C(always_recomputed), keys of the result that change with every write; C(of_new), the part of the
    result that everything new has unless it is declared otherwise; C(check_new), what a creation depends on;
    C(permitted_by), {create-only field: the flag with which it is changed}; C(is_declared), whether an option is
    compared now (a write-only field decides it here); C(wanted), where a declared value is not simply the option's;
    C(predicted), what else of the result follows from the changes; C(alike), where the platform lets two runs create
    the same at the same time.

    The module's options need not list those of C(fields) that have a type, nor C(state) where there is a C(delete).
    """

    named_by: ClassVar[tuple[str, ...]] = ("name",)
    key: ClassVar[str]
    fields: ClassVar[dict[str, Field]]
    always_recomputed: ClassVar[tuple[str, ...]] = ()
    of_new: ClassVar[JsonObject] = {}
    permitted_by: ClassVar[dict[str, str]] = {}
    # ({option: value} of all that is declared and not empty) -> the new state. After a lost response C(read) decides
    # whether it is sent again. Options that the platform ignores at creation are updated afterwards by the kernel.
    create: Callable[[JsonObject], JsonObject]
    # (the current state). Deletes the resource. A resource that does not exist counts as deleted.
    delete: Callable[[JsonObject], None]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.create_or_find is Resource.create_or_find and not hasattr(cls, "create"):
            raise TypeError(f"{cls.__name__} needs create or create_or_find.")

    @abstractmethod
    def read(self) -> JsonObject | None:
        """The current state, None when it does not exist."""

    def create_or_find(self, wanted: JsonObject) -> tuple[JsonObject, bool]:
        """(the new state, whether this run created it): C(create), sent again only when C(read) finds no trace of it.

        wanted: as C(create) takes it. To be overridden where C(read) cannot tell this run's creation from that of
        another one.
        """

        def give_way(own: JsonObject) -> None:
            """Not the method itself, which classes without state=absent do not have."""
            self.delete(own)

        made, is_ours = create_once(lambda: self.create(wanted), self.read, self.clock)
        return first_of(made, self.alike, give_way, self.clock) if is_ours else (made, False)

    def alike(self) -> list[JsonObject]:
        """All that the options select, oldest first, each with an C(id): the later run deletes its own. By default
        nothing, for platforms that refuse the second one.
        """
        return []

    @abstractmethod
    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        """changes: {option: value after the change} of those that differ. Returns the new state."""

    @abstractmethod
    def view(self, state: JsonObject) -> JsonObject:
        """A state as the result shows it; of an empty one all keys, since a prediction has them with null."""

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        return self.params.get(name) is not None

    def check_new(self) -> None:
        """Raises PaasError if the resource, which does not exist, cannot be created; can send reads."""
        return

    def wanted(self, current: JsonObject | None) -> JsonObject:
        return {name: self.params[name] for name in self.fields if self.is_declared(name, current)}

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        """The part of the result that the changes decide; a class adds what follows from a secret (has_password)."""
        known = {name: value for name, value in changes.items() if not self.fields[name].secret}
        return known if current else {**self.of_new, **known}

    # -- implementation
    # ---------------------------------------------------------------------------------------------------

    @classmethod
    def options(cls) -> JsonObject:
        state = {"state": STATE} if hasattr(cls, "delete") else {}
        return {**state, **{name: field.option for name, field in cls.fields.items() if field.option is not None}}

    def plan(self) -> Plan:
        current = self.read()
        if self.params.get("state") == "absent":
            return Plan() if current is None else Plan([Change.delete(self.key, current)])
        changes = self.differing(current)
        if current is None:
            self.check_new()
            return Plan([Change.create(self.key, changes)])
        if not changes:
            return Plan([Change.keep(self.key, current)])
        self._refuse_create_only(current, changes)
        return Plan([Change.update(self.key, current, {**self.view(current), **changes})])

    def plan_without_parent(self) -> Plan:
        if self.params.get("state") == "absent":
            return Plan()
        return Plan([Change.create(self.key, self.differing(None))])

    def differing(self, current: JsonObject | None) -> JsonObject:
        """{option: value after the change} of the declared options that differ from a state."""
        state = {} if current is None else self.view(current)
        return {
            name: self.fields[name].compare.after(state.get(name), value)
            for name, value in self.wanted(current).items()
            if self.fields[name].compare.differs(state.get(name), value)
        }

    def predict(self, plan: Plan) -> Prediction:
        [change] = plan.changes or [Change.keep(self.key, None)]
        if change.after is None or not change.is_write:
            return Prediction({self.key: None if change.after is None else self.view(change.after)})
        known = self.predicted(change.before, self.differing(change.before))
        if change.before is None:
            state, unknown = self._created(known)
        else:
            state, unknown = self._updated(change.before, known)
        return Prediction({self.key: state}, unknown)

    def _created(self, known: JsonObject) -> tuple[JsonObject, list[str]]:
        blank = self.view({})
        unknown = sorted(blank.keys() - known.keys())
        for name, value in known.items():
            # The platform adds defaults to declared settings: "settings.key" is unknown then.
            if isinstance(value, dict) and isinstance(blank.get(name), dict):
                unknown += sorted(f"{name}.{key}" for key in blank[name].keys() - value.keys())
                known[name] = {**dict.fromkeys(blank[name]), **value}
        return {**dict.fromkeys(blank), **known}, unknown

    def _updated(self, current: JsonObject, known: JsonObject) -> tuple[JsonObject, list[str]]:
        moved = (self.fields[name].recomputes for name in self.differing(current))
        recomputed = set(self.always_recomputed).union(*moved) - known.keys()
        return {**self.view(current), **known, **dict.fromkeys(recomputed)}, sorted(recomputed)

    def diff(self, plan: Plan) -> Diff:
        """The declared options; for a deletion, all fields that are set. In the order of the fields."""
        [change] = plan.changes or [Change.keep(self.key, None)]
        before = None if change.before is None else self.view(change.before)
        if change.after is None:
            is_set = {name for name, value in (before or {}).items() if value not in (None, [], {})}
            return Diff(self._masked(before or {}, (name for name in self.fields if name in is_set)), {})
        names, changes = self.wanted(change.before), as_before(self.differing(change.before), before)
        return Diff(
            {} if before is None else self._masked(before, names),
            self._masked({**(before or {}), **changes}, names, changes),
        )

    def headings(self, diff: Diff, parents: Sequence[str]) -> tuple[str, str]:
        """By default the parent and the resource; it is absent on the side where it does not exist."""
        above, _same = super().headings(diff, [option for option in parents if option not in self.named_by])
        names = (self.params.get(option) for option in self.named_by)
        name = next((f" {name}" for name in names if name and name is not UNKNOWN), "")
        named = f"{above}, {self.key}{name}" if above else f"{self.key}{name}"
        return named if diff.before else f"{named} (absent)", named if diff.after else f"{named} (absent)"

    def _masked(self, view: JsonObject, names: Iterable[str], changes: Iterable[str] = ()) -> JsonObject:
        shown = {name: view.get(name) for name in names}
        for name in shown:
            if self.fields[name].secret:
                shown[name] = SECRET_AFTER if name in changes else SECRET_BEFORE
        return shown

    def carry_out(self, plan: Plan) -> JsonObject:
        [change] = plan.writes
        if change.after is None:
            self.delete(change.before)
            return {self.key: None}
        if change.before is not None:
            return {self.key: self.view(self._converge(change.before))}
        state, is_ours = self.create_or_find(change.after)
        return {self.key: self.view(self._converge(state, secrets_sent=is_ours))}

    def _converge(self, state: JsonObject, secrets_sent: bool = False) -> JsonObject:
        """Updates what differs, and checks that the platform applied it (some return 200 and change nothing).

        secrets_sent: the secrets were just sent with the creation; a write-only one would always differ.
        """
        changes = self.differing(state)
        visible = {name for name in changes if not self.fields[name].secret}
        if secrets_sent:
            changes = {name: changes[name] for name in visible}
        else:
            # Another run may have created it in between, with other values.
            self._refuse_create_only(state, changes)
        if not changes:
            return state
        state = self.update(state, changes)
        left = self._left(state, changes, visible)
        if left:
            state = self.read() or state
            left = self._left(state, changes, visible)
        if left:
            view = self.view(state)
            values = ", ".join(f"{name}={view.get(name)!r}" for name in left)
            raise PaasError(
                f"The platform accepted the change of {', '.join(left)} of the {self.key} but did not apply it. The "
                f"{self.key} still has {values}.",
                code="not_applied",
            )
        return state

    def _left(self, state: JsonObject, changes: JsonObject, visible: set[str]) -> list[str]:
        view = self.view(state)
        return sorted(name for name in visible if self.fields[name].compare.differs(view.get(name), changes[name]))

    def _refuse_create_only(self, current: JsonObject, changes: JsonObject) -> None:
        for name in changes:
            flag = self.permitted_by.get(name)
            if self.fields[name].create_only and not (flag and self.params[flag]):
                values = f" It is {self.view(current).get(name)!r}, the task declares {changes[name]!r}."
                raise PaasError(
                    f"`{name}` of the {self.key} cannot be changed after creation"
                    + (f" unless `{flag}` is set." if flag else ".")
                    + ("" if self.fields[name].secret else values)
                    + ("" if flag else " To change it, delete the resource and create it again."),
                    code="create_only",
                    option=name,
                )
