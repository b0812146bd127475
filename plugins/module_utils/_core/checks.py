# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of options that all platforms share. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


def check_not_blank(option: str, value: str) -> None:
    if not value.strip():
        raise InvalidInput(option, f"`{option}` must not be empty.")


def check_disjoint(declared: Mapping[str, object], absent: Iterable[str], options: str) -> None:
    """options: the names of the options that declare members, in back-quotes, for the message."""
    both = sorted(declared.keys() & set(absent))
    if both:
        raise InvalidInput("absent", f"`absent` must not have names that {options} also has: {', '.join(both)}.")


def check_unique(option: str, names: Iterable[str]) -> None:
    """names: of the items of a list, which identify these."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidInput(option, f"`{option}` has {name!r} more than once.")
        seen.add(name)
