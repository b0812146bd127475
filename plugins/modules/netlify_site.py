#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_site
version_added: 0.1.0
short_description: Create, update, rename, disable and delete Netlify sites
description:
  - Brings one Netlify site (a "project" in Netlify's newer user interface) to the declared state.
  - A site is found by its name, id or domain; a second site is never created.
  - A run that changes nothing sends one read.
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
    support: partial
    details:
      - Netlify never answers a password, so with O(update_password=always) every run sends it and reports a change.
author:
  - webops.paas contributors (@webops-paas)
options:
  state:
    description:
      - Whether the site shall exist. Deleting a site is final; its name is free for everybody at once.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The site's name, the first part of C(NAME.netlify.app), unique over the whole of Netlify.
      - Lower case letters, digits and hyphens; Netlify changes other names without a word, so they are refused.
      - Together with O(site_id) or O(domain) the site that they find is renamed.
    type: str
  site_id:
    description:
      - Finds the site by its id. The site must exist, unless O(state=absent).
    type: str
  domain:
    description:
      - Finds the site by one of its domains. The site must exist, unless O(state=absent).
    type: str
  account_slug:
    description:
      - The team that the site belongs to. Without it a new site goes to the token's default team.
      - A site that is found in another team is an error, never moved.
      - Before a site is created, also in check mode, one more read makes sure that the team exists.
    type: str
  custom_domain:
    description:
      - Primary domain of the site, as an ASCII domain name; an internationalized one in its C(xn--) form. Case and a
        final dot do not matter. An empty string removes it.
    type: str
  domain_aliases:
    description:
      - All other domains of the site, in any order, spelled as O(custom_domain). An empty list removes them.
    type: list
    elements: str
  branch_deploy_custom_domain:
    description:
      - Domain below which branch deploys are served. An empty string removes it.
    type: str
  deploy_preview_custom_domain:
    description:
      - Domain below which deploy previews are served. An empty string removes it.
    type: str
  password:
    description:
      - A password that every visitor of the site must give. An empty string removes it.
      - Not offered by every plan. Older answers of Netlify do not tell whether a site has a password; then only
        O(update_password=always) changes or removes it.
    type: str
  update_password:
    description:
      - When O(password) is sent. Netlify never answers a password, so that it cannot be compared.
      - With V(on_create) it is sent when the site is created, or has no password yet.
      - With V(always) it is sent by every run.
    type: str
    choices: [on_create, always]
    default: on_create
  notification_email:
    description:
      - Where Netlify sends notifications about the site. An empty string removes it.
    type: str
  force_ssl:
    description:
      - Whether visitors of C(http) are redirected to C(https). Needs a certificate.
    type: bool
  managed_dns:
    description:
      - Whether Netlify manages the DNS of the custom domain.
    type: bool
  processing_settings:
    description:
      - How Netlify treats deployed pages. Keys that are left out stay as they are.
    type: dict
    suboptions:
      pretty_urls:
        description:
          - Whether C(/about) serves C(/about.html).
        type: bool
      ignore_html_forms:
        description:
          - Whether forms in deployed pages are left alone.
        type: bool
  build_settings:
    description:
      - The repository that the site is built from, and how. Keys that are left out stay as they are.
      - Unneeded for sites that are deployed with M(webops.paas.netlify_deploy).
    type: dict
    suboptions:
      provider:
        description:
          - Where the repository is hosted, for example V(github) or V(gitlab).
        type: str
      repo_path:
        description:
          - Repository as C(OWNER/NAME). A site without a repository is linked to it, as Netlify's command line client
            does it. To link a private repository, also set O(build_settings.deploy_key_id) (see
            M(webops.paas.netlify_deploy_key)) or O(build_settings.installation_id).
        type: str
        aliases: [repo]
      repo_id:
        description:
          - Numeric ID of the repository at its host, for example of GitHub. It is sent when the site is linked.
          - Netlify is not known to return it, so it is not compared.
        type: int
      branch:
        description:
          - The branch whose pushes become production deploys.
        type: str
      cmd:
        description:
          - The build command.
        type: str
      dir:
        description:
          - The directory that the build leaves the site in.
        type: str
      base:
        description:
          - The directory that the build starts in.
        type: str
      package_path:
        description:
          - The package of a monorepo that the site is built from.
        type: str
      functions_dir:
        description:
          - The directory of the functions.
        type: str
      deploy_key_id:
        description:
          - The deploy key that reads the repository.
        type: str
      installation_id:
        description:
          - The installation of Netlify's GitHub app.
        type: int
      allowed_branches:
        description:
          - Branches that are built. An empty list means all.
          - If not given when the site is linked to a repository, it is the O(build_settings.branch) alone.
        type: list
        elements: str
      skip_prs:
        description:
          - Whether pull requests are left unbuilt.
        type: bool
      stop_builds:
        description:
          - Whether nothing is built at all.
        type: bool
      private_logs:
        description:
          - Whether build logs are for team members only.
        type: bool
      untrusted_flow:
        description:
          - What happens with pull requests from strangers, for example V(review).
        type: str
  build_image:
    description:
      - The name of the build image.
    type: str
  functions_region:
    description:
      - The region that functions run in. Plan dependent.
    type: str
  prerender:
    description:
      - The prerendering service for crawlers. An empty string switches it off. Plan dependent.
    type: str
  prevent_non_git_prod_deploys:
    description:
      - Whether production deploys that come not from the repository are refused. Plan dependent.
    type: bool
  deploy_retention_in_days:
    description:
      - Number of days for which deploys that are not live are kept, V(1) to V(365). The plan limits it further.
    type: int
  enabled:
    description:
      - Whether the site is served at all.
    type: bool
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.netlify_deploy
"""

EXAMPLES = r"""
- name: The shop has a site
  webops.paas.netlify_site:
    name: webops-paas-shop
    processing_settings:
      pretty_urls: true

- name: Look before you leap
  webops.paas.netlify_site:
    name: webops-paas-shop
    notification_email: ops@example.com
  check_mode: true
  diff: true

- name: Take it off the net, and keep it
  webops.paas.netlify_site:
    name: webops-paas-shop
    enabled: false

- name: The shop is gone
  webops.paas.netlify_site:
    name: webops-paas-shop
    state: absent
"""

RETURN = r"""
site:
  description:
    - The site as it is after the task, or as it will be (check mode); V(null) when it does not exist.
  returned: success
  type: dict
  sample:
    id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
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
    published_deploy:
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, url]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSite
    method: POST
    path: /api/v1/sites
    status: 422
    code: name_taken
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import STR, Field, JsonObject, Module, Resource, between
from ..module_utils._core import domains
from ..module_utils._core.compare import DOMAIN, DOMAINS, UNORDERED, Mapping, Secret
from ..module_utils._core.variables import masked_whole
from ..module_utils._netlify import api, sites

