# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets in a Hasura tenant's metadata, by the places where they stand. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK, SECRET_AFTER, SECRET_BEFORE
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import masked_whole
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import label

# A text below these keys is a secret.
SECRET_KEYS = frozenset(
    {"database_url", "connection_string", "password", "webhook", "sslkey", "sslpassword", "datasource"}
)
# Every text below these is, but for the names of environment variables.
SECRET_TREES = frozenset({"service_account", "add_headers", "query_params"})
# Here what stands before @ and after ? is one.
URL_KEYS = frozenset({"handler", "url"})
NO_SECRET_KEYS = frozenset({"from_env", "value_from_env", "webhook_from_env", "url_from_env", "dynamic_from_file"})
URL_SECRET = re.compile(r"(?P<before>://)(?P<user>[^/?#@]*)(?=@)|(?<=\?)(?P<query>.+)", re.DOTALL)

# The keys and labels that lead to a text.
Path = tuple[Any, ...]
Replace = Callable[[Path, str], str]


def masked(metadata: Any) -> Any:
    """The same with secrets masked where they stand. metadata: anything; no shape is relied on."""
    return _replaced(metadata, lambda path, secret: MASK)


def masked_option(metadata: Any) -> Any:
    """The option metadata as Ansible may show it."""
    return masked(metadata) if isinstance(metadata, dict) else masked_whole(metadata)


def secrets(metadata: Any) -> set[str]:
    """What to look for in quotes."""
    found = set()

    def note(_path: Path, secret: str) -> str:
        found.add(secret)
        with contextlib.suppress(ValueError):
            found.add(unquote(urlsplit(secret).password or ""))
        return secret

    _replaced(metadata, note)
    return found


def sides(before: JsonObject, after: JsonObject) -> tuple[JsonObject, JsonObject]:
    """(before, after) of a diff, both normal. Of secrets it is told whether they are the same."""
    former: dict[Path, list[str]] = {}

    def remember(path: Path, secret: str) -> str:
        former.setdefault(path, []).append(secret)
        return SECRET_BEFORE

    shown_before = _replaced(before, remember)

    def compare(path: Path, secret: str) -> str:
        return SECRET_BEFORE if secret in former.get(path, ()) else SECRET_AFTER

    return shown_before, _replaced(after, compare)


def _replaced(value: Any, replace: Replace, path: Path = (), is_secret: bool = False) -> Any:
    """replace(path, secret) says what stands there instead."""
    if isinstance(value, dict):
        return {key: _replaced_part(key, part, replace, path, is_secret) for key, part in value.items()}
    if isinstance(value, list):
        is_header = path[-1:] == ("headers",)
        return [
            _replaced_header(item, replace, path)
            if is_header and isinstance(item, dict)
            else _replaced(item, replace, (*path, label(item)), is_secret)
            for item in value
        ]
    return replace(path, value) if is_secret and isinstance(value, str) else value


def _replaced_part(key: str, part: Any, replace: Replace, path: Path, is_secret: bool) -> Any:
    here = (*path, key)
    if key in NO_SECRET_KEYS:
        return part
    # A data connector's configuration may have its secrets anywhere.
    if is_secret or key in SECRET_TREES or here[-2:] == ("configuration", "value"):
        return _replaced(part, replace, here, True)
    if isinstance(part, str):
        if key in SECRET_KEYS:
            return replace(here, part)
        if key in URL_KEYS:
            return URL_SECRET.sub(
                lambda match: (match["before"] or "") + replace(here, match["user"] or match["query"] or ""), part
            )
    return _replaced(part, replace, here)


def _replaced_header(header: JsonObject, replace: Replace, path: Path) -> JsonObject:
    here = (*path, header.get("name"))
    return {
        key: replace(here, part) if key == "value" and isinstance(part, str) else part for key, part in header.items()
    }
