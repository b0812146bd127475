# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's sites: finding, creating, changing and deleting them."""

from __future__ import annotations

import re

import pytest

TEAM = "/sandbox-team/sites"


def test_a_site_has_what_real_sites_have(sandbox):
    site = sandbox.site("docs")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", site["id"])
    assert site["site_id"] == site["id"]
    assert site["default_domain"] == "docs.netlify.app"
    assert site["ssl_url"] == "https://docs.netlify.app"
    assert site["account_slug"] == "sandbox-team"
    assert site["published_deploy"] is None
    assert site["state"] == "current"
    assert re.fullmatch(r"[0-9a-f]{40}", site["jwt_secret"])
    assert site["deploy_hook"].startswith("https://")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", site["created_at"])
    assert sandbox.get(f"/sites/{site['id']}") == site


def test_found_by_id_or_any_domain_but_not_by_bare_name(sandbox):
    site = sandbox.site("docs", custom_domain="docs.example.com")
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"domain_aliases": ["www.example.com"]})
    for reference in (
        site["id"],
        "docs.netlify.app",
        "docs.example.com",
        "www.example.com",
        "DOCS.netlify.app",
        f"{site['id']}.netlify.app",
    ):
        assert sandbox.get(f"/sites/{reference}")["id"] == site["id"]
    sandbox.call("GET", "/sites/docs", 404)
    sandbox.switch(bare_name_lookup="found")
    assert sandbox.get("/sites/docs")["id"] == site["id"]


def test_an_unknown_site_is_a_json_404_and_an_unknown_path_a_text_one(sandbox):
    response = sandbox.call("GET", "/sites/nothing.netlify.app", 404)
    assert response.json() == {"code": 404, "message": "Not Found"}
    response = sandbox.call("GET", "/no/such/path", 404)
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text == "Not Found"


def test_a_token_is_needed(sandbox):
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        response = sandbox.call("GET", "/sites", 401, headers=headers)
        assert response.json() == {"code": 401, "message": "Access Denied"}
        assert "x-ratelimit-limit" not in response.headers
        assert response.headers["x-request-id"]


def test_the_token_in_the_query_is_accepted_unless_switched_off(sandbox):
    path = f"/sites?access_token={sandbox.token}"
    sandbox.call("GET", path, 200, headers={"Authorization": ""})
    assert sandbox.log("listSites")[-1]["query"] == {"access_token": "<redacted>"}
    sandbox.switch(access_token_query="refused")
    sandbox.call("GET", path, 401, headers={"Authorization": ""})


def test_every_answer_has_the_platforms_headers(sandbox):
    for path, status in (("/sites", 200), ("/sites/nothing.netlify.app", 404), ("/no/such/path", 404)):
        headers = sandbox.call("GET", path, status).headers
        assert headers["x-request-id"] and headers["x-nf-srv-version"]
        assert float(headers["x-runtime"]) >= 0


def test_an_empty_body_gives_a_random_name(sandbox):
    names = {sandbox.call("POST", TEAM, 201).json()["name"], sandbox.site()["name"]}
    assert len(names) == 2
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[0-9a-f]{6}", name) for name in names)


def test_a_taken_name_is_refused_in_the_platforms_odd_form(sandbox):
    sandbox.site("docs")
    for name in ("docs", "taken"):
        response = sandbox.call("POST", "/sites", 422, json={"name": name})
        assert response.json() == {"errors": {"subdomain": ["must be unique"]}}
    sandbox.call("GET", "/sites/taken.netlify.app", 404)
    other = sandbox.site("other")
    sandbox.call("PATCH", f"/sites/{other['id']}", 422, json={"name": "taken"})
    assert sandbox.get(f"/sites/{other['id']}")["name"] == "other"


def test_dots_become_hyphens_silently_and_upper_case_is_lowered(sandbox):
    assert sandbox.site("a.b")["name"] == "a-b"
    assert sandbox.site("Upper")["name"] == "upper"
    sandbox.switch(name_upper_case="kept")
    assert sandbox.site("Kept")["name"] == "Kept"


@pytest.mark.parametrize("name", ["a_b", "x" * 64, 5, "a b"])
def test_an_impossible_name_is_refused(sandbox, name):
    assert sandbox.call("POST", "/sites", 422, json={"name": name}).json()["errors"]["subdomain"]


def test_an_odd_name_may_be_made_fit_instead(sandbox):
    sandbox.switch(invalid_name="hyphenated")
    assert sandbox.site("a_b c")["name"] == "a-b-c"


def test_an_update_changes_only_the_keys_that_are_sent(sandbox):
    site = sandbox.site("docs", notification_email="a@example.com")
    sandbox.advance(5)
    after = sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"prerender": "on", "nonsense": 1}).json()
    assert after.pop("updated_at") > site.pop("updated_at")
    assert after == {**site, "prerender": "on"}


