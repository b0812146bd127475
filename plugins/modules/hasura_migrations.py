#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_migrations
version_added: 1.1.0
short_description: Apply or roll back database migrations of a Hasura Cloud tenant
description:
  - Applies the migrations of a project of Hasura's CLI (config version 3) that are not applied yet, in the order of
    their versions. The tenant runs the SQL, so that no connection to the database is necessary.
  - Applied versions are recorded where Hasura's CLI records them, so that both can be used in turn.
  - Each file runs in one transaction on the Postgres family, unless its first line is C(-- hasura:no-transaction). The
    task stops at the first error. The message names the file, and the statement and its line if they are certain,
    because Hasura does not return the position of an error. Texts in the SQL are masked in messages.
  - A migration is marked as dirty before it runs. If the response is lost, the mark stays, and no run continues until
    O(unfinished) says whether the migration took effect. The module never sends such a migration twice in one run.
  - The engine has no lock. A second run that starts while a migration runs finds the mark and fails. Two runs that
    start within the same moment are not detected, so start only one at a time.
  - The migrations to run are checked before the first one runs. Nothing is sent if one of them has no file for its
    direction.
  - Migrations do not track new tables. Apply the metadata afterwards with M(webops.paas.hasura_metadata).
  - A converged run sends three requests, and another request for each source that has no applied migration.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.hasura.tenant
  - webops.paas.hasura.admin_secret
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_hasura
attributes:
  check_mode:
    support: full
    details:
      - If the tenant does not have the source, check mode warns, and predicts the migrations as if it existed.
  diff_mode:
    support: full
    details:
      - The diff lists the migrations by name, not their SQL.
  idempotent:
    support: partial
    details:
      - A task with O(down) rolls back the last migrations each time.
author:
  - webops.paas contributors (@webops-paas)
requirements:
  - PyYAML, if the project has a C(config.yaml)
options:
  src:
    description:
      - Directory of the CLI project, on the host where the module runs. Its C(config.yaml) can set another
        C(migrations_directory) than C(migrations).
      - A migration is C(SOURCE/VERSION_NAME/up.sql), with an optional C(down.sql). Empty files count as missing.
    type: path
    required: true
  source:
    description:
      - Name of the source whose migrations are applied. By default, those of all sources with a directory.
      - Required for O(goto) and O(down).
    type: str
  goto:
    description:
      - Version to migrate to. Later migrations are rolled back if they are applied. V(0) rolls back all.
    type: int
  down:
    description:
      - Number of migrations to roll back, beginning with the last one.
    type: int
  undo:
    description:
      - Migrations to roll back, such as those that a failed release applied, each as V(SOURCE/VERSION). Those that are
        not applied are ignored.
      - The task fails, and nothing is rolled back, if another migration of the source with a later version is applied,
        because it can depend on them.
    type: list
    elements: str
  allow_down:
    description:
      - Whether migrations can be rolled back, which usually deletes data. Required for O(down) and O(undo), and for
        O(goto) if it rolls back.
    type: bool
    default: false
  reload_sources:
    description:
      - Whether the tenant reads the schemas of its databases again after migrations were run, so that the metadata can
        refer to new tables. If this fails, the migrations stay applied, and the next run does not repeat it.
    type: bool
    default: true
  unfinished:
    description:
      - What to do about migrations that an earlier run began, and whose outcome is unknown.
      - With V(refuse), the task fails and names them. V(took_effect) records that their SQL took effect. With
        V(no_effect), they are run again if they are still wanted.
    type: str
    choices: [refuse, took_effect, no_effect]
    default: refuse
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_seeds
  - module: webops.paas.hasura_metadata
"""

EXAMPLES = r"""
# Show from the command line which migrations would run:
# ansible localhost -m webops.paas.hasura_migrations -a 'name=hello-hasura src=hasura' --check --diff

