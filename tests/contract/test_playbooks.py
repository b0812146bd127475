# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as users run them: with ansible-playbook and ansible, with the most verbose output.

The playbooks are generated from scenarios/, so that a new module needs nothing here. Each runs one scenario in check
mode, then twice. The results must equal those of the module's class in this process.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import venv

import pytest
from harness import CONNECTIONS, MEASURED, MODULES, World, definition_of, platform_of
from scenarios import CANARY, SCENARIOS, secrets_of_platforms
from scenarios.netlify import only_site, site

from playbooks import Bench, Part, in_ready_python, in_running_python, never_evaluated, of_users, task

pytestmark = pytest.mark.playbook

# The ways to pass a token to a module, which the scenarios use in turn.
WAYS = ("module_defaults", "option", "environment")
# Each scenario runs through both doors; the value selects the door.
DOORS = {"fast": "1", "module": "0"}
RUNS = {"predicted": {"check_mode": True, "diff": True}, "real": {"diff": True}, "again": {"diff": True}}

# Digests, too: responses, and files that are written from them, contain times.
ID = re.compile(r"\b([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24}|[0-9a-f]{40})\b")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00:00)?")
# Keys that Ansible adds to each result; "exception" takes the place of a traceback.
OF_ANSIBLE = {"invocation", "failed", "warnings", "exception"}


def chosen(module: str):
    """The scenario with most options that changes something, or else the first one."""

    def rank(scenario):
        return not scenario.changes, -len(scenario.options) if isinstance(scenario.options, dict) else 0

    return min((scenario for scenario in SCENARIOS if scenario.module == module), key=rank)


# The packed module of each scenario runs by itself; for one module of each platform, in a new Python.
BY_ITSELF = "real"
IN_NEW_PYTHON = {platform_of(module): module for module in MODULES}.values()

# So that each way is used with each platform and with each kind of module.
CHOSEN = [(chosen(module), WAYS[number % len(WAYS)]) for number, module in enumerate(MODULES)]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def as_written(module: str, options: dict) -> tuple[dict, dict]:
    """(options as in a playbook, variables): lists, dicts and secrets come from a file with variables."""
    spec = definition_of(module).spec["argument_spec"]
    apart = {name for name, value in options.items() if isinstance(value, (list, dict)) or spec[name].get("no_log")}
    return (
        {name: f"{{{{ given_{name} }}}}" if name in apart else value for name, value in options.items()},
        {f"given_{name}": never_evaluated(options[name]) for name in apart},
    )


def connection(environment: dict, module: str, way: str) -> dict:
    """Additions for one way to pass URL and token: options, defaults, environment; none for a module without an API."""
    client, variables = definition_of(module).client, CONNECTIONS.get(platform_of(module))
    if variables is None:
        return {}
    given = {name: environment[variable] for name, variable in variables.items()}
    url_and_token = {"api_url": given["api_url"], "token": "{{ given_token }}"}
    return {
        "option": {"options": url_and_token},
        "module_defaults": {"defaults": {f"group/webops.paas.{client.PLATFORM.lower()}": url_and_token}},
        "environment": {"environment": {client.URL_ENV[0]: given["api_url"], client.TOKEN_ENV[0]: given["token"]}},
    }[way]


# Each world has its own directory.
DIRECTORY = re.compile(r"/[^ ]*/parts\d+/\d+-(inside|outside)/")


