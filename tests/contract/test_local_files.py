# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local files that modules read and write: files that are not regular, files of others, a full disk, and
several runs at the same time."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import stat

import pytest
from scenarios.flightcontrol_environments import SERVICE
from scenarios.hasura import backup, env, hello, set_env
from scenarios.hasura_metadata import METADATA
from scenarios.netlify import PAGES, deploy_by_hand, site, tree
from scenarios.netlify_forms import with_forms

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.files import locked
from ansible_collections.webops.paas.plugins.modules.hasura_env_vars import EnvVars
from ansible_collections.webops.paas.plugins.modules.hasura_metadata import Metadata

HELLO = {"name": "hello-hasura", "wait": False}
# {(module, option): the other options}
LOCAL_FILES = {
    ("flightcontrol_env_vars", "state_file"): {"environment_id": SERVICE, "plain_text": {"A": "1"}},
    ("hasura_env_vars", "backup_path"): {**HELLO, "env_vars": {"A": "1"}},
    ("hasura_env_vars", "restore_from"): HELLO,
    ("hasura_metadata", "backup_path"): {"name": "hello-hasura", "metadata": METADATA},
    ("hasura_metadata", "restore_from"): {"name": "hello-hasura"},
    ("netlify_file_download", "dest"): {"site": "shop", "path": "/index.html"},
    ("netlify_submission_info", "dest"): {"site": "shop"},
}
EVERY_FILE = pytest.mark.parametrize("module,option", LOCAL_FILES)


@EVERY_FILE
def test_a_fifo_is_refused_before_the_first_call(world, module, option):
    path = world.directory / "fifo"
    os.mkfifo(path)
    # So that opening it by mistake does not block.
    held_open = os.open(path, os.O_RDWR)
    os.write(held_open, b"{}")
    outcome = world.run(module, {**LOCAL_FILES[module, option], option: str(path)})
    os.close(held_open)
    assert outcome.failed and not outcome.calls
    assert outcome.result["error"]["code"] == "invalid_input" and option in outcome.result["msg"]
    assert stat.S_ISFIFO(os.stat(path).st_mode)


@pytest.mark.parametrize("content", ["[" * 100_000, '{"tenant_id": ' * 100_000, '{"a": 1, "a": 2}'])
@pytest.mark.parametrize("module,option", [place for place in LOCAL_FILES if place[1] != "dest"])
def test_a_file_that_is_not_ours_is_refused_before_the_first_write(world, module, option, content):
    path = world.directory / "file.json"
    path.write_text(content)
    outcome = world.run(module, {**LOCAL_FILES[module, option], option: str(path)})
    assert outcome.failed and not outcome.writes
    assert outcome.result["error"]["code"] == "invalid_input" and str(path) in outcome.result["msg"]
    assert path.read_text() == content


