# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants of Hasura Cloud: creation, which takes several requests and must not create two, renaming and deletion.

PRIVATE to the collection.

createTenant ignores the name (graphql-engine 9732): the project has a name such as honest-mutt-59 until it is renamed.
A run that ends in between would leave a project that no later run can identify. So the name is also sent in an
environment variable, C(MARK). A later run finds the project by it, renames it, and removes the mark.

On the plan cloud_free_v2 createTenant returns an error if it gets variables, but creates the project (graphql-engine
9731); on the API of 2020 it does not accept variables. There they are sent in a separate request. A project of a run
that ended before that request cannot be identified: instead of creating a second project, the task fails and names the
candidates.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import (
    check_names,
    declared,
    secrets,
)
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, first_of, wait_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import (
    check_deletable,
    listed,
    not_found,
    only,
    required,
    tenant_view,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura.env import (
    Changes,
    Env,
    EnvClient,
    change_env,
    check_settable,
    read_env,
    wait_for_workers,
)
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor

CREATE_ARGUMENTS = {
    "cloud": "String!",
    "region": "String!",
    "name": "String",
    "plan": "String",
    "envs": "[UpdateEnvsObject]",
    "databaseUrl": "String",
}
MARK = "WEBOPS_PAAS_CREATED_AS"
# Key in the state of a tenant that has the mark.
IS_MARKED = "is_marked"
# Names that Hasura Cloud generates end in a number; only such projects are checked for the mark.
GIVEN_NAME = re.compile(r".*-\d+")
NO_VARIABLES_AT_CREATION = frozenset({"cloud_free_v2"})
NOT_ALLOWED = frozenset({"forbidden", "not_found", "unauthorized"})
# Maximum age of a project without a mark that an interrupted run may have left, in seconds.
MAY_BE_LEFT_OVER = 86400
# Message of a createTenant that does not have an argument; nothing is created then.
UNKNOWN_ARGUMENT = re.compile(r"""no argument named|UpdateEnvsObject""")


class TenantClient(EnvClient):
    def create_tenant(self, **arguments: Any) -> str:
        """arguments: those of CREATE_ARGUMENTS that are not None. Returns the tenant's ID.

        The name is ignored (graphql-engine 9732), and a refusal can create a tenant nevertheless (graphql-engine 9731).
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        variables = ", ".join(f"${name}: {CREATE_ARGUMENTS[name]}" for name in given)
        values = ", ".join(f"{name}: ${name}" for name in given)
        tenant_id: str = self.written(
            "createTenant", f"mutation createTenant({variables}) {{ createTenant({values}) {{ id name }} }}", given
        )["id"]
        return tenant_id

    def update_tenant_name(self, tenant_id: str, name: str) -> JsonObject:
        """Slug, host name and endpoint change with it. Returns the tenant."""
        answer = self.with_columns(
            lambda columns: self.mutate(
                "updateTenantName",
                "mutation updateTenantName($id: uuid!, $name: String!) { updateTenantName(tenantId: $id, name: $name) "
                f"{{ tenant {{ {columns} }} }} }}",
                {"id": tenant_id, "name": name},
                idempotent=True,
            )
        )
        return required("updateTenantName", (answer or {}).get("tenant"))

    def change_plan(self, tenant: JsonObject, plan: str) -> JsonObject:
        """Returns the tenant as it is afterwards. The fields of the response are unknown, so the plan is read again."""
        self.mutate(
            "changePlan",
            "mutation changePlan($id: uuid!, $plan: Plan!) { changePlan(projectId: $id, plan: $plan) { __typename } }",
            {"id": tenant["project"]["id"], "plan": plan},
            idempotent=True,
        )
        return self.tenant_by_pk(tenant["id"]) or tenant

    def delete_tenant(self, tenant_id: str) -> None:
        """A tenant that no longer exists counts as deleted."""
        try:
            self.mutate(
                "deleteTenant",
                "mutation deleteTenant($id: uuid!) { deleteTenant(tenantId: $id) { status } }",
                {"id": tenant_id},
                idempotent=True,
            )
        except ApiError as error:
            # A retry after a lost response does not find the deleted tenant.
            if error.status != 200 or self.tenant_by_pk(tenant_id) is not None:
                raise

    def find_to_rename(self, slug: str, name: str | None) -> JsonObject | None:
        """The tenant with the slug, else the one with the new name, because renaming changes the slug."""
        where = [{"slug": {"_eq": slug}}, *([{"project": {"name": {"_eq": name}}}] if name else [])]
        found = self.tenants({"_or": where})
        return only([tenant for tenant in found if tenant["slug"] == slug] or found, f"slug {slug}")

    def regions(self) -> list[JsonObject]:
        """Regions for tenants: those with an address from which databases are reached, {cloud, name, nat_ip}."""
        return self.rows(
            "region",
            "query region { region(where: {is_active: {_eq: true}, nat_ip: {_is_null: false}}) { cloud name nat_ip } }",
        )


def wait_until_gone(client: TenantClient, tenant_id: str, patience: Patience) -> None:
    wait_until(
        lambda: client.tenant_by_pk(tenant_id),
        lambda tenant: tenant is None,
        patience,
        what=f"The deletion of the tenant {tenant_id}",
        show=lambda tenant: "not deleted yet",
    )


def rename(client: TenantClient, tenant: JsonObject, name: str) -> JsonObject:
    """Returns the renamed tenant."""
    try:
        return client.update_tenant_name(tenant["id"], name)
    except ApiError as error:
        if error.code == "conflict":
            error.details["code"] = "name_taken"
            error.message += (
                f" The name {name} belongs to another project, perhaps of another account, or did so a moment ago. "
                f"The tenant {tenant['id']} keeps the name {tenant_view(tenant)['name']}. To give it another name, "
                "set `tenant_id` and `name`."
            )
        raise


def name_new(client: TenantClient, tenant: JsonObject, name: str, clock: Clock) -> tuple[JsonObject, bool]:
    """Names a tenant that this run has created: (the tenant, True).

    Of two runs the first is the one that gives the name to its tenant, since Hasura Cloud refuses it for the other one,
    which deletes its own: (the other tenant, False).
    """
    if tenant_view(tenant)["name"] == name:
        return tenant, True
    try:
        return rename(client, tenant, name), True
    except ApiError as error:
        other = client.find_tenant(name=name) if error.code == "name_taken" else None
        if other is None:
            raise
        return first_of(tenant, lambda: [other, tenant], lambda own: client.delete_tenant(own["id"]), clock)


def wait_until_known(client: TenantClient, tenant_id: str, patience: Patience) -> JsonObject:
    """The tenant with that ID, which was created a moment ago."""
    tenant = wait_until(
        lambda: client.tenant_by_pk(tenant_id),
        lambda tenant: tenant is not None,
        patience,
        what=f"The creation of the tenant {tenant_id}",
        show=lambda tenant: "not listed yet",
    )
    return tenant or {}


def take_mark_away(
    client: TenantClient, tenant_id: str, clock: Clock, warn: Callable[[str], None], patience: Patience | None
) -> None:
    """Called when the tenant has its name. patience: to wait for the workers too, as a later change of variables only
    tells them from those that have the variables before that change.

    A failure only causes a warning: the tenant is as declared, and the mark is harmless.
    """
    try:
        before = read_env(client, tenant_id)
        if MARK not in before.values:
            return
        after = change_env(
            client, tenant_id, before, lambda env: Changes(remove=[MARK] if MARK in env.values else []), clock
        )
    except ApiError as error:
        warn(
            f"The temporary variable {MARK} could not be removed from the new tenant. Remove it with `absent` of "
            f"webops.paas.hasura_env_vars. {error.message}"
        )
        return
    if patience is not None:
        wait_for_workers(client, tenant_id, {before.hash, *after.replaced}, patience)


@dataclass(frozen=True)
class NewTenant:
    """The declared tenant, from the options name, cloud, region, plan, env_vars and those that begin with database_url.

    variables: {name: text} of env_vars. database_url_as: auto, env or argument.
    """

    name: str | None
    cloud: str | None
    region: str | None
    plan: str | None
    variables: dict[str, str]
    database_url: str | None
    database_env: str
    database_url_as: str

    @classmethod
    def of(cls, params: JsonObject, warn: Callable[[str], None]) -> NewTenant:
        return cls(
            name=params["name"],
            cloud=params["cloud"],
            region=params["region"],
            plan=params["plan"],
            variables=declared("env_vars", params["env_vars"], warn),
            database_url=params["database_url"],
            database_env=params["database_url_env"],
            database_url_as=params["database_url_as"],
        )

    def check(self, redactor: Redactor) -> None:
        """Raises InvalidInput. redactor: learns the secrets."""
        check_settable("env_vars", self.variables)
        check_names("database_url_env", [self.database_env])
        if self.database_url is not None and self.database_env in self.variables:
            raise InvalidInput(
                "env_vars", f"`env_vars` must not have {self.database_env}, because `database_url` sets it."
            )
        try:
            password = urlsplit(self.database_url or "").password
        except ValueError:
            raise InvalidInput(
                "database_url",
                "`database_url` must be a URL such as postgres://user:password@db.example.com:5432/name.",
            ) from None
        redactor.add_quoted(*secrets(self.variables.values()), unquote(password or ""))


def find_declared(client: TenantClient, params: JsonObject) -> JsonObject | None:
    """The tenant that the options select, None if no tenant has the name.

    Raises PaasError if state=absent selects a tenant that cannot be deleted, or if the ID or slug does not exist.
    """
    tenant_id, slug, name = (params[option] for option in ("tenant_id", "slug", "name"))
    if slug is not None:
        tenant = client.find_to_rename(slug, name)
    else:
        tenant = client.find_tenant(**({"name": name} if tenant_id is None else {"tenant_id": tenant_id}))
    if tenant is not None and params["state"] == "absent":
        check_deletable(tenant)
    if tenant is None and params["state"] == "present" and (tenant_id or slug):
        raise not_found(tenant_id=tenant_id, slug=slug)
    return tenant


class Creation:
    """One creation, which first looks for a tenant that an earlier run or a lost request has created.

    It keeps what it read and sent, because tenants without a name of their own cannot be identified otherwise.
    """

    def __init__(self, client: TenantClient, new: NewTenant, clock: Clock) -> None:
        self.client = client
        self.new = new
        self.clock = clock
        self._is_old_api = new.database_url_as == "argument"
        # IDs of the tenants that existed before this run sent createTenant, None before it is sent.
        self._before: frozenset[str] | None = None
        self._unmarked: list[JsonObject] = []
        # Whether the variables must still be sent.
        self.is_unequipped = False

    def look_up(self) -> JsonObject | None:
        """The tenant that this run, or an interrupted one, created but did not rename yet.

        A tenant with the mark also has the key IS_MARKED. Raises PaasError if none could be created.
        """
        name = self.new.name
        if not (self.new.cloud and self.new.region):
            raise PaasError(
                f"The project {name} does not exist. To create it, set `cloud` and `region`.",
                code="no_place",
                option="region",
            )
        candidates = [tenant for tenant in self.client.tenants() if self._is_candidate(tenant)]
        marks = {tenant["id"]: self._mark(tenant["id"]) for tenant in candidates}
        marked = only(
            [tenant for tenant in candidates if marks[tenant["id"]] == name],
            f"the name {name} in their variable {MARK}",
        )
        self._unmarked = [tenant for tenant in candidates if marks[tenant["id"]] is None]
        if marked is not None:
            self.is_unequipped = False
            return {**marked, IS_MARKED: True}
        if self._before is None:
            return None
        return only(
            [tenant for tenant in self._unmarked if tenant["id"] not in self._before],
            f"the request to create {name}, whose response was lost",
        )

    def send(self) -> str:
        """createTenant. Returns the tenant's ID."""
        variables = self._all_variables()
        self._before = frozenset(tenant["id"] for tenant in self._unmarked)
        if self._is_old_api:
            return self._send_to_old_api()
        place: JsonObject = {name: getattr(self.new, name) for name in ("cloud", "region", "name", "plan")}
        self.is_unequipped = self.new.plan in NO_VARIABLES_AT_CREATION
        if self.is_unequipped:
            self._refuse_left_overs()
        else:
            marked = {**variables, MARK: str(self.new.name)}
            place["envs"] = [{"key": name, "value": text} for name, text in sorted(marked.items())]
        try:
            return self.client.create_tenant(**place)
        except ApiError as error:
            if not (
                self.new.database_url_as != "env"
                and error.platform_code == "validation-failed"
                and UNKNOWN_ARGUMENT.search(error.message)
            ):
                raise
            self._is_old_api = True
            return self._send_to_old_api()

    def _send_to_old_api(self) -> str:
        if self.new.plan is not None:
            raise PaasError(
                "`plan` is not supported by this version of the API, whose createTenant has no arguments for the "
                "plan or variables.",
                code="no_plan",
                option="plan",
            )
        self.is_unequipped = True
        self._refuse_left_overs()
        return self.client.create_tenant(
            cloud=self.new.cloud, region=self.new.region, databaseUrl=self.new.database_url
        )

    def equip(self, tenant_id: str) -> None:
        """Sends the variables that createTenant did not accept, including the mark."""
        wanted = {**self._all_variables(), MARK: str(self.new.name)}
        change_env(
            self.client,
            tenant_id,
            read_env(self.client, tenant_id),
            lambda env: Changes(
                {name: text for name, text in env.spelled(wanted).items() if env.texts.get(name) != text}
            ),
            self.clock,
        )
        self.is_unequipped = False

    def _all_variables(self) -> dict[str, str]:
        new = self.new
        database = {new.database_env: new.database_url} if new.database_url and not self._is_old_api else {}
        return {**database, **new.variables}

    def _is_candidate(self, tenant: JsonObject) -> bool:
        view = tenant_view(tenant)
        return (
            bool(GIVEN_NAME.fullmatch(view["name"] or ""))
            and view["cloud"] in (None, self.new.cloud)
            and view["region"] in (None, self.new.region)
        )

    def _mark(self, tenant_id: str) -> str | None:
        try:
            answer = self.client.get_tenant_env(tenant_id)
        except ApiError as error:
            # A project whose variables this token cannot read was not created with it. Other failures may hide the
            # mark.
            if error.code not in NOT_ALLOWED:
                raise
            answer = None
        return Env.of(answer).texts.get(MARK) if answer else None

    def _refuse_left_overs(self) -> None:
        name = self.new.name
        since = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.clock.now() - MAY_BE_LEFT_OVER))
        young = [tenant for tenant in self._unmarked if (tenant.get("created_at") or since) >= since]
        if young:
            raise PaasError(
                f"The project {name} does not exist, but an interrupted run may have created these tenants, which "
                f"have no name of their own and are less than a day old: {listed(young)}. If one of them is yours, "
                f"set its `tenant_id` with `name: {name}`, or delete it. Otherwise run the task again when it has a "
                "name or is a day old.",
                code="unfinished_creation",
            )
