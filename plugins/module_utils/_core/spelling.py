# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What YAML does to unquoted names and texts. PRIVATE to the collection.

YAML 1.1, which Ansible reads, has booleans that look like names (NO, ON) and numbers that look like versions (1.10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

# How Ansible converts such a word to a string.
WORDS_IN_LISTS = frozenset(("True", "False", "None"))
# As a key it is converted to JSON.
WORDS = WORDS_IN_LISTS | {"true", "false", "null"}


def check_names(option: str, names: Iterable[Any], words: frozenset[str] = WORDS) -> None:
    """Raises InvalidInput for a name that YAML read as a boolean or null."""
    for name in names:
        if str(name) in words:
            raise InvalidInput(
                option,
                f"`{option}` has the name {str(name)!r}. YAML reads unquoted words such as NO, ON, yes and null as "
                'booleans or null. Quote the name, such as "NO".',
            )


def check_keys(option: str, value: Any) -> None:
    """The same for all keys of a JSON value of an option."""
    if isinstance(value, dict):
        check_names(option, value)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        check_keys(option, part)


def check_texts(option: str, texts: Mapping[str, Any], warn: Callable[[str], None]) -> None:
    """texts: {name: text}, as the user gave them. Raises InvalidInput for a value whose spelling YAML did not keep, and
    warns about booleans.
    """
    check_names(option, texts)
    for name, value in texts.items():
        check_keys(option, value)
        if isinstance(value, float):
            raise InvalidInput(
                option,
                f"`{option}`: the value of {name} is a floating-point number, and YAML does not keep its spelling: "
                "1.10 becomes 1.1. Quote the value.",
            )
    booleans = [name for name, value in texts.items() if isinstance(value, bool)]
    if booleans:
        warn(
            f"`{option}`: YAML booleans such as yes and on are sent as true or false. To send them as text, quote the "
            f"values of {', '.join(sorted(booleans))}."
        )
