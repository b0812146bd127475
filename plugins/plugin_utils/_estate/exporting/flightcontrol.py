# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Flightcontrol, as entries. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol import scaling, services
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Document, Entry
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected


class Flightcontrol(Info[services.ServicesClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        rows = [services.service_view(row) for row in self.client.list_services()]
        return [
            Document("flightcontrol/services", f"{view['name']}-{view['id']}", [self._entry(view)])
            for view in rows
            if is_selected(self.params, str(view["name"]))
        ]

    def _entry(self, view: JsonObject) -> Entry:
        client = scaling.ScalingClient(self.client.http)
        found = client.get_scaling(str(view["id"]))
        comments = [f"The service {view['name']} ({view['type']}). The API does not return environment variables."]
        if found is None:
            return Entry(comments=[*comments, "Its instance count cannot be read."])
        if found.get("autoscalingEnabled"):
            return Entry(comments=[*comments, "An autoscaler sets its instance count."])
        return Entry("flightcontrol_scaling", {"service_id": view["id"], "count": found["desiredInstances"]}, comments)


MODULE = Module(Flightcontrol, options=OPTIONS)
