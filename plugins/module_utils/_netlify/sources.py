# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources of files to deploy: a directory or a zip file, recognized by its content. PRIVATE to the collection.

Paths keep their bytes on disk (no Unicode normalization); names that are not UTF-8 are refused.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Protocol, cast

from ansible_collections.webops.paas.plugins.module_utils._core.files import open_regular
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError, Selection, State

NAMED_AT_MOST = 10

_LEAVES_TREE = "symbolic links that point outside the directory"
_DANGLING = "broken symbolic links"
_LOOP = "symbolic links that form a loop"
_SPECIAL = "named pipes, sockets or devices"
_NOT_UTF8 = "names that are not UTF-8"
FORBIDDEN = "paths with # or ?, which the platform refuses"
UNREADABLE = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def is_forbidden(path: str) -> bool:
    """Whether the platform refuses the valid path."""
    return "#" in path or "?" in path


def is_plain(path: str) -> bool:
    """Whether it is the relative path of a file below a directory, in UTF-8. Any other character can be in a name."""
    return _is_utf8(path) and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))


class Stream(Protocol):
    """What a file is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """As of a binary file."""

    def readinto(self, buffer: memoryview, /) -> int:
        """As of a binary file."""

    def close(self) -> None:
        """Closes the file."""

    def __enter__(self) -> Any:
        """The stream itself."""

    def __exit__(self, *unused: Any) -> None:
        """Closes the file."""


class Source(Protocol):
    """Where a Manifest reads its files from."""

    def open(self, path: str, size: int | None = None) -> Stream:
        """size: the expected size in bytes. Raises OSError if the file has another size."""

    def close(self) -> None:
        """Closes what the files are read from."""


class Problems:
    """Collects the paths that cannot be deployed, by reason, to name all of them in one error."""

    def __init__(self, option: str, given: str) -> None:
        self.option, self.given = option, given
        self._by_reason: dict[str, list[str]] = {}

    def add(self, reason: str, path: str) -> None:
        self._by_reason.setdefault(reason, []).append(path)

    def check(self) -> None:
        if not self._by_reason:
            return
        found = "; ".join(f"{reason}: {listed(paths)}" for reason, paths in sorted(self._by_reason.items()))
        advice = " Change them, or skip them with `exclude`." if self.option == "src" else ""
        raise ManifestError(
            self.option, f"`{self.option}`: {self.given} cannot be deployed, because it has {found}.{advice}"
        )


def reason_of(error: object) -> str:
    return str(getattr(error, "strerror", None) or error)


def unreadable(error: Exception) -> str:
    return f"paths that cannot be read ({reason_of(error)})"


def listed(paths: list[str]) -> str:
    shown = [path.encode("utf-8", "backslashreplace").decode() for path in sorted(paths)[:NAMED_AT_MOST]]
    more = len(paths) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


class Directory:
    def __init__(self, root: str) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        # When the entries of each directory changed last, as of its scan.
        self._listed: dict[str, int | None] = {}

    def scan(self, selection: Selection, problems: Problems) -> Iterator[str]:
        """Paths of the selected files, in any order."""
        # Per directory: its path with a slash, its state, its real path, the real paths of where links were taken.
        waiting: list[tuple[str, State, str, tuple[str, ...]]] = [("", selection.TOP, self._real_root, ())]
        while waiting:
            prefix, above, real, trail = waiting.pop()
            self._listed[prefix] = self._changed_at(prefix)
            try:
                with os.scandir(os.path.join(self._root, prefix)) as listing:
                    entries = list(listing)
            except OSError as error:
                problems.add(unreadable(error), prefix.rstrip("/") or ".")
                continue
            for entry in entries:
                path = prefix + entry.name
                is_dir = _is_directory(entry)
                state = selection.directory(path, above) if is_dir else None
                if state is None and (is_dir or not selection.file(path, above)):
                    continue
                target: str | None = f"{real}/{entry.name}"
                taken = trail
                if entry.is_symlink():
                    target, taken = self._followed(entry, real, trail, path, problems), (*trail, real)
                if target is None:
                    continue
                if not _is_utf8(entry.name):
                    problems.add(_NOT_UTF8, path)
                elif state is not None:
                    waiting.append((path + "/", state, target, taken))
                elif entry.is_file():
                    yield path
                else:
                    problems.add(_SPECIAL, path)

    def _followed(
        self, link: os.DirEntry[str], real: str, trail: tuple[str, ...], path: str, problems: Problems
    ) -> str | None:
        """The real path of the target of a link, or None after a problem."""
        try:
            target = os.path.realpath(link.path, strict=True)
        except OSError as error:
            reasons = {errno.ELOOP: _LOOP, errno.ENOENT: _DANGLING, errno.ENOTDIR: _DANGLING}
            problems.add(reasons.get(error.errno or 0) or unreadable(error), path)
            return None
        if not _is_at_or_below(target, self._real_root):
            problems.add(_LEAVES_TREE, path)
            return None
        if any(_is_at_or_below(place, target) for place in (real, *trail)):
            problems.add(_LOOP, path)
            return None
        return target

    def open(self, path: str, size: int | None = None) -> io.FileIO:
        """size: the expected size in bytes."""
        stream = open_regular(os.path.join(self._root, path))
        if size is not None and os.fstat(stream.fileno()).st_size != size:
            stream.close()
            raise OSError(errno.ESTALE, "its size changed")
        return stream

    @staticmethod
    def stamp(stream: Any) -> object:
        """A value that changes with the open file."""
        status = os.fstat(stream.fileno())
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size

    def is_unchanged(self) -> bool:
        """Whether no directory got or lost an entry since its scan. Entries that are skipped count, too."""
        return all(self._changed_at(prefix) == before for prefix, before in self._listed.items())

    def _changed_at(self, prefix: str) -> int | None:
        try:
            return os.stat(os.path.join(self._root, prefix)).st_mtime_ns
        except OSError:
            # The scan reports it.
            return None

    def close(self) -> None:
        """Keeps no files open."""


class Zip:
    # Header offset, compressed size, size, CRC, method, flags, whether its name starts with "./": the objects of
    # zipfile use about 700 bytes per member.
    _MEMBER = struct.Struct("<QQQIHH?")
    _UTF8_NAME = 0x800
    _ENCRYPTED = 0x1

    def __init__(self, archive: str) -> None:
        self._zip = zipfile.ZipFile(archive)
        self._members: dict[str, bytes] = {}
        # zipfile guards reads, but not its count of open members.
        self._lock = threading.Lock()

    def scan(self, selection: Selection, problems: Problems) -> Iterator[str]:
        """Paths of the selected members, in the order of the zip."""
        states: dict[str, State | None] = {"": selection.TOP}
        for info in self._zip.filelist:
            path = self._path(info, problems)
            if path is None:
                continue
            directory = path.rpartition("/")[0]
            if directory not in states:
                states[directory] = selection.directories(directory)
            state = states[directory]
            if state is None or not selection.file(path, state):
                continue
            kind = stat.S_IFMT(info.external_attr >> 16)
            if path in self._members:
                problems.add("entries of the same name", path)
            elif info.flag_bits & self._ENCRYPTED:
                problems.add("encrypted entries", path)
            elif kind == stat.S_IFLNK:
                problems.add("symbolic links, which are not followed inside a zip file", path)
            elif kind not in (0, stat.S_IFREG):
                problems.add(_SPECIAL, path)
            else:
                self._members[path] = self._MEMBER.pack(
                    info.header_offset,
                    info.compress_size,
                    info.file_size,
                    info.CRC,
                    info.compress_type,
                    info.flag_bits,
                    info.orig_filename.startswith("./"),
                )
                yield path
        self._zip.filelist.clear()
        self._zip.NameToInfo.clear()

    def _path(self, info: zipfile.ZipInfo, problems: Problems) -> str | None:
        """The member's path; None for a directory and after a problem."""
        name = info.orig_filename
        if not info.flag_bits & self._UTF8_NAME:
            # Zips from Unix have UTF-8 names, often without the flag; zipfile then decodes them as cp437.
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                problems.add(_NOT_UTF8, raw.decode("utf-8", "backslashreplace"))
                return None
        if name.endswith("/"):
            return None
        path = name.removeprefix("./")
        # Zips from Windows can have backslashes and drives.
        if not is_plain(path) or "\\" in path or path[1:3] == ":/":
            problems.add("entries that are not plain relative paths with forward slashes", name.replace("\0", "\\0"))
            return None
        return path

    def open(self, path: str, size: int | None = None) -> zipfile.ZipExtFile:
        """size: not used, because the zip has it."""
        info = zipfile.ZipInfo()
        (
            info.header_offset,
            info.compress_size,
            info.file_size,
            info.CRC,
            info.compress_type,
            info.flag_bits,
            has_dot,
        ) = self._MEMBER.unpack(self._members[path])
        name = f"./{path}" if has_dot else path
        info.orig_filename = name if info.flag_bits & self._UTF8_NAME else name.encode("utf-8").decode("cp437")
        with self._lock:
            return cast(zipfile.ZipExtFile, self._zip.open(info))

    @staticmethod
    def stamp(_stream: Any) -> object:
        """Always equal: each member has a checksum."""
        return None

    @staticmethod
    def is_unchanged() -> bool:
        """Always true: the members are those of the open file."""
        return True

    def close(self) -> None:
        self._zip.close()


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself, which is reported as a link.
        return False


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_at_or_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def open_source(src: str) -> Directory | Zip:
    try:
        mode = os.stat(src).st_mode
        if stat.S_ISDIR(mode):
            return Directory(src)
        if stat.S_ISREG(mode):
            with open(src, "rb") as stream:
                is_zip = zipfile.is_zipfile(stream)
            if is_zip:
                return Zip(src)
    except (*UNREADABLE, ValueError) as error:
        raise ManifestError(
            "src", f"`src` must be a directory or a zip file; {src!r} cannot be read: {reason_of(error)}."
        ) from error
    raise ManifestError("src", f"`src` must be a directory or a zip file; {src!r} is neither.")
