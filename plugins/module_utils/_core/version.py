# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version in the User-Agent header. This module util is PRIVATE to the collection.

An installed collection has no galaxy.yml, so the version is here too; a test compares both.
"""

from __future__ import annotations

VERSION = "1.2.0"
HOMEPAGE = "https://github.com/webops-paas/webops.paas"
