# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""apply with an estate of 200 sites, 1,000 resources, beside a plain client, loops of tasks, and module processes.

Prints a table, and whether each aim is met:

- if nothing changes, it takes at most 1.5 times as long as the plain client, is at least 10 times as fast as loops of
single tasks in the controller process, and at least 100 times as fast as loops through module processes;
- if everything is created, it takes at most 1.5 times as long as the plain client;
- the process needs less than 150 MB.

Seconds are those of the work itself: of the task from its start to its result, and of the plain client without its
start and its imports. In brackets: times the plain client. On a busy machine the seconds on CPUs say more.

Every time is the median of several runs, ours and the plain client's in turn. Loops are measured with some items of
each module, and multiplied: all of an estate would take an hour.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import yaml

HERE = pathlib.Path(__file__).resolve().parent
# After this directory, because both have a doors.py.
sys.path.append(str(HERE.parent / "contract"))

from deploys import Bench
from doors import seconds_of
from harness import Sandbox, World
from report import Aim, conclude, table

LATENCIES = (0.0, 0.03)
TIMES_PLAIN = 1.5
AS_FAST_AS = {"in the controller process": 10, "module processes": 100}
MOST_MEMORY = 150
MEMORY = """
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible_collections.webops.paas.plugins.plugin_utils._estate import action, entries, files, order, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine
raws = files.read(sys.argv[1], DataLoader())
checked = entries.checked(raws, [raw.options for raw in raws], {"netlify": json.loads(sys.argv[2])}, ())
engine = Engine(order.ordered(checked), lambda entry, result: result, concurrency=8, keep_going=False)
result = report.result_of(engine.plan(), True)
assert not result.get("failed") and not result["changed"], result.get("msg")
# Not getrusage: its peak begins with that of the process that forked this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


class Cost(NamedTuple):
    """Seconds of the work, without the start of Python and Ansible and without imports: in all, on CPUs (user and
    system). process: seconds with all that.
    """

    seconds: float
    cpu: float
    process: float


def run(command, environment):
    """(what it prints, seconds, seconds on CPUs, those of its children included)"""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    printed = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
    taken, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return printed, taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def estate_of(count):
    """Five entries for each site."""
    for number in range(count):
        name = f"shop-{number}"
        yield {"netlify_site": {"name": name, "notification_email": f"{name}@example.com"}}
        yield {"netlify_env_vars": {"site": name, "env_vars": {"API_URL": f"https://{name}.example.com", "MODE": "a"}}}
        snippets = [{"title": "Visitors", "general": f"<script src='/{name}.js'></script>"}]
        yield {"netlify_snippets": {"site": name, "snippets": snippets, "purge": True}}
        yield {"netlify_metadata": {"site": name, "metadata": {"theme": "dark", "number": str(number)}}}
        yield {"netlify_build_hook": {"site": name, "title": "Nightly", "branch": "main"}}


class EstateBench(Bench):
    """estate: the file that both clients read."""

    def __init__(self, world, directory, rounds, count):
        super().__init__(world, directory, rounds)
        self.content = list(estate_of(count))
        self.estate = directory / "estate.yml"
        self.estate.write_text(yaml.safe_dump(self.content, sort_keys=False))

    def empty(self):
        """An account without sites."""
        self.world.sandbox.reset()
        if self.latency:
            slow = {"platform": "netlify", "operation": "*", "kind": "slow", "seconds": self.latency, "times": None}
            self.world.sandbox.admin("POST", "faults", slow)

    def ours(self):
        connections = {"netlify": self.connection}
        _printed, process, cpu = run(*self.command("webops.paas.apply", src=str(self.estate), connections=connections))
        return Cost(self.seconds(), cpu - self.start.cpu, process)

    def plain_estate(self, what):
        url = f"{self.world.sandbox.url}/api/v1"
        command = [sys.executable, str(HERE / "plain_estate.py"), url, self.connection["token"], str(self.estate), what]
        printed, process, _cpu = run(command, os.environ)
        result = json.loads(printed)
        assert result["differing"] == (0 if what == "read" else len(self.content) // 5), result
        return Cost(result["seconds"], result["cpu"], process)

    @functools.cached_property
    def start(self):
        """The cost of Ansible's start, of imports, and of an empty task."""
        measured = [run(*self.command("webops.paas.apply", content=[]))[1:] for _round in range(3)]
        seconds, cpu = map(statistics.median, zip(*measured, strict=True))
        return Cost(seconds, cpu, seconds)

    def size(self):
        """{(run, client): (Cost, requests)}"""
        costs, requests = {}, {}
        for _round in range(self.rounds):
            for phase, client, action in (
                ("first", "apply", self.ours),
                ("first", "plain client that reads back", lambda: self.plain_estate("create_and_read")),
                ("first", "plain client", lambda: self.plain_estate("create")),
                ("unchanged", "apply", self.ours),
                ("unchanged", "plain client", lambda: self.plain_estate("read")),
            ):
                if phase == "first":
                    self.empty()
                cost, requests[phase, client] = self.requests_of(action)
                costs.setdefault((phase, client), []).append(cost)
        return {
            key: (Cost(*map(statistics.median, zip(*values, strict=True))), requests[key])
            for key, values in costs.items()
        }

    def loops(self, is_fast, items):
        """Seconds that the whole estate would take in loops of single tasks, from so many items of each module."""
        each = [
            seconds_of(
                self.directory, f"webops.paas.{name}", {**options, **self.connection}, is_fast, items, is_loop=True
            )
            for entry in self.content[:5]
            for name, options in entry.items()
        ]
        return sum(each) * len(self.content) / 5

    def peak_of_estate(self):
        """MB of a process that plans the estate, Ansible included."""
        command = [sys.executable, "-c", MEMORY, str(self.estate), json.dumps(self.connection)]
        environment = {**os.environ, "ANSIBLE_LOCALHOST_WARNING": "false"}
        return int(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--items", type=int, nargs=2, default=[10, 2], help="items of each module in the loops")
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    rows, aims = [], []
    estate = f"{arguments.sites} sites, "
    try:
        bench = EstateBench(World(sandbox, directory), directory, arguments.rounds, arguments.sites)
        for bench.latency in LATENCIES:
            label = f"{1000 * bench.latency:.0f} ms added"
            print(f"==> {label}", file=sys.stderr, flush=True)
            measured = bench.size()
            for phase in ("first", "unchanged"):
                plain, requests_of_plain = measured[phase, "plain client"]
                ours, _requests = measured[phase, "apply"]
                seconds, cpu, process = (mine / other for mine, other in zip(ours, plain, strict=True))
                rows.append((f"{label}, {phase}", "plain client", *map("{:.2f}".format, plain), requests_of_plain))
                for client in ("plain client that reads back", "apply"):
                    if (phase, client) in measured:
                        cost, sent = measured[phase, client]
                        cells = (f"{mine:.2f} ({mine / other:.2f})" for mine, other in zip(cost, plain, strict=True))
                        rows.append(("", client, *cells, sent))
                name, note = f"{estate}{label}, {phase}", f"on CPUs {cpu:.2f}, whole processes {process:.2f}"
                aims.append(Aim(name, seconds, TIMES_PLAIN, unit="times the plain client", note=note))
            for (way, aim), is_fast, items in zip(AS_FAST_AS.items(), (True, False), arguments.items, strict=True):
                taken = bench.loops(is_fast, items)
                ratio = taken / measured["unchanged", "apply"][0].seconds
                plain = measured["unchanged", "plain client"][0].seconds
                rows.append(
                    ("", f"loops, {way} (from {5 * items} items)", f"{taken:.2f} ({taken / plain:.2f})", *3 * [""])
                )
                aims.append(Aim(f"{estate}{label}: times as fast as loops, {way}", ratio, aim, is_minimum=True))
        memory = bench.peak_of_estate()
        aims.append(Aim(f"{estate}memory", memory, MOST_MEMORY, unit="MB"))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    table(rows, ("run", "client", "seconds", "on CPUs", "whole process", "requests"))
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
