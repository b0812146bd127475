#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_seeds
version_added: 1.1.0
short_description: Run seeds in the databases of a Hasura Cloud tenant
description:
  - Runs the seeds of a project of Hasura's CLI, which are SQL files that fill tables, in the order of their paths. The
    tenant runs the SQL, so that no connection to the database is necessary.
  - A seed runs once. The SHA-256 of its content is recorded in the tenant, and a seed with another content runs again.
    Hasura's CLI keeps this record, but does not use it. It runs all seeds each time.
  - Each file runs in one transaction on the Postgres family, unless its first line is C(-- hasura:no-transaction). The
    task stops at the first error. The message names the file, and the statement and its line if they are certain,
    because Hasura does not return the position of an error. Texts in the SQL are masked in messages.
  - If the response to a seed is lost, no run continues until O(unfinished) says whether the seed took effect. The
    module never sends such a seed twice in one run.
  - The engine has no lock, so start only one run at a time.
  - A converged run sends three requests.
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
      - If the tenant does not have the source, check mode warns, and predicts the seeds as if it existed.
  diff_mode:
    support: full
    details:
      - The diff lists the seeds by name, not their SQL.
  idempotent:
    support: partial
    details:
      - With O(rerun=true), the seeds run each time.
author:
  - webops.paas contributors (@webops-paas)
requirements:
  - PyYAML, if the project has a C(config.yaml)
options:
  src:
    description:
      - Directory of the CLI project, on the host where the module runs. Its C(config.yaml) can set another
        C(seeds_directory) than C(seeds).
      - Seeds are the files C(SOURCE/*.sql). Empty files are ignored.
    type: path
    required: true
  source:
    description:
      - Name of the source whose seeds are run. By default, those of all sources with a directory.
    type: str
  rerun:
    description:
      - Whether seeds that have run before run again.
    type: bool
    default: false
  unfinished:
    description:
      - What to do about seeds that an earlier run began, and whose outcome is unknown.
      - With V(refuse), the task fails and names them. V(took_effect) records that their SQL took effect. With
        V(no_effect), they are run again.
    type: str
    choices: [refuse, took_effect, no_effect]
    default: refuse
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_migrations
"""

EXAMPLES = r"""
# Show from the command line which seeds would run:
# ansible localhost -m webops.paas.hasura_seeds -a 'name=hello-hasura src=hasura' --check --diff

- name: Create the directory of the seeds
  ansible.builtin.file:
    path: "{{ playbook_dir }}/hasura/seeds/default"
    state: directory
    mode: "0755"

- name: Write a seed
  ansible.builtin.copy:
    dest: "{{ playbook_dir }}/hasura/seeds/default/products.sql"
    content: "INSERT INTO products (id, name) VALUES (2, 'Paper') ON CONFLICT DO NOTHING;\n"
    mode: "0644"

- name: Show which seeds would run
  webops.paas.hasura_seeds:
    name: hello-hasura
    src: "{{ playbook_dir }}/hasura"
  check_mode: true
  diff: true

- name: Run the seeds that have not run yet
  webops.paas.hasura_seeds:
    name: hello-hasura
    src: "{{ playbook_dir }}/hasura"
"""

RETURN = r"""
seeds:
  description:
    - Seeds that were run. In check mode, those that would run.
    - If the task fails at a seed, those that were run before.
  returned: success, and failure of a seed
  type: dict
  contains:
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    files:
      description: Paths of the seeds in O(src), in the order in which they were run.
      type: list
      elements: str
      sample: [seeds/default/products.sql]
    resolved:
      description:
        - Seeds with an unknown outcome, each with C(script) and C(took_effect), as O(unfinished) says.
      type: list
      elements: dict
      sample: []
    unchanged:
      description: Paths of the seeds that have run before.
      type: list
      elements: str
      sample: []
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    files: [seeds/default/products.sql]
    resolved: []
    unchanged: []
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
    - Machine-readable details of the failure. If the database rejected a seed, C(file) is the path of its file in
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
    file: seeds/default/products.sql
    line: 1
"""

from collections.abc import Sequence
from functools import partial

from ..module_utils._kernel.module import FLAG, STR, JsonObject, Module, Operation
from ..module_utils._hasura import api, scripts, sql_files
from ..module_utils._hasura.seeds import SeedScript
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property


class Seeds(Operation[api.HasuraClient]):
    """The parent of the plan is the Batch."""

    def check_input(self) -> None:
        # Read now, so that files with errors fail the task before the first request.
        _found = self.seeds

    @cached_property
    def seeds(self) -> list[SeedScript]:
        found = sql_files.seeds("src", self.params["src"], self.params["source"])
        rerun = self.params["rerun"]
        return [SeedScript(source, file, is_always=rerun) for source, files in found.items() for file in files]

    def plan(self) -> Plan:
        return self._plan(scripts.Tenant.of(self.client, self.params, {script.source: None for script in self.seeds}))

    def plan_without_parent(self) -> Plan:
        return self._plan(scripts.Tenant.new())

    def _plan(self, tenant: scripts.Tenant) -> Plan:
        marked = [script for script in self.seeds if script.is_marked(tenant.state)]
        resolutions = scripts.resolutions_of(marked, self.params["unfinished"])
        for resolution in resolutions:
            resolution.record(tenant.state)
        batch = scripts.Batch(tenant, resolutions, [script for script in self.seeds if script.is_due(tenant.state)])
        changes = [Change.keep(None, batch), *(Change.update(*each.sides) for each in batch.only_recorded)]
        return Plan([*changes, *(Change.create(script.label, "run") for script in batch.steps)])

    def predict(self, plan: Plan) -> Prediction:
        return Prediction(self._result(plan.parent, plan.parent.steps), doubts=plan.parent.doubts)

    def _result(self, batch: scripts.Batch[SeedScript], done: Sequence[SeedScript]) -> JsonObject:
        unchanged = [script.label for script in self.seeds if script not in batch.steps]
        return {"seeds": {**batch.view(), "files": [script.label for script in done], "unchanged": unchanged}}

    def apply(self, plan: Plan) -> None:
        plan.parent.run(partial(self._result, plan.parent))


MODULE = Module(
    Seeds,
    options=dict(
        **api.REFERENCE_OPTIONS,
        src=dict(type="path", required=True),
        source=STR,
        rerun=FLAG,
        unfinished=scripts.UNFINISHED,
        admin_secret=api.ADMIN_SECRET,
    ),
    **api.ONE_REFERENCE,
)


if __name__ == "__main__":
    MODULE.run()
