#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_dns_zone
version_added: 0.1.0
short_description: Manage Netlify DNS zones
description:
  - Creates and deletes a Netlify DNS zone, and returns its name servers and records.
  - A new zone has no effect on visitors until the domain is delegated to its name servers at the registrar. Create all
    records first; see M(webops.paas.netlify_dns_record).
  - Deleting a zone also deletes its records.
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
  name:
    description:
      - Domain of the zone. The case and a trailing dot are ignored.
    type: str
    required: true
    aliases: [zone]
  account_slug:
    description:
      - Slug of the team that owns the zone. The module cannot change it after creation. The task fails if another team
        owns the zone.
      - If it is not set, Netlify chooses the team of the token's user.
      - Before the module creates a zone, also in check mode, it sends another request to check that the team exists.
    type: str
  ipv6_enabled:
    description:
      - Whether the names of Netlify's sites in the zone should have IPv6 addresses. The module can enable IPv6, but
        Netlify has no documented request to disable it.
      - B(Preview:) The request is known only from the API description in Netlify's Terraform provider.
    type: bool
  state:
    description:
      - Whether the zone should exist.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_dns_guide
    description: Recipes for DNS zones and records.
  - module: webops.paas.netlify_dns_record
  - module: webops.paas.netlify_dns_zone_info
"""

EXAMPLES = r"""
# Create a zone from the command line:
# ansible localhost -m webops.paas.netlify_dns_zone -a name=example.com

- name: Create the DNS zone
  webops.paas.netlify_dns_zone:
    name: example.com
    ipv6_enabled: true
  register: zone

- name: Show the name servers to enter at the registrar
  ansible.builtin.debug:
    msg: "{{ zone.dns_zone.dns_servers }}"
"""

RETURN = r"""
dns_zone:
  description:
    - The zone after the task, or the predicted one in check mode; V(null) if it does not exist.
    - Its records include those that Netlify manages for its sites. Their C(managed) is V(true).
  returned: success
  type: dict
  sample:
    id: 5f0c1b2a9d8e7f6a5b4c3d2e
    name: example.com
    account_id: 5f0c1b2a9d8e7f6a5b4c3d2f
    account_slug: my-team
    account_name: My Team
    site_id:
    ipv6_enabled: true
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
    dns_servers: [dns1.p01.nsone.net, dns2.p01.nsone.net, dns3.p01.nsone.net, dns4.p01.nsone.net]
    records:
      - id: 5f0c1b2a9d8e7f6a5b4c3d30
        type: MX
        hostname: example.com
        value: mail.example.com
        ttl: 3600
        priority: 10
        weight:
        port:
        flag:
        tag:
        managed: false
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [account_id, account_name, created_at, dns_servers, id, records, site_id, updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createDnsZone
    method: POST
    path: /api/v1/dns_zones
    status: 422
    code: zone_taken
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, JsonObject, Module, Resource
from ..module_utils._core import domains
from ..module_utils._netlify import api, dns, zones


class DnsZone(Resource[dns.DnsClient]):
    key = "dns_zone"
    members = zones.ZONES
    always_recomputed = ("updated_at",)
    of_new = {"site_id": None}
    fields = {
        "name": Field("str", required=True, aliases=["zone"], check=domains.check_domain),
        "account_slug": Field("str", create_only=True),
        "ipv6_enabled": Field("bool", recomputes=("records",)),
    }

    @classmethod
    def named(cls, params: JsonObject) -> JsonObject:
        return {**params, "name": domains.normal(params["name"])}

    def wanted(self, current: JsonObject | None) -> JsonObject:
        return {**super().wanted(current), "name": domains.normal(self.params["name"])}

    def view(self, state: JsonObject) -> JsonObject:
        return dns.zone_view(state)

    def read(self) -> JsonObject | None:
        return self.client.get_dns_zone(domains.normal(self.params["name"]))

    def check_new(self) -> None:
        self.client.check_team(self.params["account_slug"])

    def create(self, wanted: JsonObject) -> JsonObject:
        with zones.explained(wanted["name"]), api.below_team(self.params["account_slug"]):
            return self.client.create_dns_zone({key: wanted[key] for key in ("name", "account_slug") if key in wanted})

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        return dns.set_ipv6(self.client, current, changes["ipv6_enabled"])

    def delete(self, current: JsonObject) -> None:
        self.client.delete_dns_zone(current["id"])


MODULE = Module(DnsZone)


if __name__ == "__main__":
    MODULE.run()
