# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a deploy as visitors get them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.responses import Response

from ..core.call import Call, text_response
from ..core.mime import content_type, mime_type
from . import pages
from .model import Deploy
from .state import State

FUNCTIONS = "/.netlify/functions/"
NOT_FOUND = "/404.html"
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
    "<body><h1>{title}</h1>{more}</body>\n</html>\n"
)


def page(title: str, status: int, more: str = "") -> Response:
    return Response(PAGE.format(title=title, more=more), status, media_type="text/html")


def file_for(deploy: Deploy, path: str) -> str | None:
    """The file that is served for a path: also a directory's index, and a page without its extension."""
    if path.endswith("/"):
        bare = path.rstrip("/")
        names = [f"{path}index.html", *([f"{bare}.html"] if bare else [])]
    else:
        names = [path, f"{path}.html", f"{path}/index.html"]
    return next((name for name in names if name in deploy.manifest), None)


def serve(
    state: State,
    call: Call,
    deploy: Deploy,
    path: str,
    *,
    status: int = 200,
    submitted: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The file for a path, with a status and additional headers. `submitted`: the visitor has sent a form."""
    if path.startswith(FUNCTIONS):
        known = path[len(FUNCTIONS) :].split("/", 1)[0] in deploy.functions
        return text_response("The sandbox does not run functions.\n", 501) if known else page("Page not found", 404)
    found = file_for(deploy, path)
    if found is None:
        return not_found(state, call, deploy, submitted=submitted, headers=headers)
    return _send(state, call, deploy, found, status, submitted, headers or {})


def not_found(
    state: State, call: Call, deploy: Deploy, *, submitted: bool = False, headers: Mapping[str, str] | None = None
) -> Response:
    """fact: netlify 13.5 [D]: the deploy's 404.html, if it has one"""
    if NOT_FOUND not in deploy.manifest:
        return page("Page not found", 404)
    return _send(state, call, deploy, NOT_FOUND, 404, submitted, headers or {})


def _send(
    state: State, call: Call, deploy: Deploy, found: str, status: int, submitted: bool, more: Mapping[str, str]
) -> Response:
    digest = deploy.manifest[found]
    body = state.ground.store.read(digest)
    if mime_type(found) == "text/html":
        served = with_additions(state, deploy, body, submitted)
        if served is not body:
            body, digest = served, hashlib.sha1(served, usedforsecurity=False).hexdigest()
    headers = {"etag": f'"{digest}"', "cache-control": "public,max-age=0,must-revalidate", **more}
    if status == 200 and not submitted and digest in call.headers.get("if-none-match", ""):
        return Response(b"", 304, headers)
    return Response(body, status, {"content-type": content_type(found), **headers})


def with_additions(state: State, deploy: Deploy, content: bytes, submitted: bool) -> bytes:
    """fact: netlify 3 [seed]: general code in every page, the goal's in those after a form was sent"""
    at_once = state.ground.switches["snippets_take_effect"] == "at_once"
    source = deploy.site if at_once else deploy
    forms = not deploy.site.processing_settings.get("ignore_html_forms")
    return pages.with_additions(content, source.snippets, source.metadata, forms, submitted)
