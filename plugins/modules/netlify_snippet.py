#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippet
version_added: 0.1.0
short_description: Create, change and delete a snippet of a Netlify site
description:
  - Snippets are code that Netlify puts into every page of a site, before the end of its head or body.
  - A snippet is found by its title. Netlify allows several snippets of one title; then the task fails and lists them, and
    O(snippet_id) says which one is meant.
  - Netlify does not document when a change is seen by visitors. Count on the next deploy.
  - M(webops.paas.netlify_snippets) declares all snippets of a site at once.
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
      - Whether the snippet shall exist.
    type: str
    choices: [present, absent]
    default: present
  title:
    description:
      - The title. Together with O(snippet_id) the snippet of that id gets this title.
      - Needed with O(state=absent).
    type: str
  snippet_id:
    description:
      - Finds the snippet by its id, a number from 0. It must exist, unless O(state=absent).
      - After a deletion the ids of the other snippets may change (Netlify does not say). So with O(state=absent) the title, and
        all else that is given here, must be that of the snippet too; otherwise it counts as gone.
    type: int
    aliases: [id]
  general:
    description:
      - The code for all pages. An empty string removes it.
      - It may use the site's metadata, as in C({{ theme }}); in a playbook such a text needs C(!unsafe). See M(webops.paas.netlify_metadata).
    type: str
  general_position:
    description:
      - Where O(general) goes, before the end of the page's head or of its body. New snippets have V(footer).
    type: str
    choices: [head, footer]
  goal:
    description:
      - The code for the page that is shown after a form was sent. An empty string removes it.
    type: str
  goal_position:
    description:
      - Where O(goal) goes. New snippets have V(footer).
    type: str
    choices: [head, footer]
seealso:
  - module: webops.paas.netlify_snippets
  - module: webops.paas.netlify_snippet_info
  - module: webops.paas.netlify_metadata
"""

EXAMPLES = r"""
- name: Visits are counted
  webops.paas.netlify_snippet:
    site: webops-paas-shop
    title: Visitors
    general: <script src="/count.js" async></script>
    general_position: head

- name: The banner of last summer is gone
  webops.paas.netlify_snippet:
    site: webops-paas-shop
    title: Summer sale
    state: absent
"""

RETURN = r"""
snippet:
  description:
    - The snippet after the task, or as it will be (check mode); V(null) when it does not exist.
  returned: success
  type: dict
  sample:
    id: 0
    title: Visitors
    general: <script src="/count.js" async></script>
    general_position: head
    goal:
    goal_position: footer
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id]
error:
  description:
    - What failed, for machines.
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSiteSnippet
    method: POST
    path: /api/v1/sites/webops-paas-shop.netlify.app/snippets
    status: 422
    code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, run_module
from ansible_collections.webops.paas.plugins.module_utils._kernel.reconcile import Field, Resource
from ansible_collections.webops.paas.plugins.module_utils._netlify import api as _netlify
from ansible_collections.webops.paas.plugins.module_utils._netlify import snippets as _snippets


class Snippet(Resource):
    key = "snippet"
    fields = {name: Field() for name in _snippets.FIELDS}

    def check_input(self):
        _netlify.check_site_reference("site", self.params["site"])
        _snippets.check_title("title", self.params["title"])
        if self.params["state"] == "absent" and self.params["title"] is None:
            raise InvalidInput(
                "title",
                "title is needed with state=absent, also beside snippet_id: after a deletion the same id may be another "
                "snippet's, which the next run would delete.",
            )

    def blank(self):
        return _snippets.snippet_view({})

    def predicted(self, current, changes):
        return {**(_snippets.DEFAULTS if current is None else {}), **super().predicted(current, changes)}

    def read(self):
        self.listed = _snippets.listed(self.client, self.params["site"])
        if self.params["snippet_id"] is None:
            return _snippets.the_one(self.listed, self.params["title"])
        found = next((snippet for snippet in self.listed if snippet["id"] == self.params["snippet_id"]), None)
        if self.params["state"] == "absent":
            return found if found is not None and not self._changes(found, self.wanted(found)) else None
        if found is None:
            raise ApiError(
                f"The site {self.params['site']} has no snippet with the id {self.params['snippet_id']}; to create one, give its title alone.",
                platform="netlify",
                operation="listSiteSnippets",
                status=404,
                code="not_found",
            )
        return found

    def create(self, wanted):
        return _snippets.create(self.client, self.params["site"], wanted)

    def update(self, current, changes):
        _snippets.replace(self.client, self.params["site"], current, changes)
        return self.read() or current

    def delete(self, current):
        _snippets.delete(self.client, self.params["site"], current, self.listed)


MODULE = Module(
    Snippet,
    _netlify.NetlifyClient,
    options=dict(
        site=dict(type="str", required=True, aliases=["site_id", "domain"]),
        state=dict(type="str", choices=["present", "absent"], default="present"),
        title=dict(type="str"),
        snippet_id=dict(type="int", aliases=["id"]),
        general=dict(type="str"),
        general_position=dict(type="str", choices=["head", "footer"]),
        goal=dict(type="str"),
        goal_position=dict(type="str", choices=["head", "footer"]),
    ),
    required_one_of=[("title", "snippet_id")],
)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
