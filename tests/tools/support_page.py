# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the generated tables of the page docs/docsite/rst/support.rst.

    support_page.py            what is preview, from the documentation of the modules
    support_page.py --matrix   also the results of the last `make matrix`, from .build/matrix

The column with the evidence of a module is kept: tests/contract/test_contract.py compares it with the requests that
the module sends, and tests/unit/test_support.py the rest with the documentation.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "support.rst"
RESULTS = ROOT / ".build" / "matrix"
UNKNOWN = "unknown"
# The columns of a row of the matrix, in the order of the page.
COLUMNS = ("ansible-core", "python", "requests", "urllib3", "sanity", "units", "integration", "playbooks", "date")
MARK = "B(Preview:) "


@functools.cache
def documentation(module: str) -> dict:
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8"))
    [text] = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION"
    ]
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def modules() -> list[str]:
    return sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")


def previews(module: str) -> list[str]:
    """What the documentation of a module marks as preview, in the markup of the page."""
    content = documentation(module)
    found = [text for text in content["description"] if text.startswith(MARK)]
    found += [f"O({path}): {text}" for path, text in marked_options(content.get("options") or {})]
    return [re.sub(r"\b(?:C|O|V)\(([^)]+)\)", r"``\1``", text.replace(MARK, "")) for text in found]


def marked_options(options: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The paths of marked options with the marked paragraph, suboptions included."""
    for name, option in options.items():
        yield from ((prefix + name, text) for text in option["description"] if text.startswith(MARK))
        yield from marked_options(option.get("suboptions") or {}, f"{prefix}{name}.")


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the generated table of that title."""
    part = re.search(rf"^\.\. begin {title}\n(.*?)^\.\. end {title}\n", page, re.MULTILINE | re.DOTALL)
    assert part, title
    return [
        [" ".join(cell.split()) for cell in re.split(r"^ {3}[ *] -(?: |$)", row, flags=re.MULTILINE)[1:]]
        for row in re.split(r"^(?= {3}\* - )", part[1], flags=re.MULTILINE)[2:]
    ]


def with_table(page: str, title: str, head: list[str], widths: str, content: list[list[str]]) -> str:
    lines = [f".. begin {title}", "", ".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in [head, *content]:
        for number, cell in enumerate(row):
            first = f"   {' ' if number else '*'} - "
            lines += textwrap.fill(
                cell,
                120,
                initial_indent=first,
                subsequent_indent=" " * 7,
                break_long_words=False,
                break_on_hyphens=False,
            ).splitlines() or [first.rstrip()]
    lines += ["", f".. end {title}", ""]
    return re.sub(
        rf"^\.\. begin {title}\n.*?^\.\. end {title}\n", lambda _match: "\n".join(lines), page, flags=re.M | re.S
    )


def link(module: str) -> str:
    return f":ansplugin:`webops.paas.{module}#module`"


def with_modules(page: str) -> str:
    known = {row[0]: row[1] for row in rows(page, "modules")}
    content = [[link(name), known.get(link(name), UNKNOWN), " ".join(previews(name))] for name in modules()]
    return with_table(page, "modules", ["module", "requests", "preview"], "34 16 50", content)


def with_matrix(page: str) -> str:
    """The rows of sessions that have a new result replace those of the same ansible-core."""
    known = {row[0]: row for row in rows(page, "matrix")}
    for path in RESULTS.glob("*.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        known[result["ansible-core"]] = [str(result[name]) for name in COLUMNS]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    versions = re.findall(r'^"(2\.\d+\.\d+)" = \["', project, re.MULTILINE)
    content = [known.get(version, [version, "not run", *[""] * (len(COLUMNS) - 2)]) for version in versions]
    head = ["ansible-core", "Python", *COLUMNS[2:]]
    return with_table(page, "matrix", head, "12 9 10 10 9 9 12 12 17", content)


def generated(page: str, *, matrix: bool = False) -> str:
    page = with_modules(page)
    return with_matrix(page) if matrix else page


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(generated(text, matrix="--matrix" in sys.argv[1:]), encoding="utf-8")
