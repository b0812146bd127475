#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_hook_info
version_added: 1.0.0
short_description: List the notifications (webhooks, email, Slack) of a Netlify site
description:
  - Returns the notifications of a site that match, always as a list.
  - The URL of a receiver can be a credential, as it is for Slack. The module returns it up to its host only. It does
    not return the other settings of a notification.
  - Sends two requests, or one if O(site) is an ID.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  type:
    description:
      - Type of the notifications to return, for example V(url), V(email) or V(slack).
      - If it is not specified, the module returns notifications of all types.
    type: str
  event:
    description:
      - Event of the notifications to return, for example V(deploy_failed).
      - If it is not specified, the module returns notifications of all events.
    type: str
seealso:
  - module: webops.paas.netlify_hook
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_hook_info -a site=webops-paas-blog

- name: List the notifications of a site
  webops.paas.netlify_hook_info:
    site: webops-paas-blog
  register: found

- name: Show the notifications that Netlify does not send
  ansible.builtin.debug:
    msg: "{{ found.hooks | rejectattr('enabled') | map(attribute='event') }}"

- name: Get the notifications about failed deploys
  webops.paas.netlify_hook_info:
    site: webops-paas-blog
    event: deploy_failed
  register: about_failures
"""

RETURN = r"""
hooks:
  description:
    - The notifications that match, each as M(webops.paas.netlify_hook) returns it; empty if none matches.
    - Everything after the host of a URL is masked.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f9f1c0e8d3b2a0007c1d2e3
      site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      type: url
      event: deploy_created
      url: https://status.example.com/********
      email:
      form:
      form_id:
      enabled: true
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
    operation: listHooksBySiteId
    method: GET
    path: /api/v1/hooks
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, hooks

WORD = dict(type="str", check=hooks.check_word)


class HookInfo(Info[hooks.HooksClient]):
    key = "hooks"

    def fetch(self) -> list[JsonObject]:
        kind, event = self.params["type"], self.params["event"]
        found = hooks.hooks_of(self.client, self.params["site"])
        return [
            hooks.hook_view(hook)
            for hook in found
            if kind in (None, hook.get("type")) and event in (None, hook.get("event"))
        ]


MODULE = Module(HookInfo, options=dict(site=api.SITE, type=WORD, event=WORD))

if __name__ == "__main__":
    MODULE.run()
