# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes and report of the role netlify_release. PRIVATE to the collection."""

from __future__ import annotations

from typing import ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    PREDICTED,
    Outcome,
    checks_of,
    checks_words,
    has_failed,
    text,
)
from ansible_collections.webops.paas.plugins.plugin_utils._release.netlify import NetlifyRelease


class NetlifyReport(NetlifyRelease):
    """The report of a release; the outcome is the first one that applies."""

    OUTCOMES: ClassVar[tuple[Outcome[NetlifyReport], ...]] = (
        PREDICTED,
        Outcome(
            "released",
            lambda release: not release.failure and release.is_new,
            "Released{release.replaced_words}.",
            succeeds=True,
        ),
        Outcome(
            "unchanged",
            lambda release: not release.failure,
            "Nothing to release: these files are already live.",
            succeeds=True,
        ),
        Outcome("deploy_failed", lambda release: has_failed(release.deployed), "NOT RELEASED. The deploy failed."),
        Outcome(
            "draft_failed",
            lambda release: has_failed(release.result("draft_verified")),
            "NOT RELEASED. The draft failed its checks and was not published; visitors have not seen it.",
        ),
        Outcome(
            "publish_failed",
            lambda release: has_failed(release.published),
            "NOT RELEASED. The draft passed its checks, but publishing it failed.",
        ),
        Outcome(
            "lock_failed",
            lambda release: not has_failed(release.verified),
            "Released, but NOT LOCKED. The release is live and passed its checks, but locking it failed.",
        ),
        Outcome(
            "unchanged_failed",
            lambda release: not release.is_new,
            "THE SITE FAILS ITS CHECKS. There was nothing to release, because these files were already live, so "
            "nothing was rolled back.",
        ),
        Outcome(
            "first_failed",
            lambda release: not release.previous_id,
            "THE SITE FAILS ITS CHECKS, AND IS LIVE. There is no earlier release to roll back to. Release fixed "
            "files, or disable the site with `enabled: false` of webops.paas.netlify_site.",
        ),
        Outcome(
            "rollback_failed",
            lambda release: has_failed(release.restored),
            "ROLLBACK FAILED. The release failed its checks, and publishing the previous release failed too. Publish "
            "{release.previous_id} by hand, with webops.paas.netlify_publish or in Netlify's dashboard.",
        ),
        Outcome(
            "superseded",
            lambda release: (release.restored.get("deploy") or {}).get("id") != release.previous_id,
            "NOT ROLLED BACK. The release failed its checks, but meanwhile somebody else published another one, "
            "which was not changed.",
        ),
        Outcome(
            "rollback_unverified",
            lambda release: has_failed(release.verified_again),
            "ROLLED BACK, BUT THE SITE STILL FAILS ITS CHECKS. The previous release is live again, but it fails the "
            "checks too. The cause may be outside the files (functions, domain, certificate, a service that they "
            "need) or in the checks.",
        ),
        Outcome(
            "rolled_back",
            lambda release: True,
            "ROLLED BACK. The release failed its checks; the previous release is live again and passes.",
        ),
    )

    @property
    def replaced_words(self) -> str:
        if text(self.live_now.get("id")) == self.id:
            return ""
        return ", but somebody else published another release meanwhile"

    @property
    def release_words(self) -> str:
        if not self.deploy:
            return ""
        # A draft was compared with an earlier draft, not with the live release.
        files = self.result("compared").get("files") or self.deployed.get("files") or {}
        counts = ", ".join(f"{name} {count}" for name, count in sorted(files.get("counts", {}).items()))
        return f"Release: {self.deploy.get('title')} ({self.id or 'ID not known yet'}), files: {counts}"

    @property
    def live_words(self) -> str:
        found = self.result("found_after")
        if has_failed(found):
            return f"unknown, because the request failed: {found.get('msg')}"
        if not self.live_now:
            return "nothing"
        live_id = text(self.live_now.get("id"))
        which = (
            ", this release"
            if live_id == self.id
            else ", as before"
            if live_id == text(self.live_before.get("id"))
            else ""
        )
        return f"{self.live_now.get('title')} ({live_id}{which}) {self.address}"

    def report(self) -> JsonObject:
        restored = self.restored
        return {
            "outcome": self.outcome,
            "message": self.message(
                self.option("name"),
                self.release_words,
                f"What failed: {self.failure}" if self.failure else "",
                f"Why the rollback failed: {restored.get('msg')}" if has_failed(restored) else "",
                f"Live now: {self.live_words}",
                f"Checks of the live release: {checks_words(self.live_checked)}",
            ),
            "error": self.failure,
            "site": {"name": self.option("name"), "id": text(self.site.get("id")), "url": self.address},
            "release": {
                "id": self.id,
                "title": text(self.deploy.get("title")),
                "url": self.draft_address,
                "previous_id": self.previous_id,
                "checks": checks_of(self.verified if "checks" in self.verified else self.result("draft_verified")),
            },
            "live": {
                "id": text(self.live_now.get("id")),
                "title": text(self.live_now.get("title")),
                "checks": checks_of(self.live_checked),
            },
        }
