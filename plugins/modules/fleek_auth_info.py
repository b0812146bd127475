#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_auth_info
version_added: 0.1.0
short_description: Check whether a Fleek API key is valid
description:
  - Sends the smallest possible query to Fleek's API and returns whether the API accepts the key.
  - A rejected key does not fail the task; it is returned as RV(valid=false). The task fails if Fleek cannot be reached
    or returns another error.
  - The result does not name the team that the key belongs to. To find out which sites the key can access, use
    M(webops.paas.fleek_site_info).
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_fleek
author:
  - webops.paas contributors (@webops-paas)
seealso:
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_site_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_auth_info

- name: Check the API key
  webops.paas.fleek_auth_info:
  register: key

- name: Stop if the API key is not valid
  ansible.builtin.assert:
    that: key.valid
    fail_msg: "{{ key.reason | default('', true) }}"
"""

RETURN = r"""
valid:
  description:
    - Whether Fleek accepts the key.
  returned: success
  type: bool
  sample: true
reason:
  description:
    - Message with which Fleek rejected the key. V(null) if the key is valid.
  returned: success
  type: str
  sample: >-
    Fleek __typename failed: You are not authorized to make this call.
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: __typename
    method: POST
    path: /graphql
    status: 502
    code: server_error
    platform_code:
    request_id:
"""

from ..module_utils._kernel.module import ApiError, Info, JsonObject, Module
from ..module_utils._fleek.api import FleekClient, key_is_refused


class AuthInfo(Info[FleekClient]):
    def fetch(self) -> JsonObject:
        try:
            self.client.typename()
        except ApiError as error:
            if not key_is_refused(error):
                raise
            return {"valid": False, "reason": error.message}
        return {"valid": True, "reason": None}

    def result(self) -> JsonObject:
        return self.fetch()


MODULE = Module(AuthInfo)


if __name__ == "__main__":
    MODULE.run()
