# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: flightcontrol
version_added: 0.1.0
short_description: List Flightcontrol services as hosts
description:
  - Creates a host for each service of Flightcontrol that the API key has access to. Sends one request for each page of
    100 services.
  - The name of the file must be C(flightcontrol.yml), or end in C(.flightcontrol.yml) or C(.flightcontrol.yaml).
  - All hosts are in the group C(flightcontrol), and in groups C(flightcontrol_type_TYPE), C(flightcontrol_project_ID),
    C(flightcontrol_environment_ID) and, in preview environments, C(flightcontrol_preview_environment_ID).
  - The variables of a host are the values that M(webops.paas.flightcontrol_service_info) returns, with the prefix
    C(flightcontrol_).
  - "Service: C(flightcontrol_id), C(flightcontrol_given_id), C(flightcontrol_name), C(flightcontrol_type),
    C(flightcontrol_created_at), C(flightcontrol_updated_at)."
  - "Project and environment: C(flightcontrol_project_id), C(flightcontrol_environment_id), and
    C(flightcontrol_preview_environment_id), which is V(null) outside of preview environments."
  - Flightcontrol's list of services contains neither their addresses nor the names of environments and projects. To get
    an address, use M(webops.paas.flightcontrol_deployment_info).
extends_documentation_fragment:
  - webops.paas.connection.plugin
  - webops.paas.inventory
  - constructed
  - inventory_cache
author:
  - webops.paas contributors (@webops-paas)
options:
  plugin:
    description:
      - Name of this plugin, which marks the file as one of its sources.
    type: str
    required: true
    choices: [webops.paas.flightcontrol]
  token:
    description:
      - API key of the organization in Flightcontrol (Organization settings, API keys).
      - Leading and trailing white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: FLIGHTCONTROL_API_KEY
  api_url:
    description:
      - URL of the Flightcontrol API. A trailing C(/v1) is removed, because it is part of each operation.
      - The URL must begin with C(https://), except for loopback hosts.
    type: str
    default: https://api.flightcontrol.dev
    env:
      - name: FLIGHTCONTROL_API_URL
  project_id:
    description:
      - ID of the project whose services to list.
    type: str
  environment_id:
    description:
      - ID of the environment whose services to list.
    type: str
  preview_environment_id:
    description:
      - ID of the preview environment whose services to list.
    type: str
  type:
    description:
      - Type of the services to list, such as V(web), V(private-web), V(worker), V(static), V(scheduler) or V(rds).
    type: str
  environment_type:
    description:
      - Whether to list only services of preview environments, or only those of the others.
    type: str
    choices: [standard, preview]
  hostname:
    description:
      - Parts of the host names, which are joined by hyphens. Parts for which a service has no value are omitted.
      - Services of several environments can have the same O(hostname=given_id), which is the ID in
        C(flightcontrol.json). Therefore the ID of the service is part of the name by default.
      - Characters other than letters, digits, C(.), C(_) and C(-) are replaced by hyphens. The ID is appended if
        several hosts would have the same name, or if the name means something to Ansible, such as C(all).
    type: list
    elements: str
    choices: [given_id, id, name, type, project_id, environment_id, preview_environment_id]
    default: [given_id, id]
seealso:
  - ref: ansible_collections.webops.paas.docsite.inventory_guide
    description: Recipes for inventories.
  - module: webops.paas.flightcontrol_service_info
  - module: webops.paas.flightcontrol_scaling
"""

EXAMPLES = r"""
# web.flightcontrol.yml; this line is enough, with the key in FLIGHTCONTROL_API_KEY
plugin: webops.paas.flightcontrol

# The rest is optional. Values can be templates, such as lookups
token: "{{ lookup('ansible.builtin.env', 'FLIGHTCONTROL_API_KEY') }}"
type: web
hostname: [name, id]
# Create groups from the variables of each service
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
