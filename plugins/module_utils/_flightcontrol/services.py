# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of Flightcontrol. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.compare import without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import FlightcontrolClient

# Maximum number of services on a page.
PAGE = 100


class ServicesClient(FlightcontrolClient):
    def list_services(self, **filters: str | None) -> Iterator[JsonObject]:
        """Yields services.

        filters: projectId, environmentId, previewEnvironmentId, type, environmentType; None does not filter.
        """
        query = without_nulls(filters)
        skip = 0
        seen: set[str] = set()
        while True:
            page = self.json_object("GET", "/v1/services", "getServices", query={**query, "skip": skip, "take": PAGE})
            services = page.get("services") or []
            new = [service for service in services if service.get("id") not in seen]
            if page.get("hasMore") and not new:
                raise self.nonsense(
                    "GET",
                    "/v1/services",
                    "getServices",
                    f"returned no further services after {len(seen)}, although it has more",
                    code="endless_pages",
                )
            seen.update(service.get("id") for service in new)
            yield from new
            if not page.get("hasMore"):
                return
            skip += len(services)


def service_view(service: JsonObject) -> JsonObject:
    return {
        "id": service.get("id"),
        "given_id": service.get("givenId"),
        "name": service.get("name"),
        "type": service.get("type"),
        "project_id": service.get("projectId"),
        "environment_id": service.get("environmentId"),
        "preview_environment_id": service.get("previewEnvironmentId"),
        "created_at": service.get("createdAt"),
        "updated_at": service.get("updatedAt"),
    }
