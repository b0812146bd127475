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
  - Brings the declared environment variables of a site, or of a team, to the declared state. Others stay, unless
    O(purge=true).
  - A variable has one value for all deploy contexts, or values for some of them. O(env_vars) is the short form for the
    former, O(variables) has everything. Whatever is declared of a variable, its values are then exactly these.
  - Only what differs is sent, all new variables at once. Where another run came first, the variables are read again and
    what is left is sent.
  - Secret variables cannot be read back. Their contexts and scopes can, and so can their values for the context C(dev),
    and these are compared; for the others see O(update_secrets).
  - A site also gets the variables of its team; the site's own win. This module shows and changes one level only.
  - Builds and functions get a change with the next deploy.
  - A run that changes nothing sends two reads for a site, one for a team.
  - Values are never shown, in results and diffs alike.
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
      - Shows names, contexts, scopes, and whether values change; never values.
  idempotent:
    support: partial
    details:
      - With O(update_secrets=always) secrets are sent each time, since Netlify never answers a secret.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error. Either O(site) or
        O(account_slug).
    type: str
    aliases: [site_id, domain]
  account_slug:
    description:
      - The team whose own variables, shared by its sites, are meant.
    type: str
  env_vars:
    description:
      - Names, each with one value for all contexts.
      - Scopes and secrecy of variables that there are stay as they are; new ones are not secret and get the scopes that
        Netlify gives.
    type: dict
  variables:
    description:
      - Variables with all that they can have. No name may be in O(env_vars) too.
    type: list
    elements: dict
    suboptions:
      key:
        description:
          - The name.
        type: str
        required: true
      value:
        description:
          - One value for all contexts. Either this or O(variables[].values).
        type: raw
      values:
        description:
          - All values that the variable has, each for a context.
        type: list
        elements: dict
        suboptions:
          context:
            description:
              - Where the value holds. V(dev) is for local development, V(branch) for the one branch
                O(variables[].values[].branch).
            type: str
            choices: [all, dev, dev-server, branch-deploy, deploy-preview, production, branch]
            required: true
          branch:
            description:
              - The branch, with O(variables[].values[].context=branch) and with no other. Netlify's API calls it
                C(context_parameter).
            type: str
          value:
            description:
              - The value.
            type: raw
            required: true
      scopes:
        description:
          - Who gets the variable. Netlify spells the last one in two ways; both mean the same.
          - Granular scopes depend on the plan. Other plans refuse each request that names scopes, so all four of a
            variable that has them already, or that is new, are not sent. Secrets are an exception, see below.
          - If not given, they stay as they are. New variables get all four, and new secrets V(builds), V(functions) and
            V(runtime), which must be sent on every plan.
        type: list
        elements: str
        choices: [builds, functions, runtime, post-processing, post_processing]
      is_secret:
        description:
          - Whether the variable is a secret. Builds and functions get its values, and nobody can read them, except
            those of the context V(dev).
          - Declare O(variables[].values) for explicit contexts such as V(production), V(deploy-preview) and
            V(branch-deploy). Netlify's command line client refuses secrets in the contexts V(all) and V(dev); other
            sources show them.
          - If not given, it stays as it is; new variables are not secrets.
        type: bool
  update_secrets:
    description:
      - With V(on_create) the values of a secret variable are sent when it is new, or when something of it differs that
        can be read.
      - With V(always) they are sent in each run, and the task always reports a change.
    type: str
    choices: [always, on_create]
    default: on_create
  absent:
    description:
      - Names of variables that shall not be there.
    type: list
    elements: str
  purge:
    description:
      - Whether variables that are not declared are removed.
    type: bool
    default: false
  protect:
    description:
      - Names of variables that O(purge) leaves alone.
    type: list
    elements: str
seealso:
  - module: webops.paas.netlify_site
"""

EXAMPLES = r"""
- name: What the shop's builds need
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

- name: What would go if only these were to be there
  webops.paas.netlify_env_vars:
    site: webops-paas-shop
    env_vars:
      NODE_VERSION: "22"
    purge: true
    protect:
      - API_TOKEN
  check_mode: true
  diff: true

- name: Whose token this is
  webops.paas.netlify_user_info:
  register: me

- name: What all sites of the team share
  webops.paas.netlify_env_vars:
    account_slug: "{{ me.accounts[0].slug }}"
    env_vars:
      TZ: Europe/Berlin
"""

RETURN = r"""
env_vars:
  description:
    - What became of the variables, or will (check mode), by their names; never their values.
  returned: success
  type: dict
  contains:
    account_slug:
      description: The team.
      type: str
    site_id:
      description: The site's id, V(null) for the variables of a team.
      type: str
    added:
      description: Names that were not there before.
      type: list
      elements: str
    changed:
      description: Names of which something was sent, since it differed, or was a secret.
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
  sample:
    account_slug: my-team
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    added: [API_TOKEN]
    changed: [API_URL]
    removed: []
    names: [API_TOKEN, API_URL, NODE_VERSION]
unknown_until_applied:
  description:
    - Keys of the result that are not known yet; they are V(null) in a prediction.
  returned: in check mode, as long as the site does not exist
  type: list
  elements: str
  sample: [site_id]
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import FLAG, STR, STRS, ApiError, Collection, InvalidInput, JsonObject, Module
from ..module_utils._core import variables
from ..module_utils._core.checks import check_disjoint
from ..module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, cached_property
from ..module_utils._netlify import api, env

Variables = dict[str, env.Variable]


class EnvVars(Collection[env.EnvClient, env.Variable]):
    """The parent is {account, site_id}: a site, or a team where site_id is None."""

    def check_input(self) -> None:
        if self.params["site"] is None and not self.params["account_slug"].strip():
            raise InvalidInput("account_slug", "account_slug must be the slug of a team, and is empty.")
        variables.check_names("absent", self.absent)
        variables.check_names("protect", self.protected)
        if not self.declared and not self.purge and self.params["absent"] is None:
            raise InvalidInput("env_vars", "env_vars, variables, absent or purge=true is needed: nothing is declared.")
        check_disjoint(self.declared, self.absent, "env_vars or variables")
        texts = [text for variable in self.declared.values() for text in variable.values.values()]
        self.client.http.redactor.add_quoted(*variables.secrets(texts))

    @cached_property
    def declared(self) -> Variables:
        return env.declared(self.params, self.warn)

    def parent(self) -> JsonObject:
        if self.params["site"] is None:
            return {"account": self.params["account_slug"], "site_id": None}
        site = self.client.require_site(self.params["site"])
        return {"account": site["account_slug"], "site_id": site["id"]}

    def new_parent(self) -> JsonObject:
        return {"account": UNKNOWN, "site_id": UNKNOWN}

    def read(self, parent: JsonObject) -> Variables:
        with api.below_team(self.params["account_slug"]):
            return env.by_key(self.client.list_env_vars(**parent))

    def differs(self, found: env.Variable, wanted: env.Variable) -> bool:
        return wanted.differs(found)

    def must_send(self, found: env.Variable, wanted: env.Variable) -> bool:
        return self.params["update_secrets"] == "always" and bool(found.is_secret)

    def after(self, found: env.Variable | None, wanted: env.Variable) -> env.Variable:
        return wanted.beside(found)

    def batch(self, changes: list[Change]) -> list[Change]:
        """New variables are created by one request."""
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
        before, after = change.before, change.after
        is_new = before is None or after is not None and after.values != before.values
        return before and before.shown(SECRET_BEFORE), after and after.shown(SECRET_AFTER if is_new else SECRET_BEFORE)

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
