# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment variables of a Hasura Cloud tenant: how the platform stores them, and how to change them.

PRIVATE to the collection.

The platform's lock is a hash: a write has the hash that was read, and is refused after a write of somebody else. So
after a failed write the variables are read again, and only the remaining changes are sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import text_of
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until, write_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import (
    HasuraClient,
    not_found,
    tenant_view,
    uneven_pause,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura.backups import Backup
from ansible_collections.webops.paas.plugins.module_utils._hasura.endpoint import wait_until_up

ADMIN_SECRET = "HASURA_GRAPHQL_ADMIN_SECRET"
# Managed by Hasura Cloud, which refuses to have it set (its documentation of projects).
NOT_SETTABLE = "HASURA_GRAPHQL_METADATA_DATABASE_URL"
# This key has the user's own variables; Hasura's settings are next to it.
OWN_VARIABLES = "environment"
# Message of a worker that has applied a configuration, as Hasura's console expects it.
CONFIGURED = "Service configured successfully"

# Statuses and codes of failures that a retry cannot solve.
FINAL_STATUS = (401, 403, 429)
FINAL_CODES = ("deadline", "cancelled", "foreign_redirect", "redirect", "redirect_loop")
UNSEEN_STATUS = re.compile(r"""field ["']config_status["'] not found in type""")


class EnvClient(HasuraClient):
    def get_tenant_env(self, tenant_id: str) -> JsonObject | None:
        """{"hash", "envVars"}, with values in plain text; None when the tenant does not exist or the token has no
        access to it.
        """
        return self.row(
            "getTenantEnv",
            "query getTenantEnv($id: uuid!) { getTenantEnv(tenantId: $id) { hash envVars } }",
            {"id": tenant_id},
        )

    def update_tenant_env(self, tenant_id: str, current_hash: str, values: dict[str, str]) -> JsonObject:
        """Adds and replaces variables; others stay.

        Refused if the hash is not the current one, or if nothing would change.
        """
        envs = [{"key": name, "value": text} for name, text in sorted(values.items())]
        return self.written(
            "updateTenantEnv",
            "mutation updateTenantEnv($id: uuid!, $hash: String!, $envs: [UpdateEnvObject!]!) "
            "{ updateTenantEnv(tenantId: $id, currentHash: $hash, envs: $envs) { hash envVars } }",
            {"id": tenant_id, "hash": current_hash, "envs": envs},
        )

    def delete_tenant_env(self, tenant_id: str, current_hash: str, names: list[str]) -> JsonObject:
        """names: of existing variables."""
        return self.written(
            "deleteTenantEnv",
            "mutation deleteTenantEnv($id: uuid!, $hash: String!, $names: [String!]!) "
            "{ deleteTenantEnv(tenantId: $id, currentHash: $hash, deleteEnvs: $names) { hash envVars } }",
            {"id": tenant_id, "hash": current_hash, "names": names},
        )

    def config_status(self, tenant_id: str) -> list[JsonObject] | None:
        """A row {hash, message} for each live worker: which variables it has, and whether it applied them.

        None if the token has no access to this table, which only the console is known to use.
        """
        try:
            return self.rows(
                "config_status",
                "query config_status($id: uuid!) "
                "{ config_status(where: {tenant_id: {_eq: $id}, is_active: {_eq: true}, "
                'worker_state: {_eq: "live"}}) { hash message } }',
                {"id": tenant_id},
            )
        except ApiError as error:
            if UNSEEN_STATUS.search(error.message):
                return None
            raise


@dataclass(frozen=True)
class Env:
    """hash: the lock.

    values: {name: value of the platform}: known settings can be booleans, numbers or objects. replaced: hashes that the
    writes of one change had in between.
    """

    hash: str
    values: JsonObject
    replaced: frozenset[str] = frozenset()

    @classmethod
    def of(cls, answer: JsonObject) -> Env:
        known = {name: value for name, value in answer["envVars"].items() if name != OWN_VARIABLES}
        return cls(answer["hash"], {**known, **(answer["envVars"].get(OWN_VARIABLES) or {})})

    @property
    def texts(self) -> dict[str, str]:
        return {name: text_of(value) for name, value in self.values.items()}

    def spelled(self, wanted: dict[str, str]) -> dict[str, str]:
        """wanted, {name: text}, in the spelling of the platform if the meaning is the same: {"a": 1} for {"a":1}."""
        return {name: spelled(self.values.get(name), text) for name, text in wanted.items()}


@dataclass(frozen=True)
class Changes:
    """set: {name: text} of new and changed variables. remove: names of existing variables."""

    set: dict[str, str] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.set or self.remove)


def spelled(value: Any, text: str) -> str:
    """text, in the spelling of the platform if it means the same as the platform's value."""
    if value is None or isinstance(value, str):
        return text
    try:
        return text_of(value) if text_of(json.loads(text)) == text_of(value) else text
    except (ValueError, RecursionError):
        return text


def read_env(client: EnvClient, tenant_id: str) -> Env:
    answer = client.get_tenant_env(tenant_id)
    if answer is None:
        raise not_found(tenant_id=tenant_id)
    return Env.of(answer)


