# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source, loaded as ansible-rulebook loads it."""

from __future__ import annotations

import runpy

import pytest
from notifications import SOURCE


@pytest.fixture(scope="module")
def source():
    return runpy.run_path(str(SOURCE))
