#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_form_info
version_added: 0.1.0
short_description: Get the forms of a Netlify site or of all sites
description:
  - Returns the forms that Netlify found in deployed pages, with their fields and the number of submissions.
  - Sends one request. Without O(site), it uses a request that Netlify no longer documents. If Netlify refuses it, the
    module lists the sites, 100 for each page, and requests the forms of each site.
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
      - If not set, the module returns the forms of all sites that the token has access to.
      - B(Preview:) The request for the forms of all sites is not documented. It is known from public code.
    type: str
    aliases: [site_id, domain]
  form:
    description:
      - Name or ID of the form to return. If not set, the module returns all forms.
    type: str
    aliases: [form_id]
seealso:
  - module: webops.paas.netlify_form
  - module: webops.paas.netlify_submission_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: Recipes for forms and submissions.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_form_info -a site=webops-paas-shop

- name: Get the forms of the shop
  webops.paas.netlify_form_info:
    site: webops-paas-shop
  register: found

- name: Show the number of submissions of each form
  ansible.builtin.debug:
    msg: "{{ found.forms | items2dict(key_name='name', value_name='submission_count') }}"
"""

RETURN = r"""
forms:
  description:
    - The matching forms. Empty if no form matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d2e
      site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      name: contact
      paths: [/index.html]
      submission_count: 3
      fields:
        - name: email
          type: email
      honeypot: false
      recaptcha: false
      last_submission_at: "2026-11-20T09:15:30.000Z"
      created_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteForms
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/forms
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, forms


class FormInfo(Info[forms.FormsClient]):
    key = "forms"

    def fetch(self) -> list[JsonObject]:
        found = forms.forms_of(self.client, self.params["site"])
        return [form for form in found if self.params["form"] in (None, form["id"], form["name"])]


MODULE = Module(FormInfo, options=dict(site=dict(api.SITE, required=False), form=dict(type="str", aliases=["form_id"])))


if __name__ == "__main__":
    MODULE.run()
