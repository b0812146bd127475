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
  - Invalidates paths in the CloudFront cache of a service and waits until the invalidation is complete.
  - B(Preview:) The request that O(wait=true) polls is known only from an OpenAPI description that a third party
    publishes, and its response is not documented. Starting an invalidation is documented by Flightcontrol.
  - If the response is lost, the module sends the invalidation again. This is harmless, but Amazon charges for each path
    beyond the first 1000 in a month.
  - Check mode sends no request.
  - Each run sends one request to start the invalidation, and with O(wait=true) polls it.
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
      - Shows the requested paths.
  idempotent:
    support: none
    details:
      - What a cache holds cannot be read, so each run invalidates the paths.
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - ID of the service. It must be served through CloudFront.
    type: str
    required: true
  paths:
    description:
      - Paths to invalidate. Each must begin with V(/), and V(*) is allowed only as the last character.
      - V(/*) invalidates all paths.
      - Non-ASCII characters and those that are not safe in a URL must be percent-encoded.
    type: list
    elements: str
    required: true
  wait:
    description:
      - Whether to wait until the invalidation is complete.
      - The response with its status is not documented. If the module finds no status in it, it warns and does not wait.
    type: bool
    default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_invalidation_info
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_invalidation -a 'service_id=clcpcxekt000lc9ojqtgtc26y paths=/*'

- name: List the static sites
  webops.paas.flightcontrol_service_info:
    type: static
  register: sites

- name: Invalidate the start page and the prices
  webops.paas.flightcontrol_invalidation:
    service_id: "{{ sites.services[0].id }}"
    paths:
      - /index.html
      - /prices/*

- name: Invalidate all paths of all static sites
  webops.paas.flightcontrol_invalidation:
    service_id: "{{ item.id }}"
    paths: [/*]
  loop: "{{ sites.services }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
invalidation:
  description:
    - The invalidation. C(status) and C(completed) are V(null) with O(wait=false), and if no status is found.
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
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
  returned: in check mode
  type: list
  elements: str
  sample: [completed, id, status]
error:
  description:
    - Machine-readable details of the failure.
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
            raise InvalidInput("paths", "`paths` must not be empty. To invalidate all paths, use /*.")

    def plan(self) -> Plan:
        # Amazon rejects duplicate paths.
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
