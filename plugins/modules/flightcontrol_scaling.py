#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_scaling
version_added: 0.1.0
short_description: Set the instance count of a Flightcontrol service
description:
  - Sets, increases or decreases the instance count of a web, private web, worker or network server service, and waits
    until that many instances run.
  - Not every description of the API has the request that reads the current count. If the API does not have it, the
    module always sends the count and reports a change only if the response has a different previous count. Check mode
    then predicts a change with a warning, and the module does not wait.
  - An autoscaler can change the count at any time, between C(min_instances) and C(max_instances). If one is enabled,
    the module sets the count, reads it once, warns and does not wait.
  - A converged run sends one request.
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
      - O(count) is idempotent, unless an autoscaler changes the count. O(add) and O(remove) are relative, so each run
        changes the count again.
author:
  - webops.paas contributors (@webops-paas)
options:
  service_id:
    description:
      - ID of the service.
    type: str
    required: true
  count:
    description:
      - Instance count to set, from V(0) to V(100).
      - Exactly one of O(count), O(add) and O(remove) is required.
    type: int
  add:
    description:
      - Number of instances to add to the current count.
      - If the response is lost, the module checks whether the request took effect before it retries. If an autoscaler
        is enabled, this cannot be determined, and the task fails.
    type: int
  remove:
    description:
      - Number of instances to remove from the current count. The task fails if this exceeds the current count.
    type: int
  wait:
    description:
      - Whether to wait until the requested number of instances runs.
    type: bool
    default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_scaling_info
  - module: webops.paas.flightcontrol_service_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_scaling -a 'service_id=clcpcxekt000lc9ojqtgtc26y count=3'

- name: List the web services
  webops.paas.flightcontrol_service_info:
    type: web
    environment_type: standard
  register: web

- name: Set the instance count of the first web service to 3
  webops.paas.flightcontrol_scaling:
    service_id: "{{ web.services[0].id }}"
    count: 3
  register: scaled

- name: Show the count before and now
  ansible.builtin.debug:
    msg: "{{ scaled.previous_count }} before, {{ scaled.scaling.running_instances }} now"

- name: Show what stopping all web services would change
  webops.paas.flightcontrol_scaling:
    service_id: "{{ item.id }}"
    count: 0
  loop: "{{ web.services }}"
  loop_control:
    label: "{{ item.name }}"
  check_mode: true
  diff: true
  register: prediction
"""

RETURN = r"""
scaling:
  description:
    - Instances of the service after the task. In check mode, the predicted state.
    - If the API cannot read the count, only C(desired_instances) and C(autoscaling_enabled) are known, and all other
      keys are V(null).
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
    - Desired instance count before the task. V(null) in check mode if it cannot be read.
  returned: success
  type: int
  sample: 2
unknown_until_applied:
  description:
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
    - C(changed) is V(true) in check mode. It is listed here if it may turn out to be V(false).
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [current_instances, pending_instances, running_instances]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: updateScaling
    method: POST
    path: /v1/services/clcpcxekt000lc9ojqtgtc26y/scaling
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

from ..module_utils._kernel.module import WAIT_OPTIONS, JsonObject, Module, Operation
from ..module_utils._flightcontrol import api, scaling
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction

# Keys that keep changing after the count was set.
MOVING = ("current_instances", "pending_instances", "running_instances")


class Scaling(Operation[scaling.ScalingClient]):
    """The parent is the scaling as it was read, None if it cannot be read."""

    stage = "state"

    @property
    def asked(self) -> tuple[str, int]:
        """(option, number)"""
        return next((option, self.params[option]) for option in scaling.OPERATIONS if self.params[option] is not None)

    def plan(self) -> Plan:
        return self._plan(self.client.get_scaling(self.params["service_id"]))

    def plan_without_parent(self) -> Plan:
        return self._plan(None)

    def _plan(self, current: JsonObject | None) -> Plan:
        option, number = self.asked
        read = Change.keep(None, current)
        if current is None:
            is_needless = option != "count" and number == 0
            return Plan([read] if is_needless else [read, *(Change.create(*item) for item in self._known().items())])
        desired = current["desiredInstances"]
        wanted = scaling.wanted_count(option, number, desired)
        if wanted != desired:
            return Plan([read, Change.update("desired_instances", desired, wanted)])
        is_done = current.get("autoscalingEnabled") or scaling.is_settled(current, wanted) or not self.params["wait"]
        return Plan([read], join=None if is_done else {"newDesiredCount": wanted, "previousDesiredCount": desired})

    def _known(self) -> JsonObject:
        """The known part of a scaling that cannot be read."""
        option, number = self.asked
        known = {"service_id": self.params["service_id"]}
        return {**known, "desired_instances": number} if option == "count" else known

    def predict(self, plan: Plan) -> Prediction:
        view = scaling.scaling_view(plan.parent or {})
        if plan.parent is None:
            known = self._known()
            doubt = (
                f"The instance count of {known['service_id']} cannot be read (404), so the module cannot tell whether "
                "it would change. Either the service does not exist or cannot be scaled, or this API does not have the "
                "request."
            )
            unknown = [*sorted(view.keys() - known.keys()), "changed", "previous_count"]
            doubts = [] if known["service_id"] is UNKNOWN else [doubt]
            return Prediction({"scaling": {**view, **known}, "previous_count": None}, unknown, doubts)
        previous = view["desired_instances"]
        if not plan.changed:
            return Prediction({"scaling": view, "previous_count": previous})
        unknown = sorted(MOVING + (("desired_instances",) if view["autoscaling_enabled"] else ()))
        view = {**view, **plan.after, **dict.fromkeys(unknown)}
        return Prediction({"scaling": view, "previous_count": previous}, unknown)

    def apply(self, plan: Plan) -> JsonObject:
        option, number = self.asked
        return scaling.change_count(self.client, self.params["service_id"], option, number, plan.parent, self.clock)

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        previous, wanted = outcome["previousDesiredCount"], outcome["newDesiredCount"]
        if plan.parent is None:
            is_new = outcome.get("was_lost") or previous != wanted
            view = scaling.scaling_view({**outcome, "desiredInstances": wanted})
            return {"changed": is_new, "scaling": view, "previous_count": previous}
        is_moved = plan.parent.get("autoscalingEnabled")
        patience = self.patience if self.params["wait"] and not is_moved else None
        found = scaling.look(self.client, self.params["service_id"], wanted, patience) or plan.parent
        if is_moved:
            self.warn(
                f"An autoscaler keeps this service between {found.get('minInstances')} and {found.get('maxInstances')} "
                f"instances and can change the count at any time. The module set {wanted}, and the desired count is "
                f"now {found.get('desiredInstances')}."
            )
        return {"scaling": scaling.scaling_view(found), "previous_count": plan.parent["desiredInstances"]}


MODULE = Module(
    Scaling,
    options=dict(
        service_id=api.REQUIRED_ID,
        **dict.fromkeys(scaling.OPERATIONS, dict(type="int", check=scaling.check_count)),
        **WAIT_OPTIONS,
    ),
    required_one_of=[tuple(scaling.OPERATIONS)],
    mutually_exclusive=[tuple(scaling.OPERATIONS)],
)


if __name__ == "__main__":
    MODULE.run()
