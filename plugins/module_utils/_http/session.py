# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to one host, and a pool of idle ones for the next task. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import copy
import functools
import os
import re
import ssl
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sized
from typing import Any, BinaryIO
from urllib.parse import unquote, urlencode, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.version import HOMEPAGE, VERSION
from ansible_collections.webops.paas.plugins.module_utils._http import trust
from ansible_collections.webops.paas.plugins.module_utils._http.adapter import Adapter
from ansible_collections.webops.paas.plugins.module_utils._http.bodies import ACCEPTED_ENCODING
from ansible_collections.webops.paas.plugins.module_utils._http.failures import Unreachable
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import (
    REQUESTS_IMPORT_ERROR,
    requests,
    urllib3,
)
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo, is_loopback

USER_AGENT = f"webops.paas/{VERSION} (Ansible collection; {HOMEPAGE})"
CONNECT_TIMEOUT = 10.0
HEADERS = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": ACCEPTED_ENCODING}
# (origin, path) of URLs that all parsers read alike and requests does not change: what is percent-encoded must be, and
# nothing else must. Others take longer.
PLAIN_URL = re.compile(
    r"(https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?)"
    r"((?:/(?![.~])(?:[A-Za-z0-9._~-]|%(?!2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])[0-9A-F]{2})+)+)"
)
HEADER_NAME = re.compile(r"[^:\s][^:\r\n]*")
HEADER_VALUE = re.compile(r"(?:\S[^\r\n]*)?")


class HeaderAuth:
    """A credential that is sent as a header. Raises InvalidInput for characters that are not allowed in a header.

    ~/.netrc is never read.
    """

    def __init__(self, header: str, value: str) -> None:
        if not value.isascii() or not value.isprintable():
            raise InvalidInput(
                "token", f"The value of the header {header} has characters that are not allowed in an HTTP header."
            )
        self._header = header
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeaderAuth) and (self._header, self._value) == (other._header, other._value)

    def __hash__(self) -> int:
        return hash((self._header, self._value))

    @property
    def headers(self) -> dict[str, str]:
        return {self._header: self._value}


class Upload:
    """A stream as a body: exactly the announced number of bytes, and only until the deadline.

    remaining: returns the remaining seconds. sent: called with the number of bytes that were read so far.
    """

    def __init__(
        self, stream: BinaryIO, size: int, remaining: Callable[[], float], sent: Callable[[int], None]
    ) -> None:
        self._stream = stream
        self._size = self._left = size
        self._remaining = remaining
        self._sent = sent

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        if self._left and self._remaining() <= 0:
            raise TimeoutError("timed out")
        block = self._stream.read(self._left if size < 0 else min(size, self._left)) if self._left else b""
        if self._left and not block:
            raise OSError("the file became shorter while it was being sent")
        self._left -= len(block)
        self._sent(self._size - self._left)
        return block


def length_of(stream: BinaryIO) -> int:
    """Bytes from where the stream stands to its end. A stream with a length need not be a file."""
    if isinstance(stream, Sized):
        return len(stream)
    start = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(start)
    return end - start


class Connection:
    """A connection to one host: its URL, credential, trusted CAs and proxy, and an adapter for the first request.

    base_url: as checked_url returns it, or empty if only C(at) is used. auth: such as a HeaderAuth. ca_path: a file or
    directory. sessions: a pool of adapters; without it they are closed with this object. redactor: gets the password of
    a proxy. Proxies and a CA bundle (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE) are read from the environment once. Not
    thread-safe. Raises InvalidInput.
    """

    def __init__(
        self,
        base_url: str,
        auth: HeaderAuth | None = None,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        connect_to: ConnectTo | None = None,
        sessions: Sessions | None = None,
        redactor: Redactor,
    ) -> None:
        self.base_url = base_url
        self.auth = auth
        self.connect_to = connect_to or ConnectTo()
        self.verify = (ca_path or trust.of_environment() or True) if validate_certs else False
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._redactor = redactor
        self._sessions = sessions
        self._adapter: Any = None
        self._proxies = self._environment_proxies()

    @property
    def proxy(self) -> str | None:
        """Host and port of the proxy, without its credentials; None without a proxy."""
        return next((urlsplit(url).netloc.rpartition("@")[2] for url in self._proxies.values()), None)

    def clone(self) -> Connection:
        """The same with its own session, for another thread."""
        twin = copy.copy(self)
        twin._adapter = None
        return twin

    def at(self, base_url: str, auth: HeaderAuth | None = None) -> Connection:
        """The same to another URL, with its own credential. Raises InvalidInput."""
        other = self.clone()
        other.base_url, other.auth = base_url, auth
        other._proxies = other._environment_proxies()
        return other

    def _environment_proxies(self) -> dict[str, str]:
        # A proxy of the environment is not used for this machine, and not for a host that the user chose to connect to.
        if not self.base_url or is_loopback(urlsplit(self.base_url).hostname) or self.connect_to.target(self.base_url):
            return {}
        proxy = _proxy_for(self.base_url, tuple(_proxy_variables()))
        if not proxy:
            return {}
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        try:
            parts = urlsplit(proxy)
            usable = parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise InvalidInput(
                "https_proxy",
                "The environment variable https_proxy or all_proxy must be a URL such as "
                "http://proxy.example.com:3128.",
            )
        self._redactor.add(parts.password, unquote(parts.password or ""))
        return {urlsplit(self.base_url).scheme: proxy}

    def send(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | Upload | None = None,
        timeout: float,
    ) -> urllib3.response.HTTPResponse:
        """Sends one request and returns the response, whose body is not read yet.

        url: below base_url. timeout: seconds, for the response as a whole. Raises Unreachable, OSError and urllib3's
        HTTPError.
        """
        if self._adapter is None:
            kept = self._sessions.take(self.settings()) if self._sessions else None
            self._adapter = kept or Adapter(self.connect_to, self.verify, self._proxies)
        origin, path = prepared(url, query)
        for name, value in (headers or {}).items():
            if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
                raise Unreachable("a header value is not valid", final=True)
        sent = _overridden(HEADERS, headers or {})
        if body or method not in ("GET", "HEAD"):
            sent = _overridden(sent, {"Content-Length": str(len(body or b""))})
        if self.auth is not None:
            sent = _overridden(sent, self.auth.headers)
        response: urllib3.response.HTTPResponse = self._adapter.open(
            method,
            origin,
            path,
            headers=sent,
            body=body,
            connect_timeout=min(CONNECT_TIMEOUT, timeout),
            timeout=timeout,
        )
        return response

    def close(self) -> None:
        adapter, self._adapter = self._adapter, None
        if adapter is None:
            return
        if self._sessions is None:
            adapter.close()
        else:
            self._sessions.give_back(self.settings(), adapter)

    def settings(self) -> Hashable:
        """What must be equal to reuse an adapter."""
        return self.base_url, self.auth, self.verify, tuple(self._proxies.items()), self.connect_to.rules


