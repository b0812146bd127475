#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_key_info
version_added: 1.0.0
short_description: List Netlify deploy keys
description:
  - Returns the deploy keys that match, always as a list. Netlify never returns the private part of a key.
  - Sends one request with O(deploy_key_id), two with O(site) if the site has a deploy key, and otherwise one for each
    page of the list.
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
      - Name, ID or domain of the site whose deploy key to return. The task fails if the site does not exist.
      - The list is empty if the site has no deploy key, or if the token has no access to the key.
      - O(site) and O(deploy_key_id) are mutually exclusive. If neither is specified, the module returns all deploy keys
        that the token has access to.
    type: str
    aliases: [site_id, domain]
  deploy_key_id:
    description:
      - ID of the deploy key to return. The list is empty if it does not exist.
    type: str
    aliases: [id]
seealso:
  - module: webops.paas.netlify_deploy_key
  - module: webops.paas.netlify_site
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
"""

EXAMPLES = r"""
# Show the deploy key of a site from the command line:
# ansible localhost -m webops.paas.netlify_deploy_key_info -a site=webops-paas-blog

- name: List the deploy keys of all sites
  webops.paas.netlify_deploy_key_info:
  register: all_keys

- name: Get the deploy key of the blog
  webops.paas.netlify_deploy_key_info:
    site: webops-paas-blog
  register: of_the_blog

- name: Show the public key to add to the host of the repository
  ansible.builtin.debug:
    msg: "{{ of_the_blog.deploy_keys | map(attribute='public_key') }}"
"""

RETURN = r"""
deploy_keys:
  description:
    - The deploy keys that match, each as M(webops.paas.netlify_deploy_key) returns it; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f9f1c0e8d3b2a0007c1d2e3
      public_key: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ
      created_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listDeployKeys
    method: GET
    path: /api/v1/deploy_keys
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Iterable

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, builds


class DeployKeyInfo(Info[builds.DeployKeysClient]):
    key = "deploy_keys"

    def fetch(self) -> Iterable[JsonObject]:
        return map(builds.deploy_key_view, self._keys())

    def _keys(self) -> Iterable[JsonObject]:
        site, key_id = self.params["site"], self.params["deploy_key_id"]
        if site is None and key_id is None:
            return self.client.list_deploy_keys()
        if site is not None:
            key_id = builds.deploy_key_of(self.client.require_site(site))
        key = self.client.get_deploy_key(key_id) if key_id else None
        return [] if key is None else [key]


MODULE = Module(
    DeployKeyInfo,
    options=dict(site=dict(api.SITE, required=False), deploy_key_id=dict(api.ID, aliases=["id"], parent=True)),
    mutually_exclusive=[("site", "deploy_key_id")],
)


if __name__ == "__main__":
    MODULE.run()
