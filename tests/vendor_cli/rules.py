# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's own parsers of rules beside those of the sandbox: usage rules.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

With --record, writes what Netlify's parsers make of a sample to the data of the sandbox's tests instead:
    PATH=.venv/vendor-cli/node_modules/node/bin:$PATH python3 tests/vendor_cli/rules.py .venv/vendor-cli /tmp --record
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Any

import rule_cases
from common import perform, require

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "roles" / "sandbox" / "files"
TESTS = HERE.parent / "sandbox"
SAMPLE = TESTS / "data" / "netlify_rules.json"

Results = list[dict[str, Any]]


class Journey:
    """The steps, in order; each public method is one."""

    def __init__(self, clients: pathlib.Path, work: pathlib.Path) -> None:
        self._clients = clients
        self._work = work

    def compare_the_recorded_sample(self) -> str:
        recorded = json.loads(SAMPLE.read_text(encoding="utf-8"))
        require(recorded == self.sample(), "the vendor's results have changed; record them, and see what has changed")
        return f"{len(recorded)} cases"

    def compare_generated_rules(self) -> str:
        cases = rule_cases.generated(1, 60, 12)
        vendors = self._vendors(cases)
        for case, vendor, own in zip(cases, vendors, self._own(cases), strict=True):
            for name in vendor:
                require(own[name] == vendor[name], f"{name} of {case}:\n{own[name]}\nthe vendor has\n{vendor[name]}")
        redirects, headers = (sum(len(vendor[name]) for vendor in vendors) for name in ("redirects", "headers"))
        return f"{redirects} redirects and {headers} header rules are the same, and the errors"

    def sample(self) -> Results:
        cases = rule_cases.fixed()
        return [{"case": case, "vendor": vendor} for case, vendor in zip(cases, self._vendors(cases), strict=True)]

    def _vendors(self, cases: list[rule_cases.Case]) -> Results:
        return _results(["node", self._clients / "rules.mjs", self._work], cases)

    def _own(self, cases: list[rule_cases.Case]) -> Results:
        return _results([sys.executable, TESTS / "rules_of_sandbox.py"], cases, PYTHONPATH=str(SOURCE))


def _results(command: list[str | pathlib.Path], cases: list[rule_cases.Case], **environment: str) -> Results:
    done = subprocess.run(
        command,
        input=json.dumps(cases),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    results: Results = json.loads(done.stdout)
    return results


def main() -> int:
    clients, work = map(pathlib.Path, sys.argv[1:3])
    shutil.copy(HERE / "rules.mjs", clients)
    journey = Journey(clients, work)
    if sys.argv[3:] == ["--record"]:
        lines = ",\n".join(json.dumps(entry, sort_keys=True) for entry in journey.sample())
        SAMPLE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        return 0
    return perform("redirect-parser", journey, (Journey.compare_the_recorded_sample, Journey.compare_generated_rules))


if __name__ == "__main__":
    sys.exit(main())
