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
  - Brings one tenant of Hasura Cloud, and the project that it belongs to, to the declared state.
  - A tenant is found by its id, by its project's name or by its slug. When several match, the task fails and lists
    them.
  - Hasura Cloud ignores the name of a new project and gives one of its own, such as C(honest-mutt-59). The module
    renames it. To be able to find it when a run is interrupted in between, it sends the environment variable
    C(WEBOPS_PAAS_CREATED_AS) along with the creation, and takes it away when the name is set. When the answer to the
    creation is lost, the tenant is looked for before anything is sent again.
  - On the plan V(cloud_free_v2) Hasura Cloud fails when variables are given at creation, and creates the project all
    the same; so they follow in a second call. A project that an interrupted run leaves before that call cannot be told
    from anybody's; instead of creating a second one, the next run then fails and names those that it may be. The same
    holds for the API of 2020, see O(database_url_as).
  - A run that changes nothing sends two reads, the second of which goes to the tenant's C(/healthz); one with
    O(wait=false).
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
      - Whether the tenant shall exist. Deleting is final. What is deleted is the id that was found, and the task ends
        when Hasura Cloud does not know it any more.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The project's name, the first part of C(NAME.hasura.app); lower case letters, digits and hyphens.
      - Together with O(tenant_id) or O(slug) the tenant that they find is renamed. Its slug, host name and endpoint
        change with the name, and it cannot be reached for a moment.
    type: str
  tenant_id:
    description:
      - Finds the tenant by its id, which is not the project's. It must exist, unless O(state=absent).
    type: str
  slug:
    description:
      - Finds the tenant by its slug. It must exist, unless O(state=absent), or unless O(name) finds it because it is
        renamed already.
    type: str
  cloud:
    description:
      - Where the tenant runs, for example V(aws), V(gcp) or V(azure). Needed to create one.
      - A tenant that runs elsewhere is an error, never moved.
    type: str
  region:
    description:
      - The region of the cloud, for example V(us-east-2). Needed to create a tenant. M(webops.paas.hasura_gateway_info)
        lists regions.
      - A tenant that runs elsewhere is an error, never moved.
    type: str
  plan:
    description:
      - The plan, for example V(cloud_free) or V(cloud_payg). Without it Hasura Cloud chooses.
      - A tenant with another plan is an error. The module changes no plan, since that changes the bill.
    type: str
  database_url:
    description:
      - The URL of the tenant's first database, a secret. Used at creation only; M(webops.paas.hasura_env_vars) changes
        it later.
      - It becomes the environment variable O(database_url_env), which metadata then names in C(from_env).
    type: str
  database_url_env:
    description:
      - The variable that gets O(database_url).
    type: str
    default: PG_DATABASE_URL
  database_url_as:
    description:
      - How O(database_url) is sent. Today's API takes variables (V(env)); that of 2020 took it as the argument
        C(databaseUrl) of its own (V(argument)), no variables and no plan.
      - With V(auto) it is sent as a variable. When the API says that it knows no such argument, which it does before
        anything is created, it is sent as the argument.
    type: str
    choices: [auto, env, argument]
    default: auto
  env_vars:
    description:
      - Environment variables of a new tenant, by name. Used at creation only; M(webops.paas.hasura_env_vars) declares
        those of a tenant that exists.
    type: dict
  wait:
    description:
      - Whether the task waits until the tenant's C(/healthz) answers. A tenant that answers C(WARN) is up; the task
        warns then.
      - When the tenant is deleted, whether the task waits until it is gone.
    type: bool
    default: true
seealso:
  - module: webops.paas.hasura_tenant_info
  - module: webops.paas.hasura_env_vars
  - module: webops.paas.hasura_gateway_info
"""

EXAMPLES = r"""
- name: The shop has a tenant
  webops.paas.hasura_tenant:
    name: webops-paas-shop
    cloud: aws
    region: us-east-2
    database_url: "{{ vault_database_url | default('postgres://shop:an-example@db.example.com:5432/shop') }}"
    env_vars:
      HASURA_GRAPHQL_ENABLE_CONSOLE: "false"
  register: shop

- name: What renaming it would change
  webops.paas.hasura_tenant:
    tenant_id: "{{ shop.tenant.id }}"
    name: webops-paas-store
  check_mode: true
  diff: true

- name: The shop is gone
  webops.paas.hasura_tenant:
    name: webops-paas-shop
    state: absent
"""

RETURN = r"""
tenant:
  description:
    - The tenant as it is after the task, or as it will be (check mode); V(null) when it does not exist.
    - What the token is not allowed to see is V(null).
  returned: success
  type: dict
  contains:
    id:
      description: The tenant's id.
      type: str
    project_id:
      description: The project's id, which is another one.
      type: str
    name:
      description: The project's name.
      type: str
    slug:
      description: The first part of the host name.
      type: str
    fqdn:
      description: The host name.
      type: str
    endpoint:
      description: The URL for GraphQL.
      type: str
    cloud:
      description: Where it runs.
      type: str
    region:
      description: Where in the cloud it runs.
      type: str
    plan:
      description: The project's plan.
      type: str
    active:
      description: V(false) when it does not run, for example because it hibernates.
      type: bool
    active_status_reason:
      description: Why it does not run.
      type: str
    maintenance_mode:
      description: Whether Hasura Cloud refuses changes of variables and plan, and deletion.
      type: bool
    created_at:
      description: When it was created.
      type: str
    updated_at:
      description: When it was changed last.
      type: str
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
    - Keys of the result that only Hasura Cloud can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [endpoint, fqdn, slug, updated_at]
error:
  description:
    - What failed, for machines.
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


from ..module_utils._kernel.module import WAIT_OPTIONS, Field, JsonObject, Module, Resource, cached_property
from ..module_utils._core import variables
from ..module_utils._core.compare import Secret
from ..module_utils._core.wait import create_once
from ..module_utils._hasura import api, endpoint, tenants
from ..module_utils._kernel.plan import Plan


class Tenant(Resource[tenants.TenantClient]):
    key = "tenant"
    always_recomputed = ("updated_at",)
    # A new project is active.
    of_new = {"active_status_reason": None}
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
        # Variables belong to the creation; what the token does not see is not compared.
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
        return found

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        if "name" not in changes:
            # What cannot be changed is not as it was asked for at creation; the kernel says so.
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
                tenants.take_mark_away(self.client, tenant["id"], self.clock, self.warn)
        return result

    def _wait_until_up(self, tenant: JsonObject, is_new: bool) -> None:
        if self.params["wait"]:
            endpoint.wait_until_up(self.client, tenant, self.patience, self.warn, is_new)


MODULE = Module(
    Tenant,
    options=dict(
        tenant_id=api.TENANT_ID,
        slug=api.SLUG,
        database_url_env=dict(type="str", default="PG_DATABASE_URL"),
        database_url_as=dict(type="str", choices=["auto", "env", "argument"], default="auto"),
        **WAIT_OPTIONS,
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[("tenant_id", "slug")],
)


if __name__ == "__main__":
    MODULE.run()
