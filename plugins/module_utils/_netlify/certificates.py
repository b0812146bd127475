# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of sites. PRIVATE to the collection.

Source: Netlify's public OpenAPI for the operations and the texts of refusals, its Go client for the states that are
ready. Netlify returns the state, the domains and the end of a certificate, so these are compared.
"""

from __future__ import annotations

import calendar
import re
import ssl
import time
from collections.abc import Callable
from typing import TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once, wait_until
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import DEFAULT_DOMAIN, NetlifyClient, address_of

READY = frozenset({"issued", "custom"})
# Differences of less than this, in seconds, are ignored: times can be rounded to seconds.
SAME_MOMENT = 60
DAY = 86400
# Days for which certificates of Let's Encrypt are valid.
LIFETIME = 90

Result = TypeVar("Result")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class SslClient(NetlifyClient):
    """site: an id or a domain."""

    def get_certificate(self, site: str) -> JsonObject | None:
        """None if the site does not exist or has no certificate. The certificate of all sites, which covers no custom
        domain, does not count.
        """
        found = self.json_object_or_none("GET", f"/sites/{site}/ssl", "showSiteTLSCertificate")
        return None if found is not None and _is_shared(found) else found

    def provision_certificate(self, site: str) -> JsonObject:
        """Requests a certificate of Let's Encrypt."""
        return self.json_object("POST", f"/sites/{site}/ssl", "provisionSiteTLSCertificate")

    def install_certificate(self, site: str, certificate: str, key: str, ca_certificates: str) -> JsonObject:
        """The same operation with a custom certificate.

        Sent in the body, as in the larger OpenAPI, because a key must not be part of a URL.
        """
        body = {"certificate": certificate, "key": key, "ca_certificates": ca_certificates}
        return self.json_object("POST", f"/sites/{site}/ssl", "provisionSiteTLSCertificate", body, idempotent=True)

    def renew_certificate(self, site: str) -> None:
        """What is returned is not documented."""
        self.http.request("POST", f"/sites/{site}/ssl/renew", operation="renewSiteTLSCertificate")


def _is_shared(certificate: JsonObject) -> bool:
    """Whether all its domains are Netlify's own."""
    names = certificate.get("domains") or []
    return bool(names) and all(f".{name}".endswith(f".{DEFAULT_DOMAIN}") for name in names)


# -- custom certificates
# -----------------------------------------------------------------------------------------------------


def checked_end(option: str, pem: str) -> float:
    """The end of validity of the first certificate of a PEM text, in seconds since the epoch."""
    try:
        found = _PEM.search(pem)
        return end_of(ssl.PEM_cert_to_DER_cert(found.group() if found else ""))
    except (ValueError, IndexError):
        raise InvalidInput(
            option,
            f"`{option}` must be a certificate in PEM format, which begins with -----BEGIN CERTIFICATE-----.",
        ) from None


def check_key(option: str, pem: str) -> None:
    if not re.fullmatch(
        r"\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----.+-----END ([A-Z]+ )?PRIVATE KEY-----\s*", pem, re.DOTALL
    ):
        raise InvalidInput(option, f"`{option}` must be the private key in PEM format, and nothing else.")
    if "ENCRYPTED" in pem:
        raise InvalidInput(
            option,
            f"`{option}` must not be encrypted, because Netlify does not support passphrases. Decrypt the key, and "
            "keep it in a vault.",
        )


def end_of(der: bytes) -> float:
    """notAfter of an X.509 certificate (RFC 5280, 4.1), for which Python has no public function."""
    fields = _parts(_parts(_parts(der)[0][1])[0][1])
    # Without the version: serial number, algorithm, issuer, validity.
    validity = [field for field in fields if field[0] != 0xA0][3]
    kind, text = _parts(validity[1])[1]
    digits = text.decode("ascii")
    if kind == 0x17:
        # UTCTime has a year of two digits; 50 and above are in the 20th century.
        digits = ("19" if digits >= "50" else "20") + digits
    return float(calendar.timegm(time.strptime(digits, "%Y%m%d%H%M%SZ")))


