# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves work in the sanity tests. sessions.py installs this file into their environments, where every Python process
imports it at startup.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import sys

# pylint with a process for each core reads in each of them what the others have read, and other sessions run beside it.
os.sched_getaffinity = lambda process: {0}

# The test import imports each file anew, with all that it imports of Ansible and the collection. Ansible compiles
# what is in a collection each time.
if os.environ.get("SANITY_IMPORTER_TYPE"):
    builtins.compile = functools.lru_cache(maxsize=None)(compile)
# It keeps what is imported before its first file. A process that reads YAML for it lacks the requirements of Ansible.
if os.environ.get("SANITY_IMPORTER_TYPE") == "plugin" and "import.plugin" in sys.prefix:
    for kind in ("action", "inventory", "lookup"):
        importlib.import_module(f"ansible.plugins.{kind}")
