#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_site_info
version_added: 0.1.0
short_description: Get a Fleek site, or list all sites of a team
description:
  - Returns the sites that match, always as a list.
  - The environment variables of the build can contain secrets and are not requested.
  - Sends one request, or one for each page of 100 sites with O(team_id) alone.
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
      - Slug of the site to return, which is the same as its name.
      - Mutually exclusive with O(site_id).
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - ID of the site to return.
    type: str
  team_id:
    description:
      - ID of the team whose sites are returned. With O(site) or O(site_id), the list is empty if the site belongs to
        another team.
      - The task fails if the key cannot access the team.
      - Required unless O(site) or O(site_id) is given.
seealso:
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_site
  - module: webops.paas.fleek_deploy_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_site_info -a site=hello-fleek

- name: Get one site
  webops.paas.fleek_site_info:
    site: hello-fleek
  register: hello

- name: List all sites of the team in FLEEK_TEAM_ID
  webops.paas.fleek_site_info:
  register: all_sites

- name: Show the published CID of each site
  ansible.builtin.debug:
    msg: "{{ (item.published_deploy or {}).ipfs_hash | default('not published') }}"
  loop: "{{ all_sites.sites }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
sites:
  description:
    - Sites that match, in the format of M(webops.paas.fleek_site). Empty if none matches.
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
    - Machine-readable details of the failure.
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
                "One of `site`, `site_id` and `team_id` is required. The environment variable FLEEK_TEAM_ID can set "
                "`team_id`.",
            )

    def fetch(self) -> list[JsonObject]:
        if self.params["site"] is None and self.params["site_id"] is None:
            return [sites.site_view(site) for site in self.client.list_sites(self.params["team_id"])]
        site = self.client.find_site(self.params)
        return [sites.site_view(site)] if site and self.params["team_id"] in (None, site["teamId"]) else []


MODULE = Module(SiteInfo, options=dict(**api.SITE_OPTIONS, team_id=api.TEAM), mutually_exclusive=[("site", "site_id")])


if __name__ == "__main__":
    MODULE.run()
