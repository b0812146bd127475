# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the options of apply and export that their argument specs cannot make. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError, named
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import CONNECTION


def check(params: JsonObject) -> None:
    """params: validated, of either module. Raises EstateError, naming the option."""
    for option, least in (("concurrency", 1), ("max_deletions", 0)):
        if params.get(option, least) < least:
            raise EstateError([f"`{option}` must be {least} or more, got {params[option]}."], option)
    if params.get("dest") == "":
        # It would be the current directory.
        raise EstateError(["`dest` must not be empty."], "dest")
    for option in ("names", "netlify_account_slugs", "platforms"):
        _check_list(option, params.get(option))
    only = params.get("only") or {}
    for name, value in only.items():
        _check_list(f"only.{name}", value)
    known = list(entries.declarable()) if only.get("kinds") else []
    for kind in map(named, only.get("kinds") or ()):
        if kind not in known:
            raise EstateError([f"`only.kinds` has {kind!r}. Supported are {', '.join(known)}."], "only")
    _check_connections(params.get("connections") or {})


def _check_list(option: str, value: list[str] | None) -> None:
    """A list that a play computes can become empty by mistake: it must not select everything then."""
    if value is not None and not all([value, *value]):
        raise EstateError([f"`{option}` must not be empty or have empty items."], option.partition(".")[0])


def _check_connections(connections: JsonObject) -> None:
    for platform, given in connections.items():
        if platform not in entries.PLATFORMS:
            raise EstateError(
                [f"`connections` has {platform!r}. Supported are {', '.join(entries.PLATFORMS)}."], "connections"
            )
        if not isinstance(given, dict):
            raise EstateError([f"`connections.{platform}` must be a mapping of options to values."], "connections")
        for name in given:
            if name not in CONNECTION:
                allowed = ", ".join(CONNECTION)
                raise EstateError([f"`connections.{platform}` has {name!r}. Supported are {allowed}."], "connections")
