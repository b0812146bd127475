# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page at the root: the objects of the platforms and the latest requests, for a person with a browser."""

from __future__ import annotations

import datetime
import html
import itertools
from typing import Any

from starlette.responses import Response

from .. import __version__
from .platform import Table
from .sandbox import Sandbox

REQUESTS = 30
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
h2 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { margin: .2rem 0; opacity: .8; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top;
  overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
"""


def render(sandbox: Sandbox) -> Response:
    tables = [table for platform in sandbox.platforms for table in platform.tables()]
    tables.append(_requests(sandbox))
    body = "\n".join(_table(table) for table in tables)
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="3">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Sandbox</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Sandbox</h1>\n"
        f"<p>Local emulator of {html.escape(', '.join(platform.name for platform in sandbox.platforms))}, "
        f"version {__version__}, rate limits {sandbox.limits.mode}.</p>\n{body}\n</body>\n</html>\n"
    )
    return Response(page, headers={"cache-control": "no-store"}, media_type="text/html")


def _requests(sandbox: Sandbox) -> Table:
    rows = []
    for entry in itertools.islice(sandbox.log.newest(), REQUESTS):
        time = datetime.datetime.fromtimestamp(entry.moment).strftime("%H:%M:%S")
        status = "no response" if entry.status is None else str(entry.status)
        rows.append(
            (
                time,
                entry.platform,
                entry.method,
                entry.path.decode("latin-1"),
                entry.operation,
                status,
                entry.fault or "",
            )
        )
    return Table("Last requests", ("Time", "Platform", "Method", "Path", "Operation", "Status", "Fault"), rows)


def _table(table: Table) -> str:
    if not table.rows:
        return f"<h2>{html.escape(table.title)}</h2>\n<p>None yet.</p>"
    head = "".join(f"<th>{html.escape(column)}</th>" for column in table.columns)
    rows = "\n".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<h2>{html.escape(table.title)}</h2>\n<table>\n<tr>{head}</tr>\n{rows}\n</table>"


def _cell(cell: Any) -> str:
    if isinstance(cell, tuple):
        text, address = cell
        return f'<a href="{html.escape(address)}">{html.escape(text)}</a>'
    return html.escape(str(cell))
