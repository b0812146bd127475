#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_tenant_info
version_added: 0.1.0
short_description: Get one Hasura Cloud tenant, or all that a token can see
description:
  - Answers the tenants that match, always as a list.
  - One read.
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
      - The tenant of this id. Without O(tenant_id), O(name) and O(slug) all tenants that the token may see are
        answered.
    type: str
  name:
    description:
      - Tenants whose project has this name.
    type: str
  slug:
    description:
      - The tenant of this slug, the first part of its host name.
    type: str
seealso:
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
- name: One tenant
  webops.paas.hasura_tenant_info:
    name: webops-paas-shop
  register: shop

- name: All tenants of the token
  webops.paas.hasura_tenant_info:
  register: all_tenants

- name: Those that do not run
  ansible.builtin.debug:
    msg: "{{ all_tenants.tenants | rejectattr('active') | map(attribute='name') | list }}"
"""

RETURN = r"""
tenants:
  description:
    - The tenants, by name, each as M(webops.paas.hasura_tenant) returns it; empty when none matches.
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
    - What failed, for machines.
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
