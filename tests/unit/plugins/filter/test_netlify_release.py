# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions and outcomes of the role netlify_release: a case for each outcome."""

from __future__ import annotations

from ansible_collections.webops.paas.tests.unit.plugins.filter.releases import (
    FAILED,
    FAILS,
    NEW,
    OLD,
    OTHER,
    PASSES,
    assert_outcome,
    each_outcome,
    state,
)


def netlify(preview_first=False, **results):
    options = {
        "name": "shop",
        "verify": ["/", {"url": "https://elsewhere/", "status": [204]}],
        "rollback_verify": [{"contains": ["old"]}],
        "verify_https": "yes",
        "verify_unchanged": True,
        "preview_first": preview_first,
    }
    site = {"id": "s1", "url": "http://shop", "ssl_url": "https://shop"}
    deployed = {"deploy": {**NEW, "title": "New", "deploy_ssl_url": "https://new--shop"}, "previous_deploy_id": "old"}
    found = {"sites": [{"published_deploy": {**OLD, "title": "Old"}}]}
    return state("netlify", options, {"site": {"site": site}, "deployed": deployed, "found": found, **results})


NETLIFY = {
    "predicted": {"deployed": {"deploy": {"id": None}, "unknown_until_applied": ["deploy.id"]}},
    "released": {"verified": PASSES},
    "unchanged": {"deployed": {"deploy": NEW, "previous_deploy_id": "new"}},
    "deploy_failed": {"failure": "no", "deployed": FAILED},
    "draft_failed": {"failure": "no", "draft_verified": FAILS, "preview_first": True},
    "publish_failed": {"failure": "no", "published": FAILED, "preview_first": True},
    "lock_failed": {"failure": "no", "verified": PASSES},
    "unchanged_failed": {
        "failure": "no",
        "verified": FAILS,
        "deployed": {"deploy": NEW, "previous_deploy_id": "new"},
    },
    "first_failed": {"failure": "no", "verified": FAILS, "deployed": {"deploy": NEW, "previous_deploy_id": None}},
    "rollback_failed": {"failure": "no", "verified": FAILS, "restored": FAILED},
    "superseded": {"failure": "no", "verified": FAILS, "restored": {"deploy": OTHER}},
    "rollback_unverified": {
        "failure": "no",
        "verified": FAILS,
        "restored": {"deploy": OLD},
        "verified_again": FAILS,
    },
    "rolled_back": {"failure": "no", "verified": FAILS, "restored": {"deploy": OLD}, "verified_again": PASSES},
}


def test_netlify_checks_paths_at_the_site_and_rolls_back_a_new_release_that_fails():
    decided = netlify(failure="no", verified=FAILS)
    assert decided["urls"] == [{"url": "https://shop/"}, {"url": "https://elsewhere/", "status": [204]}]
    assert decided["draft_urls"] == [{"url": "https://new--shop/"}]
    assert decided["rollback_urls"] == [{"url": "https://shop/", "contains": ["old"]}]
    assert decided["rolls_back"]
    assert decided["previous_id"] == "old"
    assert not netlify(failure="no", deployed=FAILED)["rolls_back"]
    assert not netlify(failure="no", verified=FAILS, deployed={"deploy": NEW})["rolls_back"]


def test_netlify_drafts_only_what_is_not_live():
    assert netlify()["needs_draft"] is False
    assert netlify(preview_first="true")["needs_draft"] is True
    assert netlify(preview_first=True, compared={"deploy": OTHER})["needs_draft"] is True
    assert netlify(preview_first=True, compared={"deploy": OLD})["needs_draft"] is False


def test_netlify_compares_where_a_draft_or_a_lock_needs_it():
    assert netlify()["needs_comparison"] is False
    assert netlify(preview_first=True)["needs_comparison"] is True
    assert netlify(found={"sites": [{"published_deploy": {**OLD, "locked": True}}]})["needs_comparison"] is True
    assert netlify(preview_first=True, found={"sites": []})["needs_comparison"] is False


def test_netlify_reports_both_releases():
    live = {"sites": [{"published_deploy": {"id": "old", "title": "Old"}}]}
    report = netlify(**NETLIFY["rolled_back"], found_after=live)["report"]
    assert report["release"]["previous_id"] == "old"
    assert report["live"] == {"id": "old", "title": "Old", "checks": PASSES["checks"]}
    live, checks = report["message"][-2:]
    assert live == "Live now: Old (old, as before) https://shop" and checks.endswith(": 1 passed")
    report = netlify(**NETLIFY["rolled_back"], found_after=FAILED)["report"]
    assert "Live now: unknown, because the request failed: it failed" in report["message"]


def test_the_failure_is_quoted_only_once():
    case = {"failure": FAILS["msg"], "verified": FAILS, "restored": {"deploy": OLD}, "verified_again": FAILS}
    message = netlify(**case)["report"]["message"]
    assert [line for line in message if FAILS["msg"] in line] == [f"What failed: {FAILS['msg']}"]
    assert message[-1].startswith("Checks of the live release: ")


@each_outcome("netlify")
def test_outcome(outcome):
    assert_outcome(netlify(**NETLIFY[outcome]), outcome)
