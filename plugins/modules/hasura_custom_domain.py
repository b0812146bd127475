#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_custom_domain
version_added: 0.1.0
short_description: Add a custom domain to a Hasura Cloud tenant, or remove it
description:
  - Adds a custom domain to a tenant, and waits, if asked to, until Hasura Cloud has found the DNS record that belongs
    to it. The record itself is yours to make; the project's settings in the dashboard show it.
  - A host name can belong to one tenant only. One that belongs to another tenant is an error that names it, and is
    never taken away there.
  - A creation whose answer was lost is looked up before it is repeated.
  - A run that changes nothing takes two reads.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_hasura
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
  state:
    description:
      - Whether the tenant shall have the domain. With V(absent), a domain of another tenant stays there.
    type: str
    choices: [present, absent]
    default: present
  fqdn:
    description:
      - The host name, for example V(graphql.example.com). Upper case letters count as lower case.
    type: str
    required: true
  tenant_id:
    description:
      - The tenant, by its id, which is not the project's.
    type: str
  name:
    description:
      - The tenant, by its project's name. Either O(tenant_id), O(name) or O(slug).
    type: str
  slug:
    description:
      - The tenant, by its slug, the first part of its host name.
    type: str
  wait:
    description:
      - Whether the task waits until the DNS record was found. It fails when Hasura Cloud gives up.
      - Not so by default, as the record can be made after the domain was added.
    type: bool
    default: false
seealso:
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
- name: The API has a host name of its own
  webops.paas.hasura_custom_domain:
    name: hello-hasura
    fqdn: graphql.example.com
    wait: "{{ the_dns_record_is_there | default(false) }}"
  register: api

- name: What Hasura Cloud says of it
  ansible.builtin.debug:
    var: api.custom_domain.dns_validation

- name: An old host name is not used any more
  webops.paas.hasura_custom_domain:
    name: hello-hasura
    fqdn: graphql.example.com
    state: absent
"""

RETURN = r"""
custom_domain:
  description:
    - The domain as it is after the task, or as it will be (check mode); V(null) when the tenant does not have it.
  returned: success
  type: dict
  contains:
    id:
      description: The domain's id.
      type: str
    fqdn:
      description: The host name.
      type: str
    tenant_id:
      description: The tenant's id.
      type: str
    tenant_fqdn:
      description: The tenant's own host name.
      type: str
    dns_validation:
      description: V(pending), V(succeeded) or V(failed).
      type: str
    cert:
      description: Where the certificate comes from, for example V(letsencrypt).
      type: str
    ssl_status:
      description: What Hasura Cloud says of the certificate.
      type: str
    ssl_message:
      description: The same in words.
      type: str
    created_at:
      description: When the domain was added.
      type: str
  sample:
    id: 3d0f9ab4-6a0e-4f5b-9d43-6f1b6a3c2e10
    fqdn: graphql.example.com
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    tenant_fqdn: hello-hasura.hasura.app
    dns_validation: pending
    cert: letsencrypt
    ssl_status:
    ssl_message:
    created_at: "2026-11-20T08:15:30.123456+00:00"
unknown_until_applied:
  description:
    - Keys of the result that only Hasura Cloud can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change or be waited for
  type: list
  elements: str
  sample: [cert, created_at, dns_validation, id, ssl_message, ssl_status]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: insert_custom_domain_one
    method: POST
    path: /v1/graphql
    status: 200
    code: domain_taken
    platform_code: constraint-violation
    request_id:
"""

from ..module_utils._kernel.module import FLAG, STATE, WAIT_OPTIONS, Collection, JsonObject, Module
from ..module_utils._core.domains import check_domain, normal
from ..module_utils._hasura import api, domains
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction

# What waiting may change.
SETTLES = ("dns_validation", "ssl_message", "ssl_status")


class CustomDomain(Collection[domains.DomainClient, JsonObject]):
    """The parent is the tenant, None where it does not exist; the only member is the domain."""

    @property
    def fqdn(self) -> str:
        return normal(self.params["fqdn"])

    @property
    def purge(self) -> bool:
        return bool(self.params["state"] == "absent")

    @property
    def declared(self) -> dict[str, JsonObject]:
        return {} if self.purge else {self.fqdn: {}}

    def differs(self, found: JsonObject, wanted: JsonObject) -> bool:
        return False

    def parent(self) -> JsonObject | None:
        find = self.client.find_tenant if self.purge else self.client.require_tenant
        return find(**api.reference_of(self.params))

    def new_parent(self) -> JsonObject:
        return {"id": UNKNOWN, "fqdn": UNKNOWN}

    def read(self, parent: JsonObject | None) -> dict[str, JsonObject]:
        domain = parent and self.client.custom_domain(self.fqdn)
        if not parent or not domain:
            return {}
        if domain["tenant_id"] == parent["id"]:
            return {self.fqdn: domain}
        if self.purge:
            return {}
        raise domains.other_tenant(domain)

    def plan(self) -> Plan:
        plan = super().plan()
        return Plan(plan.changes, join=plan.after if self.params["wait"] and not self.purge else None)

    def write(self, parent: JsonObject, members: JsonObject, changes: list[Change]) -> dict[str, JsonObject]:
        if self.purge:
            self.client.delete_custom_domain(members[self.fqdn]["id"])
            return {}
        return {self.fqdn: self.client.insert_custom_domain(parent["id"], self.fqdn)}

    def result(self, plan: Plan, members: JsonObject) -> JsonObject:
        domain = members.get(self.fqdn)
        return {"custom_domain": None if domain is None else domains.domain_view(domain, plan.parent)}

    def predict(self, plan: Plan) -> Prediction:
        view = self.result(plan, plan.after)["custom_domain"]
        if view is None:
            return Prediction({"custom_domain": None})
        known = {"fqdn": self.fqdn, "tenant_id": plan.parent["id"], "tenant_fqdn": plan.parent.get("fqdn")}
        if plan.changed:
            # A new domain has no certificate yet, and one that fails is not predicted.
            known.update(dict.fromkeys(("ssl_message",) if self.params["wait"] else ("ssl_message", "ssl_status")))
        unknown = sorted(view.keys() - known.keys()) if plan.changed else []
        if not plan.changed and plan.join and view["dns_validation"] != "succeeded":
            unknown = list(SETTLES)
        return Prediction({"custom_domain": {**view, **known, **dict.fromkeys(unknown)}}, unknown)

    def diff(self, plan: Plan) -> Diff:
        shown = {"fqdn": self.fqdn, "tenant_id": (plan.parent or {}).get("id")}
        return Diff(shown if plan.before else {}, shown if plan.after else {})

    def settle(self, plan: Plan, outcome: dict[str, JsonObject]) -> JsonObject:
        if self.params["wait"] and not self.purge:
            outcome = {self.fqdn: domains.wait_until_validated(self.client, plan.parent, self.fqdn, self.patience)}
        return self.result(plan, outcome)


MODULE = Module(
    CustomDomain,
    options=dict(
        state=STATE,
        fqdn=dict(type="str", required=True, check=check_domain),
        **api.REFERENCE_OPTIONS,
        **{**WAIT_OPTIONS, "wait": FLAG},
    ),
    **api.ONE_REFERENCE,
)


if __name__ == "__main__":
    MODULE.run()
