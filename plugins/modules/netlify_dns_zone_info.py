#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_dns_zone_info
version_added: 0.1.0
short_description: List Netlify DNS zones and their records
description:
  - Returns the Netlify DNS zones that match, with their records, always as a list.
  - Sends one request with O(name), otherwise one for each page of 100 zones.
  - If there are several pages, up to two more requests detect that zones were created or deleted meanwhile; then the
    module reads the list again.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  name:
    description:
      - Domain of the zone to return. The list is empty if the zone does not exist.
    type: str
    aliases: [zone]
  account_slug:
    description:
      - Slug of the team whose zones to return. If it is not set, the module returns the zones of all teams that the
        token has access to.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_dns_guide
    description: Recipes for DNS zones and records.
  - module: webops.paas.netlify_dns_zone
  - module: webops.paas.netlify_dns_record
"""

EXAMPLES = r"""
# Show all zones from the command line:
# ansible localhost -m webops.paas.netlify_dns_zone_info

- name: Get a zone and its records
  webops.paas.netlify_dns_zone_info:
    name: example.com
  register: found

- name: Show the IPv4 addresses in the zone
  ansible.builtin.debug:
    msg: "{{ found.dns_zones[0].records | selectattr('type', 'eq', 'A')
      | items2dict(key_name='hostname', value_name='value') }}"
"""

RETURN = r"""
dns_zones:
  description:
    - The zones that match, each as M(webops.paas.netlify_dns_zone) returns it; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d2e
      name: example.com
      account_id: 5f0c1b2a9d8e7f6a5b4c3d2f
      account_slug: my-team
      account_name: My Team
      site_id:
      ipv6_enabled: false
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:30.000Z"
      dns_servers: [dns1.p01.nsone.net, dns2.p01.nsone.net, dns3.p01.nsone.net, dns4.p01.nsone.net]
      records:
        - id: 5f0c1b2a9d8e7f6a5b4c3d30
          type: A
          hostname: www.example.com
          value: 192.0.2.10
          ttl: 3600
          priority:
          weight:
          port:
          flag:
          tag:
          managed: false
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: getDnsZone
    method: GET
    path: /api/v1/dns_zones/example.com
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._core import domains
from ..module_utils._netlify import dns


class DnsZoneInfo(Info[dns.DnsClient]):
    key = "dns_zones"

    def fetch(self) -> list[JsonObject]:
        name, team = self.params["name"], self.params["account_slug"]
        zones = (
            self.client.list_dns_zones(team, whole=True)
            if name is None
            else [self.client.get_dns_zone(domains.normal(name))]
        )
        return [dns.zone_view(zone) for zone in zones if zone and team in (None, zone.get("account_slug"))]


MODULE = Module(
    DnsZoneInfo, options=dict(name=dict(type="str", aliases=["zone"], check=domains.check_domain), account_slug=STR)
)


if __name__ == "__main__":
    MODULE.run()
