# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API calls on notification hooks (notify.py sends what they ask for)."""

from __future__ import annotations

import urllib.parse
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors, notify
from .api import Request
from .model import Form, Hook, Site

DEPLOY_EVENTS = (
    "deploy_created",
    "deploy_building",
    "deploy_failed",
    "deploy_deleted",
    "deploy_locked",
    "deploy_unlocked",
    "deploy_request_pending",
    "deploy_request_accepted",
    "deploy_request_rejected",
)
EVENTS = (*DEPLOY_EVENTS, "submission_created")
SECRET = "signature_secret"
# fact: netlify 6: url, email, slack and others [S]; which fields each has is not documented [?]
TYPES: dict[str, tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]] = {
    "url": (EVENTS, (("url", True), (SECRET, False))),
    "email": (EVENTS, (("email", True),)),
    "slack": (EVENTS, (("url", True),)),
    "github_commit_status": (DEPLOY_EVENTS, ()),
}


def hook_view(request: Request, hook: Hook) -> dict[str, Any]:
    """fact: netlify 6 [S][T]"""
    hidden = (SECRET,) if request.switches["hook_secret_answer"] == "hidden" else ()
    return {
        "id": hook.id,
        "site_id": hook.site.id,
        "form_id": hook.form.id if hook.form else None,
        "form_name": hook.form.name if hook.form else None,
        "user_id": hook.user_id,
        "type": hook.type,
        "event": hook.event,
        "data": {key: value for key, value in hook.data.items() if key not in hidden},
        "success": hook.success,
        "created_at": iso(hook.created_at),
        "updated_at": iso(hook.updated_at),
        "actor": hook.data.get("url") or hook.data.get("email"),
        "disabled": hook.disabled,
        "restricted": False,
    }


def list_types(request: Request) -> Response:
    return json_response(
        [
            {
                "name": name,
                "events": list(events),
                "fields": [
                    {"name": field, "title": field.replace("_", " ").title(), "type": "text", "required": required}
                    for field, required in fields
                ],
            }
            for name, (events, fields) in TYPES.items()
        ]
    )


def list_hooks(request: Request) -> Response:
    """fact: netlify 6: of one site [S]; filters form_id, event [T]"""
    hooks = list(_site(request, {}).hooks.values())
    if request.query("event"):
        hooks = [hook for hook in hooks if hook.event == request.query("event")]
    if request.query("form_id"):
        hooks = [hook for hook in hooks if hook.form and hook.form.id == request.query("form_id")]
    return json_response([hook_view(request, hook) for hook in hooks])


def get_hook(request: Request) -> Response:
    return json_response(hook_view(request, _hook(request)))


def create_hook(request: Request) -> Response:
    """fact: netlify 6: the site in the query [S] or in the body [T]; 422 for what is wrong [T]"""
    body = request.json()
    site = _site(request, body)
    hook = Hook(request.state.new_id(), site, request.user.id, "", "", {}, request.now, request.now)
    _change(request, hook, {"type": None, "event": None, "data": None, **body})
    site.hooks[hook.id] = hook
    return json_response(hook_view(request, hook), 201)


def update_hook(request: Request) -> Response:
    """fact: netlify 6: 200 [S][T]; what becomes of what is not sent is unknown [?]"""
    hook = _hook(request)
    body = request.json()
    if request.switches["hook_partial_put"] == "replaced":
        body = {"event": None, "data": None, "disabled": False, "form_id": None, **body}
    _change(request, hook, body)
    hook.updated_at = request.now
    return json_response(hook_view(request, hook))


def delete_hook(request: Request) -> Response:
    hook = _hook(request)
    del hook.site.hooks[hook.id]
    return Response(b"", 204)


def enable_hook(request: Request) -> Response:
    hook = _hook(request)
    hook.disabled = False
    hook.updated_at = request.now
    return json_response(hook_view(request, hook))


def _site(request: Request, body: dict[str, Any]) -> Site:
    reference = request.query("site_id") or body.get("site_id")
    if not isinstance(reference, str):
        raise errors.refused(422, "site_id is missing")
    site = request.state.visible_site(request.user, reference)
    if site is None:
        raise errors.not_found()
    return site


def _hook(request: Request) -> Hook:
    for site in request.sites():
        if request.call.parameters["hook_id"] in site.hooks:
            return site.hooks[request.call.parameters["hook_id"]]
    raise errors.not_found()


def _change(request: Request, hook: Hook, body: dict[str, Any]) -> None:
    """All of what was sent, or nothing."""
    kind, event = body.get("type", hook.type) or hook.type, body.get("event", hook.event)
    if not isinstance(kind, str) or kind not in TYPES:
        raise errors.invalid("type", "is invalid")
    if event not in TYPES[kind][0]:
        raise errors.invalid("event", "is invalid")
    data = body.get("data", hook.data)
    _check_data(request, kind, data)
    form = _form(hook, body)
    hook.type, hook.event, hook.data, hook.form = kind, event, data or {}, form
    if request.switches["hook_disabled"] == "applied":
        hook.disabled = body.get("disabled", hook.disabled) is True


def _check_data(request: Request, kind: str, data: Any) -> None:
    """fact: netlify 6 [O]: settings must sit inside `data`; private addresses are refused"""
    if data is not None and not isinstance(data, dict):
        raise errors.invalid("data", "is invalid")
    for name, required in TYPES[kind][1]:
        value = (data or {}).get(name)
        if required and not value:
            raise errors.invalid("data", f"{name} can't be blank")
        if name == "url":
            _check_url(request, value)


def _check_url(request: Request, url: Any) -> None:
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        raise errors.invalid("data", "url is invalid")
    try:
        host, _port = urllib.parse.urlsplit(url).hostname, urllib.parse.urlsplit(url).port
    except ValueError as error:
        raise errors.invalid("data", "url is invalid") from error
    if not host:
        raise errors.invalid("data", "url is invalid")
    allowed = notify.on_loopback(url) and request.switches["hook_addresses"] == "loopback_too"
    if notify.is_private(url) and not allowed:
        raise errors.invalid("data", "url must not be a private address")


def _form(hook: Hook, body: dict[str, Any]) -> Form | None:
    """fact: netlify 6 [T]: 404 for a form that is not there"""
    if "form_id" not in body and "form_name" not in body:
        return hook.form
    reference = body.get("form_id") or body.get("form_name")
    if not reference:
        return None
    form = hook.site.form(str(reference))
    if form is None:
        raise errors.not_found()
    return form


ROUTES = [
    Route("GET", "/hooks/types", "listHookTypes", list_types, "netlify 6 [S]"),
    Route("GET", "/hooks", "listHooksBySiteId", list_hooks, "netlify 6 [S][T]"),
    Route("POST", "/hooks", "createHookBySiteId", create_hook, "netlify 6: 201 [S][T], 422 [O]"),
    Route("GET", "/hooks/{hook_id}", "getHook", get_hook, "netlify 6 [S][T]"),
    Route("PUT", "/hooks/{hook_id}", "updateHook", update_hook, "netlify 6: 200 [S][T]"),
    Route("DELETE", "/hooks/{hook_id}", "deleteHook", delete_hook, "netlify 6: 204 [S][T]"),
    Route("POST", "/hooks/{hook_id}/enable", "enableHook", enable_hook, "netlify 6: 200 [S][T]"),
]
