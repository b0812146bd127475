# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of received requests, with which tests prove what was sent and what was not."""

from __future__ import annotations

import json
import urllib.parse
from collections import deque
from collections.abc import Iterator
from typing import Any

KEPT = 100_000


class Entry:
    """One request. Kept raw and made readable only when asked for: most entries are never looked at."""

    __slots__ = (
        "id",
        "platform",
        "operation",
        "method",
        "path",
        "query",
        "headers",
        "moment",
        "content",
        "body_size",
        "status",
        "write",
        "fault",
        "processed",
    )

    def __init__(self, number: int, platform: str, scope: Any, moment: float) -> None:
        self.id = number
        self.platform = platform
        self.operation = ""
        self.method: str = scope["method"]
        self.path: bytes = scope["raw_path"]
        self.query: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.moment = moment
        self.content = b""
        self.body_size = 0
        self.status: int | None = None
        self.write = False
        self.fault: str | None = None
        self.processed = False

    def describe(self) -> dict[str, Any]:
        """The entry as JSON data, without the caller's token."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        query = dict(urllib.parse.parse_qsl(self.query.decode("latin-1"), keep_blank_values=True))
        for secrets in (headers, query):
            for name in ("authorization", "access_token", "cookie"):
                if name in secrets:
                    secrets[name] = "<redacted>"
        return {
            "id": self.id,
            "platform": self.platform,
            "operation": self.operation,
            "method": self.method,
            "path": self.path.decode("latin-1"),
            "query": query,
            "headers": headers,
            "time": self.moment,
            "json": self._json(headers),
            "body_size": self.body_size,
            "status": self.status,
            "write": self.write,
            "fault": self.fault,
            "processed": self.processed,
        }

    def _json(self, headers: dict[str, str]) -> Any:
        if "json" not in headers.get("content-type", "") or not self.content:
            return None
        try:
            return json.loads(self.content)
        except ValueError:
            return None


class RequestLog:
    """The newest requests, numbered from 1 since the start or the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.last = 0
        self.clear()

    def clear(self) -> None:
        """Forget the entries; the numbering goes on."""
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def open(self, platform: str, scope: Any, moment: float) -> Entry:
        """Operation and write are set later, once they are known."""
        self.last += 1
        entry = Entry(self.last, platform, scope, moment)
        self._entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        return [entry for entry in self._entries if entry.id > number]

    def newest(self) -> Iterator[Entry]:
        return reversed(self._entries)
