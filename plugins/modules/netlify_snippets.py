#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_snippets
version_added: 0.1.0
short_description: Manage all snippets of a Netlify site at once
description:
  - Brings all snippets of a site to the declared state, as M(webops.paas.netlify_snippet) does with one of them.
  - Snippets are found by title. Netlify allows several snippets of one title; unless O(purge=true), these are an error
    that lists them.
  - Changes are made one after another, each after a new look at the site, and deletions last, from the highest id down,
    since the ids of the other snippets may change after a deletion.
  - A run that changes nothing sends one read, however many snippets there are.
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
      - Only snippets that differ are shown.
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
  snippets:
    description:
      - The snippets that the site shall have, in any order. Of each, what is left out stays as it is.
    type: list
    elements: dict
    required: true
    suboptions:
      title:
        description:
          - The title, by which the snippet is found. Each may be given once.
        type: str
        required: true
      general:
        description:
          - The code for all pages. An empty string removes it.
          - It may use the site's metadata, as in C({{ theme }}); in a playbook such a text needs C(!unsafe). See
            M(webops.paas.netlify_metadata).
        type: str
      general_position:
        description:
          - Where the code goes, before the end of the page's head or of its body. New snippets have V(footer).
        type: str
        choices: [head, footer]
      goal:
        description:
          - The code for the page that is shown after a form was sent. An empty string removes it.
        type: str
      goal_position:
        description:
          - Where that code goes. New snippets have V(footer).
        type: str
        choices: [head, footer]
  purge:
    description:
      - Whether all other snippets of the site are deleted. Of several with a declared title one stays.
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_snippet
  - module: webops.paas.netlify_snippet_info
  - module: webops.paas.netlify_metadata
"""

EXAMPLES = r"""
- name: The site has these snippets and no others
  webops.paas.netlify_snippets:
    site: webops-paas-shop
    purge: true
    snippets:
      - title: Visitors
        general: <script src="/count.js" async></script>
        general_position: head
      - title: Imprint
        general: <footer>Example Ltd</footer>
"""

RETURN = r"""
snippets:
  description:
    - All snippets of the site after the task, or as they will be (check mode), by title.
    - Without ids, since these may change; M(webops.paas.netlify_snippet_info) answers them.
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
    - The titles of the snippets that the task changes.
  returned: success
  type: dict
  sample:
    created: [Imprint]
    updated: [Visitors]
    deleted: []
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import FLAG, Collection, InvalidInput, JsonObject, Module, PaasError
from ..module_utils._core.compare import without_nulls
from ..module_utils._kernel.plan import Change, Diff, Plan
from ..module_utils._netlify import api, snippets

VERBS = {"create": "created", "update": "updated", "delete": "deleted"}


class Snippets(Collection[snippets.SnippetsClient, JsonObject]):
    """Keys are ids, which say nothing beforehand: a declared snippet is found by its title."""

    def check_input(self) -> None:
        titles = [snippet["title"] for snippet in self.params["snippets"]]
        for number, title in enumerate(titles):
            snippets.check_title(f"snippets[{number}].title", title)
            if title in titles[:number]:
                raise InvalidInput(
                    "snippets", f"snippets has the title {title!r} more than once; snippets are found by their titles."
                )

    def read(self, parent: None = None) -> dict[int, JsonObject]:
        return {snippet["id"]: snippet for snippet in snippets.listed(self.client, self.params["site"])}

    def decide(self, members: dict[int, JsonObject], sent: Keys[int] = ()) -> list[Change]:
        changes = []
        for declared in self.params["snippets"]:
            wanted = without_nulls(declared)
            found = snippets.found(members.values(), wanted, self.purge)
            after = {**(found or snippets.DEFAULTS), **{key: value or None for key, value in wanted.items()}}
            if found is None:
                changes.append(Change.create(wanted["title"], {"id": None, **after}))
            else:
                changes.append(
                    Change.keep(found["id"], found) if found == after else Change.update(found["id"], found, after)
                )
        others = sorted(members.keys() - {change.key for change in changes}, reverse=True)
        surplus = Change.delete if self.purge else Change.keep
        return changes + [surplus(key, members[key]) for key in others]

    def write(self, parent: None, members: dict[int, JsonObject], changes: list[Change]) -> dict[int, JsonObject]:
        [change] = changes
        if change.action == "create":
            snippets.create(self.client, self.params["site"], change.after)
        elif change.action == "update":
            snippets.replace(self.client, self.params["site"], change.after)
        else:
            self.client.delete_snippet(api.address_of(self.params["site"]), change.key)
        return self.read()

    def diff(self, plan: Plan) -> Diff:
        """By title; the second of a title carries its id too."""
        before: JsonObject = {}
        after: JsonObject = {}
        for change in plan.writes:
            title = (change.before or change.after)["title"]
            name = f"{title} (id {change.key})" if title in before else title
            before.update({name: snippets.without_id(change.before)} if change.before else {})
            after.update({name: snippets.without_id(change.after)} if change.after else {})
        return Diff(before, after)

    def not_applied(self, members: dict[int, JsonObject], changes: list[Change]) -> PaasError:
        title, verb = (changes[0].before or changes[0].after)["title"], VERBS[changes[0].action]
        return PaasError(
            f"The platform accepted that the snippet {title!r} be {verb}, but it is not.", code="not_applied"
        )

    def result(self, plan: Plan, members: dict[int, JsonObject]) -> JsonObject:
        changes = {
            verb: sorted((change.before or change.after)["title"] for change in plan.writes if change.action == action)
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
