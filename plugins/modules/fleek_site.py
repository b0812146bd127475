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
  - Creates a Fleek site, or changes the deploy settings of an existing one. To deploy it, use
    M(webops.paas.fleek_deploy).
  - Fleek chooses the name of a new site. Therefore the module finds a site by O(site) or O(site_id), or otherwise by
    its source within the team O(team_id). The source is O(repository_url) with O(repository_branch), or O(cid). If
    several sites of the team have this source, the task fails and lists them.
  - A site is created only if it is declared by its source and no site of the team has this source.
  - Fleek's API cannot delete sites, and cannot change the build settings of a site. Use Fleek's dashboard.
  - Fleek's published schema does not contain the requests that create and change sites. The module sends those of
    Fleek's own command line client.
  - A converged run sends one request, or one for each page of 100 sites of the team if the site is found by its source.
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
      - Slug of the site, which is the same as its name. The site must exist.
      - Mutually exclusive with O(site_id).
    type: str
    aliases: [slug, name]
  site_id:
    description:
      - ID of the site. The site must exist.
    type: str
  team_id:
    description:
      - ID of the team that the site belongs to. Required to find or create a site by its source.
      - If the site belongs to another team, the task fails. Sites are never moved.
  repository_url:
    description:
      - URL of the GitHub repository that the site is built from. A C(.git) suffix and upper case letters are not
        significant.
      - It cannot be changed afterwards.
    type: str
  repository_branch:
    description:
      - Name of the branch that is deployed. With O(site) or O(site_id), the module changes the branch of that site.
      - B(Preview:) Without O(installation_id), the branch is changed by a request that is known only from Fleek's web
        application.
    type: str
  installation_id:
    description:
      - ID of the installation of Fleek's GitHub app that can read the repository. It is sent when the site is created
        and when its branch is changed. Fleek does not return it, so it is not compared.
    type: str
  cid:
    description:
      - CID of the content of a site whose source is IPFS. Versions 0 (C(Qm...)) and 1 (C(bafy...)) of a CID are equal
        if they refer to the same content.
      - With O(site) or O(site_id), the module changes the CID of that site. M(webops.paas.fleek_deploy) then publishes
        it.
    type: str
  platform:
    description:
      - Platform that hosts the site, V(ipfs) or V(dfinity). The default for new sites is V(ipfs).
      - It cannot be changed afterwards.
    type: str
  build_settings:
    description:
      - Settings of the build. Omitted keys are not compared.
      - The API cannot change them. If they differ from those of an existing site, the task fails and names them.
    type: dict
    suboptions:
      build_command:
        description:
          - Command that builds the site.
        type: str
      base_directory_path:
        description:
          - Directory in which the build starts.
        type: str
      publish_directory_path:
        description:
          - Directory with the files that the build produces and that are published.
        type: str
      docker_image:
        description:
          - Docker image in which the build runs.
        type: str
  environment_variables:
    description:
      - Names and values of the build's environment variables. They are sent only when the site is created, because the
        API cannot change them afterwards. They are not compared.
      - Values are never shown.
    type: dict
  auto_publishing:
    description:
      - Whether a finished deploy is published automatically.
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
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_site_info
  - module: webops.paas.fleek_deploy
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_site -a 'site=hello-fleek pr_deploy_previews=true'

- name: Create the site of the shop
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

- name: Show what changing the branch would change
  webops.paas.fleek_site:
    site_id: "{{ shop.site.id }}"
    repository_branch: next
  check_mode: true
  diff: true
  register: prediction

- name: Enable previews of pull requests
  webops.paas.fleek_site:
    site_id: "{{ shop.site.id }}"
    pr_deploy_previews: true

- name: Create a site from IPFS content
  webops.paas.fleek_site:
    cid: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
"""

RETURN = r"""
site:
  description:
    - State of the site after the task. In check mode, the predicted state.
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
    - Keys of the result whose values only Fleek can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, slug]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    code: create_only
    option: build_settings
"""


from ..module_utils._kernel.module import Field, JsonObject, Module, PaasError, Resource
from ..module_utils._core.compare import Mapping, Secret
from ..module_utils._core.variables import declared, masked
from ..module_utils._fleek import api, sites, sources
from ..module_utils._kernel.plan import cached_property

# Keys without a value on a new site.
EMPTY_AT_FIRST = ("description", "dfinity_canister_id", "dfinity_use_proxy", "latest_deploy", "published_deploy")


class Site(Resource[sites.SitesClient]):
    key = "site"
    named_by = ("site", "site_id", "repository_url", "cid")
    always_recomputed = ("updated_at",)
    fields = {
        "repository_url": Field("str", sources.SAME_REPOSITORY, create_only=True),
        "repository_branch": Field("str"),
        "cid": Field("str", sources.SAME_CID, check=sources.check_cid),
        "platform": Field("str", create_only=True),
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
        # Settings that differ from those of a new site are changed after its creation, which is an update.
        is_updated = any(changes.get(name, value) != value for name, value in sites.DEFAULTS.items())
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
