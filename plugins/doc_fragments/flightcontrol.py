# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - API key of the organization in Flightcontrol, from the organization's settings (API keys).
      - Required. If not set, the value of the environment variable E(FLIGHTCONTROL_API_KEY) is used.
      - Leading and trailing white space is ignored.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - URL of the API. C(/v1) at its end is ignored.
      - C(http) is allowed only for loopback hosts.
      - If not set, the value of the environment variable E(FLIGHTCONTROL_API_URL) is used.
    type: str
    default: https://api.flightcontrol.dev
notes:
  - This module uses the API of C(app.flightcontrol.dev) and C(flightcontrol.json). Its vendor calls these a legacy
    product and has a newer one, Ravion, with another API.
"""
