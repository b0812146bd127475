# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The complete state of Hasura Cloud: users, tenants, custom domains, and jobs that proceed with the clock."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any

from ..core.platform import Ground
from .model import ADMIN_SECRET, DOMAIN, Domain, Event, Job, Task, Tenant, User
from .options import DEFAULT_PLAN, INACTIVE_REGIONS, REGIONS

TOKEN = "hasura-sandbox-0123456789abcdef0123456789abcdef"
SECOND_TOKEN = "hasura-second-fedcba9876543210fedcba9876543210"
SLUG = "hello-hasura"
FOREIGN_SLUG = "strangers-hasura"
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

ADJECTIVES = ("amusing", "brave", "calm", "eager", "gentle", "honest", "lucky", "noble", "quick", "sunny")
ANIMALS = ("badger", "crane", "falcon", "heron", "lynx", "mutt", "otter", "panda", "raven", "tiger")

# fact: hasura 4 [ACTION]: the names of tasks; in which order, and which one the first job has, is unknown [UNKNOWN]
SCHEDULING_TASKS = ("gh-validation",)
DEPLOYMENT_TASKS = (
    "gh-validation",
    "parse-metadata-migration",
    "apply-migration",
    "apply-metadata",
    "reload-metadata",
    "check-healthz",
)


class NameTaken(ValueError):
    """The name belongs to another project, or was one's a moment ago."""


