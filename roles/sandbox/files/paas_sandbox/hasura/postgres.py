# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private PostgreSQL server, reachable through a Unix socket only, and the part of its protocol that run_sql needs.

The protocol is version 3 with simple queries, which have all that an error says; no driver is needed for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

USER = "sandbox"
START_SECONDS, STOP_SECONDS = 30, 10
# The names of fields of an error: https://www.postgresql.org/docs/current/protocol-error-fields.html
FIELDS = {"C": "status_code", "M": "message", "D": "description", "H": "hint"}
# Nothing of it must survive a crash; small, because several sandboxes can run at the same time.
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=16MB",
    "max_connections=10",
    "autovacuum=off",
    "statement_timeout=20s",
)


class SqlError(Exception):
    """A refusal of the database, with its fields."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields.get("message"))
        self.fields = fields


@dataclass
class Result:
    """Of the last statement. rows: None for a statement that returns none."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str | None]] | None = None


def programs() -> pathlib.Path | None:
    """The directory of initdb and postgres; None if PostgreSQL is not installed."""
    found = shutil.which("initdb")
    # Debian keeps them apart, a directory for each version.
    debian = pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")
    paths = [pathlib.Path(found)] if found else sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True)
    return next((path.resolve().parent for path in paths if (path.resolve().parent / "postgres").exists()), None)


class Server:
    """A cluster in a directory of its own, which ends with this process."""

    def __init__(self, directory: pathlib.Path) -> None:
        """directory: of the programs. Raises OSError and subprocess.CalledProcessError."""
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="paas-sandbox-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start(directory)
        except BaseException:
            self.close()
            raise

    def _start(self, directory: pathlib.Path) -> None:
        # PostgreSQL refuses to run as root.
        account = _unprivileged() if os.getuid() == 0 else None
        options: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        options["cwd"] = self.data
        if account is not None:
            os.chown(self.data, account.pw_uid, account.pw_gid)
            options.update(user=account.pw_uid, group=account.pw_gid, extra_groups=())
        cluster = self.data / "cluster"
        initdb: list[str | pathlib.Path] = [
            directory / "initdb",
            "-D",
            cluster,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        subprocess.run(initdb, check=True, **options)
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        self._process = subprocess.Popen(
            [directory / "postgres", "-D", cluster, "-k", self.data, *settings],
            preexec_fn=_ends_with_its_parent,
            **options,
        )
        ends_at = time.monotonic() + START_SECONDS
        while True:
            try:
                self.run("postgres", "SELECT 1")
                return
            except (OSError, SqlError):
                if self._process.poll() is not None or time.monotonic() > ends_at:
                    raise OSError("PostgreSQL does not start") from None
                time.sleep(0.02)

    def run(self, database: str, *texts: str, result_of: int = -1) -> Result:
        """Send texts one after another in one session; the result of one of them. Raises SqlError."""
        with contextlib.closing(_Session(self.data / ".s.PGSQL.5432", database)) as session:
            return [session.query(text) for text in texts][result_of]

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.data, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise OSError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _ends_with_its_parent() -> None:
    """In the new process: Linux stops it if the sandbox is killed, which cannot do so itself then."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGINT)


class _Session:
    """A connection to a database."""

    def __init__(self, path: pathlib.Path, database: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(path))
            self._stream = self._socket.makefile("rb")
            settings = f"user\0{USER}\0database\0{database}\0client_encoding\0UTF8\0\0".encode()
            self._socket.sendall(struct.pack("!II", 8 + len(settings), 3 << 16) + settings)
            self._read()
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def query(self, text: str) -> Result:
        # The protocol ends texts with a zero, which PostgreSQL does not allow within them.
        self._send(b"Q", text.replace("\0", "").encode() + b"\0")
        return self._read()

    def _send(self, kind: bytes, content: bytes) -> None:
        self._socket.sendall(kind + struct.pack("!I", 4 + len(content)) + content)

    def _exactly(self, size: int) -> bytes:
        content = self._stream.read(size)
        if len(content) < size:
            raise OSError("PostgreSQL closed the connection")
        return content

    def _read(self) -> Result:
        """All messages up to the one that says that the server is ready."""
        result, current, error = Result(), None, None
        while True:
            try:
                kind = self._exactly(1)
            except OSError:
                if error is not None:
                    raise error from None
                raise
            [size] = struct.unpack("!I", self._exactly(4))
            content = self._exactly(size - 4)
            if kind == b"Z":
                break
            if kind == b"E":
                error = SqlError(_fields(content))
            elif kind == b"T":
                current = Result(_columns(content), [])
            elif kind == b"D" and current is not None and current.rows is not None:
                current.rows.append(_values(content))
            elif kind == b"G":
                self._send(b"f", b"COPY FROM STDIN has no data here\0")
            elif kind in (b"C", b"I"):
                result, current = current or Result(), None
        if error is not None:
            raise error
        return result


def _fields(content: bytes) -> dict[str, str]:
    parts = [part.decode("utf-8", "replace") for part in content.split(b"\0") if part]
    return {FIELDS[part[0]]: part[1:] for part in parts if part[0] in FIELDS}


def _columns(content: bytes) -> list[str]:
    [count] = struct.unpack_from("!H", content)
    names, at = [], 2
    for _number in range(count):
        end = content.index(b"\0", at)
        names.append(content[at:end].decode())
        at = end + 1 + 18
    return names


def _values(content: bytes) -> list[str | None]:
    [count] = struct.unpack_from("!H", content)
    values: list[str | None] = []
    at = 2
    for _number in range(count):
        [size] = struct.unpack_from("!i", content, at)
        at += 4
        values.append(None if size < 0 else content[at : at + size].decode("utf-8", "replace"))
        at += max(size, 0)
    return values
