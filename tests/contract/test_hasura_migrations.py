# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrations and seeds: what is run and recorded, what a failure leaves, and what Hasura's CLI makes of it."""

from __future__ import annotations

import altering
import pytest
from diffs import sides_of
from hasura_outcomes import fault, operations, refused, succeeded
from scenarios.base import CANARY
from scenarios.hasura import HELLO, hello, shop
from scenarios.hasura_metadata import source
from scenarios.hasura_migrations import (
    CREATE,
    FILL,
    MIGRATIONS,
    SEEDS,
    cli_state,
    executed,
    only_recorded,
    set_state,
    sql_project,
    versions,
    with_source,
)

ONE, TWO = "default/1_create_notes", "default/2_fill_notes"
NEEDS_POSTGRES = pytest.mark.postgres


def migrate(world, files=MIGRATIONS, check=False, **options):
    return world.run("hasura_migrations", {**HELLO, "src": sql_project(world, files), **options}, check=check)


def steps(outcome):
    return [(step["version"], step["direction"]) for step in outcome.result["migrations"]["steps"]]


def to(version, **options):
    return {"source": "default", "goto": version, "allow_down": True, **options}


# -- SQL that a database executes --------------------------------------------------------------------------------------


@NEEDS_POSTGRES
def test_an_error_names_file_line_and_statement_and_leaves_nothing_of_its_file(world):
    with_source(world)
    bad = f"""-- The second statement fails.
CREATE TABLE others (id int);
INSERT INTO missing VALUES ('{CANARY}');
"""
    outcome = migrate(world, {**MIGRATIONS, "migrations/default/3_bad/up.sql": bad})
    refused(outcome, "invalid", "migrations/default/3_bad/up.sql, line 3", 'relation "missing" does not exist', TWO)
    assert outcome.result["error"]["file"] == "migrations/default/3_bad/up.sql"
    assert outcome.result["error"]["line"] == 3 and outcome.result["error"]["platform_code"] == "postgres-error"
    assert CANARY not in outcome.everything()
    assert steps(outcome) == [(1, "up"), (2, "up")] and outcome.result["changed"]
    assert versions(world) == {"1": False, "2": False} and executed(world) == [CREATE, FILL]
    mended = bad.replace("missing VALUES ('", "others VALUES (length('").replace("')", "'))")
    assert steps(succeeded(migrate(world, {**MIGRATIONS, "migrations/default/3_bad/up.sql": mended}))) == [(3, "up")]


@NEEDS_POSTGRES
def test_a_value_that_the_database_quotes_is_masked(world):
    with_source(world)
    files = {"migrations/default/1_bad/up.sql": f"SELECT CAST('{CANARY}' AS int);"}
    outcome = refused(migrate(world, files), "invalid", "****", "line 1")
    assert CANARY not in outcome.everything()


@NEEDS_POSTGRES
def test_a_file_can_run_without_a_transaction(world):
    with_source(world)
    index = "CREATE INDEX CONCURRENTLY by_text ON notes (text);"
    refused(migrate(world, {**MIGRATIONS, "migrations/default/3_index/up.sql": index}), "invalid", "transaction")
    assert versions(world) == {"1": False, "2": False}
    alone = f"-- hasura:no-transaction\n{index}\n"
    assert steps(succeeded(migrate(world, {**MIGRATIONS, "migrations/default/3_index/up.sql": alone}))) == [(3, "up")]


@NEEDS_POSTGRES
def test_tables_of_migrations_can_be_tracked_and_rolled_back(world):
    with_source(world)
    succeeded(migrate(world))
    table = {"table": {"schema": "public", "name": "notes"}}
    metadata = {"version": 3, "sources": [source(table)]}
    succeeded(world.run("hasura_metadata", {**HELLO, "metadata": metadata}))
    assert steps(succeeded(migrate(world, **to(0)))) == [(2, "down"), (1, "down")]
    refused(world.run("hasura_metadata", {**HELLO, "metadata": metadata}), "invalid", "notes")


@NEEDS_POSTGRES
def test_a_record_of_an_older_cli_is_not_passed_over(world):
    with_source(world)
    older = "CREATE SCHEMA hdb_catalog; CREATE TABLE hdb_catalog.schema_migrations (version bigint, dirty boolean);"
    succeeded(world.run("hasura_seeds", {**HELLO, "src": sql_project(world, {"seeds/default/a.sql": older})}))
    outcome = refused(migrate(world), "legacy_record", "schema_migrations")
    assert not outcome.writes


# -- what is run -------------------------------------------------------------------------------------------------------


