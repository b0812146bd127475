# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does: it converges, predicts, survives faults, keeps secrets, refuses bad input, explains failures,
sends few requests, and is documented. One suite tests all modules with the table in scenarios/."""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import os
import re
from itertools import chain

import evidence
import pytest
from diffs import reads_like_a_plan
from faults import DEADLINE, FAULTS, NOT_CONCERNED
from harness import (
    MODULES,
    OWN_NAMES,
    ROOT,
    definition_of,
    documentation_of,
    nulls,
    platform_of,
    shuffled,
    without_unknown,
)
from preparing import EVERY_SCENARIO
from scenarios import BAD_INPUT, SCENARIOS, secrets_of_platforms

from ansible_collections.webops.paas.plugins.module_utils._core import files as _files
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.codes import CODES

UNCHANGED = {"before": "", "after": ""}
PATIENT = {"retries": 2, "deadline": DEADLINE}


def succeeded(outcome):
    assert not outcome.failed, outcome.result
    return outcome


def failed_clearly(outcome, scenario):
    """The result has a message and a structured error, but no traceback, no internal error and no secret."""
    result = outcome.result
    assert outcome.failed
    assert isinstance(result["msg"], str) and len(result["msg"]) > 20, result
    assert "Traceback" not in result["msg"] and "defect in webops.paas" not in result["msg"], result["msg"]
    assert isinstance(result["error"], dict) and result["error"].get("platform"), result
    assert result["error"]["code"] in CODES, result["error"]
    assert result["changed"] in (True, False)
    keeps_secrets(outcome, scenario)


def keeps_secrets(outcome, scenario, *more):
    seen = outcome.everything()
    for secret in (*scenario.secrets, *more):
        assert secret not in seen, f"{secret} in {seen}"


def test_every_module_has_scenarios():
    assert {scenario.module for scenario in SCENARIOS} == set(MODULES)
    assert {module for module, _options, _names in BAD_INPUT} == set(MODULES)


@EVERY_SCENARIO
def test_converges(prepared, scenario):
    """The second run changes nothing, sends no write, and sends the documented number of reads; lists in any order."""
    world, options = prepared(scenario)
    first = succeeded(world.run(scenario.module, options))
    assert first.result["changed"] is scenario.changes
    assert bool(first.writes) is (scenario.blind or scenario.changes and not scenario.local), first.writes
    scenario.holds(world)
    second = world.run(scenario.module, shuffled(options))
    if scenario.refused_again:
        failed_clearly(second, scenario)
        assert not second.writes
        scenario.holds(world)
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
    scenario.holds(world)


@EVERY_SCENARIO
def test_predicts(prepared, scenario):
    """--check sends no write; changed, result and diff equal those of the real run."""
    world, options = prepared(scenario)
    predicted = succeeded(world.run(scenario.module, options, check=True))
    assert not predicted.writes
    real = succeeded(world.run(scenario.module, options))
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
        again = succeeded(world.run(scenario.module, options, check=True))
        assert again.result["changed"] is False and not again.writes


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@EVERY_SCENARIO
def test_survives(prepared, proofs, calls_of, scenario, fault, record_property):
    """Each request fails: the first, one in the middle, the last, or all of them; then the next run converges."""
    calls = calls_of(scenario.module)
    made = calls[scenario.id]
    for call in dict.fromkeys(made):
        platform, operation = call
        if not fault.concerns(platform):
            record_property("cell", [scenario.module, operation, fault.name, NOT_CONCERNED])
            continue
        if not fault.everywhere and scenario.id != next(name for name, others in calls.items() if call in others):
            continue
        count = made.count(call)
        marks = set()
        sent = 0
        for skip, times in sorted({(0, 1), (count // 2, 1), (count - 1, 1)}) + [(0, None)]:
            if times is None and sent == 1:
                # The first run has shown that after one failure the request is not sent again.
                continue
            mark, outcome = survives(prepared, proofs, scenario, [(fault, call, skip, times)])
            marks.add(mark)
            if (skip, times) == (0, 1):
                sent = called(outcome).count(call) + (fault.kind == "refused")
        record_property("cell", [scenario.module, operation, fault.name, "".join(sorted(marks))])


def called(outcome) -> list:
    """(the sandbox's name for the platform, operation) of each request."""
    return [(call["platform"], call["operation"]) for call in outcome.calls]


@pytest.fixture(scope="session")
def calls_of(prepared, tmp_path_factory):
    """(module) -> {ID of a scenario: its requests}, determined once for all processes that run tests in
    parallel.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def found_out(module: str) -> dict:
        found = shared / f"calls-{module}.json"
        with _files.locked("calls", str(found), Clock(), 600):
            if not found.exists():
                calls = {}
                for scenario in (scenario for scenario in SCENARIOS if scenario.module == module):
                    world, options = prepared(scenario)
                    calls[scenario.id] = called(succeeded(world.run(module, options, connect=PATIENT)))
                found.write_text(json.dumps(calls))
        return {name: [tuple(call) for call in calls] for name, calls in json.loads(found.read_text()).items()}

    return functools.cache(found_out)


@pytest.mark.parametrize("module", MODULES)
def test_requests_without_a_sound_source_are_preview(sandbox, calls_of, module):
    """The documentation says so, and the support matrix has the source of the others."""
    source, without = evidence.of_requests(sandbox, set(chain.from_iterable(calls_of(module).values())))
    assert evidence.is_preview(module) or not without, without
    assert evidence.on_the_page(module) == source


@EVERY_SCENARIO
def test_survives_where_recovery_fails_too(prepared, proofs, calls_of, scenario, record_property):
    """Requests that are sent only because another one failed also fail, in every way.

    For requests that other scenarios send anyway, the failures that the transport handles are already tested.
    """
    calls = calls_of(scenario.module)
    usual = list(dict.fromkeys(calls[scenario.id]))
    triggers = {}
    for fault in (item for item in FAULTS if item.name in ("cut-after", "403")):
        for call in usual:
            world, options = prepared(scenario)
            with fault.on(world, *call, 0, 1):
                made = called(world.run(scenario.module, options, connect=PATIENT))
            for other in made:
                if other not in usual:
                    triggers.setdefault(other, (fault, call, 0, 1))
    for call, trigger in triggers.items():
        is_usual_elsewhere = any(call in others for others in calls.values())
        for fault in FAULTS:
            if not fault.concerns(call[0]):
                record_property("cell", [scenario.module, call[1], fault.name, NOT_CONCERNED])
                continue
            if is_usual_elsewhere and not fault.everywhere:
                continue
            mark, _outcome = survives(prepared, proofs, scenario, [trigger, (fault, call, 0, None)])
            record_property("cell", [scenario.module, call[1], fault.name, mark])


def survives(prepared, proofs, scenario, faulty) -> tuple:
    """One run with one or two faults; then the next run completes the task. Returns "s" if the run succeeds or "f" if
    it fails clearly, and its outcome.

    Most runs end in a state from which an earlier one was already shown to be completed: that is not shown again.
    """
    orders = [order for fault, call, skip, times in faulty for order in fault.orders(*call, skip, times)]
    world, options = prepared(scenario, orders)
    with contextlib.ExitStack() as here:
        for fault, (_platform, operation), skip, times in faulty:
            here.enter_context(fault.here(world, operation, skip, times))
        outcome = world.run(scenario.module, options, connect=PATIENT, digest=True)
    state = proofs.state_of(world, scenario, outcome)
    keeps_secrets(outcome, scenario, *token_of(world, scenario))
    mark = checked_under_fault(outcome, scenario, faulty)
    if mark == "s":
        assert outcome.result["changed"] is scenario.changes
    finished = proofs.get(state, mark)
    if finished is None or must_return_the_same(scenario, mark) and outcome.result != finished:
        if mark == "s":
            scenario.holds(world)
        finished = converges_afterwards(world, scenario)
        proofs.add(state, mark, finished)
    if must_return_the_same(scenario, mark):
        assert outcome.result == finished
    return mark, outcome


def must_return_the_same(scenario, mark: str) -> bool:
    """Whether a run with a fault has succeeded with nothing to change: it must have returned what is right."""
    return mark == "s" and not scenario.changes and not scenario.blind and platform_of(scenario.module) != "site"


def checked_under_fault(outcome, scenario, faulty) -> str:
    """Checks how a run with a fault has ended; returns "s" or "f"."""
    fault, (_platform, operation), skip, times = faulty[0]
    if operation in scenario.once and fault.may_be_received:
        assert outcome.failed and "may have been" in outcome.result["msg"], outcome.result
        assert [call["operation"] for call in outcome.calls].count(operation) == skip + 1, "sent again"
        return "f"
    if not outcome.failed:
        return "s"
    failed_clearly(outcome, scenario)
    assert not (fault.passing and times == 1 and len(faulty) == 1), (
        f"{fault.name} at {operation} passes, and yet: {outcome.result['msg']}"
    )
    assert outcome.result["error"].get("operation") == OWN_NAMES.get(operation, operation) or len(faulty) > 1, (
        outcome.result
    )
    # A 429 of a site itself does not contain a time.
    if fault.name == "429-too-long" and platform_of(scenario.module) != "site":
        assert outcome.result["error"]["retry_at"] in outcome.result["msg"]
        refused = [(call["method"], call["path"]) for call in outcome.calls if call["fault"] == "throttle"]
        since = [
            (call["method"], call["path"])
            for call in outcome.calls[[call["fault"] for call in outcome.calls].index("throttle") :]
        ]
        assert len(faulty) > 1 or all(since.count(call) == 1 for call in refused), "asked again before the time"
    return "f"


def converges_afterwards(world, scenario) -> dict:
    """After the fault, the next run completes the task, nothing exists twice, and the run after it changes nothing.

    Returns the result of the next run.
    """
    options = scenario.options_for(world)
    finished = world.run(scenario.module, options)
    if finished.failed and scenario.refused_again:
        failed_clearly(finished, scenario)
    else:
        succeeded(finished)
    scenario.holds(world)
    # A run that has nothing to change already proves it.
    if scenario.twice and (finished.result["changed"] or finished.writes):
        settled = succeeded(world.run(scenario.module, options))
        assert settled.result["changed"] is False and not settled.writes
    return finished.result


@EVERY_SCENARIO
def test_copes_with_either_way_of_the_platform(prepared, scenario, record_property):
    """Where sources disagree or nothing is known, modules converge with each possible behavior of the platform.

    Sets, one at a time, each of the sandbox's switches that influences the module's requests.
    """
    world, options = prepared(scenario)
    world.sandbox.admin("DELETE", "consulted")
    world.run(scenario.module, options, check=True)
    world.run(scenario.module, options)
    world.run(scenario.module, options)
    switches = world.sandbox.admin("GET", "switches")
    for switch in world.sandbox.admin("GET", "consulted"):
        for value in switches[switch]["choices"][1:]:
            try:
                copes_with(prepared(scenario)[0], scenario, switch, value)
            except AssertionError as error:
                raise AssertionError(f"with {switch}={value}: {error}") from error
            record_property("switch", [switch, value])


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
def test_keeps_secrets(prepared, scenario):
    """Secrets are masked even if the platform echoes them: in an error message, escaped, in HTML, in a header."""
    world, options = prepared(scenario)
    tokens = token_of(world, scenario)
    usual = world.run(scenario.module, options)
    keeps_secrets(usual, scenario, *tokens, *secrets_of_platforms(world))
    echoed = [
        secret
        for secret in (*tokens, *leaves(options))
        if secret in tokens or any(canary in secret for canary in scenario.secrets)
    ]
    for platform, operation in dict.fromkeys(called(usual)):
        for text in (
            "".join(f"<p>{secret}</p>" for secret in echoed),
            json.dumps({"message": f"refused: {' '.join(echoed)}"}, ensure_ascii=False),
            " ".join(echoed),
        ):
            world, options = prepared(scenario)
            world.sandbox.admin(
                "POST",
                "faults",
                {
                    "platform": platform,
                    "operation": operation,
                    "kind": "status",
                    "status": 422,
                    "body_text": text,
                    "headers": {"X-Request-Id": "".join(tokens)},
                    "times": None,
                },
            )
            outcome = world.run(scenario.module, options)
            keeps_secrets(outcome, scenario, *echoed)
            assert not outcome.failed or not echoed or "****" in outcome.result["msg"], outcome.result["msg"]


def token_of(world, scenario) -> list:
    """A list, which is empty for a module without such an option."""
    return (
        [world.platform_options(platform_of(scenario.module))["token"]]
        if "token" in definition_of(scenario.module).spec["argument_spec"]
        else []
    )


def leaves(value) -> list:
    """All texts in the value."""
    if isinstance(value, dict):
        return leaves(list(value.values()))
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("module,options,names", BAD_INPUT, ids=lambda value: value if isinstance(value, str) else None)
def test_refuses_bad_input_before_the_first_call(world, module, options, names):
    outcome = world.run(module, options(world) if callable(options) else options)
    assert outcome.failed and not outcome.calls
    assert outcome.result["changed"] is False and outcome.result["error"]["code"] == "invalid_input"
    for name in names:
        assert name in outcome.result["msg"], outcome.result["msg"]


@EVERY_SCENARIO
def test_documents_itself(prepared, scenario):
    """RETURN names exactly the keys that real runs return, down to those of the resource, with the right types."""
    documented = documentation_of(scenario.module, "RETURN")
    world, options = prepared(scenario)
    predicted = succeeded(world.run(scenario.module, options, check=True)).result
    real = succeeded(world.run(scenario.module, options)).result
    of_ansible = {"changed", "diff"}
    assert set(real) - of_ansible == {
        key for key, entry in documented.items() if entry["returned"].startswith("success")
    }
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
            assert same_keys(sample, value), (key, sorted(set(sample) ^ set(value)))


def same_keys(sample: dict, value: dict) -> bool:
    return set(sample) == set(value) and all(
        same_keys(sample[key], value[key])
        for key in sample
        if isinstance(sample[key], dict) and isinstance(value[key], dict)
    )


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_run(module):
    """Fail early if an example is not listed: the program that runs the examples is too slow for this suite."""
    text = (ROOT / "tests" / "demo" / "run_examples.py").read_text(encoding="utf-8")
    lists = dict(re.findall(r"^(MODULES|LEFT_OUT) = (\{.*?\})$", text, re.MULTILINE | re.DOTALL))
    listed = {name for value in lists.values() for name in ast.literal_eval(value)}
    assert module in listed, f"add {module} to MODULES of tests/demo/run_examples.py, behind the modules it needs"


@pytest.mark.parametrize("module", MODULES)
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
