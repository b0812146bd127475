# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions of the role fleek_release. PRIVATE to the collection."""

from __future__ import annotations

import re

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    Release,
    checks_of,
    first,
    has_changed,
    has_failed,
    is_predicted,
    text,
    verify_urls,
    without_slash,
)

# Headers by which a site says which content it serves, and how their values begin and end around the CID.
CONTENT_HEADERS = {"X-Ipfs-Roots": ("^", "(,|$)"), "X-Ipfs-Path": ("^/ipfs/", "(/|$)")}
LONGEST_QUOTE = 200


class FleekRelease(Release):
    """A deploy of a commit or of content, which a rollback undoes by deploying what was live before."""

    def __init__(self, results: JsonObject, options: JsonObject) -> None:
        super().__init__(results, options)
        self.rollback_failure = text(results.get("rollback_failure") or "")
        self.pointed = self.result("pointed")
        self.deployed = self.result("deployed")
        self.restored = self.result("restored")
        self.site = first(self.result("found").get("sites"))
        self.meanwhile = first(self.result("meanwhile").get("sites"))
        self.live_now: JsonObject = first(self.result("found_after").get("sites")).get("published_deploy") or {}
        self.is_from_ipfs = self.site.get("source_type") == "ipfs"
        # What a deploy is known by.
        self.kind = "content" if self.is_from_ipfs else "commit"
        self.key = "ipfs_hash" if self.is_from_ipfs else "commit"
        self.commit = self.option("commit")
        self.cid = self.option("cid")
        self.address = without_slash(self.option("url"))
        self.gateway = without_slash(self.option("gateway"))
        self.deploy: JsonObject = self.deployed.get("deploy") or {}
        self.id = text(self.deploy.get("id"))
        # Whether the checks are those after a rollback.
        self.checks_again = bool(results.get("again"))
        self.is_predicted = is_predicted(self.pointed, self.deployed)

    @property
    def refusal(self) -> str:
        """The reason why nothing can be released, empty without a reason."""
        if not self.site:
            return (
                "the site does not exist, or the API key has no access to it. Create sites with webops.paas.fleek_site."
            )
        if not self.site.get("auto_publishing", True):
            # A deploy would not be published.
            return (
                "auto publishing is disabled, and the API cannot publish a deploy. Enable it with "
                "webops.paas.fleek_site."
            )
        if self.is_from_ipfs and self.commit:
            return (
                "the site is published from IPFS and has no commits. Set fleek_release_cid instead of "
                "fleek_release_commit."
            )
        if self.cid and not self.is_from_ipfs:
            return "the site is built from a repository. Set fleek_release_commit instead of fleek_release_cid."
        return ""

    @property
    def previous(self) -> JsonObject:
        """The replaced deploy, with an empty ID if nothing was live.

        The task that started the deploy recorded it: the deploy that was live when the role began can be older. For a
        deploy that was already in progress, nothing is recorded.
        """
        recorded = {
            "id": text(self.deployed.get("previous_deploy_id")),
            "commit": text(self.deployed.get("previous_commit")),
            "ipfs_hash": text(self.deployed.get("previous_ipfs_hash")),
        }
        if recorded["id"]:
            return recorded
        return {"id": "", **(self.site.get("published_deploy") or {})}

    @property
    def is_new(self) -> bool:
        """Not "changed": a release that an earlier run started and this run waited for is new as well."""
        return self.id != text(self.previous["id"])

    @property
    def new_name(self) -> str:
        return text(self.deploy.get(self.key))

    @property
    def old_name(self) -> str:
        return text(self.previous.get(self.key))

    @property
    def is_another(self) -> bool:
        """Whether the release differs from the one before, as far as that is known; a commit may be shortened."""
        names = self.new_name, self.old_name
        return "" in names or not (names[0].startswith(names[1]) or names[1].startswith(names[0]))

    @property
    def is_unfinished(self) -> bool:
        """Whether the task ended before the deploy, or waited for another deploy."""
        code = (self.deployed.get("error") or {}).get("code")
        return has_failed(self.deployed) and code != "deploy_failed" and bool(self.id or code == "other_content")

    @property
    def has_moved_source(self) -> bool:
        """Whether the site points to content that could not be deployed."""
        return has_changed(self.pointed) and has_failed(self.deployed) and not self.is_unfinished

    @property
    def needs_rollback(self) -> bool:
        return (
            bool(self.failure)
            and "deploy" in self.deployed
            and not has_failed(self.deployed)
            and self.is_new
            and self.is_another
            and bool(self.previous["id"])
        )

    @property
    def way_back(self) -> str:
        """The commit or CID to roll back to, empty if unknown."""
        if self.has_moved_source:
            return text(self.site.get("cid"))
        if self.is_from_ipfs or re.search("^[0-9A-Fa-f]{7,}$", self.old_name):
            return self.old_name
        return ""

    @property
    def live_meanwhile(self) -> JsonObject:
        return self.meanwhile.get("published_deploy") or {"id": ""}

    @property
    def is_replaced(self) -> bool:
        """If the previous release is still live, this one is not published yet."""
        return self.live_meanwhile["id"] not in (self.id, self.previous["id"])

    @property
    def is_another_in_progress(self) -> bool:
        """Whether a newer deploy is in progress. Previews of pull requests are deploys of other branches."""
        branches = (None, self.meanwhile.get("repository_branch"))
        for deploy in self.result("deploys_meanwhile").get("deploys") or ():
            # The list is sorted from newest to oldest.
            if deploy["id"] == self.id:
                break
            if deploy.get("status") == "IN_PROGRESS" and deploy.get("branch") in branches:
                return True
        return False

    @property
    def is_pointed_elsewhere(self) -> bool:
        expected = self.pointed.get("site") or self.site
        return self.is_from_ipfs and text(self.meanwhile.get("cid")) != text(expected.get("cid"))

    @property
    def is_superseded(self) -> bool:
        """Whether somebody else released meanwhile, or started a release."""
        if "deploys" not in self.result("deploys_meanwhile"):
            return False
        return self.is_pointed_elsewhere or (self.needs_rollback and (self.is_replaced or self.is_another_in_progress))

    @property
    def checked_cid(self) -> str:
        """The content to check, empty if unknown."""
        live_again: JsonObject = self.restored.get("deploy") or self.live_meanwhile
        return text((live_again if self.checks_again else self.deploy).get("ipfs_hash"))

    @property
    def gateway_url(self) -> str:
        return f"{self.gateway}/ipfs/{self.checked_cid}/"

    @property
    def urls(self) -> list[JsonObject]:
        given = self.options.get("rollback_verify" if self.checks_again else "verify")
        checks = verify_urls(given or [], [self.address])
        if self.gateway and self.checked_cid:
            # Gateways can serve each CID at its own address.
            checks.append({"url": self.gateway_url, "follow_redirects": "all"})
        return checks

    def front_page(self, **expected: object) -> JsonObject:
        return {"url": f"{self.address}/", "follow_redirects": "all", **expected}

    @property
    def probes(self) -> list[JsonObject]:
        """Checks of the headers in which a site can return its content, one for each header.

        Content has several CIDs, and only CIDs of the same form can be compared.
        """
        spelling = re.match("Qm|.{4}", self.checked_cid)
        beginning = spelling.group() if spelling else ""
        return [
            self.front_page(response_headers={name: before + beginning})
            for name, (before, _after) in CONTENT_HEADERS.items()
        ]

    @property
    def told_by(self) -> str:
        """The header with the content that is served, empty without one."""
        told = zip(CONTENT_HEADERS, checks_of(self.result("told")), strict=False)
        return next((name for name, check in told if check.get("ok")), "")

    @property
    def content_urls(self) -> list[JsonObject]:
        """The check of the served content: by the header, or else by comparison with the front page on the gateway."""
        if not self.told_by:
            return [self.front_page(contains=[text(self.result("page").get("content"))])]
        before, after = CONTENT_HEADERS[self.told_by]
        return [self.front_page(response_headers={self.told_by: before + self.checked_cid + after})]

    @property
    def content(self) -> JsonObject:
        """Whether the content of the deploy is served, empty if not checked."""
        served = self.result("served")
        if not served or served.get("skipped"):
            return {}
        return {
            "ok": [check.get("ok") for check in checks_of(served)] == [True],
            "told_by": self.told_by or "front page",
        }

    @property
    def content_problem(self) -> str:
        served = self.result("served")
        problems = (
            ", ".join(first(checks_of(served)).get("problems") or ()) if "checks" in served else served.get("msg")
        )
        quote = text(problems)
        if len(quote) > LONGEST_QUOTE:
            # The message could quote the complete page.
            quote = quote[: LONGEST_QUOTE - 3] + "..."
        return (
            f"{self.address}/ does not serve the deployed {self.checked_cid} (compared by "
            f"{self.content.get('told_by')}): {quote}"
        )

    @property
    def checked(self) -> JsonObject:
        """The result of the latest checks."""
        return {"checks": checks_of(self.result("verified")), "content": self.content}

    def decisions(self) -> JsonObject:
        is_another_live = self.needs_rollback and self.is_replaced
        can_roll_back = not self.is_superseded and bool(self.way_back)
        return {
            "refusal": self.refusal,
            "site_id": text(self.site.get("id")),
            "purges_cache": self.is_on("purge_cache") and self.is_new and not self.is_predicted,
            "checks_site": not self.is_predicted and (self.is_new or self.is_on("verify_unchanged")),
            "looks_back": self.has_moved_source or self.needs_rollback,
            "lacks_way_back": self.needs_rollback and not self.is_superseded and not self.way_back,
            "no_way_back": f"Fleek does not return the {self.kind} of the deploy {self.previous['id']}, which was live"
            " before.",
            "points_back": self.is_from_ipfs and can_roll_back,
            "deploys_back": self.needs_rollback and not self.is_superseded,
            "way_back": self.way_back,
            "commit_back": "" if self.is_from_ipfs else self.way_back,
            "is_deployed_back": "deploy" in self.restored,
            # While a newer release is in progress, this release is still live.
            "checks_again": "deploy" in self.restored or is_another_live,
            "urls": self.urls,
            "compares_content": self.is_on("verify_content") and bool(self.checked_cid),
            "probes": self.probes,
            "gateway_url": self.gateway_url,
            "reads_gateway": not self.told_by and bool(self.gateway),
            "checks_content": bool(self.told_by or self.gateway),
            "content_urls": self.content_urls,
            "serves_content": self.content.get("ok", True),
            "content_problem": self.content_problem,
            "checked": self.checked,
        }
