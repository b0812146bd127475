# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds of sites that are connected to a repository, build hooks, and the keys that repositories let in.

The sandbox has no repositories and builds nothing: a deploy that was built has one page, which tells of what.
"""

from __future__ import annotations

import base64
import hashlib
import html
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from ..core.call import Call, json_response
from ..core.clock import iso
from ..core.routes import Route
from . import archives, errors, progress
from .api import HOST, Request
from .model import Build, BuildHook, DeployKey, Site
from .state import State

PAGE = (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{site}</title></head>\n'
    "<body><h1>{site}</h1><p>Built from branch {branch} of {repository}.</p><p>{title}</p></body>\n</html>\n"
)


def build_view(build: Build) -> dict[str, Any]:
    """fact: netlify 6 [S]; deploy_state [T]"""
    deploy = build.deploy
    return {
        "id": build.id,
        "deploy_id": deploy.id,
        "deploy_state": deploy.state,
        "sha": deploy.details.get("commit_ref"),
        "done": deploy.state in progress.ENDED,
        "error": deploy.error_message,
        "created_at": iso(build.created_at),
    }


def list_builds(request: Request) -> Response:
    page, headers = request.page(request.site().builds[::-1])
    return json_response([build_view(build) for build in page], headers=headers)


def get_build(request: Request) -> Response:
    for site in request.sites():
        for build in site.builds:
            if build.id == request.call.parameters["build_id"]:
                return json_response(build_view(build))
    raise errors.not_found()


async def create_build(request: Request) -> Response:
    """fact: netlify 6: branch, clear_cache, title in the query [S]; JSON is taken as well [?]; or a zip [S].

    commit_sha and review_id are in [T] only.
    """
    site = request.site()
    kind = request.call.content_type
    if kind == archives.TYPE:
        return await _create_from_zip(request, site, await archives.receive_zip(request))
    if kind == "multipart/form-data":
        upload = (await request.call.form()).get("zip")
        if not isinstance(upload, UploadFile):
            raise errors.refused(422, "the form has no zip file in a field named zip")
        return await _create_from_zip(
            request, site, await request.state.ground.store.receive(archives.chunks(upload), "sha1")
        )
    request.content = request.content or await request.call.body()
    body = request.json()
    branch = request.query("branch") or body.get("branch")
    commit, review = request.query("commit_sha"), request.query("review_id")
    if (commit or review) and request.switches["build_commit_and_review"] == "ignored":
        commit = review = None
    build = start(
        request.state,
        site,
        request.user.id,
        request.now,
        f"pull/{_review_number(review)}/head" if review else branch,
        request.query("title") or body.get("title"),
        request.flag("clear_cache") or body.get("clear_cache") is True,
    )
    if commit:
        build.deploy.details["commit_ref"] = commit
    if review:
        build.deploy.review_id = _review_number(review)
    return json_response(build_view(build))


def _review_number(review: str) -> int:
    if not review.isdecimal():
        raise errors.refused(422, "review_id must be an integer")
    return int(review)


async def _create_from_zip(request: Request, site: Site, content: Any) -> Response:
    archives.refuse_if_empty(content)
    build = _add(request.state, site, request.user.id, request.now, request.query("branch"), request.query("title"))
    await archives.deploy_zip(request, site, build.deploy, content)
    return json_response(build_view(build))


def start(
    state: State,
    site: Site,
    user_id: str,
    now: float,
    branch: Any,
    title: Any,
    clear_cache: bool = False,
    draft: bool = False,
) -> Build:
    """Build a connected site. How others, and sites with stopped builds, are refused is unknown [?]."""
    repository = site.build_settings.get("repo_path") or site.build_settings.get("repo_url")
    if not repository:
        raise errors.refused(state.ground.switches["build_unlinked_status"], "The site has no repository")
    if site.build_settings.get("stop_builds"):
        raise errors.refused(422, "Builds are stopped")
    build = _add(state, site, user_id, now, branch, title)
    build.clear_cache, build.deploy.draft = clear_cache, draft
    deploy = build.deploy
    deploy.details |= {
        "deploy_source": "git",
        "commit_ref": hashlib.sha1(f"{repository} {deploy.branch}".encode(), usedforsecurity=False).hexdigest(),
    }
    page = PAGE.format(
        site=html.escape(site.name),
        repository=html.escape(repository),
        branch=html.escape(deploy.branch or ""),
        title=html.escape(deploy.title or ""),
    )
    content = state.ground.store.add(page.encode(), "sha1")
    site.account.known.add(content.digest)
    deploy.manifest = {"/index.html": content.digest}
    progress.start_build(state, deploy, now)
    return build


def _add(state: State, site: Site, user_id: str, now: float, branch: Any, title: Any) -> Build:
    deploy = state.add_deploy(site, user_id, now)
    deploy.branch = str(branch) if branch else production_branch(site)
    deploy.title = str(title) if title else None
    build = deploy.build = Build(state.new_id(), deploy, now, deploy.branch == production_branch(site))
    site.builds.append(build)
    return build


def production_branch(site: Site) -> str:
    return site.build_settings.get("repo_branch") or "main"


# build hooks


def hook_view(state: State, hook: BuildHook) -> dict[str, Any]:
    """fact: netlify 6 [S]; draft, msg [T]. With switch site_urls localhost the URL leads to this sandbox."""
    base = state.ground.url if state.ground.switches["site_urls"] == "localhost" else f"https://{HOST}"
    return {
        "id": hook.id,
        "site_id": hook.site.id,
        "title": hook.title,
        "branch": hook.branch,
        "url": f"{base}/build_hooks/{hook.id}",
        "draft": hook.draft,
        "msg": "",
        "created_at": iso(hook.created_at),
    }


def list_hooks(request: Request) -> Response:
    return json_response([hook_view(request.state, hook) for hook in request.site().build_hooks.values()])


def get_hook(request: Request) -> Response:
    return json_response(hook_view(request.state, _hook(request)))


def create_hook(request: Request) -> Response:
    site = request.site()
    hook = BuildHook(request.state.new_id(), site, "", production_branch(site), False, request.now)
    _change(hook, request.json())
    site.build_hooks[hook.id] = hook
    return json_response(hook_view(request.state, hook), 201)


def update_hook(request: Request) -> Response:
    """fact: netlify 6: 204 [S][T]; what is not sent stays [?]"""
    _change(_hook(request), request.json())
    return Response(b"", 204)


def delete_hook(request: Request) -> Response:
    hook = _hook(request)
    del hook.site.build_hooks[hook.id]
    return Response(b"", 204)


def _hook(request: Request) -> BuildHook:
    hook = request.site().build_hooks.get(request.call.parameters["id"])
    if hook is None:
        raise errors.not_found()
    return hook


def _change(hook: BuildHook, body: dict[str, Any]) -> None:
    for key, kind in (("title", str), ("branch", str), ("draft", bool)):
        if body.get(key) is not None:
            if not isinstance(body[key], kind):
                raise errors.invalid(key, "is invalid")
            setattr(hook, key, body[key])


def _trigger(state: State, call: Call, content: bytes) -> Response:
    """fact: netlify 6: no token is needed [S][O]. The query may name another branch, a title, and clear the cache
    [O]. The response is unknown [?]."""
    hook = next(
        (
            site.build_hooks[call.parameters["id"]]
            for site in state.sites.values()
            if call.parameters["id"] in site.build_hooks
        ),
        None,
    )
    if hook is None:
        raise errors.not_found()
    query = call.query_params
    start(
        state,
        hook.site,
        hook.site.user_id,
        call.now,
        query.get("trigger_branch") or hook.branch,
        query.get("trigger_title") or f"Deploy triggered by hook: {hook.title}",
        query.get("clear_cache") == "true",
        hook.draft,
    )
    return Response(b"", 200)


# deploy keys


def key_view(key: DeployKey) -> dict[str, Any]:
    """fact: netlify 6 [S][T]"""
    return {"id": key.id, "public_key": key.public_key, "created_at": iso(key.created_at)}


def list_keys(request: Request) -> Response:
    page, headers = request.page(list(request.user.deploy_keys.values()))
    return json_response([key_view(key) for key in page], headers=headers)


def create_key(request: Request) -> Response:
    """fact: netlify 6: without a body, 201 [S][T]. That keys belong to a user is a guess [?]."""
    parts = [b"ssh-rsa", b"\x01\x00\x01", b"\x00" + (bytes.fromhex(request.state.new_secret()) * 13)[:256]]
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    key = DeployKey(request.state.new_id(), f"ssh-rsa {base64.b64encode(blob).decode()}", request.now)
    request.user.deploy_keys[key.id] = key
    return json_response(key_view(key), 201)


def get_key(request: Request) -> Response:
    return json_response(key_view(_key(request)))


def delete_key(request: Request) -> Response:
    del request.user.deploy_keys[_key(request).id]
    return Response(b"", 204)


def _key(request: Request) -> DeployKey:
    key = request.user.deploy_keys.get(request.call.parameters["key_id"])
    if key is None:
        raise errors.not_found()
    return key


ROUTES = [
    Route("GET", "/sites/{site_id}/builds", "listSiteBuilds", list_builds, "netlify 6 [S][T]"),
    Route("POST", "/sites/{site_id}/builds", "createSiteBuild", create_build, "netlify 6: 200 [S][T]", streamed=True),
    Route("GET", "/builds/{build_id}", "getSiteBuild", get_build, "netlify 6 [S][T]"),
    Route("GET", "/sites/{site_id}/build_hooks", "listSiteBuildHooks", list_hooks, "netlify 6 [S][T]"),
    Route("POST", "/sites/{site_id}/build_hooks", "createSiteBuildHook", create_hook, "netlify 6: 201 [S][T]"),
    Route("GET", "/sites/{site_id}/build_hooks/{id}", "getSiteBuildHook", get_hook, "netlify 6 [S][T]"),
    Route("PUT", "/sites/{site_id}/build_hooks/{id}", "updateSiteBuildHook", update_hook, "netlify 6: 204 [S][T]"),
    Route("DELETE", "/sites/{site_id}/build_hooks/{id}", "deleteSiteBuildHook", delete_hook, "netlify 6: 204 [S][T]"),
    Route("GET", "/deploy_keys", "listDeployKeys", list_keys, "netlify 6 [S]; pages [T]"),
    Route("POST", "/deploy_keys", "createDeployKey", create_key, "netlify 6: 201 [S][T]"),
    Route("GET", "/deploy_keys/{key_id}", "getDeployKey", get_key, "netlify 6 [S][T]"),
    Route("DELETE", "/deploy_keys/{key_id}", "deleteDeployKey", delete_key, "netlify 6: 204 [S][T]"),
]

# The addresses of build hooks, without a token.
OPEN_ROUTES = [Route("POST", "/build_hooks/{id}", "triggerBuildHook", _trigger, "netlify 6: no token [S]; 200 [?]")]
