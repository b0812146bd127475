#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_traffic_rules
version_added: 1.1.0
short_description: Manage the firewall traffic rules of a Netlify site or team
description:
  - Allows and denies requests by IP address and country, for a site or for all sites of a team.
  - B(Preview:) The requests are known only from Netlify's Terraform provider. Not all of Netlify's plans include the
    feature.
  - A wrong rule can lock out all visitors. Use check mode with C(--diff) first.
  - A converged run sends two requests, or one if O(site) or O(account_slug) is an ID and rules exist.
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
      - Either O(site) or O(account_slug) is required.
    type: str
    aliases: [site_id, domain]
  account_slug:
    description:
      - Slug or ID of the team. Its rules apply to all sites of the team.
      - Netlify permits only owners of the team to change them.
    type: str
  state:
    description:
      - Whether the site or team should have rules of its own. V(absent) removes all of them.
    type: str
    choices: [present, absent]
    default: present
  published:
    description:
      - Rules for the published deploys.
      - Suboptions that are omitted do not change. In new rules, they are V(allow) and an empty list.
    type: dict
    suboptions:
      default_action:
        description:
          - What to do with requests that match no rule.
        type: str
        choices: [allow, deny]
      rules:
        description:
          - List of rules, which replaces all existing ones. The order does not matter. An empty list removes them.
        type: list
        elements: dict
        suboptions:
          action:
            description:
              - What to do with requests that match the rule.
            type: str
            choices: [allow, deny]
            required: true
          addresses:
            description:
              - IP addresses or networks of the visitors.
              - A rule has either O(published.rules[].addresses), or O(published.rules[].countries) and
                O(published.rules[].subregions).
            type: list
            elements: str
          countries:
            description:
              - Two-letter codes (ISO 3166-1) of the countries of the visitors. Quote V("NO").
            type: list
            elements: str
          subregions:
            description:
              - Regions of the visitors, as Netlify names them.
            type: list
            elements: str
          description:
            description:
              - Description of the rule.
            type: str
          enabled:
            description:
              - Whether the rule is enabled.
            type: bool
            default: true
  unpublished:
    description:
      - Rules for deploy previews and branch deploys.
      - Suboptions that are omitted do not change. In new rules, they are V(allow) and an empty list.
    type: dict
    suboptions:
      default_action:
        description:
          - What to do with requests that match no rule.
        type: str
        choices: [allow, deny]
      rules:
        description:
          - List of rules, which replaces all existing ones. The order does not matter. An empty list removes them.
        type: list
        elements: dict
        suboptions:
          action:
            description:
              - What to do with requests that match the rule.
            type: str
            choices: [allow, deny]
            required: true
          addresses:
            description:
              - IP addresses or networks of the visitors.
              - A rule has either O(unpublished.rules[].addresses), or O(unpublished.rules[].countries) and
                O(unpublished.rules[].subregions).
            type: list
            elements: str
          countries:
            description:
              - Two-letter codes (ISO 3166-1) of the countries of the visitors. Quote V("NO").
            type: list
            elements: str
          subregions:
            description:
              - Regions of the visitors, as Netlify names them.
            type: list
            elements: str
          description:
            description:
              - Description of the rule.
            type: str
          enabled:
            description:
              - Whether the rule is enabled.
            type: bool
            default: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for sites, deploys and traffic rules.
  - module: webops.paas.netlify_site
"""

EXAMPLES = r"""
# Remove the rules of a site from the command line:
# ansible localhost -m webops.paas.netlify_traffic_rules -a "site=webops-paas-blog state=absent"

- name: Show who would be locked out
  webops.paas.netlify_traffic_rules: &rules
    site: webops-paas-blog
    published:
      default_action: allow
      rules:
        - action: deny
          addresses: [192.0.2.0/24, 198.51.100.7]
          description: Bot network
    unpublished:
      default_action: deny
      rules:
        - action: allow
          addresses: [203.0.113.65]
          description: VPN
  check_mode: true
  diff: true

- name: Block a bot network, and show previews only to the VPN
  webops.paas.netlify_traffic_rules: *rules
"""

RETURN = r"""
traffic_rules:
  description:
    - The rules after the task, or the predicted ones in check mode; V(null) if the site or team has none.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    published:
      default_action: allow
      rules:
        - action: deny
          addresses: [192.0.2.0/24, 198.51.100.7/32]
          countries: []
          subregions: []
          description: Bot network
          enabled: true
    unpublished:
      default_action: allow
      rules: []
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [created_at, id, updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: updateSiteFirewallRuleSet
    method: PUT
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/firewall_rule_set
    status: 409
    code: conflict
    platform_code: 409
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, JsonObject, Module, Resource
from ..module_utils._core.checks import check_not_blank
from ..module_utils._core.compare import Mapping
from ..module_utils._netlify import api, firewall


class TrafficRules(Resource[firewall.FirewallClient]):
    key = "traffic_rules"
    named_by = ("account_slug",)
    always_recomputed = ("updated_at",)
    of_new = dict.fromkeys(firewall.SETS, firewall.OPEN)
    fields = dict.fromkeys(
        firewall.SETS, Field("dict", Mapping(), options=firewall.RULE_SET, check=firewall.check_rules)
    )

    def view(self, state: JsonObject) -> JsonObject:
        return firewall.rule_sets_view(state)

    def wanted(self, current: JsonObject | None) -> JsonObject:
        declared = super().wanted(current)
        return {name: firewall.declared_rule_set(options, current is None) for name, options in declared.items()}

    def read(self) -> JsonObject | None:
        found = self.client.get_rule_set(self._owner())
        if found is None:
            self.client.check_owner(self.params["site"], self.params["account_slug"])
        return found

    def create(self, wanted: JsonObject) -> JsonObject:
        return self.update({}, {**self.of_new, **wanted})

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        after = {**self.view(current), **changes}
        bodies = {name: firewall.rule_set_body(after[name], current.get(name) or {}) for name in firewall.SETS}
        self.client.replace_rule_set(self._owner(), **bodies)
        return self.read() or {}

    def delete(self, current: JsonObject) -> None:
        self.client.delete_rule_set(self._owner())

    def _owner(self) -> firewall.Owner:
        return self.client.owner_of(self.params["site"], self.params["account_slug"])


MODULE = Module(
    TrafficRules,
    options=dict(site=dict(api.SITE, required=False), account_slug=dict(type="str", check=check_not_blank)),
    required_one_of=[("site", "account_slug")],
    mutually_exclusive=[("site", "account_slug")],
)

if __name__ == "__main__":
    MODULE.run()