def test_check_mode_lists_what_would_run_in_order(world):
    only_recorded(world)
    outcome = succeeded(migrate(world, check=True))
    assert steps(outcome) == [(1, "up"), (2, "up")] and not outcome.writes
    assert sides_of(outcome.result) == [{}, {ONE: "applied", TWO: "applied"}]
    [state] = outcome.result["migrations"]["sources"]
    assert state == {"name": "default", "current": 2, "pending": [], "missing": []}


def test_older_migrations_that_are_missing_are_applied_too(world):
    only_recorded(world)
    set_state(world, {"2": False, "9": False})
    outcome = succeeded(migrate(world))
    assert steps(outcome) == [(1, "up")] and versions(world) == {"1": False, "2": False, "9": False}
    assert outcome.result["migrations"]["sources"][0]["missing"] == [9]


def test_goto_leads_up_and_down(world):
    only_recorded(world)
    assert steps(succeeded(migrate(world, **to(1)))) == [(1, "up")]
    assert steps(succeeded(migrate(world, **to(2)))) == [(2, "up")]
    assert steps(succeeded(migrate(world, **to(0)))) == [(2, "down"), (1, "down")]
    assert versions(world) == {} and not succeeded(migrate(world, **to(0))).result["changed"]


def test_single_versions_are_rolled_back_once(world):
    only_recorded(world)
    succeeded(migrate(world))
    undo = {"undo": ["default/2", "default/7"], "allow_down": True}
    assert not refused(migrate(world, **{**undo, "undo": ["default/1"]}), "conflict", "undo", "2").writes
    outcome = succeeded(migrate(world, **undo))
    assert steps(outcome) == [(2, "down")] and outcome.result["migrations"]["steps"][0]["can_undo"]
    assert versions(world) == {"1": False} and not succeeded(migrate(world, **undo)).result["changed"]


def test_nothing_is_rolled_back_without_permission(world):
    only_recorded(world)
    succeeded(migrate(world))
    outcome = migrate(world, **to(1, allow_down=False))
    refused(outcome, "invalid_input", "allow_down", TWO)
    assert outcome.result["error"]["option"] == "allow_down" and not outcome.writes


def test_a_missing_file_is_noticed_before_anything_runs(world):
    only_recorded(world)
    succeeded(migrate(world))
    without = {
        name: content for name, content in MIGRATIONS.items() if name != "migrations/default/1_create_notes/down.sql"
    }
    (world.directory / "hasura/migrations/default/1_create_notes/down.sql").unlink()
    outcome = refused(migrate(world, without, **to(0)), "missing_script", ONE, "down.sql")
    assert not outcome.writes
    refused(migrate(world, without, source="default", down=3, allow_down=True), "no_previous", "down", "2")
    empty = {**without, "migrations/default/3_empty/up.sql": "", "migrations/default/3_empty/down.sql": "SELECT 1;"}
    assert not refused(migrate(world, empty), "missing_script", "3_empty", "up.sql").writes


def test_a_source_that_the_tenant_does_not_have_is_named(world):
    only_recorded(world)
    outcome = refused(migrate(world, {"migrations/reports/1_a/up.sql": CREATE}), "no_source", "reports", "default")
    assert not outcome.writes and not outcome.result["changed"]


def test_check_mode_predicts_as_if_an_earlier_task_had_added_the_source(world):
    hello(world)
    found = succeeded(migrate(world, check=True))
    assert steps(found) == [(1, "up"), (2, "up")] and "'default'" in found.warnings[0]
    seeds = {**HELLO, "src": sql_project(world, SEEDS)}
    found = succeeded(world.run("hasura_seeds", seeds, check=True))
    assert found.result["seeds"]["files"] == list(SEEDS) and "'default'" in found.warnings[0]
    assert not refused(world.run("hasura_seeds", seeds), "no_source", "default").writes


def test_a_new_tenant_is_predicted(world):
    shop(world)
    outcome = world.run("hasura_migrations", {"name": "later", "src": sql_project(world, MIGRATIONS)}, check=True)
    assert steps(succeeded(outcome)) == [(1, "up"), (2, "up")]
    assert outcome.result["unknown_until_applied"] == ["tenant_id"]


# -- unknown outcomes --------------------------------------------------------------------------------------------------


def lost(world, operation="run_sql", **more):
    fault(world, operation, "hasura-tenant", kind="cut_after", **more)


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_lost_response_stops_all_runs_until_somebody_decides(world, took_effect):
    only_recorded(world)
    lost(world)
    refused(migrate(world), "lost_response", "may have been", "took_effect", "no_effect")
    assert versions(world) == {"1": True} and executed(world) == [CREATE]
    for check in (True, False):
        assert not refused(migrate(world, check=check), "unfinished_script", ONE).writes
    outcome = succeeded(migrate(world, unfinished="took_effect" if took_effect else "no_effect"))
    assert steps(outcome) == ([(2, "up")] if took_effect else [(1, "up"), (2, "up")])
    assert outcome.result["migrations"]["resolved"] == [{"script": ONE, "took_effect": took_effect}]
    assert versions(world) == {"1": False, "2": False}
    assert executed(world) == ([CREATE, FILL] if took_effect else [CREATE, CREATE, FILL])


