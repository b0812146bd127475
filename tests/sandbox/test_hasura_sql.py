# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL at a tenant's engine, executed by PostgreSQL or only recorded, and the catalog state."""

from __future__ import annotations

import os
import pathlib
import time

import pytest
from hasura_client import Hasura, source
from sandbox_client import Client

NEEDS_POSTGRES = pytest.mark.postgres
NOTES = "CREATE TABLE notes (id int PRIMARY KEY, text text, done boolean DEFAULT false)"


@pytest.fixture
def connected(hasura):
    connect(hasura)
    return hasura


def connect(hasura, *tables, **more):
    hasura.set_env(hasura.tenant(), PG_DATABASE_URL="postgres://shop@db.example.com/shop")
    hasura.sandbox.advance(5)
    hasura.command("replace_metadata", source(*tables, **more))


def run_sql(hasura, sql, expect=200, kind="run_sql", **more):
    response = hasura.call("POST", "/v2/query", json={"type": kind, "args": {"sql": sql, **more}})
    assert response.status_code == expect, response.text
    return response.json()


def scripts(hasura):
    [found] = [
        each for each in hasura.sandbox.admin("GET", "state")["hasura"]["tenants"] if each["slug"] == "hello-hasura"
    ]
    return found["scripts"]


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


@NEEDS_POSTGRES
def test_rows_are_texts_below_the_names_of_their_columns(connected):
    assert run_sql(connected, NOTES) == {"result_type": "CommandOk", "result": None}
    assert run_sql(connected, "INSERT INTO notes VALUES (1, 'a'), (2, NULL)")["result_type"] == "CommandOk"
    assert run_sql(connected, "DELETE FROM notes WHERE id = 3; SELECT id, text, done FROM notes ORDER BY id") == {
        "result_type": "TuplesOk",
        "result": [["id", "text", "done"], ["1", "a", "f"], ["2", "NULL", "f"]],
    }
    assert run_sql(connected, "SELECT name FROM products")["result"] == [["name"], ["Pencil"]]


@NEEDS_POSTGRES
def test_a_failure_has_the_fields_of_the_database_and_leaves_nothing(connected):
    text = "INSERT INTO users VALUES (3, 'Alan', 'a'); INSERT INTO users VALUES (3, 'Alan', 'a')"
    assert run_sql(connected, text, 400) == {
        "path": "$.args",
        "error": "query execution failed",
        "code": "postgres-error",
        "internal": {
            "statement": text,
            "prepared": False,
            "arguments": [],
            "error": {
                "exec_status": "FatalError",
                "message": 'duplicate key value violates unique constraint "users_pkey"',
                "status_code": "23505",
                "description": "Key (id)=(3) already exists.",
                "hint": None,
            },
        },
    }
    assert run_sql(connected, "SELECT count(*) FROM users")["result"][1] == ["2"]
    assert scripts(connected) == {"default": ["SELECT count(*) FROM users"]}
    connected.sandbox.switch(sql_error_details="none")
    assert "internal" not in run_sql(connected, "SELECT nothing", 400)


@NEEDS_POSTGRES
def test_read_only_and_without_a_transaction(connected):
    error = run_sql(connected, NOTES, 400, read_only=True)
    assert error["internal"]["error"]["status_code"] == "25006"
    assert run_sql(connected, "SELECT 1 AS one", read_only=True)["result"] == [["one"], ["1"]]
    index = f"{NOTES}; CREATE INDEX CONCURRENTLY by_text ON notes (text); -- ;"
    assert run_sql(connected, index, 400)["internal"]["error"]["status_code"] == "25001"
    assert run_sql(connected, index, no_transaction=True)["result_type"] == "CommandOk"
    log = [
        (entry["operation"], entry["write"]) for entry in connected.sandbox.log() if entry["path"].endswith("/query")
    ]
    assert log[:2] == [("run_sql_read_only", False)] * 2 and log[2:] == [("run_sql", True)] * 2


@NEEDS_POSTGRES
def test_tables_are_tracked_served_and_untracked(connected):
    run_sql(connected, NOTES)
    run_sql(connected, "INSERT INTO notes VALUES (1, 'first', true)")
    permission = {"role": "user", "permission": {"columns": ["text"], "filter": {}}}
    notes = {"table": {"schema": "public", "name": "notes"}, "select_permissions": [permission]}
    connected.command("replace_metadata", source(notes, "users"))
    answer = connected.call("POST", "/v1/graphql", json={"query": "{ notes { id text done } }"}).json()
    assert answer == {"data": {"notes": [{"id": 1, "text": "first", "done": True}]}}
    error = run_sql(connected, "ALTER TABLE notes DROP COLUMN text", 400)
    assert error["code"] == "dependency-error" and "select_permission user" in error["error"]
    assert run_sql(connected, "SELECT text FROM notes")["result"][1] == ["first"]
    run_sql(connected, "ALTER TABLE notes DROP COLUMN text", cascade=True)
    run_sql(connected, "DROP TABLE notes")
    exported = connected.command("export_metadata")
    assert [table["table"]["name"] for table in exported["sources"][0]["tables"]] == ["users"]


