# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The release roles stay thin: little Jinja in their YAML, and READMEs that list the outcomes of the code."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.webops.paas.plugins.filter.release import RELEASES

ROLES = pathlib.Path(__file__).resolve().parents[2] / "roles"
RELEASE_ROLES = [f"{platform}_release" for platform in RELEASES]

MOST_LINES = 60
MOST_LINES_OF_AN_EXPRESSION = 2
EXPRESSION = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
CONDITION = re.compile(r"( *)(?:- )?(?:when|that|until|failed_when):(.*)")


def yaml_files(role):
    """The files that a role executes, without its documentation and examples."""
    return sorted(path for path in (ROLES / role).rglob("*.yml") if path.parent.name != "meta")


def expressions(text):
    """The first and the last line, counted from 0, of each Jinja expression and statement."""
    for match in EXPRESSION.finditer(text):
        yield text.count("\n", 0, match.start()), text.count("\n", 0, match.end())


def conditions(text):
    """The lines of conditions, which are Jinja without braces: those of the key itself, or those that are below it."""
    indentation = None
    for number, line in enumerate(text.splitlines()):
        if indentation is not None and line.strip() and len(line) - len(line.lstrip()) <= indentation:
            indentation = None
        if indentation is not None and line.strip() and not line.lstrip().startswith("#"):
            yield number
        start = CONDITION.match(line)
        if start:
            indentation = len(start.group(1))
            if start.group(2).strip():
                yield number


def jinja_lines(text):
    lines = set(conditions(text))
    for first, last in expressions(text):
        lines.update(range(first, last + 1))
    return lines


def test_lines_of_jinja_are_counted():
    text = """\
- name: An {{ expression }}
  when:
    - one
    # A comment.
    - another

  debug:
    msg: "{{ over
      lines }}"
  failed_when: false
- assert:
    that: "{{ both }}"
"""
    assert jinja_lines(text) == {0, 2, 4, 7, 8, 9, 11}


@pytest.mark.parametrize("role", RELEASE_ROLES)
def test_a_release_role_has_little_jinja(role):
    lines = {path.relative_to(ROLES).as_posix(): len(jinja_lines(path.read_text())) for path in yaml_files(role)}
    assert sum(lines.values()) <= MOST_LINES, lines


@pytest.mark.parametrize("role", RELEASE_ROLES)
def test_an_expression_is_short(role):
    for path in yaml_files(role):
        for first, last in expressions(path.read_text()):
            assert last - first < MOST_LINES_OF_AN_EXPRESSION, f"{path}:{first + 1}"


@pytest.mark.parametrize("platform", RELEASES)
def test_the_readme_lists_the_outcomes(platform):
    rows = re.findall(
        r"^\| `(\w+)` \| (succeeds|fails)", (ROLES / f"{platform}_release" / "README.md").read_text(), re.M
    )
    outcomes = RELEASES[platform].OUTCOMES
    assert rows == [(outcome.name, "succeeds" if outcome.succeeds else "fails") for outcome in outcomes]


@pytest.mark.parametrize("role", RELEASE_ROLES)
def test_a_condition_is_never_null(role):
    # ansible-core 2.19 and newer fail a task whose condition is null, which `get` returns where nothing was registered.
    files = {path: path.read_text(encoding="utf-8") for path in yaml_files(role)}
    lines = [
        f"{path.name}: {text.splitlines()[number].strip()}"
        for path, text in files.items()
        for number in conditions(text)
    ]
    assert [line for line in lines if re.search(r"\.get\('\w+'\)$", line)] == []
