#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippets
version_added: 0.1.0
short_description: Manage all snippets of a Netlify site in one task
description:
  - Creates, updates and deletes snippets, code that Netlify inserts into every page of a site. To manage a single
    snippet, use M(webops.paas.netlify_snippet).
  - Snippets are identified by their titles. Netlify allows several snippets with the same title. If a title in
    O(snippets) is ambiguous, the task fails and lists the snippets, unless O(purge=true).
  - Deletions may change the IDs of the remaining snippets. Therefore, the module makes one change at a time, reads the
    snippets again after each, and deletes last, beginning with the highest ID.
  - A converged run sends one request, regardless of the number of snippets.
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
    details:
      - The diff shows only snippets that change.
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
  snippets:
    description:
      - Snippets that the site should have, in any order. Settings that are omitted do not change.
    type: list
    elements: dict
    required: true
    suboptions:
      title:
        description:
          - Title of the snippet, which identifies it. Each title must occur only once.
        type: str
        required: true
      general:
        description:
          - Code for all pages. An empty string removes it.
          - It can use the site's metadata, for example C({{ theme }}). In a playbook, mark such a text with C(!unsafe),
            so that Ansible does not replace it. See M(webops.paas.netlify_metadata).
        type: str
      general_position:
        description:
          - Where O(snippets[].general) is inserted, before the end of the head or of the body (V(footer)). The default
            for new snippets is V(footer).
        type: str
        choices: [head, footer]
      goal:
        description:
          - Code for the page that follows a submitted form. An empty string removes it.
        type: str
      goal_position:
        description:
          - Where O(snippets[].goal) is inserted. The default for new snippets is V(footer).
        type: str
        choices: [head, footer]
  purge:
    description:
      - Whether to delete all other snippets of the site. If several snippets have the same title, one of them remains.
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_snippet
  - module: webops.paas.netlify_snippet_info
  - module: webops.paas.netlify_metadata
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_snippets \
#   -a '{"site": "webops-paas-shop", "snippets": [], "purge": true}' --check

- name: Set the snippets of the shop and delete all others
  webops.paas.netlify_snippets:
    site: webops-paas-shop
    purge: true
    snippets:
      - title: Visitors
        general: <script src="/count.js" async></script>
        general_position: head
      - title: Imprint
        general: <footer>Example Ltd</footer>

- name: Preview the deletion of all snippets
  webops.paas.netlify_snippets:
    site: webops-paas-shop
    snippets: []
    purge: true
  check_mode: true
  diff: true
  register: preview
"""

RETURN = r"""
snippets:
  description:
    - All snippets of the site after the task, or the predicted ones in check mode, sorted by title.
    - They have no IDs, because these may change. M(webops.paas.netlify_snippet_info) returns the IDs.
  returned: success
  type: list
  elements: dict
  sample:
    - title: Imprint
      general: <footer>Example Ltd</footer>
      general_position: footer
      goal:
      goal_position: footer
changes:
  description:
    - Titles of the snippets that the task created, updated and deleted, or would change in check mode.
  returned: success
  type: dict
  sample:
    created: [Imprint]
    updated: [Visitors]
    deleted: []
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteSnippets
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/snippets
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Collection as Keys

from ..module_utils._kernel.module import FLAG, JsonObject, Module
from ..module_utils._core.checks import check_unique
from ..module_utils._core.compare import without_nulls
from ..module_utils._core.wait import first_of
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import Change, Plan
from ..module_utils._netlify import api, snippets

VERBS = {"create": "created", "update": "updated", "delete": "deleted"}


class Snippets(Collection[snippets.SnippetsClient, JsonObject]):
    """Members are keyed by ID. Declared snippets have none and are found by title."""

    members = snippets.SNIPPET_SETS

    @classmethod
    def declares(cls, plan: Plan, params: JsonObject) -> set[int]:
        titles = {snippet["title"] for snippet in params["snippets"]}
        stays = (change for change in plan.changes if change.action in ("keep", "update") and change.key is not None)
        return {change.key for change in stays if change.before["title"] in titles}

    @classmethod
    def references(cls, params: JsonObject) -> set[str]:
        return {snippet["title"] for snippet in params["snippets"]}

    @classmethod
    def deletes(cls, plan: Plan) -> set[int]:
        return set(plan.keys("delete"))

    def check_input(self) -> None:
        titles = [snippet["title"] for snippet in self.params["snippets"]]
        for number, title in enumerate(titles):
            snippets.check_title(f"snippets[{number}].title", title)
        check_unique("snippets", titles)

    def read(self, parent: None = None) -> dict[int, JsonObject]:
        return {snippet["id"]: snippet for snippet in snippets.listed(self.client, self.params["site"])}

    def decide(self, members: dict[int, JsonObject], sent: Keys[int] = ()) -> list[Change]:
        changes = []
        for wanted in map(without_nulls, self.params["snippets"]):
            found = snippets.found(members.values(), wanted, self.purge)
            declared = {key: value or None for key, value in wanted.items()}
            after = {"id": None, **(found or snippets.DEFAULTS), **declared}
            changes.append(Change.to(found["id"] if found else wanted["title"], found, after))
        others = sorted(members.keys() - {change.key for change in changes}, reverse=True)
        surplus = Change.delete if self.purge else Change.keep
        return changes + [surplus(key, members[key]) for key in others]

    def write(self, parent: None, members: dict[int, JsonObject], changes: list[Change]) -> dict[int, JsonObject]:
        [change] = changes
        if change.action == "create":
            return self._create(change.after)
        if change.action == "update":
            snippets.replace(self.client, self.params["site"], change.after)
        else:
            self.client.delete_snippet(api.address_of(self.params["site"]), change.key)
        return self.read()

    def _create(self, wanted: JsonObject) -> dict[int, JsonObject]:
        """Returns all snippets afterwards, with only one of those that runs created at the same time."""
        site = self.params["site"]
        made = snippets.create(self.client, site, wanted)
        members: dict[int, JsonObject] = {}

        def alike() -> list[JsonObject]:
            nonlocal members
            members = self.read()
            return snippets.alike(members.values(), wanted["title"])

        def delete(own: JsonObject) -> None:
            snippets.delete(self.client, site, own, own["siblings"])

        _first, is_ours = first_of(made, alike, delete, self.clock)
        if not is_ours:
            members = self.read()
        # Those of other runs are about to be deleted by them.
        twins = [key for key, snippet in members.items() if snippet["title"] == wanted["title"]][1:]
        return {key: snippet for key, snippet in members.items() if key not in twins}

    def label(self, change: Change) -> str:
        return str((change.before or change.after)["title"])

    def shown(self, change: Change) -> tuple[JsonObject, JsonObject]:
        return snippets.without_id(change.before or change.after), snippets.without_id(change.after or change.before)

    def result(self, plan: Plan, members: dict[int, JsonObject]) -> JsonObject:
        changes = {
            verb: sorted(self.label(change) for change in plan.writes if change.action == action)
            for action, verb in VERBS.items()
        }
        return {"snippets": snippets.by_title(members.values()), "changes": changes}


MODULE = Module(
    Snippets,
    options=dict(
        site=api.SITE,
        snippets=dict(
            type="list",
            elements="dict",
            required=True,
            options={**snippets.OPTIONS, "title": dict(type="str", required=True)},
        ),
        purge=FLAG,
    ),
)


if __name__ == "__main__":
    MODULE.run()