@contextlib.contextmanager
def full_disk():
    """No file of this process can become longer than 100 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def failed_for_want_of_space(outcome, place):
    assert outcome.failed and outcome.result["error"]["code"] == "unwritable", outcome.result
    assert place in outcome.result["msg"] and "File too large" in outcome.result["msg"]


def test_a_full_disk_while_submissions_are_read(world):
    with_forms(verified=3)(world)
    with full_disk():
        outcome = world.run("netlify_submission_info", {"site": "shop", "dest": str(world.directory / "all.jsonl")})
    failed_for_want_of_space(outcome, "TMPDIR")
    assert not (world.directory / "all.jsonl").exists()


def test_a_full_disk_while_functions_are_zipped(world):
    site(world)
    functions = tree(world, {"hello.js": "//" + "x" * 1000}, "functions")
    with full_disk():
        outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "functions_dir": functions})
    failed_for_want_of_space(outcome, "TMPDIR")
    assert not outcome.writes


def test_a_full_disk_while_a_file_is_downloaded(world):
    site(world)
    deploy_by_hand(world, {"index.html": "x" * 100_000})
    path = str(world.directory / "here.html")
    with full_disk():
        outcome = world.run("netlify_file_download", {"site": "shop", "path": "/index.html", "dest": path})
    failed_for_want_of_space(outcome, path)
    assert not os.path.exists(path)


def test_a_full_disk_while_a_backup_is_written(world):
    set_env(world, LONG="x" * 1000)
    with full_disk():
        outcome = world.run("hasura_env_vars", {**HELLO, "env_vars": {"LONG": "y"}, "backup_path": backup(world)})
    failed_for_want_of_space(outcome, backup(world))
    assert not outcome.writes and env(world)["LONG"] == "x" * 1000


def test_metadata_that_is_nested_too_deeply_is_not_called_a_defect(world):
    deep: dict = {}
    for _level in range(400):
        deep = {"a": deep}
    outcome = world.run("hasura_metadata", {"name": "hello-hasura", "metadata": {"version": 3, "sources": [deep]}})
    assert outcome.failed and not outcome.writes and outcome.result["error"]["code"] == "too_deep"


@pytest.mark.parametrize("name", ["fifo", "metadata.yaml", "metadata.json"])
def test_files_that_are_sent_are_regular_ones(world, name):
    path = world.directory / name
    os.mkfifo(path)
    options = {"site": "shop", "files": [{"path": "/a", "src": str(path)}]}
    module, options = (
        ("netlify_file", options) if name == "fifo" else ("hasura_metadata", {"name": "a", "src": str(path)})
    )
    held_open = os.open(path, os.O_RDWR)
    outcome = world.run(module, options)
    os.close(held_open)
    assert outcome.failed and not outcome.calls and "not a regular file" in outcome.result["msg"]


# -- several runs at the same time -------------------------------------------------------------------------------------


def runs_in_between(monkeypatch, task, run):
    """run() is called once, after the first run of the task has read everything and before it writes."""
    apply, left = task.apply, [run]

    def apply_later(self, plan):
        if left:
            assert not left.pop()().failed
        return apply(self, plan)

    monkeypatch.setattr(task, "apply", apply_later)


def test_a_backup_of_variables_keeps_the_originals_of_all_runs(world, monkeypatch):
    set_env(world, BOTH="both-before", FIRST="first-before")

    def options(name):
        return {**HELLO, "env_vars": {"BOTH": f"by-{name}", name: f"by-{name}"}, "backup_path": backup(world)}

    runs_in_between(monkeypatch, EnvVars, lambda: world.run("hasura_env_vars", options("FIRST")))
    assert not world.run("hasura_env_vars", options("SECOND")).failed
    with open(backup(world), encoding="utf-8") as stream:
        kept = json.load(stream)
    assert kept["values"] == {"BOTH": "both-before", "FIRST": "first-before"} and kept["absent"] == ["SECOND"]


def test_a_backup_of_metadata_keeps_the_original(world, monkeypatch):
    hello(world)
    options = {"name": "hello-hasura", "backup_path": backup(world)}
    exported = world.run("hasura_metadata_info", {"name": "hello-hasura"}).result["metadata"]["content"]
    first = {**exported, "network": {"tls_allowlist": [{"host": "first.example.com"}]}}
    second = {**exported, "network": {"tls_allowlist": [{"host": "second.example.com"}]}}
    runs_in_between(monkeypatch, Metadata, lambda: world.run("hasura_metadata", {**options, "metadata": first}))
    assert not world.run("hasura_metadata", {**options, "metadata": second}).failed
    with open(backup(world), encoding="utf-8") as stream:
        kept = json.load(stream)["metadata"]
    assert "network" not in kept and kept["version"] == 3


def test_a_backup_that_another_run_holds_is_waited_for(world):

    hello(world)
    with locked("backup_path", backup(world), Clock(), 1):
        outcome = world.run(
            "hasura_env_vars",
            {**HELLO, "env_vars": {"A": "1"}, "backup_path": backup(world)},
            connect={"deadline": 5},
        )
    assert outcome.failed and outcome.result["error"]["code"] == "locked" and not outcome.writes
