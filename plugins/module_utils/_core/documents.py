# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON in which no key appears twice: the standard parser silently drops the first value. PRIVATE to the collection."""

from __future__ import annotations

import json
from json import decoder, scanner
from typing import Any


class DuplicateKey(ValueError):
    """lineno: the line in which the object with that key begins."""

    def __init__(self, key: str, lineno: int) -> None:
        super().__init__(f"the key {key!r} appears twice")
        self.key = key
        self.lineno = lineno


class _Decoder(json.JSONDecoder):
    """In Python alone, since the C parser does not tell where an object begins."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_object = self._object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # not in typeshed

    def _object(
        self, text_and_end: tuple[str, int], strict: bool, scan: Any, _hook: Any, _pairs: Any, memo: Any
    ) -> Any:
        text, start = text_and_end

        def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for key, value in pairs:
                if key in found:
                    raise DuplicateKey(key, text.count("\n", 0, start) + 1)
                found[key] = value
            return found

        # Nor is this.
        return decoder.JSONObject(text_and_end, strict, scan, None, unique, memo)  # type: ignore[attr-defined]


def parse_json(text: str) -> Any:
    """Raises json.JSONDecodeError and DuplicateKey, both ValueErrors with a lineno, and RecursionError."""
    return _Decoder().decode(text)
