# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private PostgreSQL server, reachable through a Unix socket only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

USER = "sandbox"
START_SECONDS, STOP_SECONDS = 30, 10
# PGPORT of the environment is for other servers.
PORT = 5432
# Nothing of it must survive a crash; small, because several sandboxes can run at the same time.
SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
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
        """Send texts one after another in one session; the result of one of them. Raises SqlError and OSError."""
        # Most sandboxes never execute SQL, and start faster without the driver.
        import psycopg
        import psycopg.conninfo

        place = psycopg.conninfo.make_conninfo(
            host=str(self.data), port=PORT, user=USER, dbname=database, client_encoding="UTF8", options=""
        )
        try:
            session = psycopg.connect(place, autocommit=True)
        except psycopg.Error as error:
            raise OSError(str(error)) from None
        with contextlib.closing(session):
            try:
                return [_sent(session, text) for text in texts][result_of]
            except psycopg.Error as error:
                if session.broken:
                    raise OSError(str(error)) from None
                raise SqlError(_fields(error)) from None

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


def _sent(session: psycopg.Connection[Any], text: str) -> Result:
    """The result of the last statement of a text."""
    # libpq ends texts with a zero, which PostgreSQL does not allow within them.
    cursor = session.execute(text.replace("\0", "").encode())
    while cursor.nextset():
        pass
    found = cursor.pgresult
    if found is None or cursor.description is None:
        return Result()
    # Not the values that the driver makes of them, but the texts that the database sends.
    values = [[found.get_value(row, column) for column in range(found.nfields)] for row in range(found.ntuples)]
    rows = [[None if value is None else value.decode("utf-8", "replace") for value in row] for row in values]
    return Result([column.name for column in cursor.description], rows)


def _fields(error: psycopg.Error) -> dict[str, str]:
    said = error.diag
    found = {
        "status_code": error.sqlstate,
        "message": said.message_primary or str(error),
        "description": said.message_detail,
        "hint": said.message_hint,
    }
    return {name: value for name, value in found.items() if value is not None}
