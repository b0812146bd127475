#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_job
version_added: 0.1.0
short_description: Run a job of a Flightcontrol scheduler
description:
  - Runs a job of a scheduler service and waits until it has ended. The task fails if the job fails, is canceled, or
    ends with an exit code other than 0.
  - The module never starts a job twice. If the response is lost, the job may have been started, and the API offers no
    way to find out. The task then fails and does not retry the request.
  - Check mode sends no request.
  - Each run sends one request to start the job, and with O(wait=true) polls it.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_flightcontrol
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the requested job.
  idempotent:
    support: none
    details:
      - Each run starts the job.
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - ID of the scheduler service.
    type: str
    required: true
  job:
    description:
      - ID of the job in C(flightcontrol.json).
    type: str
    required: true
  start_command:
    description:
      - Command to run instead of the command of the job, as a string or as a list of strings.
    type: raw
  wait:
    description:
      - Whether to wait until the job has ended.
    type: bool
    default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_job -a 'service_id=clcpcxekt000lc9ojqtgtc26y job=cleanup'

- name: List the schedulers
  webops.paas.flightcontrol_service_info:
    type: scheduler
  register: schedulers

- name: Run the cleanup job
  webops.paas.flightcontrol_job:
    service_id: "{{ schedulers.services[0].id }}"
    job: cleanup
    start_command: [python, cleanup.py, --all]
"""

RETURN = r"""
job_execution:
  description:
    - Execution of the job. With O(wait=false), only C(id) and C(job) are known.
  returned: success, and failure after the job was started
  type: dict
  sample:
    id: clcpdc3h80018c9oj7n4w2ytr
    job_id: clcpcxf1b000nc9oj8x5q3mzd
    job: cleanup
    status: COMPLETED
    exit_code: 0
    error:
    created_at: "2026-11-20T08:15:30.000Z"
    finished_at: "2026-11-20T08:16:02.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
  returned: in check mode
  type: list
  elements: str
  sample: [created_at, error, exit_code, finished_at, id, job_id, status]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: createJobExecution
    method: POST
    path: /v1/services/clcpcxekt000lc9ojqtgtc26y/job/cleanup/execution
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from ..module_utils._kernel.module import WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, telling
from ..module_utils._core.compare import without_nulls
from ..module_utils._flightcontrol import api, jobs
from ..module_utils._kernel.plan import Change, Plan, Prediction


class Job(Operation[jobs.JobsClient]):
    def check_input(self) -> None:
        command = self.params["start_command"]
        is_list = isinstance(command, list) and command and all(isinstance(word, str) for word in command)
        if command is not None and not is_list and not (isinstance(command, str) and command.strip()):
            raise InvalidInput("start_command", "`start_command` must be a string or a list of strings, and not empty.")

    def plan(self) -> Plan:
        asked = without_nulls({name: self.params[name] for name in ("job", "start_command")})
        return Plan(Change.create(name, value) for name, value in asked.items())

    def predict(self, plan: Plan) -> Prediction:
        view = {**jobs.job_execution_view({}), "job": self.params["job"]}
        # A job that fails is not predicted.
        unknown = sorted(view.keys() - {"job", "error"}) if self.params["wait"] else ["id"]
        return Prediction({"job_execution": view}, unknown)

    def apply(self, plan: Plan) -> str:
        job, command = self.params["job"], self.params["start_command"]
        return self.client.create_job_execution(self.params["service_id"], job, command)

    def settle(self, plan: Plan, outcome: str) -> JsonObject:
        result = {"job_execution": {**self.predict(plan).result["job_execution"], "id": outcome}}
        with telling(result):
            if self.params["wait"]:
                result["job_execution"] = jobs.ended(self.client, outcome, self.patience)
            jobs.check_succeeded(self.params["job"], result["job_execution"])
        return result


MODULE = Module(
    Job, options=dict(service_id=api.REQUIRED_ID, job=api.REQUIRED_ID, start_command=dict(type="raw"), **WAIT_OPTIONS)
)


if __name__ == "__main__":
    MODULE.run()
