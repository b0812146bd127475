# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of an estate, checked: which module, which resource, what it depends on. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import fnmatch
import functools
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import without_controls
from ansible_collections.webops.paas.plugins.module_utils._kernel.collection import Collection
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, perform
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError, Raw, named
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import CONNECTION, Options

MODULES = "ansible_collections.webops.paas.plugins.modules"
PLATFORMS = ("fleek", "flightcontrol", "hasura", "netlify")
# Modules without idempotence: each run repeats the operation.
TRIGGERS = frozenset(
    {
        "fleek_cache",
        "flightcontrol_deploy",
        "flightcontrol_environment",
        "flightcontrol_invalidation",
        "flightcontrol_job",
        "flightcontrol_preview_environment",
        "netlify_cache",
    }
)
# These run in the controller process themselves.
CONTROLLER_MODULES = frozenset({"apply", "export"})


@dataclass(frozen=True)
class Entry:
    """One resource that is declared. options: as given, templated. params: validated. no_log: secrets among them.

    needs: the numbers of the entries that must be done first. provider: the number of the entry that declares what
    this one belongs to, None where no entry does.
    """

    number: int
    raw: Raw
    definition: Module
    params: JsonObject = field(repr=False)
    no_log: frozenset[Any] = field(repr=False)
    warnings: tuple[str, ...] = ()
    provider: int | None = None
    needs: frozenset[int] = frozenset()
    # False: planned only to know what is declared.
    is_selected: bool = True
    # Not declared: deletes what nobody declares.
    is_purge: bool = False

    @property
    def platform(self) -> str:
        return platform_of(self.raw.module)

    @property
    def is_absent(self) -> bool:
        return self.params.get("state") == "absent"

    @property
    def connection(self) -> JsonObject:
        return {name: self.params[name] for name in CONNECTION if self.params.get(name) is not None}

    @property
    def stage(self) -> str:
        return str(self.definition.task.stage)

    @functools.cached_property
    def parents(self) -> list[str]:
        """The names by which it refers to what it belongs to."""
        return [str(self.params[name]) for name in self.definition.parents if self.params.get(name)]

    @property
    def references(self) -> set[str]:
        """The names of what it declares."""
        found: set[str] = self.definition.task.references(self.params)
        return found

    @property
    def roots(self) -> list[str]:
        """The names of what it belongs to, or its own if it belongs to nothing."""
        own = (self.params.get(name) for name in self.definition.task.named_by)
        return self.parents or [str(name) for name in own if name]

    @property
    def own_name(self) -> str:
        """The first of the options that name what it declares."""
        return next((str(self.params[name]) for name in self.definition.task.named_by if self.params.get(name)), "")

    @property
    def identity(self) -> tuple[Any, ...]:
        """What no two entries may have in common, once their providers are known: a site has several names."""
        task = self.definition.task
        names = list(task.named_by)
        if not issubclass(task, Collection) and not task.named_by:
            names = [name for name in self.params if name not in (*CONNECTION, *self.definition.parents)]
        parent = self.provider if self.provider is not None else [domains.normal(name) for name in self.parents]
        own = [(name, value) for name, value in task.named(self.params).items() if name in names and value is not None]
        return self.raw.module, repr(parent), repr(own)

    @property
    def name(self) -> str:
        """For people, on one line: the parent and the name below it. Platforms have names of purged objects."""
        return " ".join(without_controls(" ".join(self.names)).split()) or self.platform or "-"

    @property
    def names(self) -> list[str]:
        """The names of what it belongs to, and its own, without secrets."""
        spec = self.definition.spec["argument_spec"]
        shown = [name for name in self.definition.task.named_by if not spec[name].get("no_log")]
        own = [str(self.params[name]) for name in shown if self.params.get(name)]
        return list(dict.fromkeys([*self.parents, *own]))

    @property
    def place(self) -> str:
        """Where it is declared, and what it declares, for people."""
        return f"{self.raw.place} {self.raw.module} {self.name}"


