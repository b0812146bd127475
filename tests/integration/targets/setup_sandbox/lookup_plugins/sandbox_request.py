# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the sandbox from the process of a task: a module that sends one needs ten times as long."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        """The response of each URL: its status, content, and json if it is JSON.

        method, body and headers are those of the request; a body is sent as JSON. Other methods than GET must succeed.
        """
        return [requested(url, **kwargs) for url in terms]


def requested(url: str, method: str = "GET", body: Any = None, headers: Any = None) -> dict[str, Any]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request(
            method,
            f"{parts.path}?{parts.query}",
            body=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        response = connection.getresponse()
        content = response.read().decode("utf-8", errors="replace")
    finally:
        connection.close()
    if method != "GET" and response.status >= 400:
        raise AnsibleError(f"{method} {url} returned {response.status}: {content}")
    is_json = response.headers.get_content_type() == "application/json" and content
    return {"status": response.status, "content": content, "json": json.loads(content) if is_json else None}
