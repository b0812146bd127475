# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Flightcontrol, as entries. PRIVATE to the collection."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol import scaling, services
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Document,
    Entry,
    readable,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected


class Flightcontrol(Info[services.ServicesClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        views = [services.service_view(row) for row in self.client.list_services()]
        # Services of a preview environment come and go with its pull request.
        lasting = [view for view in views if not view["preview_environment_id"]]
        chosen = [view for view in lasting if is_selected(self.params, str(view["name"]))]
        documents: list[Document] = []
        lock = threading.Lock()

        def export(http: Http, view: JsonObject) -> None:
            name, entries = str(view["name"]), readable("Instance count", lambda: _scaling(http, view))
            with lock:
                documents.append(Document("flightcontrol/services", f"{name}-{view['id']}", entries, selected_by=name))

        in_parallel(self.client.http, chosen, export, self.params["concurrency"])
        if views and not self.params["names"]:
            documents.append(Document("flightcontrol", "environments", [Entry(comments=list(_environments(views)))]))
        return documents


MODULE = Module(Flightcontrol, options=OPTIONS)


def _scaling(http: Http, view: JsonObject) -> Iterator[Entry]:
    found = scaling.ScalingClient(http).get_scaling(str(view["id"]))
    comments = [f"The service {view['name']} ({view['type']}). The API does not return environment variables."]
    if found is None:
        yield Entry(comments=[*comments, "Its instance count cannot be read."])
    elif found.get("autoscalingEnabled"):
        yield Entry(comments=[*comments, "An autoscaler sets its instance count."])
    else:
        yield Entry("flightcontrol_scaling", {"service_id": view["id"], "count": found["desiredInstances"]}, comments)


def _environments(views: list[JsonObject]) -> Iterator[str]:
    """What the API shows of environments: their IDs and services."""
    yield "The API returns only the services of environments. Names, sources, regions and variables cannot be read."
    yield "Modules for environments and preview environments are not idempotent, so estates do not support them."
    of_places: dict[tuple[str, str], list[str]] = {}
    for view in views:
        preview = view["preview_environment_id"]
        what = f"Preview environment {preview}" if preview else f"Environment {view['environment_id']}"
        of_places.setdefault((str(view["project_id"]), what), []).append(f"{view['name']} ({view['type']})")
    for (project, what), names in sorted(of_places.items()):
        yield f"{what} of the project {project}: {', '.join(sorted(names))}."
