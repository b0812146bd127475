# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL files of a project of Hasura's CLI (config v3): migrations and seeds. PRIVATE to the collection.

Source: hasura 10 [CLI]. Empty files count as missing, as for that CLI.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.files import open_regular
from ansible_collections.webops.paas.plugins.module_utils._hasura import project

MIGRATION = re.compile(r"([0-9]+)_(.*)\.(up|down)\.sql")
SQL_SUFFIXES = (".sql", ".SQL")
# The first line of a file that must not run in a transaction.
NO_TRANSACTION = "-- hasura:no-transaction"
# Parts of SQL in which a semicolon ends nothing. The group is the content of a text.
OPAQUE = re.compile(
    r"--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|[eE]'(?P<escaped>(?:\\.|''|[^'\\])*)'|'(?P<text>(?:''|[^'])*)'|\"[^\"]*\"",
    re.DOTALL,
)
COMMENTS = ("--", "/*")
STATEMENT_CHARACTERS = 200


@dataclass(frozen=True)
class SqlFile:
    """path: relative to the project."""

    path: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def no_transaction(self) -> bool:
        return self.text.partition("\n")[0].strip() == NO_TRANSACTION


@dataclass(frozen=True)
class Migration:
    """A version with the files of its directions; None for one that is missing or empty."""

    version: int
    name: str
    up: SqlFile | None
    down: SqlFile | None

    @property
    def label(self) -> str:
        return f"{self.version}_{self.name}"


def migrations(option: str, path: str, source: str | None) -> dict[str, list[Migration]]:
    """{source: its migrations, in order}. source: only this one. Raises InvalidInput."""
    return {
        name: _migrations(option, path, directory)
        for name, directory in _sources(option, path, "migrations", source).items()
    }


def seeds(option: str, path: str, source: str | None) -> dict[str, list[SqlFile]]:
    """{source: its seeds, in order}. Raises InvalidInput."""
    found = {}
    for name, directory in _sources(option, path, "seeds", source).items():
        files = sorted(os.path.join(above, file) for above, _below, names in os.walk(directory) for file in names)
        read = [_read(option, path, file) for file in files if file.endswith(SQL_SUFFIXES)]
        found[name] = [file for file in read if file is not None]
    return found


def _sources(option: str, path: str, kind: str, only: str | None) -> dict[str, str]:
    """{source: its directory}. kind: migrations or seeds."""
    config = project.settings(option, path)
    name = config.get(f"{kind}_directory")
    directory = os.path.join(path, name if isinstance(name, str) and name else kind)
    if not os.path.isdir(directory):
        raise InvalidInput(option, f"`{option}`: the directory {directory} does not exist.")
    found = {
        entry: os.path.join(directory, entry)
        for entry in sorted(os.listdir(directory))
        if os.path.isdir(os.path.join(directory, entry))
    }
    _refuse_older_projects(option, directory, found)
    if only is None:
        return found
    if only not in found:
        names = ", ".join(found) or "none"
        raise InvalidInput("source", f"`source`: {directory} has no directory {only!r}. Its directories are {names}.")
    return {only: found[only]}


def _refuse_older_projects(option: str, directory: str, found: dict[str, str]) -> None:
    older = [name for name in found if MIGRATION.fullmatch(f"{name}.up.sql")]
    if older:
        raise InvalidInput(
            option,
            f"`{option}`: {directory} has {older[0]} without a directory for its source, as before config version 3. "
            "Move the migrations to a directory with the name of their source, such as default.",
        )


def _migrations(option: str, path: str, directory: str) -> list[Migration]:
    files: dict[int, dict[str, SqlFile]] = {}
    names: dict[int, str] = {}
    for file in sorted(_candidates(directory)):
        within = os.path.relpath(file, directory)
        match = MIGRATION.fullmatch(within.replace(os.sep, "."))
        content = _read(option, path, file) if match else None
        if match is None or content is None:
            continue
        version, name, direction = int(match[1]), match[2], match[3]
        if names.setdefault(version, name) != name or direction in files.setdefault(version, {}):
            raise InvalidInput(option, f"`{option}`: {directory} has several migrations with the version {version}.")
        files[version][direction] = content
    return [
        Migration(version, names[version], files[version].get("up"), files[version].get("down"))
        for version in sorted(files)
    ]


def _candidates(directory: str) -> Iterator[str]:
    for entry in os.listdir(directory):
        whole = os.path.join(directory, entry)
        if os.path.isdir(whole):
            yield from (os.path.join(whole, name) for name in os.listdir(whole))
        else:
            yield whole


def _read(option: str, path: str, file: str) -> SqlFile | None:
    """None for an empty file."""
    shown = os.path.relpath(file, path)
    try:
        with io.TextIOWrapper(io.BufferedReader(open_regular(file)), encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except OSError as error:
        raise InvalidInput(option, f"`{option}`: {shown} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidInput(option, f"`{option}`: {shown} is not UTF-8 text.") from None
    return SqlFile(shown, text) if text else None


# -- statements --------------------------------------------------------------------------------------------------------


def texts(sql: str) -> set[str]:
    """The texts in SQL, which can be secrets, as they are written and as the database has them."""
    found = {text for match in OPAQUE.finditer(sql) for text in (match["text"], match["escaped"]) if text}
    return found | {text.replace("''", "'") for text in found}


def statements(sql: str) -> Iterator[tuple[int, str]]:
    """(line of its first character, text without comments) of each statement."""
    # Of the same length, so that places in it are those in the SQL.
    plain = _replaced(sql, lambda part: re.sub(r"[^\n]", " ", part) if part.startswith(COMMENTS) else part)
    closed = _replaced(plain, lambda part: "x" * len(part))
    start = 0
    for end in [*(match.start() for match in re.finditer(";", closed)), len(closed)]:
        text = plain[start:end]
        if text.strip():
            first = start + len(text) - len(text.lstrip())
            yield sql.count("\n", 0, first) + 1, text.strip()
        start = end + 1


def failed_statement(sql: str, message: str) -> tuple[int, str] | None:
    """(line, statement with masked texts) of the only statement that has all the names that the message quotes; None if
    that is not certain. The engine does not return the position of an error.
    """
    found = list(statements(sql))
    words = [re.compile(rf"(?<!\w){re.escape(name.rpartition('.')[2])}(?!\w)") for name in _quoted(message)]
    if len(found) > 1:
        found = [each for each in found if words and all(word.search(each[1]) for word in words)]
    if len(found) != 1:
        return None
    [(line, text)] = found
    shown = " ".join(_replaced(text, lambda part: "'****'" if "'" in part or "$" in part else part).split())
    return line, shown if len(shown) <= STATEMENT_CHARACTERS else shown[:STATEMENT_CHARACTERS] + " [...]"


def _quoted(message: str) -> list[str]:
    return [name for name in re.findall(r'"([^"]+)"', message) if "****" not in name]


def _replaced(sql: str, replacement: Callable[[str], str]) -> str:
    return OPAQUE.sub(lambda match: replacement(match[0]), sql)
