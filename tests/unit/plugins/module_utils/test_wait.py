# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.wait import (
    CREATE_ATTEMPTS,
    GIVE_WAY_PAUSE,
    GIVE_WAY_READS,
    Patience,
    create_once,
    first_of,
    wait_until,
)


class FakeClock:
    def __init__(self):
        self.passed = 0.0
        self.slept = []

    def monotonic(self):
        return self.passed

    def sleep(self, seconds):
        assert seconds > 0
        self.slept.append(seconds)
        self.passed += seconds


@pytest.fixture
def clock():
    return FakeClock()


def wait(clock, states, timeout=60, interval=5, poll_takes=0.0, done=None):
    remaining = iter(states)

    def poll():
        clock.passed += poll_takes
        return next(remaining)

    return wait_until(
        poll,
        done or (lambda state: state == "ready"),
        Patience(clock, timeout, interval),
        what="The deploy 1",
    )


def test_what_is_done_already_is_not_waited_for(clock):
    assert wait(clock, ["ready"]) == "ready" and not clock.slept


def test_the_pauses_grow_up_to_the_interval(clock):
    assert wait(clock, ["new"] * 12 + ["ready"]) == "ready"
    assert clock.slept == sorted(clock.slept) and clock.slept[0] < 1 and clock.slept[-1] == 5


def test_a_state_that_nobody_knows_is_waited_for_but_not_for_ever(clock):
    with pytest.raises(WaitFailed) as caught:
        wait(clock, iter(lambda: "frobnicating", None))
    assert clock.passed == pytest.approx(60)
    assert (
        "The deploy 1 did not finish within 60 s" in str(caught.value)
        and "frobnicating" in str(caught.value)
        and "wait_timeout" in str(caught.value)
    )
    assert caught.value.details["code"] == "wait_timeout"


def test_the_last_look_comes_at_the_end_of_the_time(clock):
    def done(state):
        return clock.passed >= 60

    assert wait(clock, iter(lambda: "new", None), done=done) == "new"


@pytest.mark.parametrize("timeout, poll_takes", [(0.001, 0), (10, 100), (60, 7)])
def test_slow_polls_and_short_times_end(clock, timeout, poll_takes):
    with pytest.raises(WaitFailed):
        wait(clock, iter(lambda: "new", None), timeout=timeout, poll_takes=poll_takes)
    assert clock.passed <= timeout + 2 * max(poll_takes, 0.001)


def test_failures_come_through(clock):
    def done(state):
        raise WaitFailed("The deploy 1 ended in error.", code="deploy_failed")

    with pytest.raises(WaitFailed, match="ended in error"):
        wait(clock, ["error"], done=done)


def test_a_poll_that_fails_is_not_repeated_here(clock):
    def poll():
        raise ApiError("no", code="refused")

    with pytest.raises(ApiError, match="no"):
        wait_until(poll, bool, Patience(clock, 1, 1), what="x")
    assert not clock.slept


class Platform:
    """A create that does what a script says, (exception, whether it was made all the same), and works after that.

    seen_after: a look-up finds what was made only so many seconds later.
    """

    def __init__(self, clock, *script, seen_after=0, made_by_another=False):
        self.clock = clock
        self.script = list(script)
        self.seen_after = seen_after
        self.made = [0.0] if made_by_another else []
        self.calls = []

    def create(self):
        self.calls.append("create")
        if not self.script:
            self.made.append(self.clock.passed)
            return "created"
        error, is_made = self.script.pop(0)
        if is_made:
            self.made.append(self.clock.passed)
        raise error

    def look_up(self):
        self.calls.append("look up")
        return "found" if self.made and self.clock.passed >= self.made[0] + self.seen_after else None

    def run(self):
        return create_once(self.create, self.look_up, self.clock)


def lost(status=None):
    return LostAnswer("the answer was lost", status=status, code="lost_response")


def refused(status):
    return ApiError("refused", status=status, code="refused")


def test_a_create_that_works_is_one_call(clock):
    platform = Platform(clock)
    assert platform.run() == ("created", True) and platform.calls == ["create"]


