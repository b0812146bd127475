# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests, {path: sha1} of a directory or zip file, and their differences. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ansible_collections.webops.paas.plugins.module_utils._core.parallel import on_all_cores
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify.artifacts import BLOCK
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import (
    ManifestError,
    Selection,
    platform_skips,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import (
    FORBIDDEN,
    UNREADABLE,
    Directory,
    Problems,
    Source,
    Stream,
    Zip,
    is_forbidden,
    listed,
    open_source,
    reason_of,
    unreadable,
)

# Bytes that each core reads at once to compute digests, and number of files that it takes at once.
READ_BLOCK = 256 * 1024
BATCH = 64
# Netlify's command line client adds this generated file to each manifest.
IGNORED_REMOTE = "netlify.toml"


class Body:
    """One file as the body of a request: C(read) and a fixed length in bytes, in constant memory.

    Reads at most the size of the file in the manifest; raises ManifestError if the file became shorter.
    """

    def __init__(self, stream: Stream, size: int, path: str) -> None:
        self._stream, self._size, self._left, self._path = stream, size, size, path

    def __len__(self) -> int:
        return self._size

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *unused: object) -> None:
        self._stream.close()

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        if not wanted:
            return b""
        try:
            block = self._stream.read(wanted)
        except UNREADABLE as error:
            raise _changed([self._path], error) from error
        if not block:
            raise _changed([self._path], "it became shorter")
        self._left -= len(block)
        return block


def _changed(paths: list[str], reason: object, during: str = "deployed") -> ManifestError:
    return ManifestError(
        "src",
        f"`src` changed while it was being {during}: {listed(paths)} is different now ({reason_of(reason)}). Run the "
        "task again when no other process writes to it.",
    )


class _Extended:
    """A source with further files. places: {path: (directory, path in it)}."""

    def __init__(self, source: Source, places: dict[str, tuple[Directory, str]]) -> None:
        self._source, self._places = source, places

    def open(self, path: str, size: int | None = None) -> Stream:
        source, inner = self._places.get(path, (self._source, path))
        return source.open(inner, size)

    def close(self) -> None:
        self._source.close()


class Manifest:
    """The files to deploy. A context manager, because it can keep a zip file open.

    files: {path: sha1 in hex}, sorted by path; paths have forward slashes and none at the beginning.
    digest: sha1 in hex of all files; equal for equal trees, regardless of dates and order on disk.
    total_bytes: sum of all sizes.
    """

    def __init__(self, source: Source, files: dict[str, str], sizes: dict[str, int]) -> None:
        self._source, self.files, self._sizes = source, files, sizes
        self.total_bytes = sum(sizes.values())
        whole = hashlib.sha1(usedforsecurity=False)
        for path, sha1 in files.items():
            whole.update(f"{path}\0{sha1}\n".encode())
        self.digest = whole.hexdigest()

    def has(self, path: str) -> bool:
        """Whether the content of a path is available. It is not for files that stay on the platform."""
        return path in self._sizes

    def size(self, path: str) -> int:
        """Size of a file in bytes. Raises KeyError for a path that is not available."""
        return self._sizes[path]

    def open(self, path: str) -> Body:
        """A new body for a file, in any thread; a context manager. The content was not kept, because reading it again
        from the system's cache takes 1 % of the time of an upload.

        Raises KeyError for a path that is not available, and ManifestError if the file changed.
        """
        size = self._sizes[path]
        try:
            stream = self._source.open(path, size)
        except UNREADABLE as error:
            raise _changed([path], error) from error
        return Body(stream, size, path)

    def check_unchanged(self, path: str) -> None:
        """Reads a file again. Raises ManifestError if its content differs from the manifest."""
        digest = hashlib.sha1(usedforsecurity=False)
        with self.open(path) as body:
            while block := body.read(BLOCK):
                digest.update(block)
        if digest.hexdigest() != self.files[path]:
            raise _changed([path], "its content changed")

    def extended(self, added: Iterable[tuple[Directory, dict[str, str]]]) -> Manifest:
        """A manifest with further files. added: directories, and {path in the directory: path to deploy to}.

        Closes what this one closes. Raises ManifestError if a file cannot be read.
        """
        files, sizes = dict(self.files), dict(self._sizes)
        places: dict[str, tuple[Directory, str]] = {}
        for directory, paths in added:
            problems = Problems("project_dir", "it")
            digests, lengths = _hashed(directory, list(paths), problems)
            for inner, path in paths.items():
                files[path], sizes[path], places[path] = digests[inner], lengths[inner], (directory, inner)
        return Manifest(_Extended(self._source, places), dict(sorted(files.items())), sizes)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def build_manifest(
    src: str | os.PathLike[str],
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    rules: Callable[[str, bool], bool] = platform_skips,
) -> Manifest:
    """The manifest of a directory or zip file (recognized by its content). Reads each file once, on all cores.

    include, exclude: patterns, see the module's docstring. rules(path, is_dir): whether a name is skipped by default.
    Raises ManifestError, before any file is read, for everything that cannot be deployed, such as paths with C(#) or
    C(?) and links out of the tree, and if no files are left; afterwards, if files changed, came or went while they were
    being read.
    """
    src = os.fspath(src)
    selection = Selection(include, exclude, rules)
    problems = Problems("src", src)
    source = open_source(src)
    try:
        paths = sorted(source.scan(selection, problems))
        for path in paths:
            if is_forbidden(path):
                problems.add(FORBIDDEN, path)
        problems.check()
        if not paths:
            raise ManifestError(
                "src",
                f"`src`, {src}, has no files to deploy. It is empty, or all of its files are skipped by default or by "
                "`exclude`. To deploy files that are skipped by default, use `include`.",
            )
        files, sizes = _hashed(source, paths, problems)
        _check_same_listing(source, selection, paths)
        return Manifest(source, files, sizes)
    except BaseException:
        source.close()
        raise


