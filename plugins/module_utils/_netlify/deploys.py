# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys: their states, which one is live, and which can be deleted. PRIVATE to the collection.

Sources: Netlify's API guide for the digest method and the asynchronous one; its command line client and its Go client
for details that the guide does not have.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, not_found, query_of

# "old" and "current" appear in listings of old sites instead of "ready".
GOOD_STATES = frozenset({"ready", "current", "old"})
# According to different sources, a canceled deploy ends in error or in its own state.
BAD_STATES = frozenset({"error", "rejected", "canceled"})
# The manifest can be sent (again), and files are accepted.
OPEN_STATES = frozenset({"new", "preparing", "prepared", "uploading"})
# The response to an asynchronous manifest is complete.
COMPARED_STATES = frozenset({"prepared", "uploading", "uploaded", "processing", "processed"}) | GOOD_STATES
# Deploys that are finished. A deploy in state new cannot be deleted: Netlify returns 405.
ENDED = GOOD_STATES | BAD_STATES
DAY = 86400
PRUNABLE = ("ready", "error", "rejected", "canceled", "prepared", "uploading")
PRUNED_KEYS = ("id", "title", "state", "branch", "context", "draft", "created_at")
# Numbers of deploys to search for the newest one of a branch or draft, and for an unfinished one of an earlier run.
LOOK_BACK = 500
LOOK_BACK_UNFINISHED = 100

# Fields that change while a deploy is in progress.
MOVING = ["functions", "locked", "published_at", "state", "updated_at"]
# The same for a canceled deploy, which is never published.
CANCELED = ["error_message", "functions", "locked", "state", "updated_at"]

_DEPLOY_KEYS = (
    "id",
    "site_id",
    "state",
    "title",
    "branch",
    "context",
    "draft",
    "error_message",
    "url",
    "ssl_url",
    "deploy_url",
    "deploy_ssl_url",
    "admin_url",
    "created_at",
    "updated_at",
    "published_at",
    "commit_ref",
    "deploy_source",
)


# Opens the content to send, again for each attempt.
Content = Callable[[], contextlib.AbstractContextManager[Any]]


class DeploysClient(NetlifyClient):
    def list_deploys(
        self, site_id: str, limit: int | None = None, per_page: int = 100, whole: bool = False, **filters: Any
    ) -> Iterator[JsonObject]:
        """Yields deploys, newest first. whole: see C(pages). filters: state, branch, production, latest-published."""
        return self.pages(
            f"/sites/{part(site_id)}/deploys",
            operation="listSiteDeploys",
            query=query_of(**filters),
            per_page=per_page,
            limit=limit,
            whole=whole,
        )

    def get_deploy(self, deploy_id: str) -> JsonObject | None:
        return self.json_object_or_none("GET", f"/deploys/{part(deploy_id)}", "getDeploy")

    def create_deploy(self, site_id: str, body: JsonObject, title: str | None = None) -> JsonObject:
        return self.json_object(
            "POST", f"/sites/{part(site_id)}/deploys", "createSiteDeploy", body, query=query_of(title=title)
        )

    def update_deploy(self, site_id: str, deploy_id: str, body: JsonObject) -> JsonObject:
        """Sends the manifest again; the response has the files that must still be uploaded (a GET does not always have
        them).
        """
        return self.json_object("PUT", f"/sites/{part(site_id)}/deploys/{part(deploy_id)}", "updateSiteDeploy", body)

    def upload_file(self, http: Http, deploy_id: str, path: str, content: Content) -> None:
        """http: the calling thread's clone."""
        self._upload(http, f"/deploys/{part(deploy_id)}/files/{quote(path, safe='/')}", "uploadDeployFile", content)

    def upload_function(self, http: Http, deploy_id: str, name: str, query: JsonObject, content: Content) -> None:
        path = f"/deploys/{part(deploy_id)}/functions/{part(name)}"
        self._upload(http, path, "uploadDeployFunction", content, query_of(**query))

    def upload_edge_functions(self, http: Http, deploy_id: str, sha256: str, content: Content) -> None:
        """The bundle of all edge functions in one format."""
        path = f"/deploys/{part(deploy_id)}/edge_functions/{part(sha256)}"
        self._upload(http, path, "uploadDeployEdgeFunction", content)

    @staticmethod
    def _upload(http: Http, path: str, operation: str, content: Content, query: JsonObject | None = None) -> None:
        """A 401 during uploads is a known temporary failure (the vendor's client retries it)."""
        http.request(
            "PUT",
            path,
            operation=operation,
            query=query,
            stream=content,
            headers={"Content-Type": "application/octet-stream"},
            retry_status=(401,),
        )

    def restore_deploy(self, site_id: str, deploy_id: str) -> JsonObject:
        """Publishes a deploy; idempotent."""
        return self.json_object(
            "POST", f"/sites/{part(site_id)}/deploys/{part(deploy_id)}/restore", "restoreSiteDeploy", idempotent=True
        )

    def lock_deploy(self, deploy_id: str) -> JsonObject:
        return self.json_object("POST", f"/deploys/{part(deploy_id)}/lock", "lockDeploy", idempotent=True)

    def unlock_deploy(self, deploy_id: str) -> JsonObject:
        return self.json_object("POST", f"/deploys/{part(deploy_id)}/unlock", "unlockDeploy", idempotent=True)

    def cancel_deploy(self, deploy_id: str) -> JsonObject:
        return self.json_object("POST", f"/deploys/{part(deploy_id)}/cancel", "cancelSiteDeploy", idempotent=True)

    def delete_deploy(self, deploy_id: str) -> None:
        self.delete_if_there("DELETE", f"/deploys/{part(deploy_id)}", "deleteDeploy")

    def list_site_files(self, site_id: str, deploy_id: str | None = None) -> list[JsonObject]:
        """[{path, sha, size, mime_type, deploy_id}] of all files in one response.

        Files of the published deploy, or of the given one: only the larger OpenAPI has this parameter, and deploy_id in
        rows."""
        return self._list(f"/sites/{part(site_id)}/files", "listSiteFiles", query_of(deploy_id=deploy_id))

    def list_deploy_files(self, deploy_id: str) -> list[JsonObject]:
        """The same for one deploy. Not in a public OpenAPI, but widely used."""
        return self._list(f"/deploys/{part(deploy_id)}/files", "listDeployFiles")


