# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions of the role flightcontrol_release. PRIVATE to the collection."""

from __future__ import annotations

import base64
import binascii
import re

from ansible_collections.webops.paas.plugins.module_utils._core.documents import parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    Release,
    first,
    has_changed,
    has_failed,
    is_predicted,
    text,
    verify_urls,
    without_slash,
)

STATE_FILE_FORMAT = 1


class FlightcontrolRelease(Release):
    """A deployment of a commit, which a rollback undoes by deploying the last commit that passed its checks.

    Flightcontrol does not return what is live, so the role keeps a state file with the last good release (branch,
    commit, deployment_id, verified_at) and the current attempt (run, branch, commit).
    """

    def __init__(self, results: JsonObject, options: JsonObject) -> None:
        super().__init__(results, options)
        self.rollback_failure = text(results.get("rollback_failure") or "")
        self.environment_id = self.option("environment_id")
        self.branch = self.option("branch")
        self.state_file = self.option("state_file")
        self.recalled = self.result("recalled")
        self.last_good: JsonObject = self.recalled.get("good") or {}
        # A commit can be abbreviated.
        self.good_commit = text(self.last_good.get("commit")).lower()
        self.asked_commit = self.option("commit").lower()
        self.fallback = self.option("fallback_commit").lower()
        # An earlier attempt that did not succeed: the live release is unknown.
        self.is_left_over = bool(self.recalled.get("attempt"))
        self.deployed = self.result("deployed")
        self.deployment = first(self.deployed.get("deployments"))
        self.id = text(self.deployment.get("id"))
        self.commit = text(self.deployment.get("commit") or self.asked_commit).lower()
        self.restored = self.result("restored")
        self.restored_deployment = first(self.restored.get("deployments"))
        self.is_deployed_back = bool(self.restored_deployment)
        self.verified = self.result("verified")
        self.verified_again = self.result("verified_again")
        self.has_passed = results.get("has_passed") is True
        self.is_superseded = results.get("is_superseded") is True
        # Whether the checks are those after a rollback.
        self.checks_again = results.get("again") is True
        self.is_predicted = is_predicted(self.deployed)

    @property
    def memory(self) -> JsonObject | None:
        """The content of the state file, empty without a file, None if this role did not write it."""
        file = self.result("file").get("stat") or {}
        if file.get("exists") and not file.get("isreg"):
            return None
        content = self.result("content").get("content")
        if content is None:
            return {}
        try:
            memory = parse_json(base64.b64decode(content).decode())
        except (binascii.Error, ValueError, RecursionError):
            return None
        return memory if isinstance(memory, dict) and memory.get("format") == STATE_FILE_FORMAT else None

    @property
    def is_ours(self) -> bool:
        """Whether nobody else has started a release since."""
        return ((self.memory or {}).get("attempt") or {}).get("run") == self.results.get("run")

    @property
    def note(self) -> JsonObject:
        """The new content of the state file: first the attempt, in the end the live and verified release."""
        good, attempt = self.last_good, {}
        if self.has_passed or self.is_deployed_back:
            deployment = self.restored_deployment if self.is_deployed_back else self.deployment
            good = {
                "branch": deployment.get("branch"),
                "commit": deployment.get("commit"),
                "deployment_id": deployment.get("id"),
                "verified_at": self.results.get("now"),
            }
        else:
            attempt = {"run": self.results.get("run"), "branch": self.branch, "commit": self.option("commit")}
        return {
            "format": STATE_FILE_FORMAT,
            "environment_id": self.environment_id,
            "good": good,
            "attempt": attempt,
        }

    @property
    def refusal(self) -> str:
        """Why nothing can be released, empty when there is no reason."""
        if self.memory is None:
            return (
                f"flightcontrol_release_state_file: {self.state_file} was not written by this role. Move the file "
                "away, or set another path."
            )
        environment_id = self.recalled.get("environment_id", self.environment_id)
        if environment_id != self.environment_id:
            return (
                f"flightcontrol_release_state_file: {self.state_file} is the state file of the environment "
                f"{environment_id}. Each environment needs its own file."
            )
        if self.state_file and not (self.result("directory").get("stat") or {}).get("writeable"):
            return f"flightcontrol_release_state_file: the directory of {self.state_file} is not writable."
        if not re.match("([0-9A-Fa-f]{7,64})?$", self.fallback):
            return "flightcontrol_release_fallback_commit must be the SHA of a commit, 7 to 64 hexadecimal digits."
        return ""

    @property
    def has_new_variables(self) -> bool:
        compared = self.result("compared")
        given = any((self.options.get("env_vars") or {}).values())
        return given and ("env_vars" not in compared or bool(compared["env_vars"].get("sent")))

    @property
    def is_forced(self) -> bool:
        return self.is_on("force") or self.has_new_variables or self.is_left_over

    @property
    def is_needed(self) -> bool:
        """Each deployment is a write, so it is skipped if it would change nothing."""
        is_good = bool(self.asked_commit) and self.good_commit.startswith(self.asked_commit)
        return self.is_forced or not is_good

    def deploy_options(self, branch: str, commit: str, force: bool, no_cache: bool) -> JsonObject:
        """Options of webops.paas.flightcontrol_deploy: the API has no option to deploy all services, a hook has none
        to build without a cache.
        """
        repo_url = self.option("repo_url")
        options: JsonObject = {
            "branch": branch,
            "force": force and not repo_url,
            "no_cache": no_cache and bool(repo_url),
        }
        if commit:
            options["commit"] = commit
        return options

    @property
    def goal(self) -> JsonObject:
        """What is deployed: the release, or what it is rolled back to when it has failed."""
        if not self.failure:
            # Unless it is forced, new variables would take effect only with the next change of a service's files.
            return self.deploy_options(self.branch, self.option("commit"), self.is_forced, self.is_on("force"))
        branch = text(self.last_good.get("branch")) if self.is_good_another else self.branch
        # A failed release can have changed more than its files.
        return self.deploy_options(branch, self.way_back, force=True, no_cache=False)

    @property
    def env_vars_options(self) -> JsonObject:
        """Options of webops.paas.flightcontrol_env_vars: the variables by their kinds, and its own state file."""
        state_file = self.option("env_vars_state_file")
        return {
            **self.connection,
            **(self.options.get("env_vars") or {}),
            **({"state_file": state_file} if state_file else {}),
        }

    @property
    def is_lost(self) -> bool:
        message = text(self.deployed.get("msg"))
        return has_failed(self.deployed) and not self.id and "may have been triggered" in message

    @property
    def is_unfinished(self) -> bool:
        """Whether the task ended before the deployment."""
        code = (self.deployed.get("error") or {}).get("code")
        return has_failed(self.deployed) and bool(self.id) and code != "deployment_failed"

    @property
    def is_elsewhere(self) -> bool:
        return (self.deployment.get("environment_id") or self.environment_id) != self.environment_id

    @property
    def is_new(self) -> bool:
        """Not only "changed": an earlier release that was not checked is new as well."""
        return bool(self.id) and (has_failed(self.deployed) or has_changed(self.deployed) or self.is_left_over)

    @property
    def needs_rollback(self) -> bool:
        return (
            bool(self.failure)
            and not self.has_passed
            and self.is_new
            and not self.is_unfinished
            and not self.is_elsewhere
        )

    @property
    def is_good_another(self) -> bool:
        return bool(self.good_commit) and not (self.commit and self.good_commit.startswith(self.commit))

    @property
    def is_fallback_another(self) -> bool:
        is_same = self.fallback.startswith(self.commit) or self.commit.startswith(self.fallback)
        return bool(self.fallback) and not (self.commit and is_same)

    @property
    def way_back(self) -> str:
        """The commit to roll back to, empty without one. The commit that just failed is not used."""
        if self.is_good_another:
            return self.good_commit
        return self.fallback if self.is_fallback_another else ""

    @property
    def urls(self) -> list[JsonObject]:
        """Checks at the addresses of the services that are live, unless the user has given addresses."""
        live = self.restored_deployment if self.checks_again else self.deployment
        services = (live or first(self.result("found").get("deployments"))).get("services") or ()
        told = [service.get("url") for service in services if service.get("url")]
        addresses = [without_slash(address) for address in self.options.get("urls") or told]
        given = self.options.get("rollback_verify" if self.checks_again else "verify")
        return verify_urls(given or [], list(dict.fromkeys(addresses)))

    @property
    def live_checked(self) -> JsonObject:
        """The checks of the live release: those after a rollback, or else those before."""
        return self.verified_again if "checks" in self.verified_again else self.verified

    @property
    def beforehand(self) -> list[str]:
        """What will be deployed, and what happens if that fails."""
        if not self.is_needed:
            plan = f"Nothing to deploy: {self.asked_for} is already the last good release, and nothing else changed."
        else:
            plan = f"{self.asked_for} will be deployed."
        variables = (
            "Environment variables cannot be rolled back: those that are sent now stay, even if the release fails."
        )
        return [plan, *[self.way_back_words] * self.is_needed, *[variables] * self.has_new_variables]

    @property
    def asked_for(self) -> str:
        return self.asked_commit or f"The newest commit on {self.branch}"

    @property
    def way_back_words(self) -> str:
        if self.way_back:
            source = (
                f", which passed its checks on {self.last_good.get('verified_at')}"
                if self.is_good_another
                else " (flightcontrol_release_fallback_commit)"
            )
            return f"If it fails, {self.way_back} will be deployed{source}."
        reason = "no other good release is known" if self.state_file else "flightcontrol_release_state_file is not set"
        return (
            f"IF IT FAILS, IT CANNOT BE ROLLED BACK: {reason}, and flightcontrol_release_fallback_commit does not "
            "name another commit."
        )

    def decisions(self) -> JsonObject:
        urls = self.urls
        return {
            "memory": self.memory or {},
            "note": self.note,
            "remembers_attempt": bool(self.state_file) and self.is_needed,
            "remembers_good": bool(self.state_file and self.id) and (not self.failure or self.is_deployed_back),
            "is_ours": self.is_ours,
            "is_another_begun": bool(self.state_file) and not self.is_ours,
            "refusal": self.refusal,
            "beforehand": self.beforehand,
            "is_needed": self.is_needed,
            "goal": self.goal,
            "env_vars_options": self.env_vars_options,
            "needs_addresses": not self.is_needed and self.is_on("verify_unchanged"),
            "is_elsewhere": self.is_elsewhere,
            "elsewhere": (
                "flightcontrol_release_hook_url deploys the environment "
                f"{self.deployment.get('environment_id')}, not {self.environment_id}."
            ),
            "good_id": text(self.last_good.get("deployment_id")),
            "needs_rollback": self.needs_rollback,
            "deploys_back": not self.is_superseded and bool(self.way_back),
            "urls": urls,
            "checks_release": not self.is_predicted and (self.is_new or self.is_on("verify_unchanged")) and bool(urls),
            "checks_rollback": self.is_deployed_back and bool(urls),
        }
