# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_deploy beside a plain client and beside ansible.builtin.uri: times as ratios in one run, memory, requests.

Prints a table, and whether each aim is met:

- a cold deploy takes at most 1.5 times as long as the plain client and one uri task together;
- an unchanged deploy takes at most 1.5 times as long as a uri task;
- the module's process needs less than 100 MB, and at most 3 KB more for each further file.

Every figure is the median of several runs, ours and the others' in turn, so that a busy moment of the machine hits all.
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
sys.path += [str(HERE.parent / "contract"), str(HERE.parent / "demo")]

from harness import Sandbox, World
from make_site import write_site
from report import Aim, conclude, table

# Parallel uploads of the plain client.
CONCURRENCY = 8
# One task in its own playbook: only the task is measured, from its start to its result.
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - {name}:
        {options}
"""
MEMORY = """
import json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.modules.netlify_deploy import MODULE
options = ArgumentSpecValidator(**MODULE.spec).validate(json.loads(sys.argv[1])).validated_parameters
result = _module.perform(MODULE, options, check_mode=False, want_diff=False, warn=print)
assert not result.get("failed"), result
# Not getrusage: its peak begins with that of the process that forked this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


class Bench:
    def __init__(self, world, directory, rounds):
        self.world = world
        self.directory = directory
        self.rounds = rounds
        self.connection = {name: world.platform_options()[name] for name in ("token", "api_url")}

    def new_site(self):
        """A site in a world without any uploaded files."""
        self.world.sandbox.reset()
        if self.latency:
            self.world.sandbox.admin(
                "POST",
                "faults",
                {"platform": "netlify", "operation": "*", "kind": "slow", "seconds": self.latency, "times": None},
            )
        return self.world.api("POST", "/sites", {"name": "shop"})["id"]

    latency = 0.0

    def command(self, name, **options):
        """(arguments, environment) of ansible-playbook for one task, which writes its seconds to the file C(times)."""
        times, playbook = self.directory / "times", self.directory / "play.yml"
        times.write_text("")
        playbook.write_text(
            PLAYBOOK.format(
                name=name, options="\n        ".join(f"{key}: {json.dumps(value)}" for key, value in options.items())
            )
        )
        environment = {
            **os.environ,
            "TASK_TIMES": str(times),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "task_times",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }
        return [str(pathlib.Path(sys.executable).parent / "ansible-playbook"), str(playbook)], environment

    def seconds(self):
        """Seconds of the last task, from its start to its result."""
        measured = json.loads((self.directory / "times").read_text().splitlines()[-1])
        assert not measured["failed"], measured
        return measured["seconds"]

    def task(self, name, **options):
        """Seconds of one task through ansible-playbook."""
        command, environment = self.command(name, **options)
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.stdout
        return self.seconds()

    def deploy(self, source):
        return self.task(
            "webops.paas.netlify_deploy",
            site="shop",
            src=str(source),
            poll_interval=0.1,
            **self.connection,
        )

    def uri(self):
        """(b): one GET of the site."""
        return self.task(
            "ansible.builtin.uri",
            url=f"{self.world.sandbox.url}/api/v1/sites/shop.netlify.app",
            headers={"Authorization": f"Bearer {self.connection['token']}"},
        )

    def plain(self, source):
        """(a): the plain client's whole process."""
        site_id = self.new_site()
        began = time.monotonic()
        subprocess.run(
            [
                sys.executable,
                str(HERE / "plain_client.py"),
                f"{self.world.sandbox.url}/api/v1",
                self.connection["token"],
                site_id,
                str(source),
                str(CONCURRENCY),
            ],
            check=True,
        )
        return time.monotonic() - began

    def peak(self, source):
        """MB that the module's process needs for a first deploy, including the interpreter and all imports."""
        self.new_site()
        options = {"site": "shop", "src": str(source), **self.connection}
        return (
            int(
                subprocess.run(
                    [sys.executable, "-c", MEMORY, json.dumps(options)], check=True, capture_output=True, text=True
                ).stdout
            )
            / 1024
        )

    def requests_of(self, action):
        last = self.world.sandbox.admin("GET", "requests")["last"]
        result = action()
        return result, len(
            [
                call
                for call in self.world.sandbox.admin("GET", f"requests?since={last}")["requests"]
                if call["platform"] == "netlify"
            ]
        )

    def size(self, source):
        """Medians of one size: {name: (seconds, requests)}."""
        seconds = {name: [] for name in ("plain", "uri", "cold", "unchanged", "one file changed")}
        requests = {}
        page = source / "index.html"
        for number in range(self.rounds):
            seconds["plain"].append(self.plain(source))
            self.new_site()
            seconds["uri"].append(self.uri())
            for name in ("cold", "unchanged", "one file changed"):
                if name == "one file changed":
                    page.write_text(f"{page.read_text()}<!-- {number} {time.time()} -->")
                taken, requests[name] = self.requests_of(lambda: self.deploy(source))
                seconds[name].append(taken)
        return {name: (statistics.median(values), requests.get(name)) for name, values in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--bytes", type=int, default=27_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    rows, aims, memory = [], [], {}
    try:
        bench = Bench(World(sandbox, directory), directory, arguments.rounds)
        for files in arguments.files:
            source = directory / f"site-{files}"
            write_site(source, release=1, files=files, size=arguments.bytes)
            for bench.latency in (0.0, 0.03):
                label = f"{files} files" + (", 30 ms added" if bench.latency else "")
                print(f"==> {label}", file=sys.stderr, flush=True)
                result = bench.size(source)
                plain, uri = result["plain"][0], result["uri"][0]
                rows.append((label, "plain client (a)", plain, "1.0 (a)", ""))
                rows.append(("", "uri, one GET (b)", uri, "1.0 (b)", 1))
                for name, base, sign in (
                    ("cold", plain + uri, "(a)+(b)"),
                    ("unchanged", uri, "(b)"),
                    ("one file changed", uri, "(b)"),
                ):
                    taken, sent = result[name]
                    rows.append(("", name, taken, f"{taken / base:.2f} {sign}", sent))
                    if name != "one file changed":
                        aims.append(Aim(f"{label}: {name}", taken / base, 1.5, unit=f"times {sign}"))
            bench.latency = 0.0
            memory[files] = bench.peak(source)
            aims.append(Aim(f"{files} files: memory", memory[files], 100, unit="MB"))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    if len(memory) > 1:
        fewest, most = min(memory), max(memory)
        growth = (memory[most] - memory[fewest]) * 1024 / (most - fewest)
        aims.append(Aim(f"memory of each file, from {fewest} to {most} files", growth, 3, unit="KB"))
    table(rows, ("site", "run", "seconds", "ratio", "requests"))
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
