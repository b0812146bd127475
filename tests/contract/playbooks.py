# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory with a playbook, and the programs of Ansible that run it; many plays in one run."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from typing import Any

import yaml
from running_python import RunningPythons

from ansible_collections.webops.paas.plugins.module_utils._http import transport

# Where Ansible finds the collection, unless the caller sets it.
COLLECTIONS = pathlib.Path(transport.__file__).parents[6]
CONFIGURATION = pathlib.Path(__file__).parent / "ansible.cfg"
# Programs of Ansible that are given no other of its settings run in Pythons that have already imported it. That they
# also run in a new one is shown by test_doors_long_work.py, test_pipelines.py and others.
RUNNING = RunningPythons("running_ansible")
USUAL = {"ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_INJECT_INVOCATION"}
# For tasks that start a module: Pythons that are already running. What they cannot show (that the module also runs in a
# new one) is shown by other tasks.
MODULE_PYTHONS = RunningPythons()
# These have also imported what Ansible packs into each module, and Ansible sends the module without writing a file.
READY_PYTHONS = RunningPythons("ansible.module_utils.basic")


def in_running_python() -> dict[str, Any]:
    """Variables of a task that starts a module."""
    return {"ansible_python_interpreter": _client(MODULE_PYTHONS)}


def in_ready_python() -> dict[str, Any]:
    """Variables of a task that starts a module that other tasks of the suite start in the usual way."""
    return {"ansible_python_interpreter": _client(READY_PYTHONS), "ansible_pipelining": True}


def _client(pythons: RunningPythons) -> str:
    return str(pythons.client({}, dict(os.environ)))


