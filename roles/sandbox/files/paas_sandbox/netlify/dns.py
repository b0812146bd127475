# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API operations on DNS zones and their records, without a name server."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors
from .api import Request
from .model import DOMAIN, Account, Site, Zone
from .state import State

TYPES = ("A", "AAAA", "ALIAS", "CAA", "CNAME", "MX", "NS", "SPF", "SRV", "TXT")  # fact: netlify 6 [S]
SINGLE = ("ALIAS", "CNAME")
READ_ONLY = ("NETLIFY", "NETLIFYv6")
NUMBERS = ("priority", "weight", "port", "flag")
TTL = 3600
SRV_PRIORITY = 10  # fact: netlify 6 [O]: where none is sent
RESERVED = (DOMAIN, "netlify.com")
SERVERS = [f"dns{number}.p01.nsone.net" for number in range(1, 5)]
NAME = re.compile(r"(?i)([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")


def zone_view(state: State, zone: Zone) -> dict[str, Any]:
    """fact: netlify 6 [S][T]"""
    return {
        "id": zone.id,
        "name": zone.name,
        "errors": [],
        "supported_record_types": [*TYPES],
        "user_id": zone.user_id,
        "created_at": iso(zone.created_at),
        "updated_at": iso(zone.updated_at),
        "records": _records(state, zone),
        "dns_servers": SERVERS,
        "account_id": zone.account.id,
        "account_slug": zone.account.slug,
        "account_name": zone.account.name,
        "site_id": zone.site.id if zone.site else None,
        "domain": None,
        "ipv6_enabled": zone.ipv6_enabled,
        "dedicated": False,
        "uses_netlify_registrar": False,
    }


def _records(state: State, zone: Zone) -> list[dict[str, Any]]:
    """Those that were made, and those that the platform keeps for the team's sites below the zone [?]."""
    own = [
        _record(zone, site.id, kind, domain, site.default_domain, managed=True)
        for site in state.sites.values()
        if site.account is zone.account
        for domain in site.domains
        if zone.covers(domain)
        for kind in READ_ONLY[: 2 if zone.ipv6_enabled else 1]
    ]
    return [*own, *zone.records.values()]


def _record(zone: Zone, site_id: str | None, kind: str, hostname: str, value: str, **fields: Any) -> dict[str, Any]:
    """fact: netlify 6 [S]; errors, weight, port [T]. Without an id given, one that stays the same."""
    stable = hashlib.sha1(f"{zone.id} {kind} {hostname} {value}".encode(), usedforsecurity=False).hexdigest()[:24]
    return {
        "id": stable,
        "dns_zone_id": zone.id,
        "site_id": site_id,
        "type": kind,
        "hostname": hostname,
        "value": value,
        "ttl": TTL,
        "priority": None,
        "weight": None,
        "port": None,
        "flag": None,
        "tag": None,
        "managed": False,
        "errors": [],
        **fields,
    }


def list_zones(request: Request) -> Response:
    """fact: netlify 6: of a team, when it is named [S]; pages [T]"""
    slug = request.query("account_slug")
    accounts = [request.account(slug)] if slug else _accounts(request)
    page, headers = request.page([zone for account in accounts for zone in account.zones.values()])
    return json_response([zone_view(request.state, zone) for zone in page], headers=headers)


def get_zone(request: Request) -> Response:
    return json_response(zone_view(request.state, _zone(request)))


def create_zone(request: Request) -> Response:
    """fact: netlify 6: 201; known or reserved 422; without a name 500 [O]"""
    body = request.json()
    if not body.get("name"):
        raise errors.server_error()
    site = None
    if body.get("site_id"):
        site = request.state.visible_site(request.user, str(body["site_id"]))
        if site is None:
            raise errors.not_found()
    account = request.account(body.get("account_slug") or (site.account.slug if site else None))
    return json_response(zone_view(request.state, _add(request, account, body["name"], site)), 201)


