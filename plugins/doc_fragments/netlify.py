# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - Personal access token of Netlify (User settings, Applications). Leading and trailing white space is ignored.
      - Required by every task. If it is not set, the module uses the environment variable E(NETLIFY_AUTH_TOKEN), then
        E(NETLIFY_API_TOKEN).
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - URL of the Netlify API. If the URL has no path, C(/api/v1) is appended, as Netlify's own tools do.
      - The URL must begin with C(https://), except for loopback hosts.
      - If it is not set, the module uses the environment variable E(NETLIFY_API_URL).
    type: str
    default: https://api.netlify.com/api/v1
"""
