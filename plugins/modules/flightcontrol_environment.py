#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_environment
version_added: 0.1.0
short_description: Create or edit a Flightcontrol environment
description:
  - Edits the environment in O(environment_id), or creates an environment with O(create=true). With
    O(edit_style=patch), it edits the environment named O(name).
  - B(Preview:) The requests that O(create=true) and O(edit_style=patch) send are known only from an OpenAPI description
    that a third party publishes. Flightcontrol documents the request of O(edit_style=post).
  - The API does not return environments. Therefore each run sends the edit and reports a change, and check mode
    predicts a change with a warning.
  - An environment cannot be looked up by name. Therefore the module creates one only with O(create=true), and only if
    no service of the project has an ID that occurs in O(services).
  - The module never sends the creation twice. If the response is lost, the environment may have been created. The task
    then fails and does not retry the request.
  - The API cannot delete environments.
  - Each run that edits sends one request. Each run that creates sends three, of which two list the project's services.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.quoting
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_flightcontrol
attributes:
  check_mode:
    support: full
    details:
      - The current state cannot be read, so an edit is always predicted as a change, with a warning.
  diff_mode:
    support: full
    details:
      - Shows what is sent, not the differences. Values of variables are not shown.
  idempotent:
    support: none
    details:
      - Flightcontrol offers no way to read environments, so each run sends the edit. Creating the same environment
        again fails.
author:
  - webops.paas contributors (@webops-paas)
options:
  project_id:
    description:
      - ID of the project.
    type: str
    required: true
  environment_id:
    description:
      - ID of the environment to edit.
      - Required unless O(create=true) or O(edit_style=patch), which does not send it.
    type: str
  create:
    description:
      - Whether to create a new environment.
    type: bool
    default: false
  edit_style:
    description:
      - Request that edits an environment. The sources about the API disagree on it.
      - V(post) is the request that Flightcontrol documents. It finds the environment by O(environment_id), and can
        change only O(name) and O(source).
      - V(patch) is the request of the published OpenAPI description. It can change everything except the name, by which
        it finds the environment. It requires O(name) and O(region), and does not send O(environment_id).
    type: str
    choices: [patch, post]
    default: post
  name:
    description:
      - Name of the environment.
    type: str
  region:
    description:
      - AWS region of the environment, for example V(us-east-1).
    type: str
  source:
    description:
      - Source that the environment is deployed from.
    type: dict
    suboptions:
      branch:
        description:
          - Name of the branch.
        type: str
      trigger:
        description:
          - Whether a push or a person starts a deployment.
        type: str
        choices: [push, manual]
  services:
    description:
      - Services of the environment, in the format of C(flightcontrol.json). Each service needs at least C(id), C(name)
        and C(type).
      - Values in C(envVariables) are never shown.
    type: list
    elements: dict
  vpc:
    description:
      - Network of the environment.
    type: dict
    suboptions:
      id:
        description:
          - ID of an existing VPC.
        type: str
      cidr:
        description:
          - Address range of a new VPC, in CIDR notation.
        type: str
      private:
        description:
          - Whether services run in private subnets.
        type: bool
  env_variables:
    description:
      - Names and values of environment variables. Flightcontrol stores them in the Parameter Store of the region.
      - Values are never shown.
    type: dict
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_env_vars
  - module: webops.paas.flightcontrol_preview_environment
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_environment \
#   -a 'project_id=clcpcwxbq000ic9ojg6lm0h3a environment_id=clcpcx5mb000jc9oj2p4vj8qd name=production'

- name: List the web services of the project
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Show what creating an environment would send (remove check_mode to create it)
  webops.paas.flightcontrol_environment:
    project_id: "{{ web.services[0].project_id }}"
    create: true
    name: experiment
    region: us-east-1
    source:
      branch: experiment
      trigger: manual
    services:
      - id: experiment-web
        name: Experiment
        type: web
    env_variables:
      LOG_LEVEL: debug
  check_mode: true
  diff: true

- name: Deploy the environment only on request
  webops.paas.flightcontrol_environment:
    project_id: "{{ web.services[0].project_id }}"
    environment_id: "{{ web.services[0].environment_id }}"
    source:
      branch: main
      trigger: manual
"""

RETURN = r"""
environment:
  description:
    - The environment. The C(id) of a new environment is found by its services, and is V(null) if it has none. It is
      also V(null) with O(edit_style=patch) if O(environment_id) is not set.
  returned: success
  type: dict
  sample:
    id: clcpcx5mb000jc9oj2p4vj8qd
    project_id: clcpcwxbq000ic9ojg6lm0h3a
    name: experiment
    region: us-east-1
    message: Environment created successfully
unknown_until_applied:
  description:
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
  returned: in check mode
  type: list
  elements: str
  sample: [id, message]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: createEnvironment
    method: POST
    path: /v1/projects/clcpcwxbq000ic9ojg6lm0h3a/environments
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from typing import Any

from ..module_utils._kernel.module import BOOL, FLAG, STR, JsonObject, Module, Operation
from ..module_utils._core.variables import masked
from ..module_utils._flightcontrol import api, environments
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property


class Environment(Operation[environments.EnvironmentsClient]):
    """The parent of a new environment is the IDs of the project's other environments."""

    def check_input(self) -> None:
        environments.check(self.params, self.warn)
        self.client.http.redactor.add_quoted(*environments.values_in(self.body))

    @cached_property
    def body(self) -> JsonObject:
        return environments.body_of(self.params)

    def plan(self) -> Plan:
        others = environments.check_is_new(self.client, self.params) if self.params["create"] else None
        return Plan([Change.keep(None, others), Change.create("environment", self.body)])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.create("environment", self.body)])

    def shown(self, change: Change) -> tuple[None, JsonObject]:
        return None, environments.shown(change.after)

    def predict(self, plan: Plan) -> Prediction:
        view = {name: self.params[name] for name in ("project_id", "name", "region")}
        result = {"environment": {"id": self.params["environment_id"], **view, "message": None}}
        if self.params["create"]:
            return Prediction(result, ["id", "message"])
        return Prediction(result, ["message"], [environments.unread("environments")])

    def apply(self, plan: Plan) -> Any:
        project_id, environment_id = self.params["project_id"], self.params["environment_id"]
        if self.params["create"]:
            return self.client.create_environment(project_id, self.body)
        if self.params["edit_style"] == "post":
            return self.client.edit_environment_by_id(project_id, environment_id, self.body)
        return self.client.edit_environment(project_id, self.body)

    def settle(self, plan: Plan, outcome: Any) -> JsonObject:
        message = api.message_of(outcome, self.client.http.redactor.clean_quote)
        view = {**self.predict(plan).result["environment"], "message": message}
        if self.params["create"]:
            view["id"] = environments.id_of_new(self.client, self.params, outcome, plan.parent)
        return {"environment": view}


MODULE = Module(
    Environment,
    options=dict(
        project_id=api.REQUIRED_ID,
        environment_id=api.ID,
        create=FLAG,
        edit_style=dict(type="str", choices=["patch", "post"], default="post"),
        name=dict(type="str", check=api.check_given),
        region=dict(type="str", check=api.check_given),
        source=dict(type="dict", options=dict(branch=STR, trigger=dict(type="str", choices=["push", "manual"]))),
        services=dict(type="list", elements="dict", no_log=True, mask=environments.masked_services),
        vpc=dict(type="dict", options=dict(id=STR, cidr=STR, private=BOOL)),
        env_variables=dict(type="dict", no_log=True, mask=masked),
    ),
)


if __name__ == "__main__":
    MODULE.run()
