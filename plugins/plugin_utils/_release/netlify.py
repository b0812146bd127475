# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions of the role netlify_release. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    Release,
    first,
    has_failed,
    is_predicted,
    text,
    verify_urls,
)


class NetlifyRelease(Release):
    """A release of files, which a rollback undoes by publishing the deploy that was live before."""

    def __init__(self, results: JsonObject, options: JsonObject) -> None:
        super().__init__(results, options)
        self.deployed = self.result("deployed")
        self.published = self.result("published")
        self.verified = self.result("verified")
        self.restored = self.result("restored")
        self.verified_again = self.result("verified_again")
        self.live_before = first(self.result("found").get("sites")).get("published_deploy") or {}
        self.live_now = first(self.result("found_after").get("sites")).get("published_deploy") or {}
        self.deploy: JsonObject = self.deployed.get("deploy") or {}
        self.id = text(self.deploy.get("id"))
        self.site: JsonObject = self.result("site").get("site") or {}
        self.address_key = "ssl_url" if self.is_on("verify_https") else "url"
        self.address = text(self.site.get(self.address_key))
        self.draft_address = text(self.deploy.get(f"deploy_{self.address_key}"))
        self.is_predicted = is_predicted(self.result("site"), self.deployed, self.published)

    @property
    def needs_comparison(self) -> bool:
        """The comparison fails for a locked site with other live files, and determines whether a draft is needed."""
        return "id" in self.live_before and (self.is_on("preview_first") or bool(self.live_before.get("locked")))

    @property
    def needs_draft(self) -> bool:
        """Files that are already live need no draft."""
        if not self.is_on("preview_first"):
            return False
        compared = self.result("compared")
        return "deploy" not in compared or compared["deploy"].get("id") != self.live_before.get("id")

    @property
    def previous_id(self) -> str:
        """Recorded by the task that publishes: the deploy that was live when the role began can be older."""
        publication = self.published if self.needs_draft else self.deployed
        return text(publication.get("previous_deploy_id"))

    @property
    def is_new(self) -> bool:
        """Not "changed": a release that an earlier run started and this run waited for is new as well."""
        return self.id != self.previous_id

    @property
    def live_checked(self) -> JsonObject:
        """The checks of the live release: those after a rollback, or else those before."""
        return self.verified_again if "checks" in self.verified_again else self.verified

    def decisions(self) -> JsonObject:
        checks = self.options.get("verify") or []
        return {
            "needs_comparison": self.needs_comparison,
            "needs_draft": self.needs_draft,
            "has_draft": self.needs_draft and bool(self.id),
            "is_predicted": self.is_predicted,
            "checks_site": not self.is_predicted and (self.is_new or self.is_on("verify_unchanged")),
            "id": self.id,
            "previous_id": self.previous_id,
            "rolls_back": has_failed(self.verified) and self.is_new and bool(self.previous_id),
            "is_rolled_back": "deploy" in self.restored and not has_failed(self.restored),
            "draft_urls": [
                check
                for check in verify_urls(checks, [self.draft_address])
                if text(check["url"]).startswith(self.draft_address)
            ],
            "urls": verify_urls(checks, [self.address]),
            "rollback_urls": verify_urls(self.options.get("rollback_verify") or [], [self.address]),
        }
