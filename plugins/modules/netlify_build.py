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
  - Lets Netlify build a site that is connected to a repository, and waits until the deploy that comes of it is ready.
  - When the answer to the trigger is lost, the site's builds tell whether it was received before it is sent again.
  - Sites whose files are uploaded are the business of M(webops.paas.netlify_deploy).
  - With O(commit), a run that changes nothing sends one read for the production branch, two for another one or when it
    joins a build. Each run that triggers sends one read of the site's builds more.
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
      - Each run triggers a build, since Netlify does not tell whether the repository has changed. With O(commit) a run
        changes nothing when that commit is live.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. One that is not connected to a repository, or whose builds are
        stopped, is refused before anything is sent.
    type: str
    required: true
    aliases: [name, site_id, domain]
  branch:
    description:
      - The branch to build. Without it the production branch.
    type: str
  clear_cache:
    description:
      - Whether the build starts without what earlier builds have left in the build cache.
    type: bool
    default: false
  title:
    description:
      - The deploy's title in Netlify's lists. Give one that differs from others, and a build whose trigger was not
        answered is told from the builds of other people with certainty.
    type: str
  commit:
    description:
      - A commit, by its SHA or at least its first seven digits. When the branch's live deploy was built from it, or it
        is being built at the moment, nothing is triggered.
      - A whole SHA is sent to Netlify as the commit to build. With an abbreviated one, Netlify builds the newest commit
        of the branch. If the deploy was built from another commit, there is a warning.
    type: str
  review_id:
    description:
      - Number of the pull request or merge request to build. Netlify creates a deploy preview of it.
      - Mutually exclusive with O(branch).
    type: int
  join_running:
    description:
      - When a build of the branch, with O(title) if that is given, is waiting or running already, that one is waited
        for and nothing is triggered.
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_build_hook
  - module: webops.paas.netlify_publish
"""

EXAMPLES = r"""
- name: Build it without what earlier builds have left
  webops.paas.netlify_build:
    site: webops-paas-blog
    clear_cache: true
    title: Nightly build

- name: Preview a branch, and do not wait for it
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
    - The build that was triggered, or that is joined; with nothing to do, the one that the live deploy came from.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    deploy_id: 5f9f1c0e8d3b2a0007c1d2e5
deploy:
  description:
    - The deploy that the build makes; with O(wait=true) when it is ready.
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
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, state]
error:
  description:
    - What failed, for machines.
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
    """The plan's parent is the site. The other change is the build that is asked for, or the deploy that makes it
    needless.
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
        asked = {"branch": wanted.branch, "title": wanted.title, "clear_cache": self.params["clear_cache"]}
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
