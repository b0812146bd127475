# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions with their settings, edge functions and variables of a deploy: what is sent, and what is a change."""

from __future__ import annotations

import json
import sys

import pytest
from netlify_project import FUNCTIONS, built_project
from scenarios.base import CANARY
from scenarios.netlify import PAGES, deploys, site, tree


def project_of(world, **more) -> dict:
    return {"site": "shop", "src": tree(world, PAGES), "project_dir": str(built_project(world.directory / "p")), **more}


def functions_of(world, **more) -> dict:
    directory = tree(world, {"hello.js": "exports.handler = 1", "slow.js": "2"}, "functions")
    return {"site": "shop", "src": tree(world, PAGES), "functions_dir": directory, **more}


def body_of(outcome) -> dict:
    [body] = [call["json"] for call in outcome.calls if call["operation"] == "createSiteDeploy"]
    return body


def uploads_of(outcome, operation="uploadDeployFunction") -> dict:
    """{last part of the path: query}"""
    return {call["path"].rpartition("/")[2]: call["query"] for call in outcome.calls if call["operation"] == operation}


def shown(world) -> dict:
    """The newest deploy, as the sandbox knows it."""
    return world.sandbox.admin("GET", "state")["netlify"]["deploys"][-1]


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_built_project_is_deployed_with_all_its_settings(world):
    site(world)
    outcome = world.run("netlify_deploy", project_of(world))
    assert not outcome.failed, outcome.result
    body = body_of(outcome)
    assert body["function_schedules"] == [{"name": "report", "cron": "0 5 * * 1"}]
    api = FUNCTIONS["api"]
    assert body["functions_config"] == {
        "api": {
            "display_name": "The API",
            "generator": "my-framework@1.2.3",
            "build_data": api["buildData"],
            # An empty list is left out.
            "routes": [{key: part for key, part in route.items() if part != []} for route in api["routes"]],
            "excluded_routes": api["excludedRoutes"],
            "priority": 0,
            "traffic_rules": {
                "action": {
                    "type": "rate_limit",
                    "config": {
                        "rate_limit_config": {"algorithm": "sliding_window", "window_size": 60, "window_limit": 10},
                        "aggregate": {"keys": [{"type": "ip"}, {"type": "domain"}]},
                    },
                }
            },
            "region": "fra",
            "memory": 2048,
        },
        "mail-background": {"priority": 10},
        "report": {"priority": 10},
    }
    assert uploads_of(outcome) == {
        "api": {"runtime": "nodejs22.x", "invocation_mode": "stream", "timeout": "20"},
        "mail-background": {"runtime": "js", "invocation_mode": "background"},
        "report": {"runtime": "js"},
    }
    assert body["edge_functions"].keys() == {"eszip2", "tar"}
    assert uploads_of(outcome, "uploadDeployEdgeFunction").keys() == set(body["edge_functions"].values())
    assert {path for path in body["files"] if path not in PAGES} == {
        ".netlify/deploy-config/deploy-config.json",
        ".netlify/internal/db/migrations/0001_first.sql",
        ".netlify/internal/edge-functions/manifest.json",
        *(f".netlify/internal/edge-functions/{sha}.{kind}" for kind, sha in body["edge_functions"].items()),
        "netlify.toml",
    }
    assert outcome.result["deploy"]["functions"] == sorted(FUNCTIONS)


def test_declared_settings_take_precedence_over_those_of_the_build(world):
    site(world)
    declared = [
        {"name": "report", "schedule": "", "background": True, "region": "FRA"},
        {"name": "api", "vcpu": 1.5, "timeout": 5, "build_data": {"mine": 1}},
        {"name": "mail-background", "background": False, "schedule": "@hourly"},
    ]
    outcome = world.run("netlify_deploy", project_of(world, functions_config=declared))
    body, sent = body_of(outcome), uploads_of(outcome)
    assert body["function_schedules"] == [{"name": "mail-background", "cron": "@hourly"}]
    assert body["functions_config"]["report"]["region"] == "fra"
    api = body["functions_config"]["api"]
    assert (api["vcpu"], api["build_data"], "memory" in api) == (1.5, {"mine": 1}, False)
    assert sent["report"]["invocation_mode"] == sent["mail-background"]["invocation_mode"] == "background"
    assert sent["api"]["timeout"] == "5"


def test_functions_that_are_not_built_get_the_schedules_of_netlify_toml(world):
    site(world)
    toml = '[functions.hello]\nschedule = "@daily"\n'
    options = functions_of(world, project_dir=tree(world, {"netlify.toml": toml}, "project"))
    outcome = world.run("netlify_deploy", options)
    if sys.version_info < (3, 11):
        # It cannot read TOML.
        assert outcome.result["error"]["option"] == "project_dir" and not outcome.calls
    else:
        assert body_of(outcome)["function_schedules"] == [{"name": "hello", "cron": "@daily"}]
    declared = {**options, "functions_config": [{"name": "slow", "schedule": "@hourly"}]}
    outcome = world.run("netlify_deploy", declared)
    assert body_of(outcome)["function_schedules"] == [{"name": "slow", "cron": "@hourly"}]


