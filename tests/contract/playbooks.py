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
        names = [task["register"] for task in tasks if "register" in task]
        save = {
            "name": "Save",
            "ansible.builtin.copy": {
                "content": "{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json }}",
                "dest": str(self.directory / "results.json"),
                "mode": "0600",
            },
        }
        play = {
            "name": "Scenario",
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": ["vars.yml"],
            "module_defaults": module_defaults or {},
            "tasks": [*tasks, save],
        }
        (self.directory / "vars.yml").write_text(yaml.dump(variables, Dumper=Dumper))
        (self.directory / "playbook.yml").write_text(json.dumps([play], indent=1))
        output = self.run("ansible-playbook", "-vvvv", "playbook.yml", **environment)
        return json.loads((self.directory / "results.json").read_text()), output


def task(module: str, register: str, options: dict, **keywords) -> dict:
    return {"name": f"{module} {register}", f"webops.paas.{module}": options, "register": register, **keywords}
