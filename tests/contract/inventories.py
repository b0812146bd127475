# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared parts of the tests of inventory plugins: sources, the output of ansible-inventory, and objects to list."""

from __future__ import annotations

import importlib
import json
import pathlib
from typing import Any

import pytest
import yaml
from harness import CONNECTIONS, World, definition_of
from scenarios import CANARY, secrets_of_platforms
from scenarios.fleek import github_site
from scenarios.hasura import shop
from scenarios.netlify import deploy_by_hand, site

from playbooks import Bench

# {platform: the info module whose list becomes hosts}
INFO = {
    "netlify": "netlify_site_info",
    "fleek": "fleek_site_info",
    "hasura": "hasura_tenant_info",
    "flightcontrol": "flightcontrol_service_info",
}
each_platform = pytest.mark.parametrize("platform", sorted(INFO))


class Inventory(Bench):
    """A source next to the bench's own localhost, and the sandbox's environment."""

    def __init__(self, directory: pathlib.Path, world: World) -> None:
        super().__init__(directory)
        self.world = world
        self.environment = world.environment

    def source(self, platform: str, file: str | None = None, **options: Any) -> str:
        """Writes a source and returns its file's name."""
        file = file or f"all.{platform}.yml"
        (self.directory / file).write_text(
            yaml.safe_dump({"plugin": f"webops.paas.{platform}", **options}, sort_keys=False)
        )
        return file

    def output(self, file: str, *arguments: str, **environment: str) -> str:
        return self.run("ansible-inventory", "-i", file, "--list", *arguments, **{**self.environment, **environment})

    def listed(self, file: str, *arguments: str, **environment: str) -> dict[str, Any]:
        """The parsed output, which must be free of warnings."""
        return json.loads(
            self.output(file, *arguments, **environment),
            object_hook=lambda found: found["__ansible_unsafe"] if set(found) == {"__ansible_unsafe"} else found,
        )

    def hosts(self, platform: str, *arguments: str, **options: Any) -> dict[str, Any]:
        """{host: variables}"""
        found = self.listed(self.source(platform, **options), *arguments)["_meta"]["hostvars"]
        return {host: variables for host, variables in found.items() if host != "localhost"}

    def failure(self, file: str, *arguments: str, **environment: str) -> str:
        """The output when there are no hosts, without white space, because lines can break anywhere.

        C(calls): the requests that were sent.
        """
        self.world.sandbox.forget()
        output = self.output(file, "-vvvv", *arguments, **environment)
        self.calls = self.world.sandbox.calls()
        is_quiet(self.world, output)
        assert bare(f"Unable to parse {self.directory / file} as an inventory source") in bare(output), output
        return bare(output)


def bare(text: str) -> str:
    return "".join(text.split())


def is_quiet(world: World, output: str, *secrets: str) -> None:
    assert "Traceback (most recent call last)" not in output, output
    for secret in (
        *(world.platform_options(platform)["token"] for platform in CONNECTIONS),
        CANARY,
        *secrets,
        *secrets_of_platforms(world),
    ):
        assert bare(secret) not in bare(output), f"{secret} in {output}"


def documentation(platform: str, name: str = "DOCUMENTATION") -> str:
    return getattr(importlib.import_module(f"ansible_collections.webops.paas.plugins.inventory.{platform}"), name)


def documented_options(platform: str) -> dict[str, Any]:
    """The options, including those that all plugins share."""
    fragment = importlib.import_module(
        "ansible_collections.webops.paas.plugins.doc_fragments.connection"
    ).ModuleDocFragment
    return {**yaml.safe_load(fragment.PLUGIN)["options"], **yaml.safe_load(documentation(platform))["options"]}


def populate(world: World) -> None:
    """Creates objects on each platform that has too few of them initially."""
    site(world, "shop", custom_domain="www.example.com")
    site(world, "blog")
    deploy_by_hand(world, {"index.html": "<h1>blog</h1>"}, "blog")
    github_site(world)
    shop(world)


def answered(world: World, platform: str) -> list[dict[str, Any]]:
    outcome = world.run(INFO[platform], {"team_id": world.environment["FLEEK_TEAM_ID"]} if platform == "fleek" else {})
    return outcome.result[definition_of(INFO[platform]).task.key]


def play(inventory: Inventory, tasks: list[dict[str, Any]], file: str, *arguments: str, hosts: str = "netlify") -> str:
    content = [{"name": "Scenario", "hosts": hosts, "gather_facts": False, "connection": "local", "tasks": tasks}]
    (inventory.directory / "playbook.yml").write_text(json.dumps(content))
    return inventory.run("ansible-playbook", "-i", file, *arguments, "playbook.yml", **inventory.environment)
