# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A third party's deployer on the sandbox: usage iterative_deploy.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

It pushes a branch and follows the deploys that Fleek starts for it. A hook of the repository that it pushes to
notifies the sandbox of the push, as GitHub notifies Fleek.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

from common import Sandbox, perform, require, write
from fleek import front, program

BRANCH = "FLEEK_ITERATIVE_DEPLOY"
ADD_SITE = "mutation ($input: AddSiteInput!) { addSite(input: $input) { id slug } }"
HOOK = """#!/bin/sh
exec {python} - <<'END'
import json, urllib.request
body = json.dumps({{"site": "{site}", "branch": "{branch}"}}).encode()
urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open("{url}/_sandbox/fleek/push", body, timeout=10)
END
"""


class Journey:
    def __init__(self, client, sandbox):
        self._client = client
        self._sandbox = sandbox
        self._team = os.environ["FLEEK_TEAM_ID"]
        self._git("init", "--quiet", "--initial-branch=main")
        self._git("config", "user.name", "somebody")
        self._git("config", "user.email", "somebody@example.org")
        write(client.project / "source.html", "<h1>built</h1>")
        write(client.project / ".gitignore", "build\n")
        self._git("add", ".")
        self._git("commit", "--quiet", "--message=Start")
        self._site = None

    def _git(self, *arguments):
        subprocess.run(
            ["git", *arguments],
            cwd=self._client.project,
            env=self._client.environment,
            check=True,
            capture_output=True,
            timeout=60,
        )

    def _deploys(self):
        return [
            deploy
            for deploy in self._sandbox.admin("state")["fleek"]["deploys"]
            if deploy["site_id"] == self._site["id"]
        ]

    def list_sites(self):
        self._site = self._sandbox.graphql(
            os.environ["FLEEK_API_URL"],
            os.environ["FLEEK_API_KEY"],
            ADD_SITE,
            input={
                "teamId": self._team,
                "platform": "ipfs",
                "githubSource": {"url": "https://github.com/sandbox/pushed", "branch": BRANCH},
            },
        )["addSite"]
        printed = self._client.run("--sites")
        start, end = "Logging site list below\n", "Done logging site list"
        listed = json.loads(printed[printed.index(start) + len(start) : printed.index(end)])
        known = {
            site["id"]: site["slug"]
            for site in self._sandbox.admin("state")["fleek"]["sites"]
            if site["team_id"] == self._team
        }
        require({site["id"]: site["name"] for site in listed} == known, f"it lists {listed}, not {known}")
        return f"{len(listed)} sites"

    def push_and_wait(self):
        """The deploy starts after the push has ended, and well before the client's first poll."""
        origin = self._client.project.parent / "origin.git"
        self._git("init", "--quiet", "--bare", str(origin))
        hook = origin / "hooks" / "post-receive"
        write(hook, HOOK.format(python=sys.executable, site=self._site["id"], branch=BRANCH, url=self._sandbox.url))
        hook.chmod(0o755)
        self._git("remote", "add", "origin", str(origin))
        self._client.environment["FLEEK_SITE_ID"] = self._site["id"]
        queue = "fleek_queue_seconds"
        self._sandbox.admin("settings", "PATCH", **{queue: 4})
        try:
            printed = self._client.run("mkdir -p build && cp source.html build/index.html", "build", BRANCH)
        finally:
            self._sandbox.admin("settings", "PATCH", **{queue: 0.05})
        deploys = self._deploys()
        require([deploy["status"] for deploy in deploys] == ["DEPLOYED"], f"there are {deploys}:\n{printed}")
        require('All "1" deploys completed' in printed, f"the client did not see the deploy's end:\n{printed}")
        return "pushed, found the deploy, saw its end"


STEPS = (Journey.list_sites, Journey.push_and_wait)


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    sandbox = Sandbox()
    with front(sandbox, work) as tls:
        client = program([clients / "node_modules" / ".bin" / "fleek-iterative-deploy"], work, tls)
        return perform("fleek-iterative-deploy", Journey(client, sandbox), STEPS)


if __name__ == "__main__":
    sys.exit(main())
