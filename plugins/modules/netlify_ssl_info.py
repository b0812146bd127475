#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_ssl_info
version_added: 1.0.0
short_description: Get the certificate of a Netlify site
description:
  - Returns the certificate for the custom domain of a site, always as a list. The list is empty if the site has no
    certificate.
  - The certificate for C(*.netlify.app), which all sites share, is not returned.
  - Sends one request, or two if the site has no certificate.
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
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [name, site_id, domain]
seealso:
  - module: webops.paas.netlify_ssl
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_ssl_info -a site=webops-paas-blog

- name: Get the certificate of the blog
  webops.paas.netlify_ssl_info:
    site: webops-paas-blog
  register: found

- name: Check that the certificate is valid for at least two more weeks
  ansible.builtin.assert:
    that:
      - found.certificates | length == 1
      - (found.certificates[0].expires_at | to_datetime('%Y-%m-%dT%H:%M:%S.%fZ') - now(utc=true)).days >= 14
"""

RETURN = r"""
certificates:
  description:
    - The certificate of the site, as M(webops.paas.netlify_ssl) returns it; empty if the site has none.
  returned: success
  type: list
  elements: dict
  sample:
    - state: issued
      domains: [blog.example.com]
      custom: false
      expires_at: "2027-02-18T08:15:30.000Z"
      created_at: "2026-11-20T08:15:30.000Z"
      updated_at: "2026-11-20T08:15:30.000Z"
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: showSiteTLSCertificate
    method: GET
    path: /api/v1/sites/webops-paas-blog.netlify.app/ssl
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._netlify import api, certificates


class SslInfo(Info[certificates.SslClient]):
    key = "certificates"

    def fetch(self) -> list[JsonObject]:
        certificate = self.client.get_certificate(api.address_of(self.params["site"]))
        if certificate is not None:
            return [certificates.certificate_view(certificate)]
        self.client.require_site(self.params["site"])
        return []


MODULE = Module(SslInfo, options=dict(site=api.NAMED_SITE))


if __name__ == "__main__":
    MODULE.run()
