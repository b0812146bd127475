# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches and settings: what a user can change in the sandbox while it runs.

A switch selects one of several behaviors, where the sources of a platform disagree or say nothing. A setting is a
number, such as a processing time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class OptionError(ValueError):
    """An unknown name or a value that is not allowed; the text is for people."""


@dataclass(frozen=True)
class Switch:
    """Alternative behaviors; the first choice is the default."""

    name: str
    choices: tuple[Any, ...]
    why: str

    @property
    def default(self) -> Any:
        return self.choices[0]

    def check(self, value: Any) -> Any:
        if value not in self.choices:
            raise OptionError(f"switch {self.name}: {value!r} is not one of {list(self.choices)}")
        return value

    def describe(self, value: Any) -> dict[str, Any]:
        return {"value": value, "choices": list(self.choices), "why": self.why}


@dataclass(frozen=True)
class Setting:
    """A number that is zero or more."""

    name: str
    default: float
    why: str

    def check(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise OptionError(f"setting {self.name}: {value!r} is not a number, 0 or greater")
        return value

    def describe(self, value: float) -> dict[str, Any]:
        return {"value": value, "default": self.default, "why": self.why}


class Options:
    """The current values of a set of switches or settings: read as `options["name"]`."""

    def __init__(self, kind: str, entries: Iterable[Switch] | Iterable[Setting]) -> None:
        self._kind = kind
        self._entries = {entry.name: entry for entry in entries}
        self._values = {name: entry.default for name, entry in self._entries.items()}
        self.consulted: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.consulted.add(name)
        return self._values[name]

    def change(self, values: Any) -> None:
        """Change all or nothing. Raises OptionError."""
        self._values.update(self.checked(values))

    def reset(self, values: Any) -> None:
        """Back to the defaults, then the given values. Raises OptionError before anything is changed."""
        checked = self.checked(values)
        self._values = {name: entry.default for name, entry in self._entries.items()}
        self._values.update(checked)

    def values(self) -> dict[str, Any]:
        return dict(self._values)

    def describe(self) -> dict[str, Any]:
        return {name: entry.describe(self._values[name]) for name, entry in self._entries.items()}

    def checked(self, values: Any) -> dict[str, Any]:
        if not isinstance(values, dict):
            raise OptionError(f"{self._kind}s must be an object of names and values")
        for name in values:
            if name not in self._entries:
                raise OptionError(f"unknown {self._kind} {name!r}; known: {', '.join(sorted(self._entries))}")
        return {name: self._entries[name].check(value) for name, value in values.items()}