@NEEDS_POSTGRES
def test_a_snapshot_also_restores_the_databases(connected):
    run_sql(connected, NOTES)
    connected.sandbox.admin("POST", "snapshot", {"name": "before"})
    run_sql(connected, "DROP TABLE notes; DELETE FROM orders")
    connected.sandbox.admin("POST", "restore", {"name": "before"})
    assert run_sql(connected, "SELECT count(*) FROM notes")["result"][1] == ["0"]
    assert run_sql(connected, "SELECT count(*) FROM orders")["result"][1] == ["1"]


@NEEDS_POSTGRES
@pytest.mark.parametrize("is_killed", [False, True])
def test_the_server_ends_with_the_sandbox(start, is_killed):
    process = start("--quiet")
    client = Client(process.port)
    hasura = Hasura(client)
    connect(hasura)
    directory = pathlib.Path(run_sql(hasura, "SHOW data_directory")["result"][1][0])
    number = int((directory / "postmaster.pid").read_text().split()[0])
    client.session.close()
    if is_killed:
        process.process.kill()
        process.process.communicate()
    else:
        assert process.stop() == 0 and process.errors == ""
        assert not directory.exists()
    ends_at = time.monotonic() + 10
    while pathlib.Path(f"/proc/{number}").exists() and time.monotonic() < ends_at:
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


# -- without it --------------------------------------------------------------------------------------------------------


def test_recorded_sql_creates_and_drops_simple_tables(connected):
    connected.sandbox.switch(sql_execution="recorded")
    text = f"/* a; b */ {NOTES};\nINSERT INTO notes VALUES (1, 'x; DROP TABLE notes');"
    assert run_sql(connected, text) == {"result_type": "CommandOk", "result": None}
    assert run_sql(connected, "SELECT 1")["result_type"] == "TuplesOk"
    connected.command("replace_metadata", source("notes", "users"))
    run_sql(connected, 'DROP TABLE IF EXISTS public."notes"')
    assert connected.command("get_inconsistent_metadata")["is_consistent"]
    assert scripts(connected)["default"][0] == text
    assert [table["table"]["name"] for table in connected.command("export_metadata")["sources"][0]["tables"]] == [
        "users"
    ]


def test_refusals(connected):
    connected.sandbox.switch(sql_execution="recorded")
    assert run_sql(connected, "SELECT 1", 400, source="other")["code"] == "not-exists"
    assert run_sql(connected, "SELECT 1", 400, kind="mssql_run_sql")["code"] == "not-exists"
    assert run_sql(connected, "SELECT 1", 400, kind="export_metadata")["code"] == "parse-failed"
    assert run_sql(connected, "SELECT 1", 400, unknown=True)["code"] == "parse-failed"
    headers = {"x-hasura-admin-secret": connected.env(connected.tenant())["envVars"]["HASURA_GRAPHQL_ADMIN_SECRET"]}
    body = {"type": "run_sql", "args": {"sql": "SELECT 1"}}
    refusal = connected.call("POST", "/v2/query", headers={**headers, "x-hasura-role": "user"}, json=body)
    assert (refusal.status_code, refusal.json()["code"]) == (400, "access-denied")
    bulk = connected.call("POST", "/v2/query", json={"type": "bulk", "args": [body, {"type": "run_sql", "args": {}}]})
    assert bulk.json()["path"] == "$.args[1].args" and scripts(connected) == {"default": ["SELECT 1"]}


def test_the_catalog_state_is_replaced_as_a_whole(hasura):
    found = hasura.command("get_catalog_state")
    assert sorted(found) == ["cli_state", "console_state", "id"] and found["cli_state"] == {}
    before = hasura.command("export_metadata", version=2)["resource_version"]
    for state in ({"migrations": {"default": {"1": False}}}, {"settings": {}}):
        assert hasura.command("set_catalog_state", {"type": "cli", "state": state}) == {"message": "success"}
        assert hasura.command("get_catalog_state")["cli_state"] == state
    assert hasura.command("export_metadata", version=2)["resource_version"] == before
    hasura.command("set_catalog_state", {"type": "other", "state": {}}, expect=400)
