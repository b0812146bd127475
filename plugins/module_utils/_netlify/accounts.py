# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and teams. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, below_team, query_of
from ansible_collections.webops.paas.plugins.module_utils._netlify.lists import PER_PAGE

_USER_KEYS = (
    "id",
    "uid",
    "slug",
    "full_name",
    "email",
    "avatar_url",
    "affiliate_id",
    "account_id",
    "preferred_account_id",
    "site_count",
    "last_login",
    "created_at",
)
_ACCOUNT_KEYS = ("id", "slug", "name", "type_name", "user_role", "default", "members_count", "created_at")

_EVENT_KEYS = ("action", "actor_id", "actor_name", "actor_email", "log_type", "timestamp")

# The meaning of a 404 of the operations for resellers.
GONE = (
    "Netlify {operation} failed: the user does not exist, or this server no longer has the operations on users, "
    "which were for resellers and are no longer documented. To get the token's own user and teams, omit `all_users` "
    "and `user_id`."
)


class AccountsClient(NetlifyClient):
    def get_current_user(self) -> JsonObject:
        return self.json_object("GET", "/user", "getCurrentUser")

    def list_audit_log(
        self, account_slug: str, query: str | None, log_type: str | None, limit: int
    ) -> Iterator[JsonObject]:
        """Yields events, {id, account_id, payload}, in the order of the server."""
        with below_team(account_slug):
            yield from self.pages(
                f"/accounts/{part(account_slug)}/audit",
                operation="listAccountAuditEvents",
                query=query_of(query=query, log_type=log_type),
                per_page=min(limit, PER_PAGE),
                limit=limit,
            )

    def list_users(self) -> Iterator[JsonObject]:
        """For resellers, until about 2014. A server without it, and without the three operations below it,
        returns 404.
        """
        return self._linked("/users", "listUsers")

    def list_user_sites(self, user_id: str) -> Iterator[JsonObject]:
        return self._linked(f"/users/{part(user_id)}/sites", "listUserSites")

    def list_user_forms(self, user_id: str) -> Iterator[JsonObject]:
        return self._linked(f"/users/{part(user_id)}/forms", "listUserForms")

    def list_user_submissions(self, user_id: str) -> Iterator[JsonObject]:
        return self._linked(f"/users/{part(user_id)}/submissions", "listUserSubmissions")


def user_view(user: JsonObject) -> JsonObject:
    return {**{key: user.get(key) for key in _USER_KEYS}, "login_providers": user.get("login_providers") or []}


def account_view(account: JsonObject) -> JsonObject:
    """A team, without its payment data."""
    return {key: account.get(key) for key in _ACCOUNT_KEYS}


def event_view(event: JsonObject) -> JsonObject:
    """An event of the audit log, with the documented fields of its payload, and all others under payload."""
    payload = event.get("payload") or {}
    return {
        "id": event["id"],
        "account_id": event.get("account_id"),
        **{key: payload.get(key) for key in _EVENT_KEYS},
        "payload": {key: value for key, value in payload.items() if key not in _EVENT_KEYS},
    }
