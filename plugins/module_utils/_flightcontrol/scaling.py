# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of Flightcontrol's services: each change is made once, even if its response is lost. PRIVATE to the
collection.
"""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once, wait_until
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import FlightcontrolClient
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part

INSTANCES = (0, 100)
# {option: name in the API}
OPERATIONS = {"count": "set", "add": "add", "remove": "remove"}


class ScalingClient(FlightcontrolClient):
    def get_scaling(self, service_id: str) -> JsonObject | None:
        """None if the service does not exist or cannot be scaled, or if the server does not have this operation.

        Only the vendor's pages have this operation.
        """
        return self.json_object_or_none("GET", f"/v1/services/{part(service_id)}/scaling", "getScaling")

    def update_scaling(self, service_id: str, operation: str, count: int, idempotent: bool | None = None) -> JsonObject:
        """operation: set, add or remove.

        Returns {serviceId, previousDesiredCount, newDesiredCount, autoscalingEnabled}.
        """
        path = f"/v1/services/{part(service_id)}/scaling"
        body = {"operation": operation, "count": count}
        return self.json_object("POST", path, "updateScaling", body, idempotent=idempotent)


def scaling_view(scaling: JsonObject) -> JsonObject:
    return {
        "service_id": scaling.get("serviceId"),
        "desired_instances": scaling.get("desiredInstances"),
        "current_instances": scaling.get("currentInstances"),
        "running_instances": scaling.get("runningInstances"),
        "pending_instances": scaling.get("pendingInstances"),
        "autoscaling_enabled": scaling.get("autoscalingEnabled"),
        "min_instances": scaling.get("minInstances"),
        "max_instances": scaling.get("maxInstances"),
    }


def check_count(option: str, count: int) -> None:
    least, most = INSTANCES
    if not least <= count <= most:
        raise InvalidInput(option, f"`{option}` must be {least} to {most}, got {count}.")


def wanted_count(option: str, number: int, desired: int) -> int:
    """desired: the current count. Raises PaasError if the platform does not allow the resulting count."""
    wanted = {"count": number, "add": desired + number, "remove": desired - number}[option]
    least, most = INSTANCES
    if not least <= wanted <= most:
        raise PaasError(
            f"`{option}`={number} would change the instance count from {desired} to {wanted}, but the platform allows "
            f"{least} to {most}.",
            code="out_of_range",
            option=option,
        )
    return wanted


def change_count(
    client: ScalingClient, service_id: str, option: str, number: int, current: JsonObject | None, clock: Clock
) -> JsonObject:
    """current: the scaling as read before; None where it cannot be read.

    Returns what the platform returns, {previousDesiredCount, newDesiredCount, ...}; C(was_lost) is added if a response
    was lost and it is unknown whether that request changed something.
    """
    operation = OPERATIONS[option]
    if current is None:
        return _change_unseen(client, service_id, operation, number)
    previous = current["desiredInstances"]
    if operation == "set":
        answer = client.update_scaling(service_id, operation, number, idempotent=True)
    else:
        wanted = wanted_count(option, number, previous)
        answer, _is_ours = create_once(
            lambda: client.update_scaling(service_id, operation, number),
            lambda: _come_about(client, service_id, previous, wanted),
            clock,
        )
    # After a lost response, the response to the retry has the new count as the previous one.
    return {**answer, "previousDesiredCount": previous}


def _change_unseen(client: ScalingClient, service_id: str, operation: str, number: int) -> JsonObject:
    try:
        return client.update_scaling(service_id, operation, number)
    except LostAnswer as error:
        if operation != "set":
            error.message += (
                " It was not retried, because the API does not return the instance count of this service. Check the "
                "dashboard."
            )
            raise
    return {**client.update_scaling(service_id, operation, number, idempotent=True), "was_lost": True}


def _come_about(client: ScalingClient, service_id: str, previous: int, wanted: int) -> JsonObject | None:
    """The response to a change whose response was lost, if the change was made; otherwise None."""
    found = client.get_scaling(service_id) or {}
    desired = found.get("desiredInstances")
    if desired == wanted:
        return {"newDesiredCount": wanted}
    if desired == previous and not found.get("autoscalingEnabled"):
        return None
    raise PaasError(
        f"The response to the change of the instance count of {service_id} from {previous} to {wanted} was lost, and "
        f"the count is {desired} now: somebody else, or an autoscaler, changed it at the same time. The change was "
        "not retried.",
        code="lost_response",
    )


def is_settled(scaling: JsonObject, wanted: int) -> bool:
    """Whether the desired number of instances is running, and none is starting or stopping."""
    return scaling.get("desiredInstances") == scaling.get("runningInstances") == wanted and not scaling.get(
        "pendingInstances"
    )


def look(client: ScalingClient, service_id: str, wanted: int, patience: Patience | None) -> JsonObject | None:
    """The current scaling; with patience, after it has settled. Raises WaitFailed."""
    if patience is None:
        return client.get_scaling(service_id)
    return wait_until(
        lambda: client.get_scaling(service_id) or {},
        lambda scaling: is_settled(scaling, wanted),
        patience,
        what=f"The scaling of {service_id} to {counted(wanted, 'instance')}",
        show=_shown,
    )


def _shown(scaling: JsonObject) -> str:
    counts = {name: scaling.get(f"{name}Instances") for name in ("running", "pending", "desired")}
    return "{running} running, {pending} pending, {desired} wanted".format(**counts)
