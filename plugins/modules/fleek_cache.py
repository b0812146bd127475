#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_cache
version_added: 0.1.0
short_description: Purge the cache of a Fleek site
description:
  - Purges the cache that Fleek's content delivery network keeps of a site, so that visitors get the published deploy.
  - Each run purges the cache and reports a change. To purge only after a deploy, use C(when) or a handler.
  - Each run sends two requests. The first one finds the site.
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.fleek.site
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_fleek
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Each run purges the cache, because its content cannot be read.
author:
  - webops.paas contributors (@webops-paas)
seealso:
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_deploy
  - module: webops.paas.fleek_site_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_cache -a site=hello-fleek

- name: Purge the cache of the site
  webops.paas.fleek_cache:
    site: hello-fleek

- name: List all sites of the team
  webops.paas.fleek_site_info:
  register: all_sites

- name: Purge the cache of each site
  webops.paas.fleek_cache:
    site_id: "{{ item.id }}"
  loop: "{{ all_sites.sites }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
site:
  description:
    - Site whose cache was purged.
  returned: success
  type: dict
  sample:
    id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    slug: bitter-king-4711
unknown_until_applied:
  description:
    - Keys of the result whose values only Fleek can provide. They are V(null) in check mode.
  returned: in check mode, if the site does not exist yet
  type: list
  elements: str
  sample: [id]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: purgeCache
    status: 200
    code: nothing_made
"""

from ..module_utils._kernel.module import JsonObject, Module, Operation
from ..module_utils._fleek import api, sites
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction


class Cache(Operation[sites.SitesClient]):
    def plan(self) -> Plan:
        return self._plan(self.client.require_site(self.params, "id slug"))

    def plan_without_parent(self) -> Plan:
        return self._plan({"id": UNKNOWN, "slug": self.params["site"] or UNKNOWN})

    def _plan(self, site: JsonObject) -> Plan:
        return Plan([Change.keep(None, site), Change.update("cache", "as it is", "purged")])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction({"site": plan.parent})

    def apply(self, plan: Plan) -> None:
        self.client.purge_cache(plan.parent["id"])

    def settle(self, plan: Plan, outcome: None) -> JsonObject:
        return self.predict(plan).result


MODULE = Module(Cache, options=api.SITE_OPTIONS, **api.ONE_SITE)


if __name__ == "__main__":
    MODULE.run()
