# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages with opaque tokens.

fleek 4 [DOC]: nextToken, null at the end.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ..core.platform import Ground


class BadToken(ValueError):
    """A token that this list never gave."""


def page(ground: Ground, rows: list[Any], limit: int | None, token: str | None) -> tuple[list[Any], str | None]:
    """The rows (with an `id`) after those that the token stands for, and the next token. Raises BadToken."""
    start, pause = _read(rows, token)
    paging = ground.switches["fleek_paging"]
    if pause:
        return [], _token(rows[start - 1].id, False)
    end = start + (limit if limit and limit > 0 else max(1, int(ground.settings["fleek_page_size"])))
    following = _token(rows[end - 1].id, paging == "short_pages") if end < len(rows) else None
    if token and paging == "repeated_token":
        following = token
    return rows[start:end], following


def _token(after: str, pause: bool) -> str:
    """`pause`: the page of this token is an empty one."""
    return base64.b64encode(json.dumps({"after": after, "pause": pause}).encode()).decode()


def _read(rows: list[Any], token: str | None) -> tuple[int, bool]:
    """Where the page begins, and whether it is an empty one between two others."""
    if not token:
        return 0, False
    try:
        place = json.loads(base64.b64decode(token, validate=True))
        return [row.id for row in rows].index(place["after"]) + 1, place["pause"]
    except (ValueError, TypeError, KeyError) as error:
        raise BadToken("Invalid nextToken") from error
