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
  - Brings the declared environment variables of a tenant to the declared values. Others stay, unless O(purge=true).
  - Only what differs is sent. When nothing differs no write is sent; Hasura Cloud answers an error to one that changes
    nothing.
  - Hasura Cloud has a lock, a hash of the variables, and refuses a write when another writer came first. Then the
    variables are read again, what is left to do is worked out anew, and that is sent, up to five times. So two writers
    that declare different variables lose nothing.
  - After a change the task waits until all of the tenant's workers have taken the new variables and its C(/healthz)
    answers (for that alone when the token does not see the workers). When nothing was changed, it looks once whether
    the workers have settled, since an earlier run may not have waited to the end.
  - A run that changes nothing sends two reads; one with O(wait=false); one more with O(name) or O(slug).
  - Values are never shown, in results and diffs alike.
extends_documentation_fragment:
  - webops.paas.hasura
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
  tenant_id:
    description:
      - The tenant, by its id, which is not the project's.
    type: str
  name:
    description:
      - The tenant, by its project's name. Either O(tenant_id), O(name) or O(slug).
    type: str
  slug:
    description:
      - The tenant, by its slug, the first part of its host name.
    type: str
  env_vars:
    description:
      - Names and values. A dictionary, such as a JWT secret, is sent as compact JSON.
      - Hasura Cloud keeps some settings as booleans or objects; a value is compared by its meaning then.
    type: dict
  absent:
    description:
      - Names of variables that shall not be there.
    type: list
    elements: str
  purge:
    description:
      - Whether variables that are not declared are removed.
      - E(HASURA_GRAPHQL_ADMIN_SECRET) stays all the same, since without it everybody may do everything; it is removed
        only when O(absent) names it. E(HASURA_GRAPHQL_METADATA_DATABASE_URL) belongs to Hasura Cloud and stays, too.
    type: bool
    default: false
  protect:
    description:
      - Names of variables that O(purge) leaves alone, besides those that it always does.
    type: list
    elements: str
  backup_path:
    description:
      - A file on the machine where the module runs, which gets the values that are about to be replaced or removed, and
        the names that are about to be added. It is readable by its owner only, and written before anything is sent.
        Check mode writes none.
      - What such a file knows already stays, so that a run after one that failed halfway keeps the values from before
        both. So delete it when a release is done. A file with variables of another tenant is an error.
      - Several tasks of one tenant may share such a file, also at the same time. A lock file beside it, with the suffix
        C(.lock), makes them wait for each other; it stays.
    type: path
  restore_from:
    description:
      - Such a file; what it names is put back. Other variables stay. The file stays, too.
    type: path
seealso:
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
- name: What the shop needs
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

- name: What would go if only these were to be there
  webops.paas.hasura_env_vars:
    name: hello-hasura
    env_vars:
      ACTIONS_ENDPOINT: https://actions.example.com
    purge: true
    protect:
      - HASURA_GRAPHQL_JWT_SECRET
  check_mode: true
  diff: true

- name: Back to what it was before
  webops.paas.hasura_env_vars:
    name: hello-hasura
    restore_from: "{{ playbook_dir }}/before.json"
"""

RETURN = r"""
env_vars:
  description:
    - What became of the variables, or will (check mode), by their names; never their values.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: The tenant's id.
      type: str
    added:
      description: Names that were not there before.
      type: list
      elements: str
    changed:
      description: Names that had another value.
      type: list
      elements: str
    removed:
      description: Names that are not there any more.
      type: list
      elements: str
    names:
      description: All names that there are now.
      type: list
      elements: str
    hash:
      description: Hasura Cloud's hash of all variables.
      type: str
    backup_path:
      description: The file of O(backup_path), V(null) when there is nothing in it.
      type: str
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
    - Keys of the result that only Hasura Cloud can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [hash]
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import FLAG, STRS, WAIT_OPTIONS, Collection, InvalidInput, JsonObject, Module
from ..module_utils._core import variables
from ..module_utils._core.checks import check_disjoint
from ..module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ..module_utils._hasura import api, backups, env
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction, cached_property


class EnvVars(Collection[env.EnvClient, Any]):
    """The parent is {tenant_id, backup, env}: the variables with their lock. A member is a value as it is read."""

    def check_input(self) -> None:
        for option in ("env_vars", "absent", "protect"):
            variables.check_names(option, self.params[option] or [])
        if self.params["restore_from"] and self.purge:
            raise InvalidInput(
                "purge",
                "purge cannot be combined with restore_from, which puts back what its file names, and that alone.",
            )
        if not self.purge and all(self.params[option] is None for option in ("env_vars", "absent", "restore_from")):
            raise InvalidInput(
                "env_vars", "env_vars, absent, purge=true or restore_from is needed: nothing is declared."
            )
        check_disjoint(self.params["env_vars"] or {}, self.params["absent"] or [], "env_vars")
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

    def shown(self, change: Change) -> tuple[str | None, str | None]:
        after = {"delete": None, "keep": SECRET_BEFORE}.get(change.action, SECRET_AFTER)
        return None if change.action == "create" else SECRET_BEFORE, after

    def apply(self, plan: Plan) -> env.Env:
        tenant_id, before, backup = plan.parent["tenant_id"], plan.parent["env"], plan.parent["backup"]
        with backup.locked(self.clock, self.client.http.remaining()):
            return env.change_env(self.client, tenant_id, before, self._left, self.clock, backup.write)

    def _left(self, now: env.Env) -> env.Changes:
        left = Plan(self.due(now.values))
        return env.Changes(left.after, left.keys("delete"))

    def settle(self, plan: Plan, outcome: env.Env) -> JsonObject:
        if self.params["wait"]:
            old_hash = plan.parent["env"].hash if plan.changed else None
            env.wait_until_taken(self.client, plan.parent["tenant_id"], old_hash, self.patience, self.warn)
        return self.result(plan, outcome.values, outcome.hash)

    def predict(self, plan: Plan) -> Prediction:
        known_hash = None if plan.changed else plan.parent["env"].hash
        return Prediction(self.result(plan, plan.after, known_hash), ["hash"] if plan.changed else ())

    def result(self, plan: Plan, members: JsonObject, env_hash: str | None = None) -> JsonObject:
        names, backup_path = self.names(plan, members), plan.parent["backup"].path(plan.changed)
        tenant_id = plan.parent["tenant_id"]
        if tenant_id is UNKNOWN:
            # Hasura Cloud gives each new tenant variables of its own.
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
