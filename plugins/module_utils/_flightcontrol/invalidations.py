# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalidations of the CloudFront cache of Flightcontrol's services. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import FlightcontrolClient, wait_for
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part


class InvalidationsClient(FlightcontrolClient):
    def create_invalidation(self, service_id: str, paths: list[str]) -> str:
        """Returns the ID of the invalidation. It is idempotent, so it can be retried."""
        path = f"/v1/services/{part(service_id)}/cloudfront/invalidation"
        answer = self.json_object("POST", path, "createCloudFrontInvalidation", {"paths": paths}, idempotent=True)
        return str(answer["invalidationId"])

    def get_invalidation(self, invalidation_id: str) -> JsonObject | None:
        """The shape that leaves a module, because that of the API is not documented. None when it does not exist."""
        path, operation = f"/v1/cloudfront/invalidation/{part(invalidation_id)}", "getCloudFrontInvalidationStatus"
        try:
            answer = self.http.request("GET", path, operation=operation, shape=object).data
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return invalidation_view(invalidation_id, answer)


def ended(
    client: InvalidationsClient, invalidation_id: str, patience: Patience, warn: Callable[[str], None]
) -> JsonObject:
    """Waits until an invalidation is completed, or has no status; returns its view. Raises WaitFailed."""
    view = wait_for(
        f"the invalidation {invalidation_id}",
        lambda: client.get_invalidation(invalidation_id),
        lambda found: found["completed"] in (None, True),
        patience,
        lambda found: str(found["status"]),
    )
    if view["completed"] is None:
        warn(
            "Flightcontrol did not return a status that this module recognizes, so the task did not wait for the "
            "invalidation to complete."
        )
    return view


def invalidation_view(invalidation_id: str, answer: Any) -> JsonObject:
    """answer: the response to a read. Without a status it is not known whether the invalidation is completed."""
    status = _invalidation_status(answer)
    return {"id": invalidation_id, "status": status, "completed": status and "complet" in status.lower()}


def _invalidation_status(answer: Any) -> str | None:
    """The status in any plausible form; None without one."""
    if isinstance(answer, dict):
        found = {key.lower(): value for key, value in answer.items()}
        for key in ("status", "invalidation"):
            status = found[key] if isinstance(found.get(key), str) else _invalidation_status(found.get(key))
            if status:
                return status
    return None


def check_path(option: str, path: str) -> None:
    """Checks paths by Amazon's rules."""
    if not path.startswith("/") or "*" in path[:-1]:
        raise InvalidInput(
            option, f"`{option}` has {path!r}. A path must begin with /, and * must be its last character."
        )
    if not path.isascii() or not path.isprintable() or " " in path:
        raise InvalidInput(option, f"`{option}` has {path!r}, which has characters that must be percent-encoded.")
