# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify: traffic rules and log drains."""

from __future__ import annotations

import pytest

RULE = {"action": "deny", "type": "ip", "data": {"addresses": ["192.0.2.1"]}}
DENY = {"default": "deny", "rules": [RULE]}
OPEN = {"default": "allow", "rules": []}


@pytest.mark.parametrize("whose", ["sites", "accounts"])
def test_traffic_rules(sandbox, site, whose):
    path = f"/{whose}/{site['id'] if whose == 'sites' else site['account_slug']}/firewall_rule_set"
    sandbox.call("GET", path, 404)
    sandbox.call("PUT", path, 200, json={"published": DENY})
    made = sandbox.get(path)
    assert made["published"] == DENY and made["unpublished"] == OPEN
    sandbox.switch(firewall_addresses="networks")
    assert sandbox.get(path)["published"]["rules"][0]["data"] == {"addresses": ["192.0.2.1/32"]}
    sandbox.call("PUT", path, 200, json={"unpublished": DENY})
    assert sandbox.get(path)["published"] == OPEN and sandbox.get(path)["id"] == made["id"]
    sandbox.call("DELETE", path, 200)
    sandbox.call("DELETE", path, 404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"default": "deny"},
        {"default": "maybe", "rules": []},
        {"default": "deny", "rules": [{**RULE, "data": {}}]},
        {"default": "deny", "rules": [{**RULE, "data": {"addresses": ["192.0.2.256"]}}]},
        {"default": "deny", "rules": [{**RULE, "type": "geo"}]},
        {"default": "deny", "rules": [{**RULE, "action": "log"}]},
    ],
)
def test_wrong_traffic_rules(sandbox, site, wrong):
    sandbox.call("PUT", f"/sites/{site['id']}/firewall_rule_set", 400, json={"published": wrong})
    sandbox.call("GET", f"/sites/{site['id']}/firewall_rule_set", 404)


DRAIN = {
    "destination": "http",
    "format": "json",
    "log_types": '["deploys"]',
    "service_config": {"url": "https://logs.example.com", "authorization_header": "Bearer a"},
}


def test_a_log_drain(sandbox, site):
    path = f"/sites/{site['id']}/log_drains"
    assert sandbox.get(path) == []
    made = sandbox.call("POST", path, 201, json=DRAIN).json()
    assert made == {"id": made["id"], "site_id": site["id"], "exclude_pii": False, **DRAIN}
    assert sandbox.get(path) == [made] and sandbox.get(f"{path}/{made['id']}") == made
    sandbox.switch(log_drain_header="hidden")
    changed = sandbox.call("PUT", f"{path}/{made['id']}", 200, json={**DRAIN, "exclude_pii": True}).json()
    assert changed["exclude_pii"] is True and changed["service_config"] == {"url": "https://logs.example.com"}
    sandbox.call("DELETE", f"{path}/{made['id']}", 204)
    sandbox.call("DELETE", f"{path}/{made['id']}", 404)


def test_the_forms_of_the_list_of_log_drains(sandbox, site):
    path = f"/sites/{site['id']}/log_drains"
    for form in ("object", "not_found"):
        sandbox.switch(log_drain_list=form)
        sandbox.call("GET", path, 404)
    made = sandbox.call("POST", path, 201, json=DRAIN).json()
    assert sandbox.get(path) == [made]
    sandbox.switch(log_drain_list="object")
    assert sandbox.get(path) == made


@pytest.mark.parametrize(
    "wrong",
    [
        {"log_types": ["deploys"]},
        {"log_types": "[]"},
        {"destination": "elsewhere"},
        {"format": "xml"},
        {"service_config": {"url": "ftp://logs.example.com"}},
    ],
)
def test_wrong_log_drains(sandbox, site, wrong):
    sandbox.call("POST", f"/sites/{site['id']}/log_drains", 422, json={**DRAIN, **wrong})
