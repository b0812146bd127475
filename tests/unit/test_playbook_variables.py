# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of playbook variables lists exactly the variables that the playbooks need and take."""

from __future__ import annotations

import functools
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import jinja2
import jinja2.nodes
import pytest
import reading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "playbook_variables.rst"
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if (path / "tasks").is_dir())
BUILTIN = "ansible.builtin."

JINJA = jinja2.Environment()
EXPRESSIONS = ("that", "when", "until", "failed_when", "changed_when")


@functools.cache
def load(playbook: str) -> list[dict[str, Any]]:
    plays: list[dict[str, Any]] = reading.load(ROOT / "playbooks" / f"{playbook}.yml")
    return plays


def texts_of(node: object, key: str = "") -> Iterator[str]:
    """Every text below a node of a playbook, conditions with the braces that they lack."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from texts_of(value, name)
    elif isinstance(node, list):
        for item in node:
            yield from texts_of(item, key)
    elif isinstance(node, str):
        yield "{{ " + node + " }}" if key in EXPRESSIONS else node


def names_in(node: object) -> set[str]:
    trees = [JINJA.parse(text) for text in texts_of(node)]
    return {name.name for tree in trees for name in tree.find_all(jinja2.nodes.Name) if name.ctx == "load"}


def own_names(node: object) -> set[str]:
    """The variables that a playbook sets itself: vars, set_fact and register."""
    if isinstance(node, list):
        return {name for item in node for name in own_names(item)}
    if not isinstance(node, dict):
        return set()
    given = {*node.get("vars", {}), *node.get(BUILTIN + "set_fact", {}), node.get("register", "item")}
    return given.union(*(own_names(value) for value in node.values()))


@functools.cache
def playbook_variables(name: str) -> dict[str, bool]:
    """{variable: whether it is required} of a playbook, without what the documentation of its roles describes."""
    plays = load(name)
    names = [play[BUILTIN + "import_playbook"] for play in plays if BUILTIN + "import_playbook" in play]
    imported = [load(name.removesuffix(".yml")) for name in names]
    foreign = ("ansible_", *(f"{role}_" for role in ROLES if f"'webops.paas.{role}'" in str([plays, imported])))
    tasks = [task for play in plays for section in ("pre_tasks", "tasks") for task in play.get(section, ())]
    required = names_in([task[BUILTIN + "assert"] for task in tasks if task["name"] == "Check the required variables"])
    taken = names_in(plays) - own_names([plays, imported]) - {"lookup", "omit", "playbook_dir"}
    return {variable: variable in required for variable in taken if not variable.startswith(foreign)}


def documented_variables() -> dict[str, dict[str, bool]]:
    """{playbook: {variable: whether it is required}} as the page says, without what belongs to a role."""
    text = PAGE.read_text(encoding="utf-8")
    sections = re.split(r"^(\w+)\n-{3,}\n", text, flags=re.MULTILINE)[1:]
    rows = {
        name: re.findall(r"^   \* - ``(\w+)``\n     - (.+)$", body, re.MULTILINE)
        for name, body in zip(sections[::2], sections[1::2], strict=True)
    }
    return {name: {variable: default == "required" for variable, default in found} for name, found in rows.items()}


def test_each_playbook_is_described() -> None:
    assert sorted(documented_variables()) == PLAYBOOKS


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_all_variables_are_described(name: str) -> None:
    described = documented_variables()[name]
    described.pop("sandbox_state", None)  # of the role
    assert described == playbook_variables(name)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_missing_variable_is_named(name: str) -> None:
    tasks = [task for play in load(name) for section in ("pre_tasks", "tasks") for task in play.get(section, ())]
    checks = [task[BUILTIN + "assert"] for task in tasks if task["name"] == "Check the required variables"]
    required = {variable for variable, is_required in playbook_variables(name).items() if is_required}
    assert len(checks) == bool(required)
    for check in checks:
        assert not any(JINJA.compile_expression(condition)() for condition in check["that"])
        [named] = re.findall(r"^Set (.+?), for example with ", check["fail_msg"])
        assert set(re.split(", | and ", named)) == required


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_relative_paths_start_at_the_current_directory(name: str) -> None:
    """Ansible starts relative paths of modules at the playbook's directory, which is in the installed collection."""
    page = PAGE.read_text(encoding="utf-8")
    paths = re.findall(r"^   \* - ``(\w+)``\n     - .+\n     - (?:Path of|Directory for) ", page, re.MULTILINE)
    assert {"netlify_src", "export_dir", "drift_report_dir"} <= set(paths)
    for line in (ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8").splitlines():
        if re.search(rf"{{{{[^}}]*\b(?:{'|'.join(paths)})\b", line):
            assert "| realpath" in line


def test_the_readme_names_the_required_variables() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| playbook |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `webops\.paas\.(\w+)` \| .+ \| (.+) \|$", table, re.MULTILINE)
    required = {name: {key for key, value in found.items() if value} for name, found in documented_variables().items()}
    assert {name: set(re.findall(r"`(\w+)`", variables)) for name, variables in rows} == required
