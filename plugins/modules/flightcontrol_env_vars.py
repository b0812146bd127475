#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_env_vars
version_added: 0.1.0
short_description: Set environment variables of a Flightcontrol environment or service
description:
  - Adds or changes environment variables of an environment or a service. The API cannot remove variables.
  - The API does not return variables either, so there is nothing to compare with. Without O(state_file), each run sends
    all declared variables and reports a change. Check mode also reports a change, with a warning.
  - With O(state_file), the module records what it sent, and sends only the variables that differ from this record.
  - New values take effect with the next deployment, which M(webops.paas.flightcontrol_deploy) starts.
  - A variable that is also set in C(flightcontrol.json) is probably overridden by that file. The API does not report
    this.
  - Values and references are never shown.
  - With O(state_file), a converged run sends no request.
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
      - Without O(state_file), always predicts a change of all variables, with a warning.
  diff_mode:
    support: full
    details:
      - Shows names only.
  idempotent:
    support: partial
    details:
      - Idempotent with O(state_file). Without it, and with O(force=true), each run sends all variables, because
        Flightcontrol offers no way to read variables back.
author:
  - webops.paas contributors (@webops-paas)
options:
  environment_id:
    description:
      - ID of the environment to set variables of.
      - Exactly one of O(environment_id) and O(service_id) is required.
    type: str
  service_id:
    description:
      - ID of the service to set variables of.
    type: str
  plain_text:
    description:
      - Names and values of variables that Flightcontrol stores as plain text.
    type: dict
  parameter_store:
    description:
      - Names and values of variables that Flightcontrol stores in the Parameter Store of your AWS account.
      - Flightcontrol stores them after it has sent its response. The API does not report when this is done.
    type: dict
  secrets_manager:
    description:
      - Names and values of variables that Flightcontrol stores in the Secrets Manager of your AWS account.
      - Flightcontrol stores them after it has sent its response. The API does not report when this is done.
    type: dict
  from_parameter_store:
    description:
      - Names of variables, and the paths in the Parameter Store from which their values are read.
    type: dict
  from_secrets_manager:
    description:
      - Names of variables, and the ARNs of the secrets from which their values are read.
    type: dict
  from_service:
    description:
      - Names of variables, and the properties of services from which their values are read. Each property is a
        dictionary in which C(id) is the service and C(value) the name of the property.
      - Flightcontrol's sources disagree on the format. A string is sent unchanged.
    type: dict
  state_file:
    description:
      - Path of a file in which the module records what it sent, on the host where the module runs. Its directory must
        exist.
      - The file contains a salted HMAC of each variable, never a value, and only its owner can read it. It is written
        after Flightcontrol has accepted the variables. Tasks, environments, services and parallel hosts can share one
        file.
      - Changes made by others are not detected. Use O(force=true) to send all variables again.
    type: path
  force:
    description:
      - Whether to send all declared variables, including those that O(state_file) records as sent.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_deploy
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_env_vars \
#   -a '{"service_id": "clcpcxekt000lc9ojqtgtc26y", "plain_text": {"LOG_LEVEL": "info"}}'

- name: List the web services
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Set the variables of the environment
  webops.paas.flightcontrol_env_vars:
    environment_id: "{{ web.services[0].environment_id }}"
    plain_text:
      LOG_LEVEL: info
      FEATURE_CHECKOUT: "true"
    parameter_store:
      API_KEY: "{{ vault_api_key | default('an example') }}"
    from_service:
      DATABASE_URL:
        id: db
        value: dbConnectionString
    state_file: "{{ playbook_dir }}/flightcontrol-variables.json"

- name: Set the variables of the service
  webops.paas.flightcontrol_env_vars:
    service_id: "{{ web.services[0].id }}"
    from_secrets_manager:
      SESSION_SECRET: arn:aws:secretsmanager:us-east-1:123456789012:secret:session-AbCdEf
    from_parameter_store:
      MAIL_PASSWORD: /shop/mail-password
    state_file: "{{ playbook_dir }}/flightcontrol-variables.json"

- name: Show which variables would be sent
  webops.paas.flightcontrol_env_vars:
    environment_id: "{{ web.services[0].environment_id }}"
    plain_text:
      LOG_LEVEL: debug
    state_file: "{{ playbook_dir }}/flightcontrol-variables.json"
  check_mode: true
  diff: true
  register: prediction
