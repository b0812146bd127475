# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of Netlify: users, accounts (teams), sites, deploys."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "netlify.app"
# Number of events that the audit log of a team keeps.
MAX_EVENTS = 1000


@dataclass(eq=False)
class Account:
    """A team. Contents that were once uploaded to one of its deploys need not be uploaded again."""

    id: str
    slug: str
    name: str
    created_at: float
    known: set[str] = field(default_factory=set)  # digests: sha1 of files, sha256 of functions
    variables: dict[str, Variable] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)  # by id
    members: dict[str, Member] = field(default_factory=dict)  # by id
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))  # oldest first
    firewall: Firewall | None = None


@dataclass(eq=False)
class Event:
    """A row of a team's audit log. `log_type`: what was changed, "site" or "team"."""

    id: str
    actor: User
    action: str
    log_type: str
    at: float
    site_name: str | None


@dataclass(eq=False)
class Member:
    """A member of a team. Without a user it is an invitation that nobody has accepted."""

    id: str
    email: str
    role: str
    created_at: float
    updated_at: float
    user: User | None = None
    site_access: str = "all"
    site_ids: list[str] = field(default_factory=list)


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
    deploy_keys: dict[str, DeployKey] = field(default_factory=dict)  # by id


@dataclass(eq=False)
class Site:
    """`fields` are the attributes that are stored and returned unchanged."""

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
    analytics_instance_id: str | None = None
    published: Deploy | None = None
    deploys: list[Deploy] = field(default_factory=list)  # oldest first
    snippets: list[Snippet] = field(default_factory=list)
    next_snippet: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)  # by id
    variables: dict[str, Variable] = field(default_factory=dict)
    builds: list[Build] = field(default_factory=list)  # oldest first
    build_hooks: dict[str, BuildHook] = field(default_factory=dict)  # by id
    hooks: dict[str, Hook] = field(default_factory=dict)  # by id
    certificate: Certificate | None = None
    splits: dict[str, SplitTest] = field(default_factory=dict)  # by id
    drains: dict[str, LogDrain] = field(default_factory=dict)  # by id
    firewall: Firewall | None = None
    purges: list[dict[str, Any]] = field(default_factory=list)

    @property
    def default_domain(self) -> str:
        return f"{self.name}.{DOMAIN}"

    @property
    def domains(self) -> list[str]:
        """The names that are the site's own choice; unique over all sites."""
        return [*([self.custom_domain] if self.custom_domain else []), *self.domain_aliases]

    @property
    def locking(self) -> Deploy | None:
        """The published deploy while it locks the site.

        fact: netlify 2 [C]: published_deploy.locked tells that a site is locked
        """
        return self.published if self.published is not None and self.published.locked else None

    def form(self, reference: str) -> Form | None:
        """A form by its id or its name."""
        return self.forms.get(reference) or next((form for form in self.forms.values() if form.name == reference), None)


@dataclass(eq=False)
class Deploy:
    """`manifest` is empty until a list of files was sent; paths start with a slash."""

    id: str
    site: Site
    user_id: str
    created_at: float
    updated_at: float
    title: str | None = None
    branch: str | None = None
    review_id: int | None = None  # the pull request of which it is the preview
    draft: bool = False
    state: str = "new"
    error_message: str | None = None
    locked: bool | None = None
    published_at: float | None = None
    ready_at: float | None = None
    manifest: dict[str, str] = field(default_factory=dict)  # path -> sha1
    functions: dict[str, str] = field(default_factory=dict)  # name -> sha256
    function_details: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)  # sha1, in the manifest's order
    missing_functions: dict[str, None] = field(default_factory=dict)  # sha256
    functions_config: dict[str, dict[str, Any]] = field(default_factory=dict)
    edge_functions: dict[str, str] = field(default_factory=dict)  # format -> sha256 of the bundle
    missing_edge_functions: dict[str, None] = field(default_factory=dict)  # sha256
    environment: list[dict[str, Any]] | None = None  # once it is set, it stays
    timeline: list[tuple[float, str]] = field(default_factory=list)  # (when, state) still to come
    details: dict[str, Any] = field(default_factory=dict)  # attributes that are only returned
    build: Build | None = None
    snippets: tuple[Snippet, ...] = ()  # as they were when the deploy was processed, and the metadata likewise
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.missing_functions or self.missing_edge_functions)

    @property
    def side_branch(self) -> str | None:
        """The branch, unless the deploy was built from a repository's production branch."""
        return None if self.build is not None and self.build.for_production else self.branch

    @property
    def subdomain_alias(self) -> str | None:
        return alias_of(self.side_branch) if self.side_branch else None


