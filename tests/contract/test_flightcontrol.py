# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's variables, scaling, jobs and environments beyond the contract: state that cannot be read."""

from __future__ import annotations

import concurrent.futures
import json
import os
import stat
import time

import pytest
from harness import SharedClock, World
from scenarios.base import CANARY
from scenarios.flightcontrol import (
    environment_id,
    operations,
    project_id,
    service,
    settings,
    succeeded,
    switch,
)
from scenarios.flightcontrol_environments import (
    EVERY_KIND,
    remembering,
)

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
    assert predicted.result["unknown_until_applied"] == ["saved_count"]
    assert predicted.result["env_vars"] == {**outcome.result["env_vars"], "saved_count": None}
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
    """true, 1 and production are secret values here; they are masked in their own place and nowhere else."""
    options = {
        "environment_id": environment_id(world),
        "plain_text": {"A": "true", "B": "1", "C": "production", "D": "completed", "E": ""},
    }
    result = succeeded(world.run("flightcontrol_env_vars", options)).result
    assert result["env_vars"]["status"] == "completed" and result["env_vars"]["environment_id"] == environment_id(world)
    assert result["changed"] is True and result["env_vars"]["saved_count"] == 5


def test_parallel_hosts_lose_nothing(world, monkeypatch):
    # Who waits for a lock waits for a run that takes real time.
    monkeypatch.setattr(SharedClock, "sleep", lambda _clock, seconds: time.sleep(seconds))
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
    [(option, number)] = options.items()
    assert f"`{option}`={number}" in outcome.result["msg"] and " 2 " in outcome.result["msg"]


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
    assert outcome.failed and operations(outcome).count("updateScaling") == 1 and "not retried" in outcome.result["msg"]


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
        assert outcome.failed and outcome.result["error"]["status"] == 401 and "token" in outcome.result["msg"]


def test_the_version_at_the_end_of_the_url_does_not_matter(world):
    for url in (f"{world.sandbox.url}/v1", f"{world.sandbox.url}/v1/", f"{world.sandbox.url}/"):
        assert succeeded(world.run("flightcontrol_service_info", {}, connect={"api_url": url})).result["services"]
