# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions of the role hasura_release. PRIVATE to the collection."""

from __future__ import annotations

import re

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import HasuraClient
from ansible_collections.webops.paas.plugins.module_utils._hasura.trust import check_trusted
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import (
    Release,
    has_changed,
    has_failed,
    is_predicted,
    text,
)

TRUSTED_HOSTS = "hasura_release_trusted_hosts"
ENV_CHANGES = ("added", "changed", "removed")
DEFAULT_SMOKE = {"query": "{ __typename }", "variables": {}, "headers": {}, "json": {}, "as_admin": True}


def changed_names(result: JsonObject) -> list[str]:
    """The names of the variables that a result of webops.paas.hasura_env_vars lists as changed."""
    env_vars = result.get("env_vars") or {}
    return [name for kind in ENV_CHANGES for name in env_vars.get(kind) or ()]


def label(step: JsonObject) -> str:
    """The name of a migration in the report."""
    return f"{step['source']}/{step['version']}_{step['name']}"


class HasuraRelease(Release):
    """A release of environment variables, migrations and metadata. A rollback restores variables and metadata from
    backups, and rolls back the migrations that have a down.sql.
    """

    def __init__(self, results: JsonObject, options: JsonObject) -> None:
        super().__init__(results, options)
        if options.get("trusted_hosts"):
            self.connection["trusted_hosts"] = options["trusted_hosts"]
        self.env = self.result("env")
        self.migrations = self.result("migrations")
        self.metadata = self.result("metadata")
        self.verified = self.result("verified")
        self.env_restored = self.result("env_restored")
        self.metadata_restored = self.result("metadata_restored")
        self.verified_again = self.result("verified_again")
        self.tenant: JsonObject = self.result("tenant").get("tenant") or {}
        # Empty while the tenant is only predicted.
        self.tenant_id = text(self.tenant.get("id"))
        self.endpoint = text(self.tenant.get("endpoint"))
        self.is_new_tenant = has_changed(self.result("tenant"))
        # The migrations that this release applied, also if a later one failed.
        self.steps: list[JsonObject] = (self.migrations.get("migrations") or {}).get("steps") or []
        self.is_new = self.is_new_tenant or has_changed(self.env) or has_changed(self.metadata) or bool(self.steps)
        self.is_predicted = is_predicted(self.result("tenant"), self.env, self.migrations, self.metadata)
        self.directory = text(self.result("directory").get("path"))

    @property
    def env_vars(self) -> JsonObject:
        """The database's URL is a variable like any other, once there is a tenant: a new one is created with it."""
        url = self.option("database_url") if self.tenant_id else ""
        database = {self.option("database_url_env"): url} if url else {}
        return {**database, **(self.options.get("env_vars") or {})}

    @property
    def declares_env(self) -> bool:
        return bool(self.env_vars or self.options.get("env_absent") or self.is_on("env_purge"))

    @property
    def declares_metadata(self) -> bool:
        return bool(self.options.get("metadata") or self.options.get("metadata_src"))

    @property
    def refusal(self) -> str:
        """Why nothing can be released, empty when there is no reason."""
        if self.options.get("metadata") and self.options.get("metadata_src"):
            return "hasura_release_metadata and hasura_release_metadata_src are mutually exclusive."
        for smoke in self.smokes:
            query = re.sub("#.*", "", text(smoke["query"]))
            if re.search(r"(^|[}])[\s,]*(mutation|subscription)\b", query):
                return "the smoke query must be a query, because it may be sent several times, also in check mode."
        if self.sends_credential and not self.credential:
            return (
                "the smoke query requires hasura_release_admin_secret or hasura_release_token (or "
                "HASURA_GRAPHQL_ADMIN_SECRET or HASURA_CLOUD_ACCESS_TOKEN in the environment); module_defaults do "
                "not apply to it. To send it without a credential, set as_admin: false."
            )
        return ""

    @property
    def distrust(self) -> str:
        """Why the smoke query's credential must not be sent to the tenant, empty when there is no reason."""
        api_url = text(
            self.options.get("api_url") or self.results.get("environment_api_url") or HasuraClient.DEFAULT_URL
        )
        try:
            if self.endpoint and self.sends_credential:
                check_trusted(self.endpoint, api_url, self.connection.get("trusted_hosts", ()), TRUSTED_HOSTS)
        except PaasError as error:
            return (
                f"{error.message} For a tenant on this machine, set hasura_release_api_url; module_defaults do not "
                "apply to the smoke query. To send it without a credential, set as_admin: false."
            )
        return ""

    @property
    def smokes(self) -> list[JsonObject]:
        return [self.smoke("smoke"), self.smoke("rollback_smoke")]

    @property
    def sends_credential(self) -> bool:
        return any(smoke["as_admin"] for smoke in self.smokes)

    def smoke(self, option: str) -> JsonObject:
        smoke = {**DEFAULT_SMOKE, **(self.options.get(option) or {})}
        return {**smoke, "as_admin": bool(boolean(smoke["as_admin"], strict=False))}

    @property
    def credential(self) -> JsonObject:
        """The header with the credential that the modules choose, empty without any."""
        admin_secret = text(self.options.get("admin_secret") or self.results.get("environment_admin_secret") or "")
        token = text(self.options.get("token") or self.results.get("environment_token") or "").strip()
        if admin_secret:
            return {"X-Hasura-Admin-Secret": admin_secret}
        return {"Authorization": f"pat {token}"} if token else {}

    def urls(self, option: str) -> list[JsonObject]:
        """Checks that the tenant is healthy, and that it returns data for the query: GraphQL fails with status 200."""
        smoke = self.smoke(option)
        return [
            {"url": re.sub("/v1/graphql/?$", "", self.endpoint) + "/healthz", "matches": ["^OK"]},
            {
                "url": self.endpoint,
                "method": "POST",
                "headers": {**(self.credential if smoke["as_admin"] else {}), **smoke["headers"]},
                "body": {"query": smoke["query"], "variables": smoke["variables"]},
                "json": {"errors": None, **smoke["json"]},
                "contains": ['"data"'],
            },
        ]

    @property
    def live_checked(self) -> JsonObject:
        """The checks of the current state: those after a rollback, or else those before."""
        if "checks" in self.verified_again:
            return self.verified_again
        return {} if self.put_back else self.verified

    @property
    def env_names(self) -> JsonObject:
        """Names of variables by kind of change."""
        env_vars = self.env.get("env_vars") or {}
        return {kind: env_vars.get(kind) or [] for kind in ENV_CHANGES}

    @property
    def metadata_changes(self) -> list[str]:
        return list((self.metadata.get("metadata") or {}).get("changes") or ())

    @property
    def env_backup(self) -> str:
        return f"{self.directory}/env_vars.json" if self.directory else ""

    @property
    def metadata_backup(self) -> str:
        return f"{self.directory}/metadata.json" if self.directory else ""

    @property
    def backups(self) -> list[str]:
        """The existing backups of what was to be changed."""
        return [file["path"] for file in self.result("backups").get("files") or ()]

    @property
    def env_is_superseded(self) -> bool:
        """Whether somebody else changed a variable of this release afterwards; then none is restored."""
        released = {name for names in self.env_names.values() for name in names}
        return not released.isdisjoint(changed_names(self.result("env_meanwhile")))

    @property
    def metadata_is_superseded(self) -> bool:
        return bool((self.result("metadata_meanwhile").get("metadata") or {}).get("changes"))

    @property
    def undo(self) -> list[str]:
        """The migrations to roll back, as SOURCE/VERSION: the last ones of each source that all have a down.sql."""
        found: list[str] = []
        kept: set[str] = set()
        for step in reversed(self.steps if self.is_on("migrations_rollback") else []):
            if not step["can_undo"]:
                kept.add(step["source"])
            elif step["source"] not in kept:
                found.append(f"{step['source']}/{step['version']}")
        return found

    @property
    def migrations_are_superseded(self) -> bool:
        """Whether somebody else applied a later migration, which may need those of this release."""
        return (self.result("migrations_undone").get("error") or {}).get("code") == "conflict"

    @property
    def undone(self) -> list[str]:
        """Migrations that were rolled back, also if a later rollback failed."""
        return [label(step) for step in (self.result("migrations_undone").get("migrations") or {}).get("steps") or ()]

    @property
    def migrations_left(self) -> list[str]:
        """Migrations of a failed release that stay applied."""
        return [label(step) for step in self.steps if label(step) not in self.undone] if self.failure else []

    @property
    def left_alone(self) -> list[str]:
        return (
            ["the environment variables"] * self.env_is_superseded
            + ["the migrations"] * self.migrations_are_superseded
            + ["the metadata"] * self.metadata_is_superseded
        )

    @property
    def env_is_back(self) -> bool:
        """A failed restore can have restored all variables, with only a worker that does not have them yet."""
        left = self.result("env_left")
        return not has_failed(self.env_restored) or ("env_vars" in left and not changed_names(left))

    @property
    def env_put_back(self) -> list[str]:
        return sorted(changed_names(self.result("env_to_restore"))) if self.env_is_back else []

    @property
    def metadata_put_back(self) -> bool:
        return has_changed(self.metadata_restored) and not has_failed(self.metadata_restored)

    @property
    def put_back(self) -> list[str]:
        return self.env_put_back + ["metadata"] * self.metadata_put_back + self.undone

    @property
    def restore_failures(self) -> list[str]:
        results = [] if self.env_is_back else [self.env_restored]
        if has_failed(self.metadata_restored):
            results.append(self.metadata_restored)
        if has_failed(self.result("migrations_undone")) and not self.migrations_are_superseded:
            results.append(self.result("migrations_undone"))
        return [text(result.get("msg")) for result in results]

    def decisions(self) -> JsonObject:
        return {
            "refusal": self.refusal,
            "distrust": self.distrust,
            "tenant_id": self.tenant_id,
            "env_vars": self.env_vars,
            "sends_env": self.declares_env,
            "sends_migrations": bool(self.options.get("migrations_src")),
            "sends_metadata": self.declares_metadata,
            "checks_tenant": not self.is_predicted and (self.is_new or self.is_on("verify_unchanged")),
            "env_backup": self.env_backup,
            "metadata_backup": self.metadata_backup,
            "restores_env": self.env_backup in self.backups and not self.env_is_superseded,
            "restores_metadata": self.metadata_backup in self.backups and not self.metadata_is_superseded,
            "undo": self.undo,
            "undoes_migrations": bool(self.undo) and not self.metadata_is_superseded,
            "checks_again": bool(self.backups or self.undone) and not self.restore_failures,
            "urls": self.urls("smoke"),
            "rollback_urls": self.urls("rollback_smoke"),
            "succeeds": not self.failure and not has_failed(self.result("removed")),
        }
