# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors treat options alike: every kind of option in every form, and every module with all its options."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable

import pytest
from doors import NOWHERE, Case, TwoDoors, cases_of, compared, connected, tasks_of
from harness import MODULES, World, definition_of
from scenarios import CANARY, SCENARIOS

from ansible_collections.webops.paas.plugins.module_utils._core.codes import CODES
from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from playbooks import Part, in_ready_python, never_evaluated

pytestmark = pytest.mark.playbook

# The scenario that provides the base options of a module's cases, if not the one with most options.
RICHEST = {"verify": "several"}


def kind_of(option: dict) -> tuple:
    """The parts of an option's specification that decide how Ansible treats its value."""
    return (
        option.get("type", "str"),
        option.get("elements"),
        *(bool(option.get(key)) for key in ("choices", "no_log", "fallback", "aliases", "options")),
    )


def options_to_try(module: str) -> dict:
    """The options that no earlier module has with the same specification."""
    before: list = []
    for other in MODULES[: MODULES.index(module)]:
        before += definition_of(other).spec["argument_spec"].items()
    return {
        name: option
        for name, option in definition_of(module).spec["argument_spec"].items()
        if (name, option) not in before
    }


def is_first_of_its_kind(module: str, name: str) -> bool:
    """Whether it is the first option, in the order of the modules, that Ansible treats in this way."""
    before: list = []
    for other in MODULES[: MODULES.index(module) + 1]:
        for other_name, option in options_to_try(other).items():
            if (other, other_name) == (module, name):
                return kind_of(option) not in before
            before.append(kind_of(option))
    raise ValueError(name)


def first_of_each_kind() -> Callable[[dict], bool]:
    """Whether an option is the first of its kind of those that the returned function was called with."""
    before: list = []

    def is_first(option: dict) -> bool:
        before.append(kind_of(option))
        return before[-1] not in before[:-1]

    return is_first


def is_first_of_its_platform(module: str) -> bool:
    platform = definition_of(module).client.PLATFORM
    return module == next(other for other in MODULES if platform == definition_of(other).client.PLATFORM)


def of_check_mode(world, module: str) -> dict:
    """Options for a prediction that succeeds; also prepares the platform for them."""
    scenarios = [scenario for scenario in SCENARIOS if scenario.module == module]
    chosen = [scenario for scenario in scenarios if scenario.name == RICHEST.get(module)] or sorted(
        scenarios, key=lambda scenario: -len(json.dumps(scenario.options, default=str))
    )
    chosen[0].given(world)
    options = connected(world, module, never_evaluated(chosen[0].options_for(world)))
    # Make a task that cannot succeed fail immediately.
    return {
        **options,
        **{
            name: value
            for name, value in (("wait", False), ("retries", 0))
            if name in definition_of(module).spec["argument_spec"]
        },
    }


# Text that occurs both in a secret and in Ansible's own message about an option.
WORD = "boolean"
TEXTS = {"A": WORD, "B": CANARY}
# Options with secrets that are masked only in their own place.
MASKED = {
    "fleek_site": {"environment_variables": TEXTS},
    "flightcontrol_env_vars": {"service_id": "a", "plain_text": TEXTS, "secrets_manager": {"C": WORD}},
    "flightcontrol_environment": {
        "project_id": "a",
        "env_variables": TEXTS,
        "services": [{"id": "a", "envVariables": TEXTS}],
    },
    "hasura_env_vars": {"name": "a", "env_vars": TEXTS},
    "hasura_metadata": {
        "name": "a",
        "metadata": {"sources": [{"configuration": {"connection_info": {"database_url": WORD, "password": CANARY}}}]},
        "substitutions": TEXTS,
    },
    "hasura_preview_app": {"name": "a", "env_vars": TEXTS},
    "hasura_tenant": {"name": "a", "env_vars": TEXTS},
    "netlify_build_hook": {"site": "a", "hook_id": WORD},
    "netlify_deploy": {
        "site": "a",
        "src": "a",
        "environment": [{"key": "A", "value": WORD}, {"key": "B", "value": CANARY, "is_secret": True}],
    },
    "netlify_env_vars": {
        "site": "a",
        "env_vars": TEXTS,
        "variables": [
            {"key": "C", "value": WORD, "scopes": ["builds"]},
            {"key": "D", "values": [{"context": "production", "value": CANARY}], "is_secret": True},
        ],
    },
    "netlify_hook": {"site": "a", "data": TEXTS, "signature_secret": WORD},
    "netlify_site": {"name": "a", "password": WORD},
    "verify": {"urls": [{"url": "https://a.example/", "body": WORD, "headers": {"Authorization": CANARY}}]},
}
INVALID = {"code": "invalid_input"}
BAD_TYPES = {"dict": CANARY, "list": {"a": CANARY}, "str": {"a": CANARY}}


