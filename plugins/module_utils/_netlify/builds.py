# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds of sites that are connected to a repository, and deploy keys. PRIVATE to the collection.

Source: Netlify's public OpenAPI. It does not document how to identify a build (a build has no branch and no title; its
deploy has them), and deploy keys have no names.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once, is_refusal
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import not_found, query_of
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import (
    BAD_STATES,
    GOOD_STATES,
    LOOK_BACK_UNFINISHED,
    DeploysClient,
    live_of,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.sites import SitesClient, site_body, site_view

# Number of the newest builds that are compared to find a new one.
LOOK_BACK = 20


class BuildsClient(DeploysClient):
    def list_builds(self, site_id: str, limit: int) -> Iterator[JsonObject]:
        """Yields builds, newest first: {id, deploy_id, sha, done, error, created_at}."""
        return self.pages(f"/sites/{site_id}/builds", operation="listSiteBuilds", per_page=limit, limit=limit)

    def create_build(self, site_id: str, **options: Any) -> JsonObject:
        """options: branch, title, clear_cache, and, in the larger OpenAPI only, commit_sha and review_id; sent in the
        query.
        """
        return self.json_object("POST", f"/sites/{site_id}/builds", "createSiteBuild", query=query_of(**options))


class DeployKeysClient(SitesClient):
    def list_deploy_keys(self) -> Iterator[JsonObject]:
        """Yields the keys that the token has access to; only the larger OpenAPI has pages."""
        return self._linked("/deploy_keys", "listDeployKeys")

    def create_deploy_key(self) -> JsonObject:
        return self.json_object("POST", "/deploy_keys", "createDeployKey")

    def get_deploy_key(self, key_id: str) -> JsonObject | None:
        return self.json_object_or_none("GET", f"/deploy_keys/{key_id}", "getDeployKey")

    def delete_deploy_key(self, key_id: str) -> None:
        self.delete_if_there("DELETE", f"/deploy_keys/{key_id}", "deleteDeployKey")


# -- builds ------------------------------------------------------------------------------------------------------------


def buildable(client: BuildsClient, reference: str) -> JsonObject:
    """The site, if Netlify can build it."""
    site = client.require_site(reference)
    settings = site.get("build_settings") or {}
    if not (settings.get("repo_path") or settings.get("repo_url")):
        raise PaasError(
            f"The site {site['name']} is not connected to a repository, so Netlify has nothing to build. Connect it "
            "with `build_settings` of webops.paas.netlify_site, or deploy files with webops.paas.netlify_deploy.",
            code="not_connected",
        )
    if settings.get("stop_builds"):
        raise PaasError(
            f"Builds of the site {site['name']} are stopped. Set `build_settings.stop_builds: false` with "
            "webops.paas.netlify_site first.",
            code="builds_stopped",
        )
    return site


def check_text(option: str, value: str) -> None:
    if not value.strip() or not value.isprintable():
        raise InvalidInput(option, f"`{option}` must not be empty or contain control characters, got {value!r}.")


def check_commit(option: str, value: str) -> None:
    if not re.fullmatch("[0-9a-fA-F]{7,64}", value):
        raise InvalidInput(
            option,
            f"`{option}` must be the SHA of a commit or its beginning, 7 to 64 hexadecimal digits, got {value!r}.",
        )


def whole_commit(commit: str | None) -> str | None:
    """A full SHA-1 or SHA-256, which can be built; None for an abbreviated one."""
    return commit if commit is not None and len(commit) in (40, 64) else None


def check_review(deploy: JsonObject, review_id: int | None) -> None:
    """Raises PaasError if another branch was built, because some servers ignore the parameter."""
    if review_id is not None and "state" in deploy and str(deploy.get("review_id")) != str(review_id):
        raise PaasError(
            f"Netlify accepted the build of the pull request {review_id} but built the branch "
            f"{deploy.get('branch')} instead, in the deploy {deploy['id']}.",
            code="not_applied",
        )


class Wanted:
    """The build that a task declares: of a pull request, or else of a branch, None for the production branch.

    title: None for any. review_id: the number of the pull request.
    """

    def __init__(self, site: JsonObject, branch: str | None, title: str | None, review_id: int | None = None) -> None:
        production = (site.get("build_settings") or {}).get("repo_branch")
        self.site = site
        self.title = title
        self.review_id = review_id
        self.branch = (branch or production) if review_id is None else None
        self.is_production = review_id is None and branch in (None, production)

    def is_of_branch(self, deploy: JsonObject) -> bool:
        """Whether a deploy is of the pull request or branch.

        The deploy of a pull request also has the name of a branch, but is not a deploy of the branch.
        """
        if self.review_id is not None:
            return str(deploy.get("review_id")) == str(self.review_id)
        if self.branch is None:
            return deploy.get("context") == "production"
        return deploy.get("branch") == self.branch and deploy.get("context") != "deploy-preview"

    def has(self, deploy: JsonObject) -> bool:
        return self.is_of_branch(deploy) and self.title in (None, deploy.get("title"))

    def there_already(
        self, client: BuildsClient, commit: str | None, join_running: bool
    ) -> tuple[JsonObject | None, bool]:
        """(the deploy because of which no build is needed, whether it is still in progress)."""
        live = live_of(self.site) if self.is_production else None
        if commit and live and is_commit(live, commit):
            return live, False
        if not commit and not join_running:
            return None, False
        deploys = self._newest(client)
        if not self.is_production:
            live = next((deploy for deploy in deploys if deploy.get("state") in GOOD_STATES), None)
            if commit and live and is_commit(live, commit):
                return live, False
        elif commit and any(deploy.get("state") in GOOD_STATES and is_commit(deploy, commit) for deploy in deploys):
            # It may have been published after the site was read.
            live = live_of(client.get_site(self.site["id"]))
            if is_commit(live, commit):
                return live, False
        ended = GOOD_STATES | BAD_STATES
        # A manual upload has no build.
        running = (deploy for deploy in deploys if deploy.get("build_id") and deploy.get("state") not in ended)
        joined = next(
            (deploy for deploy in running if join_running and self.has(deploy) or commit and is_commit(deploy, commit)),
            None,
        )
        return joined, joined is not None

    def differences(self, client: BuildsClient, deploy: JsonObject, commit: str | None) -> Iterator[str]:
        """Yields a sentence for each difference between a finished deploy and the declared one."""
        built = deploy.get("commit_ref")
        if commit and built and not is_commit(deploy, commit):
            yield f"The deploy {deploy['id']} was built from the commit {built}, not from {commit}."
        was_locked = self.is_production and live_of(self.site).get("locked")
        if was_locked and live_of(client.get_site(deploy["site_id"])).get("id") != deploy["id"]:
            yield (
                f"The deploy {deploy['id']} is ready, but it is not live, because the site {self.site['name']} is "
                "locked. Publish it with webops.paas.netlify_publish."
            )

    def _newest(self, client: BuildsClient) -> list[JsonObject]:
        """Deploys of the branch, newest first."""
        found = client.list_deploys(self.site["id"], limit=LOOK_BACK_UNFINISHED, branch=self.branch)
        return [deploy for deploy in found if self.is_of_branch(deploy)]


def is_commit(deploy: JsonObject, commit: str) -> bool:
    """commit: the full SHA or its beginning."""
    return str(deploy.get("commit_ref") or "").lower().startswith(commit.lower())


def trigger(client: BuildsClient, wanted: Wanted, **options: Any) -> JsonObject:
    """Starts one build: {id, deploy_id, ...}. After a lost response, the site's builds tell whether it was started."""
    site_id = wanted.site["id"]
    before = {build["id"] for build in client.list_builds(site_id, LOOK_BACK)}

    def look_up() -> JsonObject | None:
        newer = itertools.takewhile(lambda build: build["id"] not in before, client.list_builds(site_id, LOOK_BACK))
        return next((build for build in newer if wanted.has(client.get_deploy(build["deploy_id"]) or {})), None)

    return create_once(
        lambda: client.create_build(site_id, **options), look_up, client.http.clock, is_final=is_refusal
    )[0]


# -- deploy keys -------------------------------------------------------------------------------------------------------


def deploy_key_view(key: JsonObject) -> JsonObject:
    return {name: key.get(name) for name in ("id", "public_key", "created_at")}


def find_deploy_key(client: DeployKeysClient, site: JsonObject | None, params: JsonObject) -> JsonObject | None:
    """The key of a site, or the one with the option deploy_key_id; None if it does not exist yet.

    Raises ApiError if state=present selects a key that the token has no access to.
    """
    key_id = deploy_key_of(site) if site else params["deploy_key_id"]
    key = client.get_deploy_key(key_id) if key_id else None
    if not key_id or key is not None or params["state"] == "absent":
        return key
    message = (
        f"The site {site['name']} uses the deploy key {key_id}, which this token has no access to: it belongs to "
        "another user, or was deleted. Set another one with `build_settings.deploy_key_id` of "
        "webops.paas.netlify_site."
        if site
        else f"The deploy key {key_id} does not exist on Netlify, or this token has no access to it. "
        "Omit `deploy_key_id` to create a new one."
    )
    raise not_found(message, "getDeployKey", sought=key_id)


def create_deploy_key(client: DeployKeysClient, warn: Callable[[str], None]) -> JsonObject:
    """The new key. After a lost response, the lists before and after show the new key; further new keys cause
    a warning.
    """
    before = {key["id"] for key in client.list_deploy_keys()}
    made, is_response = create_once(
        client.create_deploy_key,
        lambda: next(iter(_new_keys(client, before)), None),
        client.http.clock,
        is_final=is_refusal,
    )
    others = [] if is_response else [key["id"] for key in _new_keys(client, before) if key["id"] != made["id"]]
    if others:
        warn(
            f"The deploy key {made['id']} was created, but there are other new deploy keys that this task may have "
            f"created: {', '.join(others)}. If nobody else created them, delete them with `state: absent`."
        )
    return made


def _new_keys(client: DeployKeysClient, before: set[str]) -> list[JsonObject]:
    return [key for key in client.list_deploy_keys() if key["id"] not in before]


def use_deploy_key(client: DeployKeysClient, site: JsonObject, key: JsonObject) -> None:
    """Sets a new key as the deploy key of the site; deletes the key if that fails."""
    view = site_view(site)
    body = site_body({"build_settings": {**view["build_settings"], "deploy_key_id": key["id"]}}, view)
    try:
        if deploy_key_of(client.update_site(site["id"], body)) != key["id"]:
            raise PaasError(
                f"Netlify accepted the deploy key for the site {site['name']}, but the site does not use it.",
                code="not_applied",
            )
    except PaasError as error:
        try:
            if deploy_key_of(client.get_site(site["id"]) or {}) == key["id"]:
                return
            client.delete_deploy_key(key["id"])
        except ApiError as failure:
            error.message += (
                f" The new deploy key {key['id']} could not be deleted ({failure.message}) If the site does not use "
                "it, delete it with `state: absent`."
            )
        raise


def deploy_key_of(site: JsonObject) -> str | None:
    """The ID of the deploy key of a site."""
    return (site.get("build_settings") or {}).get("deploy_key_id")


def _deploy_keys(client: DeployKeysClient, _scope: str | None) -> Iterator[Member]:
    """Those that no site uses: keys have neither names nor teams."""
    used = {deploy_key_of(site) for site in client.list_sites(whole=True)}
    for row in client.list_deploy_keys():
        if row["id"] not in used:
            yield Member(row["id"], {"deploy_key_id": row["id"]})


DEPLOY_KEYS = Members(listed=_deploy_keys)
