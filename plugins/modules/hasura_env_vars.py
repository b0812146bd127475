#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_env_vars
version_added: 0.1.0
short_description: Set and remove environment variables of a Hasura Cloud tenant
description:
  - Sets and removes environment variables of a tenant. Variables that are not declared are kept, unless O(purge=true).
    Only differences are sent.
  - B(Preview:) Hasura does not document the requests that remove variables and that check whether the workers use the
    new ones. They are known from Hasura's console and from other clients.
  - Hasura Cloud rejects a change if another writer changed the variables first, which it detects by their hash. The
    module then reads the variables again and sends the remaining differences, up to five times. Two writers that
    declare different variables therefore do not lose changes.
  - After a change, the module waits until all workers of the tenant use the new variables and its C(/healthz) responds.
    If the token cannot access the workers, it waits for C(/healthz) only. If nothing was changed, it checks the workers
    once, because an earlier run may have stopped waiting.
  - Values are never shown, neither in results nor in diffs.
  - A converged run sends two requests, or three with O(name) or O(slug). With O(wait=false), it sends one request less.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.hasura.tenant
  - webops.paas.connection
  - webops.paas.quoting
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_hasura
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows names only.
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  env_vars:
    description:
      - Names and values of the variables to set. A dictionary, such as a JWT secret, is sent as compact JSON.
      - Hasura Cloud stores some settings as booleans or objects. Their values are compared by meaning.
    type: dict
  absent:
    description:
      - Names of the variables to remove.
    type: list
    elements: str
  purge:
    description:
      - Whether to remove all variables that are not declared.
      - E(HASURA_GRAPHQL_ADMIN_SECRET) is kept, because without it everybody has full access to the tenant. To remove
        it, list it in O(absent). E(HASURA_GRAPHQL_METADATA_DATABASE_URL) belongs to Hasura Cloud and is always kept.
    type: bool
    default: false
  protect:
    description:
      - Names of additional variables that O(purge) keeps.
    type: list
    elements: str
  backup_path:
    description:
      - Path of a file on the host where the module runs. The module writes to it the values that it is about to replace
        or remove, and the names that it is about to add. Only its owner can read the file. It is written before
        anything is sent. Check mode does not write it.
      - Entries that the file already has are kept, so that after an interrupted run the file has the values from before
        the first run. Delete the file when the release is finished. The task fails if the file belongs to another
        tenant.
      - Tasks of one tenant can share the file, also at the same time. They wait for each other with a lock file beside
        it, which has the suffix C(.lock) and is kept.
    type: path
  restore_from:
    description:
      - Path of a file that O(backup_path) wrote. The variables in it are restored; other variables are kept. The file
        is kept.
      - Mutually exclusive with O(env_vars), O(absent) and O(purge=true).
    type: path
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant
  - module: webops.paas.hasura_metadata
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_env_vars -a '{"name": "hello-hasura", "absent": ["OLD_ACTIONS_ENDPOINT"]}'

- name: Set the variables of the shop
  webops.paas.hasura_env_vars:
    name: hello-hasura
    env_vars:
      HASURA_GRAPHQL_ENABLE_CONSOLE: "false"
      HASURA_GRAPHQL_JWT_SECRET:
        type: HS256
        key: "{{ vault_jwt_key | default('an example of 32 characters, no more') }}"
      ACTIONS_ENDPOINT: https://actions.example.com
    absent:
      - OLD_ACTIONS_ENDPOINT
    backup_path: "{{ playbook_dir }}/before.json"

- name: Show which variables a purge would remove
  webops.paas.hasura_env_vars:
    name: hello-hasura
    env_vars:
      ACTIONS_ENDPOINT: https://actions.example.com
    purge: true
    protect:
      - HASURA_GRAPHQL_JWT_SECRET
  check_mode: true
  diff: true
  register: prediction

- name: Restore the variables from the backup
  webops.paas.hasura_env_vars:
    name: hello-hasura
    restore_from: "{{ playbook_dir }}/before.json"
"""

RETURN = r"""
env_vars:
  description:
    - Names of the variables that were set and removed. In check mode, the predicted changes. Values are never returned.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    added:
      description: Names of the variables that did not exist before.
      type: list
      elements: str
      sample: [ACTIONS_ENDPOINT]
    changed:
      description: Names of the variables that had another value before.
      type: list
      elements: str
      sample: [HASURA_GRAPHQL_ENABLE_CONSOLE]
    removed:
      description: Names of the variables that were removed.
      type: list
      elements: str
      sample: [OLD_ACTIONS_ENDPOINT]
    names:
      description: Names of all variables after the task.
      type: list
      elements: str
      sample: [ACTIONS_ENDPOINT, HASURA_GRAPHQL_ADMIN_SECRET, HASURA_GRAPHQL_ENABLE_CONSOLE]
    hash:
      description: Hash of all variables, computed by Hasura Cloud.
      type: str
      sample: 6902a395d70072fbf8d36288f0eacc36c9d82e68
    backup_path:
      description: Path of the file in O(backup_path). V(null) if nothing is stored in it.
      type: str
      sample: /srv/releases/before.json
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    added: [ACTIONS_ENDPOINT]
    changed: [HASURA_GRAPHQL_ENABLE_CONSOLE]
    removed: []
    names: [ACTIONS_ENDPOINT, HASURA_GRAPHQL_ADMIN_SECRET, HASURA_GRAPHQL_ENABLE_CONSOLE]
    hash: 6902a395d70072fbf8d36288f0eacc36c9d82e68
    backup_path:
