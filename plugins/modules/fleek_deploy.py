#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_deploy
version_added: 0.1.0
short_description: Deploy a commit or a CID to a Fleek site
description:
  - Starts a deploy of a Fleek site and waits until it has finished. It does nothing if the requested content is
    already published.
  - With O(commit), the module does nothing if a deploy of that commit is published. If one is in progress, the module
    waits for it and does not start another one.
  - A site whose source is IPFS publishes the CID in its settings, which M(webops.paas.fleek_site) sets. The module does
    nothing if the published deploy has that content.
  - If automatic publishing is disabled for the site, a finished deploy of the commit is sufficient, and RV(deploy) has
    C(published=false). The API cannot publish such a deploy; use Fleek's dashboard.
  - A converged run sends one request, or two with O(retry_deploy_id) or if another deploy is the latest one.
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.fleek.site
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_fleek
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Without O(commit), or with V(HEAD), each run deploys, because the API does not return the head of the branch.
      - With O(force=true), each run deploys. The same applies to sites on V(dfinity) whose source is IPFS, because
        their deploys have no CID.
author:
  - webops.paas contributors (@webops-paas)
options:
  commit:
    description:
      - SHA of the commit to deploy, or at least its first seven digits.
      - If it is omitted, empty or V(HEAD), the head of the site's configured branch is deployed.
      - Not allowed for sites whose source is IPFS.
      - Mutually exclusive with O(retry_deploy_id).
    type: str
  force:
    description:
      - Whether to deploy even if the requested content is already published or being deployed.
    type: bool
    default: false
  retry_deploy_id:
    description:
      - ID of a failed or canceled deploy to build again.
      - The module does nothing if that deploy did not fail, or if a newer deploy of the same commit did not fail.
      - Mutually exclusive with O(commit) and O(force).
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_deploy_info
  - module: webops.paas.fleek_site
  - module: webops.paas.fleek_cache
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_deploy -a 'site=hello-fleek commit=8d1f0b6'

- name: Get the last two releases
  webops.paas.fleek_deploy_info:
    site: hello-fleek
    status: DEPLOYED
    limit: 2
  register: releases

- name: Roll back to the commit of the previous release
  webops.paas.fleek_deploy:
    site: hello-fleek
    commit: "{{ releases.deploys[1].commit }}"
    wait_timeout: 1800

- name: Create another site with the same content by its CID
  webops.paas.fleek_site:
    cid: "{{ releases.deploys[1].ipfs_hash }}"
  register: mirror

- name: Publish the content of the other site
  webops.paas.fleek_deploy:
    site_id: "{{ mirror.site.id }}"

- name: Show what deploying the head of the branch would change
  webops.paas.fleek_deploy:
    site: hello-fleek
  check_mode: true
  diff: true
  register: prediction
"""

RETURN = r"""
deploy:
  description:
    - Deploy with the requested content. In check mode, the deploy that would be started.
    - If the deploy failed, which also fails the task, C(log) contains the last lines of its log. Secrets are masked.
  returned: success
  type: dict
  sample:
    id: 5d7a9f0c-1b8e-4c5a-9f3e-2a6b7c8d9e0f
    status: DEPLOYED
    commit: 8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b
    branch: main
    message: New prices
    ipfs_hash: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
    published: true
    auto_publish: true
    started_at: "2026-11-20T08:15:30.000Z"
    completed_at: "2026-11-20T08:16:41.000Z"
    total_time: 71000
    preview_image: https://storageapi.fleek.co/fleek-team-bucket/site/preview.png
    log:
previous_deploy_id:
  description:
    - ID of the deploy that was published before. V(null) if none was published, or if the module started no deploy.
  returned: success
  type: str
  sample: 0c9e8d7f-6a5b-4c3d-8e1f-0a2b4c6d8e9f
previous_commit:
  description:
    - Commit of the deploy that was published before, for a rollback with O(commit). V(null) if it is not known.
  returned: success
  type: str
  sample: 1b3d5c7a9e1f2b8d1f0b6c3a5e7f9b2d4c6a8e0f
previous_ipfs_hash:
  description:
    - CID of the content that was published before. V(null) if it is not known.
  returned: success
  type: str
  sample: QmT5NvUtoM5nWFfrQdVrFtvGfKFmG7AHE8P34isapyhCxX
