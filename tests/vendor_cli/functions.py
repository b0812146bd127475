# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same project, deployed by Netlify's client and by netlify_deploy: usage functions.py DIRECTORY_OF_CLIENTS WORK.

Both must send the same functions, settings, edge functions, variables and files; the sandbox verifies the digests of
all uploads, so equal digests are equal bytes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import netlify
from common import Program, perform, require
from common import Sandbox as Visited

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "contract"), str(ROOT / "tests" / "tools")]

import sync_tree

sync_tree.link_tree()
sys.path.insert(0, str(sync_tree.BUILD))

from harness import Sandbox, World
from netlify_project import built_project
from scenarios.netlify import site

PAGES = {"index.html": "<h1>one</h1>", "about/index.html": "<h1>about</h1>", "empty.txt": ""}
# Of the body of a deploy. The client also sends the framework and the version of its build.
COMPARED = ("functions", "function_schedules", "functions_config", "edge_functions", "environment")
# The client generates this file, the module deploys that of the project.
GENERATED = "netlify.toml"


class Deploys:
    """The steps, in order; each public method is one."""

    def __init__(self, client: Program, sandbox: Sandbox, work: Path) -> None:
        self._client = client
        self._sandbox = sandbox
        self._work = work
        self._vendor: dict[str, Any] = {}
        for path, text in PAGES.items():
            (client.project / "public" / path).parent.mkdir(parents=True, exist_ok=True)
            (client.project / "public" / path).write_text(text, encoding="utf-8")

    def _world(self) -> World:
        """An empty account with one site."""
        world = World(self._sandbox, self._work)
        site(world)
        built_project(self._client.project)
        return world

    def deploy_with_the_client(self) -> str:
        world = self._world()
        arguments = ("--dir", "public", "--prod", "--site", world.ids["shop"])
        variables = ("--env", "SIZE=10", "--env", "EMPTY=", "--secret-env", "PASSWORD=canary")
        self._sandbox.forget()
        self._client.run("deploy", "--no-build", *arguments, *variables)
        self._vendor = _sent(self._sandbox.calls(), "updateSiteDeploy")
        require(all(self._vendor["body"].values()), f"the client sent {self._vendor}")
        return f"{len(self._vendor['body'])} keys, {len(self._vendor['uploads'])} uploads"

    def deploy_with_the_module(self) -> str:
        world = self._world()
        options = {
            "site": "shop",
            "src": str(self._client.project / "public"),
            "project_dir": str(self._client.project),
            "environment": [
                {"key": "SIZE", "value": 10},
                {"key": "EMPTY", "value": ""},
                {"key": "PASSWORD", "value": "canary", "is_secret": True},
            ],
        }
        outcome = world.run("netlify_deploy", options)
        require(not outcome.failed, str(outcome.result.get("msg")))
        ours = _sent(outcome.calls, "createSiteDeploy")
        for part, theirs in self._vendor.items():
            require(ours[part] == theirs, f"{part}: the client sent {theirs}\nthe module sent {ours[part]}")
        again = world.run("netlify_deploy", options)
        require(not again.result["changed"], "the second run is a change")
        return "the same functions, settings, edge functions, variables, files and uploads"


def _sent(calls: list[dict[str, Any]], operation: str) -> dict[str, Any]:
    """What a deploy sent, without what differs by design."""
    [body] = [call["json"] for call in calls if call["operation"] == operation and "files" in call["json"]]
    uploads = [
        (call["operation"], call["path"].rpartition("/deploys/")[2].partition("/")[2], call["query"], call["body_size"])
        for call in calls
        if call["operation"].startswith("uploadDeploy")
    ]
    return {
        "body": {key: body.get(key) for key in COMPARED},
        "files": {path: digest for path, digest in body["files"].items() if path != GENERATED},
        "uploads": sorted((each for each in uploads if not each[1].endswith(f"/{GENERATED}")), key=str),
    }


STEPS = (Deploys.deploy_with_the_client, Deploys.deploy_with_the_module)


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    os.environ.setdefault("SANDBOX_PYTHON", sys.executable)
    sandbox = Sandbox(work)
    os.environ.update(sandbox.environment)
    try:
        own = work / "client"
        own.mkdir()
        with netlify.front(Visited(), own) as tls:
            deploys = Deploys(netlify.program(clients, own, tls), sandbox, work)
            return perform("netlify-cli and netlify_deploy", deploys, STEPS)
    finally:
        sandbox.close()


if __name__ == "__main__":
    sys.exit(main())
