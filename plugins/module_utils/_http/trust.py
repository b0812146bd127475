# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom connections trust. PRIVATE to the collection."""

from __future__ import annotations

import os
import ssl
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import (
    REQUESTS_IMPORT_ERROR,
    ca_bundle,
    urllib3,
)

# What was read ahead, by the file as it was then: its path, time, size and inode.
_READ_AHEAD: dict[tuple[Any, ...], ssl.SSLContext] = {}


def of_environment() -> str | None:
    """The file or directory of authorities that the environment names, as requests reads it."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def read_ahead() -> None:
    """Reads the authorities that tasks trust by default.

    For a process that forks one for each task: reading them takes longer than the rest of a task.
    """
    if REQUESTS_IMPORT_ERROR:
        return
    try:
        path = of_environment() or ca_bundle()
        if os.path.isfile(path):
            key = _as_it_is(path)
            context = urllib3.util.ssl_.create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
            context.load_verify_locations(path)
            _READ_AHEAD[key] = context
    except (OSError, PaasError):
        # The task that needs them reports it.
        pass


def settings(verify: bool | str, is_alone: bool) -> dict[str, Any]:
    """The settings of urllib3 for https.

    verify: a file or directory of authorities, True for those of requests, False for anybody. is_alone: whether the
    settings are for the server alone, and not for a proxy, too. Raises FileNotFoundError.
    """
    if not verify:
        return {"cert_reqs": "CERT_NONE"}
    path = ca_bundle() if verify is True else str(verify)
    if not os.path.exists(path):
        raise FileNotFoundError(f"The certificate authorities do not exist: {path}")
    if os.path.isdir(path):
        return {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir": path}
    # Used once, since urllib3 changes it with each connection, and connections of other threads must not notice.
    context = _READ_AHEAD.pop(_as_it_is(path), None) if is_alone and _READ_AHEAD else None
    return {"cert_reqs": "CERT_REQUIRED", **({"ca_certs": path} if context is None else {"ssl_context": context})}


def _as_it_is(path: str) -> tuple[Any, ...]:
    found = os.stat(path)
    return path, found.st_mtime_ns, found.st_size, found.st_ino