URLS = ("url", "ssl_url")


class Site(Resource[sites.SitesClient]):
    key = "site"
    always_recomputed = ("updated_at",)
    of_new = dict.fromkeys(sites.EMPTY_AT_FIRST)
    fields = {
        "name": Field(
            "str", recomputes=(*URLS, "admin_url", "default_domain", "published_deploy"), check=api.check_site_name
        ),
        "custom_domain": Field("str", DOMAIN, recomputes=(*URLS, "managed_dns"), check=domains.check_domain_or_empty),
        "domain_aliases": Field("list", DOMAINS, elements="str", check=domains.check_wildcard_domain),
        "branch_deploy_custom_domain": Field("str", DOMAIN, check=domains.check_domain_or_empty),
        "deploy_preview_custom_domain": Field("str", DOMAIN, check=domains.check_domain_or_empty),
        "password": Field("str", Secret(), secret=True, no_log=True, mask=masked_whole),
        "notification_email": Field("str"),
        "force_ssl": Field("bool", recomputes=URLS),
        "managed_dns": Field("bool"),
        "processing_settings": Field("dict", Mapping(), options=sites.PROCESSING_SETTINGS),
        "build_settings": Field("dict", Mapping({"allowed_branches": UNORDERED}), options=sites.BUILD_OPTIONS),
        "build_image": Field("str"),
        "functions_region": Field("str"),
        "prerender": Field("str"),
        "prevent_non_git_prod_deploys": Field("bool"),
        "deploy_retention_in_days": Field("int", check=between(1, 365)),
        "enabled": Field("bool", recomputes=("disabled_reason", "state")),
    }

    def check_input(self) -> None:
        sites.check_aliases(self.params["custom_domain"], self.params["domain_aliases"])

    def view(self, state: JsonObject) -> JsonObject:
        return sites.site_view(state)

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        is_declared = super().is_declared(name, current)
        if name == "password" and current is not None and self.params["update_password"] == "on_create":
            return is_declared and self.view(current)["has_password"] is (self.params["password"] == "")
        return is_declared

    def wanted(self, current: JsonObject | None) -> JsonObject:
        wanted = super().wanted(current)
        if "build_settings" in wanted:
            view = None if current is None else self.view(current)
            wanted["build_settings"] = sites.wanted_build_settings(wanted["build_settings"], view)
        return wanted

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        known = super().predicted(current, changes)
        if "password" in changes:
            known["has_password"] = bool(changes["password"])
        if changes.get("enabled") or current is None and "enabled" not in changes:
            known["disabled_reason"] = None
        if current is None:
            if "build_settings" in known:
                known["build_settings"] = {**dict.fromkeys(sites.EMPTY_SETTINGS), **known["build_settings"]}
        elif not current.get("published_deploy"):
            known["published_deploy"] = None
        return known

    def read(self) -> JsonObject | None:
        return sites.find_declared(self.client, self.params)

    def check_new(self) -> None:
        if self.params["account_slug"]:
            self.client.check_team(self.params["account_slug"])

    def create(self, wanted: JsonObject) -> JsonObject:
        body = sites.site_body(wanted, declared=self.params)
        return sites.create(self.client, body, self.params["name"], self.params["account_slug"])

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        site, body = current, sites.site_body(changes, self.view(current), self.params)
        if body:
            with sites.explained(self.client, self.params["name"], body, site["id"]):
                site = self.client.update_site(site["id"], body)
        if "enabled" in changes:
            (self.client.enable_site if changes["enabled"] else self.client.disable_site)(site["id"])
            return self.client.require_site(site["id"])
        return site

    def delete(self, current: JsonObject) -> None:
        self.client.delete_site(current["id"])


MODULE = Module(
    Site,
    options=dict(
        **dict.fromkeys(("site_id", "domain"), dict(type="str", check=api.check_site_reference)),
        account_slug=STR,
        update_password=dict(type="str", choices=["on_create", "always"], default="on_create", no_log=False),
    ),
    required_one_of=[("name", "site_id", "domain")],
    mutually_exclusive=[("site_id", "domain")],
)


if __name__ == "__main__":
    MODULE.run()
