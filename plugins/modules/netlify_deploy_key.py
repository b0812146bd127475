#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy_key
version_added: 0.1.0
short_description: Manage deploy keys of Netlify sites
description:
  - Creates and deletes deploy keys. A deploy key is an SSH key pair with which Netlify reads a repository. Netlify
    keeps the private key. The module does not add the public key to the host of the repository.
  - With O(site), the module manages the key that the site uses. If the site has none, the module creates a key and
    assigns it to the site, so that the next run finds it.
  - Netlify's deploy keys have no names. Without O(site) and O(deploy_key_id), every run creates a key. Store the ID
    that it returns.
  - If the response to a creation is lost, the module checks the list of keys before retrying.
  - A converged run sends two requests, or one with O(deploy_key_id).
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
      - Without O(site) and O(deploy_key_id), every run creates a key, because deploy keys have no names.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site that uses the key.
      - The ID of a new key is stored as C(deploy_key_id) in the C(build_settings) of the site. If that fails, the
        module deletes the key again.
      - If the site uses a key that the token has no access to, the task fails without changing anything.
      - Mutually exclusive with O(deploy_key_id).
    type: str
    aliases: [site_id, domain]
  deploy_key_id:
    description:
      - ID of the deploy key. The task fails if the key does not exist, unless O(state=absent).
    type: str
    aliases: [id]
  state:
    description:
      - Whether the deploy key should exist.
      - V(absent) requires O(deploy_key_id). Netlify does not report whether a site still uses the key. Netlify can no
        longer build a site whose key was deleted.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
  - module: webops.paas.netlify_site
  - module: webops.paas.netlify_build
"""

EXAMPLES = r"""
# Delete a deploy key from the command line:
# ansible localhost -m webops.paas.netlify_deploy_key -a "deploy_key_id=5f9f1c0e8d3b2a0007c1d2e3 state=absent"

- name: Create a deploy key for the site
  webops.paas.netlify_deploy_key:
    site: webops-paas-blog
  register: blog_key

- name: Show the public key to add to the host of the repository
  ansible.builtin.debug:
    var: blog_key.deploy_key.public_key
"""

RETURN = r"""
deploy_key:
  description:
    - The deploy key after the task, or the predicted one in check mode; V(null) if it does not exist.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    public_key: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ
    created_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [created_at, id, public_key]
error:
  description:
    - Machine-readable details of the failure.
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

    stage = "state"
    members = builds.DEPLOY_KEYS

    def check_input(self) -> None:
        if self.params["deploy_key_id"] is None and self.params["state"] == "absent":
            raise InvalidInput(
                "deploy_key_id", "`deploy_key_id` is required with `state: absent`, because deploy keys have no names."
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
