#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_tenant_info
version_added: 0.1.0
short_description: Get a Hasura Cloud tenant, or list all tenants
description:
  - Returns the tenants that match, always as a list. Without options, it returns all tenants that the token can access.
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_hasura
author:
  - webops.paas contributors (@webops-paas)
options:
  tenant_id:
    description:
      - ID of the tenant to return.
      - O(tenant_id), O(name) and O(slug) are mutually exclusive.
    type: str
  name:
    description:
      - Name of the project whose tenant is returned.
    type: str
  slug:
    description:
      - Slug of the tenant to return, which is the first part of its host name.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_tenant_info -a name=webops-paas-shop

- name: Get one tenant
  webops.paas.hasura_tenant_info:
    name: webops-paas-shop
  register: shop

- name: List all tenants
  webops.paas.hasura_tenant_info:
  register: all_tenants

- name: Show the tenants that do not run
  ansible.builtin.debug:
    msg: "{{ all_tenants.tenants | rejectattr('active') | map(attribute='name') | list }}"
"""

RETURN = r"""
tenants:
  description:
    - Tenants that match, sorted by name, in the format of M(webops.paas.hasura_tenant). Empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7a79cf94-0e53-4520-a560-1b02bf522f08
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
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: tenant
    method: POST
    path: /v1/graphql
    status: 200
    code: invalid
    platform_code: validation-failed
    request_id:
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._hasura import api


class TenantInfo(Info[api.HasuraClient]):
    key = "tenants"

    def fetch(self) -> list[JsonObject]:
        reference = api.reference_of(self.params)
        found = self.client.find_tenants(**reference) if reference else self.client.tenants()
        return sorted(map(api.tenant_view, found), key=lambda tenant: (tenant["name"] or "", tenant["id"]))


MODULE = Module(TenantInfo, options=api.REFERENCE_OPTIONS, mutually_exclusive=[api.REFERENCE])


if __name__ == "__main__":
    MODULE.run()
