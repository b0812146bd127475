# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deploys: created from digests or a zip, listed, published, locked, cancelled, deleted."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import archives, errors, notify, progress
from .api import Request
from .environment import SCOPES
from .model import Deploy, Site
from .views import context_of, deploy_view, state_of

ANSWERED_AGAIN = ("framework", "function_schedules", "deploy_source")


class Manifest:
    """The files, functions and edge functions of a JSON body, by digest."""

    def __init__(self, body: dict[str, Any]) -> None:
        """fact: netlify 2: paths are sent with a leading slash [G] or without [C][Go]; responses have it"""
        self.given = "files" in body or "functions" in body
        self._files = {
            path if path.startswith("/") else f"/{path}": digest
            for path, digest in self._digests(body, "files").items()
        }
        self._functions = self._digests(body, "functions")
        self._edge_functions = self._digests(body, "edge_functions")
        self._asynchronous = body.get("async") is True

    @staticmethod
    def _digests(body: dict[str, Any], key: str) -> dict[str, str]:
        value = body.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(digest, str) for digest in value.values()):
            raise errors.refused(422, f"{key} must be an object of names and digests")
        return {name: digest.lower() for name, digest in value.items()}

    def send(self, request: Request, deploy: Deploy) -> None:
        deploy.manifest, deploy.functions, deploy.edge_functions = self._files, self._functions, self._edge_functions
        progress.take_manifest(request.state, deploy, self._asynchronous, request.now)


def add(request: Request, site: Site, body: dict[str, Any]) -> Deploy:
    """A deploy in state `new`. fact: netlify 2 [S]: title, branch are query parameters; branch is in the body too"""
    deploy = request.state.add_deploy(site, request.user.id, request.now)
    deploy.title = request.query("title")
    deploy.branch = request.query("branch") or None
    deploy.draft = body.get("draft") is True or request.flag("draft")
    _describe(request, deploy, body)
    return deploy


def _describe(request: Request, deploy: Deploy, body: dict[str, Any]) -> None:
    if isinstance(body.get("branch"), str):
        deploy.branch = body["branch"] or None
    deploy.details.update({key: body[key] for key in ANSWERED_AGAIN if body.get(key) is not None})
    if body.get("functions_config") is not None:
        deploy.functions_config = body["functions_config"]
    if body.get("environment") and deploy.environment is None:
        # fact: netlify 2 [S]: later attempts to change it are ignored
        deploy.environment = body["environment"]
    if request.query("commit_ref"):
        deploy.details["commit_ref"] = request.query("commit_ref")


def _check_functions(body: dict[str, Any]) -> None:
    """fact: netlify 2 [S][T]: the types; duplicate keys are refused [C]; the status is a guess [?]"""
    schedules = body.get("function_schedules") or []
    if not _is_rows(schedules) or not all(
        isinstance(row.get(key), str) for row in schedules for key in ("name", "cron")
    ):
        raise errors.refused(422, "function_schedules must be an array of names and cron expressions")
    configs = body.get("functions_config") or {}
    if not isinstance(configs, dict) or not all(isinstance(config, dict) for config in configs.values()):
        raise errors.refused(422, "functions_config must be an object of objects")
    variables = body.get("environment") or []
    if not _is_rows(variables) or not all(map(_is_variable, variables)):
        raise errors.refused(422, "environment must be an array of variables with key, value, scopes and is_secret")
    if len({variable["key"] for variable in variables}) < len(variables):
        raise errors.refused(422, "environment has a key twice")


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _is_variable(row: dict[str, Any]) -> bool:
    scopes = row.get("scopes")
    return (
        isinstance(row.get("key"), str)
        and isinstance(row.get("value"), str)
        and isinstance(row.get("is_secret"), bool)
        and isinstance(scopes, list)
        and all(scope in SCOPES for scope in scopes)
    )


