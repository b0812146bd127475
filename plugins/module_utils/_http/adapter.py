# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends single requests with the connections of requests and urllib3. PRIVATE to the collection."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from ansible_collections.webops.paas.plugins.module_utils._http.third_party import requests, urllib3
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo


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


class _Place(NamedTuple):
    """Where requests to one host go. pool: of urllib3. prefix: of the path, not empty for a proxy. host: the header."""

    pool: Any
    prefix: str
    host: str | None


@functools.cache
def adapter_class() -> Callable[..., Any]:
    """The class of adapters; created once, after the check that requests is installed."""

    def timed(pool: Any) -> Any:
        """A pool class of urllib3 whose connections read responses with a _TimedResponse."""
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": _TimedResponse})
        return type("ConnectionPool", (pool,), {"ConnectionCls": connection})

    pools = {"http": timed(urllib3.HTTPConnectionPool), "https": timed(urllib3.HTTPSConnectionPool)}

    class Adapter(requests.adapters.HTTPAdapter):
        """Connections of one thread with equal settings. They decide about proxies, certificates and host names as
        requests does, but once for each host: for each request this takes longer than the request.

        verify, proxies: as requests takes them.
        """

        def __init__(self, connect_to: ConnectTo, verify: bool | str, proxies: dict[str, str]) -> None:
            self._connect_to = connect_to
            self._verify = verify
            self._proxies = proxies
            self._places: dict[str, _Place] = {}
            super().__init__()

        def open(
            self,
            method: str,
            origin: str,
            path: str,
            *,
            headers: Mapping[str, str],
            body: Any,
            connect_timeout: float,
            timeout: float,
        ) -> urllib3.response.HTTPResponse:
            """Sends a request and returns the response, whose body is not read yet.

            origin: scheme, host and port. path: with the query. headers: complete, but for Host. Raises OSError and
            urllib3's HTTPError.
            """
            if origin not in self._places:
                self._places[origin] = self._place(origin)
            place = self._places[origin]
            if place.host is not None:
                headers = {"Host": place.host, **headers}
            try:
                response = place.pool.request(
                    method,
                    place.prefix + path,
                    body=body,
                    headers=headers,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                    retries=self.max_retries,
                    timeout=urllib3.Timeout(connect=connect_timeout, read=timeout),
                )
            except OSError as error:
                raise requests.exceptions.ConnectionError(error) from error
            return cast("urllib3.response.HTTPResponse", response)

        def _place(self, origin: str) -> _Place:
            request = requests.Request("GET", origin + "/").prepare()
            target = self._connect_to.target(origin)
            host = None
            if target is not None:
                parts = urllib3.util.parse_url(request.url or "")
                host = parts.netloc or ""
                if parts.scheme == "https":
                    # urllib3 compares the certificate with this name, and sends it as SNI.
                    self.poolmanager.connection_pool_kw["server_hostname"] = (parts.host or "").strip("[]")
                request.url = parts._replace(host=target[0], port=target[1]).url
            url = request.url or ""
            if hasattr(self, "get_connection_with_tls_context"):
                pool = self.get_connection_with_tls_context(request, self._verify, proxies=self._proxies)
            else:
                # requests before 2.32
                pool = self.get_connection(url, self._proxies)
            cast(Any, self).cert_verify(pool, url, self._verify, None)
            return _Place(pool, self.request_url(request, self._proxies).removesuffix("/"), host)

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            manager = super().proxy_manager_for(*args, **kwargs)
            manager.pool_classes_by_scheme = pools
            return manager

    return Adapter
