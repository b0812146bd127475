# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol: a release with variables, a commit, instances and a cache; repeated, replaced and broken."""

from __future__ import annotations

import json
import time

from stage import expect
from walk import Walk, say, traffic

ENVIRONMENT = "production"
HOSTS = tuple(f"{service}-{ENVIRONMENT}.flightcontrol.localhost" for service in ("web", "site"))
SECRET_VALUE = "demo-value-of-a-secret"
INSTANCES = 3


def report_of(output):
    """The lines of the role's report that the failed task prints."""
    start = output.rindex(f'"{ENVIRONMENT}: ')
    return json.loads("[" + output[start : output.index("]", start)] + "]")


class FlightcontrolWalk(Walk):
    """Uses the sandbox's initial environment, which has a web service and a site behind CloudFront."""

    platforms = ("flightcontrol", "flightcontrol-hook")

    def __init__(self, stage):
        super().__init__(stage)
        self.environment = stage.sandbox_environment()
        self.state_file = stage.root / "production.json"

    def state(self):
        return self.sandbox.admin("state")["flightcontrol"]

    def services(self):
        """The environment's services, by their IDs in flightcontrol.json."""
        environment_id = self.environment["FLIGHTCONTROL_ENVIRONMENT_ID"]
        return {
            service["given_id"]: service
            for service in self.state()["services"]
            if service["environment_id"] == environment_id
        }

    def push(self, message):
        """Push to the repository without triggering a deployment; returns the commit."""
        return self.sandbox.admin("flightcontrol/push", {"message": message})["commit"]

    def release(self, commit, *arguments, status=0):
        services = self.services()
        variables = {
            "flightcontrol_environment_id": self.environment["FLIGHTCONTROL_ENVIRONMENT_ID"],
            "flightcontrol_branch": "main",
            "flightcontrol_state_file": str(self.state_file),
            "flightcontrol_release_commit": commit,
            "flightcontrol_release_env_vars": {
                "plain_text": {"LOG_LEVEL": "info"},
                "parameter_store": {"API_KEY": SECRET_VALUE},
            },
            "flightcontrol_release_scaling": [{"service_id": services["web"]["id"], "count": INSTANCES}],
            "flightcontrol_release_invalidations": [{"service_id": services["site"]["id"], "paths": ["/*"]}],
            # The sandbox serves plain http, and no DNS points to it.
            "flightcontrol_release_urls": [f"http://{host}" for host in HOSTS],
            "flightcontrol_release_connect_to": [f"::{self.sandbox.address}"],
            "flightcontrol_release_verify_timeout": 5,
        }
        # It would tell all that it knows.
        outcome = self.playbook(
            "flightcontrol_release",
            "-vvv",
            "-e",
            json.dumps(variables),
            *arguments,
            env_file=self.stage.env_file,
            status=status,
        )
        for secret in (
            self.environment["FLIGHTCONTROL_DEPLOY_HOOK_URL"].rpartition("/")[2],
            self.environment["FLIGHTCONTROL_API_KEY"],
            SECRET_VALUE,
        ):
            expect(secret not in outcome.output, "neither hook, key nor value is in the output, not even with -vvv")
        return outcome

    def expect_served(self, commit):
        """Check that service and site show the commit to visitors; returns the result as text."""
        services = self.services()
        for name, host in zip(("web", "site"), HOSTS, strict=True):
            expect(services[name]["live_commit"] == commit, f"{commit} is live in {name}")
            status, page = self.sandbox.page(host, "/")
            expect(status == 200 and commit.encode() in page, f"http://{host}/ shows the commit (status {status})")
        return f"http://{HOSTS[0]} and the site behind CloudFront show {commit[:7]}"

    def walk(self):
        started = time.monotonic()
        first_commit = self.state()["repositories"][0]["branches"]["main"][-1]["sha"]
        first = self.release(first_commit)
        expect(first.writes == 4, f"variables, deployment, instances and cache are a write each, not {first.writes}")
        told, deployed = first.output.find("CANNOT BE ROLLED BACK"), first.output.find(": Deploy the commit]")
        expect(0 < told < deployed, "that there is no way back yet was said before it was deployed")
        served_first = self.expect_served(first_commit)
        expect(self.services()["web"]["running"] == INSTANCES, f"{INSTANCES} instances run")
        say(
            "Flightcontrol: set variables, deploy a commit, scale, invalidate paths",
            started,
            traffic(first.requests),
            first.recap,
        )

        started = time.monotonic()
        second = self.release(first_commit)
        expect(second.changed == 0, f"the second run changes nothing, not {second.changed} things")
        self.expect_nothing_sent(second)
        say("Flightcontrol: second run", started, traffic(second.requests), second.recap)

        started = time.monotonic()
        second_commit = self.push("A new front page")
        predicted = self.release(second_commit, "--check", "--diff")
        expect(predicted.changed > 0, "--check predicts a change")
        self.expect_nothing_sent(predicted)
        self.expect_served(first_commit)
        say(
            "Flightcontrol: predict another commit with --check --diff",
            started,
            traffic(predicted.requests),
            predicted.recap,
        )

        started = time.monotonic()
        real = self.release(second_commit)
        expect(real.count("triggerDeployHook") == 1, "one deployment was triggered")
        expect(
            real.count("createEnvironmentEnvVariables") == real.count("updateScaling") == 0,
            "what had not changed was not sent",
        )
        expect(
            real.changed == predicted.changed, f"as many changes as predicted, {predicted.changed}, not {real.changed}"
        )
        served_second = self.expect_served(second_commit)
        say("Flightcontrol: deploy that commit", started, traffic(real.requests), real.recap)

        started = time.monotonic()
        broken_commit = self.push("A broken front page")
        broken = self.release(broken_commit, status=2)
        expect(
            broken.failed == 1 and broken.count("triggerDeployHook") == 2,
            "it was deployed, and the last good commit after it",
        )
        deployed = [deployment["commit"] for deployment in self.state()["deployments"]]
        expect(
            deployed[-2:] == [broken_commit, second_commit], "visitors had the broken commit until it was rolled back"
        )
        self.expect_served(second_commit)
        expect("ROLLED BACK. " in broken.output, "the playbook says that it rolled back")
        say(
            "Flightcontrol: a broken commit is rolled back",
            started,
            traffic(broken.requests),
            *report_of(broken.output),
            broken.recap,
        )

        return [
            ("Flightcontrol", f"{served_first}; {traffic(first.requests)}"),
            ("", f"second run: changed={second.changed}, {traffic(second.requests)}"),
            ("", f"another commit predicted: {traffic(predicted.requests)}, visitors still saw the one before"),
            ("", f"released: {served_second}"),
            ("", f"a broken commit was rolled back; visitors see {second_commit[:7]}"),
        ]
