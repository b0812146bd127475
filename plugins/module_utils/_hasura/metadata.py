# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of a Hasura tenant at its engine: reading, replacing, checking and backing up.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.compare import is_same_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import WRITE_ATTEMPTS, write_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import (
    HasuraClient,
    reference_of,
    tenant_view,
    uneven_pause,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura.backups import Backup
from ansible_collections.webops.paas.plugins.module_utils._hasura.differences import differences, named
from ansible_collections.webops.paas.plugins.module_utils._hasura.endpoint import MetadataEndpoint
from ansible_collections.webops.paas.plugins.module_utils._hasura.masking import secrets
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import is_same, json_text, normal

VERSION = 3


def checked(option: str, value: Any) -> JsonObject:
    """Metadata of version 3: the object itself, or as export_metadata returns it ({resource_version, metadata}).

    Raises InvalidInput.
    """
    if (
        isinstance(value, dict)
        and isinstance(value.get("metadata"), dict)
        and value.keys() <= {"resource_version", "metadata"}
    ):
        value = value["metadata"]
    if not isinstance(value, dict):
        raise InvalidInput(option, f"`{option}`: metadata must be an object, got {type(value).__name__}.")
    # Templates convert numbers to texts.
    if not is_same_json(value.get("version"), VERSION) and value.get("version") != str(VERSION):
        raise InvalidInput(
            option,
            f"`{option}`: metadata must have version: {VERSION}, that of Hasura 2, got {value.get('version')!r}.",
        )
    return {"sources": [], **value, "version": VERSION}


@dataclass(frozen=True)
class State:
    """resource_version: the lock, which increases by one with each change; None if the engine has none.

    content: the metadata.
    """

    resource_version: int | None
    content: JsonObject


# The metadata of a project that was just created.
NEW = State(None, {"version": 3, "sources": []})


def read_tenant(client: HasuraClient, params: JsonObject) -> tuple[str, MetadataEndpoint, State]:
    """(id of the tenant, its endpoint, its metadata), by the options tenant_id, name or slug, trusted_hosts and
    admin_secret.
    """
    tenant = tenant_view(client.require_tenant(**reference_of(params)))
    endpoint = MetadataEndpoint(client.http, tenant["endpoint"], params["trusted_hosts"], params["admin_secret"])
    return tenant["id"], endpoint, read_metadata(endpoint)


def read_metadata(endpoint: MetadataEndpoint) -> State:
    """Also masks its secrets in messages that quote the platform from now on."""
    answer = endpoint.export_metadata()
    content = answer.get("metadata", answer)
    if not isinstance(content, dict):
        raise PaasError(
            "The response to export_metadata is not metadata.", operation="export_metadata", code="no_metadata"
        )
    endpoint.http.redactor.add_quoted(*secrets(content))
    return State(answer.get("resource_version"), content)


def drop_inconsistent(endpoint: MetadataEndpoint, state: State, before_write: Callable[[State], None]) -> State:
    """Removes what is inconsistent, and returns the final state. Arguments: see C(replace_metadata)."""
    before_write(state)
    endpoint.drop_inconsistent_metadata()
    return read_metadata(endpoint)


