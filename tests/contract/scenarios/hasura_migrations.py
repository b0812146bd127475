# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: migrations and seeds. The SQL is only recorded here; test_hasura_migrations.py executes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.base import CANARY, Scenario
from scenarios.hasura import HELLO, NOWHERE, tenant_of
from scenarios.hasura_metadata import command, connected, source

if TYPE_CHECKING:
    from harness import World

CREATE = "CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text);\n"
# Runs twice, as after a lost response.
FILL = f"INSERT INTO notes VALUES (1, '{CANARY}-note') ON CONFLICT DO NOTHING;\n"
MIGRATIONS = {
    "migrations/default/1_create_notes/up.sql": CREATE,
    "migrations/default/1_create_notes/down.sql": "DROP TABLE IF EXISTS notes;\n",
    "migrations/default/2_fill_notes/up.sql": FILL,
    "migrations/default/2_fill_notes/down.sql": "TRUNCATE notes;\n",
}
# So many that each run of a test has one to roll back.
MANY = {
    f"migrations/default/{version}_step/{direction}.sql": f"SELECT {version};\n"
    for version in range(1, 10)
    for direction in ("up", "down")
}
SEEDS = {"seeds/default/1_notes.sql": FILL, "seeds/default/2_more.sql": FILL.replace("1,", "2,")}
# What the sandbox does if SQL is only recorded.
RECORDED = {"sql_execution": "recorded"}
AGAIN = {"unfinished": "no_effect"}


def sql_project(world: World, files: dict[str, str]) -> str:
    directory = world.directory / "hasura"
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return str(directory)


def with_source(world: World) -> None:
    connected(world)
    command(world, "replace_metadata", {"metadata": {"version": 3, "sources": [source()]}})


def only_recorded(world: World) -> None:
    with_source(world)
    world.sandbox.admin("PATCH", "switches", RECORDED)


def set_state(world: World, versions: dict[str, bool], **settings: str) -> None:
    """As Hasura's CLI writes it."""
    state = {
        "migrations": {"default": versions},
        "settings": {"migration_mode": "true", **settings},
        "isStateCopyCompleted": True,
    }
    command(world, "set_catalog_state", {"type": "cli", "state": state})


def cli_state(world: World) -> dict[str, Any]:
    return tenant_of(world, "hello-hasura")["cli_state"]


def versions(world: World) -> dict[str, bool]:
    return cli_state(world).get("migrations", {}).get("default", {})


def executed(world: World) -> list[str]:
    return tenant_of(world, "hello-hasura")["scripts"].get("default", [])


def applied_by_the_cli(world: World) -> None:
    only_recorded(world)
    set_state(world, {"1": False, "2": False})


def all_applied(world: World) -> None:
    only_recorded(world)
    set_state(world, {str(version): False for version in range(1, 10)})


def has_migrated(world: World) -> None:
    assert versions(world) == {"1": False, "2": False}
    assert list(dict.fromkeys(executed(world))) == [CREATE, FILL]


def is_as_the_cli_left_it(world: World) -> None:
    assert cli_state(world)["settings"] == {"migration_mode": "true"} and cli_state(world)["isStateCopyCompleted"]
    assert versions(world) == {"1": False, "2": False} and not executed(world)


def is_rolled_back(world: World) -> None:
    left = list(versions(world))
    assert len(left) < 9 and left == [str(version) for version in range(1, len(left) + 1)]
    assert not any(versions(world).values())


def has_seeds(world: World) -> None:
    assert sorted(set(executed(world))) == sorted(SEEDS.values())
    recorded = cli_state(world)["settings"]
    assert [len(digest) for digest in recorded.values()] == [64, 64]