def test_put_updates_like_patch(sandbox):
    site = sandbox.site("docs", notification_email="a@example.com")
    after = sandbox.call("PUT", f"/sites/{site['id']}", 200, json={"name": "manual"}).json()
    assert (after["name"], after["notification_email"]) == ("manual", "a@example.com")


def test_a_rename_frees_the_old_name(sandbox):
    site = sandbox.site("old")
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"name": "new"})
    sandbox.call("GET", "/sites/old.netlify.app", 404)
    assert sandbox.get("/sites/new.netlify.app")["id"] == site["id"]
    assert sandbox.site("old")["id"] != site["id"]


def test_a_refused_update_changes_nothing(sandbox):
    site = sandbox.site("docs")
    sandbox.call("PATCH", f"/sites/{site['id']}", 422, json={"name": "fresh", "custom_domain": "not a domain"})
    assert sandbox.get(f"/sites/{site['id']}") == site


def test_some_attributes_are_ignored_at_creation(sandbox):
    wanted = {"domain_aliases": ["a.example.com"], "managed_dns": False, "force_ssl": True}
    site = sandbox.site("docs", **wanted)
    assert (site["domain_aliases"], site["managed_dns"], site["force_ssl"]) == ([], True, None)
    site = sandbox.call("PATCH", f"/sites/{site['id']}", 200, json=wanted).json()
    assert {key: site[key] for key in wanted} == wanted
    sandbox.switch(create_ignores="applied")
    assert sandbox.site("other", domain_aliases=["b.example.com"])["domain_aliases"] == ["b.example.com"]


def test_an_update_of_aliases_may_be_without_effect(sandbox):
    site = sandbox.site("docs")
    sandbox.switch(domain_aliases_update="ignored")
    after = sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"domain_aliases": ["a.example.com"]}).json()
    assert after["domain_aliases"] == []


def test_custom_domains_are_unique_and_can_be_cleared(sandbox):
    first = sandbox.site("first", custom_domain="www.example.com")
    for wanted in (
        {"custom_domain": "www.example.com"},
        {"custom_domain": "x.netlify.app"},
        {"domain_aliases": ["www.example.com"]},
        {"domain_aliases": ["a.example.com"] * 101},
        {"domain_aliases": ["a.example.com", None]},
        {"domain_aliases": [""]},
        {"custom_domain": "c.example.com", "domain_aliases": ["c.example.com"]},
    ):
        second = sandbox.site()
        errors = sandbox.call("PATCH", f"/sites/{second['id']}", 422, json=wanted).json()["errors"]
        assert set(errors) <= set(wanted)
    for empty in ("", None):
        after = sandbox.call("PATCH", f"/sites/{first['id']}", 200, json={"custom_domain": empty}).json()
        assert after["custom_domain"] is None
        sandbox.call("GET", "/sites/www.example.com", 404)
        sandbox.call("PATCH", f"/sites/{first['id']}", 200, json={"custom_domain": "www.example.com"})


def test_a_password_is_never_readable(sandbox):
    site = sandbox.site("docs", password="hunter2")
    assert (site["password"], site["has_password"]) == (None, True)
    assert "hunter2" not in sandbox.call("GET", f"/sites/{site['id']}").text
    after = sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"password": ""}).json()
    assert after["has_password"] is False
    sandbox.switch(password_answer="absent", has_password_answer="absent")
    assert not {"password", "has_password"} & set(sandbox.get(f"/sites/{site['id']}"))


def test_a_plan_may_lack_features(sandbox):
    site = sandbox.site("docs", custom_domain="www.example.com")
    sandbox.switch(site_password_plan="unavailable", functions_region_plan="unavailable", certificate="none")
    for wanted in ({"password": "x"}, {"functions_region": None}, {"force_ssl": True}):
        sandbox.call("PATCH", f"/sites/{site['id']}", 422, json=wanted)
    assert sandbox.get(f"/sites/{site['id']}")["ssl"] is False


def test_repository_settings_are_written_as_branch_and_read_as_repo_branch(sandbox):
    site = sandbox.site(
        "docs", build_settings={"provider": "github", "repo_path": "a/b", "branch": "main", "cmd": "make"}
    )
    path = f"/sites/{site['id']}"
    assert site["build_settings"]["repo_branch"] == "main"
    assert site["build_settings"]["repo_url"] == "https://github.com/a/b"
    after = sandbox.call("PATCH", path, 200, json={"build_settings": {"repo_branch": "next"}}).json()
    assert after["build_settings"]["repo_branch"] == "main"
    link = {"id": 4711, "provider": "github", "repo_path": "a/c", "repo_branch": "trunk"}
    after = sandbox.call("PATCH", path, 200, json={"repo": link}).json()
    assert link.items() <= after["build_settings"].items()
    after = sandbox.call("PATCH", path, 200, json={"repo": {"branch": "next"}}).json()
    assert (after["build_settings"]["repo_branch"], after["build_settings"]["cmd"]) == ("next", "make")
    sandbox.switch(repo_branch_update="applied", nested_update="replaced")
    after = sandbox.call("PATCH", path, 200, json={"build_settings": {"repo_branch": "last"}}).json()
    assert (after["build_settings"]["repo_branch"], after["build_settings"]["cmd"]) == ("last", None)


