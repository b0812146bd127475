# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys of Fleek: their source and their states. PRIVATE to the collection.

Sources: the schema in Fleek's documentation; what its command line client and others do if the schema has no answer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once, wait_until
from ansible_collections.webops.paas.plugins.module_utils._fleek.api import (
    DEPLOY,
    PER_PAGE,
    FleekClient,
    no_site,
    refusal,
)
from ansible_collections.webops.paas.plugins.module_utils._fleek.logs import PER_PAGE_WITH_LOGS, VARIABLES, log_of
from ansible_collections.webops.paas.plugins.module_utils._fleek.sources import SAME_CID

# Fields that change while a deploy is in progress.
MOVING = [
    "commit",
    "completed_at",
    "ipfs_hash",
    "message",
    "preview_image",
    "published",
    "started_at",
    "status",
    "total_time",
]
# Number of log lines to return of a failed deploy.
LOG_LINES = 20

_RUNNING, _DEPLOYED = "IN_PROGRESS", "DEPLOYED"
_HEAD = "HEAD"


class DeploysClient(FleekClient):
    def list_deploys(self, site_id: str, fields: str = DEPLOY, per_page: int = PER_PAGE) -> Iterator[JsonObject]:
        """Yields the deploys of a site, newest first, including previews of pull requests.

        Raises ApiError when the site does not exist.
        """
        return self.pages(
            "getDeploysBySite", "deploys", fields, ("siteId", site_id), no_site(site_id=site_id), per_page
        )

    def list_deploys_down_to(self, site_id: str, deploy_id: str) -> Iterator[JsonObject]:
        """Yields the deploys of a site, newest first, down to the given one, or all if it does not exist."""
        for deploy in self.list_deploys(site_id):
            yield deploy
            if deploy["id"] == deploy_id:
                return

    def trigger_deploy(self, site_id: str, commit: str | None = None) -> JsonObject:
        """{id, status} of a new deploy. Raises LostAnswer; see Release.send for retries."""
        return self.make(
            "triggerDeploy",
            "mutation ($siteId: ID!, $commit: String) "
            "{ triggerDeploy(siteId: $siteId, commit: $commit) { id status } }",
            {"siteId": site_id, **({"commit": commit} if commit else {})},
            "Fleek did not start the deploy and gave no reason",
        )

    def retry_deploy(self, site_id: str, deploy_id: str) -> JsonObject:
        """{id, status}; whether this is a new deploy or the same one is not documented."""
        return self.make(
            "retryDeploy",
            "mutation ($siteId: ID!, $deployId: ID!) "
            "{ retryDeploy(siteId: $siteId, deployId: $deployId) { id status } }",
            {"siteId": site_id, "deployId": deploy_id},
            f"Fleek did not retry the deploy {deploy_id} and gave no reason",
        )


def deploy_view(deploy: JsonObject, log: list[str] | None = None) -> JsonObject:
    """log: the lines to show, masked (see logs.Log)."""
    repository = deploy.get("repository") or {}
    return {
        "id": deploy.get("id"),
        "status": deploy.get("status"),
        "commit": repository.get("commit") or None,
        "branch": repository.get("branch") or None,
        "message": repository.get("message") or None,
        "ipfs_hash": deploy.get("ipfsHash") or None,
        "published": deploy.get("published"),
        "auto_publish": deploy.get("autoPublish"),
        "started_at": deploy.get("startedAt"),
        "completed_at": deploy.get("completedAt"),
        "total_time": deploy.get("totalTime"),
        "preview_image": deploy.get("previewImage") or None,
        "log": log,
    }


def is_running(deploy: JsonObject) -> bool:
    """A queued deploy is IN_PROGRESS too. A deploy with an unknown status and without an end may be in progress."""
    return deploy.get("status") == _RUNNING or not (_has_failed(deploy) or deploy.get("status") == _DEPLOYED)


def _has_failed(deploy: JsonObject) -> bool:
    return (
        deploy.get("status") in ("FAILED", "CANCELLED")
        or deploy.get("status") not in (_RUNNING, _DEPLOYED)
        and bool(deploy.get("completedAt"))
    )


def check_sha(option: str, value: str, otherwise: str = "") -> None:
    if not re.fullmatch(r"[0-9A-Fa-f]{7,64}", value):
        raise InvalidInput(
            option,
            f"`{option}` must be the SHA of a commit or its first 7 or more hexadecimal digits{otherwise}, got "
            f"{value!r}.",
        )


def check_commit(option: str, value: str) -> None:
    if value not in ("", _HEAD):
        check_sha(option, value, ", or HEAD, or empty")


