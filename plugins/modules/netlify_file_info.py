#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_file_info
version_added: 0.1.0
short_description: List the files of the live Netlify site, or describe one
description:
  - Answers the files of a site's published deploy that match, always as a list. Takes one read, however many files
    there are; one more when O(path) finds nothing.
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
      - The site, by name, id or one of its domains. A site that does not exist is an error; one without a published
        deploy has no files.
    type: str
    required: true
    aliases: [site_id, domain]
  path:
    description:
      - Only the file of this path below the site, for example V(about/index.html).
    type: str
seealso:
  - module: webops.paas.netlify_file
  - module: webops.paas.netlify_file_download
"""

EXAMPLES = r"""
- name: All files of a site
  webops.paas.netlify_file_info:
    site: webops-paas-shop
  register: found

- name: How big they are together
  ansible.builtin.debug:
    msg: "{{ found.files | map(attribute='size') | sum }}"

- name: One file
  webops.paas.netlify_file_info:
    site: webops-paas-shop
    path: index.html
"""

RETURN = r"""
files:
  description:
    - The files, by path; empty when none matches. What they are is told of the uploaded files, before Netlify processed
      them.
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
    - What failed, for machines.
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
