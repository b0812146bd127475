# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The complete state of Fleek, as it is at the start.

Two teams with one key each, and in the first one the site `hello-fleek`, whose first deploy is published.
"""

from __future__ import annotations

import random
import uuid
from typing import Any

from ..core.platform import Ground
from .ipfs import Blocks
from .model import Deploy, GitRepository, Site, Source, Team

KEY = "c2FuZGJveC1mbGVlay1ob3N0aW5nLWtleS0wMDAxLWtl="
SECOND_KEY = "c2FuZGJveC1mbGVlay1ob3N0aW5nLWtleS0wMDAyLWtl="
TEAM_ID = "sandbox-team"
SECOND_TEAM_ID = "second-team"
SITE_NAME = "hello-fleek"
SITE_REPOSITORY = "https://github.com/sandbox/hello-fleek"

ADJECTIVES = ("bitter", "bold", "broad", "calm", "cool", "crimson", "curly", "divine", "falling", "green")
NOUNS = ("band", "breeze", "cloud", "dew", "field", "fog", "haze", "king", "lake", "mouse")


class State:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._random = random.Random(f"fleek {ground.seed}")
        first, second = Team(TEAM_ID, "sandbox", "ada-sandbox"), Team(SECOND_TEAM_ID, "second", "grace-sandbox")
        self.teams = {team.id: team for team in (first, second)}
        self.keys = {KEY: first, SECOND_KEY: second}
        self.sites: dict[str, Site] = {}
        self.deploys: dict[str, Deploy] = {}
        self.moving: set[Deploy] = set()  # deploys that have not ended
        self.repositories: dict[str, GitRepository] = {}
        self.blocks = Blocks()
        self._slugs: dict[str, Site] = {}

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def random_name(self) -> str:
        while True:
            name = (
                f"{self._random.choice(ADJECTIVES)}-{self._random.choice(NOUNS)}-{self._random.randrange(1000, 10000)}"
            )
            if name not in self._slugs:
                return name

    def repository(self, url: str) -> GitRepository:
        return self.repositories.setdefault(url, GitRepository(url))

    def add_site(
        self, team: Team, name: str, platform: str, source: Source, build_settings: dict[str, Any], now: float
    ) -> Site:
        canister = f"{self._random.getrandbits(40):010x}-cai" if platform == "dfinity" else None
        site = Site(self.new_id(), team, name, platform, now, source, build_settings, canister=canister)
        self.sites[site.id] = self._slugs[name] = site
        return site

    def by_slug(self, slug: str) -> Site | None:
        return self._slugs.get(slug)
