# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory with a playbook, and the programs of Ansible that run it."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import yaml

from ansible_collections.webops.paas.plugins.module_utils._http import transport

# Where Ansible finds the collection, unless the caller says it.
COLLECTIONS = pathlib.Path(transport.__file__).parents[6]


class Unsafe(str):
    """A text that looks like a template and is none."""


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def never_evaluated(value):
    """The same, its texts marked where Ansible would take them for templates."""
    if isinstance(value, dict):
        return {key: never_evaluated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [never_evaluated(item) for item in value]
    return Unsafe(value) if isinstance(value, str) and ("{{" in value or "{%" in value) else value


class Bench:
    """A directory with a playbook, and the programs of the environment that runs these tests."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory / "bench"
        self.directory.mkdir()
        here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        (self.directory / "inventory.yml").write_text(json.dumps({"all": {"hosts": {"localhost": here}}}))

    def run(self, program: str, *arguments: str, **environment: str) -> str:
        """All that it printed; it must succeed, without a warning."""
        foreign = ("NETLIFY_", "FLEEK_", "HASURA_", "FLIGHTCONTROL_", "PYTHONPATH")
        env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        env.update(LC_ALL="C.UTF-8", ANSIBLE_NOCOLOR="1", **environment)
        env.setdefault("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS))
        command = [
            sys.executable,
            str(pathlib.Path(sys.executable).parent / program),
            "-i",
            "inventory.yml",
            *arguments,
        ]
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def play(self, tasks: list, variables: dict, *, module_defaults: dict | None = None, **environment: str):
        """Runs tasks, the variables from a file, with -vvvv: ({name of each registered result: result}, output)."""
        play = {
            "name": "Scenario",
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": ["vars.yml"],
            "module_defaults": module_defaults or {},
            "tasks": tasks,
        }
        (self.directory / "vars.yml").write_text(yaml.dump(variables, Dumper=Dumper))
        (self.directory / "playbook.yml").write_text(json.dumps([play], indent=1))
        output, results = self.run_and_tell("-vvvv", **environment)
        registered = {task["register"]: results[task["name"]][-1] for task in tasks if "register" in task}
        return {name: of_users(result) for name, result in registered.items()}, output

    def run_and_tell(self, *arguments: str, **environment: str):
        """Runs the playbook: (output, {name of the task: its results, one for each item})."""
        told = self.directory / "results"
        told.write_text("")
        output = self.run(
            "ansible-playbook",
            *arguments,
            "playbook.yml",
            **{
                "TASK_RESULTS": str(told),
                "ANSIBLE_CALLBACKS_ENABLED": "task_results",
                "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
                **environment,
            },
        )
        results: dict = {}
        for line in told.read_text().splitlines():
            entry = json.loads(line)
            results.setdefault(entry["task"], []).append(entry["result"])
        return output, results


def of_users(result: dict) -> dict:
    """Without what Ansible keeps for itself."""
    return {key: value for key, value in result.items() if not key.startswith("_ansible_")}


def task(module: str, register: str, options: dict, **keywords) -> dict:
    return {"name": f"{module} {register}", f"webops.paas.{module}": options, "register": register, **keywords}
