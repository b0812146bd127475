# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory or a zip -> {path: sha1}, with the platform's file rules. PRIVATE to the collection.

Which files are deployed
------------------------
Like Netlify's own command line client: names that start with a dot are skipped, except directories named
C(.well-known) at any depth; so are names that start with C(__MACOSX); everything else, C(_redirects),
C(_headers) and empty files among it, is kept. Differences, all on purpose:

- C(node_modules) and C(bower_components) at the top are always skipped (the client: only when it publishes the
  project's root);
- C(_redirects) and C(_headers) are files like others, as in the vendor's Go client (the command line client
  writes them into a generated C(netlify.toml) instead);
- symbolic links are followed while they stay inside the tree and refused otherwise (the client drops them silently);
- the same rules hold inside a zip. One single top-level directory in a zip is part of the paths: it is not unwrapped.

Patterns
--------
C(exclude) leaves files out and wins over everything. C(include) does not narrow: it brings back what the rules skip.

- C(*) is any run of characters and C(?) one character inside one name, dots too; C([a-z]) and C([!a-z]) are one
  character of a set. C(**) as a whole segment is any number of directories, at the end everything below.
- A pattern with a slash at its beginning or in its middle is matched from the top of the tree; one without matches a
  name at any depth. Upper and lower case differ.
- A pattern that matches a directory covers everything below it; with a slash at its end it matches directories only.
- What lies in a skipped directory comes back when C(include) covers that directory (C(.git), C(.git/)), or when a
  pattern with a slash covers the file itself (C(.github/workflows/*.yml), C(**/.htaccess)). A mere name
  (C(.htaccess)) is not looked for inside of skipped directories.

Paths keep the bytes that they have on disk (no Unicode normalisation); names that are not UTF-8 are refused.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import re
import shutil
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

BLOCK = 1024 * 1024
NAMED_AT_MOST = 10
# The vendor's command line client adds this generated file to the manifest of every deploy.
IGNORED_REMOTE = "netlify.toml"

_LEAVES_TREE = "symbolic links that leave the directory"
_DANGLING = "symbolic links to nothing"
_LOOP = "symbolic links that lead back into themselves"
_SPECIAL = "named pipes, sockets or devices"
_NOT_UTF8 = "names that are not UTF-8"
_FORBIDDEN = "paths with # or ?, which the platform refuses"
_UNREADABLE = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


class ManifestError(InvalidInput):
    """What was given cannot be deployed. C(option): src, functions_dir, include or exclude."""


class _Problems:
    """Collects the paths that cannot be deployed, by reason, to name all of them in one error."""

    def __init__(self, option: str, given: str) -> None:
        self.option, self.given = option, given
        self._by_reason: dict[str, list[str]] = {}

    def add(self, reason: str, path: str) -> None:
        self._by_reason.setdefault(reason, []).append(path)

    def check(self) -> None:
        if not self._by_reason:
            return
        found = "; ".join(f"{reason}: {_listed(paths)}" for reason, paths in sorted(self._by_reason.items()))
        advice = " Change them, or leave them out with exclude." if self.option == "src" else ""
        raise ManifestError(self.option, f"{self.option} {self.given} cannot be deployed. It has {found}.{advice}")


def _reason(error) -> str:
    return getattr(error, "strerror", None) or str(error)


def _unreadable(error: Exception) -> str:
    return f"what cannot be read ({_reason(error)})"


def _listed(paths: list[str]) -> str:
    shown = [path.encode("utf-8", "backslashreplace").decode() for path in sorted(paths)[:NAMED_AT_MOST]]
    more = len(paths) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


# --- Which files ------------------------------------------------------------------------------------------------


def platform_skips(path: str, is_dir: bool) -> bool:
    """Whether the file rules skip this name (path: relative to the tree, no slash at the ends)."""
    name = path.rpartition("/")[2]
    if name.startswith("."):
        return not (is_dir and name == ".well-known")
    return name.startswith("__MACOSX") or path in ("node_modules", "bower_components")


def _segment_regex(segment: str) -> str:
    """One name of a pattern as a regular expression; ValueError for a set that is not closed."""
    regex, at = "", 0
    while at < len(segment):
        character, at = segment[at], at + 1
        if character == "*":
            at += len(segment[at:]) - len(segment[at:].lstrip("*"))
            regex += "[^/]*"
        elif character == "?":
            regex += "[^/]"
        elif character == "[":
            negated = segment[at : at + 1] == "!"
            at += negated
            end = segment.find("]", at + 1)
            if end < 0:
                raise ValueError("its [ is not closed")
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", segment[at:end])
            regex += f"(?!/)[{'^' if negated else ''}{members}]"
            at = end + 1
        else:
            regex += re.escape(character)
    return regex


