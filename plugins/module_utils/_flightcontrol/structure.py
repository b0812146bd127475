# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a document against a description of its structure, and reports all that is wrong with it. PRIVATE to the
collection.

An error is something that the described program refuses. A doubt is something that the description does not know,
because it can be older than the program. Values are only quoted where they cannot be secrets.
"""

from __future__ import annotations

import difflib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted

# Maximum number of keys of an object that a message lists.
LISTED = 12
# Maximum number of characters of a quoted text.
QUOTED = 60
# The end of a required key.
REQUIRED = "!"


@dataclass(frozen=True)
class Problem:
    """place: such as C(environments[0].services[2].dependsOn[1]), empty for the whole document. message: the rest of a
    sentence that begins with the place. is_doubt: see above.
    """

    place: str
    message: str
    is_doubt: bool = False


class Report(list[Problem]):
    """The problems of a document."""

    def error(self, place: str, message: str) -> None:
        self.append(Problem(place, message))

    def doubt(self, place: str, message: str) -> None:
        self.append(Problem(place, message, is_doubt=True))


def below(place: str, key: str) -> str:
    """The place of a key. One that is not a plain word is quoted."""
    if not re.fullmatch(r"[\w$-]+", key):
        return f"{place}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{place}.{key}" if place else key


def told(value: Any, is_secret: bool = False) -> str:
    """A value for a message: objects and lists, and secrets, only by their type."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if is_secret:
        return "a boolean" if isinstance(value, bool) else "a string" if isinstance(value, str) else "a number"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= QUOTED else f'{text[:QUOTED]}..."'


def similar(name: str, known: Iterable[str]) -> str:
    """A sentence with the known name that is probably meant, or with all known names; empty if there are too many."""
    names = list(known)
    close = difflib.get_close_matches(name, names, 1) or [word for word in names if word.lower() == name.lower()]
    if close:
        return f" Did you mean {close[0]}?"
    return f" Known are {', '.join(names)}." if 0 < len(names) <= LISTED else ""


class Kind(ABC):
    """A description of a value."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What is allowed, for messages."""

    @abstractmethod
    def has_type(self, value: Any) -> bool:
        """Whether the value has the right type of JSON."""

    def check(self, value: Any, place: str, report: Report) -> None:
        """Reports what is wrong with the value and all that is below it."""
        if self.has_type(value):
            self.check_content(value, place, report)
        else:
            report.error(place, f"must be {self.words}, got {self.told(value)}.")

    def told(self, value: Any) -> str:
        return told(value)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        """Reports what is wrong with a value of the right type and all that is below it."""
        return


class Object(Kind):
    """An object of JSON."""

    words = "an object"

    def has_type(self, value: Any) -> bool:
        return isinstance(value, dict)


class Anything(Kind):
    words = "any value"

    def has_type(self, value: Any) -> bool:
        return True


class Flag(Kind):
    words = "true or false"

    def has_type(self, value: Any) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True)
class Text(Kind):
    """form: what a text that matches the whole pattern is called in messages. longest: maximum length, 0 for any."""

    form: str = "a string"
    pattern: str = ""
    longest: int = 0
    may_be_empty: bool = True
    is_secret: bool = False

    @property
    def words(self) -> str:
        return self.form

    def has_type(self, value: Any) -> bool:
        return isinstance(value, str)

    def told(self, value: Any) -> str:
        return told(value, self.is_secret)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        if not value and not self.may_be_empty:
            report.error(place, "must not be empty.")
        elif self.longest and len(value) > self.longest:
            report.error(place, f"must have at most {self.longest} characters, got {len(value)}.")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            report.error(place, f"must be {self.words}, got {self.told(value)}.")