class State:
    """Starts with two users and a tenant of each. A token sees its user's tenants only."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._random = random.Random(ground.seed)
        ada = User(self.new_id(), "ada@example.com")
        grace = User(self.new_id(), "grace@example.com")
        self.tokens = {TOKEN: ada, SECOND_TOKEN: grace}
        self.regions = self._regions()
        self.tenants: dict[str, Tenant] = {}
        self.domains: dict[str, Domain] = {}
        self.jobs: dict[str, Job] = {}
        self._reserved: dict[str, float] = {}
        long_ago = ground.clock.now() - 86400
        for user, slug in ((ada, SLUG), (grace, FOREIGN_SLUG)):
            self.add_tenant(user, slug, "aws", "us-east-2", DEFAULT_PLAN, {}, long_ago)

    # ids and names

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def random_name(self) -> str:
        """fact: hasura 3a [ISS 9732]: names like honest-mutt-59"""
        while True:
            name = f"{self._random.choice(ADJECTIVES)}-{self._random.choice(ANIMALS)}-{self._random.randrange(10, 100)}"
            if self.by_slug(name) is None:
                return name

    def _regions(self) -> list[dict[str, Any]]:
        places = [(cloud, name, True) for cloud, names in REGIONS.items() for name in names]
        places += [(cloud, name, False) for cloud, name in INACTIVE_REGIONS]
        return [
            {
                "cloud": cloud,
                "name": name,
                "is_active": active,
                "nat_ip": f"203.0.113.{number}" if active else None,
                "nat_ips": [f"203.0.113.{number}"] if active else None,
                "metrics_fqdn": f"metrics.{cloud}.{name}.pro.hasura.io",
            }
            for number, (cloud, name, active) in enumerate(places, 10)
        ]

    # tenants

    def add_tenant(
        self, user: User, name: str, cloud: str, region: str, plan: str, env: dict[str, str], now: float
    ) -> Tenant:
        """A new project with its tenant. Hasura Cloud makes an admin secret unless one is given [K]."""
        settings = self.ground.settings
        tenant = Tenant(
            id=self.new_id(),
            project_id=self.new_id(),
            user=user,
            slug=name,
            name=name,
            cloud=cloud,
            region=region,
            plan=plan,
            created_at=now,
            updated_at=now,
            ready_at=now + settings["hasura_ready_seconds"],
            workers=[self.new_id() for _number in range(max(1, int(settings["hasura_workers"])))],
            worker_seconds=settings["hasura_worker_seconds"],
        )
        tenant.set_env({ADMIN_SECRET: self._secret(), **env}, now)
        self.tenants[tenant.id] = tenant
        return tenant

    def _secret(self) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return "".join(self._random.choice(letters) for _number in range(64))

    def remove_tenant(self, tenant: Tenant, now: float) -> None:
        for domain in self.domains_of(tenant):
            del self.domains[domain.id]
        del self.tenants[tenant.id]
        if self.ground.switches["deleted_name"] == "reserved":
            self._reserved[tenant.slug] = now + self.ground.settings["hasura_reserved_seconds"]

    def rename(self, tenant: Tenant, name: str, now: float) -> None:
        """fact: hasura 2: slug, host name and endpoint change; 7 [DOC]: brief DNS downtime. Raises ValueError."""
        if not NAME.fullmatch(name):
            raise ValueError("a project's name has lower case letters, digits and hyphens")
        if name != tenant.slug and not self.name_is_free(name, now):
            raise NameTaken(name)
        if name != tenant.slug:
            tenant.ready_at = max(tenant.ready_at, now + self.ground.settings["hasura_rename_seconds"])
        tenant.slug = tenant.name = name
        tenant.updated_at = now

    def name_is_free(self, name: str, now: float) -> bool:
        return self.by_slug(name) is None and now >= self._reserved.get(name, 0)

    def by_slug(self, slug: str) -> Tenant | None:
        return next((tenant for tenant in self.tenants.values() if tenant.slug == slug), None)

    def by_host(self, host: str, now: float) -> Tenant | None:
        """The tenant with a host name: its own, or a validated custom domain."""
        if host.endswith(f".{DOMAIN}"):
            return self.by_slug(host[: -len(DOMAIN) - 1])
        return next(
            (
                domain.tenant
                for domain in self.domains.values()
                if domain.fqdn == host and domain.dns_validation(now) == "succeeded"
            ),
            None,
        )

    def own_tenants(self, user: User) -> list[Tenant]:
        return [tenant for tenant in self.tenants.values() if tenant.user is user]

    def endpoint(self, tenant: Tenant) -> str:
        if self.ground.switches["tenant_urls"] == "loopback":
            return f"{self.ground.url}/hasura/tenants/{tenant.slug}/v1/graphql"
        return f"https://{tenant.fqdn}/v1/graphql"

    # custom domains

    def add_domain(self, tenant: Tenant, fqdn: str, cert: str, now: float) -> Domain:
        domain = Domain(
            self.new_id(),
            fqdn,
            tenant,
            cert,
            now,
            now + self.ground.settings["hasura_domain_seconds"],
            self.ground.switches["custom_domain_dns"],
        )
        self.domains[domain.id] = domain
        return domain

    def domains_of(self, tenant: Tenant) -> list[Domain]:
        return [domain for domain in self.domains.values() if domain.tenant is tenant]

    # jobs

    def schedule_preview_app(self, user: User, options: dict[str, Any], now: float) -> Job:
        """The first of two jobs: it makes the project anew, and starts the second one."""
        job = self._plan_job(
            "preview-app-creation",
            user,
            options["cloud"],
            options["region"],
            SCHEDULING_TASKS,
            self.ground.switches["preview_app_job"],
            now,
        )
        job.request, job.follower, job.project_id = options, self.new_id(), None
        job.project_name = options["name"]
        return job

    def _plan_job(
        self,
        kind: str,
        user: User,
        cloud: str,
        region: str,
        names: tuple[str, ...],
        result: str,
        start: float,
        job_id: str | None = None,
    ) -> Job:
        """Each task in turn; a job that fails or is skipped ends within its second half."""
        step = self.ground.settings["hasura_job_seconds"] / len(names)
        last = len(names) - 1 if result == "success" else len(names) // 2
        tasks = []
        for number, name in enumerate(names[: last + 1]):
            begin = start + step * (number + 0.25)
            events = [Event(self.new_id(), "created", begin)]
            if number < last or result == "success":
                events.append(Event(self.new_id(), "success", start + step * (number + 1)))
            elif result == "failed":
                events.append(
                    Event(
                        self.new_id(),
                        "failed",
                        start + step * (number + 1),
                        error=f"{name}: the sandbox is set to let it fail",
                    )
                )
            tasks.append(Task(self.new_id(), name, events))
        job = Job(job_id or self.new_id(), kind, user, cloud, region, start, tasks, start + step * (last + 1), result)
        self.jobs[job.id] = job
        return job

    def check_latency(self, tenant: Tenant, now: float) -> Job:
        job = self._plan_job(
            "check-db-latency", tenant.user, tenant.cloud, tenant.region, ("check-db-latency",), "success", now
        )
        job.project_id, job.project_name = tenant.project_id, tenant.name
        return job

    def settle(self, now: float) -> None:
        """Do what jobs that have ended by now bring about."""
        for job in list(self.jobs.values()):
            options = job.request
            if options is None or job.ends_at > now:
                continue
            job.request = None
            if job.result == "success":
                self._make_preview_app(job, options)

    def _make_preview_app(self, job: Job, options: dict[str, Any]) -> None:
        """fact: hasura 4 [DOC]: a project of that name is replaced; the events tell both ids [ACTION]"""
        former = self.by_slug(options["name"])
        last = job.tasks[-1]
        if former is not None and former.user is not job.user:
            job.result = "failed"
            last.events[-1] = Event(last.events[-1].id, "failed", job.ends_at, error="the name is not available")
            return
        if former is not None:
            self.remove_tenant(former, job.ends_at)
        env = {item["key"]: item["value"] for item in options.get("envVars") or [] if item}
        tenant = self.add_tenant(
            job.user, options["name"], options["cloud"], options["region"], options["plan"], env, job.ends_at
        )
        job.project_id = tenant.project_id
        second = self._plan_job(
            "github-deployment",
            job.user,
            job.cloud,
            job.region,
            DEPLOYMENT_TASKS,
            self.ground.switches["preview_deploy_job"],
            job.ends_at,
            job.follower,
        )
        second.project_id, second.project_name = tenant.project_id, tenant.name
        last.events[-1] = Event(
            last.events[-1].id,
            "success",
            job.ends_at,
            data={"projectId": tenant.project_id, "githubDeploymentJobID": second.id},
        )
