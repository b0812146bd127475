# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the release roles and of the role verify."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import Release, expand, failure_message, plain
from ansible_collections.webops.paas.plugins.plugin_utils._release.fleek_report import FleekReport
from ansible_collections.webops.paas.plugins.plugin_utils._release.flightcontrol_report import FlightcontrolReport
from ansible_collections.webops.paas.plugins.plugin_utils._release.hasura_report import HasuraReport
from ansible_collections.webops.paas.plugins.plugin_utils._release.netlify_report import NetlifyReport

RELEASES: dict[str, type[Release]] = {
    "fleek": FleekReport,
    "flightcontrol": FlightcontrolReport,
    "hasura": HasuraReport,
    "netlify": NetlifyReport,
}


def release_state(seen: Mapping[str, Any], platform: str) -> JsonObject:
    if platform not in RELEASES:
        raise AnsibleFilterError(f"platform must be one of {', '.join(RELEASES)}, got {platform!r}.")
    prefix = f"{platform}_release_"
    results, options = {}, {}
    for variable, value in plain(seen).items():
        name = variable.removeprefix(prefix)
        if name.startswith("_"):
            results[name.removeprefix("_")] = value
        else:
            options[name] = value
    return RELEASES[platform](results, options).state()


def release_failure(result: Mapping[str, Any], task: str) -> str:
    return failure_message(plain(result), task)


def verify_entries(entries: Iterable[Any]) -> list[JsonObject]:
    return expand(entries)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "release_failure": release_failure,
            "release_state": release_state,
            "verify_entries": verify_entries,
        }
