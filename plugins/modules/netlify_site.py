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
  - Manages one Netlify site (called a project in Netlify's user interface) and its settings.
  - A site is identified by its name, ID or domain. The module does not upload files; use M(webops.paas.netlify_deploy)
    for that.
  - A converged run sends one request.
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
      - Netlify never returns the password, so O(update_password=always) sends it and reports a change in each run.
author:
  - webops.paas contributors (@webops-paas)
options:
  state:
    description:
      - Whether the site should exist. A deletion is permanent, and anybody can use the name afterwards.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - Name of the site, the first part of C(NAME.netlify.app). It must be unique across Netlify.
      - It must consist of lower case letters, digits and hyphens, because Netlify silently changes other names.
      - Together with O(site_id) or O(domain), it is the name to rename the site to.
    type: str
  site_id:
    description:
      - ID of the site. The site must exist unless O(state=absent).
    type: str
  domain:
    description:
      - One of the domains of the site. The site must exist unless O(state=absent).
    type: str
  account_slug:
    description:
      - Slug of the team that owns the site. If not set, a new site is created in the token's default team.
      - The module does not move a site to another team. It fails if the site belongs to another one.
      - Before it creates a site, the module checks that the team exists, also in check mode.
    type: str
  custom_domain:
    description:
      - Primary domain of the site, as an ASCII domain name. Write an internationalized domain name in its C(xn--) form.
        Case and a trailing dot are ignored. An empty string removes the domain.
    type: str
  domain_aliases:
    description:
      - Other domains of the site, in any order, in the same form as O(custom_domain). An empty list removes them.
    type: list
    elements: str
  branch_deploy_custom_domain:
    description:
      - Domain whose subdomains serve branch deploys. An empty string removes it.
    type: str
  deploy_preview_custom_domain:
    description:
      - Domain whose subdomains serve deploy previews. An empty string removes it.
    type: str
  password:
    description:
      - Password that visitors of the site must enter. An empty string removes it.
      - Not available on all plans. If Netlify does not return whether the site has a password, only
        O(update_password=always) changes or removes it.
    type: str
  update_password:
    description:
      - When to send O(password). Netlify never returns the password, so it cannot be compared.
      - V(on_create) sends it if the site is new or has no password.
      - V(always) sends it in each run.
    type: str
    choices: [on_create, always]
    default: on_create
  notification_email:
    description:
      - Email address for Netlify's notifications about the site. An empty string removes it.
    type: str
  force_ssl:
    description:
      - Whether to redirect visitors from HTTP to HTTPS. Requires a certificate; see M(webops.paas.netlify_ssl).
    type: bool
  managed_dns:
    description:
      - Whether Netlify manages the DNS of the custom domain.
    type: bool
  processing_settings:
    description:
      - Processing of deployed pages. Keys that are omitted do not change.
    type: dict
    suboptions:
      pretty_urls:
        description:
          - Whether C(/about) serves C(/about.html).
        type: bool
      ignore_html_forms:
        description:
          - Whether Netlify ignores forms in deployed pages.
          - B(Preview:) This setting is known only from the API description in Netlify's Terraform provider.
        type: bool
  build_settings:
    description:
      - Repository and build settings of the site. Keys that are omitted do not change.
      - Not required for sites that are deployed with M(webops.paas.netlify_deploy).
    type: dict
    suboptions:
      provider:
        description:
          - Host of the repository, for example V(github) or V(gitlab).
        type: str
      repo_path:
        description:
          - Repository as C(OWNER/NAME). A site without a repository is linked to it, as Netlify's command line client
            does it. To link a private repository, also set O(build_settings.deploy_key_id) (see
            M(webops.paas.netlify_deploy_key)) or O(build_settings.installation_id).
          - An empty string unlinks the repository. Netlify then also deletes the deploy keys, the build hooks and the
            visual editing project of the site, and the webhooks at the host of the repository.
        type: str
        aliases: [repo]
      repo_id:
        description:
          - Numeric ID of the repository at its host, for example of GitHub. It is sent when the site is linked.
          - Netlify is not known to return it, so it is not compared.
        type: int
      branch:
        description:
          - Production branch. A push to it creates a production deploy.
        type: str
      cmd:
        description:
          - Build command.
        type: str
      dir:
        description:
          - Publish directory, which contains the site after the build.
        type: str
      base:
        description:
          - Base directory, in which the build starts.
        type: str
      package_path:
        description:
          - Path of the package to build in a monorepo.
        type: str
      functions_dir:
        description:
          - Directory of the functions.
        type: str
      deploy_key_id:
        description:
          - ID of the deploy key that Netlify reads the repository with.
        type: str
      installation_id:
        description:
          - ID of the installation of Netlify's GitHub app.
        type: int
      allowed_branches:
        description:
          - Branches to build. An empty list means all branches.
          - If not set when the site is linked to a repository, only O(build_settings.branch) is built.
        type: list
        elements: str
      skip_prs:
        description:
          - Whether to skip builds of pull requests.
        type: bool
      stop_builds:
        description:
          - Whether to stop all builds.
        type: bool
      private_logs:
        description:
          - Whether only team members can read build logs.
        type: bool
      untrusted_flow:
        description:
          - How Netlify treats pull requests from untrusted authors, for example V(review).
        type: str
      skip_automatic_builds:
        description:
          - Whether to skip builds that nobody has requested.
          - B(Preview:) This setting is known only from the API description in Netlify's Terraform provider. If Netlify
            does not apply it, the task fails.
        type: bool
  build_image:
    description:
      - Name of the build image.
    type: str
  functions_region:
    description:
      - Region in which functions run. Not available on all plans.
    type: str
  prerender:
    description:
      - Prerendering service for crawlers. An empty string disables it. Not available on all plans.
    type: str
  prevent_non_git_prod_deploys:
    description:
      - Whether to reject production deploys that do not come from the repository. Not available on all plans.
    type: bool
  deploy_retention_in_days:
    description:
      - Number of days to keep deploys that are not live, V(1) to V(365). The plan may have a lower limit.
      - B(Preview:) This setting is known only from the API description in Netlify's Terraform provider.
    type: int
  hud_enabled:
    description:
      - Whether deploys show Netlify's heads-up display.
    type: bool
  cdp_enabled_contexts:
    description:
      - Contexts whose deploys show the Netlify Drawer, in which reviewers comment. An empty list means none.
    type: list
    elements: str
    choices: [branch-deploy, deploy-preview]
  rum_enabled:
    description:
      - Whether Netlify collects Real User Metrics. Not available on all plans.
    type: bool
  analytics_enabled:
    description:
      - Whether Netlify Analytics are enabled. They cost money, and require that the team has a payment method.
    type: bool
  build_timelimit:
    description:
      - Time limit of a build. Netlify does not document the unit.
      - B(Preview:) This setting is known only from the API description in Netlify's Terraform provider. If Netlify does
        not apply it, the task fails.
    type: int
  enabled:
    description:
      - Whether Netlify serves the site.
    type: bool
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_ssl
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_site -a 'name=webops-paas-shop force_ssl=true' --check --diff

- name: Create the site of the shop
  webops.paas.netlify_site:
    name: webops-paas-shop
    processing_settings:
      pretty_urls: true

- name: Preview a change of the notification address
  webops.paas.netlify_site:
    name: webops-paas-shop
    notification_email: ops@example.com
  check_mode: true
  diff: true
  register: preview

- name: Disable the site without deleting it
  webops.paas.netlify_site:
    name: webops-paas-shop
    enabled: false

- name: Create a site for each department
  webops.paas.netlify_site:
    name: "webops-paas-{{ item }}"
  loop: [sales, support]

- name: Delete the site of the shop
  webops.paas.netlify_site:
    name: webops-paas-shop
    state: absent
"""

RETURN = r"""
site:
  description:
    - The site after the task, or the predicted one in check mode. V(null) if it does not exist.
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
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, url]
error:
  description:
    - Machine-readable details of the failure.
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
from ..module_utils._netlify import api, build_settings, sites

