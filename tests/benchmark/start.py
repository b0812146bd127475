# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's start of a task costs because it is one of ours.

Prints tables, and whether each aim is met:

- in the controller process, a converged netlify_site task takes at most 15 ms longer than an ansible.builtin.debug
  task, and an item of a loop at most 4 ms longer than an item of debug;
- over the items of a long loop, memory grows by the results only, which Ansible keeps;
- as a module process, its start takes at most 1.05 times as long as that of an empty module, and it carries no code of
  other platforms.

Times are medians of several runs, in turn. Milliseconds on CPUs (user and system) include all processes but the
sandbox. The aims are about them, since they say more on a busy machine. The first task of a play also imports code,
once for all others: it stands apart. Floors stand beside the module process: an empty module that only imports the
library that sends requests, and C(uri).
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "contract"))

from estates import run
from harness import Sandbox, World
from report import Aim, conclude, table

OURS, DEBUG, URI = "webops.paas.netlify_site", "ansible.builtin.debug", "ansible.builtin.uri"
MOST_MILLISECONDS = {"task": 15, "item": 4}
TIMES_EMPTY = 1.05
# For each item of a loop, besides its result.
MOST_KILOBYTES = 0.1
MEMORY = """
import json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform
from ansible_collections.webops.paas.plugins.modules.netlify_site import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._door import SESSIONS, as_received
for _item in range(int(sys.argv[2])):
    options = ArgumentSpecValidator(**MODULE.spec).validate(json.loads(sys.argv[1])).validated_parameters
    result = perform(MODULE, options, check_mode=False, want_diff=False, warn=print, sessions=SESSIONS)
    assert not as_received(result, {options["token"]})["changed"]
print(next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
# CPU time of the parts of a task, as a worker runs them: in a process that was just forked, or later in a loop.
PARTS = """
import json, os, statistics, sys, time
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.action.netlify_site import MODULE
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform
from ansible_collections.webops.paas.plugins.plugin_utils._door import SESSIONS, as_received, as_sent

def parts():
    moments = [time.process_time()]
    validated = ArgumentSpecValidator(**MODULE.spec).validate(as_sent(json.loads(sys.argv[1]))).validated_parameters
    moments.append(time.process_time())
    result = perform(MODULE, validated, check_mode=False, want_diff=False, warn=print, sessions=SESSIONS)
    moments.append(time.process_time())
    assert not as_received(result, {validated["token"]})["changed"]
    moments.append(time.process_time())
    return [1000 * (after - before) for before, after in zip(moments, moments[1:])]

def forked(items):
    reading, writing = os.pipe()
    if not os.fork():
        found = [parts() for _item in range(items)]
        os.write(writing, json.dumps(found[-1]).encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as stream:
        found = json.load(stream)
    os.wait()
    return found

for items in (1, 5):
    print(json.dumps([statistics.median(each) for each in zip(*(forked(items) for _fork in range(40)))]))
"""
EMPTY_MODULE = """
from ansible.module_utils.basic import AnsibleModule
{further}
AnsibleModule(argument_spec={{}}).exit_json()
"""
# Modules that do nothing, by what else they import.
EMPTY_MODULES = {"empty": "", "empty, imports urllib3": "import urllib3", "empty, imports requests": "import requests"}


class Bench:
    def __init__(self, world, directory):
        self.options = {name: world.platform_options()[name] for name in ("token", "api_url")}
        self.directory = directory
        self.playbook = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
        library = directory / "library"
        library.mkdir()
        for name, further in EMPTY_MODULES.items():
            (library / f"{name_of(name)}.py").write_text(EMPTY_MODULE.format(further=further))
        self.environment = {
            **os.environ,
            "ANSIBLE_LIBRARY": str(library),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }

    def task(self, name):
        url = self.options["api_url"] + "/sites/none"
        options = {OURS: {"name": "shop", **self.options}, URI: {"url": url, "status_code": [401]}}
        return {"name": "Measured", name_of(name): options.get(name, {})}

    def command(self, tasks, is_fast=True, **environment):
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
        path = self.directory / "play.yml"
        path.write_text(json.dumps([{**play, "vars": {"webops_paas_fast": is_fast}}]))
        return [self.playbook, str(path)], {**self.environment, **environment}

    def beyond(self, unit, name, count):
        """(seconds, seconds on CPUs) of one more task among so many, or item of a loop among ten times as many."""
        if unit == "item":
            count *= 10
            few, many = ([{**self.task(name), "loop": loop_of(number)}] for number in (1, 1 + count))
        else:
            few, many = ([self.task(name)] * number for number in (1, 1 + count))
        _printed, *one = run(*self.command(few))
        _printed, *all_of_them = run(*self.command(many))
        return [(more - less) / count for more, less in zip(all_of_them, one, strict=True)]

    def first(self, name):
        """(seconds, seconds on CPUs) of a play with one task."""
        return run(*self.command([self.task(name)]))[1:]

    def parts(self):
        """Milliseconds on CPUs of the options, the module's class and the result: in a new process, in a loop."""
        options = json.dumps({"name": "shop", **self.options})
        return [
            json.loads(line) for line in run([sys.executable, "-c", PARTS, options], self.environment)[0].splitlines()
        ]

    def peak(self, name, items):
        """(MB of the controller process, MB of the worker) in a loop."""
        tasks = [{**self.task(name), "loop": loop_of(items)}]
        command, environment = self.command(tasks)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peaks = {"parent": 0.0, "worker": 0.0}

        def watch():
            while process.poll() is None:
                peaks["parent"] = max(peaks["parent"], megabytes(process.pid))
                for worker in children_of(process.pid):
                    peaks["worker"] = max(peaks["worker"], megabytes(worker))
                time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join()
        assert process.returncode == 0, items
        return peaks["parent"], peaks["worker"]

    def without_results(self, items):
        """MB of a process that does as much without keeping results, as Ansible does."""
        options = json.dumps({"name": "shop", **self.options})
        return (float(run([sys.executable, "-c", MEMORY, options, str(items)], self.environment)[0]),)

    def payload(self, name):
        """The file that Ansible would send to another machine."""
        remote = self.directory / "remote" / name_of(name)
        command, environment = self.command(
            [self.task(name)], is_fast=False, ANSIBLE_KEEP_REMOTE_FILES="1", ANSIBLE_REMOTE_TEMP=str(remote)
        )
        run(command, environment)
        [path] = remote.glob("*/AnsiballZ_*.py")
        return path

    def module_process(self, payload):
        """(seconds, seconds on CPUs) of the module's process."""
        return run([sys.executable, str(payload)], self.environment)[1:]


def loop_of(items):
    """A loop over so many items. Ansible sends a list that is written in the playbook along with each item's result."""
    return f"{{{{ range({items}) | list }}}}"


def name_of(name):
    """The name of a module, from its name in a table."""
    return name.replace(", ", "_").replace(" ", "_")


def megabytes(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found.group(1)) / 1024 if found else 0.0


def children_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def files_in(payload):
    """{path: bytes} of what the payload carries."""
    data = max(re.findall(rb"[A-Za-z0-9+/]{1000,}={0,2}", payload.read_bytes()), key=len)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data))) as archive:
        return {info.filename: info.file_size for info in archive.infolist()}


