# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds of sites that are connected to a repository, build hooks, and deploy keys. PRIVATE to the collection.

Source: Netlify's public OpenAPI. It documents neither what tells a build from others (a build itself shows no branch and no
title; its deploy does) nor any name of a deploy key.
"""

from __future__ import annotations

import itertools

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once
from ansible_collections.webops.paas.plugins.module_utils._netlify import api as _netlify
from ansible_collections.webops.paas.plugins.module_utils._netlify import deploys as _netlify_deploys
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, address_of, below_site

# How many of the newest builds are looked at to tell which one came later.
LOOK_BACK = 20
HOOK_FIELDS = ("title", "branch", "draft")


class BuildsClient(NetlifyClient):
    def list_builds(self, site_id: str, limit: int):
        """Yields builds, newest first: {id, deploy_id, sha, done, error, created_at}."""
        return self.pages(f"/sites/{site_id}/builds", operation="listSiteBuilds", per_page=limit, limit=limit)

    def create_build(self, site_id: str, **options) -> dict:
        """options: branch, title, clear_cache; in the query, as the public OpenAPI has them."""
        query = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in options.items()
            if value is not None
        }
        return self._object("POST", f"/sites/{site_id}/builds", "createSiteBuild", query=query)

    def list_build_hooks(self, site_id: str) -> list:
        """Their ids are as secret as their URLs, which are made of them."""
        return self._list(f"/sites/{site_id}/build_hooks", "listSiteBuildHooks")

    def create_build_hook(self, site_id: str, body: dict) -> dict:
        return self._object("POST", f"/sites/{site_id}/build_hooks", "createSiteBuildHook", body)

    def update_build_hook(self, site_id: str, hook_id: str, body: dict) -> None:
        """body: all of title, branch and draft, since no source says what becomes of those that are left out."""
        self.http.request("PUT", f"/sites/{site_id}/build_hooks/{hook_id}", operation="updateSiteBuildHook", body=body)

    def delete_build_hook(self, site_id: str, hook_id: str) -> None:
        self._gone("DELETE", f"/sites/{site_id}/build_hooks/{hook_id}", "deleteSiteBuildHook")

    def list_deploy_keys(self):
        """Yields the keys that the token may see; only the larger OpenAPI has pages."""
        return self._linked("/deploy_keys", "listDeployKeys")

    def create_deploy_key(self) -> dict:
        return self._object("POST", "/deploy_keys", "createDeployKey")

    def get_deploy_key(self, key_id: str) -> dict | None:
        return self._object_or_none("GET", f"/deploy_keys/{key_id}", "getDeployKey")

    def delete_deploy_key(self, key_id: str) -> None:
        self._gone("DELETE", f"/deploy_keys/{key_id}", "deleteDeployKey")


# -- builds ------------------------------------------------------------------------------------------------------------


def buildable(client: BuildsClient, reference: str) -> dict:
    """The site, if Netlify can build it."""
    site = _netlify.require_site(client, reference)
    settings = site.get("build_settings") or {}
    if not (settings.get("repo_path") or settings.get("repo_url")):
        raise PaasError(
            f"The site {site['name']} is not connected to a repository, so Netlify has nothing to build. Connect it with build_settings of "
            "webops.paas.netlify_site, or deploy files with webops.paas.netlify_deploy.",
            code="not_connected",
        )
    if settings.get("stop_builds"):
        raise PaasError(
            f"Builds of the site {site['name']} are stopped. Set build_settings.stop_builds=false with webops.paas.netlify_site first.",
            code="builds_stopped",
        )
    return site


class Wanted:
    """The build that a task asks for: of a branch, None for the production branch. title: None for any."""

    def __init__(self, site: dict, branch: str | None, title: str | None) -> None:
        production = (site.get("build_settings") or {}).get("repo_branch")
        self.site = site
        self.title = title
        self.branch = branch or production
        self.is_production = branch in (None, production)

    def is_of_branch(self, deploy: dict) -> bool:
        """Whether a deploy was made of the branch; that of a pull request has its name too, and is something else."""
        if self.branch is None:
            return deploy.get("context") == "production"
        return deploy.get("branch") == self.branch and deploy.get("context") != "deploy-preview"

    def has(self, deploy: dict) -> bool:
        return self.is_of_branch(deploy) and self.title in (None, deploy.get("title"))

    def there_already(self, client: BuildsClient, commit: str | None, join_running: bool) -> tuple[dict | None, bool]:
        """(the deploy that makes a build needless, whether it still is on its way)."""
        live = self.site.get("published_deploy") if self.is_production else None
        if commit and live and is_commit(live, commit):
            return live, False
        if not commit and not join_running:
            return None, False
        deploys = self._newest(client)
        if not self.is_production:
            live = next((deploy for deploy in deploys if deploy.get("state") in _netlify_deploys.GOOD_STATES), None)
            if commit and live and is_commit(live, commit):
                return live, False
        ended = _netlify_deploys.GOOD_STATES | _netlify_deploys.BAD_STATES
        # An upload by hand has no build.
        running = (deploy for deploy in deploys if deploy.get("build_id") and deploy.get("state") not in ended)
        joined = next(
            (deploy for deploy in running if join_running and self.has(deploy) or commit and is_commit(deploy, commit)),
            None,
        )
        return joined, joined is not None

    def _newest(self, client: BuildsClient) -> list:
        """Deploys of the branch, newest first."""
        found = client.list_deploys(self.site["id"], limit=_netlify_deploys.LOOK_BACK_UNFINISHED, branch=self.branch)
        return [deploy for deploy in found if self.is_of_branch(deploy)]


def is_commit(deploy: dict, commit: str) -> bool:
    """commit: the whole SHA or the beginning of it."""
    return str(deploy.get("commit_ref") or "").lower().startswith(commit.lower())


def trigger(client: BuildsClient, wanted: Wanted, **options) -> dict:
    """Starts one build: {id, deploy_id, ...}. When the answer is lost, the site's builds tell whether it was started."""
    site_id = wanted.site["id"]
    before = {build["id"] for build in client.list_builds(site_id, LOOK_BACK)}

    def look_up() -> dict | None:
        newer = itertools.takewhile(lambda build: build["id"] not in before, client.list_builds(site_id, LOOK_BACK))
        return next((build for build in newer if wanted.has(client.get_deploy(build["deploy_id"]) or {})), None)

    return _made_once(lambda: client.create_build(site_id, **options), look_up, client.http.clock)[0]