"""

RETURN = r"""
env_vars:
  description:
    - Variables that were sent, and Flightcontrol's response. In check mode, variables that would be sent.
  returned: success
  type: dict
  contains:
    environment_id:
      description: ID of the environment from O(environment_id).
      type: str
      sample: clcpcx5mb000jc9oj2p4vj8qd
    service_id:
      description: ID of the service from O(service_id).
      type: str
      sample: clcpcxekt000lc9ojqtgtc26y
    sent:
      description: Names of the variables that were sent.
      type: list
      elements: str
      sample: [API_KEY]
    unchanged:
      description: Names of declared variables that were not sent, because O(state_file) records them as sent.
      type: list
      elements: str
      sample: [DATABASE_URL, FEATURE_CHECKOUT, LOG_LEVEL]
    status:
      description:
        - V(completed), or V(processing) while managed secrets are being stored. V(null) if nothing was sent.
      type: str
      sample: processing
    run_id:
      description: ID of the operation that stores managed secrets. No request is known that accepts it.
      type: str
      sample: clcpd5tzr000xc9ojw1h9y4bn
    saved_count:
      description: Number of variables that are stored.
      type: int
      sample: 0
    processing_count:
      description: Number of variables that are still being stored.
      type: int
      sample: 1
  sample:
    environment_id: clcpcx5mb000jc9oj2p4vj8qd
    service_id:
    sent: [API_KEY]
    unchanged: [DATABASE_URL, FEATURE_CHECKOUT, LOG_LEVEL]
    status: processing
    run_id: clcpd5tzr000xc9ojw1h9y4bn
    saved_count: 0
    processing_count: 1
unknown_until_applied:
  description:
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [processing_count, run_id, saved_count]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: createEnvironmentEnvVariables
    method: POST
    path: /v1/environments/clcpcx5mb000jc9oj2p4vj8qd/env-variables
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from typing import Any

from ..module_utils._kernel.module import FLAG, JsonObject, Module
from ..module_utils._core.variables import masked
from ..module_utils._flightcontrol import api, env
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property

# Keys that only Flightcontrol can provide, and its names for them.
ANSWERED = {"status": "status", "run_id": "runId", "saved_count": "savedCount", "processing_count": "processingCount"}


class EnvVars(Collection[env.EnvClient, Any]):
    """Members are (option, value) as they were sent, None if it was another value. After a write, the member with
    the key None is the response.
    """

    is_whole = True
    is_secret = True

    def check_input(self) -> None:
        self.client.http.redactor.add_quoted(*env.texts_of(self.declared))
        self.memory.check()

    @cached_property
    def declared(self) -> env.Declared:
        return env.declared(self.params, self.warn)

    @property
    def memory(self) -> env.Memory:
        kind = "service" if self.params["environment_id"] is None else "environment"
        return env.Memory(self.params["state_file"], f"{kind}:{self.params[kind + '_id']}")

    def read(self, parent: None) -> JsonObject:
        return self.memory.sent(self.declared)

    def must_send(self, found: Any, wanted: Any) -> bool:
        return bool(self.params["force"])

    def write(self, parent: None, members: dict[Any, Any], changes: list[Change]) -> dict[Any, Any]:
        due = {change.key: change.after for change in changes}
        target = {name: self.params[name] for name in ("environment_id", "service_id")}
        answer = self.client.create_env_variables(env.grouped(due), **target)
        self.memory.remember(due)
        return {None: answer, **self.applied(members, changes)}

    def predict(self, plan: Plan) -> Prediction:
        due = ", ".join(sorted(change.key for change in plan.writes))
        doubt = (
            "Flightcontrol's API does not return variables, so the module cannot tell whether these differ, and would "
            f"send all of them: {due}. To send only what differs from the last run, set `state_file`."
        )
        is_blind = plan.changed and not self.params["state_file"]
        if not plan.changed:
            return Prediction(self.result(plan, {}))
        is_managed = any(change.after[0] in env.MANAGED for change in plan.writes)
        answer = {"status": "processing" if is_managed else "completed"}
        unknown = ["processing_count", "run_id", "saved_count"] if is_managed else ["saved_count"]
        return Prediction(self.result(plan, {None: answer}), unknown, [doubt] if is_blind else ())

    def result(self, plan: Plan, members: dict[Any, Any]) -> JsonObject:
        answer, sent = members.get(None), {change.key for change in plan.writes}
        told = {name: (answer or {}).get(key) for name, key in ANSWERED.items()}
        if told["status"] == "completed" and told["processing_count"] is None:
            told["processing_count"] = 0
        return {
            "env_vars": {
                "environment_id": self.params["environment_id"],
                "service_id": self.params["service_id"],
                "sent": sorted(sent),
                "unchanged": sorted(self.declared.keys() - sent),
                **told,
            }
        }

    def carry_out(self, plan: Plan) -> JsonObject:
        """Plans again under the lock, because another process may have sent the same in the meantime."""
        with self.memory.locked(self.clock, self.client.http.remaining()):
            plan = self.plan()
            return {"changed": plan.changed, **super().carry_out(plan)}


MODULE = Module(
    EnvVars,
    options=dict(
        environment_id=api.ID,
        service_id=api.ID,
        **dict.fromkeys(env.KINDS, dict(type="dict", no_log=True, mask=masked)),
        state_file=dict(type="path"),
        force=FLAG,
    ),
    required_one_of=[("environment_id", "service_id"), tuple(env.KINDS)],
    mutually_exclusive=[("environment_id", "service_id")],
)


if __name__ == "__main__":
    MODULE.run()
