# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS in front of the sandbox, under the names of a platform, for clients whose API URL cannot be changed."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path


class Front:
    """A context manager: listens on a free loopback port and forwards all bytes to the sandbox.

    `certificate` is the file of its own certificate, which is valid for the hosts and for a day.
    """

    def __init__(self, hosts: Sequence[str], port: int, directory: Path) -> None:
        self._backend = port
        self.certificate = directory / "front.pem"
        key = directory / "front.key"
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "1",
                "-subj",
                f"/CN={hosts[0]}",
                "-addext",
                "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts),
                "-keyout",
                key,
                "-out",
                self.certificate,
            ],
            check=True,
            capture_output=True,
        )
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, key)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.port = 0  # known once it listens

    def __enter__(self) -> Front:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context), self._loop
        ).result(10)
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_exception: object) -> None:
        asyncio.run_coroutine_threadsafe(_end_connections(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_backend, to_backend = await asyncio.open_connection("127.0.0.1", self._backend)
            await asyncio.gather(_pass_on(reader, to_backend), _pass_on(from_backend, writer))
        except asyncio.CancelledError:
            pass  # the end; the streams of Python 3.11 complain about a handler that was cancelled


async def _end_connections() -> None:
    """Clients exit without closing their connections."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
    except OSError:
        pass  # the client has disconnected
    finally:
        writer.close()
