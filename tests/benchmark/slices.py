# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty runs of ansible-playbook at the same time, with one token and Netlify's real limits: 3 deploys a minute.

Each run is a slice of the hosts of the inventory plugin, cut as AWX cuts the slices of a job, and deploys its sites.
The runs know nothing of each other. Prints a table, and whether each aim is met:

- each site has what was to be deployed, and no site has more than one deploy;
- the deploys take at most 1.1 times as long as the limit requires.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# After this directory, because both have a doors.py.
sys.path.append(str(HERE.parent / "contract"))

from harness import Sandbox, World
from report import Aim, conclude, table

# fact: netlify 0 [G]
DEPLOYS_A_MINUTE = 3
TIMES_MINIMUM = 1.1
PLAYBOOK = """
- hosts: all
  connection: local
  gather_facts: false
  tasks:
    - webops.paas.netlify_deploy:
        site: "{{ inventory_hostname }}"
        src: "SOURCES/{{ inventory_hostname }}"
"""


class Slices:
    """The account with its sites, and the runs."""

    def __init__(self, directory: pathlib.Path, sandbox: Sandbox, sites: int) -> None:
        self.directory, self.sandbox, self.world = directory, sandbox, World(sandbox, directory)
        self.names = [f"shop-{number:02}" for number in range(sites)]
        self.inventory, self.playbook = directory / "sites.netlify.yml", directory / "deploy.yml"
        self.inventory.write_text("plugin: webops.paas.netlify\n")
        self.playbook.write_text(PLAYBOOK.replace("SOURCES", str(directory)))
        self.programs = pathlib.Path(sys.executable).parent
        interpreter = {"ANSIBLE_PYTHON_INTERPRETER": sys.executable}
        self.environment = {**os.environ, **sandbox.environment, **interpreter}

    def prepare(self) -> None:
        for name in self.names:
            self.world.api("POST", "/sites", {"name": name})
            (self.directory / name).mkdir()
            (self.directory / name / "index.html").write_text(f"<h1>{name}</h1>\n")
        self.sandbox.forget()

    def hosts(self) -> list[str]:
        command = [str(self.programs / "ansible-inventory"), "-i", str(self.inventory), "--list"]
        listed = json.loads(subprocess.check_output(command, env=self.environment))
        return sorted(listed["_meta"]["hostvars"])

    def run(self, count: int) -> list[str]:
        """Start all slices together, and wait for them; returns what they printed."""
        hosts, running = self.hosts(), []
        for number in range(count):
            limit = ",".join(hosts[number::count])
            command = [str(self.programs / "ansible-playbook"), "-i", str(self.inventory), "-l", limit]
            command.append(str(self.playbook))
            path = self.directory / f"slice-{number}.log"
            with open(path, "wb") as log:
                running.append((path, subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)))
        printed = []
        for path, process in running:
            status = process.wait()
            printed.append(path.read_text(encoding="utf-8"))
            assert status == 0, printed[-1]
        return printed

    def wrong(self) -> list[str]:
        """What is lost or there twice."""
        found = []
        for name in self.names:
            deploys = self.world.api("GET", f"/sites/{name}.netlify.app/deploys")
            page = self.sandbox.visitor.request("GET", "/", headers={"Host": f"{name}.netlify.app"})
            if len(deploys) != 1:
                found.append(f"{name} has {len(deploys)} deploys")
            if page.content != f"<h1>{name}</h1>\n".encode():
                found.append(f"{name} does not have its page")
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--slices", type=int, default=20)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    try:
        slices = Slices(directory, sandbox, arguments.sites)
        slices.prepare()
        sandbox.admin("POST", "limits", {"limits": "real"})
        began = time.monotonic()
        printed = slices.run(arguments.slices)
        taken = time.monotonic() - began
        sandbox.admin("POST", "limits", {"limits": "none"})
        calls = sandbox.calls()
        wrong = slices.wrong()
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    creations = [call for call in calls if call["operation"] == "createSiteDeploy"]
    times = [call["time"] for call in creations if call["status"] < 300]
    refused = sum(call["status"] == 429 for call in creations)
    minimum = 60 * (math.ceil(arguments.sites / DEPLOYS_A_MINUTE) - 1)
    deploying = max(times) - min(times)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = (arguments.slices, arguments.sites, minimum, f"{deploying:.0f}", f"{taken:.0f}", refused, len(calls))
    table(
        [(*map(str, row), f"{usage.ru_utime + usage.ru_stime:.0f}")],
        ("runs", "deploys", "minimum", "first to last deploy", "all runs", "refused", "requests", "on CPUs"),
    )
    warned = sum("limits the rate" in text for text in printed)
    print(f"{warned} runs had to wait.", *wrong, sep="\n")
    label = f"{arguments.sites} deploys by {arguments.slices} runs"
    return conclude(
        [
            Aim(f"{label}: lost, twice or wrong", len(wrong), 0, unit="sites"),
            Aim(f"{label}: created", len(times), arguments.sites, unit="deploys"),
            Aim(f"{label}: time from the first to the last", deploying / max(1, minimum), TIMES_MINIMUM),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
