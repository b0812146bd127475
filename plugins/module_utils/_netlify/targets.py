# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The target of a deploy: production, a branch or a draft, and its title. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import (
    GOOD_STATES,
    LOOK_BACK,
    DeploysClient,
    deploy_view,
    live_of,
    wait_for,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.functions import Functions
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import Manifest

_CONTENT_TITLE = re.compile(r"webops\.paas [0-9a-f]{12}(?: ([0-9a-f]{12}))?")


def content_title(manifest: Manifest, functions: Functions | None, mark: str | None = None) -> str:
    """A title that identifies the content, so that the deploy of an interrupted run is recognized.

    mark: of settings that Netlify does not return, see C(mark_of) in _netlify.function_settings.
    """
    content = manifest.digest + "".join(
        f"\n{name} {bundle.sha256}" + (f" {bundle.settings['schedule']}" if "schedule" in bundle.settings else "")
        for name, bundle in sorted((functions or {}).items())
    )
    title = f"webops.paas {hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()[:12]}"
    return f"{title} {mark}" if mark else title


def mark_in(deploy: JsonObject) -> str | None:
    """The mark in the title of a deploy; None if the title is somebody else's."""
    found = _CONTENT_TITLE.fullmatch(deploy.get("title") or "")
    return (found[1] or "") if found else None


class Target:
    """The target of a deploy: production, a branch, or a draft."""

    def __init__(self, title: str | None, branch: str | None, is_draft: bool, content_title: str) -> None:
        self.title = title or content_title
        self.title_names_content = not title
        self.branch = branch
        self.is_draft = is_draft
        self.is_production = not (branch or is_draft)
        self.body: JsonObject = {"branch": branch} if branch else {"draft": True} if is_draft else {}

    def compared(self, client: DeploysClient, site: JsonObject | None) -> JsonObject | None:
        """The deploy whose content is the current state."""
        if site is None:
            return None
        if self.is_production:
            return live_of(site) or None
        return next(
            (
                deploy
                for deploy in client.list_deploys(site["id"], limit=LOOK_BACK, branch=self.branch or None)
                if deploy.get("state") in GOOD_STATES
                and self.has(deploy)
                and (self.branch or deploy.get("title") == self.title)
            ),
            None,
        )

    def has(self, deploy: JsonObject) -> bool:
        """Whether a listed deploy has the same target."""
        if self.is_draft:
            return bool(deploy.get("draft"))
        if self.branch:
            return not deploy.get("draft") and deploy.get("branch") == self.branch
        return not deploy.get("draft") and deploy.get("context") in (None, "production")

    def to_come(self, site: JsonObject | None, functions: Iterable[str]) -> tuple[JsonObject, list[str]]:
        """(deploy_view of a deploy that will be created, its keys that only Netlify can determine)."""
        known = {
            "site_id": UNKNOWN if site is None else site["id"],
            "title": self.title,
            "branch": self.branch,
            "draft": self.is_draft,
            "functions": sorted(functions),
            # An upload has no commit, failures are not predicted, and only production is published.
            **dict.fromkeys(("commit_ref", "error_message", *(() if self.is_production else ("published_at",)))),
        }
        blank = dict.fromkeys(deploy_view({}))
        return {**blank, **known}, sorted(blank.keys() - known.keys())

    def check_not_locked(self, site: JsonObject | None) -> None:
        if site is not None and self.is_production and live_of(site).get("locked"):
            raise PaasError(
                f"The site {site['name']} is locked, so Netlify would not publish a production deploy. Nothing was "
                "sent. Unlock the site with webops.paas.netlify_publish, or set `draft: true`.",
                code="locked",
            )

    def follow(
        self, client: DeploysClient, deploy: JsonObject, warn: Callable[[str], None], patience: Patience
    ) -> JsonObject:
        """Waits until a deploy is ready; warns if a production deploy is not live then."""
        deploy = wait_for(client, deploy["id"], GOOD_STATES, patience)
        if self.is_production:
            site = client.require_site(deploy["site_id"])
            live = live_of(site)
            if live.get("id") != deploy["id"] and live.get("locked"):
                raise WaitFailed(
                    f"The deploy {deploy['id']} is ready, but not live, because the site {site['name']} was locked "
                    f"meanwhile to the deploy {live.get('id')}. Publish it with webops.paas.netlify_publish.",
                    code="locked",
                )
            if live.get("id") != deploy["id"]:
                warn(
                    f"The deploy {deploy['id']} is ready, but another one is live: {live.get('id')}. Check whether "
                    f"something else deploys to {site['name']}."
                )
        return deploy
