# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parallel requests, each thread with its own connection. PRIVATE to the collection."""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Job = TypeVar("Job")


def in_parallel(
    http: Any,
    jobs: Iterable[Job],
    send: Callable[[Any, Job], object],
    concurrency: int,
    told: Callable[[int, int], str] = "{} of {} done".format,
) -> None:
    """Calls send(clone of http, job) for each job, in up to C(concurrency) threads.

    told: returns the progress message for the number of jobs that are done and of all jobs; see Http.progress.
    After the first failure the other threads finish their current request and stop, and the failure is raised. The
    threads are daemons, so they do not delay the end of the calling thread (Ctrl-C, a task's timeout).
    """
    pending = collections.deque(jobs)
    total = len(pending)
    done: list[None] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        try:
            with contextlib.closing(http.clone()) as own:
                own.cancelled = stop
                while not stop.is_set():
                    try:
                        job = pending.popleft()
                    except IndexError:
                        return
                    send(own, job)
                    done.append(None)
                    own.progress(told(len(done), total))
        except BaseException as error:
            failures.append(error)
            stop.set()

    threads = [threading.Thread(target=work, daemon=True) for _each in range(min(max(1, concurrency), len(pending)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        stop.set()
    if failures:
        raise failures[0]