def _add(request: Request, account: Account, name: Any, site: Site | None) -> Zone:
    if not isinstance(name, str) or not NAME.fullmatch(name.rstrip(".")):
        raise errors.invalid("name", "is invalid")
    name = name.rstrip(".").lower()
    if any(name == reserved or name.endswith("." + reserved) for reserved in RESERVED):
        raise errors.invalid("name", "is reserved")
    if any(zone.name == name for owner in request.state.accounts.values() for zone in owner.zones.values()):
        raise errors.invalid("name", "must be unique")
    zone = Zone(request.state.new_id(), account, name, request.user.id, site, request.now, request.now)
    account.zones[zone.id] = zone
    return zone


def delete_zone(request: Request) -> Response:
    zone = _zone(request)
    del zone.account.zones[zone.id]
    return Response(b"", 204)


def transfer_zone(request: Request) -> Response:
    """fact: netlify 6: parameters in the query and a zone back [S], in JSON and a result back [T]"""
    zone = _zone(request)
    wanted = request.query("transfer_account_id") or request.json().get("transfer_account_id")
    account = request.account(str(wanted)) if wanted else None
    if account is None:
        raise errors.refused(422, "transfer_account_id is missing")
    del zone.account.zones[zone.id]
    zone.account, zone.updated_at = account, request.now
    account.zones[zone.id] = zone
    if request.switches["dns_transfer_answer"] == "zone":
        return json_response(zone_view(request.state, zone))
    return json_response({"success": True, "error": None})


def enable_ipv6(request: Request) -> Response:
    zone = _zone(request)
    zone.ipv6_enabled, zone.updated_at = True, request.now
    return json_response(zone_view(request.state, zone))


def list_records(request: Request) -> Response:
    return json_response(_records(request.state, _zone(request)))


def get_record(request: Request) -> Response:
    return json_response(_one_record(request)[1])


def create_record(request: Request) -> Response:
    """fact: netlify 6, 8: 201; there is no update; without a value 500 [O]; duplicates happen on parallel runs [O]

    `target` of an HTTPS record is in the request only [T].
    """
    zone = _zone(request)
    body = request.json()
    kind = body.get("type") or ""
    known = (*TYPES, "HTTPS") if request.switches["dns_https_records"] == "accepted" else TYPES
    if kind not in known:
        raise errors.invalid("type", "is invalid")
    if not body.get("value"):
        raise errors.server_error()
    fields = {name: _number(body, name) for name in NUMBERS}
    if kind == "SRV" and fields["priority"] is None:
        fields["priority"] = SRV_PRIORITY
    if body.get("ttl") is not None:
        fields["ttl"] = _number(body, "ttl")
    record = _record(
        zone,
        None,
        kind,
        _hostname(request, zone, body.get("hostname")),
        _value(kind, body["value"]),
        tag=body.get("tag"),
        **fields,
    )
    same = [entry for entry in zone.records.values() if entry == {**record, "id": entry["id"], "ttl": entry["ttl"]}]
    if same and request.switches["dns_duplicate_record"] == "refused":
        raise errors.invalid("record", "already exists")
    if (
        kind in SINGLE
        and request.switches["dns_second_cname"] == "refused"
        and any((entry["type"], entry["hostname"]) == (kind, record["hostname"]) for entry in zone.records.values())
    ):
        raise errors.invalid("hostname", f"has a {kind} record already")
    record["id"] = request.state.new_id()
    zone.records[record["id"]] = record
    zone.updated_at = request.now
    return json_response(record, 201)


def delete_record(request: Request) -> Response:
    """fact: netlify 6: 204 [S]; the platform's own records are read-only; how a delete is refused is unknown [?]"""
    zone, record = _one_record(request)
    if record["managed"]:
        raise errors.refused(422, "This record is managed by Netlify")
    del zone.records[record["id"]]
    zone.updated_at = request.now
    return Response(b"", 204)


def get_site_dns(request: Request) -> Response:
    site = request.site()
    return json_response(
        [
            zone_view(request.state, zone)
            for zone in site.account.zones.values()
            if zone.site is site or any(zone.covers(domain) for domain in site.domains)
        ]
    )


