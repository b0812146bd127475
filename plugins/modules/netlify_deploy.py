#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy
version_added: 0.1.0
short_description: Deploy a directory or a zip file to a Netlify site, if its content differs
description:
  - Compares the files of O(src) with what Netlify has, and deploys only when something differs. An unchanged site costs
    two reads and none of the few deploys that Netlify allows (3 a minute, 100 a day).
  - Compared is, for a production deploy, the published deploy; with O(branch) its newest ready deploy; with O(draft)
    the newest ready draft of the same title, both among the last 500 deploys.
  - If Netlify refuses the upload of a file, the module reads the file and the deploy again. It fails only if the file
    has changed or the refusal stands, and then cancels the deploy, provided that this run created it.
  - Only files whose content Netlify has never seen in the account are uploaded, several at once.
  - Visitors see the old release until the new one is complete. When a run is interrupted at any point, the next run
    completes what it has begun.
  - Which files belong to the site follows the rules of Netlify's own tools. Names that begin with a dot are skipped,
    except a directory C(.well-known); so are names that begin with C(__MACOSX), and C(node_modules) and
    C(bower_components) at the top. O(include) brings skipped files back.
  - Symbolic links are followed inside O(src); one that leads out of it is refused. Paths with C(#) or C(?) are refused,
    as Netlify does.
  - A C(netlify.toml) that the vendor's command line client generated into the published deploy is ignored when O(src)
    has none.
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
    details:
      - Files are listed by path and SHA-1, at most fifty of each kind, with counts of all.
  idempotent:
    support: partial
    details:
      - With O(force=true) every run deploys.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains.
    type: str
    required: true
    aliases: [name, site_id, domain]
  src:
    description:
      - A directory, or a zip file, with the files of the site as they are to be served.
      - A relative path starts at the working directory of the process that runs the module, which for C(localhost) is
        the directory of the playbook, wherever C(ansible-playbook) was started.
      - A zip's single top directory is not taken off.
    type: path
    required: true
  include:
    description:
      - Patterns of files that the rules above would skip and that shall be deployed all the same. Nothing else is left
        out.
      - V(*) stands for anything within a name, V(**) across directories; a pattern without a slash matches at any
        depth.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - Patterns of files that shall not be deployed; they win over O(include).
    type: list
    elements: str
    default: []
  functions_dir:
    description:
      - A directory of functions. C(NAME.zip) is used as it is; C(NAME.js) (or mjs, cjs) and a directory C(NAME/) with
        an entry file are zipped, the same way on each run and machine.
      - Without it the functions of the compared deploy stay as they are; an empty string takes them away.
    type: path
  branch:
    description:
      - Deploys to C(BRANCH--NAME.netlify.app) instead of production.
      - At most 37 characters.
    type: str
  draft:
    description:
      - Deploys to an address of its own only; M(webops.paas.netlify_publish) can make it the live one later.
    type: bool
    default: false
  title:
    description:
      - Title of the deploy in Netlify's lists. It is sent unchanged and need not be unique.
      - Without it, the title contains a digest of the content.
      - A run continues an unfinished deploy only if that deploy has this title and Netlify lists exactly the files of
        O(src) for it. Other deploys with the same title are left alone, so that several jobs can use one title. While a
        deploy with functions is unfinished, Netlify does not list them; such a deploy is only continued without
        O(title).
    type: str
  force:
    description:
      - Deploys even when nothing differs.
    type: bool
    default: false
  concurrency:
    description:
      - How many files are uploaded at once, 1 to 32.
    type: int
    default: 8
seealso:
  - module: webops.paas.netlify_site
  - module: webops.paas.netlify_publish
"""

EXAMPLES = r"""
- name: The shop has a site
  webops.paas.netlify_site:
    name: webops-paas-shop

- name: The site has a directory
  ansible.builtin.file:
    path: public
    state: directory
    mode: "0755"

- name: The directory has a page
  ansible.builtin.copy:
    dest: public/index.html
    content: <h1>Open</h1>
    mode: "0644"

- name: What is in public is live
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
    title: Release 1

- name: A preview that does not touch the live site
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
    draft: true
  register: preview

- name: Where the preview is
  ansible.builtin.debug:
    var: preview.deploy.deploy_ssl_url
"""

RETURN = r"""
deploy:
  description:
    - The deploy that has the content of O(src) after the task, or the one to come (check mode).
  returned: success
  type: dict
  sample:
    id: 52465f435803544542000001
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    state: ready
    title: Release 1
    branch: main
    context: production
    draft: false
    locked: false
    error_message:
    url: http://webops-paas-shop.netlify.app
    ssl_url: https://webops-paas-shop.netlify.app
    deploy_url: http://52465f435803544542000001--webops-paas-shop.netlify.app
    deploy_ssl_url: https://52465f435803544542000001--webops-paas-shop.netlify.app
    admin_url: https://app.netlify.com/projects/webops-paas-shop
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:41.000Z"
    published_at: "2026-11-20T08:15:41.000Z"
    commit_ref:
    deploy_source: api
    functions: []
previous_deploy_id:
  description:
    - The deploy that was compared, which for a production deploy is the one that was live before; V(null) when there
      was none.
  returned: success
  type: str
  sample: 52465f435803544542000000
files:
  description:
    - Which files differ from the compared deploy. Of each kind the first fifty are listed; C(omitted) says how many are
      not.
  returned: success
  type: dict
  sample:
    counts:
      added: 1
      changed: 1
      removed: 0
      unchanged: 216
    added: [prices.html]
    changed: [index.html]
    removed: []
    omitted: 0
uploaded:
  description:
    - How many files and functions were uploaded (Netlify has content that it has seen before), and their bytes.
  returned: success
  type: dict
  sample:
    files: 4
    bytes: 18231
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
    operation: createSiteDeploy
    method: POST
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/deploys
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""


from ..module_utils._kernel.module import FLAG, STR, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, between
from ..module_utils._core.files import temporary_directory
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, deploys, functions, manifest, uploads


class Deploy(Operation[deploys.DeploysClient]):
    """The plan has one object, the upload: created where something is to be sent, kept where nothing is."""

    @cached_property
    def manifest(self) -> manifest.Manifest:
        params = self.params
        return self.opened.enter_context(manifest.build_manifest(params["src"], params["include"], params["exclude"]))

    @cached_property
    def functions(self) -> uploads.Functions | None:
        """None to leave them as they are."""
        directory = self.params["functions_dir"]
        if not directory:
            return None if directory is None else {}
        return functions.build_functions(directory, self.opened.enter_context(temporary_directory()))

    @cached_property
    def target(self) -> uploads.Target:
        title = uploads.content_title(self.manifest, self.functions)
        return uploads.Target(self.params["title"], self.params["branch"], self.params["draft"], title)

    def check_input(self) -> None:
        if self.params["branch"] and self.params["draft"]:
            raise InvalidInput("draft", "branch and draft are two places to deploy to; give one of them.")
        # Reads src and functions_dir.
        _target = self.target

    def plan(self) -> Plan:
        return self._plan(self.client.require_site(self.params["site"]))

    def plan_without_parent(self) -> Plan:
        return self._plan(None)

    def _plan(self, site: JsonObject | None) -> Plan:
        force = self.params["force"]
        compared = self.target.compared(self.client, site)
        difference = uploads.Difference(self.client, compared, self.manifest, self.functions)
        upload = uploads.Upload(self.client, site, self.target, self.manifest, self.functions, difference)
        if compared and not difference and not force:
            return Plan([Change.keep("deploy", upload)])
        self.target.check_not_locked(site)
        begun = upload.begun_before(compared, restart=force)
        is_on_its_way = begun is not None and upload.is_on_its_way(begun)
        return Plan([(Change.keep if is_on_its_way else Change.create)("deploy", upload)], join=begun)

    def predict(self, plan: Plan) -> Prediction:
        upload = plan.after["deploy"]
        return Prediction(*upload.predicted(plan.join, plan.changed))

    def diff(self, plan: Plan) -> Diff:
        difference = plan.after["deploy"].difference
        return Diff(difference.before, difference.after) if plan.changed else Diff({}, {})

    def apply(self, plan: Plan) -> JsonObject:
        upload = plan.after["deploy"]
        deploy: JsonObject = upload.open(plan.join)
        upload.fill(deploy, self.params["concurrency"], self.patience)
        return deploy

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        upload, result = plan.after["deploy"], self.predict(plan).result
        result["deploy"] = upload.finished(outcome, self.params["wait"], self.warn, self.patience)
        return {**result, "uploaded": upload.sent}


MODULE = Module(
    Deploy,
    options=dict(
        site=api.NAMED_SITE,
        src=dict(type="path", required=True),
        include=dict(type="list", elements="str", default=[]),
        exclude=dict(type="list", elements="str", default=[]),
        functions_dir=dict(type="path"),
        branch=dict(type="str", check=deploys.check_branch),
        draft=FLAG,
        title=STR,
        force=FLAG,
        concurrency=dict(type="int", default=8, check=between(1, 32)),
        **WAIT_OPTIONS,
    ),
)


if __name__ == "__main__":
    MODULE.run()
