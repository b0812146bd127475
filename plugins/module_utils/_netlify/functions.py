# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions to deploy, as zips. PRIVATE to the collection."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ansible_collections.webops.paas.plugins.module_utils._core.documents import DuplicateKey, parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.files import is_full
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify.artifacts import BLOCK, Artifact, digest_of
from ansible_collections.webops.paas.plugins.module_utils._netlify.function_settings import (
    MANIFEST,
    applied,
    built_settings,
    schedule_of,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import (
    ManifestError,
    Selection,
    platform_skips,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import (
    UNREADABLE,
    Directory,
    Problems,
    Stream,
    reason_of,
)


@dataclass(frozen=True)
class FunctionBundle(Artifact):
    """The zip of a function, with its settings: see _netlify.function_settings."""

    settings: JsonObject


# Functions by name.
Functions = dict[str, FunctionBundle]

# In the order in which the runtime of the platform looks for NAME.EXTENSION in the zip.
_SCRIPTS = (".js", ".mjs", ".cjs")
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]+")


def build_functions(
    functions_dir: str | os.PathLike[str],
    workdir: str | os.PathLike[str],
    declared: Mapping[str, JsonObject] | None = None,
    schedules: Callable[[], Mapping[str, str]] | None = None,
    option: str = "functions_dir",
) -> Functions:
    """The functions of a directory as zips, by name. Nothing is bundled or compiled: the files must run unchanged.

    A manifest.json of the vendor's build lists the functions to deploy, with their settings. Without one, every entry
    of the directory is a function:

    - NAME.zip is used as it is.
    - NAME.js, .mjs or .cjs is a function of one file.
    - NAME/ is a function of several files; its entry is NAME.js, index.js, NAME.mjs, index.mjs, NAME.cjs or index.cjs,
      the first one that exists. The platform starts NAME.EXTENSION, which is generated for an index file.

    Dot files and the top C(node_modules) are skipped, as in builds by the platform; symbolic links are followed
    inside functions_dir only. Everything else is refused, including TypeScript, which requires a bundler. Zips created
    in workdir are identical on each run and each machine: entries are sorted, dates and permissions are fixed, and the
    content is not compressed, because compression depends on the zlib version. ManifestError names what is refused,
    and the option that the directory comes from.

    declared: {name: settings} that override those of the build. Raises InvalidInput for other functions. schedules:
    reads {pattern of names: cron expression} for functions that are not built.
    """
    functions_dir = os.fspath(functions_dir)
    if not os.path.isdir(functions_dir):
        raise ManifestError(option, f"`{option}` must be a directory, got {functions_dir!r}.")
    declared = declared or {}
    if os.path.lexists(os.path.join(functions_dir, MANIFEST)):
        bundles = _built_functions(functions_dir, declared, option)
    else:
        patterns = schedules() if schedules is not None else {}
        bundles = _zipped_functions(functions_dir, os.fspath(workdir), declared, patterns)
    unknown = sorted(declared.keys() - bundles.keys())
    if unknown:
        raise InvalidInput(
            "functions_config",
            f"`functions_config` has the function {unknown[0]}, which {functions_dir} does not have. It has "
            f"{', '.join(bundles) or 'no functions'}.",
        )
    return bundles


def functions_of(deploy: JsonObject | None) -> dict[str, str]:
    """{name: sha256 of the zip} of a deploy."""
    return {
        function["n"]: function.get("d")
        for function in (deploy or {}).get("available_functions") or []
        if function.get("n")
    }


def schedules_of(deploy: JsonObject | None) -> dict[str, str]:
    """{name of the function: cron expression} of a deploy."""
    listed = (deploy or {}).get("function_schedules") or []
    return {each["name"]: each["cron"] for each in listed if each.get("name") and each.get("cron")}


def regions_of(deploy: JsonObject | None) -> dict[str, str]:
    """{name: region} of the functions of a deploy that have one of their own. Only one OpenAPI has this field."""
    listed = (deploy or {}).get("functions_region_overrides") or []
    return {each["name"]: each["region"] for each in listed if each.get("name") and each.get("region")}


def _built_functions(functions_dir: str, declared: Mapping[str, JsonObject], option: str) -> Functions:
    source, bundles = Directory(functions_dir), {}
    for name, (file_name, built) in sorted(_read_manifest(source, option).items()):
        if not _FUNCTION_NAME.fullmatch(name):
            raise ManifestError(
                option,
                f"`{option}`: the {MANIFEST} of the functions has the function {name!r}. Names must consist of "
                "letters, digits, - and _.",
            )
        archive = os.path.join(functions_dir, file_name)
        try:
            bundles[name] = _bundle(option, archive, applied(name, built, declared.get(name, {})))
        except (*UNREADABLE, ValueError) as error:
            raise ManifestError(
                option,
                f"`{option}`: the function {name} of the {MANIFEST} cannot be read: {archive} "
                f"({reason_of(error)}). Run `netlify build` again.",
            ) from error
    return bundles


def _read_manifest(source: Directory, option: str) -> dict[str, tuple[str, JsonObject]]:
    try:
        with source.open(MANIFEST) as stream:
            text = stream.read().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise ManifestError(
            option, f"`{option}`: the {MANIFEST} of the functions cannot be read: {reason_of(error)}."
        ) from error
    return built_settings(text, option)


def _zipped_functions(
    functions_dir: str, workdir: str, declared: Mapping[str, JsonObject], schedules: Mapping[str, str]
) -> Functions:
    problems = Problems("functions_dir", functions_dir)
    source = Directory(functions_dir)
    contents: dict[str, list[str]] = {}
    for path in sorted(source.scan(Selection((), (), platform_skips), problems)):
        contents.setdefault(path.partition("/")[0], []).append(path)

    entries: dict[str, str] = {}
    for top, paths in contents.items():
        is_file = paths == [top]
        name, extension = os.path.splitext(top) if is_file else (top, "")
        if is_file and extension not in (*_SCRIPTS, ".zip"):
            problems.add(
                "files other than .js, .mjs, .cjs and .zip (run `netlify build` first, which bundles other languages "
                "into .netlify/functions)",
                top,
            )
        elif not _FUNCTION_NAME.fullmatch(name):
            problems.add("names with characters other than letters, digits, - and _", top)
        elif not is_file and not _entry_file(name, paths):
            problems.add(f"directories without a file NAME or index with {', '.join(_SCRIPTS)}", top)
        elif is_file and extension == ".zip" and not zipfile.is_zipfile(os.path.join(functions_dir, top)):
            problems.add("files whose names end in .zip but which are not zip files", top)
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
                archive = os.path.join(workdir, f"{name}.zip")
                _write_zip(source, archive, name, contents[top])
            built = {"runtime": _runtime_of(archive), "schedule": schedule_of(name, schedules)}
            bundles[name] = _bundle("functions_dir", archive, applied(name, built, declared.get(name, {})))
        except (*UNREADABLE, ValueError) as error:
            if is_full(error):
                # The error is not about the function.
                raise
            raise ManifestError(
                "functions_dir",
                f"`functions_dir`: the function {top} in {functions_dir} cannot be read or zipped: {error}.",
            ) from error
    return bundles


def _entry_file(name: str, paths: Iterable[str]) -> str | None:
    candidates = (f"{name}/{stem}{extension}" for extension in _SCRIPTS for stem in (name, "index"))
    return next((path for path in candidates if path in paths), None)


def _write_zip(source: Directory, archive: str, name: str, paths: list[str]) -> None:
    top = "" if paths[0].partition("/")[1] == "" else f"{name}/"
    contents: dict[str, Callable[[], Stream]] = {path.removeprefix(top): partial(source.open, path) for path in paths}
    entry = _entry_file(name, paths)
    if entry and entry.startswith(f"{name}/index.") and name != "index":
        generated, text = _start_file(source, name, entry, paths)
        contents[generated] = lambda: io.BytesIO(text)
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(contents):
            # The first possible date in a zip. The system is set, because the default of zipfile differs on Windows.
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            with contents[path]() as stream, target.open(info, "w") as member:
                shutil.copyfileobj(stream, member, BLOCK)


def _start_file(source: Directory, name: str, entry: str, paths: list[str]) -> tuple[str, bytes]:
    """Name and text of the file that the platform starts, for a function whose entry is an index file."""
    index = entry.rpartition("/")[2]
    extension = os.path.splitext(index)[1]
    is_module = extension == ".mjs"
    package = f"{name}/package.json"
    if extension == ".js" and package in paths:
        with source.open(package) as stream:
            text = stream.read().decode("utf-8-sig")
        try:
            content = parse_json(text)
        except (DuplicateKey, RecursionError) as error:
            raise ValueError(f"in {package} {error}") from None
        is_module = isinstance(content, dict) and content.get("type") == "module"
    text = f'export * from "./{index}";\n' if is_module else f'module.exports = require("./{index}");\n'
    return name + extension, text.encode()


def _runtime_of(archive: str) -> str:
    with zipfile.ZipFile(archive) as opened:
        is_executable = opened.namelist() == ["bootstrap"]
    return "provided.al2" if is_executable else "js"


def _bundle(option: str, archive: str, settings: JsonObject) -> FunctionBundle:
    sha256, size = digest_of(archive)
    return FunctionBundle(option, archive, sha256, size, settings)
