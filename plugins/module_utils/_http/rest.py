# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST over _http: what the clients of such platforms have in common. PRIVATE to the collection.

Knows neither Ansible nor any platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import quote

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.shape import Kind
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http


class RestClient:
    """The base of a platform's client. http: an Http whose base URL is that of the API.

    C(RESPONSES): what responses must have, by operation; see C(shape).
    """

    RESPONSES: ClassVar[Mapping[str, Kind]] = {}

    def __init__(self, http: Http) -> None:
        self.http = http
        http.shapes = self.RESPONSES

    def json_object(
        self,
        method: str,
        path: str,
        operation: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        idempotent: bool | None = None,
    ) -> JsonObject:
        """Sends a request whose response is a JSON object, and returns it."""
        response = self.http.request(
            method, path, operation=operation, body=body, query=query, idempotent=idempotent, shape=dict
        )
        return cast(JsonObject, response.data)

    def json_object_or_none(self, method: str, path: str, operation: str) -> JsonObject | None:
        """None when it does not exist."""
        try:
            return self.json_object(method, path, operation)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def delete_if_there(self, method: str, path: str, operation: str, query: Mapping[str, Any] | None = None) -> None:
        """Deletes. What is gone already counts as deleted."""
        try:
            self.http.request(method, path, operation=operation, query=query)
        except ApiError as error:
            if error.status != 404:
                raise


def part(value: object) -> str:
    """A part of a path, percent-encoded. Raises ApiError for nothing and for dots, which would make another path."""
    if value in (None, ""):
        raise ApiError("The request needs an ID, but the ID is empty. Nothing was sent.", code="incomplete_answer")
    if value in (".", ".."):
        # What sends a request takes them for steps (RFC 3986, 5.2.4), percent-encoded too: the site would be meant.
        raise ApiError(f"{value!r} is not a valid ID. Nothing was sent.", code="incomplete_answer")
    return quote(str(value), safe="")
