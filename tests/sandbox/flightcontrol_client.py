# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A generic HTTP client of the sandbox's Flightcontrol."""

from __future__ import annotations

from sandbox_client import Client

KEY = "fc_sandbox_0123456789abcdef0123456789abcdef"
SECOND_KEY = "fc_second_fedcba9876543210fedcba9876543210"
REPOSITORY = "https://github.com/sandbox/shop"
DONE = ("SUCCESS", "NO_CHANGE", "CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR")


class Flightcontrol(Client):
    """The management API below /v1, deploy hooks, deployed services; `state` is that of the admin interface."""

    def __init__(self, port, key=KEY):
        super().__init__(port, key)

    def call(self, method, path, expect=None, headers=None, **options):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        response = self.session.request(method, f"{self.url}/v1{path}", headers=headers, timeout=10, **options)
        if expect is not None:
            assert response.status_code == expect, response.text
        return response

    def post(self, path, body, expect=200):
        return self.call("POST", path, expect, json=body).json()

    def switch(self, **values):
        super().switch(**{f"flightcontrol_{name}": value for name, value in values.items()})

    def setting(self, **values):
        self.admin("PATCH", "settings", {f"flightcontrol_{name}": value for name, value in values.items()})

    @property
    def state(self):
        return self.admin("GET", "state")["flightcontrol"]

    def project(self, name="shop"):
        return next(project for project in self.state["projects"] if project["name"] == name)

    def environment(self, name="production"):
        return next(environment for environment in self.state["environments"] if environment["given_id"] == name)

    def service(self, name="web", environment="production"):
        wanted = self.environment(environment)["id"]
        return next(
            service
            for service in self.state["services"]
            if (service["given_id"], service["environment_id"]) == (name, wanted)
        )

    def commits(self, branch="main"):
        found = next(entry for entry in self.state["repositories"] if entry["url"] == REPOSITORY)
        return [commit["sha"] for commit in found["branches"][branch]]

    def push(self, message="Another commit", **more):
        return self.admin("POST", "flightcontrol/push", {"message": message, **more})

    def hook(self, expect=200, environment="production", path="", **query):
        """Triggers the deploy hook of an environment."""
        hook = self.environment(environment)
        url = f"{self.url}/api/deploy-hook/{hook['hook_id']}/{hook['hook_secret']}{path}"
        response = self.session.get(url, params=query, timeout=10)
        assert response.status_code == expect, response.text
        return response.json()

    def preview_hook(self, number, commit, expect=200, **query):
        hook = self.project()["preview"]
        url = f"{self.url}/api/deploy-hook/{hook['hook_id']}/{hook['hook_secret']}/{number}/{commit}"
        response = self.session.get(url, params=query, timeout=10)
        assert response.status_code == expect, response.text
        return response.json()

    def deployment(self, identifier):
        return self.get(f"/deployments/{identifier}")

    def deploy(self, **query):
        """Deploy by the hook, and advance the clock until the deployment has ended."""
        identifier = self.hook(**query)["deploymentId"]
        self.advance(1)
        return self.deployment(identifier)

    def passed_through(self, identifier, step=1):
        """The statuses until the end, with those of each service, as a frequently polling client sees them."""
        seen, services = [], {}
        for _turn in range(30):
            deployment = self.deployment(identifier)
            if deployment["status"] not in seen:
                seen.append(deployment["status"])
            for part in deployment["serviceDeployments"]:
                statuses = services.setdefault(part["service"]["serviceGivenId"], [])
                if part["status"] not in statuses:
                    statuses.append(part["status"])
            if deployment["status"] in DONE:
                break
            self.advance(step)
        return seen, services


def statuses(deployment):
    return {part["service"]["serviceGivenId"]: part["status"] for part in deployment["serviceDeployments"]}


def errors(deployment):
    return {part["service"]["serviceGivenId"]: part["error"] for part in deployment["serviceDeployments"]}


WEB = "web-production.flightcontrol.localhost"


SITE = "site-production.flightcontrol.localhost"


CODE = "FC:Request:Error:"
