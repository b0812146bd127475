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
  - Tells Fleek's content delivery network to forget what it keeps of a site, so that visitors get what is published.
  - Each run sends a purge and reports a change. Let it follow a deploy with C(when), or as a handler.
  - Takes one read of the site besides.
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
      - Each run purges, since nobody can ask what the cache holds.
author:
  - webops.paas contributors (@webops-paas)
seealso:
  - module: webops.paas.fleek_deploy
"""

EXAMPLES = r"""
- name: Visitors see at once what is published
  webops.paas.fleek_cache:
    site: hello-fleek
"""

RETURN = r"""
site:
  description:
    - Whose cache was purged.
  returned: success
  type: dict
  sample:
    id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    slug: bitter-king-4711
unknown_until_applied:
  description:
    - Keys of the result that are not known yet; they are V(null) in a prediction.
  returned: in check mode, as long as the site does not exist
  type: list
  elements: str
  sample: [id]
error:
  description:
    - What failed, for machines.
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
