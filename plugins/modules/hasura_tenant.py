#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_tenant
version_added: 0.1.0
short_description: Create, rename and delete Hasura Cloud tenants
description:
  - Creates, renames or deletes a tenant of Hasura Cloud together with its project.
  - B(Preview:) Hasura does not document the request that renames a project, which each creation needs as well. It is
    known from the schema of Hasura's console and from a Terraform provider.
  - A tenant is found by its ID, by the name of its project or by its slug. If several tenants match, the task fails and
    lists them.
  - Hasura Cloud ignores the name of a new project and chooses one, such as C(honest-mutt-59). Therefore the module
    renames the project. To find it after an interrupted run, the module sets the environment variable
    C(WEBOPS_PAAS_CREATED_AS) at creation and removes it after the project was renamed. If the response to the creation
    is lost, the module checks whether the tenant was created before it retries.
  - On the plan V(cloud_free_v2), Hasura Cloud returns an error if variables are set at creation, but still creates the
    project. On this plan, the module sets them with a second request. If a run is interrupted before that request, the
    next run cannot identify the project. It does not create a second one, but fails and lists the candidates. The same
    applies to the API of 2020; see O(database_url_as).
  - The module does not change the cloud or the region of an existing tenant, and the plan only with
    O(change_plan=true). If one of them differs, the task fails.
  - A converged run sends two requests, one for the tenant and one to its C(/healthz). With O(wait=false) or
    O(state=absent), it sends one request less.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.quoting
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
      - Whether the tenant should exist.
      - A deleted tenant cannot be restored. The module deletes the tenant by the ID that it found, and waits until
        Hasura Cloud no longer returns it.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - Name of the project, which is the first part of C(NAME.hasura.app). Lower case letters, digits and hyphens are
        allowed.
      - With O(tenant_id) or O(slug), that tenant is renamed. Its slug, host name and endpoint change with the name, and
        it is unavailable for a moment.
    type: str
  tenant_id:
    description:
      - ID of the tenant, which differs from the ID of its project. The tenant must exist, unless O(state=absent).
      - Mutually exclusive with O(slug).
    type: str
  slug:
    description:
      - Slug of the tenant. The tenant must exist, unless O(state=absent), or unless it was already renamed and is found
        by O(name).
    type: str
  cloud:
    description:
      - Cloud in which the tenant runs, for example V(aws), V(gcp) or V(azure). Required to create a tenant.
      - If the tenant runs in another cloud, the task fails.
    type: str
  region:
    description:
      - Region of the cloud, for example V(us-east-2). Required to create a tenant. M(webops.paas.hasura_gateway_info)
        lists the regions.
      - If the tenant runs in another region, the task fails.
    type: str
  plan:
    description:
      - Plan of the project, for example V(cloud_free) or V(cloud_payg). If it is omitted, Hasura Cloud chooses one.
      - If the tenant has another plan, the task fails, unless O(change_plan=true).
    type: str
  change_plan:
    description:
      - Whether to change the plan of an existing tenant to O(plan). This changes the bill.
      - B(Preview:) The request is known only from the schema of Hasura's console.
    type: bool
    default: false
    version_added: 1.1.0
  database_url:
    description:
      - URL of the first database of a new tenant. It is a secret, and used only at creation. To change it later, use
        M(webops.paas.hasura_env_vars).
      - It is stored in the environment variable O(database_url_env), to which metadata refers with C(from_env).
    type: str
  database_url_env:
    description:
      - Name of the environment variable for O(database_url).
    type: str
    default: PG_DATABASE_URL
  database_url_as:
    description:
      - Form in which O(database_url) is sent. The current API accepts environment variables (V(env)). The API of 2020
        accepted the argument C(databaseUrl) instead (V(argument)), and neither variables nor a plan.
      - With V(auto), it is sent as a variable. If the API rejects that argument as unknown, which it does before it
        creates anything, it is sent as C(databaseUrl).
    type: str
    choices: [auto, env, argument]
    default: auto
  env_vars:
    description:
      - Names and values of environment variables of a new tenant. They are used only at creation. To set variables of
        an existing tenant, use M(webops.paas.hasura_env_vars).
    type: dict
  wait:
    description:
      - Whether to wait until the C(/healthz) of the tenant responds. The response C(WARN) counts as available, and the
        task warns.
      - With O(state=absent), whether to wait until the tenant no longer exists.
    type: bool
    default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant_info
  - module: webops.paas.hasura_env_vars
  - module: webops.paas.hasura_gateway_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_tenant -a 'name=webops-paas-shop cloud=aws region=us-east-2'

