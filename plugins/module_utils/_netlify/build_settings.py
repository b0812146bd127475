# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a site's builds, and its repository. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.compare import UNORDERED, Mapping, without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN

# The argument spec of the settings of builds.
BUILD_SETTINGS: dict[str, JsonObject] = {
    "provider": dict(type="str"),
    "repo_path": dict(type="str", aliases=["repo"]),
    "branch": dict(type="str"),
    "cmd": dict(type="str"),
    "dir": dict(type="str"),
    "base": dict(type="str"),
    "package_path": dict(type="str"),
    "functions_dir": dict(type="str"),
    "deploy_key_id": dict(type="str", no_log=False),
    "installation_id": dict(type="int"),
    "allowed_branches": dict(type="list", elements="str"),
    "skip_prs": dict(type="bool"),
    "stop_builds": dict(type="bool"),
    "private_logs": dict(type="bool"),
    "untrusted_flow": dict(type="str"),
    "skip_automatic_builds": dict(type="bool"),
}
# repo_id is sent with a link. No known response has it, so it is not compared.
BUILD_OPTIONS: dict[str, JsonObject] = {**BUILD_SETTINGS, "repo_id": dict(type="int")}
# Sending one of these, under "repo", links the site to a repository.
REPOSITORY_LINK = frozenset({"provider", "repo_path", "deploy_key_id", "installation_id"})
_OF_BUILD = ("base", "cmd", "dir", "functions_dir", "package_path", "skip_automatic_builds", "stop_builds")
# Without a repository these mean nothing.
OF_REPOSITORY = ("provider", "repo_id", "branch", "deploy_key_id", "installation_id", "allowed_branches")
# Of a new site these are empty, unless they are declared.
EMPTY_SETTINGS = (
    "base",
    "deploy_key_id",
    "functions_dir",
    "package_path",
    "private_logs",
    "skip_automatic_builds",
    "skip_prs",
    "untrusted_flow",
)


class BuildSettings(Mapping):
    """Compares the build settings of a site, as a site_view has them. What unlinking the repository leaves of the
    settings of the build is not documented, and UNKNOWN.
    """

    def __init__(self) -> None:
        super().__init__({"allowed_branches": UNORDERED})

    def differs(self, current: Any, wanted: Any) -> bool:
        return super().differs(current, _completed(wanted, current or {}))

    def after(self, current: Any, wanted: Any) -> Any:
        wanted = _completed(wanted, current or {})
        after = super().after(current or dict.fromkeys(EMPTY_SETTINGS), wanted)
        if not unlinks(wanted, current):
            return after
        kept = {name: UNKNOWN for name in _OF_BUILD if current[name] is not None}
        declared = {name: after[name] for name in without_nulls(wanted)}
        return {**dict.fromkeys(current), "allowed_branches": [], **kept, **declared}


def _completed(wanted: JsonObject, was: JsonObject) -> JsonObject:
    """The declared settings that are compared, and those that a link of the site to a repository adds.

    Without allowed branches Netlify would build every branch. Its command line client sends the production branch.
    """
    wanted = {key: value for key, value in wanted.items() if key in BUILD_SETTINGS and value is not UNKNOWN}
    branch = wanted.get("branch") or was.get("branch")
    is_new_link = wanted.get("repo_path") and not was.get("repo_path")
    if is_new_link and branch and wanted.get("allowed_branches") is None and not was.get("allowed_branches"):
        wanted["allowed_branches"] = [branch]
    return wanted


def check_build_settings(settings: JsonObject | None) -> None:
    """settings: the option build_settings."""
    settings = settings or {}
    for name in OF_REPOSITORY:
        if settings.get("repo_path") == "" and settings.get(name) is not None:
            raise InvalidInput(
                f"build_settings.{name}",
                f"`build_settings.{name}` and `build_settings.repo_path: ''` are mutually exclusive: an empty "
                "`repo_path` unlinks the repository.",
            )


def unlinks(declared: JsonObject | None, current: JsonObject | None) -> bool:
    """Whether the declared build_settings unlink the repository. current: those of a site_view, or None."""
    return bool(declared and declared.get("repo_path") == "" and current and current["repo_path"])
