# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules for the headers of responses, from the file `_headers` and the tables [[headers]] of netlify.toml.

fact: netlify 13 [D][P]: the syntax; later rules, and so those of netlify.toml, win over earlier ones
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from .rule_text import COMMAS, WHITE, RuleError, Rules, Table, lines

# fact: netlify 13 [D]: custom headers of these names are ignored
RESERVED = frozenset(
    (
        "accept-ranges",
        "age",
        "allow",
        "alt-svc",
        "connection",
        "content-encoding",
        "content-length",
        "content-range",
        "date",
        "location",
        "server",
        "set-cookie",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
# fact: netlify 13 [D]: not a header of the response: users who may see the pages
BASIC_AUTH = "basic-auth"
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def parse(text: str | None, config: str | None) -> Rules:
    """`text` and `config` are the contents of `_headers` and netlify.toml. A rule has `for` and `values`."""
    found = Rules()
    for number, table in _tables_of_lines(text or "", found.errors):
        found.take(f"_headers, line {number}", _rule, table)
    found.take_tables(config, "headers", _rule)
    return found.distinct()


def headers_for(rules: list[Table], path: str) -> dict[str, str]:
    """The headers that a path gets, their names in lower case, with BASIC_AUTH and without those that are reserved."""
    found = {
        name.lower(): value
        for rule in rules
        if (pattern := _pattern(rule["for"])) is not None and pattern.match(path)
        for name, value in rule["values"].items()
    }
    return {
        name: value.encode().decode("latin-1")
        for name, value in found.items()
        if name not in RESERVED and NAME.fullmatch(name) and not CONTROL.search(value)
    }


def _tables_of_lines(text: str, errors: list[str]) -> Iterator[tuple[int, Table]]:
    """Each path of a `_headers` file with the headers below it, and the number of its line."""
    tables: list[tuple[int, Table]] = []
    for number, line in lines(text):
        if line.startswith("/"):
            tables.append((number, {"for": line, "values": {}}))
            continue
        name, colon, value = (part.strip(WHITE) for part in line.partition(":"))
        if not colon:
            continue
        if not name or not value:
            errors.append(f"_headers, line {number}: the {'value' if name else 'name'} of the header is missing")
        elif not tables:
            errors.append(f"_headers, line {number}: a path must come before the header {name}")
        else:
            values = tables[-1][1]["values"]
            values[name] = f"{values[name]}, {value}" if name in values else value
    yield from tables


def _rule(table: Any) -> Table | None:
    """None for a path without headers, which is not an error."""
    if not isinstance(table, dict):
        raise RuleError("a table of headers must be a table")
    path = table.get("for")
    if not isinstance(path, str):
        raise RuleError('"for" is missing' if path is None else '"for" must be a string')
    given = table.get("values", {})
    if not isinstance(given, dict):
        raise RuleError('"values" must be a table')
    values = {_name(name): _value(name, value) for name, value in given.items()}
    if not values:
        return None
    path = path.strip(WHITE)
    if _pattern(path) is None:
        raise RuleError(f"{path} cannot be used as a pattern")
    return {"for": path, "values": values}


def _name(name: str) -> str:
    stripped = name.strip(WHITE)
    if stripped in ("", "undefined"):
        raise RuleError("the name of a header is empty")
    return stripped


def _value(name: str, value: Any) -> str:
    """Several values are in a list, or in one string with commas."""
    if isinstance(value, str):
        return ", ".join(COMMAS.split(value.strip(WHITE)))
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RuleError(f'the value of "{name}" must be a string, or a list of strings')
    return ", ".join(item.strip(WHITE) for item in value)


@functools.lru_cache(maxsize=1024)
def _pattern(path: str) -> re.Pattern[str] | None:
    """fact: netlify 13 [P]: case does not matter, nor does a slash at the end. None for a pattern that is invalid."""
    parts = (part.rstrip(WHITE) for part in path.split("/"))
    try:
        return re.compile(f"/{'/'.join(_part_pattern(part) for part in parts if part)}/?\\Z", re.IGNORECASE)
    except re.error:
        return None


def _part_pattern(part: str) -> str:
    if part.startswith(":"):
        return "([^/]+)"
    if part == "*":
        return "?(.*)"
    # The vendor leaves the rest of such a part as it is: a dot in it matches any character.
    return part.replace("*", "(.*)") if "*" in part else re.escape(part)