def _path_regex(segments: list[str]) -> str:
    regex = ""
    for number, segment in enumerate(segments, 1):
        is_last = number == len(segments)
        if segment == "**":
            regex += ".+" if is_last else "(?:[^/]+/)*"
        else:
            regex += _segment_regex(segment) + ("" if is_last else "/")
    return regex


class _Pattern:
    """One pattern: C(regex) of the paths that it matches, C(leads) of the directories on the way to them."""

    def __init__(self, option: str, text: str) -> None:
        self.directories_only = text.endswith("/")
        bare = text[:-1] if self.directories_only else text
        self.has_slash = "/" in bare
        segments = bare.removeprefix("/").split("/")
        # Doubled ** means the same and would only make matching slow.
        segments = [each for at, each in enumerate(segments) if each != "**" or segments[at - 1 : at] != ["**"]]
        try:
            if "\\" in text or text.startswith("!") or any(each in ("", ".", "..") for each in segments):
                raise ValueError("a backslash, a leading !, empty segments, . and .. have no meaning here")
            self.regex = _path_regex(segments) if self.has_slash else f"(?:.*/)?{_segment_regex(bare)}"
            self.leads = [_path_regex(segments[:depth]) for depth in range(1, len(segments))] if self.has_slash else []
            re.compile(self.regex)
        except (ValueError, re.error) as error:
            raise ManifestError(
                option,
                f"{option} has the pattern '{text}', which cannot be used: {error}. Allowed are paths relative "
                "to src with *, ?, [...] and **, such as '*.map', 'drafts/' or 'docs/**/*.psd'.",
            ) from error


def _matcher(regexes: Iterable[str]) -> Callable[[str], object]:
    alternatives = "|".join(f"(?:{regex})" for regex in regexes)
    return re.compile(alternatives, re.DOTALL).fullmatch if alternatives else lambda path: None


class _Patterns:
    """All patterns of one option. What covers a directory covers what is below it: the caller hands that down."""

    def __init__(self, patterns: list[_Pattern]) -> None:
        self.directory = _matcher(each.regex for each in patterns)
        self.file = _matcher(each.regex for each in patterns if not each.directories_only)
        self.leads_below = _matcher(regex for each in patterns for regex in each.leads)


class _Selection:
    """Decides on the way down, from the state of the directory above: a directory's state or None, a file's bool."""

    TOP = (False, False, False)

    def __init__(self, include: Iterable[str], exclude: Iterable[str], rules: Callable[[str, bool], bool]) -> None:
        included = [_Pattern("include", text) for text in include]
        self._include = _Patterns(included)
        self._include_path = _Patterns([each for each in included if each.has_slash])
        self._exclude = _Patterns([_Pattern("exclude", text) for text in exclude])
        self._rules = rules

    def directory(self, path: str, above: tuple[bool, bool, bool]) -> tuple[bool, bool, bool] | None:
        if self._exclude.directory(path):
            return None
        included, path_included, skipped = above
        included = included or bool(self._include.directory(path))
        path_included = path_included or bool(self._include_path.directory(path))
        skipped = skipped or (not included and self._rules(path, True))
        if skipped and not path_included and not self._include_path.leads_below(path):
            return None
        return included, path_included, skipped

    def directories(self, path: str) -> tuple[bool, bool, bool] | None:
        """The state of a directory that is reached from the top."""
        state, slash = self.TOP, 0
        while state and slash >= 0:
            slash = path.find("/", slash + 1)
            state = self.directory(path if slash < 0 else path[:slash], state)
        return state

    def file(self, path: str, above: tuple[bool, bool, bool]) -> bool:
        if self._exclude.file(path):
            return False
        included, path_included, skipped = above
        if path_included or self._include_path.file(path):
            return True
        return not skipped and (included or not self._rules(path, False) or bool(self._include.file(path)))


# --- Where they are ---------------------------------------------------------------------------------------------


