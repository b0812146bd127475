# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an estate as data, before they are written. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._core.marks import file_name, mark
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject


@dataclass(frozen=True)
class Secret:
    """A value that is not written in plain: words: what its variable is called after. meaning: for people.

    value: None where it cannot be read.
    """

    words: tuple[str, ...]
    meaning: str
    value: str | None = field(repr=False)


@dataclass
class Entry:
    """An entry of a file. comments: what could not be read, a line each; an entry without a module has only these."""

    module: str = ""
    options: JsonObject = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


@dataclass
class Document:
    """folder: below the estate's root. name: of the object that the file is about, which becomes the file's name.
    selected_by: the name that C(names) is compared with, empty if it is the same.

    files: {path: text} of the directory beside the file, which has its name; None if those of an earlier export are
    kept, because what is in them could not be read.
    """

    folder: str
    name: str
    entries: list[Entry] = field(default_factory=list)
    files: dict[str, str] | None = field(default_factory=dict)
    selected_by: str = ""


@dataclass(frozen=True)
class Beside:
    """An option whose value is a path in the directory beside the file."""

    path: str


def secret_or_empty(words: tuple[str, ...], meaning: str, value: str | None) -> Secret | str:
    """A value that is really empty needs no variable."""
    return "" if value == "" else Secret(words, meaning, value)


def declarable(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """(the names that a task can declare, sorted; comments about the others). Modules refuse the words that YAML makes
    of an unquoted yes or null.
    """
    found = sorted(names)
    refused = [name for name in found if name in spelling.WORDS]
    comments = [f"{name} is not exported, because modules refuse such a name." for name in refused]
    return [name for name in found if name not in refused], comments


def readable(what: str, read: Callable[[], Iterable[Entry]]) -> list[Entry]:
    """The entries, or one that says why they cannot be read."""
    try:
        return list(read())
    except ApiError as error:
        if error.status not in (401, 402, 403, 404, 422):
            raise
        return [Entry(comments=[f"{what} could not be read: {error.message}"])]


def file_names(documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
    """(path below the root without the suffix, document): a name is not a path, and none occurs twice."""
    taken: dict[str, set[str]] = {}
    for document in sorted(documents, key=lambda document: (document.folder, document.name)):
        yield f"{document.folder}/{file_name(document.name, taken.setdefault(document.folder, set()))}", document


class Names:
    """The variables of secrets: unique, and the same in each export of the same account."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self.secrets: dict[str, Secret] = {}
        found = {secret.words: secret for secret in secrets}
        plain: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted(found):
            plain.setdefault(_variable(words), []).append(words)
        for name, those in plain.items():
            for words in those:
                unique = name if len(those) == 1 else f"{name}_{mark(repr(words))}"
                self._names[words] = unique
                self.secrets[unique] = found[words]

    def of(self, secret: Secret) -> str:
        return self._names[secret.words]


def secrets_in(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)


def _variable(words: tuple[str, ...]) -> str:
    return "vault_" + re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")
