# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's DNS zones and records. PRIVATE to the collection.

Records cannot be updated. A change creates a new record and deletes the old one, in this order if both can exist at the
same time, so that the name always has a record.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterable

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    MissingParent,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once, first_of
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import not_found
from ansible_collections.webops.paas.plugins.module_utils._netlify.zones import ZonesClient

TYPES = ("A", "AAAA", "ALIAS", "CAA", "CNAME", "HTTPS", "MX", "NS", "SPF", "SRV", "TXT")
# A name can have one of these, or none (RFC 1034; an ALIAS stands for the addresses of one other name).
SINGLE = ("ALIAS", "CNAME")
# Fields by type of record, besides hostname, value and ttl.
PARTS = {
    "MX": ("priority",),
    "SRV": ("priority", "weight", "port"),
    "CAA": ("flag", "tag"),
    "HTTPS": ("weight", "target"),
}
# Netlify manages these for its sites.
MANAGED_TYPES = ("NETLIFY", "NETLIFYv6")
NUMBERS = {"priority": 65535, "weight": 65535, "port": 65535, "flag": 255, "ttl": 2**31 - 1}
# Their values are host names; case and a final dot are ignored.
NAMES_A_HOST = ("ALIAS", "CNAME", "MX", "NS", "SRV")
DETAILS = ("ttl", "priority", "weight", "port", "flag", "tag")
# Sent with a record, but not in responses, so it cannot be compared.
UNREADABLE = "target"
# RFC 8659 has no closed list of tags: issuemail and issuevmc came later.
TAG = re.compile(r"[A-Za-z0-9]{1,15}")
# Prefixes of texts of which receivers accept one per name: RFC 7208, 7489, 8461, 8460.
ONE_PER_NAME = ("v=spf1", "v=DMARC1", "v=STSv1", "v=TLSRPTv1")
# Their values are texts, which Netlify stores unchanged.
TEXTS = ("CAA", "SPF", "TXT")
# Label of the host name at which a refused record is tested.
PROBE = "_webops-paas-check"
ZONE_ID = re.compile(r"[0-9a-f]{24}")

# The option of modules that names a zone.
ZONE = dict(type="str", required=True, aliases=["zone_id"], parent=True)

_ZONE_KEYS = (
    "id",
    "name",
    "account_id",
    "account_slug",
    "account_name",
    "site_id",
    "ipv6_enabled",
    "created_at",
    "updated_at",
)
_RECORD_KEYS = ("id", "type", "hostname", "value", *DETAILS)


class DnsClient(ZonesClient):
    """zone: its ID or name."""

    def list_dns_records(self, zone: str) -> list[JsonObject]:
        return self._list(f"/dns_zones/{part(zone)}/dns_records", "getDnsRecords")

    def create_dns_record(self, zone: str, body: JsonObject) -> JsonObject:
        return self.json_object("POST", f"/dns_zones/{part(zone)}/dns_records", "createDnsRecord", body)

    def delete_dns_record(self, zone: str, record_id: str) -> None:
        self.delete_if_there("DELETE", f"/dns_zones/{part(zone)}/dns_records/{part(record_id)}", "deleteDnsRecord")


def zone_view(zone: JsonObject) -> JsonObject:
    return {
        **{key: zone.get(key) for key in _ZONE_KEYS},
        "dns_servers": zone.get("dns_servers") or [],
        "records": in_order(map(record_view, zone.get("records") or [])),
    }


def in_order(records: Iterable[JsonObject]) -> list[JsonObject]:
    """records: record_views."""
    return sorted(records, key=lambda record: [str(record[key]) for key in ("hostname", "type", "value", "id")])


def record_view(record: JsonObject) -> JsonObject:
    """managed: managed by Netlify for its sites, and cannot be changed."""
    value = record.get("value")
    return {
        **{key: record.get(key) for key in _RECORD_KEYS},
        # A response may have a number.
        "value": str(value) if isinstance(value, int) else value,
        "managed": bool(record.get("managed")) or str(record.get("type")).startswith("NETLIFY"),
    }


def set_ipv6(client: DnsClient, zone: JsonObject, enabled: bool) -> JsonObject:
    """The zone afterwards."""
    if not enabled:
        raise PaasError(
            f"IPv6 of the zone {zone['name']} cannot be disabled: Netlify's API has no operation for that.",
            code="not_possible",
        )
    return client.enable_ipv6(zone["id"])


