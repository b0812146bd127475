# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace of uploads, against a simulated server and clock: nothing waits."""

from __future__ import annotations

import heapq
import itertools
import random

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.adaptive import (
    LARGE,
    MOST,
    START,
    Pace,
    check_concurrency,
    concurrency_of,
    mixed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

FIXED = (4, 8, 16, 32, 64)


class Server:
    """Requests per second that it can process one after another, and the seconds that a response is on the way.

    handshake: round trips of the first request of a lane. noise: mean of random seconds that are added. bandwidth:
    bytes per second of the line. fails(number, lanes in flight): which requests fail.
    """

    def __init__(self, per_second, latency, *, handshake=0, noise=0.0, bandwidth=None, fails=None, seed=1):
        self.per_second, self.latency, self.handshake, self.noise = per_second, latency, handshake, noise
        self.bandwidth, self.fails, self.random = (
            bandwidth,
            fails or (lambda number, flying: False),
            random.Random(seed),
        )
        self.free_at = self.line_free_at = 0.0
        self.received = 0

    def end_of(self, now, size, is_first):
        """When the response to a request that is sent now arrives."""
        if self.bandwidth:
            now = self.line_free_at = max(now, self.line_free_at) + size / self.bandwidth
        self.received += 1
        arrives = now + self.latency * (0.5 + self.handshake * is_first)
        self.free_at = max(arrives, self.free_at) + 1 / self.per_second
        return self.free_at + self.latency / 2 + (self.random.expovariate(1 / self.noise) if self.noise else 0)


class Run:
    """All jobs (sizes in bytes) through a pace. seconds: in total. lanes: their number at the end of each request."""

    def __init__(self, server, pace, jobs):
        self.lanes, self.flying, waiting = [], [], list(reversed(jobs))
        now, events, busy, warm = 0.0, [], set(), set()
        while waiting or events:
            for lane in sorted(set(range(pace.lanes)) - busy) if waiting else ():
                if waiting and pace.admits(lane):
                    size = waiting.pop()
                    busy.add(lane)
                    pace.in_flight += 1
                    end = server.end_of(now, size, lane not in warm)
                    is_failure = server.fails(server.received, pace.in_flight)
                    heapq.heappush(events, (end, lane, now, size, is_failure))
                    warm.add(lane)
            self.flying.append(pace.in_flight)
            now, lane, began, size, is_failure = heapq.heappop(events)
            busy.discard(lane)
            pace.in_flight -= 1
            if is_failure:
                pace.failed(lane, began, now, is_lost=False)
                waiting.append(size)
            else:
                pace.succeeded(lane, began, now, size)
            self.lanes.append(pace.lanes)
        self.seconds = now


def compared(jobs, **server):
    """The run with the best number of lanes at each moment, and its time compared with the best fixed number."""
    best = min(Run(Server(**server), Pace(lanes), jobs).seconds for lanes in FIXED)
    run = Run(Server(**server), Pace(), jobs)
    return run, run.seconds / best


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("latency", [0.001, 0.03, 0.15])
@pytest.mark.parametrize("per_second", [100, 400, 2000])
@pytest.mark.parametrize("noise", [0.0, 0.005])
def test_it_is_nearly_as_fast_as_the_best_fixed_number(per_second, latency, noise, seed):
    sizes = [int(random.Random(seed).expovariate(1 / 27_000)) for _each in range(1000)]
    _run, ratio = compared(sizes, per_second=per_second, latency=latency, noise=noise, seed=seed)
    assert ratio <= 1.3


@pytest.mark.parametrize("jobs", [1, 5, 30, 5_000])
def test_few_and_many_jobs(jobs):
    _run, ratio = compared([1000] * jobs, per_second=500, latency=0.03)
    assert ratio <= 1.4


def test_it_starts_small_and_ends_at_the_bound_on_an_idle_line():
    run, _ratio = compared([1000] * 3000, per_second=100_000, latency=0.15)
    assert run.lanes[0] == START < run.lanes[-1] == MOST == max(run.flying)


def test_a_connection_that_is_opened_first_does_not_look_like_a_slow_server():
    run, ratio = compared([1000] * 3000, per_second=100_000, latency=0.15, handshake=2)
    assert run.lanes[-1] == MOST and ratio <= 1.3


def test_it_does_not_fill_the_line_with_requests_that_only_wait():
    run, ratio = compared([1000] * 3000, per_second=300, latency=0.001)
    assert ratio <= 1.05 and sum(run.lanes) / len(run.lanes) < MOST / 2


def test_large_files_on_a_narrow_line_are_not_all_sent_at_once():
    """Netlify closes requests that take longer than 30 seconds."""
    run, ratio = compared([5_000_000] * 200, per_second=500, latency=0.03, bandwidth=10_000_000)
    assert ratio <= 1.05 and max(run.flying) <= 4 * START


def test_failures_halve_it_once_for_all_requests_that_were_sent_before():
    pace = Pace()
    pace.bound(MOST)
    for lane in range(START):
        pace.failed(lane, 1.0, 2.0 + lane / 100, is_lost=lane % 2 == 0)
    assert pace.lanes == START // 2
    pace.failed(0, 3.0, 4.0, is_lost=False)
    assert pace.lanes == START // 4


def test_it_never_stops():
    pace = Pace()
    for second in range(20):
        pace.failed(0, second, second, is_lost=True)
    assert pace.lanes == 1 and pace.admits(0)


def test_it_recovers_from_a_bad_moment():
    run = Run(Server(100_000, 0.1, fails=lambda number, flying: 300 <= number < 340), Pace(), [1000] * 6000)
    assert min(run.lanes[300:]) <= MOST // 2 and run.lanes[-1] == MOST


def test_a_server_that_refuses_more_than_it_can_bear_is_not_pressed():
    """More than 20 requests at the same time are refused."""
    server = Server(100_000, 0.05, fails=lambda number, flying: flying > 20)
    run = Run(server, Pace(), [1000] * 3000)
    refused = server.received - 3000
    assert refused < 0.05 * 3000
    assert 10 <= sum(run.lanes[500:]) / len(run.lanes[500:]) <= 25


def test_rising_latency_takes_lanes_away():
    server = Server(100_000, 0.05)
    pace = Pace()
    assert Run(server, pace, [1000] * 2000).lanes[-1] == MOST
    server.latency = 0.5
    slow = Run(server, pace, [1000] * 1500)
    assert min(slow.lanes) < MOST


@pytest.mark.parametrize("lanes", [1, 8, MOST])
def test_a_fixed_number_stays(lanes):
    run = Run(Server(100, 0.1, fails=lambda number, flying: number % 7 == 0), Pace(lanes), [1000] * 200)
    assert set(run.lanes) == {lanes} and max(run.flying) == lanes


def test_the_bound_of_the_platform_is_kept():
    for pace in (Pace(), Pace(16)):
        pace.bound(3)
        assert max(Run(Server(100_000, 0.1), pace, [1000] * 500).flying) == 3


# -- the rate limit ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lanes", [None, 8, MOST])
def test_no_more_is_sent_than_is_left(lanes):
    """The platform counts when a request arrives, and the count is known when the response arrives."""
    pace, limit, period = Pace(lanes), 100, 60.0
    now, sent, refused, window, waits = 0.0, 0, 0, [0.0, 0], 0
    events = []
    order = itertools.count()
    while sent < 450:
        for lane in range(pace.lanes):
            if pace.admits(lane) and not any(event[2] == lane for event in events):
                pace.in_flight += 1
                if now >= window[0] + period:
                    window = [now, 0]
                refused += window[1] >= limit
                window[1] += 1
                # Later responses overtake earlier ones.
                end = now + 0.1 + 0.05 * (next(order) % 5)
                heapq.heappush(events, (end, next(order), lane, now, limit - window[1], window[0] + period))
        assert events, "nobody may go on"
        now, _number, lane, began, left, until = heapq.heappop(events)
        pace.in_flight -= 1
        sent += 1
        pace.succeeded(lane, began, now, 100)
        if pace.limited(left, until):
            waits += 1
            assert not events, "requests are still on the way"
            now = until
    assert refused == 0 and waits == 4


def test_a_count_that_is_always_zero_is_not_believed():
    pace = Pace()
    assert not any(pace.limited(0, until) for until in (60.0, 60.0, 120.0, 180.0))
    assert pace.admits(0)


def test_late_responses_of_a_time_that_is_over_do_not_count():
    pace = Pace()
    assert not pace.limited(1, 60.0)
    assert pace.limited(0, 60.0)
    assert not pace.limited(0, 60.0) and not pace.limited(3, 60.3)
    pace.in_flight = 5
    assert pace.admits(0)
    assert not pace.limited(2, 120.0) and not pace.admits(0)


# -- the option and the order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "lanes"), [("auto", None), ("8", 8), (16, 16), ("64", 64), (1, 1)])
def test_valid_numbers(value, lanes):
    check_concurrency("concurrency", value)
    assert concurrency_of(value) == lanes


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "", "Auto", "many", " 8", "٣"])
def test_other_values_are_refused(value):
    with pytest.raises(InvalidInput) as caught:
        check_concurrency("concurrency", value)
    assert caught.value.option == "concurrency" and "auto" in caught.value.message and "64" in caught.value.message


def test_small_files_keep_their_order():
    assert mixed(iter([3, 1, 2]), lambda size: size) == [3, 1, 2]


def test_no_large_file_ends_alone():
    sizes = [*range(20), LARGE + 3, LARGE + 1, LARGE + 2]
    order = mixed(sizes, lambda size: size)
    assert sorted(order) == sorted(sizes)
    assert order[:9] == [0, 1, LARGE + 3, 2, 3, LARGE + 2, 4, 5, LARGE + 1] and order[9:] == list(range(6, 20))


def test_only_large_files_end_with_the_smallest():
    sizes = [LARGE + number for number in range(1, 9)]
    assert mixed(sizes, lambda size: size) == sizes[::-1]
