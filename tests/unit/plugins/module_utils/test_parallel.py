# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import os
import signal
import threading
import time

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.adaptive import MOST, START
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_order, in_parallel, on_all_cores
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http


class Refused(ApiError):
    def __init__(self, message):
        super().__init__(message, code="refused")


class FakeHttp:
    """Only what in_parallel needs; each clone remembers the threads that used it."""

    def __init__(self):
        self.clones = []
        self.told = []

    def clone(self):
        twin = FakeHttp()
        twin.told = self.told
        twin.threads = set()
        twin.is_closed = False
        self.clones.append(twin)
        return twin

    def progress(self, message):
        self.told.append(message)

    def close(self):
        assert not self.is_closed
        self.is_closed = True


@pytest.fixture
def http():
    return FakeHttp()


@pytest.mark.parametrize("concurrency", [1, 2, 8, 100])
@pytest.mark.parametrize("jobs", [0, 1, 5, 300])
def test_every_job_is_done_once(http, jobs, concurrency):
    done = collections.Counter()

    def send(own, job):
        own.threads.add(threading.get_ident())
        done[job] += 1

    in_parallel(http, iter(range(jobs)), send, concurrency, "{}/{}".format)
    assert done == collections.Counter(range(jobs))
    assert len(http.clones) <= min(jobs, concurrency)
    assert not jobs or f"{jobs}/{jobs}" in http.told
    assert all(clone.is_closed and len(clone.threads) <= 1 for clone in http.clones)


def test_so_many_at_once_and_no_more(http):
    together = threading.Barrier(4, timeout=10)
    in_parallel(http, range(8), lambda own, job: together.wait(), 4)
    assert len(http.clones) == 4


@pytest.mark.parametrize("concurrency", [0, -1])
def test_jobs_are_never_passed_over_in_silence(http, concurrency):
    done = []
    in_parallel(http, range(3), lambda own, job: done.append(job), concurrency)
    assert done == [0, 1, 2]


@pytest.mark.parametrize("kind", [Refused, RuntimeError, SystemExit, KeyboardInterrupt])
def test_the_first_failure_ends_all_and_is_raised(http, kind):
    done = []
    first = threading.Event()

    def send(own, job):
        if job == 3:
            first.set()
            raise kind("job 3")
        first.wait(10)
        time.sleep(0.01)
        done.append(job)

    with pytest.raises(kind, match="job 3"):
        in_parallel(http, range(1000), send, 4)
    assert len(done) < 50
    assert all(clone.is_closed for clone in http.clones)


def test_a_failure_ends_the_repetitions_of_the_others():
    class Clock:
        passed = 0.0

        def monotonic(self):
            return 0.0

        def now(self):
            return 0.0

        def random(self):
            return 0.0

        def sleep(self, seconds):
            failing.wait(10)
            time.sleep(0.05)

    failing = threading.Event()
    real = Http("Netlify", "http://127.0.0.1:9/", retries=1000, deadline=1e6, clock=Clock())
    ended = []

    def send(own, job):
        if job == 0:
            failing.set()
            raise ApiError("job 0", code="refused")
        try:
            own.request("GET", "/", operation="any")
        except ApiError as error:
            ended.append(error.code)
            raise

    with pytest.raises(ApiError, match="job 0"):
        in_parallel(real, [1, 2, 0], send, 3)
    assert ended == ["cancelled"] * 2
    assert not real.cancelled.is_set()


def test_a_thread_that_cannot_begin_is_a_failure(http):
    def clone():
        raise RuntimeError("no clone")

    http.clone = clone
    with pytest.raises(RuntimeError, match="no clone"):
        in_parallel(http, range(3), lambda own, job: None, 2)


def test_an_interrupt_is_not_held_up_by_the_threads(http):
    release = threading.Event()
    running = threading.Barrier(3, timeout=10)
    taken = []

    def send(own, job):
        taken.append(job)
        if len(taken) <= 2:
            running.wait()
        release.wait(10)

    def interrupt():
        running.wait()
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    killer = threading.Thread(target=interrupt)
    try:
        killer.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            in_parallel(http, range(100), send, 2)
        assert time.monotonic() - began < 5
    finally:
        signal.signal(signal.SIGINT, before)
        killer.join()
    release.set()
    time.sleep(0.1)
    assert len(taken) == 2 and all(clone.is_closed for clone in http.clones)


@pytest.mark.parametrize("jobs", [1, 3, 300])
def test_the_best_number_of_threads_is_found_by_the_lanes(http, jobs):
    flying, most = [], []

    def send(own, job):
        began = time.monotonic()
        flying.append(job)
        most.append(len(flying))
        time.sleep(0.01)
        flying.remove(job)
        own.lane.succeeded(began, time.monotonic(), 0)

    in_parallel(http, range(jobs), send, None, "{}/{}".format)
    assert len(most) == jobs and max(most) <= len(http.clones)
    assert len(http.clones) == jobs if jobs <= START else START < len(http.clones) <= MOST


