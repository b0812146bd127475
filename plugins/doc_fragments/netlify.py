# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - A personal access token of Netlify (User settings, Applications).
      - Surrounding white space is ignored.
      - Needed by every task. If not given, the environment variable E(NETLIFY_AUTH_TOKEN), then E(NETLIFY_API_TOKEN),
        is used.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - Where the API answers. A URL without a path gets C(/api/v1), as in the vendor's own tools.
      - Plain C(http) is accepted for loopback hosts only.
      - If not given, the environment variable E(NETLIFY_API_URL) is used.
    type: str
    default: https://api.netlify.com/api/v1
"""
