# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SQL as text: its statements, and the tables that simple ones create and drop, for a machine without PostgreSQL."""

from __future__ import annotations

import re

from .model import Tables

PARTS = re.compile(
    r"--[^\n]*|/\*.*?\*/|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|[eE]'(?:\\.|''|[^'\\])*'|'(?:''|[^'])*'|\"[^\"]*\"|;",
    re.DOTALL,
)
NAME = r"(?:\"?(?P<schema>\w+)\"?\.)?\"?(?P<name>\w+)\"?"
CREATE = re.compile(rf"\s*create table (?:if not exists )?{NAME}\s*\((?P<columns>.*)\)\s*$", re.IGNORECASE | re.DOTALL)
DROP = re.compile(rf"\s*drop table (?:if exists )?{NAME}", re.IGNORECASE)
COLUMN = re.compile(
    r"\s*\"?(?!(?:primary|foreign|unique|check|constraint|exclude)\b)(\w+)\"?\s+([a-z]+(?: precision)?)", re.IGNORECASE
)
# GraphQL's types by PostgreSQL's and their aliases; others are texts.
GRAPHQL = {
    **dict.fromkeys(("smallint", "integer", "int", "bigint", "serial", "bigserial"), "Int"),
    **dict.fromkeys(("real", "float", "double precision", "numeric"), "Float"),
    **dict.fromkeys(("boolean", "bool"), "Boolean"),
}


def split(text: str) -> list[str]:
    """The statements of a script, without comments."""
    statements, current, at = [], "", 0
    for part in PARTS.finditer(text):
        current += text[at : part.start()]
        at = part.end()
        if part[0] == ";":
            statements.append(current)
            current = ""
        else:
            current += " " if part[0].startswith(("--", "/*")) else part[0]
    return [statement for statement in (*statements, current + text[at:]) if statement.strip()]


def tables_after(tables: Tables, text: str) -> Tables:
    """The tables after simple statements that create and drop tables. All other statements are ignored."""
    result = dict(tables)
    for statement in split(text):
        created, dropped = CREATE.match(statement), DROP.match(statement)
        if created:
            columns = [COLUMN.match(column) for column in re.split(r",(?![^(]*\))", created["columns"])]
            found = {column[1]: GRAPHQL.get(column[2].lower(), "String") for column in columns if column}
            result.setdefault(_label(created), (found, []))
        elif dropped:
            result.pop(_label(dropped), None)
    return result


def _label(match: re.Match[str]) -> str:
    return f"{match['schema'] or 'public'}.{match['name']}"
