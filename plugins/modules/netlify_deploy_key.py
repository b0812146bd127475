#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_key
version_added: 0.1.0
short_description: Manage the deploy key with which Netlify reads a repository
description:
  - A deploy key is a pair of SSH keys. Netlify keeps the private one; the public one goes to the host of the
    repository, so that Netlify may read it.
  - With O(site) the key is the one that the site uses. A site without one gets a new key, so that a second run finds it
    there.
  - Netlify's keys have no names. So without O(site) and O(deploy_key_id) each run creates a key; keep what it returns.
  - When the answer to a creation is lost, the list of keys tells whether there is a new one before it is sent again.
  - A run that changes nothing sends two reads, one with O(deploy_key_id).
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
    support: partial
    details:
      - Without O(site) and O(deploy_key_id) each run creates a key, since Netlify's keys have no names.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site that uses the key, by name, id or one of its domains.
      - A new key becomes the C(deploy_key_id) of the site's C(build_settings). If that fails it is deleted again.
      - When the site uses a key that this token may not see, the task fails and nothing is changed.
    type: str
    aliases: [site_id, domain]
  deploy_key_id:
    description:
      - The id of a key. It must exist, unless O(state=absent).
    type: str
    aliases: [id]
  state:
    description:
      - Whether the key shall exist.
      - V(absent) needs O(deploy_key_id). Netlify does not say whether a site still uses the key; such a site is not
        built any more.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: webops.paas.netlify_site
"""

EXAMPLES = r"""
- name: The site has a deploy key
  webops.paas.netlify_deploy_key:
    site: webops-paas-blog
  register: blog_key

- name: The host of the repository has to know it
  ansible.builtin.debug:
    var: blog_key.deploy_key.public_key
"""

RETURN = r"""
deploy_key:
  description:
    - The key after the task, or as it will be (check mode); V(null) when it does not exist.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    public_key: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ
    created_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [created_at, id, public_key]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: getDeployKey
    status: 404
    code: not_found
"""

from ..module_utils._kernel.module import STATE, InvalidInput, JsonObject, Module, Operation
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, builds


class DeployKey(Operation[builds.DeployKeysClient]):
    """The plan's parent is the site, if one is given."""

    def check_input(self) -> None:
        if self.params["deploy_key_id"] is None and self.params["state"] == "absent":
            raise InvalidInput(
                "deploy_key_id", "deploy_key_id is needed with state=absent: only the id says which key is meant."
            )

    def plan(self) -> Plan:
        site = self.params["site"] and self.client.require_site(self.params["site"])
        key = builds.find_deploy_key(self.client, site, self.params)
        if self.params["state"] == "absent":
            return Plan([Change.delete("deploy_key", key)] if key else [])
        if key is not None:
            return Plan([Change.keep("deploy_key", key)])
        return self._create(site)

    def plan_without_parent(self) -> Plan:
        if self.params["state"] == "absent":
            return Plan()
        if self.params["site"] is not None:
            return self._create(api.new_site(self.params["site"]))
        return Plan([Change.keep("deploy_key", dict.fromkeys(builds.deploy_key_view({}), UNKNOWN))])

    def _create(self, site: JsonObject | None) -> Plan:
        new = {"deploy_key": "new", **({"site": site["name"]} if site else {})}
        return Plan([Change.keep(None, site), Change.create("deploy_key", new)])

    def predict(self, plan: Plan) -> Prediction:
        if plan.keys("create"):
            blank = builds.deploy_key_view({})
            return Prediction({"deploy_key": blank}, sorted(blank))
        return Prediction({"deploy_key": _view(plan.after.get("deploy_key"))})

    def diff(self, plan: Plan) -> Diff:
        before = _view(plan.before.get("deploy_key")) or {}
        return Diff(before, plan.after.get("deploy_key", {}) if plan.changed else before)

    def apply(self, plan: Plan) -> JsonObject | None:
        if plan.keys("delete"):
            self.client.delete_deploy_key(plan.before["deploy_key"]["id"])
            return None
        key = builds.create_deploy_key(self.client, self.warn)
        if plan.parent:
            builds.use_deploy_key(self.client, plan.parent, key)
        return key

    def settle(self, plan: Plan, outcome: JsonObject | None) -> JsonObject:
        return {"deploy_key": _view(outcome)}


def _view(key: JsonObject | None) -> JsonObject | None:
    return None if key is None else builds.deploy_key_view(key)


MODULE = Module(
    DeployKey,
    options=dict(
        site=dict(api.SITE, required=False), deploy_key_id=dict(api.ID, aliases=["id"], parent=True), state=STATE
    ),
    mutually_exclusive=[("site", "deploy_key_id")],
)


if __name__ == "__main__":
    MODULE.run()
