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
  - Answers the metadata object of a site, which its snippets may use. Takes one read.
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
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
seealso:
  - module: webops.paas.netlify_metadata
"""

EXAMPLES = r"""
- name: The metadata of a site
  webops.paas.netlify_metadata_info:
    site: webops-paas-shop
  register: found

- name: One of its values
  ansible.builtin.debug:
    msg: "{{ found.metadata.theme }}"
"""

RETURN = r"""
metadata:
  description:
    - The metadata object itself, not a list, since a site has exactly one; empty when nothing was ever set.
  returned: success
  type: dict
  sample:
    telephone: "+49 30 901820"
    theme: dark
error:
  description:
    - What failed, for machines.
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
