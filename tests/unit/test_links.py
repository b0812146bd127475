# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links and images in Markdown files lead to files and headings that exist; Sphinx checks those of the guides."""

from __future__ import annotations

import itertools
import pathlib
import re

import pytest
from reading import load

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [path for pattern in ("*.md", "docs/**/*.md", "roles/*/README.md") for path in sorted(ROOT.glob(pattern))]
# Galaxy and Automation Hub show these without the repository.
READMES = [page for page in PAGES if page.name == "README.md"]
REPOSITORY = load(ROOT / "galaxy.yml")["repository"]
RAW = REPOSITORY.replace("https://github.com/", "https://raw.githubusercontent.com/")
IN_REPOSITORY = re.compile(rf"(?:{re.escape(REPOSITORY)}/(?:blob|tree)|{re.escape(RAW)})/main/(.+)")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


DEFINITION = re.compile(r"^\[([^\]]+)\]: (\S+)$", re.MULTILINE)


def definitions(text: str) -> dict[str, str]:
    """{label: target} of the links by reference."""
    return {label.lower(): target for label, target in DEFINITION.findall(text)}


def references(text: str) -> set[str]:
    """The labels of the links by reference; GitHub and Galaxy show one without a definition as text."""
    labels = re.findall(r"\[([^\]]+)\](?!\()", DEFINITION.sub("", without_code(text)))
    return {" ".join(label.lower().split()) for label in labels}


def links(text: str) -> list[str]:
    """The targets of a page's links and images that are neither code nor on another site."""
    targets = [*re.findall(r"\]\(([^)\s]+)\)", without_code(text)), *definitions(text).values()]
    own = (REPOSITORY + "#", REPOSITORY + "/blob/", REPOSITORY + "/tree/", RAW)
    return [target for target in targets if target.startswith(own) or not re.match(r"https?:|mailto:", target)]


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: pathlib.Path, text: str) -> list[str]:
    found = []
    for link in links(text):
        name, _hash, anchor = link.partition("#")
        if name == REPOSITORY:
            target = ROOT / "README.md"
        elif in_repository := IN_REPOSITORY.fullmatch(name):
            target = ROOT / in_repository[1]
        else:
            target = page.parent / name if name else page
        is_right_kind = target.is_dir() if name.startswith(f"{REPOSITORY}/tree/") else target.exists()
        if not is_right_kind or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            found.append(link)
    return found


def each(pages: list[pathlib.Path]) -> pytest.MarkDecorator:
    assert pages
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.relative_to(ROOT).as_posix())


@each(PAGES)
def test_links_lead_somewhere(page: pathlib.Path) -> None:
    assert not broken(page, page.read_text(encoding="utf-8"))


@each(READMES)
def test_links_of_a_readme_work_without_the_repository(page: pathlib.Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [link for link in links(text) if not link.startswith("https://")]
    assert references(text) == definitions(text).keys()


def test_pictures_of_a_readme_are_files_and_not_pages() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures and all(picture.startswith((RAW + "/main/", "https://img.shields.io/")) for picture in pictures)


def test_links_are_found() -> None:
    text = "![picture](docs/images/none.svg) [there](README.md) [no heading](README.md#none) `[code](none)`"
    assert broken(ROOT / "README.md", text) == ["docs/images/none.svg", "README.md#none"]
    own = [f"{REPOSITORY}/{path}" for path in ("blob/main/none.md", "tree/main/README.md", "blob/1.0.0/README.md")]
    own += [f"{REPOSITORY}#none", f"{RAW}/main/docs/none.svg"]
    there = [f"{REPOSITORY}#modules", f"{REPOSITORY}/issues", f"{REPOSITORY}/blob/main/README.md#modules"]
    text = "".join(f"[{number}]: {link}\n" for number, link in enumerate([*there, *own]))
    assert broken(ROOT / "README.md", text) == own
    assert references("[One\nthing] and [other](README.md), `[code]`\n\n[one thing]: https://example.com") == {
        "one thing"
    }
    assert list(itertools.chain.from_iterable(links(page.read_text(encoding="utf-8")) for page in PAGES))