- name: Create the tenant of the shop
  webops.paas.hasura_tenant:
    name: webops-paas-shop
    cloud: aws
    region: us-east-2
    database_url: "{{ vault_database_url | default('postgres://shop:an-example@db.example.com:5432/shop') }}"
    env_vars:
      HASURA_GRAPHQL_ENABLE_CONSOLE: "false"
  register: shop

- name: Show what renaming the tenant would change
  webops.paas.hasura_tenant:
    tenant_id: "{{ shop.tenant.id }}"
    name: webops-paas-store
  check_mode: true
  diff: true
  register: prediction

- name: Delete the tenant of the shop
  webops.paas.hasura_tenant:
    name: webops-paas-shop
    state: absent
"""

RETURN = r"""
tenant:
  description:
    - State of the tenant after the task. In check mode, the predicted state. V(null) if it does not exist.
    - Keys that the token cannot access are V(null).
  returned: success
  type: dict
  contains:
    id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    project_id:
      description: ID of the project, which differs from that of the tenant.
      type: str
      sample: 1d5d3f6c-6a9a-4d0e-8e3b-2f6c1f0c9a51
    name:
      description: Name of the project.
      type: str
      sample: webops-paas-shop
    slug:
      description: Slug of the tenant, which is the first part of its host name.
      type: str
      sample: webops-paas-shop
    fqdn:
      description: Host name of the tenant.
      type: str
      sample: webops-paas-shop.hasura.app
    endpoint:
      description: URL of the GraphQL API.
      type: str
      sample: https://webops-paas-shop.hasura.app/v1/graphql
    cloud:
      description: Cloud in which the tenant runs.
      type: str
      sample: aws
    region:
      description: Region of the cloud.
      type: str
      sample: us-east-2
    plan:
      description: Plan of the project.
      type: str
      sample: cloud_free
    active:
      description: Whether the tenant runs. V(false) if it hibernates, for example.
      type: bool
      sample: true
    active_status_reason:
      description: Reason why the tenant does not run.
      type: str
      sample: hibernated
    maintenance_mode:
      description: Whether Hasura Cloud rejects deletion, and changes of variables and plan.
      type: bool
      sample: false
    created_at:
      description: Time of the creation.
      type: str
      sample: "2026-11-20T08:15:30.123456+00:00"
    updated_at:
      description: Time of the last change.
      type: str
      sample: "2026-11-20T08:15:31.123456+00:00"
  sample:
    id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    project_id: 1d5d3f6c-6a9a-4d0e-8e3b-2f6c1f0c9a51
    name: webops-paas-shop
    slug: webops-paas-shop
    fqdn: webops-paas-shop.hasura.app
    endpoint: https://webops-paas-shop.hasura.app/v1/graphql
    cloud: aws
    region: us-east-2
    plan: cloud_free
    active: true
    active_status_reason:
    maintenance_mode: false
    created_at: "2026-11-20T08:15:30.123456+00:00"
    updated_at: "2026-11-20T08:15:31.123456+00:00"