- name: Connect the database
  webops.paas.hasura_metadata:
    name: hello-hasura
    metadata:
      version: 3
      sources:
        - name: default
          kind: postgres
          configuration:
            connection_info:
              database_url:
                from_env: PG_DATABASE_URL

- name: Create the directory of a migration
  ansible.builtin.file:
    path: "{{ playbook_dir }}/hasura/migrations/default/1700000000000_create_notes"
    state: directory
    mode: "0755"

- name: Write a migration
  ansible.builtin.copy:
    dest: "{{ playbook_dir }}/hasura/migrations/default/1700000000000_create_notes/{{ item.key }}.sql"
    content: "{{ item.value }}\n"
    mode: "0644"
  loop:
    - key: up
      value: CREATE TABLE notes (id serial PRIMARY KEY, text text);
    - key: down
      value: DROP TABLE notes;

- name: Show which migrations would run
  webops.paas.hasura_migrations:
    name: hello-hasura
    src: "{{ playbook_dir }}/hasura"
  check_mode: true
  diff: true

- name: Apply all migrations
  webops.paas.hasura_migrations:
    name: hello-hasura
    src: "{{ playbook_dir }}/hasura"
  register: applied

- name: Roll back all migrations
  webops.paas.hasura_migrations:
    name: hello-hasura
    src: "{{ playbook_dir }}/hasura"
    source: default
    goto: 0
    allow_down: true
"""

RETURN = r"""
migrations:
  description:
    - Migrations that were run, and the state of the sources afterwards. In check mode, the predicted ones.
    - If the task fails at a migration, those that were applied before.
  returned: success, and failure of a migration
  type: dict
  contains:
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    steps:
      description:
        - Migrations in the order in which they were run, each with its C(source), C(version), C(name), C(direction),
          which is V(up) or V(down), and C(can_undo), whether it has a file for the other direction.
      type: list
      elements: dict
      sample:
        - source: default
          version: 1700000000000
          name: create_notes
          direction: up
          can_undo: true
    resolved:
      description:
        - Migrations with an unknown outcome, each with C(script) and C(took_effect), as O(unfinished) says.
      type: list
      elements: dict
      sample: []
    sources:
      description:
        - Sources, each with its C(name), its C(current) version (V(null) without an applied migration), the C(pending)
          migrations, and as C(missing) the applied versions without files.
      type: list
      elements: dict
      sample:
        - name: default
          current: 1700000000000
          pending: []
          missing: []
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    steps:
      - source: default
        version: 1700000000000
        name: create_notes
        direction: up
        can_undo: true
    resolved: []
    sources:
      - name: default
        current: 1700000000000
        pending: []
        missing: []
unknown_until_applied:
  description:
    - Keys of the result whose values are not known in check mode, because the tenant does not exist yet. They are
      V(null).
  returned: in check mode, if the tenant does not exist
  type: list
  elements: str
  sample: [tenant_id]
error:
  description:
    - Machine-readable details of the failure. If the database rejected a migration, C(file) is the path of its file in
      O(src), and C(line) the line of the statement, or V(null) if that is not certain.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: run_sql
    method: POST
    path: /v2/query
    status: 400
    code: invalid
    platform_code: postgres-error
    request_id:
    file: migrations/default/1700000000000_create_notes/up.sql
    line: 1
