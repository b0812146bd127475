# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control plane's own queries and mutations. Resolvers are called as function(parent, info, **arguments)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from ..core.graphql import Resolvers
from . import views
from .errors import refused, server_error
from .model import Tenant, User, env_hash, env_vars
from .options import DEFAULT_PLAN, PLANS
from .state import NAME, NameTaken, State
from .tables import Row, aggregate, by_key, checked_uuid, select

UNSETTABLE = "HASURA_GRAPHQL_METADATA_DATABASE_URL"
DATABASE_URL = "HASURA_GRAPHQL_DATABASE_URL"


class Request:
    """A call by a known user: the resolvers' `info.context`."""

    def __init__(self, state: State, user: User, now: float, operation: str, text: str) -> None:
        self.state = state
        self.user = user
        self.now = now
        self.operation = operation
        self.text = text
        self.switches = state.ground.switches
        self.views = views.Views(state, user, now)

    def tenant(self, tenant_id: str) -> Tenant | None:
        """The user's tenant with an ID. Raises for an invalid ID."""
        tenant = self.state.tenants.get(checked_uuid(tenant_id))
        return tenant if tenant is not None and tenant.user is self.user else None

    def present(self, tenant_id: str) -> Tenant:
        """How operations refuse a tenant that is not there, or somebody else's, is unknown [UNKNOWN]."""
        tenant = self.tenant(tenant_id)
        if tenant is None:
            raise refused("not-found", "tenant not found")
        return tenant

    def changeable(self, tenant: Tenant) -> Tenant:
        """fact: hasura 6 [DOC]: what maintenance mode refuses; the words are ours"""
        if tenant.maintenance_mode:
            raise refused("bad-request", "the project is in maintenance mode")
        return tenant

    def of_project(self, project_id: str) -> Tenant:
        wanted = checked_uuid(project_id)
        for tenant in self.state.own_tenants(self.user):
            if tenant.project_id == wanted:
                return tenant
        raise refused("not-found", "project not found")

    def env_view(self, env: dict[str, str]) -> Row:
        return {
            "hash": env_hash(env),
            "envVars": env_vars(
                env, self.switches["env_layout"] == "nested", self.switches["env_value_types"] == "typed"
            ),
        }


def _request(info: GraphQLResolveInfo) -> Request:
    request: Request = info.context
    return request


# tables


def _table(rows: Callable[[Any], list[Row]]) -> Callable[..., list[Row]]:
    return lambda _parent, info, **arguments: select(rows(_request(info).views), **arguments)


def _aggregate(rows: Callable[[Any], list[Row]]) -> Callable[..., Row]:
    return lambda _parent, info, **arguments: aggregate(select(rows(_request(info).views), **arguments))


def _by_pk(rows: Callable[[Any], list[Row]]) -> Callable[..., Row | None]:
    return lambda _parent, info, **key: by_key(rows(_request(info).views), key)


# tenants


def create_tenant(
    _parent: Any,
    info: GraphQLResolveInfo,
    cloud: str,
    region: str,
    databaseUrl: str | None = None,
    name: str | None = None,
    plan: str | None = None,
    envs: list[dict[str, str] | None] | None = None,
    **_ignored: Any,
) -> Row:
    """fact: hasura 3a: returns at once; the name is ignored unless the switch says otherwise"""
    request = _request(info)
    _check_place(request, cloud, region)
    if plan is not None and plan not in PLANS:
        raise refused("bad-request", f"unknown plan {plan}")
    env = {item["key"]: item["value"] for item in envs or [] if item is not None}
    if databaseUrl:
        env[DATABASE_URL] = databaseUrl
    fails = plan == "cloud_free_v2" and envs and request.switches["free_v2_with_envs"]
    if fails == "error":
        raise server_error()
    if request.switches["create_name"] == "ignored" or not name:
        name = request.state.random_name()
    _check_new_name(request, name)
    tenant = request.state.add_tenant(request.user, name, cloud, region, plan or DEFAULT_PLAN, env, request.now)
    if fails == "error_after_creation":
        raise server_error()
    return {"id": tenant.id, "name": tenant.name, "tenant": request.views.tenant_row(tenant)}


