# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a Netlify zone that can be deleted because nobody declares them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify import dns

# Without the name servers of a zone, or of a part of it that others host, names cannot be resolved.
NEVER_DELETED = ("NS", "SOA")


def _zone(client: dns.DnsClient, zone: str) -> JsonObject:
    return client.get_dns_zone(domains.normal(zone)) or {}


def _records(client: dns.DnsClient, zone: str | None) -> Iterator[Member]:
    """One of those with the same type, name and value: they are deleted together."""
    seen = set()
    for record in dns.zone_view(_zone(client, str(zone)))["records"]:
        options = {name: record[name] for name in ("type", "hostname", "value")}
        is_ours = not record["managed"] and record["type"] in dns.TYPES and record["type"] not in NEVER_DELETED
        if is_ours and tuple(options.values()) not in seen:
            seen.add(tuple(options.values()))
            yield Member(record["id"], options)


def _zone_id(client: dns.DnsClient, zone: str) -> object:
    return _zone(client, zone).get("id")


RECORDS = Members("zone", "dns_zone", _zone_id, _records)
