#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_member
version_added: 1.0.0
short_description: Manage the members of a Netlify team
description:
  - Invites a person to a team, changes the role and the site access of a member, and removes a member.
  - Netlify sends an email to a person who is invited. Until the person accepts the invitation, C(pending) in RV(member)
    is V(true).
  - The module finds a member by the email address. The case is ignored.
  - The module does not remove the last owner of a team and does not change the role of the last owner.
  - A converged run sends one request for each page of 100 members, and one for each site in O(sites) that is not an ID.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  account_slug:
    description:
      - Slug of the team. The task fails if the token has no access to the team.
    type: str
    required: true
  email:
    description:
      - Email address of the member.
    type: str
    required: true
  state:
    description:
      - Whether the person should be a member or invited.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - Role of the member, for example V(Owner), V(Developer), V(Billing Admin) or V(Reviewer).
      - Required to invite a person.
    type: str
  site_access:
    description:
      - Which sites of the team the member has access to.
    type: str
    choices: [all, selected, none]
  sites:
    description:
      - Names, IDs or domains of the sites that the member has access to. Requires O(site_access=selected).
    type: list
    elements: str
seealso:
  - module: webops.paas.netlify_member_info
  - module: webops.paas.netlify_audit_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: How to check a token, and recipes for forms and submissions.
"""

EXAMPLES = r"""
# Remove a member from the command line:
# ansible localhost -m webops.paas.netlify_member -a "account_slug=my-team email=ada@example.com state=absent"

- name: Get the teams of the token
  webops.paas.netlify_user_info:
  register: me

- name: Invite a developer who may change one site
  webops.paas.netlify_member:
    account_slug: "{{ me.accounts[0].slug }}"
    email: lin@example.com
    role: Developer
    site_access: selected
    sites: [webops-paas-blog]

- name: Remove a member who left the company
  webops.paas.netlify_member:
    account_slug: "{{ me.accounts[0].slug }}"
    email: kim@example.com
    state: absent
"""

RETURN = r"""
member:
  description:
    - The member after the task, or the predicted one in check mode; V(null) if the person is not a member.
  returned: success
  type: dict
  sample:
    id: 5f0c1b2a9d8e7f6a5b4c3d2f
    user_id:
    full_name:
    email: lin@example.com
    role: Developer
    site_access: selected
    site_ids: [3970e0fe-8564-4903-9a55-c5f8de49fb8b]
    pending: true
    mfa_enabled: false
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [created_at, id, mfa_enabled, site_access, site_ids, updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: addMemberToAccount
    method: POST
    path: /api/v1/my-team/members
    status: 403
    code: forbidden
    platform_code: 403
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, JsonObject, Module, Resource
from ..module_utils._core.checks import check_not_blank
from ..module_utils._core.compare import UNORDERED
from ..module_utils._core.errors import InvalidInput
from ..module_utils._kernel.plan import Plan
from ..module_utils._netlify import members


class TeamMember(Resource[members.MembersClient]):
    key = "member"
    named_by = ("email",)
    always_recomputed = ("updated_at",)
    # Of an invitation that nobody has accepted.
    of_new = {"user_id": None, "full_name": None, "pending": True}
    fields = {
        "email": Field("str", required=True, check=members.check_email),
        "role": Field("str", check=check_not_blank),
        "site_access": Field("str", choices=["all", "selected", "none"], recomputes=("site_ids",)),
        "site_ids": Field(compare=UNORDERED),
    }

    @classmethod
    def named(cls, params: JsonObject) -> JsonObject:
        return {**params, "email": members.same_email(params["email"])}

    def check_input(self) -> None:
        members.check_access(self.params)

    def wanted(self, current: JsonObject | None) -> JsonObject:
        wanted = {**super().wanted(current), "email": (current or self.params)["email"].strip()}
        if self.params["sites"] is not None:
            wanted["site_ids"] = [self.client.site_id_of(site) for site in self.params["sites"]]
        return wanted

    def plan(self) -> Plan:
        plan = super().plan()
        for change in plan.writes:
            members.check_owner_is_left(change.before, change.after)
        return plan

    def view(self, state: JsonObject) -> JsonObject:
        return members.member_view(state)

    def read(self) -> JsonObject | None:
        return members.find_member(self.client, self.params["account_slug"], self.params["email"])

    def check_new(self) -> None:
        if self.params["role"] is None:
            raise InvalidInput("role", f"`role` is required to invite {self.params['email']}.")

    def create(self, wanted: JsonObject) -> JsonObject:
        self.client.add_member(self.params["account_slug"], wanted["email"], wanted["role"])
        return self.read() or {}

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        view = {**self.view(current), **changes}
        body = {name: view[name] for name in ("role", "site_access", "site_ids") if view[name] is not None}
        return self.client.update_member(self.params["account_slug"], current["id"], body)

    def delete(self, current: JsonObject) -> None:
        self.client.remove_member(self.params["account_slug"], current["id"])


MODULE = Module(
    TeamMember,
    options=dict(
        account_slug=dict(type="str", required=True, check=check_not_blank), sites=dict(type="list", elements="str")
    ),
)


if __name__ == "__main__":
    MODULE.run()
