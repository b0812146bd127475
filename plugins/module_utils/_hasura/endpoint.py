# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint of one Hasura Cloud tenant: health, version, metadata. PRIVATE to the collection.

Knows no Ansible. Sources: Hasura's API reference of graphql-engine; Hasura Cloud's reference says that a tenant accepts
the account's access token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import HasuraClient
from ansible_collections.webops.paas.plugins.module_utils._hasura.trust import check_trusted
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url

GRAPHQL_PATH = "/v1/graphql"
# Besides every 5xx.
NOT_UP_STATUS = (404, 408, 425)
# Prefix of the response of a healthy tenant with inconsistent objects in its metadata.
INCONSISTENT = "WARN"


class TenantEndpoint:
    """The public API of a tenant; no credential is sent.

    http: the control plane's Http. endpoint: a project's, as Hasura Cloud returns it.
    """

    def __init__(self, http: Http, endpoint: str) -> None:
        self.base_url = checked_url(endpoint, "endpoint").removesuffix(GRAPHQL_PATH)
        self._public = http.at(self.base_url)

    def healthz(self) -> str:
        """OK, or WARN and a reason. Raises ApiError without retries for all else, because the caller polls."""
        return (
            self._public.request("GET", "/healthz", operation="healthz", polled=True)
            .content.decode("utf-8", "replace")
            .strip()
        )

    def version(self) -> JsonObject:
        """{server_type, version}"""
        found: JsonObject = self._public.request("GET", "/v1/version", operation="version", shape=dict).data
        return found


class MetadataEndpoint(TenantEndpoint):
    """The API of a tenant with a credential: the admin secret if it is set, else the token of http.

    Raises PaasError when the credential must not go to the endpoint's host.
    """

    def __init__(
        self, http: Http, endpoint: str, trusted_hosts: Iterable[str] = (), admin_secret: str | None = None
    ) -> None:
        super().__init__(http, endpoint)
        check_trusted(self.base_url, http.base_url, trusted_hosts)
        auth = HeaderAuth("x-hasura-admin-secret", admin_secret) if admin_secret else http.auth
        self.http = http.at(self.base_url, auth)

    def export_metadata(self) -> JsonObject:
        """{resource_version, metadata}: the version is the lock of replace_metadata."""
        return self._metadata("export_metadata", {}, version=2)

    def get_inconsistent_metadata(self) -> JsonObject:
        """{is_consistent, inconsistent_objects}"""
        return self._metadata("get_inconsistent_metadata", {})

    def replace_metadata(
        self, metadata: JsonObject, *, allow_inconsistent: bool, resource_version: int | None = None
    ) -> JsonObject:
        """{is_consistent, inconsistent_objects}.

        With resource_version it is refused (409) after another write.
        """
        lock = {} if resource_version is None else {"resource_version": resource_version}
        return self._metadata(
            "replace_metadata",
            {"allow_inconsistent_metadata": allow_inconsistent, "metadata": metadata},
            is_write=True,
            idempotent=resource_version is None,
            version=2,
            **lock,
        )

    def reload_metadata(
        self, *, sources: bool = True, remote_schemas: bool = True, event_triggers: bool = False
    ) -> JsonObject:
        """{message, is_consistent}. event_triggers: whether their SQL triggers are created again in all databases."""
        more = {"recreate_event_triggers": True} if event_triggers else {}
        return self._metadata(
            "reload_metadata",
            {"reload_sources": sources, "reload_remote_schemas": remote_schemas, **more},
            is_write=True,
        )

    def drop_inconsistent_metadata(self) -> JsonObject:
        """{message}. Removes all that is inconsistent when the engine processes the request."""
        return self._metadata("drop_inconsistent_metadata", {}, is_write=True)

    def config(self) -> JsonObject:
        """{is_remote_schema_permissions_enabled, ...}: settings of the engine, without secrets."""
        found: JsonObject = self.http.request("GET", "/v1alpha1/config", operation="config", shape=dict).data
        return found

    def _metadata(
        self, kind: str, arguments: JsonObject, *, is_write: bool = False, idempotent: bool = True, **more: Any
    ) -> JsonObject:
        found: JsonObject = self.http.request(
            "POST",
            "/v1/metadata",
            operation=kind,
            body={"type": kind, "args": arguments, **more},
            idempotent=idempotent,
            shape=dict,
            is_write=is_write,
        ).data
        return found


def wait_until_up(
    client: HasuraClient,
    tenant: JsonObject,
    patience: Patience,
    warn: Callable[[str], None],
    is_new: bool = False,
) -> None:
    """Waits until the tenant, a tenant_view, is healthy. Does not wait for a hibernating tenant.

    is_new: it was just created, and may not be active yet.
    """
    endpoint = TenantEndpoint(client.http, tenant["endpoint"])
    last: JsonObject = {}

    def look() -> str:
        try:
            last.clear()
            return endpoint.healthz()
        except ApiError as error:
            # Not available yet, or temporarily unavailable: DNS, the gateway of the cloud, the engine.
            if (
                error.code not in ("unreachable", "timeout", "lost_response")
                and error.status not in NOT_UP_STATUS
                and (error.status or 0) < 500
            ):
                raise
            last.update(error.details)
            return error.message

    def done(_answer: str) -> bool:
        if last and not is_new and tenant["active"] is False:
            raise WaitFailed(
                f"The tenant {tenant['name']} ({tenant['endpoint']}) does not respond, and is not active, so the task "
                "does not wait for it.",
                code="not_active",
            )
        return not last

    try:
        answer = wait_until(look, done, patience, what=f"The tenant {tenant['name']} ({tenant['endpoint']})")
    except WaitFailed as failure:
        failure.details.update({"operation": "healthz", **last, "code": failure.details["code"]})
        failure.message += client.explanation(tenant["id"])
        raise
    if answer.startswith(INCONSISTENT):
        warn(f"The tenant {tenant['name']} responds with a warning: {client.http.redactor.clean_quote(answer)}.")
