# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Fleek, as entries. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import NAME
from ansible_collections.webops.paas.plugins.module_utils._fleek import api, sites, sources
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Document,
    Entry,
    Secret,
    declarable,
    secret_or_empty,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected


class Fleek(Info[sites.SitesClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        rows = self._rows()
        times = Counter(_source(sites.site_view(row)) for row in rows)
        return [
            Document("fleek/sites", str(row["slug"]), [_site(row, times)])
            for row in rows
            if is_selected(self.params, str(row["slug"]))
        ]

    def _rows(self) -> list[JsonObject]:
        """With the build variables, if the key can read them."""
        try:
            return list(self.client.list_sites(self.params["team_id"], sites.WITH_VARIABLES))
        except ApiError as error:
            if error.code not in ("invalid", "forbidden"):
                raise
            return list(self.client.list_sites(self.params["team_id"]))


MODULE = Module(Fleek, options=dict(**OPTIONS, team_id=dict(api.TEAM, required=True)))


def _source(view: JsonObject) -> tuple[Any, ...]:
    """What a site is found by."""
    if view["source_type"] == "ipfs":
        return ("cid", sources.normal_cid(str(view["cid"])))
    return (sources.normal_repository(str(view["repository_url"])), view["repository_branch"])


def _site(row: JsonObject, times: Counter[tuple[Any, ...]]) -> Entry:
    """times: how many sites have each source."""
    view = sites.site_view(row)
    names = ("cid",) if view["source_type"] == "ipfs" else ("repository_url", "repository_branch")
    options: JsonObject = {name: view[name] for name in names}
    comments = []
    if not options[names[0]]:
        return Entry(comments=[f"The site {view['slug']} has a source that cannot be declared."])
    if times[_source(view)] > 1:
        options = {"site": view["slug"], **{name: view[name] for name in names if name != "repository_url"}}
        comments.append("Other sites have the same source, so this one must exist.")
    if view["platform"] not in (None, sites.DEFAULT_PLATFORM):
        options["platform"] = view["platform"]
    options.update((name, view[name]) for name, usual in sites.DEFAULTS.items() if view[name] not in (None, usual))
    build = {name: value for name, value in view["build_settings"].items() if value}
    if build:
        options["build_settings"] = build
    variables, unusual = _variables(row, str(view["slug"]))
    if variables:
        options["environment_variables"] = variables
        comments.append("Environment variables are sent only when the site is created, and not compared.")
    return Entry("fleek_site", options, comments + unusual)


def _variables(row: JsonObject, slug: str) -> tuple[dict[str, Secret | str], list[str]]:
    """({name: value}, comments)"""
    found = (row.get("buildSettings") or {}).get("environmentVariables")
    if found is None:
        return {}, ["Environment variables cannot be read with this key."]
    values = {str(variable["name"]): variable.get("value") for variable in found}
    names, comments = declarable(values)
    refused = [name for name in names if not NAME.fullmatch(name)]
    comments += [f"{name} is not exported, because modules refuse such a name." for name in refused]
    return {
        name: secret_or_empty(("fleek", slug, name), f"Value of {name} of {slug}.", values[name])
        for name in names
        if name not in refused
    }, comments
