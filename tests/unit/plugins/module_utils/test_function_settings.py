# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import sys

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._netlify.function_settings import (
    applied,
    built_settings,
    configs_of,
    declared_settings,
    mark_of,
    schedule_of,
    toml_schedules,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.functions import build_functions
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.plugins.module_utils._netlify.prebuilt import read_project
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import write_tree, write_zip


def manifest_of(*functions, version=1):
    return json.dumps({"version": version, "timestamp": 1, "system": {}, "functions": list(functions)})


HELLO = {"name": "hello", "path": "/build/machine/.netlify/functions/hello.zip", "runtime": "js"}


@pytest.mark.parametrize("path", [HELLO["path"], "C:\\build\\hello.zip", "hello.zip"])
def test_the_zips_are_beside_the_manifest(tmp_path, path):
    write_zip(tmp_path / "hello.zip", [("hello.js", b"1")])
    write_zip(tmp_path / "not-listed.zip", [("not-listed.js", b"1")])
    write_tree(tmp_path, {"manifest.json": manifest_of({**HELLO, "path": path}).encode()})
    found = build_functions(tmp_path, tmp_path)
    assert list(found) == ["hello"] and found["hello"].path == str(tmp_path / "hello.zip")
    assert found["hello"].settings == {"runtime": "js"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"version": 1}',
        manifest_of(HELLO, version=2),
        manifest_of("hello"),
        manifest_of({"name": "hello"}),
        manifest_of({**HELLO, "path": 1}),
        manifest_of({**HELLO, "trafficRules": "x"}),
        manifest_of({**HELLO, "trafficRules": {"action": [1]}}),
        manifest_of({**HELLO, "name": "../hello"}),
        manifest_of({**HELLO, "path": "/"}),
        manifest_of({**HELLO, "path": "/.."}),
        manifest_of({**HELLO, "path": "/other.zip"}),
        '{"version": 1, "version": 1, "functions": []}',
        "[" * 100_000,
    ],
)
def test_a_manifest_of_something_else_is_refused(tmp_path, text):
    write_zip(tmp_path / "hello.zip", [("hello.js", b"1")])
    write_tree(tmp_path, {"manifest.json": text.encode()})
    with pytest.raises(ManifestError) as caught:
        build_functions(tmp_path, tmp_path)
    assert caught.value.option == "functions_dir" and "manifest.json" in caught.value.message
    with pytest.raises(ManifestError) as caught:
        build_functions(tmp_path, tmp_path, option="project_dir")
    assert caught.value.option == "project_dir" and "functions_dir" not in caught.value.message


def test_a_directory_named_like_the_manifest_is_refused(tmp_path):
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(ManifestError, match=r"manifest\.json"):
        build_functions(tmp_path, tmp_path)


def test_what_is_empty_is_left_out_at_any_depth():
    [(_file, built)] = built_settings(
        manifest_of(
            {
                **HELLO,
                "displayName": "",
                "buildData": {},
                "priority": 0,
                "routes": [{"pattern": "/a", "methods": []}, {"methods": []}],
                "excludedRoutes": [],
                "trafficRules": {"action": {"type": "rewrite", "config": {"to": "/slow", "rateLimitConfig": {}}}},
                "eventSubscriptions": ["deploySucceeded"],
            }
        )
    ).values()
    assert configs_of({"hello": applied("hello", built, {})}) == {
        "hello": {
            "priority": 0,
            "routes": [{"pattern": "/a"}],
            "traffic_rules": {"action": {"type": "rewrite", "config": {"to": "/slow"}}},
            "event_subscriptions": ["deploySucceeded"],
        }
    }


def declared(**settings):
    return {"name": "hello", **settings}


@pytest.mark.parametrize("text", ["@daily", "*/90 0-23 1,31 1 7", "0 5 * JAN MON-FRI"])
def test_schedules_that_netlify_may_know_are_sent(text):
    assert declared_settings([declared(schedule=text)]) == {"hello": {"schedule": text}}


@pytest.mark.parametrize(
    "item,option",
    [
        (declared(schedule="daily"), "functions_config[0].schedule"),
        (declared(schedule="* * * *"), "functions_config[0].schedule"),
        (declared(schedule="60 * * * *"), "functions_config[0].schedule"),
        (declared(schedule="0 5-24 * * *"), "functions_config[0].schedule"),
        (declared(schedule="0 0 1,0 * *"), "functions_config[0].schedule"),
        (declared(timeout=0), "functions_config[0].timeout"),
        (declared(memory=512), "functions_config[0].memory"),
        (declared(vcpu=4), "functions_config[0].vcpu"),
        (declared(memory=1024, vcpu=1), "functions_config[0]"),
    ],
)
def test_settings_that_the_platform_does_not_have_are_refused(item, option):
    with pytest.raises(InvalidInput) as caught:
        declared_settings([item])
    assert caught.value.option == option


