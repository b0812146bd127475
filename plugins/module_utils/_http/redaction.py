# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepares texts of platforms for messages: masks secrets, removes control characters, shortens long texts. PRIVATE to
the collection.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Set
from typing import Any, overload

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK

# Secrets that are masked in quotations only and are shorter than this (1, eu) are masked as whole words.
LONG_ENOUGH_ANYWHERE = 4
# Maximum length of quotations of a platform in messages.
QUOTED_CHARACTERS = 500

LINE_END = re.compile(r"\r\n?")
# What a terminal interprets instead of showing it: colors, moves of the cursor, titles and links (ECMA-48), single
# control characters but for newline and tab, other line separators, and what changes the direction of text (Unicode UAX
# 9). And halves of surrogate pairs, which cannot be printed.
CONTROLS = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def without_controls(text: str) -> str:
    """The text without terminal control sequences; newlines and tabs are kept."""
    return CONTROLS.sub("", LINE_END.sub("\n", text))


def shortened(text: str, longest: int = QUOTED_CHARACTERS) -> str:
    """The text on one line, shortened. Mask secrets before: a part of a secret is a secret too."""
    return text if len(text) <= longest else text[:longest] + " [...]"


class Redactor:
    """Removes control characters from texts, and replaces secrets, also where a server echoes them quoted, escaped or
    percent-encoded.
    """

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._quoted_secrets: frozenset[str] = frozenset()
        # Each with the secrets that it is made of. Most tasks say nothing, so it is made when it is needed.
        self._pattern: tuple[frozenset[str], re.Pattern[str] | None] = (frozenset(), None)
        self._quoted_pattern: tuple[frozenset[str], frozenset[str], re.Pattern[str] | None] = (
            frozenset(),
            frozenset(),
            None,
        )

    def add(self, *secrets: object) -> None:
        """White space around a secret is removed; values that are not strings, or are empty, are skipped."""
        self._secrets |= _bare(secrets)

    def add_quoted(self, *secrets: object) -> None:
        """Secrets that can be any text (true, 1, production). They are masked in quotations of a platform, but not in
        the collection's own messages.
        """
        self._quoted_secrets |= _bare(secrets)

    @overload
    def clean(self, value: str) -> str:
        """A text stays a text."""

    @overload
    def clean(self, value: Any) -> Any:
        """Anything else keeps its form."""

    def clean(self, value: Any) -> Any:
        """value: text, or a list or dict of texts; numbers and booleans are not changed."""
        secrets, pattern = self._pattern
        if secrets is not self._secrets:
            secrets = self._secrets
            pattern = _pattern_of(secrets)
            self._pattern = (secrets, pattern)
        return _replaced(pattern, value)

    @overload
    def clean_quote(self, value: str) -> str:
        """A text stays a text."""

    @overload
    def clean_quote(self, value: Any) -> Any:
        """Anything else keeps its form."""

    def clean_quote(self, value: Any) -> Any:
        """The same for quotations of a platform: the text of an error, a build log."""
        secrets, quoted, pattern = self._quoted_pattern
        if secrets is not self._secrets or quoted is not self._quoted_secrets:
            secrets, quoted = self._secrets, self._quoted_secrets
            pattern = _pattern_of(secrets | quoted, secrets)
            self._quoted_pattern = (secrets, quoted, pattern)
        return _replaced(pattern, value)


def _replaced(pattern: re.Pattern[str] | None, value: Any) -> Any:
    if isinstance(value, str):
        masked = pattern.sub(MASK, value) if pattern else value
        shown = without_controls(masked)
        # They may have been inside a secret.
        return pattern.sub(MASK, shown) if pattern and shown != masked else shown
    if isinstance(value, dict):
        return {_replaced(pattern, key): _replaced(pattern, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(pattern, item) for item in value]
    return value


def _pattern_of(secrets: Set[str], anywhere: Set[str] | None = None) -> re.Pattern[str] | None:
    """anywhere: the secrets that are also masked inside words, regardless of their length; default all."""
    longest_first = sorted(secrets, key=lambda secret: (-len(secret), secret))
    patterns = []
    for secret in longest_first:
        pattern = "".join(map(_spellings, secret))
        is_short = anywhere is not None and secret not in anywhere and len(secret) < LONG_ENOUGH_ANYWHERE
        patterns.append(rf"(?<![^\W_]){pattern}(?![^\W_])" if is_short else pattern)
    return re.compile("|".join(patterns)) if patterns else None


def _bare(secrets: Iterable[object]) -> set[str]:
    return {secret.strip() for secret in secrets if isinstance(secret, str) and secret.strip()}


@functools.lru_cache(maxsize=1024)
def _spellings(character: str) -> str:
    """A pattern of the ways in which servers and Python encode a character: JSON, repr, URL (also twice), HTML."""
    if character.isascii() and character.isalnum():
        return character
    # Imported here, since hardly any task quotes anything.
    import html

    number = ord(character)
    units = character.encode("utf-16-be", "surrogatepass")
    in_url = [f"{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")]
    ways = {
        re.escape(character),
        r"\\" + re.escape(character),
        re.escape(html.escape(character)),
        re.escape(repr(character)[1:-1]),
        re.escape(ascii(character)[1:-1]),
        re.escape(json.dumps(character)[1:-1]),
        "(?i:" + "".join(f"%(?:25)?{byte}" for byte in in_url) + ")",
        "(?i:" + "".join(rf"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + ")",
        f"(?i:&#(?:0*{number}|x0*{number:x});)",
    }
    if character == " ":
        ways.add(r"\+")
    return "(?:" + "|".join(sorted(ways, key=len, reverse=True)) + ")"
