#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_invalidation_info
version_added: 0.1.0
short_description: Get the status of a CloudFront invalidation of a Flightcontrol service
description:
  - Returns the status of an invalidation that M(webops.paas.flightcontrol_invalidation) started.
  - B(Preview:) The request is known only from an OpenAPI description that a third party publishes, and its response is
    not documented.
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
  invalidation_id:
    description:
      - ID of the invalidation. M(webops.paas.flightcontrol_invalidation) returns it.
    type: str
    required: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_invalidation
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_invalidation_info -a invalidation_id=clcpd9bva0014c9oj5k2r7xqm

- name: List the static sites
  webops.paas.flightcontrol_service_info:
    type: static
  register: sites

- name: Invalidate all paths without waiting
  webops.paas.flightcontrol_invalidation:
    service_id: "{{ sites.services[0].id }}"
    paths: [/*]
    wait: false
  register: purged

- name: Get the status of the invalidation
  webops.paas.flightcontrol_invalidation_info:
    invalidation_id: "{{ purged.invalidation.id }}"
  register: purge
"""

RETURN = r"""
invalidations:
  description:
    - List with the invalidation. Empty if it does not exist or the key cannot access it.
    - C(status) is read from the keys that Amazon's API uses, because Flightcontrol does not document its response.
      C(status) and C(completed) are V(null) if it is not found.
  returned: success
  type: list
  elements: dict
  sample:
    - id: clcpd9bva0014c9oj5k2r7xqm
      status: Completed
      completed: true
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: getCloudFrontInvalidationStatus
    method: GET
    path: /v1/cloudfront/invalidation/clcpd9bva0014c9oj5k2r7xqm
    status: 401
    code: unauthorized
    platform_code: FC:Request:Error:UNAUTHORIZED
    request_id:
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._flightcontrol import api, invalidations


class InvalidationInfo(Info[invalidations.InvalidationsClient]):
    key = "invalidations"

    def fetch(self) -> list[JsonObject]:
        found = self.client.get_invalidation(self.params["invalidation_id"])
        return [] if found is None else [found]


MODULE = Module(InvalidationInfo, options=dict(invalidation_id=api.REQUIRED_ID))


if __name__ == "__main__":
    MODULE.run()
