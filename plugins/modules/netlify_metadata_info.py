#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_metadata_info
version_added: 0.1.0
short_description: Get the metadata of a Netlify site
description:
  - Returns the metadata object of a site, whose values its snippets can use.
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
seealso:
  - module: webops.paas.netlify_metadata
  - module: webops.paas.netlify_snippet
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_metadata_info -a site=webops-paas-shop

- name: Get the metadata of the shop
  webops.paas.netlify_metadata_info:
    site: webops-paas-shop
  register: found

- name: Show its theme
  ansible.builtin.debug:
    msg: "{{ found.metadata.theme }}"
"""

RETURN = r"""
metadata:
  description:
    - The metadata object. It is not a list, because a site has exactly one. Empty if no key was ever set.
  returned: success
  type: dict
  sample:
    telephone: "+49 30 901820"
    theme: dark
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: getSiteMetadata
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/metadata
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, sites


class MetadataInfo(Info[sites.SitesClient]):
    key = "metadata"

    def nothing(self) -> JsonObject:
        return {}

    def fetch(self) -> JsonObject:
        return sites.metadata_of(self.client, self.params["site"])


MODULE = Module(MetadataInfo, options=dict(site=api.SITE))


if __name__ == "__main__":
    MODULE.run()
