#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_site
version_added: 0.1.0
short_description: Create Fleek sites and change their deploy settings
description:
  - Brings one Fleek site to the declared state. It creates sites and changes their deploy settings; it deploys nothing,
    which M(webops.paas.fleek_deploy) does.
  - Fleek invents the name of a new site. So a site is found by O(site) or O(site_id), or, without them, by its source.
    That is O(repository_url) with O(repository_branch), or O(cid), within the team O(team_id). When several sites of
    the team have that source the task fails and lists them.
  - A site is created only when it is looked for by its source and there is none.
  - Fleek's API has no call that deletes a site. Delete it in Fleek's dashboard.
  - A run that changes nothing takes one read; by its source, one read for each hundred sites of the team.
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.fleek.site
  - webops.paas.fleek.team
  - webops.paas.connection
  - webops.paas.quoting
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_fleek
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
      - Finds the site by its slug, which is the same as its name. The site must exist.
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - Finds the site by its id. The site must exist.
    type: str
  team_id:
    description:
      - The team that the site belongs to. Needed to find or create a site by its source.
      - A site that is found in another team is an error, never moved.
  repository_url:
    description:
      - The GitHub repository that the site is built from. How it is written (C(.git) at the end, capitals) does not
        matter.
      - Cannot be changed afterwards.
    type: str
  repository_branch:
    description:
      - The branch that is deployed. Together with O(site) or O(site_id) another one can be declared.
    type: str
  installation_id:
    description:
      - The installation of Fleek's GitHub app that reads the repository. It is sent when the site is created and when
        its branch is changed. Fleek does not return it, so it is not compared.
    type: str
  cid:
    description:
      - The content of a site whose source is IPFS, by its CID. Version 0 (C(Qm...)) and version 1 (C(bafy...)) of the
        same content are the same.
      - Together with O(site) or O(site_id) another one can be declared; M(webops.paas.fleek_deploy) then publishes it.
    type: str
  platform:
    description:
      - Where the site is hosted, V(ipfs) or V(dfinity). A new site gets V(ipfs) unless told otherwise.
      - Cannot be changed afterwards.
    type: str
  build_settings:
    description:
      - How the site is built. Keys that are left out are not compared.
      - The API has no call that changes them, so a difference to an existing site is an error that names it.
    type: dict
    suboptions:
      build_command:
        description:
          - The command.
        type: str
      base_directory_path:
        description:
          - The directory that the build starts in.
        type: str
      publish_directory_path:
        description:
          - The directory that the build leaves the site in.
        type: str
      docker_image:
        description:
          - The image that the build runs in.
        type: str
  environment_variables:
    description:
      - Variables of the build, as a dict. They are sent when the site is created. The API has no call that changes
        them, so they are not looked at afterwards.
      - Values are never shown.
    type: dict
  auto_publishing:
    description:
      - Whether a finished deploy is published by itself.
    type: bool
  pr_deploy_previews:
    description:
      - Whether pull requests are deployed as previews.
    type: bool
  dfinity_use_proxy:
    description:
      - Whether a site on V(dfinity) is served through Fleek's proxy.
    type: bool
seealso:
  - module: webops.paas.fleek_site_info
  - module: webops.paas.fleek_deploy
"""

EXAMPLES = r"""
- name: The shop has a site
  webops.paas.fleek_site:
    repository_url: https://github.com/example/shop
    repository_branch: main
    build_settings:
      build_command: npm ci && npm run build
      publish_directory_path: public
      docker_image: node:18
    environment_variables:
      SHOP_CURRENCY: EUR
    auto_publishing: true
  register: shop

- name: Look before you leap
  webops.paas.fleek_site:
    site_id: "{{ shop.site.id }}"
    repository_branch: next
  check_mode: true
  diff: true

- name: Pull requests are previewed
  webops.paas.fleek_site:
    site_id: "{{ shop.site.id }}"
    pr_deploy_previews: true

