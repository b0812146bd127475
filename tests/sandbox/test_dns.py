# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DNS zones and records."""

from __future__ import annotations

import pytest


@pytest.fixture
def zone(sandbox):
    return sandbox.call("POST", "/dns_zones", 201, json={"account_slug": "sandbox-team", "name": "Example.com."}).json()


@pytest.fixture
def records(zone):
    return f"/dns_zones/{zone['id']}/dns_records"


def add(sandbox, records, expect=201, **fields):
    return sandbox.call(
        "POST", records, expect, json={"type": "A", "hostname": "www.example.com", "value": "192.0.2.1", **fields}
    ).json()


def test_a_zone_from_its_creation_to_its_end(sandbox, second, zone):
    account = next(entry for entry in sandbox.get("/accounts") if entry["slug"] == "sandbox-team")
    assert zone == {
        "id": zone["id"],
        "name": "example.com",
        "errors": [],
        "user_id": sandbox.get("/user")["id"],
        "supported_record_types": ["A", "AAAA", "ALIAS", "CAA", "CNAME", "MX", "NS", "SPF", "SRV", "TXT"],
        "created_at": zone["created_at"],
        "updated_at": zone["created_at"],
        "records": [],
        "dns_servers": zone["dns_servers"],
        "account_id": account["id"],
        "account_slug": "sandbox-team",
        "account_name": "Sandbox Team",
        "site_id": None,
        "domain": None,
        "ipv6_enabled": False,
        "dedicated": False,
        "uses_netlify_registrar": False,
    }
    for reference in (zone["id"], "example.com"):
        assert sandbox.get(f"/dns_zones/{reference}") == zone
        second.call("GET", f"/dns_zones/{reference}", 404)
    sandbox.call("DELETE", "/dns_zones/example.com", 204)
    for method, more in (
        ("GET", ""),
        ("DELETE", ""),
        ("PUT", "/transfer"),
        ("PUT", "/enable-ipv6"),
        ("GET", "/dns_records"),
        ("POST", "/dns_records"),
    ):
        sandbox.call(method, f"/dns_zones/{zone['id']}{more}", 404, json={})
    assert sandbox.get("/dns_zones") == []


def test_zones_of_one_team_or_of_all(sandbox, second, zone):
    sandbox.call("POST", "/dns_zones", 201, json={"account_slug": "second-team", "name": "example.org"})
    assert [entry["name"] for entry in sandbox.get("/dns_zones")] == ["example.com", "example.org"]
    assert [entry["name"] for entry in sandbox.get("/dns_zones?account_slug=second-team")] == ["example.org"]
    assert [entry["name"] for entry in second.get("/dns_zones")] == ["example.org"]
    assert len(sandbox.get("/dns_zones?per_page=1")) == 1


@pytest.mark.parametrize(
    "name, status",
    [
        ("example.com", 422),
        ("EXAMPLE.com", 422),
        ("netlify.app", 422),
        ("x.netlify.com", 422),
        ("nodot", 422),
        ("a b.com", 422),
        (7, 422),
        (None, 500),
        ("", 500),
    ],
)
def test_zones_that_are_refused(sandbox, second, zone, name, status):
    answer = sandbox.call("POST", "/dns_zones", status, json={"name": name}).json()
    assert answer == {"status": 500, "error": "Internal Server Error"} if status == 500 else "name" in answer["errors"]
    second.call("POST", "/dns_zones", status, json={"name": name})


def test_an_empty_body_is_a_server_error(sandbox):
    sandbox.call("POST", "/dns_zones", 500)
    sandbox.call("POST", "/dns_zones", 404, json={"name": "example.com", "account_slug": "strangers"})
    sandbox.call("POST", "/dns_zones", 404, json={"name": "example.com", "site_id": "nothing"})


def test_a_record_from_its_creation_to_its_end(sandbox, zone, records):
    record = add(sandbox, records, ttl=60)
    assert record == {
        "id": record["id"],
        "dns_zone_id": zone["id"],
        "site_id": None,
        "type": "A",
        "hostname": "www.example.com",
        "value": "192.0.2.1",
        "ttl": 60,
        "priority": None,
        "weight": None,
        "port": None,
        "flag": None,
        "tag": None,
        "managed": False,
        "errors": [],
    }
    assert sandbox.get(records) == [record] and sandbox.get(f"{records}/{record['id']}") == record
    assert sandbox.get("/dns_zones/example.com")["records"] == [record]
    for method in ("PUT", "PATCH"):
        assert sandbox.call(method, f"{records}/{record['id']}", 404, json={}).text == "Not Found"
    sandbox.call("DELETE", f"{records}/{record['id']}", 204)
    for method in ("GET", "DELETE"):
        sandbox.call(method, f"{records}/{record['id']}", 404)


