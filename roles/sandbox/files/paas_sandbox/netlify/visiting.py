# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A visit of a deploy, whose rules can redirect it, lead it to another file, or add headers to the response."""

from __future__ import annotations

import base64
import re
import urllib.parse

from starlette.responses import Response

from ..core.call import Call, text_response
from . import deployed_files, header_rules, hosts, redirect_matching, routing
from .model import Deploy, Site
from .state import State

INTERNAL = "/.netlify/"
# fact: netlify 13 [D][C]: the status of a redirect; that of the others with 3xx is a switch
REDIRECTS = (301, 302, 303)
# What is not encoded in a Location.
URL_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"


def visit(state: State, call: Call, site: Site, deploy: Deploy) -> Response:
    """fact: netlify 13 [D][C]: a rule applies where the deploy has no file, or if it is forced"""
    path = urllib.parse.unquote(call.raw_path)
    rules = routing.of(state, deploy)
    headers = header_rules.headers_for(rules.headers.rules, path)
    users = headers.pop(header_rules.BASIC_AUTH, None)
    if users is not None and not _is_user(users, call):
        return Response(b"Unauthorized\n", 401, {"www-authenticate": f'Basic realm="{site.name}"'}, "text/plain")
    file = deployed_files.file_for(deploy, path)
    if not path.startswith(INTERNAL):
        match = redirect_matching.first_match(rules.redirects.rules, _seen(call, path), _reading(state))
        if match is not None and (match.force or file is None):
            return _follow(state, call, deploy, match, headers)
    pretty = _pretty_path(site, deploy, path, file)
    if pretty is not None:
        return _redirect(call, urllib.parse.quote(pretty), 301)
    return deployed_files.serve(state, call, deploy, path, headers=headers)


def _seen(call: Call, path: str) -> redirect_matching.Visit:
    """fact: netlify 13 [C]: cookies stand for a visitor's country, which the sandbox does not know, and language"""
    languages = call.headers.get("accept-language") or "en"
    return redirect_matching.Visit(
        scheme=call.url.scheme,
        host=call.host,
        path=path,
        query=call.url.query,
        language=call.cookies.get("nf_lang") or re.split("[,;]", languages)[0].strip(),
        country=call.cookies.get("nf_country", ""),
        cookies=call.cookies,
    )


def _reading(state: State) -> redirect_matching.Reading:
    return redirect_matching.Reading(
        exact_query=state.ground.switches["redirect_query"] == "exact",
        ignores_loops=state.ground.switches["redirect_to_itself"] == "ignored",
    )


def _follow(
    state: State, call: Call, deploy: Deploy, match: redirect_matching.Match, headers: dict[str, str]
) -> Response:
    if match.target is None:
        return deployed_files.not_found(state, call, deploy, headers=headers)
    target = _address(match.target)
    redirects = state.ground.switches["redirect_other_3xx"] == "redirected" and 300 <= match.status < 400
    if match.status in REDIRECTS or redirects:
        return _redirect(call, match.target, match.status)
    if target.netloc:
        return _from_elsewhere(state, call, deploy, match)
    path = urllib.parse.unquote(target.path)
    if state.ground.switches["rewrite_headers"] == "of_target":
        headers = header_rules.headers_for(routing.of(state, deploy).headers.rules, path)
        headers.pop(header_rules.BASIC_AUTH, None)
    return deployed_files.serve(state, call, deploy, path, status=_status(match), headers=headers)


def _from_elsewhere(state: State, call: Call, deploy: Deploy, match: redirect_matching.Match) -> Response:
    """fact: netlify 13 [D]: other sites of the same team, one step away, and other services, which the sandbox does not
    call. How a site of another team is refused is unknown [?]."""
    target = _address(match.target or "")
    host = target.hostname or ""
    if not hosts.is_site(state, host):
        return text_response(f"The sandbox does not send requests to other services: {match.target}\n", 501)
    site, other = hosts.find(state, host)
    if site is None or other is None or site.account is not deploy.site.account:
        return deployed_files.page("Page not found", 404)
    return deployed_files.serve(state, call, other, urllib.parse.unquote(target.path) or "/", status=_status(match))


def _status(match: redirect_matching.Match) -> int:
    """How Netlify treats a status that HTTP does not have is unknown [?]."""
    return match.status if 200 <= match.status < 600 else 200


def _address(target: str) -> urllib.parse.SplitResult:
    """A target that is not a valid URL is a path."""
    try:
        return urllib.parse.urlsplit(target)
    except ValueError:
        return urllib.parse.SplitResult("", "", target, "", "")


def _redirect(call: Call, target: str, status: int) -> Response:
    """fact: netlify 13 [C]: the query of the visit is passed on, unless the target has one of its own"""
    parts = _address(target)
    if not parts.query:
        parts = parts._replace(query=call.url.query)
    location = urllib.parse.quote(urllib.parse.urlunsplit(parts), safe=URL_CHARACTERS)
    response = text_response(f"Redirecting to {location}\n", status)
    response.headers["location"] = location
    return response


def _pretty_path(site: Site, deploy: Deploy, path: str, file: str | None) -> str | None:
    """Where a page is found at its one address.

    fact: netlify 13 [O]: with pretty URLs, a page is without a slash at the end, and a directory with one
    """
    html = site.processing_settings.get("html")
    if file is None or not isinstance(html, dict) or not html.get("pretty_urls"):
        return None
    bare = path.rstrip("/")
    if path.endswith("/"):
        return bare if bare and f"{bare}.html" in deploy.manifest else None
    return f"{path}/" if file == f"{path}/index.html" else None


def _is_user(users: str, call: Call) -> bool:
    """`users` are NAME:PASSWORD, separated by spaces."""
    kind, _space, credentials = call.headers.get("authorization", "").partition(" ")
    known = [base64.b64encode(user.encode("latin-1")).decode() for user in users.split()]
    return kind.lower() == "basic" and credentials.strip() in known