def _shown(request: Request, deploy: Deploy) -> dict[str, Any]:
    """A deploy in the response to a GET. fact: netlify 2 [O]: `required` may be empty although it is uploading"""
    hidden = deploy.state == "uploading" and request.switches["required_while_uploading"] == "empty"
    return deploy_view(request.state, deploy, missing=not hidden)


def list_site_deploys(request: Request) -> Response:
    """fact: netlify 2 [S][T]: newest first, with filters"""
    state = request.state
    rows = list(reversed(request.site().deploys))
    if request.query("state"):
        rows = [deploy for deploy in rows if state_of(state, deploy) == request.query("state")]
    if request.query("branch"):
        rows = [deploy for deploy in rows if deploy.branch == request.query("branch")]
    for flag, context in (("production", "production"), ("deploy-previews", "deploy-preview")):
        if request.flag(flag):
            rows = [deploy for deploy in rows if context_of(state, deploy) == context]
    if request.flag("latest-published"):
        rows = [deploy for deploy in rows if deploy.site.published is deploy]
    if request.query("from"):
        rows = [deploy for deploy in rows if deploy.created_at >= _moment(request, "from")]
    if request.query("to"):
        rows = [deploy for deploy in rows if deploy.created_at <= _moment(request, "to")]
    page, headers = request.page(rows)
    return json_response([_shown(request, deploy) for deploy in page], headers=headers)


def _moment(request: Request, name: str) -> float:
    try:
        return float(request.query(name) or "")
    except ValueError as error:
        raise errors.refused(422, f"{name} must be a time in unix seconds") from error


async def create_site_deploy(request: Request) -> Response:
    site = request.site()
    request.spend_deploy()
    if request.call.content_type == archives.TYPE:
        content = await archives.receive_zip(request)
        archives.refuse_if_empty(content)
        deploy = add(request, site, {})
        await archives.deploy_zip(request, site, deploy, content)
    else:
        request.content = request.content or await request.call.body()
        body = request.json()
        manifest = Manifest(body)
        _check_functions(body)
        deploy = add(request, site, body)
        if manifest.given:
            manifest.send(request, deploy)
    return json_response(deploy_view(request.state, deploy))


def get_deploy(request: Request) -> Response:
    return json_response(_shown(request, request.deploy()))


def update_site_deploy(request: Request) -> Response:
    """fact: netlify 2 [C][O]: sends the manifest, or sends it again; the response has what is still required.

    `draft` is settled at creation [C]: the vendor's client creates a draft and then sends `draft: false` along with
    its manifest, and the deploy is a draft.
    """
    deploy = request.deploy()
    body = request.json()
    manifest = Manifest(body)
    _check_functions(body)
    if manifest.given and deploy.state not in progress.TAKES_MANIFEST:
        raise wrong_state(deploy)
    _describe(request, deploy, body)
    if manifest.given:
        manifest.send(request, deploy)
    return json_response(deploy_view(request.state, deploy))


def wrong_state(deploy: Deploy) -> errors.ApiError:
    """fact: netlify 2 [O]: the text is the server's; its status is unknown [?]"""
    return errors.refused(422, f"deploy must be in , not {deploy.state}")


def restore_site_deploy(request: Request) -> Response:
    deploy = request.deploy()
    if deploy.ready_at is None:
        raise wrong_state(deploy)
    restore(request, deploy)
    return json_response(deploy_view(request.state, deploy), request.switches["restore_status"])


def restore(request: Request, deploy: Deploy) -> None:
    """fact: netlify 2: publishes a deploy, also a draft; what becomes of a lock is unknown [?]; fact: netlify 7 [?]"""
    if deploy.site.published is deploy:
        return
    locking = deploy.site.locking
    if locking is not None:
        locking.locked = False
        deploy.locked = request.switches["restore_locked_site"] == "stays_locked"
    progress.publish(deploy, request.now)
    if request.switches["restore_event"] == "deploy_created":
        notify.deploy_event(request.state, deploy, "deploy_created", request.now)


def lock_deploy(request: Request) -> Response:
    return _set_locked(request, True)


def unlock_deploy(request: Request) -> Response:
    return _set_locked(request, False)


