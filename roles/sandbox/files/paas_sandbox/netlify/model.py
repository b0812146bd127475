# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in of Netlify holds: users, accounts (teams), sites, deploys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "netlify.app"


@dataclass(eq=False)
class Account:
    """A team. Contents that were once uploaded to one of its deploys need not be uploaded again."""

    id: str
    slug: str
    name: str
    created_at: float
    known: set[str] = field(default_factory=set)  # digests: sha1 of files, sha256 of functions


@dataclass(eq=False)
class User:
    """`roles` has the slugs of the user's teams: owner or guest."""

    id: str
    uid: str
    full_name: str
    email: str
    created_at: float
    roles: dict[str, str]
    default_account: str


@dataclass(eq=False)
class Site:
    """`fields` are the attributes that are stored and answered as they are."""

    id: str
    account: Account
    name: str
    user_id: str
    created_at: float
    updated_at: float
    jwt_secret: str
    deploy_hook: str
    fields: dict[str, Any]
    custom_domain: str | None = None
    domain_aliases: list[str] = field(default_factory=list)
    password: str | None = None
    build_settings: dict[str, Any] = field(default_factory=dict)
    processing_settings: dict[str, Any] = field(default_factory=lambda: {"html": {"pretty_urls": True}})
    disabled: bool = False
    disabled_reason: str | None = None
    published: Deploy | None = None
    deploys: list[Deploy] = field(default_factory=list)  # oldest first

    @property
    def default_domain(self) -> str:
        return f"{self.name}.{DOMAIN}"

    @property
    def domains(self) -> list[str]:
        """The names that are the site's own choice; unique over all sites."""
        return [*([self.custom_domain] if self.custom_domain else []), *self.domain_aliases]

    @property
    def locked(self) -> bool:
        """fact: netlify 2 [C]: published_deploy.locked tells that a site is locked"""
        return self.published is not None and bool(self.published.locked)


@dataclass(eq=False)
class Deploy:
    """`manifest` is None until a list of files was sent; paths start with a slash."""

    id: str
    site: Site
    user_id: str
    created_at: float
    updated_at: float
    title: str | None = None
    branch: str | None = None
    draft: bool = False
    state: str = "new"
    error_message: str | None = None
    locked: bool | None = None
    published_at: float | None = None
    ready_at: float | None = None
    manifest: dict[str, str] | None = None  # path -> sha1
    functions: dict[str, str] = field(default_factory=dict)  # name -> sha256
    function_details: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)  # sha1, in the manifest's order
    missing_functions: dict[str, None] = field(default_factory=dict)  # sha256
    timeline: list[tuple[float, str]] = field(default_factory=list)  # (when, state) still to come
    details: dict[str, Any] = field(default_factory=dict)  # attributes that are only answered again

    @property
    def subdomain_alias(self) -> str | None:
        return alias_of(self.branch) if self.branch else None


def alias_of(branch: str) -> str:
    """A branch as a part of a host name."""
    return re.sub(r"[^a-z0-9]+", "-", branch.lower()).strip("-")
