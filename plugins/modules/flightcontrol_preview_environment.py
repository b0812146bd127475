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
  - Sets the name of a project's preview environments, and the conditions under which a pull request gets one.
  - The API does not return these settings. Therefore each run sends them and reports a change, and check mode predicts
    a change with a warning.
  - Omitted settings are not changed.
  - Each run sends one request.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_flightcontrol
attributes:
  check_mode:
    support: full
    details:
      - The current state cannot be read, so a change is always predicted, with a warning.
  diff_mode:
    support: full
    details:
      - Shows what is sent, not the differences.
  idempotent:
    support: none
    details:
      - Flightcontrol offers no way to read preview environments, so each run sends the edit.
author:
  - webops.paas contributors (@webops-paas)
options:
  project_id:
    description:
      - ID of the project.
    type: str
    required: true
  name:
    description:
      - Name of the preview environments.
    type: str
  source:
    description:
      - Conditions that create and deploy a preview environment.
    type: dict
    suboptions:
      trigger:
        description:
          - Event that starts a deployment. Flightcontrol does not document the allowed values.
        type: str
      filter:
        description:
          - Conditions that a pull request must meet to get a preview environment. An empty list means no condition.
        type: dict
        suboptions:
          labels:
            description:
              - Labels of which the pull request must have at least one.
            type: list
            elements: str
          to_branches:
            description:
              - Branches of which one must be the target of the pull request.
            type: list
            elements: str
          from_branches:
            description:
              - Branches of which one must be the source of the pull request.
            type: list
            elements: str
          watch_paths:
            description:
              - Patterns of which one must match a file that the pull request changes.
            type: list
            elements: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_deploy
  - module: webops.paas.flightcontrol_environment
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_preview_environment \
#   -a 'project_id=clcpcwxbq000ic9ojg6lm0h3a name=preview'

- name: List the web services of the project
  webops.paas.flightcontrol_service_info:
    type: web
  register: web

- name: Create previews of labeled pull requests to main
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
    - Project and name that were sent, and the C(message) of Flightcontrol's response.
  returned: success
  type: dict
  sample:
    project_id: clcpcwxbq000ic9ojg6lm0h3a
    name: preview
    message: Preview Environment updated successfully
unknown_until_applied:
  description:
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
  returned: in check mode
  type: list
  elements: str
  sample: [message]
error:
  description:
    - Machine-readable details of the failure.
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

from ..module_utils._kernel.module import InvalidInput, JsonObject, Module, Operation
from ..module_utils._flightcontrol import api, environments
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property


class PreviewEnvironment(Operation[environments.EnvironmentsClient]):
    def check_input(self) -> None:
        if not self.body:
            raise InvalidInput("source", "At least one setting is required: `name` is omitted and `source` is empty.")

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
