#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippet_info
version_added: 0.1.0
short_description: Get the snippets of a Netlify site
description:
  - Returns the snippets of a site, all of them or those with a title or an ID, in Netlify's order.
  - Sends one request.
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
  title:
    description:
      - Title of the snippets to return. Netlify allows several snippets with the same title.
    type: str
  snippet_id:
    description:
      - ID of the snippet to return, a number from 0.
    type: int
    aliases: [id]
seealso:
  - module: webops.paas.netlify_snippet
  - module: webops.paas.netlify_snippets
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_snippet_info -a site=webops-paas-shop

- name: Get the snippets of the shop
  webops.paas.netlify_snippet_info:
    site: webops-paas-shop
  register: found

- name: Show their titles
  ansible.builtin.debug:
    msg: "{{ found.snippets | map(attribute='title') | list }}"
"""

RETURN = r"""
snippets:
  description:
    - The matching snippets, in the form that M(webops.paas.netlify_snippet) returns. Empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0
      title: Visitors
      general: <script src="/count.js" async></script>
      general_position: head
      goal:
      goal_position: footer
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteSnippets
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/snippets
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module, between
from ..module_utils._netlify import api, snippets


class SnippetInfo(Info[snippets.SnippetsClient]):
    key = "snippets"

    def fetch(self) -> list[JsonObject]:
        return [
            snippet
            for snippet in snippets.listed(self.client, self.params["site"])
            if self.params["title"] in (None, snippet["title"]) and self.params["snippet_id"] in (None, snippet["id"])
        ]


MODULE = Module(
    SnippetInfo, options=dict(site=api.SITE, title=STR, snippet_id=dict(type="int", aliases=["id"], check=between(0)))
)


if __name__ == "__main__":
    MODULE.run()
