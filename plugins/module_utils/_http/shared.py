# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks that run side by side have in common. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future

from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response


class Shared:
    """Rate limits of the platforms and, if C(reads) is set, responses to reads that several tasks send.

    reads: only for as long as no task writes, since a response is kept for good.
    """

    def __init__(self, reads: bool = False) -> None:
        self.reads = reads
        self._lock = threading.Lock()
        self._responses: dict[Hashable, Future[Response]] = {}
        self._limits: dict[Hashable, dict[str, float]] = {}

    def limits(self, key: Hashable) -> dict[str, float]:
        """{operation: until when (monotonic) it is held}, one dict for all who ask the same platform in the same way.

        key: what identifies that platform and its credential.
        """
        with self._lock:
            return self._limits.setdefault(key, {})

    def read_once(self, key: Hashable, read: Callable[[], Response]) -> Response:
        """The response to the read that the key identifies; the first caller sends it, the others wait for that one.

        What succeeds is kept, and that something does not exist (404).
        """
        with self._lock:
            found = self._responses.get(key)
            kept: Future[Response] = found or Future()
            self._responses[key] = kept
        if found is not None:
            with contextlib.suppress(Exception):
                return kept.result()
            # The one who sent it tells what failed.
            return read()
        try:
            response = read()
            if not (200 <= response.status < 300 or response.status == 404):
                raise _NotKept
        except BaseException as error:
            with self._lock:
                del self._responses[key]
            kept.set_exception(error)
            if isinstance(error, _NotKept):
                return response
            raise
        kept.set_result(response)
        return response


class _NotKept(Exception):
    """A response that says nothing about what was asked for."""