def test_an_error_in_built_functions_names_the_option_that_they_come_from(world):
    project = built_project(world.directory / "p")
    (project / ".netlify" / "functions" / "manifest.json").write_text("x")
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "project_dir": str(project)})
    assert outcome.result["error"]["option"] == "project_dir" and not outcome.calls
    assert "functions_dir" not in outcome.result["msg"]


def test_a_function_that_is_not_built_is_a_background_function_by_its_name(world):
    site(world)
    directory = tree(world, {"mail-background.js": "1", "hello.js": "2"}, "functions")
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "functions_dir": directory})
    assert uploads_of(outcome) == {
        "mail-background": {"runtime": "js", "invocation_mode": "background"},
        "hello": {"runtime": "js"},
    }
    # The name says it, so there is nothing to remember in the title.
    assert len(outcome.result["deploy"]["title"].split()) == 2


def test_without_functions_nothing_of_them_is_sent(world):
    site(world)
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES)})
    assert body_of(outcome).keys() == {"files"}
    assert len(outcome.result["deploy"]["title"].split()) == 2


def test_a_server_that_does_not_require_bundles_gets_their_files(new_world):
    world = new_world({"edge_function_bundles": "files_only"})
    site(world)
    outcome = world.run("netlify_deploy", project_of(world))
    assert not outcome.failed and not uploads_of(outcome, "uploadDeployEdgeFunction")
    assert not world.run("netlify_deploy", project_of(world)).result["changed"]


def test_a_netlify_toml_of_src_is_the_one_that_is_deployed(world):
    site(world)
    own = tree(world, {**PAGES, "netlify.toml": "# of src\n"}, "own")
    outcome = world.run("netlify_deploy", {**project_of(world), "src": own})
    assert not outcome.failed
    [file] = [row for row in world.api("GET", f"/sites/{world.ids['shop']}/files") if row["path"] == "/netlify.toml"]
    assert file["size"] == len("# of src\n")


# -- what is a change --------------------------------------------------------------------------------------------------


DAILY = [{"name": "hello", "schedule": "@daily"}]


@pytest.mark.parametrize(
    "before,after,where",
    [
        ([], DAILY, {}),
        (DAILY, [{"name": "hello", "schedule": "@hourly"}], {}),
        (DAILY, [], {}),
        (DAILY, [{"name": "hello", "schedule": "@hourly"}], {"draft": True}),
        (DAILY, [{"name": "hello", "schedule": "@hourly"}], {"branch": "next"}),
        ([], [{"name": "hello", "region": "fra"}], {}),
        ([{"name": "hello", "memory": 1024}], [{"name": "hello", "vcpu": 1}], {}),
        ([{"name": "hello", "build_data": {"a": 1}}], [], {}),
        ([{"name": "hello", "timeout": 10}], [{"name": "hello", "background": True}], {"draft": True}),
        ([{"name": "hello", "timeout": 10}], [{"name": "hello", "background": True}], {"branch": "next"}),
    ],
)
def test_a_changed_setting_is_a_change(world, before, after, where):
    site(world)
    first = world.run("netlify_deploy", functions_of(world, functions_config=before, **where))
    assert not first.failed
    assert not world.run("netlify_deploy", functions_of(world, functions_config=before, **where)).result["changed"]
    options = functions_of(world, functions_config=after, **where)
    predicted, outcome = world.run("netlify_deploy", options, check=True), world.run("netlify_deploy", options)
    assert predicted.result["changed"] is outcome.result["changed"] is True
    assert predicted.result["diff"] == outcome.result["diff"]
    if not where.get("draft"):
        assert outcome.result["diff"]["before"] != outcome.result["diff"]["after"]
    assert not world.run("netlify_deploy", options).result["changed"]
    assert len(deploys(world)) == 2


def test_with_a_title_only_the_schedule_can_be_compared(world):
    site(world)
    options = functions_of(world, title="Release")
    assert not world.run("netlify_deploy", options).failed
    hidden = {**options, "functions_config": [{"name": "hello", "memory": 1024}]}
    assert not world.run("netlify_deploy", hidden).result["changed"]
    assert world.run("netlify_deploy", {**hidden, "force": True}).result["changed"]
    scheduled = {**options, "functions_config": [{"name": "hello", "schedule": "@daily"}]}
    assert world.run("netlify_deploy", scheduled).result["changed"]
    assert not world.run("netlify_deploy", scheduled).result["changed"]