def replace_metadata(
    endpoint: MetadataEndpoint,
    state: State,
    wanted: JsonObject,
    before_write: Callable[[State], None],
    *,
    allow_inconsistent: bool,
) -> State:
    """Writes until the engine has the wanted metadata, and returns the final state.

    state: as it was read last. before_write(state) is called before each attempt. Raises PaasError if the engine
    accepts the metadata but does not have it afterwards.
    """
    sent = 0

    def due(now: State) -> object:
        # No two objects are equal, so that a conflict, which another write caused, is retried.
        return None if is_same(now.content, wanted) else object()

    def write(now: State, _due: object) -> State:
        nonlocal sent
        sent += 1
        before_write(now)
        version = now.resource_version
        try:
            endpoint.replace_metadata(wanted, allow_inconsistent=allow_inconsistent, resource_version=version)
        except ApiError as error:
            if "inconsistent" in error.message and error.status == 400:
                error.message += " Nothing was changed. To allow inconsistent objects, set `allow_inconsistent: true`."
            raise
        found = read_metadata(endpoint)
        is_ours = version is None or found.resource_version == version + 1
        if not is_same(found.content, wanted) and (is_ours or sent == WRITE_ATTEMPTS):
            places = named(differences(normal(found.content), normal(wanted)))
            places = endpoint.http.redactor.clean_quote(places)
            raise PaasError(
                f"Hasura accepted the metadata, but its metadata differs at {places}. Hasura may not support these "
                "parts, or may write them in another form. Write them as webops.paas.hasura_metadata_info returns "
                "them.",
                operation="replace_metadata",
                code="not_applied",
            )
        return found

    clock = endpoint.http.clock
    return write_until(
        state, due, write, lambda: read_metadata(endpoint), clock, is_final=_is_final, pause=uneven_pause(clock)
    )


def _is_final(error: ApiError) -> bool:
    """Whether the error is neither a lost response nor caused by another write."""
    return not isinstance(error, LostAnswer) and error.status != 409


# Fields that only the tenant itself can provide.
CONSISTENCY_KEYS = ("resource_version", "is_consistent", "inconsistent_objects")


def consistency_of(endpoint: MetadataEndpoint, state: State) -> JsonObject:
    """{resource_version, is_consistent, inconsistent_objects: [{name, type, reason}]}, for a result.

    Their definitions are omitted, because they can contain secrets.
    """
    answer = endpoint.get_inconsistent_metadata()
    objects = [
        {
            "name": endpoint.http.redactor.clean_quote(_plain_text(found.get("name"))),
            "type": found.get("type"),
            "reason": endpoint.http.redactor.clean_quote(_plain_text(found.get("reason"))),
        }
        for found in answer.get("inconsistent_objects") or []
        if isinstance(found, dict)
    ]
    return {
        "resource_version": state.resource_version,
        "is_consistent": answer.get("is_consistent"),
        "inconsistent_objects": objects,
    }


def remote_schema_permissions(endpoint: MetadataEndpoint, state: State) -> JsonObject:
    """{is_enforced, roles: {remote schema: [role]}}, for a result. Without enforcement, each role can use everything.

    is_enforced: None if the engine does not return it.
    """
    schemas = state.content.get("remote_schemas")
    found = {
        str(schema.get("name")): [
            str(permission.get("role"))
            for permission in schema.get("permissions") or []
            if isinstance(permission, dict)
        ]
        for schema in (schemas if isinstance(schemas, list) else [])
        if isinstance(schema, dict)
    }
    return {
        "is_enforced": endpoint.config().get("is_remote_schema_permissions_enabled"),
        "roles": {name: roles for name, roles in found.items() if roles},
    }


def check_consistent(view: JsonObject, allow_inconsistent: bool) -> None:
    """view: the result so far, including that of C(consistency_of). Raises PaasError."""
    if view["is_consistent"] is False and not allow_inconsistent:
        objects = [f"{found['name']} ({found['reason']})" for found in view["inconsistent_objects"]]
        error = PaasError(
            f"The tenant {view['tenant_id']} has the metadata, but these objects are inconsistent: {named(objects)}. "
            "To allow that, set `allow_inconsistent: true`.",
            operation="get_inconsistent_metadata",
            code="inconsistent_metadata",
        )
        error.results = {"metadata": view}
        raise error


def _plain_text(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


class MetadataBackup(Backup):
    """The file: {"tenant_id", "metadata"}."""

    WHAT = "metadata"

    @staticmethod
    def is_whole(kept: JsonObject) -> bool:
        return isinstance(kept.get("metadata"), dict)

    def write(self, state: State) -> None:
        """Called before the write, and again if another write came in between."""
        if self.earlier is None:
            self.keep({"metadata": state.content})