def _check_same_listing(source: Directory | Zip, selection: Selection, paths: list[str]) -> None:
    """Raises ManifestError if files were added or removed while the files were read."""
    if source.is_unchanged():
        return
    problems = Problems("src", "it")
    different = sorted(set(paths).symmetric_difference(source.scan(selection, problems)))
    problems.check()
    if different:
        raise _changed(different, "added or removed", "read")


def _hashed(source: Directory | Zip, paths: list[str], problems: Problems) -> tuple[dict[str, str], dict[str, int]]:
    """(digests, sizes) by path, in the order of paths. Uses all cores."""
    files, sizes = dict.fromkeys(paths, ""), dict.fromkeys(paths, 0)
    changed: list[str] = []

    def read(batches: Iterable[list[str]]) -> None:
        buffer = memoryview(bytearray(READ_BLOCK))
        for path in itertools.chain.from_iterable(batches):
            digest, size = hashlib.sha1(usedforsecurity=False), 0
            try:
                with source.open(path) as stream:
                    before = source.stamp(stream)
                    while count := stream.readinto(buffer):
                        digest.update(buffer[:count])
                        size += count
                    if source.stamp(stream) != before:
                        changed.append(path)
            except UNREADABLE as error:
                problems.add(unreadable(error), path)
            files[path], sizes[path] = digest.hexdigest(), size

    on_all_cores((paths[number : number + BATCH] for number in range(0, len(paths), BATCH)), read)
    problems.check()
    if changed:
        raise _changed(changed, "written to", "read")
    return files, sizes


def normalise_path(path: str) -> str:
    """A path in responses of the API (C(/index.html)) in the form of C(Manifest.files) (C(index.html))."""
    return path.removeprefix("/")


def comparable(current: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """The files of a deploy in a form to compare: without the generated file, unless it is wanted."""
    normalised = {normalise_path(path): sha1 for path, sha1 in current.items()}
    if IGNORED_REMOTE not in wanted:
        normalised.pop(IGNORED_REMOTE, None)
    return normalised


class ManifestDiff(NamedTuple):
    """The changes of a deploy, as sorted paths; false without changes."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def summary(self, limit: int = 50) -> JsonObject:
        """For results and diffs: counts, and the first C(limit) paths of each list; C(omitted) is the number of the
        others.
        """
        lists = {"added": self.added, "changed": self.changed, "removed": self.removed}
        return {
            "counts": {**{name: len(paths) for name, paths in lists.items()}, "unchanged": self.unchanged},
            **{name: paths[:limit] for name, paths in lists.items()},
            "omitted": sum(max(0, len(paths) - limit) for paths in lists.values()),
        }


def diff_manifests(current: dict[str, str], wanted: dict[str, str]) -> ManifestDiff:
    """The changes from current to wanted, both {path: sha1}; files from the API must be passed through comparable."""
    common = current.keys() & wanted.keys()
    changed = sorted(path for path in common if current[path] != wanted[path])
    return ManifestDiff(
        sorted(wanted.keys() - common), changed, sorted(current.keys() - common), len(common) - len(changed)
    )
