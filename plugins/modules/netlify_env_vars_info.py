#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_env_vars_info
version_added: 1.0.0
short_description: List environment variables of a Netlify site or team
description:
  - Returns the environment variables of a site or a team that match, with their contexts and scopes, always as a list.
  - The module returns values only with O(reveal=true).
  - A site also gets the variables of its team. The module returns only one of the two levels.
  - Sends two requests for a site, or one for a team.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
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
      - Slug of the team whose own variables to return. The sites of the team share them.
    type: str
  names:
    description:
      - Names of the variables to return.
      - If it is not specified, the module returns all variables.
    type: list
    elements: str
  reveal:
    description:
      - Whether to return values, as RV(env_vars[].contexts[].value). Set C(no_log) on such a task.
      - Of a secret, Netlify returns only the value for the context V(dev).
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_env_vars
  - ref: ansible_collections.webops.paas.docsite.netlify_env_vars_guide
    description: Recipes for environment variables, secrets and scopes.
"""

EXAMPLES = r"""
# Show the variables of a site from the command line:
# ansible localhost -m webops.paas.netlify_env_vars_info -a site=webops-paas-shop

- name: List the environment variables of the shop
  webops.paas.netlify_env_vars_info:
    site: webops-paas-shop
  register: found

- name: Show which variables are secret
  ansible.builtin.debug:
    msg: "{{ found.env_vars | selectattr('is_secret') | map(attribute='key') }}"

- name: Get the values of one variable
  webops.paas.netlify_env_vars_info:
    site: webops-paas-shop
    names: [API_URL]
    reveal: true
  register: api_url
  no_log: true
"""

RETURN = r"""
env_vars:
  description:
    - The variables that match, sorted by C(key); empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: Name of the variable.
      type: str
      sample: API_URL
    is_secret:
      description: Whether the variable is a secret.
      type: bool
      sample: false
    scopes:
      description: Where the variable is available.
      type: list
      elements: str
      sample: [builds, functions, runtime, post-processing]
    contexts:
      description: The deploy contexts in which the variable has a value.
      type: list
      elements: dict
      contains:
        context:
          description: Deploy context of the value; V(all) if the variable has one value for all contexts.
          type: str
          sample: production
        branch:
          description: Name of the branch if C(context) is V(branch), otherwise V(null).
          type: str
          sample: next
        value:
          description: The value if O(reveal=true) and Netlify returns it, otherwise V(null).
          type: str
          sample: https://api.example.com
  sample:
    - key: API_URL
      is_secret: false
      scopes: [builds, functions, runtime, post-processing]
      contexts:
        - context: branch
          branch: next
          value:
        - context: production
          branch:
          value:
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: getEnvVars
    method: GET
    path: /api/v1/accounts/my-team/env
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import FLAG, STR, STRS, Info, JsonObject, Module
from ..module_utils._core import variables
from ..module_utils._netlify import api, env


class EnvVarsInfo(Info[env.EnvClient]):
    key = "env_vars"

    def check_input(self) -> None:
        env.check_team(self.params)
        variables.check_names("names", self.params["names"] or [])

    def fetch(self) -> list[JsonObject]:
        found = env.variables_of(self.client, env.owner_of(self.client, self.params), self.params["account_slug"])
        names = found if self.params["names"] is None else self.params["names"]
        return [found[name].view(self.params["reveal"]) for name in sorted(found) if name in names]


MODULE = Module(
    EnvVarsInfo,
    options=dict(site=dict(api.SITE, required=False), account_slug=STR, names=STRS, reveal=FLAG),
    required_one_of=[("site", "account_slug")],
    mutually_exclusive=[("site", "account_slug")],
)


if __name__ == "__main__":
    MODULE.run()