def medians(measure, keys, rounds):
    """{key: the median of each value that measure(key) returns}, measured in turn."""
    values = {key: [] for key in keys}
    for _round in range(rounds):
        for key in keys:
            values[key].append(measure(*key))
    return {key: [statistics.median(each) for each in zip(*rows, strict=True)] for key, rows in values.items()}


def in_controller(bench, count, rounds):
    rows, aims = [], []
    keys = [(unit, name) for unit in MOST_MILLISECONDS for name in (DEBUG, OURS)]
    found = medians(lambda unit, name: bench.beyond(unit, name, count), keys, rounds)
    found |= {
        ("first task", name): value for (name,), value in medians(bench.first, [(DEBUG,), (OURS,)], rounds).items()
    }
    for (unit, name), (wall, cpu) in found.items():
        rows.append((unit, name, f"{1000 * wall:.1f}", f"{1000 * cpu:.1f}"))
    for unit, most in MOST_MILLISECONDS.items():
        wall, cpu = (1000 * (ours - empty) for ours, empty in zip(found[unit, OURS], found[unit, DEBUG], strict=True))
        aims.append(Aim(f"one {unit}, beyond debug", cpu, most, unit="ms", note=f"{wall:.1f} ms on the clock"))
    table(rows, ("of", "what", "milliseconds", "on CPUs"))
    return aims


def where_it_goes(bench):
    names = (
        "options: Ansible's validation",
        "the class of the module, with one request",
        "result: masking and marking it",
    )
    rows = [(name, *map("{:.1f}".format, each)) for name, *each in zip(names, *bench.parts(), strict=True)]
    table(rows, ("part", "first in its process", "later in a loop"))


def memory(bench, items):
    small, large = (
        bench.peak(DEBUG, count) + bench.peak(OURS, count) + bench.without_results(count)
        for count in (items // 10, items)
    )
    names = [f"{process}, {name}" for name in (DEBUG, OURS) for process in ("controller process", "worker")]
    names += ["without the results, which Ansible keeps"]
    each = [max(0.0, 1024 * (more - less) / (items - items // 10)) for less, more in zip(small, large, strict=True)]
    table(
        [
            (*row[:1], *map("{:.0f}".format, row[1:3]), f"{row[3]:.1f}")
            for row in zip(names, small, large, each, strict=True)
        ],
        ("process", f"MB after {items // 10} items", f"MB after {items}", "KB for each"),
    )
    return [Aim(f"memory of an item, over {items} items", each[-1], MOST_KILOBYTES, unit="KB")]


def module_processes(bench, rounds):
    payloads = {name: bench.payload(name) for name in (*EMPTY_MODULES, URI, OURS)}
    found = medians(lambda name: bench.module_process(payloads[name]), [(name,) for name in payloads], rounds)
    rows = []
    for name, path in payloads.items():
        files = files_in(path)
        own = [each for each in files if "/webops/" in each and each.endswith(".py")]
        wall, cpu = found[name,]
        size = path.stat().st_size / 1024
        times = f"{cpu / found['empty',][1]:.2f}"
        rows.append((name, f"{size:.0f}", len(files), len(own), f"{1000 * wall:.0f}", f"{1000 * cpu:.0f}", times))
    table(rows, ("module", "KB", "files", "of them ours", "milliseconds", "on CPUs", "times empty"))
    foreign = [path for path in files_in(payloads[OURS]) if re.search("_(hasura|fleek|flightcontrol)/", path)]
    wall, cpu = (ours / empty for ours, empty in zip(found[OURS,], found["empty",], strict=True))
    return [
        Aim("module process, compared with an empty one", cpu, TIMES_EMPTY, note=f"{wall:.2f} on the clock"),
        Aim("files of other platforms in a module process", len(foreign), 0, unit="files"),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20, help="tasks, and a tenth of the items of a loop")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--items", type=int, default=10_000, help="items of the loop whose memory is measured")
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    try:
        world = World(sandbox, directory)
        world.api("POST", "/sites", {"name": "shop"})
        bench = Bench(world, directory)
        aims = in_controller(bench, arguments.count, arguments.rounds)
        where_it_goes(bench)
        aims += module_processes(bench, 3 * arguments.rounds)
        aims += memory(bench, arguments.items)
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
