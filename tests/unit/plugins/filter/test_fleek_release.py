# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions and outcomes of the role fleek_release: a case for each outcome."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.tests.unit.plugins.filter.releases import (
    FAILED,
    FAILS,
    HASH,
    NEW,
    OLD,
    OLD_HASH,
    OTHER,
    PASSES,
    assert_outcome,
    each_outcome,
    state,
)


def fleek(options=None, **results):
    given = {
        "site": "shop",
        "commit": HASH,
        "url": "https://shop/",
        "gateway": "https://gateway",
        "verify": ["/"],
        "rollback_verify": ["/old"],
        "verify_content": True,
        "verify_unchanged": True,
        "purge_cache": True,
        **(options or {}),
    }
    deployed = {
        "deploy": {"id": "new", "commit": HASH, "ipfs_hash": "QmNew"},
        "previous_deploy_id": "old",
        "previous_commit": OLD_HASH,
        "previous_ipfs_hash": "QmOld",
    }
    return state("fleek", given, {"found": {"sites": [fleek_site()]}, "deployed": deployed, **results})


def fleek_site(**changes):
    live = {"id": "old", "commit": OLD_HASH, "ipfs_hash": "QmOld"}
    return {"id": "s1", "source_type": "github", "auto_publishing": True, "published_deploy": live, **changes}


MEANWHILE = {
    "meanwhile": {"sites": [fleek_site(published_deploy=NEW, repository_branch="main")]},
    "deploys_meanwhile": {"deploys": [NEW, OLD]},
}
FLEEK = {
    "predicted": {"deployed": {"unknown_until_applied": ["deploy.id"]}},
    "released": {"verified": PASSES},
    "unchanged": {"deployed": {"deploy": OLD, "previous_deploy_id": "old"}},
    "deploy_unfinished": {"failure": "no", "deployed": {**FAILED, "deploy": NEW, "error": {"code": "timeout"}}},
    "deploy_failed": {"failure": "no", "deployed": {**FAILED, "deploy": NEW, "error": {"code": "deploy_failed"}}},
    "unchanged_failed": {"failure": "no", "deployed": {"deploy": OLD, "previous_deploy_id": "old"}},
    "first_failed": {
        "failure": "no",
        "found": {"sites": [fleek_site(published_deploy=None)]},
        "deployed": {"deploy": NEW},
    },
    "same_failed": {
        "failure": "no",
        "deployed": {
            "deploy": {"id": "new", "commit": HASH},
            "previous_deploy_id": "old",
            "previous_commit": HASH[:7],
        },
    },
    "superseded": {"failure": "no", **MEANWHILE, "meanwhile": {"sites": [fleek_site(published_deploy=OTHER)]}},
    "rollback_failed": {"failure": "no", **MEANWHILE, "restored": FAILED},
    "rollback_unverified": {"failure": "no", **MEANWHILE, "restored": {"deploy": OTHER}, "rollback_failure": "no"},
    "rolled_back": {"failure": "no", **MEANWHILE, "restored": {"deploy": OTHER}},
}


@pytest.mark.parametrize(
    ("site", "options", "reason"),
    [
        (None, {}, "webops.paas.fleek_site"),
        ({"auto_publishing": False}, {}, "auto publishing"),
        ({"source_type": "ipfs"}, {}, "has no commits"),
        ({}, {"commit": "", "cid": "Qm"}, "built from a repository"),
        ({}, {}, ""),
    ],
)
def test_fleek_refuses_what_cannot_be_released(site, options, reason):
    found = {"sites": [] if site is None else [fleek_site(**site)]}
    refusal = fleek(options, found=found)["refusal"]
    assert reason in refusal
    assert bool(refusal) == bool(reason)


@pytest.mark.parametrize(
    ("deploy", "superseded"),
    [
        ({"id": "other", "status": "IN_PROGRESS", "branch": "main"}, True),
        ({"id": "other", "status": "IN_PROGRESS", "branch": None}, True),
        ({"id": "other", "status": "IN_PROGRESS", "branch": "a-preview"}, False),
        ({"id": "other", "status": "FAILED", "branch": "main"}, False),
    ],
)
def test_fleek_leaves_a_deploy_in_progress_alone(deploy, superseded):
    decided = fleek(failure="no", **{**MEANWHILE, "deploys_meanwhile": {"deploys": [deploy, NEW, OLD]}})
    assert decided["deploys_back"] is not superseded
    # Older ones do not count.
    assert fleek(failure="no", **{**MEANWHILE, "deploys_meanwhile": {"deploys": [NEW, deploy]}})["deploys_back"]


def test_fleek_goes_back_to_a_commit_or_a_cid():
    assert fleek(failure="no", **MEANWHILE)["commit_back"] == OLD_HASH
    unknown = {"deploy": NEW, "previous_deploy_id": "old", "previous_commit": "not a commit"}
    assert fleek(failure="no", **MEANWHILE, deployed=unknown)["lacks_way_back"]
    site = {"sites": [fleek_site(source_type="ipfs", cid="QmNew")]}
    decided = fleek({"commit": ""}, failure="no", found=site, **{**MEANWHILE, "meanwhile": site})
    assert (decided["way_back"], decided["commit_back"], decided["points_back"]) == ("QmOld", "", True)
    # A source that was changed to content that could not be deployed.
    moved = fleek({"commit": ""}, failure="no", found=site, pointed={"changed": True}, deployed=FAILED)
    assert (moved["looks_back"], moved["way_back"], moved["deploys_back"]) == (True, "QmNew", False)


def test_fleek_compares_content_by_a_header_or_by_the_front_page():
    told = {"checks": [{"ok": False}, {"ok": True}]}
    decided = fleek(told=told)
    assert decided["reads_gateway"] is False
    assert decided["content_urls"][0]["response_headers"] == {"X-Ipfs-Path": "^/ipfs/QmNew(/|$)"}
    assert [list(check["response_headers"].values()) for check in decided["probes"]] == [["^Qm"], ["^/ipfs/Qm"]]
    decided = fleek(page={"content": "<h1>"}, served=FAILS)
    assert decided["content_urls"] == [{"url": "https://shop/", "follow_redirects": "all", "contains": ["<h1>"]}]
    assert decided["serves_content"] is False
    assert decided["content_problem"].endswith("(compared by front page): x")
    assert fleek()["urls"][-1] == {"url": "https://gateway/ipfs/QmNew/", "follow_redirects": "all"}


def test_fleek_checks_what_is_deployed_again_after_a_rollback():
    again = {"id": "again", "ipfs_hash": "QmOld"}
    decided = fleek(**FLEEK["rolled_back"] | {"restored": {"deploy": again}}, again=True)
    assert decided["checks_again"]
    assert [check["url"] for check in decided["urls"]] == ["https://shop/old", "https://gateway/ipfs/QmOld/"]


@each_outcome("fleek")
def test_outcome(outcome):
    assert_outcome(fleek(**FLEEK[outcome]), outcome)
