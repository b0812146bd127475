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
  - Starts a deploy of a Fleek site, unless what is asked for is published already, and waits until it is deployed.
  - With O(commit) nothing is done when a deploy of that commit is published. When one is on its way, the task waits for
    that one.
  - A site whose source is IPFS publishes the CID of its settings (see M(webops.paas.fleek_site)). Nothing is done when
    the published deploy has that content.
  - Where auto publishing is off, a finished deploy of the commit counts as done, with C(published=false) in RV(deploy).
    The API has no call that publishes it; somebody does so in Fleek's dashboard.
  - A run that changes nothing takes one read; one more when somebody else's deploy is the latest one.
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
      - Without O(commit), and with V(HEAD), each run deploys, since nobody but Fleek knows which commit that is.
      - With O(force=true) each run deploys. So does each run for a site on V(dfinity) whose source is IPFS, since its
        deploys do not tell their CID.
author:
  - webops.paas contributors (@webops-paas)
options:
  commit:
    description:
      - The commit to deploy, by its SHA or the first seven or more digits of it.
      - Omitted, empty or V(HEAD), it is the head of the branch that the site is configured for.
      - Not for sites whose source is IPFS.
    type: str
  force:
    description:
      - Deploys even when what is asked for is published or on its way.
    type: bool
    default: false
  retry_deploy_id:
    description:
      - A deploy that has failed or was cancelled, and is to be built once more, instead of O(commit).
      - Nothing is done when it did not fail, or when a newer deploy of the same commit did not.
      - Takes a read of the site's list of deploys besides that of the site.
    type: str
seealso:
  - module: webops.paas.fleek_deploy_info
  - module: webops.paas.fleek_site
  - module: webops.paas.fleek_cache
"""

EXAMPLES = r"""
- name: The last two releases
  webops.paas.fleek_deploy_info:
    site: hello-fleek
    status: DEPLOYED
    limit: 2
  register: releases

- name: The one before is published (again), by its commit
  webops.paas.fleek_deploy:
    site: hello-fleek
    commit: "{{ releases.deploys[1].commit }}"
    wait_timeout: 1800

- name: Another site has the same content, by its CID
  webops.paas.fleek_site:
    cid: "{{ releases.deploys[1].ipfs_hash }}"
  register: mirror

- name: It is published there as well
  webops.paas.fleek_deploy:
    site_id: "{{ mirror.site.id }}"

- name: What the head of the branch would do
  webops.paas.fleek_deploy:
    site: hello-fleek
  check_mode: true
"""

RETURN = r"""
deploy:
  description:
    - The deploy that has what was asked for after the task, or the one to come (check mode).
    - When it ended badly, and the task with it, C(log) has the last lines of its log, secrets masked.
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
    - The deploy that was published before the task; V(null) when there was none, and when the task has started no
      deploy.
  returned: success
  type: str
  sample: 0c9e8d7f-6a5b-4c3d-8e1f-0a2b4c6d8e9f
previous_commit:
  description:
    - Its commit, with which it can be deployed again; V(null) when there is none.
  returned: success
  type: str
  sample: 1b3d5c7a9e1f2b8d1f0b6c3a5e7f9b2d4c6a8e0f
previous_ipfs_hash:
  description:
    - The CID of its content; V(null) when there is none.
  returned: success
  type: str
  sample: QmT5NvUtoM5nWFfrQdVrFtvGfKFmG7AHE8P34isapyhCxX
unknown_until_applied:
  description:
    - Keys of the result that only Fleek can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change or is on its way
  type: list
  elements: str
  sample: [id, status]
error:
  description:
    - What failed, for machines. A deploy that ended badly has the code C(deploy_failed).
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: triggerDeploy
    status: 200
    code: nothing_made
"""

from ..module_utils._kernel.module import FLAG, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, telling
from ..module_utils._fleek import api, deploys
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction

# What the result tells of the deploy that is replaced.
PREVIOUS = {"previous_deploy_id": "id", "previous_commit": "commit", "previous_ipfs_hash": "ipfs_hash"}


# What only a deploy of a repository has.
OF_COMMITS = ("branch", "commit", "message")
# What a deploy that was just triggered does not have.
ENDED = ("completed_at", "ipfs_hash", "preview_image", "started_at", "total_time")


class Deploy(Operation[deploys.DeploysClient]):
    """The parent is the release that is asked for."""

    def check_input(self) -> None:
        if self.params["force"] and self.params["retry_deploy_id"]:
            raise InvalidInput(
                "force", "force and retry_deploy_id do not go together: a retry is of a deploy that has failed."
            )

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
        target = plan.after["deploy"] if plan.changed else {}
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
