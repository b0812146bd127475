# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one platform: timeouts, retries, rate limits, redirects, one deadline. PRIVATE to the collection.

Independent of Ansible and of the resources of a platform. Usable from plain Python as
C(Http("Netlify", "https://api.netlify.com/api/v1", auth=HeaderAuth("Authorization", "Bearer ..."))).
"""

from __future__ import annotations

import contextlib
import copy
import json
import math
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import size_words
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http.bodies import READ_BLOCK, Unwritable, read_content
from ansible_collections.webops.paas.plugins.module_utils._http.calls import Call
from ansible_collections.webops.paas.plugins.module_utils._http.failures import Broken, Unreachable, understood
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response, parsed
from ansible_collections.webops.paas.plugins.module_utils._http.session import (
    Connection,
    HeaderAuth,
    Sessions,
    Upload,
    certificate_end,
    length_of,
    release,
)
from ansible_collections.webops.paas.plugins.module_utils._http.shape import Kind, Unfit, fitting
from ansible_collections.webops.paas.plugins.module_utils._http.shared import Known, Shared, key_of
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import urllib3
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo

if TYPE_CHECKING:
    from ansible_collections.webops.paas.plugins.module_utils._core.parallel import Lane

BACKOFF_BASE = 0.5
BACKOFF_CAP = 30.0
MAX_REDIRECTS = 5
# One day: sockets refuse much longer timeouts.
LONGEST_TIMEOUT = 86400.0
# Seconds between reports of progress; shorter operations report none.
PROGRESS_EVERY = 5.0
# Statuses of temporary failures (RFC 9110 and RFC 6585), besides every 5xx.
TRANSIENT_STATUS = frozenset({408, 425, 429})
# Limits with a longer stated wait do not count as retries: other runs can have their turn first, any number of times.
LIMIT_SECONDS = 5.0

# Opens the bytes to send, again for each attempt.
Stream = Callable[[], "contextlib.AbstractContextManager[BinaryIO]"]


class Http:
    """Requests to one platform within one task.

    base_url: as C(checked_url) returns it. timeout: seconds for one request. retries: how often one request is
    repeated. deadline: seconds for all requests of this object and its clones. warn: called with a sentence. progress:
    called with a sentence at intervals during long operations. The other options are those of Connection.
    """

    def __init__(
        self,
        platform: str,
        base_url: str,
        auth: HeaderAuth | None = None,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        timeout: float = 30.0,
        retries: int = 5,
        deadline: float = 1800.0,
        clock: Clock | None = None,
        warn: Callable[[str], None] | None = None,
        redactor: Redactor | None = None,
        connect_to: ConnectTo | None = None,
        progress: Callable[[str], None] | None = None,
        sessions: Sessions | None = None,
        shared: Shared | None = None,
    ) -> None:
        self.platform = platform
        self.timeout = timeout
        self.retries = retries
        self.deadline = deadline
        self.clock = clock or Clock()
        self.redactor = redactor or Redactor()
        self.connection = Connection(
            base_url,
            auth,
            validate_certs=validate_certs,
            ca_path=ca_path,
            connect_to=connect_to,
            sessions=sessions,
            redactor=self.redactor,
        )
        self._ends_at = self.clock.monotonic() + deadline
        self._warn = warn or (lambda message: None)
        self._progress = progress
        # Time (monotonic) of the last report of progress, shared by all clones.
        self._told = [self.clock.monotonic()]
        self.lock = threading.Lock()
        self.shared = shared or Shared(is_alone=True)
        # Time (monotonic) until which an operation is not requested, because of a rate limit that any sharer met.
        self._held = self.shared.limits(self.connection.settings())
        # Once it is set, nothing more is sent, including retries and the rest of a stream.
        self.cancelled = threading.Event()
        # The part of the calling thread in parallel requests; set by in_parallel.
        self.lane: Lane | None = None
        # One entry per write that the platform confirmed, so that a failed task can report changes.
        self.confirmed_writes: list[str] = []
        self.known = Known(self.connection.settings())
        self._others: list[Http] = []
        # Kinds of responses by operation, see shape.py. Set by the client of the platform.
        self.shapes: Mapping[str, Kind] = {}
        # Whether invalid rows of lists are ignored with a warning.
        self.skips_odd_rows = False
        # The warnings about ignored rows: an object that is not found may be one of them.
        self.left_out: list[str] = []

    @property
    def base_url(self) -> str:
        return self.connection.base_url

    @property
    def auth(self) -> HeaderAuth | None:
        return self.connection.auth

    def clone(self) -> Http:
        """The same with its own connection, for another thread."""
        return self._over(self.connection.clone())

    def at(self, base_url: str, auth: HeaderAuth | None = None) -> Http:
        """The same for another URL of the platform, with its own credential; closed together with this one."""
        other = self._over(self.connection.at(base_url, auth))
        self._others.append(other)
        return other

    def _over(self, connection: Connection) -> Http:
        twin = copy.copy(self)
        twin.connection, twin._others = connection, []
        return twin

    def close(self) -> None:
        for other in self._others:
            other.close()
        self.connection.close()
        self.shared.know(self.known, self.clock.monotonic())

    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self._ends_at - self.clock.monotonic()

    def warn(self, message: str) -> None:
        with self.lock:
            self._warn(self.redactor.clean(message))

    def progress(self, message: str, at_once: bool = False) -> None:
        """Reports progress, unless the last report was a moment ago. at_once: reports it in any case."""
        with self.lock:
            now = self.clock.monotonic()
            if self._progress and (at_once or now - self._told[0] >= PROGRESS_EVERY):
                self._told[0] = now
                self._progress(self.redactor.clean(message))

    # -- one request ---------------------------------------------------------------------------------------------------

    def call(self, method: str, path: str, *, operation: str, is_write: bool = False) -> Call:
        """The identification of a request, for its errors; nothing is sent."""
        return Call(self.platform, self.base_url, self.redactor, method, path, operation, is_write)

    def refusal(self, method: str, path: str, *, operation: str, answer: Response) -> ApiError:
        """The error of a refusal with any status, as in GraphQL."""
        return self.call(method, path, operation=operation).refusal(answer)

    def request(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        stream: Stream | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool | None = None,
        retry_status: Collection[int] = (),
        shape: type | None = None,
        is_write: bool | None = None,
        polled: bool = False,
        into: BinaryIO | None = None,
        root: str | None = None,
    ) -> Response:
        """Sends one request and returns the response if its status is 2xx; raises an error otherwise.

        operation: the platform's name for the request. path: below base_url, percent-encoded. body: sent as JSON.
        stream: a function that opens the bytes to send, called for each attempt (a context manager).
        idempotent: whether it can be retried; default by method (RFC 9110, PATCH and POST not). Other requests are
        retried only if they certainly were not processed; otherwise C(LostAnswer) is raised.
        retry_status: further statuses of temporary failures. shape: the type that the JSON response must have (dict,
        list; object: any, or no body), None when the body does not matter. is_write: default everything but GET and
        HEAD. polled: the caller polls anyway, so only rate limits are waited for. into: a file that gets the body
        instead of the response, truncated before each attempt. root: the field of C(data) that C(shapes) describes, in
        GraphQL; otherwise C(shapes) describes the whole response.
        Raises ApiError, LostAnswer; OSError when the file cannot be written.
        """
        is_write = method not in ("GET", "HEAD") if is_write is None else is_write
        call = self.call(method, path, operation=operation, is_write=is_write)
        idempotent = method in ("GET", "HEAD", "PUT", "DELETE") if idempotent is None else idempotent
        attempt = 0
        while True:
            self._hold(call)
            self._check_may_be_sent(call)
            asked, is_limit = None, False
            try:
                response = self._send(call, query, body, stream, headers, shape, idempotent, into, polled)
            except Unreachable as error:
                failure = call.error(f"could not connect to {call.host}: {error}", code="unreachable")
                if error.final or polled:
                    raise failure from None
            except Broken as error:
                failure = call.error(f"got no usable response: {error}", code=error.code, lost=not idempotent)
                if not idempotent or polled or error.final:
                    raise failure from None
            else:
                status = response.status
                if 200 <= status < 300:
                    self._fit(call, response, root, lost=not idempotent)
                    return response
                transient = status in TRANSIENT_STATUS or status >= 500 or status in retry_status
                unprocessed = status == 429
                failure = call.refusal(response, lost=transient and not unprocessed and not idempotent)
                if not transient or not (idempotent or unprocessed) or polled and not unprocessed:
                    raise failure
                asked = response.asked_wait(self.clock.now())
                is_limit = unprocessed and asked is not None and asked >= LIMIT_SECONDS and self.retries > 0
            if attempt >= self.retries and not is_limit:
                failure.message += f" (tried {attempt + 1} times)" if attempt else ""
                raise failure
            self._pause(call, failure, attempt, asked)
            attempt += not is_limit

    def exchange(
        self,
        call: Call,
        url: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        stream: Stream | None = None,
        headers: Mapping[str, str] | None = None,
        prefix: int | None = None,
        into: BinaryIO | None = None,
    ) -> Response:
        """One request and its response with any status, without retries and redirects.

        prefix: number of bytes of the body to read. into: see C(request). Raises Unreachable, Broken; ApiError when the
        stream cannot be read; OSError when the file cannot be written.
        """
        budget = max(0.001, min(self.timeout, self.remaining(), LONGEST_TIMEOUT))
        sent = dict(headers or {})
        with contextlib.ExitStack() as opened:
            data: bytes | Upload | None = None
            if stream is not None:
                data = self._upload(call, stream, opened)
            elif body is not None:
                data = json.dumps(body, separators=(",", ":")).encode("utf-8")
                sent.setdefault("Content-Type", "application/json")
            began, answer = self.clock.monotonic(), None
            try:
                response = self.connection.send(call.method, url, query=query, headers=sent, body=data, timeout=budget)
                opened.callback(release, response)
                ends_at = certificate_end(response)
                if call.is_write and 200 <= response.status < 300:
                    self.confirmed_writes.append(call.operation)
                    self.known.clear()
                content = read_content(
                    response, prefix, into, lambda size: self.progress(f"{call.operation}: {size_words(size)} received")
                )
                answer = Response(response.status, response.headers, content, ends_at)
                return answer
            except Unwritable as failure:
                raise failure.error from None
            except (OSError, urllib3.exceptions.HTTPError) as error:
                # So are the exceptions of requests.
                raise understood(error, budget, self.redactor.clean_quote, self.connection.proxy) from None
            finally:
                if self.lane is not None:
                    self._observe(self.lane, call, began, len(data or b""), answer)

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _check_may_be_sent(self, call: Call) -> None:
        if self.cancelled.is_set():
            raise call.error("was not sent, because another request of this task failed", code="cancelled")
        if self.remaining() <= 0:
            raise call.error(
                f"was not sent, because the requests of this task took longer than `deadline`, {self.deadline:g} s",
                code="deadline",
            )

    def _send(
        self,
        call: Call,
        query: Mapping[str, Any] | None,
        body: Any,
        stream: Stream | None,
        headers: Mapping[str, str] | None,
        shape: type | None,
        idempotent: bool,
        into: BinaryIO | None,
        polled: bool,
    ) -> Response:
        """One attempt. Follows redirects on the same host, except for a GET that changes something."""

        def send() -> Response:
            url, rest = self.base_url + call.path, query
            for _hop in range(MAX_REDIRECTS + 1):
                if into:
                    into.seek(0)
                    into.truncate()
                response = self.exchange(call, url, rest, body, stream, headers, into=into)
                target = response.headers.get("Location") if response.status in (301, 302, 303, 307, 308) else None
                if target is None:
                    return response
                url, rest = call.redirected(response.status, url, target, idempotent), None
            raise call.error(f"was redirected more than {MAX_REDIRECTS} times", code="redirect_loop")

        if idempotent and not (call.is_write or polled or stream or into):
            key = key_of(self.connection.settings(), call.method, call.path, query, body)
            # Each caller has data of its own, parsed anew.
            response = copy.copy(self.shared.read(key, send, self.clock.monotonic()))
        else:
            response = send()
        if 200 <= response.status < 300 and shape is not None:
            response.data = parsed(response.content, shape)
        return response

    def _fit(self, call: Call, response: Response, root: str | None, lost: bool) -> None:
        """Checks the data against C(shapes) of the operation. lost: as for C(Call.error). Raises ApiError and
        LostAnswer, which name the field.
        """
        if root is not None and response.data.get("errors"):
            # A refusal, whatever else it has.
            return
        passed_over: list[Unfit] | None = [] if self.skips_odd_rows else None
        try:
            # GraphQL returns null for an object that does not exist; the field itself always exists.
            data = response.data if root is None else fitting(response.data, {"data": {root: object}})["data"][root]
            response.listed = len(data) if isinstance(data, list) else 0
            kind = self.shapes.get(call.operation)
            if data is None or kind is None:
                return
            fit = fitting(data, kind, passed_over)
        except Unfit as unfit:
            raise call.error(
                f"returned an unexpected response: {unfit}",
                code="incomplete_answer",
                lost=lost,
                status=response.status,
            ) from None
        if root is None:
            response.data = fit
        else:
            response.data["data"][root] = fit
        for odd in passed_over or ():
            self.left_out.append(
                f"{self.platform} {call.operation} returned an invalid entry, which is ignored: {odd}."
            )
            self.warn(self.left_out[-1])

    def _upload(self, call: Call, stream: Stream, opened: contextlib.ExitStack) -> bytes | Upload | None:
        try:
            data = opened.enter_context(stream())
            size = length_of(data)
            # Small bodies are sent in one piece with their headers. None sends Content-Length: 0 instead of chunks.
            if size <= READ_BLOCK:
                return data.read(size) or None
            words = f"{call.operation}: {{}} of {size_words(size)} sent"
            return Upload(data, size, self._time_to_send, lambda sent: self.progress(words.format(size_words(sent))))
        except OSError as error:
            raise call.error(
                f"was not sent, because the file cannot be read ({error.strerror or error})", code="unreadable"
            ) from None

    def _observe(self, lane: Lane, call: Call, began: float, size: int, response: Response | None) -> None:
        """Tells the lane how one attempt went. size: bytes that were sent. response: None without a usable one."""
        now = self.clock.monotonic()
        if response is None or response.status in TRANSIENT_STATUS or response.status >= 500:
            lane.failed(began, now, is_lost=response is None)
            return
        lane.succeeded(began, now, size)
        left, seconds = response.rate_limit(self.clock.now()) or (None, 0.0)
        if left is not None and lane.limited(left, now + seconds) and seconds < self.remaining():
            self._announce(call, seconds, "limits the rate of")

    def _time_to_send(self) -> float:
        """Remaining seconds for sending a body."""
        return 0.0 if self.cancelled.is_set() else self.remaining()

    # -- pauses --------------------------------------------------------------------------------------------------------

    def _pause(self, call: Call, failure: ApiError, attempt: int, asked: float | None) -> None:
        """Waits before the next attempt; raises the failure at once if the deadline comes first."""
        left = max(0.0, self.remaining())
        if asked is None:
            delay = min(BACKOFF_CAP, BACKOFF_BASE * 2**attempt) * (0.5 + self.clock.random() / 2)
            if delay >= left:
                failure.message += f" There is no time left to retry within `deadline`, {self.deadline:g} s."
                raise failure
        else:
            if asked >= left:
                until = self._date_in(asked)
                failure.message += (
                    f" The platform asks to wait until {until} ({asked:.0f} s), but `deadline` leaves only {left:.0f} "
                    "s. Run the task again after that time, or raise `deadline`."
                )
                failure.details["retry_at"] = until
                raise failure
            self._announce(call, asked, "limits the rate of" if failure.status == 429 else "is not available for")
            # Several runs with the same reset time should not all retry at that moment.
            delay = min(asked + self.clock.random(), (asked + left) / 2)
        self.clock.sleep(delay)

    def _date_in(self, seconds: float) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now() + seconds))

    def _announce(self, call: Call, asked: float, reason: str) -> None:
        """Makes all clones wait, and says so unless one of them has already reported about the same time."""
        moment = self.clock.monotonic() + asked
        with self.lock:
            if moment <= self._held.get(call.operation, -math.inf) + 1.0:
                return
            self._held[call.operation] = moment
        message = f"{self.platform} {reason} {call.operation}. Waiting {asked:.0f} s, until {self._date_in(asked)}."
        self.warn(message)
        # Ansible prints warnings only after the task.
        self.progress(message, at_once=asked >= PROGRESS_EVERY)

    def _hold(self, call: Call) -> None:
        """A rate limit that one upload met applies to all of them."""
        left = self._held.get(call.operation, -math.inf) - self.clock.monotonic()
        if left > 0:
            self.clock.sleep(min(left + self.clock.random(), max(0.0, self.remaining())))
