# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deployed sites themselves, found by host name."""

from __future__ import annotations

import hashlib
import hmac
import html
import urllib.parse
import uuid
from typing import Any

from starlette.responses import Response

from ..core.call import Call, phrase, text_response
from ..core.mime import content_type, mime_type
from ..core.platform import Surface
from ..core.routes import Route
from . import pages, submissions
from .model import DOMAIN, Deploy, Form, Site
from .progress import settle
from .state import State

SUFFIXES = (f".{DOMAIN}", ".localhost")
FUNCTIONS = "/.netlify/functions/"
COOKIE = "nf_jwt"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
    "<body><h1>{title}</h1>{more}</body>\n</html>\n"
)
THANKS = '<p>Your form submission has been received.</p><p><a href="{back}">Back to our site</a></p>'
FORM = '<form method="post"><input type="password" name="password" aria-label="Password"><button>Submit</button></form>'


class SiteSurface(Surface):
    """Static hosting as far as it is needed to look at a deploy: pages and forms, no redirect rules, no functions."""

    label = "site"

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def claims(self, call: Call) -> bool:
        return call.host.endswith(SUFFIXES) or self._state.domain_owner(call.host) is not None

    def resolve(self, call: Call) -> Route | None:
        call.operation = "submitForm" if call.method == "POST" else "servePage"
        return None

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        settle(self._state, call.now)
        site, deploy = self._find(call.host)
        if site is None:
            return text_response(f"Not Found - Request ID: {uuid.uuid4()}\n", 404)
        if site.disabled:
            return _page("Site not available", 503)
        if site.password is not None and not _knows_password(site, site.password, call):
            return await _ask_password(site, site.password, call)
        if call.method not in ("GET", "HEAD", "POST"):
            return text_response("Method Not Allowed", 405)
        if deploy is None:
            return text_response(f"Not Found - Request ID: {uuid.uuid4()}\n", 404)
        if call.method == "POST":
            return await self._submit(call, site, deploy)
        return self._serve(call, deploy, urllib.parse.unquote(call.raw_path))

    def _find(self, host: str) -> tuple[Site | None, Deploy | None]:
        """The site of a host name and the deploy to be shown there: the published one, a branch's, or any by id."""
        for suffix in SUFFIXES:
            if host.endswith(suffix):
                label = host[: -len(suffix)]
                break
        else:
            site = self._state.domain_owner(host)
            return site, site.published if site else None
        site = self._state.domain_owner(f"{label}.{DOMAIN}")
        if site is not None:
            return site, site.published
        parts = label.split("--")
        for cut in range(1, len(parts)):
            site = self._state.name_owner("--".join(parts[cut:]))
            if site is not None:
                return site, self._deploy(site, "--".join(parts[:cut]))
        return None, None

    def _deploy(self, site: Site, prefix: str) -> Deploy | None:
        """fact: netlify 2 [Go]: `processed` is reachable on its own URL, `ready` on all of them"""
        deploy = self._state.deploys.get(prefix)
        if deploy is not None and deploy.site is site:
            return deploy if deploy.state in ("processed", "ready") else None
        return self._state.branch_deploy(site, prefix)

    async def _submit(self, call: Call, site: Site, deploy: Deploy) -> Response:
        """fact: netlify 4 [G]: a form names itself in the field form-name; posts to a form that was deleted are 404.
        The response is the page of the form's action, or one that says thank you (netlify 3 [G])."""
        fields = await call.form() if call.content_type in FORM_TYPES else {}
        name = fields.get(pages.FORM_NAME)
        if not isinstance(name, str):
            return text_response("Method Not Allowed", 405)
        form = next((form for form in site.forms.values() if form.name == name), None)
        if form is None:
            return _page("Page not found", 404)
        await submissions.take(self._state, form, fields, call)
        return self._thank(call, deploy, form)

    def _thank(self, call: Call, deploy: Deploy, form: Form) -> Response:
        if form.action is not None:
            return self._serve(call, deploy, urllib.parse.unquote(form.action), submitted=True)
        page = _page("Thank you!", 200, THANKS.format(back=html.escape(call.raw_path)))
        page.body = self._with_additions(deploy, bytes(page.body), submitted=True)
        page.headers["content-length"] = str(len(page.body))
        return page

    def _serve(self, call: Call, deploy: Deploy, path: str, submitted: bool = False) -> Response:
        if path.startswith(FUNCTIONS):
            known = path[len(FUNCTIONS) :].split("/", 1)[0] in deploy.functions
            return (
                text_response("The sandbox does not run functions.\n", 501) if known else _page("Page not found", 404)
            )
        found = next((name for name in _candidates(path) if name in deploy.manifest), None)
        status = 200
        if found is None:
            if "/404.html" not in deploy.manifest:
                return _page("Page not found", 404)
            found, status = "/404.html", 404
        digest = deploy.manifest[found]
        body = self._state.ground.store.read(digest)
        if mime_type(found) == "text/html":
            served = self._with_additions(deploy, body, submitted)
            if served is not body:
                body, digest = served, hashlib.sha1(served, usedforsecurity=False).hexdigest()
        headers = {"etag": f'"{digest}"', "cache-control": "public,max-age=0,must-revalidate"}
        if status == 200 and not submitted and digest in call.headers.get("if-none-match", ""):
            return Response(b"", 304, headers)
        return Response(body, status, {**headers, "content-type": content_type(found)})

    def _with_additions(self, deploy: Deploy, content: bytes, submitted: bool) -> bytes:
        """fact: netlify 3 [seed]: general code in every page, the goal's in those after a form was sent"""
        at_once = self._state.ground.switches["snippets_take_effect"] == "at_once"
        source = deploy.site if at_once else deploy
        forms = not deploy.site.processing_settings.get("ignore_html_forms")
        return pages.with_additions(content, source.snippets, source.metadata, forms, submitted)

    def finish(self, call: Call, response: Response) -> None:
        response.headers["server"] = "Netlify"
        response.headers["x-nf-request-id"] = str(uuid.uuid4())

    def failure(self, call: Call, status: int) -> Response:
        return _page(phrase(status), status)

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return text_response("Too Many Requests\n", 429)


def _candidates(path: str) -> list[str]:
    """The files that can be served for a path: a directory's index, and pages without their extension."""
    if path.endswith("/"):
        bare = path.rstrip("/")
        return [f"{path}index.html", *([f"{bare}.html"] if bare else [])]
    return [path, f"{path}.html", f"{path}/index.html"]


def _page(title: str, status: int, more: str = "") -> Response:
    return Response(PAGE.format(title=title, more=more), status, media_type="text/html")


def _pass(site: Site, password: str) -> str:
    return hmac.new(site.jwt_secret.encode(), password.encode(), hashlib.sha256).hexdigest()


def _knows_password(site: Site, password: str, call: Call) -> bool:
    return hmac.compare_digest(call.cookies.get(COOKIE, "").encode(), _pass(site, password).encode())


async def _ask_password(site: Site, password: str, call: Call) -> Response:
    """A form; the right password gives a cookie and leads back to the page."""
    if call.method == "POST":
        form = await call.form()
        if form.get("password") == password:
            cookie = f"{COOKIE}={_pass(site, password)}; Path=/; HttpOnly; SameSite=Lax"
            return Response(
                b"",
                303,
                {"location": call.raw_path, "set-cookie": cookie},
            )
    return _page("Password protected site", 401, FORM)
