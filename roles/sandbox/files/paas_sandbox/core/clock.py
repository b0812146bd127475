# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's clock: everything that depends on time reads it, so that a test can move time instead of waiting."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import functools
import time
from collections.abc import Iterator
from typing import overload


class Clock:
    """The real clock plus an offset that only grows until the next reset. `start`: the moment of that reset."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.start = time.time()
        self._stopped_at: float | None = None

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset if self._stopped_at is None else self._stopped_at

    @contextlib.contextmanager
    def stopped_at(self, moment: float) -> Iterator[None]:
        """Make what is done meanwhile belong to a moment of the past."""
        self._stopped_at = moment
        try:
            yield
        finally:
            self._stopped_at = None

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("time only moves forward")
        self.offset += seconds

    def reset(self, moment: float | None = None) -> None:
        """To the real time, or to a moment."""
        real = time.time()
        self.start = real if moment is None else moment
        self.offset = self.start - real


@overload
def iso(moment: float) -> str:
    """A text."""


@overload
def iso(moment: None) -> None:
    """None."""


def iso(moment: float | None) -> str | None:
    """2020-10-16T04:18:34.584Z, as JSON APIs write times; None stays None."""
    if moment is None:
        return None
    text = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def http_date(moment: float) -> str:
    """Fri, 16 Oct 2020 04:18:34 GMT"""
    return _http_date(int(moment))


@functools.lru_cache(16)
def _http_date(second: int) -> str:
    return email.utils.formatdate(second, usegmt=True)


def utc_text(moment: float) -> str:
    """2020-10-16 04:18:34 UTC"""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
