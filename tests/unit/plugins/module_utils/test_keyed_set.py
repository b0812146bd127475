# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collection, with a set of words on a platform that is a dict and a list of the writes that it got."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import WRITE_ATTEMPTS
from ansible_collections.webops.paas.plugins.module_utils._kernel.collection import Collection
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile


class FakeClock:
    def __init__(self):
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)


class Platform:
    """faults: exceptions of the next writes, None for one that works; with processed the write happens all the same."""

    PLATFORM = "Words"

    def __init__(self, **words):
        self.words = words
        self.writes = []
        self.reads = 0
        self.faults = []
        self.processed = False
        self.ignored = ()

    def get(self):
        self.reads += 1
        return dict(self.words)

    def set(self, key, text):
        self.writes.append((key, text))
        fault = self.faults.pop(0) if self.faults else None
        if (fault is None or self.processed) and key not in self.ignored:
            if text is None:
                self.words.pop(key, None)
            else:
                self.words[key] = text
        if fault is not None:
            raise fault


class Words(Collection[Platform, str]):
    @property
    def declared(self):
        return self.params["words"]

    def parent(self):
        return "the book"

    def read(self, parent):
        assert parent == "the book"
        return self.client.get()

    def must_send(self, found, wanted):
        return self.params["always"]

    def write(self, parent, members, changes):
        [change] = changes
        self.client.set(change.key, change.after)
        return self.applied(members, changes)

    def result(self, plan, members):
        return {
            "book": plan.parent,
            "words": dict(members),
            "changes": {action: plan.keys(action) for action in ("create", "update", "delete")},
        }


def run(platform, check_mode=False, kind=Words, clock=None, **options):
    params = {"words": {}, "absent": None, "purge": False, "protect": None, "always": False, **options}
    return reconcile(kind(params, platform, clock or FakeClock(), pytest.fail), check_mode, True)


def lost():
    return LostAnswer("the answer is lost", code="lost_response")


def test_only_what_differs_is_set_and_only_what_is_there_goes():
    platform = Platform(same="1", old="1", gone="1", other="1")
    options = {"words": {"same": "1", "old": "2", "new": ""}, "absent": ["gone", "never"]}
    result = run(platform, **options)
    assert result["changed"] and result["changes"] == {"create": ["new"], "update": ["old"], "delete": ["gone"]}
    assert platform.writes == [("new", ""), ("old", "2"), ("gone", None)]
    assert result["words"] == platform.words == {"same": "1", "old": "2", "new": "", "other": "1"}
    assert (result["diff"]["before"], result["diff"]["after"]) == (
        {"gone": "1", "old": "1", "same": "1"},
        {"new": "", "old": "2", "same": "1"},
    )
    reads, writes = platform.reads, len(platform.writes)
    again = run(platform, **options)
    assert not again["changed"] and platform.reads == reads + 1 and len(platform.writes) == writes


def test_purge_leaves_what_is_protected():
    platform = Platform(a="1", b="1", admin="1")
    result = run(platform, words={"a": "1"}, purge=True, protect=["admin"])
    assert result["changes"]["delete"] == ["b"] and platform.words == {"a": "1", "admin": "1"}


@pytest.mark.parametrize("always", [False, True])
def test_what_is_predicted_is_what_happens(always):
    for words, absent, purge in itertools.product(
        [{}, {"a": "1"}, {"a": "2", "c": "3"}], [None, ["b"], ["b", "d"]], [False, True]
    ):
        platform = Platform(a="1", b="1")
        options = {"words": words, "absent": absent, "purge": purge, "always": always}
        foretold = run(platform, check_mode=True, **options)
        assert not platform.writes
        assert run(platform, **options) == foretold
        assert foretold["changed"] == bool(platform.writes)
        assert run(platform, **options)["changed"] is (always and bool(words))


def test_what_cannot_be_read_back_is_sent_once_a_run():
    platform = Platform(a="1")
    result = run(platform, words={"a": "1"}, always=True)
    assert result["changes"]["update"] == ["a"] and platform.writes == [("a", "1")]


@pytest.mark.parametrize("processed", [False, True])
def test_a_lost_write_is_looked_up_before_it_is_sent_again(processed):
    platform, clock = Platform(old="1"), FakeClock()
    platform.faults, platform.processed = [lost()], processed
    result = run(platform, words={"new": "1", "old": "2"}, clock=clock)
    assert result["words"] == platform.words == {"new": "1", "old": "2"} and clock.slept
    assert platform.writes == [("new", "1")] * (1 if processed else 2) + [("old", "2")]
    assert platform.reads == 2


def test_lost_writes_end_some_time():
    platform = Platform()
    platform.faults = [lost() for _each in range(WRITE_ATTEMPTS)]
    with pytest.raises(LostAnswer):
        run(platform, words={"new": "1"})
    assert len(platform.writes) == WRITE_ATTEMPTS


def test_a_refusal_that_another_run_caused():
    platform = Platform(a="1")

    class Beaten(Words):
        def write(self, parent, members, changes):
            if not self.client.writes:
                self.client.words["new"] = "theirs"
                self.client.faults = [ApiError("exists", status=409, code="conflict")]
            return super().write(parent, members, changes)

    result = run(platform, kind=Beaten, words={"new": "ours"})
    assert platform.writes == [("new", "ours"), ("new", "ours")] and result["words"] == {"a": "1", "new": "ours"}


@pytest.mark.parametrize("status,reads", [(422, 2), (401, 1), (403, 1), (429, 1), (None, 1)])
def test_a_refusal_is_the_answer_when_nobody_else_wrote(status, reads):
    platform = Platform()
    platform.faults = [ApiError("no", status=status, code="refused")]
    with pytest.raises(ApiError, match="no"):
        run(platform, words={"new": "1"})
    assert len(platform.writes) == 1 and platform.reads == reads


def test_a_change_that_the_platform_takes_and_does_not_make_is_an_error():
    class Reading(Words):
        def write(self, parent, members, changes):
            super().write(parent, members, changes)
            return self.read(parent)

    platform = Platform(a="1")
    platform.ignored = ("a",)
    with pytest.raises(PaasError, match="Words accepted the changes of a ") as caught:
        run(platform, kind=Reading, words={"a": "2"})
    assert caught.value.details["code"] == "not_applied" and platform.writes == [("a", "2")]


def test_a_set_that_is_written_whole():
    class Whole(Words):
        def batch(self, changes):
            return changes

        def write(self, parent, members, changes):
            self.client.writes.append(self.applied(members, changes))
            self.client.words = self.applied(members, changes)
            return self.read(parent)

    platform = Platform(a="1", b="1")
    run(platform, kind=Whole, words={"a": None, "c": "3"}, absent=["b"])
    assert platform.writes == [{"a": None, "c": "3"}]
    assert not run(platform, kind=Whole, words={"a": None, "c": "3"}, absent=["b"])["changed"]
