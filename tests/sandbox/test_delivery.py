# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates, purges of caches, and split tests."""

from __future__ import annotations

import pytest

OWN = {name: f"-----BEGIN {name}-----" for name in ("certificate", "key", "ca_certificates")}


@pytest.fixture
def site(sandbox):
    sandbox.switch(certificate="none")
    site = sandbox.site("docs", custom_domain="www.example.com")
    return site


def ssl(sandbox, site, more="", method="GET", expect=200, **options):
    return sandbox.call(method, f"/sites/{site['id']}/ssl{more}", expect, **options).json()


# certificates


def test_a_certificate_is_issued_after_a_while(sandbox, site):
    sandbox.admin("PATCH", "settings", {"certificate_seconds": 60})
    ssl(sandbox, site, expect=404)
    sandbox.call("PATCH", f"/sites/{site['id']}", 422, json={"force_ssl": True})
    first = ssl(sandbox, site, method="POST")
    assert (first["state"], first["domains"], first["expires_at"]) == ("pending", ["www.example.com"], None)
    assert sandbox.get(f"/sites/{site['id']}")["ssl"] is False
    sandbox.advance(61)
    issued = ssl(sandbox, site)
    assert (issued["id"], issued["state"], issued["custom"]) == (first["id"], "issued", False)
    assert issued["expires_at"] > issued["created_at"]
    assert sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"force_ssl": True}).json()["ssl"] is True
    refused = ssl(sandbox, site, method="POST", expect=422)
    assert refused["message"] == "certificate parameter is required when updating an existing certificate"
    assert ssl(sandbox, site, "/renew", "POST")["state"] == "pending"
    sandbox.advance(61)
    assert ssl(sandbox, site)["expires_at"] > issued["expires_at"]


@pytest.mark.parametrize("where", ["params", "json"])
def test_a_certificate_of_ones_own(sandbox, site, where):
    own = ssl(sandbox, site, method="POST", **{where: OWN})
    assert (own["state"], own["custom"]) == ("custom", True)
    again = ssl(sandbox, site, method="POST", **{where: OWN})
    assert again["id"] != own["id"] and ssl(sandbox, site) == again
    for name in OWN:
        ssl(sandbox, site, method="POST", expect=422, **{where: {**OWN, name: ""}})
        ssl(sandbox, site, method="POST", expect=422, **{where: {**OWN, name: "x"}})
    ssl(sandbox, site, "/renew", "POST", 422)


@pytest.mark.parametrize("dns, status", [("good", 200), ("bad", 422)])
def test_the_domain_must_lead_to_the_platform(sandbox, site, dns, status):
    sandbox.switch(ssl_dns=dns)
    assert (
        ssl(sandbox, site, method="POST", expect=status).get("message")
        == {200: None, 422: "bad dns for custom domain"}[status]
    )


@pytest.mark.parametrize("answer, status", [("not_found", 404), ("wildcard", 200)])
def test_a_site_without_a_custom_domain(sandbox, answer, status):
    sandbox.switch(ssl_of_default_domain=answer)
    site = sandbox.site("docs")
    domains = {404: None, 200: ["*.netlify.app", "netlify.app"]}[status]
    assert ssl(sandbox, site, expect=status).get("domains") == domains
    assert ssl(sandbox, site, method="POST", expect=422)["message"] == "No custom domain configured"


def test_an_automatic_certificate_goes_with_its_domain(sandbox):
    site = sandbox.site("docs", custom_domain="www.example.com")
    first = ssl(sandbox, site)
    assert first["state"] == "issued" and ssl(sandbox, site) == first
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"custom_domain": "docs.example.com"})
    assert ssl(sandbox, site)["domains"] == ["docs.example.com"]


