# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's HTTP API: the connection, and what all subjects share. PRIVATE to the collection.

Knows no Ansible. Each subject has its client class, its rules and the shapes that leave a module in its own file.
Sources: the OpenAPI text that api-evangelist publishes, and the vendor's own pages, which add some operations; where
they differ the subject's file says so. Clients return objects as the API has them; the C(..._view) functions return the
shapes that leave a module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.responses import RESPONSES
from ansible_collections.webops.paas.plugins.module_utils._http.rest import RestClient
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# Opaque: CUIDs today, numbers in deploy hooks.
ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,128}")
# Seconds during which an object that was just started can still be invisible.
VISIBLE_WITHIN = 30.0

Found = TypeVar("Found")
# Masks secrets in the output of a build.
Clean = Callable[[str], str]


class FlightcontrolClient(RestClient):
    """http: an Http whose base URL is that of the API, without /v1."""

    PLATFORM = "Flightcontrol"
    RESPONSES = RESPONSES
    DEFAULT_URL = "https://api.flightcontrol.dev"
    URL_ENV = ("FLIGHTCONTROL_API_URL",)
    TOKEN_ENV = ("FLIGHTCONTROL_API_KEY",)

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"Bearer {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """The version is part of the paths of the operations."""
        return url.removesuffix("/v1")

    def send_once(
        self, method: str, path: str, operation: str, effect: str, *, http: Http | None = None, **request: Any
    ) -> Any:
        """Sends a request that is retried only if it certainly was not processed, because its effect cannot be read.

        effect: what it may have caused if its response is lost. request: see Http.request.
        """
        try:
            request = {"shape": dict, **request, "idempotent": False}
            return (http or self.http).request(method, path, operation=operation, **request).data
        except LostAnswer as error:
            error.message += (
                f" {effect}. The request was not retried, because the API cannot confirm this. Check the dashboard "
                "before you run the task again."
            )
            raise

    def nonsense(
        self, method: str, path: str, operation: str, what: str, *, code: str, http: Http | None = None
    ) -> ApiError:
        """The error of a response with a good status and unexpected content."""
        clean = self.http.redactor.clean
        path = clean(urlsplit((http or self.http).base_url).path + path)
        return ApiError(
            f"Flightcontrol {operation} failed: {method} {path} {what}.",
            platform="flightcontrol",
            operation=operation,
            method=method,
            path=path,
            status=200,
            code=code,
            request_id=None,
        )


# -- texts in responses ------------------------------------------------------------------------------------------------


def error_text(error: Any, clean: Clean = str) -> str | None:
    """null, a text, an object or a list, which the API returns, as text or None."""
    return clean(_reason(error)) if error else None


def _reason(error: Any) -> str:
    """An object is {message}, or {code: text}."""
    if isinstance(error, str):
        return error
    if isinstance(error, list):
        return "; ".join(_reason(part) for part in error if part)
    if isinstance(error, dict) and error and not message_in(error) and all(map(_is_text, error.values())):
        return "; ".join(f"{code}: {text}" for code, text in error.items())
    return message_in(error) or json.dumps(error, ensure_ascii=False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def message_of(answer: Any, clean: Clean = str) -> str | None:
    """The message of an edit, which returns [{message}], and perhaps {message} or nothing."""
    return clean(message_in(answer[0] if isinstance(answer, list) and answer else answer)) or None


def message_in(answer: Any) -> str:
    """The message, empty without one."""
    if not isinstance(answer, dict):
        return ""
    return next((answer[key] for key in ("message", "error") if isinstance(answer.get(key), str)), "")


# -- rules of input ----------------------------------------------------------------------------------------------------


def check_id(option: str, value: str) -> None:
    if not ID_PATTERN.fullmatch(value):
        raise InvalidInput(option, f"`{option}` must be an ID such as clcpcxekt000lc9ojqtgtc26y, got {value!r}.")


def check_given(option: str, value: str) -> None:
    if value == "":
        raise InvalidInput(option, f"`{option}` must not be empty.")


ID = dict(type="str", check=check_id, parent=True)
REQUIRED_ID = dict(ID, required=True)


# -- waiting -----------------------------------------------------------------------------------------------------------


def wait_for(
    what: str,
    read: Callable[[], Found | None],
    is_done: Callable[[Found], bool],
    patience: Patience,
    show: Callable[[Found], str] = str,
) -> Found:
    """Polls read() until is_done(result) is true; returns the result.

    read: returns None if the object is not visible, which is possible for a moment after its start.
    Raises WaitFailed.
    """
    known_by = patience.clock.monotonic() + VISIBLE_WITHIN

    def done(found: Found | None) -> bool:
        if found is None and patience.clock.monotonic() > known_by:
            raise WaitFailed(
                f"Flightcontrol does not return {what}, {VISIBLE_WITHIN:g} s after it was started. Check that the "
                "token belongs to the same organization.",
                code="not_found",
            )
        return found is not None and is_done(found)

    def shown(found: Found | None) -> str:
        return "not visible yet" if found is None else show(found)

    found = wait_until(read, done, patience, what=what[0].upper() + what[1:], show=shown)
    if found is None:
        raise AssertionError("what was waited for is not there")
    return found
