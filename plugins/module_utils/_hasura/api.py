# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud's control plane: the connection, and how tenants are found. PRIVATE to the collection.

Knows no Ansible. C(HasuraClient) is the base of the subjects' clients (C(EnvClient), C(TenantClient) ...), which have
one method for each operation of the API. Sources: Hasura Cloud's API reference, the types of this API that its own
console is generated from, and what known clients send (hasura-cloud-preview-apps, two Terraform providers, Infisical).
Methods return objects as the API has them; C(tenant_view) is the shape that leaves a module. The ID of a project is not
the ID of its tenant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    MissingParent,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.responses import RESPONSES
from ansible_collections.webops.paas.plugins.module_utils._hasura.trust import check_host
from ansible_collections.webops.paas.plugins.module_utils._http.graphql import GraphQL, query_body
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# The options that identify a tenant, and the argument spec of a module that works on one.
REFERENCE = ("tenant_id", "name", "slug")
ONE_REFERENCE: JsonObject = {"required_one_of": [REFERENCE], "mutually_exclusive": [REFERENCE]}

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
# The first part of a host name, NAME.hasura.app.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

# What the API reference shows, and what only the console's types have: a token may see less of these than the console.
TENANT_COLUMNS = ("id", "slug")
PROJECT_COLUMNS = ("id", "endpoint")
MORE_TENANT_COLUMNS = (
    "cloud",
    "region",
    "fqdn",
    "active",
    "active_status_reason",
    "maintenance_mode",
    "created_at",
    "updated_at",
)
MORE_PROJECT_COLUMNS = ("name", "plan_name")
UNSEEN_COLUMN = re.compile(r"""field ["'](\w+)["'] not found in type: ["'](?:tenant|projects)["']""")

# Messages to a caller without a role. A missing type of createTenant means an old API instead.
SEES_NOTHING = re.compile(
    r"""Authentication hook unauthorized|no mutations exist|not found in type: ["'](query|mutation)_root"""
    """|(no such type exists in the schema:|Unknown type) ["'](?!UpdateEnvsObject)"""
)
TOKEN_HINT = (
    "Check that the token is correct and belongs to this account. Hasura Cloud does not reject an invalid token; it "
    "hides tables and mutations instead."
)

# Number of tenants from which on one list is read instead of each tenant.
WORTH_A_LIST = 3

# Error codes by Hasura's own codes.
CODES = {
    "access-denied": "unauthorized",
    "bad-request": "invalid",
    "constraint-violation": "conflict",
    "data-exception": "invalid",
    "GenericServerError": "server_error",
    "not-found": "not_found",
    "not-null-violation": "invalid",
    "permission-denied": "forbidden",
    "permission-error": "forbidden",
    "unexpected": "server_error",
    "validation-failed": "invalid",
}


def hint(message: str, platform_code: object) -> str | None:
    """The cause of a refusal whose message does not have it."""
    return TOKEN_HINT if platform_code == "access-denied" or SEES_NOTHING.search(message) else None


