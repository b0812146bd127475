# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes and report of the role flightcontrol_release. PRIVATE to the collection."""

from __future__ import annotations

from typing import ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    PREDICTED,
    Outcome,
    checks_of,
    checks_words,
    has_changed,
    has_failed,
    text,
)
from ansible_collections.webops.paas.plugins.plugin_utils._release.flightcontrol import FlightcontrolRelease


class FlightcontrolReport(FlightcontrolRelease):
    """The report of a release; the outcome is the first one that applies."""

    OUTCOMES: ClassVar[tuple[Outcome[FlightcontrolReport], ...]] = (
        PREDICTED,
        Outcome("released", lambda release: not release.failure and release.is_new, "Released.", succeeds=True),
        Outcome(
            "unchanged",
            lambda release: not release.failure,
            "Nothing to deploy: this release is already live.",
            succeeds=True,
        ),
        Outcome(
            "not_remembered",
            lambda release: release.has_passed,
            "Released, but NOT RECORDED. The release is live and passed its checks, but writing the state file failed.",
        ),
        Outcome(
            "deploy_unknown",
            lambda release: release.is_lost,
            "NOT KNOWN. The response to the request for the deployment was lost. It may have started and may go "
            "live, unchecked. Check the dashboard, then run the role again.",
        ),
        Outcome(
            "wrong_environment",
            lambda release: release.is_elsewhere,
            "ANOTHER ENVIRONMENT WAS DEPLOYED, and nothing was checked or rolled back. Use the deploy hook of this"
            " environment.",
        ),
        Outcome(
            "unchanged_failed",
            lambda release: not release.is_needed or (bool(release.id) and not release.is_new),
            "THE RELEASE FAILS ITS CHECKS. There was nothing to deploy, because it was already live, so nothing was "
            "rolled back.",
        ),
        Outcome("not_started", lambda release: not release.id, "NOT RELEASED. No deployment was started."),
        Outcome(
            "deploy_unfinished",
            lambda release: release.is_unfinished,
            "NOT RELEASED YET. The role has stopped waiting; the deployment is still in progress and may go live, "
            "unchecked. Run the role again.",
        ),
        Outcome(
            "superseded",
            lambda release: release.is_superseded,
            "NOT ROLLED BACK. {release.cause}, but meanwhile somebody else started another release, which was not "
            "changed.",
        ),
        Outcome(
            "not_taken_back",
            lambda release: not release.way_back,
            "NOT ROLLED BACK. {release.cause}, and there is no other commit to roll back to: neither the state file "
            "nor flightcontrol_release_fallback_commit has one. Release a fixed commit.",
        ),
        Outcome(
            "rollback_failed",
            lambda release: not release.is_deployed_back or has_failed(release.restored),
            "ROLLBACK FAILED. {release.cause}, and deploying the last good commit failed too. Deploy"
            " {release.way_back} by hand, with webops.paas.flightcontrol_deploy or in the dashboard.",
        ),
        Outcome(
            "rollback_unverified",
            lambda release: bool(release.rollback_failure),
            "ROLLED BACK, BUT NOT VERIFIED. {release.cause}. The last good commit is deployed again, but it fails "
            "too. The cause may be outside the commit (variables, scaling, a service that it needs) or in the checks.",
        ),
        Outcome(
            "rolled_back",
            lambda release: True,
            "ROLLED BACK. {release.cause}; the last good commit is live again and passes.",
        ),
    )

    @property
    def cause(self) -> str:
        if has_failed(self.deployed):
            return "The deployment failed"
        return "The release failed its checks" if has_failed(self.verified) else "A step after the deployment failed"

    @property
    def live(self) -> JsonObject:
        """The live release (id, commit), empty if unknown."""
        outcome = self.outcome
        if outcome in ("rolled_back", "rollback_unverified"):
            return self.restored_deployment
        if (
            self.id
            and not has_failed(self.deployed)
            and outcome in ("released", "unchanged", "unchanged_failed", "not_remembered", "not_taken_back")
        ):
            return self.deployment
        if (
            self.good_commit
            and not self.is_left_over
            and outcome in ("predicted", "unchanged", "unchanged_failed", "not_started", "wrong_environment")
        ):
            return {"commit": self.good_commit, "id": self.last_good.get("deployment_id")}
        return {}

    @property
    def live_words(self) -> str:
        if not self.live:
            return "unknown, because Flightcontrol does not return it"
        live_id = self.live.get("id")
        known = {self.last_good.get("deployment_id"): ", as before", self.id: ", this release"}
        return f"{self.live.get('commit')} (deployment {live_id}{known.get(live_id, ', rolled back')})"

    @property
    def given_id(self) -> str:
        return "" if self.is_elsewhere else text(self.deployment.get("environment_given_id"))

    @property
    def release_words(self) -> str:
        where = f"(deployment {self.id or self.missing_id})" if self.is_needed else "(nothing to deploy)"
        services = [
            f", {service.get('service_given_id')} {service.get('status')}"
            for service in self.deployment.get("services") or ()
        ]
        return f"{self.commit or self.asked_for} {where}{''.join(services)}"

    @property
    def sent(self) -> list[str]:
        """The names of the variables that were sent."""
        result = self.result("variables_sent")
        return list((result.get("env_vars") or {}).get("sent") or ()) if has_changed(result) else []

    @property
    def variables_words(self) -> str:
        if not self.sent:
            return ""
        sending = "would be sent" if self.is_predicted else "were sent"
        effect = (
            ". Nothing was deployed, so they may not be in effect"
            if self.outcome in ("unchanged", "not_started")
            else ". They stay, because Flightcontrol cannot roll them back"
            if self.failure
            else ""
        )
        return f"Variables: {', '.join(self.sent)} {sending}{effect}."

    @property
    def scaling_words(self) -> str:
        counts = [
            f"{result['scaling']['service_id']} {counted(result['item']['count'], 'instance')} "
            f"({result['previous_count']} before)"
            for result in self.result("scaled").get("results") or ()
            if "scaling" in result and has_changed(result)
        ]
        return f"Scaling: {', '.join(counts)}" if counts else ""

    def report(self) -> JsonObject:
        return {
            "outcome": self.outcome,
            "message": self.message(
                self.given_id or self.environment_id,
                f"Release: {self.release_words}",
                self.variables_words,
                self.scaling_words,
                f"What failed: {self.failure}" if self.failure else "",
                f"Why the rollback failed: {self.rollback_failure}" if self.rollback_failure else "",
                self.way_back_words if self.outcome == "predicted" else "",
                f"Live now: {self.live_words}",
                f"Checks of the live release: {checks_words(self.live_checked)}",
            ),
            "error": self.failure,
            "environment": {"id": self.environment_id, "given_id": self.given_id},
            "variables": self.sent,
            "release": {
                "commit": self.commit,
                "branch": self.branch,
                "deployment_id": self.id,
                "status": text(self.deployment.get("status")),
                "services": self.deployment.get("services") or [],
                "checks": checks_of(self.verified),
            },
            "way_back": self.way_back,
            "live": {
                "commit": text(self.live.get("commit")),
                "deployment_id": text(self.live.get("id")),
                "checks": checks_of(self.live_checked),
            },
        }
