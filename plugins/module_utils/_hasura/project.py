# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata from files: JSON, YAML, or the directory that Hasura's CLI keeps it in (config v3).

PRIVATE to the collection.

Source: the CLI's reference of its metadata directory, which it reads as YAML 1.2. C(!include FILE) is relative to the
file that contains it, and cannot leave the directory."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import data_files
from ansible_collections.webops.paas.plugins.module_utils._core.data_files import JSON_SUFFIX, YAML_SUFFIXES
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura import sdl, substitutions

INCLUDE = "!include "
# The keys of the files of a directory; the other files have parts of their own.
FILES = {
    "allow_list.yaml": "allowlist",
    "api_limits.yaml": "api_limits",
    "backend_configs.yaml": "backend_configs",
    "cron_triggers.yaml": "cron_triggers",
    "databases/databases.yaml": "sources",
    "graphql_schema_introspection.yaml": "graphql_schema_introspection",
    "inherited_roles.yaml": "inherited_roles",
    "metrics_config.yaml": "metrics_config",
    "network.yaml": "network",
    "opentelemetry.yaml": "opentelemetry",
    "query_collections.yaml": "query_collections",
    "remote_schemas.yaml": "remote_schemas",
    "rest_endpoints.yaml": "rest_endpoints",
}
CONFIG_FILE = "config.yaml"
METADATA_DIRECTORY = "metadata"
VERSION_FILE = "version.yaml"
ACTIONS_FILE = "actions.yaml"
SDL_FILE = "actions.graphql"
CUSTOM_TYPES = ("objects", "input_objects", "scalars", "enums")
# What a tagged text in YAML stands for, see substitutions and C(_resolved).
TAGS: data_files.Tags = {
    "!include": lambda _tag, text: INCLUDE + text,
    **dict.fromkeys(substitutions.KINDS, lambda tag, text: f"{tag} {text}"),
}


def load(
    option: str, path: str, values: Mapping[str, Any] | None = None, warn: Callable[[str], None] = lambda message: None
) -> Any:
    """The metadata in a file or directory. values: of placeholders, see substitutions.

    Raises InvalidInput, naming the option, and data_files.NoYaml.
    """
    places = substitutions.Places()
    return substitutions.filled(_loaded(option, path, places), values or {}, places, warn)


def _loaded(option: str, path: str, places: substitutions.Places) -> Any:
    if not os.path.exists(path):
        raise InvalidInput(option, f"`{option}` does not exist: {path}.")
    if os.path.isdir(path):
        return _project(option, path, places)
    if path.endswith((JSON_SUFFIX, *YAML_SUFFIXES)):
        return _Directory(option, os.path.dirname(path) or ".", places).file(os.path.basename(path))
    raise InvalidInput(
        option, f"`{option}` must be a directory, or a file whose name ends in .json, .yaml or .yml, got {path}."
    )


def settings(option: str, path: str) -> JsonObject:
    """The content of config.yaml in the directory of a project; empty without such a file. Raises InvalidInput."""
    if not os.path.isdir(path):
        raise InvalidInput(option, f"`{option}` must be the directory of a project of Hasura's CLI, got {path}.")
    return _settings(_Directory(option, path, substitutions.Places()))


def _settings(directory: _Directory) -> JsonObject:
    config = directory.known(CONFIG_FILE)
    return config if isinstance(config, dict) else {}


def _project(option: str, path: str, places: substitutions.Places) -> Any:
    """path: the directory of a project, or of its metadata."""
    directory = _Directory(option, path, places)
    if os.path.exists(os.path.join(path, VERSION_FILE)):
        return directory.metadata()
    config = _settings(directory)
    file, name = config.get("metadata_file"), config.get("metadata_directory")
    if isinstance(file, str) and file:
        return _loaded(option, os.path.join(path, file), places)
    inner = os.path.join(path, name if isinstance(name, str) and name else METADATA_DIRECTORY)
    return _Directory(option, inner, places).metadata() if os.path.isdir(inner) else directory.metadata()