unknown_until_applied:
  description:
    - Keys of the result whose values only Fleek can provide. They are V(null) in check mode.
  returned: in check mode, if something would change or a deploy is in progress
  type: list
  elements: str
  sample: [id, status]
error:
  description:
    - Machine-readable details of the failure. If the deploy failed, C(error.code) is C(deploy_failed).
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: triggerDeploy
    status: 200
    code: nothing_made
"""

from ..module_utils._kernel.module import FLAG, WAIT_OPTIONS, JsonObject, Module, Operation, telling
from ..module_utils._core.checks import check_alone
from ..module_utils._fleek import api, deploys
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction

# What the result has of the deploy that is replaced.
PREVIOUS = {"previous_deploy_id": "id", "previous_commit": "commit", "previous_ipfs_hash": "ipfs_hash"}


# What only a deploy of a repository has.
OF_COMMITS = ("branch", "commit", "message")
# What a deploy that was just triggered does not have.
ENDED = ("completed_at", "ipfs_hash", "preview_image", "started_at", "total_time")


class Deploy(Operation[deploys.DeploysClient]):
    """The parent is the requested release."""

    def check_input(self) -> None:
        check_alone(self.params, "force", ["retry_deploy_id"])

    def plan(self) -> Plan:
        site = self.client.require_site(self.params)
        release = deploys.Release.of(self.client, site, self.params["commit"], self.params["retry_deploy_id"])
        standing = None if self.params["force"] else release.standing()
        if standing is None:
            return Plan([Change.keep(None, release), Change.create("deploy", release.target)])
        running = standing if deploys.is_running(standing) else None
        return Plan([Change.keep(None, release), Change.keep("deploy", standing)], join=running)

    def plan_without_parent(self) -> Plan:
        # Whether it is built from a repository or published from IPFS is not known either.
        release = deploys.Release(self.client, {}, self.params["commit"], ())
        return Plan([Change.keep(None, release), Change.create("deploy", {"commit": self.params["commit"] or UNKNOWN})])

    def predict(self, plan: Plan) -> Prediction:
        if plan.changed:
            blank, published = deploys.deploy_view({}), deploys.deploy_view(plan.parent.published)
            previous = {name: published[key] for name, key in PREVIOUS.items()}
            known = {"log", *(OF_COMMITS if self._is_from_ipfs(plan) else ()), *(() if self.params["wait"] else ENDED)}
            return Prediction({"deploy": blank, **previous}, sorted(blank.keys() - known))
        unknown = deploys.MOVING if plan.join else []
        view = {**deploys.deploy_view(plan.after["deploy"]), **dict.fromkeys(unknown)}
        return Prediction({"deploy": view, **dict.fromkeys(PREVIOUS)}, unknown)

    @staticmethod
    def _is_from_ipfs(plan: Plan) -> bool:
        return bool(plan.parent.site) and plan.parent.is_from_ipfs

    def diff(self, plan: Plan) -> Diff:
        published = deploys.deploy_view(plan.parent.published)
        # The same commit again is another deploy.
        target = {"id": UNKNOWN, **plan.after["deploy"]}
        return Diff({name: published[name] for name in target}, target)

    def apply(self, plan: Plan) -> JsonObject:
        release: deploys.Release = plan.parent
        return release.send()

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        release, result = plan.parent, self.predict(plan).result
        if not self.params["wait"]:
            return {**result, "deploy": deploys.deploy_view(plan.join or release.now(outcome["id"]))}
        with telling(result):
            deploy = release.follow(outcome["id"], self.patience)
        if plan.join:
            release.check_joined(deploy)
        return {**result, "deploy": deploys.deploy_view(deploy)}


MODULE = Module(
    Deploy,
    options=dict(
        **api.SITE_OPTIONS,
        commit=dict(type="str", check=deploys.check_commit),
        force=FLAG,
        retry_deploy_id=dict(type="str", check=api.check_reference, own_id=True),
        **WAIT_OPTIONS,
    ),
    required_one_of=[("site", "site_id")],
    mutually_exclusive=[("site", "site_id"), ("commit", "retry_deploy_id")],
)


if __name__ == "__main__":
    MODULE.run()
