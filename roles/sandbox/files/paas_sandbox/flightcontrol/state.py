# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The complete state of Flightcontrol: starts with two organizations; finds and creates objects."""

from __future__ import annotations

import hashlib
import random
from typing import Any

from ..core.platform import Ground
from . import scaling
from .model import (
    DOMAIN,
    SCALABLE,
    SERVED,
    Commit,
    Deployment,
    Environment,
    Execution,
    Instance,
    Invalidation,
    Job,
    Organization,
    Part,
    Preview,
    Project,
    Repository,
    Service,
)

API_KEY = "fc_sandbox_0123456789abcdef0123456789abcdef"
SECOND_API_KEY = "fc_second_fedcba9876543210fedcba9876543210"
DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
REPOSITORY = "https://github.com/sandbox/shop"
SECOND_REPOSITORY = "https://github.com/second/blog"
SEEDED = 3600  # seconds before the start

WEB = {
    "id": "web",
    "name": "Web",
    "type": "web",
    "dependsOn": ["db"],
    "domain": "https://shop.example.com",
    "minInstances": 2,
    "maxInstances": 2,
}
WORKER = {
    "id": "worker",
    "name": "Worker",
    "type": "worker",
    "minInstances": 1,
    "maxInstances": 4,
    "watchPaths": ["worker/**"],
}
DB = {"id": "db", "name": "Database", "type": "rds"}
SITE = {"id": "site", "name": "Site", "type": "static"}
NIGHTLY = {"id": "nightly", "name": "Nightly", "type": "scheduler", "jobs": [{"id": "cleanup"}]}
ENVIRONMENTS: tuple[tuple[str, dict[str, Any], list[dict[str, Any]], str], ...] = (
    ("production", {"branch": "main", "trigger": "manual"}, [WEB, WORKER, DB, SITE, NIGHTLY], "main"),
    ("staging", {"branch": "develop", "trigger": "push"}, [{**WEB, "domain": ""}, WORKER, DB], "develop"),
)


