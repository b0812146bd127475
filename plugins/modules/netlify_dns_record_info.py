#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_dns_record_info
version_added: 1.0.0
short_description: List the records of a Netlify DNS zone
description:
  - Returns the DNS records of a zone that match, always as a list.
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  zone:
    description:
      - Name or ID of the zone. The task fails if the zone does not exist.
    type: str
    required: true
    aliases: [zone_id]
  type:
    description:
      - Type of the records to return. V(NETLIFY) and V(NETLIFYv6) are the records that Netlify manages for its sites.
      - If it is not specified, the module returns records of all types.
    type: str
    choices: [A, AAAA, ALIAS, CAA, CNAME, HTTPS, MX, NS, SPF, SRV, TXT, NETLIFY, NETLIFYv6]
  hostname:
    description:
      - Name of the records to return, with or without the name of the zone. V(@) is the zone itself.
      - If it is not specified, the module returns records of all names.
    type: str
    aliases: [record]
seealso:
  - module: webops.paas.netlify_dns_record
  - module: webops.paas.netlify_dns_zone_info
  - ref: ansible_collections.webops.paas.docsite.netlify_dns_guide
    description: Recipes for DNS zones and records.
"""

EXAMPLES = r"""
# Show the mail servers of a domain from the command line:
# ansible localhost -m webops.paas.netlify_dns_record_info -a 'zone=example.com type=MX'

- name: Get the addresses of the website
  webops.paas.netlify_dns_record_info:
    zone: example.com
    type: A
    hostname: www
  register: found

- name: Show the addresses
  ansible.builtin.debug:
    msg: "{{ found.dns_records | map(attribute='value') }}"
"""

RETURN = r"""
dns_records:
  description:
    - The records that match, each as M(webops.paas.netlify_dns_record) returns it; empty if none matches.
    - C(managed) is V(true) for records that Netlify manages for its sites, and that cannot be changed.
    - Records are sorted by C(hostname), C(type) and C(value).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d30
      type: MX
      hostname: example.com
      value: mx1.example.net
      ttl: 3600
      priority: 10
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


class DnsRecordInfo(Info[dns.DnsClient]):
    key = "dns_records"

    def check_input(self) -> None:
        dns.check_zone(self.params["zone"], self.params["hostname"])

    def fetch(self) -> list[JsonObject]:
        kind, hostname = self.params["type"], self.params["hostname"]
        zone, records = dns.zone_and_records(self.client, self.params["zone"])
        whole = None if hostname is None else dns.hostname_in(zone["name"], hostname)
        return [
            record
            for record in dns.in_order(records)
            if kind in (None, record["type"]) and whole in (None, domains.normal(record["hostname"]))
        ]


MODULE = Module(
    DnsRecordInfo,
    options=dict(
        zone=dns.ZONE,
        type=dict(type="str", choices=[*dns.TYPES, *dns.MANAGED_TYPES]),
        hostname=dict(STR, aliases=["record"]),
    ),
)


if __name__ == "__main__":
    MODULE.run()
