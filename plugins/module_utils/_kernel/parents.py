# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suboptions that refer to objects that another task creates. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject


def parents_below(options: JsonObject) -> dict[str, list[str]]:
    """{option that is a list of dicts: its suboptions with C(parent)}, for options with such suboptions."""
    found = {
        name: [below for below, entry in (option.get("options") or {}).items() if entry.get("parent")]
        for name, option in options.items()
        if option.get("elements") == "dict"
    }
    return {name: below for name, below in found.items() if below}


def replaced_below(params: JsonObject, below: dict[str, list[str]], old: str | None, new: str) -> JsonObject:
    """The options, with other values of these suboptions. below: the result of C(parents_below)."""

    def replaced(entry: Any, names: list[str]) -> Any:
        if not isinstance(entry, dict):
            return entry
        return {**entry, **{name: new for name in names if name in entry and entry[name] == old}}

    found = dict(params)
    for option, names in below.items():
        if isinstance(params.get(option), list):
            found[option] = [replaced(entry, names) for entry in params[option]]
    return found
