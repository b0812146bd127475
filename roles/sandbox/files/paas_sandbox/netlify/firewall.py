# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The traffic rules of sites and teams. They are only stored and returned: the sandbox does not apply them."""

from __future__ import annotations

import ipaddress
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors
from .api import Request
from .model import Account, Firewall, Site

ACTIONS = ("allow", "deny")
SETS = ("published", "unpublished")
OPEN: dict[str, Any] = {"default": "allow", "rules": []}


def show_of_site(request: Request) -> Response:
    return _show(request, request.site())


def replace_of_site(request: Request) -> Response:
    return _replace(request, request.site())


def delete_of_site(request: Request) -> Response:
    return _delete(request.site())


def show_of_team(request: Request) -> Response:
    return _show(request, _team(request))


def replace_of_team(request: Request) -> Response:
    return _replace(request, _team(request, of_owner=True))


def delete_of_team(request: Request) -> Response:
    return _delete(_team(request, of_owner=True))


def _team(request: Request, of_owner: bool = False) -> Account:
    """fact: netlify 6 [T]: only owners change them, 401"""
    account = request.account(request.call.parameters["account_id"])
    if of_owner and request.user.roles[account.slug] != "owner":
        raise errors.refused(401, "Only owners are allowed to update the firewall rule set")
    return account


def _show(request: Request, owner: Site | Account) -> Response:
    """fact: netlify 6 [T]: 404 without rules"""
    if owner.firewall is None:
        raise errors.not_found()
    firewall = owner.firewall
    return json_response(
        {
            "id": firewall.id,
            **{name: _set_view(request, firewall.sets[name]) for name in SETS},
            "created_at": iso(firewall.created_at),
            "updated_at": iso(firewall.updated_at),
        }
    )


def _set_view(request: Request, rule_set: dict[str, Any]) -> dict[str, Any]:
    """How the server writes addresses is unknown [?]."""
    if request.switches["firewall_addresses"] == "kept":
        return rule_set
    rules = []
    for rule in rule_set["rules"]:
        addresses = rule["data"].get("addresses")
        written = {"addresses": [str(ipaddress.ip_network(one)) for one in addresses]} if addresses else {}
        rules.append({**rule, "data": {**rule["data"], **written}})
    return {**rule_set, "rules": rules}


def _replace(request: Request, owner: Site | Account) -> Response:
    """fact: netlify 6 [T]: replaces the rules completely; 200 without a documented body, 400"""
    body = request.json()
    sets = {name: body.get(name, OPEN) for name in SETS}
    if not all(_is_set(rule_set) for rule_set in sets.values()):
        raise errors.refused(400, "The firewall rule set is invalid")
    if owner.firewall is None:
        owner.firewall = Firewall(request.state.new_id(), sets, request.now, request.now)
    else:
        owner.firewall.sets, owner.firewall.updated_at = sets, request.now
    return Response(b"", 200)


def _is_set(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("default") in ACTIONS
        and isinstance(value.get("rules"), list)
        and all(map(_is_rule, value["rules"]))
    )


def _is_rule(rule: Any) -> bool:
    """fact: netlify 6 [T]: action, type and data are required; that addresses must be valid is a guess [?]"""
    if not isinstance(rule, dict) or rule.get("action") not in ACTIONS or not isinstance(rule.get("data"), dict):
        return False
    data: dict[str, Any] = rule["data"]
    if not data or not all(isinstance(texts, list) and texts for texts in data.values()):
        return False
    if rule.get("type") == "geo":
        return data.keys() <= {"countries", "subregions"}
    is_of_addresses = rule.get("type") == "ip" and data.keys() == {"addresses"}
    return is_of_addresses and all(map(_is_network, data["addresses"]))


def _is_network(text: Any) -> bool:
    try:
        ipaddress.ip_network(text)
    except (TypeError, ValueError):
        return False
    return True


def _delete(owner: Site | Account) -> Response:
    if owner.firewall is None:
        raise errors.not_found()
    owner.firewall = None
    return Response(b"", 200)


SITE, TEAM = "/sites/{site_id}/firewall_rule_set", "/accounts/{account_id}/firewall_rule_set"
FACT = "netlify 6: 200, 404 [T][TF]"
ROUTES = [
    Route("GET", SITE, "getSiteFirewallRuleSet", show_of_site, FACT),
    Route("PUT", SITE, "updateSiteFirewallRuleSet", replace_of_site, "netlify 6: 200, 400 [T][TF]"),
    Route("DELETE", SITE, "deleteSiteFirewallRuleSet", delete_of_site, FACT),
    Route("GET", TEAM, "getAccountFirewallRuleSet", show_of_team, FACT),
    Route("PUT", TEAM, "updateAccountFirewallRuleSet", replace_of_team, "netlify 6: 200, 401 [T][TF]"),
    Route("DELETE", TEAM, "deleteAccountFirewallRuleSet", delete_of_team, FACT),
]
