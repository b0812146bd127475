#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: export
version_added: 1.0.0
short_description: Export existing sites, tenants and services as files
description:
  - Writes what exists on the platforms as files that M(webops.paas.apply) reads. Applying an export that was just
    written changes nothing.
  - The files are the same in each run if nothing has changed on the platforms. Defaults, IDs and times are left out.
  - Secrets are never written in plain. Each value of an environment variable, each URL of a notification and each
    secret in metadata of Hasura becomes a variable such as C({{ vault_netlify_shop_api_key }}).
    C(secrets.example.yml) lists these variables.
  - Metadata of Hasura is written as a directory of Hasura's CLI, which is never templated. Its secrets are
    placeholders, see O(webops.paas.hasura_metadata#module:substitutions).
  - What cannot be read is a comment in the file that says why. Deploys, forms and the content of sites are not
    exported.
  - Files of an earlier export whose object no longer exists are deleted, unless O(names) is set; of Netlify, also
    unless O(netlify_account_slugs) is set. Other files are left alone. Files are readable and writable by their owner
    only.
  - Runs in the controller process only. It fails with C(become), C(async), a remote connection or another interpreter.
extends_documentation_fragment:
  - webops.paas.attributes
attributes:
  action_group:
    description: This module is in no action group, since its options are not those of the other modules.
    support: none
    membership: []
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  dest:
    description:
      - Directory on the controller. It is created if it does not exist.
    type: path
    required: true
  platforms:
    description:
      - Platforms to export. By default, all that have a token.
    type: list
    elements: str
    choices: [fleek, flightcontrol, hasura, netlify]
  names:
    description:
      - Names of the sites, zones, tenants and services to export. The wildcards V(*) and V(?) are supported. By
        default, all are exported. The module warns about a name that matches nothing.
      - Environment variables of teams and other objects without such a name are exported only without O(names).
    type: list
    elements: str
  netlify_account_slugs:
    description:
      - Slugs of the Netlify teams whose sites, zones and environment variables are exported. By default, those of all
        teams of the token.
    type: list
    elements: str
  secrets:
    description:
      - Whether only the names of the secrets are written (V(names)), or also their values, as C(secrets.yml), encrypted
        with the vault password of the run (V(vault)).
      - An existing C(secrets.yml) keeps its other variables, and the values of secrets that cannot be read.
    type: str
    choices: [names, vault]
    default: names
  fleek_team_id:
    description:
      - ID of the Fleek team whose sites are exported. Without it, the environment variable E(FLEEK_TEAM_ID) is used.
    type: str
  concurrency:
    description:
      - Maximum number of sites and tenants that are read at the same time.
    type: int
    default: 8
  connections:
    description:
      - Options of the connection to each platform, for example C(token) and C(api_url). Without them, the environment
        variables of the platform are used.
    type: dict
seealso:
  - ref: ansible_collections.webops.paas.docsite.estate_guide
    description: Declare what exists, apply it and report the drift.
  - module: webops.paas.apply
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.export -a dest=exported
- name: Show which files an export of Netlify would create or change
  webops.paas.export:
    dest: exported
    platforms: [netlify]
  check_mode: true
  diff: true

- name: Export all platforms that have a token
  webops.paas.export:
    dest: exported
"""

RETURN = r"""
dest:
  description: The directory.
  returned: success
  type: str
  sample: exported
files:
  description: The files of the export, below the directory.
  returned: success
  type: list
  elements: str
  sample:
    - netlify/sites/webops-paas-shop.yml
    - secrets.example.yml
changed_files:
  description: Files that were created, changed or deleted.
  returned: success
  type: list
  elements: str
  sample: [netlify/sites/webops-paas-shop.yml]
counts:
  description: How many files and how many secrets there are.
  returned: success
  type: dict
  sample:
    files: 2
    secrets: 1
skipped_platforms:
  description: Platforms that were not exported, and why.
  returned: success
  type: dict
  sample:
    fleek: "no team: set `fleek_team_id`, or the environment variable FLEEK_TEAM_ID."
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    code: invalid_input
"""

from ..module_utils._kernel.module import from_environment, refuse_to_run

SPEC = dict(
    argument_spec=dict(
        dest=dict(type="path", required=True),
        platforms=dict(type="list", elements="str", choices=["fleek", "flightcontrol", "hasura", "netlify"]),
        names=dict(type="list", elements="str"),
        netlify_account_slugs=dict(type="list", elements="str"),
        secrets=dict(type="str", choices=["names", "vault"], default="names", no_log=False),
        fleek_team_id=dict(type="str", fallback=(from_environment, ["FLEEK_TEAM_ID"])),
        concurrency=dict(type="int", default=8),
        connections=dict(type="dict"),
    ),
)


if __name__ == "__main__":
    refuse_to_run("export", SPEC)