SCENARIOS = (
    Scenario(
        "hasura_migrations",
        "apply",
        lambda world: {**HELLO, **AGAIN, "src": sql_project(world, MIGRATIONS)},
        given=only_recorded,
        reads=3,
        secrets=(CANARY,),
        once=("run_sql",),
        fails_under=NOWHERE,
        holds=has_migrated,
    ),
    Scenario(
        "hasura_migrations",
        "unchanged",
        lambda world: {**HELLO, "src": sql_project(world, MIGRATIONS), "source": "default", "goto": 2},
        given=applied_by_the_cli,
        changes=False,
        reads=3,
        fails_under=NOWHERE,
        holds=is_as_the_cli_left_it,
    ),
    Scenario(
        "hasura_migrations",
        "down",
        lambda world: {
            **HELLO,
            **AGAIN,
            "src": sql_project(world, MANY),
            "source": "default",
            "down": 1,
            "allow_down": True,
        },
        given=all_applied,
        once=("run_sql",),
        fails_under=NOWHERE,
        holds=is_rolled_back,
        twice=False,
        reason="A task with O(down) rolls back the last migrations each time",
    ),
    Scenario(
        "hasura_seeds",
        "run",
        lambda world: {**HELLO, **AGAIN, "src": sql_project(world, SEEDS)},
        given=only_recorded,
        reads=3,
        secrets=(CANARY,),
        once=("run_sql",),
        fails_under=NOWHERE,
        holds=has_seeds,
    ),
    Scenario(
        "hasura_seeds",
        "rerun",
        lambda world: {**HELLO, **AGAIN, "src": sql_project(world, SEEDS), "source": "default", "rerun": True},
        given=only_recorded,
        secrets=(CANARY,),
        once=("run_sql",),
        fails_under=NOWHERE,
        holds=has_seeds,
        twice=False,
        reason="With O(rerun=true), the seeds run each time",
    ),
)


def options(files: dict[str, str], **more: Any) -> Any:
    return lambda world: {**HELLO, "src": sql_project(world, files), **more}


BAD_INPUT = (
    ("hasura_migrations", {**HELLO, "src": "no/such/directory"}, ["src", "no/such/directory"]),
    ("hasura_migrations", options({"seeds/default/a.sql": ""}), ["src", "migrations"]),
    ("hasura_migrations", options(MIGRATIONS, source="other"), ["source", "'other'", "default"]),
    ("hasura_migrations", options(MIGRATIONS, source="default", down=1), ["allow_down", "down"]),
    ("hasura_migrations", options(MIGRATIONS, undo=["default/1"]), ["allow_down", "undo"]),
    ("hasura_migrations", options(MIGRATIONS, undo=["1"], allow_down=True), ["undo", "SOURCE/VERSION", "'1'"]),
    ("hasura_migrations", options(MIGRATIONS, undo=["other/1"], allow_down=True), ["undo", "'other'"]),
    ("hasura_migrations", options(MIGRATIONS, source="default", down=0, allow_down=True), ["down", "1", "0"]),
    ("hasura_migrations", options(MIGRATIONS, source="default", goto=3), ["goto", "3", "default"]),
    ("hasura_migrations", options(MIGRATIONS, goto=1), ["goto", "source"]),
    ("hasura_migrations", options(MIGRATIONS, source="default", goto=1, down=1), ["goto", "down"]),
    ("hasura_migrations", options({"migrations/1_first/up.sql": CREATE}), ["src", "1_first", "source"]),
    (
        "hasura_migrations",
        options({**MIGRATIONS, "migrations/default/1_other/up.sql": CREATE}),
        ["src", "version 1"],
    ),
    ("hasura_migrations", lambda world: {"src": sql_project(world, MIGRATIONS)}, ["tenant_id", "name", "slug"]),
    ("hasura_seeds", options(MIGRATIONS), ["src", "seeds"]),
    ("hasura_seeds", options(SEEDS, source="other"), ["source", "'other'", "default"]),
    ("hasura_seeds", lambda world: {"src": sql_project(world, SEEDS)}, ["tenant_id", "name", "slug"]),
)
