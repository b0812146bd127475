# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Fleek, as entries. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._fleek import api, sites
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Document, Entry
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected


class Fleek(Info[sites.SitesClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        rows = map(sites.site_view, self.client.list_sites(self.params["team_id"]))
        return [
            Document("fleek/sites", str(view["slug"]), [_site(view)])
            for view in rows
            if is_selected(self.params, str(view["slug"]))
        ]


MODULE = Module(Fleek, options=dict(**OPTIONS, team_id=dict(api.TEAM, required=True)))


def _site(view: JsonObject) -> Entry:
    source = "cid" if view["source_type"] == "ipfs" else "repository_url"
    if not view[source]:
        return Entry(comments=[f"The site {view['slug']} has a source that cannot be declared."])
    options = {source: view[source]}
    for name in ("repository_branch", "platform", "auto_publishing", "pr_deploy_previews"):
        if view[name] is not None and not (source == "cid" and name == "repository_branch"):
            options[name] = view[name]
    build = {name: value for name, value in view["build_settings"].items() if value}
    if build:
        options["build_settings"] = build
    return Entry("fleek_site", options, ["Environment variables cannot be read."])
