# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and YAML in files of other tools. PRIVATE to the collection.

YAML is read as YAML 1.2, as tools written in Go and JavaScript read it: C(yes) and C(12:30) are texts. What is read can
be sent as JSON. The content is never quoted in a message, because it can be a secret."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.documents import DuplicateKey, parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.files import open_regular
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

JSON_SUFFIX = ".json"
YAML_SUFFIXES = (".yaml", ".yml")
# Prefix of the tags of YAML's own types.
CORE = "tag:yaml.org,2002:"
# What YAML 1.2 makes of unquoted words: (type, pattern, first characters).
WORDS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)", list("-+0123456789")),
    ("merge", r"<<", ["<"]),
)
# {tag: text that (the tag, the text after it) stands for}
Tags = Mapping[str, Callable[[str, str], str]]


class NoYaml(PaasError):
    """PyYAML is required but missing."""

    library = "PyYAML"


def read_text(option: str, path: str, by: str = "") -> str:
    """The text of a file, without a byte order mark. by: which other file refers to it. Raises InvalidInput."""
    try:
        with io.TextIOWrapper(io.BufferedReader(open_regular(path)), encoding="utf-8-sig") as stream:
            return stream.read()
    except OSError as error:
        raise InvalidInput(option, f"`{option}`: {path}{by} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidInput(option, f"`{option}`: {path} is not UTF-8 text.") from None


def parse(option: str, path: str, text: str, tags: Tags | None = None) -> Any:
    """The content of a file whose name ends in .json, .yaml or .yml. tags: those of YAML besides its own.

    Raises InvalidInput, naming the option, and NoYaml.
    """
    try:
        return parse_json(text) if path.endswith(JSON_SUFFIX) else _parse_yaml(option, path, text, tags or {})
    except DuplicateKey as error:
        raise InvalidInput(
            option,
            f"`{option}`: {path} has the key {error.key!r} twice in one object (line {error.lineno}). Remove one of "
            "them.",
        ) from None
    except (ValueError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(option, f"`{option}`: {path} is not valid JSON{line}.") from None


def _parse_yaml(option: str, path: str, text: str, tags: Tags) -> Any:
    if not HAS_YAML:
        raise NoYaml(
            f"`{option}`: PyYAML is required to read {path}, but is not installed.",
            code="missing_library",
            option=option,
        )
    try:
        # Converted to JSON and back, as it is sent: keys become texts.
        return json.loads(json.dumps(yaml.load(text, Loader=_loader(tags)), allow_nan=False))
    except yaml.YAMLError as error:
        line = ""
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
            line = f" (line {error.problem_mark.line + 1}: {error.problem})"
        raise InvalidInput(option, f"`{option}`: {path} is not valid YAML{line}.") from None
    except DuplicateKey:
        raise
    except (TypeError, ValueError, RecursionError):
        raise InvalidInput(option, f"`{option}`: {path} has a value that JSON cannot represent.") from None


def _unquoted(what: str, node: yaml.ScalarNode) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=f"{what}; quote it", problem_mark=node.start_mark)


def _loader(tags: Tags) -> Any:
    """A loader for YAML 1.2's core types and these tags."""

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

    def tagged(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return tags[node.tag](node.tag, str(loader.construct_scalar(node)))

    for tag in tags:
        Loader.add_constructor(tag, tagged)
    return Loader
