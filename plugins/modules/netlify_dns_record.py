#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_dns_record
version_added: 0.1.0
short_description: Manage Netlify DNS records
description:
  - Creates, updates and deletes records in a Netlify DNS zone.
  - A name can have several records of one type, for example addresses, mail servers or texts. The module therefore
    identifies a record by its type, name and value, and another value adds a record. To replace records, use
    O(replaces) or O(solo=true). A record of type V(CNAME) or V(ALIAS) always replaces the others of its type and name,
    because a name can have only one.
  - If there are several identical records, for example after two runs at the same time, the module keeps one of them.
  - Netlify cannot update a record. The module creates the new record first and then deletes the old one, so the name
    is never without a record.
  - Netlify can refuse the new record because of the old one (another V(CNAME) or V(ALIAS), or one with the same value).
    The module then creates the new record at the name C(_webops-paas-check) below the hostname, and deletes it there
    again. Only if Netlify accepts it there, the module deletes the old record and creates the new one at once. If that
    fails, the module restores the old record.
  - If a run is interrupted, the next run completes the change.
  - The module does not change records that Netlify manages for its sites (types C(NETLIFY) and C(NETLIFYv6)).
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
  zone:
    description:
      - Domain or ID of the zone. The task fails if the zone does not exist.
    type: str
    required: true
    aliases: [zone_id]
  type:
    description:
      - Type of the record.
    type: str
    choices: [A, AAAA, ALIAS, CAA, CNAME, HTTPS, MX, NS, SPF, SRV, TXT]
    required: true
  hostname:
    description:
      - Name of the record. V(@) is the zone itself, and V(*) is the wildcard of the zone.
      - The zone is appended to a name that does not end in it. A name with a trailing dot must be in the zone.
    type: str
    required: true
    aliases: [record]
  value:
    description:
      - Value of the record, for example an address, a host name or a text. The case and a trailing dot of host names
        are ignored.
      - Netlify stores texts unchanged, including quotes. Specify a text without double quotes around it, and a long
        text in one piece. The module warns about a quoted text, and about a second SPF, DMARC, MTA-STS or TLS-RPT
        record of the same name.
      - Required with O(state=present). With O(state=absent) and no value, the module deletes all records of the type
        and name.
    type: str
  ttl:
    description:
      - Time to live in seconds, for which resolvers can cache the record. If it is not set, an existing record keeps
        its TTL, and Netlify gives a new record 3600.
    type: int
  priority:
    description:
      - Priority of the record. Required for V(MX) and V(SRV), and not supported for other types.
      - Netlify refuses a null V(MX) record.
    type: int
  weight:
    description:
      - Weight of the record. Required for V(SRV) and V(HTTPS), and not supported for other types.
    type: int
  port:
    description:
      - Port of the service. Required for V(SRV), and not supported for other types.
    type: int
  flag:
    description:
      - Flag of a V(CAA) record, usually 0. Required for V(CAA), and not supported for other types.
    type: int
  tag:
    description:
      - Property of a V(CAA) record, for example V(issue), V(issuewild), V(issuemail) or V(iodef). Required for V(CAA),
        and not supported for other types.
    type: str
  target:
    description:
      - Host name that an V(HTTPS) record points to, or V(.) for the name itself. Required for V(HTTPS), and not
        supported for other types.
      - Netlify does not return the target. The module sends it when it creates the record, and does not compare it.
      - B(Preview:) Records of the type V(HTTPS) are known only from the API description in Netlify's Terraform
        provider.
    type: str
  solo:
    description:
      - Whether the record should be the only one of its type and name. The module deletes all others.
    type: bool
    default: false
  replaces:
    description:
      - Value of the records of the same type and name that this record replaces. It can be a pattern with the wildcards
        C(*), C(?) and C([abc]). It is case-sensitive.
      - Mutually exclusive with O(solo=true). Ignored with O(state=absent).
    type: str
  state:
    description:
      - Whether the record should exist. V(absent) uses only O(type), O(hostname) and O(value) to find the record.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_dns_guide
    description: Recipes for DNS zones and records.
  - module: webops.paas.netlify_dns_zone
  - module: webops.paas.netlify_dns_zone_info
"""

EXAMPLES = r"""
# Create a record from the command line:
# ansible localhost -m webops.paas.netlify_dns_record -a "zone=example.com type=A hostname=www value=192.0.2.10"

- name: Create the MX records of the domain
  webops.paas.netlify_dns_record:
    zone: example.com
    type: MX
    hostname: "@"
    value: "{{ item.host }}"
    priority: "{{ item.priority }}"
  loop:
    - {host: mx1.example.net, priority: 10}
    - {host: mx2.example.net, priority: 20}

- name: Change the SPF record and keep all other texts of the zone
  webops.paas.netlify_dns_record:
    zone: example.com
    type: TXT
    hostname: "@"
    value: v=spf1 include:mail.example.net ~all
    replaces: v=spf1*

