# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, as exceptions. This module util is PRIVATE to the collection.

Every exception has a sentence for people (C(message)) and C(details) for machines; both leave a module as
the result keys C(msg) and C(error).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, ClassVar

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject


class PaasError(Exception):
    """Anything that ends a task with a clear message.

    code: one of codes.CODES. details: any of platform, operation, method, path, status, platform_code (what the
    platform calls it), request_id, retry_at, option.
    sought: the value of an option that names what does not exist.
    C(results): what the task has found out all the same, by result key; free of secrets.
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
        # What was added to the message on the way up belongs to it.
        return self.message

    @property
    def code(self) -> str:
        return str(self.details["code"])


@contextlib.contextmanager
def telling(results: JsonObject) -> Iterator[None]:
    """A failure of the block tells these results, too: as they are then, besides its own."""
    try:
        yield
    except PaasError as error:
        error.results = {**results, **error.results}
        raise


class InvalidInput(PaasError):
    """An option has a value that cannot work; raised before the first API call."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message, option=option, code="invalid_input")
        self.option = option


class ApiError(PaasError):
    """The platform refused a call, or could not be reached."""

    @property
    def status(self) -> int | None:
        return self.details.get("status")

    @property
    def platform_code(self) -> Any:
        """What the platform calls the failure, as it sends it; None where it sends no code."""
        return self.details.get("platform_code")


class MissingParent(ApiError):
    """The platform says that what the task belongs to (a site, a zone, a tenant) does not exist, and an earlier task
    of the same play may create it: check mode goes on.
    """


class LostAnswer(ApiError):
    """A call that must not be repeated blindly may have been processed: look up before sending it again."""


class WaitFailed(PaasError):
    """What was waited for ended badly, or did not end in time."""
