# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many submissions in a file, and many snippets in a task, as ratios in one run.

Prints a table, and whether each aim is met:

- netlify_submission_info with dest needs for 12,000 submissions at most 1.1 times the memory of 1,200, everything
included;
- a netlify_snippets task with 50 snippets that changes nothing takes at most twice as long as a netlify_snippet task,
  through either door.

Every time is the median of several runs, one after another in turn, so that a busy moment of the machine hits all.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# After this directory, because both have a doors.py.
sys.path.append(str(HERE.parent / "contract"))

from deploys import MEMORY
from doors import seconds_of
from harness import Sandbox, World
from report import Aim, conclude, table
from scenarios.netlify import deploy_by_hand, site

FORM = '<form name="contact" data-netlify="true"><input name="email"><textarea name="message"></textarea></form>'
SNIPPETS = 50
TIMES_THE_TIME = 2
TIMES_THE_MEMORY = 1.1


def peak(world, directory, count):
    """MB that the module's process needs to write so many submissions to a file, the interpreter and all imports
    included.
    """
    world.sandbox.reset()
    site(world)
    deploy_by_hand(world, {"index.html": FORM})
    world.sandbox.admin("POST", "netlify/submissions", {"site": "shop", "form": "contact", "count": count})
    dest = directory / "submissions.jsonl"
    options = {"site": "shop", "form": "contact", "dest": str(dest), **connection(world)}
    script = MEMORY.replace("netlify_deploy", "netlify_submission_info")
    printed = subprocess.run(
        [sys.executable, "-c", script, json.dumps(options)], check=True, capture_output=True, text=True
    ).stdout
    with dest.open(encoding="utf-8") as lines:
        assert sum(1 for _line in lines) == count
    return int(printed) / 1024


def connection(world):
    return {name: world.platform_options()[name] for name in ("token", "api_url")}


def unchanged_tasks(world):
    """Names and options: one snippet, and all of them; each runs with nothing to do."""
    world.sandbox.reset()
    site(world)
    snippets = [
        {"title": f"Snippet {number}", "general": f"<b>{number}</b>", "general_position": "head"}
        for number in range(SNIPPETS)
    ]
    for snippet in snippets:
        world.api("POST", "/sites/shop.netlify.app/snippets", snippet)
    common = {"site": "shop", **connection(world)}
    return {
        "one snippet": ("webops.paas.netlify_snippet", {**snippets[-1], **common}),
        f"{SNIPPETS} snippets": ("webops.paas.netlify_snippets", {"snippets": snippets, "purge": True, **common}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, nargs=2, default=[1200, 12000])
    parser.add_argument("--count", type=int, default=10, help="tasks in a playbook")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    rows, aims = [], []
    try:
        world = World(sandbox, directory)
        memory = {count: peak(world, directory, count) for count in arguments.submissions}
        fewest, most = arguments.submissions
        rows += [
            (f"{count} submissions to a file", f"{memory[count]:.1f} MB", f"{memory[count] / memory[fewest]:.2f}")
            for count in memory
        ]
        name = f"memory for {most} submissions, compared with {fewest}"
        aims.append(Aim(name, memory[most] / memory[fewest], TIMES_THE_MEMORY))
        tasks = unchanged_tasks(world)
        for door, is_fast in (("in-process", True), ("module door", False)):
            taken = {what: [] for what in tasks}
            for _round in range(arguments.rounds):
                for what, (name, options) in tasks.items():
                    taken[what].append(seconds_of(directory, name, options, is_fast, arguments.count))
            one, many = (statistics.median(values) for values in taken.values())
            rows += [
                (
                    f"{what}, {door}",
                    f"{1000 * statistics.median(values):.1f} ms",
                    f"{statistics.median(values) / one:.2f}",
                )
                for what, values in taken.items()
            ]
            name = f"{door}: {SNIPPETS} unchanged snippets, compared with one"
            aims.append(Aim(name, many / one, TIMES_THE_TIME))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    table(rows, ("of", "needed", "times the first"))
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
