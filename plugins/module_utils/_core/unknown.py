# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value that only the platform can determine, and that is not known yet. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any


class _Unknown(str):
    """A string, so that it can replace an ID or a name; it is not equal to any other string."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = str.__hash__


# In a prediction it becomes null, and its key is listed in unknown_until_applied.
UNKNOWN = _Unknown("(not known yet)")


def as_before(after: Any, before: Any) -> Any:
    """A state with what was there before in place of UNKNOWN, so that a diff does not show it as changed."""
    if isinstance(after, dict) and isinstance(before, dict):
        return {key: as_before(value, before.get(key)) for key, value in after.items()}
    return before if after is UNKNOWN and before is not None else after


def told(result: Any) -> tuple[Any, list[str]]:
    """(a result with null for what is unknown, the names of these keys, sorted).

    Keys of the result and of the resource in it are listed by name, deeper ones as "settings.key".
    """
    names: set[str] = set()

    def plain(value: Any, path: tuple[str, ...]) -> Any:
        if value is UNKNOWN:
            names.add(".".join(path[1:] or path))
            return None
        if isinstance(value, dict):
            return {key: plain(item, (*path, str(key))) for key, item in value.items()}
        return [plain(item, path) for item in value] if isinstance(value, list) else value

    plain_result = plain(result, ())
    return plain_result, sorted(names)
