#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_invalidation_info
version_added: 0.1.0
short_description: Get the status of CloudFront invalidations of a Flightcontrol service
description:
  - Answers how an invalidation of a CloudFront cache stands.
  - Sends one read.
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
      - The invalidation, as M(webops.paas.flightcontrol_invalidation) answers it.
    type: str
    required: true
seealso:
  - module: webops.paas.flightcontrol_invalidation
"""

EXAMPLES = r"""
- name: The site behind CloudFront
  webops.paas.flightcontrol_service_info:
    type: static
  register: sites

- name: Forget its pages
  webops.paas.flightcontrol_invalidation:
    service_id: "{{ sites.services[0].id }}"
    paths: [/*]
    wait: false
  register: purged

- name: How far that is
  webops.paas.flightcontrol_invalidation_info:
    invalidation_id: "{{ purged.invalidation.id }}"
  register: purge
"""

RETURN = r"""
invalidations:
  description:
    - The invalidation; empty when there is none with this id that the key may see.
    - No source tells in which form Flightcontrol answers the status, so C(status) is what is found under the names that
      Amazon uses, and V(null) where nothing is found. C(completed) is V(null) then, too.
  returned: success
  type: list
  elements: dict
  sample:
    - id: clcpd9bva0014c9oj5k2r7xqm
      status: Completed
      completed: true
error:
  description:
    - What failed, for machines.
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
