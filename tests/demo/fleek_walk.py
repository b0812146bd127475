# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek: a commit is released, released again, replaced, and a release that fails its checks is rolled back."""

from __future__ import annotations

import json
import time

from stage import expect
from walk import Walk, say, traffic

SITE = "hello-fleek"
HOST = f"{SITE}.on.fleek.co"


class FleekWalk(Walk):
    """Uses the sandbox's initial site: Fleek's sites need a repository, which no API can create."""

    platforms = ("fleek",)

    def push(self, message):
        """Push to the site's repository without triggering a deploy; returns the commit."""
        return self.sandbox.admin("fleek/push", {"site": SITE, "message": message, "trigger": False})["commit"]

    def release(self, commit, *arguments, contains="", status=0):
        variables = {
            "fleek_site": SITE,
            "fleek_release_commit": commit,
            "fleek_release_verify": [{"url": "/", "contains": [contains or commit]}],
            "fleek_release_rollback_verify": ["/"],
            # The sandbox serves plain http, and no DNS points to it.
            "fleek_release_url": f"http://{HOST}",
            "fleek_release_gateway": f"http://{self.sandbox.address}",
            "fleek_release_connect_to": [f"{HOST}:80:{self.sandbox.address}"],
            "fleek_release_verify_timeout": 5,
        }
        return self.playbook(
            "fleek_release", "-e", json.dumps(variables), *arguments, env_file=self.stage.env_file, status=status
        )

    def live(self):
        """Commit and CID of the published deploy, according to the sandbox."""
        state = self.sandbox.admin("state")["fleek"]
        site = next(site for site in state["sites"] if site["slug"] == SITE)
        deploy = next(deploy for deploy in state["deploys"] if deploy["id"] == site["published_deploy_id"])
        return deploy["commit"], deploy["ipfs_hash"]

    def expect_served(self, commit):
        """Check that the site and the gateway serve the content of the commit; returns the result as text."""
        live_commit, cid = self.live()
        expect(live_commit == commit, f"{commit} is live, not {live_commit}")
        status, page = self.sandbox.page(HOST, "/")
        expect(status == 200 and commit.encode() in page, f"http://{HOST}/ shows the commit (status {status})")
        expect(self.sandbox.call("GET", f"/ipfs/{cid}/")[1] == page, "the IPFS gateway has the same page")
        return f"http://{HOST} and the gateway's /ipfs/{cid[:12]}... serve {commit[:7]}"

    def walk(self):
        started = time.monotonic()
        first_commit = self.push("A new front page")
        predicted = self.release(first_commit, "--check", "--diff")
        self.expect_nothing_sent(predicted)
        first = self.release(first_commit)
        expect(first.count("triggerDeploy") == 1, "one deploy was triggered")
        served = self.expect_served(first_commit)
        say(
            "Fleek: release a commit, after a prediction that sent nothing",
            started,
            traffic(first.requests),
            first.recap,
        )

        started = time.monotonic()
        second = self.release(first_commit)
        expect(second.changed == 0, f"the second run changes nothing, not {second.changed} things")
        self.expect_nothing_sent(second)
        say("Fleek: second run", started, traffic(second.requests), second.recap)

        started = time.monotonic()
        broken_commit = self.push("A front page that lacks something")
        broken = self.release(broken_commit, contains="what this page lacks", status=2)
        expect(
            broken.failed == 1 and broken.count("triggerDeploy") == 2,
            "it was deployed, and what was live before was deployed again",
        )
        self.expect_served(first_commit)
        expect("ROLLED BACK" in broken.output, "the playbook says that it rolled back")
        say(
            "Fleek: a release that fails its checks is rolled back",
            started,
            traffic(broken.requests),
            broken.recap,
        )

        return [
            ("Fleek", f"{served}; {traffic(first.requests)}"),
            ("", f"second run: changed={second.changed}, {traffic(second.requests)}"),
            ("", f"a release that failed its checks was rolled back; visitors see {first_commit[:7]}"),
        ]
