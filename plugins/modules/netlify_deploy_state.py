#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_state
version_added: 0.1.0
short_description: Cancel or delete a deploy of a Netlify site
description:
  - Cancels a deploy that is not ready yet, or deletes a deploy. The live deploy is never deleted.
  - A converged run sends one request.
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
  deploy_id:
    description:
      - ID of the deploy.
    type: str
    required: true
  state:
    description:
      - Whether the deploy should be canceled or deleted.
      - V(canceled) cancels a deploy that is in progress. It leaves a deploy alone that has already failed. The task
        fails if the deploy is ready or does not exist.
      - V(absent) deletes the deploy. A deleted deploy cannot be restored.
    type: str
    choices: [canceled, absent]
    required: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, among them releases, previews and rollbacks.
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_deploy_info
  - module: webops.paas.netlify_deploy_prune
"""

EXAMPLES = r"""
# Delete a deploy from the command line:
# ansible localhost -m webops.paas.netlify_deploy_state -a "deploy_id=52465f435803544542000001 state=absent"

- name: Find deploys that wait for files
  webops.paas.netlify_deploy_info:
    site: webops-paas-shop
    state: uploading
  register: unfinished

- name: Cancel the unfinished deploys
  webops.paas.netlify_deploy_state:
    deploy_id: "{{ item.id }}"
    state: canceled
  loop: "{{ unfinished.deploys }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
deploy:
  description:
    - The deploy after the task, or the predicted one in check mode; V(null) if it does not exist.
  returned: success
  type: dict
  sample:
    id: 52465f435803544542000001
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    state: error
    title: Release 1
    branch: main
    context: production
    draft: false
    locked: false
    error_message: Canceled build
    url: http://webops-paas-shop.netlify.app
    ssl_url: https://webops-paas-shop.netlify.app
    deploy_url: http://52465f435803544542000001--webops-paas-shop.netlify.app
    deploy_ssl_url: https://52465f435803544542000001--webops-paas-shop.netlify.app
    admin_url: https://app.netlify.com/projects/webops-paas-shop
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:41.000Z"
    published_at:
    commit_ref:
    deploy_source: api
    functions: []
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
    operation: deleteDeploy
    method: DELETE
    path: /api/v1/deploys/52465f435803544542000001
    status: 405
    code: invalid
    platform_code: 405
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import JsonObject, Module, Operation
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, deploys


class DeployState(Operation[deploys.DeploysClient]):
    def plan(self) -> Plan:
        deploy = self.client.get_deploy(self.params["deploy_id"])
        if self.params["state"] == "absent":
            deploys.check_not_live(self.client, deploy)
            return Plan([Change.delete("deploy", deploy)] if deploy else [])
        deploy = deploys.cancelable(deploy, self.params["deploy_id"])
        has_ended = deploy["state"] in deploys.BAD_STATES
        return Plan([Change.to("deploy", deploy, deploy if has_ended else {**deploy, "state": "canceled"})])

    def plan_without_parent(self) -> Plan:
        if self.params["state"] == "absent":
            return Plan()
        deploy = dict.fromkeys(deploys.deploy_view({}), UNKNOWN)
        return Plan([Change.update("deploy", deploy, deploy)])

    def predict(self, plan: Plan) -> Prediction:
        if self.params["deploy_id"] is UNKNOWN:
            return Prediction({"deploy": plan.after.get("deploy")})
        deploy = plan.after.get("deploy")
        moving = deploys.CANCELED if plan.changed and deploy else []
        return Prediction({"deploy": deploy and {**deploys.deploy_view(deploy), **dict.fromkeys(moving)}}, moving)

    def diff(self, plan: Plan) -> Diff:
        before = {key: plan.before["deploy"][key] for key in ("id", "state")}
        return Diff(before, {**before, "state": "canceled"} if plan.after else {})

    def apply(self, plan: Plan) -> JsonObject | None:
        if self.params["state"] == "canceled":
            return deploys.cancel(self.client, self.params["deploy_id"])
        self.client.delete_deploy(self.params["deploy_id"])
        return None

    def settle(self, plan: Plan, outcome: JsonObject | None) -> JsonObject:
        return {"deploy": outcome and deploys.deploy_view(outcome)}


MODULE = Module(
    DeployState,
    options=dict(
        deploy_id=dict(api.REQUIRED_ID, parent=True),
        state=dict(type="str", choices=["canceled", "absent"], required=True),
    ),
)


if __name__ == "__main__":
    MODULE.run()
