# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits: fixed windows that start with the first call counted in them."""

from __future__ import annotations

from dataclasses import dataclass

MODES = ("scaled", "real", "none")
SCALE = 100


@dataclass(frozen=True)
class Limit:
    """A number of requests in a number of seconds, as on the real platform."""

    name: str
    calls: int
    seconds: int


@dataclass(frozen=True)
class Standing:
    """The state of a caller after a request: `reset` is the epoch second at which the window ends."""

    allowed: bool
    limit: int
    remaining: int
    reset: float


class Limits:
    """Counts the requests of callers. Mode `scaled` allows a hundred times the real number, `none` any number."""

    def __init__(self, mode: str) -> None:
        self.reset(mode)

    def reset(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"limits: {mode!r} is not one of {list(MODES)}")
        self.mode = mode
        self._windows: dict[tuple[str, str], list[float]] = {}

    def snapshot(self) -> tuple[str, dict[tuple[str, str], list[float]]]:
        return self.mode, {key: list(window) for key, window in self._windows.items()}

    def restore(self, mode: str, windows: dict[tuple[str, str], list[float]]) -> None:
        self.reset(mode)
        self._windows = {key: list(window) for key, window in windows.items()}

    def spend(self, limits: tuple[Limit, ...], caller: str, now: float) -> Standing:
        """Count one request against several limits: all are counted, or none if one of them is exhausted.

        Returns the state of the limit that refused, else of the first one.
        """
        windows = [self._window(limit, caller, now) for limit in limits]
        for limit, window in zip(limits, windows, strict=True):
            if self.mode != "none" and window[1] >= self._allowed(limit):
                return Standing(False, self._allowed(limit), 0, window[0] + limit.seconds)
        for window in windows:
            window[1] += 1
        first, window = limits[0], windows[0]
        remaining = max(0, self._allowed(first) - int(window[1])) if self.mode != "none" else first.calls
        return Standing(True, self._allowed(first), remaining, window[0] + first.seconds)

    def _allowed(self, limit: Limit) -> int:
        return limit.calls * SCALE if self.mode == "scaled" else limit.calls

    def _window(self, limit: Limit, caller: str, now: float) -> list[float]:
        """[start, calls counted] of the caller's current window."""
        window = self._windows.get((limit.name, caller))
        if window is None or now >= window[0] + limit.seconds:
            window = self._windows[(limit.name, caller)] = [now, 0]
        return window
