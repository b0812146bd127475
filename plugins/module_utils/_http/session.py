# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to one host, and a pool of idle ones for the next task. PRIVATE to the collection."""

from __future__ import annotations

import copy
import functools
import http.client
import io
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.version import HOMEPAGE, VERSION
from ansible_collections.webops.paas.plugins.module_utils._http.bodies import ACCEPTED_ENCODING
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import requests, urllib3
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo, is_loopback

USER_AGENT = f"webops.paas/{VERSION} (Ansible collection; {HOMEPAGE})"
CONNECT_TIMEOUT = 10.0


class HeaderAuth:
    """Adds a credential as a header. Raises InvalidInput for characters that are not allowed in a header.

    An auth object instead of a session header, which requests would replace with credentials from ~/.netrc.
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

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._value
        return request


def no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """For requests without a credential; prevents requests from reading ~/.netrc."""
    return request


# Adds a credential to a request; compared to decide whether a connection can be reused.
Auth = Callable[["requests.PreparedRequest"], "requests.PreparedRequest"]


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
    """Bytes from where the stream stands to its end."""
    super_len: Callable[[BinaryIO], int] = requests.utils.super_len
    return super_len(stream)


class Connection:
    """A connection to one host: its URL, credential, trusted CAs and proxy, and a session, opened by the first request.

    base_url: as checked_url returns it, or empty if only C(at) is used. auth: such as a HeaderAuth. ca_path: a file or
    directory. sessions: a pool of sessions; without it they are closed with this object. redactor: gets the password of
    a proxy. Proxies and a CA bundle (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE) are read from the environment once. Not
    thread-safe, because a session of requests is not. Raises InvalidInput.
    """

    def __init__(
        self,
        base_url: str,
        auth: Auth | None = None,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        connect_to: ConnectTo | None = None,
        sessions: Sessions | None = None,
        redactor: Redactor,
    ) -> None:
        self.base_url = base_url
        self.auth: Auth = auth or no_auth
        self.connect_to = connect_to or ConnectTo()
        self.verify = (
            (ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True)
            if validate_certs
            else False
        )
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._redactor = redactor
        self._sessions = sessions
        self._session: requests.Session | None = None
        self._proxies = self._environment_proxies()

    @property
    def proxy(self) -> str | None:
        """Host and port of the proxy, without its credentials; None without a proxy."""
        return next((urlsplit(url).netloc.rpartition("@")[2] for url in self._proxies.values()), None)

    def clone(self) -> Connection:
        """The same with its own session, for another thread."""
        twin = copy.copy(self)
        twin._session = None
        return twin

    def at(self, base_url: str, auth: Auth | None = None) -> Connection:
        """The same to another URL, with its own credential. Raises InvalidInput."""
        other = self.clone()
        other.base_url, other.auth = base_url, auth or no_auth
        other._proxies = other._environment_proxies()
        return other

    def _environment_proxies(self) -> dict[str, str]:
        # A proxy of the environment is not used for this machine, and not for a host that the user chose to connect to.
        if not self.base_url or is_loopback(urlsplit(self.base_url).hostname) or self.connect_to.target(self.base_url):
            return {}
        proxy = requests.utils.select_proxy(self.base_url, requests.utils.get_environ_proxies(self.base_url))
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
    ) -> requests.Response:
        """Sends one request and returns the response, whose body is not read yet.

        url: below base_url. timeout: seconds, for the response as a whole. Raises OSError, as requests' own errors are,
        ValueError and urllib3's HTTPError.
        """
        if self._session is None:
            kept = self._sessions.take(self.settings()) if self._sessions else None
            self._session = kept or _new_session(self.connect_to)
        request = requests.PreparedRequest()
        request.prepare_method(method)
        request.prepare_url(url, query)
        request.prepare_headers({**self._session.headers, **(headers or {})})
        # prepare_body would send a stream in chunks; prepare_auth sets the length of the present body.
        request.body = cast(Any, body)
        request.prepare_auth(self.auth)
        # Only the adapter: the send() of a session also keeps cookies and prepares redirects.
        return self._session.get_adapter(url).send(
            request,
            stream=True,
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            verify=self.verify,
            proxies=self._proxies,
        )

    def close(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        if self._sessions is None:
            session.close()
        else:
            self._sessions.give_back(self.settings(), session)

    def settings(self) -> Hashable:
        """What must be equal to reuse a session."""
        return self.base_url, self.auth, self.verify, tuple(self._proxies.items()), self.connect_to.rules


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
        self._idle: list[tuple[Hashable, float, requests.Session]] = []

    def take(self, key: Hashable) -> requests.Session | None:
        """A recently released session with this key, or None."""
        with self._lock:
            self._close_old()
            for number, (kept_key, _since, session) in enumerate(self._idle):
                if kept_key == key:
                    del self._idle[number]
                    return session
        return None

    def give_back(self, key: Hashable, session: requests.Session) -> None:
        with self._lock:
            self._close_old()
            self._idle.append((key, self._monotonic(), session))

    def _close_old(self) -> None:
        oldest = self._monotonic() - self.LONGEST_IDLE
        for _key, since, session in self._idle:
            if since < oldest:
                session.close()
        self._idle = [kept for kept in self._idle if kept[1] >= oldest]


def certificate_end(response: requests.Response) -> float | None:
    """End of validity of the server's certificate (epoch). An unverified certificate is not parsed."""
    sock: Any = getattr(response.raw._original_response, "sock", None)
    certificate = sock.getpeercert() if hasattr(sock, "getpeercert") else None
    return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else None