unknown_until_applied:
  description:
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [endpoint, fqdn, slug, updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: createTenant
    method: POST
    path: /v1/graphql
    status: 200
    code: server_error
    platform_code: GenericServerError
    request_id:
"""


from ..module_utils._kernel.module import FLAG, WAIT_OPTIONS, Field, JsonObject, Module, Resource
from ..module_utils._core import variables
from ..module_utils._core.compare import Secret
from ..module_utils._core.wait import create_once
from ..module_utils._hasura import api, endpoint, tenants
from ..module_utils._kernel.plan import Plan, cached_property


class Tenant(Resource[tenants.TenantClient]):
    key = "tenant"
    named_by = ("name", "slug", "tenant_id")
    always_recomputed = ("updated_at",)
    # A new project is active.
    of_new = {"active_status_reason": None}
    permitted_by = {"plan": "change_plan"}
    fields = {
        "name": Field("str", recomputes=("slug", "fqdn", "endpoint"), check=api.check_name),
        "cloud": Field("str", create_only=True),
        "region": Field("str", create_only=True),
        "plan": Field("str", create_only=True),
        "database_url": Field("str", Secret(), secret=True, no_log=True),
        "env_vars": Field("dict", Secret(), secret=True, no_log=True, mask=variables.masked),
    }

    def check_input(self) -> None:
        self.new.check(self.client.http.redactor)

    @cached_property
    def new(self) -> tenants.NewTenant:
        return tenants.NewTenant.of(self.params, self.warn)

    def view(self, state: JsonObject) -> JsonObject:
        return api.tenant_view(state)

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        # Variables are used at creation only. What the token cannot access is not compared.
        is_comparable = current is None or self.view(current).get(name) is not None
        return is_comparable and super().is_declared(name, current)

    def read(self) -> JsonObject | None:
        tenant = tenants.find_declared(self.client, self.params)
        if tenant is None and self.params["state"] == "present":
            return tenants.Creation(self.client, self.new, self.clock).look_up()
        return tenant

    def plan(self) -> Plan:
        plan = super().plan()
        return Plan(plan.changes, join=plan.after.get(self.key) if self.params["wait"] else None)

    def create_or_find(self, wanted: JsonObject) -> tuple[JsonObject, bool]:
        creation = tenants.Creation(self.client, self.new, self.clock)
        left = creation.look_up()
        found = (
            (left, False)
            if left
            else create_once(
                lambda: tenants.wait_until_known(self.client, creation.send(), self.patience),
                lambda: self.client.find_tenant(name=self.params["name"]) or creation.look_up(),
                self.clock,
            )
        )
        if creation.is_unequipped:
            # A known client gives a new tenant half a minute before it changes variables.
            self._wait_until_up(self.view(found[0]), is_new=True)
            creation.equip(found[0]["id"])
        return tenants.name_new(self.client, found[0], self.params["name"], self.clock) if found[1] else found

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        if "plan" in changes and self.params["change_plan"]:
            current = self.client.change_plan(current, changes["plan"])
        if "name" not in changes:
            # Other create-only fields differ, which the kernel reports.
            return current
        return tenants.rename(self.client, current, changes["name"])

    def delete(self, current: JsonObject) -> None:
        self.client.delete_tenant(current["id"])
        if self.params["wait"]:
            tenants.wait_until_gone(self.client, current["id"], self.patience)

    def carry_out(self, plan: Plan) -> JsonObject:
        result = super().carry_out(plan) if plan.changed else self.predict(plan).result
        tenant = result[self.key]
        if tenant is not None:
            former = plan.before.get(self.key)
            self._wait_until_up(tenant, is_new=former is None)
            if former is None or tenants.IS_MARKED in former:
                patience = self.patience if self.params["wait"] else None
                tenants.take_mark_away(self.client, tenant["id"], self.clock, self.warn, patience)
        return result

    def _wait_until_up(self, tenant: JsonObject, is_new: bool) -> None:
        if self.params["wait"]:
            endpoint.wait_until_up(self.client, tenant, self.patience, self.warn, is_new)


MODULE = Module(
    Tenant,
    options=dict(
        tenant_id=api.TENANT_ID,
        slug=api.SLUG,
        change_plan=FLAG,
        database_url_env=dict(type="str", default="PG_DATABASE_URL"),
        database_url_as=dict(type="str", choices=["auto", "env", "argument"], default="auto"),
        **WAIT_OPTIONS,
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[("tenant_id", "slug")],
)


if __name__ == "__main__":
    MODULE.run()
