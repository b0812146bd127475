# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST over _http: the base of the clients of REST APIs. PRIVATE to the collection.

Independent of Ansible and of the platforms.
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
    """The base of the client of a platform. http: an Http whose base URL is that of the API.

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
        """Deletes. An object that does not exist counts as deleted."""
        try:
            self.http.request(method, path, operation=operation, query=query)
        except ApiError as error:
            if error.status != 404:
                raise


def part(value: object) -> str:
    """A segment of a path, percent-encoded. Raises ApiError for an empty segment and for dots, which would change the
    path.
    """
    if value in (None, ""):
        raise ApiError("The request needs an ID, but the ID is empty. Nothing was sent.", code="incomplete_answer")
    if value in (".", ".."):
        # HTTP clients resolve them (RFC 3986, 5.2.4), even if percent-encoded: the request would be for the parent.
        raise ApiError(f"{value!r} is not a valid ID. Nothing was sent.", code="incomplete_answer")
    return quote(str(value), safe="")