def comparable(value):
    """Normalizes a result, so that two runs are equal: IDs, times, directories and measured seconds are replaced."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if key not in MEASURED}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, float):
        return "(seconds)"
    return DIRECTORY.sub("(directory)/", ID.sub("(id)", TIME.sub("(time)", value))) if isinstance(value, str) else value


def of_module(result: dict) -> dict:
    return {key: value for key, value in result.items() if key not in OF_ANSIBLE}


def secrets_of(world) -> list:
    """Values that must not appear: the tokens, and secrets that platforms return without being asked."""
    return [
        *(world.platform_options(platform)["token"] for platform in CONNECTIONS),
        CANARY,
        *secrets_of_platforms(world),
    ]


def is_quiet(output: str, *secrets: str) -> None:
    assert "Traceback (most recent call last)" not in output, output
    for secret in secrets:
        assert secret not in output, f"{secret} in {output}"


def test_every_way_and_module_is_used():
    assert {scenario.module for scenario, _way in CHOSEN} == {scenario.module for scenario in SCENARIOS}
    assert {(platform_of(scenario.module), way) for scenario, way in CHOSEN} >= {
        (platform, way) for platform in CONNECTIONS for way in WAYS
    }
    assert any(scenario.secrets for scenario, _way in CHOSEN)


class Played(Part):
    """One scenario, which runs in this process and then through one door.

    Scenarios with the same environment of Ansible share a run.
    """

    def __init__(self, scenario, way: str, door: str) -> None:
        super().__init__(f"playbook-{way}-{door}")
        self.scenario, self.way, self.door = scenario, way, door

    @classmethod
    def run(cls, parts, sandbox, directory):
        environment = {"WEBOPS_PAAS_FAST": DOORS[parts[0].door]}
        for number, part in enumerate(parts):
            part.sandbox, part.directory, part.number = sandbox, directory, number
            part.how = connection(sandbox.environment, part.scenario.module, part.way)
            part.keywords = {"module_defaults": part.how.get("defaults", {})}
            environment.update(part.how.get("environment", {}))
        Bench(directory).run_parts(parts, "-vvvv", **environment)

    def world(self, name: str) -> World:
        directory = self.directory / f"{self.number}-{name}"
        directory.mkdir()
        return World(self.sandbox, directory)

    def begin(self):
        module = self.scenario.module
        inside = self.world("inside")
        self.scenario.given(inside)
        options = self.scenario.options_for(inside)
        self.expected = {name: inside.run(module, options, check="check_mode" in asked) for name, asked in RUNS.items()}
        self.outside = self.world("outside")
        self.scenario.given(self.outside)
        options, variables = as_written(module, self.scenario.options_for(self.outside))
        options.update(self.how.get("options", {}))
        variables["given_token"] = self.outside.platform_options(platform_of(module)).get("token")
        # A failure would prevent other tests' plays from running.
        tasks = [task(module, name, options, ignore_errors=True, **keywords) for name, keywords in RUNS.items()]
        if self.door == "module":
            for one in tasks:
                one["vars"] = self.python(one["register"])
        return tasks, variables

    def python(self, run: str) -> dict:
        """Variables that select the Python for the module."""
        if run != BY_ITSELF:
            return in_ready_python()
        return {} if self.scenario.module in IN_NEW_PYTHON else in_running_python()

    def end(self):
        self.secrets = secrets_of(self.outside)
        self.scenario.holds(self.outside)

    def registered(self) -> dict:
        return {name: of_users(self.results[f"{self.scenario.module} {name}"][-1]) for name in RUNS}

    def gave_what_the_class_gives(self) -> dict:
        results = self.registered()
        for name, outcome in self.expected.items():
            assert comparable(of_module(results[name])) == comparable(outcome.result), name
            assert results[name]["failed"] is False
            assert comparable(results[name].get("warnings", [])) == comparable(outcome.warnings)
        assert (f"/{self.scenario.module}.py" in self.output) is (self.door == "module"), (
            "it went through the other door"
        )
        is_quiet(self.output, *self.secrets)
        assert "DEPRECATION" not in self.output, self.output
        told = any(outcome.warnings for outcome in self.expected.values())
        assert "[WARNING]" not in self.output or told, self.output
        return results


def each_part(parts: dict):
    """Tests of the same run must run in one process. parts: {ID: Part}."""
    return pytest.mark.parametrize(
        "part", [pytest.param(part, marks=pytest.mark.xdist_group(part.group), id=name) for name, part in parts.items()]
    )


@each_part({f"{scenario.id}-{way}-{door}": Played(scenario, way, door) for scenario, way in CHOSEN for door in DOORS})
def test_a_playbook_gives_what_the_class_gives(part, played):
    results = played.gave_what_the_class_gives()
    assert results["again"]["changed"] is False or not part.scenario.twice
    is_quiet(played.output, *part.scenario.secrets)


# Secrets of options that are masked only in their own place can have any value.
ANYTHING = ("1", "true", "production", "0", "id")
MASKED = {
    scenario.module: scenario
    for scenario in reversed(SCENARIOS)
    if scenario.secrets and scenario.changes and definition_of(scenario.module).masked
}


def with_anything(value, values):
    """The same value, with each secret replaced by the next of the values."""
    if isinstance(value, dict):
        return {key: with_anything(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [with_anything(item, values) for item in value]
    return next(values) if isinstance(value, str) and CANARY in value else value


def with_any_secrets(scenario):
    """The same scenario with such secrets."""

    def options(world):
        values = itertools.cycle(ANYTHING)
        return {
            name: with_anything(value, values) if name in definition_of(scenario.module).masked else value
            for name, value in scenario.options_for(world).items()
        }

    return dataclasses.replace(scenario, options=options, holds=lambda world: None)


@each_part(
    {
        f"{module}-{door}": Played(with_any_secrets(scenario), "module_defaults", door)
        for module, scenario in MASKED.items()
        for door in DOORS
    }
)
def test_values_that_may_be_anything_leave_the_result_intact(part, played):
    """ansible-core's no_log would mask each "1" of an ID, and a count of 1."""
    played.gave_what_the_class_gives()


