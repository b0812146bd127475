# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does: it converges, predicts, survives faults, keeps secrets, refuses bad input, explains failures,
sends few requests, and is documented. One suite tests all modules with the table in scenarios/."""

from __future__ import annotations

import ast
import json
import re

import evidence
import pytest
from diffs import nulls, reads_like_a_plan, sides_of, without_unknown
from failing import LASTING
from faults import FAULTS
from harness import MODULES, ROOT, definition_of, documentation_of, platform_of
from judging import called, failed_clearly, keeps_secrets, succeeded, token_of
from preparing import EVERY_MODULE, EVERY_SCENARIO
from scenarios import BAD_INPUT, SCENARIOS

from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Resource

UNCHANGED = {"before": "", "after": ""}
# Switches that matter to all requests alike: to the transport, and to the look-up of the site that a task belongs to.
OF_ALL_RESPONSES = ("keep_alive", "ratelimit_reset")
OF_ALL_SITES = ("certificate", "has_password_answer", "password_answer", "site_urls")
# The tests of a module run in one process, which knows the runs of its scenarios.
RESOURCES = [
    pytest.param(name, marks=pytest.mark.xdist_group(name))
    for name in MODULES
    if issubclass(definition_of(name).task, Resource)
]


def test_every_module_has_scenarios():
    assert {scenario.module for scenario in SCENARIOS} == set(MODULES)
    assert {module for module, _options, _names in BAD_INPUT} == set(MODULES)
    assert {platform_of(module) for module in LASTING} == {platform_of(module) for module in MODULES}


@EVERY_SCENARIO
def test_converges(usual, scenario):
    """The second run changes nothing, sends no write, and sends the documented number of reads; lists in any order."""
    runs = usual.of(scenario)
    first, second = succeeded(runs.real), runs.second
    assert first.result["changed"] is scenario.changes
    assert bool(first.writes) is (scenario.blind or scenario.changes and not scenario.local), first.writes
    for error in runs.wrong:
        raise error
    if scenario.refused_again:
        failed_clearly(second, scenario)
        assert not second.writes
        return
    succeeded(second)
    if not scenario.twice:
        assert second.result["changed"] is bool(second.writes) or scenario.blind
        assert scenario.reason in str(documentation_of(scenario.module, "DOCUMENTATION"))
        return
    assert second.result["changed"] is False and not second.writes, second.writes
    assert second.result.get("diff", UNCHANGED) == UNCHANGED
    assert len(second.calls) == scenario.reads, [call["operation"] for call in second.calls]
    assert not second.warnings


@EVERY_SCENARIO
def test_predicts(usual, scenario):
    """--check sends no write; changed, result and diff equal those of the real run."""
    runs = usual.of(scenario)
    predicted, real, again = succeeded(runs.predicted), succeeded(runs.real), runs.again
    assert not predicted.writes
    unknown = predicted.result.get("unknown_until_applied", [])
    if "changed" in unknown:
        # In this case, nothing differs.
        unknown = [*unknown, "diff"]
    assert without_unknown(predicted.result, unknown) == without_unknown(real.result, unknown)
    assert sorted(set(unknown) - {"changed", "diff"}) == sorted(set(nulls(predicted.result, real.result)))
    assert "unknown_until_applied" not in real.result
    if "diff" in real.result and "changed" not in unknown:
        documents = documentation_of(scenario.module, "DOCUMENTATION"), documentation_of(scenario.module, "RETURN")
        for outcome in (predicted, real):
            reads_like_a_plan(outcome.result, *documents)
    if scenario.twice and scenario.changes:
        succeeded(again)
        assert again.result["changed"] is False
    assert not again.writes


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.everywhere], ids=lambda fault: fault.name)
@EVERY_SCENARIO
def test_survives(failing, scenario, fault, record_property):
    """Each request fails: the first, one in the middle, the last, or all of them; then the next run converges."""
    for cell in failing.everywhere(scenario, fault):
        record_property("cell", cell)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.everywhere], ids=lambda fault: fault.name)
@EVERY_MODULE
def test_survives_what_ends_in_the_transport(failing, module, fault, record_property):
    """The first of each request fails; then the next run converges."""
    for cell in failing.in_one_scenario(module, fault):
        record_property("cell", cell)


@pytest.mark.soak
@EVERY_SCENARIO
def test_survives_at_every_position(failing, usual, scenario):
    """What the two tests above leave out, because it ended like something else that they try."""
    tried = list(failing.at_every_position(scenario))
    # Some scenarios send no request.
    assert bool(tried) == bool(usual.requests_of(scenario.module).of[scenario.id])


@EVERY_SCENARIO
def test_survives_where_recovery_fails_too(failing, scenario, record_property):
    """Requests that are sent only because another one failed also fail, in every way."""
    for cell in failing.in_recovery(scenario):
        record_property("cell", cell)


@EVERY_MODULE
def test_requests_without_a_sound_source_are_preview(sandbox, usual, module):
    """The documentation says so, and the support matrix has the source of the others."""
    source, without = evidence.of_requests(sandbox, usual.requests_of(module).all())
    assert evidence.is_preview(module) or not without, without
    assert evidence.on_the_page(module) == source


@EVERY_SCENARIO
def test_copes_with_either_way_of_the_platform(sandbox, prepared, usual, tried_ways, scenario, record_property):
    """Where sources disagree or nothing is known, modules converge with each possible behavior of the platform.

    Sets, one at a time, each of the sandbox's switches that influences the module's requests.
    """
    switches = sandbox.admin("GET", "switches")
    for switch in usual.of(scenario).consulted:
        if switch in OF_ALL_RESPONSES or switch in OF_ALL_SITES and not scenario.module.startswith("netlify_site"):
            if (scenario.module, switch) in tried_ways:
                continue
            tried_ways.add((scenario.module, switch))
        for value in switches[switch]["choices"][1:]:
            try:
                copes_with(prepared(scenario)[0], scenario, switch, value)
            except AssertionError as error:
                raise AssertionError(f"with {switch}={value}: {error}") from error
            record_property("switch", [switch, value])


@pytest.fixture(scope="session")
def tried_ways():
    """(module, switch) of those that are tried in one scenario of each module."""
    return set()


def copes_with(world, scenario, switch, value):
    world.sandbox.admin("PATCH", "switches", {switch: value})
    options = scenario.options_for(world)
    predicted = world.run(scenario.module, options, check=True)
    assert not predicted.writes
    first = world.run(scenario.module, options)
    if (switch, value) in scenario.fails_under:
        failed_clearly(first, scenario)
        return
    succeeded(first)
    assert predicted.result["changed"] is first.result["changed"] or "changed" in predicted.result.get(
        "unknown_until_applied", []
    )
    scenario.holds(world)
    if scenario.twice:
        second = succeeded(world.run(scenario.module, options))
        assert second.result["changed"] is False
        assert not second.writes or (switch, value) in scenario.blind_under


@EVERY_SCENARIO
def test_keeps_secrets(prepared, usual, scenario):
    """Secrets are masked even if the platform echoes them: in an error message, escaped, in HTML, in a header."""
    runs, first = usual.of(scenario), usual.requests_of(scenario.module).all()
    keeps_secrets(runs.real, scenario, *runs.secrets)
    for call in dict.fromkeys(called(runs.real)):
        # What becomes of the other forms does not depend on the rest of the task.
        for form in ECHOES if first.get(call) == scenario.id else ECHOES[:1]:
            keeps_what_is_echoed(prepared, scenario, call, form)


@pytest.mark.soak
@EVERY_SCENARIO
def test_keeps_secrets_in_every_form(prepared, usual, scenario):
    for call in dict.fromkeys(called(usual.of(scenario).real)):
        for form in ECHOES:
            keeps_what_is_echoed(prepared, scenario, call, form)


ECHOES = (
    lambda secrets: json.dumps({"message": f"refused: {' '.join(secrets)}"}, ensure_ascii=False),
    lambda secrets: "".join(f"<p>{secret}</p>" for secret in secrets),
    " ".join,
)


def keeps_what_is_echoed(prepared, scenario, call, form):
    """form: the body of a refusal of this request, as a function of the secrets that it repeats."""
    world, options = prepared(scenario)
    tokens = token_of(world, scenario)
    echoed = [
        secret
        for secret in (*tokens, *leaves(options))
        if secret in tokens or any(canary in secret for canary in scenario.secrets)
    ]
    refusal = {"kind": "status", "status": 422, "body_text": form(echoed), "headers": {"X-Request-Id": "".join(tokens)}}
    order = {"platform": call[0], "operation": call[1], "times": None, **refusal}
    world.sandbox.admin("POST", "faults", order)
    outcome = world.run(scenario.module, options)
    keeps_secrets(outcome, scenario, *echoed)
    assert not outcome.failed or not echoed or "****" in outcome.result["msg"], outcome.result["msg"]


def leaves(value) -> list:
    """All texts in the value."""
    if isinstance(value, dict):
        return leaves(list(value.values()))
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    "module,options,names",
    [pytest.param(*entry, marks=pytest.mark.xdist_group(entry[0])) for entry in BAD_INPUT],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_refuses_bad_input_before_the_first_call(world, module, options, names):
    outcome = world.run(module, options(world) if callable(options) else options)
    assert outcome.failed and not outcome.calls
    assert outcome.result["changed"] is False and outcome.result["error"]["code"] == "invalid_input"
    for name in names:
        assert name in outcome.result["msg"], outcome.result["msg"]


@EVERY_SCENARIO
def test_documents_itself(usual, scenario):
    """RETURN names exactly the keys that real runs return, down to those of the resource, with the right types."""
    documented = documentation_of(scenario.module, "RETURN")
    predicted, real = succeeded(usual.of(scenario).predicted).result, succeeded(usual.of(scenario).real).result
    of_ansible = {"changed", "diff"}
    named = {key for key, entry in documented.items() if entry["returned"].startswith("success")}
    assert set(real) - of_ansible == named, f"RETURN of {scenario.module} must have the keys of the result"
    assert set(predicted) - set(real) - of_ansible <= {"unknown_until_applied"} & set(documented)
    # AnsibleModule adds owner and mode of the file to results with one of these keys; the other door would not.
    assert not {"path", "dest"} & set(documented)
    types = {"dict": dict, "list": list, "str": str, "bool": bool, "int": int}
    for key in set(real) - of_ansible:
        assert real[key] is None or isinstance(real[key], types[documented[key]["type"]]), key
        sample, value = documented[key]["sample"], real[key]
        if isinstance(sample, list) and sample and isinstance(sample[0], dict):
            sample, value = sample[0], value[0] if value else None
        if isinstance(sample, dict) and value is not None:
            differ = ", ".join(sorted(set(sample) ^ set(value))) or "nested keys"
            assert same_keys(sample, value), f"in RETURN, the sample of {key} has too few or too many: {differ}"


def same_keys(sample: dict, value: dict) -> bool:
    return set(sample) == set(value) and all(
        same_keys(sample[key], value[key])
        for key in sample
        if isinstance(sample[key], dict) and isinstance(value[key], dict)
    )


@EVERY_MODULE
def test_nothing_is_left_to_fill_in(module):
    """Also what no other test would notice, such as a sample."""
    for path in (ROOT / "plugins" / "modules" / f"{module}.py", ROOT / "tests/contract/scenarios" / f"{module}.py"):
        # The scenarios of most modules are in a file of their subject.
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        left = [number for number, line in enumerate(lines, 1) if "FILL IN" in line or "NotImplementedError" in line]
        assert not left, f"fill in what is missing in {path.relative_to(ROOT)}, lines {left}"


@EVERY_MODULE
def test_documents_its_own_options(module):
    """And a command that can be pasted; validate-modules compares the options themselves."""
    documentation = documentation_of(module, "DOCUMENTATION")
    options = definition_of(module).spec["argument_spec"]
    unknown = documentation.get("options", {}).keys() - options.keys()
    assert not unknown, f"DOCUMENTATION of {module} has options that the module does not have: {sorted(unknown)}"
    required = {name for name, option in options.items() if option.get("required")}
    text = (ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8")
    # Arguments can be words or JSON, on more than one line.
    for command in re.findall(rf"^# ansible \S+ -m webops\.paas\.{module}\b(.*\n(?:#.*\n)*)", text, re.MULTILINE):
        names = set(re.findall(r"(\w+)(?:=|\": )", command))
        lacks = {name for name in required if not names & {name, *options[name].get("aliases", ())}}
        assert not lacks, f"the command in EXAMPLES of {module} has no {', '.join(sorted(lacks))}"


@EVERY_MODULE
def test_a_guide_has_a_recipe(module):
    guides = (ROOT / "docs" / "docsite" / "rst").glob("*.rst")
    texts = [path.read_text(encoding="utf-8") for path in guides if path.name != "support.rst"]
    assert any(re.search(rf"\b{module}\b", text) for text in texts), f"no guide in docs/docsite/rst names {module}"


@pytest.mark.parametrize("module", RESOURCES)
def test_a_resource_is_created_updated_and_deleted(usual, module):
    """By its scenarios, because no other test would notice that a method does nothing."""
    task = definition_of(module).task
    missing = {"create", "update", "delete"} if hasattr(task, "delete") else {"create", "update"}
    for scenario in SCENARIOS:
        real = usual.of(scenario).real.result if scenario.module == module else {"changed": False}
        if real["changed"]:
            existed, exists = (bool(side and side.get(task.key, True)) for side in sides_of(real))
            missing.discard("create" if not existed else "update" if exists else "delete")
    assert not missing, f"no scenario of {module} in tests/contract/scenarios makes it {' or '.join(sorted(missing))}"


@EVERY_MODULE
def test_the_examples_are_run(module):
    """Fail early if an example is not listed: the program that runs the examples is too slow for this suite."""
    text = (ROOT / "tests" / "demo" / "run_examples.py").read_text(encoding="utf-8")
    lists = dict(re.findall(r"^(MODULES|LEFT_OUT) = (\{.*?\})$", text, re.MULTILINE | re.DOTALL))
    listed = {name for value in lists.values() for name in ast.literal_eval(value)}
    assert module in listed, f"add {module} to MODULES of tests/demo/run_examples.py, behind the modules it needs"


@EVERY_MODULE
def test_attributes_are_true(module):
    """An info module changes nothing; a module documents partial idempotence if and only if it has such a
    scenario.
    """
    attributes = documentation_of(module, "DOCUMENTATION").get("attributes", {})
    own = [scenario for scenario in SCENARIOS if scenario.module == module]
    task = definition_of(module).task
    if not task.has_diff:
        assert not any(scenario.changes for scenario in own) and not attributes
        return
    assert attributes["check_mode"]["support"] == "full" and attributes["diff_mode"]["support"] == "full"
    assert (attributes["idempotent"]["support"] == "full") == all(scenario.twice for scenario in own)
    assert any(scenario.changes for scenario in own)
