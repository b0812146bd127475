#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_service_info
version_added: 0.1.0
short_description: List the services of Flightcontrol projects and environments
description:
  - Returns the services that match all given options, always as a list. Without options, it returns all services that
    the key can access.
  - Sends one request for each page of 100 services.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_flightcontrol
author:
  - webops.paas contributors (@webops-paas)
options:
  project_id:
    description:
      - ID of the project whose services are returned.
    type: str
  environment_id:
    description:
      - ID of the environment whose services are returned.
    type: str
  preview_environment_id:
    description:
      - ID of the preview environment whose services are returned.
    type: str
  type:
    description:
      - Type of the services to return, such as V(web), V(private-web), V(worker), V(static), V(scheduler) or V(rds).
    type: str
  environment_type:
    description:
      - Type of the environments whose services are returned. V(preview) stands for preview environments, V(standard)
        for all others.
    type: str
    choices: [standard, preview]
  given_id:
    description:
      - ID in C(flightcontrol.json) of the services to return. The API cannot filter by it, so the module reads
        all services that match the other options.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_scaling_info
  - module: webops.paas.flightcontrol_env_vars
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_service_info -a type=web

- name: List all services
  webops.paas.flightcontrol_service_info:
  register: all_services

- name: List the web services outside of preview environments
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Show the environment of each web service
  ansible.builtin.debug:
    msg: "{{ item.name }} of the environment {{ item.environment_id }} is {{ item.id }}"
  loop: "{{ web.services }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
services:
  description:
    - Services that match. Empty if none matches.
    - C(preview_environment_id) is V(null) outside of preview environments. The times are V(null) if Flightcontrol does
      not return them.
  returned: success
  type: list
  elements: dict
  sample:
    - id: clcpcxekt000lc9ojqtgtc26y
      given_id: web
      name: Web
      type: web
      project_id: clcpcwxbq000ic9ojg6lm0h3a
      environment_id: clcpcx5mb000jc9oj2p4vj8qd
      preview_environment_id:
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: getServices
    method: GET
    path: /v1/services
    status: 401
    code: unauthorized
    platform_code: FC:Request:Error:UNAUTHORIZED
    request_id:
"""

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._flightcontrol import api, services

# What the API calls its own filters.
FILTERS = {
    "project_id": "projectId",
    "environment_id": "environmentId",
    "preview_environment_id": "previewEnvironmentId",
    "type": "type",
    "environment_type": "environmentType",
}


class ServiceInfo(Info[services.ServicesClient]):
    key = "services"

    def fetch(self) -> list[JsonObject]:
        found = self.client.list_services(**{name: self.params[option] for option, name in FILTERS.items()})
        given_id = self.params["given_id"]
        return [services.service_view(service) for service in found if given_id in (None, service.get("givenId"))]


MODULE = Module(
    ServiceInfo,
    options=dict(
        project_id=api.ID,
        environment_id=api.ID,
        preview_environment_id=api.ID,
        type=STR,
        environment_type=dict(type="str", choices=["standard", "preview"]),
        given_id=STR,
    ),
)


if __name__ == "__main__":
    MODULE.run()
