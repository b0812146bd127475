#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apply
version_added: 1.0.0
short_description: Apply a whole estate of sites, tenants and services
description:
  - Brings the platforms to what YAML files declare, in one task. Each entry of the files is a module of this collection
    with its options.
  - All entries are checked before the first request, and planned side by side before the first write. A read that
    several entries need is sent once.
  - What others belong to comes first (zone, site, tenant), then what belongs to it, then deploys, then
    M(webops.paas.verify). Deletions follow in the reverse order. Independent entries are applied side by side.
  - In check mode nothing is written; the result and the diff are those that the real run will return.
  - Runs in the controller process only. It fails with C(become), C(async), a remote connection or another
    interpreter.
  - If a run fails in the middle, the next run finishes the job.
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
  src:
    description:
      - YAML file, or directory of YAML files, on the controller. Files that end in C(.yml) or C(.yaml) are read from
        all subdirectories, apart from hidden ones. Links to directories are followed.
      - A file is a list. Each entry is a mapping of one module's name to its options. The prefix C(webops.paas.) is
        optional.
      - Values are templated as in a playbook. Vaulted files and inline C(!vault) values are decrypted. Loops,
        conditions and includes are not supported.
      - Relative paths in the options and lookups of an entry start at the directory of its file.
      - A directory with a C(version.yaml) is Hasura metadata and is not read. C(secrets.yml) and C(secrets.example.yml)
        at the root are variables and are not read either.
      - Modules that only read and modules that are not idempotent are refused.
    type: path
  content:
    description:
      - The entries themselves, instead of O(src). The number of an entry is reported as its line.
    type: list
    elements: dict
  only:
    description:
      - Selects some of the entries. An entry must match each list that is given. An empty list is refused.
    type: dict
    suboptions:
      platforms:
        description: Platforms, for example V(netlify).
        type: list
        elements: str
        choices: [fleek, flightcontrol, hasura, netlify]
      kinds:
        description: Names of modules, for example V(netlify_site).
        type: list
        elements: str
      names:
        description:
          - Names of resources or of what they belong to. The wildcards V(*) and V(?) are supported.
        type: list
        elements: str
  purge:
    description:
      - Names of modules. What exists of their kind in the declared scope, and is not declared, is deleted.
      - Members of a site, zone or tenant are V(netlify_build_hook), V(netlify_dns_record), V(netlify_env_vars),
        V(netlify_hook), V(netlify_log_drain), V(netlify_metadata), V(netlify_snippet), V(netlify_snippets) and
        V(hasura_env_vars). The scope is each site and zone that an entry declares, or that an entry of this kind
        belongs to. For V(hasura_env_vars), only the latter, because Hasura Cloud sets variables of its own.
      - Members of a team are V(netlify_site) and V(netlify_dns_zone). The scope is each team that an entry of this kind
        names with C(account_slug). Sites and zones that another entry refers to are kept.
      - For V(netlify_deploy_key), the keys that no site uses are deleted, if an entry declares a key.
      - Records that Netlify manages, and NS and SOA records, are never deleted.
      - An entry of V(netlify_env_vars), V(netlify_metadata), V(netlify_snippets) or V(hasura_env_vars) can set its own
        C(purge), which takes precedence.
      - With O(only), only selected members are deleted. Entries that are not selected still count as declared.
      - Other modules are refused, because the platform does not document how to list or delete their objects.
    type: list
    elements: str
  max_deletions:
    description:
      - Maximum number of objects that one run deletes. If more would be deleted, nothing is written.
      - Entries with C(state=absent) and members that are purged count.
    type: int
    default: 10
  on_error:
    description:
      - Whether the run stops at the first failure or continues with entries that do not depend on what failed.
    type: str
    choices: [stop, continue]
    default: stop
  concurrency:
    description:
      - Maximum number of entries that are planned or applied at the same time.
    type: int
    default: 16
  connections:
    description:
      - Options of the connection to each platform, for entries that do not set them, for example C(token) and
        C(api_url). Without them, the environment variables of the platform are used.
    type: dict
seealso:
  - ref: ansible_collections.webops.paas.docsite.estate_guide
    description: Declare what exists, apply it and report the drift.
  - module: webops.paas.verify
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.apply -a src=estate --check --diff
- name: Apply the estate
  webops.paas.apply:
    content:
      - netlify_site:
          name: webops-paas-shop
          notification_email: ops@example.com
      - netlify_env_vars:
          site: webops-paas-shop
          env_vars:
            API_URL: https://api.example.com

- name: Preview a change of all variables
  webops.paas.apply:
    content:
      - netlify_env_vars:
          site: webops-paas-shop
          env_vars:
            API_URL: https://api2.example.com
    only:
      kinds: [netlify_env_vars]
  check_mode: true
  diff: true
"""

RETURN = r"""
resources:
  description: The entries in the order of the files, each with what was done.
  returned: if the entries are valid
  type: list
  elements: dict
  sample:
    - file: netlify/shop.yml
      line: 2
      module: netlify_site
      name: webops-paas-shop
      action: created
      changed: true
      diff:
        before: {}
        after:
          name: webops-paas-shop
      unknown_until_applied: [id, url]
      msg: ""
      error: {}
  contains:
    file:
      description: File of the entry, relative to O(src).
      type: str
      sample: netlify/shop.yml
    line:
      description: Line of the entry.
      type: int
      sample: 2
    module:
      description: Module of the entry.
      type: str
      sample: netlify_site
    name:
      description: Name of the resource.
      type: str
      sample: webops-paas-shop
    action:
      description:
        - V(created), V(updated), V(deleted), V(unchanged), V(failed), or V(skipped) because of a failure. In check
          mode, what the real run will do.
      type: str
      sample: created
    changed:
      description: Whether it was changed, in check mode whether it would be.
      type: bool
      sample: true
    msg:
      description: What failed.
      type: str
      sample: ""
    diff:
      description: What changes, as YAML texts before and after, if it changed and the task has a diff.
      type: dict
      sample:
        before_header: site webops-paas-shop (absent)
        after_header: site webops-paas-shop
        before: ""
        after: |
          name: webops-paas-shop
    error:
      description: The error of the module.
      type: dict
      sample: {}
    unknown_until_applied:
      description: Keys of the module's result that only the platform can fill in.
      type: list
      elements: str
      sample: [id, url]
counts:
  description: How many resources there are of each action, and their total.
  returned: if the entries are valid
  type: dict
  sample:
    total: 2
    created: 1
    updated: 0
    deleted: 0
    unchanged: 1
    failed: 0
    skipped: 0
error:
  description:
    - What failed first, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    code: invalid_input
    option: max_deletions
"""

from ..module_utils._kernel.module import refuse_to_run

SPEC = dict(
    argument_spec=dict(
        src=dict(type="path"),
        content=dict(type="list", elements="dict"),
        only=dict(
            type="dict",
            options=dict(
                platforms=dict(type="list", elements="str", choices=["fleek", "flightcontrol", "hasura", "netlify"]),
                kinds=dict(type="list", elements="str"),
                names=dict(type="list", elements="str"),
            ),
        ),
        purge=dict(type="list", elements="str"),
        max_deletions=dict(type="int", default=10),
        on_error=dict(type="str", choices=["stop", "continue"], default="stop"),
        concurrency=dict(type="int", default=16),
        connections=dict(type="dict"),
    ),
    required_one_of=[("src", "content")],
    mutually_exclusive=[("src", "content")],
)


if __name__ == "__main__":
    refuse_to_run("apply", SPEC)
