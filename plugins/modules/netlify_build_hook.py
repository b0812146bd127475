#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_build_hook
version_added: 0.1.0
short_description: Create, update and delete a build hook of a Netlify site
description:
  - A build hook is a URL. Whoever sends a C(POST) to it, without any token, lets Netlify build a branch of the site.
  - So the URL is a secret, and the hook's id, from which the URL is made, as well. Neither is returned or told, unless
    O(reveal=true) asks for the URL.
  - A hook is found by its title. Netlify allows several hooks of one title; then the task fails and lists them, and
    O(hook_id) says which one is meant.
  - A run that changes nothing sends one read.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
  state:
    description:
      - Whether the build hook shall exist.
    type: str
    choices: [present, absent]
    default: present
  title:
    description:
      - The title. Together with O(hook_id) the hook of that id gets this title.
    type: str
  hook_id:
    description:
      - Finds the hook by its id, the last part of its URL. It must exist, unless O(state=absent).
      - A secret, as the URL is.
    type: str
  branch:
    description:
      - The branch that is built. A new hook without it builds what Netlify takes, usually the production branch.
    type: str
  draft:
    description:
      - Whether what is built becomes a draft, which has an address of its own only.
    type: bool
  reveal:
    description:
      - Whether the hook's URL is returned, as RV(build_hook.secret). Give such a task C(no_log).
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_build
  - module: webops.paas.netlify_build_hook_info
"""

EXAMPLES = r"""
- name: The editorial system can start a build
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Editorial system
    branch: main

- name: The translators get one, and their URL is at hand as translators.build_hook.secret
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Translators
    branch: next
    draft: true
    reveal: true
  register: translators
  no_log: true

- name: The editorial system must not start builds any more
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Editorial system
    state: absent
"""

RETURN = r"""
build_hook:
  description:
    - The build hook after the task, or as it will be (check mode); V(null) when it does not exist.
  returned: success
  type: dict
  contains:
    secret:
      description:
        - The URL, with O(reveal=true); else V(null).
      type: str
      returned: success
  sample:
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    title: Editorial system
    branch: main
    draft: false
    created_at: "2026-11-20T08:15:30.000Z"
    secret:
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [created_at, draft]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSiteBuildHook
    method: POST
    path: /api/v1/sites/webops-paas-blog.netlify.app/build_hooks
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import FLAG, Field, JsonObject, Module, Resource
from ..module_utils._core.checks import check_not_blank
from ..module_utils._netlify import api, hooks


class BuildHook(Resource[hooks.HooksClient]):
    key = "build_hook"
    fields = {
        "title": Field("str", check=check_not_blank),
        "branch": Field("str", check=check_not_blank),
        "draft": Field("bool"),
    }

    def view(self, state: JsonObject) -> JsonObject:
        return hooks.build_hook_view(state, self.params["reveal"])

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        return {**super().predicted(current, changes), **({} if self.params["reveal"] else {"secret": None})}

    def read(self) -> JsonObject | None:
        return hooks.find_build_hook(self.client, self.params)

    def create(self, wanted: JsonObject) -> JsonObject:
        return self.client.create_build_hook(api.address_of(self.params["site"]), wanted)

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        body = {name: {**self.view(current), **changes}[name] for name in self.fields}
        self.client.update_build_hook(api.address_of(self.params["site"]), current["id"], body)
        return self.read() or current

    def delete(self, current: JsonObject) -> None:
        self.client.delete_build_hook(api.address_of(self.params["site"]), current["id"])


MODULE = Module(
    BuildHook, options=dict(site=api.SITE, hook_id=hooks.SECRET_ID, reveal=FLAG), required_one_of=[("title", "hook_id")]
)


if __name__ == "__main__":
    MODULE.run()
