# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets pytest run any of the tests from a checkout, after `make dev`: .venv/dev/bin/pytest tests/unit"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# In a tree that ansible-test uses, everything is arranged already.
if ROOT.parts[-3] != "ansible_collections":
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    import sync_tree

    sync_tree.link_tree()
    sys.path.insert(0, str(sync_tree.BUILD))
    environment = sync_tree.own_environment(os.environ, Path(sys.executable).parent)
    os.environ.clear()
    os.environ.update(environment, PYTHONPATH=str(sync_tree.BUILD))
    tempfile.tempdir = None
