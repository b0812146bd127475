# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no whole response. PRIVATE to the collection."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator

from ansible_collections.webops.paas.plugins.module_utils._http.redaction import shortened
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import requests, urllib3

# What OpenSSL calls the failures that come before anything was sent and that trying again does not cure.
FINAL_TLS_REASONS = frozenset(
    {
        "CERTIFICATE_VERIFY_FAILED",
        "NO_CERTIFICATE_OR_CRL_FOUND",
        "NO_PROTOCOLS_AVAILABLE",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_UNRECOGNIZED_NAME",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER",
    }
)


class Unreachable(Exception):
    """No connection could be established, so nothing was processed. C(final): trying again cannot help."""

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Broken(Exception):
    """The request was (at least partly) sent and no usable response came back.

    code: of the error. C(final): sending it again cannot help.
    """

    def __init__(self, reason: str, code: str = "lost_response", final: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.final = final


def understood(error: Exception, budget: float, clean: Callable[[str], str] = str) -> Unreachable | Broken:
    """An exception of requests or urllib3 as Unreachable, when certainly nothing was sent, or as Broken.

    budget: seconds that the request was given. clean: masks secrets in a text that is about to be cut.
    """
    causes = list(_causes(error))
    reason = shortened(clean(_in_words(causes[-1])))
    if isinstance(error, requests.exceptions.InvalidHeader):
        # Its text has the value.
        return Unreachable("a header value is not valid", final=True)
    if isinstance(error, ValueError) or not isinstance(
        error, (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, TimeoutError)
    ):
        # A URL or a proxy's URL that cannot be used; a CA bundle that is not there.
        return Unreachable(reason, final=True)
    if any(
        isinstance(cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError))
        for cause in causes
    ):
        return Unreachable(reason)
    if "Tunnel connection failed" in reason:
        return Unreachable(f"the proxy refused: {reason}")
    if any(
        getattr(cause, "reason", None) in FINAL_TLS_REASONS or type(cause).__name__ == "CertificateError"
        for cause in causes
        if isinstance(cause, (ssl.SSLError, ValueError))
    ):
        return Unreachable(f"TLS failed: {reason}. For a private certificate authority set ca_path", final=True)
    if any(isinstance(cause, (TimeoutError, urllib3.exceptions.ReadTimeoutError)) for cause in causes):
        return Broken(f"timed out after {budget:g} s without a whole answer", code="timeout")
    return Broken(f"the connection was lost before a whole answer came ({reason})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and those that it holds, from the outermost to the innermost."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        held = (getattr(error, "reason", None), *error.args, error.__cause__)
        error = next((item for item in held if isinstance(item, BaseException)), None)


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error.args[-1] if error.args else error) or type(error).__name__
    # urllib3 writes the object in front: "<...HTTPConnection object at 0x...>: Failed to ...", or its repr.
    return re.sub(r"^(<[^>]*>|HTTPS?Connection\([^)]*\)):\s*", "", text).rstrip(".")
