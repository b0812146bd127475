# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the requests of modules are based on, from the grades of the facts that the sandbox's routes cite.

The page docs/docsite/rst/support.rst shows it; tests/tools/support_page.py writes its other columns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from harness import ROOT, Sandbox

sys.path.insert(0, str(ROOT / "tests" / "tools"))

import support_page

CLIENT, DOCUMENTATION, STANDARD, NONE = "client", "documentation", "standard", "none"
# Of a module that sends no requests.
SILENT = "no requests"
# The grades of each platform's page that name the vendor itself. All others are third parties, guesses, and what the
# vendor's own web interface sends, which the vendor can change without notice. Netlify's client is generated from [S].
GRADES = {
    "fleek": {"CLI": CLIENT, "DOC": DOCUMENTATION, "SEED": DOCUMENTATION},
    "flightcontrol": {"DOC": DOCUMENTATION},
    "hasura": {"ACTION": CLIENT, "CLI": CLIENT, "DOC": DOCUMENTATION, "SEED": DOCUMENTATION},
    "netlify": {"C": CLIENT, "Go": CLIENT, "S": CLIENT, "TF": CLIENT, "G": DOCUMENTATION},
}
# Root fields without a fact of their own: GraphQL has the first, and Hasura generates the second together with
# tenant_by_pk, which its documentation has, from one table.
IMPLIED = {("fleek", "__typename"): DOCUMENTATION, ("hasura", "tenant"): DOCUMENTATION}


def basis(route: tuple[str, str], facts: dict[tuple[str, str], str]) -> str:
    """The best source of a request: (the sandbox's name for the platform, operation)."""
    if route in IMPLIED or route[0] == "site":
        return IMPLIED.get(route, STANDARD)
    sound = GRADES[route[0].partition("-")[0]]
    found = {sound[grade] for grade in re.findall(r"\[(\w+)", facts[route]) if grade in sound}
    return next((best for best in (CLIENT, DOCUMENTATION) if best in found), NONE)


def of_requests(sandbox: Sandbox, requests: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """What all requests with a source are based on, and the operations of those without one."""
    facts = {(route["platform"], route["operation"]): route["fact"] for route in sandbox.admin("GET", "routes")}
    each = {request: basis(request, facts) for request in requests}
    worst = next(
        (name for name in (DOCUMENTATION, CLIENT, STANDARD) if name in each.values()), NONE if each else SILENT
    )
    return worst, sorted(operation for (_platform, operation), best in each.items() if best == NONE)


def on_the_page(module: str) -> str:
    rows = support_page.rows(support_page.PAGE.read_text(encoding="utf-8"), "modules")
    found = [row[1] for row in rows if row[0] == support_page.link(module)]
    page = support_page.PAGE.name
    assert found, f"{page} has no row of {module}: run python3 tests/tools/support_page.py"
    assert found != [support_page.UNKNOWN], f"{page}: replace {support_page.UNKNOWN} in the row of {module}"
    return found[0]


def is_preview(module: str) -> bool:
    return bool(support_page.previews(module))
