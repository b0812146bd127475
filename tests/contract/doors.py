# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task with each form of an option, through both doors, and what may differ between them.

Each playbook runs its tasks through one door and then through the other. What callbacks get (all that is printed, also
at -vvvv) must be equal but for DIFFERENCES, which the page docs/docsite/rst/in_process_execution.rst lists for users.
"""

from __future__ import annotations

import pathlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from harness import MEASURED, definition_of, platform_of

from playbooks import Bench, in_ready_python
from playbooks import Dumper as UnsafeDumper

DOORS = {"fast": True, "module": False}
# Keys of a result that may differ, at any depth.
DIFFERENCES = MEASURED | {
    # The platform assigns a new one to each request.
    "request_id",
    # Ansible adds a traceback, or a remark about one, only outside of the controller process.
    "exception",
}
# What Ansible lists in another order in each process.
IN_NO_ORDER = re.compile(r"Valid booleans include: .*")
# No server listens there, so a task that ignores the sandbox's URL reaches nothing.
NOWHERE = "http://127.0.0.1:9"
PLAY = [
    sys.executable,
    str(pathlib.Path(sys.executable).parent / "ansible-playbook"),
    "-i",
    "inventory.yml",
    "playbook.yml",
]
PASSWORD = b"of the vault"
# For each type, a value that a playbook may have, and one that the type rejects.
PLAIN = {
    "str": "text",
    "bool": "yes",
    "int": "3",
    "float": "2.5",
    "list": "one,two",
    "dict": "one=two",
    "path": "~/no/such",
    "raw": "raw",
}
BAD = {
    "str": {"a": "text"},
    "bool": "perhaps",
    "int": "many",
    "float": "many",
    "list": {"a": "text"},
    "dict": "text",
    "path": {"a": "text"},
    "raw": ["a", {"b": "text"}],
}


class Vaulted(str):
    """A text that is encrypted in the playbook."""


class Dumper(UnsafeDumper):
    pass


def _vaulted(dumper, value):
    encrypted = VaultLib([("default", VaultSecret(PASSWORD))]).encrypt(str(value), VaultSecret(PASSWORD)).decode()
    return dumper.represent_scalar("!vault", encrypted, style="|")


Dumper.add_representer(Vaulted, _vaulted)


@dataclass
class Case:
    """One task: its options and its keywords."""

    name: str
    options: dict
    keywords: dict = field(default_factory=dict)


def forms(name: str, option: dict, given) -> list:
    """(form, value) of one option; None is an explicit null."""
    kind = option.get("type", "str")
    found = [
        ("null", None),
        ("plain", PLAIN[kind]),
        ("bad type", BAD[kind]),
        ("template", "{{ no_such_variable | default('text') }}"),
    ]
    if given is not None:
        found.append(("given", given))
    if option.get("options"):
        # Ansible's validation raises TypeError for these.
        found += [("number", 1), ("numbers", [1])]
    if option.get("choices"):
        found += [("choice", option["choices"][-1]), ("no choice", "nonsense")]
    text = str(given) if isinstance(given, (str, int, float)) else PLAIN[kind]
    found.append(("vault", {"list": [Vaulted(text)], "dict": {"key": Vaulted(text)}}.get(kind, Vaulted(text))))
    return found


def cases_of(name: str, option: dict, base: dict, is_tried: Callable[[dict], bool] = lambda _option: True) -> list:
    """All forms of one option, each replacing the value in the base, and of the suboptions that are tried."""
    rest = {key: value for key, value in base.items() if key != name and key not in option.get("aliases", ())}
    given = base.get(name)
    found = [Case(f"{name} unset", rest)]
    found += [Case(f"{name} {form}", {**rest, name: value}) for form, value in forms(name, option, given)]
    usual = given if given is not None else PLAIN[option.get("type", "str")]
    for alias in option.get("aliases", ()):
        found += [
            Case(f"{name} as {alias}", {**rest, alias: usual}),
            Case(f"{name} and {alias}", {**rest, name: usual, alias: usual}),
        ]
    if option.get("fallback"):
        for variable in option["fallback"][1]:
            for form, value in (("given", usual), ("empty", ""), ("vault", Vaulted(usual))):
                found.append(Case(f"{name} from {variable} {form}", rest, {"environment": {variable: value}}))
    for sub_name, sub_option in (option.get("options") or {}).items():
        if not is_tried(sub_option):
            continue
        inner = given[0] if isinstance(given, list) else given or {}
        for case in cases_of(sub_name, sub_option, inner, is_tried):
            value = [case.options, *given[1:]] if isinstance(given, list) else case.options
            found.append(Case(f"{name}.{case.name}", {**rest, name: value}, case.keywords))
    return found


def tasks_of(cases: list, module: str, variables: dict | None = None) -> list:
    """A task for each case and door. variables: those of the tasks that start a module."""
    return [
        {
            "name": f"{door}: {case.name}",
            f"webops.paas.{module}": case.options,
            "ignore_errors": True,
            **case.keywords,
            "vars": {
                **case.keywords.get("vars", {}),
                **({} if is_fast else variables or {}),
                "webops_paas_fast": is_fast,
            },
        }
        for case in cases
        for door, is_fast in DOORS.items()
    ]


def compared(cases: list, results: dict) -> dict:
    """{name of the case: result, without DIFFERENCES}, which is the same for both doors."""
    given = {case.name: [results[f"{door}: {case.name}"] for door in DOORS] for case in cases}
    assert not {name: differing(*both) for name, both in given.items() if both[0] != both[1]}
    return {name: both[0] for name, both in given.items()}


class TwoDoors(Bench):
    """Runs each case through both doors, in one playbook."""

    dumper = Dumper

    def compare(self, cases: list, *, module: str, play: dict | None = None, arguments=(), **environment: str) -> dict:
        """As C(compared), and the output as "output"."""
        tasks = tasks_of(cases, module, in_ready_python())
        output, results = self.results(tasks, play or {}, *arguments, **environment)
        return {"output": output, **compared(cases, results)}

    def compare_parts(self, parts: list, **environment: str) -> None:
        """Runs parts that have C(cases) and C(module), and stores their results without DIFFERENCES in C(results)."""
        (self.directory / "password").write_bytes(PASSWORD)
        self.run_parts(
            parts, "--vault-password-file", "password", **{"ANSIBLE_INJECT_INVOCATION": "true", **environment}
        )
        for part in parts:
            part.results = {name: [without_differences(item) for item in items] for name, items in part.results.items()}

    def results(self, tasks: list, play: dict, *arguments: str, **environment: str):
        """(output, {name of the task: its results, one for each item})."""
        (self.directory / "password").write_bytes(PASSWORD)
        content = [{"name": "Doors", "hosts": "localhost", "gather_facts": False, **play, "tasks": tasks}]
        (self.directory / "playbook.yml").write_text(yaml.dump(content, Dumper=Dumper, sort_keys=False))
        output, results = self.run_and_tell(
            "--vault-password-file", "password", *arguments, **{"ANSIBLE_INJECT_INVOCATION": "true", **environment}
        )
        return output, {name: [without_differences(item) for item in items] for name, items in results.items()}


def differing(fast: list, ordinary: list) -> list:
    """For the failure message: the keys that differ in each item's result, as (fast, ordinary)."""
    return (
        [len(fast), len(ordinary)]
        if len(fast) != len(ordinary)
        else [
            {
                key: (one.get(key), other.get(key))
                for key in {**one, **other}
                if one.get(key) != other.get(key) or (key in one) != (key in other)
            }
            for one, other in zip(fast, ordinary, strict=True)
        ]
    )


def without_differences(value):
    if isinstance(value, dict):
        return {key: without_differences(item) for key, item in value.items() if key not in DIFFERENCES}
    if isinstance(value, list):
        return [without_differences(item) for item in value]
    return (
        IN_NO_ORDER.sub(lambda found: " ".join(sorted(found.group().replace(",", "").split())), value)
        if isinstance(value, str)
        else value
    )


def connected(world, module: str, options: dict) -> dict:
    """Adds the options that the module needs to connect to the sandbox."""
    names = definition_of(module).spec["argument_spec"]
    return {
        **{name: value for name, value in world.platform_options(platform_of(module)).items() if name in names},
        **options,
    }
