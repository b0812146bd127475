# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run over an estate, from its entries to a result. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._kernel.options import hidden
from ansible_collections.webops.paas.plugins.plugin_utils._door import as_received
from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, order, purging, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine, Outcome
from ansible_collections.webops.paas.plugins.plugin_utils._estate.entries import Entry
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError, Raw

# A value of a variable can be any text (1, true, production). In what other entries show it is masked if it has at
# least this many characters and is not a word.
LENGTH_OF_SECRETS = 8


def run(
    raws: Sequence[Raw],
    options: Sequence[JsonObject],
    params: JsonObject,
    *,
    check_mode: bool,
    want_diff: bool,
    progress: Callable[[str], None] | None = None,
    clock: Clock | None = None,
    observe: Callable[[Sequence[Outcome]], object] | None = None,
) -> JsonObject:
    """Checks, plans and applies the entries; returns the result.

    options: those of each entry, templated. params: the validated options of the module apply. observe: called with the
    plan before it is carried out. Raises EstateError before the first write.
    """
    kinds, only = purging.kinds_of(params["purge"] or ()), params["only"] or {}
    declared = order.ordered(entries.checked(raws, options, params["connections"] or {}, kinds))
    entries.check_for_duplicates(declared)
    selected = entries.chosen(declared, only)
    if declared and not selected:
        raise EstateError(["`only` selects none of the entries."], "only")
    engine = Engine(
        order.renumbered(purging.with_context(declared, selected, kinds)),
        masking(declared),
        concurrency=params["concurrency"],
        keep_going=params["on_error"] == "continue",
        want_diff=want_diff,
        progress=progress,
        clock=clock,
    )
    outcomes = purging.planned(engine, declared, kinds, only)
    if observe:
        observe(outcomes)
    is_planned = not any(outcome.failed for outcome in outcomes)
    reason = report.too_many_deletions(outcomes, params["max_deletions"]) if is_planned else None
    if is_planned and not reason and not check_mode:
        outcomes = engine.apply(outcomes)
    elif not check_mode:
        outcomes = [outcome.not_carried_out() for outcome in outcomes]
    result = report.result_of(outcomes, want_diff)
    if reason:
        result.update(report.refusal(reason, "max_deletions"))
    elif not is_planned:
        result.update(changed=False, msg=f"Nothing was changed, since the plan is not complete: {result['msg']}")
    warnings = [
        f"{outcome.entry.raw.place}: {warning}"
        for outcome in outcomes
        for warning in dict.fromkeys([*outcome.entry.warnings, *outcome.warnings])
    ]
    return {**result, **({"warnings": warnings} if warnings else {})}


def masking(declared: Iterable[Entry]) -> Callable[[Entry, JsonObject], JsonObject]:
    """A function that masks the secrets of all entries in the result of one: another one can have them as content."""
    common: set[Any] = set()
    for entry in declared:
        common |= _masked_everywhere(entry)
        for name, by_place in entry.definition.masked.items():
            common.update(filter(_is_distinctive, hidden(entry.params.get(name), by_place(entry.params.get(name)))))

    def mask(entry: Entry, result: JsonObject) -> JsonObject:
        return as_received(result, common | _masked_everywhere(entry))

    return mask


def _masked_everywhere(entry: Entry) -> set[Any]:
    return entry.definition.looked_for(entry.params, set(entry.no_log))


def _is_distinctive(value: object) -> bool:
    return isinstance(value, str) and len(value) >= LENGTH_OF_SECRETS and not value.isalpha()