class _Directory:
    def __init__(self, root: str) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)

    def scan(self, selection: _Selection, problems: _Problems) -> Iterator[str]:
        """Paths of the selected files, in no order."""
        # Per directory: its path with a slash, its state, its real path, the real paths of where links were taken.
        waiting = [("", selection.TOP, self._real_root, ())]
        while waiting:
            prefix, above, real, trail = waiting.pop()
            try:
                with os.scandir(os.path.join(self._root, prefix)) as listing:
                    entries = list(listing)
            except OSError as error:
                problems.add(_unreadable(error), prefix.rstrip("/") or ".")
                continue
            for entry in entries:
                path = prefix + entry.name
                is_dir = _is_directory(entry)
                state = selection.directory(path, above) if is_dir else selection.file(path, above)
                if not state:
                    continue
                target, taken = f"{real}/{entry.name}", trail
                if entry.is_symlink():
                    target, taken = self._followed(entry, real, trail, path, problems), (*trail, real)
                    if target is None:
                        continue
                if not _is_utf8(entry.name):
                    problems.add(_NOT_UTF8, path)
                elif is_dir:
                    waiting.append((path + "/", state, target, taken))
                elif entry.is_file():
                    yield path
                else:
                    problems.add(_SPECIAL, path)

    def _followed(self, link: os.DirEntry, real: str, trail: tuple, path: str, problems: _Problems) -> str | None:
        """The real path that a link leads to, or None after a problem."""
        try:
            target = os.path.realpath(link.path, strict=True)
        except OSError as error:
            reasons = {errno.ELOOP: _LOOP, errno.ENOENT: _DANGLING, errno.ENOTDIR: _DANGLING}
            problems.add(reasons.get(error.errno) or _unreadable(error), path)
            return None
        if not _is_at_or_below(target, self._real_root):
            problems.add(_LEAVES_TREE, path)
            return None
        if any(_is_at_or_below(place, target) for place in (real, *trail)):
            problems.add(_LOOP, path)
            return None
        return target

    def open(self, path: str, size: int | None = None) -> io.FileIO:
        """size: what the file must have, in bytes."""
        stream = io.FileIO(os.path.join(self._root, path))
        if size is not None and os.fstat(stream.fileno()).st_size != size:
            stream.close()
            raise OSError(errno.ESTALE, "its size has changed")
        return stream

    def close(self) -> None:
        """Nothing is held open."""


class _Zip:
    # Header offset, compressed size, size, CRC, method, flags, whether its name starts with "./": zipfile's own
    # objects would take some 700 bytes for each member.
    _MEMBER = struct.Struct("<QQQIHH?")
    _UTF8_NAME = 0x800
    _ENCRYPTED = 0x1

    def __init__(self, archive: str) -> None:
        self._zip = zipfile.ZipFile(archive)
        self._members: dict[str, bytes] = {}
        # zipfile guards reads, but not its count of open members.
        self._lock = threading.Lock()

    def scan(self, selection: _Selection, problems: _Problems) -> Iterator[str]:
        """Paths of the selected members, in the order of the zip."""
        states = {"": selection.TOP}
        for info in self._zip.filelist:
            path = self._path(info, problems)
            if path is None:
                continue
            directory = path.rpartition("/")[0]
            if directory not in states:
                states[directory] = selection.directories(directory)
            if not (states[directory] and selection.file(path, states[directory])):
                continue
            kind = stat.S_IFMT(info.external_attr >> 16)
            if path in self._members:
                problems.add("entries of the same name", path)
            elif info.flag_bits & self._ENCRYPTED:
                problems.add("encrypted entries", path)
            elif kind == stat.S_IFLNK:
                problems.add("symbolic links, which are not followed inside of a zip", path)
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

    def _path(self, info: zipfile.ZipInfo, problems: _Problems) -> str | None:
        """The member's path; None for a directory and after a problem."""
        name = info.orig_filename
        if not info.flag_bits & self._UTF8_NAME:
            # Zips made on Unix have UTF-8 names and seldom say so; zipfile then decodes them as cp437.
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                problems.add(_NOT_UTF8, raw.decode("utf-8", "backslashreplace"))
                return None
        if name.endswith("/"):
            return None
        path = name.removeprefix("./")
        if "\\" in path or "\0" in path or path[1:3] == ":/" or {"", ".", ".."} & set(path.split("/")):
            problems.add("entries that are not plain relative paths with forward slashes", name.replace("\0", "\\0"))
            return None
        return path

    def open(self, path: str, size: int | None = None) -> zipfile.ZipExtFile:
        """size: not used, as the zip has it."""
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
            return self._zip.open(info)

    def close(self) -> None:
        self._zip.close()


