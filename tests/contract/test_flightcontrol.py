# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's sharp edges, besides the contract that all modules keep: what cannot be read, looked up or repeated."""

from __future__ import annotations

import concurrent.futures
import json
import os
import stat

import pytest
from faults import FAULTS
from harness import World
from scenarios.base import CANARY
from scenarios.flightcontrol import (
    EVERY_KIND,
    by_api,
    by_hook,
    deployed,
    environment_id,
    environment_of,
    hook_url,
    newest_commit,
    preview_hook_url,
    project_id,
    remembering,
    service,
    state,
)

QUICK = {"timeout": 0.2, "retries": 2, "deadline": 600}


def switch(world, name, value):
    world.sandbox.admin("PATCH", "switches", {f"flightcontrol_{name}": value})


def settings(world, **values):
    world.sandbox.admin("PATCH", "settings", {f"flightcontrol_{name}": value for name, value in values.items()})


def succeeded(outcome):
    assert not outcome.failed, outcome.result
    return outcome


def operations(outcome):
    return [call["operation"] for call in outcome.calls]


# -- deploy hooks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.concerns("flightcontrol-hook")], ids=lambda fault: fault.name
)
@pytest.mark.parametrize("times", [1, None])
def test_a_hook_is_sent_once_and_never_shown(world, fault, times):
    """Also not after a 5xx. A 429, and a connection that did not come about, prove that nothing was triggered."""
    options = by_hook(world)
    before = environment_of(world)["deployments"]
    secret = options["hook_url"].rpartition("/")[2]
    with fault.on(world, "flightcontrol-hook", "triggerDeployHook", 0, times):
        outcome = world.run("flightcontrol_deploy", options, connect=QUICK)
    assert secret not in outcome.everything()
    assert len(environment_of(world)["deployments"]) <= len(before) + 1
    if fault.may_be_received:
        assert outcome.failed and "A deployment may have been triggered" in outcome.result["msg"], outcome.result
        assert operations(outcome) == ["triggerDeployHook"]
    elif times == 1 and fault.passing:
        succeeded(outcome)
        assert len(environment_of(world)["deployments"]) == len(before) + 1


@pytest.mark.parametrize("text", ["{url}", "{secret}", '{{"message": "{secret}"}}', "<p>{secret}</p>"])
def test_a_hook_is_not_shown_when_the_platform_echoes_it(world, text):
    options = by_hook(world)
    secret = options["hook_url"].rpartition("/")[2]
    world.sandbox.admin(
        "POST",
        "faults",
        {
            "platform": "flightcontrol-hook",
            "operation": "triggerDeployHook",
            "kind": "status",
            "status": 400,
            "times": None,
            "body_text": text.format(url=options["hook_url"], secret=secret),
            "headers": {"X-Request-Id": secret, "Location": options["hook_url"]},
        },
    )
    outcome = world.run("flightcontrol_deploy", options)
    assert outcome.failed and "****" in outcome.result["msg"]
    assert secret not in outcome.everything()


def test_a_hook_needs_no_token(world):
    """That it gets none where there is one is shown by the client's own tests."""
    outcome = succeeded(
        world.run("flightcontrol_deploy", {"hook_url": hook_url(world), "branch": "main", "wait": False, "token": ""})
    )
    assert operations(outcome) == ["triggerDeployHook"] and outcome.result["deployments"][0]["id"]


def test_the_hook_of_the_environment_is_the_fallback_and_gives_way_to_the_api(world, monkeypatch):
    monkeypatch.setenv("FLIGHTCONTROL_DEPLOY_HOOK_URL", hook_url(world))
    outcome = succeeded(world.run("flightcontrol_deploy", {"branch": "main", "wait": False}))
    assert operations(outcome) == ["triggerDeployHook"]
    outcome = succeeded(world.run("flightcontrol_deploy", by_api(world, wait=False)))
    assert operations(outcome) == ["createDeployments"]
    assert (
        world.run("flightcontrol_deploy", by_api(world, hook_url=hook_url(world, "staging"))).result["error"]["option"]
        == "hook_url"
    )


