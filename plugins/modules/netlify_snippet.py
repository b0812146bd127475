#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippet
version_added: 0.1.0
short_description: Create, update and delete a snippet of a Netlify site
description:
  - Snippets are code that Netlify puts into every page of a site, before the end of its head or body.
  - A snippet is found by its title. Netlify allows several snippets of one title; then the task fails and lists them,
    and O(snippet_id) says which one is meant.
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
      - After a deletion the ids of the other snippets may change (Netlify does not say). So with O(state=absent) the
        title, and all else that is given here, must be that of the snippet too; otherwise it counts as gone.
    type: int
    aliases: [id]
  general:
    description:
      - The code for all pages. An empty string removes it.
      - It may use the site's metadata, as in C({{ theme }}); in a playbook such a text needs C(!unsafe). See
        M(webops.paas.netlify_metadata).
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
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSiteSnippet
    method: POST
    path: /api/v1/sites/webops-paas-shop.netlify.app/snippets
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, InvalidInput, JsonObject, Module, Resource, between
from ..module_utils._netlify import api, snippets


class Snippet(Resource[snippets.SnippetsClient]):
    """The state has the snippet's siblings too: what deletes it must see whether another one took its id."""

    key = "snippet"
    of_new = snippets.DEFAULTS
    fields = {name: Field(**option) for name, option in snippets.OPTIONS.items()}

    def check_input(self) -> None:
        if self.params["state"] == "absent" and self.params["title"] is None:
            raise InvalidInput(
                "title",
                "title is needed with state=absent, also beside snippet_id: after a deletion the same id may be "
                "another snippet's, which the next run would delete.",
            )

    def view(self, state: JsonObject) -> JsonObject:
        return snippets.snippet_view(state)

    def read(self) -> JsonObject | None:
        found, is_absent = snippets.find(self.client, self.params), self.params["state"] == "absent"
        is_another = is_absent and found and self.params["snippet_id"] is not None and self.differing(found)
        return None if is_another else found

    def create(self, wanted: JsonObject) -> JsonObject:
        return snippets.create(self.client, self.params["site"], wanted)

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        snippets.replace(self.client, self.params["site"], {**current, **changes})
        return self.read() or current

    def delete(self, current: JsonObject) -> None:
        snippets.delete(self.client, self.params["site"], current, current["siblings"])


MODULE = Module(
    Snippet,
    options=dict(site=api.SITE, snippet_id=dict(type="int", aliases=["id"], own_id=True, check=between(0))),
    required_one_of=[("title", "snippet_id")],
)


if __name__ == "__main__":
    MODULE.run()
