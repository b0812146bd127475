# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that a test orders: which call, which fault, how often."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .clock import http_date, utc_text

if TYPE_CHECKING:
    from .platform import Surface

KINDS = (
    "cut_before",
    "cut_after",
    "hang_before",
    "hang_after",
    "status",
    "throttle",
    "truncated",
    "garbled",
    "slow",
    "redirect",
)
BODIES = ("json", "html", "text", "empty")
RESETS = ("none", "retry-after", "retry-after-date", "epoch", "date")
COMMON = ("platform", "operation", "kind", "skip", "times")
# what each kind takes beside the common keys, with its default; REQUIRED has none
REQUIRED = object()
DETAILS: dict[str, dict[str, Any]] = {
    "hang_before": {"seconds": REQUIRED},
    "hang_after": {"seconds": REQUIRED},
    "status": {"status": 500, "body": "json", "body_text": None, "headers": {}, "processed": False},
    "throttle": {"reset": "none", "seconds": 1},
    "slow": {"seconds": REQUIRED},
    "redirect": {"status": 302, "location": REQUIRED},
}


def reset_headers(reset: str, now: float, seconds: float) -> dict[str, str]:
    """How a 429 names its end: one of RESETS."""
    end = math.ceil(now + seconds)
    return {
        "none": {},
        "retry-after": {"retry-after": str(math.ceil(seconds))},
        "retry-after-date": {"retry-after": http_date(end)},
        "epoch": {"x-ratelimit-reset": str(end)},
        "date": {"x-ratelimit-reset": utc_text(end)},
    }[reset]


class FaultError(ValueError):
    """An invalid order; the text is for people."""


@dataclass
class Fault:
    """Applies to the matching requests number skip+1 to skip+times; `times` None means without an end."""

    id: int
    platform: str
    operation: str
    kind: str
    skip: int
    times: int | None
    details: dict[str, Any]
    seen: int = 0
    hits: int = 0

    def meets(self, platform: str, operation: str) -> bool:
        """Count a request if it matches; True if the fault applies to it."""
        if platform != self.platform or self.operation not in ("*", operation):
            return False
        self.seen += 1
        return self.seen > self.skip and (self.times is None or self.seen <= self.skip + self.times)

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "platform": self.platform,
            "operation": self.operation,
            "kind": self.kind,
            "skip": self.skip,
            "times": self.times,
            **self.details,
            "seen": self.seen,
            "hits": self.hits,
        }


@dataclass
class Faults:
    """All orders, oldest first. Each order counts the requests that match it; the oldest that is due applies."""

    surfaces: Sequence[Surface]
    _orders: list[Fault] = field(default_factory=list)
    _last: int = 0

    def add(self, order: Any) -> Fault:
        """Raises FaultError."""
        fault = self._checked(order)
        self._last += 1
        fault.id = self._last
        self._orders.append(fault)
        return fault

    def take(self, platform: str, operation: str) -> Fault | None:
        """The fault for this request, if any."""
        due = [fault for fault in self._orders if fault.meets(platform, operation)]
        if not due:
            return None
        due[0].hits += 1
        return due[0]

    def clear(self) -> None:
        self._orders.clear()

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._orders]

    def _checked(self, order: Any) -> Fault:
        if not isinstance(order, dict):
            raise FaultError("a fault must be an object")
        kind = order.get("kind")
        if kind not in KINDS:
            raise FaultError(f"kind: {kind!r} is not one of {list(KINDS)}")
        platforms = list(dict.fromkeys(surface.label for surface in self.surfaces))
        if order.get("platform") not in platforms:
            raise FaultError(f"platform: {order.get('platform')!r} is not one of {platforms}")
        return Fault(
            0,
            order["platform"],
            self._operation(order),
            kind,
            self._count(order, "skip", 0),
            self._times(order),
            self._details(kind, order),
        )

    def _operation(self, order: dict[str, Any]) -> str:
        operation = order.get("operation", "*")
        if not isinstance(operation, str) or not operation:
            raise FaultError("operation must be the name of an operation or *")
        surfaces = [surface for surface in self.surfaces if surface.label == order["platform"]]
        if operation == "*" or any(surface.has_operation(operation) for surface in surfaces):
            return operation
        names = sorted({name for surface in surfaces for name in surface.operations})
        similar = difflib.get_close_matches(operation, names, 5)
        hint = f" Similar names are {', '.join(similar)}." if similar else ""
        raise FaultError(
            f"operation: {operation!r} does not exist in {order['platform']}.{hint} See GET /_sandbox/routes."
        )

    def _details(self, kind: str, order: dict[str, Any]) -> dict[str, Any]:
        known = DETAILS.get(kind, {})
        unknown = sorted(set(order) - set(known) - set(COMMON))
        if unknown:
            raise FaultError(f"{kind} does not support {', '.join(unknown)}")
        details = {name: order.get(name, default) for name, default in known.items()}
        for name, value in details.items():
            if value is REQUIRED:
                raise FaultError(f"{kind} requires {name}")
        if "seconds" in details and (
            isinstance(details["seconds"], bool)
            or not isinstance(details["seconds"], (int, float))
            or details["seconds"] < 0
        ):
            raise FaultError("seconds must be a number, 0 or greater")
        if "status" in details and (not isinstance(details["status"], int) or not 200 <= details["status"] <= 599):
            raise FaultError("status must be an HTTP status code from 200 to 599")
        for name, allowed in (("body", BODIES), ("reset", RESETS)):
            if name in details and details[name] not in allowed:
                raise FaultError(f"{name}: {details[name]!r} is not one of {list(allowed)}")
        if not isinstance(details.get("headers", {}), dict):
            raise FaultError("headers must be an object")
        return details

    @staticmethod
    def _count(order: dict[str, Any], name: str, default: int) -> int:
        value = order.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise FaultError(f"{name} must be an integer, 0 or greater")
        return value

    def _times(self, order: dict[str, Any]) -> int | None:
        return None if order.get("times", 1) is None else self._count(order, "times", 1)
