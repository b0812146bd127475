# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token's owner and the teams."""

from __future__ import annotations

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import errors, forms, submissions
from .api import Request
from .views import account_view, event_view, site_view, user_view


def current_user(request: Request) -> Response:
    return json_response(user_view(request.state, request.user))


def list_accounts(request: Request) -> Response:
    accounts = [request.state.accounts[slug] for slug in request.user.roles]
    return json_response([account_view(request.user, account) for account in accounts])


def get_account(request: Request) -> Response:
    return json_response(account_view(request.user, request.account(request.call.parameters["account_id"])))


def list_events(request: Request) -> Response:
    """fact: netlify 6 [S]: query and log_type, whose meaning is a guess [?]; newest first [?]"""
    account = request.account(request.call.parameters["account_id"])
    rows = [event_view(event, account) for event in reversed(account.events)]
    text, kind = (request.query("query") or "").lower(), request.query("log_type")
    rows = [row for row in rows if kind in (None, row["payload"]["log_type"]) and text in str(row["payload"]).lower()]
    page, headers = request.page(rows)
    return json_response(page, headers=headers)


def list_users(request: Request) -> Response:
    """fact: netlify 4 [B]: for resellers, who saw the users that they had made; a plain user sees oneself [?]"""
    request.legacy("legacy_users")
    return json_response([user_view(request.state, request.user)])


def list_user_sites(request: Request) -> Response:
    _of_this_user(request)
    page, headers = request.page(request.sites())
    return json_response([site_view(request.state, site) for site in page], headers=headers)


def list_user_forms(request: Request) -> Response:
    _of_this_user(request)
    return json_response([forms.form_view(form) for site in request.sites() for form in site.forms.values()])


def list_user_submissions(request: Request) -> Response:
    _of_this_user(request)
    return submissions.of_forms(request, [form for site in request.sites() for form in site.forms.values()])


def _of_this_user(request: Request) -> None:
    request.legacy("legacy_users")
    if request.call.parameters["user_id"] != request.user.id:
        raise errors.not_found()


ROUTES = [
    Route("GET", "/user", "getCurrentUser", current_user, "netlify 4 [S][T]"),
    Route("GET", "/accounts", "listAccountsForUser", list_accounts, "netlify 4, 6 [S]"),
    Route("GET", "/accounts/{account_id}", "getAccount", get_account, "netlify 6 [S]; by slug too, 0 [G]"),
    Route(
        "GET", "/accounts/{account_id}/audit", "listAccountAuditEvents", list_events, "netlify 6 [S]; by slug too [?]"
    ),
    Route("GET", "/users", "listUsers", list_users, "netlify 4, 10 [seed][B]: not in [G][S][T]"),
    Route("GET", "/users/{user_id}/sites", "listUserSites", list_user_sites, "netlify 4, 10 [seed][B]"),
    Route("GET", "/users/{user_id}/forms", "listUserForms", list_user_forms, "netlify 4, 10 [seed][B]"),
    Route(
        "GET", "/users/{user_id}/submissions", "listUserSubmissions", list_user_submissions, "netlify 4, 10 [seed][B]"
    ),
]
