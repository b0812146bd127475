# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: metadata in files, with placeholders for secrets."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import yaml

from scenarios.base import CANARY, Scenario
from scenarios.hasura import DATABASE_URL, HELLO, NOWHERE, hello
from scenarios.hasura_metadata import METADATA, connected, file_of, is_new, project, write

if TYPE_CHECKING:
    from harness import World

# The values of the placeholders in hidden().
SUBSTITUTIONS = {
    "REPORTS_URL": DATABASE_URL,
    "STOCK_URL": METADATA["remote_schemas"][0]["definition"]["url"],
    "STOCK_KEY": f"Bearer {CANARY}",
    "NIGHTLY_KEY": CANARY,
}


def hidden(world: World) -> str:
    """The same with placeholders, as tags and as texts."""
    reports = copy.deepcopy(METADATA["sources"][1])
    reports["configuration"]["connection_info"]["database_url"] = "!substitute REPORTS_URL"
    stock = {
        "name": "stock",
        "definition": {
            "url": "!substitute STOCK_URL",
            "timeout_seconds": 60,
            "headers": [{"name": "Authorization", "value": "!substitute STOCK_KEY"}],
        },
    }
    directory = project(world)
    write(
        world,
        metadata__databases__databases_dot_yaml=[
            {**METADATA["sources"][0], "tables": "!include default/tables/tables.yaml"},
            reports,
        ],
        metadata__remote_schemas_dot_yaml=yaml.safe_dump([stock]).replace(
            "'!substitute STOCK_KEY'", "!substitute STOCK_KEY"
        ),
        metadata__cron_triggers_dot_yaml=[
            {**METADATA["cron_triggers"][0], "payload": {"key": "!substitute NIGHTLY_KEY"}}
        ],
    )
    return directory


SCENARIOS = (
    Scenario(
        "hasura_metadata",
        "of-a-directory",
        lambda world: {
            "tenant_id": hello(world),
            "src": hidden(world),
            "substitutions": SUBSTITUTIONS,
            "reload_sources": True,
            "reload_remote_schemas": True,
        },
        given=connected,
        reads=3,
        secrets=(CANARY,),
        fails_under=NOWHERE,
        holds=is_new,
    ),
)

BAD_INPUT = (
    ("hasura_metadata", {**HELLO, "metadata": {"version": 3}, "substitutions": {"A": "x"}}, ["src", "substitutions"]),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": hidden(world), "substitutions": {**SUBSTITUTIONS, "STOCK_KEY": ""}},
        ["substitutions", "STOCK_KEY", "must not be empty", "remote_schemas.yaml:4"],
    ),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": hidden(world), "substitutions": {"STOCK_KEY": "x"}},
        ["substitutions", "STOCK_URL", "remote_schemas.yaml:6", "REPORTS_URL", "databases.yaml"],
    ),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": hidden(world)},
        ["substitutions", "STOCK_KEY", "remote_schemas.yaml:4"],
    ),
    (
        "hasura_metadata",
        lambda world: {**HELLO, "src": file_of(world, "a.yaml", "version: 3\nsources: ['!substitute a b']\n")},
        ["substitutions", "'!substitute a b'", "!substitute NAME"],
    ),
    (
        "hasura_metadata",
        lambda world: {
            **HELLO,
            "src": file_of(world, "a.yaml", "version: 3\nnetwork: !substitute_number PIN\n"),
            "substitutions": {"PIN": "12a"},
        },
        ["substitutions", "PIN", "a.yaml:2", "number"],
    ),
)
