# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hasura_endpoint
version_added: 1.1.0
short_description: Get the GraphQL endpoint of a Hasura Cloud tenant
description:
  - Returns the URL of the GraphQL API of the tenant of a project.
  - Sends one request for each tenant.
  - For everything else about a tenant, use M(webops.paas.hasura_tenant_info).
extends_documentation_fragment:
  - webops.paas.connection.plugin
  - webops.paas.connection.lookup
author:
  - webops.paas contributors (@webops-paas)
options:
  _terms:
    description:
      - Names of projects.
    type: list
    elements: str
    required: true
  token:
    description:
      - Personal access token of Hasura Cloud (My Account, Access Tokens). Leading and trailing white space is ignored.
      - Required, unless the environment variable is set.
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
seealso:
  - module: webops.paas.hasura_tenant_info
  - module: webops.paas.verify
  - plugin: webops.paas.hasura
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Set the URL of the API
  webops.paas.netlify_env_vars:
    site: webops-paas-shop
    env_vars:
      GRAPHQL_URL: "{{ lookup('webops.paas.hasura_endpoint', 'webops-paas-shop') }}"

- name: Pass the token
  ansible.builtin.debug:
    msg: "{{ lookup('webops.paas.hasura_endpoint', 'webops-paas-shop', token=hasura_token) }}"
"""

RETURN = r"""
_raw:
  description:
    - One URL for each name, in the same order.
  type: list
  elements: str
  sample:
    - https://webops-paas-shop.hasura.app/v1/graphql
"""

from ansible_collections.webops.paas.plugins.modules.hasura_tenant_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._lookup import PlatformLookup


class LookupModule(PlatformLookup):
    info = MODULE
    named_by = "name"
    noun = "tenant"
    addresses = ("endpoint",)
