# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's environments and their variables."""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.flightcontrol import SERVICE, environment_id, environment_of, project_id, service, state

EVERY_KIND = {
    "plain_text": {"PLAIN": f"{CANARY}-plain", "SWITCHED_ON": "true", "EMPTY": "", "ONE": 1, "STAGE": "production"},
    "parameter_store": {"PARAMETER": f"{CANARY}-parameter"},
    "secrets_manager": {"SECRET": f"{CANARY}-secret"},
    "from_parameter_store": {"FROM_PARAMETER": f"/shop/{CANARY}-path"},
    "from_secrets_manager": {"FROM_SECRET": f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{CANARY}-arn"},
    "from_service": {"FROM_SERVICE": {"id": "db", "value": f"{CANARY}-property"}, "FROM_TEXT": f"db.{CANARY}-text"},
}


STORED = {
    "PLAIN": ("plainText", f"{CANARY}-plain"),
    "SWITCHED_ON": ("plainText", "true"),
    "EMPTY": ("plainText", ""),
    "ONE": ("plainText", "1"),
    "STAGE": ("plainText", "production"),
    "PARAMETER": ("parameterStore", f"{CANARY}-parameter"),
    "SECRET": ("secretsManager", f"{CANARY}-secret"),
    "FROM_PARAMETER": ("fromParameterStore", f"/shop/{CANARY}-path"),
    "FROM_SECRET": ("fromSecretsManager", f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{CANARY}-arn"),
    "FROM_SERVICE": ("fromService", {"id": "db", "value": f"{CANARY}-property"}),
    "FROM_TEXT": ("fromService", f"db.{CANARY}-text"),
}


# With these switches, only one of the two forms is accepted.
ONE_FORM = (("flightcontrol_from_service", "string"), ("flightcontrol_from_service", "object"))


NEW_SERVICE = {
    "id": "experiment-web",
    "name": "Experiment",
    "type": "web",
    "minInstances": 1,
    "envVariables": {"TOKEN": f"{CANARY}-service"},
}


def stored(owner):
    """Exactly the declared variables exist, with their kinds."""

    def holds(world):
        found = world.sandbox.admin("POST", "flightcontrol/env_variables", {"id": owner(world)})["variables"]
        assert {name: (item["kind"], item["value"]) for name, item in found.items() if name != "BEFORE"} == STORED

    return holds


def one_before(world):
    world.rest(
        "flightcontrol",
        "POST",
        f"/v1/environments/{environment_id(world)}/env-variables",
        {"plainText": {"BEFORE": "1"}},
    )


def remembering(world, **options):
    return {
        "environment_id": environment_id(world),
        **EVERY_KIND,
        "state_file": str(world.directory / "sent.json"),
        **options,
    }


def only_experiment(world):
    found = [item for item in state(world)["environments"] if item["name"] == "experiment"]
    assert (
        len(found) == 1
        and found[0]["source"] == {"branch": "main", "trigger": "manual"}
        and found[0]["region"] == "us-east-1"
    )


def source_is(name, **expected):
    def holds(world):
        assert environment_of(world, name)["source"] == expected

    return holds


def preview_is(world):
    preview = state(world)["projects"][0]["preview"]
    assert preview["name"] == "previews" and preview["source"] == {
        "trigger": "pull-request",
        "filter": {"labels": ["preview"], "toBranches": ["main"], "fromBranches": [], "watchPaths": ["web/**"]},
    }


NEW = {"project_id": SERVICE, "create": True, "name": "experiment", "region": "us-east-1"}


EDIT = {"project_id": SERVICE, "environment_id": SERVICE}


def unreadable(world):
    (world.directory / "sent.json").write_text("[]")
    return {"environment_id": SERVICE, "plain_text": {"A": "1"}, "state_file": str(world.directory / "sent.json")}


def not_ours(world):
    (world.directory / "sent.json").write_text('{"format": 1, "salt": "ab", "sent": {"environment:a": ["A"]}}')
    return {"environment_id": SERVICE, "plain_text": {"A": "1"}, "state_file": str(world.directory / "sent.json")}


SCENARIOS = (
    Scenario(
        "flightcontrol_env_vars",
        "environment-remembered",
        remembering,
        given=one_before,
        reads=0,
        secrets=(CANARY,),
        fails_under=ONE_FORM,
        holds=stored(environment_id),
    ),
    Scenario(
        "flightcontrol_env_vars",
        "service-not-remembered",
        lambda world: {"service_id": service(world)["id"], **EVERY_KIND},
        secrets=(CANARY,),
        twice=False,
        reason="offers no way to read variables back",
        fails_under=ONE_FORM,
        holds=stored(lambda world: service(world)["id"]),
    ),
    Scenario(
        "flightcontrol_env_vars",
        "forced",
        lambda world: remembering(world, force=True),
        secrets=(CANARY,),
        twice=False,
        reason="offers no way to read variables back",
        fails_under=ONE_FORM,
        holds=stored(environment_id),
    ),
    Scenario(
        "flightcontrol_env_vars",
        "nothing-declared",
        lambda world: {"environment_id": environment_id(world), "plain_text": {}},
        changes=False,
        reads=0,
    ),
    Scenario(
        "flightcontrol_environment",
        "patch",
        lambda world: {
            "project_id": project_id(world),
            "edit_style": "patch",
            "name": "staging",
            "region": "us-east-1",
            "source": {"trigger": "manual"},
            "env_variables": {"TOKEN": f"{CANARY}-env"},
        },
        secrets=(CANARY,),
        twice=False,
        reason="each run sends the edit",
        fails_under=(("flightcontrol_environment_edit", "post"),),
        holds=source_is("staging", branch="develop", trigger="manual"),
    ),
    Scenario(
        "flightcontrol_environment",
        "post",
        lambda world: {
            "project_id": project_id(world),
            "environment_id": environment_id(world, "staging"),
            "source": {"branch": "main"},
        },
        twice=False,
        reason="each run sends the edit",
        fails_under=(("flightcontrol_environment_edit", "patch"),),
        holds=source_is("staging", branch="main", trigger="push"),
    ),
    Scenario(
        "flightcontrol_environment",
        "create",
        lambda world: {
            "project_id": project_id(world),
            "create": True,
            "name": "experiment",
            "region": "us-east-1",
            "source": {"branch": "main", "trigger": "manual"},
            "services": [NEW_SERVICE],
            "vpc": {"cidr": "10.0.0.0/16", "private": True},
            "env_variables": {"TOKEN": f"{CANARY}-env", "ON": "true"},
        },
        secrets=(CANARY,),
        twice=False,
        once=("createEnvironment",),
        refused_again=True,
        holds=only_experiment,
    ),
    Scenario(
        "flightcontrol_preview_environment",
        "edit",
        lambda world: {
            "project_id": project_id(world),
            "name": "previews",
            "source": {
                "trigger": "pull-request",
                "filter": {
                    "labels": ["preview"],
                    "to_branches": ["main"],
                    "from_branches": [],
                    "watch_paths": ["web/**"],
                },
            },
        },
        twice=False,
        reason="each run sends the edit",
        holds=preview_is,
    ),
)


BAD_INPUT = (
    ("flightcontrol_env_vars", {"environment_id": SERVICE}, ["plain_text", "from_service"]),
    ("flightcontrol_env_vars", {"plain_text": {"A": "1"}}, ["environment_id", "service_id"]),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "service_id": SERVICE, "plain_text": {"A": "1"}},
        ["environment_id", "service_id"],
    ),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "plain_text": {"A": "1"}, "parameter_store": {"A": "1"}},
        ["plain_text", "parameter_store", "A"],
    ),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "secrets_manager": {"A-B": "1"}},
        ["secrets_manager", "'A-B'"],
    ),
    ("flightcontrol_env_vars", {"environment_id": SERVICE, "from_service": {"1A": "x"}}, ["from_service", "'1A'"]),
    ("flightcontrol_env_vars", {"environment_id": SERVICE, "plain_text": {"A": None}}, ["plain_text", "A", "remove"]),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "from_parameter_store": {"A": ""}},
        ["from_parameter_store", "A"],
    ),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "from_service": {"A": {"id": "db"}}},
        ["from_service", "A", "value"],
    ),
    ("flightcontrol_env_vars", {"environment_id": SERVICE, "from_service": {"A": 1}}, ["from_service", "A"]),
    (
        "flightcontrol_env_vars",
        {"environment_id": SERVICE, "plain_text": {"A": "1"}, "state_file": "no/such/directory/file"},
        ["state_file", "no/such"],
    ),
    ("flightcontrol_env_vars", unreadable, ["state_file", "sent.json"]),
    ("flightcontrol_env_vars", not_ours, ["state_file", "sent.json"]),
    ("flightcontrol_environment", {"project_id": SERVICE}, ["environment_id", "create", "edit_style: patch"]),
    ("flightcontrol_environment", {**NEW, "environment_id": SERVICE}, ["create", "environment_id"]),
    ("flightcontrol_environment", {**NEW, "region": None}, ["region"]),
    ("flightcontrol_environment", {**NEW, "name": ""}, ["name"]),
    ("flightcontrol_environment", {**NEW, "services": [{"id": "a", "name": "A"}]}, ["`services[0]`", "type"]),
    (
        "flightcontrol_environment",
        {**NEW, "services": [{"id": "a", "name": "A", "type": "web"}] * 2},
        ["services", "'a'", "twice"],
    ),
    ("flightcontrol_environment", {**NEW, "env_variables": {"A B": "1"}}, ["env_variables", "'A B'"]),
    ("flightcontrol_environment", {**NEW, "env_variables": {"A": None}}, ["env_variables", "A", "remove"]),
    ("flightcontrol_environment", {**EDIT, "edit_style": "patch", "name": "a"}, ["region", "edit_style"]),
    (
        "flightcontrol_environment",
        {**EDIT, "region": "us-east-1"},
        ["region", "edit_style: patch", "source"],
    ),
    ("flightcontrol_environment", EDIT, ["name", "source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE}, ["name", "source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE, "source": {"filter": {}}}, ["source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE, "name": ""}, ["name"]),
    ("flightcontrol_preview_environment", {"project_id": "a/b", "name": "x"}, ["project_id"]),
)