def deploy_view(deploy: JsonObject) -> JsonObject:
    view = {key: deploy.get(key) for key in _DEPLOY_KEYS}
    view["locked"] = bool(deploy.get("locked"))
    view["functions"] = sorted(
        function.get("n") for function in deploy.get("available_functions") or [] if function.get("n")
    )
    return view


def check_branch(option: str, branch: str) -> None:
    """The name becomes part of a host name, BRANCH--NAME.netlify.app; the vendor's client allows 37 characters."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,36}", branch):
        raise InvalidInput(
            option,
            f"`{option}` must be 1 to 37 letters, digits, '.', '_', '/' or '-', and begin with a letter or digit, got "
            f"{branch!r}.",
        )


def failure_of(deploy: JsonObject) -> str | None:
    """The reason why a deploy failed, None unless it failed."""
    if deploy.get("state") not in BAD_STATES:
        return None
    return f"ended in the state {deploy['state']}: {deploy.get('error_message') or 'Netlify gave no reason'}"


def wait_for(client: DeploysClient, deploy_id: str, states: Container[Any], patience: Patience) -> JsonObject:
    """Polls a deploy until its state is one of states.

    Raises WaitFailed if it fails, is deleted or takes too long.
    """

    def poll() -> JsonObject:
        deploy = client.get_deploy(deploy_id)
        if deploy is None:
            raise WaitFailed(
                f"The deploy {deploy_id} was deleted while the task was waiting for it.", code="deploy_gone"
            )
        return deploy

    def done(deploy: JsonObject) -> bool:
        reason = failure_of(deploy)
        if reason:
            raise WaitFailed(f"The deploy {deploy_id} {reason}. The live site is unchanged.", code="deploy_failed")
        return deploy.get("state") in states

    return wait_until(
        poll, done, patience, what=f"The deploy {deploy_id}", show=lambda deploy: str(deploy.get("state"))
    )


def live_of(site: JsonObject | None) -> JsonObject:
    """The published deploy of a site, {} without one."""
    return (site or {}).get("published_deploy") or {}


def files_of(client: DeploysClient, deploy: JsonObject | None) -> dict[str, str]:
    """{path: sha1} of a deploy, {} of none."""
    shown = {} if deploy is None else shown_files(client, deploy)
    if shown is None:
        raise not_found(f"Netlify does not list the files of the deploy {deploy and deploy['id']}.", "listSiteFiles")
    return shown


def shown_files(client: DeploysClient, deploy: JsonObject) -> dict[str, str] | None:
    """{path: sha1} of a deploy, None if Netlify does not list its files, which is undocumented for unfinished deploys.

    A server that does not support the parameter deploy_id lists the published deploy, so rows without the ID of the
    deploy are ignored.
    """
    deploy_id = deploy["id"]
    rows = _listed(lambda: client.list_site_files(deploy["site_id"], deploy_id))
    if not rows or any(row.get("deploy_id") != deploy_id for row in rows):
        is_empty = rows == []
        rows = _listed(lambda: client.list_deploy_files(deploy_id))
        if rows is None and is_empty:
            rows = []
    return None if rows is None else {row["path"]: row["sha"] for row in rows}


def _listed(read: Callable[[], list[JsonObject]]) -> list[JsonObject] | None:
    """None when Netlify does not have the list."""
    try:
        return read()
    except ApiError as error:
        if error.status != 404:
            raise
        return None


def fits(deploy: JsonObject, params: JsonObject) -> bool:
    """Whether a deploy has the declared state, branch and production; a server may accept a filter but not apply it."""
    is_production = deploy.get("context") == "production"
    return (
        params["state"] in (None, deploy.get("state"))
        and params["branch"] in (None, deploy.get("branch"))
        and params["production"] in (None, is_production)
    )


def matching(client: DeploysClient, site_id: str, params: JsonObject) -> Iterator[JsonObject]:
    """Yields matching deploys, newest first, at most params["limit"]."""
    filters = {"state": params["state"], "branch": params["branch"], "production": params["production"] or None}
    limit = params["limit"]
    listed = client.list_deploys(site_id, per_page=min(100, limit or 100), whole=limit is None, **filters)
    return itertools.islice((deploy for deploy in listed if fits(deploy, params)), limit)


def chosen_release(client: DeploysClient, site: JsonObject, params: JsonObject) -> JsonObject | None:
    """The deploy to publish, by deploy_id, previous and instead_of; the live one if it is to stay.

    None if instead_of means that nothing must be done, not even to the lock.
    """
    live = site.get("published_deploy")
    live_id, guard = live and live["id"], params["instead_of"]
    if params["deploy_id"] and params["deploy_id"] == live_id:
        return live
    if guard not in (None, live_id):
        # A rollback that was interrupted before its lock is completed; a newer release of somebody else is not changed.
        lacks_lock = live is not None and params["locked"] not in (None, bool(live.get("locked")))
        former = _former(client, site, guard) if params["previous"] and lacks_lock else None
        return live if former is not None and former["id"] == live_id else None
    if params["deploy_id"]:
        return _publishable(client, site, params["deploy_id"])
    if not params["previous"]:
        return live
    former = _former(client, site, live_id)
    if former is None:
        raise PaasError(f"The site {site['name']} has no release before {live_id} to roll back to.", code="no_previous")
    return former


def _publishable(client: DeploysClient, site: JsonObject, deploy_id: str) -> JsonObject:
    deploy = client.get_deploy(deploy_id)
    if deploy is None or deploy.get("site_id") != site["id"]:
        message = f"The deploy {deploy_id} of the site {site['name']} does not exist. It may have been deleted."
        raise not_found(message, "getDeploy", sought=deploy_id)
    if deploy.get("state") not in GOOD_STATES:
        raise PaasError(
            f"The deploy {deploy['id']} cannot be published, because its state is {deploy.get('state')} instead of "
            "ready.",
            code="not_ready",
        )
    return deploy


def _former(client: DeploysClient, site: JsonObject, deploy_id: str | None) -> JsonObject | None:
    """The newest release that is older than a deploy.

    This is not always the one that was live before, which can be a newer release that was rolled back.
    """
    listed = list(client.list_deploys(site["id"], limit=LOOK_BACK))
    end = next((deploy["created_at"] for deploy in listed if deploy["id"] == deploy_id), "")
    older = [
        deploy
        for deploy in listed
        if deploy.get("published_at") and deploy.get("state") in GOOD_STATES and deploy["created_at"] < end
    ]
    return max(older, key=lambda deploy: deploy["published_at"], default=None)


def wait_until_live(client: DeploysClient, site_id: str, deploy_id: str, patience: Patience) -> JsonObject:
    """Waits until the deploy is published; returns the published deploy."""
    return wait_until(
        lambda: live_of(client.require_site(site_id)),
        lambda live: live.get("id") == deploy_id,
        patience,
        what=f"Publishing the deploy {deploy_id}",
        show=lambda live: f"{live.get('id')} is live",
    )


def cancel(client: DeploysClient, deploy_id: str) -> JsonObject:
    """Cancels a deploy. A refusal because it has already ended (by an earlier attempt whose response was lost) counts
    as success.
    """
    try:
        return client.cancel_deploy(deploy_id)
    except ApiError as error:
        deploy = client.get_deploy(deploy_id) if error.status == 422 else None
        if deploy is None or deploy.get("state") not in BAD_STATES:
            raise
        return deploy


def cancelable(deploy: JsonObject | None, deploy_id: str) -> JsonObject:
    """The deploy, unless it does not exist or is ready. Raises PaasError."""
    if deploy is None:
        raise PaasError(
            f"The deploy {deploy_id} does not exist on Netlify, or this token has no access to it.",
            code="not_found",
            sought=deploy_id,
        )
    if deploy["state"] in GOOD_STATES:
        raise PaasError(
            f"The deploy {deploy['id']} cannot be canceled, because its state is {deploy['state']}. To delete it, set "
            "`state: absent`. To replace it, publish another deploy with webops.paas.netlify_publish.",
            code="not_cancelable",
        )
    return deploy


def check_not_live(client: DeploysClient, deploy: JsonObject | None) -> None:
    site = (client.get_site(deploy["site_id"]) if deploy else None) or {}
    if deploy and live_of(site).get("id") == deploy["id"]:
        raise PaasError(
            f"The deploy {deploy['id']} was not deleted, because it is the live deploy of {site.get('name')}. Publish "
            "another deploy first.",
            code="is_live",
        )


# -- pruning ---------------------------------------------------------------------------------------------------------


def kind_of(deploy: JsonObject) -> str:
    """draft, release, "branch NAME", or preview (of a pull request, deleted with it)."""
    if deploy.get("draft"):
        return "draft"
    context = deploy.get("context")
    if context in (None, "production"):
        return "release"
    return f"branch {deploy.get('branch')}" if context == "branch-deploy" else "preview"


def pruned_view(deploy: JsonObject) -> JsonObject:
    return {key: deploy.get(key) for key in PRUNED_KEYS}


def doomed(deploys: Iterable[JsonObject], live_id: str | None, params: JsonObject, now: float) -> list[JsonObject]:
    """The deploys to delete, oldest first.

    deploys: newest first. now: seconds since the epoch.
    params: drafts, releases, branches, states, keep, older_than_days.
    """
    wanted = {f"branch {name}" for name in params["branches"] or []}
    wanted |= {kind for kind, option in (("draft", "drafts"), ("release", "releases")) if params[option]}
    states = (
        ENDED
        if params["states"] is None
        else set(params["states"]) | (GOOD_STATES if "ready" in params["states"] else set())
    )
    before = time_text(now - (params["older_than_days"] or 0) * DAY)
    number_of: dict[str, int] = {}
    found = []
    for deploy in deploys:
        kind = kind_of(deploy)
        if kind not in wanted or deploy.get("state") not in states:
            continue
        number_of[kind] = number_of.get(kind, 0) + 1
        is_live = deploy["id"] == live_id
        if (
            not is_live
            and number_of[kind] > (params["keep"] or 0)
            and (params["older_than_days"] is None or deploy["created_at"] < before)
        ):
            found.append(deploy)
    return found[::-1]


def time_text(moment: float) -> str:
    """The time in Netlify's format, so that times can be compared as texts."""
    return (
        datetime.datetime.fromtimestamp(max(moment, 0), datetime.timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def prune(client: DeploysClient, site_id: str, deploy: JsonObject, warn: Callable[[str], None]) -> bool:
    """Whether it was deleted. Netlify refuses to delete a deploy that went live in the meantime."""
    try:
        client.delete_deploy(deploy["id"])
    except ApiError as error:
        site = client.get_site(site_id) if error.status in (403, 405, 422) else None
        if live_of(site).get("id") != deploy["id"]:
            raise
        warn(f"The deploy {deploy['id']} went live in the meantime, so it was not deleted.")
        return False
    return True
