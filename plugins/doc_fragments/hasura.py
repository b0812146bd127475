# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - Personal access token of Hasura Cloud, from the account's settings (My Account, Access Tokens).
      - Required. If not set, the value of the environment variable E(HASURA_CLOUD_ACCESS_TOKEN) is used.
      - Leading and trailing white space is ignored.
      - Hasura Cloud does not reject an invalid token; it hides tables and mutations instead. The error message of the
        module points this out.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - URL of the API of Hasura Cloud, version 2. Hasura DDN is another product and not supported. If the URL has no
        path, C(/v1/graphql) is appended.
      - C(http) is allowed only for loopback hosts.
      - If not set, the value of the environment variable E(HASURA_CLOUD_API_URL) is used.
    type: str
    default: https://data.pro.hasura.io/v1/graphql
  trusted_hosts:
    description:
      - Additional hosts of tenants that can receive the token or the admin secret, such as a custom domain. A name that
        begins with C(*.) matches all hosts of that domain.
      - C(*.hasura.app) and the host of O(api_url) are always trusted, and all loopback hosts if O(api_url) has a
        loopback host. A task that would send a credential to another host fails.
      - Only M(webops.paas.hasura_metadata), M(webops.paas.hasura_metadata_info), M(webops.paas.hasura_migrations) and
        M(webops.paas.hasura_seeds) send a credential to a tenant. The other modules accept the option so that it can be
        set in C(module_defaults) of the whole group.
    type: list
    elements: str
    default: []
"""

    # For modules about an existing tenant.
    TENANT = r"""
options:
  tenant_id:
    description:
      - ID of the tenant, which differs from the ID of its project.
      - Exactly one of O(tenant_id), O(name) and O(slug) is required.
    type: str
  name:
    description:
      - Name of the tenant's project.
    type: str
  slug:
    description:
      - Slug of the tenant, which is the first part of its host name.
    type: str
"""

    # For modules that use the API of the tenant itself.
    ADMIN_SECRET = r"""
options:
  admin_secret:
    description:
      - Admin secret of the tenant, for the tenant's own API.
      - If not set, the value of the environment variable E(HASURA_GRAPHQL_ADMIN_SECRET) is used. If that is not set
        either, O(token) is sent to the tenant, which accepts it.
    type: str
"""
