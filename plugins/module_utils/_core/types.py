# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that all files share. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

# A JSON object of a platform, or the options of a module.
JsonObject = dict[str, Any]
