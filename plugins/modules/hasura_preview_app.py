#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_preview_app
version_added: 0.1.0
short_description: Create or delete a Hasura Cloud preview app of a GitHub branch
description:
  - Creates a Hasura Cloud project from a branch of a GitHub repository, with its migrations and metadata, and waits for
    the two jobs that do this.
  - An existing project with the same name is replaced by a new one, and nothing of the old one is kept. Choose a name
    that no other project has.
  - The module never schedules a preview app twice in one run. If the response is lost, the preview app may have been
    scheduled, and the API offers no way to find its job. The task then fails and does not retry the request.
  - The task fails if a job fails, or if Hasura Cloud skips it because another one was scheduled later. The result
    contains the events of its tasks.
  - With O(state=absent), a converged run sends one request. With O(state=present), each run sends one request to find
    the project that is replaced and one to schedule the jobs, and with O(wait=true) polls the jobs.
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
      - Each run with O(state=present) creates the project again, because Hasura Cloud does not return the commit that a
        project was created from.
author:
  - webops.paas contributors (@webops-paas)
options:
  state:
    description:
      - Whether the preview app should exist. With V(present), each run creates it again. With V(absent), every project
        with this name is deleted, even if it is not a preview app.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - Name of the project. Lower case letters, digits and hyphens are allowed.
    type: str
    required: true
  github_token:
    description:
      - Token with which Hasura Cloud reads the repository. Required for O(state=present).
    type: str
  repository:
    description:
      - Repository on GitHub in the form C(owner/name). Required for O(state=present).
    type: str
  branch:
    description:
      - Name of the branch. Required for O(state=present).
    type: str
  directory:
    description:
      - Path of the Hasura CLI project in the repository.
    type: str
    default: .
  cloud:
    description:
      - Cloud in which the tenant runs, for example V(aws). Required for O(state=present).
    type: str
  region:
    description:
      - Region of the cloud, for example V(us-east-2). Required for O(state=present).
    type: str
  plan:
    description:
      - Plan of the project, for example V(cloud_free) or V(cloud_payg).
    type: str
    default: cloud_free
  env_vars:
    description:
      - Names and values of environment variables of the tenant, including the URL of its database. Values are never
        shown.
    type: dict
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_tenant
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_preview_app -a 'name=shop-new-prices state=absent'

- name: Create a preview app of the branch
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

- name: Show the endpoint of the preview app
  ansible.builtin.debug:
    var: preview.preview_app.endpoint

- name: Show what deleting the preview app would remove (remove check_mode to delete it)
  webops.paas.hasura_preview_app:
    name: shop-new-prices
    state: absent
  check_mode: true
  diff: true
"""

RETURN = r"""
preview_app:
  description:
    - The preview app that was created. V(null) if it was deleted.
  returned: success, and failure of a job
  type: dict
  contains:
    name:
      description: Name of the project.
      type: str
      sample: shop-new-prices
    replaced_tenant_id:
      description: ID of the tenant that had this name before. V(null) if there was none.
      type: str
      sample: 0b6c2f5e-9d1a-4c7e-8a34-5e2d1f9c7b60
    job_id:
      description: ID of the job that creates the project.
      type: str
      sample: 5c4c7f0e-2f6b-4df2-9a7e-4a9a5f5b0c11
    deployment_job_id:
      description:
        - ID of the job that applies migrations and metadata. With O(wait=false), this and all following keys are
          V(null).
      type: str
      sample: 0d3e2f52-8a4b-4b5e-9f5e-0c4d9f3d7a20
    project_id:
      description: ID of the project.
      type: str
      sample: 1d5d3f6c-6a9a-4d0e-8e3b-2f6c1f0c9a51
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    endpoint:
      description: URL of the GraphQL API.
      type: str
      sample: https://shop-new-prices.hasura.app/v1/graphql
    tasks:
      description:
        - Tasks of both jobs, each with its C(job) (V(creation) or V(deployment)), C(name) and C(events), of which each
          has C(event_type) and C(error).
      type: list
      elements: dict
      sample:
        - job: creation
          name: gh-validation
          events:
            - event_type: success
              error:
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
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if a preview app would be created
  type: list
  elements: str
  sample: [deployment_job_id, endpoint, job_id, project_id, tasks, tenant_id]
error:
  description:
    - Machine-readable details of the failure.
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
# Keys that are known only after the jobs have started or ended.
LATER = ("job_id", "deployment_job_id", "project_id", "tenant_id", "endpoint", "tasks")
GIVEN = dict(type="str", check=check_not_blank)


def check_repository(option: str, value: str) -> None:
    if not REPOSITORY.fullmatch(value):
        raise InvalidInput(option, f"`{option}` must have the form owner/name, as on GitHub, got {value!r}.")


class PreviewApp(Operation[previews.PreviewClient]):
    """Changes the project of that name, from its former tenant to the requested one."""

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
