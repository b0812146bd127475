# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order the entries of an estate are applied. PRIVATE to the collection.

What others belong to comes first (zone, site, tenant), then what belongs to it, deploys after that and checks last.
What is to be deleted follows in the reverse order, since nothing live is deleted before its successor exists.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.plugin_utils._estate.entries import Entry

RANK = {"state": 1, "deploy": 2, "check": 3}


def ordered(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, renumbered, each with its provider and what it needs."""
    entries = [dataclasses.replace(entry, number=number) for number, entry in enumerate(entries)]
    providers = _providers(entries)
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    linked = []
    for entry in entries:
        fitting = [other for name in entry.parents for other in providers[_address(entry, name)] if _fits(entry, other)]
        # Two entries may have a name in common, of which one is to give it up.
        staying = [other for other in fitting if not other.is_absent]
        entry = dataclasses.replace(entry, provider=next((other.number for other in staying or fitting), None))
        linked.append(entry)
        groups[_group(entry)].append(entry)
    return [dataclasses.replace(entry, needs=frozenset(_needs(entry, linked, groups))) for entry in linked]


def renumbered(entries: Sequence[Entry]) -> list[Entry]:
    """Some of the entries that C(ordered) returned, by their places among these."""
    places: dict[int | None, int] = {entry.number: place for place, entry in enumerate(entries)}
    return [
        dataclasses.replace(
            entry,
            number=place,
            provider=places.get(entry.provider),
            needs=frozenset(places[number] for number in entry.needs if number in places),
        )
        for place, entry in enumerate(entries)
    ]


def _providers(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """{(platform, normal form of a name): the entries that declare it}, of which the last one counts."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.parents:
            for name in entry.references:
                found[_address(entry, name)].insert(0, entry)
    return found


def _address(entry: Entry, name: str) -> tuple[str, str]:
    """Where a name has to be looked up: platforms have names of their own, domain names have several spellings."""
    return entry.platform, domains.normal(name)


def _fits(entry: Entry, provider: Entry) -> bool:
    """A site and a zone can have the same name."""
    members, key = entry.definition.task.members, getattr(provider.definition.task, "key", None)
    if members is not None and members.of is not None:
        return bool(key == members.of)
    return key in entry.definition.parents or not {"site", "zone"} & set(entry.definition.parents)


def _group(entry: Entry) -> tuple[str, str]:
    """What the entry is about: something that is declared, or a name."""
    if not entry.parents:
        return entry.platform, f"entry {entry.number}"
    if entry.provider is not None:
        return entry.platform, f"entry {entry.provider}"
    return _address(entry, entry.parents[0])


def _needs(entry: Entry, entries: Sequence[Entry], groups: dict[tuple[str, str], list[Entry]]) -> Iterable[int]:
    own = [other for other in groups[_group(entry)] if other.number != entry.number]
    if entry.is_absent:
        # Everything that stays or comes, and of the same group what goes before this does.
        yield from (other.number for other in entries if not other.is_absent and other.stage != "check")
        for other in own:
            follows = entry.definition.task.in_turn and other.number < entry.number and _depth(other) == _depth(entry)
            if other.is_absent and (follows or _depth(other) > _depth(entry)):
                yield other.number
        return
    if entry.stage == "check":
        yield from (other.number for other in entries if other.stage != "check")
        return
    for other in own:
        is_earlier_deploy = other.stage == entry.stage == "deploy" and other.number < entry.number
        if not other.is_absent and (_depth(other) < _depth(entry) or is_earlier_deploy):
            yield other.number


def _depth(entry: Entry) -> int:
    return RANK[entry.stage] if entry.parents else 0
