# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uploads of the contents that a deploy requires."""

from __future__ import annotations

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import errors, progress
from .api import Request
from .deploys import wrong_state
from .model import Deploy
from .views import file_view, functions_view


async def upload_deploy_file(request: Request) -> Response:
    """fact: netlify 2 [C][Go]: raw bytes; the server checks the digest (422, `errors` is a string)"""
    path = request.call.parameters["path"]
    deploy = _open_deploy(request)
    if "\u0089" in path and request.switches["c1_file_names"] == "refused":
        # fact: netlify 2 [O]: the text of 2018
        raise errors.refused(422, "Missing entry in deploy")
    digest = _known(request, deploy, deploy.manifest.get(f"/{path}"))
    await _receive(request, deploy, digest, "sha1", path)
    return json_response(file_view(request.state, deploy, f"/{path}"))


async def upload_deploy_function(request: Request) -> Response:
    """fact: netlify 2 [S][C]: the bytes of a zip, known by its sha256"""
    name = request.call.parameters["name"]
    deploy = _open_deploy(request)
    digest = _known(request, deploy, deploy.functions.get(name))
    size = await _receive(request, deploy, digest, "sha256", name)
    deploy.function_details[name] = {
        "runtime": request.query("runtime"),
        "invocation_mode": request.query("invocation_mode"),
        "timeout": request.query("timeout"),
        "size": size,
    }
    return json_response({"id": digest, "name": name, "sha": digest, **functions_view(deploy, name)})


async def upload_deploy_edge_function(request: Request) -> Response:
    """fact: netlify 2 [S][C]: a bundle, known by its sha256; 200 without a described body"""
    sha256 = request.call.parameters["code_sha"]
    deploy = _open_deploy(request)
    digest = _known(request, deploy, sha256 if sha256 in deploy.edge_functions.values() else None)
    await _receive(request, deploy, digest, "sha256", sha256)
    return Response(b"", 200)


def _open_deploy(request: Request) -> Deploy:
    """fact: netlify 2 [O]: an upload before the manifest fails"""
    deploy = request.deploy()
    if deploy.state not in progress.TAKES_UPLOADS:
        raise wrong_state(deploy)
    return deploy


def _known(request: Request, deploy: Deploy, digest: str | None) -> str:
    """The digest, if the deploy takes an upload of it.

    fact: netlify 0, 2 [O]: "No records matched" was seen for an upload to a deploy that was complete
    """
    if digest is not None and deploy.is_complete and request.switches["upload_after_complete"] == "no_records_matched":
        raise errors.refused(422, "No records matched")
    if digest is None:
        if request.switches["unknown_upload_path"] == 422:
            raise errors.refused(422, "No records matched")
        raise errors.not_found()
    return digest


async def _receive(request: Request, deploy: Deploy, digest: str, algorithm: str, name: str) -> int:
    store = request.state.ground.store
    content = await store.receive(request.call.stream(), algorithm)
    if content.digest != digest:
        content.drop()
        raise errors.mismatch(name)
    store.keep(content)
    progress.took_upload(request.state, deploy, digest, request.state.ground.clock.now())
    return content.size


ROUTES = [
    Route(
        "PUT",
        "/deploys/{deploy_id}/files/{path:rest}",
        "uploadDeployFile",
        upload_deploy_file,
        "netlify 2: 200 [S][C][Go]",
        streamed=True,
    ),
    Route(
        "PUT",
        "/deploys/{deploy_id}/functions/{name}",
        "uploadDeployFunction",
        upload_deploy_function,
        "netlify 2: 200 [S][C]",
        streamed=True,
    ),
    Route(
        "PUT",
        "/deploys/{deploy_id}/edge_functions/{code_sha}",
        "uploadDeployEdgeFunction",
        upload_deploy_edge_function,
        "netlify 2: 200 [S][C]",
        streamed=True,
    ),
]
