# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST over _http: the ways in which clients of such platforms ask. PRIVATE to the collection.

Knows neither Ansible nor any platform.
"""

from __future__ import annotations

from urllib.parse import quote

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError


class RestClient:
    """The base of a platform's client. http: an Http whose base URL is that of the API."""

    def __init__(self, http) -> None:
        self.http = http

    def _object(self, method: str, path: str, operation: str, body=None, query=None, idempotent=None) -> dict:
        return self.http.request(
            method, path, operation=operation, body=body, query=query, idempotent=idempotent, shape=dict
        ).data

    def _object_or_none(self, method: str, path: str, operation: str) -> dict | None:
        """None when there is no such thing."""
        try:
            return self._object(method, path, operation)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def _gone(self, method: str, path: str, operation: str, query=None) -> None:
        """What is gone already is as good as deleted."""
        try:
            self.http.request(method, path, operation=operation, query=query)
        except ApiError as error:
            if error.status != 404:
                raise


def part(value) -> str:
    """A part of a path."""
    return quote(str(value), safe="")


def only_given(**query) -> dict:
    """Of a query what is not None."""
    return {key: value for key, value in query.items() if value is not None}