def test_all_kinds_of_records(sandbox, records):
    add(sandbox, records, type="AAAA", value="2001:db8::1")
    mail = add(sandbox, records, type="MX", hostname="@", value="mail.example.com", priority=10)
    assert (mail["hostname"], mail["priority"], mail["ttl"]) == ("example.com", 10, 3600)
    service = add(sandbox, records, type="SRV", value="x.example.com", priority=1, weight=2, port=3)
    assert (service["priority"], service["weight"], service["port"]) == (1, 2, 3)
    assert add(sandbox, records, type="SRV", value="y.example.com", weight=2, port=3)["priority"] == 10
    secure = add(sandbox, records, type="HTTPS", value="alpn=h2", weight=1, target=".")
    assert (secure["value"], secure["weight"]) == ("alpn=h2", 1) and "target" not in secure
    sandbox.switch(dns_https_records="refused")
    add(sandbox, records, 422, type="HTTPS", value="alpn=h2", weight=1, target=".")
    rule = add(sandbox, records, type="CAA", value="letsencrypt.org", flag=0, tag="issue")
    assert (rule["flag"], rule["tag"]) == (0, "issue")


@pytest.mark.parametrize(
    "wrong, status",
    [
        ({"type": "NETLIFY"}, 422),
        ({"type": "NETLIFYv6"}, 422),
        ({"type": "PTR"}, 422),
        ({"type": None}, 422),
        ({"value": "2001:db8::1"}, 422),
        ({"value": "x"}, 422),
        ({"type": "AAAA"}, 422),
        ({"value": None}, 500),
        ({"value": ""}, 500),
        ({"ttl": "60"}, 422),
        ({"priority": -1}, 422),
        ({"hostname": 1}, 422),
        ({"value": [1]}, 422),
        ({"type": "MX", "value": ".", "priority": 0}, 422),
    ],
)
def test_records_that_are_refused(sandbox, records, wrong, status):
    add(sandbox, records, status, **wrong)
    assert sandbox.get(records) == []


@pytest.mark.parametrize("answer, status, left", [("accepted", 201, 2), ("refused", 422, 1)])
def test_a_duplicate(sandbox, records, answer, status, left):
    sandbox.switch(dns_duplicate_record=answer)
    first = add(sandbox, records)
    second = add(sandbox, records, status, ttl=60)
    assert first["id"] != second.get("id") and len(sandbox.get(records)) == left
    add(sandbox, records, value="192.0.2.2")


@pytest.mark.parametrize("answer, status", [("accepted", 201), ("refused", 422)])
def test_a_second_cname(sandbox, records, answer, status):
    sandbox.switch(dns_second_cname=answer)
    add(sandbox, records, type="CNAME", value="a.example.net")
    add(sandbox, records, status, type="CNAME", value="b.example.net")
    add(sandbox, records, type="CNAME", hostname="other.example.com", value="b.example.net")


@pytest.mark.parametrize("short, status", [("completed", 201), ("refused", 422)])
def test_a_host_name_without_its_zone(sandbox, records, short, status):
    sandbox.switch(dns_short_hostname=short)
    record = add(sandbox, records, status, hostname="shop")
    assert record.get("hostname") == {201: "shop.example.com", 422: None}[status]


def test_records_of_sites_are_the_platforms_own(sandbox, zone, records):
    site = sandbox.site("docs")
    assert sandbox.get(f"/sites/{site['id']}")["dns_zone_id"] is None
    sandbox.call(
        "PATCH",
        f"/sites/{site['id']}",
        200,
        json={"custom_domain": "www.example.com", "domain_aliases": ["docs.example.org"]},
    )
    assert sandbox.get(f"/sites/{site['id']}")["dns_zone_id"] == zone["id"]
    [record] = sandbox.get(records)
    assert (record["type"], record["hostname"], record["value"]) == ("NETLIFY", "www.example.com", "docs.netlify.app")
    assert (record["managed"], record["site_id"]) == (True, site["id"])
    assert sandbox.get(f"{records}/{record['id']}") == record
    sandbox.call("DELETE", f"{records}/{record['id']}", 422)
    assert sandbox.call("PUT", f"/dns_zones/{zone['id']}/enable-ipv6", 200).json()["ipv6_enabled"] is True
    assert [entry["type"] for entry in sandbox.get(records)] == ["NETLIFY", "NETLIFYv6"]
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"custom_domain": None})
    assert sandbox.get(records) == []


@pytest.mark.parametrize("answer", ["result", "zone"])
@pytest.mark.parametrize("where", ["query", "json"])
def test_a_transfer(sandbox, second, zone, answer, where):
    sandbox.switch(dns_transfer_answer=answer)
    wanted = {"transfer_account_id": second.get("/accounts")[0]["id"], "account_id": zone["account_id"]}
    options = {"params": wanted} if where == "query" else {"json": wanted}
    got = sandbox.call("PUT", f"/dns_zones/{zone['id']}/transfer", 200, **options).json()
    assert got == (second.get("/dns_zones/example.com") if answer == "zone" else {"success": True, "error": None})
    sandbox.call("PUT", f"/dns_zones/{zone['id']}/transfer", 422)
    sandbox.call("PUT", f"/dns_zones/{zone['id']}/transfer", 404, json={"transfer_account_id": "strangers"})


def test_the_dns_of_a_site(sandbox):
    site = sandbox.site("docs")
    assert sandbox.get(f"/sites/{site['id']}/dns") == []
    sandbox.call("PUT", f"/sites/{site['id']}/dns", 422)
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"custom_domain": "www.example.com"})
    for _twice in range(2):
        [zone] = sandbox.call("PUT", f"/sites/{site['id']}/dns", 200).json()
    assert (zone["name"], zone["site_id"]) == ("example.com", site["id"])
    assert sandbox.get(f"/sites/{site['id']}/dns") == [zone] == sandbox.get("/dns_zones")
