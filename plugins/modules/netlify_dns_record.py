#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_dns_record
version_added: 0.1.0
short_description: Create, update and delete Netlify DNS records
description:
  - Brings a record of a zone of Netlify DNS to the declared state.
  - A name may have several records of one type (addresses, mail servers, texts). So a record is known by its type, its
    name and its value, and to declare another value adds a record. O(replaces) names the values that it replaces. With
    O(solo=true) it is known by type and name alone, is the only one of them, and another value replaces it. Records of
    type V(CNAME) and V(ALIAS) are always the only ones.
  - Of several that are the same in this sense, for example after two runs at once, one stays.
  - Netlify has no call to change a record. So a change makes the new record first and then deletes the old one; the
    name is never without a record. If Netlify refuses the new record (a second V(CNAME), V(ALIAS), or one with the same
    value), the module creates it at the name C(_webops-paas-check) below the hostname and deletes it there again. Only
    if Netlify accepts that, the old record is deleted and the new one created at once. If that fails, the old one is
    restored.
  - A change that was cut short is finished by the next run.
  - What Netlify keeps in a zone for its sites (types C(NETLIFY) and C(NETLIFYv6)) is left alone.
  - A run that changes nothing sends one read.
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
      - The zone, by its domain or its id. A zone that does not exist is an error.
    type: str
    required: true
    aliases: [zone_id]
  type:
    description:
      - The type of the record.
    type: str
    choices: [A, AAAA, ALIAS, CAA, CNAME, HTTPS, MX, NS, SPF, SRV, TXT]
    required: true
  hostname:
    description:
      - Name of the record. V(@) is the zone itself, and V(*) is the wildcard of the zone. The zone is appended to names
        that do not end in it; one with a final dot must be in the zone.
    type: str
    required: true
    aliases: [record]
  value:
    description:
      - Value of the record, for example an address, a host name or a text. For host names, case and a final dot do not
        matter.
      - Netlify stores texts as they are, quotes included. Write a text without double quotes around it, and a long one
        in one piece. The module warns about a quoted text, and about a second SPF, DMARC, MTA-STS or TLS-RPT record of
        the same name.
      - Needed with O(state=present). With O(state=absent) and without a value, all records of the type and name are
        deleted.
    type: str
  ttl:
    description:
      - Seconds for which resolvers may keep the answer. If not given, it stays as it is; new records get 3600 from
        Netlify.
    type: int
  priority:
    description:
      - Required for V(MX) and V(SRV), and not supported for other types. Netlify refuses a null V(MX) record.
    type: int
  weight:
    description:
      - Required for V(SRV) and V(HTTPS), and not supported for other types.
    type: int
  port:
    description:
      - Required for V(SRV), and not supported for other types.
    type: int
  flag:
    description:
      - Required for V(CAA), usually 0, and not supported for other types.
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
      - Netlify does not return it, so it is sent when the record is created and not compared.
    type: str
  solo:
    description:
      - Whether this is the only record of its type and name; all others of both are deleted.
    type: bool
    default: false
  replaces:
    description:
      - Value of the records of the same type and name that this record replaces, or a pattern with the wildcards C(*),
        C(?) and C([abc]). Upper and lower case matter.
      - Mutually exclusive with O(solo=true). Ignored with O(state=absent).
    type: str
  state:
    description:
      - Whether the record shall exist. With V(absent) nothing but O(type), O(hostname) and O(value) counts.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: webops.paas.netlify_dns_zone
  - module: webops.paas.netlify_dns_zone_info
"""

EXAMPLES = r"""
- name: Two servers take our mail
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

- name: The shop has one address, whatever it had before
  webops.paas.netlify_dns_record:
    zone: example.com
    type: A
    hostname: shop
    value: 192.0.2.10
    ttl: 300
    solo: true

- name: The blog is elsewhere
  webops.paas.netlify_dns_record:
    zone: example.com
    type: CNAME
    hostname: blog
    value: blog.example.net

- name: No old address of the mail server is left
  webops.paas.netlify_dns_record:
    zone: example.com
    type: A
    hostname: mail
    state: absent
"""

RETURN = r"""
dns_record:
  description:
    - The record after the task, or as it will be (check mode); V(null) when it does not exist.
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
    - The records that the task deletes, such as the one that was replaced.
  returned: success
  type: list
  elements: dict
  sample: []
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, ttl]
error:
  description:
    - What failed, for machines.
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
from ..module_utils._netlify import dns


class DnsRecord(Operation[dns.DnsClient]):
    """A record has no update: the plan has the one that stays or is made, and those whose place it takes.

    No Collection: in which order they are made and deleted depends on what Netlify allows beside each other.
    """

    def check_input(self) -> None:
        if dns.is_named(self.params["zone"]):
            zone = domains.normal(self.params["zone"])
            domains.check_domain("zone", zone)
            dns.hostname_in(zone, self.params["hostname"])
        if self.params["state"] == "present":
            dns.check_record(self.params)

    def plan(self) -> Plan:
        name = domains.normal(self.params["zone"])
        zone = self.client.get_dns_zone(name)
        if zone is None:
            raise dns.no_zone(name)
        rows = zone["records"] if isinstance(zone.get("records"), list) else self.client.list_dns_records(zone["id"])
        return self._plan(zone, [dns.record_view(row) for row in rows])

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
        return Diff({"records": list(_views(plan.before))}, {"records": list(_views(plan.after))})

    def apply(self, plan: Plan) -> JsonObject | None:
        made = plan.after.get("new")
        return dns.Replacement(self.client, plan.parent, made, _old(plan)).carry_out()

    def settle(self, plan: Plan, outcome: JsonObject | None) -> JsonObject:
        result = self.predict(plan).result
        return {**result, "dns_record": outcome or result["dns_record"]}


def _views(states: JsonObject) -> Iterator[JsonObject]:
    """What is shown of records: without what is only sent."""
    return map(dns.record_view, states.values())


def _old(plan: Plan) -> list[JsonObject]:
    return [change.before for change in plan.writes if change.action == "delete"]


MODULE = Module(
    DnsRecord,
    options=dict(
        zone=dict(type="str", required=True, aliases=["zone_id"], parent=True),
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
