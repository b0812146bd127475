# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders for secrets in files of metadata. PRIVATE to the collection.

A placeholder is a whole text, C(!substitute NAME), or C(!substitute_number NAME) for a number. Hasura's own templates
cannot be meant by it: request templates and URLs have {{ }} and Kriti's $ within a text, and are never looked at. Texts
that begin with C(!include) are treated the same way by Hasura's CLI, as a tag or quoted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.marks import mark
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import check_names, text_of
from ansible_collections.webops.paas.plugins.module_utils._hasura import masking
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor

OPTION = "substitutions"
TEXT, NUMBER = KINDS = ("!substitute", "!substitute_number")
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
PLACEHOLDER = re.compile(rf"(?P<kind>!substitute(?:_number)?)\s+(?P<name>{NAME})\s*", re.ASCII)
ANYWHERE = re.compile(rf"!substitute(?:_number)?\s+(?P<name>{NAME})", re.ASCII)
BEGINNING = re.compile(r"!substitute(?:_number)?(?:\s|\Z)")
# What the files of metadata cannot have as a text: it would be read as something else.
RESERVED = ("!include", TEXT)
# Keys that say nothing about which object a secret belongs to.
STRUCTURE = frozenset({"configuration", "connection_info", "definition"})


class Places:
    """The file and line of each placeholder, and of what looks like one in a comment."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def note(self, path: str, text: str) -> None:
        for match in ANYWHERE.finditer(text):
            self._found.setdefault(match["name"], f"{path}:{text.count(chr(10), 0, match.start()) + 1}")

    def of(self, name: str) -> str:
        return self._found.get(name, "the metadata")


def declared(given: JsonObject | None, redactor: Redactor, warn: Callable[[str], None]) -> JsonObject:
    """The values of the option. The redactor learns them before a message can quote them.

    Raises InvalidInput for an invalid name, and for a value of another type or whose spelling YAML did not keep.
    """
    values = given or {}
    redactor.add_quoted(*map(str, values.values()))
    check_names(OPTION, values)
    spelling.check_texts(OPTION, values, warn)
    for name, value in values.items():
        if isinstance(value, (dict, list)):
            raise InvalidInput(
                OPTION,
                f"`{OPTION}`: the value of {name} must be a text, got a {type(value).__name__}. Ansible converts "
                "templates that look like JSON. To prevent that, add the filter `string`.",
            )
    return values


def filled(metadata: Any, values: Mapping[str, Any], places: Places, warn: Callable[[str], None]) -> Any:
    """The metadata with values instead of placeholders; they are secret from now on, see masking.HIDDEN.

    warn: called if a value is not used. Raises InvalidInput for placeholders without a value.
    """
    faults = []
    unused = set(values)
    for text, match in _placeholders(metadata):
        unused.discard(match["name"] if match else "")
        if match is None:
            faults.append(f"{text[:40]!r} is not a placeholder such as {TEXT} NAME")
        elif values.get(match["name"], "") in (None, ""):
            fault = "must not be empty" if match["name"] in values else "has no value"
            faults.append(f"{match['name']}, which {places.of(match['name'])} needs, {fault}")
    if faults:
        raise InvalidInput(OPTION, f"`{OPTION}`: {'; '.join(dict.fromkeys(faults))}.")
    empty = sorted(name for name in unused if values[name] in (None, ""))
    if empty:
        raise InvalidInput(OPTION, f"`{OPTION}`: {', '.join(empty)} must not be empty.")
    if unused:
        warn(f"`{OPTION}`: no placeholder uses {', '.join(sorted(unused))}.")
    return _filled(metadata, values, places)


def _placeholders(value: Any) -> Iterator[tuple[str, re.Match[str] | None]]:
    """(text, its match, or None if it is malformed)."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _placeholders(part)
    elif isinstance(value, list):
        for part in value:
            yield from _placeholders(part)
    elif isinstance(value, str) and BEGINNING.match(value):
        yield value, PLACEHOLDER.fullmatch(value)


def _filled(value: Any, values: Mapping[str, Any], places: Places) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part, values, places) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, values, places) for part in value]
    match = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    text = text_of(values[match["name"]])
    return masking.Hidden(text) if match["kind"] == TEXT else _number(match["name"], text, places)


def _number(name: str, text: str, places: Places) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise InvalidInput(OPTION, f"`{OPTION}`: {name} must be a number, because {places.of(name)} needs one.")
    return masking.HiddenInt(found) if isinstance(found, int) else masking.HiddenFloat(found)


# -- the other way round -----------------------------------------------------------------------------------------------


def extracted(metadata: JsonObject) -> tuple[JsonObject, dict[str, str]]:
    """(the metadata with placeholders instead of secrets, {name: value}). Names follow from the places of the secrets.

    Texts that would be read as something else become placeholders too.
    """
    found: list[tuple[masking.Path, Any]] = []

    def note(path: masking.Path, value: Any) -> Any:
        found.append((path, value))
        return value

    _replaced(metadata, note)
    names = iter(_names([_shown(path, value) for path, value in found]))
    values: dict[str, str] = {}

    def replace(_path: masking.Path, value: Any) -> str:
        name = next(names)
        values[name] = text_of(value)
        return f"{TEXT if isinstance(value, str) else NUMBER} {name}"

    return _replaced(metadata, replace), values


def _replaced(metadata: JsonObject, replace: Any) -> Any:
    return masking.without_secrets(metadata, replace, lambda text: text.startswith(RESERVED))


def _shown(path: masking.Path, value: Any) -> masking.Path:
    """The path without labels that can be secrets themselves."""
    begin = masking.outside_of_places(path)
    return tuple(
        (None,) if isinstance(step, tuple) and (at >= begin or step[0] == value) else step
        for at, step in enumerate(path)
    )


def _names(paths: list[masking.Path]) -> Iterator[str]:
    """A name for each path: the same in each export of the same metadata, and unique."""
    plain = [_name(path) for path in paths]
    whose: dict[str, set[masking.Path]] = {}
    for name, path in zip(plain, paths, strict=True):
        whose.setdefault(name, set()).add(path)
    times, seen = Counter(paths), Counter[masking.Path]()
    for name, path in zip(plain, paths, strict=True):
        seen[path] += 1
        more = [mark(repr(path)).upper()] if len(whose[name]) > 1 else []
        yield "_".join([name, *more, *([f"N{seen[path]}"] if times[path] > 1 else [])])


def _name(path: masking.Path) -> str:
    words = []
    for at, step in enumerate(path):
        is_of_a_list = at + 1 < len(path) and isinstance(path[at + 1], tuple) and path[at + 1][0]
        if isinstance(step, tuple):
            words += [str(step[0])] if step[0] else []
        elif at + 1 == len(path) or not (is_of_a_list or step in STRUCTURE):
            words.append(str(step))
    found = re.sub(r"[^A-Z0-9]+", "_", "_".join(words).upper()).strip("_")
    return found if found[:1].isalpha() else f"TEXT_{found}".rstrip("_")