def _parts(content: bytes) -> list[tuple[int, bytes]]:
    """[(tag, content)] of DER (X.690)."""
    parts: list[tuple[int, bytes]] = []
    at = 0
    while at < len(content):
        tag, size, at = content[at], content[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(content[at : at + count], "big"), at + count
        parts.append((tag, content[at : at + size]))
        at += size
    return parts


# -- current certificate
# -----------------------------------------------------------------------------------------------------


def certificate_view(certificate: JsonObject) -> JsonObject:
    view = {key: certificate.get(key) for key in ("state", "expires_at", "created_at", "updated_at")}
    return {**view, "domains": sorted(certificate.get("domains") or []), "custom": certificate.get("state") == "custom"}


def ends_at(certificate: JsonObject) -> float | None:
    """Seconds since the epoch; None if not known yet."""
    matched = re.match(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]00:?00)?$", certificate.get("expires_at") or ""
    )
    return float(calendar.timegm(time.strptime(matched.group(1), "%Y-%m-%dT%H:%M:%S"))) if matched else None


def time_text(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(moment))


def is_installed(certificate: JsonObject | None, end: float) -> bool:
    """Whether the custom certificate with this end is installed."""
    known = ends_at(certificate) if certificate and certificate.get("state") == "custom" else None
    return known is not None and abs(known - end) <= SAME_MOMENT


def is_due(certificate: JsonObject, days: float | None, now: float) -> bool:
    """Whether a certificate of Let's Encrypt ends within this number of days."""
    end = ends_at(certificate)
    return days is not None and certificate.get("state") == "issued" and end is not None and end - now < days * DAY


def check_has_domain(client: SslClient, reference: str) -> None:
    """A site without a certificate needs a domain to get one."""
    site = client.require_site(reference)
    if not site.get("custom_domain"):
        raise PaasError(
            f"The site {site['name']} has no custom domain, and its own name, {site.get('default_domain')}, needs no "
            "certificate. Set `custom_domain` with webops.paas.netlify_site first.",
            code="no_custom_domain",
        )


# -- getting one -------------------------------------------------------------------------------------------------------


def provision(client: SslClient, reference: str) -> JsonObject:
    site = address_of(reference)
    return _explained(
        lambda: create_once(
            lambda: client.provision_certificate(site), lambda: client.get_certificate(site), client.http.clock
        )[0]
    )


def install(client: SslClient, reference: str, certificate: str, key: str, ca_certificates: str) -> JsonObject:
    return _explained(lambda: client.install_certificate(address_of(reference), certificate, key, ca_certificates))


def renew(client: SslClient, reference: str, before: JsonObject) -> None:
    """A renewal whose response was lost is visible: it is in progress, or the certificate has changed."""

    def begun() -> JsonObject | None:
        now = client.get_certificate(address_of(reference)) or {}
        is_begun = now.get("renew_running") or any(
            now.get(key) != before.get(key) for key in ("expires_at", "updated_at", "state")
        )
        return now if is_begun else None

    _explained(lambda: create_once(lambda: client.renew_certificate(address_of(reference)), begun, client.http.clock))


def _explained(call: Callable[[], Result]) -> Result:
    """Adds advice to a refusal."""
    try:
        return call()
    except ApiError as error:
        text = error.message.lower()
        if error.status == 422 and "dns" in text:
            error.message += (
                " Point the domain to Netlify (a CNAME record to NAME.netlify.app, or an ALIAS or A record for an "
                "apex domain), wait until the record is visible, and run the task again."
            )
        elif error.status == 422 and "custom domain" in text:
            error.message += " Set `custom_domain` with webops.paas.netlify_site first."
        raise


def wait_until_ready(client: SslClient, reference: str, patience: Patience) -> JsonObject:
    def done(certificate: JsonObject) -> bool:
        if certificate.get("renewal_error_message") and not certificate.get("renew_running"):
            reason = client.http.redactor.clean_quote(certificate["renewal_error_message"])
            raise WaitFailed(f"The certificate of {reference} was not renewed: {reason}.", code="renewal_failed")
        return certificate.get("state") in READY and not certificate.get("renew_running")

    return wait_until(
        lambda: client.get_certificate(address_of(reference)) or {},
        done,
        patience,
        what=f"The request for the certificate of {reference}",
        show=lambda certificate: str(certificate.get("state")),
    )
