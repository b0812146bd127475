# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What inventory plugins have in common, besides the options of connection.plugin.
    DOCUMENTATION = r"""
options: {}
notes:
  - All options except O(compose), O(groups), O(keyed_groups) and those of the cache can be templates, for example to
    look up the token in a vault. Templates can use extra variables (C(-e)), because other variables do not exist yet.
  - The hosts have no connection, because it is not possible to log in to them. A play over them must set
    C(connection=local), and should set C(gather_facts=false). So a play for all your servers does not accidentally run
    its tasks for these hosts on the controller.
  - Data of the platform is never evaluated as a template.
  - The cache contains the data of the platform, without the token. With other options or another token, cached data is
    not used. Without O(cache_plugin), the cache lasts as long as the process.
  - If a source fails, Ansible warns and continues without its hosts. To make this an error, set
    C(any_unparsed_is_failed) in the section C(inventory) of C(ansible.cfg), or
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED).
"""
