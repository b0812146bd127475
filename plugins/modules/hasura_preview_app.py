#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_preview_app
version_added: 0.1.0
short_description: Create a Hasura Cloud preview app of a GitHub branch, or delete it
description:
  - Lets Hasura Cloud make a project and bring in the migrations and metadata of a branch, and waits for the two jobs
    that do it.
  - A project of that name is replaced by a new one, with nothing of the old one left; so choose a name that no other
    project has.
  - A preview app is scheduled exactly once in a run. When the answer is lost, it may have been scheduled; nothing tells
    its job, so the task fails and does not schedule another one.
  - A job that fails or is skipped (another one was scheduled after it) fails the task; what its tasks have said is in
    the result.
  - Two reads find out what is replaced, and what came of it; the rest is waiting. To delete what is not there takes one
    read.
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
  idempotent:
    support: partial
    details:
      - Each run with O(state=present) makes the project anew, since Hasura Cloud does not tell which commit a project
        was made of.
author:
  - webops.paas contributors (@webops-paas)
options:
  state:
    description:
      - Whether the preview app is made, anew if there is one, or deleted. Deleting takes every project of this name,
        whoever has made it.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The project's name; lower case letters, digits and hyphens.
    type: str
    required: true
  github_token:
    description:
      - A token with which Hasura Cloud reads the repository. Needed for O(state=present).
    type: str
  repository:
    description:
      - The repository on GitHub, as C(owner/name). Needed for O(state=present).
    type: str
  branch:
    description:
      - The branch. Needed for O(state=present).
    type: str
  directory:
    description:
      - Where in the repository the project of Hasura's CLI is.
    type: str
    default: .
  cloud:
    description:
      - Where the tenant runs, for example V(aws). Needed for O(state=present).
    type: str
  region:
    description:
      - The region of the cloud, for example V(us-east-2). Needed for O(state=present).
    type: str
  plan:
    description:
      - The plan, for example V(cloud_free) or V(cloud_payg).
    type: str
    default: cloud_free
  env_vars:
    description:
      - Environment variables of the tenant, by name, among them the URL of its database. Never shown.
    type: dict
seealso:
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
- name: The branch can be tried out
  webops.paas.hasura_preview_app:
    name: shop-new-prices
    github_token: "{{ vault_github_token | default('an-example') }}"
    repository: example/shop
    branch: new-prices
    directory: hasura
    cloud: aws
    region: us-east-2
    env_vars:
      PG_DATABASE_URL: "{{ vault_preview_database_url
        | default('postgres://shop:an-example@db.example.com:5432/preview') }}"
  register: preview

- name: Where it is
  ansible.builtin.debug:
    var: preview.preview_app.endpoint

- name: What goes when the branch is merged; without check_mode it is deleted
  webops.paas.hasura_preview_app:
    name: shop-new-prices
    state: absent
  check_mode: true
  diff: true
"""

RETURN = r"""
preview_app:
  description:
    - What was made; V(null) when it was deleted.
  returned: success, and failure of a job
  type: dict
  contains:
    name:
      description: The project's name.
      type: str
    replaced_tenant_id:
      description: The tenant that had the name before, V(null) when none had.
      type: str
    job_id:
      description: The job that makes the project.
      type: str
    deployment_job_id:
      description: The job that brings in migrations and metadata. V(null) with O(wait=false), like all that follows.
      type: str
    project_id:
      description: The project's id.
      type: str
    tenant_id:
      description: The tenant's id.
      type: str
    endpoint:
      description: The URL for GraphQL.
      type: str
    tasks:
      description:
        - The tasks of both jobs, each with its C(job) (V(creation) or V(deployment)), C(name), and C(events)
          (C(event_type) and C(error)).
      type: list
      elements: dict
  sample:
    name: shop-new-prices
    replaced_tenant_id:
    job_id: 5c4c7f0e-2f6b-4df2-9a7e-4a9a5f5b0c11
    deployment_job_id: 0d3e2f52-8a4b-4b5e-9f5e-0c4d9f3d7a20
    project_id: 1d5d3f6c-6a9a-4d0e-8e3b-2f6c1f0c9a51
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    endpoint: https://shop-new-prices.hasura.app/v1/graphql
    tasks:
      - job: creation
        name: gh-validation
        events:
          - event_type: created
            error:
          - event_type: success
            error:
