# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token's owner and the teams."""

from __future__ import annotations

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from .api import Request
from .views import account_view, user_view


def current_user(request: Request) -> Response:
    return json_response(user_view(request.state, request.user))


def list_accounts(request: Request) -> Response:
    accounts = [request.state.accounts[slug] for slug in request.user.roles]
    return json_response([account_view(request.user, account) for account in accounts])


def get_account(request: Request) -> Response:
    return json_response(account_view(request.user, request.account(request.call.parameters["account_id"])))


ROUTES = [
    Route("GET", "/user", "getCurrentUser", current_user, "netlify 4 [S][T]"),
    Route("GET", "/accounts", "listAccountsForUser", list_accounts, "netlify 4, 6 [S]"),
    Route("GET", "/accounts/{account_id}", "getAccount", get_account, "netlify 6 [S]; by slug too, 0 [G]"),
]
