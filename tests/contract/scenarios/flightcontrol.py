# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's services and their scaling, jobs and caches.

Every sandbox starts with one project with the environments production, staging and one for a pull request.
"""

from __future__ import annotations

from scenarios.base import Scenario

# Short, so that waiting for an endless job stops soon.
SOON = {"wait_timeout": 20, "poll_interval": 1}


FAILING_JOBS = tuple(
    ("flightcontrol_job_result", result)
    for result in ("COMPLETED_nonzero", "ERROR", "ERROR_without_exit_code", "CANCELLED", "never")
)


def switch(world, name, value):
    world.sandbox.admin("PATCH", "switches", {f"flightcontrol_{name}": value})


def settings(world, **values):
    world.sandbox.admin("PATCH", "settings", {f"flightcontrol_{name}": value for name, value in values.items()})


def succeeded(outcome):
    assert not outcome.failed, outcome.result
    return outcome


def operations(outcome):
    return [call["operation"] for call in outcome.calls]


def state(world):
    return world.sandbox.state("flightcontrol")


def service(world, given_id="web", environment="production"):
    """A service in the sandbox's own state."""
    (found,) = [
        item
        for item in state(world)["services"]
        if item["given_id"] == given_id and item["environment_id"] == environment_id(world, environment)
    ]
    return found


def environment_of(world, name="production"):
    (found,) = [item for item in state(world)["environments"] if item["name"] == name]
    return found


def environment_id(world, name="production"):
    return environment_of(world, name)["id"]


def project_id(world):
    return world.environment["FLIGHTCONTROL_PROJECT_ID"]


def hook_url(world, name="production"):
    environment = environment_of(world, name)
    return f"{world.sandbox.url}/api/deploy-hook/{environment['hook_id']}/{environment['hook_secret']}"


def preview_hook_url(world):
    preview = state(world)["projects"][0]["preview"]
    return f"{world.sandbox.url}/api/deploy-hook/{preview['hook_id']}/{preview['hook_secret']}"


def secrets_of_platform(world) -> list:
    """The secrets in the URLs of the hooks."""
    return [url.rpartition("/")[2] for url in (hook_url(world), hook_url(world, "staging"), preview_hook_url(world))]


def desired(count, given_id="web"):
    def holds(world):
        assert service(world, given_id)["desired"] == count

    return holds


def set_by_hand(count):
    """Another client has set the instance count, and the scaling is complete."""

    def given(world):
        world.rest(
            "flightcontrol",
            "POST",
            f"/v1/services/{service(world)['id']}/scaling",
            {"operation": "set", "count": count},
        )
        world.sandbox.admin("POST", "clock", {"advance": 60})

    return given


def invalidation(world):
    site = service(world, "site")["id"]
    world.ids["invalidation"] = world.rest(
        "flightcontrol", "POST", f"/v1/services/{site}/cloudfront/invalidation", {"paths": ["/*"]}
    )["invalidationId"]
    world.sandbox.admin("POST", "clock", {"advance": 60})


def invalidated(*paths):
    def holds(world):
        found = state(world)["invalidations"]
        assert found and all(item["paths"] == sorted(paths) for item in found)

    return holds


def job_ran(world):
    assert {(item["job"], item["service_id"]) for item in state(world)["job_executions"]} == {
        ("cleanup", service(world, "nightly")["id"])
    }


SERVICE = "clcpcxekt000lc9ojqtgtc26y"


