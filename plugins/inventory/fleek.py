# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleek
version_added: 0.1.0
short_description: Fleek sites as hosts
description:
  - Makes a host of each site of a Fleek team, with one request for each hundred sites.
  - The file's name must be C(fleek.yml), or end in C(.fleek.yml) or C(.fleek.yaml).
  - All hosts are in the group C(fleek), and in C(fleek_team_ID) and C(fleek_source_TYPE), where the type is that of the
    repository, such as C(github), or C(ipfs).
  - The variables of a host are the keys of what M(webops.paas.fleek_site_info) returns, with C(fleek_) in front. Build
    variables, which may be secrets, are never asked for.
  - "The site: C(fleek_id), C(fleek_slug), C(fleek_name), C(fleek_description), C(fleek_platform), C(fleek_team_id),
    C(fleek_team_name), C(fleek_created_at), C(fleek_updated_at), C(fleek_dfinity_canister_id)."
  - "Where it comes from: C(fleek_source_type), C(fleek_repository_url), C(fleek_repository_branch), C(fleek_cid),
    C(fleek_build_settings)."
  - "How it is deployed: C(fleek_auto_publishing), C(fleek_pr_deploy_previews), C(fleek_dfinity_use_proxy)."
  - "What is live and what was deployed last, dictionaries with C(id), C(status), C(commit), C(ipfs_hash) and more,
    V(null) as long as there is none: C(fleek_published_deploy), C(fleek_latest_deploy)."
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
    choices: [webops.paas.fleek]
  token:
    description:
      - A hosting API key of a Fleek team (settings of the team, Hosting API Keys). It sees the sites of that team only.
      - It is sent as it is, without C(Bearer). Surrounding white space is ignored.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: FLEEK_API_KEY
  api_url:
    description:
      - Where the API answers. A URL without a path gets C(/graphql).
      - Plain C(http) is accepted for loopback hosts only.
    type: str
    default: https://api.fleek.co/graphql
    env:
      - name: FLEEK_API_URL
  team_id:
    description:
      - The id of the team. A team that the key may not see is an error.
    type: str
    required: true
    env:
      - name: FLEEK_TEAM_ID
  hostname:
    description:
      - What a host's name is made of, joined by hyphens; parts that a site has no value of are left out. The slug of a
        site is unique in all of Fleek.
      - Other characters than letters, digits, C(.), C(_) and C(-) become hyphens. Hosts that would have the same name,
        or a name that means something to Ansible such as C(all), each get their id appended.
    type: list
    elements: str
    choices: [slug, id, name, team_id, team_name]
    default: [slug]
seealso:
  - module: webops.paas.fleek_site_info
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# sites.fleek.yml; this line is enough, with FLEEK_API_KEY and FLEEK_TEAM_ID in the environment
plugin: webops.paas.fleek

# The rest is optional. Values may be looked up wherever you keep them
token: "{{ lookup('ansible.builtin.env', 'FLEEK_API_KEY') }}"
# Variables and groups made of the variables that each site has
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