def prepared(url: str, query: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """(origin, path with the query), encoded as requests does. Raises OSError, as requests' own errors are."""
    plain = PLAIN_URL.fullmatch(url)
    if plain is None:
        request = requests().PreparedRequest()
        request.prepare_url(url, query)
        return "://".join(urlsplit(request.url or "")[:2]), request.path_url
    pairs = (
        (name, value)
        for name, given in (query or {}).items()
        for value in (given if isinstance(given, (list, tuple)) else (given,))
        if value is not None
    )
    encoded = urlencode(list(pairs))
    origin, path = plain.groups()
    return origin, f"{path}?{encoded}" if encoded else path


def _overridden(headers: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    """The headers with others, which replace those of the same name in any case."""
    if not others:
        return dict(headers)
    names = {name.lower() for name in others}
    return {**{name: value for name, value in headers.items() if name.lower() not in names}, **others}


def _proxy_variables() -> Iterator[tuple[str, str]]:
    """What the environment says about proxies, in any spelling, as Python reads it."""
    return ((name, value) for name, value in os.environ.items() if name[-6:].lower() == "_proxy")


@functools.lru_cache(maxsize=64)
def _proxy_for(url: str, variables: tuple[tuple[str, str], ...]) -> str | None:
    """The URL of the proxy. Kept for equal variables, since finding out takes long for each of a thousand tasks."""
    # macOS has proxies elsewhere, too.
    if sys.platform != "darwin" and not _names_proxy(variables):
        return None
    utils = requests().utils
    found: str | None = utils.select_proxy(url, utils.get_environ_proxies(url))
    return found


def _names_proxy(variables: Iterable[tuple[str, str]]) -> bool:
    return any(name.lower() != "no_proxy" for name, _value in variables)


def read_ahead() -> None:
    """Does what is the same for all tasks, for a process that forks one for each task."""
    trust.read_ahead()
    if not REQUESTS_IMPORT_ERROR and _names_proxy(_proxy_variables()):
        # The task that needs it reports that it is broken.
        with contextlib.suppress(PaasError):
            requests()


class Sessions:
    """Connections that outlive a task, for the next task with the same platform and credential.

    Only transport state is kept: no requests, responses or counters of a task.
    """

    # Maximum age of an idle connection in seconds: servers close idle connections after 5 s or later (Node.js: 5 s),
    # and a request on a connection that is being closed gets no response.
    LONGEST_IDLE = 3.0

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._idle: list[tuple[Hashable, float, Any]] = []

    def take(self, key: Hashable) -> Any:
        """A recently released adapter with this key, or None."""
        with self._lock:
            self._close_old()
            for number, (kept_key, _since, adapter) in enumerate(self._idle):
                if kept_key == key:
                    del self._idle[number]
                    return adapter
        return None

    def give_back(self, key: Hashable, adapter: Any) -> None:
        with self._lock:
            self._close_old()
            self._idle.append((key, self._monotonic(), adapter))

    def _close_old(self) -> None:
        oldest = self._monotonic() - self.LONGEST_IDLE
        # The oldest come first.
        while self._idle and self._idle[0][1] < oldest:
            self._idle.pop(0)[2].close()


def certificate_end(response: urllib3.response.HTTPResponse) -> float | None:
    """End of validity of the server's certificate (epoch). An unverified certificate is not parsed."""
    sock: Any = getattr(response._original_response, "sock", None)
    certificate = sock.getpeercert() if hasattr(sock, "getpeercert") else None
    return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else None


def release(response: urllib3.response.HTTPResponse) -> None:
    """Closes the connection unless the body was read to its end."""
    response.close()
    response.release_conn()
