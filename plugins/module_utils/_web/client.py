# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to any URL, as a visitor sends them. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http.failures import Broken, Unreachable
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response
from ansible_collections.webops.paas.plugins.module_utils._http.session import Connection
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# Maximum number of bytes to read of a body.
LOOKED_AT = 8 * 1024 * 1024


class WebClient:
    """http: an Http without a base URL, because each check has its own."""

    PLATFORM = "Web"
    DEFAULT_URL = None

    def __init__(self, http: Http) -> None:
        self.http = http


def look(
    http: Http,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    validate_certs: bool = True,
    ca_path: str | None = None,
) -> Response:
    """Sends one request to any URL and returns the response with any status.

    Adds no credential, does not retry, follows no redirects, and uses a new connection, as a visitor does. Reads up to
    LOOKED_AT bytes of the body. body: bytes are sent unchanged, other values as JSON. Raises ApiError, whose message
    has only the reason, without a complete response.
    """
    parts = urlsplit(url)
    with contextlib.closing(http.clone()) as own:
        own.connection = Connection(
            f"{parts.scheme}://{parts.netloc}",
            validate_certs=validate_certs,
            ca_path=ca_path,
            connect_to=http.connection.connect_to,
            redactor=http.redactor,
        )
        call = own.call(method, parts.path, operation="verify")
        stream = (lambda: io.BytesIO(body)) if isinstance(body, bytes) else None
        try:
            return own.exchange(call, url, None, None if stream else body, stream, headers, prefix=LOOKED_AT)
        except Unreachable as error:
            raise ApiError(f"could not connect to {call.host}: {error}", code="unreachable") from None
        except Broken as error:
            raise ApiError(str(error), code=error.code) from None