def test_a_hook_may_answer_that_it_has_not_triggered(world):
    switch(world, "hook_refused", "success_false")
    outcome = world.run("flightcontrol_deploy", by_hook(world, branch="no-such-branch"))
    assert outcome.failed and outcome.result["changed"] is False
    assert outcome.result["error"]["code"] == "not_triggered" and "no-such-branch" in outcome.result["msg"]
    assert outcome.result["error"]["path"].endswith("/********")


def test_a_preview_is_deployed_by_pull_request_and_commit(world):
    commit = newest_commit(world, "checkout")
    options = {"hook_url": preview_hook_url(world), "pr_number": 9, "commit": commit}
    outcome = succeeded(world.run("flightcontrol_deploy", options))
    (found,) = outcome.result["deployments"]
    assert found["is_preview"] and found["commit"] == commit and found["status"] == "SUCCESS"


# -- what becomes of deployments ---------------------------------------------------------------------------------------


def test_no_change_is_success_and_unchanged(world):
    succeeded(world.run("flightcontrol_deploy", by_hook(world)))
    commit = newest_commit(world)
    predicted = world.run("flightcontrol_deploy", by_hook(world, force=False, commit=commit), check=True)
    assert predicted.result["changed"] is True and predicted.result["unknown_until_applied"] == [
        "changed",
        "deployments",
    ]
    outcome = succeeded(world.run("flightcontrol_deploy", by_hook(world, force=False, commit=commit)))
    assert outcome.result["changed"] is False and outcome.result["diff"]["after"] == outcome.result["diff"]["before"]
    assert outcome.result["deployments"][0]["status"] == "NO_CHANGE"


@pytest.mark.parametrize("form", ["object", "string", "null"])
def test_services_that_fail_are_named_with_what_was_said(world, form):
    switch(world, "deployment_result", "BUILD_ERROR")
    switch(world, "service_error", form)
    outcome = world.run("flightcontrol_deploy", by_hook(world))
    assert outcome.failed and outcome.result["changed"] is True
    assert "production, web: BUILD_ERROR" in outcome.result["msg"]
    web = next(item for item in outcome.result["deployments"][0]["services"] if item["service_given_id"] == "web")
    assert web["status"] == "BUILD_ERROR" and web["error"] == (
        None if form == "null" else "The build failed with exit code 1"
    )
    assert form == "null" or "The build failed with exit code 1" in outcome.result["msg"]


@pytest.mark.parametrize(
    "name,value,shown", [("deployment_result", "never", "DEPLOYING"), ("unknown_status", "final", "VERIFYING")]
)
def test_what_does_not_end_is_named_with_its_status(world, name, value, shown):
    switch(world, name, value)
    outcome = world.run("flightcontrol_deploy", by_hook(world))
    assert outcome.failed and outcome.result["error"]["code"] == "wait_timeout" and shown in outcome.result["msg"]
    assert outcome.result["deployments"][0]["id"] in outcome.result["msg"]


def test_a_deployment_may_be_visible_late_but_not_for_ever(world):
    switch(world, "new_deployment", "late")
    settings(world, visibility_seconds=10)
    succeeded(world.run("flightcontrol_deploy", by_hook(world)))
    settings(world, visibility_seconds=1000)
    outcome = world.run("flightcontrol_deploy", by_hook(world, wait_timeout=600))
    assert outcome.failed and outcome.result["error"]["code"] == "not_found" and "organization" in outcome.result["msg"]
    assert outcome.result["changed"] is True and outcome.result["deployments"][0]["id"] in outcome.result["msg"]


@pytest.mark.parametrize("form", ["object", "string"])
@pytest.mark.parametrize("wait", [True, False])
def test_partial_failures_inside_a_200_are_failures(world, form, wait):
    switch(world, "partial_failure", "first")
    switch(world, "environment_error", form)
    everywhere = {
        "repo_url": "https://github.com/sandbox/shop",
        "branch": "main",
        "all_environments": True,
        "wait": wait,
    }
    outcome = world.run("flightcontrol_deploy", everywhere)
    assert outcome.failed and outcome.result["changed"] is True
    failed = [item for item in outcome.result["deployments"] if item["id"] is None]
    started = [item for item in outcome.result["deployments"] if item["id"]]
    assert (
        len(failed) == 1
        and isinstance(failed[0]["error"], str)
        and failed[0]["environment_id"] in outcome.result["msg"]
    )
    assert started and all(item["error"] is None for item in started)
    assert not wait or all(item["status"] in ("SUCCESS", "NO_CHANGE") for item in started)


