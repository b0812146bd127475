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
from ..core.platform import Surface
from ..core.routes import Route
from . import deployed_files, hosts, pages, submissions, visiting
from .model import Deploy, Form, Site
from .progress import settle
from .state import State

COOKIE = "nf_jwt"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
THANKS = '<p>Your form submission has been received.</p><p><a href="{back}">Back to our site</a></p>'
FORM = '<form method="post"><input type="password" name="password" aria-label="Password"><button>Submit</button></form>'


class SiteSurface(Surface):
    """Static hosting as far as it is needed to look at a deploy: pages, forms and rules, no functions."""

    label = "site"
    unlisted = ("servePage", "submitForm")

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def claims(self, call: Call) -> bool:
        return hosts.is_site(self._state, call.host)

    def resolve(self, call: Call) -> Route | None:
        call.operation = "submitForm" if call.method == "POST" else "servePage"
        return None

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        settle(self._state, call.now)
        site, deploy = hosts.find(self._state, call.host)
        if site is None:
            return text_response(f"Not Found - Request ID: {uuid.uuid4()}\n", 404)
        if site.disabled:
            return deployed_files.page("Site not available", 503)
        if site.password is not None and not _knows_password(site, site.password, call):
            return await _ask_password(site, site.password, call)
        if call.method not in ("GET", "HEAD", "POST"):
            return text_response("Method Not Allowed", 405)
        if deploy is None:
            return text_response(f"Not Found - Request ID: {uuid.uuid4()}\n", 404)
        if call.method == "POST":
            return await self._submit(call, site, deploy)
        return visiting.visit(self._state, call, site, deploy)

    async def _submit(self, call: Call, site: Site, deploy: Deploy) -> Response:
        """fact: netlify 4 [G]: a form names itself in the field form-name; posts to a form that was deleted are 404.
        The response is the page of the form's action, or one that says thank you (netlify 3 [G])."""
        fields = await call.form() if call.content_type in FORM_TYPES else {}
        name = fields.get(pages.FORM_NAME)
        if not isinstance(name, str):
            return text_response("Method Not Allowed", 405)
        form = next((form for form in site.forms.values() if form.name == name), None)
        if form is None:
            return deployed_files.page("Page not found", 404)
        await submissions.take(self._state, form, fields, call)
        return self._thank(call, deploy, form)

    def _thank(self, call: Call, deploy: Deploy, form: Form) -> Response:
        if form.action is not None:
            return deployed_files.serve(self._state, call, deploy, urllib.parse.unquote(form.action), submitted=True)
        page = deployed_files.page("Thank you!", 200, THANKS.format(back=html.escape(call.raw_path)))
        page.body = deployed_files.with_additions(self._state, deploy, bytes(page.body), submitted=True)
        page.headers["content-length"] = str(len(page.body))
        return page

    def finish(self, call: Call, response: Response) -> None:
        response.headers["server"] = "Netlify"
        response.headers["x-nf-request-id"] = str(uuid.uuid4())

    def failure(self, call: Call, status: int) -> Response:
        return deployed_files.page(phrase(status), status)

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        return text_response("Too Many Requests\n", 429)


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
    return deployed_files.page("Password protected site", 401, FORM)
