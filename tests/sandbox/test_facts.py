# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every route and every reference in the code is based on a fact in docs/platforms."""

from __future__ import annotations

import pathlib

import pytest
from facts import Page, grades_in, pages, references, unresolved

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("roles/sandbox/files", "plugins", "tests")
SUFFIXES = (".py", ".graphql", ".yaml", ".yml")

PAGE = Page.parse(
    "| [S] | one |\n| [ISS n] | two |\n"
    "## 1. Sites\nA [S], `[X]`.\n## 2. Deploys\n### 2.1 Calls\nB [T]\n### 2.2 States\nC [ISS 7]"
)


def test_a_page_has_grades_and_sections():
    assert PAGE.grades == {"S", "ISS"}
    assert PAGE.sections == {"1": {"S"}, "2": {"T", "ISS"}, "2.1": {"T"}, "2.2": {"ISS"}}


@pytest.mark.parametrize("platform", ["fleek", "flightcontrol", "hasura", "netlify"])
def test_every_grade_of_a_page_is_in_its_legend(platform):
    page = pages()[platform]
    assert len(page.sections) > 5
    assert set().union(*page.sections.values()) <= page.grades


def test_every_route_names_its_fact_and_grade(sandbox):
    routes = sandbox.admin("GET", "routes")
    assert len(routes) > 30
    assert routes_without_fact(routes, pages()) == []


def test_a_route_without_a_fact_would_be_noticed():
    facts = {
        "a": "because",
        "b": "netlify 1: 200 [S]",
        "c": "",
        "d": "netlify 1: 200",
        "e": "netlify 3: 200 [S]",
        "f": "netlify 1: 200 [T]",
        "g": "netlify 1, 2.1 [S][T]; netlify 2.2 [ISS 7]",
        "h": "fleek 1 [S]",
    }
    routes = [{"platform": "netlify", "operation": name, "fact": fact} for name, fact in facts.items()]
    assert routes_without_fact(routes, {"netlify": PAGE, "fleek": PAGE}) == ["a", "c", "d", "e", "f", "h"]


def test_every_reference_in_the_code_resolves():
    known, problems, count = pages(), [], 0
    for path in sorted(path for source in SOURCES for path in (ROOT / source).rglob("*") if path.suffix in SUFFIXES):
        if path == pathlib.Path(__file__).resolve() or "output" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            count += len(list(references(line)))
            problems += [f"{path.relative_to(ROOT)}:{number}: {problem}" for problem in unresolved(line, known)]
    assert problems == []
    assert count > 500


def routes_without_fact(routes, known):
    """Operations whose fact names no section of the platform's page with a grade, or one that does not resolve."""

    def stands(route):
        platform = route["platform"].partition("-")[0]
        cited = [reference for reference in references(route["fact"]) if reference[0] == platform]
        return cited and grades_in(route["fact"]) and not unresolved(route["fact"], known)

    return [route["operation"] for route in routes if not stands(route)]
