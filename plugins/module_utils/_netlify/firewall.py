# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic rules of sites and teams, by IP address and country of the visitors. PRIVATE to the collection.

Source: the API description in Netlify's Terraform provider, and the provider itself.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    SITE_ID,
    NetlifyClient,
    no_site,
    no_team,
)

SETS = ("published", "unpublished")
# A set of a site or team without rules, in the form of the view.
OPEN: JsonObject = {"default_action": "allow", "rules": []}
_ACCOUNT_ID = re.compile(r"[0-9a-f]{24}")
_PLACES = ("countries", "subregions")


@dataclass(frozen=True)
class Owner:
    """The site or team that has the rules. kind: Site or Account, as in the names of operations."""

    kind: str
    id: str

    @property
    def path(self) -> str:
        return f"/{self.kind.lower()}s/{part(self.id)}/firewall_rule_set"


_ACTION: JsonObject = dict(type="str", choices=["allow", "deny"])
_TEXTS: JsonObject = dict(type="list", elements="str")
# The argument spec of the suboptions of a set.
RULE_SET: JsonObject = dict(
    default_action=_ACTION,
    rules=dict(
        type="list",
        elements="dict",
        options=dict(
            action=dict(_ACTION, required=True),
            **dict.fromkeys(("addresses", *_PLACES), _TEXTS),
            description=dict(type="str"),
            enabled=dict(type="bool", default=True),
        ),
    ),
)


class FirewallClient(NetlifyClient):
    def get_rule_set(self, owner: Owner) -> JsonObject | None:
        """{id, published, unpublished, created_at, updated_at}; None if the owner has no rules, or does not exist."""
        try:
            found: JsonObject = self._send("GET", owner, f"get{owner.kind}FirewallRuleSet", shape=dict)
        except ApiError as error:
            if error.status != 404:
                raise
            return None
        return found

    def replace_rule_set(self, owner: Owner, published: JsonObject, unpublished: JsonObject) -> None:
        """published, unpublished: {default, rules}, as the API has them. The response has no documented body."""
        body = {"published": published, "unpublished": unpublished}
        self._send("PUT", owner, f"update{owner.kind}FirewallRuleSet", body)

    def delete_rule_set(self, owner: Owner) -> None:
        self.delete_if_there("DELETE", owner.path, f"delete{owner.kind}FirewallRuleSet", query={"id": owner.id})

    def _send(self, method: str, owner: Owner, operation: str, body: Any = None, shape: type | None = None) -> Any:
        """The API description requires the ID in the query as well."""
        return self.http.request(
            method, owner.path, operation=operation, body=body, query={"id": owner.id}, idempotent=True, shape=shape
        ).data

    def owner_of(self, site: str | None, account_slug: str | None) -> Owner:
        """The owner that the options name. Raises ApiError for a name that does not exist. IDs are not checked."""
        if site is not None:
            return Owner("Site", self.site_id_of(site))
        slug = str(account_slug)
        return Owner("Account", slug if _ACCOUNT_ID.fullmatch(slug) else self._account_id_of(slug))

    def check_owner(self, site: str | None, account_slug: str | None) -> None:
        """Raises ApiError for an ID that does not exist. Names were looked up by C(owner_of)."""
        if site is not None and SITE_ID.fullmatch(site) and self.get_site(site) is None:
            raise no_site(site, "getSite")
        if account_slug is not None and _ACCOUNT_ID.fullmatch(account_slug):
            self.check_team(account_slug)

    def _account_id_of(self, slug: str) -> str:
        for account in self.once("accounts", lambda: list(self.list_accounts())):
            if account["slug"] == slug:
                return str(account["id"])
        raise no_team(slug, "listAccountsForUser")


def rule_sets_view(state: JsonObject) -> JsonObject:
    """{id, created_at, updated_at, published, unpublished}, each set as {default_action, rules}. A rule has all of
    action, addresses, countries, subregions, description and enabled.
    """
    return {
        **{key: state.get(key) for key in ("id", "created_at", "updated_at")},
        **{name: _rule_set_view(state.get(name) or {}) for name in SETS},
    }