def test_when_no_environment_could_be_deployed_nothing_has_changed(world):
    switch(world, "partial_failure", "all")
    outcome = world.run("flightcontrol_deploy", by_api(world))
    assert outcome.failed and outcome.result["changed"] is False


@pytest.mark.parametrize("value", ["empty", 404])
def test_a_filter_that_matches_nothing_is_a_failure(world, value):
    switch(world, "no_match", value)
    outcome = world.run("flightcontrol_deploy", by_api(world, environment_id="c0000000000000000000000000"))
    assert outcome.failed and outcome.result["changed"] is False


def test_only_what_the_filter_names_is_deployed(world):
    before = {item["name"]: item["deployments"] for item in state(world)["environments"]}
    succeeded(world.run("flightcontrol_deploy", by_api(world)))
    after = {item["name"]: item["deployments"] for item in state(world)["environments"]}
    assert [name for name in after if after[name] != before[name]] == ["production"]
    deployed()(world)


# -- environment variables ---------------------------------------------------------------------------------------------


def kept(world):
    return json.loads((world.directory / "sent.json").read_text())


def test_only_what_differs_is_sent_and_no_value_is_kept(world):
    options = remembering(world)
    succeeded(world.run("flightcontrol_env_vars", options))
    text = (world.directory / "sent.json").read_text()
    assert CANARY not in text and "production" not in text
    assert stat.S_IMODE(os.stat(world.directory / "sent.json").st_mode) == 0o600
    changed = {**options, "plain_text": {**EVERY_KIND["plain_text"], "ONE": 2, "NEW": CANARY}}
    predicted = world.run("flightcontrol_env_vars", changed, check=True)
    outcome = succeeded(world.run("flightcontrol_env_vars", changed))
    assert outcome.result["env_vars"]["sent"] == predicted.result["env_vars"]["sent"] == ["NEW", "ONE"]
    assert outcome.result["env_vars"] | {"unchanged": []} == {
        "environment_id": environment_id(world),
        "service_id": None,
        "sent": ["NEW", "ONE"],
        "unchanged": [],
        "status": "completed",
        "run_id": None,
        "saved_count": 2,
        "processing_count": 0,
    }
    assert not predicted.warnings and not outcome.warnings


def test_another_kind_and_another_target_are_sent_anew(world):
    options = {
        "environment_id": environment_id(world),
        "plain_text": {"A": CANARY},
        "state_file": str(world.directory / "sent.json"),
    }
    moved = {**options, "plain_text": None, "secrets_manager": {"A": CANARY}}
    elsewhere = {**options, "environment_id": environment_id(world, "staging")}
    for step in (options, moved, options, elsewhere):
        outcome = succeeded(world.run("flightcontrol_env_vars", step))
        assert outcome.result["changed"] is True and outcome.result["env_vars"]["sent"] == ["A"]
    assert succeeded(world.run("flightcontrol_env_vars", options)).result["changed"] is False
    assert set(kept(world)["sent"]) == {
        f"environment:{environment_id(world)}",
        f"environment:{environment_id(world, 'staging')}",
    }


def test_nothing_is_remembered_that_was_refused(world):
    options = {
        "environment_id": "c0000000000000000000000000",
        "plain_text": {"A": CANARY},
        "state_file": str(world.directory / "sent.json"),
    }
    outcome = world.run("flightcontrol_env_vars", options)
    assert outcome.failed and outcome.result["changed"] is False and outcome.result["error"]["status"] == 404
    assert not (world.directory / "sent.json").exists()


def test_without_a_memory_check_mode_is_honest(world):
    options = {"environment_id": environment_id(world), "plain_text": {"B": "1", "A": CANARY}}
    predicted = succeeded(world.run("flightcontrol_env_vars", options, check=True))
    assert predicted.result["changed"] is True and len(predicted.warnings) == 1
    assert "A, B" in predicted.warnings[0] and "state_file" in predicted.warnings[0]
    assert not succeeded(world.run("flightcontrol_env_vars", options)).warnings


