#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_file
version_added: 0.1.0
short_description: Manage single files of a Netlify site
description:
  - Adds, replaces and deletes single files of the live site. The module creates a production deploy that consists of
    the files of the published deploy and the declared changes. If the files are already as declared, it does nothing.
  - Only content that Netlify does not have yet is uploaded. The functions of the published deploy are kept.
  - If another release is published between the comparison and the deploy, the module applies the changes to that
    release. It does not notice a release that is published while Netlify processes its own deploy.
  - To deploy a whole directory, use M(webops.paas.netlify_deploy). The next deploy of a directory replaces the files
    that this module changed.
  - If a run is interrupted, the next run completes the unfinished deploy.
  - A converged run sends two requests, or one if the site has no published deploy.
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
      - Lists files by path and SHA-1, at most 50 of each kind, and the number of all files.
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist. A site without a published deploy has
        no files.
    type: str
    required: true
    aliases: [site_id, domain]
  files:
    description:
      - Files to add, replace or delete, all with one deploy. All other files are kept.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description:
          - Path of the file below the site, for example V(about/index.html). A leading slash is ignored.
        type: str
        required: true
      src:
        description:
          - Path of a local file with the content.
          - A relative path starts at the working directory of the process that runs the module. On C(localhost) this is
            the directory of the playbook.
        type: path
      content:
        description:
          - Content of the file, as UTF-8 text. With O(files[].state=present), either this or O(files[].src) is
            required.
        type: str
      state:
        description:
          - Whether the file should exist. The last file of a site cannot be deleted.
        type: str
        choices: [present, absent]
        default: present
  title:
    description:
      - Title of the new deploy in Netlify's lists. It is sent unchanged and does not have to be unique.
      - If it is not set, the title contains a digest of the content.
      - A run continues an unfinished deploy only if the deploy has this title and Netlify lists exactly the same files
        for it.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_file_info
  - module: webops.paas.netlify_file_download
"""

EXAMPLES = r"""
# Delete a file from the command line:
# ansible localhost -m webops.paas.netlify_file \
#   -a '{"site": "webops-paas-shop", "files": [{"path": "prices.html", "state": "absent"}]}'

- name: Publish the opening hours and delete the old price list
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
    - The deploy with the declared files after the task, or the predicted one in check mode; V(null) if the site has
      no deploy and needs none.
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
    - ID of the deploy that was live before, whose other files are kept; V(null) if there was none.
  returned: success
  type: str
  sample: 52465f435803544542000000
files:
  description:
    - Files that differ from that deploy. At most 50 files of each kind are listed; C(omitted) is the number of the
      others.
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
    - Number of files that were uploaded, and their total size in bytes. Content that Netlify already has is not
      uploaded.
  returned: success
  type: dict
  sample:
    files: 1
    bytes: 19
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
from ..module_utils._netlify import api, deploys, files, manifest, targets, uploads

# How often a run plans again because somebody else has released in between.
LOOKS = 3


class File(Operation[deploys.DeploysClient]):
    """The plan has one object, the upload: created if anything must be sent, otherwise kept."""

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
        target = targets.Target(self.params["title"], None, False, targets.content_title(wanted, None))
        upload = uploads.Upload(self.client, site, target, wanted, None, difference)
        if not difference:
            return Plan([Change.keep("deploy", upload)])
        if not wanted.files:
            raise PaasError(
                f"Deleting these files would leave the site {self.params['site']} without any file, and Netlify has no "
                "deploys without files. Nothing was sent. Disable or delete the site with webops.paas.netlify_site.",
                code="nothing_left",
            )
        begun, is_to_send = upload.to_join()
        return Plan([(Change.create if is_to_send else Change.keep)("deploy", upload)], join=begun)

    def predict(self, plan: Plan) -> Prediction:
        upload = plan.after["deploy"]
        return Prediction(*upload.predicted(None if plan.changed else plan.join, plan.changed))

    def diff(self, plan: Plan) -> Diff:
        return Diff(*plan.after["deploy"].difference.sides())

    def apply(self, plan: Plan) -> tuple[Plan, JsonObject | None]:
        """The plan that was carried out. A release by somebody else in between leads to a new plan, so none is lost."""
        for _look in range(LOOKS):
            upload, live = plan.after["deploy"], self.client.require_site(self.params["site"]).get("published_deploy")
            if (live and live["id"]) == self.predict(plan).result["previous_deploy_id"]:
                deploy = upload.open(plan.join)
                upload.fill(deploy, None, self.patience)
                return plan, deploy
            plan = self.plan()
            if not plan.changed:
                return plan, plan.join
        raise PaasError(
            f"The live deploy of {self.params['site']} changed {LOOKS} times while its files were being compared. "
            "Nothing was sent. Run the task again when nothing else deploys to the site.",
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
