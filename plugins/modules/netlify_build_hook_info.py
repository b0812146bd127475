#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_build_hook_info
version_added: 1.0.0
short_description: List the build hooks of a Netlify site
description:
  - Returns the build hooks of a site that match, always as a list.
  - The URL of a build hook starts a build without a token. The URL and the hook ID, which is its last part, are
    secret. The module returns neither, unless O(reveal=true) requests the URL.
  - Sends one request.
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
    type: str
    required: true
    aliases: [site_id, domain]
  title:
    description:
      - Title of the build hooks to return. Several build hooks can have the same title.
      - If it is not specified, the module returns all build hooks of the site.
    type: str
  reveal:
    description:
      - Whether to return the URL of each build hook, as RV(build_hooks[].secret). Set C(no_log) on such a task.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
  - module: webops.paas.netlify_build_hook
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_build_hook_info -a site=webops-paas-blog

- name: List the build hooks of a site
  webops.paas.netlify_build_hook_info:
    site: webops-paas-blog
  register: found

- name: Show which branch each build hook builds
  ansible.builtin.debug:
    msg: "{{ found.build_hooks | items2dict(key_name='title', value_name='branch') }}"

- name: Get the URL of the translators' build hook
  webops.paas.netlify_build_hook_info:
    site: webops-paas-blog
    title: Translators
    reveal: true
  register: translators
  no_log: true
"""

RETURN = r"""
build_hooks:
  description:
    - The build hooks that match; empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    secret:
      description:
        - URL of the build hook if O(reveal=true), otherwise V(null).
      type: str
      returned: success
      sample: https://api.netlify.com/build_hooks/5f9f1c0e8d3b2a0007c1d2e3
  sample:
    - site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      title: Translators
      branch: next
      draft: true
      created_at: "2026-11-20T08:15:30.000Z"
      secret:
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteBuildHooks
    method: GET
    path: /api/v1/sites/webops-paas-blog.netlify.app/build_hooks
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import FLAG, Info, JsonObject, Module
from ..module_utils._core.checks import check_not_blank
from ..module_utils._netlify import api, hooks


class BuildHookInfo(Info[hooks.HooksClient]):
    key = "build_hooks"

    def fetch(self) -> list[JsonObject]:
        title, reveal = self.params["title"], self.params["reveal"]
        found = hooks.build_hooks_of(self.client, self.params["site"])
        return [hooks.build_hook_view(hook, reveal) for hook in found if title in (None, hook.get("title"))]


MODULE = Module(BuildHookInfo, options=dict(site=api.SITE, title=dict(type="str", check=check_not_blank), reveal=FLAG))

if __name__ == "__main__":
    MODULE.run()
