#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleek_deploy_info
version_added: 0.1.0
short_description: List the deploys of a Fleek site
description:
  - Returns the deploys of a site, newest first, and on request the end of their build logs. Previews of pull requests
    are included.
  - Sends one request for each page of 100 deploys (10 with O(log_lines)), and one more with O(site) or O(log_lines).
extends_documentation_fragment:
  - webops.paas.fleek
  - webops.paas.fleek.site
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_fleek
author:
  - webops.paas contributors (@webops-paas)
options:
  status:
    description:
      - Status of the deploys to return, for example V(IN_PROGRESS), V(DEPLOYED), V(FAILED) or V(CANCELLED).
    type: str
  commit:
    description:
      - Commit of the deploys to return, as its SHA or at least its first seven digits.
    type: str
  limit:
    description:
      - Maximum number of deploys to return. The newest ones are returned.
    type: int
    default: 20
  log_lines:
    description:
      - Number of lines to return from the end of each build log.
      - Values of the site's build variables, and whatever follows their names in the log, are masked.
    type: int
    default: 0
seealso:
  - ref: ansible_collections.webops.paas.docsite.fleek_guide
    description: Recipes for Fleek.
  - module: webops.paas.fleek_deploy
  - module: webops.paas.fleek_site_info
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.fleek_deploy_info -a 'site=hello-fleek limit=3'

- name: Get the last releases
  webops.paas.fleek_deploy_info:
    site: hello-fleek
    status: DEPLOYED
    limit: 5
  register: releases

- name: Show the commit and the CID of each release
  ansible.builtin.debug:
    msg: "{{ item.commit }}: {{ item.ipfs_hash }}"
  loop: "{{ releases.deploys }}"
  loop_control:
    label: "{{ item.id }}"

- name: Get the log of the latest build
  webops.paas.fleek_deploy_info:
    site: hello-fleek
    limit: 1
    log_lines: 50
  register: latest

- name: Show the log of the latest build
  ansible.builtin.debug:
    var: latest.deploys[0].log
"""

RETURN = r"""
deploys:
  description:
    - Deploys that match, newest first. Empty if none matches.
    - C(log) is a list of lines with O(log_lines), otherwise V(null).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5d7a9f0c-1b8e-4c5a-9f3e-2a6b7c8d9e0f
      status: DEPLOYED
      commit: 8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b
      branch: main
      message: New prices
      ipfs_hash: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
      published: true
      auto_publish: true
      started_at: "2026-11-20T08:15:30.000Z"
      completed_at: "2026-11-20T08:16:41.000Z"
      total_time: 71000
      preview_image: https://storageapi.fleek.co/fleek-team-bucket/site/preview.png
      log: [Uploaded to IPFS, Deploy complete]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: fleek
    operation: getDeploysBySite
    status: 200
    code: not_found
"""

import itertools

from ..module_utils._kernel.module import STR, Info, JsonObject, Module, between
from ..module_utils._fleek import api, deploys, logs


class DeployInfo(Info[deploys.DeploysClient]):
    key = "deploys"

    def fetch(self) -> list[JsonObject]:
        site_id, lines, log = self.params["site_id"], self.params["log_lines"], None
        if site_id is None or lines:
            site = self.client.require_site(self.params, f"id {logs.VARIABLES}" if lines else "id")
            site_id, log = site["id"], logs.log_of(site, self.client.http.redactor) if lines else None
        fields, per_page = (f"{api.DEPLOY} log", logs.PER_PAGE_WITH_LOGS) if lines else (api.DEPLOY, api.PER_PAGE)
        found = filter(self._is_wanted, self.client.list_deploys(site_id, fields, per_page))
        return [
            deploys.deploy_view(deploy, log.end(deploy["log"], lines) if log else None)
            for deploy in itertools.islice(found, self.params["limit"])
        ]

    def _is_wanted(self, deploy: JsonObject) -> bool:
        status, commit = self.params["status"], self.params["commit"]
        return status in (None, deploy["status"]) and (commit is None or deploys.is_commit(commit, deploy))


MODULE = Module(
    DeployInfo,
    options=dict(
        **api.SITE_OPTIONS,
        status=STR,
        commit=dict(type="str", check=deploys.check_sha),
        limit=dict(type="int", default=20, check=between(1)),
        log_lines=dict(type="int", default=0, check=between(0)),
    ),
    **api.ONE_SITE,
)


if __name__ == "__main__":
    MODULE.run()