@dataclass(frozen=True)
class Number(Kind):
    """least, most: the limits, None for none. is_whole: whether it must be an integer."""

    least: float | None = None
    most: float | None = None
    is_whole: bool = False

    @property
    def words(self) -> str:
        word = "an integer" if self.is_whole else "a number"
        if self.least is not None and self.most is not None:
            return f"{word} from {self.least:.10g} to {self.most:.10g}"
        if self.least is not None:
            return f"{word} of at least {self.least:.10g}"
        return word if self.most is None else f"{word} of at most {self.most:.10g}"

    def has_type(self, value: Any) -> bool:
        return isinstance(value, (int, float)) and not isinstance(value, bool)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        if (
            (self.is_whole and value != value // 1)
            or (self.least is not None and value < self.least)
            or (self.most is not None and value > self.most)
        ):
            report.error(place, f"must be {self.words}, got {told(value)}.")


@dataclass(frozen=True)
class Word(Kind):
    """One of some texts. is_open: whether others can exist."""

    choices: tuple[str, ...]
    is_open: bool = False

    @property
    def words(self) -> str:
        return f"one of {', '.join(self.choices)}" if len(self.choices) > 1 else f'"{self.choices[0]}"'

    def has_type(self, value: Any) -> bool:
        return isinstance(value, str)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        if value in self.choices:
            return
        if self.is_open:
            report.doubt(place, f"is {told(value)}, which is not known.{similar(value, self.choices)}")
        else:
            report.error(place, f"must be {self.words}, got {told(value)}.")


@dataclass(frozen=True)
class Items(Kind):
    """A list."""

    kind: Kind
    fewest: int = 0

    @property
    def words(self) -> str:
        return "a list"

    def has_type(self, value: Any) -> bool:
        return isinstance(value, list)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        if len(value) < self.fewest:
            report.error(place, f"must have at least {counted(self.fewest, 'item')}.")
        for number, item in enumerate(value):
            self.kind.check(item, f"{place}[{number}]", report)


@dataclass(frozen=True)
class Named(Object):
    """An object whose keys are names."""

    kind: Kind

    def check_content(self, value: Any, place: str, report: Report) -> None:
        for name, item in value.items():
            if not name:
                report.error(place, "has an empty name.")
            self.kind.check(item, below(place, name), report)


class Fields(Object):
    """An object with certain keys.

    fields: {key: kind}; a required key ends in "!". is_open: whether unknown keys are allowed.
    """

    def __init__(self, fields: Mapping[str, Kind], is_open: bool = False) -> None:
        self.kinds = {name.removesuffix(REQUIRED): kind for name, kind in fields.items()}
        self.required = [name.removesuffix(REQUIRED) for name in fields if name.endswith(REQUIRED)]
        self.is_open = is_open

    def check_content(self, value: Any, place: str, report: Report) -> None:
        missing = [name for name in self.required if name not in value]
        if missing:
            report.error(place, f"must have {', '.join(missing)}.")
        for name, item in value.items():
            if name in self.kinds:
                self.kinds[name].check(item, below(place, name), report)
            elif not self.is_open:
                unused = [known for known in self.kinds if known not in value]
                report.doubt(below(place, name), f"is not known.{similar(name, unused)}")


@dataclass(frozen=True)
class Either(Kind):
    """A value of one of several types of JSON."""

    kinds: tuple[Kind, ...]

    @property
    def words(self) -> str:
        return " or ".join(kind.words for kind in self.kinds)

    def has_type(self, value: Any) -> bool:
        return any(kind.has_type(value) for kind in self.kinds)

    def check_content(self, value: Any, place: str, report: Report) -> None:
        next(kind for kind in self.kinds if kind.has_type(value)).check_content(value, place, report)


@dataclass(frozen=True)
class Variant(Object):
    """An object whose kind depends on the text of one of its keys. others: the kind if that text is unknown."""

    key: str
    kinds: Mapping[str, Fields]
    others: Fields

    def check_content(self, value: Any, place: str, report: Report) -> None:
        word = value.get(self.key)
        if isinstance(word, str) and word not in self.kinds:
            report.doubt(below(place, self.key), f"is {told(word)}, which is not known.{similar(word, self.kinds)}")
        self.kinds.get(word if isinstance(word, str) else "", self.others).check_content(value, place, report)