class OfOptions(Part):
    """Cases of one module, each through both doors."""

    def __init__(self, group: str, module: str) -> None:
        super().__init__(group)
        self.module = module

    @classmethod
    def run(cls, parts, sandbox, directory):
        for number, part in enumerate(parts):
            part.sandbox, part.directory = sandbox, directory / str(number)
            part.directory.mkdir()
        TwoDoors(directory).compare_parts(parts, https_proxy=NOWHERE)

    def begin(self):
        self.cases = self.made_cases(World(self.sandbox, self.directory))
        return tasks_of(self.cases, self.module, in_ready_python()), {}

    @abstractmethod
    def made_cases(self, world) -> list:
        """The cases, for a world that is prepared for them."""

    def compared(self) -> dict:
        return compared(self.cases, self.results)


class Refused(OfOptions):
    """An option that Ansible refuses, together with secrets."""

    def made_cases(self, world):
        options, definition = MASKED[self.module], definition_of(self.module)
        assert definition.masked.keys() & options.keys()
        cases = [Case("refused", {**options, "validate_certs": "perhaps"})]
        for name in definition.masked:
            kind = definition.spec["argument_spec"][name]["type"]
            cases.append(Case(name, {**options, name: BAD_TYPES[kind]}))
            if kind == "list":
                cases.append(Case(f"items of {name}", {**options, name: [CANARY]}))
        return cases


def each_part(parts: list):
    """Tests of the same run must run in one process."""
    return pytest.mark.parametrize(
        "part", [pytest.param(part, marks=pytest.mark.xdist_group(part.group), id=part.module) for part in parts]
    )


@each_part([Refused("refused", module) for module in MASKED])
def test_secrets_are_masked_where_they_stand_when_ansible_refuses_an_option(part, played):
    """No other part of the message or of the options is masked."""
    definition, results = definition_of(part.module), played.compared()
    [result] = results["refused"]
    assert result["failed"] and "validate_certs" in result["msg"] and WORD in result["msg"], result["msg"]
    shown = result["invocation"]["module_args"]
    assert json.dumps(shown["validate_certs"]) == '"perhaps"'
    assert WORD not in json.dumps({name: shown[name] for name in definition.masked if name in shown})
    assert all(results[case.name][0]["failed"] for case in played.cases)
    assert CANARY not in json.dumps(results)


def test_a_misspelled_context_is_named(doors):
    """The values of all variables occur in the message."""
    values = [{"context": "prod", "value": "ex"}, {"context": "dev", "value": "must be"}, {"contxt": "a", "valeu": "b"}]
    options = {"site": "shop", "variables": [{"key": "A", "scopes": ["builds"], "values": values}]}
    [result] = doors.compare([Case("misspelled", options)], module="netlify_env_vars")["misspelled"]
    assert "context" in result["msg"] and "must be one of" in result["msg"] and "prod" in result["msg"]
    [shown] = result["invocation"]["module_args"]["variables"]
    assert shown["scopes"] == ["builds"] and shown["values"][0] == {"context": "prod", "value": MASK}
    assert shown["values"][2] == {"contxt": MASK, "valeu": MASK}


class InForms(OfOptions):
    """Options of a module in every form, in check mode, so that every task starts from the same state."""

    def __init__(self, group: str, module: str, all_kinds: bool) -> None:
        super().__init__(group, module)
        self.all_kinds = all_kinds
        self.keywords = {"check_mode": True, "diff": True}

    def made_cases(self, world):
        base = of_check_mode(world, self.module)
        cases = [Case("base", base)]
        if self.all_kinds or is_first_of_its_platform(self.module):
            cases.append(Case("unsupported", {**base, "nonsense": CANARY}))
            cases.append(Case("misspelled", {**base, "validate_cert": True}))
        spec = definition_of(self.module).spec["argument_spec"]
        for name in options_to_try(self.module):
            if self.all_kinds:
                cases += cases_of(name, spec[name], base)
            elif is_first_of_its_kind(self.module, name):
                cases += cases_of(name, spec[name], base, first_of_each_kind())
        return cases


# Processes that run tests in parallel share these.
RUNS = 4


@each_part([InForms(f"options-{number % RUNS}", module, False) for number, module in enumerate(MODULES)])
def test_every_module_and_every_kind_of_option(part, played):
    """Each module with all its options; an option in every form if it is the first that Ansible treats in this way,
    and so are its suboptions.

    Options that do not exist are given to one module of each platform.
    """
    treats_options_alike(played)


@pytest.mark.soak
@each_part([InForms(f"all-options-{module}", module, True) for module in MODULES])
def test_every_option_in_every_form(part, played):
    treats_options_alike(played)


def treats_options_alike(part):
    results, module = part.compared(), part.module
    assert not results["base"][0]["failed"], results["base"]
    for form in ("number", "numbers"):
        for name in (name for name in results if name.endswith(f" {form}")):
            [result] = results[name]
            assert result["error"]["option"] == name.removesuffix(f" {form}"), result
    if "unsupported" in results:
        platform = definition_of(module).client.PLATFORM.lower()
        assert "Unsupported parameters for" in results["unsupported"][0]["msg"]
        assert results["unsupported"][0]["error"] == {"platform": platform, **INVALID}
        assert "`validate_certs`" in results["misspelled"][0]["msg"]
    failures = {case.name: results[case.name][0] for case in part.cases if results[case.name][0]["failed"]}
    assert not {name: failure for name, failure in failures.items() if failure["error"]["code"] not in CODES}
