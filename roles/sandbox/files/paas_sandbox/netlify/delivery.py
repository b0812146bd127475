# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API calls on how a site is delivered: its certificate, the purge of caches, and split tests of branches.

The sandbox uses plain http, caches nothing and splits no traffic: settings are only stored and returned.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime
import re
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors
from .api import Request
from .model import DOMAIN, Certificate, Site, SplitTest

CERTIFICATE = ("certificate", "key", "ca_certificates")
# The two times of a certificate (RFC 5280, 4.1.2.5), one behind the other.
VALIDITY = re.compile(rb"(?:\x17\x0d\d{12}Z|\x18\x0f\d{14}Z)(?:\x17\x0d(\d{12})Z|\x18\x0f(\d{14})Z)")


def certificate_view(request: Request, certificate: Certificate) -> dict[str, Any]:
    """fact: netlify 6 [S], id and the flags [T]; `issued` and `custom` are ready [Go], what is before is unknown [?]"""
    waiting = certificate.issued_at > request.now
    return {
        "id": certificate.id,
        "state": "custom" if certificate.custom else "pending" if waiting else "issued",
        "domains": certificate.domains,
        "expires_at": None if waiting else iso(certificate.ends_at),
        "custom": certificate.custom,
        "migrate_to_le_running": False,
        "renewal_error_message": None,
        "renewable": not certificate.custom,
        "renew_running": False,
        "created_at": iso(certificate.created_at),
        "updated_at": iso(certificate.updated_at),
    }


def show_certificate(request: Request) -> Response:
    return json_response(certificate_view(request, _certificate(request)))


def list_certificates(request: Request) -> Response:
    """fact: netlify 6 [S]: of a domain, which must be named: 422"""
    domain = request.query("domain")
    if not domain:
        raise errors.refused(422, "domain is missing")
    certificate = _certificate(request)
    if domain.lower() not in certificate.domains:
        raise errors.not_found()
    return json_response([certificate_view(request, certificate)])


def provision_certificate(request: Request) -> Response:
    """fact: netlify 6: parameters in the query [S] or in JSON [T]; the texts are [S]'s"""
    site = request.site()
    given = {**request.json(), **{name: request.query(name) for name in CERTIFICATE if request.query(name)}}
    parts: list[Any] = [given.get(name) for name in CERTIFICATE]
    if site.custom_domain is None:
        raise errors.refused(422, "No custom domain configured")
    before = _current(request, site)
    if any(parts):
        for name, part in zip(CERTIFICATE, parts, strict=True):
            if not part:
                raise errors.refused(422, f"{name} parameter is required")
            if not isinstance(part, str) or not part.startswith("-----BEGIN "):
                raise errors.refused(422, f"{name} is invalid")
    elif before is not None:
        raise errors.refused(422, "certificate parameter is required when updating an existing certificate")
    elif request.switches["ssl_dns"] == "bad":
        raise errors.refused(422, "bad dns for custom domain")
    site.certificate = _issued(request, site, request.now, request.state.ground.settings["certificate_seconds"])
    if any(parts):
        site.certificate.custom, site.certificate.issued_at = True, request.now
        site.certificate.ends_at = _end_of(parts[0]) or site.certificate.ends_at
    return json_response(certificate_view(request, site.certificate))


def _issued(request: Request, site: Site, moment: float, seconds: float = 0) -> Certificate:
    """A new certificate of Let's Encrypt, asked for at a moment."""
    start = moment + seconds
    return Certificate(
        request.state.new_id(),
        site.domains,
        False,
        moment,
        moment,
        start,
        start + request.state.ground.settings["certificate_valid_seconds"],
    )


def _end_of(pem: str) -> float | None:
    """Until when a certificate is valid; None for a text that only looks like one."""
    try:
        validity = VALIDITY.search(base64.b64decode("".join(pem.split("-----")[2].split())))
    except binascii.Error:
        validity = None
    if validity is None:
        return None
    text, form = (validity[1], "%y%m%d%H%M%S") if validity[1] else (validity[2], "%Y%m%d%H%M%S")
    return datetime.datetime.strptime(text.decode(), form).replace(tzinfo=datetime.timezone.utc).timestamp()


def renew_certificate(request: Request) -> Response:
    """fact: netlify 6 [S]: for those of Let's Encrypt; the response is not documented [?]"""
    certificate = _certificate(request)
    if certificate.custom:
        raise errors.refused(422, "custom certificates cannot be renewed")
    certificate.updated_at = request.now
    certificate.issued_at = request.now + request.state.ground.settings["certificate_seconds"]
    certificate.ends_at = certificate.issued_at + request.state.ground.settings["certificate_valid_seconds"]
    return json_response(certificate_view(request, certificate))


def _certificate(request: Request) -> Certificate:
    site = request.site()
    certificate = _current(request, site)
    if certificate is None and site.custom_domain is None and request.switches["ssl_of_default_domain"] == "wildcard":
        return dataclasses.replace(
            _issued(request, site, site.created_at), id=site.id.replace("-", "")[:24], domains=[f"*.{DOMAIN}", DOMAIN]
        )
    if certificate is None:
        raise errors.not_found()
    return certificate


def _current(request: Request, site: Site) -> Certificate | None:
    """With switch certificate automatic a custom domain has one as soon as somebody looks."""
    if site.certificate is None and site.custom_domain and request.switches["certificate"] == "automatic":
        site.certificate = _issued(request, site, site.updated_at)
    return site.certificate


