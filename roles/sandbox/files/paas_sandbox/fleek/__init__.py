# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Fleek of the sandbox: GraphQL API, published sites, IPFS."""

from __future__ import annotations

from typing import Any

from ..core.platform import Platform, Surface, Table
from . import deploys, options, overview
from .api import PATH, ApiSurface
from .gateway import IpfsSurface, SiteSurface
from .model import Source
from .progress import settle
from .resolvers import BUILD_SETTINGS
from .state import KEY, SITE_NAME, SITE_REPOSITORY, TEAM_ID, State


def push(platform: Fleek, body: dict[str, Any]) -> dict[str, Any]:
    """Push a commit to a site's repository: {"site": id or slug, "branch"?, "message"?, "trigger"?: true}.

    Returns {"commit", "branch", "deploy"}: the ID of the deploy that the push started, if any. Raises ValueError.
    """
    unknown = sorted(set(body) - {"site", "branch", "message", "trigger"})
    if unknown:
        raise ValueError(f"push does not support {', '.join(unknown)}")
    for name in ("branch", "message"):
        if not isinstance(body.get(name), (str, type(None))):
            raise ValueError(f"{name} must be a string")
    if not isinstance(body.get("trigger", True), bool):
        raise ValueError("trigger must be true or false")
    state, now = platform.state_now, platform.ground.clock.now()
    settle(state, now)
    site = state.sites.get(str(body.get("site"))) or state.by_slug(str(body.get("site")))
    repository = site.source.repository if site is not None else None
    if site is None or repository is None:
        raise ValueError(f"site: {body.get('site')!r} is not the ID or slug of a site with a repository")
    branch, message, triggers = body.get("branch"), body.get("message"), body.get("trigger", True)
    commit, deploy = deploys.push(state, site, repository, branch, message, triggers, now)
    return {"commit": commit.sha, "branch": branch or site.source.branch, "deploy": deploy and deploy.id}


class Fleek(Platform[State]):
    name = "fleek"
    switches = options.SWITCHES
    settings = options.SETTINGS
    admin_calls = {"push": push}

    def seeded(self) -> State:
        """The deploy of the initial site has already ended."""
        state = State(self.ground)
        past = self.ground.clock.now() - 86400
        repository = state.repository(SITE_REPOSITORY)
        build_settings: dict[str, Any] = {
            **dict.fromkeys(BUILD_SETTINGS),
            "buildCommand": "npm run build",
            "publishDirectoryPath": "public",
            "environmentVariables": [],
        }
        site = state.add_site(
            state.teams[TEAM_ID],
            SITE_NAME,
            "ipfs",
            Source(repository, "main"),
            build_settings,
            past,
        )
        deploys.seed(state, site, repository.branch("main")[-1], past, past + 42)
        settle(state, self.ground.clock.now())
        return state

    def surfaces(self) -> list[Surface]:
        return [ApiSurface(self), IpfsSurface(self), SiteSurface(self)]

    def environment(self) -> dict[str, str]:
        return {
            "FLEEK_API_URL": self.ground.url + PATH,
            "FLEEK_API_KEY": KEY,
            "FLEEK_TEAM_ID": TEAM_ID,
        }

    def examples(self) -> list[str]:
        call = f"curl -H 'Authorization: {KEY}' -H 'Content-Type: application/json' {self.ground.url}{PATH} -d"
        query = f'{{ getSiteBySlug(slug: \\"{SITE_NAME}\\") {{ id publishedDeploy {{ status ipfsHash }} }} }}'
        return [
            f"""{call} '{{"query": "{query}"}}'""",
            f"curl -H 'Host: {SITE_NAME}.on.fleek.co' {self.ground.url}/",
            f"curl -F 'file=hello;filename=index.html' '{self.ground.url}/api/v0/add?wrap-with-directory=true'",
        ]

    def state(self) -> dict[str, Any]:
        settle(self.state_now, self.ground.clock.now())
        return overview.state_data(self.state_now)

    def tables(self) -> list[Table]:
        settle(self.state_now, self.ground.clock.now())
        return overview.tables(self.state_now)