# -- reading responses --------------------------------------------------------------------------------------------


class _TimedReader(io.RawIOBase):
    """Reads one response from a socket within the timeout of the socket.

    The timeout of a socket restarts with each byte, so a slow server could block a task indefinitely."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()
        self._ends_at = None if self._timeout is None else time.monotonic() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._ends_at is None:
            return cast("int | None", self._raw.readinto(buffer))
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        try:
            return cast("int | None", self._raw.readinto(buffer))
        finally:
            self._sock.settimeout(self._timeout)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))
        self.sock = sock


@functools.cache
def _adapter_class() -> Callable[[ConnectTo], requests.adapters.HTTPAdapter]:
    """The adapter of all sessions; created once, after the check that requests is installed."""

    def timed(pool: Any) -> Any:
        """A pool class of urllib3 whose connections read responses with a _TimedResponse."""
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": _TimedResponse})
        return type("ConnectionPool", (pool,), {"ConnectionCls": connection})

    pools = {"http": timed(urllib3.HTTPConnectionPool), "https": timed(urllib3.HTTPSConnectionPool)}

    class Adapter(requests.adapters.HTTPAdapter):
        def __init__(self, connect_to: ConnectTo) -> None:
            self.connect_to = connect_to
            super().__init__()

        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
            target = self.connect_to.target(request.url or "")
            if target is not None:
                parts = urllib3.util.parse_url(request.url or "")
                request.headers.setdefault("Host", parts.netloc or "")
                if parts.scheme == "https":
                    # urllib3 compares the certificate with this name, and sends it as SNI.
                    self.poolmanager.connection_pool_kw["server_hostname"] = (parts.host or "").strip("[]")
                request.url = parts._replace(host=target[0], port=target[1]).url
            return super().send(request, *args, **kwargs)

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            manager = super().proxy_manager_for(*args, **kwargs)
            manager.pool_classes_by_scheme = pools
            return manager

    return Adapter


def _new_session(connect_to: ConnectTo) -> requests.Session:
    """A session of requests, reduced to what a single host needs."""
    session = requests.Session()
    # Read once, in Connection: reading the environment for each request takes longer than everything else.
    session.trust_env = False
    session.headers.update(
        {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": ACCEPTED_ENCODING}
    )
    session.mount("https://", _adapter_class()(connect_to))
    session.mount("http://", _adapter_class()(connect_to))
    return session