unknown_until_applied:
  description:
    - Keys of the result that only Hasura Cloud can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would be made
  type: list
  elements: str
  sample: [deployment_job_id, endpoint, job_id, project_id, tasks, tenant_id]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: jobs_by_pk
    code: failed
"""

import re

from ..module_utils._kernel.module import STATE, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, telling
from ..module_utils._core import variables
from ..module_utils._core.checks import check_not_blank
from ..module_utils._hasura import api, env, previews, tenants
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property

REPOSITORY = re.compile(r"([\w.-]+)/([\w.-]+)", re.ASCII)
ASKED = ("name", "repository", "branch", "directory", "cloud", "region", "plan")
# What is known only when the jobs have begun or ended.
LATER = ("job_id", "deployment_job_id", "project_id", "tenant_id", "endpoint", "tasks")
GIVEN = dict(type="str", check=check_not_blank)


def check_repository(option: str, value: str) -> None:
    if not REPOSITORY.fullmatch(value):
        raise InvalidInput(option, f"{option} must be owner/name, as on GitHub, not {value!r}.")


class PreviewApp(Operation[previews.PreviewClient]):
    """What changes is the project of that name: its tenant before, what is asked for after."""

    def check_input(self) -> None:
        env.check_settable("env_vars", self.variables)
        self.client.http.redactor.add_quoted(*variables.secrets(self.variables.values()))

    @cached_property
    def variables(self) -> dict[str, str]:
        return variables.declared("env_vars", self.params["env_vars"], self.warn)

    def plan(self) -> Plan:
        name = self.params["name"]
        tenant = self.client.find_tenant(name=name)
        if self.params["state"] == "absent":
            if tenant is None:
                return Plan()
            api.check_deletable(tenant)
            return Plan([Change.delete(name, tenant)])
        asked = {**{option: self.params[option] for option in ASKED}, "env_vars": sorted(self.variables)}
        return Plan([Change.create(name, asked) if tenant is None else Change.update(name, tenant, asked)])

    def predict(self, plan: Plan) -> Prediction:
        if self.params["state"] == "absent":
            return Prediction({"preview_app": None})
        [change] = plan.changes
        replaced = change.before and change.before["id"]
        view = {"name": change.key, "replaced_tenant_id": replaced, **dict.fromkeys(LATER)}
        return Prediction({"preview_app": view}, sorted(LATER) if self.params["wait"] else ["job_id"])

    def diff(self, plan: Plan) -> Diff:
        name, tenant = self.params["name"], plan.before.get(self.params["name"])
        before = {"name": name, "tenant_id": tenant["id"]} if tenant else {}
        return Diff(before, plan.after.get(name, {}))

    def apply(self, plan: Plan) -> str:
        [change] = plan.changes
        if change.action == "delete":
            self.client.delete_tenant(change.before["id"])
            return str(change.before["id"])
        asked = {option: self.params[option] for option in ASKED}
        return previews.schedule(self.client, self.params["github_token"].strip(), asked, self.variables)

    def settle(self, plan: Plan, outcome: str) -> JsonObject:
        result = dict(self.predict(plan).result)
        if result["preview_app"] is None:
            if self.params["wait"]:
                tenants.wait_until_gone(self.client, outcome, self.patience)
            return result
        result["preview_app"]["job_id"] = outcome
        if self.params["wait"]:
            with telling(result):
                previews.follow_both(self.client, result["preview_app"], self.patience)
        return result


MODULE = Module(
    PreviewApp,
    options=dict(
        state=STATE,
        name=dict(type="str", required=True, check=api.check_name),
        github_token=dict(type="str", no_log=True),
        repository=dict(type="str", check=check_repository),
        branch=GIVEN,
        directory=dict(GIVEN, default="."),
        cloud=GIVEN,
        region=GIVEN,
        plan=dict(GIVEN, default="cloud_free"),
        env_vars=dict(type="dict", no_log=True, mask=variables.masked),
        **WAIT_OPTIONS,
    ),
    required_if=[("state", "present", ("github_token", "repository", "branch", "cloud", "region"))],
)


if __name__ == "__main__":
    MODULE.run()
