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

# What moves by itself once the number is another one.
MOVING = ("current_instances", "pending_instances", "running_instances")


class Scaling(Operation[scaling.ScalingClient]):
    """The parent is the scaling as it was read; None where it cannot be read."""

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
        """What is known of a scaling that cannot be read."""
        option, number = self.asked
        known = {"service_id": self.params["service_id"]}
        return {**known, "desired_instances": number} if option == "count" else known

    def predict(self, plan: Plan) -> Prediction:
        view = scaling.scaling_view(plan.parent or {})
        if plan.parent is None:
            known = self._known()
            doubt = (
                f"The current number of instances of {known['service_id']} cannot be read (404): either there is no "
                "such service, or none that can be scaled, or this API does not have the read. Whether something "
                "would change is not known."
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
                f"instances and may move the number at any time: {wanted} were set, {found.get('desiredInstances')} "
                "shall run now."
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
