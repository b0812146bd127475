# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud's control plane, one method per operation. PRIVATE to the collection.

Knows no Ansible. Sources: Hasura Cloud's API reference, the types of this API that its own console is generated from, and
what known clients send (hasura-cloud-preview-apps, two Terraform providers, Infisical). Objects are answered as the API has
them; C(tenant_view) is the shape that leaves a module. Ids of projects are not ids of tenants.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.graphql import GraphQL
from ansible_collections.webops.paas.plugins.module_utils._http.transport import HeaderAuth

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
UNSEEN_STATUS = re.compile(r"""field ["']config_status["'] not found in type""")

CREATE_ARGUMENTS = {
    "cloud": "String!",
    "region": "String!",
    "name": "String",
    "plan": "String",
    "envs": "[UpdateEnvsObject]",
    "databaseUrl": "String",
}
JOB = """id status tasks(order_by: {updated_at: asc}) { id name cloud region
  task_events(order_by: {updated_at: desc}) { id event_type public_event_data error github_detail } }"""
CUSTOM_DOMAIN = "id fqdn tenant_id cert dns_validation ssl_status ssl_message created_at"

# What a caller without a role gets to hear. A type of createTenant's that is missing is the API's age.
SEES_NOTHING = re.compile(
    r"""Authentication hook unauthorized|no mutations exist|not found in type: ["'](query|mutation)_root"""
    """|(no such type exists in the schema:|Unknown type) ["'](?!UpdateEnvsObject)"""
)
TOKEN_HINT = (
    "Is the token right, and made in this account? To a wrong one Hasura Cloud does not say so: tables and mutations just are not "
    "there for it."
)


def hint(message: str, code) -> str | None:
    """What a refusal means that does not say it."""
    return TOKEN_HINT if code == "access-denied" or SEES_NOTHING.search(message) else None


