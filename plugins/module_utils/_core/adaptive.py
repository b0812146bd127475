# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests of a task are sent at the same time. PRIVATE to the collection."""

from __future__ import annotations

import collections
import statistics
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

Job = TypeVar("Job")

AUTO = "auto"
# Lanes at the beginning, and at most.
START = 8
MOST = 64
# Requests of this many bytes count twice as much as an empty one.
UNIT = 64 * 1024
# Bytes above which a body takes noticeably longer than others.
LARGE = 256 * 1024
# More lanes are kept if they bring at least this part of what they would bring on an idle line.
WORTH = 0.3
# Comparable requests that a round needs.
FEWEST = 4
# Rounds between two attempts to use more lanes.
REST = 4
LONGEST_REST = 64
# A round is not shorter, because a moment of a busy machine says nothing. Seconds.
SHORTEST_ROUND = 0.05
# The rate of a lane compared with before, below which latency has risen.
SLOWER = 0.6
# Difference in seconds between two announcements of the same end of a rate limit.
TOLERANCE = 1.0
# Before any time of a clock.
NEVER = float("-inf")


def concurrency_of(value: Any) -> int | None:
    """The number of lanes, None for C(auto). value: of an option that C(check_concurrency) accepts."""
    return None if value == AUTO else int(value)


def check_concurrency(option: str, value: Any) -> None:
    """A check of an option: C(auto), or a number of lanes. It raises InvalidInput."""
    text = str(value)
    if text != AUTO and not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise InvalidInput(option, f"`{option}` must be {AUTO} or an integer from 1 to {MOST}, got {value}.")


def mixed(jobs: Iterable[Job], size: Callable[[Job], int]) -> list[Job]:
    """The jobs in an order in which no large one ends alone: with two small ones before each large one, largest first.

    size: bytes of a job.
    """
    jobs = list(jobs)
    small = collections.deque(job for job in jobs if size(job) <= LARGE)
    order: list[Job] = []
    for job in sorted((job for job in jobs if size(job) > LARGE), key=size, reverse=True):
        order += [small.popleft() for _each in range(min(2, len(small)))]
        order.append(job)
    return [*order, *small]


