# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads filters and tests in the process of ansible-playbook.

Ansible forks a worker for each task. What the first process has not loaded, every worker loads for itself.
"""

from __future__ import annotations

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import filter_loader, test_loader

DOCUMENTATION = """
name: preload
type: aggregate
short_description: Loads filters and tests once instead of in each task
description:
  - Loads those of ansible-core and of this collection.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "preload"

    def v2_playbook_on_start(self, playbook):
        # Finding one of them loads all of its collection.
        filter_loader.get("webops.paas.release")
        test_loader.get("ansible.builtin.defined")
