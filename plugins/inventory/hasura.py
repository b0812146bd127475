# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hasura
version_added: 0.1.0
short_description: List Hasura Cloud tenants as hosts
description:
  - Creates a host for each tenant of Hasura Cloud that the token has access to. Sends one request.
  - The name of the file must be C(hasura.yml), or end in C(.hasura.yml) or C(.hasura.yaml).
  - All hosts are in the group C(hasura), and in groups C(hasura_cloud_CLOUD), C(hasura_region_REGION) and
    C(hasura_plan_PLAN).
  - The variables of a host are the values that M(webops.paas.hasura_tenant_info) returns, with the prefix C(hasura_).
    Values that the token has no access to are V(null).
  - "Tenant: C(hasura_id), C(hasura_project_id), C(hasura_name), C(hasura_slug), C(hasura_plan), C(hasura_cloud),
    C(hasura_region), C(hasura_created_at), C(hasura_updated_at)."
  - "Addresses: C(hasura_fqdn), C(hasura_endpoint)."
  - "Status: C(hasura_active), C(hasura_active_status_reason), C(hasura_maintenance_mode)."
extends_documentation_fragment:
  - webops.paas.connection.plugin
  - webops.paas.inventory
  - constructed
  - inventory_cache
author:
  - webops.paas contributors (@webops-paas)
options:
  plugin:
    description:
      - Name of this plugin, which marks the file as one of its sources.
    type: str
    required: true
    choices: [webops.paas.hasura]
  token:
    description:
      - Personal access token of Hasura Cloud (My Account, Access Tokens).
      - Leading and trailing white space is ignored.
      - Hasura Cloud does not reject an invalid token but hides its tables. The error message then says so.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: HASURA_CLOUD_ACCESS_TOKEN
  api_url:
    description:
      - URL of the API of Hasura Cloud (version 2; Hasura DDN is another product). If the URL has no path,
        C(/v1/graphql) is appended.
      - The URL must begin with C(https://), except for loopback hosts.
    type: str
    default: https://data.pro.hasura.io/v1/graphql
    env:
      - name: HASURA_CLOUD_API_URL
  name:
    description:
      - Name of the project whose tenants to list.
    type: str
  cloud:
    description:
      - Clouds of the tenants to list, such as V(aws).
    type: list
    elements: str
  region:
    description:
      - Regions of the tenants to list, such as V(us-east-2).
    type: list
    elements: str
  plan:
    description:
      - Plans of the tenants to list, such as V(cloud_free).
    type: list
    elements: str
  hostname:
    description:
      - Parts of the host names, which are joined by hyphens. Parts for which a tenant has no value are omitted. The
        name of a project is unique across Hasura Cloud.
      - Characters other than letters, digits, C(.), C(_) and C(-) are replaced by hyphens. The ID is appended if
        several hosts would have the same name, or if the name means something to Ansible, such as C(all).
    type: list
    elements: str
    choices: [name, id, slug, fqdn, cloud, region]
    default: [name]
seealso:
  - ref: ansible_collections.webops.paas.docsite.inventory_guide
    description: Recipes for inventories.
  - module: webops.paas.hasura_tenant_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# tenants.hasura.yml; this line is enough, with the token in HASURA_CLOUD_ACCESS_TOKEN
plugin: webops.paas.hasura

# The rest is optional. Values can be templates, such as lookups
token: "{{ lookup('ansible.builtin.env', 'HASURA_CLOUD_ACCESS_TOKEN') }}"
cloud: [aws, gcp]
# Create variables and groups from the variables of each tenant
compose:
  health_url: "'https://' ~ hasura_fqdn ~ '/healthz'"
groups:
  asleep: not hasura_active
keyed_groups:
  - key: hasura_cloud ~ '_' ~ hasura_region
    prefix: place
"""

from ansible_collections.webops.paas.plugins.modules.hasura_tenant_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._inventory import PlatformInventory


class InventoryModule(PlatformInventory):
    NAME = "webops.paas.hasura"
    info = MODULE
    filters = {"cloud": "cloud", "region": "region", "plan": "plan"}
    grouped_by = {"cloud": "cloud", "region": "region", "plan": "plan"}
