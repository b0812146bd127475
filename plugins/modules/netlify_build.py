#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_build
version_added: 0.1.0
short_description: Build a Netlify site from its repository
description:
  - Triggers a build of a site that is connected to a repository, and waits until the resulting deploy is ready.
  - If the response to the trigger is lost, the module checks the builds of the site before retrying.
  - To deploy local files, use M(webops.paas.netlify_deploy).
  - A converged run sends one request, or two with O(review_id), O(join_running=true) or a O(branch) other than the
    production branch.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.wait
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
      - Each run triggers a build, because Netlify does not report whether the repository has changed. With O(commit), a
        run changes nothing if that commit is live.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site is not connected to a repository, or if its builds
        are stopped.
    type: str
    required: true
    aliases: [name, site_id, domain]
  branch:
    description:
      - Name of the branch to build. Defaults to the production branch.
    type: str
  clear_cache:
    description:
      - Whether to build without the build cache of earlier builds.
    type: bool
    default: false
  title:
    description:
      - Title of the deploy in Netlify's lists. If the title is unique, the module can always tell its own build from
        the builds of other people after a lost response.
    type: str
  commit:
    description:
      - SHA of the commit to build, or at least its first seven digits. The module does not trigger a build if the
        branch's live deploy was built from this commit, or if the commit is being built.
      - A full SHA is sent to Netlify as the commit to build. With an abbreviated SHA, Netlify builds the newest commit
        of the branch. The module warns if the deploy was built from another commit.
      - B(Preview:) That Netlify builds a full SHA is known only from the API description in Netlify's Terraform
        provider.
    type: str
  review_id:
    description:
      - Number of the pull request or merge request to build. Netlify creates a deploy preview of it.
      - B(Preview:) It is known only from the API description in Netlify's Terraform provider.
      - Mutually exclusive with O(branch).
    type: int
  join_running:
    description:
      - Whether to wait for a build of the branch that is already queued or running, instead of triggering another one.
        If O(title) is set, only a build with that title counts.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
  - module: webops.paas.netlify_build_hook
  - module: webops.paas.netlify_deploy_info
  - module: webops.paas.netlify_publish
"""

EXAMPLES = r"""
# Build the production branch from the command line:
# ansible localhost -m webops.paas.netlify_build -a site=webops-paas-blog

- name: Build the site without the build cache
  webops.paas.netlify_build:
    site: webops-paas-blog
    clear_cache: true
    title: Nightly build

- name: Build a branch without waiting for it
  webops.paas.netlify_build:
    site: webops-paas-blog
    branch: next
    wait: false

- name: Build one commit of the production branch
  webops.paas.netlify_build:
    site: webops-paas-blog
    commit: 9f2b1c7d5e3a4b6c8d0e1f2a3b4c5d6e7f8091a2

- name: Build a deploy preview of a pull request
  webops.paas.netlify_build:
    site: webops-paas-blog
    review_id: 42
"""

RETURN = r"""
build:
  description:
    - The build that was triggered or joined. If there was nothing to do, the build of the live deploy.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    deploy_id: 5f9f1c0e8d3b2a0007c1d2e5
deploy:
  description:
    - The deploy that the build creates. With O(wait=true), the deploy is ready.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e5
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    state: ready
    title: Nightly build
    branch: main
    context: production
    draft: false
    locked: false
    error_message:
    url: http://webops-paas-blog.netlify.app
    ssl_url: https://webops-paas-blog.netlify.app
    deploy_url: http://5f9f1c0e8d3b2a0007c1d2e5--webops-paas-blog.netlify.app
    deploy_ssl_url: https://5f9f1c0e8d3b2a0007c1d2e5--webops-paas-blog.netlify.app
    admin_url: https://app.netlify.com/projects/webops-paas-blog
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:41.000Z"
    published_at: "2026-11-20T08:15:41.000Z"
    commit_ref: 9f2b1c7d5e3a4b6c8d0e1f2a3b4c5d6e7f8091a2
    deploy_source: git
    functions: []
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, state]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSiteBuild
    method: POST
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/builds
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""


