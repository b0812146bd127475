# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the admin interface and the status page show of Hasura Cloud."""

from __future__ import annotations

from typing import Any

from ..core.clock import iso
from ..core.platform import Table
from .model import Domain, Job, Tenant
from .state import State


def state_data(state: State, now: float) -> dict[str, Any]:
    return {
        "tenants": [_tenant(state, tenant, now) for tenant in state.tenants.values()],
        "custom_domains": [_domain(domain, now) for domain in state.domains.values()],
        "jobs": [_job(job, now) for job in state.jobs.values()],
    }


def _tenant(state: State, tenant: Tenant, now: float) -> dict[str, Any]:
    return {
        "id": tenant.id,
        "project_id": tenant.project_id,
        "owner": tenant.user.email,
        "slug": tenant.slug,
        "name": tenant.name,
        "cloud": tenant.cloud,
        "region": tenant.region,
        "plan": tenant.plan,
        "endpoint": state.endpoint(tenant),
        "reachable": tenant.reachable(now),
        "maintenance_mode": tenant.maintenance_mode,
        "hibernated": tenant.hibernated,
        "worker_failure": tenant.worker_failure,
        "hash": tenant.hash,
        "env": tenant.env,
        "effective_env": tenant.effective_env(now),
        "environments": len(tenant.configs),
        "metadata": tenant.engine.metadata,
        "resource_version": tenant.engine.resource_version,
        "cli_state": tenant.engine.catalog["cli"],
        "scripts": {source: [sql for sql, _alone in done] for source, done in tenant.engine.scripts.items()},
        "created_at": iso(tenant.created_at),
    }


def _domain(domain: Domain, now: float) -> dict[str, Any]:
    return {
        "id": domain.id,
        "fqdn": domain.fqdn,
        "tenant_id": domain.tenant.id,
        "dns_validation": domain.dns_validation(now),
    }


def _job(job: Job, now: float) -> dict[str, Any]:
    return {
        "id": job.id,
        "type": job.kind,
        "status": job.status(now),
        "project_id": job.project_id,
        "project_name": job.project_name,
    }


def tables(state: State, now: float) -> list[Table]:
    tenants = sorted(state.tenants.values(), key=lambda tenant: tenant.slug)
    return [
        Table(
            "Hasura tenants",
            ("Tenant", "Owner", "Place", "Plan", "Variables", "Sources", "State"),
            [_row(state, tenant, now) for tenant in tenants],
        ),
        Table(
            "Hasura jobs",
            ("Job", "Kind", "Project", "Status"),
            [(job.id, job.kind, job.project_name or "", job.status(now)) for job in state.jobs.values()],
        ),
    ]


def _row(state: State, tenant: Tenant, now: float) -> tuple[Any, ...]:
    marks = [
        word
        for word, holds in (
            ("maintenance", tenant.maintenance_mode),
            ("hibernated", tenant.hibernated),
            ("failing worker", tenant.worker_failure),
        )
        if holds
    ]
    if not marks:
        marks = ["ready" if tenant.reachable(now) else "starting"]
    return (
        (tenant.slug, f"{state.ground.url}/hasura/tenants/{tenant.slug}/healthz"),
        tenant.user.email,
        f"{tenant.cloud} {tenant.region}",
        tenant.plan,
        len(tenant.env),
        len(tenant.engine.metadata["sources"]),
        ", ".join(marks),
    )