def check_settable(option: str, names: Iterable[str]) -> None:
    if NOT_SETTABLE in names:
        raise InvalidInput(
            option,
            f"`{option}` must not have {NOT_SETTABLE}: Hasura Cloud manages it, and it cannot be set or deleted.",
        )


def change_env(
    client: EnvClient,
    tenant_id: str,
    env: Env,
    decide: Callable[[Env], Changes],
    clock: Clock,
    before_write: Callable[[Env, Changes], None] = lambda env, changes: None,
) -> Env:
    """Writes until decide(env) returns no changes, and returns the final variables.

    env: as it was read last. before_write(env, changes) is called before each attempt.
    """

    def due(state: tuple[Env, bool]) -> Any:
        now, is_done = state
        changes = decide(now)
        # Includes the hash: changes that were refused because of another write are due again.
        return (now.hash, changes) if changes and not is_done else None

    def write(state: tuple[Env, bool], work: Any) -> tuple[Env, bool]:
        now, changes = state[0], work[1]
        before_write(now, changes)
        replaced = {now.hash}
        if changes.set:
            now = Env.of(client.update_tenant_env(tenant_id, now.hash, changes.set))
        if changes.remove:
            replaced.add(now.hash)
            now = Env.of(client.delete_tenant_env(tenant_id, now.hash, changes.remove))
        return replace(now, replaced=frozenset(replaced)), True

    def read() -> tuple[Env, bool]:
        return read_env(client, tenant_id), False

    try:
        return write_until((env, False), due, write, read, clock, is_final=_is_final, pause=uneven_pause(clock))[0]
    except ApiError as error:
        if error.status == 200:
            error.message += client.explanation(tenant_id)
        raise


def _is_final(error: ApiError) -> bool:
    """Whether it is a failure that a retry cannot solve."""
    return error.status in FINAL_STATUS or error.code in FINAL_CODES


def wait_until_taken(
    client: EnvClient, tenant_id: str, outdated: Collection[str], patience: Patience, warn: Callable[[str], None]
) -> None:
    """Waits for the workers, see wait_for_workers, and after a change until the tenant is up again."""
    wait_for_workers(client, tenant_id, outdated, patience)
    if outdated:
        wait_until_up(client, tenant_view(client.require_tenant(tenant_id=tenant_id)), patience, warn)


def wait_for_workers(client: EnvClient, tenant_id: str, outdated: Collection[str], patience: Patience) -> None:
    """Waits until all live workers have applied a configuration whose hash is not outdated; returns at once if the
    token cannot read the workers.

    outdated: empty if nothing was changed; then no worker is required.
    """

    def done(rows: list[JsonObject] | None) -> bool:
        if rows is None:
            return True
        if not rows and outdated:
            tenant = client.tenant_by_pk(tenant_id)
            if tenant is not None and tenant.get("active") is False:
                raise WaitFailed(
                    "The environment variables are set, but the tenant has no worker to apply them. To not wait for "
                    "workers, set `wait: false`.",
                    code="not_active",
                )
        return all(row["message"] == CONFIGURED and row["hash"] not in outdated for row in rows) and bool(
            rows or not outdated
        )

    def show(found: list[JsonObject] | None) -> str:
        rows = found or []
        waiting = sum(row["message"] != CONFIGURED or row["hash"] in outdated for row in rows)
        messages = client.http.redactor.clean_quote(sorted({row["message"] for row in rows} - {CONFIGURED}))
        return f"{waiting} of {counted(len(rows), 'worker')} without the new variables" + (
            f" ({'; '.join(messages)})" if messages else ""
        )

    try:
        wait_until(
            lambda: client.config_status(tenant_id),
            done,
            patience,
            what="The update of the tenant's workers with the environment variables",
            show=show,
        )
    except WaitFailed as failure:
        failure.details["operation"] = "config_status"
        failure.message += client.explanation(tenant_id)
        raise


class EnvBackup(Backup):
    """The file: {"tenant_id", "values": {name: text that was replaced or removed}, "absent": [names that did not
    exist]}.
    """

    WHAT = "environment variables"

    def __init__(self, params: JsonObject, tenant_id: str, restored: JsonObject | None = None) -> None:
        super().__init__(params, tenant_id, restored)
        self._values: dict[str, str | None] = {}

    @staticmethod
    def is_whole(kept: JsonObject) -> bool:
        return _is_texts(kept.get("values")) and _is_names(kept.get("absent"))

    def write(self, env: Env, changes: Changes) -> None:
        """Called before the write, and again if another write came in between."""
        texts = env.texts
        self._values.update({name: texts.get(name) for name in (*changes.set, *changes.remove)})
        first = self.earlier or {"values": {}, "absent": []}
        new = {name: text for name, text in self._values.items() if name not in (*first["values"], *first["absent"])}
        values = {name: text for name, text in new.items() if text is not None}
        absent = new.keys() - values.keys()
        self.keep({"values": {**values, **first["values"]}, "absent": sorted(absent | set(first["absent"]))})


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
