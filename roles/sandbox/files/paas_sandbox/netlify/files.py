# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a deploy, and of a site's published deploy: their list, one of them, its bytes."""

from __future__ import annotations

from starlette.responses import Response

from ..core.call import json_response
from ..core.mime import mime_type
from ..core.routes import Route
from . import errors, progress
from .api import Request
from .model import Deploy
from .views import file_view

RAW = "application/vnd.bitballoon.v1.raw"


def _deploy_of_site(request: Request) -> Deploy | None:
    """The published deploy, or the one that ?deploy_id= names [T]; not every description has the parameter [S]."""
    site = request.site()
    wanted = request.query("deploy_id")
    if not wanted or request.switches["deploy_files"] == "by_deploy":
        return site.published
    deploy = request.state.deploys.get(wanted)
    if deploy is None or deploy.site is not site:
        raise errors.not_found()
    return deploy


def _deploy_alone(request: Request) -> Deploy:
    """fact: netlify 2 [O]: a deploy without its site, which no description has"""
    if request.switches["deploy_files"] == "by_site":
        raise errors.ApiError(errors.unrouted())
    return request.deploy()


def list_site_files(request: Request) -> Response:
    return _list(request, _deploy_of_site(request))


def list_deploy_files(request: Request) -> Response:
    return _list(request, _deploy_alone(request))


def _list(request: Request, deploy: Deploy | None) -> Response:
    """fact: netlify 0 [O]: not paginated, no Link; netlify 4: `site_id`, `deploy_id` of each file [T], not in [S]"""
    if deploy is None:
        return json_response([])
    rows = [file_view(request.state, deploy, path) for path in _listed(request, deploy)]
    if request.query("deploy_id") and request.switches["deploy_files"] == "by_deploy":
        rows = [{name: row[name] for name in row if name not in ("site_id", "deploy_id")} for row in rows]
    return json_response(rows)


def _listed(request: Request, deploy: Deploy) -> list[str]:
    """fact: netlify 2 [?]: what is listed of a deploy that is not finished"""
    paths = sorted(deploy.manifest)
    shown = "shown" if deploy.state in progress.ENDED else request.switches["unfinished_files"]
    if shown == "not_found":
        raise errors.not_found()
    if shown == "uploaded_only":
        return [path for path in paths if deploy.manifest[path] not in deploy.missing]
    return paths if shown == "shown" else []


def get_site_file(request: Request) -> Response:
    return _one(request, _deploy_of_site(request))


def get_deploy_file(request: Request) -> Response:
    return _one(request, _deploy_alone(request))


def _one(request: Request, deploy: Deploy | None) -> Response:
    """fact: netlify 4 [G][O]: the bytes when the request's Content-Type (not Accept) asks for them"""
    path = "/" + request.call.parameters["path"]
    if deploy is None or path not in deploy.manifest:
        raise errors.not_found()
    by_accept = RAW in request.call.headers.get("accept", "")
    wants_bytes = by_accept and request.switches["raw_file_header"] == "content_type_or_accept"
    if request.call.content_type != RAW and not wants_bytes:
        return json_response(file_view(request.state, deploy, path))
    content = request.state.ground.store.get(deploy.manifest[path])
    if content is None:
        raise errors.not_found()
    return Response(content.read(), media_type=mime_type(path))


ROUTES = [
    Route("GET", "/sites/{site_id}/files", "listSiteFiles", list_site_files, "netlify 4 [S][O]; deploy_id [T]"),
    Route("GET", "/sites/{site_id}/files/{path:rest}", "getSiteFileByPathName", get_site_file, "netlify 4 [S][G]"),
    Route("GET", "/deploys/{deploy_id}/files", "listDeployFiles", list_deploy_files, "netlify 2 [O]"),
    Route("GET", "/deploys/{deploy_id}/files/{path:rest}", "getDeployFileByPathName", get_deploy_file, "netlify 4 [O]"),
]
