#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_user_info
version_added: 0.1.0
short_description: Get the Netlify user of a token and its teams
description:
  - Answers who the token's owner is and which teams (accounts) the token may see, for example to check a token.
  - Takes two reads, and those that O(all_users) and O(user_id) ask for.
  - Getting a token takes a browser (User settings, Applications, Personal access tokens).
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
      - Answers all users that the token may see instead of its owner alone.
      - Netlify had this for resellers, and does not document it any more. A server that does not have it is an error.
    type: bool
    default: false
  user_id:
    description:
      - Answers also what this user has, as O(gather) says. As with O(all_users), for servers that have it.
    type: str
  gather:
    description:
      - What is answered of the user O(user_id).
    type: list
    elements: str
    choices: [sites, forms, submissions]
    default: [sites]
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission_info
"""

EXAMPLES = r"""
- name: Whose token this is
  webops.paas.netlify_user_info:
  register: me

- name: The teams that it may see
  ansible.builtin.debug:
    msg: "{{ me.users[0].full_name }}: {{ me.accounts | map(attribute='slug') | join(', ') }}"
"""

RETURN = r"""
users:
  description:
    - The token's owner, or with O(all_users) all users.
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
    - The teams that the token may see.
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
    - The sites of the user O(user_id), each as M(webops.paas.netlify_site_info) returns it; empty unless asked for.
  returned: success
  type: list
  elements: dict
  sample: []
forms:
  description:
    - The forms of the user O(user_id), each as M(webops.paas.netlify_form_info) returns it; empty unless asked for.
  returned: success
  type: list
  elements: dict
  sample: []
submissions:
  description:
    - The verified submissions of the user O(user_id), each as M(webops.paas.netlify_submission_info) returns it; empty
      unless asked for.
  returned: success
  type: list
  elements: dict
  sample: []
error:
  description:
    - What failed, for machines.
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
