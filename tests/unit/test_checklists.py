# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands on the page of checklists pass, and the sessions that it names are run by make."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "checklists.rst"
ROWS = [
    (" ".join(requirement.split()), " ".join(check.split()))
    for requirement, check in re.findall(
        r"^   \* - (.*\n(?: {7}.*\n)*)     - (.*\n(?: {7}.*\n)*)", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    if requirement.strip() != "requirement"
]
CHECKS = [(requirement, command) for requirement, check in ROWS for command in re.findall(r"``(.+?)``", check)]
COMMANDS = [(requirement, command) for requirement, command in CHECKS if not command.startswith("nox ")]


def test_each_requirement_has_a_check() -> None:
    assert len(ROWS) > 30 and {requirement for requirement, _command in CHECKS} == {row[0] for row in ROWS}


@pytest.mark.parametrize(("requirement", "command"), COMMANDS, ids=[requirement for requirement, _command in COMMANDS])
def test_commands_pass(requirement: str, command: str) -> None:
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (requirement, command, done.stdout, done.stderr)


def test_sessions_are_run_by_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    listed = " ".join(re.findall(r"^(?:LINT|LONG|MATRIX) = (.*)$", makefile, re.MULTILINE)).split()
    assert {command.removeprefix("nox -s ") for _row, command in CHECKS if command.startswith("nox ")} <= set(listed)


def test_ansible_lint_knows_the_modules_of_other_collections() -> None:
    """It is not told where they are, neither here nor when Galaxy imports the collection."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "playbooks").rglob("*.yml"))
    used = set(re.findall(r"^ +(?:- )?(\w+\.\w+\.\w+):", text, re.MULTILINE))
    others = {name for name in used if not name.startswith(("ansible.builtin.", "webops.paas."))}
    configuration = yaml.safe_load((ROOT / ".ansible-lint").read_text(encoding="utf-8"))
    assert others <= set(configuration["mock_modules"])
    assert ".ansible-lint" not in yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]


def test_ansible_lint_checks_each_file() -> None:
    """Its session leaves out what the session build-import-check checks, which is in the tarball."""
    imported = re.search(r"^    imported = \((.*)\)$", (ROOT / "noxfile.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert imported
    left_out = re.findall(r'"(.+?)"', imported[1])
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
    pairs = [(f"{path}/", f"{entry}/") for path in left_out for entry in ignored]
    assert not [(path, entry) for path, entry in pairs if path.startswith(entry) or entry.startswith(path)]
    assert all((ROOT / path).is_dir() for path in left_out)