- name: A site from IPFS
  webops.paas.fleek_site:
    cid: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
"""

RETURN = r"""
site:
  description:
    - The site as it is after the task, or as it will be (check mode).
  returned: success
  type: dict
  sample:
    id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
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
unknown_until_applied:
  description:
    - Keys of the result that only Fleek can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, slug]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    code: create_only
    option: build_settings
"""


from ..module_utils._kernel.module import Field, JsonObject, Module, PaasError, Resource, cached_property
from ..module_utils._core.compare import Mapping, Secret
from ..module_utils._core.variables import declared, masked
from ..module_utils._fleek import api, sites, sources

# What a new site does not have.
EMPTY_AT_FIRST = ("description", "dfinity_canister_id", "dfinity_use_proxy", "latest_deploy", "published_deploy")
# What it has of the settings.
DEFAULTS = {"auto_publishing": True, "pr_deploy_previews": False, "dfinity_use_proxy": None}


class Site(Resource[sites.SitesClient]):
    key = "site"
    always_recomputed = ("updated_at",)
    fields = {
        "platform": Field("str", create_only=True),
        "repository_url": Field("str", sources.SAME_REPOSITORY, create_only=True),
        "repository_branch": Field("str"),
        "cid": Field("str", sources.SAME_CID, check=sources.check_cid),
        "build_settings": Field(
            "dict", Mapping(), create_only=True, options={name: dict(type="str") for name in sites.BUILD_SETTINGS}
        ),
        "environment_variables": Field("dict", Secret(), secret=True, no_log=True, mask=masked),
        **{option: Field("bool") for option in sites.DEPLOY_SETTINGS},
    }

    def check_input(self) -> None:
        sites.check_source(self.params)
        self.client.http.redactor.add_quoted(*self.variables.values())

    @cached_property
    def variables(self) -> dict[str, str]:
        return declared("environment_variables", self.params["environment_variables"], self.warn)

    def view(self, state: JsonObject) -> JsonObject:
        return sites.site_view(state)

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        return super().is_declared(name, current) and (name != "environment_variables" or current is None)

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        known = super().predicted(current, changes)
        if current:
            return known
        other = ("cid",) if "repository_url" in changes else ("repository_url", "repository_branch")
        # What a new site does not have by itself is set after the creation, which is an update.
        is_updated = any(changes.get(name, value) != value for name, value in DEFAULTS.items())
        untouched = () if is_updated else ("updated_at",)
        empty = dict.fromkeys((*EMPTY_AT_FIRST, *other, *untouched))
        return {"platform": sites.DEFAULT_PLATFORM, **empty, **known, "team_id": self.params["team_id"]}

    def read(self) -> JsonObject | None:
        team_id = self.params["team_id"]
        if self.params["site"] is None and self.params["site_id"] is None:
            return self.client.site_from_source(self.params)
        site = self.client.require_site(self.params)
        if team_id not in (None, site["teamId"]):
            raise PaasError(
                f"The site {site['slug']} belongs to the team {site['teamId']}, not to {team_id}.", code="other_team"
            )
        sites.check_kind_of_source(sites.site_view(site), self.params)
        return site

    def create(self, wanted: JsonObject) -> JsonObject:
        return self.client.add_site(sites.add_site_input(wanted, self.params, self.variables))

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        settings = sites.edit_input(sites.site_view(current), changes, self.params["installation_id"])
        return self.client.edit_deploy_settings(current["id"], settings) if settings else current


MODULE = Module(
    Site,
    options=dict(
        **{name: dict(option, parent=False) for name, option in api.SITE_OPTIONS.items()},
        team_id=api.TEAM,
        installation_id=dict(type="str", check=api.check_reference),
    ),
    mutually_exclusive=[("site", "site_id"), ("repository_url", "cid"), ("repository_branch", "cid")],
)


if __name__ == "__main__":
    MODULE.run()
