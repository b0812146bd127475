# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions and outcomes of the role hasura_release: a case for each outcome."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.tests.unit.plugins.filter.releases import (
    FAILED,
    FAILS,
    PASSES,
    assert_outcome,
    each_outcome,
    state,
)


def hasura(options=None, **results):
    given = {
        "name": "shop",
        "token": "token",
        "env_vars": {"A": "hush"},
        "database_url_env": "PG",
        "smoke": {"query": "{ a }"},
        "rollback_smoke": {"query": "{ b }", "as_admin": "no"},
        "verify_unchanged": True,
        **(options or {}),
    }
    tenant = {"tenant": {"id": "t1", "endpoint": "https://shop/v1/graphql"}}
    return state("hasura", given, {"tenant": tenant, **results})


ADDED = {"changed": True, "env_vars": {"added": ["A"], "changed": [], "removed": []}}
NO_ENV = {"env_vars": {"added": [], "changed": [], "removed": []}}
BACK = {
    "failure": "no",
    "verified": FAILS,
    "directory": {"path": "/b"},
    "backups": {"files": [{"path": "/b/env_vars.json"}]},
    "env": ADDED,
    "env_to_restore": {"env_vars": {"added": [], "changed": [], "removed": ["A"]}},
    "env_restored": {"changed": True},
}
HASURA = {
    "predicted": {"tenant": {"changed": True, "tenant": {"id": None}, "unknown_until_applied": ["tenant.id"]}},
    "released": {"env": ADDED, "verified": PASSES},
    "unchanged": {"env": NO_ENV, "verified": PASSES},
    "rollback_failed": {**BACK, "env_restored": FAILED, "env_left": ADDED},
    "superseded": {**BACK, "env_meanwhile": {"env_vars": {"changed": ["A"]}}, "env_to_restore": {}, "env_restored": {}},
    "release_failed": {"failure": "no", "env": FAILED},
    "first_failed": {"failure": "no", "verified": FAILS, "tenant": {"changed": True, "tenant": {"id": "t1"}}},
    "unchanged_failed": {"failure": "no", "verified": FAILS, "env": NO_ENV},
    "rollback_unverified": {**BACK, "verified_again": FAILS},
    "rolled_back": {**BACK, "verified_again": PASSES},
}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"metadata": {"version": 3}, "metadata_src": "x"}, "mutually exclusive"),
        ({"smoke": {"query": "query { a } mutation { b }"}}, "must be a query"),
        ({"smoke": {"query": "{ a } # mutation"}}, ""),
        ({"token": ""}, "hasura_release_admin_secret"),
        ({"token": "", "smoke": {"as_admin": "false"}}, ""),
        ({"token": "", "admin_secret": "hush"}, ""),
    ],
)
def test_hasura_refuses_what_cannot_be_released(options, reason):
    refusal = hasura(options)["refusal"]
    assert reason in refusal
    assert bool(refusal) == bool(reason)


def test_hasura_sends_the_credential_that_the_modules_choose():
    def headers(key, **options):
        environment = {"environment_token": " env ", "environment_admin_secret": options.pop("environment", "")}
        return hasura(options, **environment)[key][1]["headers"]

    assert headers("urls") == {"Authorization": "pat token"}
    assert headers("urls", token="") == {"Authorization": "pat env"}
    assert headers("urls", environment="admin") == {"X-Hasura-Admin-Secret": "admin"}
    assert headers("rollback_urls") == {}


def test_hasura_declares_the_database_as_a_variable():
    assert hasura({"database_url": "postgres://"})["env_vars"] == {"PG": "postgres://", "A": "hush"}
    assert hasura()["sends_env"]
    assert not hasura({"env_vars": {}})["sends_env"]
    assert not hasura()["sends_metadata"]
    assert hasura({"metadata_src": "x"})["sends_metadata"]


def test_hasura_names_what_was_put_back_and_what_was_not():
    report = hasura(**HASURA["rolled_back"])["report"]
    assert report["put_back"] == {"env_vars": ["A"], "metadata": False, "errors": []}
    # Everything is restored, but a worker does not have it yet.
    late = hasura(**{**BACK, "env_restored": FAILED, "env_left": NO_ENV})["report"]
    assert late["outcome"] == "rollback_unverified"
    assert "What failed after that: it failed" in late["message"]
    assert hasura(**HASURA["rollback_failed"])["report"]["put_back"]["errors"] == ["it failed"]


def test_hasura_fails_when_backups_stay():
    decided = hasura(**HASURA["released"], directory={"path": "/b"}, removed=FAILED)
    assert not decided["succeeds"]
    assert any(line.startswith("DELETE /b") for line in decided["report"]["message"])


def test_hasura_names_ten_places_of_the_metadata():
    metadata = {"metadata": {"changes": [f"place{number}" for number in range(12)]}}
    message = hasura({"metadata_src": "x"}, metadata=metadata)["report"]["message"]
    assert next(line for line in message if line.startswith("Metadata")).endswith("place9 and 2 more")


@each_outcome("hasura")
def test_outcome(outcome):
    assert_outcome(hasura(**HASURA[outcome]), outcome)


@pytest.mark.parametrize(
    "is_refused,options,results",
    [
        (True, {}, {}),
        (True, {"trusted_hosts": ["shop.example.com"]}, {}),
        (True, {"api_url": "http://localhost:8080"}, {}),
        (False, {"trusted_hosts": ["shop"]}, {}),
        (False, {"api_url": "https://shop/control"}, {}),
        (False, {}, {"environment_api_url": "https://shop/control"}),
        (False, {"smoke": {"query": "{ a }", "as_admin": False}}, {}),
        (False, {}, {"tenant": {"tenant": {"id": "t1", "endpoint": "https://shop.hasura.app/v1/graphql"}}}),
        (False, {}, {"tenant": {"tenant": {"id": None, "endpoint": None}}}),
    ],
)
def test_the_smoke_query_sends_its_credential_to_trusted_hosts_alone(is_refused, options, results):
    distrust = hasura(options, **results)["distrust"]
    assert ("hasura_release_trusted_hosts" in distrust) is is_refused is bool(distrust)


def test_trusted_hosts_of_the_role_reach_the_modules():
    assert hasura({"trusted_hosts": ["shop"]})["connection"] == {"token": "token", "trusted_hosts": ["shop"]}
