#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_site_info
version_added: 0.1.0
short_description: Get one Fleek site, or all of a team
description:
  - Returns the sites that match, always as a list.
  - With O(site) or O(site_id) one read; otherwise one read for each hundred sites of the team.
  - Build variables, which may be secrets, are never asked for.
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.fleek.team
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_fleek
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - One site, by its slug, which is the same as its name.
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - One site, by its id.
    type: str
  team_id:
    description:
      - All sites of this team, unless O(site) or O(site_id) is given; then the list is empty when that site is another
        team's.
      - A team that the key may not see is an error.
seealso:
  - module: webops.paas.fleek_site
  - module: webops.paas.fleek_deploy_info
"""

EXAMPLES = r"""
- name: One site
  webops.paas.fleek_site_info:
    site: hello-fleek
  register: hello

- name: All sites of the team that FLEEK_TEAM_ID names
  webops.paas.fleek_site_info:
  register: all_sites

- name: What they publish
  ansible.builtin.debug:
    msg: "{{ all_sites.sites | map(attribute='published_deploy.ipfs_hash') | list }}"
"""

RETURN = r"""
sites:
  description:
    - The sites, each as M(webops.paas.fleek_site) returns it; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      slug: bitter-king-4711
      name: bitter-king-4711
      description:
      platform: ipfs
      team_id: example-team
      team_name: Example Team
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:16:41.000Z"
      dfinity_canister_id:
      source_type: github
      repository_url: https://github.com/example/shop
      repository_branch: main
      cid:
      build_settings:
        build_command: npm ci && npm run build
        base_directory_path: ./
        publish_directory_path: public
        docker_image: node:18
      auto_publishing: true
      pr_deploy_previews: false
      dfinity_use_proxy:
      published_deploy:
        id: 5d7a9f0c-1b8e-4c5a-9f3e-2a6b7c8d9e0f
        status: DEPLOYED
        commit: 8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b
        branch: main
        message: New prices
        ipfs_hash: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
        published: true
        auto_publish: true
        started_at: "2026-11-20T08:15:30.000Z"
        completed_at: "2026-11-20T08:16:41.000Z"
        total_time: 71000
        preview_image: https://storageapi.fleek.co/fleek-team-bucket/site/preview.png
        log:
      latest_deploy:
        id: 5d7a9f0c-1b8e-4c5a-9f3e-2a6b7c8d9e0f
        status: DEPLOYED
        commit: 8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b
        branch: main
        message: New prices
        ipfs_hash: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
        published: true
        auto_publish: true
        started_at: "2026-11-20T08:15:30.000Z"
        completed_at: "2026-11-20T08:16:41.000Z"
        total_time: 71000
        preview_image: https://storageapi.fleek.co/fleek-team-bucket/site/preview.png
        log:
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: getSitesByTeam
    status: 200
    code: not_found
"""

from ..module_utils._kernel.module import Info, InvalidInput, JsonObject, Module
from ..module_utils._fleek import api, sites


class SiteInfo(Info[sites.SitesClient]):
    key = "sites"

    def check_input(self) -> None:
        if not any(self.params[option] for option in ("site", "site_id", "team_id")):
            raise InvalidInput(
                "team_id",
                "Say which sites: give site, site_id or team_id, or set the environment variable FLEEK_TEAM_ID.",
            )

    def fetch(self) -> list[JsonObject]:
        if self.params["site"] is None and self.params["site_id"] is None:
            return [sites.site_view(site) for site in self.client.list_sites(self.params["team_id"])]
        site = self.client.find_site(self.params)
        return [sites.site_view(site)] if site and self.params["team_id"] in (None, site["teamId"]) else []


MODULE = Module(SiteInfo, options=dict(**api.SITE_OPTIONS, team_id=api.TEAM), mutually_exclusive=[("site", "site_id")])


if __name__ == "__main__":
    MODULE.run()