class _Directory:
    """The files of a directory, and those that they include."""

    def __init__(self, option: str, path: str, places: substitutions.Places) -> None:
        self.option = option
        self.path = path
        self._places = places
        self._root = os.path.realpath(path)

    def metadata(self) -> JsonObject:
        version = self.known(VERSION_FILE)
        if not isinstance(version, dict):
            raise InvalidInput(
                self.option,
                f"`{self.option}`: {self.path} is not a metadata directory of Hasura's CLI, because it has no "
                f"{VERSION_FILE} with a version.",
            )
        found = {"version": version.get("version")}
        if str(found["version"]) != "3":
            # Other versions have other files, and are refused.
            return found
        self._refuse_unknown_files()
        for name, key in FILES.items():
            part = self.known(name)
            if key == "inherited_roles" and isinstance(part, dict) and part.keys() == {key}:
                # As older versions of Hasura's CLI write it.
                part = part[key]
            # Hasura's CLI writes metrics_config as {} where the engine has none, and the engine refuses that.
            if part is not None and not (key == "metrics_config" and part == {}):
                found[key] = part
        return {**found, **self._actions()}

    def known(self, name: str) -> Any:
        """None when the file does not exist."""
        return self.file(name) if os.path.exists(os.path.join(self._root, name)) else None

    def _refuse_unknown_files(self) -> None:
        known = {*FILES, VERSION_FILE, ACTIONS_FILE}
        unknown = sorted(name for name in os.listdir(self._root) if name.endswith(YAML_SUFFIXES) and name not in known)
        if unknown:
            raise InvalidInput(
                self.option,
                f"`{self.option}`: {self.path} has {', '.join(unknown)}, which metadata of version 3 does not "
                f"support. Supported are {', '.join(sorted(known))}.",
            )

    # files

    def file(self, name: str, including: tuple[str, ...] = ()) -> Any:
        """name: relative to the directory. including: the full paths of the including files."""
        whole = os.path.realpath(os.path.join(self._root, name))
        if os.path.commonpath([self._root, whole]) != self._root:
            raise InvalidInput(
                self.option,
                f"`{self.option}`: {self._told(including)} includes {name}, which is outside of {self.path}.",
            )
        if whole in including:
            raise InvalidInput(
                self.option,
                f"`{self.option}`: {self._told(including)} includes {name}, which includes {self._told(including)} "
                "again.",
            )
        text = self._text(whole, including)
        if not whole.endswith((JSON_SUFFIX, *YAML_SUFFIXES)):
            return text
        return self._resolved(data_files.parse(self.option, whole, text, TAGS), (*including, whole))

    def _told(self, including: tuple[str, ...]) -> str:
        return os.path.relpath(including[-1], self._root) if including else self.option

    def _text(self, whole: str, including: tuple[str, ...]) -> str:
        by = f", which {self._told(including)} includes," if including else ""
        text = data_files.read_text(self.option, whole, by)
        self._places.note(os.path.join(self.path, os.path.relpath(whole, self._root)), text)
        return text

    def _resolved(self, value: Any, including: tuple[str, ...]) -> Any:
        """The value with includes replaced by the included files."""
        if isinstance(value, dict):
            return {key: self._resolved(part, including) for key, part in value.items()}
        if isinstance(value, list):
            return [self._resolved(item, including) for item in value]
        if isinstance(value, str) and value.startswith(INCLUDE):
            here = os.path.dirname(including[-1])
            # Hasura's CLI accepts the path in quotes too.
            name = value.removeprefix(INCLUDE).strip().strip("\"'")
            return self.file(os.path.relpath(os.path.join(here, name), self._root), including)
        return value

    # actions

    def _actions(self) -> JsonObject:
        """{actions?, custom_types?}: the CLI keeps signatures and types in a separate file, and the rest in YAML."""
        declared = self.known(ACTIONS_FILE) or {}
        text = self.file(SDL_FILE) if os.path.exists(os.path.join(self._root, SDL_FILE)) else ""
        if not isinstance(declared, dict):
            raise InvalidInput(self.option, f"`{self.option}`: {ACTIONS_FILE} must have actions and custom_types.")
        try:
            types = sdl.parse(text)
        except sdl.SdlError as error:
            raise InvalidInput(self.option, f"`{self.option}`: {SDL_FILE}, {error}.") from None
        if not text.strip():
            return {key: part for key, part in declared.items() if key in ("actions", "custom_types")}
        actions = declared.get("actions") or []
        self._check_names("actions", actions, types.actions, must_be_declared=True)
        custom = declared.get("custom_types") or {}
        merged = {kind: self._merged_types(kind, getattr(types, kind), custom.get(kind) or []) for kind in CUSTOM_TYPES}
        return {
            "actions": [_signed(action, types.actions[action["name"]]) for action in actions],
            "custom_types": merged,
        }

    def _merged_types(self, kind: str, written: list[JsonObject], declared: list[JsonObject]) -> list[JsonObject]:
        names = {entry["name"]: entry for entry in written}
        self._check_names(kind, declared, names)
        more = {entry["name"]: entry for entry in declared}
        return [
            {**entry, **{key: part for key, part in more.get(name, {}).items() if key not in ("fields", "values")}}
            for name, entry in names.items()
        ]

    def _check_names(self, what: str, declared: Any, written: Iterable[str], must_be_declared: bool = False) -> None:
        if not isinstance(declared, list) or not all(
            isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in declared
        ):
            raise InvalidInput(
                self.option, f"`{self.option}`: {what} in {ACTIONS_FILE} must be a list of objects with a name."
            )
        names, signed = {entry["name"] for entry in declared}, set(written)
        twice = sorted(name for name, times in Counter(entry["name"] for entry in declared).items() if times > 1)
        if twice:
            raise InvalidInput(self.option, f"`{self.option}`: {what} in {ACTIONS_FILE} has {', '.join(twice)} twice.")
        for missing, file in (
            (names - signed, SDL_FILE),
            (signed - names if must_be_declared else (), ACTIONS_FILE),
        ):
            if missing:
                raise InvalidInput(
                    self.option,
                    f"`{self.option}`: {file} does not have {', '.join(sorted(missing))}, but the other file of "
                    f"{what} does.",
                )


def _signed(action: JsonObject, signature: JsonObject) -> JsonObject:
    signature = dict(signature)
    comment = {"comment": signature.pop("comment")} if "comment" in signature else {}
    return {**comment, **action, "definition": {**(action.get("definition") or {}), **signature}}