@dataclass
class Snippet:
    """HTML that is put into served pages: `general` into all, `goal` into those after a form was sent."""

    id: int
    title: str
    general: str = ""
    general_position: str = "footer"
    goal: str = ""
    goal_position: str = "footer"


@dataclass(eq=False)
class Form:
    """A form that was found in deployed HTML. `honeypot` is the name of the field that people leave empty."""

    id: str
    site: Site
    name: str
    created_at: float
    paths: list[str] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    honeypot: str | None = None
    recaptcha: bool = False
    action: str | None = None  # the page that is returned to a submission
    submissions: dict[str, Submission] = field(default_factory=dict)  # by id, oldest first
    last_number: int = 0
    last_submission_at: float | None = None


@dataclass(eq=False)
class Submission:
    id: str
    form: Form
    number: int
    created_at: float
    data: dict[str, Any]
    spam: bool = False


@dataclass(eq=False)
class Variable:
    """An environment variable. A value is {id, value, context, context_parameter}."""

    key: str
    scopes: list[str]
    values: list[dict[str, Any]]
    is_secret: bool
    updated_at: float
    updated_by: User


@dataclass(eq=False)
class Build:
    """Its deploy has its state."""

    id: str
    deploy: Deploy
    created_at: float
    for_production: bool
    clear_cache: bool = False


@dataclass(eq=False)
class BuildHook:
    id: str
    site: Site
    title: str
    branch: str
    draft: bool
    created_at: float


@dataclass(eq=False)
class DeployKey:
    id: str
    public_key: str
    created_at: float


@dataclass(eq=False)
class Hook:
    """A notification. `deliveries` tells what was sent, or why not."""

    id: str
    site: Site
    user_id: str
    type: str
    event: str
    data: dict[str, Any]
    created_at: float
    updated_at: float
    form: Form | None = None
    disabled: bool = False
    success: bool | None = None
    deliveries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class Certificate:
    id: str
    domains: list[str]
    custom: bool
    created_at: float
    updated_at: float
    issued_at: float
    ends_at: float


@dataclass(eq=False)
class Zone:
    """A DNS zone. A record is what was sent, completed, with its id; by id."""

    id: str
    account: Account
    name: str
    user_id: str
    site: Site | None
    created_at: float
    updated_at: float
    ipv6_enabled: bool = False
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def covers(self, hostname: str) -> bool:
        return hostname == self.name or hostname.endswith(f".{self.name}")


@dataclass(eq=False)
class SplitTest:
    """Shares of a site's visitors, by branch, in percent."""

    id: str
    site: Site
    branches: dict[str, float]
    created_at: float
    updated_at: float
    active: bool = False
    unpublished_at: float | None = None


@dataclass(eq=False)
class LogDrain:
    """`settings` is what the API calls service_config."""

    id: str
    site: Site
    destination: str
    format: str
    log_types: list[str]
    exclude_pii: bool
    settings: dict[str, Any]


@dataclass(eq=False)
class Firewall:
    """Traffic rules. `sets` are published and unpublished, {default, rules}."""

    id: str
    sets: dict[str, dict[str, Any]]
    created_at: float
    updated_at: float


def alias_of(branch: str) -> str:
    """A branch as a part of a host name."""
    return re.sub(r"[^a-z0-9]+", "-", branch.lower()).strip("-")
