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
  - Tells Netlify to forget what it keeps in its cache for a site, all of it or what has certain tags.
  - A deploy does that by itself. This is for pages that functions made, and that were kept because of
    C(Netlify-CDN-Cache-Control).
  - Each run sends a purge and reports a change. Let it follow another task with C(when), or as a handler.
  - Takes one read of the site besides.
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
      - Each run purges, since nobody can ask what the cache holds.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
  cache_tags:
    description:
      - Only what was answered with one of these tags (header C(Netlify-Cache-Tag) or C(Cache-Tag)). If not given, all
        of the site.
    type: list
    elements: str
    aliases: [cache_tag]
seealso:
  - module: webops.paas.netlify_deploy
"""

EXAMPLES = r"""
- name: Visitors see the new prices
  webops.paas.netlify_cache:
    site: webops-paas-shop
    cache_tags: [prices]

- name: Nothing old is shown to anybody
  webops.paas.netlify_cache:
    site: webops-paas-shop
"""

RETURN = r"""
cache:
  description:
    - What was purged, or would be (check mode).
  returned: success
  type: dict
  sample:
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    site_name: webops-paas-shop
    cache_tags: [prices]
unknown_until_applied:
  description:
    - Keys of the result that are not known yet; they are V(null) in a prediction.
  returned: in check mode, as long as the site does not exist
  type: list
  elements: str
  sample: [site_id]
error:
  description:
    - What failed, for machines.
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
        # It would purge everything, which nobody who gives an empty list has in mind.
        if self.params["cache_tags"] == []:
            raise InvalidInput("cache_tags", "cache_tags is empty. Leave it out to purge all of the site's cache.")

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
        return "as it is", "purged"

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
