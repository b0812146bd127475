# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that depends on other work, in several threads. PRIVATE to the collection."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Mapping, Set

from ansible_collections.webops.paas.plugins.module_utils._core.parallel import join


def run_in_order(
    needs: Mapping[int, Set[int]], work: Callable[[int], bool], concurrency: int, keep_going: bool
) -> None:
    """Calls work(job) for each key of C(needs) once what it needs is done, in up to C(concurrency) threads.

    work: returns whether it succeeded. What needs a job that failed is never started, and without C(keep_going) nothing
    else is after the first failure. Raises what C(work) raises, and ValueError when jobs need each other in a circle.
    The threads are daemons, so that whatever ends the calling thread is not held up by them.
    """
    waiting = {job: others & needs.keys() for job, others in needs.items()}
    ready = sorted(job for job, others in waiting.items() if not others)
    after: dict[int, list[int]] = {}
    for job, others in waiting.items():
        for other in others:
            after.setdefault(other, []).append(job)
    running: set[int] = set()
    failed: set[int] = set()
    errors: list[BaseException] = []
    changed = threading.Condition()

    def take() -> int | None:
        """The next job, None when there will be none; waits in between."""
        while True:
            stop = bool(errors) or (bool(failed) and not keep_going)
            if not stop and ready:
                job = heapq.heappop(ready)
                del waiting[job]
                running.add(job)
                return job
            if stop or not running:
                return None
            changed.wait()

    def finish(job: int, succeeded: bool) -> None:
        running.discard(job)
        if succeeded:
            for other in after.get(job, ()):
                waiting[other].discard(job)
                if not waiting[other]:
                    heapq.heappush(ready, other)
        else:
            failed.add(job)
        changed.notify_all()

    def loop() -> None:
        while True:
            with changed:
                job = take()
            if job is None:
                return
            succeeded = False
            try:
                succeeded = work(job)
            except BaseException as error:
                errors.append(error)
            finally:
                with changed:
                    finish(job, succeeded)

    threads = [threading.Thread(target=loop, daemon=True) for _each in range(max(1, min(concurrency, len(waiting))))]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    if errors:
        raise errors[0]
    if waiting and not failed:
        raise ValueError(f"these need each other: {sorted(waiting)}")
