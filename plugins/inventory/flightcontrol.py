# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: flightcontrol
version_added: 0.1.0
short_description: Flightcontrol services as hosts
description:
  - Makes a host of each service of Flightcontrol that the key may see, with one request for each hundred services.
  - The file's name must be C(flightcontrol.yml), or end in C(.flightcontrol.yml) or C(.flightcontrol.yaml).
  - All hosts are in the group C(flightcontrol), and in C(flightcontrol_type_TYPE), C(flightcontrol_project_ID),
    C(flightcontrol_environment_ID) and, in preview environments, C(flightcontrol_preview_environment_ID).
  - The variables of a host are the keys of what M(webops.paas.flightcontrol_service_info) returns, with
    C(flightcontrol_) in front.
  - "The service: C(flightcontrol_id), C(flightcontrol_given_id), C(flightcontrol_name), C(flightcontrol_type),
    C(flightcontrol_created_at), C(flightcontrol_updated_at)."
  - "What it belongs to: C(flightcontrol_project_id), C(flightcontrol_environment_id), and
    C(flightcontrol_preview_environment_id), which is V(null) outside of preview environments."
  - Flightcontrol's list of services has neither their addresses nor the names of environments and projects. An address
    is in what M(webops.paas.flightcontrol_deployment_info) returns.
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
    choices: [webops.paas.flightcontrol]
  token:
    description:
      - An API key of the organization in Flightcontrol (Organization settings, API keys).
      - Surrounding white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: FLIGHTCONTROL_API_KEY
  api_url:
    description:
      - Where the API answers. A C(/v1) at its end is left out, since it belongs to each operation.
      - Plain C(http) is accepted for loopback hosts only.
    type: str
    default: https://api.flightcontrol.dev
    env:
      - name: FLIGHTCONTROL_API_URL
  project_id:
    description:
      - Only services of this project.
    type: str
  environment_id:
    description:
      - Only services of this environment.
    type: str
  preview_environment_id:
    description:
      - Only services of this preview environment.
    type: str
  type:
    description:
      - Only services of this type, such as V(web), V(private-web), V(worker), V(static), V(scheduler) or V(rds).
    type: str
  environment_type:
    description:
      - Only services of preview environments, or only those of the others.
    type: str
    choices: [standard, preview]
  hostname:
    description:
      - What a host's name is made of, joined by hyphens; parts that a service has no value of are left out.
      - Services of several environments have the same O(hostname=given_id), which is that in C(flightcontrol.json), so
        by default the id is a part of the name.
      - Other characters than letters, digits, C(.), C(_) and C(-) become hyphens. Hosts that would have the same name,
        or a name that means something to Ansible such as C(all), each get their id appended.
    type: list
    elements: str
    choices: [given_id, id, name, type, project_id, environment_id, preview_environment_id]
    default: [given_id, id]
seealso:
  - module: webops.paas.flightcontrol_service_info
  - module: webops.paas.flightcontrol_scaling
"""

EXAMPLES = r"""
# web.flightcontrol.yml; this line is enough, with the key in FLIGHTCONTROL_API_KEY
plugin: webops.paas.flightcontrol

# The rest is optional. Values may be looked up wherever you keep them
token: "{{ lookup('ansible.builtin.env', 'FLIGHTCONTROL_API_KEY') }}"
type: web
hostname: [name, id]
# Groups made of the variables that each service has
groups:
  of_pull_requests: flightcontrol_preview_environment_id is not none
keyed_groups:
  - key: flightcontrol_name
    prefix: service
"""

from ansible_collections.webops.paas.plugins.modules.flightcontrol_service_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._inventory import PlatformInventory


class InventoryModule(PlatformInventory):
    NAME = "webops.paas.flightcontrol"
    info = MODULE
    grouped_by = {
        "type": "type",
        "project": "project_id",
        "environment": "environment_id",
        "preview_environment": "preview_environment_id",
    }