def purge_cache(request: Request) -> Response:
    """fact: netlify 6 [S]: 202, 400, 404. Without tags all of the site is purged [?]."""
    body = request.json()
    reference, tags = body.get("site_id") or body.get("site_slug"), body.get("cache_tags")
    if not isinstance(reference, str) or not (
        tags is None or isinstance(tags, list) and all(isinstance(tag, str) and tag for tag in tags)
    ):
        raise errors.refused(400, "Invalid request parameters")
    site = (
        request.state.visible_site(request.user, reference)
        if body.get("site_id")
        else next((site for site in request.sites() if site.name == reference), None)
    )
    if site is None:
        raise errors.refused(404, "Site not found")
    site.purges.append({"cache_tags": tags, "time": iso(request.now)})
    return Response(b"", 202)


def split_view(request: Request, test: SplitTest) -> dict[str, Any]:
    """fact: netlify 6 [S]; what an entry of `branches` has is not documented [?]"""
    forms: dict[str, Callable[[str, float], dict[str, Any]]] = {
        "branch": lambda branch, share: {"branch": branch, "percentage": share},
        "name": lambda branch, share: {"name": branch, "percentage": share},
        "pair": lambda branch, share: {branch: share},
    }
    form = forms[request.switches["split_branches"]]
    return {
        "id": test.id,
        "site_id": test.site.id,
        "name": None,
        "path": "/",
        "branches": [form(branch, share) for branch, share in test.branches.items()],
        "active": test.active,
        "created_at": iso(test.created_at),
        "updated_at": iso(test.updated_at),
        "unpublished_at": iso(test.unpublished_at),
    }


def list_splits(request: Request) -> Response:
    page, headers = request.page(list(request.site().splits.values()))
    return json_response([split_view(request, test) for test in page], headers=headers)


def get_split(request: Request) -> Response:
    return json_response(split_view(request, _split(request)))


def create_split(request: Request) -> Response:
    site = request.site()
    test = SplitTest(request.state.new_id(), site, _branches(request), request.now, request.now)
    test.active = request.switches["new_split_test"] == "active" and not _running(test)
    site.splits[test.id] = test
    return json_response(split_view(request, test), 201)


def update_split(request: Request) -> Response:
    """fact: netlify 6, 11: 200 [T], 201 [S]"""
    test = _split(request)
    test.branches, test.updated_at = _branches(request), request.now
    return json_response(split_view(request, test), request.switches["split_put_status"])


def publish_split(request: Request) -> Response:
    """fact: netlify 6 [O]: one at a time; what becomes of the running one is unknown [?]"""
    test = _split(request)
    for other in _running(test):
        if request.switches["second_split_test"] == "refused":
            raise errors.refused(422, "Another split test is active")
        other.active, other.unpublished_at, other.updated_at = False, request.now, request.now
    test.active, test.unpublished_at, test.updated_at = True, None, request.now
    return Response(b"", 204)


def unpublish_split(request: Request) -> Response:
    test = _split(request)
    test.active, test.unpublished_at, test.updated_at = False, request.now, request.now
    return Response(b"", 204)


def _running(test: SplitTest) -> list[SplitTest]:
    """The other active split tests of the site."""
    return [other for other in test.site.splits.values() if other.active and other is not test]


def _split(request: Request) -> SplitTest:
    test = request.site().splits.get(request.call.parameters["split_test_id"])
    if test is None:
        raise errors.not_found()
    return test


def _branches(request: Request) -> dict[str, float]:
    """That the shares must make 100 is a guess [?]."""
    branches = request.json().get("branch_tests")
    if not isinstance(branches, dict) or not all(
        isinstance(share, (int, float)) and not isinstance(share, bool) for share in branches.values()
    ):
        raise errors.refused(422, "branch_tests must be an object of branches and percentages")
    if sum(branches.values()) != 100:
        raise errors.refused(422, "the percentages of branch_tests must make 100")
    return branches


ROUTES = [
    Route("GET", "/sites/{site_id}/ssl", "showSiteTLSCertificate", show_certificate, "netlify 6 [S][T]"),
    Route(
        "POST",
        "/sites/{site_id}/ssl",
        "provisionSiteTLSCertificate",
        provision_certificate,
        "netlify 6: 200, 422 [S][T]",
    ),
    Route(
        "POST",
        "/sites/{site_id}/ssl/renew",
        "renewSiteTLSCertificate",
        renew_certificate,
        "netlify 6 [O], response [?]",
    ),
    Route(
        "GET",
        "/sites/{site_id}/ssl/certificates",
        "getAllCertificates",
        list_certificates,
        "netlify 6: 404, 422 [S][T]",
    ),
    Route("POST", "/purge", "purgeCache", purge_cache, "netlify 6: 202, 400, 404 [S]"),
    Route("GET", "/sites/{site_id}/traffic_splits", "getSplitTests", list_splits, "netlify 6 [S]; pages [T]"),
    Route("POST", "/sites/{site_id}/traffic_splits", "createSplitTest", create_split, "netlify 6: 201 [S], 422 [T]"),
    Route("GET", "/sites/{site_id}/traffic_splits/{split_test_id}", "getSplitTest", get_split, "netlify 6 [S]"),
    Route(
        "PUT",
        "/sites/{site_id}/traffic_splits/{split_test_id}",
        "updateSplitTest",
        update_split,
        "netlify 11: 200 [T], 201 [S]",
    ),
    Route(
        "POST",
        "/sites/{site_id}/traffic_splits/{split_test_id}/publish",
        "enableSplitTest",
        publish_split,
        "netlify 6: 204 [S]",
    ),
    Route(
        "POST",
        "/sites/{site_id}/traffic_splits/{split_test_id}/unpublish",
        "disableSplitTest",
        unpublish_split,
        "netlify 6: 204 [S]",
    ),
]
