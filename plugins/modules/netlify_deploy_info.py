#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_info
version_added: 0.1.0
short_description: List the deploys of a Netlify site
description:
  - Returns the deploys that match, newest first, always as a list.
  - Sends one request with O(deploy_id) or O(latest_published=true). Otherwise sends one for each page of 100 deploys,
    and another one unless O(site) is an ID.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  deploy_id:
    description:
      - ID of the deploy to return. The list is empty if the deploy does not exist.
      - Either O(deploy_id) or O(site) is required.
    type: str
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    aliases: [name, site_id, domain]
  state:
    description:
      - State of the deploys to return, for example V(ready), V(error), V(uploading) or V(building).
    type: str
  branch:
    description:
      - Name of the branch whose deploys to return.
    type: str
  production:
    description:
      - Whether to return only production deploys (V(true)) or only the others (V(false)). If it is not set, the module
        returns both.
    type: bool
  latest_published:
    description:
      - Whether to return only the live deploy.
    type: bool
    default: false
  limit:
    description:
      - Maximum number of deploys to return. If it is not set, the module returns all deploys.
    type: int
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, among them releases, previews and rollbacks.
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_deploy_state
  - module: webops.paas.netlify_publish
"""

EXAMPLES = r"""
# Show the live deploy from the command line:
# ansible localhost -m webops.paas.netlify_deploy_info -a "site=webops-paas-shop latest_published=true"

- name: Get the last ten releases
  webops.paas.netlify_deploy_info:
    site: webops-paas-shop
    production: true
    state: ready
    limit: 10
  register: releases

- name: Show the IDs and titles of the releases
  ansible.builtin.debug:
    msg: "{{ releases.deploys | items2dict(key_name='id', value_name='title') }}"

- name: Get the live deploy
  webops.paas.netlify_deploy_info:
    site: webops-paas-shop
    latest_published: true
"""

RETURN = r"""
deploys:
  description:
    - The deploys that match, newest first; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 52465f435803544542000001
      site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      state: ready
      title: Release 1
      branch: main
      context: production
      draft: false
      locked: false
      error_message:
      url: http://webops-paas-shop.netlify.app
      ssl_url: https://webops-paas-shop.netlify.app
      deploy_url: http://52465f435803544542000001--webops-paas-shop.netlify.app
      deploy_ssl_url: https://52465f435803544542000001--webops-paas-shop.netlify.app
      admin_url: https://app.netlify.com/projects/webops-paas-shop
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:41.000Z"
      published_at: "2026-11-20T08:15:41.000Z"
      commit_ref:
      deploy_source: api
      functions: []
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteDeploys
    method: GET
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/deploys
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Iterable

from ..module_utils._kernel.module import BOOL, FLAG, STR, Info, JsonObject, Module, between
from ..module_utils._netlify import api, deploys


class DeployInfo(Info[deploys.DeploysClient]):
    key = "deploys"

    def fetch(self) -> Iterable[JsonObject]:
        return map(deploys.deploy_view, self._deploys())

    def _deploys(self) -> Iterable[JsonObject]:
        if self.params["deploy_id"] is not None:
            deploy = self.client.get_deploy(self.params["deploy_id"])
            return [] if deploy is None else [deploy]
        if self.params["latest_published"]:
            live = deploys.live_of(self.client.require_site(self.params["site"]))
            return [live] if live and deploys.fits(live, self.params) else []
        with api.below_site(self.params["site"]):
            return list(deploys.matching(self.client, self.client.site_id_of(self.params["site"]), self.params))


MODULE = Module(
    DeployInfo,
    options=dict(
        deploy_id=dict(api.ID, parent=True),
        site=dict(api.NAMED_SITE, required=False),
        state=STR,
        branch=STR,
        production=BOOL,
        latest_published=FLAG,
        limit=dict(type="int", check=between(1)),
    ),
    required_one_of=[("deploy_id", "site")],
    mutually_exclusive=[("deploy_id", "site")],
)


if __name__ == "__main__":
    MODULE.run()
