# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flightcontrol of the sandbox: management API, deploy hooks, and deployed services."""

from __future__ import annotations

from typing import Any

from ..core.platform import Platform, Surface, Table
from . import deployments, environments, options, overview, scaling, services
from .api import ApiSurface, HookSurface
from .served import SiteSurface
from .state import API_KEY, State

ROUTES = [*deployments.ROUTES, *environments.ROUTES, *services.ROUTES]


class Flightcontrol(Platform[State]):
    name = "flightcontrol"
    switches = options.SWITCHES
    settings = options.SETTINGS

    def seeded(self) -> State:
        return State(self.ground)

    def surfaces(self) -> list[Surface]:
        return [ApiSurface(self, ROUTES), HookSurface(self, deployments.HOOK_ROUTES), SiteSurface(self)]

    def environment(self) -> dict[str, str]:
        environment = next(iter(self.state_now.environments.values()))
        return {
            "FLIGHTCONTROL_API_URL": self.ground.url,
            "FLIGHTCONTROL_HOOK_URL": self.ground.url,
            "FLIGHTCONTROL_API_KEY": API_KEY,
            "FLIGHTCONTROL_PROJECT_ID": environment.project.id,
            "FLIGHTCONTROL_ENVIRONMENT_ID": environment.id,
            "FLIGHTCONTROL_SERVICE_ID": environment.services[0].id,
            "FLIGHTCONTROL_DEPLOY_HOOK_URL": self._hook_url(),
        }

    def _hook_url(self) -> str:
        environment = next(iter(self.state_now.environments.values()))
        return f"{self.ground.url}/api/deploy-hook/{environment.hook_id}/{environment.hook_secret}"

    def examples(self) -> list[str]:
        return [
            f"curl -H 'Authorization: Bearer {API_KEY}' '{self.ground.url}/v1/services'",
            f"curl '{self._hook_url()}'",
            f"curl -H 'Host: web-production.flightcontrol.localhost' {self.ground.url}/",
        ]

    def state(self) -> dict[str, Any]:
        return overview.state_data(self.state_now, self._settled())

    def tables(self) -> list[Table]:
        return overview.tables(self.state_now, self._settled())

    def _settled(self) -> float:
        now = self.ground.clock.now()
        scaling.settle(self.state_now.ground.settings, self.state_now.services.values(), now)
        return now

    def _push(self, body: dict[str, Any]) -> dict[str, Any]:
        return deployments.push(self.state_now, body)

    def _env_variables(self, body: dict[str, Any]) -> dict[str, Any]:
        return environments.reveal_variables(self.state_now, body)

    admin_calls = {"push": _push, "env_variables": _env_variables}
