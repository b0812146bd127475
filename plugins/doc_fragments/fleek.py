# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - A hosting API key of a Fleek team (settings of the team, Hosting API Keys). It sees the sites of that team only.
      - It is sent as it is, without C(Bearer). Surrounding white space is ignored.
      - Needed by every task. If not given, the environment variable E(FLEEK_API_KEY) is used.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - Where the API answers. A URL without a path gets C(/graphql).
      - Plain C(http) is accepted for loopback hosts only.
      - If not given, the environment variable E(FLEEK_API_URL) is used.
    type: str
    default: https://api.fleek.co/graphql
notes:
  - Treat C(api.fleek.co) as retired. The vendor announced the end of Fleek.co for early 2025. This module implements
    its GraphQL API as Fleek's documentation published it. To use another endpoint that serves it, set O(api_url).
"""

    # Which site is meant.
    SITE = r"""
options:
  site:
    description:
      - The site, by its slug, which is the same as its name.
      - Either this or O(site_id).
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - The site, by its id. It is not the slug; M(webops.paas.fleek_site_info) tells it.
    type: str
"""

    # For modules that need a team.
    TEAM = r"""
options:
  team_id:
    description:
      - The id of the team.
      - If not given, the environment variable E(FLEEK_TEAM_ID) is used.
    type: str
"""
