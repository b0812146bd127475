# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of options that all platforms share. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


def check_not_blank(option: str, value: str) -> None:
    if not value.strip():
        raise InvalidInput(option, f"`{option}` must not be empty.")


def check_disjoint(declared: Mapping[str, object], absent: Iterable[str], options: str) -> None:
    """options: the names of the options that declare members, in back-quotes, for the message."""
    both = sorted(declared.keys() & set(absent))
    if both:
        raise InvalidInput("absent", f"`absent` must not have names that {options} also has: {', '.join(both)}.")


def check_any(params: Mapping[str, object], options: Sequence[str], words: str = "One of") -> None:
    """That one of several options, some of them flags, is set."""
    if all(params[option] in (None, False, "", []) for option in options):
        names = ", ".join(f"`{option}`" for option in options[:-1])
        raise InvalidInput(options[0], f"{words} {names} and `{options[-1]}` is required.")


def check_alone(params: Mapping[str, object], flag: str, others: Iterable[str], shown: str = "") -> None:
    """That no other option is set with a flag. shown: the flag in the message."""
    other = next((option for option in others if params[option]), None)
    if params[flag] and other:
        raise InvalidInput(flag, f"`{shown or flag}` and `{other}` are mutually exclusive.")


def check_unique(option: str, names: Iterable[str]) -> None:
    """names: of the items of a list, which identify these."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidInput(option, f"`{option}` has {name!r} more than once.")
        seen.add(name)
