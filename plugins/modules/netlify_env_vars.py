#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_env_vars
version_added: 0.1.0
short_description: Manage environment variables of a Netlify site or team
description:
  - Creates, updates and removes environment variables of a site or a team. Variables that are not declared are not
    changed, unless O(purge=true).
  - A variable has one value for all deploy contexts, or one value for each of several contexts. Use O(env_vars) for one
    value, and O(variables) for everything else. A declared variable then has exactly the declared values.
  - Only what differs is sent, and all new variables with one request. If another run changes the variables at the same
    time, the module reads them again and sends what still differs.
  - The values of secret variables cannot be read, except those for the context C(dev). The module compares these, the
    contexts and the scopes. To send the other values again, see O(update_secrets).
  - A site also gets the variables of its team. A variable of the site takes precedence. The module manages and returns
    only one of the two levels.
  - Builds and functions see a change after the next deploy.
  - Values never appear in results or diffs.
  - A converged run sends two requests for a site, or one for a team.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.quoting
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows names, contexts, scopes, and whether values change, but never the values.
  idempotent:
    support: partial
    details:
      - With O(update_secrets=always), every run sends the secrets, because Netlify never returns a secret.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
      - Either O(site) or O(account_slug) is required.
    type: str
    aliases: [site_id, domain]
  account_slug:
    description:
      - Slug of the team whose own variables to manage. The sites of the team share them.
    type: str
  env_vars:
    description:
      - Names and values of variables. Each value applies to all contexts.
      - Existing variables keep their scopes, and stay secret or not secret. New variables are not secret and get the
        default scopes of Netlify.
    type: dict
  variables:
    description:
      - Variables with all their properties. A name must not be in O(env_vars) too.
    type: list
    elements: dict
    suboptions:
      key:
        description:
          - Name of the variable.
        type: str
        required: true
      value:
        description:
          - Value for all contexts. Either this or O(variables[].values) is required.
        type: raw
      values:
        description:
          - All values of the variable, one for each context.
        type: list
        elements: dict
        suboptions:
          context:
            description:
              - Deploy context of the value. V(dev) is local development, V(branch) is the branch
                O(variables[].values[].branch).
            type: str
            choices: [all, dev, dev-server, branch-deploy, deploy-preview, production, branch]
            required: true
          branch:
            description:
              - Name of the branch. Required with O(variables[].values[].context=branch), and not allowed otherwise.
                Netlify's API calls it C(context_parameter).
            type: str
          value:
            description:
              - Value in this context.
            type: raw
            required: true
      scopes:
        description:
          - Where the variable is available. V(post-processing) and V(post_processing) mean the same, because Netlify
            uses both spellings.
          - Only some plans support scopes. Other plans refuse each request that contains scopes. The module therefore
            does not send all four scopes if the variable is new or already has all four. Secrets are an exception.
          - If it is not set, an existing variable keeps its scopes, and a new one gets all four. A new secret gets
            V(builds), V(functions) and V(runtime), which must be sent on every plan.
        type: list
        elements: str
        choices: [builds, functions, runtime, post-processing, post_processing]
      is_secret:
        description:
          - Whether the variable is a secret. Only builds and functions can read the values of a secret. Values for the
            context V(dev) stay readable.
          - Declare O(variables[].values) for explicit contexts such as V(production), V(deploy-preview) and
            V(branch-deploy). Netlify's command line client refuses secrets in the contexts V(all) and V(dev), but other
            sources show them.
          - If it is not set, an existing variable stays secret or not secret, and a new one is not secret.
        type: bool
  update_secrets:
    description:
      - When to send the values of secrets.
      - V(on_create) sends them if the variable is new, or if anything differs that can be read.
      - V(always) sends them in every run, and the task always reports a change.
    type: str
    choices: [always, on_create]
    default: on_create
  absent:
    description:
      - Names of variables that should not exist.
    type: list
    elements: str
  purge:
    description:
      - Whether to remove all variables that are not declared.
    type: bool
    default: false
  protect:
    description:
      - Names of variables that O(purge) does not remove.
    type: list
    elements: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_env_vars_guide
    description: Recipes for environment variables, secrets and scopes.
  - module: webops.paas.netlify_site
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_build
"""

EXAMPLES = r"""
# Remove a variable from the command line:
# ansible localhost -m webops.paas.netlify_env_vars -a "site=webops-paas-shop absent=OLD_API_URL"

- name: Set the environment variables of the shop
  webops.paas.netlify_env_vars:
    site: webops-paas-shop
    env_vars:
      NODE_VERSION: "22"
      FEATURE_CHECKOUT: "true"
    variables:
      - key: API_URL
        values:
          - context: production
            value: https://api.example.com
          - context: deploy-preview
            value: https://api.staging.example.com
          - context: branch
            branch: next
            value: https://api.next.example.com
      - key: API_TOKEN
        values:
          - context: production
            value: "{{ vault_api_token | default('an example') }}"
          - context: deploy-preview
            value: "{{ vault_staging_token | default('an example') }}"
        is_secret: true
    absent:
      - OLD_API_URL

- name: Show which variables a purge would remove
  webops.paas.netlify_env_vars:
    site: webops-paas-shop
    env_vars:
      NODE_VERSION: "22"
    purge: true
    protect:
      - API_TOKEN
  check_mode: true
  diff: true
  register: purge

