# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions and outcomes of the role flightcontrol_release: a case for each outcome."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.webops.paas.tests.unit.plugins.filter.releases import (
    FAILED,
    FAILS,
    HASH,
    NEW,
    OLD,
    OLD_HASH,
    PASSES,
    assert_outcome,
    each_outcome,
    state,
)

RUN = "2026-01-01 1"


def flightcontrol(options=None, **results):
    given = {
        "environment_id": "e1",
        "branch": "main",
        "commit": HASH,
        "state_file": "state.json",
        "fallback_commit": "",
        "verify": ["/", "/a"],
        "rollback_verify": ["/old"],
        "verify_unchanged": True,
        "env_vars": {},
        **(options or {}),
    }
    deployment = {"id": "new", "commit": HASH, "branch": "main", "environment_id": "e1"}
    return state(
        "flightcontrol",
        given,
        {
            "run": RUN,
            "now": "now",
            "directory": {"stat": {"writeable": True}},
            "recalled": {"good": {"branch": "main", "commit": OLD_HASH, "deployment_id": "old", "verified_at": "then"}},
            "deployed": {"changed": True, "deployments": [{**deployment, "services": [{"url": "https://a/"}]}]},
            **results,
        },
    )


ROLLED_BACK = {"failure": "no", "verified": FAILS, "restored": {"deployments": [OLD]}}
FLIGHTCONTROL = {
    "predicted": {"deployed": {"changed": True, "unknown_until_applied": ["deployments"]}},
    "released": {"verified": PASSES},
    "unchanged": {"deployed": {"changed": False, "deployments": [NEW]}},
    "not_remembered": {"failure": "no", "has_passed": True},
    "deploy_unknown": {"failure": "no", "deployed": {"failed": True, "msg": "It may have been triggered."}},
    "wrong_environment": {"failure": "no", "deployed": {"deployments": [{"id": "new", "environment_id": "e2"}]}},
    "unchanged_failed": {"failure": "no", "verified": FAILS, "deployed": {"deployments": [NEW]}},
    "not_started": {"failure": "no", "deployed": FAILED},
    "deploy_unfinished": {
        "failure": "no",
        "deployed": {**FAILED, "deployments": [NEW], "error": {"code": "timeout"}},
    },
    "superseded": {"failure": "no", "verified": FAILS, "is_superseded": True},
    "not_taken_back": {"failure": "no", "verified": FAILS, "recalled": {}},
    "rollback_failed": {"failure": "no", "verified": FAILS, "restored": FAILED},
    "rollback_unverified": {**ROLLED_BACK, "rollback_failure": "no"},
    "rolled_back": {**ROLLED_BACK, "verified_again": PASSES},
}


def memory(**content):
    return {"content": base64.b64encode(json.dumps({"format": 1, **content}).encode()).decode()}


@pytest.mark.parametrize(
    ("options", "results", "reason"),
    [
        ({}, {}, ""),
        ({}, {"content": memory(format=2)}, "not written by this role"),
        ({}, {"content": {"content": base64.b64encode(b"[]").decode()}}, "not written by this role"),
        ({}, {"content": {"content": base64.b64encode(b"no").decode()}}, "not written by this role"),
        ({}, {"content": {"content": base64.b64encode(b"[" * 100_000).decode()}}, "not written by this role"),
        ({}, {"content": {"content": base64.b64encode(b'{"format": 1, "format": 1}').decode()}}, "not written by"),
        ({}, {"recalled": {"environment_id": "e2"}}, "environment e2"),
        ({}, {"directory": {"stat": {"exists": False}}}, "flightcontrol_release_state_file"),
        ({"state_file": ""}, {"directory": {}}, ""),
        ({"fallback_commit": "main"}, {}, "flightcontrol_release_fallback_commit"),
        ({"fallback_commit": HASH[:7].upper()}, {}, ""),
    ],
)
def test_flightcontrol_refuses_what_cannot_be_released(options, results, reason):
    refusal = flightcontrol(options, **results)["refusal"]
    assert reason in refusal
    assert bool(refusal) == bool(reason)