def _made_once(create, look_up, clock) -> tuple:
    """As create_once, for what somebody else's creation cannot be in the way of: it does not explain a refusal."""
    is_lost = False

    def attempt():
        nonlocal is_lost
        try:
            return create()
        except LostAnswer:
            is_lost = True
            raise
        except ApiError:
            is_lost = False
            raise

    return create_once(attempt, lambda: look_up() if is_lost else None, clock)


# -- build hooks -------------------------------------------------------------------------------------------------------


def build_hook_view(hook: dict, reveal: bool) -> dict:
    """Without its id, from which anybody could make the URL; that is C(secret), if it is to be revealed."""
    view = {key: hook.get(key) for key in ("site_id", *HOOK_FIELDS, "created_at")}
    return {**view, "draft": bool(view["draft"]), "secret": hook.get("url") if reveal else None}


def keep_hook_secret(client: BuildsClient, hook: dict) -> dict:
    """A build hook, whose id and URL no message tells from now on."""
    client.http.redactor.add(hook["id"], hook.get("url"))
    return hook


def build_hooks_of(client: BuildsClient, site: str) -> list:
    with below_site(site):
        return [keep_hook_secret(client, hook) for hook in client.list_build_hooks(address_of(site))]


def the_hook(hooks: list, title: str) -> dict | None:
    found = [hook for hook in hooks if hook.get("title") == title]
    if len(found) > 1:
        shown = "; ".join(
            f"branch {hook.get('branch')}"
            + (", draft" if hook.get("draft") else "")
            + f", created {hook.get('created_at')}"
            for hook in found
        )
        raise PaasError(
            f"The site has {len(found)} build hooks with the title {title!r}, so the title does not say which one is meant: {shown}. Name "
            "one of them with hook_id, the last part of its URL.",
            code="ambiguous",
        )
    return found[0] if found else None


# -- deploy keys -------------------------------------------------------------------------------------------------------


def deploy_key_view(key: dict) -> dict:
    return {name: key.get(name) for name in ("id", "public_key", "created_at")}


def create_deploy_key(client: BuildsClient) -> tuple[dict, list]:
    """(the new key, ids of further keys that came with it). After a lost answer, lists before and after tell what was made."""
    before = {key["id"] for key in client.list_deploy_keys()}
    made, is_answer = _made_once(
        client.create_deploy_key, lambda: next(iter(_new_keys(client, before)), None), client.http.clock
    )
    return made, [] if is_answer else [key["id"] for key in _new_keys(client, before) if key["id"] != made["id"]]


def _new_keys(client: BuildsClient, before: set) -> list:
    return [key for key in client.list_deploy_keys() if key["id"] not in before]


def use_deploy_key(client: BuildsClient, site: dict, key: dict) -> None:
    """Makes a new key the one that the site reads its repository with; a key that does not come to be used is deleted again."""
    view = _netlify.site_view(site)
    body = _netlify.site_body({"build_settings": {**view["build_settings"], "deploy_key_id": key["id"]}}, view)
    try:
        if not _uses(client.update_site(site["id"], body), key):
            raise PaasError(
                f"Netlify accepted the deploy key for the site {site['name']}, but the site does not use it.",
                code="not_applied",
            )
    except PaasError as error:
        try:
            if _uses(client.get_site(site["id"]) or {}, key):
                return
            client.delete_deploy_key(key["id"])
        except ApiError as failure:
            error.message += (
                f" The new deploy key {key['id']} could not be deleted again ({failure.message}) Delete it with state=absent when the site "
                "does not use it."
            )
        raise


def _uses(site: dict, key: dict) -> bool:
    return (site.get("build_settings") or {}).get("deploy_key_id") == key["id"]
