#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_cache
version_added: 0.1.0
short_description: Purge the cache of a Netlify site
description:
  - Purges the CDN cache of a site, or only the responses that have certain cache tags.
  - A deploy purges the cache by itself. Use this module for responses of functions that stay in the cache because of
    the header C(Netlify-CDN-Cache-Control).
  - Each run purges the cache and reports a change. Run it conditionally (C(when)) or as a handler.
  - Each run sends two requests, one to find the site and one to purge its cache.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Each run purges the cache, because the contents of the cache cannot be read.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  cache_tags:
    description:
      - Cache tags of the responses to purge. A response has the tags of its header C(Netlify-Cache-Tag) or
        C(Cache-Tag).
      - If it is not set, the module purges the whole cache of the site.
    type: list
    elements: str
    aliases: [cache_tag]
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify.
  - module: webops.paas.netlify_deploy
"""

EXAMPLES = r"""
# Purge the whole cache of a site from the command line:
# ansible localhost -m webops.paas.netlify_cache -a site=webops-paas-shop

- name: Purge the pages that show prices
  webops.paas.netlify_cache:
    site: webops-paas-shop
    cache_tags: [prices]

- name: Purge the whole cache
  webops.paas.netlify_cache:
    site: webops-paas-shop
"""

RETURN = r"""
cache:
  description:
    - The site and the cache tags that were purged, or would be purged in check mode. C(cache_tags) is V(null) for the
      whole cache.
  returned: success
  type: dict
  sample:
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    site_name: webops-paas-shop
    cache_tags: [prices]
unknown_until_applied:
  description:
    - Keys of the result that are not known yet. They are V(null) in check mode.
  returned: in check mode, if the site does not exist yet
  type: list
  elements: str
  sample: [site_id]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: purgeCache
    method: POST
    path: /api/v1/purge
    status: 400
    code: invalid
    platform_code: 400
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import InvalidInput, JsonObject, Module, Operation
from ..module_utils._kernel.plan import Change, Plan, Prediction
from ..module_utils._netlify import api, sites


class Cache(Operation[sites.SitesClient]):
    def check_input(self) -> None:
        # Netlify purges the whole cache then, which an empty list does not ask for.
        if self.params["cache_tags"] == []:
            raise InvalidInput("cache_tags", "`cache_tags` is empty. Omit it to purge the whole cache of the site.")

    def plan(self) -> Plan:
        return self._plan(self.client.require_site(self.params["site"]))

    def plan_without_parent(self) -> Plan:
        return self._plan(api.new_site(self.params["site"]))

    def _plan(self, site: JsonObject) -> Plan:
        tags = sorted(set(self.params["cache_tags"])) if self.params["cache_tags"] else None
        purge = {"site_id": site["id"], "site_name": site["name"], "cache_tags": tags}
        return Plan([Change.update("cache", site, purge)])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction(plan.after)

    def shown(self, change: Change) -> tuple[str, str]:
        return "cached", "purged"

    def apply(self, plan: Plan) -> None:
        [purge] = plan.after.values()
        self.client.purge_cache(purge["site_id"], purge["cache_tags"])


MODULE = Module(
    Cache,
    options=dict(
        site=api.SITE, cache_tags=dict(type="list", elements="str", aliases=["cache_tag"], check=sites.check_cache_tag)
    ),
)


if __name__ == "__main__":
    MODULE.run()
