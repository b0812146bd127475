# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared parts of the demo's walks: run a playbook as a user would, and get the result from the sandbox."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod

from stage import Sandbox, expect

RECAP = re.compile(r"^localhost +: +ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+) .*$", re.MULTILINE)


def say(name, started, remark, *more):
    print(f"==> {name} ... ok ({time.monotonic() - started:.0f} s; {remark})", flush=True)
    for line in more:
        print(f"    {line}", flush=True)


def traffic(requests):
    writes = sum(request["write"] for request in requests)
    return f"{counted(len(requests) - writes, 'read')} and {counted(writes, 'write')} sent"


def counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


class Outcome:
    """The result of a playbook: its recap, its output, and the requests that a platform received from it."""

    def __init__(self, output, requests):
        recaps = list(RECAP.finditer(output))
        expect(len(recaps) == 1, f"there is one recap, not {len(recaps)}")
        self.output = output
        self.recap = recaps[0].group()
        self.changed = int(recaps[0][1])
        self.failed = int(recaps[0][3])
        self.requests = requests
        self.reads = sum(not request["write"] for request in requests)
        self.writes = sum(request["write"] for request in requests)

    def count(self, operation):
        return sum(request["operation"] == operation for request in self.requests)


class Walk(ABC):
    """One platform's part of the demo. platforms: the sandbox's names for the APIs that the platform's tools use."""

    platforms: tuple = ()

    def __init__(self, stage):
        self.stage = stage
        self.sandbox = Sandbox(stage.sandbox_environment()["SANDBOX_URL"]) if stage.env_file.exists() else None

    def playbook(self, name, *arguments, env_file=None, status=0):
        """Run one of the collection's playbooks, with the variables of env_file in the environment.

        status: the expected exit status.
        """
        command = ["ansible-playbook", f"webops.paas.{name}", *arguments]
        last = self.sandbox.last_request() if self.sandbox else 0
        output = self.stage.run(
            *(["sh", "-c", '. "$0" && exec "$@"', env_file, *command] if env_file else command), status=status
        )
        self.sandbox = self.sandbox or Sandbox(self.stage.sandbox_environment()["SANDBOX_URL"])
        return Outcome(output, self.sandbox.requests(last, *self.platforms))

    def expect_nothing_sent(self, outcome):
        expect(outcome.reads > 0, "the run asked what is there")
        expect(outcome.writes == 0, f"no write was sent, not {outcome.writes}")

    @abstractmethod
    def walk(self):
        """Show the platform's main job; returns lines for the summary: (title, text).

        An empty title continues the previous line.
        """
