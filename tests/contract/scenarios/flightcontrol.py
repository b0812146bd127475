# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol.

Every sandbox begins with one project whose environments are production, staging and one for a pull request.
"""

from __future__ import annotations

from scenarios.base import CANARY, Scenario

# Short, so that what never ends is soon given up.
SOON = {"wait_timeout": 20, "poll_interval": 1}
EVERY_KIND = {
    "plain_text": {"PLAIN": f"{CANARY}-plain", "SWITCHED_ON": True, "EMPTY": "", "ONE": 1, "STAGE": "production"},
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
# Only one of the two forms is taken then.
ONE_FORM = (("flightcontrol_from_service", "string"), ("flightcontrol_from_service", "object"))
NEW_SERVICE = {
    "id": "experiment-web",
    "name": "Experiment",
    "type": "web",
    "minInstances": 1,
    "envVariables": {"TOKEN": f"{CANARY}-service"},
}
FAILING = tuple(
    ("flightcontrol_deployment_result", result)
    for result in ("CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR", "never")
) + (("flightcontrol_unknown_status", "final"),)
FAILING_JOBS = tuple(
    ("flightcontrol_job_result", result)
    for result in ("COMPLETED_nonzero", "ERROR", "ERROR_without_exit_code", "CANCELLED", "never")
)


def state(world):
    return world.sandbox.admin("GET", "state")["flightcontrol"]


def service(world, given_id="web", environment="production"):
    """A service as the sandbox's own state has it."""
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


def newest_commit(world, branch="main"):
    return state(world)["repositories"][0]["branches"][branch][-1]["sha"]


def secrets_of_platform(world) -> list:
    """What the hooks' URLs have."""
    return [url.rpartition("/")[2] for url in (hook_url(world), hook_url(world, "staging"), preview_hook_url(world))]


def deployed(name="production", branch="main"):
    """The newest commit is live, or on its way there."""

    def holds(world):
        newest = environment_of(world, name)["deployments"][-1]
        (found,) = [item for item in state(world)["deployments"] if item["id"] == newest]
        assert (found["commit"], found["branch"]) == (newest_commit(world, branch), branch)

    return holds


def by_hook(world, **options):
    return {"hook_url": hook_url(world), "branch": "main", "force": True, **SOON, **options}


def by_api(world, **options):
    return {
        "repo_url": "https://github.com/sandbox/shop",
        "branch": "main",
        "environment_id": environment_id(world),
        **SOON,
        **options,
    }


def up_to_date(world):
    """What is on the branch is live in production."""
    world.sandbox.session.get(f"{hook_url(world)}?branch=main", timeout=10).raise_for_status()
    world.sandbox.admin("POST", "clock", {"advance": 60})


def deployment(world):
    world.ids["deployment"] = environment_of(world)["deployments"][-1]


def stored(owner):
    """Exactly the declared variables are there, in their kinds."""

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


def desired(count, given_id="web"):
    def holds(world):
        assert service(world, given_id)["desired"] == count

    return holds


def set_by_hand(count):
    """Somebody else has set the number, and it has come about."""

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


