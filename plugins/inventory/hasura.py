# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hasura
version_added: 0.1.0
short_description: Hasura Cloud tenants as hosts
description:
  - Makes a host of each tenant of Hasura Cloud that the token may see, with one request.
  - The file's name must be C(hasura.yml), or end in C(.hasura.yml) or C(.hasura.yaml).
  - All hosts are in the group C(hasura), and in C(hasura_cloud_CLOUD), C(hasura_region_REGION) and C(hasura_plan_PLAN).
  - The variables of a host are the keys of what M(webops.paas.hasura_tenant_info) returns, with C(hasura_) in front.
    What the token does not see is V(null).
  - "The tenant: C(hasura_id), C(hasura_project_id), C(hasura_name), C(hasura_slug), C(hasura_plan), C(hasura_cloud),
    C(hasura_region), C(hasura_created_at), C(hasura_updated_at)."
  - "Where it answers: C(hasura_fqdn), C(hasura_endpoint)."
  - "Whether it runs: C(hasura_active), C(hasura_active_status_reason), C(hasura_maintenance_mode)."
extends_documentation_fragment:
  - webops.paas.inventory
  - constructed
  - inventory_cache
author:
  - webops.paas contributors (@webops-paas)
options:
  plugin:
    description:
      - Says that the file is for this plugin.
    type: str
    required: true
    choices: [webops.paas.hasura]
  token:
    description:
      - A personal access token of Hasura Cloud (My Account, Access Tokens).
      - Surrounding white space is ignored.
      - To a wrong token Hasura Cloud does not say that it is wrong; tables seem not to exist. The message says so.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: HASURA_CLOUD_ACCESS_TOKEN
  api_url:
    description:
      - Where the API of Hasura Cloud answers (version 2; Hasura DDN is another product). A URL without a path gets
        C(/v1/graphql).
      - Plain C(http) is accepted for loopback hosts only.
    type: str
    default: https://data.pro.hasura.io/v1/graphql
    env:
      - name: HASURA_CLOUD_API_URL
  name:
    description:
      - Only tenants whose project has this name.
    type: str
  cloud:
    description:
      - Only tenants in one of these clouds, such as V(aws).
    type: list
    elements: str
  region:
    description:
      - Only tenants in one of these regions, such as V(us-east-2).
    type: list
    elements: str
  plan:
    description:
      - Only tenants of one of these plans, such as V(cloud_free).
    type: list
    elements: str
  hostname:
    description:
      - What a host's name is made of, joined by hyphens; parts that a tenant has no value of are left out. The name of
        a project is unique in all of Hasura Cloud.
      - Other characters than letters, digits, C(.), C(_) and C(-) become hyphens. Hosts that would have the same name,
        or a name that means something to Ansible such as C(all), each get their id appended.
    type: list
    elements: str
    choices: [name, id, slug, fqdn, cloud, region]
    default: [name]
seealso:
  - module: webops.paas.hasura_tenant_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# tenants.hasura.yml; this line is enough, with the token in HASURA_CLOUD_ACCESS_TOKEN
plugin: webops.paas.hasura

# The rest is optional. Values may be looked up wherever you keep them
token: "{{ lookup('ansible.builtin.env', 'HASURA_CLOUD_ACCESS_TOKEN') }}"
cloud: [aws, gcp]
# Variables and groups made of the variables that each tenant has
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