SCENARIOS = (
    Scenario("flightcontrol_service_info", "all", {}, changes=False),
    Scenario(
        "flightcontrol_service_info",
        "all-filters",
        lambda world: {
            "project_id": project_id(world),
            "environment_id": environment_id(world),
            "type": "web",
            "environment_type": "standard",
            "given_id": "web",
        },
        changes=False,
    ),
    Scenario(
        "flightcontrol_service_info",
        "all-pages",
        {},
        given=lambda world: world.rest(
            "flightcontrol",
            "POST",
            f"/v1/projects/{project_id(world)}/environments",
            {
                "name": "many",
                "region": "us-east-1",
                "services": [{"id": f"s{number}", "name": f"S {number}", "type": "worker"} for number in range(203)],
            },
        ),
        changes=False,
        reads=3,
    ),
    Scenario("flightcontrol_scaling_info", "one", lambda world: {"service_id": service(world)["id"]}, changes=False),
    Scenario(
        "flightcontrol_scaling_info",
        "not-scalable",
        lambda world: {"service_id": service(world, "db")["id"]},
        changes=False,
    ),
    Scenario(
        "flightcontrol_invalidation_info",
        "one",
        lambda world: {"invalidation_id": world.ids["invalidation"]},
        given=invalidation,
        changes=False,
    ),
    Scenario(
        "flightcontrol_invalidation_info", "none", {"invalidation_id": "c0000000000000000000000000"}, changes=False
    ),
    Scenario(
        "flightcontrol_scaling",
        "set",
        lambda world: {"service_id": service(world)["id"], "count": 5, **SOON},
        blind_under=(("flightcontrol_scaling_read", "missing"),),
        holds=desired(5),
    ),
    Scenario(
        "flightcontrol_scaling",
        "add",
        lambda world: {"service_id": service(world)["id"], "add": 2, **SOON},
        twice=False,
        reason="each run changes the count again",
    ),
    Scenario(
        "flightcontrol_scaling",
        "remove",
        lambda world: {"service_id": service(world)["id"], "remove": 1, **SOON},
        given=set_by_hand(9),
        twice=False,
        reason="each run changes the count again",
    ),
    # The following scenarios do not wait, so the instances change only when somebody sends a request.
    Scenario(
        "flightcontrol_scaling",
        "set-and-go-on",
        lambda world: {"service_id": service(world)["id"], "count": 0, "wait": False},
        blind_under=(("flightcontrol_scaling_read", "missing"),),
        holds=desired(0),
    ),
    Scenario(
        "flightcontrol_scaling",
        "unchanged",
        lambda world: {"service_id": service(world)["id"], "count": 3},
        given=set_by_hand(3),
        changes=False,
        blind_under=(("flightcontrol_scaling_read", "missing"),),
        holds=desired(3),
    ),
    Scenario(
        "flightcontrol_scaling",
        "autoscaled",
        lambda world: {"service_id": service(world, "worker")["id"], "count": 3},
        blind_under=(("flightcontrol_scaling_read", "missing"),),
        holds=desired(3, "worker"),
    ),
    Scenario(
        "flightcontrol_invalidation",
        "pages",
        lambda world: {
            "service_id": service(world, "site")["id"],
            "paths": ["/prices/*", "/index.html", "/prices/*"],
            **SOON,
        },
        twice=False,
        reason="What a cache holds cannot be read",
        holds=invalidated("/index.html", "/prices/*"),
    ),
    Scenario(
        "flightcontrol_invalidation",
        "go-on",
        lambda world: {"service_id": service(world, "site")["id"], "paths": ["/*"], "wait": False},
        twice=False,
        reason="What a cache holds cannot be read",
        holds=invalidated("/*"),
    ),
    Scenario(
        "flightcontrol_job",
        "run",
        lambda world: {
            "service_id": service(world, "nightly")["id"],
            "job": "cleanup",
            "start_command": ["python", "cleanup.py"],
            **SOON,
        },
        twice=False,
        reason="Each run starts the job",
        once=("createJobExecution",),
        fails_under=FAILING_JOBS,
        holds=job_ran,
    ),
    Scenario(
        "flightcontrol_job",
        "go-on",
        lambda world: {"service_id": service(world, "nightly")["id"], "job": "cleanup", "wait": False},
        twice=False,
        reason="Each run starts the job",
        once=("createJobExecution",),
        holds=job_ran,
    ),
)


BAD_INPUT = (
    ("flightcontrol_service_info", {"project_id": "a/b"}, ["project_id", "'a/b'"]),
    ("flightcontrol_service_info", {"environment_type": "other"}, ["environment_type", "other", "preview"]),
    ("flightcontrol_service_info", {"token": " "}, ["token", "FLIGHTCONTROL_API_KEY"]),
    ("flightcontrol_service_info", {"api_url": "http://api.flightcontrol.dev"}, ["api_url", "https"]),
    ("flightcontrol_scaling_info", {"service_id": "../x"}, ["service_id", "../x"]),
    ("flightcontrol_invalidation_info", {"invalidation_id": "a b"}, ["invalidation_id", "a b"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "count": 101}, ["count", "101", "100"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "add": -1}, ["add", "-1", "0"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "remove": 101}, ["remove", "101"]),
    ("flightcontrol_scaling", {"service_id": SERVICE}, ["count", "add", "remove"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "count": 1, "add": 1}, ["count", "add"]),
    ("flightcontrol_scaling", {"service_id": "a/b", "count": 1}, ["service_id", "a/b"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": []}, ["paths"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["index.html"]}, ["paths", "'index.html'"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["/*.html"]}, ["paths", "/*.html", "last"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["/a b"]}, ["paths", "/a b", "percent"]),
    ("flightcontrol_invalidation", {"service_id": "a/b", "paths": ["/*"]}, ["service_id"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "../x"}, ["job", "../x"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "cleanup", "start_command": []}, ["start_command"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "cleanup", "start_command": {"a": 1}}, ["start_command"]),
    ("flightcontrol_job", {"service_id": SERVICE}, ["job"]),
)
