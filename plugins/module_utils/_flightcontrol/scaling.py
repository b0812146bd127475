# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of Flightcontrol's services: changed once, whatever becomes of the answer. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once, wait_until


def change(client, service_id: str, operation: str, number: int, current: dict | None, clock) -> dict:
    """operation: set, add or remove. current: the scaling as read before; None where it cannot be read.

    Returns what the platform answers, {previousDesiredCount, newDesiredCount, ...}; C(was_lost) is added where an answer was
    lost and nothing can tell whether that first call has changed something.
    """
    if current is None:
        return _change_unseen(client, service_id, operation, number)
    previous = current["desiredInstances"]
    if operation == "set":
        answer = client.update_scaling(service_id, operation, number, idempotent=True)
    else:
        wanted = previous + (number if operation == "add" else -number)
        answer, _is_ours = create_once(
            lambda: client.update_scaling(service_id, operation, number),
            lambda: _come_about(client, service_id, previous, wanted),
            clock,
        )
    # After a lost answer a repeated one says that nothing was different before.
    return {**answer, "previousDesiredCount": previous}


def _change_unseen(client, service_id: str, operation: str, number: int) -> dict:
    try:
        return client.update_scaling(service_id, operation, number)
    except LostAnswer as error:
        if operation != "set":
            error.message += (
                " The number of instances cannot be read here, so it was not sent again. Look at the dashboard."
            )
            raise
    return {**client.update_scaling(service_id, operation, number, idempotent=True), "was_lost": True}


def _come_about(client, service_id: str, previous: int, wanted: int) -> dict | None:
    """Whether a change whose answer was lost has been made: what it would have answered, None when it has not."""
    found = client.get_scaling(service_id)
    desired = found and found.get("desiredInstances")
    if desired == wanted:
        return {"newDesiredCount": wanted}
    if desired == previous and not found.get("autoscalingEnabled"):
        return None
    raise PaasError(
        f"The answer to a change of the instances of {service_id} from {previous} to {wanted} was lost, and now {desired} shall run: "
        "somebody else, or an autoscaler, has changed the number as well. It was not sent again.",
        code="no_answer",
    )


def is_settled(scaling: dict, wanted: int) -> bool:
    """Whether as many instances run as shall, and no other ones come or go."""
    return scaling.get("desiredInstances") == scaling.get("runningInstances") == wanted and not scaling.get(
        "pendingInstances"
    )


def look(client, service_id: str, wanted: int, patience: dict | None) -> dict | None:
    """The scaling as it is now, or, with patience (see Operation.patience), once it is settled. Raises WaitFailed."""
    if patience is None:
        return client.get_scaling(service_id)
    return wait_until(
        lambda: client.get_scaling(service_id) or {},
        lambda scaling: is_settled(scaling, wanted),
        what=f"The scaling of {service_id} to {wanted} instances",
        show=_shown,
        **patience,
    )


def _shown(scaling: dict) -> str:
    return f"{scaling.get('runningInstances')} running, {scaling.get('pendingInstances')} pending, {scaling.get('desiredInstances')} wanted"
