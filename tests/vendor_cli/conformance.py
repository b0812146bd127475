# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's own description between the modules and the sandbox: usage conformance.py DIRECTORY_OF_CLIENTS WORK.

Runs each scenario of the contract suite twice through a proxy that compares every request and response with the
description in @netlify/open-api. Only what violations.txt lists may differ, and all that it lists must still differ.
"""

from __future__ import annotations

import fnmatch
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from common import Failed, perform, require
from description import Description
from proxy import Exchange, Proxy

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "contract"), str(ROOT / "tests" / "tools")]

import sync_tree

sync_tree.link_tree()
sys.path.insert(0, str(sync_tree.BUILD))

from harness import Sandbox, World, platform_of
from scenarios import SCENARIOS

API = "/api/v1"
# Where the two descriptions of the vendor disagree, the sandbox follows the other one by default.
AS_DESCRIBED = {
    "cancel_status": 201,
    "dns_transfer_answer": "zone",
    "env_patch_status": 201,
    "env_scope_spelling": "post-processing",
    "metadata_put_status": 204,
    "restore_status": 201,
    "snippet_put_status": 204,
    "split_put_status": 201,
    "submission_answer": "array",
}


class JudgingProxy(Proxy):
    """Counts the operations, and what breaks the description."""

    def __init__(self, backend: str, description: Description) -> None:
        self.operations: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()
        self._description = description
        self._lock = threading.Lock()
        super().__init__(backend)

    def look_at(self, exchange: Exchange) -> None:
        if not exchange.target.startswith(API + "/"):
            return
        try:
            name, violations = self._description.judge(exchange)
        except Exception as error:  # must not end the connection: it is a finding
            name, violations = "", [f"{exchange.method} {exchange.target} cannot be judged: {error!r}"]
        with self._lock:
            self.operations[name] += 1
            self.violations.update(violations)


class Journey:
    """The steps, in order."""

    def __init__(self, clients: Path, work: Path, sandbox: Sandbox) -> None:
        description = clients / "node_modules" / "@netlify" / "open-api" / "dist" / "swagger.json"
        self._proxy = JudgingProxy(urlsplit(sandbox.url).netloc, Description(description))
        self._work = work
        self._sandbox = sandbox
        variable = "NETLIFY_API_URL"
        sandbox.environment[variable] = self._proxy.url + urlsplit(sandbox.environment[variable]).path

    def run_each_module_twice(self) -> str:
        scenarios = [scenario for scenario in SCENARIOS if platform_of(scenario.module) == "netlify"]
        failures = []
        for number, scenario in enumerate(scenarios):
            directory = self._work / str(number)
            directory.mkdir()
            world = World(self._sandbox, directory, AS_DESCRIBED)
            scenario.given(world)
            options = scenario.options_for(world)
            for _turn in range(1 if scenario.refused_again else 2):
                outcome = world.run(scenario.module, options)
                if outcome.failed:
                    failures.append(f"{scenario.id}: {outcome.result['msg']}")
        require(not failures, "\n".join(failures))
        described = [name for name in self._proxy.operations if name]
        return (
            f"{len(scenarios)} scenarios, {self._proxy.operations.total()} requests, {len(described)} described "
            f"operations, {self._proxy.operations['']} requests without a description"
        )

    def compare_the_violations(self) -> str:
        lines = (HERE / "violations.txt").read_text(encoding="utf-8").splitlines()
        listed = [line for line in lines if line and not line.startswith("#")]
        found = self._proxy.violations
        new = [each for each in found if not any(fnmatch.fnmatchcase(each, pattern) for pattern in listed)]
        gone = [pattern for pattern in listed if not fnmatch.filter(found, pattern)]
        if new or gone:
            raise Failed(
                "\n".join(
                    [*(f"new ({found[each]} times): {each}" for each in sorted(new)), *map("gone: {}".format, gone)]
                )
            )
        return f"{len(found)} violations, all listed"


STEPS = (Journey.run_each_module_twice, Journey.compare_the_violations)


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    os.environ.setdefault("SANDBOX_PYTHON", sys.executable)
    sandbox = Sandbox(work)
    try:
        return perform("@netlify/open-api", Journey(clients, work, sandbox), STEPS)
    finally:
        sandbox.close()


if __name__ == "__main__":
    sys.exit(main())