class HasuraClient:
    """http: an Http whose base URL is the GraphQL endpoint."""

    PLATFORM = "Hasura"
    DEFAULT_URL = "https://data.pro.hasura.io/v1/graphql"
    URL_ENV = ("HASURA_CLOUD_API_URL",)
    TOKEN_ENV = ("HASURA_CLOUD_ACCESS_TOKEN",)

    def __init__(self, http) -> None:
        self.http = http
        self._graphql = GraphQL(http, hint)
        self._more_columns = [*MORE_TENANT_COLUMNS, *MORE_PROJECT_COLUMNS]

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"pat {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """A URL without a path gets /v1/graphql."""
        return url if urlsplit(url).path else url + "/v1/graphql"

    # -- tenants -------------------------------------------------------------------------------------------------------

    def tenant_by_pk(self, tenant_id: str) -> dict | None:
        """None when there is none that the token may see."""
        return self._seen(
            lambda columns: self._graphql.query(
                "tenant_by_pk",
                f"query tenant_by_pk($id: uuid!) {{ tenant_by_pk(id: $id) {{ {columns} }} }}",
                {"id": tenant_id},
            )
        )

    def tenants(self, where: dict | None = None) -> list[dict]:
        """where: a tenant_bool_exp, such as {"slug": {"_eq": "shop"}}; without it all that the token may see."""
        return (
            self._seen(
                lambda columns: self._graphql.query(
                    "tenant",
                    f"query tenant($where: tenant_bool_exp!) {{ tenant(where: $where) {{ {columns} }} }}",
                    {"where": where or {}},
                )
            )
            or []
        )

    def create_tenant(self, **arguments) -> dict:
        """arguments: of CREATE_ARGUMENTS, those that are not None. Answers {"id": of the tenant, "name"}.

        The name is ignored (graphql-engine 9732), and a refusal does not mean that nothing was created (graphql-engine 9731).
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        variables = ", ".join(f"${name}: {CREATE_ARGUMENTS[name]}" for name in given)
        values = ", ".join(f"{name}: ${name}" for name in given)
        return self._answered(
            "createTenant",
            self._graphql.mutate(
                "createTenant", f"mutation createTenant({variables}) {{ createTenant({values}) {{ id name }} }}", given
            ),
        )

    def delete_tenant(self, tenant_id: str) -> None:
        self._graphql.mutate(
            "deleteTenant",
            "mutation deleteTenant($id: uuid!) { deleteTenant(tenantId: $id) { status } }",
            {"id": tenant_id},
            idempotent=True,
        )

    def update_tenant_name(self, tenant_id: str, name: str) -> dict:
        """Slug, host name and endpoint change with it. Answers the tenant."""
        answer = self._seen(
            lambda columns: self._graphql.mutate(
                "updateTenantName",
                "mutation updateTenantName($id: uuid!, $name: String!) { updateTenantName(tenantId: $id, name: $name) "
                f"{{ tenant {{ {columns} }} }} }}",
                {"id": tenant_id, "name": name},
                idempotent=True,
            )
        )
        return self._answered("updateTenantName", (answer or {}).get("tenant"))

    # -- environment variables -----------------------------------------------------------------------------------------

    def get_tenant_env(self, tenant_id: str) -> dict | None:
        """{"hash", "envVars"}, values in clear; None when there is no such tenant that the token may see."""
        return self._graphql.query(
            "getTenantEnv",
            "query getTenantEnv($id: uuid!) { getTenantEnv(tenantId: $id) { hash envVars } }",
            {"id": tenant_id},
        )

    def update_tenant_env(self, tenant_id: str, current_hash: str, values: dict) -> dict:
        """Adds and replaces; others stay. Refused when the hash is not the current one, and when nothing would change."""
        envs = [{"key": name, "value": text} for name, text in sorted(values.items())]
        return self._answered(
            "updateTenantEnv",
            self._graphql.mutate(
                "updateTenantEnv",
                "mutation updateTenantEnv($id: uuid!, $hash: String!, $envs: [UpdateEnvObject!]!) "
                "{ updateTenantEnv(tenantId: $id, currentHash: $hash, envs: $envs) { hash envVars } }",
                {"id": tenant_id, "hash": current_hash, "envs": envs},
            ),
        )

    def delete_tenant_env(self, tenant_id: str, current_hash: str, names: list) -> dict:
        """names: of variables that are there."""
        return self._answered(
            "deleteTenantEnv",
            self._graphql.mutate(
                "deleteTenantEnv",
                "mutation deleteTenantEnv($id: uuid!, $hash: String!, $names: [String!]!) "
                "{ deleteTenantEnv(tenantId: $id, currentHash: $hash, deleteEnvs: $names) { hash envVars } }",
                {"id": tenant_id, "hash": current_hash, "names": names},
            ),
        )

    def config_status(self, tenant_id: str) -> list[dict] | None:
        """A row {hash, message} for each live worker: which variables it has, and whether it took them.

        None when the token does not see this table, which only the console is known to use.
        """
        try:
            return (
                self._graphql.query(
                    "config_status",
                    "query config_status($id: uuid!) { config_status(where: {tenant_id: {_eq: $id}, is_active: {_eq: true}, "
                    'worker_state: {_eq: "live"}}) { hash message } }',
                    {"id": tenant_id},
                )
                or []
            )
        except ApiError as error:
            if UNSEEN_STATUS.search(error.message):
                return None
            raise

    # -- places --------------------------------------------------------------------------------------------------------

    def regions(self) -> list[dict]:
        """Those with an address from which databases are called: {cloud, name, nat_ip}."""
        return (
            self._graphql.query(
                "region",
                "query region { region(where: {is_active: {_eq: true}, nat_ip: {_is_null: false}}) { cloud name nat_ip } }",
            )
            or []
        )

    # -- preview apps --------------------------------------------------------------------------------------------------

    def create_github_preview_app(self, payload: dict) -> str:
        """payload: {githubPersonalAccessToken, githubRepoDetails, projectOptions}. A project of that name is replaced. Answers the job's id."""
        answer = self._graphql.mutate(
            "createGitHubPreviewApp",
            "mutation createGitHubPreviewApp($payload: CreateGithubPreviewAppInputPayload!) "
            "{ createGitHubPreviewApp(payload: $payload) { githubPreviewAppJobID } }",
            {"payload": payload},
        )
        return self._answered("createGitHubPreviewApp", answer)["githubPreviewAppJobID"]

    def jobs_by_pk(self, job_id: str) -> dict | None:
        """{id, status, tasks: [{id, name, cloud, region, task_events}]}, newest event first."""
        return self._graphql.query(
            "jobs_by_pk", f"query jobs_by_pk($id: uuid!) {{ jobs_by_pk(id: $id) {{ {JOB} }} }}", {"id": job_id}
        )

    # -- custom domains ------------------------------------------------------------------------------------------------

    def custom_domains(self, fqdn: str) -> list[dict]:
        """The one of this host name, in a list; of other accounts' nothing is seen."""
        return (
            self._graphql.query(
                "custom_domain",
                f"query custom_domain($fqdn: String!) {{ custom_domain(where: {{fqdn: {{_eq: $fqdn}}}}) {{ {CUSTOM_DOMAIN} }} }}",
                {"fqdn": fqdn},
            )
            or []
        )

    def insert_custom_domain(self, tenant_id: str, fqdn: str) -> dict:
        return self._answered(
            "insert_custom_domain_one",
            self._graphql.mutate(
                "insert_custom_domain_one",
                "mutation insert_custom_domain_one($object: custom_domain_insert_input!) "
                f"{{ insert_custom_domain_one(object: $object) {{ {CUSTOM_DOMAIN} }} }}",
                {"object": {"tenant_id": tenant_id, "fqdn": fqdn}},
            ),
        )

    def delete_custom_domain(self, domain_id: str) -> dict | None:
        """None when there was none."""
        return self._graphql.mutate(
            "delete_custom_domain_by_pk",
            "mutation delete_custom_domain_by_pk($id: uuid!) { delete_custom_domain_by_pk(id: $id) { id } }",
            {"id": domain_id},
            idempotent=True,
        )

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _seen(self, ask):
        """ask(columns of a tenant, in GraphQL). Columns that this token does not see are left out, from the first refusal on."""
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

    def _answered(self, operation: str, answer):
        if answer is None:
            raise ApiError(
                f"{self.PLATFORM} {operation} failed: it answered nothing at all, neither a result nor an error.",
                platform="hasura",
                operation=operation,
                status=200,
                code="no_result",
            )
        return answer


