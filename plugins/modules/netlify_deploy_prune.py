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
  - Deletes drafts, deploys of branches and former releases by their age and number. What is live always stays.
  - Deploys that are under way stay, too, unless O(states) says otherwise, and so do previews of pull requests.
  - Netlify deletes deploys by itself after some time (30 days on free plans), unless they are live. This is for those
    who want that earlier, or by number.
  - Check mode answers which deploys would go.
  - A run that changes nothing sends one read of the site, and one for each hundred deploys that it has.
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
      - When there are more deploys to delete than O(limit), each run deletes further ones.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
  drafts:
    description:
      - Whether drafts are deleted. A draft that was live once is one as well.
    type: bool
    default: false
  branches:
    description:
      - The branches whose deploys are deleted; those that became releases do not count as such.
    type: list
    elements: str
    aliases: [branch]
  releases:
    description:
      - Whether production deploys are deleted that are not live. A deploy that is gone cannot be put back.
    type: bool
    default: false
  states:
    description:
      - Only deploys in these states are deleted, and counted. If not given, those that ended, well or not.
      - A deploy that is V(uploading) or V(prepared) waits for files, of somebody who is at it or has given up; see
        O(older_than_days).
    type: list
    elements: str
    choices: [ready, error, rejected, canceled, prepared, uploading]
  keep:
    description:
      - Number of the newest deploys to keep, of the drafts, of the releases, and of each branch. They are counted by
        the time of their creation.
      - A release counts whether it is live, was live, or was rolled back. After a rollback the newest release is thus
        one that was rolled back; it is kept. The live release is kept in any case, and counts at its own place.
      - Either O(keep) or O(older_than_days) is needed. With both, only what neither of them keeps is deleted.
    type: int
  older_than_days:
    description:
      - Only deploys are deleted that were made more days ago than this.
    type: float
  limit:
    description:
      - So many deploys are deleted at most by one run, the oldest first.
    type: int
    default: 100
seealso:
  - module: webops.paas.netlify_deploy_state
  - module: webops.paas.netlify_deploy_info
"""

EXAMPLES = r"""
- name: What would go if two releases were kept
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    releases: true
    states: [ready]
    keep: 2
  check_mode: true

- name: Of drafts and of the branch next, the newest stays
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    drafts: true
    branches: [next]
    keep: 1

- name: What failed or was canceled is gone
  webops.paas.netlify_deploy_prune:
    site: webops-paas-shop
    releases: true
    states: [error, rejected, canceled]
    keep: 0
"""

RETURN = r"""
deploys:
  description:
    - The deploys that the task deletes, or would delete (check mode), the oldest first.
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
    - How many more could go, and stay because of O(limit).
  returned: success
  type: int
  sample: 0
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import FLAG, InvalidInput, JsonObject, Module, Operation, between
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction
from ..module_utils._netlify import api, deploys


class DeployPrune(Operation[deploys.DeploysClient]):
    """The plan's parent is {site_id, left}: how many deploys another run may delete."""

    def check_input(self) -> None:
        if not (self.params["drafts"] or self.params["releases"] or self.params["branches"]):
            raise InvalidInput("drafts", "drafts, releases or branches must say which deploys are meant.")

    def plan(self) -> Plan:
        site = self.client.require_site(self.params["site"])
        listed, live_id = self.client.list_deploys(site["id"]), deploys.live_of(site).get("id")
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