def test_a_function_has_one_entry():
    with pytest.raises(InvalidInput) as caught:
        declared_settings([declared(), declared()])
    assert caught.value.option == "functions_config"


def test_settings_of_an_unknown_function_are_refused(tmp_path):
    write_tree(tmp_path / "functions", {"hello.js": b"1"})
    with pytest.raises(InvalidInput) as caught:
        build_functions(tmp_path / "functions", tmp_path, {"helo": {"schedule": "@daily"}})
    assert caught.value.option == "functions_config" and "hello" in caught.value.message


def test_the_mark_names_what_cannot_be_read_back():
    secret = [{"key": "A", "value": "one", "is_secret": True}]
    marks = [
        mark_of({"hello": {"memory": 1024}}, []),
        mark_of({"hello": {"memory": 2048}}, []),
        mark_of({"other": {"memory": 2048}}, []),
        mark_of({"hello": {"timeout": 5}}, []),
        mark_of({"hello": {"invocation_mode": "background"}}, []),
        mark_of({}, secret),
        mark_of({}, [{**secret[0], "is_secret": False}]),
    ]
    assert len(set(marks)) == len(marks) and "" not in marks
    assert mark_of({}, secret) == mark_of({}, [{**secret[0], "value": "two"}])


@pytest.mark.parametrize(
    "settings",
    [{}, {"hello": {"runtime": "js", "schedule": "@daily"}}, {"a-background": {"invocation_mode": "background"}}],
)
def test_what_can_be_read_back_needs_no_mark(settings):
    assert mark_of(settings, []) == ""


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"bundles": [1]}', '{"bundles": [{"asset": "a"}]}', '{"bundles": [{"asset": "a", "format": "tar"}]}'],
)
def test_a_manifest_of_edge_functions_that_is_not_clear_is_refused(tmp_path, text):
    write_tree(tmp_path, {".netlify/edge-functions-dist/manifest.json": text.encode()})
    with pytest.raises(ManifestError) as caught:
        read_project(str(tmp_path))
    assert caught.value.option == "project_dir" and "edge-functions-dist/manifest.json" in caught.value.message


def test_a_bundle_is_read_beside_its_manifest_only(tmp_path):
    manifest = b'{"bundles": [{"asset": "../../secret", "format": "tar"}]}'
    write_tree(tmp_path, {"secret": b"s", ".netlify/edge-functions-dist/manifest.json": manifest})
    with pytest.raises(ManifestError):
        read_project(str(tmp_path))


def test_a_project_without_output_adds_nothing(tmp_path):
    project = read_project(str(tmp_path))
    assert (project.files, project.edge_functions, project.has_functions) == ([], {}, False)


SCHEDULES = """
[functions]
directory = "functions"
[functions."*"]
schedule = "@yearly"
[functions."hello*"]
schedule = "@monthly"
[functions.hello]
schedule = "@daily"
node_bundler = "esbuild"
[functions."hel*"]
schedule = "@weekly"
[functions.none]
timeout = 5
"""


def test_schedules_of_netlify_toml():
    if sys.version_info < (3, 11):
        with pytest.raises(ManifestError, match="3.11"):
            toml_schedules(SCHEDULES)
        return
    schedules = toml_schedules(SCHEDULES)
    found = {name: schedule_of(name, schedules) for name in ("hello", "hello-world", "help", "other")}
    assert found == {"hello": "@daily", "hello-world": "@monthly", "help": "@weekly", "other": "@yearly"}
    assert schedule_of("none", {}) is None


@pytest.mark.parametrize("text", ["schedule = ", 'functions = "schedule"', "functions = [1] # schedule"])
def test_a_netlify_toml_that_is_not_clear_is_refused(text):
    with pytest.raises(ManifestError) as caught:
        toml_schedules(text)
    assert caught.value.option == "project_dir" and "netlify.toml" in caught.value.message


def test_a_python_without_toml_is_named_only_where_it_matters(monkeypatch):
    monkeypatch.setitem(sys.modules, "tomllib", None)
    assert toml_schedules("[[redirects]]\nfrom = 1") == {}
    with pytest.raises(ManifestError) as caught:
        toml_schedules(SCHEDULES)
    assert caught.value.option == "project_dir"
    assert "3.11" in caught.value.message and "functions_config" in caught.value.message
