# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a task, as data. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN

__all__ = ["ORDER", "UNKNOWN", "Action", "Change", "Diff", "Plan", "Prediction", "cached_property"]

Action = Literal["create", "update", "delete", "keep"]
ORDER: tuple[Action, ...] = ("create", "update", "delete", "keep")


@dataclass(frozen=True)
class Change:
    """A change of one object; create it with C(create), C(update), C(delete) or C(keep).

    key: identifies the object within the task. The key None is the parent of the others (the site of snippets).
    before, after: its states, as far as C(apply) and the result need them; None if the object does not exist. C(to) and
    C(of_file) find out which. C(keep) changes nothing: it records what was read, for the result, the diff and C(apply).
    """

    action: Action
    key: Any
    before: Any = None
    after: Any = None

    @classmethod
    def create(cls, key: Any, after: Any) -> Change:
        return cls("create", key, None, after)

    @classmethod
    def update(cls, key: Any, before: Any, after: Any) -> Change:
        return cls("update", key, before, after)

    @classmethod
    def delete(cls, key: Any, before: Any) -> Change:
        return cls("delete", key, before, None)

    @classmethod
    def keep(cls, key: Any, state: Any) -> Change:
        return cls("keep", key, state, state)

    @classmethod
    def to(cls, key: Any, before: Any, after: Any) -> Change:
        """The change between two states, if they differ. before: None if the object does not exist."""
        if before == after:
            return cls.keep(key, after)
        return cls.create(key, after) if before is None else cls.update(key, before, after)

    @classmethod
    def of_file(cls, option: str, path: str, file: JsonObject) -> Change:
        """The change of a local file, which is {"sha1"} now. file: its state afterwards, {"sha1"} and more."""
        # Imported here, since most tasks have no files.
        from ansible_collections.webops.paas.plugins.module_utils._core.files import digest

        here = digest(option, path)
        if here is None:
            return cls.create(path, file)
        return cls.keep(path, file) if here == file["sha1"] else cls.update(path, {"sha1": here}, file)

    @property
    def is_write(self) -> bool:
        return self.action != "keep"


class Plan:
    """The changes, in the order of their writes, and a job to join.

    join: a job in progress that this run waits for (a running deploy, a pending certificate), or None.
    """

    def __init__(self, changes: Iterable[Change] = (), join: Any = None) -> None:
        self.changes = tuple(changes)
        self.join = join

    @property
    def writes(self) -> list[Change]:
        return [change for change in self.changes if change.is_write]

    @property
    def changed(self) -> bool:
        return bool(self.writes)

    @property
    def parent(self) -> Any:
        """The parent of the objects: the state with the key None."""
        return next((change.after for change in self.changes if change.key is None), None)

    @property
    def before(self) -> dict[Any, Any]:
        """{key: state} of the existing objects, without the parent."""
        return {
            change.key: change.before for change in self.changes if change.key is not None and change.action != "create"
        }

    @property
    def after(self) -> dict[Any, Any]:
        """{key: state} of the objects after the changes, without the parent."""
        return {
            change.key: change.after for change in self.changes if change.key is not None and change.action != "delete"
        }

    def keys(self, action: Action) -> list[Any]:
        """The keys of all changes with that action, in the plan's order."""
        return [change.key for change in self.changes if change.action == action]


@dataclass(frozen=True)
class Prediction:
    """The result of check mode.

    result: the predicted result, with null for values that only the real run can determine. unknown: the names of those
    keys, for C(unknown_until_applied), possibly including "changed". doubts: warnings if the platform cannot be read.
    """

    result: JsonObject
    unknown: Iterable[str] = ()
    doubts: Iterable[str] = ()


@dataclass(frozen=True)
class Diff:
    """The two sides of Ansible's diff, secrets masked."""

    before: JsonObject
    after: JsonObject
