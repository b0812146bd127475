#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_scaling_info
version_added: 0.1.0
short_description: Get the instance count of a Flightcontrol service
description:
  - Returns how many instances of a service are desired and running, and the limits of its autoscaler.
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_flightcontrol
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - ID of the service.
    type: str
    required: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_scaling
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_scaling_info -a service_id=clcpcxekt000lc9ojqtgtc26y

- name: List the workers
  webops.paas.flightcontrol_service_info:
    type: worker
    environment_type: standard
  register: workers

- name: Get the instance counts of all workers
  webops.paas.flightcontrol_scaling_info:
    service_id: "{{ item.id }}"
  loop: "{{ workers.services }}"
  loop_control:
    label: "{{ item.name }}"
  register: instances
"""

RETURN = r"""
scalings:
  description:
    - List with the scaling of the service, in the format of M(webops.paas.flightcontrol_scaling).
    - Empty if the service does not exist or cannot be scaled, or if the API does not have this request. Services of the
      types web, private web, worker and network server can be scaled.
  returned: success
  type: list
  elements: dict
  sample:
    - service_id: clcpcxekt000lc9ojqtgtc26y
      desired_instances: 2
      current_instances: 2
      running_instances: 2
      pending_instances: 0
      autoscaling_enabled: true
      min_instances: 1
      max_instances: 4
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: getScaling
    method: GET
    path: /v1/services/clcpcxekt000lc9ojqtgtc26y/scaling
    status: 403
    code: forbidden
    platform_code: FC:Request:Error:FORBIDDEN
    request_id:
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._flightcontrol import api, scaling


class ScalingInfo(Info[scaling.ScalingClient]):
    key = "scalings"

    def fetch(self) -> list[JsonObject]:
        found = self.client.get_scaling(self.params["service_id"])
        return [] if found is None else [scaling.scaling_view(found)]


MODULE = Module(ScalingInfo, options=dict(service_id=api.REQUIRED_ID))


if __name__ == "__main__":
    MODULE.run()