# -- tenants in general ------------------------------------------------------------------------------------------------


def check_reference(params: dict) -> None:
    """Of the options tenant_id, name and slug, those that are given."""
    if params["tenant_id"] is not None and not UUID.fullmatch(params["tenant_id"]):
        raise InvalidInput(
            "tenant_id",
            f"tenant_id must be a tenant's id, such as 7a79cf94-0e53-4520-a560-1b02bf522f08, not "
            f"{params['tenant_id']!r}.",
        )
    for option in ("name", "slug"):
        if params[option] is not None and not NAME.fullmatch(params[option]):
            raise InvalidInput(
                option,
                f"{option} must be 1 to 63 of a-z, 0-9 and hyphen, with no hyphen at either end, not {params[option]!r}.",
            )


def reference_of(params: dict) -> dict:
    """Of the options tenant_id, name and slug the one that is given, for find_tenant and require_tenant."""
    return {option: params[option] for option in ("tenant_id", "name", "slug") if params[option] is not None}


def find_tenants(
    client: HasuraClient, tenant_id: str | None = None, name: str | None = None, slug: str | None = None
) -> list[dict]:
    """What an id, a project's name or a slug finds; the first of them that is given counts."""
    if tenant_id is not None:
        tenant = client.tenant_by_pk(tenant_id)
        return [] if tenant is None else [tenant]
    return client.tenants({"project": {"name": {"_eq": name}}} if name is not None else {"slug": {"_eq": slug}})


def find_tenant(client: HasuraClient, **reference) -> dict | None:
    """reference: as find_tenants takes it."""
    return only(
        find_tenants(client, **reference),
        ", ".join(f"{key} {value}" for key, value in reference.items() if value is not None),
    )


def find_to_rename(client: HasuraClient, slug: str, name: str | None) -> dict | None:
    """What a slug finds, else what has the name that it was to get: once renamed, a tenant has another slug."""
    where = [{"slug": {"_eq": slug}}] + ([{"project": {"name": {"_eq": name}}}] if name else [])
    found = client.tenants({"_or": where})
    return only([tenant for tenant in found if tenant["slug"] == slug] or found, f"slug {slug}")


def delete_tenant(client: HasuraClient, tenant_id: str) -> None:
    """One that is gone already counts as deleted."""
    try:
        client.delete_tenant(tenant_id)
    except ApiError as error:
        # Lost and sent again, it does not find what it has deleted.
        if error.status != 200 or client.tenant_by_pk(tenant_id) is not None:
            raise


def wait_until_gone(client: HasuraClient, tenant_id: str, patience: dict) -> None:
    """patience: clock, timeout, interval, progress."""
    wait_until(
        lambda: client.tenant_by_pk(tenant_id),
        lambda tenant: tenant is None,
        what=f"Deleting the tenant {tenant_id}",
        show=lambda tenant: "there",
        **patience,
    )


def require_tenant(client: HasuraClient, **reference) -> dict:
    tenant = find_tenant(client, **reference)
    if tenant is None:
        raise not_found(**reference)
    return tenant


def not_found(**reference) -> ApiError:
    asked = ", ".join(f"{key} {value!r}" for key, value in reference.items() if value is not None)
    return ApiError(
        f"Hasura Cloud has no tenant with {asked} that this token may see (one of another account looks the same).",
        platform="hasura",
        operation="tenant",
        status=200,
        code="not_found",
    )


def only(tenants: list[dict], asked: str) -> dict | None:
    """The one tenant there is, or None."""
    if len(tenants) > 1:
        raise PaasError(
            f"{len(tenants)} tenants match {asked}: {listed(tenants)}. Name the one by its tenant_id.",
            code="several_matches",
        )
    return tenants[0] if tenants else None


def listed(tenants: list[dict]) -> str:
    return "; ".join(
        f"{tenant['id']} ({tenant['project'].get('name') or tenant['slug']}, {tenant.get('cloud')} {tenant.get('region')}, "
        f"created {tenant.get('created_at')})"
        for tenant in tenants
    )


def tenant_view(tenant: dict) -> dict:
    """The shape that leaves a module. What the token does not see is None."""
    project = tenant.get("project") or {}
    return {
        "id": tenant.get("id"),
        "project_id": project.get("id"),
        # They are the same but for projects that the token sees no names of.
        "name": project.get("name") or tenant.get("slug"),
        "endpoint": project.get("endpoint"),
        "plan": project.get("plan_name"),
        **{key: tenant.get(key) for key in ("slug", *MORE_TENANT_COLUMNS)},
    }


def custom_domain_view(domain: dict, tenant: dict) -> dict:
    """The shape that leaves a module."""
    return {**{key: domain.get(key) for key in CUSTOM_DOMAIN.split()}, "tenant_fqdn": tenant.get("fqdn")}