def _check_place(request: Request, cloud: str, region: str) -> None:
    if not any(
        (place["cloud"], place["name"], place["is_active"]) == (cloud, region, True) for place in request.state.regions
    ):
        raise refused("bad-request", f"unknown region {region} of cloud {cloud}")


def _check_new_name(request: Request, name: str) -> None:
    """Raises as `rename` does."""
    if not NAME.fullmatch(name):
        raise refused("bad-request", "a project's name has lower case letters, digits and hyphens")
    if not request.state.name_is_free(name, request.now):
        raise _name_taken()


def _name_taken() -> Exception:
    """fact: hasura 8 [TF2]; hasura 2 [SCHEMA]: the constraint's name"""
    return refused(
        "constraint-violation", 'Uniqueness violation. duplicate key value violates unique constraint "tenant_slug_key"'
    )


def delete_tenant(_parent: Any, info: GraphQLResolveInfo, tenantId: str) -> Row:
    request = _request(info)
    request.state.remove_tenant(request.changeable(request.present(tenantId)), request.now)
    return {"status": "success"}


def update_tenant_name(_parent: Any, info: GraphQLResolveInfo, tenantId: str, name: str) -> Row:
    request = _request(info)
    tenant = request.present(tenantId)
    _rename(request, tenant, name)
    return {"tenant": request.views.tenant_row(tenant)}


def update_project(
    _parent: Any, info: GraphQLResolveInfo, pk_columns: dict[str, str], _set: dict[str, str] | None = None
) -> Row | None:
    """As for updates of tables: null when the row does not exist [K]."""
    request = _request(info)
    if by_key(request.views.projects(), pk_columns) is None:
        return None
    tenant = request.of_project(pk_columns["id"])
    if _set and "name" in _set:
        _rename(request, tenant, _set["name"])
    return request.views.project_row(tenant)


def _rename(request: Request, tenant: Tenant, name: str) -> None:
    try:
        request.state.rename(tenant, name, request.now)
    except NameTaken:
        raise _name_taken() from None
    except ValueError as error:
        raise refused("bad-request", str(error)) from error


def change_plan(_parent: Any, info: GraphQLResolveInfo, plan: str, projectId: str) -> Row:
    request = _request(info)
    tenant = request.changeable(request.of_project(projectId))
    tenant.plan, tenant.updated_at = plan, request.now
    return {"status": "success"}


def move_region(_parent: Any, info: GraphQLResolveInfo, cloud: str, projectId: str, region: str) -> Row:
    request = _request(info)
    tenant = request.changeable(request.of_project(projectId))
    _check_place(request, cloud, region)
    tenant.cloud, tenant.region, tenant.updated_at = cloud, region, request.now
    return {"projectId": tenant.project_id, "project": request.views.project_row(tenant)}


# variables


def get_env(_parent: Any, info: GraphQLResolveInfo, tenantId: str) -> Row | None:
    request = _request(info)
    nullable = request.switches["unknown_tenant_env"] == "null"
    tenant = request.tenant(tenantId) if nullable else request.present(tenantId)
    return request.env_view(tenant.env) if tenant is not None else None


def update_env(
    _parent: Any, info: GraphQLResolveInfo, tenantId: str, currentHash: str, envs: list[dict[str, str]]
) -> Row:
    """fact: hasura 6: keys that are not sent stay; the hash that was read last is the lock"""
    request = _request(info)
    tenant = _locked(request, tenantId, currentHash)
    changes = {item["key"]: item["value"] for item in envs}
    if UNSETTABLE in changes:
        raise refused("bad-request", f"{UNSETTABLE} is managed by Hasura Cloud")
    return _set_env(request, tenant, {**tenant.env, **changes})


def delete_env(_parent: Any, info: GraphQLResolveInfo, tenantId: str, currentHash: str, deleteEnvs: list[str]) -> Row:
    request = _request(info)
    tenant = _locked(request, tenantId, currentHash)
    unknown = [key for key in deleteEnvs if key not in tenant.env]
    if unknown and request.switches["unknown_env_keys"] == "refused":
        raise refused("bad-request", f"no such variables: {', '.join(unknown)}")
    return _set_env(request, tenant, {key: text for key, text in tenant.env.items() if key not in deleteEnvs})