URLS = ("url", "ssl_url")


class Site(Resource[sites.SitesClient]):
    key = "site"
    named_by = ("name", "site_id", "domain")
    members = sites.SITES
    always_recomputed = ("updated_at",)
    of_new = dict.fromkeys(sites.EMPTY_AT_FIRST)
    fields = {
        "name": Field(
            "str", recomputes=(*URLS, "admin_url", "default_domain", "published_deploy"), check=api.check_site_name
        ),
        "custom_domain": Field("str", DOMAIN, recomputes=(*URLS, "managed_dns"), check=domains.check_domain_or_empty),
        "domain_aliases": Field("list", DOMAINS, elements="str", check=domains.check_wildcard_domain),
        **dict.fromkeys(
            ("branch_deploy_custom_domain", "deploy_preview_custom_domain"),
            Field("str", DOMAIN, check=domains.check_domain_or_empty),
        ),
        "password": Field("str", Secret(), secret=True, no_log=True, mask=masked_whole),
        "notification_email": Field("str"),
        "force_ssl": Field("bool", recomputes=URLS),
        "managed_dns": Field("bool"),
        "processing_settings": Field("dict", Mapping(), options=sites.PROCESSING_SETTINGS),
        "build_settings": Field("dict", build_settings.BuildSettings(), options=build_settings.BUILD_OPTIONS),
        **dict.fromkeys(("build_image", "functions_region", "prerender"), Field("str")),
        "prevent_non_git_prod_deploys": Field("bool"),
        "deploy_retention_in_days": Field("int", check=between(1, 365)),
        "hud_enabled": Field("bool"),
        "cdp_enabled_contexts": Field("list", UNORDERED, elements="str", choices=list(sites.DRAWER_CONTEXTS)),
        **dict.fromkeys(("rum_enabled", "analytics_enabled"), Field("bool")),
        "build_timelimit": Field("int", check=between(1)),
        "enabled": Field("bool", recomputes=("disabled_reason", "state")),
    }

    @classmethod
    def references(cls, params: JsonObject) -> set[str]:
        return super().references(params) | sites.addresses(params)

    def check_input(self) -> None:
        sites.check_aliases(self.params["custom_domain"], self.params["domain_aliases"])
        build_settings.check_build_settings(self.params["build_settings"])

    def view(self, state: JsonObject) -> JsonObject:
        return sites.site_view(state)

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        is_declared = super().is_declared(name, current)
        if name == "password" and current is not None and self.params["update_password"] == "on_create":
            return is_declared and self.view(current)["has_password"] is (self.params["password"] == "")
        return is_declared

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        known = super().predicted(current, changes)
        if "password" in changes:
            known["has_password"] = bool(changes["password"])
        if changes.get("enabled") or current is None and "enabled" not in changes:
            known["disabled_reason"] = None
        if current is not None and not current.get("published_deploy"):
            known["published_deploy"] = None
        return known

    def read(self) -> JsonObject | None:
        return sites.find_declared(self.client, self.params)

    def check_new(self) -> None:
        self.client.check_team(self.params["account_slug"])

    def create(self, wanted: JsonObject) -> JsonObject:
        body = sites.site_body(wanted, declared=self.params)
        return sites.create(self.client, body, self.params["name"], self.params["account_slug"])

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        if build_settings.unlinks(self.params["build_settings"], self.view(current)["build_settings"]):
            current = self.client.unlink_repository(current["id"])
            changes = self.differing(current)
        site, body = current, sites.site_body(changes, self.view(current), self.params)
        if body:
            with sites.explained(self.client, self.params["name"], body, site["id"]):
                site = self.client.update_site(site["id"], body)
        switched = [name for name in sites.SWITCHES if name in changes]
        for name in switched:
            sites.SWITCHES[name](self.client, site, changes[name])
        return self.client.require_site(site["id"]) if switched else site

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
