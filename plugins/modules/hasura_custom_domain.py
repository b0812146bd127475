#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_custom_domain
version_added: 0.1.0
short_description: Add or remove a custom domain of a Hasura Cloud tenant
description:
  - Adds a custom domain to a tenant or removes it, and on request waits until Hasura Cloud has found its DNS record.
  - B(Preview:) Hasura does not document the requests that read, add and remove custom domains. They are known from the
    schema of Hasura's console and from a Terraform provider.
  - The module does not create the DNS record. The settings of the project in the dashboard show which record is needed.
  - A host name can belong to only one tenant. If it belongs to another one, the task fails and names that tenant. The
    domain is never removed from another tenant.
  - If the response to the creation is lost, the module checks whether the domain was added before it retries.
  - A converged run sends two requests, or three with O(wait=true).
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.hasura.tenant
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
      - Whether the custom domain should exist. With V(absent), a domain of another tenant is not removed.
    type: str
    choices: [present, absent]
    default: present
  fqdn:
    description:
      - Host name of the custom domain, for example V(graphql.example.com). It is not case-sensitive.
    type: str
    required: true
  wait:
    description:
      - Whether to wait until Hasura Cloud has found the DNS record. The task fails if Hasura Cloud gives up the search.
      - The default is V(false), so that the record can be created after the domain was added.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_custom_domain -a 'name=hello-hasura fqdn=graphql.example.com'

- name: Add a custom domain
  webops.paas.hasura_custom_domain:
    name: hello-hasura
    fqdn: graphql.example.com
    wait: "{{ dns_record_exists | default(false) }}"
  register: api

- name: Show whether the DNS record was found
  ansible.builtin.debug:
    var: api.custom_domain.dns_validation

- name: Remove the custom domain
  webops.paas.hasura_custom_domain:
    name: hello-hasura
    fqdn: graphql.example.com
    state: absent
"""

RETURN = r"""
custom_domain:
  description:
    - State of the custom domain after the task. In check mode, the predicted state. V(null) if the tenant does not have
      the domain.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the domain.
      type: str
      sample: 3d0f9ab4-6a0e-4f5b-9d43-6f1b6a3c2e10
    fqdn:
      description: Host name of the domain.
      type: str
      sample: graphql.example.com
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    tenant_fqdn:
      description: Host name of the tenant itself.
      type: str
      sample: hello-hasura.hasura.app
    dns_validation:
      description: Result of the search for the DNS record, V(pending), V(succeeded) or V(failed).
      type: str
      sample: pending
    cert:
      description: Source of the certificate, for example V(letsencrypt).
      type: str
      sample: letsencrypt
    ssl_status:
      description: Status of the certificate.
      type: str
      sample: active
    ssl_message:
      description: Message about the status of the certificate.
      type: str
      sample: Certificate is active
    created_at:
      description: Time at which the domain was added.
      type: str
      sample: "2026-11-20T08:15:30.123456+00:00"
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
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if something would change or be waited for
  type: list
  elements: str
  sample: [cert, created_at, dns_validation, id, ssl_message, ssl_status]
error:
  description:
    - Machine-readable details of the failure.
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

from ..module_utils._kernel.module import FLAG, STATE, WAIT_OPTIONS, JsonObject, Module
from ..module_utils._core.domains import check_domain, normal
from ..module_utils._hasura import api, domains
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction

# Keys that can change while waiting.
SETTLES = ("dns_validation", "ssl_message", "ssl_status")


class CustomDomain(Collection[domains.DomainClient, JsonObject]):
    """The parent is the tenant, None if it does not exist. The only member is the domain."""

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
            # A new domain has no certificate yet. A failure is not predicted.
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