def _is_directory(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself; it is looked at, and named, as a link.
        return False


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_at_or_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


# --- The manifest -----------------------------------------------------------------------------------------------


class Body:
    """One file as the body of a request: C(read) and a length in bytes that stays true, in constant memory.

    Never more bytes than the file had when the manifest was built; ManifestError when there are fewer.
    """

    def __init__(self, stream, size: int, path: str) -> None:
        self._stream, self._size, self._left, self._path = stream, size, size, path

    def __len__(self) -> int:
        return self._size

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *unused) -> None:
        self._stream.close()

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        if not wanted:
            return b""
        try:
            block = self._stream.read(wanted)
        except _UNREADABLE as error:
            raise _changed(self._path, error) from error
        if not block:
            raise _changed(self._path, "it has become shorter")
        self._left -= len(block)
        return block


def _changed(path: str, reason) -> ManifestError:
    return ManifestError(
        "src",
        f"src changed while it was being deployed: {_listed([path])} cannot be read as it was "
        f"({_reason(reason)}). Run the task again when nothing writes to src.",
    )


class Manifest:
    """The files to deploy. A context manager: it may hold a zip open.

    files: {path: sha1 in hex}, sorted by path; paths have forward slashes and none at the beginning.
    digest: sha1 in hex over all of that; equal for equal trees, whatever their dates or order on disk.
    total_bytes: sum of all sizes.
    """

    def __init__(self, source: _Directory | _Zip, files: dict[str, str], sizes: dict[str, int]) -> None:
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
        except _UNREADABLE as error:
            raise _changed(path, error) from error
        return Body(stream, size, path)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *unused) -> None:
        self.close()


def build_manifest(
    src: str | os.PathLike,
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
    selection = _Selection(include, exclude, rules)
    problems = _Problems("src", src)
    source = _source(src)
    try:
        paths = sorted(source.scan(selection, problems))
        for path in paths:
            if "#" in path or "?" in path:
                problems.add(_FORBIDDEN, path)
        problems.check()
        if not paths:
            raise ManifestError(
                "src",
                f"src {src} has no file to deploy: it is empty, or the file rules and exclude "
                "leave out everything. Skipped files come back with include.",
            )
        return Manifest(source, *_hashed(source, paths, problems))
    except BaseException:
        source.close()
        raise


def _source(src: str) -> _Directory | _Zip:
    try:
        mode = os.stat(src).st_mode
        if stat.S_ISDIR(mode):
            return _Directory(src)
        if stat.S_ISREG(mode):
            with open(src, "rb") as stream:
                is_zip = zipfile.is_zipfile(stream)
            if is_zip:
                return _Zip(src)
    except (*_UNREADABLE, ValueError) as error:
        raise ManifestError(
            "src", f"src '{src}' cannot be read: {_reason(error)}. Allowed are a directory and a zip."
        ) from error
    raise ManifestError("src", f"src '{src}' is neither a directory nor a zip. Allowed are these two.")


def _hashed(source, paths: list[str], problems: _Problems) -> tuple[dict[str, str], dict[str, int]]:
    files, sizes = {}, {}
    buffer = bytearray(BLOCK)
    view = memoryview(buffer)
    for path in paths:
        digest, size = hashlib.sha1(usedforsecurity=False), 0
        try:
            with source.open(path) as stream:
                while count := stream.readinto(buffer):
                    digest.update(view[:count])
                    size += count
        except _UNREADABLE as error:
            problems.add(_unreadable(error), path)
        files[path], sizes[path] = digest.hexdigest(), size
    problems.check()
    return files, sizes


# --- Comparing --------------------------------------------------------------------------------------------------


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

    def summary(self, limit: int = 50) -> dict:
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


# --- Functions --------------------------------------------------------------------------------------------------


class FunctionBundle(NamedTuple):
    """A function to upload. path: of its zip; sha256: in hex, of the zip; runtime: js or provided.al2; size: bytes."""

    path: str
    sha256: str
    runtime: str
    size: int


# In the order in which the platform's runtime looks for the file NAME.EXTENSION at the top of the zip.
_SCRIPTS = (".js", ".mjs", ".cjs")
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]+")


