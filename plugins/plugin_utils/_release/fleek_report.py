# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes and report of the role fleek_release. PRIVATE to the collection."""

from __future__ import annotations

from typing import ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    PREDICTED,
    Outcome,
    has_failed,
    text,
)
from ansible_collections.webops.paas.plugins.plugin_utils._release.fleek import FleekRelease


class FleekReport(FleekRelease):
    """The report of a release; the outcome is the first one that applies."""

    OUTCOMES: ClassVar[tuple[Outcome[FleekReport], ...]] = (
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
            "Nothing to release: this release is already live.",
            succeeds=True,
        ),
        Outcome(
            "deploy_unfinished",
            lambda release: release.is_unfinished,
            "NOT RELEASED YET. The role has stopped waiting; the deploy is still in progress and may go live,"
            " unchecked. Run the role again.",
        ),
        Outcome(
            "deploy_failed",
            lambda release: has_failed(release.pointed) or has_failed(release.deployed),
            "NOT RELEASED. The deploy failed{release.source_words}.",
        ),
        Outcome(
            "unchanged_failed",
            lambda release: not release.is_new,
            "THE SITE FAILS ITS CHECKS. There was nothing to release, because it was already live, so nothing was "
            "rolled back.",
        ),
        Outcome(
            "first_failed",
            lambda release: not release.previous["id"],
            "THE SITE FAILS ITS CHECKS, AND IS LIVE. There is no earlier release to roll back to. Release a fixed "
            "version.",
        ),
        Outcome(
            "same_failed",
            lambda release: not release.is_another,
            "THE SITE FAILS ITS CHECKS, AND IS LIVE. The previous release has the same {release.kind}, so nothing "
            "was rolled back.",
        ),
        Outcome(
            "superseded",
            lambda release: release.is_superseded,
            "NOT ROLLED BACK. The release failed its checks, but meanwhile somebody else {release.superseded_words}, "
            "which was not changed.",
        ),
        Outcome(
            "rollback_failed",
            lambda release: "deploy" not in release.restored or has_failed(release.restored),
            "ROLLBACK FAILED. The release failed its checks, and deploying the previous release failed too. Deploy it"
            " by hand, with webops.paas.fleek_deploy or in Fleek's dashboard: {release.previous_words}.",
        ),
        Outcome(
            "rollback_unverified",
            lambda release: bool(release.rollback_failure),
            "ROLLED BACK, BUT THE SITE STILL FAILS ITS CHECKS. The previous release is live again, but it fails the "
            "checks too. The cause may be outside the release (domain, certificate, gateway, a service that the site "
            "needs) or in the checks.",
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
    def source_words(self) -> str:
        is_back = self.has_moved_source and self.way_back and not self.rollback_failure and not self.is_superseded
        return ", and the site points to its previous content again" if is_back else ""

    @property
    def superseded_words(self) -> str:
        if self.is_replaced:
            return "published another release"
        return "started another deploy" if self.is_another_in_progress else "pointed the site elsewhere"

    @property
    def release_words(self) -> str:
        asked_for = (
            self.cid or text(self.site.get("cid")) or f"unknown {self.kind}"
            if self.is_from_ipfs
            else "the head of the branch"
            if self.commit in ("", "HEAD")
            else self.commit
        )
        return f"{self.new_name or asked_for} (deploy {self.id or self.missing_id})"

    @property
    def previous_words(self) -> str:
        return f"{self.old_name or f'unknown {self.kind}'} (deploy {self.previous['id']})"

    @property
    def live_words(self) -> str:
        found = self.result("found_after")
        if has_failed(found):
            return f"unknown, because the request failed: {found.get('msg')}"
        if not self.live_now:
            return "nothing"
        live_id = self.live_now["id"]
        known = {
            text((self.restored.get("deploy") or {}).get("id")): ", rolled back",
            self.previous["id"]: ", as before",
            self.id: ", this release",
        }
        name = self.live_now.get(self.key) or f"unknown {self.kind}"
        return f"{name} (deploy {live_id}{known.get(live_id, '')}) {self.address}"

    @property
    def checks_words(self) -> str:
        checks, content = self.checked["checks"], self.content
        if not checks and not content:
            return "none were made"
        # Where what is live was not checked by itself, the checks of the release count for it.
        is_of_release = self.checked == self.result("checked_before")
        problem = self.failure if is_of_release else self.rollback_failure
        if problem:
            return problem
        served = f", and its content is that of the deploy (by {content['told_by']})" if content else ""
        return f"{len(checks)} passed{served}"

    def report(self) -> JsonObject:
        tells_rollback = self.rollback_failure and self.outcome in ("deploy_failed", "rollback_failed")
        release_checked = self.result("checked_before") or self.checked
        return {
            "outcome": self.outcome,
            "message": self.message(
                self.option("site"),
                f"Release: {self.release_words}",
                f"What failed: {self.failure}" if self.failure else "",
                f"Why the rollback failed: {self.rollback_failure}" if tells_rollback else "",
                f"Live now: {self.live_words}",
                f"Checks of the live release: {self.checks_words}",
            ),
            "error": self.failure,
            "site": {"slug": self.option("site"), "id": text(self.site.get("id")), "url": self.address},
            "release": {
                "id": self.id,
                "commit": text(self.deploy.get("commit")),
                "ipfs_hash": text(self.deploy.get("ipfs_hash")),
                "previous_id": self.previous["id"],
                "previous_commit": text(self.previous.get("commit")),
                "previous_ipfs_hash": text(self.previous.get("ipfs_hash")),
                **release_checked,
            },
            "live": {
                "id": text(self.live_now.get("id")),
                "commit": text(self.live_now.get("commit")),
                "ipfs_hash": text(self.live_now.get("ipfs_hash")),
                **self.checked,
            },
        }