def test_functions_that_are_kept_keep_schedule_and_region(world):
    site(world)
    declared = [{"name": "hello", "schedule": "@daily", "region": "fra"}, {"name": "slow", "schedule": "@hourly"}]
    assert not world.run("netlify_deploy", functions_of(world, functions_config=declared)).failed
    kept = {"site": "shop", "src": tree(world, {**PAGES, "index.html": "two"})}
    outcome = world.run("netlify_deploy", kept)
    assert body_of(outcome)["function_schedules"] == [
        {"name": "hello", "cron": "@daily"},
        {"name": "slow", "cron": "@hourly"},
    ]
    assert not world.run("netlify_deploy", kept).result["changed"]
    edited = world.run("netlify_file", {"site": "shop", "files": [{"path": "index.html", "content": "three"}]})
    assert not edited.failed
    newest = deploys(world)[0]
    assert [row["name"] for row in newest["function_schedules"]] == ["hello", "slow"]
    assert newest["functions_region_overrides"] == [{"name": "hello", "region": "fra"}]


def test_an_empty_directory_removes_functions_and_schedules(world):
    site(world)
    scheduled = functions_of(world, functions_config=[{"name": "hello", "schedule": "@daily"}])
    assert not world.run("netlify_deploy", scheduled).failed
    options = {"site": "shop", "src": tree(world, PAGES), "functions_dir": ""}
    outcome = world.run("netlify_deploy", options)
    assert outcome.result["changed"] and body_of(outcome).keys() == {"files"}
    assert not world.run("netlify_deploy", options).result["changed"]


def test_changed_edge_functions_are_a_change(world):
    site(world)
    options = project_of(world)
    assert not world.run("netlify_deploy", options).failed
    built_project(world.directory / "p", edge="other")
    outcome = world.run("netlify_deploy", options)
    assert outcome.result["changed"] and uploads_of(outcome).keys() == set()
    assert len(uploads_of(outcome, "uploadDeployEdgeFunction")) == 2


# -- variables of a deploy ---------------------------------------------------------------------------------------------


def test_variables_of_a_deploy(world):
    site(world)
    variables = [{"key": "PASSWORD", "value": CANARY, "is_secret": True}, {"key": "SIZE", "value": 10}]
    options = functions_of(world, environment=variables)
    outcome = world.run("netlify_deploy", options)
    assert shown(world)["environment"] == [
        {"key": "PASSWORD", "value": CANARY, "is_secret": True, "scopes": ["functions"]},
        {"key": "SIZE", "value": "10", "is_secret": False, "scopes": ["functions"]},
    ]
    assert CANARY not in outcome.everything()
    assert not world.run("netlify_deploy", options).result["changed"]
    # A digest in the title must not help to guess a value.
    other = [{**variables[0], "value": "other"}, variables[1]]
    again = world.run("netlify_deploy", {**options, "environment": other})
    assert not again.result["changed"] and again.result["deploy"]["title"] == outcome.result["deploy"]["title"]
    removed = world.run("netlify_deploy", {**options, "environment": variables[1:]})
    assert removed.result["changed"] and json.dumps(removed.result["diff"]).count("settings") == 2


def test_a_refusal_that_quotes_a_variable_is_masked(world):
    site(world)
    fault = {"platform": "netlify", "operation": "createSiteDeploy", "kind": "status", "status": 422, "times": None}
    world.sandbox.admin("POST", "faults", {**fault, "body_text": json.dumps({"message": f"bad value {CANARY}"})})
    outcome = world.run("netlify_deploy", functions_of(world, environment=[{"key": "A", "value": CANARY}]))
    assert outcome.failed and "bad value" in outcome.result["msg"] and CANARY not in outcome.everything()


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path,words",
    [
        (".netlify/edge-functions/geo.ts", ["edge functions", ".netlify/edge-functions", "netlify build"]),
        ("netlify/edge-functions/geo.ts", ["edge functions", "netlify/edge-functions", "netlify build"]),
        (".netlify/functions-internal/api/api.mjs", [".netlify/functions-internal", "netlify build"]),
        (".netlify/v1/functions/api.mjs", [".netlify/v1/functions", "netlify build"]),
        (".netlify/blobs/deploy/a/b", ["blobs", ".netlify/blobs/deploy", "--no-build"]),
        (".netlify/server/manifest.json", [".netlify/server", "--no-build"]),
    ],
)
def test_what_must_be_built_or_is_not_supported_is_refused(world, path, words):
    project = tree(world, {path: "x"}, "sources")
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "project_dir": project})
    assert outcome.failed and not outcome.calls
    assert outcome.result["error"]["option"] == "project_dir"
    assert all(word in outcome.result["msg"] for word in words), outcome.result["msg"]
    # The vendor's client leaves empty directories behind.
    (world.directory / "sources" / path).unlink()
    outcome = world.run(
        "netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "project_dir": project}, check=True
    )
    assert not outcome.failed, outcome.result


def test_sources_that_are_built_are_not_refused(world):
    site(world)
    options = project_of(world)
    tree(world, {"netlify/edge-functions/geo.ts": "x", ".netlify/functions-internal/a.mjs": "x"}, "p")
    assert not world.run("netlify_deploy", options).failed
