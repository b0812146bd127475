#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_config_info
version_added: 1.1.0
short_description: Check a flightcontrol.json file, and get its environments and services
description:
  - Reads a configuration file of Flightcontrol and checks it, so that mistakes are found before Flightcontrol reads the
    file in a deployment. If the file has errors, the task fails with all of them. Each names its place, such as
    C(environments[0].services[2].dependsOn[1]), what is wrong and what is allowed.
  - Checks the structure of the file, required keys, types, ranges, and that the IDs of environments, and of the
    services of an environment, are unique. C(dependsOn) must not be circular. It, C(fromService) in environment
    variables and C(containerImage.fromService) must name services of the same environment.
  - The structure is that of Flightcontrol's JSON schema of June 2025 and of its documentation. Flightcontrol may know
    more keys and values by now, so unknown ones are warnings by default, see O(on_unknown).
  - The module cannot check what only AWS or GitHub knows, for example whether a branch or a parameter exists.
  - Sends no requests and requires no token. It accepts the options of the connection, so that C(module_defaults) for
    the action group can be used, but ignores them.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_flightcontrol
author:
  - webops.paas contributors (@webops-paas)
requirements:
  - PyYAML, to read a YAML file
options:
  token:
    description:
      - API key of the organization in Flightcontrol. The module does not use it.
      - If not set, the value of the environment variable E(FLIGHTCONTROL_API_KEY) is used.
    type: str
    aliases: [api_key, auth_token]
  src:
    description:
      - Path of the file, usually C(flightcontrol.json) in the root of the repository. Its name must end in C(.json),
        C(.yaml) or C(.yml).
      - Comments and trailing commas are not valid in JSON, and are errors.
      - Flightcontrol itself documents JSON and CUE files only. YAML is for files from which JSON is generated. It is
        read as YAML 1.2.
    type: path
    required: true
  on_unknown:
    description:
      - What to do about keys, types of services and values that are not known to the module, and about references that
        are unusual.
      - With V(warn), they are warnings. With V(fail), they are errors. With V(ignore), they are only in RV(problems).
    type: str
    choices: [warn, fail, ignore]
    default: warn
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_deploy
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# Check a file from the command line:
# ansible localhost -m webops.paas.flightcontrol_config_info -a src=flightcontrol.json

- name: Check the configuration before a deployment
  webops.paas.flightcontrol_config_info:
    src: flightcontrol.json
  register: config

- name: Show the services of each environment
  ansible.builtin.debug:
    msg: "{{ item.id }} ({{ item.branch }}): {{ item.services | map(attribute='id') | join(', ') }}"
  loop: "{{ config.environments }}"
  loop_control:
    label: "{{ item.id }}"

- name: Accept only keys that the module knows
  webops.paas.flightcontrol_config_info:
    src: flightcontrol.json
    on_unknown: fail
"""

RETURN = r"""
environments:
  description:
    - Environments of the file and their services. C(branch) is V(null) for preview environments.
  returned: success
  type: list
  elements: dict
  sample:
    - id: production
      name: Production
      region: us-west-2
      branch: main
      is_preview: false
      services:
        - id: web
          name: Web
          type: web
          depends_on: [db]
        - id: db
          name: Database
          type: rds
          depends_on: []
problems:
  description:
    - Problems of the file. C(place) is empty if the whole file is meant.
    - C(severity) is V(error), or V(unknown) for the problems that O(on_unknown) decides about.
  returned: success, and failure because of problems
  type: list
  elements: dict
  sample:
    - place: environments[0].services[0].buildComand
      message: is not known. Did you mean buildCommand?
      severity: unknown
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    code: invalid_input
    option: src
"""

from ..module_utils._kernel.module import Info, InvalidInput, JsonObject, Module
from ..module_utils._flightcontrol import config
from ..module_utils._flightcontrol.api import FlightcontrolClient
from ..module_utils._kernel.plan import cached_property


class ConfigInfo(Info[FlightcontrolClient]):
    key = "environments"

    @cached_property
    def document(self) -> JsonObject:
        found: JsonObject = config.read("src", self.params["src"])
        return found

    @cached_property
    def problems(self) -> list[JsonObject]:
        return [config.problem_view(problem) for problem in config.problems_of(self.document)]

    def check_input(self) -> None:
        doubts_fail = self.params["on_unknown"] == "fail"
        wrong = [problem for problem in self.problems if doubts_fail or problem["severity"] == config.ERROR]
        if wrong:
            error = InvalidInput("src", f"`src`: {self.params['src']} is invalid: {config.sentences(wrong)}")
            error.results = {"problems": self.problems}
            raise error
        if self.problems and self.params["on_unknown"] == "warn":
            self.warn(f"`src`: {self.params['src']}: {config.sentences(self.problems)}")

    def fetch(self) -> list[JsonObject]:
        return config.environments_of(self.document)

    def result(self) -> JsonObject:
        return {**super().result(), "problems": self.problems}


MODULE = Module(
    ConfigInfo,
    options=dict(
        src=dict(type="path", required=True),
        on_unknown=dict(type="str", choices=["warn", "fail", "ignore"], default="warn"),
    ),
    token_needed=lambda params: "",
)


if __name__ == "__main__":
    MODULE.run()
