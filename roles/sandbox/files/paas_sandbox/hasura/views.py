# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the control plane's tables hold for a user: rows for `tables.select`."""

from __future__ import annotations

from typing import Any

from .model import CONFIGURED, Config, Domain, Event, Job, Task, Tenant, User
from .state import State
from .tables import Row, one, related

CONFIGURING = "Configuring service"
NOT_CONFIGURED = "Service configuration failed"


class Views:
    """The rows of one caller at one moment."""

    def __init__(self, state: State, user: User, now: float) -> None:
        self.state = state
        self.user = user
        self.now = now

    # whole tables

    def tenant(self) -> list[Row]:
        return [self.tenant_row(tenant) for tenant in self.state.own_tenants(self.user)]

    def projects(self) -> list[Row]:
        return [self.project_row(tenant) for tenant in self.state.own_tenants(self.user)]

    def config_status(self) -> list[Row]:
        return [row for tenant in self.state.own_tenants(self.user) for row in self.config_rows(tenant)]

    def custom_domain(self) -> list[Row]:
        return [self.domain_row(domain) for domain in self.state.domains.values() if domain.tenant.user is self.user]

    def region(self) -> list[Row]:
        return [dict(region) for region in self.state.regions]

    def jobs(self) -> list[Row]:
        return [self.job_row(job) for job in self.state.jobs.values() if job.user is self.user]

    def tasks(self) -> list[Row]:
        return [task for job in self.jobs() for task in job["tasks"]()]

    def task_event(self) -> list[Row]:
        return [event for task in self.tasks() for event in task["task_events"]()]

    # rows

    def tenant_row(self, tenant: Tenant) -> Row:
        return {
            "id": tenant.id,
            "active": not tenant.hibernated,
            "active_status_reason": "hibernated" if tenant.hibernated else None,
            "alias": None,
            "cloud": tenant.cloud,
            "cloudflare_proxy_enabled": False,
            "created_at": tenant.created_at,
            "dedicated_vpc_id": None,
            "fqdn": tenant.fqdn,
            "health_status": None,
            "maintenance_mode": tenant.maintenance_mode,
            "major_version": 2,
            "project_id": tenant.project_id,
            "region": tenant.region,
            "slug": tenant.slug,
            "updated_at": tenant.updated_at,
            "project": one(lambda: self.project_row(tenant)),
            "config": one(
                lambda: {"hash": tenant.hash, "tenant_id": tenant.id, "updated_at": tenant.configs[-1].moment}
            ),
            "region_info": one(lambda: self._region_of(tenant)),
            "custom_domains": related(lambda: [self.domain_row(domain) for domain in self.state.domains_of(tenant)]),
            "status": related(lambda: [self._worker_status(tenant, worker) for worker in range(len(tenant.workers))]),
            "tenant_public_status": related(lambda: [self._public_status(tenant)]),
            "workers": related(lambda: [{"tenant_id": tenant.id, "worker_id": worker} for worker in tenant.workers]),
        }

    def _region_of(self, tenant: Tenant) -> Row:
        return next(row for row in self.region() if (row["cloud"], row["name"]) == (tenant.cloud, tenant.region))

    def project_row(self, tenant: Tenant) -> Row:
        return {
            "id": tenant.project_id,
            "assigned_at": tenant.created_at,
            "created_at": tenant.created_at,
            "endpoint": self.state.endpoint(tenant),
            "name": tenant.name,
            "owner_id": tenant.user.id,
            "plan_name": tenant.plan,
            "updated_at": tenant.updated_at,
            "owner": one(lambda: {"id": tenant.user.id, "email": tenant.user.email}),
            "tenant": one(lambda: self.tenant_row(tenant)),
        }

    def config_rows(self, tenant: Tenant) -> list[Row]:
        """fact: hasura 4 [CON]: each worker has an active row for the environment that it took last"""
        rows = []
        for worker, worker_id in enumerate(tenant.workers):
            taken = [config for config in tenant.configs if self.now >= tenant.taken_at(config, worker)]
            latest = {config.hash: config for config in taken or tenant.configs[:1]}  # a hash can come back
            active = (taken or tenant.configs)[-1 if taken else 0]
            kept = latest.values() if self.state.ground.switches["stale_config_status"] == "kept" else [active]
            rows += [
                {
                    "hash": config.hash,
                    "is_active": config is active,
                    "message": self._message(tenant, config, worker),
                    "tenant_id": tenant.id,
                    "updated_at": config.moment,
                    "worker_id": worker_id,
                    "worker_state": "live",
                    "tenant": one(lambda: self.tenant_row(tenant)),
                }
                for config in kept
            ]
        return rows

    def _message(self, tenant: Tenant, config: Config, worker: int) -> str:
        if self.now < tenant.done_at(config, worker):
            return CONFIGURING
        return NOT_CONFIGURED if tenant.fails(config, worker) else CONFIGURED

    def _worker_status(self, tenant: Tenant, worker: int) -> Row:
        active = next(
            row for row in self.config_rows(tenant) if row["worker_id"] == tenant.workers[worker] and row["is_active"]
        )
        return {
            "has_inconsistent_metadata": False,
            "is_active": True,
            "message": active["message"],
            "tenant_id": tenant.id,
            "updated_at": active["updated_at"],
            "worker_id": active["worker_id"],
        }

    def _public_status(self, tenant: Tenant) -> Row:
        reachable = tenant.reachable(self.now)
        return {
            "endpoint": f"https://{tenant.fqdn}",
            "is_active": True,
            "type": "health",
            "message": "OK" if reachable else "unreachable",
            "tenant_id": tenant.id,
            "updated_at": self.now,
        }

    def domain_row(self, domain: Domain) -> Row:
        validation = domain.dns_validation(self.now)
        return {
            "id": domain.id,
            "cert": domain.cert,
            "created_at": domain.created_at,
            "dns_validation": validation,
            "fqdn": domain.fqdn,
            "ssl_message": None,
            "ssl_status": "active" if validation == "succeeded" else None,
            "tenant_id": domain.tenant.id,
            "tenant": one(lambda: self.tenant_row(domain.tenant)),
        }

    def job_row(self, job: Job) -> Row:
        return {
            "id": job.id,
            "created_at": job.created_at,
            "job_type": job.kind,
            "project_id": job.project_id,
            "project_name": job.project_name,
            "status": job.status(self.now),
            "updated_at": min(self.now, job.ends_at),
            "tasks": related(
                lambda: [self._task_row(job, task) for task in job.tasks if task.events[0].moment <= self.now]
            ),
        }

    def _task_row(self, job: Job, task: Task) -> Row:
        past = [event for event in task.events if event.moment <= self.now]
        return {
            "id": task.id,
            "cloud": job.cloud,
            "created_at": past[0].moment,
            "job_id": job.id,
            "max_retry": 1,
            "name": task.name,
            "region": job.region,
            "updated_at": past[-1].moment,
            "job": one(lambda: self.job_row(job)),
            "task_events": related(lambda: [self._event_row(job, task, event) for event in past]),
        }

    def _event_row(self, job: Job, task: Task, event: Event) -> Row:
        return {
            "id": event.id,
            "created_at": event.moment,
            "event_type": event.kind,
            "task_id": task.id,
            "updated_at": event.moment,
            "error": event.error,
            "github_detail": None,
            "public_event_data": event.data,
            "task": one(lambda: self._task_row(job, task)),
        }


def tables() -> dict[str, Any]:
    """The functions of Views that return whole tables, by the name of the table."""
    return {
        name: getattr(Views, name)
        for name in ("tenant", "projects", "config_status", "custom_domain", "region", "jobs", "tasks", "task_event")
    }
