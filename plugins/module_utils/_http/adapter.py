# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends single requests with the connections of urllib3. PRIVATE to the collection."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from ansible_collections.webops.paas.plugins.module_utils._http import trust
from ansible_collections.webops.paas.plugins.module_utils._http.failures import Interrupted
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import (
    REQUESTS_IMPORT_ERROR,
    requests,
    urllib3,
)
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
def _timed(pool: Any) -> Any:
    """A pool class of urllib3 whose connections read responses with a _TimedResponse."""
    connection = type("Connection", (pool.ConnectionCls,), {"response_class": _TimedResponse})
    return type("ConnectionPool", (pool,), {"ConnectionCls": connection})


if not REQUESTS_IMPORT_ERROR:
    # Here, so that this happens once, before Ansible forks a process for each task.
    _timed(urllib3.HTTPConnectionPool)
    _timed(urllib3.HTTPSConnectionPool)


class Adapter:
    """Connections of one thread with equal settings. They decide about proxies, certificates and host names as requests
    does, but once for each host: for each request this takes longer than the request.

    verify: a file or directory of certificate authorities, or whether those of requests must have signed the
    certificate. proxies: their URLs by the scheme of the request.
    """

    def __init__(self, connect_to: ConnectTo, verify: bool | str, proxies: dict[str, str]) -> None:
        self._connect_to = connect_to
        self._verify = verify
        self._proxies = proxies
        self._places: dict[str, _Place] = {}
        self._managers: list[Any] = []
        # None, as requests.
        self._retries = urllib3.Retry(0, read=False)

    def close(self) -> None:
        for manager in self._managers:
            manager.clear()

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

        origin: scheme, host and port. path: with the query. headers: complete, but for Host. Raises Interrupted,
        OSError before anything is sent, and urllib3's HTTPError.
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
                retries=self._retries,
                timeout=urllib3.Timeout(connect=connect_timeout, read=timeout),
            )
        except OSError as error:
            raise Interrupted(error) from error
        return cast("urllib3.response.HTTPResponse", response)

    def _place(self, origin: str) -> _Place:
        parts = urllib3.util.parse_url(origin)
        target = self._connect_to.target(origin)
        host, port = target or (parts.host, parts.port)
        proxy = self._proxies.get(parts.scheme or "")
        settings: dict[str, Any] = {}
        if parts.scheme == "https":
            settings = trust.settings(self._verify, is_alone=not (proxy and proxy.lower().startswith("https:")))
            if target is not None:
                # urllib3 compares the certificate with this name, and sends it as SNI.
                settings["server_hostname"] = (parts.host or "").strip("[]")
        pool = self._manager(proxy).connection_from_host((host or "").strip("[]"), port, parts.scheme, settings)
        # Such a proxy gets the whole URL.
        is_told = proxy and parts.scheme == "http" and not proxy.lower().startswith("socks")
        return _Place(pool, origin if is_told else "", None if target is None else parts.netloc)

    def _manager(self, proxy: str | None) -> Any:
        """A PoolManager of urllib3; requests knows how a proxy gets its password."""
        if proxy:
            library = requests()
            url = library.utils.prepend_scheme_if_needed(proxy, "http")
            manager = library.adapters.HTTPAdapter().proxy_manager_for(url)
        else:
            manager = urllib3.PoolManager()
        classes = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: _timed(pool) for scheme, pool in classes.items()}
        self._managers.append(manager)
        return manager