from ..module_utils._kernel.module import FLAG, WAIT_OPTIONS, JsonObject, Module, Operation, between
from ..module_utils._kernel.plan import Change, Plan, Prediction
from ..module_utils._netlify import api, builds, deploys


class Build(Operation[builds.BuildsClient]):
    """The plan's parent is the site. The other change is the build to trigger, or the deploy that makes it
    unnecessary.
    """

    def plan(self) -> Plan:
        site = builds.buildable(self.client, self.params["site"])
        wanted = self._wanted(site)
        deploy, is_running = wanted.there_already(self.client, self.params["commit"], self.params["join_running"])
        if deploy is not None:
            join = deploy if is_running and self.params["wait"] else None
            return Plan([Change.keep(None, site), Change.keep("deploy", deploy)], join)
        return self._trigger(site)

    def plan_without_parent(self) -> Plan:
        return self._trigger(api.new_site(self.params["site"]))

    def _trigger(self, site: JsonObject) -> Plan:
        wanted = self._wanted(site)
        asked = {"branch": wanted.branch, "clear_cache": self.params["clear_cache"], "title": wanted.title}
        return Plan([Change.keep(None, site), Change.create("build", asked)])

    def _wanted(self, site: JsonObject) -> builds.Wanted:
        return builds.Wanted(site, self.params["branch"], self.params["title"], self.params["review_id"])

    def predict(self, plan: Plan) -> Prediction:
        if not plan.changed:
            deploy, moving = plan.after["deploy"], deploys.MOVING if plan.join else []
            view = {**deploys.deploy_view(deploy), **dict.fromkeys(moving)}
            return Prediction({"build": _build(deploy.get("build_id"), deploy["id"]), "deploy": view}, moving)
        asked, blank = plan.after["build"], dict.fromkeys(deploys.deploy_view({}))
        known = {"site_id": plan.parent["id"], "title": asked["title"]}
        if asked["branch"]:
            known["branch"] = asked["branch"]
        wanted = self._wanted(plan.parent)
        if not (wanted.is_production and self.params["wait"]) or deploys.live_of(plan.parent).get("locked"):
            known["published_at"] = None
        result = {"build": _build(None, None), "deploy": {**blank, **known}}
        # A build that fails is not predicted.
        return Prediction(result, sorted({*blank, "deploy_id"} - {*known, "error_message"}))

    def apply(self, plan: Plan) -> JsonObject:
        asked = {name: self.params[name] for name in ("branch", "title", "review_id")}
        asked["clear_cache"] = self.params["clear_cache"] or None
        asked["commit_sha"] = builds.whole_commit(self.params["commit"])
        return builds.trigger(self.client, self._wanted(plan.parent), **asked)

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        build = _build(outcome["id"], outcome["deploy_id"]) if plan.changed else self.predict(plan).result["build"]
        if self.params["wait"]:
            deploy = deploys.wait_for(self.client, build["deploy_id"], deploys.GOOD_STATES, self.patience)
            for difference in self._wanted(plan.parent).differences(self.client, deploy, self.params["commit"]):
                self.warn(difference)
        else:
            deploy = self.client.get_deploy(build["deploy_id"]) or {"id": build["deploy_id"]}
        builds.check_review(deploy, self.params["review_id"])
        return {"build": build, "deploy": deploys.deploy_view(deploy)}


def _build(build_id: str | None, deploy_id: str | None) -> JsonObject:
    return {"id": build_id, "deploy_id": deploy_id}


MODULE = Module(
    Build,
    options=dict(
        site=api.NAMED_SITE,
        branch=dict(type="str", check=builds.check_text),
        clear_cache=FLAG,
        title=dict(type="str", check=builds.check_text),
        commit=dict(type="str", check=builds.check_commit),
        review_id=dict(type="int", check=between(1)),
        join_running=FLAG,
        **WAIT_OPTIONS,
    ),
    mutually_exclusive=[("branch", "review_id")],
)


if __name__ == "__main__":
    MODULE.run()
