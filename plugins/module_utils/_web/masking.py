# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in the options of verify. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.variables import masked_whole

# Names of headers and query parameters that contain a credential.
SECRET_NAME = re.compile(
    r"(?i)auth|cookie|credential|jwt|passw|pwd|secret|session|signature|token|api-?_?key|(^|[-_.])(key|sig|code|sas)$"
)


def masked_url(url: str) -> str:
    """The URL without user name, password, credentials in the query, and fragment, which is never sent."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    netloc = f"{MASK}@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc
    query = "&".join(
        f"{pair.partition('=')[0]}={MASK}"
        if "=" in pair and SECRET_NAME.search(unquote(pair.partition("=")[0]))
        else pair
        for pair in parts.query.split("&")
    )
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def masked(urls: Any) -> Any:
    """The option urls with its secrets masked."""
    if not isinstance(urls, list):
        return masked_whole(urls)
    return [
        {name: _masked_part(name, value) for name, value in entry.items()}
        if isinstance(entry, dict)
        else masked_whole(entry)
        for entry in urls
    ]


def _masked_part(name: str, value: Any) -> Any:
    if name == "url" and isinstance(value, str):
        return masked_url(value)
    if name == "headers" and isinstance(value, dict):
        return {header: MASK if SECRET_NAME.search(str(header)) else text for header, text in value.items()}
    return masked_whole(value) if name in ("url", "headers", "body") else value


def credentials(url: str, headers: Mapping[str, str]) -> Iterator[str]:
    """Secrets in the headers and the URL; some can be empty."""
    for name, value in headers.items():
        if SECRET_NAME.search(name):
            yield value
            # "Bearer TOKEN", "Basic ...": the server can quote the second part alone.
            yield value.partition(" ")[2]
    parts = urlsplit(url)
    # A user name alone is a token.
    secret = parts.password or parts.username or ""
    yield secret
    yield unquote(secret)
    for name, value in parse_qsl(parts.query):
        if SECRET_NAME.search(name):
            yield value


def texts_in(value: Any) -> Iterator[str]:
    """All texts and numbers of a body."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
