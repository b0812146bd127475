# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on Netlify's DNS zones. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    NetlifyClient,
    is_of_team,
    query_of,
    rows_worth_reading,
)


class ZonesClient(NetlifyClient):
    """zone: its ID or name."""

    def list_dns_zones(self, account_slug: str | None = None, whole: bool = False) -> Iterator[JsonObject]:
        """Yields zones. whole: see C(pages)."""
        query = query_of(account_slug=account_slug)
        return self.pages("/dns_zones", operation="getDnsZones", query=query, whole=whole)

    def read_ahead(self, names: set[str], writes: bool) -> None:
        """As for sites. Whether the list has the zones of all teams is not documented: a missing one is read again."""
        if not writes:
            wanted = set(map(domains.normal, names))
            rows, _is_all = rows_worth_reading(self.list_dns_zones(), wanted, _zone_names)
            self.know_rows("/dns_zones", "getDnsZone", rows, wanted, _zone_names)

    def get_dns_zone(self, zone: str) -> JsonObject | None:
        """Includes the records of the zone. None when the token has no access to it."""
        found = self.json_object_or_none("GET", f"/dns_zones/{part(zone)}", "getDnsZone")
        return found and _fitting(found, zone, "getDnsZone")

    def create_dns_zone(self, body: JsonObject) -> JsonObject:
        return _fitting(self.json_object("POST", "/dns_zones", "createDnsZone", body), body["name"], "createDnsZone")

    def enable_ipv6(self, zone: str) -> JsonObject:
        """No operation to disable it is known."""
        return self.json_object("PUT", f"/dns_zones/{part(zone)}/enable-ipv6", "enableDnsZoneIpv6")

    def delete_dns_zone(self, zone: str) -> None:
        self.delete_if_there("DELETE", f"/dns_zones/{part(zone)}", "deleteDnsZone")


@contextlib.contextmanager
def explained(name: str) -> Iterator[None]:
    """A clearer error if Netlify refuses the name of a zone."""
    try:
        yield
    except ApiError as error:
        if error.status != 422 or not re.search("unique|reserved|already|exists", error.message):
            raise
        raise ApiError(
            f"Netlify refused the DNS zone {name}: the domain is reserved, or a team that this token has no access to "
            f"has a zone of that name and could transfer it. {error.message}",
            **{**error.details, "code": "zone_taken"},
        ) from None


def _fitting(found: JsonObject, zone: str, operation: str) -> JsonObject:
    """The zone in a response, if it is the one that was asked for. Raises ApiError."""
    if domains.normal(zone) not in _zone_names(found):
        raise ApiError(
            f"Netlify {operation} returned the zone {found['name']!r}, but {zone!r} was requested.",
            code="incomplete_answer",
            operation=operation,
        )
    return found


def _zone_names(zone: JsonObject) -> set[str]:
    return {domains.normal(str(zone["id"])), domains.normal(zone["name"])}


def _zones(client: ZonesClient, team: str | None) -> Iterator[Member]:
    for row in client.list_dns_zones(team, whole=True):
        if is_of_team(row, team):
            yield Member(row["id"], {"name": row["name"]}, frozenset({row["id"], domains.normal(row["name"])}))


ZONES = Members("account_slug", listed=_zones)
