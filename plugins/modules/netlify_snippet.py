#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippet
version_added: 0.1.0
short_description: Manage a snippet of a Netlify site
description:
  - Creates, updates and deletes a snippet. Snippets are code that Netlify inserts into every page of a site, before the
    end of its head or body.
  - A snippet is identified by its title. Netlify allows several snippets with the same title. The task then fails and
    lists them. Use O(snippet_id) to select one of them.
  - Netlify does not document when visitors see a change. It may take the next deploy.
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
      - Whether the snippet should exist.
    type: str
    choices: [present, absent]
    default: present
  title:
    description:
      - Title of the snippet. Together with O(snippet_id), it is the title to set.
      - Required with O(state=absent).
    type: str
  snippet_id:
    description:
      - ID of the snippet, a number from 0. The snippet must exist unless O(state=absent).
      - After a deletion, Netlify may assign other IDs to the remaining snippets. Therefore, O(state=absent) deletes the
        snippet only if its title and all other given settings match, too.
    type: int
    aliases: [id]
  general:
    description:
      - Code for all pages. An empty string removes it.
      - It can use the site's metadata, for example C({{ theme }}). In a playbook, mark such a text with C(!unsafe), so
        that Ansible does not replace it. See M(webops.paas.netlify_metadata).
    type: str
  general_position:
    description:
      - Where O(general) is inserted, before the end of the head or of the body (V(footer)). The default for new
        snippets is V(footer).
    type: str
    choices: [head, footer]
  goal:
    description:
      - Code for the page that follows a submitted form. An empty string removes it.
    type: str
  goal_position:
    description:
      - Where O(goal) is inserted. The default for new snippets is V(footer).
    type: str
    choices: [head, footer]
seealso:
  - module: webops.paas.netlify_snippets
    description: Manage all snippets of a site in one task.
  - module: webops.paas.netlify_snippet_info
  - module: webops.paas.netlify_metadata
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_snippet \
#   -a 'site=webops-paas-shop title=Visitors state=absent' --check

- name: Count visits
  webops.paas.netlify_snippet:
    site: webops-paas-shop
    title: Visitors
    general: <script src="/count.js" async></script>
    general_position: head

- name: Preview a banner
  webops.paas.netlify_snippet:
    site: webops-paas-shop
    title: Winter sale
    general: <p>Everything at half price</p>
  check_mode: true
  diff: true
  register: preview

- name: Remove the banners of last year
  webops.paas.netlify_snippet:
    site: webops-paas-shop
    title: "{{ item }}"
    state: absent
  loop: [Easter sale, Summer sale]
"""

RETURN = r"""
snippet:
  description:
    - The snippet after the task, or the predicted one in check mode. V(null) if it does not exist.
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
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id]
error:
  description:
    - Machine-readable details of the failure.
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
    """The state includes the snippet's siblings: a deletion must detect whether another one took over its ID."""

    key = "snippet"
    members = snippets.SNIPPETS
    in_turn = True
    named_by = ("title", "snippet_id")
    of_new = snippets.DEFAULTS
    fields = {name: Field(**option) for name, option in snippets.OPTIONS.items()}

    def check_input(self) -> None:
        if self.params["state"] == "absent" and self.params["title"] is None:
            raise InvalidInput(
                "title",
                "`title` is required with `state: absent`, even if `snippet_id` is set. After a deletion, another "
                "snippet may get the same ID, and the next run would delete that one.",
            )

    def view(self, state: JsonObject) -> JsonObject:
        return snippets.snippet_view(state)

    def read(self) -> JsonObject | None:
        found, is_absent = snippets.find(self.client, self.params), self.params["state"] == "absent"
        is_another = is_absent and found and self.params["snippet_id"] is not None and self.differing(found)
        return None if is_another else found

    def alike(self) -> list[JsonObject]:
        return snippets.alike(snippets.listed(self.client, self.params["site"]), self.params["title"])

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
