#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_gateway_info
version_added: 0.1.0
short_description: Get the IP addresses from which Hasura Cloud connects to databases
description:
  - Answers the regions of Hasura Cloud with the address that its calls to databases and webhooks come from, for the
    allow-list of a firewall.
  - One read.
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
      - Only regions of this cloud, for example V(aws).
    type: str
  region:
    description:
      - Only regions of this name, for example V(us-east-2).
    type: str
seealso:
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
- name: Where the calls of the shop's tenant come from
  webops.paas.hasura_gateway_info:
    cloud: aws
    region: us-east-2
  register: there

- name: To be let in by the database's firewall
  ansible.builtin.debug:
    msg: "{{ there.gateways | map(attribute='nat_ip') | list }}"
"""

RETURN = r"""
gateways:
  description:
    - The regions that match, by cloud and name; empty when none does.
  returned: success
  type: list
  elements: dict
  contains:
    cloud:
      description: The cloud.
      type: str
    region:
      description: The region.
      type: str
    nat_ip:
      description: The address.
      type: str
  sample:
    - cloud: aws
      region: us-east-2
      nat_ip: 203.0.113.10
error:
  description:
    - What failed, for machines.
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
