# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory or a zip -> {path: sha1}, and what differs between two of these. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import (
    ManifestError,
    Selection,
    platform_skips,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import (
    FORBIDDEN,
    UNREADABLE,
    Problems,
    Source,
    Stream,
    is_forbidden,
    listed,
    open_source,
    reason_of,
    unreadable,
)

BLOCK = 1024 * 1024
# The vendor's command line client adds this generated file to the manifest of every deploy.
IGNORED_REMOTE = "netlify.toml"


class Body:
    """One file as the body of a request: C(read) and a length in bytes that stays true, in constant memory.

    Never more bytes than the file had when the manifest was built; ManifestError when there are fewer.
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
            raise _changed(self._path, error) from error
        if not block:
            raise _changed(self._path, "it became shorter")
        self._left -= len(block)
        return block


def _changed(path: str, reason: object) -> ManifestError:
    return ManifestError(
        "src",
        f"`src` changed while it was being deployed: {listed([path])} is different now ({reason_of(reason)}). Run the "
        "task again when no other process writes to it.",
    )


class Manifest:
    """The files to deploy. A context manager: it may hold a zip open.

    files: {path: sha1 in hex}, sorted by path; paths have forward slashes and none at the beginning.
    digest: sha1 in hex over all of that; equal for equal trees, whatever their dates or order on disk.
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
        """Whether the content of a path is at hand; of a file that merely stays on the platform it is not."""
        return path in self._sizes

    def size(self, path: str) -> int:
        """Bytes of a file; KeyError for a path that is not at hand."""
        return self._sizes[path]

    def open(self, path: str) -> Body:
        """A new body for a file, from any thread; to be closed (a context manager).

        KeyError for a path that is not at hand, ManifestError when the file has changed since.
        """
        size = self._sizes[path]
        try:
            stream = self._source.open(path, size)
        except UNREADABLE as error:
            raise _changed(path, error) from error
        return Body(stream, size, path)

    def check_unchanged(self, path: str) -> None:
        """Reads a file again; ManifestError when it does not have the content that the manifest tells."""
        digest = hashlib.sha1(usedforsecurity=False)
        with self.open(path) as body:
            while block := body.read(BLOCK):
                digest.update(block)
        if digest.hexdigest() != self.files[path]:
            raise _changed(path, "its content changed")

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
    """The manifest of a directory or a zip (told by its content). Reads every file once.

    include, exclude: patterns, see the module's docstring. rules(path, is_dir): whether a name is skipped by itself.
    ManifestError names everything that cannot be deployed, before any file is read: paths with C(#) or C(?),
    links out of the tree, and so on; also when nothing is left to deploy.
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
        return Manifest(source, *_hashed(source, paths, problems))
    except BaseException:
        source.close()
        raise


def _hashed(source: Source, paths: list[str], problems: Problems) -> tuple[dict[str, str], dict[str, int]]:
    files: dict[str, str] = {}
    sizes: dict[str, int] = {}
    buffer = bytearray(BLOCK)
    view = memoryview(buffer)
    for path in paths:
        digest, size = hashlib.sha1(usedforsecurity=False), 0
        try:
            with source.open(path) as stream:
                while count := stream.readinto(buffer):
                    digest.update(view[:count])
                    size += count
        except UNREADABLE as error:
            problems.add(unreadable(error), path)
        files[path], sizes[path] = digest.hexdigest(), size
    problems.check()
    return files, sizes


def normalise_path(path: str) -> str:
    """A path of the API's answers (C(/index.html)) in the form of C(Manifest.files) (C(index.html))."""
    return path.removeprefix("/")


def comparable(current: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """The files of a deploy, from the API, in a form to compare: without the generated file unless it is wanted."""
    normalised = {normalise_path(path): sha1 for path, sha1 in current.items()}
    if IGNORED_REMOTE not in wanted:
        normalised.pop(IGNORED_REMOTE, None)
    return normalised


class ManifestDiff(NamedTuple):
    """What a deploy changes; false when nothing. Sorted paths."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def summary(self, limit: int = 50) -> JsonObject:
        """For results and diffs: counts of all, and of each list the first C(limit) paths; C(omitted) is the rest."""
        lists = {"added": self.added, "changed": self.changed, "removed": self.removed}
        return {
            "counts": {**{name: len(paths) for name, paths in lists.items()}, "unchanged": self.unchanged},
            **{name: paths[:limit] for name, paths in lists.items()},
            "omitted": sum(max(0, len(paths) - limit) for paths in lists.values()),
        }


def diff_manifests(current: dict[str, str], wanted: dict[str, str]) -> ManifestDiff:
    """What leads from current to wanted, both {path: sha1}; what comes from the API goes through comparable first."""
    common = current.keys() & wanted.keys()
    changed = sorted(path for path in common if current[path] != wanted[path])
    return ManifestDiff(
        sorted(wanted.keys() - common), changed, sorted(current.keys() - common), len(common) - len(changed)
    )