def test_failures_are_told_in_words(world, bench):
    """Invalid input, a name that belongs to another user, an invalid token."""
    wrong = "nfp_wrong_" + CANARY
    given = {
        "bad_input": {"name": "a.b", "token": "{{ given_token }}"},
        "taken": {"name": "taken", "token": "{{ given_token }}", "password": "{{ given_password }}"},
        "wrong_token": {"name": "shop", "token": "{{ wrong_token }}"},
    }
    tasks = [
        task("netlify_site", name, {**options, "api_url": world.sandbox.url}, ignore_errors=True)
        for name, options in given.items()
    ]
    variables = {"given_token": world.platform_options()["token"], "wrong_token": wrong, "given_password": CANARY}
    results, output = bench.play(tasks, variables)
    for name, result in results.items():
        assert result["failed"] is True and result["changed"] is False, name
        assert set(of_module(result)) == {"changed", "msg", "error"}
        assert json.dumps(result["msg"]) in output, "the sentence is not printed"
    assert "`name` must be" in results["bad_input"]["msg"] and results["bad_input"]["error"] == {
        "code": "invalid_input",
        "option": "name",
        "platform": "netlify",
    }
    assert "'taken' is taken" in results["taken"]["msg"]
    assert (
        results["taken"]["error"].items()
        >= {
            "platform": "netlify",
            "operation": "createSite",
            "method": "POST",
            "path": "/api/v1/sites",
            "status": 422,
            "code": "name_taken",
        }.items()
    )
    assert "token" in results["wrong_token"]["msg"] and results["wrong_token"]["error"]["status"] == 401
    is_quiet(output, *secrets_of(world), wrong)


def test_what_the_platform_says_is_never_evaluated_and_tokens_may_end_in_a_newline(world, bench):
    """Text of the API that looks like a template; a token as a file has it, read with its last newline."""
    text = "{{ 7*7 }}{{ lookup('env', 'HOME') }}@example.com"
    site(world, notification_email=text)
    (bench.directory / "token").write_text(world.platform_options()["token"] + "\n")
    connect = {"token": "{{ lookup('file', 'token', rstrip=false) }}", "api_url": world.sandbox.url}
    tasks = [
        task("netlify_site_info", "found", {"site": "shop", **connect}),
        {"name": "Passed on", "ansible.builtin.set_fact": {"passed_on": "{{ found.sites[0].notification_email }}"}},
        {"name": "Shown", "ansible.builtin.debug": {"msg": "{{ passed_on }}"}, "register": "shown"},
        task("netlify_site", "kept", {"name": "shop", "notification_email": "{{ passed_on }}", **connect}),
    ]
    results, output = bench.play(tasks, {})
    assert results["found"]["sites"][0]["notification_email"] == text
    assert results["shown"]["msg"] == text
    assert results["kept"]["changed"] is False and results["kept"]["site"]["notification_email"] == text
    is_quiet(output, *secrets_of(world))


def test_a_short_secret_leaves_the_result_intact(world, bench):
    """A password "1": Ansible's own no_log would mask each "1" inside every text of the result, ids included."""
    options = {"name": "shop", "password": "1", "force_ssl": True, "deploy_retention_in_days": 31}
    world.run("netlify_site", options)
    inside = world.run("netlify_site", options)
    written, variables = as_written("netlify_site", options)
    connect = {"token": "{{ given_token }}", "api_url": world.sandbox.url}
    results, output = bench.play(
        [task("netlify_site", "again", {**written, **connect}, diff=True)],
        {**variables, "given_token": world.platform_options()["token"]},
    )
    again = of_module(results["again"])
    assert again == inside.result and again["changed"] is False
    assert "1" in again["site"]["id"] + again["site"]["account_id"] and again["site"]["id"] == only_site(world)["id"]
    is_quiet(output, *secrets_of(world))


def test_a_missing_requests_is_named(world, bench):
    """With Ansible's own message, from an interpreter without packages."""
    venv.create(bench.directory / "bare", with_pip=False, symlinks=True)
    bare = str(bench.directory / "bare" / "bin" / "python")
    options = {"name": "shop", "token": "{{ given_token }}", "api_url": world.sandbox.url}
    tasks = [task("netlify_site", "bare", options, ignore_errors=True, vars={"ansible_python_interpreter": bare})]
    results, output = bench.play(tasks, {"given_token": world.platform_options()["token"]})
    message = results["bare"]["msg"]
    assert results["bare"]["failed"] is True and bare in message and not world.sandbox.calls()
    assert message.startswith("Failed to import the required Python library (requests) on "), message
    assert world.platform_options()["token"] not in output


def test_ad_hoc(world, bench):
    site(world)
    output = bench.run(
        "ansible",
        "localhost",
        "-m",
        "webops.paas.netlify_site_info",
        "-a",
        "site=shop",
        NETLIFY_API_URL=world.sandbox.url,
        NETLIFY_AUTH_TOKEN=world.platform_options()["token"],
    )
    assert output.startswith("localhost | SUCCESS => ")
    answer = json.loads(output.partition("=>")[2])
    assert answer["changed"] is False and [item["name"] for item in answer["sites"]] == ["shop"]
    assert "WARNING" not in output
    is_quiet(output, *secrets_of(world))
