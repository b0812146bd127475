# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleek's own command line client on the sandbox: usage fleek.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

Its API URL cannot be configured, so it connects to the sandbox under Fleek's own host names, over TLS.
"""

from __future__ import annotations

import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import time

from common import SECONDS, Program, Sandbox, perform, require, write
from front import Front

HOSTS = ("api.fleek.co", "ipfsapi.fleek.co")
ENTER = "\r"
COLOR = re.compile("\x1b\\[[0-9;]*m")
LARGE = "0123456789abcdef" * 131072  # 2 MiB: several blocks of IPFS


def program(command, work, tls):
    """A client whose connections to Fleek's hosts go to the front."""
    hosts = pathlib.Path(__file__).with_name("hosts.cjs")
    return Program(
        command,
        work,
        ("FLEEK_API_KEY", "FLEEK_TEAM_ID"),
        NODE_EXTRA_CA_CERTS=str(tls.certificate),
        NODE_OPTIONS=f"--require={hosts}",
        VENDOR_HOSTS=",".join(HOSTS),
        VENDOR_PORT=str(tls.port),
    )


def front(sandbox, work):
    return Front(HOSTS, sandbox.port, work)


def dialogue(client, arguments, *turns):
    """Run the client on a terminal; each turn is a pattern that its next output must match, and what to type then."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        client.command(*arguments),
        cwd=client.project,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**client.environment, "TERM": "dumb"},
        start_new_session=True,
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    seen, answered, pending, deadline = "", 0, list(turns), time.monotonic() + SECONDS
    try:
        while process.poll() is None:
            require(time.monotonic() < deadline, f"the client waits for something:\n{seen}")
            try:
                seen += os.read(ours, 65536).decode(errors="replace")
            except BlockingIOError:
                time.sleep(0.05)
            except OSError:  # the terminal closes when the process ends
                process.wait(SECONDS)
            if pending and re.search(pending[0][0], COLOR.sub("", seen[answered:])):
                answered = len(seen)
                os.write(ours, pending.pop(0)[1].encode())
        require(process.returncode == 0, f"the client ended with {process.returncode}:\n{seen}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
    require(not pending, f"the client never asked {pending}:\n{seen}")


class Journey:
    """The steps, in order; each public method is one."""

    def __init__(self, client, sandbox):
        self._client = client
        self._sandbox = sandbox
        self._team = os.environ["FLEEK_TEAM_ID"]
        self._config = client.project / ".fleek.json"
        self._known = {site["id"] for site in self._state("sites")}
        write(client.project / "public" / "index.html", "<h1>first</h1>")
        write(client.project / "public" / "sub" / "\u00fc.txt", "odd")
        write(client.project / "public" / "large.txt", LARGE)

    def _state(self, kind):
        return self._sandbox.admin("state")["fleek"][kind]

    def _site(self):
        new = [site for site in self._state("sites") if site["id"] not in self._known]
        require(len(new) == 1, f"{len(new)} sites were made")
        return new[0]

    def _settled(self):
        """The new site, after its last deploy has ended."""
        deadline = time.monotonic() + 20
        while True:
            site = self._site()
            deploys = [deploy for deploy in self._state("deploys") if deploy["site_id"] == site["id"]]
            if deploys and all(deploy["status"] != "IN_PROGRESS" for deploy in deploys):
                return site, deploys
            require(time.monotonic() < deadline, "the deploy does not end")
            time.sleep(0.05)

    def _shows(self, text, path="/"):
        found = self._sandbox.page(f"{self._site()['slug']}.on.fleek.co", path)
        require(found == (200, text), f"{path} shows {found[0]} {found[1][:80]!r}, not {text[:80]!r}")

    def init_makes_a_site(self):
        """The first choice of the list creates a site."""
        dialogue(
            self._client,
            ["site:init"],
            ("input the teamId", self._team + ENTER),
            ("Which site", ENTER),
            ("public directory", "public"),
            (r": public\s+❯ public", ENTER),  # else the client is still searching, and input makes it crash
        )
        config = json.loads(self._config.read_text(encoding="utf-8"))
        site = self._site()
        require(
            (config["site"]["id"], config["site"]["name"]) == (site["id"], site["slug"]),
            f"{config['site']} is not {site}",
        )
        return site["slug"]

    def deploy(self):
        printed = self._client.run("site:deploy")
        _site, deploys = self._settled()
        require([deploy["status"] for deploy in deploys] == ["DEPLOYED"], f"there are {deploys}")
        require(deploys[0]["id"] in printed, f"the client prints another deploy than {deploys[0]['id']}:\n{printed}")
        self._shows("<h1>first</h1>")
        self._shows("odd", "/sub/\u00fc.txt")
        self._shows(LARGE, "/large.txt")
        return deploys[0]["ipfs_hash"]

    def deploy_a_change(self):
        before = self._settled()[1]
        write(self._client.project / "public" / "index.html", "<h1>second</h1>")
        self._client.run("site:deploy")
        deploys = self._settled()[1]
        require(len(deploys) == len(before) + 1, f"{len(deploys)} deploys")
        require(len({deploy["ipfs_hash"] for deploy in deploys}) == 2, "another directory has the same CID")
        self._shows("<h1>second</h1>")
        return "another CID, and it is served"

    def deploy_another_site_by_environment(self):
        """FLEEK_SITE_ID takes precedence over the file: deploy the site with a repository, at a commit."""
        config = json.loads(self._config.read_text(encoding="utf-8"))
        config["site"]["source"] = "github"
        write(self._config, json.dumps(config))
        hello = next(site for site in self._state("sites") if site["slug"] == "hello-fleek")
        commit = self._sandbox.admin("fleek/push", "POST", site=hello["id"], message="By hand", trigger=False)["commit"]
        last = self._sandbox.last_call()
        self._client.environment["FLEEK_SITE_ID"] = hello["id"]
        self._client.run("site:deploy", "--hash", commit)
        calls = [entry["operation"] for entry in self._sandbox.requests_since(last) if entry["platform"] == "fleek"]
        require(calls == ["triggerDeploy"], f"it called {calls}")
        return f"commit {commit[:7]}"

    def wrong_key(self):
        self._client.environment["FLEEK_API_KEY"] = "wrong"
        require("not authorized" in self._client.run("site:deploy", succeeds=False), "the client does not say why")
        return "refused, and the client says why"


STEPS = (
    Journey.init_makes_a_site,
    Journey.deploy,
    Journey.deploy_a_change,
    Journey.deploy_another_site_by_environment,
    Journey.wrong_key,
)


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    sandbox = Sandbox()
    with front(sandbox, work) as tls:
        client = program([clients / "node_modules" / ".bin" / "fleek"], work, tls)
        return perform("fleek-cli", Journey(client, sandbox), STEPS)


if __name__ == "__main__":
    sys.exit(main())