def test_values_that_look_like_anything_leave_the_result_intact(world):
    """true, 1 and production are values here; they are masked where they stand and nowhere else."""
    options = {
        "environment_id": environment_id(world),
        "plain_text": {"A": "true", "B": "1", "C": "production", "D": "completed", "E": ""},
    }
    result = succeeded(world.run("flightcontrol_env_vars", options)).result
    assert result["env_vars"]["status"] == "completed" and result["env_vars"]["environment_id"] == environment_id(world)
    assert result["changed"] is True and result["env_vars"]["saved_count"] == 5


def test_parallel_hosts_lose_nothing(world):
    target = environment_id(world)

    def host(number):
        own = World.__new__(World)
        own.__dict__.update(world.__dict__)
        return own.run(
            "flightcontrol_env_vars",
            {
                "environment_id": target,
                "plain_text": {f"NAME_{number}": str(number), "SHARED": "1"},
                "state_file": str(world.directory / "sent.json"),
            },
        )

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert not any(outcome.failed for outcome in pool.map(host, range(24)))
    assert len(kept(world)["sent"][f"environment:{target}"]) == 25
    assert not any(host(number).result["changed"] for number in range(24))


# -- scaling -----------------------------------------------------------------------------------------------------------


def scale(world, given_id="web", check=False, **options):
    return world.run(
        "flightcontrol_scaling",
        {"service_id": service(world, given_id)["id"], "wait_timeout": 30, **options},
        check=check,
    )


def test_it_waits_until_as_many_run_as_shall(world):
    settings(world, instance_seconds=10)
    assert scale(world, count=4, wait=False).result["scaling"]["running_instances"] == 2
    joined = succeeded(scale(world, count=4))
    assert joined.result["changed"] is False and joined.result["scaling"]["running_instances"] == 4
    settings(world, instance_seconds=1000)
    outcome = scale(world, count=6)
    assert (
        outcome.failed
        and outcome.result["changed"] is True
        and "4 running, 2 pending, 6 wanted" in outcome.result["msg"]
    )


def test_an_autoscaler_is_seen_and_not_fought(world):
    settings(world, autoscaler_seconds=1)
    outcome = succeeded(scale(world, "worker", count=4))
    assert operations(outcome) == ["getScaling", "updateScaling", "getScaling"]
    assert len(outcome.warnings) == 1 and "between 1 and 4" in outcome.warnings[0]
    assert outcome.result["scaling"]["autoscaling_enabled"] is True
    assert (outcome.result["scaling"]["min_instances"], outcome.result["scaling"]["max_instances"]) == (1, 4)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_a_lost_answer_to_add_is_looked_up(world, kind):
    world.sandbox.admin(
        "POST", "faults", {"platform": "flightcontrol", "operation": "updateScaling", "kind": kind, "times": 1}
    )
    outcome = succeeded(scale(world, add=3))
    assert outcome.result["changed"] is True and outcome.result["previous_count"] == 2
    assert service(world)["desired"] == outcome.result["scaling"]["desired_instances"] == 5


@pytest.mark.parametrize("options", [{"remove": 3}, {"add": 99}])
def test_more_or_fewer_than_the_platform_takes_is_refused(world, options):
    outcome = scale(world, **options)
    assert outcome.failed and not outcome.writes and outcome.result["error"]["code"] == "out_of_range"
    assert "out of 2" in outcome.result["msg"]


def test_none_more_is_no_change(world):
    assert succeeded(scale(world, add=0)).result["changed"] is False