def is_named(zone: str) -> bool:
    """Whether the reference to a zone is a name instead of an ID."""
    return zone is not UNKNOWN and not ZONE_ID.fullmatch(domains.normal(zone))


def no_zone(zone: str) -> ApiError:
    # The ID of a new zone cannot be known before it exists.
    kind = MissingParent if is_named(zone) else ApiError
    return not_found(
        f"The DNS zone {zone} does not exist on Netlify, or this token has no access to it. Create it with "
        "webops.paas.netlify_dns_zone. If another provider hosts the domain, create the record there.",
        "getDnsZone",
        kind,
        sought=zone,
    )


def zone_and_records(client: DnsClient, zone: str) -> tuple[JsonObject, list[JsonObject]]:
    """The zone, and the record_views of its records. zone: its ID or name."""
    name = domains.normal(zone)
    found = client.get_dns_zone(name)
    if found is None:
        raise no_zone(name)
    rows = found["records"] if isinstance(found.get("records"), list) else client.list_dns_records(found["id"])
    return found, [record_view(row) for row in rows]


def check_zone(zone: str, hostname: str | None) -> None:
    """The options zone and hostname of a module."""
    if is_named(zone):
        name = domains.normal(zone)
        domains.check_domain("zone", name)
        hostname_in(name, hostname or "@")


def hostname_in(zone: str, hostname: str) -> str:
    """The full name of a record; hostname can omit the name of the zone, and @ is the zone itself."""
    name = domains.normal(hostname)
    if name in ("", "@", zone):
        return zone
    whole = name if name.endswith(f".{zone}") else f"{name}.{zone}"
    if not domains.is_domain(whole, wildcard=True):
        raise domains.invalid_domain("hostname", hostname, "a valid DNS name", short=True)
    if whole != name and hostname.strip().endswith("."):
        raise InvalidInput("hostname", f"`hostname` must be in the zone {zone}, got {hostname!r}.")
    return whole


def check_record(params: JsonObject) -> None:
    """The options of one record, state present."""
    kind, value = params["type"], params["value"]
    if not (value or "").strip():
        raise InvalidInput("value", "`value` is required with `state: present` and must not be empty.")
    if kind == "MX" and value.strip() == ".":
        raise InvalidInput("value", "`value` must not be '.': Netlify refuses null MX records.")
    if kind in ("A", "AAAA"):
        try:
            (ipaddress.IPv4Address if kind == "A" else ipaddress.IPv6Address)(value.strip())
        except ValueError:
            version = "IPv4" if kind == "A" else "IPv6"
            raise InvalidInput(
                "value", f"`value` must be an {version} address for a record of type {kind}, got {value!r}."
            ) from None
    elif kind in NAMES_A_HOST:
        _check_host("value", kind, value)
    for detail in (*DETAILS, UNREADABLE):
        _check_detail(kind, detail, params[detail])
    if params["replaces"] is not None and params["solo"]:
        raise InvalidInput("replaces", "`replaces` and `solo` are mutually exclusive: `solo` replaces all records.")


def _check_host(option: str, kind: str, name: str) -> None:
    """A single dot means that the service does not exist (SRV), or the name itself (HTTPS)."""
    if not (kind in ("HTTPS", "SRV") and name.strip() == ".") and not domains.is_domain(name, short=True):
        raise domains.invalid_domain(option, name, f"a host name for a record of type {kind}", short=True)


def _check_detail(kind: str, detail: str, given: int | str | None) -> None:
    fits = detail in ("ttl", *PARTS.get(kind, ()))
    if given is None:
        if fits and detail != "ttl":
            raise InvalidInput(detail, f"`{detail}` is required for a record of type {kind}.")
        return
    if not fits:
        raise InvalidInput(detail, f"`{detail}` is not supported for a record of type {kind}.")
    if isinstance(given, int) and not (detail == "ttl") <= given <= NUMBERS[detail]:
        raise InvalidInput(detail, f"`{detail}` must be {int(detail == 'ttl')} to {NUMBERS[detail]}, got {given}.")
    if detail == "tag" and not TAG.fullmatch(str(given)):
        raise InvalidInput(detail, f"`tag` must be 1 to 15 ASCII letters and digits, got {given!r}.")
    if detail == UNREADABLE:
        _check_host(detail, kind, str(given))


def same_value(kind: str, one: str, other: str) -> bool:
    return _canonical(kind, one) == _canonical(kind, other)


