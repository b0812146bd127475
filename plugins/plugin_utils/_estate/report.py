# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over an estate returns. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Outcome

ACTIONS = ("created", "updated", "deleted", "unchanged", "failed", "skipped")
# How many failures a message quotes; all of them are in the result.
QUOTED = 5
# How many entries that delete something.
LISTED = 20


def result_of(outcomes: Sequence[Outcome], want_diff: bool) -> JsonObject:
    outcomes = [outcome for outcome in outcomes if outcome.is_shown]
    counts = Counter(outcome.action for outcome in outcomes)
    failed = [outcome for outcome in outcomes if outcome.failed]
    result: JsonObject = {
        "changed": any(outcome.changed for outcome in outcomes),
        "resources": [_row(outcome) for outcome in outcomes],
        "counts": {"total": len(outcomes), **{action: counts[action] for action in ACTIONS}},
    }
    if want_diff:
        result["diff"] = list(_diffs(outcomes))
    if failed:
        result["failed"] = True
        result["error"] = failed[0].result.get("error") or {"code": "internal_error"}
        result["msg"] = failures(failed, len(outcomes))
    return result


def refusal(message: str, option: str | None = None) -> JsonObject:
    """The result of a run that changes nothing, since the entries or options are not valid. option: which one."""
    error = {"code": "invalid_input", **({"option": option} if option else {})}
    return {"failed": True, "msg": message, "changed": False, "error": error}


def failures(failed: Sequence[Outcome], total: int) -> str:
    lines = [f"{outcome.entry.place}: {outcome.result.get('msg')}" for outcome in failed[:QUOTED]]
    more = f" {len(failed) - QUOTED} more are in `resources`." if len(failed) > QUOTED else ""
    return f"{len(failed)} of {counted(total, 'resource')} failed. " + " ".join(lines) + more


def too_many_deletions(planned: Sequence[Outcome], limit: int) -> str | None:
    """Why nothing is done, None if the limit holds."""
    planned = [outcome for outcome in planned if outcome.is_shown]
    total = sum(outcome.deletions for outcome in planned)
    if total <= limit:
        return None
    whose = [f"{outcome.entry.place} ({outcome.deletions})" for outcome in planned if outcome.deletions]
    more = f" {len(whose) - LISTED} more are in `resources`." if len(whose) > LISTED else ""
    return (
        f"{counted(total, 'object')} would be deleted, and `max_deletions` is {limit}. Nothing was changed. Deletions: "
        f"{', '.join(whose[:LISTED])}.{more}"
    )


def _row(outcome: Outcome) -> JsonObject:
    entry = outcome.entry
    row = {
        "file": entry.raw.file,
        "line": entry.raw.line,
        "module": entry.raw.module,
        "name": entry.name,
        "action": outcome.action,
        "changed": outcome.changed,
    }
    if outcome.changed and outcome.result.get("diff"):
        row["diff"] = outcome.result["diff"]
    for key in ("msg", "error", "unknown_until_applied"):
        if outcome.result.get(key):
            row[key] = outcome.result[key]
    return row


def _diffs(outcomes: Sequence[Outcome]) -> Iterator[JsonObject]:
    """One for each resource that changes, under the place of its declaration."""
    for outcome in outcomes:
        diff = outcome.result.get("diff")
        if outcome.changed and diff:
            yield {**diff, "before_header": outcome.entry.place, "after_header": outcome.entry.place}