- name: Get the teams of the token
  webops.paas.netlify_user_info:
  register: me

- name: Set the time zone of all sites of the team
  webops.paas.netlify_env_vars:
    account_slug: "{{ me.accounts[0].slug }}"
    env_vars:
      TZ: Europe/Berlin
"""

RETURN = r"""
env_vars:
  description:
    - Names of the variables that the task changed, or would change in check mode. Values are never returned.
  returned: success
  type: dict
  contains:
    account_slug:
      description: Slug of the team.
      type: str
      sample: my-team
    site_id:
      description: ID of the site; V(null) for the variables of a team.
      type: str
      sample: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    added:
      description: Names of the new variables.
      type: list
      elements: str
      sample: [API_TOKEN]
    changed:
      description: Names of the existing variables that were sent because they differ, or because they are secrets.
      type: list
      elements: str
      sample: [API_URL]
    removed:
      description: Names of the removed variables.
      type: list
      elements: str
      sample: [OLD_API_URL]
    names:
      description: Names of all variables after the task.
      type: list
      elements: str
      sample: [API_TOKEN, API_URL, NODE_VERSION]
  sample:
    account_slug: my-team
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    added: [API_TOKEN]
    changed: [API_URL]
    removed: [OLD_API_URL]
    names: [API_TOKEN, API_URL, NODE_VERSION]
unknown_until_applied:
  description:
    - Keys of the result that are not known yet. They are V(null) in check mode.
  returned: in check mode, if the site does not exist yet
  type: list
  elements: str
  sample: [site_id]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createEnvVars
    method: POST
    path: /api/v1/accounts/my-team/env
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Collection as Keys

from ..module_utils._kernel.module import FLAG, STR, STRS, ApiError, InvalidInput, JsonObject, Module
from ..module_utils._core import variables
from ..module_utils._core.checks import check_disjoint
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, cached_property
from ..module_utils._netlify import api, env

Variables = dict[str, env.Variable]


class EnvVars(Collection[env.EnvClient, env.Variable]):
    """The parent is {account, site_id}: a site, or a team where site_id is None."""

    members = env.ENV_VARS

    def check_input(self) -> None:
        env.check_team(self.params)
        variables.check_names("absent", self.absent)
        variables.check_names("protect", self.protected)
        if not self.declared and not self.purge and self.params["absent"] is None:
            raise InvalidInput("env_vars", "One of `env_vars`, `variables`, `absent` and `purge: true` is required.")
        check_disjoint(self.declared, self.absent, "`env_vars` or `variables`")
        texts = [text for variable in self.declared.values() for text in variable.values.values()]
        self.client.http.redactor.add_quoted(*variables.secrets(texts))

    @cached_property
    def declared(self) -> Variables:
        return env.declared(self.params, self.warn)

    def parent(self) -> JsonObject:
        return env.owner_of(self.client, self.params)

    def new_parent(self) -> JsonObject:
        return {"account": UNKNOWN, "site_id": UNKNOWN}

    def read(self, parent: JsonObject) -> Variables:
        return env.variables_of(self.client, parent, self.params["account_slug"])

    def differs(self, found: env.Variable, wanted: env.Variable) -> bool:
        return wanted.differs(found)

    def must_send(self, found: env.Variable, wanted: env.Variable) -> bool:
        return self.params["update_secrets"] == "always" and bool(found.is_secret)

    def after(self, found: env.Variable | None, wanted: env.Variable) -> env.Variable:
        return wanted.beside(found)

    def batch(self, changes: list[Change]) -> list[Change]:
        """One request creates all new variables."""
        return [change for change in changes if change.action == "create"] or changes[:1]

    def write(self, parent: JsonObject, members: Variables, changes: list[Change]) -> Variables:
        key, bodies = (
            changes[0].key,
            [self.declared[change.key].body(change.before) for change in changes if change.after],
        )
        try:
            if changes[0].action == "create":
                return {**members, **env.by_key(self.client.create_env_vars(variables=bodies, **parent))}
            if changes[0].action == "update":
                row = self.client.update_env_var(key=key, variable=bodies[0], **parent)
                return {**members, **env.by_key([row])}
            self.client.delete_env_var(key=key, **parent)
            return self.applied(members, changes)
        except ApiError as error:
            raise env.explained(error, bodies) from None

    def shown(self, change: Change) -> tuple[JsonObject | None, JsonObject | None]:
        former = change.before.values if change.before else {}
        return change.before and change.before.shown(former), change.after and change.after.shown(former)

    def result(self, plan: Plan, members: Keys[str]) -> JsonObject:
        return {
            "env_vars": {
                "account_slug": plan.parent["account"],
                "site_id": plan.parent["site_id"],
                **self.names(plan, members),
            }
        }


MODULE = Module(
    EnvVars,
    options=dict(
        site=dict(api.SITE, required=False),
        account_slug=STR,
        env_vars=dict(type="dict", no_log=True, mask=variables.masked),
        variables=dict(type="list", elements="dict", no_log=True, mask=env.masked, **env.OPTION),
        update_secrets=dict(type="str", choices=["always", "on_create"], default="on_create", no_log=False),
        absent=STRS,
        purge=FLAG,
        protect=STRS,
    ),
    required_one_of=[("site", "account_slug")],
    mutually_exclusive=[("site", "account_slug")],
)


if __name__ == "__main__":
    MODULE.run()
