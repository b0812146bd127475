# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of Hasura Cloud: users, tenants with their projects, custom domains, jobs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "hasura.app"
ADMIN_SECRET = "HASURA_GRAPHQL_ADMIN_SECRET"
CONFIGURED = "Service configured successfully"


@dataclass(frozen=True)
class User:
    id: str
    email: str


@dataclass(frozen=True)
class Config:
    """An environment that a tenant was given at a moment."""

    hash: str
    env: dict[str, str]
    moment: float


Tables = dict[str, tuple[dict[str, str], list[dict[str, Any]]]]


@dataclass
class Engine:
    """What a tenant's graphql-engine keeps: its metadata, and the number that each change of it raises; what clients
    store in it; and of the database of each source the SQL that was committed, with its tables afterwards.

    A script is (SQL, whether it ran outside of a transaction). Tables: {"schema.name": (columns, rows)}, as in
    sources.DATABASE, which a database without scripts has.
    """

    metadata: dict[str, Any] = field(default_factory=lambda: {"version": 3, "sources": []})
    resource_version: int = 1
    catalog: dict[str, Any] = field(default_factory=lambda: {"cli": {}, "console": {}})
    scripts: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    tables: dict[str, Tables] = field(default_factory=dict)


@dataclass(eq=False)
class Domain:
    """A custom domain. Its DNS validation ends at a moment, as was decided when it was added."""

    id: str
    fqdn: str
    tenant: Tenant
    cert: str
    created_at: float
    validated_at: float
    result: str

    def dns_validation(self, now: float) -> str:
        return self.result if now >= self.validated_at else "pending"


@dataclass(eq=False)
class Tenant:
    """A tenant and its project: each project has one tenant, and their ids differ.

    `env` has the text of every variable by its name. `workers` take a new environment one after another.
    """

    id: str
    project_id: str
    user: User
    slug: str
    name: str
    cloud: str
    region: str
    plan: str
    created_at: float
    updated_at: float
    ready_at: float
    workers: list[str]
    worker_seconds: float
    configs: list[Config] = field(default_factory=list)
    maintenance_mode: bool = False
    hibernated: bool = False
    worker_failure: bool = False
    engine: Engine = field(default_factory=Engine)

    @property
    def fqdn(self) -> str:
        return f"{self.slug}.{DOMAIN}"

    @property
    def env(self) -> dict[str, str]:
        return self.configs[-1].env

    @property
    def hash(self) -> str:
        return self.configs[-1].hash

    def reachable(self, now: float) -> bool:
        return now >= self.ready_at and not self.hibernated

    def set_env(self, env: dict[str, str], now: float) -> None:
        self.configs.append(Config(env_hash(env), env, now))
        self.updated_at = now

    def done_at(self, config: Config, worker: int) -> float:
        """When a worker has an environment; the last one after the whole time."""
        return config.moment + self.worker_seconds * (worker + 1) / len(self.workers)

    def taken_at(self, config: Config, worker: int) -> float:
        """When a worker begins with an environment."""
        return config.moment + (self.done_at(config, worker) - config.moment) / 3

    def fails(self, config: Config, worker: int) -> bool:
        """fact: a failing worker is ordered by the admin interface; it keeps what it had"""
        return self.worker_failure and worker == len(self.workers) - 1 and config is self.configs[-1]

    def effective_env(self, now: float) -> dict[str, str]:
        """The newest environment that has reached all workers.

        fact: hasura 7: a fresh change is accepted before the workers have it
        """
        last = len(self.workers) - 1
        for config in reversed(self.configs):
            if now >= self.done_at(config, last) and not self.fails(config, last):
                return config.env
        return self.configs[0].env


def is_setting(key: str) -> bool:
    """True for what Hasura itself knows; other variables are the user's."""
    return key.startswith("HASURA_GRAPHQL_")


def typed(text: str) -> Any:
    """fact: hasura 6 [INF]: known settings may be booleans or objects, such as a JWT secret"""
    if text in ("true", "false"):
        return text == "true"
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (dict, list)) else text


def env_vars(env: dict[str, str], nested: bool, types: bool) -> dict[str, Any]:
    """fact: hasura 6 [INF] [TF2]: known settings on top, variables of the user below environment, if there are any"""
    settings = {key: typed(text) if types else text for key, text in env.items() if is_setting(key)}
    own = {key: text for key, text in env.items() if not is_setting(key)}
    if not nested:
        return {**settings, **own}
    return {**settings, "environment": own} if own else settings


def env_hash(env: dict[str, str]) -> str:
    """fact: hasura 6 [SEED]: 40 hexadecimal digits; that they are made from the variables is ours"""
    text = json.dumps(env_vars(env, nested=True, types=True), sort_keys=True, separators=(",", ":"))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Event:
    id: str
    kind: str
    moment: float
    error: str | None = None
    data: dict[str, Any] | None = None


@dataclass
class Task:
    id: str
    name: str
    events: list[Event]


@dataclass(eq=False)
class Job:
    """Work that passes through its states by itself. Everything is planned when it is made; what lies in the future
    is not shown. `ends_at` is when its status becomes `result`."""

    id: str
    kind: str
    user: User
    cloud: str
    region: str
    created_at: float
    tasks: list[Task]
    ends_at: float
    result: str
    project_id: str | None = None
    project_name: str | None = None
    request: dict[str, Any] | None = None  # what is still to be done when it ends
    follower: str | None = None  # the id that its next job gets

    def status(self, now: float) -> str:
        if now >= self.ends_at:
            return self.result
        return "running" if any(task.events[0].moment <= now for task in self.tasks) else "created"