def _canonical(kind: str, value: str) -> str:
    if kind in NAMES_A_HOST:
        return domains.normal(value)
    if kind in ("A", "AAAA"):
        try:
            return str(ipaddress.ip_address(value.strip()))
        except ValueError:
            return value
    return value


class Declaration:
    """One record of a zone.

    Records of the same type, name and value are the same record, and so are those whose values it replaces. With solo,
    or for a type that allows one record per name, all records of that type and name are. Afterwards one of them exists.
    wanted: {type, hostname (whole), value (None: any) and the DETAILS that are declared}.
    """

    def __init__(self, params: JsonObject, hostname: str) -> None:
        self.kind, self.hostname, self.value = params["type"], hostname, params["value"] and params["value"].strip()
        self.details = {detail: params[detail] for detail in DETAILS if params[detail] is not None}
        if "tag" in self.details:
            self.details["tag"] = self.details["tag"].lower()
        self.target = params[UNREADABLE]
        self.is_present = params["state"] == "present"
        self.is_solo = self.kind in SINGLE or bool(params["solo"])
        self.replaces = params["replaces"]

    def steps(self, records: list[JsonObject]) -> tuple[JsonObject | None, JsonObject | None, list[JsonObject]]:
        """(the record to keep, or None; the one to create, or None; those to delete).

        records: record_views of the zone.
        """
        same = [record for record in records if self._is_same(record)]
        if not self.is_present:
            return None, None, same
        kept = next((record for record in same if self.fits(record)), None)
        if kept is not None:
            return kept, None, [record for record in same if record is not kept]
        # Fields that are not declared are copied from the replaced record.
        base = next(
            (record for record in same if same_value(self.kind, record["value"], self.value)), same[0] if same else {}
        )
        details = {detail: base.get(detail) for detail in ("ttl", *PARTS.get(self.kind, ())) if detail in DETAILS}
        made = {
            "id": None,
            "type": self.kind,
            "hostname": self.hostname,
            "value": self.value,
            **dict.fromkeys(DETAILS),
            **details,
            **self.details,
            "managed": False,
        }
        return None, {**made, UNREADABLE: self.target} if self.target else made, same

    def _is_same(self, record: JsonObject) -> bool:
        if record["managed"] or (record["type"], domains.normal(record["hostname"] or "")) != (
            self.kind,
            self.hostname,
        ):
            return False
        replaces_all = self.is_solo if self.is_present else self.value is None
        return replaces_all or same_value(self.kind, record["value"], self.value) or self._is_replaced(record["value"])

    def _is_replaced(self, value: str) -> bool:
        """Matches the full value, or a pattern with wildcards."""
        if self.replaces is None or not self.is_present:
            return False
        return same_value(self.kind, value, self.replaces) or fnmatch.fnmatchcase(value, self.replaces)

    def doubts(self, records: list[JsonObject]) -> list[str]:
        """Warnings about values that receivers do not accept. records: those that the zone will have."""
        doubts = []
        if self.is_present and self.kind in TEXTS and self.value.startswith('"') and self.value.endswith('"'):
            doubts.append(
                f"`value` is in double quotes, which Netlify stores as part of the {self.kind} record. Remove them "
                "unless they belong to the value, and join a text that is split into several quoted strings."
            )
        for beginning in ONE_PER_NAME:
            found = [
                str(record["value"])
                for record in records
                if record["type"] in ("SPF", "TXT")
                and domains.normal(record["hostname"]) == self.hostname
                and str(record["value"]).lower().startswith(beginning.lower())
            ]
            if len(found) > 1:
                doubts.append(
                    f"{self.hostname} has {len(found)} TXT records that begin with {beginning} "
                    f"({', '.join(map(repr, found))}), and receivers accept one only. To replace the old one, set "
                    f"`replaces: {beginning}*`."
                )
        return doubts

    def fits(self, record: JsonObject) -> bool:
        return (
            self._is_same(record)
            and same_value(self.kind, record["value"], self.value)
            and all(record[detail] == value for detail, value in self.details.items())
        )


