#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_preview_environment
version_added: 0.1.0
short_description: Configure which pull requests get a Flightcontrol preview environment
description:
  - Sets the name of a project's preview environment, and which pull requests get one.
  - Flightcontrol offers no way to read this. So it is sent each time, and reported as a change; check mode says so,
    too, with a warning.
  - What is omitted is left as it is. A run sends no read.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
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
      - Shows what is sent, not what is different.
  idempotent:
    support: none
    details:
      - The platform offers no way to read preview environments, so each run sends the edit.
author:
  - webops.paas contributors (@webops-paas)
options:
  project_id:
    description:
      - The project.
    type: str
    required: true
  name:
    description:
      - The name.
    type: str
  source:
    description:
      - What makes a preview environment.
    type: dict
    suboptions:
      trigger:
        description:
          - What triggers a deployment, in Flightcontrol's word for it.
        type: str
      filter:
        description:
          - Which pull requests get a preview environment. An empty list sets no condition.
        type: dict
        suboptions:
          labels:
            description:
              - Those that have one of these labels.
            type: list
            elements: str
          to_branches:
            description:
              - Those that shall be merged into one of these branches.
            type: list
            elements: str
          from_branches:
            description:
              - Those that come from one of these branches.
            type: list
            elements: str
          watch_paths:
            description:
              - Those that change a file that matches one of these patterns.
            type: list
            elements: str
seealso:
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
- name: The project is known by its services
  webops.paas.flightcontrol_service_info:
    type: web
  register: web

- name: Pull requests to main get a preview, if they are labelled
  webops.paas.flightcontrol_preview_environment:
    project_id: "{{ web.services[0].project_id }}"
    name: preview
    source:
      filter:
        labels: [preview]
        to_branches: [main]
"""

RETURN = r"""
preview_environment:
  description:
    - What was sent to which project, and what Flightcontrol said to it.
  returned: success
  type: dict
  sample:
    project_id: clcpcwxbq000ic9ojg6lm0h3a
    name: preview
    message: Preview Environment updated successfully
unknown_until_applied:
  description:
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [message]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: editPreviewEnvironment
    method: POST
    path: /v1/projects/clcpcwxbq000ic9ojg6lm0h3a/preview-environment
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from typing import Any

from ..module_utils._kernel.module import InvalidInput, JsonObject, Module, Operation, cached_property
from ..module_utils._flightcontrol import api, environments
from ..module_utils._kernel.plan import Change, Plan, Prediction


class PreviewEnvironment(Operation[environments.EnvironmentsClient]):
    def check_input(self) -> None:
        if not self.body:
            raise InvalidInput("source", "source has nothing to set, and name is omitted.")

    @cached_property
    def body(self) -> JsonObject:
        return environments.preview_body(self.params["name"], self.params["source"] or {})

    def plan(self) -> Plan:
        return Plan(Change.create(key, value) for key, value in self.body.items())

    def predict(self, plan: Plan) -> Prediction:
        view = {"project_id": self.params["project_id"], "name": self.params["name"], "message": None}
        return Prediction({"preview_environment": view}, ["message"], [environments.unread("preview environments")])

    def apply(self, plan: Plan) -> Any:
        return self.client.edit_preview_environment(self.params["project_id"], self.body)

    def settle(self, plan: Plan, outcome: Any) -> JsonObject:
        view = self.predict(plan).result["preview_environment"]
        return {"preview_environment": {**view, "message": api.message_of(outcome)}}


MODULE = Module(
    PreviewEnvironment,
    options=dict(
        project_id=api.REQUIRED_ID, name=dict(type="str", check=api.check_given), source=environments.PREVIEW_SOURCE
    ),
    required_one_of=[("name", "source")],
)


if __name__ == "__main__":
    MODULE.run()