def is_commit(wanted: str, deploy: JsonObject) -> bool:
    """Whether a deploy is of a commit; both can be abbreviated to seven digits.

    HEAD is not compared, because its commit changes.
    """
    commit = (_of(deploy, "commit") or "").lower()
    wanted = wanted.lower()
    return bool(re.fullmatch(r"[0-9a-f]{7,}", commit)) and (commit.startswith(wanted) or wanted.startswith(commit))


def _of(deploy: JsonObject, key: str) -> Any:
    return (deploy.get("repository") or {}).get(key)


@dataclass(frozen=True)
class Release:
    """The deploy of a site that a task declares; create it with C(of).

    site: as the API has it. commit: None for the head of the branch, or for the CID of a site whose source is IPFS.
    since: for a retry, the deploys of the site down to the one to retry, newest first.
    """

    client: DeploysClient
    site: JsonObject
    commit: str | None
    since: tuple[JsonObject, ...]

    @classmethod
    def of(cls, client: DeploysClient, site: JsonObject, commit: str | None, retried_id: str | None) -> Release:
        """commit, retried_id: None or empty when not set. Raises PaasError if the site does not have them."""
        since: tuple[JsonObject, ...] = ()
        if retried_id is not None:
            deploys = list(client.list_deploys_down_to(site["id"], retried_id))
            if not deploys or deploys[-1]["id"] != retried_id:
                message = f"The deploy {retried_id} of the site {site['slug']} does not exist."
                raise refusal("getDeploysBySite", message, code="not_found", sought=retried_id)
            since = tuple(deploys)
        release = cls(client, site, commit or None, since)
        if commit and release.is_from_ipfs:
            raise PaasError(
                f"`commit` cannot be set, because the site {site['slug']} is published from IPFS and has no commits. "
                "Publish another CID with webops.paas.fleek_site, and omit `commit`.",
                code="no_commits",
                option="commit",
            )
        return release

    @property
    def published(self) -> JsonObject:
        """The published deploy, empty without one."""
        return self.site.get("publishedDeploy") or {}

    @property
    def retried(self) -> JsonObject | None:
        return self.since[-1] if self.since else None

    @property
    def _source(self) -> JsonObject:
        source: JsonObject = self.site["deploySettings"]["source"]
        return source

    @property
    def is_from_ipfs(self) -> bool:
        return self._source.get("__typename") == "IpfsSource"

    @property
    def cid(self) -> str | None:
        """The CID that a site with the source IPFS publishes."""
        return self._source.get("cid")

    @property
    def target(self) -> JsonObject:
        """The declared values, with the keys of deploy_view."""
        if self.is_from_ipfs:
            return {"ipfs_hash": self.cid}
        return {"commit": _of(self.retried, "commit") if self.retried else self.commit or _HEAD}

    def has_content_of(self, deploy: JsonObject) -> bool:
        """Whether a deploy has the declared source, as far as that is known before it ends."""
        if self.is_from_ipfs:
            return (
                bool(self.cid) and bool(deploy.get("ipfsHash")) and not SAME_CID.differs(deploy["ipfsHash"], self.cid)
            )
        return self.commit not in (None, _HEAD) and is_commit(self.commit, deploy)

    def standing(self) -> JsonObject | None:
        """The deploy because of which no new one is needed.

        It is published, in progress, or ready to publish if auto publishing is disabled.
        """
        if self.retried is not None:
            # A retry can create a new deploy.
            return next(
                (newer for newer in self.since if self._is_like_retried(newer) and not _has_failed(newer)), None
            )
        if not self.is_from_ipfs and self.commit in (None, _HEAD):
            return None
        if self.published.get("status") == _DEPLOYED and self.has_content_of(self.published):
            return self.published
        latest: JsonObject | None = self.site.get("latestDeploy")
        if latest is None or self._makes_needless(latest):
            return latest
        # Somebody pushed in the meantime; one page of deploys is enough.
        return next(
            (
                deploy
                for deploy in itertools.islice(self.client.list_deploys(self.site["id"]), PER_PAGE)
                if self._makes_needless(deploy)
            ),
            None,
        )

    def _makes_needless(self, deploy: JsonObject) -> bool:
        if is_running(deploy):
            # The CID of a deploy in progress is not known until it ends.
            return self.is_from_ipfs or self._is_no_preview(deploy) and self.has_content_of(deploy)
        # It may have been published after the site was read.
        is_as_far_as_it_gets = deploy["published"] or not self.site["deploySettings"]["autoPublishing"]
        return deploy["status"] == _DEPLOYED and is_as_far_as_it_gets and self.has_content_of(deploy)

    def _is_no_preview(self, deploy: JsonObject) -> bool:
        """Previews of pull requests are in the same list, as deploys of other branches."""
        return _of(deploy, "branch") in (None, self._source.get("branch"))

    def _is_like_retried(self, deploy: JsonObject) -> bool:
        retried = self.retried or {}
        return all(_of(deploy, key) == _of(retried, key) for key in ("commit", "branch"))

    def send(self) -> JsonObject:
        """Starts one deploy. After a lost response, looks for the deploy before a retry. {id, status, ...}"""

        def trigger() -> JsonObject:
            if self.retried is not None:
                return self.client.retry_deploy(self.site["id"], self.retried["id"])
            return self.client.trigger_deploy(self.site["id"], self.commit)

        return create_once(trigger, self._started_since, self.client.http.clock)[0]

    def _started_since(self) -> JsonObject | None:
        """Deploys that are newer than the read of the site and can be from this task."""
        newest_before = (self.site.get("latestDeploy") or {}).get("id")
        is_newer = True
        for deploy in self.client.list_deploys(self.site["id"]):
            is_newer = is_newer and deploy["id"] != newest_before
            if self.retried is not None and deploy["id"] == self.retried["id"]:
                return None if deploy == self.retried else deploy
            if is_newer and self._can_be_ours(deploy):
                return deploy
            if not is_newer and self.retried is None:
                return None
        return None

    def _can_be_ours(self, deploy: JsonObject) -> bool:
        if self.retried is not None:
            return self._is_like_retried(deploy)
        if self.is_from_ipfs:
            return True
        # The commit can be missing until the build begins.
        return self._is_no_preview(deploy) and (
            self.commit in (None, _HEAD) or not _of(deploy, "commit") or is_commit(self.commit, deploy)
        )

    def now(self, deploy_id: str) -> JsonObject:
        """The current state of a deploy, only its ID while Fleek does not list it. The API cannot query a
        single deploy.
        """
        site = self.client.get_site(self.site["id"], f"id latestDeploy {{ {DEPLOY} }}") or {}
        latest: JsonObject | None = site.get("latestDeploy")
        # After another push, the latest deploy is another one.
        if latest and latest["id"] == deploy_id:
            return latest
        return next(
            (deploy for deploy in self.client.list_deploys(self.site["id"]) if deploy["id"] == deploy_id),
            {"id": deploy_id},
        )

    def follow(self, deploy_id: str, patience: Patience) -> JsonObject:
        """Waits until it is DEPLOYED. Raises WaitFailed with the deploy in its results, including the last lines of its
        log.
        """
        seen: JsonObject = {}

        def poll() -> JsonObject:
            seen.update(self.now(deploy_id))
            return seen

        def done(deploy: JsonObject) -> bool:
            if _has_failed(deploy):
                raise WaitFailed(
                    f"The deploy {deploy_id} of the site {self.site['slug']} ended with the status "
                    f"{deploy['status']}. The deploy that was live before is still live.",
                    code="deploy_failed",
                )
            return deploy.get("status") == _DEPLOYED

        try:
            return wait_until(
                poll,
                done,
                patience,
                what=f"The deploy {deploy_id} of the site {self.site['slug']}",
                show=lambda deploy: str(deploy.get("status") or "not listed yet"),
            )
        except PaasError as error:
            log = None
            if error.details.get("code") == "deploy_failed":
                log, told = self._end_of_log(deploy_id)
                error.message += told
            error.results["deploy"] = deploy_view(seen or {"id": deploy_id}, log)
            raise

    def check_joined(self, deploy: JsonObject) -> None:
        """Raises WaitFailed when a deploy that was already in progress published other content."""
        if self.is_from_ipfs and deploy["ipfsHash"] and not self.has_content_of(deploy):
            raise WaitFailed(
                f"The deploy {deploy['id']}, which was already in progress, published {deploy['ipfsHash']} instead of "
                f"{self.cid}, the CID in the site's settings. Run the task again to publish {self.cid}.",
                code="other_content",
            )

    def _end_of_log(self, deploy_id: str) -> tuple[list[str] | None, str]:
        """(lines, a text with them for the message)"""
        try:
            fields = f"id latestDeploy {{ id log }} {VARIABLES}"
            site = self.client.require_site({"site": None, "site_id": self.site["id"]}, fields)
            deploys = (
                [site["latestDeploy"]]
                if (site.get("latestDeploy") or {}).get("id") == deploy_id
                else self.client.list_deploys(self.site["id"], "id log", PER_PAGE_WITH_LOGS)
            )
            text = next((deploy["log"] for deploy in deploys if deploy["id"] == deploy_id), None)
        except ApiError as error:
            return None, f" Its log could not be read: {error.message}"
        lines = log_of(site, self.client.http.redactor).end(text, LOG_LINES)
        return lines, " The last lines of its log:\n" + "\n".join(lines) if lines else " It has no log."
