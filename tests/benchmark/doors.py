# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors beside ansible.builtin.uri: seconds of a task and of a loop's item, as ratios in one run.

20 converged netlify_site tasks and one loop of 20 through each door, beside 20 ansible.builtin.uri GET tasks and a loop
of 20. Each sends one GET. Prints a table, and whether each aim is met: inside the controller
process a task is 10 times as fast as in the module's own, and an item of a loop 30 times.

Every figure is the median of several runs, one after another in turn, so that a busy moment of the machine hits all.
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

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "contract"))

from harness import Sandbox, World
from report import Aim, conclude, table

AIMS = {"task": 10, "item": 30}


def options_of(world, name):
    url, token = (world.platform_options()[key] for key in ("api_url", "token"))
    if name == "ansible.builtin.uri":
        return {"url": f"{url}/sites/shop.netlify.app", "headers": {"Authorization": f"Bearer {token}"}}
    return {"name": "shop", "api_url": url, "token": token}


def seconds(world, directory, name, is_fast, count, is_loop):
    """The seconds of one task, or of one item."""
    return seconds_of(directory, name, options_of(world, name), is_fast, count, is_loop)


def seconds_of(directory, name, options, is_fast, count, is_loop=False):
    """The seconds of one of several equal tasks in a playbook, or of one item; none of them may change anything."""
    task = {"name": "Measured", name: options}
    tasks = [{**task, "loop": list(range(count))}] if is_loop else [task] * count
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"webops_paas_fast": is_fast},
        "tasks": tasks,
    }
    times = directory / "times"
    times.write_text("")
    (directory / "play.yml").write_text(json.dumps([play]))
    environment = {
        **os.environ,
        "TASK_TIMES": str(times),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "task_times",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    done = subprocess.run(
        [str(pathlib.Path(sys.executable).parent / "ansible-playbook"), str(directory / "play.yml")],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    measured = [json.loads(line) for line in times.read_text().splitlines()]
    assert len(measured) == (1 if is_loop else count) and not any(
        each["failed"] or each["changed"] for each in measured
    ), measured
    return sum(each["seconds"] for each in measured) / count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    ways = {
        "in-process": ("webops.paas.netlify_site", True),
        "module door": ("webops.paas.netlify_site", False),
        "uri": ("ansible.builtin.uri", False),
    }
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    taken = {(unit, way): [] for unit in AIMS for way in ways}
    try:
        world = World(sandbox, directory)
        world.api("POST", "/sites", {"name": "shop"})
        for _round in range(arguments.rounds):
            for (unit, way), values in taken.items():
                values.append(seconds(world, directory, *ways[way], arguments.count, unit == "item"))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    median = {key: statistics.median(values) for key, values in taken.items()}
    table(
        [
            (
                "one " + unit,
                way,
                f"{1000 * median[unit, way]:.1f}",
                f"{median[unit, way] / median[unit, 'in-process']:.1f}",
            )
            for unit, way in median
        ],
        ("of", "through", "milliseconds", "times in-process"),
    )
    return conclude(
        [
            Aim(
                f"one {unit}, times as fast as in a module process",
                median[unit, "module door"] / median[unit, "in-process"],
                aim,
                is_minimum=True,
            )
            for unit, aim in AIMS.items()
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