def job_ran(world):
    assert {(item["job"], item["service_id"]) for item in state(world)["job_executions"]} == {
        ("cleanup", service(world, "nightly")["id"])
    }


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
        "flightcontrol_deployment_info",
        "one",
        lambda world: {"deployment_id": world.ids["deployment"]},
        given=deployment,
        changes=False,
    ),
    Scenario("flightcontrol_deployment_info", "none", {"deployment_id": "c0000000000000000000000000"}, changes=False),
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
        reason="each run changes the number again",
    ),
    Scenario(
        "flightcontrol_scaling",
        "remove",
        lambda world: {"service_id": service(world)["id"], "remove": 1, **SOON},
        given=set_by_hand(9),
        twice=False,
        reason="each run changes the number again",
    ),
    # What follows does not wait, so that its instances come and go at the pace of whoever looks.
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
        "flightcontrol_deploy",
        "by-hook",
        by_hook,
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        fails_under=FAILING,
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-hook-unneeded",
        lambda world: by_hook(world, force=False, commit=newest_commit(world)),
        given=up_to_date,
        changes=False,
        blind=True,
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        fails_under=FAILING,
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-hook-and-go-on",
        lambda world: {"hook_url": hook_url(world), "branch": "main", "wait": False},
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerDeployHook",),
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "preview",
        lambda world: {
            "hook_url": preview_hook_url(world),
            "pr_number": 8,
            "commit": newest_commit(world, "checkout"),
            "force": True,
            **SOON,
        },
        twice=False,
        reason="Each run starts a deployment",
        once=("triggerPreviewDeployHook",),
        fails_under=FAILING,
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-api",
        lambda world: by_api(world, no_cache=True, wait=False),
        twice=False,
        reason="Each run starts a deployment",
        once=("createDeployments",),
        fails_under=(("flightcontrol_partial_failure", "first"), ("flightcontrol_partial_failure", "all")),
        holds=deployed(),
    ),
    Scenario(
        "flightcontrol_deploy",
        "by-api-everywhere",
        lambda world: {
            "repo_url": "https://github.com/sandbox/shop",
            "branch": "main",
            "all_environments": True,
            **SOON,
        },
        twice=False,
        blind=True,
        reason="Each run starts a deployment",
        once=("createDeployments",),
        fails_under=FAILING + (("flightcontrol_partial_failure", "first"), ("flightcontrol_partial_failure", "all")),
        holds=deployed(),
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
    Scenario(
        "flightcontrol_environment",
        "patch",
        lambda world: {
            "project_id": project_id(world),
            "environment_id": environment_id(world, "staging"),
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
            "edit_style": "post",
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
            "env_variables": {"TOKEN": f"{CANARY}-env", "ON": True},
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

HOOK = "https://app.flightcontrol.dev/api/deploy-hook/1234/0123456789abcdef"
SERVICE = "clcpcxekt000lc9ojqtgtc26y"
NEW = {"project_id": SERVICE, "create": True, "name": "experiment", "region": "us-east-1"}
EDIT = {"project_id": SERVICE, "environment_id": SERVICE}


def unreadable(world):
    (world.directory / "sent.json").write_text("[]")
    return {"environment_id": SERVICE, "plain_text": {"A": "1"}, "state_file": str(world.directory / "sent.json")}


def not_ours(world):
    (world.directory / "sent.json").write_text('{"format": 1, "salt": "ab", "sent": {"environment:a": ["A"]}}')
    return {"environment_id": SERVICE, "plain_text": {"A": "1"}, "state_file": str(world.directory / "sent.json")}


BAD_INPUT = (
    ("flightcontrol_service_info", {"project_id": "a/b"}, ["project_id", "'a/b'"]),
    ("flightcontrol_service_info", {"environment_type": "other"}, ["environment_type", "other", "preview"]),
    ("flightcontrol_service_info", {"token": " "}, ["token", "FLIGHTCONTROL_API_KEY"]),
    ("flightcontrol_service_info", {"api_url": "http://api.flightcontrol.dev"}, ["api_url", "https"]),
    ("flightcontrol_scaling_info", {"service_id": "../x"}, ["service_id", "../x"]),
    ("flightcontrol_deployment_info", {"deployment_id": ""}, ["deployment_id"]),
    ("flightcontrol_deployment_info", {}, ["deployment_id"]),
    ("flightcontrol_invalidation_info", {"invalidation_id": "a b"}, ["invalidation_id", "a b"]),
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
    ("flightcontrol_scaling", {"service_id": SERVICE, "count": 101}, ["count", "101", "100"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "add": -1}, ["add", "-1", "0"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "remove": 101}, ["remove", "101"]),
    ("flightcontrol_scaling", {"service_id": SERVICE}, ["count", "add", "remove"]),
    ("flightcontrol_scaling", {"service_id": SERVICE, "count": 1, "add": 1}, ["count", "add"]),
    ("flightcontrol_scaling", {"service_id": "a/b", "count": 1}, ["service_id", "a/b"]),
    ("flightcontrol_deploy", {}, ["hook_url", "repo_url", "FLIGHTCONTROL_DEPLOY_HOOK_URL"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "token": ""}, ["token", "FLIGHTCONTROL_API_KEY", "wait"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "wait": False, "token": ""},
        ["token", "hook_url"],
    ),
    ("flightcontrol_deploy", {"hook_url": "https://app.flightcontrol.dev/hooks/1"}, ["hook_url", "/api/deploy-hook/"]),
    ("flightcontrol_deploy", {"hook_url": HOOK + "?force=true"}, ["hook_url", "query"]),
    ("flightcontrol_deploy", {"hook_url": HOOK.replace("https", "http")}, ["hook_url", "https"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "repo_url": "https://github.com/a/b"}, ["hook_url", "repo_url"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "commit": "0123456"}, ["branch", "commit"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "commit": "main", "branch": "main"}, ["commit", "'main'"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "branch": ""}, ["branch"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "pr_number": 0, "commit": "0123456"}, ["pr_number", "0"]),
    ("flightcontrol_deploy", {"hook_url": HOOK, "pr_number": 7}, ["commit", "pr_number"]),
    (
        "flightcontrol_deploy",
        {"hook_url": HOOK, "pr_number": 7, "commit": "0123456", "branch": "a"},
        ["branch", "pr_number"],
    ),
    ("flightcontrol_deploy", {"hook_url": HOOK, "environment_id": SERVICE}, ["environment_id", "repo_url"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main"},
        ["all_environments", "project_id", "environment_id"],
    ),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "all_environments": True},
        ["all_environments", "project_id"],
    ),
    ("flightcontrol_deploy", {"repo_url": "https://github.com/a/b", "project_id": SERVICE}, ["branch", "repo_url"]),
    ("flightcontrol_deploy", {"repo_url": "", "branch": "main", "project_id": SERVICE}, ["repo_url"]),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/a/b", "branch": "main", "project_id": SERVICE, "force": True},
        ["force", "hook_url"],
    ),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": []}, ["paths"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["index.html"]}, ["paths", "'index.html'"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["/*.html"]}, ["paths", "/*.html", "last"]),
    ("flightcontrol_invalidation", {"service_id": SERVICE, "paths": ["/a b"]}, ["paths", "/a b", "percent"]),
    ("flightcontrol_invalidation", {"service_id": "a/b", "paths": ["/*"]}, ["service_id"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "../x"}, ["job", "../x"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "cleanup", "start_command": []}, ["start_command"]),
    ("flightcontrol_job", {"service_id": SERVICE, "job": "cleanup", "start_command": {"a": 1}}, ["start_command"]),
    ("flightcontrol_job", {"service_id": SERVICE}, ["job"]),
    ("flightcontrol_environment", {"project_id": SERVICE}, ["environment_id", "create"]),
    ("flightcontrol_environment", {**NEW, "environment_id": SERVICE}, ["create", "environment_id"]),
    ("flightcontrol_environment", {**NEW, "region": None}, ["region"]),
    ("flightcontrol_environment", {**NEW, "name": ""}, ["name"]),
    ("flightcontrol_environment", {**NEW, "services": [{"id": "a", "name": "A"}]}, ["services", "type", "1"]),
    (
        "flightcontrol_environment",
        {**NEW, "services": [{"id": "a", "name": "A", "type": "web"}] * 2},
        ["services", "'a'", "twice"],
    ),
    ("flightcontrol_environment", {**NEW, "env_variables": {"A B": "1"}}, ["env_variables", "'A B'"]),
    ("flightcontrol_environment", {**NEW, "env_variables": {"A": None}}, ["env_variables", "A", "remove"]),
    ("flightcontrol_environment", {**EDIT, "name": "a"}, ["region", "edit_style"]),
    (
        "flightcontrol_environment",
        {**EDIT, "edit_style": "post", "region": "us-east-1"},
        ["region", "edit_style", "source"],
    ),
    ("flightcontrol_environment", {**EDIT, "edit_style": "post"}, ["name", "source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE}, ["name", "source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE, "source": {"filter": {}}}, ["source"]),
    ("flightcontrol_preview_environment", {"project_id": SERVICE, "name": ""}, ["name"]),
    ("flightcontrol_preview_environment", {"project_id": "a/b", "name": "x"}, ["project_id"]),
)