class Pace:
    """How many lanes (threads with a connection each) send requests at the same time.

    Doubles the lanes while the rate of all lanes together grows, later tries half as many more from time to time, and
    returns to fewer if that brings nothing. Failures halve the lanes; rising latency takes away a quarter. With a fixed
    number of lanes, only the platform's rate limit is obeyed.

    lanes: fixed number, None for the best number. Times are in seconds, from any clock that does not go back. Not
    thread-safe.
    """

    def __init__(self, lanes: int | None = None) -> None:
        self._is_fixed = lanes is not None
        self.lanes = START if lanes is None else max(1, lanes)
        self.in_flight = 0
        self._most = MOST
        # Lanes that have a connection: the first request of a lane also opens one.
        self._warm: set[int] = set()
        # The number of lanes and their rate to compare with.
        self._before: tuple[int, float] | None = None
        self._is_doubling = True
        self._rest = 0
        # The number of lanes that failed last. Near it, lanes are added with care: 1, 2, 4 and so on. Each further
        # failure near it makes the rest longer.
        self._failed_with = 2 * MOST
        self._step = 1
        self._rest_after = REST
        self._has_failed_once = False
        # The present round: its begin, its finished requests, and the work per second of each comparable one.
        self._since = NEVER
        self._ended = 0
        self._samples: list[float] = []
        self._quota = _Quota()

    def admits(self, lane: int) -> bool:
        """Whether the lane, counted from 0, may send another request."""
        return lane < self.lanes and self.in_flight < self.lanes and self._quota.allows(self.in_flight)

    def bound(self, most: int) -> None:
        """The maximum number of lanes from now on."""
        self._most = most
        self.lanes = min(self.lanes, most)

    def succeeded(self, lane: int, began: float, ended: float, size: int) -> None:
        """size: bytes of the body that was sent."""
        is_first = lane not in self._warm
        self._warm.add(lane)
        if self._is_fixed or began < self._since:
            return
        self._ended += 1
        if not is_first:
            self._samples.append((1 + size / UNIT) / max(ended - began, 1e-6))
        if self._since == NEVER and self._ended >= FEWEST:
            # First requests only: there is nothing to compare.
            self._use(self._more(), ended)
        elif len(self._samples) >= max(FEWEST, self.lanes // 2) and ended - self._since >= SHORTEST_ROUND:
            self._judge(self.lanes * statistics.median(self._samples), ended)

    def failed(self, lane: int, began: float, ended: float, is_lost: bool) -> None:
        """A rate limit, an error of the server or, if is_lost, a connection without a response."""
        if is_lost:
            self._warm.discard(lane)
        # Failures of requests that were sent before the last change are its reason, not its result.
        if self._is_fixed or began < self._since:
            return
        is_as_before = self.lanes * 4 >= self._failed_with * 3 and self.lanes <= self._failed_with * 4 / 3
        self._rest_after = min(2 * self._rest_after, LONGEST_REST) if is_as_before else REST
        self._failed_with, self._step = self.lanes, 1
        self._use(max(1, self.lanes // 2), ended)
        self._before, self._is_doubling, self._rest = None, False, self._rest_after

    def limited(self, left: int, until: float) -> bool:
        """What a response says about the rate limit; whether nothing is left, so that all must wait until then.

        left: number of requests. until: when the platform counts anew.
        """
        return self._quota.told(left, until)

    def _judge(self, rate: float, now: float) -> None:
        """Ends a round. rate: of all lanes together."""
        if self._before is None or self.lanes < self._before[0]:
            self._before = (self.lanes, rate)
            self._go_on(now)
        elif self.lanes > self._before[0]:
            self._compare(*self._before, rate, now)
        elif rate < SLOWER * self._before[1]:
            self._use(max(1, self.lanes * 3 // 4), now)
            self._before, self._is_doubling, self._rest = None, False, REST
        else:
            self._before = (self.lanes, (rate + self._before[1]) / 2)
            self._go_on(now)

    def _compare(self, lanes: int, rate: float, present: float, now: float) -> None:
        """After more lanes were tried: keeps them, or returns to the number before."""
        if present >= rate * (1 + WORTH * (self.lanes / lanes - 1)):
            self._before, self._has_failed_once = (self.lanes, present), False
            self._use(self._more(), now)
        elif not self._has_failed_once:
            # Once more: the machine may have been busy.
            self._has_failed_once = True
            self._use(self.lanes, now)
        else:
            self._has_failed_once, self._is_doubling, self._rest = False, False, REST
            self._use(lanes, now)

    def _go_on(self, now: float) -> None:
        self._rest = max(0, self._rest - 1)
        self._use(self.lanes if self._rest else self._more(), now)

    def _more(self) -> int:
        more = self.lanes * 2 if self._is_doubling else self.lanes + max(1, self.lanes // 2)
        careful = max(self.lanes, self._failed_with * 3 // 4)
        if more > careful and self._failed_with <= MOST:
            more = careful
            if more == self.lanes:
                more += self._step
                self._step *= 2
        return min(self._most, more)

    def _use(self, lanes: int, now: float) -> None:
        """Begins a round, in which only requests that begin from now on count."""
        self.lanes, self._since, self._ended = lanes, now, 0
        self._samples.clear()


class _Quota:
    """The rate limit, as far as responses tell about it.

    Of what is left, requests without a response are taken off: they may not be counted yet.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._until = self._over = NEVER
        self._was_left = False

    def allows(self, in_flight: int) -> bool:
        return self._left is None or in_flight < max(1, self._left)

    def told(self, left: int, until: float) -> bool:
        if until <= self._over + TOLERANCE:
            # A late response of the time that is over, or is being waited for.
            return False
        if until > self._until + TOLERANCE:
            self._left, self._until = left, until
        else:
            self._left = left if self._left is None else min(left, self._left)
        # A server whose count is always 0 does not count.
        self._was_left = self._was_left or left > 0
        if self._left > 0:
            return False
        self._left, self._over = None, until
        return self._was_left
