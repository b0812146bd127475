# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netlify_site_url
version_added: 1.1.0
short_description: Get the URL of a Netlify site
description:
  - Returns the URL under which Netlify serves the live deploy of a site, with its custom domain if it has one.
  - The URL begins with C(https://) as soon as Netlify can serve the site over HTTPS.
  - Sends one request for each site.
  - For everything else about a site, use M(webops.paas.netlify_site_info).
extends_documentation_fragment:
  - webops.paas.connection.plugin
  - webops.paas.connection.lookup
author:
  - webops.paas contributors (@webops-paas)
options:
  _terms:
    description:
      - Names, IDs or domains of sites.
    type: list
    elements: str
    required: true
  token:
    description:
      - Personal access token of Netlify (User settings, Applications). Leading and trailing white space is ignored.
      - Required, unless one of the environment variables is set.
    type: str
    aliases: [api_key, auth_token]
    env:
      - name: NETLIFY_AUTH_TOKEN
      - name: NETLIFY_API_TOKEN
  api_url:
    description:
      - URL of the Netlify API. If the URL has no path, C(/api/v1) is appended.
      - The URL must begin with C(https://), except for loopback hosts.
    type: str
    default: https://api.netlify.com/api/v1
    env:
      - name: NETLIFY_API_URL
seealso:
  - module: webops.paas.netlify_site_info
  - module: webops.paas.verify
  - plugin: webops.paas.netlify
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Show the URL of a site
  ansible.builtin.debug:
    msg: "{{ lookup('webops.paas.netlify_site_url', 'webops-paas-shop') }}"

- name: Check that the site is up
  webops.paas.verify:
    urls:
      - url: "{{ lookup('webops.paas.netlify_site_url', 'webops-paas-shop') }}/"

- name: Show the URLs of several sites
  ansible.builtin.debug:
    msg: "{{ query('webops.paas.netlify_site_url', 'webops-paas-shop', 'webops-paas-docs') }}"

- name: Pass the token
  ansible.builtin.debug:
    msg: "{{ lookup('webops.paas.netlify_site_url', 'webops-paas-shop', token=netlify_token) }}"
"""

RETURN = r"""
_raw:
  description:
    - One URL for each name, in the same order, without a slash at the end.
  type: list
  elements: str
  sample:
    - https://webops-paas-shop.netlify.app
"""

from ansible_collections.webops.paas.plugins.modules.netlify_site_info import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._lookup import PlatformLookup


class LookupModule(PlatformLookup):
    info = MODULE
    named_by = "site"
    noun = "site"
    addresses = ("ssl_url", "url")
