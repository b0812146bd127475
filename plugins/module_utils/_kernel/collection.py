# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape Collection: a keyed set with declared, absent and purged members. PRIVATE to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Collection as Keys
from typing import Any, ClassVar, Generic, TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import write_until
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import ORDER, Change, Diff, Plan, Prediction
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import Client, Task

Member = TypeVar("Member")


class Collection(Task[Client], Generic[Client, Member]):
    """A keyed set of members that belongs to a parent: environment variables, DNS records, snippets, metadata.

    The parent is what the members belong to, as much of it as C(read), C(write) and C(result) need (ids of team and
    site); None where the options say it all. Member: the type of one member as it is read, declared and compared.

    Must be overridden:
    C(read); C(result);
    C(write), which sends one batch, or C(apply), where a write needs more than the members (a lock); a class that has
    neither is refused when it is defined;
    C(declared), {key: member} (a cached_property), or C(decide), where members are not found by their keys alone.
    May be overridden:
    C(parent), looked up once, before C(read); C(new_parent), the same while check mode does not find it; C(absent),
    C(purge), C(protected), by default the options absent, purge and protect; C(differs), by default inequality;
    C(must_send), for write-only members; C(after), what a member becomes, by default the declared one; C(batch), the
    changes that one call sends, by default one; C(settle), where something has to be waited for; C(shown), how a diff
    has a member; C(not_applied), the error when the platform accepts a change and does not make it.

    A set that is written whole says C(is_whole): its batch is all changes, and C(write) sends C(applied(members,
    changes)).
    The plan has a change for every member, C(keep) for those that stay: plan.before is the set as it was read,
    plan.after the set as it will be, plan.parent the parent.
    """

    is_whole: ClassVar[bool] = False
    # Whether members are secrets, of which a diff tells only that they change.
    is_secret: ClassVar[bool] = False
    # (parent, members as they are now, one batch of changes) -> the members afterwards, as the platform returned them
    # or as read anew. After a lost response, or a refusal that another run may have caused, the kernel reads and
    # decides again.
    write: Callable[[Any, dict[Any, Member], list[Change]], dict[Any, Member]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.apply is Collection.apply and not hasattr(cls, "write"):
            raise TypeError(f"{cls.__name__} needs write or apply.")

    @classmethod
    def declares(cls, plan: Plan, params: JsonObject) -> set[Any]:
        """Nobody else can declare these members, unless a class says otherwise."""
        return set()

    @classmethod
    def deletes(cls, plan: Plan) -> set[Any]:
        return set()

    def parent(self) -> Any:
        """What the members belong to; may read, and raises when it does not exist."""
        return None

    def new_parent(self) -> Any:
        """What C(parent) will return of one that does not exist yet, UNKNOWN in place of what only it can tell."""
        return None

    @abstractmethod
    def read(self, parent: Any) -> dict[Any, Member]:
        """{key: member} of all existing members."""

    @property
    def declared(self) -> dict[Any, Member]:
        """{key: member} of those that the options declare."""
        return {}

    @property
    def absent(self) -> Keys[Any]:
        return self.params.get("absent") or ()

    @property
    def purge(self) -> bool:
        """Whether to remove all members that are not declared."""
        return bool(self.params.get("purge"))

    @property
    def protected(self) -> Keys[Any]:
        """The keys of members that purge does not remove."""
        return self.params.get("protect") or ()

    def differs(self, found: Member, wanted: Member) -> bool:
        return found != wanted

    def must_send(self, found: Member, wanted: Member) -> bool:
        """Whether to send a member without visible differences once in each run: a secret that cannot be read."""
        return False

    def after(self, found: Member | None, wanted: Member) -> Member:
        """The resulting member. found: None for a new one."""
        return wanted

    def batch(self, changes: list[Change]) -> list[Change]:
        """The changes that the next request sends."""
        return changes if self.is_whole else changes[:1]

    @abstractmethod
    def result(self, plan: Plan, members: dict[Any, Member]) -> JsonObject:
        """The result, of a prediction (members are plan.after) and of a real run."""

    def settle(self, plan: Plan, outcome: Any) -> JsonObject:
        """The result of a real run. outcome: what C(apply) returned."""
        return self.result(plan, outcome)

    def shown(self, change: Change) -> tuple[Any, Any]:
        if not self.is_secret:
            return super().shown(change)
        after = SECRET_AFTER if change.is_write else SECRET_BEFORE
        return None if change.action == "create" else SECRET_BEFORE, None if change.action == "delete" else after

    def not_applied(self, members: dict[Any, Member], changes: list[Change]) -> PaasError:
        """members: as they are. changes: accepted by the platform, and still due."""
        names = ", ".join(map(self.label, changes))
        return PaasError(
            f"{self.client_class.PLATFORM} accepted the changes of {names} but did not apply them.",
            code="not_applied",
        )

    # -- implementation
    # ---------------------------------------------------------------------------------------------------

    def decide(self, members: dict[Any, Member], sent: Keys[Any] = frozenset()) -> list[Change]:
        """A change for each member, in the order of the writes. sent: keys that this run has written."""
        changes = []
        for key, found in members.items():
            if key not in self.declared:
                is_unwanted = key in self.absent or self.purge and key not in self.protected
                changes.append(Change.delete(key, found) if is_unwanted else Change.keep(key, found))
                continue
            wanted = self.declared[key]
            is_due = self.differs(found, wanted) or key not in sent and self.must_send(found, wanted)
            changes.append(Change.update(key, found, self.after(found, wanted)) if is_due else Change.keep(key, found))
        changes += [
            Change.create(key, self.after(None, wanted)) for key, wanted in self.declared.items() if key not in members
        ]
        return sorted(changes, key=lambda change: (ORDER.index(change.action), str(change.key)))

    def plan(self) -> Plan:
        parent = self.parent()
        return Plan([Change.keep(None, parent), *self.decide(self.read(parent))])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.keep(None, self.new_parent()), *self.decide({})])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction(self.result(plan, plan.after))

    def diff(self, plan: Plan) -> Diff:
        return self.sides([change for change in plan.changes if change.key is not None and self._is_shown(change)])

    def _is_shown(self, change: Change) -> bool:
        """Members that the options do not name are not even counted, because a new parent can come with its own."""
        return change.is_write or change.key in self.declared or change.key in self.absent

    def carry_out(self, plan: Plan) -> JsonObject:
        return self.settle(plan, self.apply(plan))

    def due(self, members: dict[Any, Member], sent: Keys[Any] = frozenset()) -> list[Change]:
        """The changes that are left to be written."""
        return [change for change in self.decide(members, sent) if change.is_write]

    def apply(self, plan: Plan) -> Any:
        """Writes batch by batch until no changes are left; returns the final members."""
        sent: set[Any] = set()
        done: list[tuple[str, Any]] = []

        def due(members: dict[Any, Member]) -> list[Change]:
            return self.due(members, sent)

        def write(members: dict[Any, Member], changes: list[Change]) -> dict[Any, Member]:
            batch = self.batch(changes)
            if _names(batch) == done:
                # The response to the last write may be outdated.
                members = self.read(plan.parent)
                changes = due(members)
                if changes:
                    raise self.not_applied(members, changes)
                return members
            members = self.write(plan.parent, members, batch)
            done[:] = _names(batch)
            sent.update(change.key for change in batch)
            return members

        return write_until(plan.before, due, write, lambda: self.read(plan.parent), self.clock)

    @staticmethod
    def names(plan: Plan, members: Keys[str]) -> dict[str, list[str]]:
        """For a result: {added, changed, removed, names}, each a sorted list of keys. members: as they are then."""
        return {
            "added": plan.keys("create"),
            "changed": plan.keys("update"),
            "removed": plan.keys("delete"),
            "names": sorted(members),
        }

    @staticmethod
    def applied(members: dict[Any, Member], changes: list[Change]) -> dict[Any, Member]:
        """The members after the changes."""
        gone = {change.key for change in changes if change.action == "delete"}
        made = {change.key: change.after for change in changes if change.action != "delete"}
        return {**{key: member for key, member in members.items() if key not in gone}, **made}


def _names(changes: list[Change]) -> list[tuple[str, Any]]:
    return [(change.action, change.key) for change in changes]
