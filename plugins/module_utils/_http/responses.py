# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses: their data, and how long the server asks to wait. PRIVATE to the collection."""

from __future__ import annotations

import calendar
import email.utils
import json
import math
import re
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._http.failures import Broken

# Half a surrogate pair, escaped or in UTF-8: JSON, but no text, so that Ansible refuses a result that has one.
HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
# The header Link: <URL>; rel="next prev", <URL>; title="..."; rel=last
LINK = re.compile(r"""<([^>]*)>((?:"[^"]*"|'[^']*'|[^<"'])*)""")
RELATION = re.compile(r"""(?i);\s*rel\s*=\s*(?:["']([^"']*)["']|([^\s"',;]+))""")
# A longer wait than a year is not a valid time.
LONGEST_WAIT = 366 * 86400.0


class Response:
    """A response: C(status), C(headers) (case-insensitive), C(content) bytes, C(data) parsed JSON or None.

    C(certificate_ends_at): seconds since the epoch, None without a verified certificate.
    """

    def __init__(
        self, status: int, headers: Mapping[str, str], content: bytes, certificate_ends_at: float | None = None
    ) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.certificate_ends_at = certificate_ends_at
        self.data: Any = None
        # Number of rows, including those that are ignored because they are invalid.
        self.listed = 0

    @property
    def links(self) -> dict[str, str]:
        """{relation (next, last, ...): URL} of the header Link (RFC 8288)."""
        return {
            name.lower(): url
            for url, parameters in LINK.findall(self.headers.get("Link") or "")
            for quoted, bare in RELATION.findall(parameters)[:1]
            for name in (quoted or bare).split()
        }

    def asked_wait(self, now: float) -> float | None:
        """Seconds that the server asks to wait: Retry-After (seconds or date), then X-RateLimit-Reset (epoch or date).

        None when the server does not ask. now: seconds since the epoch.
        """
        if self.status not in (429, 503):
            return None
        asked = _seconds_or_date(self.headers.get("Retry-After"), now)
        if asked is None and self.status == 429:
            asked = _seconds_or_date(self.headers.get("X-RateLimit-Reset"), now)
        if asked is None or asked > LONGEST_WAIT:
            return None
        # The time has just passed, or a clock is wrong: do not retry at once.
        return max(asked, 1.0)

    def rate_limit(self, now: float) -> tuple[int, float] | None:
        """(number of requests that are left, seconds until the platform counts anew), None if it does not say so.

        now: seconds since the epoch.
        """
        left, seconds = self.headers.get("X-RateLimit-Remaining"), self.headers.get("X-RateLimit-Reset")
        wait = _seconds_or_date(seconds, now)
        if wait is None or not 0 < wait <= LONGEST_WAIT or not re.fullmatch(r"[0-9]{1,9}", (left or "").strip()):
            return None
        return int(left or ""), wait


def json_of(content: bytes) -> Any:
    """The JSON of a body, U+FFFD in place of each half of a surrogate pair. Raises ValueError, RecursionError."""
    data = json.loads(content)
    if HALF_A_PAIR.search(content):
        data = json.loads(re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(data, ensure_ascii=False)))
    return data


def parsed(content: bytes, shape: type) -> Any:
    """The JSON of a body. shape: see Http.request. Raises Broken for other bodies."""
    if not content and isinstance(None, shape):
        return None
    try:
        data = json_of(content)
    except (ValueError, RecursionError):
        raise Broken("the response is not valid JSON, or incomplete", code="invalid_response") from None
    if not isinstance(data, shape):
        raise Broken(
            f"the response is a JSON {type(data).__name__} instead of a {shape.__name__}", code="invalid_response"
        )
    return data


def _seconds_or_date(value: str | None, now: float) -> float | None:
    """Seconds from now, None for anything but seconds, an epoch (also in milliseconds), an HTTP or ISO 8601 date."""
    if not value:
        return None
    value = value.strip()
    try:
        number = float(value)
    except ValueError:
        moment = _epoch(value)
        return None if moment is None else moment - now
    if not math.isfinite(number):
        return None
    if number < 1e9:
        return number
    return (number / 1000 if number > 1e11 else number) - now


def _epoch(text: str) -> float | None:
    matched = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(?:Z|UTC|GMT|[+-]00:?00)?(?: UTC)?$", text)
    try:
        if matched is not None:
            return float(calendar.timegm(time.strptime(" ".join(matched.groups()), "%Y-%m-%d %H:%M:%S")))
        found = email.utils.parsedate_tz(text)
        # Without a zone (asctime) it is UTC, not local time.
        return None if found is None else float(email.utils.mktime_tz((*found[:9], found[9] or 0)))
    except (ValueError, OverflowError):
        return None