class HasuraClient:
    """The connection, and the tenants that the token may see. http: an Http whose base URL is the GraphQL endpoint."""

    PLATFORM = "Hasura"
    DEFAULT_URL = "https://data.pro.hasura.io/v1/graphql"
    URL_ENV = ("HASURA_CLOUD_API_URL",)
    TOKEN_ENV = ("HASURA_CLOUD_ACCESS_TOKEN",)
    # Part of the connection: tasks that send no credential to a tenant accept it for module_defaults of the group.
    OPTIONS: ClassVar[JsonObject] = dict(trusted_hosts=dict(type="list", elements="str", default=[], check=check_host))

    def __init__(self, http: Http) -> None:
        self.http = http
        http.shapes = RESPONSES
        self.graphql = GraphQL(http, hint, CODES)
        self._more_columns = [*MORE_TENANT_COLUMNS, *MORE_PROJECT_COLUMNS]

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"pat {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """A URL without a path gets /v1/graphql."""
        return url if urlsplit(url).path else url + "/v1/graphql"

    # -- kinds of requests
    # -----------------------------------------------------------------------------------------------

    def row(self, field: str, document: str, variables: JsonObject) -> JsonObject | None:
        """A query for one object. None: it does not exist, or the token has no access to it."""
        found: JsonObject | None = self.graphql.query(field, document, variables)
        return found

    def rows(self, field: str, document: str, variables: JsonObject | None = None) -> list[JsonObject]:
        """A query for a list."""
        found: list[JsonObject] | None = self.graphql.query(field, document, variables)
        return found or []

    def mutate(
        self, field: str, document: str, variables: JsonObject, *, idempotent: bool = False
    ) -> JsonObject | None:
        """idempotent: whether the request can be retried.

        None: the API returned neither a result nor an error.
        """
        found: JsonObject | None = self.graphql.mutate(field, document, variables, idempotent=idempotent)
        return found

    def written(self, field: str, document: str, variables: JsonObject) -> JsonObject:
        """A mutation that must return an object. Raises ApiError when it does not."""
        return required(field, self.mutate(field, document, variables))

    def with_columns(self, ask: Callable[[str], Any]) -> Any:
        """ask(columns of a tenant, in GraphQL).

        Columns that this token cannot read are omitted after the first refusal.
        """
        while True:
            try:
                return ask(self._columns())
            except ApiError as error:
                unseen = UNSEEN_COLUMN.search(error.message)
                if unseen is None or unseen[1] not in self._more_columns:
                    raise
                self._more_columns.remove(unseen[1])

    def _columns(self) -> str:
        tenant = [*TENANT_COLUMNS, *(name for name in MORE_TENANT_COLUMNS if name in self._more_columns)]
        project = [*PROJECT_COLUMNS, *(name for name in MORE_PROJECT_COLUMNS if name in self._more_columns)]
        return f"{' '.join(tenant)} project {{ {' '.join(project)} }}"

    # -- tenants -------------------------------------------------------------------------------------------------------

    def tenant_by_pk(self, tenant_id: str) -> JsonObject | None:
        """None when the tenant does not exist or the token has no access to it."""
        found: JsonObject | None = self.with_columns(
            lambda columns: self.row(
                "tenant_by_pk",
                f"query tenant_by_pk($id: uuid!) {{ tenant_by_pk(id: $id) {{ {columns} }} }}",
                {"id": tenant_id},
            )
        )
        return found

    def tenants(self, where: JsonObject | None = None) -> list[JsonObject]:
        """where: a tenant_bool_exp, such as {"slug": {"_eq": "shop"}}; without it all that the token has access to."""
        found: list[JsonObject] = self.with_columns(
            lambda columns: self.rows("tenant", _tenants_query(columns), {"where": where or {}})
        )
        return found

    def read_ahead(self, names: set[str], writes: bool) -> None:
        """Reads the list of all tenants in place of single tenants, if that takes fewer requests. Before a tenant is
        created, it is read by itself.
        """
        if writes or len(names) < WORTH_A_LIST:
            return
        tenants = self.tenants()
        if "name" not in self._more_columns:
            return
        for name in names:
            for where, found in (
                (_by_name(name), [row for row in tenants if (row.get("project") or {}).get("name") == name]),
                (_by_slug(name), [row for row in tenants if row["slug"] == name]),
            ):
                body = query_body(_tenants_query(self._columns()), {"where": where})
                self.http.known.tell("", {"data": {"tenant": found}}, body=body)

    def find_tenants(
        self, tenant_id: str | None = None, name: str | None = None, slug: str | None = None
    ) -> list[JsonObject]:
        """Tenants by ID, name of the project or slug; the first one that is set applies."""
        if tenant_id is not None:
            tenant = self.tenant_by_pk(tenant_id)
            return [] if tenant is None else [tenant]
        return self.tenants(_by_name(name) if name is not None else _by_slug(slug))

    def find_tenant(self, **reference: str | None) -> JsonObject | None:
        """reference: as find_tenants takes it. Raises PaasError when several match."""
        return only(
            self.find_tenants(**reference),
            ", ".join(f"{key} {value}" for key, value in reference.items() if value is not None),
        )

    def require_tenant(self, **reference: str | None) -> JsonObject:
        """reference: as find_tenants takes it. Raises ApiError when none matches."""
        tenant = self.find_tenant(**reference)
        if tenant is None:
            raise not_found(**reference)
        return tenant

    def explanation(self, tenant_id: str) -> str:
        """The state of a tenant that explains a failure; empty when it cannot be read."""
        try:
            return reason_to_refuse(self.tenant_by_pk(tenant_id))
        except ApiError:
            return ""


def _tenants_query(columns: str) -> str:
    return f"query tenant($where: tenant_bool_exp!) {{ tenant(where: $where) {{ {columns} }} }}"


def _by_name(name: str) -> JsonObject:
    return {"project": {"name": {"_eq": name}}}


def _by_slug(slug: str | None) -> JsonObject:
    return {"slug": {"_eq": slug}}


def uneven_pause(clock: Clock) -> Callable[[ApiError, int], float]:
    """Seconds before a retry of writers that compete for a lock: they double, and are random."""
    return lambda _error, failures: 2.0 ** (failures - 2) * (0.5 + clock.random())


def required(operation: str, answer: JsonObject | None) -> JsonObject:
    """What an operation returned. Raises ApiError when it returned neither a result nor an error."""
    if answer is None:
        raise ApiError(
            f"{HasuraClient.PLATFORM} {operation} failed: it returned neither a result nor an error.",
            platform="hasura",
            operation=operation,
            status=200,
            code="no_result",
        )
    return answer


# -- references and views ----------------------------------------------------------------------------------------------


def check_tenant_id(option: str, value: str) -> None:
    if not UUID.fullmatch(value):
        example = "7a79cf94-0e53-4520-a560-1b02bf522f08"
        raise InvalidInput(option, f"`{option}` must be the ID of a tenant, such as {example}, got {value!r}.")


def check_name(option: str, value: str) -> None:
    """Checks the name of a project or a slug."""
    if not NAME.fullmatch(value):
        raise InvalidInput(
            option,
            f"`{option}` must be 1 to 63 characters of a-z, 0-9 and hyphen, without a hyphen at either end, got "
            f"{value!r}.",
        )


TENANT_ID = dict(type="str", check=check_tenant_id)
SLUG = dict(type="str", check=check_name)
REFERENCE_OPTIONS = dict(
    tenant_id=dict(TENANT_ID, parent=True), name=dict(SLUG, parent=True), slug=dict(SLUG, parent=True)
)
ADMIN_SECRET = dict(type="str", no_log=True, env=["HASURA_GRAPHQL_ADMIN_SECRET"])


def reference_of(params: JsonObject) -> dict[str, str]:
    """The options tenant_id, name and slug that are set, as find_tenant and require_tenant accept them."""
    return {option: params[option] for option in REFERENCE if params[option] is not None}


def not_found(**reference: str | None) -> ApiError:
    asked = ", ".join(f"{key} {value!r}" for key, value in reference.items() if value is not None)
    # The ID of a new tenant cannot be known before it exists.
    kind = MissingParent if reference.get("tenant_id") is None else ApiError
    return kind(
        f"The tenant with {asked} does not exist on Hasura Cloud, or this token has no access to it.",
        platform="hasura",
        operation="tenant",
        status=200,
        code="not_found",
        sought=next((value for value in reference.values() if value is not None), None),
    )


def only(tenants: list[JsonObject], asked: str) -> JsonObject | None:
    """The single tenant of a list, or None. Raises PaasError when there are several."""
    if len(tenants) > 1:
        raise PaasError(
            f"{len(tenants)} tenants match {asked}: {listed(tenants)}. Select one with `tenant_id`.",
            code="several_matches",
        )
    return tenants[0] if tenants else None


def listed(tenants: list[JsonObject]) -> str:
    return "; ".join(
        f"{tenant['id']} ({tenant['project'].get('name') or tenant['slug']}, {tenant.get('cloud')} "
        f"{tenant.get('region')}, created {tenant.get('created_at')})"
        for tenant in tenants
    )


def tenant_view(tenant: JsonObject) -> JsonObject:
    """The shape that leaves a module. Fields that the token cannot read are None."""
    project = tenant.get("project") or {}
    return {
        "id": tenant.get("id"),
        "project_id": project.get("id"),
        # They differ only for projects whose names the token cannot read.
        "name": project.get("name") or tenant.get("slug"),
        "endpoint": project.get("endpoint"),
        "plan": project.get("plan_name"),
        **{key: tenant.get(key) for key in ("slug", *MORE_TENANT_COLUMNS)},
    }


def reason_to_refuse(tenant: JsonObject | None) -> str:
    """A sentence with the reason why Hasura Cloud refuses a change of this tenant; empty without a known reason."""
    if tenant is not None and tenant.get("maintenance_mode"):
        return (
            " The project is in maintenance mode. Until that ends, Hasura Cloud does not allow deleting the project "
            "or changing its variables, plan or region."
        )
    if tenant is not None and tenant.get("active") is False:
        reason = tenant.get("active_status_reason")
        return (
            " The project is not active"
            + (f" ({reason})" if reason else "")
            + ": Hasura Cloud suspends unused projects of free plans. Resume it in the dashboard."
        )
    return ""


def check_deletable(tenant: JsonObject) -> None:
    """Raises PaasError for a tenant in maintenance mode."""
    if tenant.get("maintenance_mode"):
        raise PaasError(
            f"The tenant {tenant['id']} cannot be deleted now.{reason_to_refuse(tenant)}", code="maintenance_mode"
        )
