# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a task writes: atomically, and with mode 0600 if they hold secrets. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import json
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, BinaryIO

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.documents import DuplicateKey, parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

PRIVATE = 0o600
BLOCK = 1024 * 1024
# Seconds between two attempts to get a lock that another process holds.
LOCK_PAUSE = 0.1
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextlib.contextmanager
def replacing(option: str, path: str, mode: int | None = None) -> Iterator[BinaryIO]:
    """A binary stream whose content replaces the file when the block succeeds, and is discarded when it fails.

    mode: of the file; without it that of the file that is replaced, or what the umask says. A link stays a link.
    Raises PaasError, naming the option, when it cannot be written, and InvalidInput when it is not a regular file.
    """
    target = os.path.realpath(path)
    _check_regular(option, path)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=f".{os.path.basename(target)}.")
    except OSError as error:
        raise _unwritable(option, path, error) from None
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), _usual_mode(target) if mode is None else mode)
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise _unwritable(option, path, error) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def write_json(option: str, path: str, data: JsonObject) -> None:
    """Readable and writable by its owner only."""
    with replacing(option, path, PRIVATE) as stream:
        stream.write(json.dumps(data, indent=1, sort_keys=True).encode("utf-8") + b"\n")


def read_json(option: str, path: str) -> JsonObject | None:
    """The JSON object in a file, None when the file does not exist. Raises InvalidInput for other content."""
    with _reading(option, path) as stream:
        content = None if stream is None else stream.read()
    if content is None:
        return None
    try:
        data = parse_json(content.decode("utf-8"))
    except DuplicateKey as error:
        raise InvalidInput(
            option, f"`{option}`: {path} has the key {error.key!r} twice in one object (line {error.lineno})."
        ) from None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise InvalidInput(
            option,
            f"`{option}`: {path} is not a JSON object, so this collection did not write it. Move the file away, or "
            "set another path.",
        )
    return data


def check_writable(option: str, path: str) -> None:
    """Raises InvalidInput unless the file, or a new file in its directory, can be written."""
    _check_regular(option, path)
    directory = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(directory):
        raise InvalidInput(option, f"`{option}`: the directory of {path} does not exist.")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise InvalidInput(option, f"`{option}`: the directory of {path} is not writable.")


def destination(dest: str, source: str) -> str:
    """The path of the file to write: dest, or a file of that name in dest if dest is a directory or ends with
    a slash.
    """
    is_directory = os.path.isdir(dest) or dest.endswith("/")
    return os.path.join(dest, os.path.basename(source)) if is_directory else dest


def shown(files: Mapping[str, JsonObject]) -> JsonObject:
    """One side of a diff. files: {path: {"sha1"}} of at most one file."""
    return {key: value for path, file in files.items() for key, value in (("dest", path), ("sha1", file["sha1"]))}


def digest(option: str, path: str) -> str | None:
    """The SHA-1 of a file in hex, None when the file does not exist. Raises InvalidInput when it cannot be read."""
    with _reading(option, path) as stream:
        return None if stream is None else digest_of(stream)


def digest_of(stream: IO[bytes] | io.RawIOBase | io.BufferedIOBase) -> str:
    """The SHA-1 of all that is read from a binary stream, in hex."""
    found = hashlib.sha1(usedforsecurity=False)
    while block := stream.read(BLOCK):
        found.update(block)
    return found.hexdigest()


@contextlib.contextmanager
def locked(option: str, path: str, clock: Clock, timeout: float) -> Iterator[None]:
    """Allows one process at a time in the block; others wait for up to timeout seconds.

    The lock is a separate file, because the file itself is replaced. It is not removed, which would let two processes
    in."""
    name = f"{os.path.realpath(path)}.lock"
    try:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    except OSError as error:
        raise _unwritable(option, path, error) from None
    try:
        ends_at = clock.monotonic() + timeout
        while not _is_taken(descriptor):
            if clock.monotonic() >= ends_at:
                raise PaasError(
                    f"`{option}`: {name} is still locked by another process after {timeout:g} s.",
                    code="locked",
                    option=option,
                )
            clock.sleep(LOCK_PAUSE)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def temporary_directory() -> Iterator[str]:
    """The path of a directory that is removed after the block. Raises PaasError when there is no space for
    its files.
    """
    with _with_space(), tempfile.TemporaryDirectory() as directory:
        yield directory


@contextlib.contextmanager
def temporary_file() -> Iterator[IO[bytes]]:
    """A file without a name, which other users cannot read and which is removed when closed. Raises PaasError
    as above.
    """
    with _with_space(), tempfile.TemporaryFile() as stream:
        yield stream


@contextlib.contextmanager
def _with_space() -> Iterator[None]:
    directory = None
    try:
        directory = tempfile.gettempdir()
        yield
    except OSError as error:
        if directory and not is_full(error) and directory not in str(error.filename):
            raise
        raise PaasError(
            f"Temporary files cannot be written to {directory or 'any directory'}: {error.strerror or error}. Free "
            "some space, or set the environment variable TMPDIR to another directory.",
            code="unwritable",
        ) from None


def open_regular(path: str) -> io.FileIO:
    """Opens a regular file for reading. Raises OSError, also for other files: opening a FIFO would wait for a
    writer.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "It is not a regular file", path)
    # Do not wait if it was replaced by a FIFO in the meantime.
    return io.FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


@contextlib.contextmanager
def _reading(option: str, path: str) -> Iterator[io.FileIO | None]:
    """None when the file does not exist."""
    _check_regular(option, path)
    try:
        stream = open_regular(path)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise _unreadable(option, path, error) from None
    try:
        with stream:
            yield stream
    except OSError as error:
        raise _unreadable(option, path, error) from None


def _check_regular(option: str, path: str) -> None:
    """Raises InvalidInput for a path that exists and is neither a regular file nor a link to one."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        # The code that reads or writes the file reports the reason.
        return
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a device, a FIFO or a socket"
        raise InvalidInput(option, f"`{option}` must be a regular file, but {path} is {what}.")


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN):
            raise
        return False
    return True


def _usual_mode(target: str) -> int:
    try:
        return os.stat(target).st_mode & 0o7777
    except FileNotFoundError:
        # The only way to learn the umask is to set it.
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask


def is_full(error: BaseException) -> bool:
    """Whether the error means that there is no space left."""
    return isinstance(error, OSError) and error.errno in NO_SPACE


def _unreadable(option: str, path: str, error: OSError) -> InvalidInput:
    return InvalidInput(option, f"`{option}`: {path} cannot be read: {error.strerror or error}.")


def _unwritable(option: str, path: str, error: OSError) -> PaasError:
    return PaasError(
        f"`{option}`: {path} cannot be written: {error.strerror or error}.", code="unwritable", option=option
    )
