# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validated options, read with the argument spec that they were validated by. PRIVATE to the collection."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN


def by_name(params: JsonObject, spec: JsonObject) -> JsonObject:
    """On all levels without used aliases, which Ansible leaves beside the names that they stand for."""

    def inside(value: Any, below: JsonObject) -> Any:
        if isinstance(value, list):
            return [inside(item, below) for item in value]
        return by_name(value, below) if isinstance(value, dict) else value

    return {
        name: inside(params[name], option["options"]) if option.get("options") else params[name]
        for name, option in spec.items()
        if name in params
    }


def with_any(spec: JsonObject, wanted: Callable[[JsonObject], Any]) -> JsonObject:
    """The options of a spec that are wanted, or have wanted suboptions on any level.

    Specs do not change, so that modules find out once what would take longer in each of a thousand tasks.
    """
    return {
        name: option
        for name, option in spec.items()
        if wanted(option) or option.get("options") and with_any(option["options"], wanted)
    }


def is_path(option: JsonObject) -> bool:
    return bool(option.get("type") == "path")


def is_secret(option: JsonObject) -> bool:
    return bool(option.get("no_log"))


def located(params: JsonObject, spec: JsonObject) -> JsonObject:
    """With absolute paths, so that every message shows where a file was looked for. spec: may lack what has no path."""

    def inside(value: Any, option: JsonObject) -> Any:
        if isinstance(value, list):
            return [inside(item, option) for item in value]
        if option.get("options") and isinstance(value, dict):
            return located(value, option["options"])
        return _absolute(value) if value and is_path(option) else value

    return {**params, **{name: inside(params[name], option) for name, option in spec.items() if name in params}}


def _absolute(path: str) -> str:
    """Otherwise as it was given: where ".." leads depends on links, and a slash at the end may mean a directory."""
    try:
        return os.path.join(os.getcwd(), re.sub(r"^(\./+)+", "", path))
    except OSError:
        # The working directory was deleted.
        return path


def check_given(
    params: JsonObject, groups: Iterable[Sequence[str]], checks: Mapping[str, Callable[[str, Any], object]]
) -> None:
    """groups: of which one option each is required. For Ansible one that is null is given. checks: of the options.

    Raises InvalidInput.
    """
    for group in groups:
        if all(params[name] is None for name in group):
            raise InvalidInput(group[0], f"One of the following is required: {', '.join(group)}.")
    for option, check in checks.items():
        value = params[option]
        for item in value if isinstance(value, list) else () if value in (None, UNKNOWN) else (value,):
            check(option, item)


def secrets_in(params: JsonObject, spec: JsonObject) -> Iterator[Any]:
    """The values of all options marked no_log, those of suboptions included. spec: may lack what has no secret."""
    for name, option in spec.items():
        value = params.get(name)
        if value is None:
            continue
        if is_secret(option):
            yield from leaves(value)
        elif option.get("options"):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    yield from secrets_in(item, option["options"])


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def hidden(value: Any, masked: Any) -> Iterator[Any]:
    """The parts of a value that its masked form does not show."""
    if isinstance(value, dict) and isinstance(masked, dict):
        for key in value.keys() & masked.keys():
            yield from hidden(value[key], masked[key])
    elif isinstance(value, list) and isinstance(masked, list) and len(value) == len(masked):
        for item, shown in zip(value, masked, strict=True):
            yield from hidden(item, shown)
    elif value != masked:
        yield from leaves(value)


def naming(error: PaasError, params: JsonObject, references: Sequence[str]) -> str | None:
    """The option that names what does not exist; None where that is not certain.

    references: the options that name an object. Where the platform alone says that it does not exist, the path of the
    request tells, unless it has the values of several.
    """
    if error.sought is not None:
        return next((name for name in (*references, *params) if params[name] == error.sought), None)
    parts = str(error.details.get("path")).split("/")
    found = [name for name in references if params[name] and quote(str(params[name]), safe="") in parts]
    return found[0] if len(found) == 1 else None


def check_shapes(params: JsonObject, spec: JsonObject, above: str = "") -> None:
    """Refuses a number in place of suboptions, for which Ansible's validation raises TypeError. Raises InvalidInput."""
    known = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    for name, value in params.items():
        option = known.get(name, {})
        if not option.get("options") or value is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                check_shapes(item, option["options"], f"{above}{name}.")
            elif not isinstance(item, str):
                wanted = "a list of dictionaries" if option["type"] == "list" else "a dictionary"
                given = "" if is_secret(option) else f", got {value!r}"
                raise InvalidInput(f"{above}{name}", f"`{above}{name}` must be {wanted}{given}.")


def suggestion(params: JsonObject, spec: JsonObject) -> str:
    """A sentence that names the options which unknown ones may be meant to be; empty where none is similar."""
    pairs = list(_misspelled(params, spec))
    return "".join(f" Did you mean `{known}` instead of `{unknown}`?" for unknown, known in pairs)


def _misspelled(params: JsonObject, spec: JsonObject) -> Iterator[tuple[str, str]]:
    """(name, similar option), on all levels."""
    known = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    for name, value in params.items():
        if name not in known:
            # Imported here, since hardly any task needs it.
            import difflib

            yield from ((name, close) for close in difflib.get_close_matches(name, known, 1))
            continue
        below = spec[known[name]].get("options")
        for item in value if isinstance(value, list) else [value]:
            if below and isinstance(item, dict):
                yield from _misspelled(item, below)
