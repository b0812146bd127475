# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory over the number of files, the number of resources, and the latency, as plots.

Beside ours: the plain client with eight parallel requests, and the ideal, which is the plain client with the best of
several numbers. Prints tables, and whether each aim is met:

- a file, or a resource, takes at most 1.3 times as long in the largest run as in the run before;
- the memory for each further file is at most 3 KB, and for each further resource at most 30 KB;
- a cold deploy takes at most 1.3 times as long as the ideal with any latency.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# After this directory, because both have a doors.py.
sys.path.append(str(HERE.parent / "contract"))

from estates import EstateBench, run
from harness import Sandbox, World
from report import Aim, conclude, plot, table

FILES = (10, 100, 1000, 10_000, 50_000)
RESOURCES = (5, 50, 500, 5000)
LATENCIES = (0, 10, 30, 100, 300)
BYTES = 4096
# Files of the runs over the latency.
FILES_OF_LATENCY = 1000
# The smallest size for which growth is measured.
SMALLEST_LARGE = 1000
# Numbers of parallel requests: of the plain client, and further ones for the ideal.
USUAL, OTHERS = 8, (16, 32, 64)
TIMES_THE_IDEAL = TIMES_AS_LONG = 1.3
MOST_KILOBYTES = {"file": 3, "resource": 30}
TASK, PLAIN, IDEAL = "task", "plain client", "ideal"
LINES = (TASK, "whole ansible-playbook", PLAIN, IDEAL)
# Runs a script, and prints the peak of its memory.
WATCHED = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


class Scaling(EstateBench):
    def script(self, name, *arguments):
        """(seconds, MB) of the process of a plain client."""
        url = f"{self.world.sandbox.url}/api/v1"
        command = [sys.executable, "-c", WATCHED, str(HERE / name), url, self.connection["token"], *arguments]
        printed, seconds, _cpu = run(command, os.environ)
        return seconds, int(printed.splitlines()[-1]) / 1024

    def plain_deploy(self, source, number):
        return self.script("plain_client.py", self.new_site(), str(source), str(number))

    def plain_estate(self, what, number=USUAL):
        return self.script("plain_estate.py", str(self.estate), what, str(number))

    def task_and_process(self, name, **options):
        """(seconds of the task, seconds of ansible-playbook)"""
        _printed, process, _cpu = run(*self.command(name, **options))
        return self.seconds(), process

    def deploys(self, source):
        """{line: seconds} of a cold deploy, and {line: MB}."""
        taken = {}
        for _round in range(self.rounds):
            self.new_site()
            options = {"site": "shop", "src": str(source), "poll_interval": 0.1, **self.connection}
            task, process = self.task_and_process("webops.paas.netlify_deploy", **options)
            plain, memory = self.plain_deploy(source, USUAL)
            best = min(plain, *(self.plain_deploy(source, number)[0] for number in OTHERS))
            for line, seconds in zip(LINES, (task, process, plain, best), strict=True):
                taken.setdefault(line, []).append(seconds)
        return medians(taken), {TASK: self.peak(source), PLAIN: memory}

    def estates(self):
        """{phase: {line: seconds}} and {line: MB}."""
        taken = {"first": {}, "unchanged": {}}
        for _round in range(self.rounds):
            for phase, what in (("first", "create"), ("unchanged", "read")):
                found = []
                for number in (USUAL, *OTHERS):
                    if phase == "first":
                        self.empty()
                    found.append(self.plain_estate(what, number))
                if phase == "first":
                    self.empty()
                connections = {"netlify": self.connection}
                ours = self.task_and_process("webops.paas.apply", src=str(self.estate), connections=connections)
                others = (found[0][0], min(seconds for seconds, _memory in found))
                for line, seconds in zip(LINES, (*ours, *others), strict=True):
                    taken[phase].setdefault(line, []).append(seconds)
        return {phase: medians(lines) for phase, lines in taken.items()}, {
            TASK: self.peak_of_estate(),
            PLAIN: found[0][1],
        }


def write_files(directory, count):
    """A site with that many different files, which replaces the directory."""
    shutil.rmtree(directory, ignore_errors=True)
    for number in range(count):
        path = directory / str(number // 100) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number} ".ljust(BYTES, "x"), encoding="utf-8")


def medians(lines):
    return {line: statistics.median(values) for line, values in lines.items()}


def series(results):
    """{line: [(x, y)]} from {x: {line: y}}."""
    lines = next(iter(results.values()))
    return {line: [(x, round(found[line], 3)) for x, found in results.items()] for line in lines}


def show(title, x, unit, results):
    """results: {x: {line: y}}"""
    plot(title, x, unit, series(results))
    lines = list(next(iter(results.values())))
    table(
        [(number, *(f"{found[line]:.2f}" for line in lines)) for number, found in results.items()],
        (x, *(f"{line}, {unit}" for line in lines)),
        title,
    )


def growth(unit, seconds, memory):
    """Aims about the last two sizes, unless the start of the task is most of the time."""
    few, many = ([0, 0] + sorted(seconds))[-2:]
    if many < SMALLEST_LARGE:
        return
    each = {size: seconds[size][TASK] / size for size in (few, many)}
    name = f"time of each {unit} with {many}, compared with {few}"
    yield Aim(name, each[many] / each[few], TIMES_AS_LONG)
    kilobytes = 1024 * (memory[many][TASK] - memory[few][TASK]) / (many - few)
    yield Aim(f"memory of each {unit}, from {few} to {many}", kilobytes, MOST_KILOBYTES[unit], unit="KB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, nargs="*", default=FILES)
    parser.add_argument("--resources", type=int, nargs="*", default=RESOURCES, help="multiples of 5")
    parser.add_argument("--latency", type=int, nargs="*", default=LATENCIES, help="milliseconds")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    aims = []
    try:
        world = World(sandbox, directory)
        bench = Scaling(world, directory, arguments.rounds, 1)
        source = directory / "site"
        seconds, memory = {}, {}
        for files in arguments.files:
            print(f"==> {files} files", file=sys.stderr, flush=True)
            write_files(source, files)
            seconds[files], memory[files] = bench.deploys(source)
        if seconds:
            show("A cold deploy, 0 ms added", "files", "seconds", seconds)
            show("Memory of a cold deploy", "files", "MB", memory)
            aims += growth("file", seconds, memory)
        phases, memory = {"first": {}, "unchanged": {}}, {}
        for resources in arguments.resources:
            print(f"==> {resources} resources", file=sys.stderr, flush=True)
            bench = Scaling(world, directory, arguments.rounds, resources // 5)
            found, memory[resources] = bench.estates()
            for phase, lines in found.items():
                phases[phase][resources] = lines
        if memory:
            show("apply creates an estate, 0 ms added", "resources", "seconds", phases["first"])
            show("apply changes nothing, 0 ms added", "resources", "seconds", phases["unchanged"])
            show("Memory of apply", "resources", "MB", memory)
            aims += growth("resource", phases["unchanged"], memory)
        write_files(source, FILES_OF_LATENCY)
        seconds = {}
        for latency in arguments.latency:
            print(f"==> {latency} ms added", file=sys.stderr, flush=True)
            bench.latency = latency / 1000
            seconds[latency] = bench.deploys(source)[0]
            name = f"{FILES_OF_LATENCY} files, {latency} ms added, compared with the ideal"
            aims.append(Aim(name, seconds[latency][TASK] / seconds[latency][IDEAL], TIMES_THE_IDEAL))
        if seconds:
            show(f"A cold deploy of {FILES_OF_LATENCY} files", "milliseconds added", "seconds", seconds)
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
