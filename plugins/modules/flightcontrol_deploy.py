#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flightcontrol_deploy
version_added: 0.1.0
short_description: Deploy a Flightcontrol environment
description:
  - Starts a deployment and waits until all of its services are deployed.
  - With O(hook_url), the module calls the deploy hook of an environment or of preview environments. With O(repo_url),
    it starts deployments of the environments of a repository through the API.
  - The module never starts a deployment twice. If the response is lost, the deployment may have been started, and the
    API offers no way to find out. The task then fails and does not retry the request.
  - Flightcontrol decides whether there is something to deploy, and reports it with the status V(NO_CHANGE) after the
    deployment was started. Therefore check mode always predicts a change. Check mode sends no request.
  - Each run sends one request to start deployments, and with O(wait=true) polls each of them.
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
      - Always predicts a change. RV(unknown_until_applied) contains C(changed) if the deployment may find nothing to
        deploy.
  diff_mode:
    support: full
    details:
      - Shows the requested deployment, not the differences.
  idempotent:
    support: none
    details:
      - Each run starts a deployment. With O(wait=true), a deployment that ends with V(NO_CHANGE) is reported as
        unchanged.
author:
  - webops.paas contributors (@webops-paas)
options:
  token:
    description:
      - API key of the organization in Flightcontrol. Required for O(repo_url) and O(wait=true), but not for calling a
        deploy hook.
      - If not set, the value of the environment variable E(FLIGHTCONTROL_API_KEY) is used.
    type: str
    aliases: [api_key, auth_token]
  hook_url:
    description:
      - URL of a deploy hook from the dashboard. The URL is a secret and is never shown.
      - If neither O(hook_url) nor O(repo_url) is set, the value of the environment variable
        E(FLIGHTCONTROL_DEPLOY_HOOK_URL) is used.
    type: str
  repo_url:
    description:
      - URL of the repository whose environments are deployed through the API.
      - Requires O(branch), and one of O(project_id), O(environment_id) and O(all_environments=true).
    type: str
  branch:
    description:
      - Name of the branch to deploy.
      - With O(hook_url), the default is the default branch of the repository, which can differ from the branch of the
        environment.
    type: str
  commit:
    description:
      - SHA of the commit to deploy. The default is the latest commit of the branch.
      - Requires O(branch) or O(pr_number).
    type: str
  pr_number:
    description:
      - Number of the pull request whose preview environment is deployed. Requires O(commit), and the hook of preview
        environments in O(hook_url).
      - B(Preview:) This form of the hook is known only from an OpenAPI description that a third party publishes.
    type: int
  force:
    description:
      - Whether to deploy all services regardless of their C(watchPaths). Requires O(hook_url).
    type: bool
    default: false
  project_id:
    description:
      - ID of the project whose environments are deployed. Requires O(repo_url).
    type: str
  environment_id:
    description:
      - ID of the environment to deploy. Requires O(repo_url).
    type: str
  all_environments:
    description:
      - Whether to deploy every environment of the repository, in all projects. Requires O(repo_url).
      - Flightcontrol does this whenever a request has no filter. The module only does it on explicit request.
    type: bool
    default: false
  no_cache:
    description:
      - Whether to build without the build cache. Requires O(repo_url).
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the deployments have finished. If a service fails, the task fails, and its result contains
        RV(deployments).
    type: bool
    default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.flightcontrol_guide
    description: Recipes for Flightcontrol.
  - module: webops.paas.flightcontrol_deployment_info
  - module: webops.paas.flightcontrol_env_vars
  - module: webops.paas.flightcontrol_invalidation
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.flightcontrol_deploy -a branch=main

- name: Deploy the branch with the hook in FLIGHTCONTROL_DEPLOY_HOOK_URL
  webops.paas.flightcontrol_deploy:
    branch: main
    force: true
  register: release

- name: Deploy the same commit again through the API, without the build cache and without waiting
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
    - Deployments that were started, with their services. An environment that could not be deployed has an entry with
      C(error) and without an ID. A deploy hook starts one deployment. V(null) in check mode.
    - With O(wait=false) and O(hook_url), only the ID is known, and all other keys can be V(null).
    - If the task stops waiting, they are as they were last read, with the status of each service.
    - The C(error) of a service is the reason why it failed. The API returns no logs and no links to logs.
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
    - Keys of the result whose values only Flightcontrol can provide. They are V(null) in check mode.
    - C(changed) is V(true) in check mode. It is listed here if the deployment may find nothing to deploy.
  returned: in check mode
  type: list
  elements: str
  sample: [changed, deployments]
error:
  description:
    - Machine-readable details of the failure.
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

# Options of one of the two ways to deploy.
OF_HOOK = ("pr_number", "force")
OF_API = ("project_id", "environment_id", "all_environments", "no_cache")


class DeployClient(deployments.DeploymentsClient, hooks.HooksClient):
    """Starts deployments by a hook or by the API, and waits for either by the API."""


class Deploy(Operation[DeployClient]):
    def check_input(self) -> None:
        by_api = self.params["repo_url"] is not None
        if by_api and self.params["hook_url"] not in (None, os.environ.get(hooks.HOOK_ENV)):
            raise InvalidInput("hook_url", "`hook_url` and `repo_url` are mutually exclusive.")
        if not by_api and self.hook is None:
            raise InvalidInput(
                "hook_url",
                "One of `hook_url` and `repo_url` is required. "
                f"The environment variable {hooks.HOOK_ENV} can set `hook_url`.",
            )
        for option in OF_HOOK if by_api else OF_API:
            if self.params[option]:
                raise InvalidInput(option, f"`{option}` requires `{'hook_url' if by_api else 'repo_url'}`.")
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
        # Without waiting, it is never known that there was nothing to deploy.
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
        return "It is required with `repo_url`. To call a deploy hook without it, set `hook_url` and `wait: false`."
    if params["wait"]:
        return "It is required with `wait: true`. To call the deploy hook without it, set `wait: false`."
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
