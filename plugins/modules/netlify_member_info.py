#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_member_info
version_added: 1.0.0
short_description: List the members of a Netlify team
description:
  - Returns the members of a team that match, with their roles, always as a list.
  - Invitations that are not accepted yet are returned too; C(pending) is then V(true).
  - Sends one request for each page of 100 members.
  - If there are several pages, up to two more requests detect that members were added or removed meanwhile; then the
    module reads the list again.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  account_slug:
    description:
      - Slug of the team. The task fails if the token has no access to the team.
    type: str
    required: true
  role:
    description:
      - Role of the members to return, for example V(Owner), V(Developer), V(Billing Admin) or V(Reviewer).
      - If it is not specified, the module returns members of all roles.
    type: str
seealso:
  - module: webops.paas.netlify_member
  - module: webops.paas.netlify_user_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: How to check a token, and recipes for forms and submissions.
"""

EXAMPLES = r"""
# Show the members of a team from the command line:
# ansible localhost -m webops.paas.netlify_member_info -a account_slug=my-team

- name: Get the teams of the token
  webops.paas.netlify_user_info:
  register: me

- name: List the owners of the team
  webops.paas.netlify_member_info:
    account_slug: "{{ me.accounts[0].slug }}"
    role: Owner
  register: owners

- name: Show the owners without two-factor authentication
  ansible.builtin.debug:
    msg: "{{ owners.members | rejectattr('mfa_enabled') | map(attribute='email') }}"
"""

RETURN = r"""
members:
  description:
    - The members that match; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d2f
      user_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      full_name: Ada Example
      email: ada@example.com
      role: Owner
      site_access: all
      site_ids: []
      pending: false
      mfa_enabled: true
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listMembersForAccount
    method: GET
    path: /api/v1/my-team/members
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._core.checks import check_not_blank
from ..module_utils._netlify import members


class MemberInfo(Info[members.MembersClient]):
    key = "members"

    def fetch(self) -> list[JsonObject]:
        found = map(members.member_view, self.client.list_members(self.params["account_slug"]))
        return [member for member in found if self.params["role"] in (None, member["role"])]


MODULE = Module(MemberInfo, options=dict(account_slug=dict(type="str", required=True, check=check_not_blank), role=STR))


if __name__ == "__main__":
    MODULE.run()
