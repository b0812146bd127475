# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and messages use the standard terms."""

from __future__ import annotations

import ast
import functools
import io
import itertools
import pathlib
import re
import tokenize

import pytest
from reading import documentation, load

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Texts that people read from beginning to end.
PAGES = (
    "CONTRIBUTING.md",
    "docs/docsite/rst/*.rst",
    "roles/*/README.md",
    "roles/*/meta/argument_specs.yml",
    "plugins/filter/*.yml",
)
MODULES = ("plugins/modules/*.py",)
CODE = (
    "plugins/filter/*.py",
    "plugins/inventory/*.py",
    "plugins/lookup/*.py",
    "plugins/module_utils/*/*.py",
    "plugins/plugin_utils/**/*.py",
    "roles/sandbox/files/paas_sandbox/**/*.py",
)
# In these files, the texts that they show: documentation and messages.
PROGRAMS = ("plugins/doc_fragments/*.py", *MODULES, *CODE)
TASKS = ("playbooks/*.yml", "roles/*/tasks/*.yml")

# Words, and what to write instead.
MARKED = {
    r"\bshall\b": "must, should or can",
    r"(?<!there )\bis none\b": "is not",
    r"(?<!there )\bis no (?!longer\b)": "is not a",
    r"\banswer(?:s|ed)\b": "returns, responds",
    r"\bis told\b": "gets, receives",
    r"\bso many\b": "the number",
    r"\bput(?:s|ting)? back\b": "restore, roll back",
    r"\btak(?:es?|en) back\b": "roll back",
    r"(?<!not )\bat all\b": "leave it out",
    r"\bgoes on by itself\b": "is still in progress",
    r"\bas they stand\b": "unchanged",
    r"\bthere is\b[^.]*\bthat there is\b": "exists",
    r"\bno such\b": "does not exist",
}
# Quotations from platforms.
QUOTED = ("does not exist|no such", "no such type exists in the schema", "no such table/view", "no such variables")
# First words of a task's name that is not an imperative.
NO_IMPERATIVE = re.compile(r"(?:it|they|there|the|an?|what|who|which|whether|every|this|nothing|tell|forget)\b", re.I)


def files(patterns: tuple[str, ...]) -> list[pathlib.Path]:
    found = [sorted(ROOT.glob(pattern)) for pattern in patterns]
    assert all(found)
    return list(itertools.chain.from_iterable(found))


def each(*patterns: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", files(patterns), ids=lambda path: path.relative_to(ROOT).as_posix())


def marked(text: str) -> list[str]:
    """What to change in a text, whose lines may break anywhere. Code in double back-quotes and code blocks of
    Python are quotations of other files."""
    text = re.sub(r"^( *)\.\. code-block:: python\n(?:\1 +.*\n|\n)+", "", text, flags=re.MULTILINE)
    text = re.sub("|".join(map(re.escape, QUOTED)), "", re.sub(r"``.*?``", "", text))
    text = re.sub(r"\s+", " ", text)
    return [
        f"...{text[max(match.start() - 30, 0) : match.end() + 30]}... : {better}"
        for pattern, better in MARKED.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


@functools.cache
def texts(path: pathlib.Path) -> tuple[str, str]:
    """The strings of a program, parts of f-strings included, and its docstrings."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    strings = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    notes = "\n".join(node.value for node in strings if id(node) in silent)
    return "\n".join(node.value for node in strings if id(node) not in silent), notes


def comments(path: pathlib.Path) -> str:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return "\n".join(token.string for token in tokens if token.type == tokenize.COMMENT)


def task_names(node: object) -> list[str]:
    """The names of all tasks and plays below a node of a parsed playbook."""
    if isinstance(node, list):
        return [name for item in node for name in ([item["name"]] if "name" in item else []) + task_names(item)]
    if isinstance(node, dict):
        sections = ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers")
        return [name for section in sections for name in task_names(node.get(section) or [])]
    return []


@each(*PAGES)
def test_pages_use_the_standard_terms(path: pathlib.Path) -> None:
    assert not marked(path.read_text(encoding="utf-8"))


@each(*PROGRAMS)
def test_messages_use_the_standard_terms(path: pathlib.Path) -> None:
    assert not marked(texts(path)[0])


@each(*CODE)
def test_docstrings_and_comments_use_the_standard_terms(path: pathlib.Path) -> None:
    assert not marked(f"{texts(path)[1]}\n{comments(path)}")


@each(*TASKS)
def test_names_of_tasks_are_imperatives(path: pathlib.Path) -> None:
    names = task_names(load(path))
    assert names
    assert not [name for name in names if NO_IMPERATIVE.match(name)]
    assert not marked("\n".join(names))


@each(*MODULES)
def test_names_of_examples_are_imperatives(path: pathlib.Path) -> None:
    names = task_names(documentation(path, "EXAMPLES"))
    assert names
    assert not [name for name in names if NO_IMPERATIVE.match(name)]


@each("docs/docsite/rst/*.rst", "docs/site/*.rst", "playbooks/*.yml")
def test_lines_of_pages_are_short(path: pathlib.Path) -> None:
    assert not [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120]


@each("playbooks/*.yml")
def test_comments_in_playbooks_use_the_standard_terms(path: pathlib.Path) -> None:
    written = re.findall(r"^ *# (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert not marked("\n".join(written))


@each("docs/docsite/rst/*.rst")
def test_names_of_tasks_in_guides_are_imperatives(path: pathlib.Path) -> None:
    names = re.findall(r"^ +- name: ([A-Z].*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert not [name for name in names if NO_IMPERATIVE.match(name)]


@pytest.mark.parametrize(
    "text",
    ["It shall run.", "The URL is\nno URL.", "Netlify answers 404.", "A release is\n  put back.", "Nothing at all."],
)
def test_marked_words_are_found(text: str) -> None:
    assert marked(text)


@pytest.mark.parametrize(
    "text", ["It is no longer there.", "There is no state file.", "Completely or not at all.", "``the answers``"]
)
def test_standard_terms_pass(text: str) -> None:
    assert not marked(text)


@pytest.mark.parametrize("path", sorted((ROOT / "changelogs").rglob("*.y*ml")), ids=lambda path: path.name)
def test_the_changelog_has_no_markup_of_ansible(path: pathlib.Path) -> None:
    """It is reStructuredText, which shows C(this) as it is."""
    assert not re.findall(r"\b(?:B|C|E|I|L|M|O|P|R|RV|U|V)\([^)]*\)", path.read_text(encoding="utf-8"))
