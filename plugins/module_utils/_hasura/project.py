# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata from files: JSON, YAML, or the directory that Hasura's CLI keeps it in (config v3).

PRIVATE to the collection.

YAML is read as that CLI does, which is YAML 1.2: C(yes) and C(12:30) are texts. Source: the CLI's reference of its
metadata directory. C(!include FILE) is relative to the file that contains it, and cannot leave the directory."""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.documents import DuplicateKey, parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.files import open_regular
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura import sdl, substitutions

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

INCLUDE = "!include "
# Prefix of the tags of YAML's own types.
CORE = "tag:yaml.org,2002:"
YAML_SUFFIXES = (".yaml", ".yml")
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
# What YAML 1.2 makes of unquoted words: (type, pattern, first characters).
WORDS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)", list("-+0123456789")),
    ("merge", r"<<", ["<"]),
)


class NoYaml(PaasError):
    """PyYAML is required but missing."""

    library = "PyYAML"


def load(
    option: str, path: str, values: Mapping[str, Any] | None = None, warn: Callable[[str], None] = lambda message: None
) -> Any:
    """The metadata in a file or directory. values: of placeholders, see substitutions.

    Raises InvalidInput, naming the option, and NoYaml.
    """
    places = substitutions.Places()
    return substitutions.filled(_loaded(option, path, places), values or {}, places, warn)


def _loaded(option: str, path: str, places: substitutions.Places) -> Any:
    if not os.path.exists(path):
        raise InvalidInput(option, f"`{option}` does not exist: {path}.")
    if os.path.isdir(path):
        return _project(option, path, places)
    if path.endswith((".json", *YAML_SUFFIXES)):
        return _Directory(option, os.path.dirname(path) or ".", places).file(os.path.basename(path))
    raise InvalidInput(
        option, f"`{option}` must be a directory, or a file whose name ends in .json, .yaml or .yml, got {path}."
    )


def _project(option: str, path: str, places: substitutions.Places) -> Any:
    """path: the directory of a project, or of its metadata."""
    directory = _Directory(option, path, places)
    if os.path.exists(os.path.join(path, VERSION_FILE)):
        return directory.metadata()
    config = directory.known(CONFIG_FILE)
    config = config if isinstance(config, dict) else {}
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
        if whole.endswith(".json"):
            found = self._json(whole, text)
        elif whole.endswith(YAML_SUFFIXES):
            found = self._yaml(whole, text)
        else:
            return text
        return self._resolved(found, (*including, whole))

    def _told(self, including: tuple[str, ...]) -> str:
        return os.path.relpath(including[-1], self._root) if including else self.option

    def _text(self, whole: str, including: tuple[str, ...]) -> str:
        try:
            with io.TextIOWrapper(io.BufferedReader(open_regular(whole)), encoding="utf-8-sig") as stream:
                text = stream.read()
        except OSError as error:
            by = f", which {self._told(including)} includes," if including else ""
            raise InvalidInput(self.option, f"`{self.option}`: {whole}{by} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise InvalidInput(self.option, f"`{self.option}`: {whole} is not UTF-8 text.") from None
        self._places.note(os.path.join(self.path, os.path.relpath(whole, self._root)), text)
        return text

    def _json(self, whole: str, text: str) -> Any:
        try:
            return parse_json(text)
        except DuplicateKey as error:
            raise self._twice(whole, error) from None
        except (ValueError, RecursionError) as error:
            # The content is not quoted, because it can be a secret.
            line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise InvalidInput(self.option, f"`{self.option}`: {whole} is not valid JSON{line}.") from None

    def _yaml(self, whole: str, text: str) -> Any:
        if not HAS_YAML:
            raise NoYaml(
                f"`{self.option}`: PyYAML is required to read {whole}, but is not installed.",
                code="missing_library",
                option=self.option,
            )
        try:
            # Converted to JSON and back, as it is sent: keys become texts.
            return json.loads(json.dumps(yaml.load(text, Loader=_loader()), allow_nan=False))
        except DuplicateKey as error:
            raise self._twice(whole, error) from None
        except yaml.YAMLError as error:
            line = ""
            if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
                line = f" (line {error.problem_mark.line + 1}: {error.problem})"
            raise InvalidInput(self.option, f"`{self.option}`: {whole} is not valid YAML{line}.") from None
        except (TypeError, ValueError, RecursionError):
            raise InvalidInput(
                self.option, f"`{self.option}`: {whole} has a value that JSON cannot represent."
            ) from None

    def _twice(self, whole: str, error: DuplicateKey) -> InvalidInput:
        return InvalidInput(
            self.option,
            f"`{self.option}`: {whole} has the key {error.key!r} twice in one object (line {error.lineno}). Remove "
            "one of them.",
        )

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


def _unquoted(what: str, node: yaml.ScalarNode) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=f"{what}; quote it", problem_mark=node.start_mark)


def _loader() -> Any:
    """A loader for YAML 1.2's core types, and the tags !include and of placeholders."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers: JsonObject = {}

        def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
            node = super().compose_scalar_node(anchor)
            if node.tag == f"{CORE}float" and repr(float(node.value)) != node.value:
                raise _unquoted(f"the number would be sent as {float(node.value)!r}", node)
            return node

        def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
            # Checked before values are constructed, because a merge (<<) can override keys.
            node = super().compose_mapping_node(anchor)
            keys = [key for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
            for key in keys:
                if key.tag.removeprefix(CORE) in ("bool", "null", "float"):
                    raise _unquoted("the key is not a string", key)
            for place, key in enumerate(keys):
                if key.value in [earlier.value for earlier in keys[:place]]:
                    raise DuplicateKey(key.value, key.start_mark.line + 1)
            return node

    for tag, pattern, first in WORDS:
        Loader.add_implicit_resolver(f"{CORE}{tag}", re.compile(rf"(?:{pattern})\Z"), first)

    def include(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return INCLUDE + str(loader.construct_scalar(node))

    def placeholder(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return f"{node.tag} {loader.construct_scalar(node)}"

    Loader.add_constructor("!include", include)
    for kind in substitutions.KINDS:
        Loader.add_constructor(kind, placeholder)
    return Loader
