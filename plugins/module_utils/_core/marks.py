# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are safe and unique, whatever a platform sends. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import re


def mark(text: str) -> str:
    """A short word that tells texts apart without showing them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def file_name(name: str, taken: set[str]) -> str:
    """The name as one of a file or directory: never a path, and none that is taken.

    taken: names in lower case, to which it is added.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[:100] or "_"
    found = plain if plain == name else f"{plain}-{mark(name)}"
    number = 1
    while found.lower() in taken:
        found = f"{plain}-{mark(name)}" + (f"-{number}" if number > 1 else "")
        number += 1
    taken.add(found.lower())
    return found
