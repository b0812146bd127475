# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of numbers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


def between(least: float, most: float | None = None) -> Callable[[str, float], None]:
    """A check of an option: a number from least to most, inclusive. It raises InvalidInput."""
    allowed = f"{least:g} or more" if most is None else f"{least:g} to {most:g}"

    def check(option: str, value: float) -> None:
        # Not written as "value < least": every comparison with NaN is false.
        if not (value >= least and (most is None or value <= most)):
            raise InvalidInput(option, f"`{option}` must be {allowed}, got {value:g}.")

    return check
