# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value that only the platform can tell, and has not told yet. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any


class _Unknown(str):
    """A text, so that it can stand wherever an id or a name stands, and equal to no other."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = str.__hash__


# In a prediction it becomes null, and its key one of unknown_until_applied.
UNKNOWN = _Unknown("(not known yet)")


def told(result: Any) -> tuple[Any, list[str]]:
    """(a result with null for what is unknown, the names of these keys, sorted).

    A key of the result itself or of the resource in it is named alone, one below that as "settings.key".
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
