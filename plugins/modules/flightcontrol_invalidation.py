#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_invalidation
version_added: 0.1.0
short_description: Invalidate CloudFront paths of a Flightcontrol service
description:
  - Invalidates paths in the CloudFront cache of a service, and waits until that is done.
  - After a lost answer it is sent again. Forgetting twice does no harm, but Amazon charges for each path beyond the
    first thousand of a month.
  - Check mode sends no request at all.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_flightcontrol
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows what is asked for. What a cache holds cannot be read.
  idempotent:
    support: none
    details:
      - What a cache holds cannot be read, so each run invalidates the paths again.
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - The service, one that is served through CloudFront.
    type: str
    required: true
  paths:
    description:
      - The paths, by the rules of Amazon. They begin with V(/), and a V(*) is their last character. V(/*) is all.
      - What is not ASCII, and what is not safe in a URL, is percent-encoded.
    type: list
    elements: str
    required: true
  wait:
    description:
      - Whether the task waits until CloudFront has forgotten them.
      - No source tells in which form Flightcontrol answers the status. Where none is found in the answer, the module
        warns and does not wait.
    type: bool
    default: true
seealso:
  - module: webops.paas.flightcontrol_invalidation_info
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
- name: The site behind CloudFront
  webops.paas.flightcontrol_service_info:
    type: static
  register: sites

- name: Forget its start page and its prices
  webops.paas.flightcontrol_invalidation:
    service_id: "{{ sites.services[0].id }}"
    paths:
      - /index.html
      - /prices/*
"""

RETURN = r"""
invalidation:
  description:
    - The invalidation. C(status) and C(completed) are V(null) without O(wait), and where no status is found.
  returned: success
  type: dict
  sample:
    id: clcpd9bva0014c9oj5k2r7xqm
    service_id: clcpcxekt000lc9ojqtgtc26y
    paths: [/index.html, /prices/*]
    status: Completed
    completed: true
unknown_until_applied:
  description:
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [completed, id, status]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: createCloudFrontInvalidation
    method: POST
    path: /v1/services/clcpcxekt000lc9ojqtgtc26y/cloudfront/invalidation
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from ..module_utils._kernel.module import WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation
from ..module_utils._flightcontrol import api, invalidations
from ..module_utils._kernel.plan import Change, Plan, Prediction


class Invalidation(Operation[invalidations.InvalidationsClient]):
    def check_input(self) -> None:
        if not self.params["paths"]:
            raise InvalidInput("paths", "paths must have one path at least; /* is all.")

    def plan(self) -> Plan:
        # Amazon refuses a path that is there twice.
        return Plan([Change.create("paths", sorted(set(self.params["paths"])))])

    def predict(self, plan: Plan) -> Prediction:
        unknown = ["completed", "id", "status"] if self.params["wait"] else ["id"]
        view = {**dict.fromkeys(("completed", "id", "status")), "service_id": self.params["service_id"], **plan.after}
        return Prediction({"invalidation": view}, unknown)

    def apply(self, plan: Plan) -> str:
        return self.client.create_invalidation(self.params["service_id"], plan.after["paths"])

    def settle(self, plan: Plan, outcome: str) -> JsonObject:
        view: JsonObject = {"id": outcome}
        if self.params["wait"]:
            view = invalidations.ended(self.client, outcome, self.patience, self.warn)
        return {"invalidation": {**self.predict(plan).result["invalidation"], **view}}


MODULE = Module(
    Invalidation,
    options=dict(
        service_id=api.REQUIRED_ID,
        paths=dict(type="list", elements="str", required=True, check=invalidations.check_path),
        **WAIT_OPTIONS,
    ),
)


if __name__ == "__main__":
    MODULE.run()
