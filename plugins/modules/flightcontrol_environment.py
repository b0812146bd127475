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
  - With O(environment_id), edits an environment; with O(edit_style=patch), edits the one of that name. With
    O(create=true), creates one.
  - Flightcontrol offers no way to read environments. So an edit is sent each time, and reported as a change; check mode
    says so, too, with a warning.
  - Since nothing can be looked up by name, a new environment is only created when O(create=true) says so, and only when
    no service of the project has an id that stands in O(services). An environment is created exactly once. When the
    answer is lost, it may have been created, and the task fails and says so.
  - An environment cannot be deleted by the API.
  - Creating takes one read of the project's services before, and another one afterwards. An edit takes none.
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
      - An edit cannot be compared with what there is, so check mode always says that it would change something, and
        warns.
  diff_mode:
    support: full
    details:
      - Shows what is sent, not what is different; values of variables are not shown.
  idempotent:
    support: none
    details:
      - The platform offers no way to read environments, so each run sends the edit. To create the same environment
        again is refused.
author:
  - webops.paas contributors (@webops-paas)
options:
  project_id:
    description:
      - The project.
    type: str
    required: true
  environment_id:
    description:
      - ID of the environment to edit. Either this or O(create=true) is required, except with O(edit_style=patch), which
        does not send it.
    type: str
  create:
    description:
      - Creates a new environment.
    type: bool
    default: false
  edit_style:
    description:
      - How an edit is sent; the sources disagree. V(post) is the form of the vendor's own pages. It finds the
        environment by O(environment_id), and takes O(name) and O(source) only.
      - V(patch) is the form of the published OpenAPI text. It takes all options, needs O(name) and O(region), and finds
        the environment by its name, which it therefore cannot change. O(environment_id) is not sent then.
    type: str
    choices: [patch, post]
    default: post
  name:
    description:
      - The environment's name.
    type: str
  region:
    description:
      - The AWS region, such as V(us-east-1).
    type: str
  source:
    description:
      - Where it is deployed from.
    type: dict
    suboptions:
      branch:
        description:
          - The branch.
        type: str
      trigger:
        description:
          - Whether a push deploys it.
        type: str
        choices: [push, manual]
  services:
    description:
      - The services, as in C(flightcontrol.json). Each needs C(id), C(name) and C(type) at least.
      - Values below C(envVariables) are not shown.
    type: list
    elements: dict
  vpc:
    description:
      - The network.
    type: dict
    suboptions:
      id:
        description:
          - An existing VPC.
        type: str
      cidr:
        description:
          - The addresses of a new one.
        type: str
      private:
        description:
          - Whether services are in private subnets.
        type: bool
  env_variables:
    description:
      - Names and values. Flightcontrol stores them in the Parameter Store of the region.
      - They are never shown.
    type: dict
seealso:
  - module: webops.paas.flightcontrol_env_vars
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
- name: The project is known by its services
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: A new environment, in check mode; each has to be created once only
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

- name: This one is deployed by hand
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
    - The environment. After it was created, C(id) is found by its services; it is V(null) where it has none, and where
      O(edit_style=patch) was used without O(environment_id).
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
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, message]
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import BOOL, FLAG, STR, JsonObject, Module, Operation, cached_property
from ..module_utils._core.variables import masked
from ..module_utils._flightcontrol import api, environments
from ..module_utils._kernel.plan import Change, Plan, Prediction


class Environment(Operation[environments.EnvironmentsClient]):
    """Of a new one, the parent is the ids of the project's environments before."""

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