class State:
    """Ids are deterministic: the same seed makes the same ones."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._random = random.Random(f"flightcontrol {ground.seed}")
        self._commits = 0
        self.organizations: dict[str, Organization] = {}
        self.repositories: dict[str, Repository] = {}
        self.projects: dict[str, Project] = {}
        self.previews: dict[str, Preview] = {}
        self.environments: dict[str, Environment] = {}
        self.services: dict[str, Service] = {}
        self.deployments: dict[str, Deployment] = {}
        self.invalidations: dict[str, Invalidation] = {}
        self.executions: dict[str, Execution] = {}
        self._seed(ground.clock.now() - SEEDED)

    # ids and secrets

    def new_id(self) -> str:
        """fact: flightcontrol 1 [DOC]: a CUID such as clcpcxekt000lc9ojqtgtc26y"""
        return "c" + "".join(self._random.choices(DIGITS, k=24))

    def new_secret(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def new_hook(self) -> tuple[int, str]:
        """fact: flightcontrol 1 [seed]: the id in a hook's URL is a number"""
        return 1000 + len(self.environments) + len(self.previews), self.new_secret()

    # making things

    def add_organization(self, name: str, api_key: str) -> Organization:
        organization = self.organizations[api_key] = Organization(self.new_id(), name, api_key)
        return organization

    def add_project(self, organization: Organization, name: str, repository: Repository) -> Project:
        self.repositories[repository.url] = repository
        project = Project(self.new_id(), name, organization, repository)
        self.projects[project.id] = project
        return project

    def add_commit(self, repository: Repository, branch: str, message: str, files: list[str]) -> Commit:
        """A new branch starts with what is on the default branch."""
        self._commits += 1
        text = f"{repository.url} {self._commits} {message}".encode()
        commit = Commit(hashlib.sha1(text, usedforsecurity=False).hexdigest(), message, files)
        history = repository.branches.get(repository.default_branch, [])
        repository.branches.setdefault(branch, list(history)).append(commit)
        return commit

    def add_environment(
        self,
        project: Project,
        given_id: str,
        name: str,
        region: str,
        source: dict[str, Any],
        services: list[dict[str, Any]],
        now: float,
        pull_request: int | None = None,
    ) -> Environment:
        hook_id, secret = self.new_hook()
        environment = Environment(
            self.new_id(), given_id, name, project, region, source, hook_id, secret, pull_request=pull_request
        )
        self.environments[environment.id] = environment
        project.environments.append(environment)
        for declared in services:
            self.add_service(environment, declared, now)
        return environment

    def add_service(self, environment: Environment, declared: dict[str, Any], now: float) -> Service:
        """From an object as in flightcontrol.json."""
        minimum = declared.get("minInstances", 1)
        service = Service(
            self.new_id(),
            declared["id"],
            declared["name"],
            declared["type"],
            environment,
            now,
            now,
            domain=declared.get("domain", ""),
            depends_on=declared.get("dependsOn", []),
            watch_paths=declared.get("watchPaths", []),
            cloudfront=declared["type"] == "static",
            jobs=[Job(self.new_id(), job["id"]) for job in declared.get("jobs", ())],
            minimum=minimum,
            maximum=max(minimum, declared.get("maxInstances", minimum)),
        )
        if service.type in SERVED:
            service.host = f"d{service.id[-13:]}.cloudfront.net"
        if service.type in SCALABLE:
            service.desired = service.minimum
            service.instances = [Instance(now) for _turn in range(service.minimum)]
            scaling.plan_move(self.ground.settings, service, now)
        self.services[service.id] = service
        environment.services.append(service)
        return service

    def add_preview(self, project: Project, name: str, services: list[dict[str, Any]]) -> Preview:
        hook_id, secret = self.new_hook()
        project.preview = Preview(self.new_id(), name, project, hook_id, secret, services)
        self.previews[project.preview.id] = project.preview
        return project.preview

    def preview_environment(self, preview: Preview, number: int, now: float) -> Environment:
        """The environment of a pull request; made with its first deployment."""
        for environment in preview.project.environments:
            if environment.pull_request == number:
                return environment
        return self.add_environment(
            preview.project, f"pr-{number}", f"{preview.name} {number}", "us-east-1", {}, preview.services, now, number
        )

    # looking things up

    def served(self, host: str) -> Service | None:
        """The service with a host name."""
        for service in self.services.values():
            if service.type in SERVED and host in (
                f"{service.label}.{DOMAIN}",
                service.host,
                service.domain.rpartition("//")[2].rstrip("/"),
            ):
                return service
        return None

    def repository(self, url: str) -> Repository | None:
        """[INFER] with or without .git"""
        return self.repositories.get(url.rstrip("/").removesuffix(".git"))

    # the start

    def _seed(self, now: float) -> None:
        sandbox = self.add_organization("Sandbox", API_KEY)
        shop = self.add_project(sandbox, "shop", Repository(REPOSITORY, "main"))
        for branch, message, files in (
            ("main", "First page", ["web/index.html", "worker/main.py"]),
            ("main", "Second page", ["web/second.html"]),
            ("develop", "Try a new header", ["web/header.html"]),
            ("checkout", "One-page checkout", ["web/checkout.html"]),
            ("main", "Third page", ["web/third.html"]),
        ):
            self.add_commit(shop.repository, branch, message, files)
        for name, source, services, branch in ENVIRONMENTS:
            environment = self.add_environment(shop, name, name, "us-east-1", dict(source), services, now)
            # production is one commit behind, so that there is something to release
            commit = shop.repository.branches[branch][-2 if name == "production" else -1]
            self._deployed(environment, commit, branch, now)
        preview = self.add_preview(shop, "preview", [{**WEB, "domain": "", "dependsOn": []}, WORKER])
        self._deployed(
            self.preview_environment(preview, 7, now), shop.repository.branches["checkout"][-1], "checkout", now
        )
        second = self.add_organization("Second", SECOND_API_KEY)
        blog = self.add_project(second, "blog", Repository(SECOND_REPOSITORY, "main"))
        commit = self.add_commit(blog.repository, "main", "Hello", ["index.html"])
        environment = self.add_environment(
            blog,
            "live",
            "live",
            "eu-west-1",
            {"branch": "main", "trigger": "push"},
            [{"id": "web", "name": "Blog", "type": "web"}],
            now,
        )
        self._deployed(environment, commit, "main", now)
        for service in self.services.values():
            scaling.plan_move(self.ground.settings, service, self.ground.clock.now())

    def _deployed(self, environment: Environment, commit: Commit, branch: str, now: float) -> None:
        """A deployment that succeeded long ago."""
        timeline = [(now, "PENDING"), (now + 60, "SUCCESS")]
        deployment = Deployment(self.new_id(), environment, commit, branch, now, timeline, now)
        deployment.parts = {service.id: Part(self.new_id(), service, timeline) for service in environment.services}
        self.deployments[deployment.id] = deployment
        environment.deployments.append(deployment)
