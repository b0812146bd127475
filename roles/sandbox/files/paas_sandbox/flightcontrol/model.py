# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of Flightcontrol.

Most states follow from the clock: the times of all statuses of a deployment are set at its start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# fact: flightcontrol 2.5 [DOC]: web, private web, worker, network server
SCALABLE = ("web", "private-web", "worker", "network-server")
# kinds that are built from the repository; the others belong to the cloud
BUILT = (*SCALABLE, "static", "scheduler")
SERVED = ("web", "static")
DOMAIN = "flightcontrol.localhost"
FINISHED = ("SUCCESS", "NO_CHANGE", "CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR")
UNKNOWN = "VERIFYING"  # a status that no document has
Timeline = list[tuple[float, str]]  # when which status begins, oldest first


def at(timeline: Timeline, now: float) -> str:
    """The status that a timeline has reached."""
    return [status for moment, status in timeline if moment <= now][-1]


@dataclass(eq=False)
class Organization:
    id: str
    name: str
    api_key: str


@dataclass(eq=False)
class Commit:
    sha: str
    message: str
    files: list[str]

    @property
    def behaviour(self) -> str:
        """Its result, by its message: unbuildable, undeployable, broken (it returns 500), or fine."""
        return next((word for word in ("unbuildable", "undeployable", "broken") if word in self.message), "fine")


@dataclass(eq=False)
class Repository:
    """`branches` have their commits oldest first."""

    url: str
    default_branch: str
    branches: dict[str, list[Commit]] = field(default_factory=dict)

    def find(self, sha: str, branch: str | None = None) -> tuple[Commit, str] | None:
        """A commit on a branch, or on any, with the branch; the default branch comes last."""
        names = [branch] if branch else sorted(self.branches, key=lambda name: name == self.default_branch)
        for name in names:
            for commit in self.branches.get(name, ()):
                if commit.sha == sha:
                    return commit, name
        return None


@dataclass(eq=False)
class Project:
    id: str
    name: str
    organization: Organization
    repository: Repository
    preview: Preview | None = None
    environments: list[Environment] = field(default_factory=list)


@dataclass(eq=False)
class Preview:
    """What a project's preview environments are made of: one environment for each pull request."""

    id: str
    name: str
    project: Project
    hook_id: int
    hook_secret: str
    services: list[dict[str, Any]]
    source: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Variable:
    """A value that can be written but never read. `ready_at` tells when a managed secret is there."""

    kind: str
    value: Any
    ready_at: float


@dataclass(eq=False)
class Variables:
    values: dict[str, Variable] = field(default_factory=dict)
    changed_at: float = 0


@dataclass(eq=False)
class Environment:
    """`pull_request` is set in preview environments."""

    id: str
    given_id: str
    name: str
    project: Project
    region: str
    source: dict[str, Any]
    hook_id: int
    hook_secret: str
    vpc: dict[str, Any] | None = None
    pull_request: int | None = None
    services: list[Service] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)  # oldest first
    variables: Variables = field(default_factory=Variables)

    @property
    def organization(self) -> Organization:
        return self.project.organization


@dataclass(eq=False)
class Instance:
    ready_at: float
    stopped_at: float = float("inf")


@dataclass(eq=False)
class Job:
    id: str
    given_id: str


@dataclass(eq=False)
class Service:
    id: str
    given_id: str
    name: str
    type: str
    environment: Environment
    created_at: float
    updated_at: float
    host: str = ""  # the platform's own name for a served one
    domain: str = ""
    depends_on: list[str] = field(default_factory=list)
    watch_paths: list[str] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    cloudfront: bool = False
    minimum: int = 1
    maximum: int = 1
    desired: int = 0
    instances: list[Instance] = field(default_factory=list)
    next_move: float = float("inf")  # of the autoscaler
    rising: bool = True
    variables: Variables = field(default_factory=Variables)
    cached: dict[str, Commit] = field(default_factory=dict)  # what CloudFront holds, by path

    @property
    def organization(self) -> Organization:
        return self.environment.organization

    @property
    def autoscaled(self) -> bool:
        """fact: flightcontrol 2.5 [DOC]: when minimum and maximum differ"""
        return self.minimum != self.maximum

    @property
    def label(self) -> str:
        return f"{self.given_id}-{self.environment.given_id}"

    def running(self, now: float) -> int:
        return sum(instance.ready_at <= now < instance.stopped_at for instance in self.instances)

    def pending(self, now: float) -> int:
        return sum(now < instance.ready_at for instance in self.instances)

    def live(self, now: float) -> Commit | None:
        """The commit of the last deployment that succeeded for this service."""
        for deployment in reversed(self.environment.deployments):
            part = deployment.parts.get(self.id)
            if part is not None and at(part.timeline, now) == "SUCCESS":
                return deployment.commit
        return None


@dataclass(eq=False)
class Part:
    """One service's share of a deployment."""

    id: str
    service: Service
    timeline: Timeline
    error: Any = None


@dataclass(eq=False)
class Deployment:
    id: str
    environment: Environment
    commit: Commit
    branch: str
    created_at: float
    timeline: Timeline
    visible_at: float
    parts: dict[str, Part] = field(default_factory=dict)  # by the service's id

    @property
    def organization(self) -> Organization:
        return self.environment.organization

    @property
    def end(self) -> float:
        """When it is finished; infinity when it never will be."""
        moment, status = self.timeline[-1]
        return moment if status in (*FINISHED, UNKNOWN) else float("inf")


@dataclass(eq=False)
class Invalidation:
    id: str
    service: Service
    paths: list[str]
    created_at: float
    done_at: float
    applied: bool = False

    @property
    def organization(self) -> Organization:
        return self.service.organization


@dataclass(eq=False)
class Execution:
    id: str
    service: Service
    job: Job
    command: Any
    created_at: float
    timeline: Timeline
    exit_code: int | None
    error: str | None

    @property
    def organization(self) -> Organization:
        return self.service.organization
