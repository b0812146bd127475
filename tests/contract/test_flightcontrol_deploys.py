# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's deploy hooks and deployments beyond the contract: they cannot be looked up or repeated."""

from __future__ import annotations

import pytest
from faults import FAULTS
from scenarios.flightcontrol import (
    environment_of,
    hook_url,
    operations,
    preview_hook_url,
    settings,
    state,
    succeeded,
    switch,
)
from scenarios.flightcontrol_deploys import (
    by_api,
    by_hook,
    deployed,
    newest_commit,
)

QUICK = {"timeout": 0.2, "retries": 2, "deadline": 600}


# -- deploy hooks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.concerns("flightcontrol-hook")], ids=lambda fault: fault.name
)
@pytest.mark.parametrize("times", [1, None])
def test_a_hook_is_sent_once_and_never_shown(world, fault, times):
    """Not after a 5xx either. A 429 or a connection that could not be established proves that nothing was triggered."""
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


def test_a_hook_that_redirects_to_itself_is_sent_once(world):
    """Following the redirect would trigger a second deployment."""
    options = by_hook(world)
    fault = {"platform": "flightcontrol-hook", "operation": "triggerDeployHook", "kind": "redirect", "status": 307}
    world.sandbox.admin("POST", "faults", {**fault, "location": options["hook_url"], "times": None})
    outcome = world.run("flightcontrol_deploy", options)
    assert outcome.failed and outcome.result["error"]["code"] == "redirect"
    assert operations(outcome) == ["triggerDeployHook"]


def test_a_hook_needs_no_token(world):
    """The client's own tests show that it does not send an existing token to a hook."""
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


@pytest.mark.parametrize("form", ["object", "string", "null", "list"])
def test_services_that_fail_are_named_with_what_was_said(world, form):
    switch(world, "deployment_result", "BUILD_ERROR")
    switch(world, "service_error", form)
    outcome = world.run("flightcontrol_deploy", by_hook(world))
    assert outcome.failed and outcome.result["changed"] is True
    assert "production, web: BUILD_ERROR" in outcome.result["msg"]
    web = next(item for item in outcome.result["deployments"][0]["services"] if item["service_given_id"] == "web")
    reason = "The build failed with exit code 1"
    told = {"null": None, "list": f"BUILD_ERROR: {reason}"}.get(form, reason)
    assert web["status"] == "BUILD_ERROR" and web["error"] == told
    assert form == "null" or "The build failed with exit code 1" in outcome.result["msg"]


@pytest.mark.parametrize(
    "name,value,shown", [("deployment_result", "never", "DEPLOYING"), ("unknown_status", "final", "VERIFYING")]
)
def test_what_does_not_end_is_named_with_its_status(world, name, value, shown):
    switch(world, name, value)
    outcome = world.run("flightcontrol_deploy", by_hook(world))
    assert outcome.failed and outcome.result["error"]["code"] == "wait_timeout" and shown in outcome.result["msg"]
    (deployment,) = outcome.result["deployments"]
    assert deployment["id"] in outcome.result["msg"]
    # As it was read last.
    assert deployment["status"] == shown and shown in {service["status"] for service in deployment["services"]}
    assert deployment["environment_given_id"] == "production" and deployment["commit"] == newest_commit(world)


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