def test_a_lost_create_that_was_processed_is_found(clock):
    platform = Platform(clock, (lost(), True))
    assert platform.run() == ("found", False) and platform.calls == ["create", "look up"] and len(platform.made) == 1


def test_a_lost_create_that_was_not_processed_is_repeated_after_a_look(clock):
    platform = Platform(clock, (lost(), False), (lost(502), False))
    assert platform.run() == ("created", True)
    assert platform.calls == ["create", "look up", "create", "look up", "create"] and len(platform.made) == 1


@pytest.mark.parametrize("seen_after", [0, 0.5, 1.9])
def test_a_create_that_becomes_visible_late_is_not_made_twice(clock, seen_after):
    platform = Platform(clock, (lost(), True), seen_after=seen_after)
    assert platform.run() == ("found", False) and len(platform.made) == 1


def test_a_create_is_repeated_only_so_often_and_looked_up_in_the_end_too(clock):
    platform = Platform(clock, *[(lost(), False)] * 10)
    with pytest.raises(LostAnswer):
        platform.run()
    assert platform.calls == ["create", "look up"] * CREATE_ATTEMPTS
    platform = Platform(clock, *[(lost(), False)] * (CREATE_ATTEMPTS - 1), (lost(), True))
    assert platform.run() == ("found", False)


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_that_another_run_caused(clock, status):
    assert Platform(clock, (refused(status), False), made_by_another=True).run() == ("found", False)
    platform = Platform(clock, (refused(status), False))
    with pytest.raises(ApiError, match="refused"):
        platform.run()
    assert platform.calls == ["create", "look up"] and not clock.slept


@pytest.mark.parametrize(
    "error", [refused(401), refused(403), refused(429), ApiError("could not connect", code="unreachable")]
)
def test_what_no_look_up_can_cure_is_raised_at_once(clock, error):
    platform = Platform(clock, (error, False))
    with pytest.raises(ApiError) as caught:
        platform.run()
    assert caught.value is error and platform.calls == ["create"]


def test_a_look_up_that_fails_tells_what_it_was_for(clock):
    def look_up():
        raise ApiError("the platform is down.", status=503, code="server_error")

    platform = Platform(clock, (lost(), True))
    platform.look_up = look_up
    with pytest.raises(ApiError) as caught:
        platform.run()
    assert re.match("the platform is down. .*: the answer was lost$", str(caught.value))
    assert platform.calls == ["create"]


# -- objects that several runs create at the same time -----------------------------------------------------------------

OWN, FIRST, LATER = {"id": "own"}, {"id": "first"}, {"id": "later"}


class Listing:
    """What each read finds; the last one stays. deleted: what this run has deleted."""

    def __init__(self, *found):
        self.found = list(found)
        self.deleted = []

    def __call__(self):
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]

    def settle(self, clock):
        return first_of(OWN, self, self.deleted.append, clock)


@pytest.mark.parametrize(
    "found,stays,deleted,pauses",
    [
        ([[OWN]], (OWN, True), [], 0),
        # A list that does not show it yet.
        ([[]], (OWN, True), [], 0),
        ([[FIRST, OWN]], (FIRST, False), [OWN], 0),
        # Deleted by somebody, or not in the list yet.
        ([[FIRST]], (FIRST, False), [], 0),
        # The other run sees both, and deletes its own.
        ([[OWN, LATER], [OWN, LATER], [OWN]], (OWN, True), [], 2),
        # The other run has seen only its own.
        ([[OWN, LATER]], (LATER, False), [OWN], GIVE_WAY_READS),
        ([[OWN, LATER], [FIRST, OWN, LATER]], (FIRST, False), [OWN], 1),
    ],
)
def test_one_of_several_creations_stays(clock, found, stays, deleted, pauses):
    listing = Listing(*found)
    assert listing.settle(clock) == stays and listing.deleted == deleted
    assert clock.slept == [GIVE_WAY_PAUSE] * pauses