def configure_site_dns(request: Request) -> Response:
    """fact: netlify 6 [S]; that the zone is made of the last two parts of the custom domain is a guess [?]"""
    site = request.site()
    if site.custom_domain is None:
        raise errors.refused(422, "No custom domain configured")
    if not any(zone.covers(site.custom_domain) for zone in site.account.zones.values()):
        _add(request, site.account, ".".join(site.custom_domain.split(".")[-2:]), site)
    return get_site_dns(request)


def _accounts(request: Request) -> list[Account]:
    return [request.state.accounts[slug] for slug in request.user.roles]


def _zone(request: Request) -> Zone:
    """fact: netlify 6: by its id or its name"""
    wanted = request.call.parameters["zone_id"]
    for account in _accounts(request):
        for zone in account.zones.values():
            if wanted in (zone.id, zone.name):
                return zone
    raise errors.not_found()


def _one_record(request: Request) -> tuple[Zone, dict[str, Any]]:
    zone = _zone(request)
    for record in _records(request.state, zone):
        if record["id"] == request.call.parameters["dns_record_id"]:
            return zone, record
    raise errors.not_found()


def _hostname(request: Request, zone: Zone, wanted: Any) -> str:
    """The whole name. Whether a name without the zone's is completed is unknown [?]."""
    if wanted is not None and not isinstance(wanted, str):
        raise errors.invalid("hostname", "is invalid")
    hostname = (wanted or "").rstrip(".").lower()
    if hostname in ("", "@"):
        return zone.name
    if zone.covers(hostname):
        return hostname
    if request.switches["dns_short_hostname"] == "refused":
        raise errors.invalid("hostname", "must be below the zone")
    return f"{hostname}.{zone.name}"


def _value(kind: str, value: Any) -> str:
    if not isinstance(value, str):
        raise errors.invalid("value", "is invalid")
    versions = {"A": ipaddress.IPv4Address, "AAAA": ipaddress.IPv6Address}
    if kind == "MX" and value == ".":
        raise errors.invalid("value", "is invalid")  # fact: netlify 6 [O]: a null MX is refused
    try:
        versions.get(kind, str)(value)
    except ValueError as error:
        raise errors.invalid("value", "is invalid") from error
    return value


def _number(body: dict[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise errors.invalid(name, "is not a number")
    return value


ROUTES = [
    Route("GET", "/dns_zones", "getDnsZones", list_zones, "netlify 6 [S][T]"),
    Route("POST", "/dns_zones", "createDnsZone", create_zone, "netlify 6: 201 [S][T]; 422, 500 [O]"),
    Route("GET", "/dns_zones/{zone_id}", "getDnsZone", get_zone, "netlify 6 [S][T]"),
    Route("DELETE", "/dns_zones/{zone_id}", "deleteDnsZone", delete_zone, "netlify 6: 204 [S][T]"),
    Route("PUT", "/dns_zones/{zone_id}/transfer", "transferDnsZone", transfer_zone, "netlify 6: 200 [S][T]"),
    Route("PUT", "/dns_zones/{zone_id}/enable-ipv6", "enableDnsZoneIpv6", enable_ipv6, "netlify 6: 200 [T]"),
    Route("GET", "/dns_zones/{zone_id}/dns_records", "getDnsRecords", list_records, "netlify 6 [S][T]"),
    Route("POST", "/dns_zones/{zone_id}/dns_records", "createDnsRecord", create_record, "netlify 6: 201 [S][T]"),
    Route(
        "GET",
        "/dns_zones/{zone_id}/dns_records/{dns_record_id}",
        "getIndividualDnsRecord",
        get_record,
        "netlify 6 [S][T]",
    ),
    Route(
        "DELETE",
        "/dns_zones/{zone_id}/dns_records/{dns_record_id}",
        "deleteDnsRecord",
        delete_record,
        "netlify 6: 204 [S][T]",
    ),
    Route("GET", "/sites/{site_id}/dns", "getDNSForSite", get_site_dns, "netlify 6 [S][T]"),
    Route("PUT", "/sites/{site_id}/dns", "configureDNSForSite", configure_site_dns, "netlify 6: 200 [S][T]"),
]
