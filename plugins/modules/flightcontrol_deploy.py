#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_deploy
version_added: 0.1.0
short_description: Deploy an environment or services with Flightcontrol
description:
  - Starts a deployment and waits until all of its services are done.
  - With O(hook_url) it calls the deploy hook of an environment, or of a preview environment. With O(repo_url) it asks
    the API to deploy the environments of a repository.
  - A deployment is started exactly once. When the answer is lost, it may have been triggered; nothing can tell, so it
    is not triggered again, and the task fails and says so.
  - Whether something has to be deployed is the platform's decision. It is told after the deployment was started, with
    the status V(NO_CHANGE), so a prediction always says that something would change. Check mode sends no request at
    all.
extends_documentation_fragment:
  - webops.paas.flightcontrol
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_flightcontrol
attributes:
  check_mode:
    support: full
    details:
      - Says that something would change; RV(unknown_until_applied) names C(changed) where the deployment may find
        nothing to do.
  diff_mode:
    support: full
    details:
      - Shows what is asked for, not what is different.
  idempotent:
    support: none
    details:
      - Each run starts a deployment. A deployment that ends with V(NO_CHANGE) is reported as unchanged, if it was
        waited for.
author:
  - webops.paas contributors (@webops-paas)
options:
  token:
    description:
      - An API key of the organization in Flightcontrol. A deploy hook does not need one; O(repo_url) and O(wait) do.
      - If not given, the environment variable E(FLIGHTCONTROL_API_KEY) is used.
    type: str
    aliases: [api_key, auth_token]
  hook_url:
    description:
      - The URL of a deploy hook, as the dashboard shows it. The whole URL is a secret and never shown.
      - If neither this nor O(repo_url) is given, the environment variable E(FLIGHTCONTROL_DEPLOY_HOOK_URL) is used.
    type: str
  repo_url:
    description:
      - The repository whose environments are deployed by the API.
      - It needs O(branch), and O(project_id), O(environment_id) or O(all_environments=true).
    type: str
  branch:
    description:
      - The branch.
      - With O(hook_url), the repository's default branch if it is omitted; this is not necessarily the environment's.
    type: str
  commit:
    description:
      - The commit, by its SHA. If it is omitted, the newest of the branch.
      - Needs O(branch), or O(pr_number).
    type: str
  pr_number:
    description:
      - The pull request whose preview environment is deployed, with O(commit). O(hook_url) must be the hook of preview
        environments.
    type: int
  force:
    description:
      - With O(hook_url), deploys all services, whatever their C(watchPaths) say.
    type: bool
    default: false
  project_id:
    description:
      - With O(repo_url), only environments of this project.
    type: str
  environment_id:
    description:
      - With O(repo_url), only this environment.
    type: str
  all_environments:
    description:
      - With O(repo_url), deploys each environment of the repository, in all projects. Flightcontrol does so whenever no
        filter is given; here it must be requested explicitly.
    type: bool
    default: false
  no_cache:
    description:
      - With O(repo_url), builds without the cache of earlier builds.
    type: bool
    default: false
  wait:
    description:
      - Whether the task waits until the deployments are done. A service that fails makes the task fail; RV(deployments)
        has them all the same.
    type: bool
    default: true
seealso:
  - module: webops.paas.flightcontrol_deployment_info
  - module: webops.paas.flightcontrol_env_vars
  - module: webops.paas.flightcontrol_invalidation
"""

EXAMPLES = r"""
- name: Deploy what is on the branch, by the hook in FLIGHTCONTROL_DEPLOY_HOOK_URL
  webops.paas.flightcontrol_deploy:
    branch: main
    force: true
  register: release

- name: Deploy the same commit again by the API, built without a cache, and go on meanwhile
  webops.paas.flightcontrol_deploy:
    repo_url: "{{ release.deployments[0].repo_url }}"
    branch: main
    commit: "{{ release.deployments[0].commit }}"
    environment_id: "{{ release.deployments[0].environment_id }}"
    no_cache: true
    wait: false
"""

RETURN = r"""
deployments:
  description:
    - The deployments that were started, with their services, and one entry for each environment that could not be
      deployed, which has C(error) and no id. A deploy hook starts one. V(null) in a prediction.
    - Without O(wait), and where a hook has been called, all but the id may be V(null).
  returned: success, and failure after something was started
  type: list
  elements: dict
  sample:
    - id: clcpd1xkq000oc9ojf3e8a7hz
      project_id: clcpcwxbq000ic9ojg6lm0h3a
      environment_id: clcpcx5mb000jc9oj2p4vj8qd
      environment_given_id: production
      is_preview: false
      status: SUCCESS
      repo_url: https://github.com/example/shop
      branch: main
      commit: 3f786850e387550fdab836ed7e6dc881de23001b
      created_at: "2026-11-20 08:15:30.381"
      services:
        - id: clcpd1xl2000qc9oj6dnm1gsw
          status: SUCCESS
          error:
          service_id: clcpcxekt000lc9ojqtgtc26y
          service_given_id: web
          service_name: Web
          service_type: web
          url: https://shop.example.com
      error:
