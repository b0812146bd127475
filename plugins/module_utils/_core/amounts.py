# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes and numbers for people. PRIVATE to the collection."""

from __future__ import annotations


def size_words(size: float) -> str:
    """A number of bytes, such as C(850 kB) or C(3.4 MB)."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB"):
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} GB"


def counted(number: int, noun: str) -> str:
    """A number and what it counts: C(1 site), C(2 sites). noun: singular, its plural ends in s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
