# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Netlify of the sandbox: REST API and served sites."""

from __future__ import annotations

from typing import Any

from ..core.platform import Platform, Surface, Table
from . import (
    accounts,
    builds,
    delivery,
    deploys,
    dns,
    drains,
    environment,
    extensions,
    files,
    firewall,
    forms,
    hooks,
    members,
    options,
    overview,
    sites,
    snippets,
    submissions,
    uploads,
)
from .api import HOST, PREFIX, ApiSurface, OpenSurface
from .progress import settle
from .served import SiteSurface
from .state import TEAM, TOKEN, State

ROUTES = [
    *accounts.ROUTES,
    *members.ROUTES,
    *sites.ROUTES,
    *deploys.ROUTES,
    *uploads.ROUTES,
    *files.ROUTES,
    *snippets.ROUTES,
    *forms.ROUTES,
    *submissions.ROUTES,
    *environment.ROUTES,
    *builds.ROUTES,
    *hooks.ROUTES,
    *delivery.ROUTES,
    *dns.ROUTES,
    *firewall.ROUTES,
    *drains.ROUTES,
]


class Netlify(Platform[State]):
    name = "netlify"
    switches = options.SWITCHES
    settings = options.SETTINGS
    admin_calls = {"submissions": lambda platform, body: submissions.make(platform.state_now, body)}

    def seeded(self) -> State:
        return State(self.ground)

    def surfaces(self) -> list[Surface]:
        return [
            ApiSurface(self, ROUTES),
            OpenSurface(self, builds.OPEN_ROUTES, HOST, "/build_hooks/"),
            OpenSurface(self, extensions.SITE_ROUTES, extensions.HOST, "/site/"),
            OpenSurface(self, extensions.TEAM_ROUTES, extensions.HOST, "/team/"),
            SiteSurface(self),
        ]

    def environment(self) -> dict[str, str]:
        return {
            "NETLIFY_API_URL": self.ground.url + PREFIX,
            "NETLIFY_AUTH_TOKEN": TOKEN,
            "NETLIFY_ACCOUNT_SLUG": TEAM,
        }

    def examples(self) -> list[str]:
        api = self.ground.url + PREFIX
        return [
            f"curl -H 'Authorization: Bearer {TOKEN}' '{api}/sites?filter=all'",
            f"curl -H 'Authorization: Bearer {TOKEN}' -H 'Content-Type: application/json' "
            f'-d \'{{"name": "my-site"}}\' {api}/sites',
            f"curl -H 'Host: my-site.netlify.app' {self.ground.url}/",
        ]

    def state(self) -> dict[str, Any]:
        settle(self.state_now, self.ground.clock.now())
        return overview.state_data(self.state_now)

    def tables(self) -> list[Table]:
        settle(self.state_now, self.ground.clock.now())
        return overview.tables(self.state_now)
