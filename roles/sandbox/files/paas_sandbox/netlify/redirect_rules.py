# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirect rules, from the file `_redirects` and the tables [[redirects]] of netlify.toml.

fact: netlify 13 [D][P]: the syntax, and `_redirects` before netlify.toml
"""

from __future__ import annotations

import itertools
import re
import urllib.parse
from typing import Any

from .rule_text import COMMAS, COMMENT, WHITE, RuleError, Rules, Table, is_url, lines

SPACES = re.compile(f"[{WHITE}]+")
NUMBER = re.compile(rf"[{WHITE}]*(?P<sign>[+-]?)(?:0[xX](?P<hex>[0-9a-fA-F]*)|(?P<decimal>[0-9]+))")
LISTED_CONDITIONS = ("Role", "Language", "Country")
# Each field with the names that it had before.
NAMES = {
    "from": ("from", "origin"),
    "to": ("to", "destination"),
    "query": ("query", "params", "parameters"),
    "signed": ("signed", "signing", "sign"),
}
DEFAULT_PORTS = {"http": 80, "https": 443}
# What is not encoded in the path of a URL.
PATH_CHARACTERS = "!$%&'()*+,-./:;=@[]|_~"


def parse(text: str | None, config: str | None) -> Rules:
    """`text` and `config` are the contents of `_redirects` and netlify.toml.

    A rule has `from`, `query`, `to`, `force`, `conditions`, `headers`, `path` and `proxy`, and if they are given
    `status`, `signed` and `rate_limit`, and for a rule with a domain its `scheme` and `host`.
    """
    found = Rules()
    for number, line in lines(text or ""):
        found.take(f"_redirects, line {number}", _rule_of_line, line)
    found.take_tables(config, "redirects", _rule)
    return found.distinct()


def whole_number(value: Any) -> int | None:
    """The number with which a value begins, as JavaScript reads it: the vendor takes `301!` and `301x` for 301."""
    if isinstance(value, float):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    match = NUMBER.match(str(value))
    if match is None or match["hex"] == "":
        return None
    return int(match["sign"] + (match["hex"] or match["decimal"]), 16 if match["hex"] else 10)


def _rule_of_line(line: str) -> Table:
    """A line is: from [query] [to] [status[!]] [conditions] [# comment]"""
    source, *rest = itertools.takewhile(lambda part: not part.startswith(COMMENT), SPACES.split(line))
    if not rest:
        raise RuleError("the destination is missing")
    if whole_number(rest[0]) is not None:
        place = 0
        options = rest
    else:
        place = next((index for index, part in enumerate(rest) if part.startswith("/") or is_url(part)), -1)
        if place < 0:
            raise RuleError('the destination must begin with "/", "http://" or "https://"')
        options = rest[place + 1 :]
    table: Table = {"from": source, "query": _pairs(rest[:place]), "conditions": _pairs(options[1:])}
    if options is not rest:
        table["to"] = rest[place]
    if options:
        table["status"] = options[0]
        table["force"] = whole_number(options[0]) is not None and options[0].endswith("!")
    signed = [table["conditions"].pop(name, None) for name in ("signed", "Sign")]
    table["signed"] = signed[0] if signed[0] is not None else signed[1]
    return _rule(table)


def _pairs(parts: list[str]) -> dict[str, str]:
    """Each part is NAME=VALUE; without a value it counts for nothing, and removes an earlier one."""
    found: dict[str, str | None] = {}
    for part in parts:
        name, *values = part.split("=")
        found[name] = values[0] if values else None
    return {name: value for name, value in found.items() if value is not None}


def _rule(table: Any) -> Table:
    if not isinstance(table, dict):
        raise RuleError("a redirect must be a table")
    named = {
        field: next((table[name] for name in names if table.get(name) is not None), None)
        for field, names in NAMES.items()
    }
    source = named["from"]
    if not isinstance(source, str):
        raise RuleError('"from" is missing' if source is None else '"from" must be a string')
    headers = table.get("headers", {})
    if not isinstance(headers, dict):
        raise RuleError('"headers" must be a table')
    status = _status(table.get("status"))
    target = named["to"] if named["to"] is not None else _same_target(source, status)
    if status == 200 and not isinstance(target, str):
        raise RuleError('"to" must be a string')
    rule = {
        "from": source,
        "query": {} if named["query"] is None else named["query"],
        "to": target,
        "status": status,
        "force": table.get("force", False),
        "conditions": _conditions(table.get("conditions", {})),
        "signed": named["signed"],
        "headers": headers,
        "rate_limit": table.get("rate_limit"),
        **_place(source),
        "proxy": status == 200 and is_url(target),
    }
    return {name: value for name, value in rule.items() if value is not None}


def _status(value: Any) -> int | None:
    status = whole_number(value)
    if status is None and value is not None:
        raise RuleError(f"{value} is not a valid status")
    return status


def _same_target(source: str, status: int | None) -> str:
    """A rule whose only purpose is its condition needs no target: `/admin/* 200 Role=admin`."""
    if status is None or not 200 <= status < 300 or not source.endswith("/*"):
        raise RuleError("the destination is missing")
    return f"{source[:-1]}:splat"


def _conditions(given: Any) -> Table:
    conditions = dict(given) if isinstance(given, dict) else {}
    for name in LISTED_CONDITIONS:
        values = [conditions.pop(spelling, None) for spelling in (name.lower(), name)]
        value = values[0] if values[0] is not None else values[1]
        if value is not None:
            conditions[name] = COMMAS.split(value.strip(WHITE)) if isinstance(value, str) else value
    return conditions


def _place(source: str) -> Table:
    place = _place_of_url(source) if is_url(source) else {"path": source}
    if place["path"].startswith("/.netlify"):
        raise RuleError('a path must not begin with "/.netlify"')
    return place


def _place_of_url(url: str) -> Table:
    try:
        parts = urllib.parse.urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError as error:
        raise RuleError(f"not a valid URL: {error}") from error
    if not host:
        raise RuleError("not a valid URL: the host is missing")
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return {"scheme": parts.scheme, "host": host, "path": urllib.parse.quote(parts.path, PATH_CHARACTERS) or "/"}
