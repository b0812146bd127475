#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_prune
version_added: 0.1.0
short_description: Delete old deploys of a Netlify site
description:
  - Deletes drafts, branch deploys and old releases by age and number. Never deletes the live deploy or deploy previews
    of pull requests. Deletes unfinished deploys only if O(states) names their state.
  - Netlify itself deletes deploys that are not live after some time, for example 30 days on free plans. Use this module
    to delete them earlier or by number.
  - In check mode, the module returns the deploys that it would delete.
  - A converged run sends two requests, or more if the site has more than 100 deploys.
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
    support: partial
    details:
      - If there are more deploys to delete than O(limit), each run deletes some of them.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  drafts:
    description:
      - Whether to delete drafts. A draft that was live once is still a draft.
      - At least one of O(drafts), O(branches) and O(releases) is required.
    type: bool
    default: false
  branches:
    description:
      - Names of the branches whose deploys to delete. A branch deploy that became a release does not count as one of
        the branch.
    type: list
    elements: str
    aliases: [branch]
  releases:
    description:
      - Whether to delete production deploys that are not live. A deleted deploy cannot be restored.
    type: bool
    default: false
  states:
    description:
      - States of the deploys to delete and to count. If it is not set, these are V(ready), V(error), V(rejected) and
        V(canceled).
      - A deploy in state V(uploading) or V(prepared) is waiting for files, which another process may still be
        uploading. Set O(older_than_days) to delete only abandoned ones.
    type: list
    elements: str
    choices: [ready, error, rejected, canceled, prepared, uploading]
  keep:
    description:
      - Number of the newest deploys to keep, of the drafts, of the releases, and of each branch, in order of their
        creation.
      - Releases that were rolled back count too. After a rollback, the newest release is one that was rolled back, and
        it is kept. The live release is always kept, and it counts at its own position.
      - At least one of O(keep) and O(older_than_days) is required. With both, the module deletes only what neither of
        them keeps.
    type: int
  older_than_days:
    description:
      - Age in days. Only deploys that were created earlier are deleted.
    type: float
  limit:
    description:
      - Maximum number of deploys that one run deletes, oldest first.
    type: int
    default: 100
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, among them releases, previews and rollbacks.
  - module: webops.paas.netlify_deploy_state
  - module: webops.paas.netlify_deploy_info
"""

EXAMPLES = r"""
# Keep the last ten releases from the command line, in check mode:
# ansible localhost -m webops.paas.netlify_deploy_prune -a "site=webops-paas-shop releases=true keep=10" --check

- name: Show which releases would be deleted if two were kept
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    releases: true
    states: [ready]
    keep: 2
  check_mode: true
  diff: true
  register: old_releases

- name: Keep the newest draft and the newest deploy of the branch next
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    drafts: true
    branches: [next]
    keep: 1

- name: Delete all failed and canceled releases
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    releases: true
    states: [error, rejected, canceled]
    keep: 0
"""

RETURN = r"""
deploys:
  description:
    - The deploys that the task deleted, or would delete in check mode, oldest first.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 52465f435803544542000001
      title: Release 1
      state: ready
      branch:
      context: production
      draft: false
      created_at: "2026-09-20T08:15:30.000Z"
left:
  description:
    - Number of old deploys that were not deleted because of O(limit).
  returned: success
  type: int
  sample: 0
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: deleteDeploy
    method: DELETE
    path: /api/v1/deploys/52465f435803544542000001
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import FLAG, JsonObject, Module, Operation, between
from ..module_utils._core.checks import check_any
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction
from ..module_utils._netlify import api, deploys


class DeployPrune(Operation[deploys.DeploysClient]):
    """The plan's parent is {site_id, left}; left is the number of deploys that remain for another run."""

    def check_input(self) -> None:
        check_any(self.params, ("drafts", "releases", "branches"), "At least one of")

    def plan(self) -> Plan:
        site = self.client.require_site(self.params["site"])
        listed, live_id = self.client.list_deploys(site["id"], whole=True), deploys.live_of(site).get("id")
        doomed = deploys.doomed(listed, live_id, self.params, self.clock.now())
        parent = {"site_id": site["id"], "left": len(doomed[self.params["limit"] :])}
        deletions = (
            Change.delete(deploy["id"], deploys.pruned_view(deploy)) for deploy in doomed[: self.params["limit"]]
        )
        return Plan([Change.keep(None, parent), *deletions])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.keep(None, {"site_id": UNKNOWN, "left": 0})])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction({"deploys": list(plan.before.values()), "left": plan.parent["left"]})

    def apply(self, plan: Plan) -> list[JsonObject]:
        site_id = plan.parent["site_id"]
        return [each for each in plan.before.values() if deploys.prune(self.client, site_id, each, self.warn)]

    def settle(self, plan: Plan, outcome: list[JsonObject]) -> JsonObject:
        return {"deploys": outcome, "left": plan.parent["left"], "changed": bool(outcome)}


MODULE = Module(
    DeployPrune,
    options=dict(
        site=api.SITE,
        drafts=FLAG,
        branches=dict(type="list", elements="str", aliases=["branch"], check=deploys.check_branch),
        releases=FLAG,
        states=dict(type="list", elements="str", choices=deploys.PRUNABLE),
        keep=dict(type="int", check=between(0)),
        older_than_days=dict(type="float", check=between(0)),
        limit=dict(type="int", default=100, check=between(1)),
    ),
    required_one_of=[("keep", "older_than_days")],
)


if __name__ == "__main__":
    MODULE.run()