def _set_locked(request: Request, locked: bool) -> Response:
    """fact: netlify 2 [T][C]: what counts is the lock of the published deploy"""
    deploy = request.deploy()
    deploy.locked = locked
    deploy.updated_at = request.now
    notify.deploy_event(request.state, deploy, "deploy_locked" if locked else "deploy_unlocked", request.now)
    return json_response(deploy_view(request.state, deploy))


def cancel_site_deploy(request: Request) -> Response:
    """fact: netlify 2: 200 [T], 201 [S]; the final state is not documented [O]"""
    deploy = request.deploy()
    if deploy.state not in progress.ENDED:
        progress.fail(request.state, deploy, request.switches["cancel_result"], "Canceled", request.now)
    elif request.switches["cancel_finished"] == 422:
        raise errors.refused(422, f"deploy cannot be canceled in state {deploy.state}")
    return json_response(deploy_view(request.state, deploy), request.switches["cancel_status"])


def delete_deploy(request: Request) -> Response:
    """fact: netlify 2: 204; the published one is refused [O]; a deploy in state `new` returns 405 [O]"""
    deploy = request.deploy()
    if deploy.site.published is deploy:
        raise errors.refused(request.switches["delete_published_status"], "The published deploy cannot be deleted")
    if deploy.state == "new":
        raise errors.refused(405, "Method Not Allowed")
    request.state.remove_deploy(deploy)
    notify.deploy_event(request.state, deploy, "deploy_deleted", request.now)
    return Response(b"", 204)


def delete_alias_deploys(request: Request) -> Response:
    """fact: netlify 2 [T]: 204, 422"""
    site = request.site()
    alias = request.query("subdomain_alias")
    if not alias:
        raise errors.refused(422, "subdomain_alias is missing")
    for deploy in list(site.deploys):
        if deploy.subdomain_alias == alias and site.published is not deploy:
            request.state.remove_deploy(deploy)
    return Response(b"", 204)


ROUTES = [
    Route("GET", "/sites/{site_id}/deploys", "listSiteDeploys", list_site_deploys, "netlify 2 [S][T]"),
    Route(
        "POST",
        "/sites/{site_id}/deploys",
        "createSiteDeploy",
        create_site_deploy,
        "netlify 2: 200 [S][T]; zip [G]",
        streamed=True,
    ),
    Route(
        "DELETE",
        "/sites/{site_id}/deploys",
        "deleteDeploysBySubdomainAlias",
        delete_alias_deploys,
        "netlify 2: 204, 422 [T]",
    ),
    Route("GET", "/sites/{site_id}/deploys/{deploy_id}", "getSiteDeploy", get_deploy, "netlify 2 [S]"),
    Route(
        "PUT", "/sites/{site_id}/deploys/{deploy_id}", "updateSiteDeploy", update_site_deploy, "netlify 2: 200 [S][C]"
    ),
    Route("DELETE", "/sites/{site_id}/deploys/{deploy_id}", "deleteSiteDeploy", delete_deploy, "netlify 2: 204 [S]"),
    Route(
        "POST",
        "/sites/{site_id}/deploys/{deploy_id}/restore",
        "restoreSiteDeploy",
        restore_site_deploy,
        "netlify 2: 200 [T][O], 201 [S]",
    ),
    Route("GET", "/deploys/{deploy_id}", "getDeploy", get_deploy, "netlify 2 [S]"),
    Route("DELETE", "/deploys/{deploy_id}", "deleteDeploy", delete_deploy, "netlify 2: 204 [S]"),
    Route("POST", "/deploys/{deploy_id}/lock", "lockDeploy", lock_deploy, "netlify 2: 200 [S][T]"),
    Route("POST", "/deploys/{deploy_id}/unlock", "unlockDeploy", unlock_deploy, "netlify 2: 200 [S][T]"),
    Route("POST", "/deploys/{deploy_id}/cancel", "cancelSiteDeploy", cancel_site_deploy, "netlify 2: 200 [T], 201 [S]"),
]
