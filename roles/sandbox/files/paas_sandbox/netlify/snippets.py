# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API calls on snippets and on the metadata that they may use."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import errors
from .api import Request
from .model import Site, Snippet

POSITIONS = ("head", "footer")
DEFAULTS = {"title": "", "general": "", "general_position": "footer", "goal": "", "goal_position": "footer"}


def snippet_view(site: Site, snippet: Snippet) -> dict[str, Any]:
    """fact: netlify 3 [seed]; site_id [S]"""
    return {"id": snippet.id, "site_id": site.id, **{key: getattr(snippet, key) for key in DEFAULTS}}


def list_snippets(request: Request) -> Response:
    site = request.site()
    return json_response([snippet_view(site, snippet) for snippet in site.snippets])


def get_snippet(request: Request) -> Response:
    site, snippet = _snippet(request)
    return json_response(snippet_view(site, snippet))


def create_snippet(request: Request) -> Response:
    """fact: netlify 3: ids from 0 [seed][G]; titles are not unique [?]; positions default to footer [T]"""
    site = request.site()
    snippet = Snippet(site.next_snippet, **{**DEFAULTS, **_checked(request, request.json())})
    _refuse_without_title(request, snippet.title)
    site.next_snippet += 1
    site.snippets.append(snippet)
    site.updated_at = request.now
    return json_response(snippet_view(site, snippet), 201)


def update_snippet(request: Request) -> Response:
    """fact: netlify 3: "replaces" [G]; what becomes of fields that are not sent is unknown [?]"""
    site, snippet = _snippet(request)
    body = request.json()
    if request.switches["snippet_put_id"] == "required" and body.get("id") != snippet.id:
        raise errors.invalid("id", "is missing or another snippet's")  # fact: netlify 3 [T]; how is unknown [?]
    changes = _checked(request, body)
    if request.switches["snippet_partial_put"] == "replaced":
        changes = {**DEFAULTS, **changes}
    _refuse_without_title(request, changes.get("title", snippet.title))
    for key, value in changes.items():
        setattr(snippet, key, value)
    site.updated_at = request.now
    if request.switches["snippet_put_status"] == 204:
        return Response(b"", 204)
    return json_response(snippet_view(site, snippet))


def delete_snippet(request: Request) -> Response:
    """fact: netlify 3 [?]: whether ids are stable or positions in the list is unknown"""
    site, snippet = _snippet(request)
    site.snippets.remove(snippet)
    site.updated_at = request.now
    if request.switches["snippet_ids"] == "renumbered":
        for number, left in enumerate(site.snippets):
            left.id = number
        site.next_snippet = len(site.snippets)
    return Response(b"", 204)


def _snippet(request: Request) -> tuple[Site, Snippet]:
    site = request.site()
    for snippet in site.snippets:
        if str(snippet.id) == request.call.parameters["snippet_id"]:
            return site, snippet
    raise errors.not_found()


def _checked(request: Request, body: dict[str, Any]) -> dict[str, str]:
    """What is known of a body; null is the field's default."""
    changes = {}
    for key, default in DEFAULTS.items():
        if key not in body:
            continue
        value = default if body[key] is None else body[key]
        if not isinstance(value, str) or key.endswith("_position") and value not in POSITIONS:
            raise errors.invalid(key, "is invalid")
        changes[key] = value
    return changes


def _refuse_without_title(request: Request, title: str) -> None:
    if not title and request.switches["snippet_title"] == "required":
        raise errors.invalid("title", "can't be blank")


def get_metadata(request: Request) -> Response:
    return json_response(request.site().metadata)


def replace_metadata(request: Request) -> Response:
    """fact: netlify 4 [S][T]: the whole object, with any JSON values"""
    site = request.site()
    site.metadata = request.json()
    site.updated_at = request.now
    if request.switches["metadata_put_status"] == 204:
        return Response(b"", 204)
    return json_response(site.metadata)


ROUTES = [
    Route("GET", "/sites/{site_id}/snippets", "listSiteSnippets", list_snippets, "netlify 3: no pages [S][T]"),
    Route("POST", "/sites/{site_id}/snippets", "createSiteSnippet", create_snippet, "netlify 3: 201 [S][T]"),
    Route("GET", "/sites/{site_id}/snippets/{snippet_id}", "getSiteSnippet", get_snippet, "netlify 3 [S][T]"),
    Route(
        "PUT",
        "/sites/{site_id}/snippets/{snippet_id}",
        "updateSiteSnippet",
        update_snippet,
        "netlify 3: 200 [T], 204 [S]",
    ),
    Route(
        "DELETE", "/sites/{site_id}/snippets/{snippet_id}", "deleteSiteSnippet", delete_snippet, "netlify 3: 204 [S][T]"
    ),
    Route("GET", "/sites/{site_id}/metadata", "getSiteMetadata", get_metadata, "netlify 4 [S][T]"),
    Route("PUT", "/sites/{site_id}/metadata", "updateSiteMetadata", replace_metadata, "netlify 4: 200 [T], 204 [S]"),
]
