#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_deployment_info
version_added: 0.1.0
short_description: Get a Flightcontrol deployment with the status of each service
description:
  - Returns a deployment, with what has become of each of its services. Flightcontrol offers no list of deployments.
  - Sends one read.
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
      - The deployment, as M(webops.paas.flightcontrol_deploy) and each deploy hook answer it.
    type: str
    required: true
seealso:
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
- name: Deploy what is on the branch
  webops.paas.flightcontrol_deploy:
    branch: main
    wait: false
  register: started

- name: How far it has come
  webops.paas.flightcontrol_deployment_info:
    deployment_id: "{{ started.deployments[0].id }}"
  register: found
"""

RETURN = r"""
deployments:
  description:
    - The deployment; empty when there is none with this id that the key may see.
    - C(status) and the status of each service is one of V(PENDING), V(PENDING_DEPENDENCY), V(INPROGRESS),
      V(PROVISIONING), V(BUILDING), V(DEPLOYING), V(SUCCESS), V(NO_CHANGE), V(CANCELLED), V(ERROR), V(BUILD_ERROR) or
      V(DEPLOY_ERROR).
    - C(created_at) is as Flightcontrol writes it, which may be without a time zone.
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
    - What failed, for machines.
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
