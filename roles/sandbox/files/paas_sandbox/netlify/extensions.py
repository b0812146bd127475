# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Netlify's command line client looks for the extensions of a site. The sandbox has none."""

from __future__ import annotations

from starlette.responses import Response

from ..core.call import Call, json_response
from ..core.routes import Route
from . import errors
from .state import State

HOST = "api.netlifysdk.com"


def list_installed(state: State, call: Call, _content: bytes) -> Response:
    """fact: netlify 2: an array [C]; 404 for a team without such a site [?]"""
    site = state.sites.get(call.parameters["site_id"])
    team = call.parameters.get("account_id")
    if site is None or team not in (None, site.account.id, site.account.slug):
        raise errors.not_found()
    return json_response([])


SITE_ROUTES = [
    Route("GET", "/site/{site_id}/integrations/safe", "listExtensions", list_installed, "netlify 2: no token [C]"),
]
TEAM_ROUTES = [
    Route(
        "GET",
        "/team/{account_id}/integrations/installations/meta/{site_id}",
        "listInstalledExtensions",
        list_installed,
        "netlify 2: no token [C]",
    ),
]
