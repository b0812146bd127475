# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identification of a request, and its errors. PRIVATE to the collection."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor, shortened
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response, json_of
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import urllib3
from ansible_collections.webops.paas.plugins.module_utils._http.urls import origin

# Error codes by status.
REFUSALS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    409: "conflict",
    410: "not_found",
    429: "rate_limited",
}


class Call:
    """The identification of one request, and its errors.

    platform: the name for messages. base_url: URL of the API. path: below it, percent-encoded. operation: the
    platform's name for the request. is_write: whether a 2xx status confirms a change.
    """

    def __init__(
        self,
        platform: str,
        base_url: str,
        redactor: Redactor,
        method: str,
        path: str,
        operation: str,
        is_write: bool = False,
    ) -> None:
        parts = urlsplit(base_url)
        self.platform = platform
        self.base_url = base_url
        self.redactor = redactor
        self.method = method
        self.path = path
        self.operation = operation
        self.is_write = is_write
        self.host = parts.netloc
        self.full_path = parts.path + path

    def error(self, what: str, *, code: str, lost: bool = False, **details: Any) -> ApiError:
        """what: the end of a sentence, without a full stop. lost: the request may have been processed; returns a
        LostAnswer.

        details: status, platform_code, request_id.
        """
        clean = self.redactor.clean
        path = clean(self.full_path)
        if lost:
            what += ". It may or may not have been processed"
        return (LostAnswer if lost else ApiError)(
            f"{self.platform} {self.operation} failed: {self.method} {path} {clean(what)}.",
            platform=self.platform.lower(),
            operation=self.operation,
            method=self.method,
            path=path,
            status=details.pop("status", None),
            code=code,
            platform_code=details.pop("platform_code", None),
            request_id=details.pop("request_id", None),
        )

    def refusal(self, response: Response, lost: bool = False) -> ApiError:
        """The error for a refusal. lost: as for C(error)."""
        clean = self.redactor.clean_quote
        message, platform_code = explain(response, clean)
        message = shortened(clean(message))
        request_id = shortened(clean(response.headers.get("X-Request-Id") or ""))
        # GraphQL refuses with the status 200.
        what = (f"returned {response.status}" if response.status >= 300 else "returned an error") + (
            f": {message}" if message else " without a message"
        )
        if response.status == 401:
            what = what.rstrip(".") + " (check that the token is correct and has not expired)"
        return self.error(
            what.rstrip("."),
            code=_code_of(response.status),
            lost=lost,
            status=response.status,
            platform_code=clean(platform_code),
            request_id=request_id or None,
        )

    def redirected(self, status: int, url: str, location: str, idempotent: bool) -> str:
        """The URL to follow. Raises ApiError for another host, and for a request that changes something."""
        try:
            target = urljoin(url, location)
            is_own = origin(target) == origin(self.base_url)
            host = urllib3.util.parse_url(self.redactor.clean(target)).host
        except ValueError:
            is_own, host = False, None
        if not is_own:
            raise self.error(
                f"returned {status}, a redirect to another host ({host}). Such redirects are not followed",
                code="foreign_redirect",
                status=status,
            )
        if self.method not in ("GET", "HEAD") or not idempotent:
            raise self.error(
                f"returned {status}, a redirect, which is not followed for {self.method} requests"
                + (" that changes something" if self.method == "GET" else ""),
                code="redirect",
                status=status,
            )
        return target


def _code_of(status: int) -> str:
    """The error code of a refusal; GraphQL refuses with the status 200."""
    if status in REFUSALS:
        return REFUSALS[status]
    return "server_error" if status >= 500 else "invalid" if status >= 400 else "refused"


def explain(response: Response, clean: Callable[[str], str] = str) -> tuple[str, Any]:
    """(message, code) of an error response of any shape; not shortened, and with secrets that must still be masked.

    clean: masks secrets in a text before it is split, which could split a secret.

    Known shapes: {"code", "message"}; {"errors": {field: [texts]}}; {"errors": "text"}; {"error": "text"};
    {"status", "error"}; {"error", "code", "internal": [{"name", "reason"}]}; the same with "internal": {"error":
    {"message", "description", "hint"}}, of a database; {"message", "errorCode"}; GraphQL {"errors": [{"message",
    "extensions": {"code"}}]}; HTML; plain text; nothing.
    """
    try:
        data = json_of(response.content)
    except (ValueError, RecursionError):
        return _plain(clean(response.content.decode("utf-8-sig", "replace").strip())), None
    # Decoded and encoded again, because a server can escape characters in ways that the redactor does not know.
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict):
        return text, None
    code = data.get("errorCode", data.get("code"))
    for key in ("message", "errors", "error"):
        found = data.get(key)
        if isinstance(found, str) and found.strip():
            return found.strip() + _reasons(data.get("internal")), code
        if isinstance(found, dict) and found:
            if isinstance(found.get("message"), str):
                return found["message"], found.get("code", code)
            return "; ".join(f"{field} {_texts(texts)}" for field, texts in found.items()), code
        if isinstance(found, list) and found:
            first = found[0] if isinstance(found[0], dict) else {}
            extensions = first.get("extensions")
            if code is None:
                code = (extensions.get("code") if isinstance(extensions, dict) else None) or first.get("errorType")
            return "; ".join(
                _texts(item["message"] if isinstance(item, dict) and "message" in item else item) for item in found
            ), code
    return text if data else "", code


def _reasons(internal: Any) -> str:
    """The reasons for single objects, without their definitions, which can be long and contain secrets; or that of a
    database, without the statement.
    """
    if isinstance(internal, dict) and isinstance(internal.get("error"), dict):
        words = [internal["error"].get(key) for key in ("message", "description", "hint")]
        return "".join(f" ({word})" for word in words if isinstance(word, str) and word)
    objects = internal if isinstance(internal, list) else []
    told = "; ".join(
        f"{item['name']}: {item['reason']}"
        for item in objects
        if isinstance(item, dict) and item.keys() >= {"name", "reason"}
    )
    return told and f" ({told})"


def _texts(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_texts, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    """The title of an HTML page, or else its text."""
    if not text.startswith("<"):
        return text
    # Imported here, since hardly any response is a page.
    import html

    title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", title.group(2) if title else text)).split())