class Unsafe(str):
    """A text that looks like a template but is not one."""


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def never_evaluated(value):
    """The same value, with texts marked that Ansible would treat as templates."""
    if isinstance(value, dict):
        return {key: never_evaluated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [never_evaluated(item) for item in value]
    return Unsafe(value) if isinstance(value, str) and ("{{" in value or "{%" in value) else value


class Bench:
    """A directory with a playbook, and the programs of the environment that runs these tests."""

    dumper = Dumper

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory / "bench"
        self.directory.mkdir()
        here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        (self.directory / "inventory.yml").write_text(json.dumps({"all": {"hosts": {"localhost": here}}}))

    def command(self, program: str, *arguments: str, **environment: str) -> dict[str, Any]:
        """The arguments for subprocess to run a program of Ansible."""
        foreign = ("NETLIFY_", "FLEEK_", "HASURA_", "FLIGHTCONTROL_", "PYTHONPATH")
        env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        env.update(LC_ALL="C.UTF-8", ANSIBLE_NOCOLOR="1", ANSIBLE_CONFIG=str(CONFIGURATION), **environment)
        env.setdefault("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS))
        path = str(pathlib.Path(sys.executable).parent / program)
        return {
            "args": [sys.executable, path, "-i", "inventory.yml", *arguments],
            "cwd": self.directory,
            "env": env,
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
        }

    def running(self, program: str, *arguments: str, **environment: str) -> dict[str, Any]:
        """The same, in a Python that has already imported Ansible, if it is given none of Ansible's other settings."""
        command = self.command(program, *arguments, **environment)
        if all(name in USUAL or not name.startswith(("ANSIBLE_", "PYTHON")) for name in environment):
            # Ansible reads its settings when it is imported.
            settings = {name: environment[name] for name in USUAL & set(environment)}
            command["args"][0] = str(RUNNING.client(settings, command["env"]))
        return command

    def run(self, program: str, *arguments: str, **environment: str) -> str:
        """The complete output; the program must succeed, and nothing in it may be deprecated by Ansible."""
        command = self.running(program, *arguments, **environment)
        done = subprocess.run(**command, stdout=subprocess.PIPE, text=True, timeout=600, check=False)
        assert done.returncode == 0 and "[DEPRECATION WARNING]" not in done.stdout, done.stdout
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
        output = self.run("ansible-playbook", *arguments, "playbook.yml", **{**self.telling(), **environment})
        return output, self.told()

    def telling(self) -> dict[str, str]:
        """Variables that make a play report its results."""
        (self.directory / "results").write_text("")
        return {
            "TASK_RESULTS": str(self.directory / "results"),
            "ANSIBLE_CALLBACKS_ENABLED": "task_results",
            "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
        }

    def told(self) -> dict[str, list]:
        """{name of the task: its results, one for each item} since the last call."""
        results: dict[str, list] = {}
        for line in (self.directory / "results").read_text().splitlines():
            entry = json.loads(line)
            results.setdefault(entry["task"], []).append(entry["result"])
        (self.directory / "results").write_text("")
        return results

    def run_parts(self, parts: list[Part], *arguments: str, **environment: str) -> None:
        """One run of ansible-playbook with a play for each part; the plays run one after the other."""
        names = {f"part-{number}": part for number, part in enumerate(parts)}
        given = {"hosts": "localhost", "gather_facts": False}
        plays, defaults = [], {}
        for name, part in names.items():
            keywords = dict(part.keywords)
            # ansible-core 2.16 evaluates them for each action, and variables are only known to the part's tasks.
            defaults[name] = keywords.pop("module_defaults", {})
            # A separate file for each, because Ansible reads a file only once.
            step = {"name": "Take the tasks", "ansible.builtin.include_tasks": f"{name}.yml"}
            plays.append({"name": name, **given, **keywords, "tasks": [step]})
        (self.directory / "playbook.yml").write_text(yaml.dump(plays, Dumper=self.dumper, sort_keys=False))
        printed = self.directory / "output"
        with contextlib.ExitStack() as stack:
            gate = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            file = stack.enter_context(printed.open("wb"))
            gate.settimeout(0.1)
            environment = {**self.telling(), "PLAY_GATE": str(gate.getsockname()[1]), **environment}
            command = self.running("ansible-playbook", *arguments, "playbook.yml", **environment)
            process = subprocess.Popen(**command, stdout=file)
            current = None
            try:
                while process.poll() is None:
                    with contextlib.suppress(TimeoutError):
                        connection, _address = gate.accept()
                        with connection, connection.makefile() as asked:
                            name = asked.readline().strip()
                            if current is not None:
                                current.ended(self.told())
                            current = names[name]
                            tasks, variables = current.begun()
                            block = {"block": tasks, "vars": variables, "module_defaults": defaults[name]}
                            content = yaml.dump([block] if tasks else [], Dumper=self.dumper, sort_keys=False)
                            (self.directory / f"{name}.yml").write_text(content)
                            connection.sendall(b".")
            finally:
                process.kill()
                process.wait()
        if current is not None:
            current.ended(self.told())
        output = printed.read_text(encoding="utf-8")
        for name, part in names.items():
            _before, found, after = output.partition(f"\nPLAY [{name}] ")
            part.output = after.partition("\nPLAY [")[0] if found else output
            part.status = process.returncode


class Part(ABC):
    """One of several plays in a run. While it runs, no other play uses the sandbox.

    Its methods C(begin) and C(end) are called in the tests' process, before the first task and after the last.
    """

    # Parts of the same group are one run.
    group: str
    # Keywords of the play, in addition to those of all plays.
    keywords: dict[str, Any]

    def __init__(self, group: str) -> None:
        self.group = group
        self.keywords = {}
        self.results: dict[str, list] = {}
        self.output = ""
        self.status: int | None = None
        self.error: BaseException | None = None

    @abstractmethod
    def begin(self) -> tuple[list, dict]:
        """(tasks, variables); also prepares the platform for them."""

    def end(self) -> None:
        """Checks that need the state of the platform after the tasks."""
        return

    @classmethod
    @abstractmethod
    def run(cls, parts: list, sandbox: Any, directory: pathlib.Path) -> None:
        """All parts of a group."""

    def begun(self) -> tuple[list, dict]:
        try:
            return self.begin()
        except Exception as error:
            self.error = error
            return [], {}

    def ended(self, results: dict[str, list]) -> None:
        self.results = results
        if self.error is None:
            try:
                self.end()
            except (Exception, AssertionError) as error:
                self.error = error

    def check(self) -> None:
        """Raises the error of the run, if any."""
        if self.error is not None:
            raise self.error
        assert self.status == 0, self.output


def of_users(result: dict) -> dict:
    """Without Ansible's internal keys."""
    return {key: value for key, value in result.items() if not key.startswith("_ansible_")}


def task(module: str, register: str, options: dict, **keywords) -> dict:
    return {"name": f"{module} {register}", f"webops.paas.{module}": options, "register": register, **keywords}
