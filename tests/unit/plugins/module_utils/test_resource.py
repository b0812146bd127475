# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource, with a tiny one on a platform that is a dict and a list of the writes that it got.

Neither has exit_json, fail_json or check_mode: a class that asked for them would fail here.
"""

from __future__ import annotations

import copy
import itertools
import json

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import compare as _compare
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Field, Resource
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile

CANARY = "canary-secret"


class FakeClock:
    def __init__(self):
        self.slept = []

    def monotonic(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


class Platform:
    """One thing, or none. ignored_at_creation, never_applied: fields that it accepts with 200 but does not set."""

    def __init__(self, thing=None, ignored_at_creation=(), never_applied=(), partial_answers=False):
        self.thing = thing
        self.writes = []
        self.reads = 0
        self.ignored_at_creation = ignored_at_creation
        self.never_applied = never_applied
        self.partial_answers = partial_answers
        # Called before a create: may raise (nothing was made); after_create may raise as well (it was made).
        self.before_create = self.after_create = lambda: None

    def get(self):
        self.reads += 1
        return copy.deepcopy(self.thing)

    def post(self, body):
        self.writes.append(("create", copy.deepcopy(body)))
        self.before_create()
        self.thing = {
            "id": len(self.writes),
            "name": None,
            "tags": [],
            "note": None,
            "region": None,
            "settings": {"a": None, "b": None},
            "has_password": False,
            "revision": 0,
            "url": None,
        }
        self._set({key: value for key, value in body.items() if key not in self.ignored_at_creation})
        self.after_create()
        return copy.deepcopy(self.thing)

    def patch(self, body):
        self.writes.append(("update", copy.deepcopy(body)))
        before = copy.deepcopy(self.thing)
        self._set(body)
        self.thing["revision"] += 1
        return before if self.partial_answers else copy.deepcopy(self.thing)

    def delete(self):
        self.writes.append(("delete", None))
        self.thing = None

    def _set(self, body):
        for key, value in body.items():
            if key in self.never_applied:
                continue
            if key == "password":
                self.thing["has_password"] = bool(value)
            elif key == "settings":
                self.thing["settings"].update(value)
            else:
                self.thing[key] = value
        self.thing["url"] = f"https://{self.thing['name']}.test"


class Thing(Resource):
    key = "thing"
    always_recomputed = ("revision",)
    fields = {
        "name": Field(recomputes=("url",)),
        "tags": Field(compare=_compare.UNORDERED),
        "note": Field(),
        "region": Field(create_only=True),
        "settings": Field(compare=_compare.Mapping()),
        "password": Field(compare=_compare.Secret(), secret=True),
    }

    def check_input(self):
        if self.params["name"] == "bad":
            raise InvalidInput("name", "name must not be bad.")

    def is_declared(self, name, current):
        if name == "password" and current is not None and self.params["update_password"] == "on_create":
            return False
        return super().is_declared(name, current)

    def predicted(self, current, changes):
        predicted = super().predicted(current, changes)
        if "password" in changes:
            predicted["has_password"] = bool(changes["password"])
        return predicted

    def view(self, state):
        blank = dict.fromkeys(("id", "name", "note", "region", "has_password", "revision", "url"))
        return {**blank, "tags": [], "settings": {"a": None, "b": None}, **state}

    def read(self):
        return self.client.get()

    def create(self, wanted):
        return self.client.post(wanted)

    def update(self, current, changes):
        return self.client.patch(changes)

    def delete(self, current):
        self.client.delete()


def options(**given):
    return {
        "state": "present",
        "name": "one",
        "tags": None,
        "note": None,
        "region": None,
        "settings": None,
        "password": None,
        "update_password": "on_create",
        **given,
    }


def run(platform, check_mode=False, kind=Thing, want_diff=True, clock=None, **given):
    clock = clock or FakeClock()
    return reconcile(kind(options(**given), platform, clock, pytest.fail), check_mode, want_diff)


def existing(**values):
    platform = Platform()
    platform.post({"name": "one", "tags": ["a"], "note": "n", "region": "eu", "settings": {"a": 1}, **values})
    platform.writes.clear()
    return platform


def test_create_then_nothing_then_change_then_delete_then_nothing():
    platform = Platform()
    result = run(platform, tags=["b", "a", "b"], settings={"a": 1, "b": None})
    assert result["changed"] and result["thing"]["name"] == "one" and result["thing"]["tags"] == ["a", "b"]
    assert platform.writes == [("create", {"name": "one", "tags": ["a", "b"], "settings": {"a": 1}})]
    assert result["diff"] == {
        "before_header": "thing one (absent)",
        "after_header": "thing one",
        "before": {},
        "after": {"name": "one", "tags": ["a", "b"], "settings": {"a": 1}},
    }
    assert "unknown_until_applied" not in result

    reads = platform.reads
    result = run(platform, tags=["a", "b"], settings={"a": 1})
    assert not result["changed"] and len(platform.writes) == 1 and platform.reads == reads + 1
    assert result["thing"] == platform.thing
    assert result["diff"]["before"] == result["diff"]["after"] == {}

    result = run(platform, note="new", tags=["b", "a"])
    assert result["changed"] and platform.writes[1:] == [("update", {"note": "new"})]
    assert result["diff"] == {
        "before_header": "thing one",
        "after_header": "thing one",
        "before": {"name": "one", "tags": ["a", "b"], "note": None},
        "after": {"name": "one", "tags": ["a", "b"], "note": "new"},
    }

    result = run(platform, state="absent")
    assert result["changed"] and result["thing"] is None and platform.writes[2:] == [("delete", None)]
    assert result["diff"]["after"] == {} and result["diff"]["before"]["note"] == "new"
    assert result["diff"]["after_header"] == "thing one (absent)"
    result = run(platform, state="absent")
    assert not result["changed"] and result["thing"] is None and len(platform.writes) == 3
    assert result["diff"]["before"] == result["diff"]["after"] == {}


def test_empty_values_clear_and_null_leaves():
    platform = existing()
    run(platform, note="", tags=[])
    assert platform.writes == [("update", {"note": None, "tags": []})]
    assert platform.thing["region"] == "eu" and platform.thing["settings"] == {"a": 1, "b": None}
    assert not run(platform, note="", tags=[])["changed"]


@pytest.mark.parametrize("want_diff", [True, False])
def test_a_diff_only_when_asked_for(want_diff):
    assert ("diff" in run(Platform(), want_diff=want_diff)) is want_diff


def test_bad_input_is_refused_before_anything_is_read():
    platform = Platform()
    with pytest.raises(InvalidInput):
        run(platform, name="bad")
    assert not platform.reads and not platform.writes


VALUES = {
    "state": ["present", "absent"],
    "name": ["one", "two"],
    "tags": [None, [], ["b", "a"]],
    "note": [None, "", "new"],
    "settings": [None, {}, {"a": 1}, {"a": 2, "b": "x"}, {"b": ""}],
    "password": [None, "", CANARY],
    "update_password": ["on_create", "always"],
}


@pytest.mark.parametrize(
    "make",
    [
        Platform,
        existing,
        lambda: existing(note=None, tags=[]),
        lambda: Platform(ignored_at_creation=("note", "tags", "settings")),
        lambda: existing(password="old"),
    ],
    ids=["absent", "present", "emptied", "ignoring", "with password"],
)
@pytest.mark.parametrize("state", VALUES["state"])
def test_what_is_predicted_is_what_happens(make, state):
    for values in itertools.product(*(VALUES[name] for name in VALUES if name != "state")):
        given = dict(zip((name for name in VALUES if name != "state"), values, strict=True), state=state)
        platform = make()
        foretold = run(platform, check_mode=True, **given)
        assert not platform.writes
        happened = run(platform, **given)
        unknown = foretold.pop("unknown_until_applied", [])
        assert foretold["changed"] == happened["changed"] == bool(platform.writes)
        assert foretold["diff"] == happened["diff"]
        assert known(foretold, unknown) == known(happened, unknown), given
        assert (foretold["thing"] or {}).keys() == (happened["thing"] or {}).keys(), given
        assert all(leaves(foretold["thing"])[name] is None for name in unknown)
        assert CANARY not in json.dumps([foretold, happened])
        again = run(platform, **given)
        assert again["changed"] is (
            state == "present" and given["password"] is not None and given["update_password"] == "always"
        )


def known(result, unknown):
    return {
        name: value
        for name, value in leaves(result["thing"]).items()
        if not any(name == each or name.startswith(f"{each}.") for each in unknown)
    }


def leaves(value, name=""):
    if isinstance(value, dict):
        return {
            key: item
            for part, inner in value.items()
            for key, item in leaves(inner, f"{name}.{part}" if name else part).items()
        }
    return {name: value}


def test_what_creation_ignores_is_updated_afterwards():
    platform = Platform(ignored_at_creation=("note", "settings"))
    result = run(platform, note="n", settings={"a": 1}, password=CANARY)
    assert [write[0] for write in platform.writes] == ["create", "update"]
    assert platform.writes[1][1] == {"note": "n", "settings": {"a": 1, "b": None}}
    assert result["thing"]["note"] == "n" and result["thing"]["has_password"]


@pytest.mark.parametrize("platform", [Platform(never_applied=("note", "tags")), existing()])
def test_a_change_that_the_platform_takes_and_does_not_make_is_an_error(platform):
    platform.never_applied = ("note", "tags")
    with pytest.raises(PaasError) as caught:
        run(platform, note="new", tags=["x"], settings={"a": 5})
    assert caught.value.details["code"] == "not_applied"
    assert "note, tags" in str(caught.value) and "settings" not in str(caught.value)


def test_an_answer_that_is_old_is_read_again():
    platform = existing()
    platform.partial_answers = True
    result = run(platform, note="new")
    assert result["thing"]["note"] == "new" and platform.reads == 2 and len(platform.writes) == 1


def test_what_is_fixed_at_creation():
    platform = Platform()
    run(platform, region="eu")
    assert not run(platform, region="eu")["changed"]
    for check_mode in (True, False):
        with pytest.raises(PaasError) as caught:
            run(platform, check_mode=check_mode, region="us", note="x")
        assert caught.value.details == {"code": "create_only", "option": "region"}
        assert "'eu'" in str(caught.value) and "'us'" in str(caught.value)
    assert len(platform.writes) == 1


def test_secrets_are_shown_by_name_only():
    platform = Platform()
    result = run(platform, password=CANARY)
    assert result["diff"]["after"] == {"name": "one", "password": "(secret, changed)"}
    assert result["thing"]["has_password"] is True
    result = run(platform, password=CANARY, update_password="always")
    assert result["diff"]["before"] == {"name": "one", "password": "(secret)"}
    assert result["diff"]["after"] == {"name": "one", "password": "(secret, changed)"}
    assert platform.writes[1:] == [("update", {"password": CANARY})]
    assert "password" not in run(platform, password=CANARY, note="x")["diff"]["after"]
    assert CANARY not in json.dumps(run(platform, password=CANARY, update_password="always", note="y"))
    assert CANARY not in json.dumps(run(platform, password=CANARY, state="absent"))


def lost():
    raise LostAnswer("the answer was lost", code="lost_response")


def refused():
    raise ApiError("taken", status=422, code="invalid")


def test_a_lost_create_is_found_and_completed():
    platform = Platform(ignored_at_creation=("note",))
    platform.after_create = lost
    result = run(platform, note="n", password=CANARY)
    assert result["changed"] and result["thing"]["note"] == "n"
    assert [write[0] for write in platform.writes] == ["create", "update"]
    assert "password" not in platform.writes[1][1]


def test_a_lost_create_that_left_no_trace_is_repeated_but_not_for_ever():
    platform = Platform()
    platform.before_create = lost
    clock = FakeClock()
    with pytest.raises(LostAnswer):
        run(platform, clock=clock)
    assert [write[0] for write in platform.writes] == ["create"] * 3
    # The first read makes the plan; then one after each attempt.
    assert platform.reads == 4 and all(clock.slept)


def test_never_two():
    platform = Platform()
    made = []
    platform.after_create = lambda: made.append(1) or lost()
    run(platform)
    assert len(made) == 1


def test_a_race_with_another_run():
    platform = Platform()

    def won_by_another():
        platform.thing = existing(note="theirs").thing
        refused()

    platform.before_create = won_by_another
    result = run(platform, note="ours")
    assert (
        result["changed"] and result["thing"]["note"] == "ours" and result["thing"]["settings"] == {"a": 1, "b": None}
    )
    assert [write[0] for write in platform.writes] == ["create", "update"]


def test_a_race_with_another_run_that_made_it_otherwise():
    platform = Platform()

    def won_by_another():
        platform.thing = existing().thing
        refused()

    platform.before_create = won_by_another
    with pytest.raises(PaasError) as caught:
        run(platform, region="us", note="ours")
    assert caught.value.details["code"] == "create_only"
    assert [write[0] for write in platform.writes] == ["create"] and platform.thing["note"] == "n"


def test_a_refusal_is_the_answer_when_nothing_is_found():
    platform = Platform()
    platform.before_create = refused
    with pytest.raises(ApiError, match="taken"):
        run(platform)
    assert len(platform.writes) == 1


def test_all_that_only_the_platform_knows_is_named():
    platform = Platform()
    result = run(platform, check_mode=True, note="n", settings={"a": 1}, password="")
    assert result["unknown_until_applied"] == ["id", "region", "revision", "tags", "url", "settings.b"]
    assert result["thing"] == {
        "id": None,
        "name": "one",
        "tags": None,
        "note": "n",
        "region": None,
        "settings": {"a": 1, "b": None},
        "has_password": False,
        "revision": None,
        "url": None,
    }
    platform = existing()
    assert run(platform, check_mode=True, name="two")["unknown_until_applied"] == ["revision", "url"]
    result = run(platform, check_mode=True, note="x")
    assert (
        result["unknown_until_applied"] == ["revision"]
        and result["thing"]["revision"] is None
        and result["thing"]["url"] == "https://one.test"
    )
    assert "unknown_until_applied" not in run(platform, check_mode=True)
    assert "unknown_until_applied" not in run(platform, check_mode=True, state="absent")