class Replacement:
    """Creates a record and deletes others, so that the name always has one if the platform allows it.

    made: a record_view, None to delete only. old: the records to delete.
    """

    def __init__(self, client: DnsClient, zone_id: str, made: JsonObject | None, old: list[JsonObject]) -> None:
        self.client, self.zone_id, self.made, self.old = client, zone_id, made, old

    def carry_out(self) -> JsonObject | None:
        """Returns the new record."""
        made = self.made
        if made is None:
            self._delete(self.old)
            return None
        try:
            record = self._create(made)
        except ApiError as error:
            in_the_way = self._in_the_way(made, error)
            if not in_the_way:
                raise
            record = self._create_instead(made, in_the_way)
            self._delete([each for each in self.old if each not in in_the_way])
        else:
            self._delete(self.old)
        return record

    def _in_the_way(self, made: JsonObject, error: ApiError) -> list[JsonObject]:
        """The old records because of which the platform refused the new one; empty if it had another reason."""
        # The target of an old HTTPS record is unknown, so the record could not be restored.
        if error.status != 422 or made["type"] == "HTTPS":
            return []
        in_the_way = [
            each
            for each in self.old
            if made["type"] in SINGLE or same_value(made["type"], each["value"], made["value"])
        ]
        return in_the_way if in_the_way and self._is_accepted_alone(made) else []

    def _is_accepted_alone(self, made: JsonObject) -> bool:
        """Whether the platform accepts the refused record at a name without other records.

        The text of a refusal of duplicates is not documented, so it is not used.
        """
        probe = {**made, "hostname": f"{PROBE}.{made['hostname'].removeprefix('*.')}"}
        found = map(record_view, self.client.list_dns_records(self.zone_id))
        self._delete([each for each in found if domains.normal(each["hostname"]) == probe["hostname"]])
        try:
            record = self._create(probe)
        except ApiError as error:
            if error.status != 422:
                raise
            return False
        self._delete([record])
        return True

    def _create_instead(self, made: JsonObject, in_the_way: list[JsonObject]) -> JsonObject:
        """Deletes the conflicting records, and restores them if the new record cannot be created either."""
        deleted: list[JsonObject] = []
        try:
            for record in in_the_way:
                self._delete([record])
                deleted.append(record)
            return self._create(made)
        except ApiError as error:
            if deleted:
                self._put_back(made, deleted, error)
            raise

    def _create(self, record: JsonObject) -> JsonObject:
        known = {each["id"] for each in self.old}

        def alike() -> list[JsonObject]:
            found = map(record_view, self.client.list_dns_records(self.zone_id))
            return [each for each in found if each["id"] not in known and _is_alike(each, record)]

        clock = self.client.http.clock
        made, is_ours = create_once(
            lambda: record_view(self.client.create_dns_record(self.zone_id, _body(record))),
            lambda: next(iter(alike()), None),
            clock,
        )
        return first_of(made, alike, lambda own: self._delete([own]), clock)[0] if is_ours else made

    def _delete(self, records: list[JsonObject]) -> None:
        for record in records:
            self.client.delete_dns_record(self.zone_id, record["id"])

    def _put_back(self, made: JsonObject, deleted: list[JsonObject], error: ApiError) -> None:
        """Creates the deleted records again, and adds to the error which records exist now."""
        missing, reason = [], ""
        for record in deleted:
            try:
                self._create(record)
            except ApiError as failure:
                missing.append(record)
                reason = reason or failure.message
        left = ", ".join(str(record["value"]) for record in self.old if record not in missing)
        which = "record that it was to replace" if len(deleted) == 1 else "records that it was to replace"
        if not missing:
            verb = "was" if len(deleted) == 1 else "were"
            error.message += f" The {which} {verb} restored: {made['hostname']} has {left} again."
            return
        verb = "is" if len(deleted) == 1 else "are"
        now = f"only {left} as {made['type']} records" if left else f"no {made['type']} record"
        error.message += (
            f" The {which} {verb} deleted and could not be restored ({reason}), so {made['hostname']} has {now} now. "
            "Run the task again soon."
        )


def _is_alike(record: JsonObject, wanted: JsonObject) -> bool:
    return (
        (record["type"], domains.normal(record["hostname"] or ""))
        == (wanted["type"], domains.normal(wanted["hostname"]))
        and same_value(wanted["type"], record["value"], wanted["value"])
        and all(wanted[detail] is None or record[detail] == wanted[detail] for detail in DETAILS)
    )


def _body(record: JsonObject) -> JsonObject:
    keys = ("type", "hostname", "value", *DETAILS, UNREADABLE)
    return {key: record[key] for key in keys if record.get(key) is not None}
