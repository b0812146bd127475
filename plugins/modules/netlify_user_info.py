#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_user_info
version_added: 0.1.0
short_description: Get the Netlify user and the teams of a token
description:
  - Returns the user whom the token belongs to and the teams (accounts) that the token has access to. Use it to check
    whether a token is valid.
  - The API cannot create a personal access token. Create it in the browser (User settings, Applications, Personal
    access tokens).
  - Sends two requests, and with O(user_id) another for each page of each list in O(gather).
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  all_users:
    description:
      - Whether to return all users that the token has access to, instead of its owner.
      - B(Preview:) This is a former feature for resellers that Netlify no longer documents. The task fails if the
        server does not have it.
    type: bool
    default: false
  user_id:
    description:
      - ID of a user whose sites, forms or submissions are returned; see O(gather).
      - B(Preview:) Available on the same servers as O(all_users).
    type: str
  gather:
    description:
      - Which objects of the user O(user_id) are returned.
    type: list
    elements: str
    choices: [sites, forms, submissions]
    default: [sites]
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission_info
  - ref: ansible_collections.webops.paas.docsite.getting_started
    description: How to create a token and where to store it.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_user_info

- name: Get the user and the teams of the token
  webops.paas.netlify_user_info:
  register: me

- name: Show them
  ansible.builtin.debug:
    msg: "{{ me.users[0].full_name }}: {{ me.accounts | map(attribute='slug') | join(', ') }}"
"""

RETURN = r"""
users:
  description:
    - The user whom the token belongs to, or all users with O(all_users=true).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 51f60d2d5803545326000005
      uid:
      slug: example
      full_name: Example Person
      email: person@example.com
      avatar_url:
      affiliate_id:
      account_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      preferred_account_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      site_count: 3
      login_providers: [email]
      last_login: "2026-11-20T08:15:30.000Z"
      created_at: "2026-11-20T08:15:30.000Z"
accounts:
  description:
    - The teams that the token has access to.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d2e
      slug: example-team
      name: Example Team
      type_name: Starter
      user_role: Owner
      default: true
      members_count: 1
      created_at: "2026-11-20T08:15:30.000Z"
sites:
  description:
    - Sites of the user O(user_id), in the form that M(webops.paas.netlify_site_info) returns. Empty unless requested.
  returned: success
  type: list
  elements: dict
  sample: []
forms:
  description:
    - Forms of the user O(user_id), in the form that M(webops.paas.netlify_form_info) returns. Empty unless requested.
  returned: success
  type: list
  elements: dict
  sample: []
submissions:
  description:
    - Verified submissions of the user O(user_id), in the form that M(webops.paas.netlify_submission_info) returns.
      Empty unless requested.
  returned: success
  type: list
  elements: dict
  sample: []
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listUsers
    method: GET
    path: /api/v1/users
    status: 404
    code: gone
    platform_code: 404
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Iterable, Iterator

from ..module_utils._kernel.module import FLAG, Info, JsonObject, Module
from ..module_utils._netlify import accounts, api, forms, sites


class UserInfo(Info[accounts.AccountsClient]):
    key = "users"

    def fetch(self) -> Iterable[JsonObject]:
        users = (
            _of_resellers(self.client.list_users()) if self.params["all_users"] else [self.client.get_current_user()]
        )
        return map(accounts.user_view, users)

    def result(self) -> JsonObject:
        user_id, gather = self.params["user_id"], () if self.params["user_id"] is None else self.params["gather"]
        result = {**super().result(), "accounts": list(map(accounts.account_view, self.client.list_accounts()))}
        for kind, listed, view in (
            ("sites", self.client.list_user_sites, sites.site_view),
            ("forms", self.client.list_user_forms, forms.form_view),
            ("submissions", self.client.list_user_submissions, forms.verified_view),
        ):
            result[kind] = list(map(view, _of_resellers(listed(user_id)))) if kind in gather else []
        return result


def _of_resellers(rows: Iterable[JsonObject]) -> Iterator[JsonObject]:
    with api.instead_of_404(accounts.GONE, "gone"):
        yield from rows


MODULE = Module(
    UserInfo,
    options=dict(
        all_users=FLAG,
        user_id=api.ID,
        gather=dict(type="list", elements="str", choices=["sites", "forms", "submissions"], default=["sites"]),
    ),
)


if __name__ == "__main__":
    MODULE.run()