def _locked(request: Request, tenant_id: str, current_hash: str) -> Tenant:
    """fact: hasura 6: a hash that is not the current one is refused; the words are ours [UNKNOWN]"""
    tenant = request.changeable(request.present(tenant_id))
    if current_hash != tenant.hash:
        raise refused("bad-request", "the environment has changed since this hash was read")
    return tenant


def _set_env(request: Request, tenant: Tenant, env: dict[str, str]) -> Row:
    """fact: hasura 6 [INF]: a call that changes nothing is an error; the words are ours"""
    if env == tenant.env:
        if request.switches["unchanged_env"] == "refused":
            raise refused("bad-request", "the environment does not change")
    else:
        tenant.set_env(env, request.now)
    return request.env_view(tenant.env)


# custom domains


def add_custom_domain(_parent: Any, info: GraphQLResolveInfo, fqdn: str, tenant_id: str) -> Row:
    request = _request(info)
    return _insert_domain(request, request.present(tenant_id), fqdn, None)


def insert_custom_domain(_parent: Any, info: GraphQLResolveInfo, object: dict[str, str]) -> Row:
    """As tables are inserted into: what is missing or somebody else's is the database's complaint [K]."""
    request = _request(info)
    for column in ("fqdn", "tenant_id"):
        if object.get(column) is None:
            raise refused(
                "not-null-violation",
                f'Not-NULL violation. null value in column "{column}" violates not-null constraint',
            )
    tenant = request.tenant(object["tenant_id"])
    if tenant is None:
        raise refused("permission-error", "check constraint of an insert/update permission has failed")
    return _insert_domain(request, tenant, object["fqdn"], object.get("cert"))


def _insert_domain(request: Request, tenant: Tenant, fqdn: str, cert: str | None) -> Row:
    """fact: hasura 8 [TF2]: a host name can be had once"""
    if any(domain.fqdn == fqdn.lower() for domain in request.state.domains.values()):
        raise refused(
            "constraint-violation",
            'Uniqueness violation. duplicate key value violates unique constraint "custom_domain_fqdn_key"',
        )
    return request.views.domain_row(request.state.add_domain(tenant, fqdn.lower(), cert or "letsencrypt", request.now))


def delete_custom_domain(_parent: Any, info: GraphQLResolveInfo, id: str) -> Row | None:
    """As rows are deleted: the row that was there, or null [K]."""
    request = _request(info)
    row = by_key(request.views.custom_domain(), {"id": id})
    if row is not None:
        del request.state.domains[row["id"]]
    return row


# jobs


def create_preview_app(_parent: Any, info: GraphQLResolveInfo, payload: dict[str, Any]) -> Row:
    request = _request(info)
    options = payload["projectOptions"]
    _check_place(request, options["cloud"], options["region"])
    if not NAME.fullmatch(options["name"]):
        raise refused("bad-request", "a project's name has lower case letters, digits and hyphens")
    return {"githubPreviewAppJobID": request.state.schedule_preview_app(request.user, options, request.now).id}


def check_latency(_parent: Any, info: GraphQLResolveInfo, project_id: str) -> Row:
    request = _request(info)
    return {"db_latency_job_id": request.state.check_latency(request.of_project(project_id), request.now).id}


def _queries() -> dict[str, Callable[..., Any]]:
    functions: dict[str, Callable[..., Any]] = {"getTenantEnv": get_env}
    for name, rows in views.tables().items():
        functions.update({name: _table(rows), f"{name}_aggregate": _aggregate(rows), f"{name}_by_pk": _by_pk(rows)})
    return functions


RESOLVERS: Resolvers = {
    "query_root": _queries(),
    "mutation_root": {
        "createTenant": create_tenant,
        "deleteTenant": delete_tenant,
        "updateTenantName": update_tenant_name,
        "update_projects_by_pk": update_project,
        "changePlan": change_plan,
        "moveProjectRegion": move_region,
        "updateTenantEnv": update_env,
        "deleteTenantEnv": delete_env,
        "addCustomDomain": add_custom_domain,
        "insert_custom_domain_one": insert_custom_domain,
        "delete_custom_domain_by_pk": delete_custom_domain,
        "createGitHubPreviewApp": create_preview_app,
        "checkDBLatency": check_latency,
    },
}
