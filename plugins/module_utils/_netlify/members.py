# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of teams, and invitations that are not accepted yet. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, below_team

OWNER = "Owner"
_KEYS = ("id", "user_id", "full_name", "email", "role", "site_access", "mfa_enabled", "created_at", "updated_at")


class MembersClient(NetlifyClient):
    def list_members(self, account_slug: str) -> Iterator[JsonObject]:
        """Members and invitations of a team; only the larger OpenAPI has pages."""
        with below_team(account_slug):
            yield from self.pages(f"/{part(account_slug)}/members", operation="listMembersForAccount", whole=True)

    def add_member(self, account_slug: str, email: str, role: str) -> None:
        """Invites somebody. Whether the response has all members or only the new one is not documented."""
        body = {"email": email, "role": role}
        self.http.request("POST", f"/{part(account_slug)}/members", operation="addMemberToAccount", body=body)

    def update_member(self, account_slug: str, member_id: str, body: JsonObject) -> JsonObject:
        """body: all of role, site_access and site_ids, because the effect of omitting fields is not documented."""
        path = f"/{part(account_slug)}/members/{part(member_id)}"
        return self.json_object("PUT", path, "updateAccountMember", body, idempotent=True)

    def remove_member(self, account_slug: str, member_id: str) -> None:
        self.delete_if_there("DELETE", f"/{part(account_slug)}/members/{part(member_id)}", "removeAccountMember")


def member_view(member: JsonObject) -> JsonObject:
    """A member of a team. The public OpenAPI has only its ID, name, email and role."""
    return {
        **{key: member.get(key) for key in _KEYS},
        "site_ids": member.get("site_ids") or [],
        "pending": bool(member.get("pending")),
    }


def same_email(email: str) -> str:
    """The spelling in which equal addresses are equal."""
    return email.strip().lower()


def check_email(option: str, value: str) -> None:
    name, at, domain = value.strip().rpartition("@")
    if not (name and at and domain) or any(character.isspace() for character in value.strip()):
        raise InvalidInput(option, f"`{option}` must be an email address, got {value!r}.")


def check_access(params: JsonObject) -> None:
    """Checks the options site_access and sites."""
    if params["sites"] is not None and params["site_access"] != "selected":
        raise InvalidInput("sites", "`sites` requires `site_access: selected`.")
    if params["site_access"] == "selected" and not params["sites"]:
        raise InvalidInput("sites", "`site_access: selected` requires `sites`, the sites that are selected.")


def find_member(client: MembersClient, account_slug: str, email: str) -> JsonObject | None:
    """The member with that address. is_last_owner: whether nobody else is an owner of the team."""
    rows = list(client.list_members(account_slug))
    found = next((row for row in rows if same_email(row.get("email") or "") == same_email(email)), None)
    if found is None:
        return None
    owners = [row for row in rows if row.get("role") == OWNER and not row.get("pending")]
    return {**found, "is_last_owner": owners == [found]}


def check_owner_is_left(before: JsonObject | None, after: JsonObject | None) -> None:
    """before: as C(find_member) returns it; after: None if the member is removed. Raises PaasError if the change takes
    the last owner from the team.
    """
    if before and before["is_last_owner"] and (after or {}).get("role") != OWNER:
        raise PaasError(
            f"{before['email']} is the only owner of the team. Make another member an owner first.", code="last_owner"
        )
