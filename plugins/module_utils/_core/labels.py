# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the items of lists, by which two versions of a list are compared. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

LABELS = (
    "name",
    "role",
    "role_name",
    "table",
    "function",
    "stored_procedure",
    "root_field_name",
    "type_name",
    "collection",
    "value",
)


def label(item: Any) -> str | None:
    """The label of an item of a list: its name, that of its table, or similar."""
    found = labelling(item)
    return found and found[1]


def labelling(item: Any) -> tuple[str, str] | None:
    """(the key that has the label, the label)."""
    if not isinstance(item, dict):
        return None
    for key in LABELS:
        name = item.get(key)
        if isinstance(name, str):
            return key, name
        if isinstance(name, list) and key != "value":
            return key, ".".join(map(str, name))
        if isinstance(name, dict) and isinstance(name.get("name"), str):
            return key, f"{name.get('schema') or name.get('dataset') or ''}.{name['name']}".lstrip(".")
    return None


def labelled(items: Any) -> dict[str, Any] | None:
    """{label: item} of a list; None if the labels are not unique."""
    if not isinstance(items, list):
        return None
    found = {name: item for item in items if (name := label(item)) is not None}
    return found if len(found) == len(items) else None
