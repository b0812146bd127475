# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netlify
version_added: 0.1.0
short_description: List Netlify sites as hosts
description:
  - Creates a host for each Netlify site that the token has access to. Sends one request for each page of 100 sites.
    If there are several pages, up to two more requests detect that sites were created or deleted meanwhile; then it
    reads the list again.
  - The name of the file must be C(netlify.yml), or end in C(.netlify.yml) or C(.netlify.yaml).
  - All hosts are in the group C(netlify), and in groups C(netlify_account_TEAM) and C(netlify_state_STATE).
  - The variables of a host are the values that M(webops.paas.netlify_site_info) returns, with the prefix C(netlify_).
  - "Site: C(netlify_id), C(netlify_name), C(netlify_state), C(netlify_enabled), C(netlify_disabled_reason),
    C(netlify_created_at), C(netlify_updated_at), C(netlify_admin_url)."
  - "Team: C(netlify_account_id), C(netlify_account_slug), C(netlify_account_name)."
  - "Addresses: C(netlify_url), C(netlify_ssl_url), C(netlify_default_domain), C(netlify_custom_domain),
    C(netlify_domain_aliases), C(netlify_branch_deploy_custom_domain), C(netlify_deploy_preview_custom_domain),
    C(netlify_force_ssl), C(netlify_managed_dns)."
  - "Live deploy, a dictionary with C(id), C(state), C(title), C(locked), C(created_at) and C(published_at), or V(null)
    if there is none: C(netlify_published_deploy)."
  - "Settings: C(netlify_build_settings), C(netlify_build_image), C(netlify_processing_settings),
    C(netlify_functions_region), C(netlify_prerender), C(netlify_has_password), C(netlify_notification_email),
    C(netlify_deploy_retention_in_days), C(netlify_prevent_non_git_prod_deploys),
    C(netlify_hud_enabled), C(netlify_cdp_enabled_contexts), C(netlify_rum_enabled), C(netlify_analytics_enabled),
    C(netlify_build_timelimit)."
extends_documentation_fragment:
  - webops.paas.connection.plugin
  - webops.paas.inventory
  - constructed
  - inventory_cache
author:
  - webops.paas contributors (@webops-paas)
options:
  plugin:
    description:
      - Name of this plugin, which marks the file as one of its sources.
    type: str
    required: true
    choices: [webops.paas.netlify]
  token:
    description:
      - Personal access token of Netlify (User settings, Applications).
      - Leading and trailing white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: NETLIFY_AUTH_TOKEN
      - name: NETLIFY_API_TOKEN
  api_url:
    description:
      - URL of the Netlify API. If the URL has no path, C(/api/v1) is appended, as Netlify's own tools do.
      - The URL must begin with C(https://), except for loopback hosts.
    type: str
    default: https://api.netlify.com/api/v1
    env:
      - name: NETLIFY_API_URL
  account_slug:
    description:
      - Slug of the team whose sites to list. If it is not set, all sites that the token has access to are listed,
        including those of teams in which its owner is a guest.
    type: str
  search:
    description:
      - Part of the names of the sites to list.
    type: str
  state:
    description:
      - States of the sites to list, as Netlify returns them. For disabled sites, C(netlify_enabled) is V(false).
    type: list
    elements: str
  hostname:
    description:
      - Parts of the host names, which are joined by hyphens. Parts for which a site has no value are omitted. The name
        of a site is unique across Netlify.
      - Characters other than letters, digits, C(.), C(_) and C(-) are replaced by hyphens. The ID is appended if
        several hosts would have the same name, or if the name means something to Ansible, such as C(all).
    type: list
    elements: str
    choices: [name, id, account_slug, default_domain, custom_domain]
    default: [name]
seealso:
  - ref: ansible_collections.webops.paas.docsite.inventory_guide
    description: Recipes for inventories.
  - module: webops.paas.netlify_site_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# sites.netlify.yml; this line is enough, with the token in NETLIFY_AUTH_TOKEN
plugin: webops.paas.netlify

# The rest is optional. Values can be templates, such as lookups
token: "{{ lookup('ansible.builtin.env', 'NETLIFY_AUTH_TOKEN') }}"
account_slug: "{{ lookup('ansible.builtin.env', 'NETLIFY_ACCOUNT_SLUG') }}"
state: [current]
# Create variables and groups from the variables of each site
compose:
  site_url: netlify_ssl_url or netlify_url
groups:
  live: netlify_enabled and netlify_published_deploy is not none
  own_domain: netlify_custom_domain is not none
keyed_groups:
  - key: netlify_build_settings.provider
    prefix: built_by
    default_value: nobody
# Cache the sites for ten minutes
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