@pytest.mark.parametrize("took_effect", [True, False])
def test_the_direction_of_an_unknown_outcome_is_known(world, took_effect):
    only_recorded(world)
    succeeded(migrate(world))
    lost(world)
    refused(migrate(world, source="default", down=1, allow_down=True), "lost_response", "may have been")
    assert versions(world) == {"1": False, "2": True}
    outcome = succeeded(migrate(world, **to(1), unfinished="took_effect" if took_effect else "no_effect"))
    assert steps(outcome) == ([] if took_effect else [(2, "down")]) and outcome.result["changed"]
    assert cli_state(world) == {"migrations": {"default": {"1": False}}, "settings": {}}


def test_a_record_that_is_not_written_is_told(world):
    only_recorded(world)
    fault(world, "set_catalog_state", "hasura-tenant", kind="status", status=403, skip=1)
    outcome = refused(migrate(world), "forbidden", f"{ONE} took effect", "took_effect")
    assert steps(outcome) == [] and versions(world) == {"1": True}
    world.sandbox.admin("DELETE", "faults")
    assert steps(succeeded(migrate(world, unfinished="took_effect"))) == [(2, "up")]


def test_a_run_that_another_one_overtakes_stops(world):
    only_recorded(world)
    reads = []

    def begun_elsewhere(operation, data):
        if operation == "get_catalog_state":
            reads.append(operation)
            if len(reads) == 2:
                return {**data, "cli_state": {"migrations": {"default": {"1": True}}}}
        return data

    with altering.responses(begun_elsewhere):
        outcome = migrate(world)
    refused(outcome, "unfinished_script", ONE)
    assert not outcome.writes


def test_what_the_cli_keeps_stays(world):
    only_recorded(world)
    set_state(world, {}, other="kept")
    succeeded(migrate(world))
    assert cli_state(world)["settings"] == {"migration_mode": "true", "other": "kept"}
    assert cli_state(world)["isStateCopyCompleted"] is True


def test_requests_are_few(world):
    only_recorded(world)
    assert operations(succeeded(migrate(world))) == [
        *("tenant", "export_metadata", "get_catalog_state", "run_sql_read_only"),
        *("get_catalog_state", "set_catalog_state", "run_sql"),
        *("get_catalog_state", "set_catalog_state", "run_sql"),
        *("get_catalog_state", "set_catalog_state", "reload_metadata"),
    ]
    assert "reload_metadata" not in operations(succeeded(migrate(world, **to(0), reload_sources=False)))


def test_a_reload_that_fails_leaves_the_migrations_applied(world):
    only_recorded(world)
    fault(world, "reload_metadata", "hasura-tenant", kind="status", status=403)
    outcome = refused(migrate(world), "forbidden", "reload_sources")
    assert steps(outcome) == [(1, "up"), (2, "up")] and versions(world) == {"1": False, "2": False}


# -- seeds -------------------------------------------------------------------------------------------------------------


def test_a_seed_with_another_content_runs_again(world):
    only_recorded(world)

    def seed(files, **options):
        given = {"tenant_id": hello(world), "src": sql_project(world, files), **options}
        return succeeded(world.run("hasura_seeds", given)).result["seeds"]

    assert seed(SEEDS)["files"] == list(SEEDS)
    changed = {**SEEDS, "seeds/default/2_more.sql": CREATE}
    found = seed(changed)
    assert (found["files"], found["unchanged"]) == (["seeds/default/2_more.sql"], ["seeds/default/1_notes.sql"])
    assert seed(changed)["files"] == [] and seed(changed, rerun=True)["files"] == list(SEEDS)


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_lost_response_to_a_seed_stops_all_runs_until_somebody_decides(world, took_effect):
    only_recorded(world)
    options = {**HELLO, "src": sql_project(world, SEEDS)}
    lost(world)
    refused(world.run("hasura_seeds", options), "lost_response", "may have been")
    assert not refused(world.run("hasura_seeds", options), "unfinished_script", "1_notes.sql").writes
    decided = {**options, "unfinished": "took_effect" if took_effect else "no_effect"}
    found = succeeded(world.run("hasura_seeds", decided)).result["seeds"]
    assert found["files"] == list(SEEDS)[took_effect:]
    assert not succeeded(world.run("hasura_seeds", options)).result["changed"]
