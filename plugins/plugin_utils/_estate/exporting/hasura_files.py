# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura as the directory in which Hasura's CLI keeps it (config v3). PRIVATE to the collection.

C(_hasura.project) reads it. Source: the CLI's C(metadataobject). Each table and function has a file of its own.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from ansible_collections.webops.paas.plugins.module_utils._core import data_files
from ansible_collections.webops.paas.plugins.module_utils._core.marks import file_name
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura import project, sdl

DATABASES = "databases"
# {part of a source that has a directory: the key with the name of each object}
INCLUDED = {"tables": "table", "functions": "function"}
# The parts of an action's definition that actions.graphql has.
SIGNATURE = ("type", "arguments", "output_type")
# The keys of types in actions.graphql.
TYPED = {"name", "type", "description"}
YAML_1_1: Any = yaml.resolver.Resolver()
# Texts that some readers of YAML take for numbers, and texts that block style does not keep.
LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9]")
NOT_A_BLOCK = re.compile(r"[ \t]$|\A\s", re.MULTILINE)
# Characters that are escaped: controls, what some readers take for the end of a line, and what cannot be seen.
ESCAPED = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Unwritable(Exception):
    """Metadata that such a directory cannot have."""


def files_of(metadata: JsonObject) -> dict[str, str]:
    """{path: text}. metadata: of version 3. Raises Unwritable."""
    keys = {key: name for name, key in project.FILES.items()}
    parts = {key: part for key, part in metadata.items() if part is not None}
    unknown = sorted(parts.keys() - keys.keys() - {"version", "actions", "custom_types"})
    if unknown:
        raise Unwritable(f"Its parts {', '.join(unknown)} are not part of the format of Hasura's CLI.")
    found = {project.VERSION_FILE: _yaml({"version": metadata["version"]})}
    for key, part in parts.items():
        if key == "sources" and isinstance(part, list):
            found.update(_sources(part))
        elif key in keys and not (key == "metrics_config" and part == {}):
            found[keys[key]] = _yaml(part)
    return {**found, **_actions(parts)}


# -- databases ---------------------------------------------------------------------------------------------------------


def _sources(sources: list[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    listed = []
    # Names that other things have in this directory.
    taken = {"databases.yaml"}
    for source in sources:
        entry = dict(source) if isinstance(source, dict) else source
        directory = file_name(str(source.get("name")), taken) if isinstance(source, dict) else ""
        for part, key in INCLUDED.items() if directory else ():
            objects = source.get(part)
            if isinstance(objects, list) and (objects or part == "tables"):
                entry[part] = f"{project.INCLUDE}{directory}/{part}/{part}.yaml"
                found.update(_objects(f"{DATABASES}/{directory}/{part}", part, key, objects))
        listed.append(entry)
    return {f"{DATABASES}/databases.yaml": _yaml(listed), **found}


def _objects(directory: str, part: str, key: str, objects: list[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken = {part}
    includes = []
    for each in objects:
        name = file_name(_object_name(each.get(key) if isinstance(each, dict) else None), taken)
        includes.append(f"{project.INCLUDE}{name}.yaml")
        found[f"{directory}/{name}.yaml"] = _yaml(each)
    return {f"{directory}/{part}.yaml": _yaml(includes), **found}


def _object_name(name: Any) -> str:
    """As the CLI names the file: public_users."""
    if isinstance(name, dict):
        return f"{name.get('schema') or name.get('dataset') or ''}_{name.get('name')}"
    return "_".join(map(str, name)) if isinstance(name, list) else str(name)


# -- actions -----------------------------------------------------------------------------------------------------------


def _actions(parts: JsonObject) -> dict[str, str]:
    """actions.yaml and actions.graphql; all in the former if the latter cannot have it exactly."""
    kept = {key: parts[key] for key in ("actions", "custom_types") if parts.get(key)}
    if not kept:
        return {}
    try:
        types = _types(kept.get("actions") or [], kept.get("custom_types") or {})
        text = sdl.printed(types)
        if sdl.parse(text) != types:
            raise sdl.SdlError
    except (sdl.SdlError, KeyError, TypeError, AttributeError):
        return {project.ACTIONS_FILE: _yaml(kept)}
    declared = {
        "actions": [
            {**action, "definition": {key: part for key, part in action["definition"].items() if key not in SIGNATURE}}
            for action in kept.get("actions") or []
        ],
        "custom_types": {
            kind: [
                {key: part for key, part in each.items() if key not in ("fields", "values", "description")}
                for each in (kept.get("custom_types") or {}).get(kind) or []
            ]
            for kind in project.CUSTOM_TYPES
        },
    }
    return {project.ACTIONS_FILE: _yaml(declared), project.SDL_FILE: text}


def _types(actions: list[JsonObject], custom: JsonObject) -> sdl.Types:
    """What actions.graphql has of them. Raises SdlError if it cannot have all."""
    types = sdl.Types()
    for action in actions:
        definition = action["definition"]
        if action["name"] in types.actions:
            raise sdl.SdlError
        types.actions[action["name"]] = {
            "type": definition.get("type") or "mutation",
            "arguments": [_typed(argument) for argument in definition.get("arguments") or []],
            "output_type": definition["output_type"],
        }
    if custom.keys() - set(project.CUSTOM_TYPES):
        raise sdl.SdlError
    for kind in ("objects", "input_objects"):
        for each in custom.get(kind) or []:
            fields = [_typed(field, kind == "objects") for field in each["fields"]]
            getattr(types, kind).append({"name": each["name"], **_described(each), "fields": fields})
    for each in custom.get("scalars") or []:
        types.scalars.append({"name": each["name"], **_described(each)})
    for each in custom.get("enums") or []:
        values = [{"value": value["value"], **_described(value)} for value in each["values"]]
        if any({key for key, part in value.items() if part} - {"value", "description"} for value in each["values"]):
            raise sdl.SdlError
        types.enums.append({"name": each["name"], **_described(each), "values": values})
    return types


def _typed(field: JsonObject, has_arguments: bool = False) -> JsonObject:
    given = {key: part for key, part in field.items() if part is not None}
    if given.keys() - TYPED - ({"arguments"} if has_arguments else set()):
        raise sdl.SdlError
    arguments = given.get("arguments")
    more = {"arguments": [_typed(argument) for argument in arguments]} if arguments else {}
    return {"name": given["name"], "type": given["type"], **more, **_described(given)}


def _described(each: JsonObject) -> JsonObject:
    return {"description": each["description"]} if each.get("description") else {}


# -- YAML --------------------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers: JsonObject = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented below their key, as Hasura's CLI writes them."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, _pattern, _first in data_files.WORDS:
    _Dumper.add_implicit_resolver(f"{data_files.CORE}{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    tag = f"{data_files.CORE}str"
    if "\n" in text and not ESCAPED.search(text) and not NOT_A_BLOCK.search(text):
        return dumper.represent_scalar(tag, text, style="|")
    is_plain = not (
        "\n" in text
        or text.startswith("!")
        or ESCAPED.search(text)
        or LIKE_A_NUMBER.match(text)
        or YAML_1_1.resolve(yaml.ScalarNode, text, (True, False)) != tag
    )
    return dumper.represent_scalar(tag, text, style=None if is_plain else '"')


def _float(dumper: _Dumper, number: float) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{data_files.CORE}float", repr(number))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _float)


def _yaml(data: Any) -> str:
    # Lines are not folded, so that a change of a word is one of a line.
    written: str = yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=1 << 20
    )
    return written
