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
    assert report["put_back"] == {
        "env_vars": ["A"],
        "migrations": [],
        "migrations_left": [],
        "metadata": False,
        "errors": [],
    }
    # Everything is restored, but a worker does not have it yet.
    late = hasura(**{**BACK, "env_restored": FAILED, "env_left": NO_ENV})["report"]
    assert late["outcome"] == "rollback_unverified"
    assert "What failed after that: it failed" in late["message"]
    assert hasura(**HASURA["rollback_failed"])["report"]["put_back"]["errors"] == ["it failed"]


def step(version, source="default", can_undo=True, direction="up"):
    return {"source": source, "version": version, "name": "a", "direction": direction, "can_undo": can_undo}


def migrated(*steps):
    return {"migrations": {"steps": list(steps)}}


def test_hasura_undoes_the_last_migrations_that_have_the_files_for_it():
    def undo(*steps, rollback=True):
        return hasura({"migrations_src": "x", "migrations_rollback": rollback}, migrations=migrated(*steps))["undo"]

    assert undo(step(1), step(2)) == ["default/2", "default/1"]
    assert undo(step(1), step(2, can_undo=False), step(3)) == ["default/3"]
    assert undo(step(1), step(2, can_undo=False)) == [] == undo(step(1), rollback=False)
    assert undo(step(1, can_undo=False), step(1, "reports")) == ["reports/1"]


def test_hasura_names_migrations_that_were_undone_and_that_stay():
    options = {"migrations_src": "x", "migrations_rollback": True}
    results = {**BACK, "migrations": migrated(step(1, can_undo=False), step(2))}
    undone = migrated(step(2, direction="down"))
    report = hasura(options, **results, migrations_undone=undone, verified_again=PASSES)["report"]
    assert report["outcome"] == "rolled_back" and report["release"]["migrations"] == ["default/1_a", "default/2_a"]
    assert (report["put_back"]["migrations"], report["put_back"]["migrations_left"]) == (
        ["default/2_a"],
        ["default/1_a"],
    )
    assert any(line.startswith("Not rolled back") and "default/1_a" in line for line in report["message"])
    failed = hasura(options, **results, migrations_undone={**FAILED, **migrated()})["report"]
    assert failed["outcome"] == "rollback_failed" and len(failed["put_back"]["migrations_left"]) == 2


def test_hasura_leaves_migrations_alone_that_later_ones_may_need():
    options = {"migrations_src": "x", "migrations_rollback": True}
    results = {**BACK, "migrations": migrated(step(2))}
    assert hasura(options, **results)["undoes_migrations"]
    later = hasura(options, **results, migrations_undone={**FAILED, "error": {"code": "conflict"}})
    assert later["report"]["outcome"] == "superseded"
    changed = hasura(options, **results, metadata_meanwhile={"metadata": {"changes": ["sources"]}})
    assert changed["report"]["outcome"] == "superseded" and not changed["undoes_migrations"]


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