def _rule_set_view(rule_set: JsonObject) -> JsonObject:
    rules = [
        _normal({**rule, **(rule.get("data") or {}), "enabled": not rule.get("disabled")})
        for rule in rule_set.get("rules") or []
    ]
    return {"default_action": rule_set.get("default"), "rules": _in_order(rules)}


def without_defaults(rule: JsonObject) -> JsonObject:
    """A rule of the view as a task declares it, without suboptions that have their default."""
    return {name: value for name, value in rule.items() if value not in (None, [], True)}


def is_declarable(rule: JsonObject) -> bool:
    """Whether the options can declare a rule of the view."""
    return bool(rule.get("action") and _is_of_one_kind(rule))


def _is_of_one_kind(rule: JsonObject) -> bool:
    return bool(rule.get("addresses")) != any(rule.get(name) for name in _PLACES)


def declared_rule_set(options: JsonObject, is_new: bool) -> JsonObject:
    """The suboptions of a set that are set, in the form of the view; all of them if the set is new."""
    declared = {name: value for name, value in options.items() if value is not None}
    if "rules" in declared:
        declared["rules"] = _in_order([_normal(rule) for rule in declared["rules"]])
    return {**OPEN, **declared} if is_new else declared


def rule_set_body(rule_set: JsonObject, before: JsonObject) -> JsonObject:
    """A set in the form of the view as {default, rules} of a request. before: the set as the API has it; its rules are
    sent as they are if they do not change, because they can have more fields than the view.
    """
    is_same = rule_set["rules"] == _rule_set_view(before)["rules"]
    rules = (before.get("rules") or []) if is_same else [_rule_body(rule) for rule in rule_set["rules"]]
    return {"default": rule_set["default_action"] or OPEN["default_action"], "rules": rules}


def _rule_body(rule: JsonObject) -> JsonObject:
    data = {name: rule[name] for name in ("addresses", *_PLACES) if rule[name]}
    return {
        "action": rule["action"],
        "type": "ip" if rule["addresses"] else "geo",
        "data": data,
        **({"description": rule["description"]} if rule["description"] else {}),
        **({} if rule["enabled"] else {"disabled": True}),
    }


def _normal(rule: JsonObject) -> JsonObject:
    """A rule in the form of the view, the same for equal rules. The order of the rules and of their addresses does not
    matter, because Netlify's own Terraform provider sends them in groups.
    """
    return {
        "action": rule.get("action"),
        "addresses": sorted({_network(address) for address in rule.get("addresses") or []}),
        "countries": sorted({country.upper() for country in rule.get("countries") or []}),
        "subregions": sorted(set(rule.get("subregions") or [])),
        "description": rule.get("description") or None,
        "enabled": rule.get("enabled") is not False,
    }


def _in_order(rules: list[JsonObject]) -> list[JsonObject]:
    return sorted(rules, key=lambda rule: json.dumps(rule, sort_keys=True))


def _network(address: str) -> str:
    """An IP address or network in CIDR notation: 192.0.2.1 becomes 192.0.2.1/32."""
    try:
        return str(ipaddress.ip_network(address.strip(), strict=False))
    except ValueError:
        return address


def check_rules(option: str, options: JsonObject) -> None:
    """Checks the suboptions of a set. Raises InvalidInput."""
    for number, rule in enumerate(options.get("rules") or []):
        _check_rule(f"{option}.rules[{number}]", rule)


def _check_rule(place: str, rule: JsonObject) -> None:
    if not _is_of_one_kind(rule):
        raise InvalidInput(place, f"`{place}` must have either `addresses` or `countries` and `subregions`.")
    for address in rule.get("addresses") or []:
        try:
            ipaddress.ip_network(address.strip(), strict=False)
        except ValueError:
            raise InvalidInput(
                f"{place}.addresses", f"`{place}.addresses` must be IP addresses or networks (CIDR), got {address!r}."
            ) from None
    spelling.check_names(f"{place}.countries", rule.get("countries") or [], spelling.WORDS_IN_LISTS)
    for country in rule.get("countries") or []:
        if not re.fullmatch(r"[A-Za-z]{2}", country):
            raise InvalidInput(
                f"{place}.countries",
                f"`{place}.countries` must be two-letter country codes (ISO 3166-1), got {country!r}.",
            )
