# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which redirect rule applies to a visit.

fact: netlify 13.3 [D][P]: the first rule that matches, and no other
"""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from .rule_text import Table

SPLAT = "splat"
ROLE = "Role"
# The conditions that can hold in the sandbox.
CONDITIONS = ("Country", "Language", "Cookie")


@dataclass(frozen=True)
class Visit:
    """A request for a page. `path` is decoded, `query` is not. `language` is a tag such as `de` or `de-AT`, `country` a
    code.
    """

    scheme: str
    host: str
    path: str
    query: str
    language: str
    country: str
    cookies: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """Rules on which sources disagree: whether other parameters prevent a match, and whether loops are ignored."""

    exact_query: bool = False
    ignores_loops: bool = False


@dataclass(frozen=True)
class Match:
    """No `target`: only other visitors can see the path. `force`: the rule applies even if the deploy has a file."""

    target: str | None
    status: int
    force: bool


def first_match(rules: list[Table], visit: Visit, reading: Reading) -> Match | None:
    """fact: netlify 13.3 [P]: a path with a rule for a role is not found for others, unless a later rule matches"""
    denied = False
    for rule in rules:
        values = _values(rule, visit, reading)
        if values is None:
            continue
        target = _filled(str(rule["to"]), values)
        if reading.ignores_loops and target.rstrip("/") == visit.path.rstrip("/"):
            continue
        if ROLE not in rule["conditions"]:
            return Match(target, rule.get("status", 301), bool(rule["force"]))
        denied = True
    return Match(None, 404, True) if denied else None


def _values(rule: Table, visit: Visit, reading: Reading) -> dict[str, str] | None:
    """The values of the rule's placeholders in their order, or None if the rule does not match."""
    if rule.get("scheme", visit.scheme) != visit.scheme or rule.get("host", visit.host) != visit.host:
        return None
    pattern, names = _pattern(rule["path"])
    match = pattern.match(visit.path)
    if match is None or not all(_holds(name, wanted, visit) for name, wanted in rule["conditions"].items()):
        return None
    values: dict[str, str] = {}
    for name, value in zip(names, match.groups(), strict=True):
        values.setdefault(name, value or "")
    return values if _query_matches(rule["query"], visit.query, values, reading) else None


@functools.lru_cache(maxsize=65536)
def _pattern(path: str) -> tuple[re.Pattern[str], list[str]]:
    """A pattern, and the name of each of its groups.

    fact: netlify 13.3 [D][P]: a slash at the end does not matter, and special characters are encoded
    """
    names = []
    pattern = ""
    bare = path.removeprefix("/").rstrip("/")
    for part in map(urllib.parse.unquote, bare.split("/") if bare else []):
        if part.startswith(":") and part != ":":
            names.append(part[1:])
            pattern += "/([^/]+)"
        elif part.endswith("*"):
            names.append(SPLAT)
            pattern += f"/{re.escape(part[:-1])}/?(.*)" if part != "*" else "(?:/(.*))?"
        else:
            # Nothing matches an empty part or a placeholder without a name.
            pattern += f"/{re.escape(part)}" if part not in ("", ":") else "(?!)"
    return re.compile(f"{pattern}/{'?' if pattern else '+'}\\Z", re.DOTALL), names


def _holds(name: str, wanted: object, visit: Visit) -> bool:
    """Whether a condition holds. Roles are left to the caller."""
    values = [str(value) for value in wanted] if isinstance(wanted, list) else str(wanted).split(",")
    if name == "Cookie":
        return any(visit.cookies.get(value) for value in values)
    known = {"Country": [visit.country], "Language": [visit.language, visit.language.partition("-")[0]]}.get(name, [])
    return name == ROLE or any(value and value.lower() in map(str.lower, known) for value in values)


def _query_matches(wanted: object, query: str, values: dict[str, str], reading: Reading) -> bool:
    """Each parameter must be in the query; its value is fixed, or that of a placeholder."""
    if not isinstance(wanted, dict) or not wanted:
        return True
    given = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    if reading.exact_query and given.keys() - wanted.keys():
        return False
    for name, value in wanted.items():
        if name not in given:
            return False
        found = urllib.parse.unquote_plus(given[name])
        if str(value).startswith(":"):
            values.setdefault(str(value)[1:], urllib.parse.quote_plus(found))
        elif found != value:
            return False
    return True


def _filled(target: str, values: dict[str, str]) -> str:
    """The vendor replaces one name after the other: `:id` also in `:idx`, and in values that are there already."""
    for name, value in values.items():
        target = target.replace(f":{name}", value)
    return target
