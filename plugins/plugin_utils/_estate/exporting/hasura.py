# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Hasura Cloud, as entries and directories of metadata. PRIVATE to the collection."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura import api, env, metadata, substitutions
from ansible_collections.webops.paas.plugins.module_utils._hasura.endpoint import MetadataEndpoint
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import is_same
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Beside,
    Document,
    Entry,
    Secret,
    declarable,
    readable,
    secret_or_empty,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.hasura_files import Unwritable, files_of
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected

DIRECTORY = "metadata"
ADMIN_SECRET = "HASURA_GRAPHQL_ADMIN_SECRET"


class Hasura(Info[env.EnvClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        views = map(api.tenant_view, self.client.tenants())
        chosen = [view for view in views if is_selected(self.params, str(view["name"]))]
        documents: list[Document] = []
        lock = threading.Lock()

        def export(http: Http, view: JsonObject) -> None:
            document = _document(http, view, self.params["trusted_hosts"])
            with lock:
                documents.append(document)

        in_parallel(self.client.http, chosen, export, self.params["concurrency"])
        return documents


MODULE = Module(Hasura, options=OPTIONS)


def _document(http: Http, view: JsonObject, trusted_hosts: list[str]) -> Document:
    name = str(view["name"])
    document = Document("hasura/tenants", name)
    options = {"name": name, **{key: view[key] for key in ("cloud", "region", "plan") if view[key]}}
    document.entries.append(Entry("hasura_tenant", options))
    # The admin secret, if it is among the variables.
    variables: dict[str, Secret | str] = {}

    def declared() -> Iterator[Entry]:
        texts = env.read_env(env.EnvClient(http), view["id"]).texts
        keys, comments = declarable(key for key in texts if key != env.NOT_SETTABLE)
        variables.update(
            (key, secret_or_empty(("hasura", name, key), f"Value of {key} of {name}.", texts[key])) for key in keys
        )
        if variables:
            yield Entry("hasura_env_vars", {"name": name, "env_vars": variables}, comments)
        elif comments:
            yield Entry(comments=comments)

    document.entries += readable("Environment variables", declared)
    try:
        _add_metadata(document, http, view, trusted_hosts, variables.get(ADMIN_SECRET))
    except (PaasError, Unwritable) as error:
        document.files = None
        is_refused = isinstance(error, ApiError) and error.code in ("unauthorized", "forbidden")
        lacks_secret = is_refused and not variables.get(ADMIN_SECRET)
        hint = f" {ADMIN_SECRET} is not among the variables that can be read." if lacks_secret else ""
        document.entries.append(Entry(comments=[f"Metadata could not be exported: {error}{hint}"]))
    return document


def _add_metadata(
    document: Document, http: Http, view: JsonObject, trusted_hosts: list[str], admin_secret: Secret | str | None
) -> None:
    """admin_secret: used if the engine does not accept the token. Raises PaasError."""
    reason = api.reason_to_refuse(view) if view["active"] is False else ""
    if reason:
        raise PaasError(reason.strip(), code="not_active")
    options: JsonObject = {"name": document.name}
    try:
        state = _read(http, view, trusted_hosts)
    except ApiError as error:
        if not isinstance(admin_secret, Secret) or error.status is None or not 400 <= error.status < 500:
            raise
        state = _read(http, view, trusted_hosts, admin_secret.value)
        options["admin_secret"] = admin_secret
    if is_same(state.content, metadata.NEW.content):
        return
    content, values = substitutions.extracted(metadata.checked(DIRECTORY, state.content))
    document.files = {f"{DIRECTORY}/{path}": text for path, text in files_of(content).items()}
    options["src"] = Beside(DIRECTORY)
    if values:
        options["substitutions"] = {
            name: Secret(
                ("hasura", document.name, DIRECTORY, name), f"{name} of the metadata of {document.name}.", text
            )
            for name, text in sorted(values.items())
        }
    document.entries.append(Entry("hasura_metadata", options))


def _read(http: Http, view: JsonObject, trusted_hosts: list[str], admin_secret: str | None = None) -> metadata.State:
    return metadata.read_metadata(MetadataEndpoint(http, str(view["endpoint"]), trusted_hosts, admin_secret))
