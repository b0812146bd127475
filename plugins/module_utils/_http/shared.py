# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks that run side by side have in common. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response

# Seconds for which other tasks use what one task knew.
KNOWN_FOR = 30.0


class Known:
    """Responses that a task knows, so that other tasks need not send these reads. settings: of the connection."""

    def __init__(self, settings: Hashable) -> None:
        self._settings = settings
        self.responses: dict[Hashable, Response] = {}

    def tell(self, path: str, data: Any, query: Mapping[str, Any] | None = None, body: Any = None) -> None:
        """data: what a read would return, None for what does not exist (404). body: of a POST that reads; without one
        it is a GET.
        """
        key = key_of(self._settings, "GET" if body is None else "POST", path, query, body)
        self.responses[key] = Response(404, {}, b"") if data is None else Response(200, {}, json.dumps(data).encode())

    def clear(self) -> None:
        """The task has written something else."""
        self.responses.clear()


class Shared:
    """What tasks that run side by side have in common: rate limits, responses to reads, and what is known beforehand.

    reads: responses are kept for good, so only for as long as no task writes. Without it, only what was said with
    C(know) is used, and each response only once: a second read is about what has changed since. is_alone: for a task
    that has nothing in common with others.
    """

    def __init__(self, reads: bool = False, is_alone: bool = False) -> None:
        self.reads = reads
        self.is_alone = is_alone
        self._lock = threading.Lock()
        self._responses: dict[Hashable, Future[Any]] = {}
        self._lasting: dict[Hashable, Future[Any]] = {}
        self._known: dict[Hashable, tuple[float, Response]] = {}
        self._limits: dict[Hashable, dict[str, float]] = {}

    def limits(self, key: Hashable) -> dict[str, float]:
        """{operation: until when (monotonic) it is held}, one dict for all who ask the same platform in the same way.

        key: what identifies that platform and its credential.
        """
        with self._lock:
            return self._limits.setdefault(key, {})

    def knowing_nothing(self) -> Shared:
        """The same rate limits and what C(once) returned, for tasks that depend on what others have written."""
        other = Shared()
        other._lock, other._limits, other._lasting = self._lock, self._limits, self._lasting
        return other

    def once(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """What find() returned for that key: something that no task changes. A failure is not kept."""
        return self._kept(self._lasting, key, find)

    def know(self, known: Known, now: float) -> None:
        """now: monotonic."""
        with self._lock:
            self._known.update((key, (now + KNOWN_FOR, response)) for key, response in known.responses.items())

    def read(self, key: Hashable, read: Callable[[], Response], now: float) -> Response:
        """The response to the read that the key identifies, sent only if it has to be. now: monotonic."""
        with self._lock:
            until, known = (self._known.get if self.reads else self._known.pop)(key, (now, None))
        if known is not None and (self.reads or now <= until):
            return known
        if not self.reads:
            return read()
        found: Response = self._kept(self._responses, key, read, _is_telling)
        return found

    def _kept(
        self,
        store: dict[Hashable, Future[Any]],
        key: Hashable,
        find: Callable[[], Any],
        is_kept: Callable[[Any], bool] = lambda found: True,
    ) -> Any:
        """The first caller finds it, the others wait for that one."""
        with self._lock:
            found = store.get(key)
            kept: Future[Any] = found or Future()
            store[key] = kept
        if found is not None:
            with contextlib.suppress(Exception):
                return kept.result()
            # The first one tells what failed.
            return find()
        try:
            value = find()
            if not is_kept(value):
                raise _NotKept
        except BaseException as error:
            with self._lock:
                del store[key]
            kept.set_exception(error)
            if isinstance(error, _NotKept):
                return value
            raise
        kept.set_result(value)
        return value


class _NotKept(Exception):
    """A response that says nothing about what was asked for."""


def _is_telling(response: Response) -> bool:
    """What succeeds is kept, and that something does not exist (404)."""
    return 200 <= response.status < 300 or response.status == 404


def key_of(settings: Hashable, method: str, path: str, query: Mapping[str, Any] | None, body: Any) -> Hashable:
    """What identifies a read. settings: of the connection."""
    return settings, json.dumps([method, path, query or None, body], sort_keys=True, default=str)
