# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists beside a plain client that reads one page after the other: sites, environment variables, submissions.

Prints a table, and whether each aim is met:

- with 30 ms added, submissions are read at least twice as fast as by the plain client, and sites as fast;
- memory for all submissions in a file is at most 1.1 times that for a tenth of them;
- the inventory plugin sends no request if its cache has the sites, and no more requests than the info module else.

Every time is the median of several runs, ours and the plain client's in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# After this directory, because both have a doors.py.
sys.path.append(str(HERE.parent / "contract"))

from content import FORM
from deploys import Bench
from harness import Sandbox, World
from report import Aim, conclude, table
from scenarios.netlify import deploy_by_hand, site

LATENCIES = (0.0, 0.03)
# At least, of lists with pages. The module reads two pages twice.
TIMES_AS_FAST = {"sites": 1, "submissions to a file": 2}
TIMES_THE_MEMORY = 1.1
OURS = """
import importlib, json, sys, time
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform
module = importlib.import_module(f"ansible_collections.webops.paas.plugins.modules.{sys.argv[1]}").MODULE
options = ArgumentSpecValidator(**module.spec).validate(json.loads(sys.argv[2])).validated_parameters
began = time.monotonic()
result = perform(module, options, check_mode=False, want_diff=False, warn=print)
seconds = time.monotonic() - began
assert not result.get("failed"), result
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
rows = result.get("count") or len(result.get(module.task.key) or result.get("submissions") or ())
print(json.dumps({"seconds": seconds, "memory": peak / 1024, "rows": rows}))
"""


class Lists(Bench):
    def __init__(self, world, directory, rounds, sites, variables):
        super().__init__(world, directory, rounds)
        self.url = f"{self.world.sandbox.url}/api/v1"
        self.account = site(world)["account_slug"]
        deploy_by_hand(world, {"index.html": FORM})
        for number in range(1, sites):
            site(world, f"site-{number:04}")
        body = [
            {"key": f"VARIABLE_{number}", "values": [{"context": "all", "value": f"value {number}"}]}
            for number in range(variables)
        ]
        world.api("POST", f"/accounts/{self.account}/env", body)
        self.submissions = 0
        self.file = directory / "submissions.jsonl"

    def add_submissions(self, count):
        order = {"site": "shop", "form": "contact", "count": count - self.submissions}
        self.world.sandbox.admin("POST", "netlify/submissions", order)
        self.submissions = count

    def slow(self):
        self.world.sandbox.admin("DELETE", "faults")
        if self.latency:
            order = {"platform": "netlify", "operation": "*", "kind": "slow", "seconds": self.latency, "times": None}
            self.world.sandbox.admin("POST", "faults", order)

    def ours(self, name, **options):
        command = [sys.executable, "-c", OURS, name, json.dumps({**options, **self.connection})]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    def plain_list(self, path, *file):
        command = [sys.executable, str(HERE / "plain_list.py"), self.url + path, self.connection["token"], *file]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    def ways(self):
        """{list: (ours, the plain client's)}"""
        file = {"site": "shop", "dest": str(self.file)}
        return {
            "sites": (lambda: self.ours("netlify_site_info"), lambda: self.plain_list("/sites?filter=all")),
            "environment variables": (
                lambda: self.ours("netlify_env_vars_info", account_slug=self.account),
                lambda: self.plain_list(f"/accounts/{self.account}/env"),
            ),
            "submissions to a file": (
                lambda: self.ours("netlify_submission_info", **file),
                lambda: self.plain_list("/sites/shop.netlify.app/submissions", f"{self.file}.plain"),
            ),
        }

    def compared(self, ways):
        """({"plain client" or "module": {seconds, memory, rows}}, {the same: requests})"""
        runs, requests = {"plain client": [], "module": []}, {}
        for _round in range(self.rounds):
            for who, way in zip(("module", "plain client"), ways, strict=True):
                # Files that are equal are not written again.
                self.file.unlink(missing_ok=True)
                result, requests[who] = self.requests_of(way)
                runs[who].append(result)
        medians = {
            who: {key: statistics.median(each[key] for each in results) for key in results[0]}
            for who, results in runs.items()
        }
        assert medians["module"]["rows"] == medians["plain client"]["rows"], medians
        return medians, requests

    def inventory(self):
        """[(seconds of the process, requests)] of a first run and one with the cache."""
        source, kept = self.directory / "netlify.yml", self.directory / "kept"
        cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(kept)}
        source.write_text(json.dumps({"plugin": "webops.paas.netlify", **self.connection, **cache}))
        program = pathlib.Path(sys.executable).parent / "ansible-inventory"
        command = [str(program), "-i", str(source), "--list"]
        environment = {**os.environ, "ANSIBLE_INVENTORY_ENABLED": "webops.paas.netlify"}
        shutil.rmtree(kept, ignore_errors=True)

        def run():
            began = time.monotonic()
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
            return time.monotonic() - began

        return [self.requests_of(run) for _run in range(2)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--variables", type=int, default=5000)
    parser.add_argument("--submissions", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    rows, aims = [], []
    try:
        bench = Lists(World(sandbox, directory), directory, arguments.rounds, arguments.sites, arguments.variables)
        bench.add_submissions(arguments.submissions // 10)
        few = bench.compared(bench.ways()["submissions to a file"])[0]["module"]["memory"]
        bench.add_submissions(arguments.submissions)
        for bench.latency in LATENCIES:
            label = f"{1000 * bench.latency:.0f} ms added"
            print(f"==> {label}", file=sys.stderr, flush=True)
            bench.slow()
            requests_of_module = 0
            for what, ways in bench.ways().items():
                found, requests = bench.compared(ways)
                plain = found["plain client"]["seconds"]
                name = f"{found['module']['rows']:.0f} {what}"
                for who, result in found.items():
                    seconds, memory = result["seconds"], f"{result['memory']:.0f}"
                    rows.append((f"{label}: {name}", who, seconds, seconds / plain, memory, requests[who]))
                if bench.latency and what in TIMES_AS_FAST:
                    ratio = plain / found["module"]["seconds"]
                    aims.append(Aim(f"{label}: {name}, times as fast", ratio, TIMES_AS_FAST[what], is_minimum=True))
                if what == "sites":
                    requests_of_module = requests["module"]
                if what == "submissions to a file" and not bench.latency:
                    ratio = found["module"]["memory"] / few
                    aims.append(Aim(f"memory for {name}, compared with a tenth of them", ratio, TIMES_THE_MEMORY))
            (first, sent), (cached, sent_again) = bench.inventory()
            name = f"{label}: {arguments.sites} hosts"
            rows.append((name, "inventory, whole process", first, "", "", sent))
            rows.append((name, "inventory from its cache, whole process", cached, "", "", sent_again))
            aims.append(Aim(f"{name}, requests", sent, requests_of_module, unit="requests"))
            aims.append(Aim(f"{name} from the cache, requests", sent_again, 0, unit="requests"))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    table(rows, ("list", "client", "seconds", "times the plain client", "MB", "requests"))
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
