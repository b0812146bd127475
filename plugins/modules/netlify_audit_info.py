#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_audit_info
version_added: 1.0.0
short_description: Get the audit log of a Netlify team
description:
  - Returns events of the audit log of a team, in the order in which Netlify returns them, always as a list.
  - Sends one request for each page of 100 events.
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
  query:
    description:
      - Text to search for. What Netlify compares with it is not documented.
    type: str
  log_type:
    description:
      - Type of the events to return. Netlify does not document the values; C(log_type) in RV(events) has those in use.
    type: str
  limit:
    description:
      - Highest number of events to return.
    type: int
    default: 100
seealso:
  - module: webops.paas.netlify_member_info
  - module: webops.paas.netlify_user_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: How to check a token, and recipes for forms and submissions.
"""

EXAMPLES = r"""
# Show the audit log of a team from the command line:
# ansible localhost -m webops.paas.netlify_audit_info -a account_slug=my-team

- name: Get the teams of the token
  webops.paas.netlify_user_info:
  register: me

- name: Get the last 20 events of the team
  webops.paas.netlify_audit_info:
    account_slug: "{{ me.accounts[0].slug }}"
    limit: 20
  register: audit

- name: Show who did what
  ansible.builtin.debug:
    msg: "{{ item.timestamp }} {{ item.actor_email }} {{ item.action }}"
  loop: "{{ audit.events }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
events:
  description:
    - The events; empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    payload:
      description:
        - What else Netlify returns about the event; depends on its type.
      type: dict
      returned: success
      sample: {traits: {site_name: webops-paas-blog}}
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d2f
      account_id: 5f0c1b2a9d8e7f6a5b4c3d20
      action: createSite
      actor_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      actor_name: Ada Example
      actor_email: ada@example.com
      log_type: team
      timestamp: "2026-11-20T08:15:30.000Z"
      payload: {traits: {site_name: webops-paas-blog}}
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listAccountAuditEvents
    method: GET
    path: /api/v1/accounts/my-team/audit
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._core.checks import check_not_blank
from ..module_utils._core.ranges import between
from ..module_utils._netlify import accounts


class AuditInfo(Info[accounts.AccountsClient]):
    key = "events"

    def fetch(self) -> list[JsonObject]:
        log = self.client.list_audit_log(
            **{name: self.params[name] for name in ("account_slug", "query", "log_type", "limit")}
        )
        return [accounts.event_view(event) for event in log]


MODULE = Module(
    AuditInfo,
    options=dict(
        account_slug=dict(type="str", required=True, check=check_not_blank),
        query=STR,
        log_type=STR,
        limit=dict(type="int", default=100, check=between(1)),
    ),
)

if __name__ == "__main__":
    MODULE.run()
