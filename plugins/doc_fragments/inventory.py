# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What inventory plugins share; the options mean the same as those of the modules.
    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether the platform's TLS certificate is verified. Switch it off for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory with the certificates of the authorities to trust, for a private authority.
    type: path
  timeout:
    description:
      - Seconds that one request may take.
    type: float
    default: 30
  retries:
    description:
      - How often one request is repeated after a passing fault (connection lost, 408, 425, 429, 5xx).
    type: int
    default: 5
  deadline:
    description:
      - Seconds that all requests may take together, waiting for rate limits included.
      - When the platform asks to wait longer than that, it fails at once and names the time.
    type: float
    default: 1800
requirements:
  - requests
notes:
  - All options but O(compose), O(groups), O(keyed_groups) and those of the cache may be templates, such as a look-up of
    the token in a vault. Extra variables (C(-e)) can be used in them, other variables do not exist yet.
  - No connection is set, since these hosts are no machines to log in to. A play over them says C(connection=local) (and
    C(gather_facts=false)), so that a play for all your servers does not run its tasks on the controller by mistake.
  - What the platform answers is never evaluated as a template.
  - The cache holds what the platform has answered, without the token. Other options or another token do not get what is
    cached. Without O(cache_plugin) it lasts as long as the process.
  - When a source fails, Ansible warns and goes on without its hosts. To stop there, set C(any_unparsed_is_failed) in
    the section C(inventory) of C(ansible.cfg), or E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED).
"""
