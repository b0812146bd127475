# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Hasura Cloud of the sandbox: its control plane, and the engines of the tenants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.platform import Ground, Platform, Surface, Table
from . import options, overview
from .control import PATH, ControlSurface
from .databases import Databases
from .state import SLUG, TOKEN, State
from .tenants import TenantSurface

FLAGS = ("maintenance_mode", "hibernated", "worker_failure")


def change_tenant(platform: Hasura, body: dict[str, Any]) -> dict[str, Any]:
    """Set a state of a tenant that no operation of the API causes: {"slug", "maintenance_mode"?, "hibernated"?,
    "worker_failure"?, "project_name"?}; this way, a project can have the name of another one. Raises ValueError."""
    unknown = sorted(set(body) - {"slug", "project_name", *FLAGS})
    if unknown:
        raise ValueError(f"tenant does not support {', '.join(unknown)}")
    tenant = platform.state_now.by_slug(str(body.get("slug")))
    if tenant is None:
        raise ValueError(f"slug: {body.get('slug')!r} is not the slug of a tenant")
    for flag in FLAGS:
        if not isinstance(body.get(flag, False), bool):
            raise ValueError(f"{flag} must be true or false")
    if not isinstance(body.get("project_name", ""), str):
        raise ValueError("project_name must be a string")
    for flag in FLAGS:
        setattr(tenant, flag, body.get(flag, getattr(tenant, flag)))
    tenant.name = body.get("project_name", tenant.name)
    return {"slug": tenant.slug, "project_name": tenant.name, **{flag: getattr(tenant, flag) for flag in FLAGS}}


class Hasura(Platform[State]):
    name = "hasura"
    switches = options.SWITCHES
    settings = options.SETTINGS
    admin_calls = {"tenant": change_tenant}

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.databases = Databases()

    def close(self) -> None:
        self.databases.close()

    def seeded(self) -> State:
        return State(self.ground)

    def due(self, state: State) -> Iterable[float]:
        """The moments at which a worker begins or ends to take an environment."""
        for tenant in state.tenants.values():
            for config in tenant.configs:
                for worker in range(len(tenant.workers)):
                    yield tenant.taken_at(config, worker)
                    yield tenant.done_at(config, worker)

    def surfaces(self) -> list[Surface]:
        return [ControlSurface(self), TenantSurface(self)]

    def environment(self) -> dict[str, str]:
        return {
            "HASURA_CLOUD_API_URL": self.ground.url + PATH,
            "HASURA_CLOUD_ACCESS_TOKEN": TOKEN,
        }

    def examples(self) -> list[str]:
        call = f"curl -H 'Authorization: pat {TOKEN}' -H 'Content-Type: application/json' {self.ground.url}{PATH} -d"
        return [
            f"""{call} '{{"query": "{{ projects {{ id name endpoint tenant {{ id slug }} }} }}"}}'""",
            f"curl {self.ground.url}/hasura/tenants/{SLUG}/healthz",
        ]

    def state(self) -> dict[str, Any]:
        now = self.ground.clock.now()
        self.state_now.settle(now)
        return overview.state_data(self.state_now, now)

    def tables(self) -> list[Table]:
        now = self.ground.clock.now()
        self.state_now.settle(now)
        return overview.tables(self.state_now, now)
