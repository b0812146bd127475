# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of the collection. This module util is PRIVATE to the collection.

Every exception has a sentence for people (C(message)) and C(details) for machines; both leave a module as
the result keys C(msg) and C(error).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject


class PaasError(Exception):
    """An error that fails the task with a message for the user.

    code: one of codes.CODES. details: any of platform, operation, method, path, status, platform_code (what the
    platform calls it), request_id, retry_at, option.
    sought: the value of an option that names what does not exist.
    C(results): what the task knows despite the error, by result key; without secrets.
    """

    # A Python library that is needed and not there.
    library: ClassVar[str | None] = None

    def __init__(self, message: str, *, code: str, sought: object = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = {"code": code, **details}
        self.results: JsonObject = {}
        self.sought = sought

    def __str__(self) -> str:
        # Callers append to the message.
        return self.message

    @property
    def code(self) -> str:
        return str(self.details["code"])


@contextlib.contextmanager
def telling(results: JsonObject) -> Iterator[None]:
    """Adds these results, as they are at that moment, to an error of the block."""
    try:
        yield
    except PaasError as error:
        error.results = {**results, **error.results}
        raise


class InvalidInput(PaasError):
    """An option has an invalid value; raised before anything is changed."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message, option=option, code="invalid_input")
        self.option = option


class ApiError(PaasError):
    """The platform refused a request or could not be reached."""

    @property
    def status(self) -> int | None:
        return self.details.get("status")

    @property
    def platform_code(self) -> Any:
        """The platform's own error code, None if it sends no code."""
        return self.details.get("platform_code")


class MissingParent(ApiError):
    """The parent of what the task manages (a site, a zone, a tenant) does not exist. An earlier task of the same play
    may create it, so check mode continues.
    """


class LostAnswer(ApiError):
    """A request that is not idempotent may have been processed. Look up its effect before sending it again."""


class WaitFailed(PaasError):
    """The operation that the task waited for failed, or did not finish in time."""
