# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation and Info, and common rules for the plans of all shapes."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._kernel.collection import Collection
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Change, Plan, Prediction
from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Info, Operation, Resource
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile


@pytest.mark.parametrize("kind", [Resource, Collection, Operation, Info])
def test_a_class_without_its_methods_does_not_work(kind):
    with pytest.raises(TypeError):
        kind({}, None, None, None)


# -- Plan --------------------------------------------------------------------------------------------------------------


def test_a_plan_without_a_write_changes_nothing():
    plan = Plan([Change.keep(None, "shop"), Change.keep("a", 1)])
    assert not plan.changed and not plan.writes and plan.parent == "shop"
    assert plan.before == plan.after == {"a": 1} and plan.join is None
    assert not Plan().changed and Plan().parent is None


def test_what_a_plan_says_of_its_objects():
    plan = Plan([Change.create("a", 1), Change.update("b", 1, 2), Change.delete("c", None), Change.keep("d", None)])
    assert plan.changed and plan.before == {"b": 1, "c": None, "d": None} and plan.after == {"a": 1, "b": 2, "d": None}
    assert [plan.keys(action) for action in ("create", "update", "delete", "keep")] == [["a"], ["b"], ["c"], ["d"]]


# -- Info --------------------------------------------------------------------------------------------------------------


class Things(Info):
    key = "things"

    def fetch(self):
        yield from self.client


@pytest.mark.parametrize("found", [[], [{"id": 1}, {"id": 2}]])
@pytest.mark.parametrize("check_mode", [True, False])
def test_info_is_a_list_and_never_a_change(found, check_mode):
    assert reconcile(Things({}, found, None, None), check_mode, True) == {"changed": False, "things": found}


def test_what_there_is_always_one_of_is_no_list():
    class Thing(Info):
        key = "thing"

        def fetch(self):
            return self.client

    assert reconcile(Thing({}, {"id": 1}, None, None), False, True) == {"changed": False, "thing": {"id": 1}}


# -- Operation ---------------------------------------------------------------------------------------------------------


class Deploy(Operation):
    """client: {"live", "running", "log"}; wants params["release"] to be live."""

    def plan(self):
        self.opened.callback(self.client["log"].append, "closed")
        live, wanted = self.client["live"], self.params["release"]
        if live == wanted or self.client["running"] == wanted:
            return Plan([Change.keep("live", live)], join=None if live == wanted else wanted)
        return Plan([Change.update("live", live, wanted)])

    def predict(self, plan):
        return Prediction({"deploy": plan.after["live"]}, ["deploy.id"] if plan.changed else [])

    def apply(self, plan):
        self.client["log"].append("applied")
        if plan.after["live"] == "broken":
            raise ApiError("broken", code="refused")
        return plan.after["live"]

    def settle(self, plan, outcome):
        self.client["log"].append(f"waited for {outcome}")
        return {"deploy": outcome}


def deploy(check_mode=False, release="2", live="1", running=None):
    log = []
    params = {"release": release, "wait_timeout": 60, "poll_interval": 2}
    task = Deploy(params, {"live": live, "running": running, "log": log}, "the clock", None, print)
    assert task.patience == Patience("the clock", timeout=60, interval=2, progress=print)
    return reconcile(task, check_mode, True), log


def test_an_operation_is_brought_about_and_waited_for():
    result, log = deploy()
    assert log == ["applied", "waited for 2", "closed"]
    diff = {"before_header": "", "after_header": "", "before": {"live": "1"}, "after": {"live": "2"}}
    assert result == {"changed": True, "deploy": "2", "diff": diff}


def test_an_operation_that_is_predicted_or_done_writes_nothing():
    foretold, log = deploy(check_mode=True)
    assert log == ["closed"] and foretold.pop("unknown_until_applied") == ["deploy.id"] and foretold == deploy()[0]
    result, log = deploy(release="1")
    assert log == ["closed"] and not result["changed"]
    assert result["diff"]["before"] == result["diff"]["after"] == {}


def test_an_operation_on_its_way_is_joined_and_not_begun_again():
    result, log = deploy(running="2")
    assert log == ["waited for 2", "closed"] and not result["changed"] and result["deploy"] == "2"
    result, log = deploy(running="2", check_mode=True)
    assert log == ["closed"] and not result["changed"]


def run(kind, check_mode=False, warn=None):
    return reconcile(kind({"release": "2"}, {"live": "1", "running": None, "log": []}, None, warn), check_mode, True)


def test_what_came_of_it_has_the_last_word_on_whether_something_changed():
    """The prediction reports that the value is known only after the real run."""

    class Unneeded(Deploy):
        def predict(self, plan):
            return Prediction(super().predict(plan).result, ["deploy.id", "changed"])

        def settle(self, plan, outcome):
            return {**super().settle(plan, outcome), "changed": False}

    result = run(Unneeded)
    assert result["changed"] is False and result["deploy"] == "2"
    assert result["diff"]["before"] == result["diff"]["after"] == {}
    foretold = run(Unneeded, check_mode=True)
    assert foretold["changed"] is True and foretold["unknown_until_applied"] == ["deploy.id", "changed"]


def test_doubts_go_with_a_prediction_only():
    warnings = []

    class Doubtful(Deploy):
        def predict(self, plan):
            return Prediction({"deploy": None}, doubts=["It cannot be read."])

    run(Doubtful, warn=warnings.append)
    assert not warnings
    run(Doubtful, check_mode=True, warn=warnings.append)
    assert warnings == ["It cannot be read."]


@pytest.mark.parametrize("failing", ["check_input", "plan", "predict", "apply", "settle"])
def test_what_was_opened_is_closed_when_it_fails(failing):
    log = []

    class Failing(Deploy):
        def check_input(self):
            self.opened.callback(log.append, "closed")

    def fail(*unused):
        raise PaasError("no", code="refused") if failing != "check_input" else KeyboardInterrupt

    setattr(Failing, "plan" if failing == "check_input" else failing, fail)
    with pytest.raises((PaasError, KeyboardInterrupt)):
        run(Failing)
    assert log == ["closed"]
