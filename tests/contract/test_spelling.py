# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How YAML reads unquoted names and values, in every option that takes a dictionary."""

from __future__ import annotations

import pathlib

import pytest
from harness import MODULES, definition_of

ENVIRONMENT = {"project_id": "clabc", "create": True, "name": "a", "region": "us-east-1"}
PREVIEW = {
    "name": "a",
    "github_token": "ghp_example",
    "repository": "o/n",
    "branch": "main",
    "directory": ".",
    "plan": "cloud_free",
    "cloud": "aws",
    "region": "us-east-2",
}
HOOK = {"site": "shop", "type": "url", "event": "deploy_created", "url": "https://example.com/a"}
DEPLOY = {"site": "shop", "src": str(pathlib.Path(__file__).parent / "scenarios")}
KINDS = ("plain_text", "parameter_store", "secrets_manager", "from_parameter_store", "from_secrets_manager")


def page(option):
    return lambda texts: {"urls": [{"url": "https://example.com", option: texts}]}


def service(texts):
    return {**ENVIRONMENT, "services": [{"id": "a", "name": "A", "type": "web", "envVariables": texts}]}


def variables(texts):
    return {"site": "shop", "variables": [{"key": name, "value": value} for name, value in texts.items()]}


def variables_by_context(texts):
    return {
        "site": "shop",
        "variables": [
            {"key": name, "values": [{"context": "production", "value": value}]} for name, value in texts.items()
        ],
    }


# {(module, option): options with such a dictionary}
OF_TEXTS = {
    ("fleek_site", "environment_variables"): lambda texts: {
        "repository_url": "https://github.com/o/n",
        "repository_branch": "main",
        "team_id": "team",
        "environment_variables": texts,
    },
    ("flightcontrol_environment", "env_variables"): lambda texts: {**ENVIRONMENT, "env_variables": texts},
    ("flightcontrol_environment", "services"): service,
    **{
        ("flightcontrol_env_vars", kind): lambda texts, kind=kind: {"service_id": "clabc", kind: texts}
        for kind in KINDS
    },
    ("hasura_env_vars", "env_vars"): lambda texts: {"name": "a", "env_vars": texts},
    ("hasura_metadata", "substitutions"): lambda texts: {"name": "a", "src": "metadata", "substitutions": texts},
    ("hasura_preview_app", "env_vars"): lambda texts: {**PREVIEW, "env_vars": texts},
    ("hasura_tenant", "env_vars"): lambda texts: {
        "name": "a",
        "cloud": "aws",
        "region": "us-east-2",
        "env_vars": texts,
    },
    ("netlify_deploy", "environment.value"): lambda texts: {
        **DEPLOY,
        "environment": [{"key": name, "value": value} for name, value in texts.items()],
    },
    ("netlify_env_vars", "env_vars"): lambda texts: {"site": "shop", "env_vars": texts},
    ("netlify_env_vars", "variables.value"): variables,
    ("netlify_env_vars", "variables.values.value"): variables_by_context,
    ("netlify_log_drain", "tags"): lambda texts: {"site": "shop", "destination": "http", "tags": texts},
    ("verify", "urls.headers"): page("headers"),
    ("verify", "urls.response_headers"): page("response_headers"),
}
# The values of these are JSON, or strings only; only names are checked.
OF_JSON = {
    ("flightcontrol_env_vars", "from_service"): lambda texts: {"service_id": "clabc", "from_service": texts},
    ("hasura_metadata", "metadata"): lambda texts: {
        "name": "a",
        "metadata": {"version": 3, "sources": [{"name": "default", "filter": texts}]},
    },
    ("netlify_deploy", "functions_config.build_data"): lambda texts: {
        **DEPLOY,
        "functions_config": [{"name": "a", "build_data": texts}],
    },
    ("netlify_hook", "data"): lambda texts: {**HOOK, "data": texts},
    ("netlify_metadata", "metadata"): lambda texts: {"site": "shop", "metadata": texts},
    ("netlify_split_test", "branches"): lambda texts: {"site": "shop", "branches": texts},
    ("verify", "urls.json"): page("json"),
}
# A command and a body can have any value.
OTHERS = {("flightcontrol_job", "start_command"), ("verify", "urls.body")}


def dictionaries(spec, path=()):
    for name, option in spec.items():
        if option.get("options"):
            yield from dictionaries(option["options"], (*path, name))
        elif option.get("type") in ("dict", "raw") or option.get("elements") in ("dict", "raw"):
            yield ".".join((*path, name))


def test_every_option_that_takes_a_dictionary_is_here():
    found = {
        (module, option) for module in MODULES for option in dictionaries(definition_of(module).spec["argument_spec"])
    }
    assert found == {*OF_TEXTS, *OF_JSON, *OTHERS}


def refused(world, module, options):
    outcome = world.run(module, options)
    assert outcome.failed and not outcome.calls
    assert outcome.result["error"]["code"] == "invalid_input"
    return outcome.result["msg"]


@pytest.mark.parametrize("name", ["false", "true", "null"])
@pytest.mark.parametrize("place", [*OF_TEXTS, *OF_JSON], ids=".".join)
def test_names_that_yaml_has_made_of_words_are_refused(world, place, name):
    message = refused(world, place[0], {**OF_TEXTS, **OF_JSON}[place]({name: "x"}))
    assert place[1].split(".")[0] in message and f"{name!r}" in message and "Quote the name" in message


@pytest.mark.parametrize("place", OF_TEXTS, ids=".".join)
def test_floats_are_refused(world, place):
    message = refused(world, place[0], OF_TEXTS[place]({"KEY": 1.1}))
    assert place[1].split(".")[0] in message and "KEY" in message and "Quote" in message


@pytest.mark.parametrize("place", OF_TEXTS, ids=".".join)
def test_booleans_are_warned_about(world, place):
    outcome = world.run(place[0], OF_TEXTS[place]({"KEY": True, "OTHER": 1}), check=True, connect={"timeout": 1})
    assert [warning for warning in outcome.warnings if warning.endswith("values of KEY.")]


def test_booleans_and_integers_are_sent_as_texts(world):
    given = {"YES": True, "NO": False, "NUMBER": 493}
    world.run("flightcontrol_environment", service(given))
    [call] = [call for call in world.sandbox.calls() if call["operation"] == "createEnvironment"]
    assert call["json"]["services"][0]["envVariables"] == {"YES": "true", "NO": "false", "NUMBER": "493"}


def test_words_as_keys_of_variables_and_in_lists_are_refused(world):
    """Ansible converts them to strings like Python. A variable with the name "false" can still be removed."""
    for options in (
        {"variables": [{"key": False, "value": "x"}]},
        {"absent": [False]},
        {"purge": True, "protect": [True]},
    ):
        message = refused(world, "netlify_env_vars", {"site": "shop", **options})
        assert "Quote the name" in message
    world.api("POST", "/sites", {"name": "shop"})
    assert not world.run("netlify_env_vars", {"site": "shop", "absent": ["false"]}).failed