unknown_until_applied:
  description:
    - Keys of the result that only Flightcontrol can fill in; they are V(null) in a prediction. C(changed) is V(true)
      there, and is named here when it may turn out otherwise.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [changed, deployments]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: flightcontrol
    operation: triggerDeployHook
    method: GET
    path: /api/deploy-hook/1234/********
    status: 404
    code: not_found
    platform_code: FC:Request:Error:NOT_FOUND
    request_id:
"""

import os

from ..module_utils._kernel.module import FLAG, STR, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, between
from ..module_utils._flightcontrol import api, deployments, hooks
from ..module_utils._kernel.plan import Change, Plan, Prediction, cached_property

# Options that only one of the two ways knows.
OF_HOOK = ("pr_number", "force")
OF_API = ("project_id", "environment_id", "all_environments", "no_cache")


class DeployClient(deployments.DeploymentsClient, hooks.HooksClient):
    """A hook starts deployments as well as the API does, and both are waited for by the API."""


class Deploy(Operation[DeployClient]):
    def check_input(self) -> None:
        by_api = self.params["repo_url"] is not None
        if by_api and self.params["hook_url"] not in (None, os.environ.get(hooks.HOOK_ENV)):
            raise InvalidInput("hook_url", "hook_url and repo_url are two ways to deploy; give one of them.")
        if not by_api and self.hook is None:
            raise InvalidInput(
                "hook_url",
                f"Neither hook_url nor repo_url is given, and the environment variable {hooks.HOOK_ENV} is not set.",
            )
        for option in OF_HOOK if by_api else OF_API:
            if self.params[option]:
                raise InvalidInput(option, f"{option} goes with {'hook_url' if by_api else 'repo_url'} only.")
        deployments.check_source(self.params)
        if by_api:
            deployments.check_filter(self.params)

    @cached_property
    def hook(self) -> hooks.Hook | None:
        """None where the API deploys."""
        if self.params["repo_url"] is not None or not self.params["hook_url"]:
            return None
        return hooks.Hook("hook_url", self.params["hook_url"], self.client.http.redactor)

    def plan(self) -> Plan:
        names = ("repo_url", "branch", "commit", *OF_HOOK, *OF_API)
        return Plan([Change.create("deploy", {name: self.params[name] for name in names if self.params[name]})])

    def predict(self, plan: Plan) -> Prediction:
        # Without waiting nobody learns that there was nothing to do.
        return Prediction({"deployments": None}, ["changed"] * self.params["wait"] + ["deployments"])

    def apply(self, plan: Plan) -> list[JsonObject]:
        if self.hook is None:
            return deployments.start(self.client, self.params)
        wanted = {name: self.params[name] for name in ("commit", "branch", "pr_number", "force")}
        return [{"deploymentId": self.client.trigger(self.hook, **wanted)}]

    def settle(self, plan: Plan, outcome: list[JsonObject]) -> JsonObject:
        clean = self.client.http.redactor.clean_quote
        found = deployments.awaited(self.client, outcome, self.patience if self.params["wait"] else None, clean)
        return {
            "changed": not deployments.are_unneeded(found),
            "deployments": [deployments.deployment_view(item, clean) for item in found],
        }


def token_needed(params: JsonObject) -> str:
    if params["repo_url"] is not None:
        return "The API needs it; a deploy hook (hook_url) with wait=false does not."
    if params["wait"]:
        return (
            "The deploy hook does not need it, but waiting for the deployment does; with wait=false it is not needed."
        )
    return ""


MODULE = Module(
    Deploy,
    options=dict(
        hook_url=dict(type="str", no_log=True, env=[hooks.HOOK_ENV]),
        repo_url=STR,
        branch=STR,
        commit=STR,
        pr_number=dict(type="int", check=between(1)),
        force=FLAG,
        project_id=api.ID,
        environment_id=api.ID,
        all_environments=FLAG,
        no_cache=FLAG,
        **WAIT_OPTIONS,
    ),
    token_needed=token_needed,
)


if __name__ == "__main__":
    MODULE.run()
