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
  - Adds environment variables to an environment or a service, or changes them. Flightcontrol's API cannot remove
    variables.
  - Flightcontrol offers no way to read variables, so there is nothing to compare with. Without O(state_file) the module
    sends all that is declared, each time, and says that it has changed something. In check mode it says so, too, with a
    warning.
  - With O(state_file) it remembers what it has sent, and sends only what differs from that. A run that changes nothing
    sends no request.
  - New values take effect with the next deployment. See M(webops.paas.flightcontrol_deploy).
  - A variable that C(flightcontrol.json) sets as well is most likely overridden by it. The platform does not tell.
  - Values are never shown, whatever their kind; nor are references.
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
      - Without O(state_file), check mode says that all would be changed, and warns that it cannot know.
  diff_mode:
    support: full
    details:
      - Shows names only.
  idempotent:
    support: partial
    details:
      - Full with O(state_file). Without it, and with O(force=true), each run sends all, for the platform offers no way
        to read variables back.
author:
  - webops.paas contributors (@webops-paas)
options:
  environment_id:
    description:
      - The environment that gets the variables. Either this or O(service_id).
    type: str
  service_id:
    description:
      - The service that gets the variables.
    type: str
  plain_text:
    description:
      - Names and values that Flightcontrol stores as they are.
    type: dict
  parameter_store:
    description:
      - Names and values that Flightcontrol stores in the Parameter Store of your AWS account.
      - Flightcontrol does so after it has answered, and nothing tells when it is done.
    type: dict
  secrets_manager:
    description:
      - Names and values that Flightcontrol stores in the Secrets Manager of your AWS account.
      - Flightcontrol does so after it has answered, and nothing tells when it is done.
    type: dict
  from_parameter_store:
    description:
      - Names, and the paths in the Parameter Store where their values are.
    type: dict
  from_secrets_manager:
    description:
      - Names, and the ARNs of the secrets that are their values.
    type: dict
  from_service:
    description:
      - Names, and which property of which service is their value; C(id) is the service, C(value) the property.
      - Flightcontrol's sources disagree on the form. A text instead is passed on as it is.
    type: dict
  state_file:
    description:
      - A file on the machine where the module runs, in which it remembers what was sent. Its directory must exist.
      - It has a salted HMAC for each variable, never a value, and is readable by its owner only. It is written only
        after Flightcontrol has taken the variables. Any number of tasks, targets and parallel hosts may share one file.
      - A change that somebody else makes is not seen; O(force=true) sets all again.
    type: path
  force:
    description:
      - Sends all that is declared, also what O(state_file) knows as sent.
    type: bool
    default: false
seealso:
  - module: webops.paas.flightcontrol_deploy
"""

EXAMPLES = r"""
- name: A web service
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Variables of its environment
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

- name: Variables of the service itself
  webops.paas.flightcontrol_env_vars:
    service_id: "{{ web.services[0].id }}"
    from_secrets_manager:
      SESSION_SECRET: arn:aws:secretsmanager:us-east-1:123456789012:secret:session-AbCdEf
    from_parameter_store:
      MAIL_PASSWORD: /shop/mail-password
    state_file: "{{ playbook_dir }}/flightcontrol-variables.json"
"""

RETURN = r"""
env_vars:
  description:
    - What was sent, or will be (check mode), and what Flightcontrol said to it.
  returned: success
  type: dict
  contains:
    environment_id:
      description: The environment that was asked for, if any.
      type: str
    service_id:
      description: The service that was asked for, if any.
      type: str
    sent:
      description: Names that were sent.
      type: list
      elements: str
    unchanged:
      description: Names that were declared and not sent, since they had been sent before.
      type: list
      elements: str
    status:
      description:
        - V(completed) or V(processing) (managed secrets are still being written); V(null) when nothing was sent.
      type: str
    run_id:
      description: The id of what goes on. No operation is known that would take it.
      type: str
    saved_count:
      description: How many are saved.
      type: int
    processing_count:
      description: How many are still being written.
      type: int
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
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [processing_count, run_id, saved_count]
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import FLAG, Collection, JsonObject, Module, cached_property
from ..module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ..module_utils._core.variables import masked
from ..module_utils._flightcontrol import api, env
from ..module_utils._kernel.plan import Change, Plan, Prediction

# What only Flightcontrol can fill in, and what it calls it.
ANSWERED = {"status": "status", "run_id": "runId", "saved_count": "savedCount", "processing_count": "processingCount"}


class EnvVars(Collection[env.EnvClient, Any]):
    """Members are (option, value) as they were sent, None where it was something else. After a write, the member with
    the key None is the response.
    """

    is_whole = True

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

    def shown(self, change: Change) -> tuple[str | None, str]:
        before = None if change.action == "create" else SECRET_BEFORE
        return before, SECRET_AFTER if change.is_write else SECRET_BEFORE

    def predict(self, plan: Plan) -> Prediction:
        due = ", ".join(sorted(change.key for change in plan.writes))
        doubt = (
            f"Flightcontrol offers no way to read variables, so these would be sent whether they differ or not: {due}. "
            "With state_file the module remembers what it has sent."
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
        """Plans anew under the lock: another process may have sent the same in the meantime."""
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
