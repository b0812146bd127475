# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an estate does not declare and is asked to delete, as entries. PRIVATE to the collection.

The class of a kind says how its objects are found (C(Task.members)). Which of them are declared is read from the plans
of the entries, so nothing is compared a second time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine, Outcome
from ansible_collections.webops.paas.plugins.plugin_utils._estate.entries import Entry, platform_of
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError, named

Kinds = Mapping[str, Module]


def kinds_of(purge: Sequence[str]) -> dict[str, Module]:
    """{name: module} of the option C(purge). Raises EstateError for modules whose objects cannot be purged."""
    if not purge:
        return {}
    possible = {name: module for name, module in entries.declarable().items() if module.task.members is not None}
    for name in map(named, purge):
        if name not in possible:
            raise EstateError([f"`purge` has {name!r}. Supported are {', '.join(sorted(possible))}."], "purge")
    return {name: possible[name] for name in map(named, purge)}


def with_context(declared: Sequence[Entry], selected: Sequence[Entry], kinds: Kinds) -> list[Entry]:
    """The selected entries, and those that have to be planned too because they tell what is declared.

    Raises EstateError if no entry names the team that is purged.
    """
    for name, module in kinds.items():
        option = module.task.members.option
        if option and module.task.members.of is None and not any(_teams(declared, name, option)):
            raise EstateError(
                [f"`purge` has {name}, which requires an entry of {name} that names its team with `{option}`."], "purge"
            )
    clients = {module.client for module in kinds.values()}
    parents = {(platform_of(name), module.task.members.of) for name, module in kinds.items()}
    numbers = {entry.number for entry in selected}
    return [
        dataclasses.replace(entry, is_selected=entry.number in numbers)
        for entry in declared
        if entry.number in numbers or entry.definition.client in clients or _parent_key(entry) in parents
    ]


def planned(
    engine: Engine, declared: Sequence[Entry], kinds: Kinds, only: Mapping[str, Sequence[str]]
) -> list[Outcome]:
    """The plan of the engine's entries and of what is purged. declared: all entries of the estate. only: see chosen.

    Raises EstateError if entries contradict one another, or if what exists cannot be read.
    """

    def undeclared(outcomes: Sequence[Outcome]) -> list[Entry]:
        purge = Purge(engine, outcomes, declared)
        faults = purge.contradictions()
        if faults:
            raise EstateError(faults, "purge" if kinds else None)
        return entries.chosen(purge.entries(kinds), only)

    return engine.plan(undeclared)


def _contradiction(entry: Entry, other: Entry) -> str:
    return f"{entry.place} would delete what {other.place} declares."


def _parent_key(entry: Entry) -> tuple[str, str | None]:
    """(platform, C(key) of the class): C(Members.of) has the second."""
    return entry.platform, getattr(entry.definition.task, "key", None)


def _teams(declared: Sequence[Entry], kind: str, option: str) -> Iterator[tuple[str, Entry]]:
    for entry in declared:
        if entry.raw.module == kind and not entry.is_absent and entry.params.get(option):
            yield entry.params[option], entry


@dataclasses.dataclass(frozen=True)
class Scope:
    """Where undeclared members are looked for. id: None for a team and for an account. name: the value of the option
    that names it. entry: one that declares it or belongs to it.
    """

    id: Any
    name: str | None
    entry: Entry


