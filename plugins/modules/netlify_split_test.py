#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_split_test
version_added: 1.1.0
short_description: Manage the split test of a Netlify site
description:
  - Creates a split test, which divides the visitors of a site between branches, changes the percentages, and starts and
    stops the test.
  - B(Preview:) Netlify does not document in which form it returns the percentages of the branches. If the module does
    not know the form, it fails before it changes anything.
  - Only one split test of a site can be active. The module manages the active split test, or the newest one if none is
    active. It creates a split test only for a site without any, because Netlify cannot delete split tests.
  - Each branch needs a deploy, for example one from M(webops.paas.netlify_deploy) with C(branch).
  - A converged run sends one request for each page of 100 split tests.
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
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  branches:
    description:
      - Percentage of the visitors that each branch gets. The percentages must add up to 100.
      - A split test has exactly these branches. If they are not set, the split test keeps its branches.
      - Either O(branches) or O(active) is required.
    type: dict
  active:
    description:
      - Whether the split test is running. If it is not set, an existing split test stays as it is, and Netlify decides
        whether a new one runs.
      - With V(false) and without O(branches), the module does nothing for a site without a split test.
    type: bool
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for sites, deploys and split tests.
  - module: webops.paas.netlify_deploy
"""

EXAMPLES = r"""
# Stop the split test from the command line:
# ansible localhost -m webops.paas.netlify_split_test -a "site=webops-paas-blog active=false"

- name: Show a tenth of the visitors the next release
  webops.paas.netlify_split_test:
    site: webops-paas-blog
    branches:
      main: 90
      next: 10
    active: true
"""

RETURN = r"""
split_test:
  description:
    - The split test after the task, or the predicted one in check mode; V(null) if the site has none.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    path: /
    branches: {main: 90, next: 10}
    active: true
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSplitTest
    method: POST
    path: /api/v1/sites/webops-paas-blog.netlify.app/traffic_splits
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, InvalidInput, JsonObject, Module, Resource
from ..module_utils._kernel.plan import Plan
from ..module_utils._netlify import api, splits


class SplitTest(Resource[splits.SplitTestsClient]):
    key = "split_test"
    # Its branches must have been deployed.
    stage = "deploy"
    named_by = ("site",)
    always_recomputed = ("updated_at",)
    fields = {
        "branches": Field("dict", check=splits.check_shares),
        "active": Field("bool"),
    }

    def view(self, state: JsonObject) -> JsonObject:
        return splits.split_test_view(state)

    def wanted(self, current: JsonObject | None) -> JsonObject:
        wanted = super().wanted(current)
        if "branches" in wanted:
            wanted["branches"] = splits.declared_shares(wanted["branches"])
        return wanted

    def plan(self) -> Plan:
        return _without_empty_creation(super().plan())

    def plan_without_parent(self) -> Plan:
        self.check_new()
        return _without_empty_creation(super().plan_without_parent())

    def read(self) -> JsonObject | None:
        return splits.find_split_test(self.client, self.params["site"])

    def check_new(self) -> None:
        if self.params["branches"] is None and self.params["active"]:
            raise InvalidInput(
                "branches", f"`branches` is required, because the site {self.params['site']} has no split test."
            )

    def create(self, wanted: JsonObject) -> JsonObject:
        return self.client.create_split_test(self.params["site"], wanted["branches"])

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        site, test_id = self.params["site"], current["id"]
        if "branches" in changes:
            self.client.update_split_test(site, test_id, changes["branches"])
        if "active" in changes:
            self.client.set_active(site, test_id, changes["active"])
        return self.read() or current


def _without_empty_creation(plan: Plan) -> Plan:
    """A site without a split test has nothing to stop, so none is created only with C(active)."""
    return Plan([change for change in plan.changes if change.before or "branches" in (change.after or {})])


MODULE = Module(SplitTest, options=dict(site=api.SITE), required_one_of=[("branches", "active")])

if __name__ == "__main__":
    MODULE.run()
