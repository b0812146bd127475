# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The members of teams, and invitations."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import errors
from .api import Request
from .model import Account, Member
from .views import member_view

OWNER = "Owner"
ROLES = (OWNER, "Developer", "Billing Admin", "Reviewer")
ACCESS = ("all", "none", "selected")


def list_members(request: Request) -> Response:
    page, headers = request.page(list(_team(request).members.values()))
    return json_response([member_view(member) for member in page], headers=headers)


def get_member(request: Request) -> Response:
    return json_response(member_view(_member(request, _team(request))))


async def add_member(request: Request) -> Response:
    """fact: netlify 6 [S]; the role of an invitation without one, and the refusal of a member, are guesses [?]"""
    account = _team(request, of_owner=True)
    request.content = request.content or await request.call.body()
    body = request.json()
    email = body.get("email")
    if not isinstance(email, str) or "@" not in email:
        raise errors.refused(422, "Email is invalid")
    if any(member.email.lower() == email.lower() for member in account.members.values()):
        raise errors.refused(422, "Email is already a member of the team")
    member = Member(request.state.new_id(), email, "Developer", request.now, request.now)
    _set(request, account, member, {"role": body.get("role", member.role)})
    account.members[member.id] = member
    shown = account.members.values() if request.switches["add_member_response"] == "all" else [member]
    return json_response([member_view(row) for row in shown])


async def update_member(request: Request) -> Response:
    account = _team(request, of_owner=True)
    member = _member(request, account)
    request.content = request.content or await request.call.body()
    _set(request, account, member, request.json())
    return json_response(member_view(member))


def remove_member(request: Request) -> Response:
    account = _team(request, of_owner=True)
    member = _member(request, account)
    _refuse_without_owner(account, member)
    del account.members[member.id]
    if member.user:
        del member.user.roles[account.slug]
    return Response(status_code=204)


def _team(request: Request, of_owner: bool = False) -> Account:
    """of_owner: others are refused with 403 [?]."""
    account = request.account(request.call.parameters["account_slug"])
    if of_owner and request.user.roles[account.slug] != "owner":
        raise errors.refused(403, "Forbidden")
    return account


def _member(request: Request, account: Account) -> Member:
    member = account.members.get(request.call.parameters["member_id"])
    if member is None:
        raise errors.not_found()
    return member


def _set(request: Request, account: Account, member: Member, body: dict[str, Any]) -> None:
    """Values that are not documented are refused with 422 [?]; omitted ones stay [?]."""
    role, access = body.get("role", member.role), body.get("site_access", member.site_access)
    site_ids = body.get("site_ids", member.site_ids)
    if role not in ROLES:
        raise errors.refused(422, "Role is invalid")
    if access not in ACCESS:
        raise errors.refused(422, "Site access is invalid")
    if not isinstance(site_ids, list) or not all(_is_of(request, account, site_id) for site_id in site_ids):
        raise errors.refused(422, "Site ids are invalid")
    if role != OWNER:
        _refuse_without_owner(account, member)
    member.role, member.site_access, member.site_ids = role, access, site_ids if access == "selected" else []
    member.updated_at = request.now
    if member.user:
        member.user.roles[account.slug] = "owner" if role == OWNER else "guest"


def _is_of(request: Request, account: Account, site_id: Any) -> bool:
    site = request.state.sites.get(str(site_id))
    return site is not None and site.account is account


def _refuse_without_owner(account: Account, member: Member) -> None:
    """Whether Netlify lets a team lose its last owner is unknown [?]."""
    if member.role == OWNER and not any(
        other.role == OWNER and other.user for other in account.members.values() if other is not member
    ):
        raise errors.refused(422, "The team must have an owner")


FACT = "netlify 6 [S]"
ROUTES = [
    Route("GET", "/{account_slug}/members", "listMembersForAccount", list_members, "netlify 6 [S]; pages [T]"),
    Route("POST", "/{account_slug}/members", "addMemberToAccount", add_member, FACT),
    Route("GET", "/{account_slug}/members/{member_id}", "getAccountMember", get_member, FACT),
    Route("PUT", "/{account_slug}/members/{member_id}", "updateAccountMember", update_member, FACT),
    Route("DELETE", "/{account_slug}/members/{member_id}", "removeAccountMember", remove_member, FACT),
]
