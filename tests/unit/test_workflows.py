# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of the repository run what developers run; the session workflows compares them with their schema."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from typing import Any

import pytest
from reading import load

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted((ROOT / "docs" / "examples" / "ci").rglob("workflows/*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")


def steps(path: pathlib.Path) -> list[dict]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def each(paths: list[pathlib.Path]) -> pytest.MarkDecorator:
    assert paths
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@each(WORKFLOWS)
def test_steps_are_commands_of_the_project(path: pathlib.Path) -> None:
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert targets
    for command in (step["run"] for step in steps(path) if "run" in step):
        name, _space, target = command.strip().partition(" ")
        assert (name == "make" and target.split()[0] in targets[1].split()) or command.startswith(
            (".ci/run", "gh release create ")
        )


@each(WORKFLOWS)
def test_actions_are_pinned_to_commits(path: pathlib.Path) -> None:
    """The comment names the version, for readers and for Renovate."""
    used = re.findall(r"^\s*uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in used)


@each(WORKFLOWS + EXAMPLES)
def test_workflows_have_few_rights(path: pathlib.Path) -> None:
    workflow = load(path)
    assert workflow["permissions"]["contents"] == "read" and "pull_request_target" not in path.read_text("utf-8")
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"]
        for step in job["steps"]:
            assert step["name"]
            assert "actions/checkout" not in step.get("uses", "") or step["with"]["persist-credentials"] is False
            # A branch's name, for example, is text of whoever opens the pull request.
            assert not EXPRESSION.search(step.get("run", ""))
        # Secrets are in the environment of single steps.
        assert "secrets." not in json.dumps(job.get("env", {}))


@each(WORKFLOWS + EXAMPLES)
def test_shell_steps_pass_shellcheck(path: pathlib.Path) -> None:
    for step in steps(path):
        if "run" in step:
            command = ["shellcheck", "--shell=bash", "-"]
            done = subprocess.run(command, input=step["run"], text=True, capture_output=True, check=False)
            assert done.returncode == 0, done.stdout


def test_the_matrix_runs_all_sessions_with_the_python_that_they_prefer() -> None:
    jobs = load(ROOT / ".github" / "workflows" / "matrix.yml")["jobs"]["matrix"]["strategy"]["matrix"]["include"]
    sessions = re.search(r"^MATRIX = (.*)$", MAKEFILE, re.MULTILINE)
    assert sessions and [job["session"] for job in jobs] == sessions[1].split()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    preferred = re.findall(r'^"(2\.\d+)\.\d+" = \["(3\.\d+)"', project, re.MULTILINE)
    assert {f"core-{core}": python for core, python in preferred} == {
        job["session"]: job["pythons"] for job in jobs if job["session"] != "old-pythons"
    }


def test_renovate_knows_all_files_with_pins() -> None:
    text = (ROOT / ".github" / "renovate.json").read_text(encoding="utf-8")
    assert set(json.loads(text)["enabledManagers"]) == {
        "custom.regex",
        "github-actions",
        "npm",
        "pep621",
        "pip_requirements",
    }
    matrix, newest, guide = json.loads(text)["customManagers"]
    found = found_by_renovate(matrix)
    assert len(found) == 6 and all(re.fullmatch(r"2\.\d+\.\d+", pin["currentValue"]) for pin in found)
    [pair] = re.findall(r"^newest = (\[.*\])$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert ["{depName}=={currentValue}".format(**pin) for pin in found_by_renovate(newest)] == json.loads(pair)
    example = (ROOT / "docs" / "examples" / "ci" / "common" / "requirements.txt").read_text(encoding="utf-8")
    quoted = ["{depName}=={currentValue}".format(**pin) for pin in found_by_renovate(guide)]
    assert quoted == re.findall(r"^[a-z].*$", example, re.MULTILINE)


def found_by_renovate(manager: dict[str, Any]) -> list[dict[str, str]]:
    """The named groups of all matches of a manager of the type regex, in its files."""
    parts = [(ROOT / name).read_text(encoding="utf-8") for name in manager["managerFilePatterns"]]
    patterns = [re.compile(pattern.replace("(?<", "(?P<")) for pattern in manager["matchStrings"]]
    if manager.get("matchStringsStrategy") == "recursive":
        for pattern in patterns[:-1]:
            parts = [match[0] for part in parts for match in pattern.finditer(part)]
    else:
        assert len(patterns) == 1
    return [match.groupdict() for part in parts for match in patterns[-1].finditer(part)]


def test_renovate_reads_pins_of_tests_and_examples() -> None:
    """config:recommended ignores these directories."""
    settings = json.loads((ROOT / ".github" / "renovate.json").read_text(encoding="utf-8"))
    named = [name for manager in ("pip_requirements", "npm") for name in settings[manager]["managerFilePatterns"]]
    assert "tests/vendor_cli/package.json" in named and "docs/examples/ci/common/requirements.txt" in named
    for name in named:
        assert (ROOT / name).is_file()
    assert settings["ignorePaths"] and not re.search(r"tests?\b|examples", str(settings["ignorePaths"]))


def test_renovate_keeps_ansible_core_at_its_feature_release() -> None:
    """For example the one for the oldest Python; separate patches, or it would look at the newest release only."""
    rules = json.loads((ROOT / ".github" / "renovate.json").read_text(encoding="utf-8"))["packageRules"]
    own = [rule for rule in rules if rule.get("matchDepNames") == ["ansible-core"]]
    assert any(rule.get("separateMinorPatch") for rule in own)
    [refused] = [rule for rule in own if rule.get("enabled") is False]
    assert refused["matchUpdateTypes"] == ["major", "minor"] and "matchManagers" not in refused
    disabled = [rule for rule in rules if rule.get("enabled") is False]
    assert disabled == [refused]


def test_files_for_contributors_stay_out_of_the_tarball() -> None:
    ignored = load(ROOT / "galaxy.yml")["build_ignore"]
    for name in (".github", ".git-blame-ignore-revs", "MAINTAINERS.md", "SECURITY.md", "docs/examples"):
        assert (ROOT / name).exists() and name in ignored
