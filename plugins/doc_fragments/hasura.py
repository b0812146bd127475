# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - A personal access token of Hasura Cloud (My Account, Access Tokens).
      - Surrounding white space is ignored.
      - Needed by every task. If not given, the environment variable E(HASURA_CLOUD_ACCESS_TOKEN) is used.
      - To a wrong token Hasura Cloud does not say that it is wrong; tables and mutations seem not to exist. The message
        says so.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - Where the API of Hasura Cloud answers (version 2; Hasura DDN is another product). A URL without a path gets
        C(/v1/graphql).
      - Plain C(http) is accepted for loopback hosts only.
      - If not given, the environment variable E(HASURA_CLOUD_API_URL) is used.
    type: str
    default: https://data.pro.hasura.io/v1/graphql
  trusted_hosts:
    description:
      - Hosts of tenants that can be sent the token or the admin secret, such as a custom domain. A name that begins
        with C(*.) stands for all hosts below that domain.
      - Always trusted are C(*.hasura.app), the host of O(api_url), and, when O(api_url) is at a loopback host, all
        loopback hosts. A task that would send a credential to another host fails.
      - Only M(webops.paas.hasura_metadata) and M(webops.paas.hasura_metadata_info) send a credential to a tenant.
        The other modules accept the option for C(module_defaults) of the whole group.
    type: list
    elements: str
    default: []
"""
