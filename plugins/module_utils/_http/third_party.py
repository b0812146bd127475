# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Libraries that may be missing on a managed node. PRIVATE to the collection.

The only file that imports C(requests) and C(urllib3), which comes with it. Without them all other files can still be
imported: urllib3 is an empty module, and C(REQUESTS_IMPORT_ERROR) has the traceback.

urllib3 sends all requests. Importing the rest of C(requests) takes as long again, so C(requests()) does this when
something is needed that only C(requests) knows: a proxy of the environment, a URL with unusual characters.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import traceback
import types
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError

REQUESTS_IMPORT_ERROR: str | None = None

try:
    import urllib3
    import urllib3.exceptions

    _REQUESTS = importlib.util.find_spec("requests")
    if _REQUESTS is None or not _REQUESTS.submodule_search_locations:
        raise ImportError("No package named 'requests'")
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    # Code that uses it runs only after a check of REQUESTS_IMPORT_ERROR.
    urllib3 = types.ModuleType("urllib3")

__all__ = ["REQUESTS_IMPORT_ERROR", "ca_bundle", "requests", "urllib3"]


class BrokenRequests(PaasError):
    """The library requests is there, but cannot be imported."""

    library = "requests"


def requests() -> Any:
    """The library requests. Raises BrokenRequests."""
    try:
        return importlib.import_module("requests")
    except ImportError as error:
        raise BrokenRequests(f"Importing requests failed: {error}.", code="missing_library") from None


@functools.cache
def ca_bundle() -> str:
    """The file of the certificate authorities that requests trusts.

    Its file certs.py names it, which distributions change to name their own. It needs nothing else of requests.
    """
    path = os.path.join(os.path.dirname((_REQUESTS and _REQUESTS.origin) or ""), "certs.py")
    spec = importlib.util.spec_from_file_location("requests.certs", path) if os.path.isfile(path) else None
    try:
        if spec is None or spec.loader is None:
            raise ImportError(path)
        certs: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(certs)
    except ImportError:
        # Not a plain file, or it needs other files.
        certs = requests().certs
    bundle: str = certs.where()
    # It can be inside of a zip file.
    return bundle if os.path.exists(bundle) else str(requests().utils.extract_zipped_paths(bundle))
