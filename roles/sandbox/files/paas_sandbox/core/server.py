# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serving: one process, one port on loopback, a quick and clean end."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import pathlib
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import Application
from .call import TRANSPORT

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Joining:
    """A connection that can send what is written in several parts as one packet, for which the client wakes up once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def hold(self) -> None:
        self._held = []

    def release(self) -> None:
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))

    def write(self, data: bytes) -> None:
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def close(self) -> None:
        self.release()
        self._transport.close()


class Protocol(HttpToolsProtocol):
    """Hands each request its connection, so that a fault can cut it."""

    def connection_made(self, transport: Any) -> None:
        joining: Any = Joining(transport)  # has the methods of a transport, but not its type
        super().connection_made(joining)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope  # whose type knows no other key than ASGI's own
        scope[TRANSPORT] = self.transport


class Server(uvicorn.Server):
    """Announces itself once it responds, and returns after a signal instead of raising it again."""

    def __init__(self, config: uvicorn.Config, announce: Any) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends without waiting: a fault can hold requests for minutes, and a client can have stopped during
        an upload.
        """
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in SIGNALS
            if (number, signal.getsignal(number)) != (signal.SIGHUP, signal.SIG_IGN)
        }  # as nohup leaves it
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def loopback_address(host: str) -> str:
    """Raises ValueError for an address that others could reach."""
    if host == "localhost":
        return "127.0.0.1"
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} is not a loopback address")
    return host


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    The protocol is named because asyncio sets TCP_NODELAY only on connections that tell it; without it, a response of
    two packets waits 40 ms for the client's acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def write_atomically(path: pathlib.Path, text: str) -> None:
    """The file appears whole, readable by its owner only."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(temporary, path)


# What this library logs about a client's malformed form is also in the response.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


async def serve(sandbox: Application, listener: socket.socket, announce: Any) -> None:
    """Until SIGINT, SIGTERM or SIGHUP. `announce` is called once the server responds."""
    config = uvicorn.Config(
        sandbox,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        backlog=1024,
        timeout_graceful_shutdown=1,
    )
    await Server(config, announce).serve(sockets=[listener])


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    make_sandbox: Any, host: str, port: int, env_file: pathlib.Path | None, port_file: pathlib.Path | None, quiet: bool
) -> int:
    """Serve in the foreground; returns the exit status."""
    try:
        listener = listen(loopback_address(host), port)
    except (OSError, ValueError) as error:
        print(f"sandbox: cannot listen on {host} port {port}: {error}", file=sys.stderr)
        return 1
    url = url_of(listener)
    files = [path for path in (env_file, port_file) if path is not None]

    async def main() -> None:
        sandbox = make_sandbox(url)
        variables = {"SANDBOX_URL": url}
        for platform in sandbox.platforms:
            variables.update(platform.environment())

        def announce() -> None:
            if env_file is not None:
                lines = [f"export {name}={value}\n" for name, value in sorted(variables.items())]
                write_atomically(env_file, "".join(lines))
            if port_file is not None:
                write_atomically(port_file, f"{listener.getsockname()[1]}\n")
            if not quiet:
                print(greeting(sandbox, url, variables, env_file), flush=True)

        try:
            await serve(sandbox, listener, announce)
        finally:
            sandbox.close()

    try:
        asyncio.run(main())
    finally:
        for path in files:
            path.unlink(missing_ok=True)
        listener.close()
    if not quiet:
        print("Sandbox stopped.", flush=True)
    return 0


def greeting(sandbox: Application, url: str, variables: dict[str, str], env_file: pathlib.Path | None) -> str:
    lines = [f"Sandbox ready at {url}/ (status page). Ctrl-C stops it.", ""]
    lines += [f"  export {name}={value}" for name, value in sorted(variables.items())]
    if env_file is not None:
        # A shell other than bash looks for a name without a slash in PATH only.
        path = env_file if env_file.is_absolute() else f"./{env_file}"
        lines += ["", f"  {env_file} has these lines while the sandbox runs. To load them: . {path}"]
    lines += ["", "Try:"]
    lines += [f"  {line}" for platform in sandbox.platforms for line in platform.examples()]
    return "\n".join(lines)