def test_unlinking_a_repository_keeps_the_build(sandbox):
    site = sandbox.site("docs", build_settings={"provider": "github", "repo_path": "a/b", "cmd": "make"})
    after = sandbox.call("PUT", f"/sites/{site['id']}/unlink_repo", 200).json()
    assert (after["build_settings"]["repo_path"], after["build_settings"]["cmd"]) == (None, "make")
    sandbox.call("PUT", "/sites/nothing.netlify.app/unlink_repo", 404)


def test_unlinking_can_remove_all_build_settings(sandbox):
    site = sandbox.site("docs", build_settings={"provider": "github", "repo_path": "a/b", "cmd": "make"})
    sandbox.switch(unlinked_settings="nothing")
    assert sandbox.call("PUT", f"/sites/{site['id']}/unlink_repo", 200).json()["build_settings"] == {}


def test_settings_that_no_client_writes_can_be_ignored(sandbox):
    site = sandbox.site("docs")
    path, wanted = f"/sites/{site['id']}", {"build_timelimit": 30, "build_settings": {"skip_automatic_builds": True}}
    sandbox.switch(unproven_settings="ignored")
    after = sandbox.call("PATCH", path, 200, json={**wanted, "hud_enabled": True}).json()
    assert (after["build_timelimit"], after["build_settings"], after["hud_enabled"]) == (None, {}, True)
    sandbox.switch(unproven_settings="applied")
    after = sandbox.call("PATCH", path, 200, json=wanted).json()
    assert (after["build_timelimit"], after["build_settings"]["skip_automatic_builds"]) == (30, True)


def test_analytics_are_an_instance_of_the_site(sandbox):
    site = sandbox.site("docs")
    path = f"/sites/{site['id']}"
    instance = sandbox.call("POST", f"{path}/analytics", 201).json()
    assert sandbox.call("GET", path, 200).json()["analytics_instance_id"] == instance["id"]
    sandbox.call("POST", f"{path}/analytics", 422)
    sandbox.call("DELETE", f"{path}/analytics/{instance['id']}", 204)
    assert sandbox.call("GET", path, 200).json()["analytics_instance_id"] is None
    sandbox.switch(analytics_plan="unavailable")
    sandbox.call("POST", f"{path}/analytics", 422)


def test_processing_settings_are_merged(sandbox):
    site = sandbox.site("docs")
    path = f"/sites/{site['id']}"
    sandbox.call("PATCH", path, 200, json={"processing_settings": {"html": {"pretty_urls": False}}})
    after = sandbox.call("PATCH", path, 200, json={"processing_settings": {"ignore_html_forms": True}}).json()
    assert after["processing_settings"] == {"html": {"pretty_urls": False}, "ignore_html_forms": True}


@pytest.mark.parametrize(
    "wanted",
    [
        {"notification_email": "nobody"},
        {"managed_dns": "yes"},
        {"password": 1},
        {"domain_aliases": "a.example.com"},
        {"build_settings": []},
    ],
)
def test_wrong_values_are_refused(sandbox, wanted):
    site = sandbox.site("docs")
    assert sandbox.call("PATCH", f"/sites/{site['id']}", 422, json=wanted).json()["errors"]


def test_a_broken_body_is_refused(sandbox):
    response = sandbox.call("POST", "/sites", 400, data="{", headers={"Content-Type": "application/json"})
    assert response.json()["code"] == 400
    sandbox.call("POST", "/sites", 400, json=["list"])


def test_disable_and_enable(sandbox):
    site = sandbox.site("docs")
    path = f"/sites/{site['id']}"
    assert sandbox.call("PUT", f"{path}/disable?reason=tidy", 204).content == b""
    after = sandbox.get(path)
    assert (after["disabled"], after["disabled_reason"]) == (True, "tidy")
    for query in ("", "?reason="):
        sandbox.call("PUT", f"{path}/disable{query}", 422)
    sandbox.call("PUT", f"{path}/enable", 204)
    assert sandbox.get(path)["disabled"] is False
    sandbox.call("PUT", f"{path}/enable", 204)
    sandbox.switch(enable_enabled_site=422)
    sandbox.call("PUT", f"{path}/enable", 422)


