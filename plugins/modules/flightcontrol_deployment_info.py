#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_deployment_info
version_added: 0.1.0
short_description: Get the status of a Flightcontrol deployment
description:
  - Returns a deployment and the status of each of its services.
  - The API cannot list deployments, so the ID is required.
  - Sends one request.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_flightcontrol
author:
  - webops.paas contributors (@webops-paas)
options:
  deployment_id:
    description:
      - ID of the deployment. M(webops.paas.flightcontrol_deploy) and deploy hooks return it.
    type: str
    required: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_deployment_info -a deployment_id=clcpd1xkq000oc9ojf3e8a7hz

- name: Deploy the branch without waiting
  webops.paas.flightcontrol_deploy:
    branch: main
    wait: false
  register: started

- name: Get the status of the deployment
  webops.paas.flightcontrol_deployment_info:
    deployment_id: "{{ started.deployments[0].id }}"
  register: found

- name: Show the status of each service
  ansible.builtin.debug:
    msg: "{{ item.service_name }}: {{ item.status }}"
  loop: "{{ found.deployments[0].services }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
deployments:
  description:
    - List with the deployment. Empty if it does not exist or the key cannot access it.
    - The C(status) of the deployment and of each service is V(PENDING), V(PENDING_DEPENDENCY), V(INPROGRESS),
      V(PROVISIONING), V(BUILDING), V(DEPLOYING), V(SUCCESS), V(NO_CHANGE), V(CANCELLED), V(ERROR), V(BUILD_ERROR) or
      V(DEPLOY_ERROR).
    - The C(error) of a service is the reason why it failed. The API returns no logs and no links to logs.
    - C(created_at) has the format that Flightcontrol returns, possibly without a time zone.
  returned: success
  type: list
  elements: dict
  sample:
    - id: clcpd1xkq000oc9ojf3e8a7hz
      project_id: clcpcwxbq000ic9ojg6lm0h3a
      environment_id: clcpcx5mb000jc9oj2p4vj8qd
      environment_given_id: production
      is_preview: false
      status: SUCCESS
      repo_url: https://github.com/example/shop
      branch: main
      commit: 3f786850e387550fdab836ed7e6dc881de23001b
      created_at: "2026-11-20 08:15:30.381"
      services:
        - id: clcpd1xl2000qc9oj6dnm1gsw
          status: SUCCESS
          error:
          service_id: clcpcxekt000lc9ojqtgtc26y
          service_given_id: web
          service_name: Web
          service_type: web
          url: https://shop.example.com
      error:
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: getDeployment
    method: GET
    path: /v1/deployments/clcpd1xkq000oc9ojf3e8a7hz
    status: 401
    code: unauthorized
    platform_code: FC:Request:Error:UNAUTHORIZED
    request_id:
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._flightcontrol import api, deployments


class DeploymentInfo(Info[deployments.DeploymentsClient]):
    key = "deployments"

    def fetch(self) -> list[JsonObject]:
        found = self.client.get_deployment(self.params["deployment_id"])
        return [] if found is None else [deployments.deployment_view(found, self.client.http.redactor.clean_quote)]


MODULE = Module(DeploymentInfo, options=dict(deployment_id=api.REQUIRED_ID))


if __name__ == "__main__":
    MODULE.run()
