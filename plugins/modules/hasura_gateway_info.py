#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_gateway_info
version_added: 0.1.0
short_description: List the IP addresses from which Hasura Cloud connects to databases
description:
  - Returns the regions of Hasura Cloud, each with the IP address from which it connects to databases and webhooks. Use
    it for the allow list of a firewall.
  - B(Preview:) Hasura does not document this request. It is known from the schema of Hasura's console and from a
    Terraform provider.
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_hasura
author:
  - webops.paas contributors (@webops-paas)
options:
  cloud:
    description:
      - Cloud whose regions are returned, for example V(aws).
    type: str
  region:
    description:
      - Name of the region to return, for example V(us-east-2).
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_gateway_info -a cloud=aws

- name: Get the outgoing addresses of the region
  webops.paas.hasura_gateway_info:
    cloud: aws
    region: us-east-2
  register: outgoing

- name: Show the addresses that the database's firewall must allow
  ansible.builtin.debug:
    msg: "{{ outgoing.gateways | map(attribute='nat_ip') | list }}"
"""

RETURN = r"""
gateways:
  description:
    - Regions that match, sorted by cloud and region. Empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    cloud:
      description: Cloud of the region.
      type: str
      sample: aws
    region:
      description: Name of the region.
      type: str
      sample: us-east-2
    nat_ip:
      description: IP address from which connections come.
      type: str
      sample: 203.0.113.10
  sample:
    - cloud: aws
      region: us-east-2
      nat_ip: 203.0.113.10
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: region
    method: POST
    path: /v1/graphql
    status: 200
    code: invalid
    platform_code: validation-failed
    request_id:
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._hasura.tenants import TenantClient


class GatewayInfo(Info[TenantClient]):
    key = "gateways"

    def fetch(self) -> list[JsonObject]:
        found = [
            {"cloud": row["cloud"], "region": row["name"], "nat_ip": row["nat_ip"]} for row in self.client.regions()
        ]
        found = [row for row in found if all(self.params[key] in (None, row[key]) for key in ("cloud", "region"))]
        return sorted(found, key=lambda row: (row["cloud"], row["region"], row["nat_ip"]))


MODULE = Module(GatewayInfo, options=dict(cloud=STR, region=STR))


if __name__ == "__main__":
    MODULE.run()
