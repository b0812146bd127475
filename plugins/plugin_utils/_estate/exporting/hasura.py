# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Hasura Cloud, as entries. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura import api, env
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Document,
    Entry,
    declarable,
    readable,
    secret_or_empty,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected


class Hasura(Info[env.EnvClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        views = map(api.tenant_view, self.client.tenants())
        chosen = [view for view in views if is_selected(self.params, str(view["name"]))]
        return [Document("hasura/tenants", str(view["name"]), self._entries(view)) for view in chosen]

    def _entries(self, view: JsonObject) -> list[Entry]:
        options = {"name": view["name"], **{key: view[key] for key in ("cloud", "region", "plan") if view[key]}}
        comments = ["Metadata is not exported; use webops.paas.hasura_metadata_info."]
        return [Entry("hasura_tenant", options, comments), *readable("Environment variables", lambda: self._env(view))]

    def _env(self, view: JsonObject) -> Iterator[Entry]:
        name = str(view["name"])
        texts = env.read_env(self.client, view["id"]).texts
        keys, comments = declarable(key for key in texts if key != env.NOT_SETTABLE)
        values = {key: secret_or_empty(("hasura", name, key), f"Value of {key} of {name}.", texts[key]) for key in keys}
        if values:
            yield Entry("hasura_env_vars", {"name": name, "env_vars": values}, comments)
        elif comments:
            yield Entry(comments=comments)


MODULE = Module(Hasura, options=OPTIONS)
