#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_file
version_added: 0.1.0
short_description: Add, replace and delete single files of the live Netlify site
description:
  - Makes a new production deploy that has the files of the published one, with the declared differences, and uploads
    only contents that Netlify does not have yet. When the files already are as declared, nothing is deployed; that
    costs two reads.
  - Functions of the published deploy stay as they are.
  - When somebody else releases between the first look and the deploy, the difference is put on top of that release. A
    release that is published only while this deploy is being processed is not noticed.
  - To deploy a whole directory use M(webops.paas.netlify_deploy). A later release of a directory brings back what it
    has.
  - When a run is interrupted, the next one completes what it has begun.
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
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error; one without a published
        deploy has no files.
    type: str
    required: true
    aliases: [site_id, domain]
  files:
    description:
      - The files, all of which come and go with one deploy. Files that are not named stay as they are.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description:
          - The path below the site, for example V(about/index.html). A slash at its beginning makes no difference.
        type: str
        required: true
      src:
        description:
          - A file with the content.
          - A relative path starts at the working directory of the process that runs the module, which for C(localhost)
            is the directory of the playbook.
        type: path
      content:
        description:
          - The content itself, as UTF-8 text. Either this or O(files[].src) is needed, unless the file shall be absent.
        type: str
      state:
        description:
          - Whether the file shall be there. The last file of a site cannot be taken away.
        type: str
        choices: [present, absent]
        default: present
  title:
    description:
      - Title of the new deploy in Netlify's lists. It is sent unchanged and need not be unique.
      - A run continues an unfinished deploy only if that deploy has this title and Netlify lists exactly the same files
        for it.
      - Without it the title names a digest of the content.
    type: str
seealso:
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_file_info
  - module: webops.paas.netlify_file_download
"""

EXAMPLES = r"""
- name: The opening hours are known, and the old price list is gone
  webops.paas.netlify_file:
    site: webops-paas-shop
    files:
      - path: hours.json
        content: '{"monday": [9, 17]}'
      - path: prices.html
        state: absent
    title: Opening hours
"""

RETURN = r"""
deploy:
  description:
    - The deploy that has the files as declared, or the one to come (check mode); V(null) when the site has none and
      needs none.
  returned: success
  type: dict
  sample:
    id: 52465f435803544542000001
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    state: ready
    title: Opening hours
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
    - The deploy whose files were taken over, which was live before; V(null) when there was none.
  returned: success
  type: str
  sample: 52465f435803544542000000
files:
  description:
    - Which files differ from that deploy. Of each kind the first fifty are listed; C(omitted) says how many are not.
  returned: success
  type: dict
  sample:
    counts:
      added: 1
      changed: 0
      removed: 1
      unchanged: 216
    added: [hours.json]
    changed: []
    removed: [prices.html]
    omitted: 0
uploaded:
  description:
    - How many files were uploaded (Netlify has content that it has seen before), and their bytes.
  returned: success
  type: dict
  sample:
    files: 1
    bytes: 19
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


from ..module_utils._kernel.module import STATE, STR, WAIT_OPTIONS, JsonObject, Module, Operation, PaasError
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, deploys, files, manifest, uploads

# How many releases of somebody else, one after another, are waited out.
LOOKS = 3
CONCURRENCY = 8


class File(Operation[deploys.DeploysClient]):
    """The plan has one object, the upload: created where something is to be sent, kept where nothing is."""

    @cached_property
    def edit(self) -> files.Edit:
        return files.Edit("files", self.params["files"])

    def check_input(self) -> None:
        # Reads the files.
        _edit = self.edit

    def plan(self) -> Plan:
        return self._plan(self.client.require_site(self.params["site"]))

    def plan_without_parent(self) -> Plan:
        return self._plan(None)

    def _plan(self, site: JsonObject | None) -> Plan:
        live = site and site.get("published_deploy")
        current = {manifest.normalise_path(path): sha1 for path, sha1 in deploys.files_of(self.client, live).items()}
        wanted = self.edit.applied_to(current)
        difference = uploads.Difference(self.client, live, wanted, None, current)
        target = uploads.Target(self.params["title"], None, False, uploads.content_title(wanted, None))
        upload = uploads.Upload(self.client, site, target, wanted, None, difference)
        if not difference:
            return Plan([Change.keep("deploy", upload)])
        if not wanted.files:
            raise PaasError(
                f"That would leave the site {self.params['site']} without any file, and Netlify has no deploys without "
                "files. Nothing was sent. webops.paas.netlify_site can disable or delete the site.",
                code="nothing_left",
            )
        target.check_not_locked(site)
        begun = upload.begun_before(live, restart=False)
        is_on_its_way = begun is not None and upload.is_on_its_way(begun)
        return Plan([(Change.keep if is_on_its_way else Change.create)("deploy", upload)], join=begun)

    def predict(self, plan: Plan) -> Prediction:
        upload = plan.after["deploy"]
        return Prediction(*upload.predicted(None if plan.changed else plan.join, plan.changed))

    def diff(self, plan: Plan) -> Diff:
        difference = plan.after["deploy"].difference
        return Diff(difference.before, difference.after) if plan.changed else Diff({}, {})

    def apply(self, plan: Plan) -> tuple[Plan, JsonObject | None]:
        """The plan that was carried out: a release of somebody else in between makes a new one, so nothing is lost."""
        for _look in range(LOOKS):
            upload, live = plan.after["deploy"], self.client.require_site(self.params["site"]).get("published_deploy")
            if (live and live["id"]) == self.predict(plan).result["previous_deploy_id"]:
                deploy = upload.open(plan.join)
                upload.fill(deploy, CONCURRENCY, self.patience)
                return plan, deploy
            plan = self.plan()
            if not plan.changed:
                return plan, plan.join
        raise PaasError(
            f"The live deploy of {self.params['site']} changed {LOOKS} times while its files were being compared. "
            "Nothing was sent; run again when nothing else deploys to it.",
            code="releases_meanwhile",
        )

    def carry_out(self, plan: Plan) -> JsonObject:
        deploy = plan.join
        if plan.changed:
            plan, deploy = self.apply(plan)
        return {**self.settle(plan, deploy), "changed": plan.changed}

    def settle(self, plan: Plan, outcome: JsonObject | None) -> JsonObject:
        upload, result = plan.after["deploy"], self.predict(plan).result
        if outcome is not None:
            result["deploy"] = upload.finished(outcome, self.params["wait"], self.warn, self.patience)
        return {**result, "uploaded": upload.sent}


MODULE = Module(
    File,
    options=dict(
        site=api.SITE,
        files=dict(
            type="list",
            elements="dict",
            required=True,
            options=dict(path=dict(type="str", required=True), src=dict(type="path"), content=STR, state=STATE),
            mutually_exclusive=[("src", "content")],
            required_if=[("state", "present", ("src", "content"), True)],
        ),
        title=STR,
        **WAIT_OPTIONS,
    ),
)


if __name__ == "__main__":
    MODULE.run()
