# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GraphQL over _http: C(errors) become exceptions, regardless of the status. PRIVATE to the collection.

Independent of Ansible and of the platforms. One operation has one root field, which also names it in messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http


class GraphQL:
    """http: an Http whose base URL is the endpoint. hint: (message, platform_code) -> a sentence of advice, or None.

    codes: {platform_code: error code}. Other platform codes get the error code of the status.
    """

    def __init__(
        self,
        http: Http,
        hint: Callable[[str, Any], str | None] | None = None,
        codes: Mapping[str, str] | None = None,
    ) -> None:
        self.http = http
        self._hint = hint or (lambda message, platform_code: None)
        self._codes = codes or {}

    def query(self, field: str, document: str, variables: JsonObject | None = None) -> Any:
        """A query, which is retried. Returns the value of the root field, which can be None. Raises ApiError."""
        return self._ask(field, document, variables, idempotent=True)

    def mutate(
        self, field: str, document: str, variables: JsonObject | None = None, *, idempotent: bool = False
    ) -> Any:
        """A mutation. idempotent: it can be retried. Raises ApiError, and LostAnswer if it may have been processed."""
        found = self._ask(field, document, variables, idempotent=idempotent)
        # Platforms return null or false if they did nothing.
        if found not in (None, False):
            self.http.confirmed_writes.append(field)
        return found

    def _ask(self, field: str, document: str, variables: JsonObject | None, idempotent: bool) -> Any:
        # The response says whether a mutation was processed, the status does not.
        try:
            response = self.http.request(
                "POST",
                "",
                operation=field,
                body=query_body(document, variables),
                idempotent=idempotent,
                shape=dict,
                is_write=False,
                root=field,
            )
        except ApiError as error:
            raise self._explained(error) from None
        if response.data.get("errors"):
            raise self._explained(self.http.refusal("POST", "", operation=field, answer=response))
        return response.data["data"].get(field)

    def _explained(self, error: ApiError) -> ApiError:
        error.details["code"] = self._codes.get(str(error.platform_code), error.code)
        hint = self._hint(error.message, error.platform_code)
        if hint:
            error.message += f" {hint}"
        return error


def query_body(document: str, variables: JsonObject | None) -> JsonObject:
    """What is sent."""
    return {"query": document, "variables": variables or {}}
