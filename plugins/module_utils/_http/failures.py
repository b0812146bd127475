# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no complete response. PRIVATE to the collection."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Callable, Iterator

from ansible_collections.webops.paas.plugins.module_utils._http.redaction import shortened
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import urllib3

# OpenSSL's names of failures that occur before anything is sent and that a retry does not solve, with their meaning.
FINAL_TLS_REASONS = {
    "NO_CERTIFICATE_OR_CRL_FOUND": "`ca_path` has no certificates",
    "NO_PROTOCOLS_AVAILABLE": "The TLS settings of this machine disable all TLS versions",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "The server and this machine have no cipher in common",
    "TLSV1_ALERT_PROTOCOL_VERSION": "The server and this machine have no TLS version in common",
    "TLSV1_UNRECOGNIZED_NAME": "The server does not serve this host name",
    "UNSUPPORTED_PROTOCOL": "The server and this machine have no TLS version in common",
    "WRONG_VERSION_NUMBER": "The server does not use TLS on this port",
}
OTHER_HOST = "The certificate is for another host name. Check the URL"
# Advice on rejected certificates, by the codes X509_V_ERR_ of OpenSSL's x509_vfy.h.
CERTIFICATE_REASONS = {
    **dict.fromkeys((9, 10), "Renew the certificate, or correct the clock of this machine"),
    **dict.fromkeys((62, 64), OTHER_HOST),
    **dict.fromkeys((2, 18, 19, 20, 21), "If the certificate authority is private, set `ca_path`"),
}


class Unreachable(Exception):
    """No connection could be established, so nothing was processed. C(final): a retry cannot help."""

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Broken(Exception):
    """The request was sent, at least partly, and no usable response arrived.

    code: the error code. C(final): a retry cannot help.
    """

    def __init__(self, reason: str, code: str = "lost_response", final: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.final = final


class Interrupted(OSError):
    """An OSError of a connection that was used, as opposed to one before, such as a missing file."""


def understood(
    error: Exception, budget: float, clean: Callable[[str], str] = str, proxy: str | None = None
) -> Unreachable | Broken:
    """An exception of a request as Unreachable, when certainly nothing was sent, or as Broken.

    budget: timeout of the request, in seconds. clean: masks secrets in a text before it is shortened. proxy: host and
    port of the proxy.
    """
    causes = list(_causes(error))
    reason = shortened(clean(_in_words(causes[-1])))
    if any(isinstance(cause, urllib3.exceptions.InvalidHeader) for cause in causes):
        return Broken(f"the response has conflicting headers ({reason})")
    if isinstance(error, ValueError) or not isinstance(
        error, (Interrupted, urllib3.exceptions.HTTPError, TimeoutError)
    ):
        # The URL of the request or of the proxy is invalid, or the CA bundle does not exist.
        return Unreachable(reason, final=True)
    if any(
        isinstance(cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError))
        for cause in causes
    ):
        return Unreachable(f"the proxy {proxy} from the environment: {reason}" if proxy else reason)
    if "Tunnel connection failed" in reason:
        return Unreachable(f"the proxy refused: {reason}")
    advice = next(filter(None, map(_tls_advice, causes)), None)
    if advice:
        return Unreachable(f"TLS failed: {reason}. {advice}", final=True)
    if any(isinstance(cause, (TimeoutError, urllib3.exceptions.ReadTimeoutError)) for cause in causes):
        return Broken(f"timed out after {budget:g} s without a complete response", code="timeout")
    return Broken(f"the connection was lost before the complete response arrived ({reason})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and its causes, from the outermost to the innermost."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        held = (getattr(error, "reason", None), *error.args, error.__cause__)
        error = next((item for item in held if isinstance(item, BaseException)), None)


def _tls_advice(error: BaseException) -> str | None:
    """Advice on a final TLS failure; None for other errors."""
    if isinstance(error, ssl.SSLCertVerificationError) and hasattr(error, "verify_code"):
        return CERTIFICATE_REASONS.get(error.verify_code, "The certificate is not accepted")
    # Not OpenSSL's: urllib3 and the ssl module of Python 3.11 and older compare the names themselves.
    if isinstance(error, ssl.SSLCertVerificationError) or type(error).__name__ == "CertificateError":
        return OTHER_HOST
    return FINAL_TLS_REASONS.get(error.reason) if isinstance(error, ssl.SSLError) else None


def _may_quote(error: BaseException) -> bool:
    """Whether the text of the exception quotes data that the server sent instead of HTTP. It can be a part of a body,
    and contain unknown secrets.
    """
    is_status_line = isinstance(error, (http.client.BadStatusLine, http.client.UnknownProtocol))
    return is_status_line and not isinstance(error, OSError) or any(isinstance(part, bytes) for part in error.args)


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if _may_quote(error):
        return type(error).__name__
    text = str(error.args[-1] if error.args else error) or type(error).__name__
    # urllib3 adds the object as a prefix: "<...HTTPConnection object at 0x...>: Failed to ...", or its repr.
    return re.sub(r"^(<[^>]*>|\w*Connection\([^)]*\)):\s*", "", text).rstrip(".")
