#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_site_info
version_added: 0.1.0
short_description: Get Netlify sites
description:
  - Returns one site, all sites of a team, or all sites that the token has access to, including those of teams in which
    its owner is a guest.
  - Sends one request with O(site). Otherwise, it sends one request for each page of 100 sites.
  - If there are several pages, up to two more requests detect that sites were created or deleted meanwhile; then the
    module reads the list again.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_netlify
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site to return.
    type: str
    aliases: [name, site_id, domain]
  search:
    description:
      - Part of the names of the sites to return.
    type: str
  account_slug:
    description:
      - Slug of the team whose sites are returned. If not set, the module returns the sites of all teams that the token
        has access to.
    type: str
seealso:
  - module: webops.paas.netlify_site
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify.
  - plugin: webops.paas.netlify
    plugin_type: inventory
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_site_info -a site=webops-paas-shop

- name: Get one site
  webops.paas.netlify_site_info:
    site: webops-paas-shop
  register: shop

- name: Get all sites that the token has access to
  webops.paas.netlify_site_info:
  register: all_sites

- name: Show their URLs
  ansible.builtin.debug:
    msg: "{{ all_sites.sites | map(attribute='ssl_url') | list }}"
"""

RETURN = r"""
sites:
  description:
    - The matching sites, in the form that M(webops.paas.netlify_site) returns. Empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
      name: webops-paas-shop
      account_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      account_slug: example-team
      account_name: Example Team
      url: http://webops-paas-shop.netlify.app
      ssl_url: https://webops-paas-shop.netlify.app
      admin_url: https://app.netlify.com/projects/webops-paas-shop
      default_domain: webops-paas-shop.netlify.app
      custom_domain:
      branch_deploy_custom_domain:
      deploy_preview_custom_domain:
      domain_aliases: []
      notification_email:
      force_ssl: false
      has_password: false
      managed_dns: false
      enabled: true
      disabled_reason:
      state: current
      prerender:
      build_image: noble
      functions_region:
      prevent_non_git_prod_deploys: false
      deploy_retention_in_days: 30
      hud_enabled: false
      cdp_enabled_contexts: []
      rum_enabled: false
      analytics_enabled: false
      build_timelimit:
      processing_settings:
        pretty_urls: true
        ignore_html_forms: false
      build_settings:
        provider:
        repo_path:
        branch:
        cmd:
        dir:
        base:
        package_path:
        functions_dir:
        deploy_key_id:
        installation_id:
        allowed_branches: []
        skip_prs:
        stop_builds:
        private_logs:
        untrusted_flow:
        skip_automatic_builds:
      published_deploy:
        id: 52465f435803544542000001
        state: ready
        title: Release 1
        locked: false
        created_at: "2026-11-20T08:15:30.000Z"
        published_at: "2026-11-20T08:15:41.000Z"
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSites
    method: GET
    path: /api/v1/sites
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from collections.abc import Iterable

from ..module_utils._kernel.module import STR, Info, JsonObject, Module
from ..module_utils._netlify import api, sites


class SiteInfo(Info[sites.SitesClient]):
    key = "sites"

    def fetch(self) -> Iterable[JsonObject]:
        return [sites.site_view(site) for site in self._sites() if self._is_wanted(site)]

    def _sites(self) -> Iterable[JsonObject]:
        if self.params["site"] is None:
            return self.client.list_sites(self.params["account_slug"], self.params["search"], whole=True)
        site = self.client.find_site(self.params["site"])
        return [] if site is None else [site]

    def _is_wanted(self, site: JsonObject) -> bool:
        has_name = (self.params["search"] or "").lower() in (site.get("name") or "")
        return has_name and self.params["account_slug"] in (None, site.get("account_slug"), site.get("account_id"))


MODULE = Module(
    SiteInfo,
    options=dict(site=dict(api.NAMED_SITE, required=False), search=STR, account_slug=STR),
    mutually_exclusive=[("site", "search")],
)


if __name__ == "__main__":
    MODULE.run()
