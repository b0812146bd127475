# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of the vendor's build in a project. PRIVATE to the collection.

The vendor's command line client deploys it with --no-build. What that client would have to build first is refused.
Source: the requests of that client.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from ansible_collections.webops.paas.plugins.module_utils._core.documents import parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify.artifacts import Artifact, digest_of
from ansible_collections.webops.paas.plugins.module_utils._netlify.function_settings import MANIFEST, toml_schedules
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import IGNORED_REMOTE, Manifest
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
    is_forbidden,
    reason_of,
)

FUNCTIONS = ".netlify/functions"
FUNCTION_SOURCES = ("netlify/functions", ".netlify/functions-internal", ".netlify/v1/functions")
EDGE_FUNCTIONS = ".netlify/edge-functions-dist"
EDGE_FUNCTION_SOURCES = ("netlify/edge-functions", ".netlify/edge-functions", ".netlify/v1/edge-functions")
# Directories whose files are deployed, and the directory of the site that they are deployed to.
DEPLOYED = {
    EDGE_FUNCTIONS: ".netlify/internal/edge-functions",
    ".netlify/deploy-config": ".netlify/deploy-config",
    ".netlify/internal/db/migrations": ".netlify/internal/db/migrations",
}
# Directories that only the vendor's client can deploy, and what they have.
UNSUPPORTED = {
    ".netlify/blobs/deploy": "blobs",
    ".netlify/deploy/v1/blobs/deploy": "blobs",
    ".netlify/server": "a server",
}

# The bundles of edge functions by their format.
EdgeFunctions = dict[str, Artifact]


class Project(NamedTuple):
    """A project's build output. Without a directory, it has nothing.

    files: directories, with {path in the directory: path to deploy to}. has_functions: whether functions were built.
    """

    directory: str
    files: list[tuple[Directory, dict[str, str]]]
    edge_functions: EdgeFunctions
    has_functions: bool

    @property
    def functions_dir(self) -> str | None:
        """None without functions. Raises ManifestError if there are sources of functions that were not built."""
        if self.has_functions:
            return os.path.join(self.directory, FUNCTIONS)
        if self.directory:
            _check_no_sources(self.directory, FUNCTION_SOURCES, "functions", f"{FUNCTIONS}/{MANIFEST}")
        return None

    def schedules(self) -> dict[str, str]:
        """{pattern of function names: cron expression} of netlify.toml. Raises ManifestError."""
        if not self.directory:
            return {}
        try:
            with open(os.path.join(self.directory, IGNORED_REMOTE), encoding="utf-8-sig") as stream:
                return toml_schedules(stream.read())
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise ManifestError(
                "project_dir", f"`project_dir`: its {IGNORED_REMOTE} cannot be read: {reason_of(error)}."
            ) from error

    def with_files_of(self, manifest: Manifest) -> Manifest:
        """The manifest with the files of the project. A netlify.toml in src takes precedence."""
        kept = [
            (source, {inner: path for inner, path in paths.items() if path not in manifest.files or path != inner})
            for source, paths in self.files
        ]
        return manifest.extended(kept) if kept else manifest


def read_project(directory: str | None) -> Project:
    """Raises ManifestError (option project_dir) for what must be built first and what is not supported."""
    if not directory:
        return Project("", [], {}, has_functions=False)
    if not os.path.isdir(directory):
        raise ManifestError("project_dir", f"`project_dir` must be a directory, got {directory!r}.")
    for path, words in UNSUPPORTED.items():
        if _has_files(directory, path):
            raise ManifestError(
                "project_dir",
                f"`project_dir`: {directory} has {words} to deploy ({path}), which only the vendor's client can "
                "upload. Run `netlify deploy --no-build`.",
            )
    edge_functions = _edge_functions(directory)
    if edge_functions is None:
        _check_no_sources(directory, EDGE_FUNCTION_SOURCES, "edge functions", f"{EDGE_FUNCTIONS}/{MANIFEST}")
    files = [_files_of(directory, source, target) for source, target in DEPLOYED.items() if _has(directory, source)]
    if os.path.isfile(os.path.join(directory, IGNORED_REMOTE)):
        files.append((Directory(directory), {IGNORED_REMOTE: IGNORED_REMOTE}))
    has_functions = os.path.isfile(os.path.join(directory, FUNCTIONS, MANIFEST))
    return Project(directory, files, edge_functions or {}, has_functions)


def _has(directory: str, path: str) -> bool:
    return os.path.isdir(os.path.join(directory, path))


def _has_files(directory: str, path: str) -> bool:
    """The vendor's client leaves empty directories behind."""
    return _has(directory, path) and any(
        not name.startswith(".") for _root, _dirs, names in os.walk(os.path.join(directory, path)) for name in names
    )


def _check_no_sources(directory: str, sources: tuple[str, ...], kind: str, built: str) -> None:
    found = [path for path in sources if _has_files(directory, path)]
    if found:
        raise ManifestError(
            "project_dir",
            f"`project_dir`: {directory} has {kind} in {', '.join(found)} that are not built: {built} does not exist. "
            "Run `netlify build` in the project first.",
        )


def _files_of(directory: str, source: str, target: str) -> tuple[Directory, dict[str, str]]:
    root = os.path.join(directory, source)
    found, problems = Directory(root), Problems("project_dir", root)
    paths = sorted(found.scan(Selection((), (), platform_skips), problems))
    for path in paths:
        if is_forbidden(path):
            problems.add(FORBIDDEN, path)
    problems.check()
    return found, {path: f"{target}/{path}" for path in paths}


def _edge_functions(directory: str) -> EdgeFunctions | None:
    """None if they are not built."""
    root = os.path.join(directory, EDGE_FUNCTIONS)
    if not os.path.lexists(os.path.join(root, MANIFEST)):
        return None
    try:
        with Directory(root).open(MANIFEST) as stream:
            manifest: JsonObject = parse_json(stream.read().decode("utf-8-sig"))
        return {bundle["format"]: _bundle(root, bundle["asset"]) for bundle in manifest.get("bundles") or []}
    except ManifestError:
        raise
    except (*UNREADABLE, ValueError, TypeError, LookupError, AttributeError) as error:
        reason = reason_of(error) if isinstance(error, (*UNREADABLE, ValueError)) else "it has unexpected content"
        raise ManifestError(
            "project_dir",
            f"`project_dir`: {EDGE_FUNCTIONS}/{MANIFEST} in {directory}, or a bundle that it lists, cannot be read: "
            f"{reason}. Run `netlify build` again.",
        ) from error


def _bundle(root: str, asset: str) -> Artifact:
    """asset: the name of a file beside the manifest."""
    path = os.path.join(root, os.path.basename(asset))
    return Artifact("project_dir", path, *digest_of(path))