"""

import re
from collections.abc import Sequence
from functools import partial

from ..module_utils._kernel.module import FLAG, INT, STR, STRS, InvalidInput, JsonObject, Module, Operation, between
from ..module_utils._hasura import api, migrations, scripts, sql_files
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property


def _check_entry(option: str, value: str) -> None:
    if not re.fullmatch(r".+/[0-9]+", value, re.ASCII):
        raise InvalidInput(option, f"`{option}` must have the form SOURCE/VERSION, got {value!r}.")


class Migrations(Operation[api.HasuraClient]):
    """The parent of the plan is (the Batch, the sources)."""

    def check_input(self) -> None:
        for option in ("down", "undo"):
            if self.params[option] is not None and not self.params["allow_down"]:
                raise InvalidInput("allow_down", f"`{option}` requires `allow_down: true`, because it can delete data.")
        goto = self.params["goto"]
        for name in self.undo or ():
            if name not in self.files:
                raise InvalidInput("undo", f"`undo`: there are no migrations of a source {name!r}.")
        for name, files in self.files.items():
            if goto and goto not in {each.version for each in files}:
                raise InvalidInput("goto", f"`goto`: the source {name} has no migration with the version {goto}.")

    @cached_property
    def files(self) -> dict[str, list[sql_files.Migration]]:
        return sql_files.migrations("src", self.params["src"], self.params["source"])

    @cached_property
    def undo(self) -> dict[str, set[int]] | None:
        """{source: versions} of the option undo; None if it is not set."""
        if self.params["undo"] is None:
            return None
        found: dict[str, set[int]] = {}
        for entry in self.params["undo"]:
            source, _slash, version = entry.rpartition("/")
            found.setdefault(source, set()).add(int(version))
        return found

    def plan(self) -> Plan:
        return self._plan(
            scripts.Tenant.of(self.client, self.params, [name for name, files in self.files.items() if files])
        )

    def plan_without_parent(self) -> Plan:
        return self._plan(scripts.Tenant.new())

    def _plan(self, tenant: scripts.Tenant) -> Plan:
        sources = [migrations.Source(name, files, tenant.state) for name, files in self.files.items()]
        migrations.check_not_copied(tenant, sources)
        marked = [script for source in sources for script in source.marked]
        resolutions = scripts.resolutions_of(marked, self.params["unfinished"])
        for source in sources:
            source.settle(resolutions)
        steps = [script for source in sources for script in self._steps(source)]
        if any(script.direction == "down" for script in steps) and not self.params["allow_down"]:
            names = ", ".join(script.label for script in steps)
            words = f"`goto` rolls back {names}, which requires `allow_down: true`. Nothing was changed."
            raise InvalidInput("allow_down", words)
        batch = scripts.Batch(tenant, resolutions, steps)
        changes = [Change.keep(None, (batch, sources)), *(Change.update(*each.sides) for each in batch.only_recorded)]
        changes += [
            (Change.create if script.direction == "up" else Change.delete)(script.label, "applied") for script in steps
        ]
        return Plan(changes)

    def _steps(self, source: migrations.Source) -> list[migrations.MigrationScript]:
        if self.params["down"] is not None:
            return source.down(source.last(self.params["down"]))
        if self.undo is not None:
            return source.undo(self.undo.get(source.name, set()))
        return source.up() if self.params["goto"] is None else source.goto(self.params["goto"])

    def predict(self, plan: Plan) -> Prediction:
        batch, _sources = plan.parent
        return Prediction(self._result(plan, batch.steps), doubts=batch.doubts)

    @staticmethod
    def _result(plan: Plan, done: Sequence[migrations.MigrationScript]) -> JsonObject:
        batch, sources = plan.parent
        states = {"steps": [script.step for script in done], "sources": [source.after(done) for source in sources]}
        return {"migrations": {**batch.view(), **states}}

    def apply(self, plan: Plan) -> None:
        batch, _sources = plan.parent
        batch.run(partial(self._result, plan), reloads=self.params["reload_sources"])


MODULE = Module(
    Migrations,
    options=dict(
        **api.REFERENCE_OPTIONS,
        src=dict(type="path", required=True),
        source=STR,
        goto=dict(INT, check=between(0)),
        down=dict(INT, check=between(1)),
        undo=dict(STRS, check=_check_entry),
        allow_down=FLAG,
        reload_sources=dict(type="bool", default=True),
        unfinished=scripts.UNFINISHED,
        admin_secret=api.ADMIN_SECRET,
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[api.REFERENCE, ("goto", "down", "undo")],
    required_by=dict.fromkeys(("goto", "down"), "source"),
)


if __name__ == "__main__":
    MODULE.run()
