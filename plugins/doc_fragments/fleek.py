# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - Hosting API key of a Fleek team, from the team's settings (Hosting API Keys). It gives access to the sites of
        that team only.
      - Required. If not set, the value of the environment variable E(FLEEK_API_KEY) is used.
      - The key is sent without the prefix C(Bearer). Leading and trailing white space is ignored.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - URL of the API. If it has no path, C(/graphql) is appended.
      - C(http) is allowed only for loopback hosts.
      - If not set, the value of the environment variable E(FLEEK_API_URL) is used.
    type: str
    default: https://api.fleek.co/graphql
notes:
  - Treat C(api.fleek.co) as retired. The vendor announced the end of Fleek.co for early 2025. This module implements
    the GraphQL API that Fleek's documentation published. To use another endpoint that serves this API, set O(api_url).
"""

    # For modules that find a site.
    SITE = r"""
options:
  site:
    description:
      - Slug of the site, which is the same as its name.
      - Exactly one of O(site) and O(site_id) is required.
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - ID of the site, which differs from its slug. M(webops.paas.fleek_site_info) returns it.
    type: str
"""

    # For modules that need a team.
    TEAM = r"""
options:
  team_id:
    description:
      - ID of the team.
      - If not set, the value of the environment variable E(FLEEK_TEAM_ID) is used.
    type: str
"""
