# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  token:
    description:
      - An API key of the organization in Flightcontrol (Organization settings, API keys).
      - Surrounding white space is ignored.
      - If not given, the environment variable E(FLIGHTCONTROL_API_KEY) is used.
    type: str
    aliases: [api_key, auth_token]
  api_url:
    description:
      - Where the API answers. A C(/v1) at its end is left out, since it belongs to each operation.
      - Plain C(http) is accepted for loopback hosts only.
      - If not given, the environment variable E(FLIGHTCONTROL_API_URL) is used.
    type: str
    default: https://api.flightcontrol.dev
notes:
  - Flightcontrol's makers call C(app.flightcontrol.dev) and C(flightcontrol.json) a legacy product beside their newer
    one, which has another API. This module speaks the former's API.
"""