unknown_until_applied:
  description:
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [hash]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: updateTenantEnv
    method: POST
    path: /v1/graphql
    status: 200
    code: invalid
    platform_code: bad-request
    request_id:
"""

from typing import Any

from ..module_utils._kernel.module import FLAG, STRS, WAIT_OPTIONS, InvalidInput, JsonObject, Module
from ..module_utils._core import variables
from ..module_utils._core.checks import check_disjoint
from ..module_utils._core.members import Members
from ..module_utils._hasura import api, backups, env
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import UNKNOWN, Plan, Prediction, cached_property


class EnvVars(Collection[env.EnvClient, Any]):
    """The parent is {tenant_id, backup, env}: the variables with their lock. A member is a value as the API has it."""

    is_secret = True
    # Hasura Cloud sets variables of its own for each tenant.
    members = Members()

    def check_input(self) -> None:
        for option in ("env_vars", "absent", "protect"):
            variables.check_names(option, self.params[option] or [])
        if self.params["restore_from"] and self.purge:
            raise InvalidInput(
                "purge",
                "`purge` and `restore_from` are mutually exclusive. `restore_from` restores what its file contains.",
            )
        if not self.purge and all(self.params[option] is None for option in ("env_vars", "absent", "restore_from")):
            raise InvalidInput("env_vars", "One of `env_vars`, `absent`, `purge=true` and `restore_from` is required.")
        check_disjoint(self.params["env_vars"] or {}, self.params["absent"] or [], "`env_vars`")
        env.check_settable("env_vars", self.params["env_vars"] or {})
        env.check_settable("absent", self.params["absent"] or [])
        self.client.http.redactor.add_quoted(*variables.secrets(self.declared.values()))

    @cached_property
    def restored(self) -> JsonObject | None:
        return env.EnvBackup.to_restore(self.params)

    @cached_property
    def declared(self) -> dict[str, str]:
        if self.restored is not None:
            return dict(self.restored["values"])
        return variables.declared("env_vars", self.params["env_vars"], self.warn)

    @property
    def absent(self) -> list[str]:
        return list(self.restored["absent"] if self.restored is not None else self.params["absent"] or [])

    @property
    def protected(self) -> set[str]:
        return {env.ADMIN_SECRET, env.NOT_SETTABLE, *(self.params["protect"] or [])}

    def differs(self, found: Any, wanted: str) -> bool:
        return variables.text_of(found) != env.spelled(found, wanted)

    def parent(self) -> JsonObject:
        tenant_id = self.params["tenant_id"] or self.client.require_tenant(**api.reference_of(self.params))["id"]
        return self._parent(tenant_id, env.read_env(self.client, tenant_id))

    def new_parent(self) -> JsonObject:
        return self._parent(UNKNOWN, env.Env(UNKNOWN, {}))

    def _parent(self, tenant_id: str, now: env.Env) -> JsonObject:
        return {"tenant_id": tenant_id, "backup": env.EnvBackup(self.params, tenant_id, self.restored), "env": now}

    def read(self, parent: JsonObject) -> JsonObject:
        return dict(parent["env"].values)

    def plan(self) -> Plan:
        plan = super().plan()
        return Plan(plan.changes, join=plan.parent["tenant_id"] if self.params["wait"] else None)

    def apply(self, plan: Plan) -> env.Env:
        tenant_id, before, backup = plan.parent["tenant_id"], plan.parent["env"], plan.parent["backup"]
        with backup.locked(self.clock, self.client.http.remaining()):
            return env.change_env(self.client, tenant_id, before, self._left, self.clock, backup.write)

    def _left(self, now: env.Env) -> env.Changes:
        left = Plan(self.due(now.values))
        return env.Changes(left.after, left.keys("delete"))

    def settle(self, plan: Plan, outcome: env.Env) -> JsonObject:
        if self.params["wait"]:
            outdated = {plan.parent["env"].hash, *outcome.replaced} if plan.changed else ()
            env.wait_until_taken(self.client, plan.parent["tenant_id"], outdated, self.patience, self.warn)
        return self.result(plan, outcome.values, outcome.hash)

    def predict(self, plan: Plan) -> Prediction:
        known_hash = None if plan.changed else plan.parent["env"].hash
        return Prediction(self.result(plan, plan.after, known_hash), ["hash"] if plan.changed else ())

    def result(self, plan: Plan, members: JsonObject, env_hash: str | None = None) -> JsonObject:
        names, backup_path = self.names(plan, members), plan.parent["backup"].path(plan.changed)
        tenant_id = plan.parent["tenant_id"]
        if tenant_id is UNKNOWN:
            # Hasura Cloud sets variables of its own for each new tenant.
            names.update({"names": UNKNOWN, **({"removed": UNKNOWN} if self.purge else {})})
        return {"env_vars": {"tenant_id": tenant_id, **names, "hash": env_hash, "backup_path": backup_path}}


MODULE = Module(
    EnvVars,
    options=dict(
        **api.REFERENCE_OPTIONS,
        env_vars=dict(type="dict", no_log=True, mask=variables.masked),
        absent=STRS,
        purge=FLAG,
        protect=STRS,
        **backups.BACKUP_OPTIONS,
        **WAIT_OPTIONS,
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[api.REFERENCE, ("restore_from", "env_vars"), ("restore_from", "absent")],
)


if __name__ == "__main__":
    MODULE.run()