def build_functions(functions_dir: str | os.PathLike, workdir: str | os.PathLike) -> dict[str, FunctionBundle]:
    """The functions of a directory as zips, by name. Nothing is bundled or compiled: what is there must run as it is.

    - NAME.zip is used as it is.
    - NAME.js, .mjs or .cjs is a function of one file.
    - NAME/ is a function of several files; its entry is NAME.js, index.js, NAME.mjs, index.mjs, NAME.cjs or index.cjs,
      the first one that exists. The platform starts NAME.EXTENSION: beside an index file one is generated.

    Dot files and the top C(node_modules) are skipped, as in builds by the platform; symbolic links are followed
    inside functions_dir only. Everything else there is refused, TypeScript too, which only a bundler makes runnable.
    A zip that is made here, in workdir, is the same to the last bit on each run and each machine: entries are sorted,
    dates and permissions fixed, and the content is stored, as the output of compression depends on the zlib at hand.
    ManifestError (option functions_dir) names what cannot be used.
    """
    functions_dir = os.fspath(functions_dir)
    if not os.path.isdir(functions_dir):
        raise ManifestError("functions_dir", f"functions_dir '{functions_dir}' is not a directory.")
    problems = _Problems("functions_dir", functions_dir)
    source = _Directory(functions_dir)
    contents: dict[str, list[str]] = {}
    for path in sorted(source.scan(_Selection((), (), platform_skips), problems)):
        contents.setdefault(path.partition("/")[0], []).append(path)

    entries: dict[str, str] = {}
    for top, paths in contents.items():
        is_file = paths == [top]
        name, extension = os.path.splitext(top) if is_file else (top, "")
        if is_file and extension not in (*_SCRIPTS, ".zip"):
            problems.add("files other than .js, .mjs, .cjs and .zip (other languages must be built first)", top)
        elif not _FUNCTION_NAME.fullmatch(name):
            problems.add("names with characters other than letters, digits, - and _", top)
        elif not is_file and not _entry_file(name, paths):
            problems.add(f"directories without a file NAME or index with {', '.join(_SCRIPTS)}", top)
        elif is_file and extension == ".zip" and not zipfile.is_zipfile(os.path.join(functions_dir, top)):
            problems.add("files that are named .zip and are none", top)
        elif name in entries:
            problems.add("functions of the same name", f"{entries[name]} = {top}")
        else:
            entries[name] = top
    problems.check()

    bundles = {}
    for name, top in sorted(entries.items()):
        archive = os.path.join(functions_dir, top)
        try:
            if not top.endswith(".zip"):
                archive = os.path.join(os.fspath(workdir), f"{name}.zip")
                _write_zip(source, archive, name, contents[top])
            bundles[name] = _bundle(archive)
        except (*_UNREADABLE, ValueError) as error:
            raise ManifestError(
                "functions_dir", f"functions_dir {functions_dir}: the function {top} cannot be read or zipped: {error}."
            ) from error
    return bundles


def _entry_file(name: str, paths: Iterable[str]) -> str | None:
    candidates = (f"{name}/{stem}{extension}" for extension in _SCRIPTS for stem in (name, "index"))
    return next((path for path in candidates if path in paths), None)


def _write_zip(source: _Directory, archive: str, name: str, paths: list[str]) -> None:
    top = "" if paths[0].partition("/")[1] == "" else f"{name}/"
    contents: dict[str, Callable] = {path.removeprefix(top): lambda path=path: source.open(path) for path in paths}
    entry = _entry_file(name, paths)
    if entry and entry.startswith(f"{name}/index.") and name != "index":
        generated, text = _start_file(source, name, entry, paths)
        contents[generated] = lambda: io.BytesIO(text)
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(contents):
            # The first date that a zip can have; the system is set as zipfile's default differs on Windows.
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            with contents[path]() as stream, target.open(info, "w") as member:
                shutil.copyfileobj(stream, member, BLOCK)


def _start_file(source: _Directory, name: str, entry: str, paths: list[str]) -> tuple[str, bytes]:
    """The file that the platform starts, for a function whose entry is an index file: its name and text."""
    index = entry.rpartition("/")[2]
    extension = os.path.splitext(index)[1]
    is_module = extension == ".mjs"
    package = f"{name}/package.json"
    if extension == ".js" and package in paths:
        with source.open(package) as stream, contextlib.suppress(AttributeError):
            is_module = json.loads(stream.read()).get("type") == "module"
    text = f'export * from "./{index}";\n' if is_module else f'module.exports = require("./{index}");\n'
    return name + extension, text.encode()


def _bundle(archive: str) -> FunctionBundle:
    with open(archive, "rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(BLOCK):
            digest.update(block)
        size = stream.tell()
        with zipfile.ZipFile(stream) as opened:
            is_executable = opened.namelist() == ["bootstrap"]
    return FunctionBundle(archive, digest.hexdigest(), "provided.al2" if is_executable else "js", size)