def test_certificates_by_domain(sandbox, site):
    ssl(sandbox, site, "/certificates?domain=www.example.com", expect=404)
    certificate = ssl(sandbox, site, method="POST", json=OWN)
    assert ssl(sandbox, site, "/certificates?domain=WWW.example.com") == [certificate]
    ssl(sandbox, site, "/certificates?domain=example.com", expect=404)
    ssl(sandbox, site, "/certificates", expect=422)


# purges


def test_purges_are_kept(sandbox, second, site):
    for body in (
        {"site_id": site["id"]},
        {"site_id": "docs.netlify.app", "cache_tags": ["a", "b"]},
        {"site_slug": "docs", "cache_tags": ["c"]},
    ):
        assert sandbox.call("POST", "/purge", 202, json=body).content == b""
    for body in ({"site_id": "nothing"}, {"site_slug": "taken"}, {"site_slug": "docs.netlify.app"}):
        sandbox.call("POST", "/purge", 404, json=body)
    for body in (
        {},
        {"cache_tags": ["a"]},
        {"site_id": site["id"], "cache_tags": "a"},
        {"site_id": 1},
        {"site_id": site["id"], "cache_tags": [""]},
    ):
        sandbox.call("POST", "/purge", 400, json=body)
    second.call("POST", "/purge", 404, json={"site_id": site["id"]})
    [entry] = sandbox.admin("GET", "state")["netlify"]["sites"]
    assert [purge["cache_tags"] for purge in entry["purges"]] == [None, ["a", "b"], ["c"]]


# split tests


@pytest.mark.parametrize("status", [200, 201])
def test_a_split_test(sandbox, site, status):
    sandbox.switch(split_put_status=status)
    path = f"/sites/{site['id']}/traffic_splits"
    test = sandbox.call("POST", path, 201, json={"branch_tests": {"main": 60, "next": 40}}).json()
    assert test["branches"] == [{"branch": "main", "percentage": 60}, {"branch": "next", "percentage": 40}]
    assert sandbox.get(path) == [test] and sandbox.get(f"{path}/{test['id']}") == test and test["active"] is False
    changed = sandbox.call("PUT", f"{path}/{test['id']}", status, json={"branch_tests": {"main": 100}}).json()
    assert changed["branches"] == [{"branch": "main", "percentage": 100}]
    sandbox.call("POST", f"{path}/{test['id']}/publish", 204)
    assert sandbox.get(f"{path}/{test['id']}")["active"] is True
    sandbox.call("POST", f"{path}/{test['id']}/unpublish", 204)
    assert sandbox.get(f"{path}/{test['id']}")["unpublished_at"] is not None
    for wrong in ({}, {"branch_tests": {"main": 99}}, {"branch_tests": {"main": "100"}}, {"branch_tests": []}):
        sandbox.call("POST", path, 422, json=wrong)
    sandbox.call("GET", f"{path}/nothing", 404)


@pytest.mark.parametrize(
    "form, row",
    [
        ("branch", {"branch": "main", "percentage": 100}),
        ("name", {"name": "main", "percentage": 100}),
        ("pair", {"main": 100}),
    ],
)
def test_the_forms_of_the_branches_of_a_split_test(sandbox, site, form, row):
    sandbox.switch(split_branches=form)
    path = f"/sites/{site['id']}/traffic_splits"
    assert sandbox.call("POST", path, 201, json={"branch_tests": {"main": 100}}).json()["branches"] == [row]


def test_one_split_test_is_active(sandbox, site):
    path = f"/sites/{site['id']}/traffic_splits"
    sandbox.switch(new_split_test="active")
    first, second = (sandbox.call("POST", path, 201, json={"branch_tests": {"main": 100}}).json() for _each in range(2))
    assert first["active"] is True and second["active"] is False
    sandbox.switch(second_split_test="refused")
    sandbox.call("POST", f"{path}/{second['id']}/publish", 422)
    sandbox.switch(second_split_test="replaces")
    sandbox.call("POST", f"{path}/{second['id']}/publish", 204)
    assert [test["active"] for test in sandbox.get(path)] == [False, True]
