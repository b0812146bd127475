#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_scaling
version_added: 0.1.0
short_description: How many instances of a Flightcontrol service shall run
description:
  - Sets the number of instances that a web, private web, worker or network server service shall have, or adds to it or
    takes from it.
  - A run that changes nothing sends one read.
  - Some descriptions of the API lack the read of the current number. Where it is missing, the number is sent each time,
    and the answer tells whether it was another one before; check mode then says that something would change, with a
    warning, and nothing is waited for.
  - Where an autoscaler is on, it may move the number at any time, between C(min_instances) and C(max_instances). The
    module then sets the number once, looks once, warns, and does not wait.
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
  idempotent:
    support: partial
    details:
      - O(count) is idempotent, as far as no autoscaler moves the number. O(add) and O(remove) are relative, so each run
        changes the number again.
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - The service.
    type: str
    required: true
  count:
    description:
      - How many instances it shall have, from V(0) to V(100).
    type: int
  add:
    description:
      - How many more it shall have than now.
      - When the answer to this is lost, the module looks whether it has come about before it is sent again; where an
        autoscaler is on, it cannot know, and fails.
    type: int
  remove:
    description:
      - How many fewer it shall have than now. Fewer than none is an error.
    type: int
  wait:
    description:
      - Whether the task waits until as many instances run as shall.
    type: bool
    default: true
seealso:
  - module: webops.paas.flightcontrol_scaling_info
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
- name: A web service
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Three instances of it
  webops.paas.flightcontrol_scaling:
    service_id: "{{ web.services[0].id }}"
    count: 3
  register: scaled

- name: How many there were before
  ansible.builtin.debug:
    msg: "{{ scaled.previous_count }} before, {{ scaled.scaling.running_instances }} now"
"""

RETURN = r"""
scaling:
  description:
    - The instances after the task, or as they will be (check mode).
    - Where the API does not have the read, only C(desired_instances) and C(autoscaling_enabled) are known; the others
      are V(null).
  returned: success
  type: dict
  sample:
    service_id: clcpcxekt000lc9ojqtgtc26y
    desired_instances: 3
    current_instances: 3
    running_instances: 3
    pending_instances: 0
    autoscaling_enabled: false
    min_instances: 2
    max_instances: 2
previous_count:
  description:
    - How many instances it should have before the task; V(null) in a prediction where that cannot be read.
  returned: success
  type: int
  sample: 2
unknown_until_applied:
  description:
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction. C(changed) is V(true)
      there, and is named here when it may turn out otherwise.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [current_instances, pending_instances, running_instances]
error:
  description:
    - What failed, for machines.
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: updateScaling
    method: POST
    path: /v1/services/clcpcxekt000lc9ojqtgtc26y/scaling
    status: 404
    code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import check_ids
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.scaling import (
    INSTANCES,
    ScalingClient,
    change,
    check_count,
    is_settled,
    look,
    scaling_view,
)
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import WAIT_OPTIONS, Module, run_module
from ansible_collections.webops.paas.plugins.module_utils._kernel.reconcile import Operation, Plan

# The platform's words for it.
OPERATIONS = {"count": "set", "add": "add", "remove": "remove"}
# What moves by itself once the number is another one.
MOVING = ("current_instances", "pending_instances", "running_instances")


class Scaling(Operation):
    client: ScalingClient

    def check_input(self) -> None:
        check_ids(self.params, "service_id")
        for option in OPERATIONS:
            check_count(option, self.params[option])
        self.option = next(option for option in OPERATIONS if self.params[option] is not None)
        self.number = self.params[self.option]

    def plan(self) -> Plan:
        current = self.client.get_scaling(self.params["service_id"])
        if current is None:
            return self._blind_plan()
        view = scaling_view(current)
        desired, is_moved = view["desired_instances"], view["autoscaling_enabled"]
        wanted = self._wanted(desired)
        if wanted == desired:
            return Plan(
                changed=False,
                result={"scaling": view, "previous_count": desired},
                current=current,
                work=None
                if is_moved or is_settled(current, wanted) or not self.params["wait"]
                else {"newDesiredCount": wanted, "previousDesiredCount": desired},
            )
        unknown = sorted(MOVING + (("desired_instances",) if is_moved else ()))
        return Plan(
            changed=True,
            current=current,
            unknown=unknown,
            before={"desired_instances": desired},
            after={"desired_instances": wanted},
            result={
                "scaling": {**view, "desired_instances": wanted, **dict.fromkeys(unknown)},
                "previous_count": desired,
            },
        )

    def apply(self, plan: Plan) -> JsonObject:
        return change(
            self.client, self.params["service_id"], OPERATIONS[self.option], self.number, plan.current, self.clock
        )

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        previous, wanted = outcome["previousDesiredCount"], outcome["newDesiredCount"]
        if plan.current is None:
            is_new = outcome.get("was_lost") or previous != wanted
            view = scaling_view({**outcome, "desiredInstances": wanted})
            return {"changed": is_new, "scaling": view, "previous_count": previous}
        is_moved = plan.current.get("autoscalingEnabled")
        patience = self.patience if self.params["wait"] and not is_moved else None
        found = look(self.client, self.params["service_id"], wanted, patience) or plan.current
        if is_moved:
            self.warn(
                f"An autoscaler keeps this service between {found.get('minInstances')} and {found.get('maxInstances')} "
                f"instances and may move the number at any time: {wanted} were set, {found.get('desiredInstances')} "
                "shall run now."
            )
        return {"scaling": scaling_view(found), "previous_count": plan.current["desiredInstances"]}

    def _wanted(self, desired: int) -> int:
        wanted = {"count": self.number, "add": desired + self.number, "remove": desired - self.number}[self.option]
        least, most = INSTANCES
        if not least <= wanted <= most:
            raise PaasError(
                f"{self.option}={self.number} would make {wanted} instances out of {desired}; "
                f"the platform takes {least} to {most}.",
                code="out_of_range",
                option=self.option,
            )
        return wanted

    def _blind_plan(self) -> Plan:
        view = dict.fromkeys(scaling_view({}))
        known = {
            "service_id": self.params["service_id"],
            **({"desired_instances": self.number} if self.option == "count" else {}),
        }
        doubt = (
            f"The current number of instances of {self.params['service_id']} cannot be read (404): either there is no "
            "such service, or none that can be scaled, or this API does not have the read. Whether something would "
            "change is not known."
        )
        return Plan(
            changed=self.option == "count" or self.number > 0,
            result={"scaling": {**view, **known}, "previous_count": None},
            doubts=[doubt],
            unknown=sorted(view.keys() - known.keys()) + ["changed", "previous_count"],
            after=known,
        )


MODULE = Module(
    Scaling,
    ScalingClient,
    options=dict(
        service_id=dict(type="str", required=True),
        count=dict(type="int"),
        add=dict(type="int"),
        remove=dict(type="int"),
        **WAIT_OPTIONS,
    ),
    required_one_of=[("count", "add", "remove")],
    mutually_exclusive=[("count", "add", "remove")],
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