def test_a_deleted_site_is_gone_and_its_name_free(sandbox):
    site = sandbox.site("docs", custom_domain="www.example.com")
    assert sandbox.call("DELETE", "/sites/www.example.com", 204).content == b""
    sandbox.call("GET", f"/sites/{site['id']}", 404)
    sandbox.call("DELETE", f"/sites/{site['id']}", 404)
    sandbox.site("docs", custom_domain="www.example.com")
    sandbox.switch(delete_site_status=200)
    sandbox.call("DELETE", "/sites/docs.netlify.app", 200)


def test_a_list_without_filter_misses_teams_in_which_one_is_a_guest(sandbox, second):
    own = sandbox.site("own")
    guest = sandbox.call("POST", "/second-team/sites", 201, json={"name": "guest"}).json()
    names = {
        query: [site["name"] for site in sandbox.get(f"/sites{query}")]
        for query in ("", "?filter=owner", "?filter=guest", "?filter=all")
    }
    assert names == {"": ["own"], "?filter=owner": ["own"], "?filter=guest": ["guest"], "?filter=all": ["guest", "own"]}
    assert [site["id"] for site in sandbox.get("/second-team/sites")] == [guest["id"]]
    assert [site["id"] for site in second.get("/sites")] == [guest["id"]]
    second.call("GET", f"/sites/{own['id']}", 404)
    second.call("GET", "/sandbox-team/sites", 404)
    second.call("POST", "/sandbox-team/sites", 404, json={})
    assert sandbox.call("POST", "/sites?account_slug=second-team", 201).json()["account_slug"] == "second-team"


def test_name_is_a_search_for_parts(sandbox):
    for name in ("docs", "docs-old", "blog"):
        sandbox.site(name)
    assert {site["name"] for site in sandbox.get("/sites?name=docs&filter=all")} == {"docs", "docs-old"}
    assert [site["name"] for site in sandbox.get("/sandbox-team/sites?name=LOG")] == ["blog"]


def test_order_of_a_list(sandbox):
    for name in ("b", "c", "a"):
        sandbox.site(name)
        sandbox.advance(1)
    sandbox.call("PATCH", "/sites/b.netlify.app", 200, json={"prerender": "x"})

    def names(query):
        return "".join(site["name"] for site in sandbox.get(f"/sites?{query}"))

    assert names("") == "acb"
    assert names("order_by=asc") == "bca"
    assert names("sort_by=updated_at") == "bac"
    assert names("sort_by=alphabetical") == "abc"


def test_pages_and_their_links(sandbox):
    for number in range(5):
        sandbox.site(f"s{number}")
    response = sandbox.call("GET", "/sites?per_page=2&filter=all&page=2", 200)
    assert [site["name"] for site in response.json()] == ["s2", "s1"]
    base = f"<{sandbox.url}/api/v1/sites?filter=all&page="
    assert response.headers["link"] == (
        f'{base}3&per_page=2>; rel="next", {base}3&per_page=2>; rel="last", {base}1&per_page=2>; rel="prev"'
    )
    last = sandbox.call("GET", "/sites?per_page=2&page=3", 200)
    assert set(last.links) == {"prev"}
    assert [site["name"] for site in last.json()] == ["s0"]
    assert sandbox.get("/sites?per_page=2&page=9") == []
    assert "link" not in sandbox.call("GET", "/sites", 200).headers


def test_a_page_has_at_most_100_rows(sandbox):
    sandbox.admin("POST", "reset", {"limits": "none"})
    for number in range(103):
        sandbox.site(f"s{number}")
    for query in ("", "?per_page=1000", "?per_page=0", "?page=x"):
        assert len(sandbox.get(f"/sites{query}")) == 100
    assert len(sandbox.get("/sites?page=2")) == 3


def test_user_and_accounts(sandbox, second):
    user = sandbox.get("/user")
    assert user["full_name"] == "Ada Sandbox"
    accounts = sandbox.get("/accounts")
    assert [account["slug"] for account in accounts] == ["sandbox-team", "second-team"]
    assert sandbox.get("/accounts/sandbox-team") == sandbox.get(f"/accounts/{accounts[0]['id']}") == accounts[0]
    sandbox.call("GET", "/accounts/strangers", 404)
    assert [account["slug"] for account in second.get("/accounts")] == ["second-team"]
    assert second.get("/user")["id"] != user["id"]


def test_addresses_can_be_those_that_a_browser_opens(sandbox):
    site = sandbox.site("docs")
    sandbox.switch(site_urls="localhost")
    assert sandbox.get(f"/sites/{site['id']}")["url"] == f"http://docs.localhost:{sandbox.port}"
