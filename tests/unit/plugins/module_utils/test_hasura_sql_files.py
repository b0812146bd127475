# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of migrations and seeds, and the statements in them."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._hasura import sql_files

FUNCTION = """-- Counts; of all
CREATE FUNCTION f() RETURNS int AS $body$
BEGIN RETURN 1; -- ; "notes"
END $body$ LANGUAGE plpgsql;

/* two
lines; */ INSERT INTO notes VALUES ('it''s; "x"', E'a\\'; b');
SELECT "odd;name" FROM notes
"""


def write(directory, **files):
    for name, content in files.items():
        path = directory.joinpath(*name.replace("_dot_", ".").split("__"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return str(directory)


def test_statements_have_their_lines():
    found = list(sql_files.statements(FUNCTION))
    assert [line for line, _text in found] == [2, 7, 8] and found[2][1] == 'SELECT "odd;name" FROM notes'
    assert not list(sql_files.statements("-- nothing\n;;\n"))


def test_texts_are_found_as_they_are_written_and_as_the_database_has_them():
    assert sql_files.texts(FUNCTION) == {"it''s; \"x\"", 'it\'s; "x"', "a\\'; b"}


@pytest.mark.parametrize(
    "message, line",
    [
        ('relation "notes" does not exist', None),
        ('function "f" does not exist', 2),
        ('column "odd;name" of relation "notes" does not exist', 8),
        ("out of memory", None),
        ('column "****" does not exist', None),
    ],
)
def test_only_a_certain_statement_is_named(message, line):
    found = sql_files.failed_statement(FUNCTION, message)
    assert (found and found[0]) == line


def test_a_statement_is_shown_without_texts_and_shortened():
    assert sql_files.failed_statement("INSERT INTO a\nVALUES ('secret', $$secret$$);", "") == (
        1,
        "INSERT INTO a VALUES ('****', '****')",
    )
    _line, shown = sql_files.failed_statement(f"SELECT {', '.join(['1'] * 200)}", "")
    assert len(shown) < 220 and shown.endswith(" [...]")


def test_migrations_are_found_as_the_cli_finds_them(tmp_path):
    path = write(
        tmp_path,
        migrations__default__10_b__up_dot_sql="SELECT 10",
        migrations__default__9_a__up_dot_sql="\ufeffSELECT 9",
        migrations__default__9_a__down_dot_sql="",
        migrations__default__9_a__notes_dot_sql="not one",
        migrations__default__README="",
        migrations__reports__keep="",
    )
    (tmp_path / "migrations/default/11_c.up.sql").write_text("-- hasura:no-transaction \r\nSELECT 11")
    found = sql_files.migrations("src", path, None)
    assert [(each.version, each.name) for each in found["default"]] == [(9, "a"), (10, "b"), (11, "c")]
    assert found["reports"] == [] and list(sql_files.migrations("src", path, "reports")) == ["reports"]
    first, _second, third = found["default"]
    assert first.down is None and first.up.text == "SELECT 9"
    assert first.up.path == "migrations/default/9_a/up.sql" and not first.up.no_transaction
    assert third.up.no_transaction


def test_the_project_can_name_other_directories(tmp_path):
    path = write(
        tmp_path,
        config_dot_yaml="version: 3\nmigrations_directory: db/changes\nseeds_directory: db/data\n",
        db__changes__default__1_a__up_dot_sql="SELECT 1",
        db__data__default__b__2_dot_sql="SELECT 2",
        db__data__default__a_dot_SQL="SELECT 1",
        db__data__default__c_dot_txt="no seed",
    )
    assert [each.version for each in sql_files.migrations("src", path, None)["default"]] == [1]
    found = sql_files.seeds("src", path, None)["default"]
    assert [each.path for each in found] == ["db/data/default/a.SQL", "db/data/default/b/2.sql"]
    assert len({each.digest for each in found}) == 2


def test_files_that_cannot_be_read_are_named(tmp_path):
    path = write(tmp_path, seeds__default__a_dot_sql="")
    (tmp_path / "seeds/default/a.sql").write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match=r"seeds/default/a\.sql is not UTF-8"):
        sql_files.seeds("src", path, None)
    (tmp_path / "seeds/default/a.sql").unlink()
    (tmp_path / "seeds/default/a.sql").symlink_to("/dev/null")
    with pytest.raises(InvalidInput, match=r"seeds/default/a\.sql cannot be read"):
        sql_files.seeds("src", path, None)
