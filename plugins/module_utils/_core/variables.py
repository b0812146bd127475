# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables as declared state: what is to be set, what is to go, and how it is shown. PRIVATE to the
collection.

A value is a secret, and it may be anything (1, true, production). So it is masked where it stands, never wherever its
text occurs, and all that is shown of a variable is its name.
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

# What shells and all platforms take (POSIX, 8.1).
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def text_of(value: Any) -> str:
    """A value as platforms store it: text as it is, everything else as compact JSON (true, 1, {"a":1})."""
    return (
        value
        if isinstance(value, str)
        else json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    )


def declared(option: str, variables: JsonObject | None, warn: Callable[[str], None]) -> dict[str, str]:
    """{name: text} of a dict option. Raises InvalidInput for a name that no platform takes, for a value that is null,
    and for what YAML has made of an unquoted name or value.
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
    """What to look for in quotes: the texts of variables, and of those that are JSON also the texts within."""
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
    """names: listed by the user, who may want to remove a variable called "false"; C(declared) refuses that."""
    spelling.check_names(option, names, spelling.WORDS_IN_LISTS)
    for name in names:
        if not NAME.fullmatch(str(name)):
            raise InvalidInput(
                option,
                f"`{option}` has the name {name!r}. Names of variables must consist of letters, digits and _, and "
                "must not begin with a digit.",
            )


def masked(variables: Any) -> Any:
    """What Ansible may show of such an option."""
    return dict.fromkeys(variables, MASK) if isinstance(variables, dict) else masked_whole(variables)


def masked_whole(value: Any) -> Any:
    return None if value is None else MASK
