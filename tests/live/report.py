# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a live test: differences from the sandbox, without any value of the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapes import differences, merged

INTRODUCTION = """\
It names tasks, operations, statuses, keys and types. Values of responses, tokens and names of your sites and services
are not in it. Please attach it to an issue: each difference is a fact about the platform that the collection should
know.
"""


class Record:
    """The output of the callback plugin in one run."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._lines: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def tasks(self, platform: str) -> dict[str, str]:
        """The outcome of each task, by its name."""
        return {line["task"]: line["outcome"] for line in self._of(platform) if "task" in line}

    def statuses(self, platform: str) -> dict[str, set[int]]:
        """The responses by operation."""
        found: dict[str, set[int]] = {}
        for line in self._of(platform):
            if "operation" in line:
                found.setdefault(line["operation"], set()).add(line["status"])
        return found

    def shape(self, platform: str, operation: str, is_success: bool) -> dict[str, list[str]]:
        return merged(
            [
                line["shape"]
                for line in self._of(platform)
                if line.get("operation") == operation and (line["status"] < 300) == is_success
            ]
        )

    def _of(self, platform: str) -> Iterator[dict[str, Any]]:
        """Clients use a platform's full name, such as Hasura Cloud."""
        return (line for line in self._lines if line["platform"].lower().split()[0] == platform)


def lines_of(platform: str, real: Record, sandbox: Record) -> Iterator[str]:
    """The differences between two runs of the same tasks."""
    expected = sandbox.tasks(platform)
    for task, outcome in real.tasks(platform).items():
        if outcome != expected.get(task, outcome) and "skipped" not in (outcome, expected[task]):
            yield f"The task *{task}*: {outcome}; on the sandbox {expected[task]}"
    known = sandbox.statuses(platform)
    for operation, statuses in real.statuses(platform).items():
        if operation not in known:
            yield f"`{operation}` was not sent to the sandbox"
            continue
        new = sorted(statuses - known[operation])
        if new:
            yield f"`{operation}`: status {listed(new)}; on the sandbox {listed(sorted(known[operation]))}"
        for is_success in (True, False):
            here, there = (record.shape(platform, operation, is_success) for record in (real, sandbox))
            if here and there:
                yield from (f"`{operation}`: {each}" for each in differences(here, there))


def listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def report_of(platforms: dict[str, str], versions: str, real: Record, sandbox: Record) -> str:
    """platforms: what the test is allowed to do, by name of the platform."""
    parts = ["# Live test\n", INTRODUCTION, f"{versions}\n"]
    for platform, scope in platforms.items():
        outcomes = real.tasks(platform)
        requests = sum(map(len, real.statuses(platform).values()))
        found = [f"- {line}" for line in lines_of(platform, real, sandbox)]
        parts += [f"## {platform}: {scope}\n", "| task | result |", "| --- | --- |"]
        parts += [f"| {task} | {outcome} |" for task, outcome in outcomes.items()]
        parts += ["", "Differences from the sandbox:\n", *found] if found else []
        if not found:
            parts += ["", "No difference from the sandbox." if requests else "No response was recorded."]
        parts.append("")
    return "\n".join(parts)
