# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parallel work: requests, each thread with its own connection, and computations on all cores. PRIVATE to the
collection.
"""

from __future__ import annotations

import collections
import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.adaptive import MOST, Pace

Job = TypeVar("Job")
Result = TypeVar("Result")
# Seconds after which a waiting main thread looks for signals. The system can give a signal to any thread of a process,
# and Python handles it in the main thread, once that thread wakes up.
WAKE_UP = 0.5


def in_parallel(
    http: Any,
    jobs: Iterable[Job],
    send: Callable[[Any, Job], object],
    concurrency: int | None,
    told: Callable[[int, int], str] = "{} of {} done".format,
    most: int = MOST,
    is_one_platform: bool = True,
) -> None:
    """Calls send(clone of http, job) for each job, in up to C(concurrency) threads; None for the best number.

    told: returns the progress message for the number of jobs that are done and of all jobs; see Http.progress.
    most: the maximum number of threads. is_one_platform: whether what one response says about rate limits and errors
    concerns all requests.
    After the first failure the other threads finish their current request and stop, and the failure is raised. The
    threads are daemons, so they do not delay the end of the calling thread (Ctrl-C, a task's timeout).
    """
    work = _Work(jobs, concurrency)
    work.pace.bound(most)
    done: list[None] = []

    def run(lane: int) -> None:
        with contextlib.closing(http.clone()) as own:
            own.cancelled = work.stop
            if is_one_platform:
                own.lane = Lane(work, lane)
            for job in work.jobs_of(lane):
                send(own, job)
                done.append(None)
                own.progress(told(len(done), work.total))

    work.carry_out(run)


def in_order(
    http: Any, jobs: Iterable[Job], send: Callable[[Any, Job], Result], ahead: int, apart: int = 0
) -> Iterator[Result]:
    """Yields send(clone of http, job) for each job in the order of the jobs, sent by up to C(ahead) threads.

    No job is begun whose result would be more than C(ahead) before the one that is needed next, so memory does not
    depend on the number of jobs. The last C(apart) jobs are begun when all other jobs are done. Failures are as in
    C(in_parallel). The threads end when the iterator is closed.
    """
    work = _Work(enumerate(jobs), None)
    work.pace.bound(ahead)
    before = work.total - apart
    work.room = min(ahead, before) or apart
    results: dict[int, Result] = {}

    def run(lane: int) -> None:
        with contextlib.closing(http.clone()) as own:
            own.cancelled = work.stop
            own.lane = Lane(work, lane)
            for number, job in work.jobs_of(lane):
                result = send(own, job)
                with work.changed:
                    results[number] = result
                    work.changed.notify_all()

    def carry_out() -> None:
        try:
            work.carry_out(run)
        except BaseException as error:
            with work.changed:
                work.failures.append(error)
                work.changed.notify_all()

    others = threading.Thread(target=carry_out, daemon=True)
    others.start()
    try:
        for number in range(work.total):
            with work.changed:
                while number not in results and not work.failures:
                    work.changed.wait(WAKE_UP)
                if work.failures:
                    break
                result = results.pop(number)
                work.room += apart if number + 1 == before else number + ahead < before
                work.changed.notify_all()
            yield result
    finally:
        work.stop.set()
        with work.changed:
            work.changed.notify_all()
    join(others)
    if work.failures:
        raise work.failures[0]


def join(thread: threading.Thread) -> None:
    """Waits for the end of a thread; signals are handled meanwhile."""
    while thread.is_alive():
        thread.join(WAKE_UP)


class _Work(Generic[Job]):
    """Jobs, and the threads that do them. One condition guards all of it."""

    def __init__(self, jobs: Iterable[Job], concurrency: int | None) -> None:
        self.pending = collections.deque(jobs)
        self.total = len(self.pending)
        self.pace = Pace(concurrency)
        self.stop = threading.Event()
        self.changed = threading.Condition()
        self.failures: list[BaseException] = []
        self._running = 0
        # Threads that wait for the end of other requests, not only for more lanes.
        self.held_up = 0
        # Number of jobs that may be begun before a result is used; None for any number.
        self.room: int | None = None

    def carry_out(self, run: Callable[[int], object]) -> None:
        """Calls run(lane) in a thread for each lane, as many as the pace allows. Raises the first failure."""
        started = 0

        def work(lane: int) -> None:
            try:
                run(lane)
            except BaseException as error:
                self.failures.append(error)
                self.stop.set()
            with self.changed:
                self._running -= 1
                self.changed.notify_all()

        with self.changed:
            try:
                while self._running or self.pending and not self.stop.is_set():
                    if started < self.pace.lanes and self._has_work_for_more():
                        self._start(threading.Thread(target=work, args=(started,), daemon=True))
                        started += 1
                    else:
                        self.changed.wait(WAKE_UP)
            finally:
                self.stop.set()
                self.changed.notify_all()
        if self.failures:
            raise self.failures[0]

    def _has_work_for_more(self) -> bool:
        return not self.stop.is_set() and self._running < self.pace.in_flight + len(self.pending)

    def _start(self, thread: threading.Thread) -> None:
        try:
            thread.start()
        except RuntimeError:
            # The system allows no more threads; those that run do the rest.
            if not self._running:
                raise
            self.pace.bound(self._running)
        else:
            self._running += 1

    def _admits(self, lane: int) -> bool:
        return self.room != 0 and self.pace.admits(lane)

    def jobs_of(self, lane: int) -> Iterator[Job]:
        """Jobs, each as soon as the lane may do it, until none is left or the work stops."""
        while True:
            with self.changed:
                while self.pending and not self.stop.is_set() and not self._admits(lane):
                    is_next = lane < self.pace.lanes
                    self.held_up += is_next
                    self.changed.wait()
                    self.held_up -= is_next
                if not self.pending or self.stop.is_set():
                    return
                job = self.pending.popleft()
                if self.room is not None:
                    self.room -= 1
                self.pace.in_flight += 1
                if not self.pending:
                    # The lanes that wait have nothing to wait for.
                    self.changed.notify_all()
            yield job
            with self.changed:
                self.pace.in_flight -= 1
                if self.held_up:
                    self.changed.notify_all()


class Lane:
    """What one thread tells the pace about its requests."""

    def __init__(self, work: _Work[Any], number: int) -> None:
        self._work, self._number = work, number

    def succeeded(self, began: float, ended: float, size: int) -> None:
        with self._changing() as pace:
            pace.succeeded(self._number, began, ended, size)

    def failed(self, began: float, ended: float, is_lost: bool) -> None:
        with self._changing() as pace:
            pace.failed(self._number, began, ended, is_lost)

    def limited(self, left: int, until: float) -> bool:
        """Whether jobs are left that must wait until then."""
        with self._changing() as pace:
            return pace.limited(left, until) and bool(self._work.pending)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Pace]:
        with self._work.changed:
            pace = self._work.pace
            lanes = pace.lanes
            yield pace
            if self._work.held_up or pace.lanes > lanes:
                self._work.changed.notify_all()


def on_all_cores(jobs: Iterable[Job], do: Callable[[Iterator[Job]], object]) -> None:
    """Calls do(jobs) in one thread per core that this process may use; together the threads get each job once.

    Raises the first failure, after which no further jobs are given. For work that releases the interpreter's lock.
    """
    work = _Work(jobs, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    work.carry_out(lambda lane: do(work.jobs_of(lane)))