def platform_of(module: str) -> str:
    """The platform of a module, an empty text if it has none."""
    found = module.partition("_")[0]
    return found if found in PLATFORMS else ""


def definition_of(raw: Raw) -> Module:
    """The module of an entry. Raises EstateError."""
    name = raw.module
    if not _is_module(name):
        raise EstateError([f"{raw.place}: {name!r} is not a module of this collection."])
    if name.endswith("_info"):
        raise EstateError([f"{raw.place}: {name} only reads, so it cannot be declared."])
    if name in TRIGGERS or name in CONTROLLER_MODULES:
        raise EstateError([f"{raw.place}: {name} is not idempotent, so it cannot be declared. Use it in a playbook."])
    found: Module = importlib.import_module(f"{MODULES}.{name}").MODULE
    return found


@functools.cache
def _is_module(name: str) -> bool:
    return name.isidentifier() and importlib.util.find_spec(f"{MODULES}.{name}") is not None


def declarable() -> dict[str, Module]:
    """{name: module} of all modules that can be declared."""
    package = importlib.import_module(MODULES)
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    found = {}
    for name in names:
        with contextlib.suppress(EstateError):
            found[name] = definition_of(Raw("", "", 0, name, {}))
    return found


def checked(
    raws: Sequence[Raw], options: Sequence[JsonObject], connections: Mapping[str, JsonObject], purge: Iterable[str]
) -> list[Entry]:
    """The entries with their options validated, as far as that is possible without a request.

    options: those of each entry, templated. connections: {platform: options of the connection}, which entries can
    override. purge: modules whose undeclared members are deleted. Raises EstateError with all that is wrong.
    """
    entries: list[Entry] = []
    faults: list[str] = []
    validation = Options(connections)
    for number, (raw, given) in enumerate(zip(raws, options, strict=True)):
        try:
            entries.append(_checked(number, raw, given, validation, purge))
        except EstateError as error:
            faults += error.faults
    if faults:
        raise EstateError(faults)
    return entries


def check_for_duplicates(entries: Sequence[Entry]) -> None:
    """Also for entries that belong to what another one deletes. entries: with their providers. Raises EstateError."""
    first: dict[tuple[Any, ...], Entry] = {}
    faults = []
    for entry in entries:
        other = first.setdefault(entry.identity, entry)
        if other is not entry:
            faults.append(
                f"{entry.raw.place}: {entry.raw.module} {entry.name} is declared twice, first in {other.raw.place}."
            )
        provider = None if entry.provider is None else entries[entry.provider]
        if provider and provider.is_absent and not entry.is_absent:
            faults.append(
                f"{entry.place} belongs to {provider.raw.module} {provider.name}, which "
                f"{provider.raw.place} declares absent."
            )
    if faults:
        raise EstateError(faults)


def _checked(number: int, raw: Raw, given: JsonObject, options: Options, purge: Iterable[str]) -> Entry:
    definition = definition_of(raw)
    given = {"purge": True, **given} if raw.module in purge and "purge" in definition.spec["argument_spec"] else given
    params, no_log = options.validated(raw, platform_of(raw.module), definition, given)
    warnings: list[str] = []
    result = perform(definition, params, check_mode=True, want_diff=False, warn=warnings.append, only_check=True)
    if result.get("failed"):
        raise EstateError([f"{raw.place}: {raw.module}: {result['msg']}"])
    return Entry(number, raw, definition, params, no_log, tuple(warnings))


def checked_one(raw: Raw, given: JsonObject) -> Entry:
    return _checked(0, raw, given, Options({}), ())


def chosen(entries: Sequence[Entry], only: Mapping[str, Sequence[str]]) -> list[Entry]:
    """The entries that the option C(only) selects: all its lists must match, one item of each is enough."""
    kinds = set(map(named, only.get("kinds") or ()))
    return [
        entry
        for entry in entries
        if (not only.get("platforms") or entry.platform in only["platforms"])
        and (not kinds or entry.raw.module in kinds)
        and (
            not only.get("names")
            or any(fnmatch.fnmatchcase(name, pattern) for name in entry.names for pattern in only["names"])
        )
    ]