class Purge:
    """outcomes: of entries that were planned, none of which failed. declared: all entries of the estate."""

    def __init__(self, engine: Engine, outcomes: Sequence[Outcome], declared: Sequence[Entry]) -> None:
        self.engine = engine
        self.outcomes = outcomes
        self.referred = {domains.normal(name) for entry in declared for name in entry.roots}
        self.handled = {pair for outcome in outcomes for pair in self._pairs(outcome, outcome.handled)}

    def entries(self, kinds: Kinds) -> list[Entry]:
        """The entries that delete what is not declared. Raises EstateError if it cannot be read."""
        found: list[Entry] = []
        try:
            for name, module in kinds.items():
                for scope in self._scopes(name, module.task.members):
                    found += self._undeclared(name, module, scope)
        except PaasError as error:
            raise EstateError([f"`purge` cannot read what exists. {error.message}"], "purge") from None
        return found

    def contradictions(self) -> list[str]:
        """Sentences about entries that would delete what others declare."""
        by = {
            pair: outcome.entry
            for outcome in self.outcomes
            for pair in self._pairs(outcome, outcome.handled - outcome.deleted)
        }
        found: dict[str, None] = {}
        for outcome in self.outcomes:
            for pair in self._pairs(outcome, outcome.deleted):
                other = by.get(pair, outcome.entry)
                if other.number != outcome.entry.number:
                    found[_contradiction(outcome.entry, other)] = None
        found.update((_contradiction(purge, entry), None) for purge, entry in self._created_in_vain())
        return list(found)

    def _created_in_vain(self) -> Iterator[tuple[Entry, Entry]]:
        """(an entry with the option purge, one that creates what the next run would purge because of it)."""
        created = [
            outcome.entry
            for outcome in self.outcomes
            if outcome.action == "created" and getattr(outcome.entry.definition.task.members, "of", None)
        ]
        clients = {entry.definition.client for entry in created if not entry.params.get("purge")}
        purging = {
            self._whereabouts(entry): entry
            for entry in (outcome.entry for outcome in self.outcomes)
            if entry.params.get("purge") and entry.definition.client in clients
        }
        for entry in created if purging else ():
            purge = purging.get(self._whereabouts(entry), entry)
            if not entry.references <= purge.references:
                yield purge, entry

    def _whereabouts(self, entry: Entry) -> tuple[Any, ...]:
        """What is the same for entries of the same kind of objects below the same parent."""
        return entry.definition.client, entry.provider, None if entry.provider is not None else self._scope_id(entry)

    def _pairs(self, outcome: Outcome, ids: frozenset[Any]) -> Iterator[tuple[Any, ...]]:
        """What is the same for all entries about the same object: IDs of snippets are not unique by themselves."""
        if ids:
            scope = self._scope_id(outcome.entry)
            yield from ((outcome.entry.definition.client, scope, each) for each in ids)

    def _scope_id(self, entry: Entry) -> Any:
        """The ID of what the entry belongs to; None for a team, and for what does not exist yet."""
        members: Members | None = entry.definition.task.members
        if members is None or members.identify is None or members.option is None:
            return None
        if entry.provider is not None:
            return next(iter(self.outcomes[entry.provider].handled), None)
        identify, reference = members.identify, entry.params.get(members.option)
        return self.engine.ask(entry, lambda client: identify(client, reference)) if reference else None

    def _scopes(self, kind: str, members: Members) -> list[Scope]:
        """Teams that entries of the kind name, what is declared, and what entries of the kind belong to."""
        present = [outcome.entry for outcome in self.outcomes if not outcome.entry.is_absent]
        own = [entry for entry in present if entry.raw.module == kind]
        if members.of is None:
            if members.option:
                teams = dict(_teams(own, kind, members.option))
                return [Scope(None, team, entry) for team, entry in sorted(teams.items(), key=lambda item: item[0])]
            return [Scope(None, None, own[0])] if own and members.listed else []
        found: dict[Any, Scope] = {}
        for outcome in self.outcomes:
            entry = outcome.entry
            if _parent_key(entry) == (platform_of(kind), members.of) and not entry.is_absent:
                found.update((each, Scope(each, entry.own_name, entry)) for each in outcome.handled)
        for entry in own:
            scope = self._scope_id(entry)
            if members.listed is None:
                # Its option purge does it.
                found.pop(scope, None)
            elif scope is not None:
                found.setdefault(scope, Scope(scope, str(entry.params[members.option or ""]), entry))
        return list(found.values())

    def _undeclared(self, kind: str, module: Module, scope: Scope) -> Iterator[Entry]:
        members: Members = module.task.members
        options: JsonObject = {members.option: scope.name} if members.option else {}
        if members.listed is None:
            if members.empty is not None:
                yield self._entry(kind, scope, {**options, **members.empty, "purge": True})
            return
        listed = members.listed
        found = self.engine.ask(scope.entry, lambda client: list(listed(client, scope.name)), module)
        # Platforms list in any order.
        for member in found if module.task.in_turn else sorted(found, key=lambda member: str(member.options)):
            is_referred = {domains.normal(str(name)) for name in member.names} & self.referred
            if not is_referred and (module.client, scope.id, member.id) not in self.handled:
                yield self._entry(kind, scope, {**options, **member.options, "state": "absent"})

    @staticmethod
    def _entry(kind: str, scope: Scope, options: JsonObject) -> Entry:
        raw = dataclasses.replace(scope.entry.raw, module=kind, options=options)
        return dataclasses.replace(entries.checked_one(raw, {**scope.entry.connection, **options}), is_purge=True)
