#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_file_download
version_added: 0.1.0
short_description: Download a file of a Netlify site
description:
  - Downloads a file of the live site as it was uploaded. Visitors may get a version that Netlify has processed.
  - The module compares the SHA-1 of the content with the one that Netlify returns. It replaces the local file only
    after the whole content was received.
  - If O(dest) already has the content, nothing is downloaded.
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
    details:
      - Shows the SHA-1 before and after, not the content.
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site.
    type: str
    required: true
    aliases: [site_id, domain]
  path:
    description:
      - Path of the file below the site, for example V(about/index.html). The task fails if the file does not exist.
    type: str
    required: true
  dest:
    description:
      - Path of the local file to write. If it is a directory, the file in it gets the last part of O(path) as its name.
      - The directory must exist. An existing file is replaced and keeps its permissions.
      - A relative path starts at the working directory of the process that runs the module. On C(localhost) this is the
        directory of the playbook.
    type: path
    required: true
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
  - module: webops.paas.netlify_file
  - module: webops.paas.netlify_file_info
"""

EXAMPLES = r"""
# Download a file from the command line:
# ansible localhost -m webops.paas.netlify_file_download -a "site=webops-paas-shop path=index.html dest=/tmp/"

- name: Download the live home page
  webops.paas.netlify_file_download:
    site: webops-paas-shop
    path: index.html
    dest: live.html

- name: Download several files
  webops.paas.netlify_file_download:
    site: webops-paas-shop
    path: "{{ item }}"
    dest: "live-{{ item }}"
  loop:
    - index.html
    - hours.json
"""

RETURN = r"""
file:
  description:
    - The file of the site, and its local path C(dest).
  returned: success
  type: dict
  sample:
    path: index.html
    sha1: 20828dcdf2cd07e5980fe52759101591bf5014ab
    size: 27232
    mime_type: text/html
    dest: live.html
unknown_until_applied:
  description:
    - Keys of the result that are not known yet. They are V(null) in check mode.
  returned: in check mode, if the site does not exist yet
  type: list
  elements: str
  sample: [sha1]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: getSiteFileByPathName
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/files/index.html
    status: 404
    code: not_found
    platform_code: 404
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""


from ..module_utils._kernel.module import JsonObject, Module, Operation
from ..module_utils._core import files as local_files
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, files


class FileDownload(Operation[files.FilesClient]):
    """The change of a local file: its state before is its digest, its state after the file of the site."""

    @cached_property
    def dest(self) -> str:
        return local_files.destination(self.params["dest"], self.params["path"])

    def check_input(self) -> None:
        local_files.check_writable("dest", self.dest)

    def plan(self) -> Plan:
        file = files.require_file(self.client, self.params["site"], self.params["path"])
        return Plan([Change.of_file("dest", self.dest, file)])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.of_file("dest", self.dest, files.new_file(self.params["path"]))])

    def predict(self, plan: Plan) -> Prediction:
        file = plan.after[self.dest]
        unknown = ["changed"] if plan.before and file["sha1"] is UNKNOWN else []
        return Prediction({"file": {**file, "dest": self.dest}}, unknown)

    def diff(self, plan: Plan) -> Diff:
        return Diff(local_files.shown(plan.before), local_files.shown(plan.after))

    def apply(self, plan: Plan) -> JsonObject:
        with local_files.replacing("dest", self.dest) as stream:
            return files.download(self.client, self.params["site"], plan.after[self.dest], stream)

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        return {"file": {**outcome, "dest": self.dest}}


MODULE = Module(
    FileDownload,
    options=dict(site=api.SITE, path=dict(files.PATH, required=True), dest=dict(type="path", required=True)),
)


if __name__ == "__main__":
    MODULE.run()
