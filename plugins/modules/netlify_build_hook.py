#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_build_hook
version_added: 0.1.0
short_description: Manage build hooks of a Netlify site
description:
  - Creates, updates and deletes a build hook. A build hook is a URL. A C(POST) request to this URL builds a branch of
    the site and does not need a token.
  - The URL and the hook ID, which is its last part, are secret. The module returns neither, unless O(reveal=true)
    requests the URL.
  - The module finds a build hook by its title. If several have the same title, the task fails and lists them. Select
    one of them with O(hook_id).
  - A converged run sends one request.
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
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  state:
    description:
      - Whether the build hook should exist.
    type: str
    choices: [present, absent]
    default: present
  title:
    description:
      - Title of the build hook. With O(hook_id), the hook with that ID gets this title.
      - Either O(title) or O(hook_id) is required.
    type: str
  hook_id:
    description:
      - ID of the build hook, which is the last part of its URL. The task fails if the hook does not exist, unless
        O(state=absent).
      - Keep the ID secret, like the URL.
    type: str
  branch:
    description:
      - Name of the branch to build. If it is not set, an existing build hook keeps its branch, and Netlify chooses the
        branch of a new one, usually the production branch.
    type: str
  draft:
    description:
      - Whether the build hook creates drafts, which are served only at their own URL.
      - B(Preview:) It is known only from the API description in Netlify's Terraform provider.
    type: bool
  reveal:
    description:
      - Whether to return the URL as RV(build_hook.secret). Set C(no_log) on such a task.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
  - module: webops.paas.netlify_build
  - module: webops.paas.netlify_build_hook_info
"""

EXAMPLES = r"""
# Delete a build hook from the command line:
# ansible localhost -m webops.paas.netlify_build_hook -a "site=webops-paas-blog title=Translators state=absent"

- name: Create a build hook for the editorial system
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Editorial system
    branch: main

- name: Create a build hook for the translators and get its URL as translators.build_hook.secret
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Translators
    branch: next
    draft: true
    reveal: true
  register: translators
  no_log: true

- name: Delete the build hook of the editorial system
  webops.paas.netlify_build_hook:
    site: webops-paas-blog
    title: Editorial system
    state: absent
"""

RETURN = r"""
build_hook:
  description:
    - The build hook after the task, or the predicted one in check mode; V(null) if it does not exist.
  returned: success
  type: dict
  contains:
    secret:
      description:
        - URL of the build hook if O(reveal=true), otherwise V(null).
      type: str
      returned: success
      sample: https://api.netlify.com/build_hooks/5f9f1c0e8d3b2a0007c1d2e3
  sample:
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    title: Editorial system
    branch: main
    draft: false
    created_at: "2026-11-20T08:15:30.000Z"
    secret:
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [created_at, draft]
error:
  description:
    - Machine-readable details of the failure.
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
    members = hooks.BUILD_HOOKS
    named_by = ("title", "hook_id")
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

    def alike(self) -> list[JsonObject]:
        return hooks.build_hooks_alike(self.client, self.params)

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