def test_failures_take_threads_away_until_the_end_of_their_requests(http):
    flying, most = [], []

    def send(own, job):
        began = time.monotonic()
        flying.append(job)
        if job >= 2 * START:
            most.append(len(flying))
        time.sleep(0.005)
        flying.remove(job)
        own.lane.failed(began, time.monotonic(), is_lost=True)

    in_parallel(http, range(60), send, None)
    assert max(most) < START and len(http.clones) == START


def test_requests_wait_for_the_end_of_others_when_few_are_left(http):
    flying, most = [], []

    def send(own, job):
        flying.append(job)
        if job >= 8:
            most.append(len(flying))
        time.sleep(0.005)
        flying.remove(job)
        own.lane.limited(2, 1e9)

    in_parallel(http, range(60), send, 8)
    assert max(most) == 2 and all(clone.is_closed for clone in http.clones)


def test_a_failure_ends_those_who_wait_for_others(http):
    def send(own, job):
        own.lane.limited(1, 1e9)
        time.sleep(0.02)
        if job == 8:
            raise Refused("job 8")

    with pytest.raises(Refused, match="job 8"):
        in_parallel(http, range(100), send, 8)
    assert all(clone.is_closed for clone in http.clones)


def test_a_system_that_allows_few_threads_is_enough(http, monkeypatch):
    start = threading.Thread.start
    started = []

    def limited(thread):
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    done = []
    in_parallel(http, range(50), lambda own, job: (time.sleep(0.001), done.append(job)), 8)
    assert sorted(done) == list(range(50)) and len(http.clones) == 3


def test_work_on_all_cores_gets_each_job_once():
    done = collections.Counter()
    on_all_cores(range(1000), done.update)
    assert done == collections.Counter(range(1000))


def test_the_first_failure_on_one_core_is_raised():
    def do(jobs):
        for job in jobs:
            if job == 3:
                raise ValueError("job 3")

    with pytest.raises(ValueError, match="job 3"):
        on_all_cores(range(1000), do)


def test_requests_to_different_hosts_do_not_concern_each_other(http):
    lanes = []
    clone = http.clone

    def without_lane():
        twin = clone()
        twin.lane = None
        return twin

    http.clone = without_lane
    in_parallel(http, range(20), lambda own, job: lanes.append(own.lane), 8, is_one_platform=False)
    assert lanes == [None] * 20


# -- results in order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [0, 1, 5, 300])
def test_results_come_in_the_order_of_the_jobs(http, jobs):
    def send(own, job):
        time.sleep(0.002 * (job % 3))
        return job

    assert list(in_order(http, range(jobs), send, 8)) == list(range(jobs))
    assert len(http.clones) <= 8 and all(clone.is_closed for clone in http.clones)


def test_nothing_is_sent_far_ahead_of_what_is_used(http):
    sent, used = [], 0
    for _result in in_order(http, range(100), lambda own, job: sent.append(job), 8):
        used += 1
        time.sleep(0.001)
        assert len(sent) <= used + 8
    assert len(sent) == used == 100


def test_a_slow_first_job_holds_the_others_back(http):
    sent, is_first = [], threading.Event()

    def send(own, job):
        sent.append(job)
        if job == 0:
            is_first.wait(10)
        return job

    results = in_order(http, range(50), send, 8)
    threading.Timer(0.2, lambda: is_first.set() if len(sent) <= 8 else None).start()
    assert list(results) == list(range(50))


def test_the_first_failure_is_raised_and_nothing_more_is_sent(http):
    sent = []

    def send(own, job):
        sent.append(job)
        if job == 5:
            raise Refused("no")
        return job

    with pytest.raises(Refused):
        list(in_order(http, range(1000), send, 8))
    assert len(sent) < 50 and all(clone.is_closed for clone in http.clones)


def test_threads_end_when_nobody_wants_the_rest(http):
    results = in_order(http, range(1000), lambda own, job: job, 8)
    assert next(results) == 0
    results.close()
    ends = time.monotonic() + 10
    while not all(clone.is_closed for clone in http.clones):
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_without_further_threads_the_failure_is_raised(http, monkeypatch):
    usual, started = threading.Thread.start, []

    def start(thread):
        started.append(thread)
        if len(started) > 1:
            raise RuntimeError("can't start new thread")
        usual(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError, match="new thread"):
        list(in_order(http, range(9), lambda own, job: job, 8))


@pytest.mark.parametrize("jobs, apart", [(9, 2), (50, 2), (2, 2), (3, 0), (20, 12)])
def test_jobs_apart_are_begun_when_the_others_are_done(http, jobs, apart):
    done = []

    def send(own, job):
        if job >= jobs - apart:
            assert sorted(each for each in done if each < jobs - apart) == list(range(jobs - apart))
        time.sleep(0.001)
        done.append(job)
        return job

    assert list(in_order(http, range(jobs), send, 8, apart)) == list(range(jobs))
