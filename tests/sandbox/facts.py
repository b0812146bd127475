# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts about the platforms in docs/platforms, and references to them such as `netlify 6: 204 [S][T]`."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DIRECTORY = pathlib.Path(__file__).resolve().parents[2] / "docs" / "platforms"

SECTION = r"\d+[a-z]?(?:\.\d+)?"
HEADING = re.compile(rf"##+ ({SECTION})\.? \S")
GRADE = re.compile(r"(?<!\w)\[(seed|3P|[A-Z][A-Za-z0-9]*|\?)(?=[\],\s]|$)")
CODE = re.compile(r"`[^`]*`")
REFERENCE = re.compile(
    rf"\b(netlify|fleek|hasura|flightcontrol) ({SECTION}(?:, {SECTION}(?![\w.]))*)(?![\w.]*\d)"
    r"(.*?)(?=\b(?:netlify|fleek|hasura|flightcontrol) \d|$)"
)


@dataclass
class Page:
    """The facts of one platform: the grades of its legend, and the grades that each section uses."""

    grades: set[str]
    sections: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Page:
        legend = {match[1] for match in re.finditer(r"^\| \[([A-Za-z0-9?]+)(?: n)?\] \|", text, re.MULTILINE)}
        page = cls(legend)
        open_sections: list[str] = []
        # Code in a page, such as [Site!]!, is not a grade. A code span can cross lines.
        for line in CODE.sub(lambda span: "\n" * span[0].count("\n"), text).splitlines():
            if line.startswith("## "):
                open_sections = []
            if heading := HEADING.match(line):
                open_sections = [name for name in open_sections if heading[1].startswith(name)] + [heading[1]]
                page.sections[heading[1]] = set()
            for name in open_sections:
                page.sections[name] |= grades_in(line)
        return page


def grades_in(text: str) -> set[str]:
    """The grades in a text: [S][T] gives S and T, [ISS 6676] gives ISS, [S, T] gives S."""
    return {match[1] for match in GRADE.finditer(text)}


def pages() -> dict[str, Page]:
    return {path.stem: Page.parse(path.read_text(encoding="utf-8")) for path in DIRECTORY.glob("*.md")}


def references(text: str) -> Iterator[tuple[str, list[str], set[str]]]:
    """Each reference of a line: the platform, the sections, and the grades that follow before the next reference."""
    for match in REFERENCE.finditer(text):
        yield match[1], match[2].split(", "), grades_in(match[3])


def unresolved(text: str, known: dict[str, Page]) -> list[str]:
    """Descriptions of the invalid references of a line."""
    problems = []
    for platform, sections, grades in references(text):
        page = known[platform]
        problems += [f"{platform} has no section {name}" for name in sections if name not in page.sections]
        used = set().union(*(page.sections.get(name, set()) for name in sections))
        problems += [f"{platform} {', '.join(sections)} has no fact of grade [{grade}]" for grade in grades - used]
    return problems