- name: Set the only address of the shop
  webops.paas.netlify_dns_record:
    zone: example.com
    type: A
    hostname: shop
    value: 192.0.2.10
    ttl: 300
    solo: true

- name: Point the blog to another host
  webops.paas.netlify_dns_record:
    zone: example.com
    type: CNAME
    hostname: blog
    value: blog.example.net

- name: Delete all addresses of the old mail server
  webops.paas.netlify_dns_record:
    zone: example.com
    type: A
    hostname: mail
    state: absent
"""

RETURN = r"""
dns_record:
  description:
    - The record after the task, or the predicted one in check mode; V(null) if it does not exist.
  returned: success
  type: dict
  sample:
    id: 5f0c1b2a9d8e7f6a5b4c3d30
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
deleted:
  description:
    - The records that the task deleted, or would delete in check mode, such as a replaced record.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1b2a9d8e7f6a5b4c3d31
      type: MX
      hostname: example.com
      value: mx1.example.net
      ttl: 300
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
  sample: [id, ttl]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createDnsRecord
    method: POST
    path: /api/v1/dns_zones/5f0c1b2a9d8e7f6a5b4c3d2e/dns_records
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Iterator

from ..module_utils._kernel.module import FLAG, INT, STATE, STR, JsonObject, Module, Operation
from ..module_utils._core import domains
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction
from ..module_utils._netlify import dns, records


class DnsRecord(Operation[dns.DnsClient]):
    """Netlify cannot update a record. The plan has the record that stays or is created, and those that it replaces.

    Not a Collection, because the order of creation and deletion depends on which records Netlify allows side by side.
    """

    stage = "state"
    members = records.RECORDS
    named_by = ("type", "hostname", "value", "target", "tag")

    @classmethod
    def named(cls, params: JsonObject) -> JsonObject:
        zone, hostname = domains.normal(params["zone"]), params["hostname"]
        return {**params, "hostname": dns.hostname_in(zone, hostname) if dns.is_named(zone) else hostname}

    def check_input(self) -> None:
        dns.check_zone(self.params["zone"], self.params["hostname"])
        if self.params["state"] == "present":
            dns.check_record(self.params)

    def plan(self) -> Plan:
        return self._plan(*dns.zone_and_records(self.client, self.params["zone"]))

    def plan_without_parent(self) -> Plan:
        zone = self.params["zone"]
        return self._plan({"id": UNKNOWN, "name": domains.normal(zone) if dns.is_named(zone) else UNKNOWN}, [])

    def _plan(self, zone: JsonObject, records: list[JsonObject]) -> Plan:
        hostname = UNKNOWN if zone["name"] is UNKNOWN else dns.hostname_in(zone["name"], self.params["hostname"])
        declaration = dns.Declaration(self.params, hostname)
        kept, made, old = declaration.steps(records)
        for doubt in declaration.doubts(
            [*(record for record in records if record not in old), *([made] if made else [])]
        ):
            self.warn(doubt)
        stays = [Change.keep(kept["id"], kept)] if kept else [Change.create("new", made)] if made else []
        return Plan([Change.keep(None, zone["id"]), *stays, *(Change.delete(record["id"], record) for record in old)])

    def predict(self, plan: Plan) -> Prediction:
        record = next(_views(plan.after), None)
        unknown = [key for key in ("id", "ttl") if plan.keys("create") and record and record[key] is None]
        return Prediction({"dns_record": record, "deleted": _old(plan)}, unknown)

    def diff(self, plan: Plan) -> Diff:
        return Diff({"records": _shown(plan.before)}, {"records": _shown(plan.after)})

    def apply(self, plan: Plan) -> JsonObject | None:
        made = plan.after.get("new")
        return dns.Replacement(self.client, plan.parent, made, _old(plan)).carry_out()

    def settle(self, plan: Plan, outcome: JsonObject | None) -> JsonObject:
        result = self.predict(plan).result
        return {**result, "dns_record": outcome or result["dns_record"]}


def _views(states: JsonObject) -> Iterator[JsonObject]:
    """The records as the result has them, without what is only sent."""
    return map(dns.record_view, states.values())


def _shown(states: JsonObject) -> list[JsonObject]:
    """The records as a diff shows them: another ID does not make another record."""
    return [{key: value for key, value in view.items() if key != "id"} for view in _views(states)]


def _old(plan: Plan) -> list[JsonObject]:
    return [change.before for change in plan.writes if change.action == "delete"]


MODULE = Module(
    DnsRecord,
    options=dict(
        zone=dns.ZONE,
        type=dict(type="str", choices=list(dns.TYPES), required=True),
        hostname=dict(type="str", required=True, aliases=["record"]),
        value=STR,
        tag=STR,
        target=STR,
        solo=FLAG,
        replaces=STR,
        state=STATE,
        **dict.fromkeys(dns.NUMBERS, INT),
    ),
)


if __name__ == "__main__":
    MODULE.run()
