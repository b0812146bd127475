# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes and report of the role hasura_release. PRIVATE to the collection."""

from __future__ import annotations

from typing import ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    PREDICTED,
    Outcome,
    checks_of,
    checks_words,
    has_failed,
)
from ansible_collections.webops.paas.plugins.plugin_utils._release.hasura import HasuraRelease, label

# Changed places of the metadata that the message names.
PLACES_NAMED = 10


class HasuraReport(HasuraRelease):
    """The report of a release; the outcome is the first one that applies."""

    OUTCOMES: ClassVar[tuple[Outcome[HasuraReport], ...]] = (
        PREDICTED,
        Outcome(
            "released",
            lambda release: not release.failure and release.is_new,
            "Released. It passes its checks.",
            succeeds=True,
        ),
        Outcome(
            "unchanged",
            lambda release: not release.failure,
            "Nothing to release: the tenant already has this release.",
            succeeds=True,
        ),
        Outcome(
            "rollback_failed",
            lambda release: bool(release.restore_failures),
            "ROLLBACK FAILED. The release failed, and restoring the previous state failed too. Check the tenant, and "
            "run the previous release again.",
        ),
        Outcome(
            "superseded",
            lambda release: bool(release.left_alone),
            "NOT ROLLED BACK. The release failed, but meanwhile somebody else changed {release.left_alone_words} not "
            "restored.",
        ),
        Outcome(
            "release_failed",
            lambda release: not has_failed(release.verified) and not release.put_back,
            "NOT RELEASED. Environment variables and metadata are as before.",
        ),
        Outcome(
            "first_failed",
            lambda release: release.is_new_tenant and not release.put_back,
            "THE NEW TENANT FAILS ITS CHECKS. There is no earlier state to roll back to.",
        ),
        Outcome(
            "unchanged_failed",
            lambda release: not release.put_back,
            "THE TENANT FAILS ITS CHECKS. There was nothing to release, because the tenant already had it, so "
            "nothing was rolled back.",
        ),
        Outcome(
            "rollback_unverified",
            lambda release: has_failed(release.verified_again) or has_failed(release.env_restored),
            "ROLLED BACK, BUT THE TENANT STILL FAILS ITS CHECKS. Environment variables and metadata are as before, "
            "but the tenant fails too. The cause may be outside the release (database, remote schema, plan) or in "
            "the checks.",
        ),
        Outcome(
            "rolled_back",
            lambda release: True,
            "ROLLED BACK. The release failed; environment variables and metadata are as before, and the tenant "
            "passes its checks.",
        ),
    )

    @property
    def left_alone_words(self) -> str:
        are_several = self.left_alone != ["the metadata"]
        return " and ".join(self.left_alone) + (", which were" if are_several else ", which was")

    @property
    def tenant_words(self) -> str:
        endpoint = f" {self.endpoint}" if self.endpoint else ""
        stays = ", kept as created" if self.failure else ""
        return f"{self.tenant_id or 'ID not known yet'}{endpoint}{f', new{stays}' if self.is_new_tenant else ''}"

    @property
    def env_words(self) -> str:
        if has_failed(self.env):
            return "setting them failed"
        changes = [f"{kind} {', '.join(names)}" for kind, names in self.env_names.items() if names]
        return "; ".join(changes) or "as declared"

    @property
    def migrations_words(self) -> str:
        applied = ", ".join(label(step) for step in self.steps)
        if has_failed(self.migrations):
            return f"applied {applied}, then one failed" if applied else "one failed, none was applied"
        return f"applied {applied}" if applied else "as declared" if self.migrations else "not tried"

    @property
    def metadata_words(self) -> str:
        if has_failed(self.metadata):
            return "declaring it failed"
        if "metadata" not in self.metadata:
            return "not tried"
        places = self.metadata_changes
        if not places:
            return "as declared"
        more = len(places) - PLACES_NAMED
        return f"changed {', '.join(places[:PLACES_NAMED])}{f' and {more} more' if more > 0 else ''}"

    def report(self) -> JsonObject:
        put_back, failures, removed = self.put_back, self.restore_failures, self.result("removed")
        left = self.migrations_left
        failed_later = has_failed(self.env_restored) and self.env_is_back
        return {
            "outcome": self.outcome,
            "message": self.message(
                self.option("name"),
                f"Tenant: {self.tenant_words}",
                f"Environment variables: {self.env_words}" if self.declares_env else "",
                f"Migrations: {self.migrations_words}" if self.options.get("migrations_src") else "",
                f"Metadata: {self.metadata_words}" if self.declares_metadata else "",
                f"What failed: {self.failure}" if self.failure else "",
                f"Restored: {', '.join(put_back)}" if put_back else "",
                f"What failed after that: {self.env_restored.get('msg')}" if failed_later else "",
                f"Not restored: {' '.join(failures)}" if failures else "",
                f"Not rolled back, still applied: {', '.join(left)}" if left else "",
                f"DELETE {self.directory}, which may hold secrets. The role could not delete it: {removed.get('msg')}"
                if has_failed(removed)
                else "",
                f"Checks of the current state: {checks_words(self.live_checked)}",
            ),
            "error": self.failure,
            "tenant": {
                "name": self.option("name"),
                "id": self.tenant_id,
                "endpoint": self.endpoint,
                "is_new": self.is_new_tenant,
            },
            "release": {
                "env_vars": self.env_names,
                "migrations": [label(step) for step in self.steps],
                "metadata_changes": self.metadata_changes,
                "checks": checks_of(self.verified),
            },
            "put_back": {
                "env_vars": self.env_put_back,
                "migrations": self.undone,
                "migrations_left": left,
                "metadata": self.metadata_put_back,
                "errors": failures,
            },
            "live": {"checks": checks_of(self.live_checked)},
        }
