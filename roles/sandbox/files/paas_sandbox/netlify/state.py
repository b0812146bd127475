# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The complete state of Netlify: finds, creates and removes objects."""

from __future__ import annotations

import random
import uuid
from typing import Any

from ..core.platform import Ground
from .model import DOMAIN, Account, Deploy, Member, Site, User, alias_of
from .pages import FoundForm

TOKEN = "nfp_sandbox_0123456789abcdef0123456789abcdef"
SECOND_TOKEN = "nfp_second_fedcba9876543210fedcba9876543210"
TEAM = "sandbox-team"
SECOND_TEAM = "second-team"
STRANGERS = "strangers"
TAKEN = "taken"

ADJECTIVES = ("amazing", "brave", "calm", "clever", "eager", "gentle", "jolly", "lucid", "quiet", "sunny")
NOUNS = ("austin", "curie", "darwin", "euler", "franklin", "goodall", "hopper", "lovelace", "noether", "turing")

# fact: netlify 1 [S][T]: attributes that are stored and returned; most depend on the plan
FIELDS: dict[str, Any] = {
    "notification_email": None,
    "force_ssl": None,
    "managed_dns": True,
    "branch_deploy_custom_domain": None,
    "deploy_preview_custom_domain": None,
    "build_image": "noble",
    "functions_region": None,
    "prerender": None,
    "prevent_non_git_prod_deploys": False,
    "deploy_retention_in_days": None,
    "build_timelimit": None,
    "sso_login": False,
    "sso_login_context": None,
    "cdp_enabled_contexts": [],
    "hud_enabled": False,
    "rum_enabled": False,
    "labels": [],
}


class State:
    """Starts with two users, their two teams, and a team of strangers that owns one site name."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._random = random.Random(ground.seed)
        self._events = 0
        now = ground.clock.now()
        self.accounts = {
            slug: Account(self.new_id(), slug, name, now)
            for slug, name in ((TEAM, "Sandbox Team"), (SECOND_TEAM, "Second Team"), (STRANGERS, "Strangers"))
        }
        ada = User(
            self.new_id(),
            self.new_id(),
            "Ada Sandbox",
            "ada@example.com",
            now,
            {TEAM: "owner", SECOND_TEAM: "guest"},
            TEAM,
        )
        grace = User(
            self.new_id(), self.new_id(), "Grace Sandbox", "grace@example.com", now, {SECOND_TEAM: "owner"}, SECOND_TEAM
        )
        stranger = User(
            self.new_id(), self.new_id(), "A Stranger", "stranger@example.com", now, {STRANGERS: "owner"}, STRANGERS
        )
        for user in (ada, grace, stranger):
            for slug, role in user.roles.items():
                self.accounts[slug].members[user.id] = Member(
                    user.id, user.email, "Owner" if role == "owner" else "Reviewer", now, now, user
                )
        self.tokens = {TOKEN: ada, SECOND_TOKEN: grace}
        self.sites: dict[str, Site] = {}
        self.deploys: dict[str, Deploy] = {}
        self.moving: set[Deploy] = set()  # deploys whose state still changes by itself
        self.forms_of_contents: dict[str, list[FoundForm]] = {}  # sha1 of a page -> the forms in it
        self._names: dict[str, Site] = {}
        self._domains: dict[str, Site] = {}
        self.add_site(self.accounts[STRANGERS], stranger, TAKEN, now)

    # ids and names

    def new_id(self) -> str:
        """fact: netlify 0: 24 hexadecimal digits"""
        return f"{self._random.getrandbits(96):024x}"

    def new_event_id(self) -> str:
        """Not random, because no other ID must depend on how much was logged before."""
        self._events += 1
        return f"{self._events:024x}"

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_secret(self) -> str:
        return f"{self._random.getrandbits(160):040x}"

    def random_name(self) -> str:
        while True:
            name = f"{self._random.choice(ADJECTIVES)}-{self._random.choice(NOUNS)}-{self._random.getrandbits(24):06x}"
            if name not in self._names:
                return name

    # sites

    def add_site(self, account: Account, user: User, name: str, now: float) -> Site:
        site = Site(
            id=self.new_uuid(),
            account=account,
            name=name,
            user_id=user.id,
            created_at=now,
            updated_at=now,
            jwt_secret=self.new_secret(),
            deploy_hook=f"https://api.netlify.com/hooks/drop/{self.new_secret()}",
            fields=dict(FIELDS),
        )
        self.sites[site.id] = self._names[name.lower()] = site
        return site

    def remove_site(self, site: Site) -> None:
        for deploy in site.deploys:
            del self.deploys[deploy.id]
            self.moving.discard(deploy)
        for domain in site.domains:
            del self._domains[domain]
        del self._names[site.name.lower()]
        del self.sites[site.id]

    def rename(self, site: Site, name: str) -> None:
        del self._names[site.name.lower()]
        site.name = name
        self._names[name.lower()] = site

    def set_domains(self, site: Site, custom_domain: str | None, aliases: list[str]) -> None:
        for domain in site.domains:
            del self._domains[domain]
        if custom_domain != site.custom_domain:
            site.certificate = None
        site.custom_domain, site.domain_aliases = custom_domain, aliases
        for domain in site.domains:
            self._domains[domain] = site

    def name_owner(self, name: str) -> Site | None:
        return self._names.get(name.lower())

    def domain_owner(self, domain: str) -> Site | None:
        """The site with a host name: its default domain, that of its ID, custom domain or alias."""
        if domain in self._domains:
            return self._domains[domain]
        label, _dot, parent = domain.partition(".")
        if parent == DOMAIN:
            return self._names.get(label) or self.sites.get(label)
        return None

    def visible_site(self, user: User, reference: str) -> Site | None:
        """By id or by any domain; None for a stranger's."""
        site = self.sites.get(reference) or self.domain_owner(reference.lower())
        if site is None and self.ground.switches["bare_name_lookup"] == "found":
            site = self.name_owner(reference)
        return site if site is not None and site.account.slug in user.roles else None

    def visible_account(self, user: User, reference: str) -> Account | None:
        """By slug or by id; None for a stranger's."""
        for slug in user.roles:
            account = self.accounts[slug]
            if reference in (slug, account.id):
                return account
        return None

    # deploys

    def add_deploy(self, site: Site, user_id: str, now: float) -> Deploy:
        deploy = Deploy(self.new_id(), site, user_id, now, now)
        self.deploys[deploy.id] = deploy
        site.deploys.append(deploy)
        return deploy

    def remove_deploy(self, deploy: Deploy) -> None:
        deploy.site.deploys.remove(deploy)
        del self.deploys[deploy.id]
        self.moving.discard(deploy)

    def branch_deploy(self, site: Site, alias: str) -> Deploy | None:
        """The newest finished deploy of a branch, by the branch's part in host names."""
        for deploy in reversed(site.deploys):
            if deploy.branch and alias_of(deploy.branch) == alias and deploy.ready_at is not None:
                return deploy
        return None
