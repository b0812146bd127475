# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The common part of the release roles: reading the results of their tasks, and reporting.

A role passes its variables and the results of its tasks to a class of this package. The class decides what to do next
and what the outcome is; the tasks deploy, verify and roll back. PRIVATE to the collection.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

R = TypeVar("R", bound="Release")


def plain(value: Any) -> Any:
    """A copy that consists of ordinary dictionaries and lists.

    Ansible can pass containers whose members are rendered only when they are read one by one, not when the container is
    copied.
    """
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in value}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def text(value: Any) -> str:
    """The text of a value that can be missing."""
    return "" if value is None else str(value)


def first(items: Iterable[JsonObject] | None) -> JsonObject:
    """The first of several objects, empty without objects."""
    return next(iter(items or ()), None) or {}


def has_failed(result: JsonObject) -> bool:
    return bool(result.get("failed"))


def has_changed(result: JsonObject) -> bool:
    return bool(result.get("changed"))


def is_predicted(*results: JsonObject) -> bool:
    """Whether one of the results is a prediction of check mode with unknown values."""
    return any("unknown_until_applied" in result for result in results)


def failure_message(result: JsonObject, task: str) -> str:
    """Why a task failed: its message, or that of the first of its loop's items that failed."""
    failures = [item for item in result.get("results") or () if has_failed(item)]
    message = (failures[0] if failures else result).get("msg")
    return text(message) or f"{task} failed"


def expand(entries: Iterable[Any]) -> list[JsonObject]:
    """Entries of the option urls of webops.paas.verify, from URLs and dictionaries."""
    return [plain(entry) if isinstance(entry, Mapping) else {"url": text(entry)} for entry in entries]


def verify_urls(entries: Iterable[Any], addresses: Iterable[str]) -> list[JsonObject]:
    """Entries of the option urls of webops.paas.verify from those that a release role accepts.

    An entry without a URL is for the front page. A URL that begins with a slash is a path, which is checked at each
    address.
    """
    checks = [{"url": "/", **entry} for entry in expand(entries)]
    return [
        {**check, "url": address + text(check["url"])}
        for check in checks
        for address in (addresses if text(check["url"]).startswith("/") else [""])
    ]


def without_slash(address: Any) -> str:
    return re.sub(r"/+$", "", text(address))


def checks_of(result: JsonObject) -> list[JsonObject]:
    return list(result.get("checks") or ())


def checks_words(result: JsonObject) -> str:
    """A summary of the checks in a result of webops.paas.verify."""
    if "checks" not in result:
        return "none were made"
    return text(result.get("msg")) if has_failed(result) else f"{len(result['checks'])} passed"


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """A possible outcome of a release.

    name: its name in the report. applies: whether it is this one, if none of those before it applies. headline: the
    first line of the message, with attributes of the release in braces.
    succeeds: whether the role succeeds.
    """

    name: str
    applies: Callable[[R], bool]
    headline: str
    succeeds: bool = False


# For all roles: nothing was sent in check mode.
PREDICTED: Outcome[Any] = Outcome(
    "predicted",
    lambda release: not release.failure and release.is_predicted,
    "Nothing was sent (check mode). This would be released.",
    succeeds=True,
)


class Release(ABC):
    """One run of a release role: what its tasks have found, the decisions that follow, and the report.

    results: the registered results of tasks, by names without the prefix of the role; empty if a task has not run.
    options: the variables of the role, by names without its prefix; empty if a variable is not set.
    """

    OUTCOMES: ClassVar[tuple[Outcome[Any], ...]]

    def __init__(self, results: JsonObject, options: JsonObject) -> None:
        self.results = results
        self.options = options
        self.failure = text(results.get("failure") or "")
        # Only options that are set, so that module_defaults of the caller still apply.
        self.connection = {name: options[name] for name in ("token", "api_url") if options.get(name)}

    def result(self, name: str) -> JsonObject:
        """The result of a task, empty when it has not run."""
        value = self.results.get(name)
        return value if isinstance(value, dict) else {}

    def option(self, name: str) -> str:
        """A variable that is a text."""
        return text(self.options.get(name) or "")

    def is_on(self, name: str) -> bool:
        """A boolean variable, or the word for one from the command line."""
        return bool(boolean(self.options.get(name) or False, strict=False))

    @property
    def conclusion(self) -> Outcome[Any]:
        return next(outcome for outcome in self.OUTCOMES if outcome.applies(self))

    @property
    def outcome(self) -> str:
        return self.conclusion.name

    @property
    def missing_id(self) -> str:
        """Stands for the ID of a deploy that does not have one."""
        return "unknown" if self.failure else "not known yet"

    def message(self, subject: str, *details: str) -> list[str]:
        """The lines of the message; empty details are omitted, and the failure is quoted only once."""
        headline = self.conclusion.headline.format(release=self)
        lines = [line for line in details if line]
        quoted = f": {self.failure}"
        for number in [number for number, line in enumerate(lines) if self.failure and line.endswith(quoted)][1:]:
            lines[number] = f"{lines[number].removesuffix(quoted)}: the same failure"
        # In check mode, an object that an earlier task would create can have no name yet.
        return [f"{subject or 'Not created yet'}: {headline}", *lines]

    @abstractmethod
    def decisions(self) -> JsonObject:
        """The decisions for the tasks."""

    @abstractmethod
    def report(self) -> JsonObject:
        """The report of the role."""

    def state(self) -> JsonObject:
        return {"connection": self.connection, **self.decisions(), "report": self.report()}
