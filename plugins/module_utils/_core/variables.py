# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables as declared state: which to set, which to remove, and how to show them. PRIVATE to the
collection.

A value is a secret, and can be any text (1, true, production). So it is masked at its place and not wherever its text
occurs, and only the name of a variable is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# Names that shells and all platforms accept (POSIX, 8.1).
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def text_of(value: Any) -> str:
    """A value as platforms store it: text unchanged, all else as compact JSON (true, 1, {"a":1})."""
    return (
        value
        if isinstance(value, str)
        else json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    )


def declared(option: str, variables: JsonObject | None, warn: Callable[[str], None]) -> dict[str, str]:
    """{name: text} of a dict option. Raises InvalidInput for an invalid name, for a value that is null, and for a name
    or value whose spelling YAML did not keep.
    """
    check_names(option, variables or {})
    spelling.check_texts(option, variables or {}, warn)
    for name, value in (variables or {}).items():
        if value is None:
            raise InvalidInput(
                option,
                f"`{option}` has no value for {name}. To set an empty value, use an empty string. To remove the "
                "variable, list its name in `absent`.",
            )
    return {name: text_of(value) for name, value in (variables or {}).items()}


def secrets(texts: Iterable[str | None]) -> set[str]:
    """The secrets to mask in quotations of the platform: the values, and for JSON also the strings in it."""
    found = {text for text in texts if text is not None}
    for text in tuple(found):
        try:
            found.update(_texts_within(json.loads(text)))
        except (ValueError, RecursionError):
            continue
    return found


def _texts_within(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_within(item)
    elif isinstance(value, str):
        yield value


def check_names(option: str, names: Iterable[Any]) -> None:
    """names: listed by the user, who can remove a variable with the name "false"; C(declared) refuses this name."""
    spelling.check_names(option, names, spelling.WORDS_IN_LISTS)
    for name in names:
        if not NAME.fullmatch(str(name)):
            raise InvalidInput(
                option,
                f"`{option}` has the name {name!r}. Names of variables must consist of letters, digits and _, and "
                "must not begin with a digit.",
            )


def masked(variables: Any) -> Any:
    """The option as Ansible shows it."""
    return dict.fromkeys(variables, MASK) if isinstance(variables, dict) else masked_whole(variables)


def masked_whole(value: Any) -> Any:
    return None if value is None else MASK
