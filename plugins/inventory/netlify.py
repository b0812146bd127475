# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netlify
version_added: 0.1.0
short_description: Netlify sites as hosts
description:
  - Makes a host of each Netlify site that the token may see, with one request for each hundred sites.
  - The file's name must be C(netlify.yml), or end in C(.netlify.yml) or C(.netlify.yaml).
  - All hosts are in the group C(netlify), and in C(netlify_account_TEAM) and C(netlify_state_STATE).
  - The variables of a host are the keys of what M(webops.paas.netlify_site_info) returns, with C(netlify_) in front.
  - "The site: C(netlify_id), C(netlify_name), C(netlify_state), C(netlify_enabled), C(netlify_disabled_reason),
    C(netlify_created_at), C(netlify_updated_at), C(netlify_admin_url)."
  - "Its team: C(netlify_account_id), C(netlify_account_slug), C(netlify_account_name)."
  - "Where it is: C(netlify_url), C(netlify_ssl_url), C(netlify_default_domain), C(netlify_custom_domain),
    C(netlify_domain_aliases), C(netlify_branch_deploy_custom_domain), C(netlify_deploy_preview_custom_domain),
    C(netlify_force_ssl), C(netlify_managed_dns)."
  - "What is live, a dictionary with C(id), C(state), C(title), C(locked), C(created_at) and C(published_at), V(null) as
    long as nothing is: C(netlify_published_deploy)."
  - "Its settings: C(netlify_build_settings), C(netlify_build_image), C(netlify_processing_settings),
    C(netlify_functions_region), C(netlify_prerender), C(netlify_has_password), C(netlify_notification_email),
    C(netlify_deploy_retention_in_days), C(netlify_prevent_non_git_prod_deploys)."
extends_documentation_fragment:
  - webops.paas.inventory
  - constructed
  - inventory_cache
author:
  - webops.paas contributors (@webops-paas)
options:
  plugin:
    description:
      - Says that the file is for this plugin.
    type: str
    required: true
    choices: [webops.paas.netlify]
  token:
    description:
      - A personal access token of Netlify (User settings, Applications).
      - Surrounding white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: NETLIFY_AUTH_TOKEN
      - name: NETLIFY_API_TOKEN
  api_url:
    description:
      - Where the API answers. A URL without a path gets C(/api/v1), as in the vendor's own tools.
      - Plain C(http) is accepted for loopback hosts only.
    type: str
    default: https://api.netlify.com/api/v1
    env:
      - name: NETLIFY_API_URL
  account_slug:
    description:
      - Only sites of this team. Without it, all sites that the token may see, sites of teams that it is a guest in
        included.
    type: str
  search:
    description:
      - Only sites whose name contains this.
    type: str
  state:
    description:
      - Only sites in one of these states, as Netlify answers them. Disabled sites are told by C(netlify_enabled).
    type: list
    elements: str
  hostname:
    description:
      - What a host's name is made of, joined by hyphens; parts that a site has no value of are left out. The name of a
        site is unique in all of Netlify.
      - Other characters than letters, digits, C(.), C(_) and C(-) become hyphens. Hosts that would have the same name,
        or a name that means something to Ansible such as C(all), each get their id appended.
    type: list
    elements: str
    choices: [name, id, account_slug, default_domain, custom_domain]
    default: [name]
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# sites.netlify.yml; this line is enough, with the token in NETLIFY_AUTH_TOKEN
plugin: webops.paas.netlify

# The rest is optional. Values may be looked up wherever you keep them
token: "{{ lookup('ansible.builtin.env', 'NETLIFY_AUTH_TOKEN') }}"
account_slug: "{{ lookup('ansible.builtin.env', 'NETLIFY_ACCOUNT_SLUG') }}"
state: [current]
# Variables and groups made of the variables that each site has
compose:
  site_url: netlify_ssl_url or netlify_url
groups:
  live: netlify_enabled and netlify_published_deploy is not none
  own_domain: netlify_custom_domain is not none
keyed_groups:
  - key: netlify_build_settings.provider
    prefix: built_by
    default_value: nobody
# What was read is kept for ten minutes
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible/inventory
cache_timeout: 600
"""

from ansible_collections.webops.paas.plugins.modules.netlify_site_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._inventory import PlatformInventory


class InventoryModule(PlatformInventory):
    NAME = "webops.paas.netlify"
    info = MODULE
    filters = {"state": "state"}
    grouped_by = {"account": "account_slug", "state": "state"}
