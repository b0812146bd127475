# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleek
version_added: 0.1.0
short_description: List Fleek sites as hosts
description:
  - Creates a host for each site of a Fleek team. Sends one request for each page of 100 sites.
  - The name of the file must be C(fleek.yml), or end in C(.fleek.yml) or C(.fleek.yaml).
  - All hosts are in the group C(fleek), and in groups C(fleek_team_ID) and C(fleek_source_TYPE). The type is that of
    the repository, such as C(github), or C(ipfs).
  - The variables of a host are the values that M(webops.paas.fleek_site_info) returns, with the prefix C(fleek_). The
    plugin never requests build variables, which can be secrets.
  - "Site: C(fleek_id), C(fleek_slug), C(fleek_name), C(fleek_description), C(fleek_platform), C(fleek_team_id),
    C(fleek_team_name), C(fleek_created_at), C(fleek_updated_at), C(fleek_dfinity_canister_id)."
  - "Source: C(fleek_source_type), C(fleek_repository_url), C(fleek_repository_branch), C(fleek_cid),
    C(fleek_build_settings)."
  - "Deploy settings: C(fleek_auto_publishing), C(fleek_pr_deploy_previews), C(fleek_dfinity_use_proxy)."
  - "Live deploy and latest deploy, dictionaries with C(id), C(status), C(commit), C(ipfs_hash) and more, or V(null) if
    there is none: C(fleek_published_deploy), C(fleek_latest_deploy)."
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
    choices: [webops.paas.fleek]
  token:
    description:
      - Hosting API key of a Fleek team (settings of the team, Hosting API Keys). It has access to the sites of that
        team only.
      - It is sent unchanged, without C(Bearer). Leading and trailing white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: FLEEK_API_KEY
  api_url:
    description:
      - URL of the Fleek API. If the URL has no path, C(/graphql) is appended.
      - The URL must begin with C(https://), except for loopback hosts.
    type: str
    default: https://api.fleek.co/graphql
    env:
      - name: FLEEK_API_URL
  team_id:
    description:
      - ID of the team. The inventory fails if the key has no access to it.
    type: str
    required: true
    env:
      - name: FLEEK_TEAM_ID
  hostname:
    description:
      - Parts of the host names, which are joined by hyphens. Parts for which a site has no value are omitted. The slug
        of a site is unique across Fleek.
      - Characters other than letters, digits, C(.), C(_) and C(-) are replaced by hyphens. The ID is appended if
        several hosts would have the same name, or if the name means something to Ansible, such as C(all).
    type: list
    elements: str
    choices: [slug, id, name, team_id, team_name]
    default: [slug]
seealso:
  - ref: ansible_collections.webops.paas.docsite.inventory_guide
    description: Recipes for inventories.
  - module: webops.paas.fleek_site_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# sites.fleek.yml; this line is enough, with FLEEK_API_KEY and FLEEK_TEAM_ID in the environment
plugin: webops.paas.fleek

# The rest is optional. Values can be templates, such as lookups
token: "{{ lookup('ansible.builtin.env', 'FLEEK_API_KEY') }}"
# Create variables and groups from the variables of each site
compose:
  site_url: "'https://' ~ fleek_slug ~ '.on.fleek.co'"
  gateway_url: "'https://ipfs.fleek.co/ipfs/' ~ fleek_published_deploy.ipfs_hash"
groups:
  live: fleek_published_deploy is not none
  broken: fleek_latest_deploy is not none and fleek_latest_deploy.status == 'FAILED'
keyed_groups:
  - key: fleek_repository_branch
    prefix: branch
"""

from ansible_collections.webops.paas.plugins.modules.fleek_site_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._inventory import PlatformInventory


class InventoryModule(PlatformInventory):
    NAME = "webops.paas.fleek"
    info = MODULE
    grouped_by = {"team": "team_id", "source": "source_type"}
