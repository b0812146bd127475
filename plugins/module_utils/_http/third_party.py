# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Libraries that may be missing on a managed node. PRIVATE to the collection.

The only file that imports C(requests) and C(urllib3), which comes with it. Without them all other files can still be
imported: the names are empty modules, and C(REQUESTS_IMPORT_ERROR) has the traceback.
"""

from __future__ import annotations

import traceback
import types

REQUESTS_IMPORT_ERROR: str | None = None

try:
    import requests
    import requests.adapters
    import urllib3
    import urllib3.exceptions
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    # Code that uses them runs only after a check of REQUESTS_IMPORT_ERROR.
    requests = types.ModuleType("requests")
    urllib3 = types.ModuleType("urllib3")

__all__ = ["REQUESTS_IMPORT_ERROR", "requests", "urllib3"]
