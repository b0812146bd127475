# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant receives the metadata of the files of Hasura's CLI, and its metadata then equals them."""

from __future__ import annotations

import json

import pytest
from hasura_outcomes import refused, succeeded
from hasura_projects import PROJECTS, write
from scenarios.hasura import HELLO
from scenarios.hasura_metadata import command, connected

BEFORE = {"version": 3, "sources": [], "inherited_roles": [{"role_name": "a", "role_set": ["b"]}]}


@pytest.mark.parametrize("defaults", ["filled", "as_sent"])
@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_is_sent_as_it_stands_and_then_unchanged(new_world, name, defaults):
    world = new_world({"metadata_defaults": defaults})
    connected(world)
    command(world, "replace_metadata", BEFORE)
    files, expected = PROJECTS[name]
    options = {**HELLO, "src": write(world.directory / "cli project", files)}
    outcome = succeeded(world.run("hasura_metadata", options))
    (sent,) = [call["json"]["args"]["metadata"] for call in outcome.writes]
    content = {key: part for key, part in sent.items() if part not in ([], {}) or key in expected}
    assert content == {"version": 3, **expected} and outcome.result["changed"] is True
    again = succeeded(world.run("hasura_metadata", options))
    assert again.result["changed"] is False and not again.writes, again.result["metadata"]["changes"]
    assert "hush" not in json.dumps(again.result)


@pytest.mark.parametrize(
    "files,words",
    [
        ({"version.yaml": "version: 2\n", "tables.yaml": "[]\n"}, ["version", "2"]),
        ({"config.yaml": "version: 2\n", "metadata/version.yaml": "version: 2\n"}, ["version", "2"]),
        ({"config.yaml": "version: 1\n", "migrations/metadata.yaml": "version: 2\n"}, ["version.yaml"]),
        ({"config.yaml": "version: 3\nmetadata_file: engine.json\n"}, ["engine.json", "does not exist"]),
        ({"config.yaml": "metadata_directory: a\nmetadata_directory: b\n"}, ["config.yaml", "twice", "line 2"]),
    ],
)
def test_a_project_of_another_kind_is_refused(world, files, words):
    outcome = refused(
        world.run("hasura_metadata", {**HELLO, "src": write(world.directory / "cli", files)}), "invalid_input"
    )
    assert not outcome.calls and all(word in outcome.result["msg"] for word in words), outcome.result["msg"]