def test_flightcontrol_knows_who_releases():
    assert flightcontrol(content=memory(attempt={"run": RUN}))["is_another_begun"] is False
    assert flightcontrol(content=memory(attempt={"run": "2026-01-01 2"}))["is_another_begun"] is True
    assert flightcontrol(content=memory(attempt={}))["is_another_begun"] is True
    assert flightcontrol({"state_file": ""})["is_another_begun"] is False


def test_flightcontrol_remembers_the_attempt_and_then_what_is_good():
    assert flightcontrol()["note"]["attempt"] == {"run": RUN, "branch": "main", "commit": HASH}
    assert flightcontrol()["note"]["good"]["deployment_id"] == "old"
    ended = flightcontrol(has_passed=True)["note"]
    assert ended["attempt"] == {}
    assert ended["good"] == {"branch": "main", "commit": HASH, "deployment_id": "new", "verified_at": "now"}
    restored = {"id": "again", "commit": OLD_HASH, "branch": "main"}
    decided = flightcontrol(failure="no", verified=FAILS, restored={"deployments": [restored]})
    assert decided["note"]["good"]["deployment_id"] == "again"
    assert decided["remembers_good"]
    assert not flightcontrol(failure="no", verified=FAILS)["remembers_good"]


def test_flightcontrol_deploys_only_what_is_not_known_to_be_live():
    good = {"good": {"commit": HASH, "deployment_id": "new"}}
    assert not flightcontrol({"commit": HASH[:8].upper()}, recalled=good)["is_needed"]
    assert flightcontrol({"commit": ""}, recalled=good)["is_needed"]
    assert flightcontrol({"force": True}, recalled=good)["is_needed"]
    assert flightcontrol(recalled={**good, "attempt": {"run": "killed"}})["is_needed"]
    variables = {"env_vars": {"plain_text": {"A": "1"}}}
    assert flightcontrol(variables, recalled=good)["is_needed"]
    assert not flightcontrol(variables, recalled=good, compared={"env_vars": {"sent": []}})["is_needed"]


@pytest.mark.parametrize(
    ("options", "good", "way_back"),
    [
        ({}, OLD_HASH, OLD_HASH),
        ({}, HASH, ""),
        ({"fallback_commit": OLD_HASH}, HASH, OLD_HASH),
        ({"fallback_commit": HASH[:7]}, HASH, ""),
        ({"fallback_commit": HASH}, None, ""),
        ({}, None, ""),
    ],
)
def test_flightcontrol_goes_back_to_another_commit(options, good, way_back):
    decided = flightcontrol(options, failure="no", verified=FAILS, recalled={"good": good and {"commit": good}})
    assert decided["report"]["way_back"] == way_back
    assert decided["deploys_back"] == bool(way_back)
    assert decided["goal"].get("commit", "") == way_back


def test_flightcontrol_forces_what_only_a_hook_or_only_the_api_can():
    assert flightcontrol({"force": True})["goal"] == {
        "branch": "main",
        "commit": HASH,
        "force": True,
        "no_cache": False,
    }
    assert flightcontrol({"force": True, "repo_url": "https://git"})["goal"] == {
        "branch": "main",
        "commit": HASH,
        "force": False,
        "no_cache": True,
    }


def test_flightcontrol_checks_each_path_at_each_address():
    def addresses(options=None, **results):
        return [check["url"] for check in flightcontrol(options, **results)["urls"]]

    assert addresses() == ["https://a/", "https://a/a"]
    assert addresses({"urls": ["https://b/", "https://c"]})[:2] == ["https://b/", "https://c/"]
    restored = {"deployments": [{"id": "again", "services": [{"url": "https://d"}, {"url": None}]}]}
    assert addresses(failure="no", restored=restored, again=True) == ["https://d/old"]


@each_outcome("flightcontrol")
def test_outcome(outcome):
    assert_outcome(flightcontrol(**FLIGHTCONTROL[outcome]), outcome)
