# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the set-up of a controller, and its jobs as AWX runs them: AWX's own injection fills a private data directory,
and ansible-runner runs it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Any

import ansible_runner
import fleek_client
import flightcontrol_client
import hasura_client
import sandbox_client
import yaml
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential
from controller import TOKEN, Controller

ROOT = pathlib.Path(__file__).resolve().parents[2]
# make awx tests what users install.
COLLECTIONS = os.environ.get("COLLECTIONS_UNDER_TEST", str(ROOT / ".build"))
COLLECTION = pathlib.Path(COLLECTIONS, "ansible_collections", "webops", "paas")
AWX = COLLECTION / "extensions" / "awx"
PROJECT = AWX / "project"
REPOSITORY = "https://git.example.com/hosting.git"
IMAGE = "registry.example.com/ansible/webops:latest"
PROGRAMS = pathlib.Path(sys.executable).parent
# The environment of the other tests.
DEV = ROOT / ".venv" / "dev" / "bin"
PLATFORMS = sorted(path.stem for path in (AWX / "credential_types").glob("*.yml"))


def credentials(url: str) -> dict[str, dict[str, str]]:
    """The inputs of a credential for each platform of a sandbox."""
    return {
        "fleek": {"token": fleek_client.KEY, "team_id": fleek_client.TEAM, "api_url": f"{url}/graphql"},
        "flightcontrol": {"token": flightcontrol_client.KEY, "api_url": url},
        "hasura": {"token": hasura_client.TOKEN, "api_url": f"{url}/v1/graphql"},
        "netlify": {"token": sandbox_client.TOKEN, "api_url": f"{url}/api/v1"},
    }


def credential_type(platform: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((AWX / "credential_types" / f"{platform}.yml").read_text())
    return found


def environment(**more: str) -> dict[str, str]:
    """Without tokens of the user, and without variables that would let a run differ from one in AWX."""
    foreign = ("ANSIBLE_", "CONTROLLER_", "FLEEK_", "FLIGHTCONTROL_", "HASURA_", "NETLIFY_", "PYTHONPATH", "TOWER_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = f"{PROGRAMS}{os.pathsep}{own.get('PATH', os.defpath)}"
    return {
        **own,
        "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
        "ANSIBLE_NOCOLOR": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": path,
    } | more


def set_up(controller: Controller, *arguments: str, **variables: Any) -> subprocess.CompletedProcess[str]:
    """Run webops.paas.awx_setup."""
    given = {"awx_project_url": REPOSITORY, "awx_image": IMAGE, **variables}
    return subprocess.run(
        [str(PROGRAMS / "ansible-playbook"), "webops.paas.awx_setup", "-e", json.dumps(given), *arguments],
        env=environment(CONTROLLER_HOST=controller.url, CONTROLLER_OAUTH_TOKEN=TOKEN),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


@dataclasses.dataclass
class Prepared:
    """A private data directory. env: what AWX passes to the job; shown: what it stores of it in its database."""

    directory: pathlib.Path
    env: dict[str, str]
    shown: dict[str, str]
    arguments: list[str]

    def add_credential(self, of_type: dict[str, Any], inputs: dict[str, Any]) -> None:
        """AWX's own injection."""
        managed = ManagedCredentialType("", of_type["name"], of_type["kind"], of_type["inputs"], of_type["injectors"])
        inject_credential(managed, Credential(inputs), self.env, self.shown, self.arguments, str(self.directory))

    def files(self) -> dict[str, str]:
        """{path: text} of all files of the finished job, also of its artifacts."""
        paths = [path for path in self.directory.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.directory)): path.read_text(errors="replace") for path in paths}


def prepared(directory: pathlib.Path, project: pathlib.Path = PROJECT) -> Prepared:
    for name in ("env", "inventory"):
        (directory / name).mkdir(parents=True)
    shutil.copytree(project, directory / "project")
    (directory / "inventory" / "hosts").write_text("")
    return Prepared(directory, {}, {}, [])


def run_template(
    controller: Controller, name: str, answers: dict[str, Any], at: Prepared, **variables: Any
) -> ansible_runner.Runner:
    """Run a job template as AWX does: the answers are validated, and completed by the survey's defaults.

    variables: extra variables beside those of the survey, which only tests need.
    """
    template = controller.named("job_templates", name)
    job = controller.answer("POST", f"job_templates/{template['id']}/launch/", [], {"extra_vars": answers})[1]
    for key in controller.related.get(("job_templates", template["id"], "credentials"), []):
        credential = controller.objects["credentials"][key]
        at.add_credential(controller.objects["credential_types"][credential["credential_type"]], credential["inputs"])
    switches = ["--check"] * (template["job_type"] == "check") + ["--diff"] * template["diff_mode"]
    assert job is not None
    return run(at, template["playbook"], {**job["extra_vars"], **variables}, switches)


def run(at: Prepared, playbook: str, variables: dict[str, Any], switches: list[str]) -> ansible_runner.Runner:
    return ansible_runner.run(
        private_data_dir=str(at.directory),
        playbook=playbook,
        extravars=variables,
        # As AWX does, so that the environment is not written to a file of the directory.
        suppress_env_files=True,
        envvars={**environment(ANSIBLE_INJECT_INVOCATION="true"), **at.env},
        cmdline=" ".join([*at.arguments, *switches]) or None,
        verbosity=3,
        quiet=True,
    )


def results(finished: ansible_runner.Runner) -> dict[str, dict[str, Any]]:
    """{task: its result, or its last one}"""
    data = [event["event_data"] for event in finished.events if "res" in event.get("event_data", {})]
    return {event["task"]: event["res"] for event in data}
