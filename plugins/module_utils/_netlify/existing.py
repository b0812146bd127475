# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The existing objects on Netlify that can be deleted because nobody declares them. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify import api, builds, dns, hooks, sites, snippets

# Without the name servers of a zone, or of a part of it that others host, names cannot be resolved.
NEVER_DELETED = ("NS", "SOA")


def _is_of(row: JsonObject, team: str | None) -> bool:
    """Compared again: a server that ignores a parameter returns the objects of all teams."""
    return team in (row.get("account_slug"), row.get("account_id"))


def _sites(client: sites.SitesClient, team: str | None) -> Iterator[Member]:
    for row in client.list_sites(team):
        if _is_of(row, team):
            aliases = row.get("domain_aliases") or []
            others = (row["id"], row.get("default_domain"), row.get("custom_domain"), *aliases)
            yield Member(
                row["id"],
                {"name": row["name"], "site_id": row["id"]},
                frozenset(
                    {row["name"], api.address_of(row["name"]), *(domains.normal(name) for name in others if name)}
                ),
            )


def _zones(client: dns.DnsClient, team: str | None) -> Iterator[Member]:
    for row in client.list_dns_zones(team):
        if _is_of(row, team):
            yield Member(row["id"], {"name": row["name"]}, frozenset({row["id"], domains.normal(row["name"])}))


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


def _build_hooks(client: hooks.HooksClient, site: str | None) -> Iterator[Member]:
    for row in hooks.build_hooks_of(client, str(site)):
        yield Member(row["id"], {"hook_id": row["id"], **({"title": row["title"]} if row.get("title") else {})})


def _hooks(client: hooks.HooksClient, site: str | None) -> Iterator[Member]:
    for row in client.list_hooks(client.site_id_of(str(site))):
        yield Member(row["id"], {"hook_id": row["id"], "type": row["type"], "event": row["event"]})


def _snippets(client: snippets.SnippetsClient, site: str | None) -> Iterator[Member]:
    """By title where that is certain: IDs may change when another snippet is deleted."""
    found = snippets.listed(client, str(site))
    titles = Counter(snippet["title"] for snippet in found)
    for snippet in sorted(found, key=lambda snippet: int(snippet["id"]), reverse=True):
        if snippet["title"] and titles[snippet["title"]] == 1:
            yield Member(snippet["id"], {"title": snippet["title"]})
        elif snippet["title"]:
            contents = {key: value or "" for key, value in snippets.without_id(snippet).items()}
            yield Member(snippet["id"], {**contents, "snippet_id": snippet["id"]})


def _deploy_keys(client: builds.DeployKeysClient, _scope: str | None) -> Iterator[Member]:
    """Those that no site uses: keys have neither names nor teams."""
    used = {builds.deploy_key_of(site) for site in client.list_sites()}
    for row in client.list_deploy_keys():
        if row["id"] not in used:
            yield Member(row["id"], {"deploy_key_id": row["id"]})


def _site_id(client: api.NetlifyClient, site: str) -> str:
    return client.site_id_of(site)


def _zone_id(client: dns.DnsClient, zone: str) -> object:
    return _zone(client, zone).get("id")


SITES = Members("account_slug", listed=_sites)
ZONES = Members("account_slug", listed=_zones)
RECORDS = Members("zone", "dns_zone", _zone_id, _records)
BUILD_HOOKS = Members("site", "site", _site_id, _build_hooks)
HOOKS = Members("site", "site", _site_id, _hooks)
SNIPPETS = Members("site", "site", _site_id, _snippets)
DEPLOY_KEYS = Members(listed=_deploy_keys)
ENV_VARS = Members("site", "site", _site_id, empty={})
METADATA = Members("site", "site", _site_id, empty={})
SNIPPET_SETS = Members("site", "site", _site_id, empty={"snippets": []})