def test_where_the_number_cannot_be_read_the_answer_tells(world):
    switch(world, "scaling_read", "missing")
    predicted = succeeded(scale(world, count=2, check=True))
    assert predicted.result["changed"] is True and "changed" in predicted.result["unknown_until_applied"]
    assert len(predicted.warnings) == 1 and "cannot be read (404)" in predicted.warnings[0]
    outcome = succeeded(scale(world, count=2))
    assert outcome.result["changed"] is False and outcome.result["previous_count"] == 2 and not outcome.warnings
    outcome = succeeded(scale(world, count=3))
    assert outcome.result["changed"] is True and outcome.result["scaling"]["desired_instances"] == 3
    assert outcome.result["scaling"]["running_instances"] is None


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_where_the_number_cannot_be_read_a_lost_answer_never_hides_a_change(world, kind):
    switch(world, "scaling_read", "missing")
    world.sandbox.admin(
        "POST", "faults", {"platform": "flightcontrol", "operation": "updateScaling", "kind": kind, "times": 2}
    )
    outcome = scale(world, count=5)
    assert succeeded(outcome).result["changed"] is True and service(world)["desired"] == 5
    world.sandbox.admin(
        "POST", "faults", {"platform": "flightcontrol", "operation": "updateScaling", "kind": kind, "times": 1}
    )
    outcome = scale(world, add=2)
    assert (
        outcome.failed and operations(outcome).count("updateScaling") == 1 and "not sent again" in outcome.result["msg"]
    )


@pytest.mark.parametrize("read", ["present", "missing"])
def test_a_service_that_does_not_exist_is_an_error(world, read):
    switch(world, "scaling_read", read)
    outcome = world.run("flightcontrol_scaling", {"service_id": "c0000000000000000000000000", "count": 1})
    assert outcome.failed and outcome.result["error"]["status"] == 404 and "Service not found" in outcome.result["msg"]


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "result,code", [("COMPLETED_nonzero", 3), ("ERROR", 1), ("ERROR_without_exit_code", None), ("CANCELLED", None)]
)
def test_a_job_that_fails_is_told_with_its_exit_code(world, result, code):
    switch(world, "job_result", result)
    outcome = world.run("flightcontrol_job", {"service_id": service(world, "nightly")["id"], "job": "cleanup"})
    assert outcome.failed and outcome.result["changed"] is True and outcome.result["error"]["code"] == "job_failed"
    assert outcome.result["job_execution"]["exit_code"] == code and f"exit code {code}" in outcome.result["msg"]


def test_an_invalidation_without_a_status_is_not_waited_for(world):
    switch(world, "invalidation_body", "empty")
    outcome = succeeded(
        world.run("flightcontrol_invalidation", {"service_id": service(world, "site")["id"], "paths": ["/*"]})
    )
    assert outcome.result["invalidation"]["completed"] is None and len(outcome.warnings) == 1


@pytest.mark.parametrize("form", ["list", "object", "empty"])
def test_the_id_of_a_new_environment_is_found(world, form):
    switch(world, "create_environment_answer", form)
    options = {
        "project_id": project_id(world),
        "create": True,
        "name": "experiment",
        "region": "us-east-1",
        "services": [{"id": "experiment-web", "name": "Experiment", "type": "web"}],
    }
    outcome = succeeded(world.run("flightcontrol_environment", options))
    assert outcome.result["environment"]["id"] == environment_id(world, "experiment")
    again = world.run("flightcontrol_environment", options)
    assert again.failed and not again.writes and again.result["error"]["code"] == "exists"
    assert "experiment-web" in again.result["msg"] and environment_id(world, "experiment") in again.result["msg"]


def test_a_lost_answer_to_a_creation_is_reported(world):
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": "flightcontrol", "operation": "createEnvironment", "kind": "cut_after", "times": 1},
    )
    options = {"project_id": project_id(world), "create": True, "name": "experiment", "region": "us-east-1"}
    outcome = world.run("flightcontrol_environment", options)
    assert outcome.failed and "The environment may have been created" in outcome.result["msg"]
    assert operations(outcome).count("createEnvironment") == 1


def test_the_key_is_asked_for_where_it_is_wrong(new_world):
    for form in ("error_code", "error"):
        world = new_world({"flightcontrol_unauthorized": form})
        outcome = world.run("flightcontrol_service_info", {}, connect={"token": "wrong"})
        assert (
            outcome.failed
            and outcome.result["error"]["status"] == 401
            and "is the token right" in outcome.result["msg"]
        )


def test_the_version_at_the_end_of_the_url_does_not_matter(world):
    for url in (f"{world.sandbox.url}/v1", f"{world.sandbox.url}/v1/", f"{world.sandbox.url}/"):
        assert succeeded(world.run("flightcontrol_service_info", {}, connect={"api_url": url})).result["services"]
