# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the files of redirect rules and of header rules have in common.

fact: netlify 13 [P]: a rule with an error is left out, and all others apply; of equal rules the last one is kept
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

# A table as netlify.toml has it.
Table = dict[str, Any]

# White space as the vendor's parsers see it: that of JavaScript, which has a byte order mark and no separators.
WHITE = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
COMMAS = re.compile(f"[{WHITE}]*,[{WHITE}]*")
COMMENT = "#"
SCHEMES = ("http://", "https://")


class RuleError(ValueError):
    """A rule cannot be understood."""


@dataclass(frozen=True)
class Rules:
    """Rules in the order in which they apply, and the errors of those that were left out."""

    rules: list[Table] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def take(self, where: str, parse: Callable[[Any], Table | None], source: Any) -> None:
        """Add the rule that `parse` returns for a source; it can also return None."""
        try:
            rule = parse(source)
        except RuleError as error:
            self.errors.append(f"{where}: {error}")
            return
        if rule is not None:
            self.rules.append(rule)

    def take_tables(self, config: str | None, name: str, parse: Callable[[Any], Table | None]) -> None:
        """Add the tables [[name]] of a netlify.toml."""
        try:
            tables = _tables(config, name)
        except RuleError as error:
            self.errors.append(f"netlify.toml: {error}")
            return
        for number, table in enumerate(tables, 1):
            self.take(f"netlify.toml, [[{name}]] number {number}", parse, table)

    def distinct(self) -> Rules:
        """The same without repeated rules; the last one of equal rules stays in its place."""
        unique = {json.dumps(rule, sort_keys=True, default=str): rule for rule in reversed(self.rules)}
        return Rules(list(unique.values())[::-1], self.errors)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The number and the text of each line that is neither blank nor a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip(WHITE)
        if stripped and not stripped.startswith(COMMENT):
            yield number, stripped


def is_url(text: str) -> bool:
    return text.startswith(SCHEMES)


def _tables(config: str | None, name: str) -> list[Any]:
    if config is None:
        return []
    tables = _toml(config).get(name, [])
    if not isinstance(tables, list):
        raise RuleError(f'"{name}" must be an array of tables')
    return tables


if sys.version_info >= (3, 11):
    import tomllib

    def _toml(text: str) -> Table:
        """As JSON has it: a date is a text."""
        try:
            document: Table = json.loads(json.dumps(tomllib.loads(text), default=str))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise RuleError(f"not a valid TOML document: {error}") from error
        return document
else:

    def _toml(text: str) -> Table:
        raise RuleError("to read this file, the sandbox needs Python 3.11 or newer")
