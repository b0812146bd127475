#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_file_info
version_added: 0.1.0
short_description: List the files of a Netlify site
description:
  - Returns the files of the published deploy that match, always as a list.
  - Sends one request, or two if there is no file at O(path).
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
      - Name, ID or domain of the site. The task fails if the site does not exist. A site without a published deploy has
        no files.
    type: str
    required: true
    aliases: [site_id, domain]
  path:
    description:
      - Path of the file to return, below the site, for example V(about/index.html). If it is not set, the module
        returns all files.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
  - module: webops.paas.netlify_file
  - module: webops.paas.netlify_file_download
"""

EXAMPLES = r"""
# Show a file from the command line:
# ansible localhost -m webops.paas.netlify_file_info -a "site=webops-paas-shop path=index.html"

- name: List all files of the site
  webops.paas.netlify_file_info:
    site: webops-paas-shop
  register: found

- name: Show the total size of the files in bytes
  ansible.builtin.debug:
    msg: "{{ found.files | map(attribute='size') | sum }}"

- name: Get one file
  webops.paas.netlify_file_info:
    site: webops-paas-shop
    path: index.html
"""

RETURN = r"""
files:
  description:
    - The files that match, sorted by path; empty if none matches. Digest, size and type are those of the uploaded file,
      before Netlify processed it.
  returned: success
  type: list
  elements: dict
  sample:
    - path: index.html
      sha1: 20828dcdf2cd07e5980fe52759101591bf5014ab
      size: 27232
      mime_type: text/html
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listSiteFiles
    method: GET
    path: /api/v1/sites/webops-paas-shop.netlify.app/files
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, files


class FileInfo(Info[files.FilesClient]):
    key = "files"

    def fetch(self) -> list[JsonObject]:
        site, path = self.params["site"], self.params["path"]
        if path is not None:
            file = files.find_file(self.client, site, path)
            return [] if file is None else [file]
        with api.below_site(site):
            rows = self.client.list_site_files(api.address_of(site))
        return sorted(map(files.file_view, rows), key=lambda file: str(file["path"]))


MODULE = Module(FileInfo, options=dict(site=api.SITE, path=files.PATH))


if __name__ == "__main__":
    MODULE.run()
