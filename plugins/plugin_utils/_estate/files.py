# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an estate: YAML lists of entries, each a module of this collection with its options. PRIVATE to the
collection.
"""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from ansible.errors import AnsibleError

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# The one in C is ten times as fast, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SUFFIXES = (".yml", ".yaml")
# What is raised for a value that does not fit its tag, such as !!bool maybe.
UNFIT = (ValueError, LookupError, TypeError, yaml.YAMLError)
LITERALS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "float", "int", "map", "null", "seq", "str"))
# Where a file with this name stands is metadata of Hasura, in the directory format of its command line client.
METADATA_MARK = "version.yaml"
# Variables, passed with -e @secrets.yml: no entries.
SECRETS = ("secrets.yml", "secrets.example.yml")
# How deep values may be nested, and how many there may be in a file: aliases can multiply them.
DEPTH, SIZE = 100, 1_000_000
# The name of the collection in front of a module's is optional.
PREFIX = "webops.paas."


class EstateError(Exception):
    """What is wrong with the files or their entries, one line for each, each with file and line. option: whose value
    is wrong, if it is an option of the module.
    """

    def __init__(self, faults: Iterable[str], option: str | None = None) -> None:
        self.faults = list(faults)
        self.option = option
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Raw:
    """An entry as it is written. directory: where relative paths among its options begin. file: relative to the
    estate's directory. options: not yet templated.
    """

    directory: str
    file: str
    line: int
    module: str
    options: JsonObject

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def read(src: str, loader: Any) -> list[Raw]:
    """The entries of a file, or of all files below a directory, in the order of their paths.

    loader: Ansible's DataLoader, which decrypts. Raises EstateError with all that is wrong.
    """
    if not os.path.exists(src):
        raise EstateError([f"`src` does not exist: {src}."])
    is_directory = os.path.isdir(src)
    paths = sorted(_paths(src)) if is_directory else [src]
    if not paths:
        raise EstateError([f"`src` has no files that end in .yml or .yaml: {src}."])
    entries: list[Raw] = []
    faults: list[str] = []
    for path in paths:
        if is_directory and os.path.exists(path) and not os.path.isfile(path):
            # To read a pipe would take until somebody writes to it.
            faults.append(f"{os.path.relpath(path, src)}:1: this is not a regular file.")
            continue
        try:
            entries += _entries_of(path, os.path.relpath(path, src) if is_directory else os.path.basename(path), loader)
        except EstateError as error:
            faults += error.faults
    if faults:
        raise EstateError(faults)
    return entries


def of_content(content: Any) -> list[Raw]:
    """The entries of the option C(content), which Ansible has read and templated; their lines are their numbers."""
    faults = []
    entries = []
    for number, item in enumerate(content, 1):
        if isinstance(item, dict) and len(item) == 1 and isinstance(next(iter(item.values())), dict):
            [(name, options)] = item.items()
            entries.append(Raw(os.getcwd(), "content", number, named(str(name)), options))
        else:
            faults.append(f"content:{number}: {SHAPE}")
    if faults:
        raise EstateError(faults)
    return entries


def named(module: str) -> str:
    """The name of a module without the collection's."""
    return module.removeprefix(PREFIX)


SHAPE = "an entry must be a mapping of one module's name to its options, for example netlify_site: {name: shop}."


def _paths(src: str) -> Iterator[str]:
    seen: set[str] = set()
    for directory, subdirectories, names in os.walk(src, onerror=_refuse, followlinks=True):
        # A link may lead to where the walk has been.
        if METADATA_MARK in names or os.path.realpath(directory) in seen:
            subdirectories.clear()
            continue
        seen.add(os.path.realpath(directory))
        subdirectories[:] = sorted(name for name in subdirectories if not name.startswith("."))
        for name in names:
            is_secrets = directory == src and name in SECRETS
            if name.endswith(SUFFIXES) and not name.startswith(".") and not is_secrets:
                yield os.path.join(directory, name)


def _refuse(error: OSError) -> None:
    """A directory that is passed over would make its entries undeclared."""
    raise EstateError([f"`src` cannot be read: {error.filename}: {error.strerror}."])


def _entries_of(path: str, shown: str, loader: Any) -> list[Raw]:
    try:
        text, _source = loader._get_file_contents(path)
        tree = yaml.compose(text.decode("utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EstateError([f"{shown}:{line}: this is not valid YAML: {error.problem}."]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise EstateError([f"{shown}:1: this is not valid YAML: {error}."]) from None
    except AnsibleError as error:
        raise EstateError([f"{shown}:1: {error.message}"]) from None
    if tree is None:
        return []
    faults = [f"{shown}:{line}: {fault}" for line, fault in _faults_of(tree)]
    if faults:
        raise EstateError(faults)
    items = _constructed(tree) or _loaded(path, shown, loader)
    found = []
    for node, item in zip(tree.value, items, strict=True):
        [(name, options)] = item.items()
        found.append(
            Raw(
                os.path.dirname(os.path.abspath(path)),
                shown,
                node.start_mark.line + 1,
                named(str(name)),
                options or {},
            )
        )
    return found


def _constructed(tree: yaml.Node) -> Any:
    """What is in a file, None where Ansible has to read it."""
    with contextlib.suppress(*UNFIT):
        return yaml.constructor.SafeConstructor().construct_document(tree) if _is_literal(tree, set()) else None
    return None


def _loaded(path: str, shown: str, loader: Any) -> Any:
    """What Ansible reads in a file. Raises EstateError."""
    keywords: JsonObject = {"cache": "none", "unsafe": True}
    if "trusted_as_template" in inspect.signature(loader.load_from_file).parameters:
        # Since ansible-core 2.19 only text that is marked is a template.
        keywords["trusted_as_template"] = True
    else:
        keywords["cache"] = False
    try:
        return loader.load_from_file(path, **keywords)
    except AnsibleError as error:
        raise EstateError([f"{shown}:1: {error.message}"]) from None
    except UNFIT as error:
        raise EstateError([f"{shown}:1: a value does not fit its tag: {error}."]) from None


def _faults_of(tree: yaml.Node) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) of a file's nodes."""
    if not isinstance(tree, yaml.SequenceNode):
        yield tree.start_mark.line + 1, "the file must be a list of entries."
        return
    try:
        size, _depth = _measured(tree, {})
    except RecursionError:
        yield 1, f"values must not contain themselves or be nested deeper than {DEPTH} levels."
        return
    if size > SIZE:
        yield 1, f"with its aliases, the file has {size} values. At most {SIZE} are supported."
        return
    for node in tree.value:
        is_entry = isinstance(node, yaml.MappingNode) and len(node.value) == 1
        if not is_entry or not isinstance(node.value[0][1], yaml.MappingNode):
            yield node.start_mark.line + 1, SHAPE
    yield from _duplicates(tree, set())


def _measured(node: yaml.Node, known: dict[int, tuple[int, int]], above: int = 0) -> tuple[int, int]:
    """(how many nodes it has, how deep they are nested), both with what aliases repeat. known: {id: the same}.

    Raises RecursionError for a node that contains itself or is nested too deep.
    """
    # While a node is measured, what it contains is deeper than allowed.
    size, depth = known.setdefault(id(node), (0, DEPTH + 1))
    if not size and above <= DEPTH:
        pairs = isinstance(node, yaml.MappingNode)
        below = [] if isinstance(node, yaml.ScalarNode) else node.value
        found = [_measured(each, known, above + 1) for item in below for each in (item if pairs else [item])]
        size = 1 + sum(each[0] for each in found)
        depth = 1 + max((each[1] for each in found), default=0)
        known[id(node)] = size, depth
    if above + depth > DEPTH:
        raise RecursionError
    return size, depth


def _duplicates(node: yaml.Node, seen: set[int]) -> Iterator[tuple[int, str]]:
    """Keys that stand twice in one mapping: YAML readers drop the first value. seen: ids, for aliases."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _duplicates(item, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    yield key.start_mark.line + 1, f"the key {key.value!r} appears twice in one mapping."
                keys.add(key.value)
            yield from _duplicates(value, seen)


def _is_literal(node: yaml.Node, seen: set[int]) -> bool:
    """Whether Ansible has nothing to do in it: no template, nothing encrypted, no tag of its own. Ansible reads slowly.

    seen: ids, for aliases.
    """
    if node.tag not in LITERALS:
        return False
    if isinstance(node, yaml.ScalarNode):
        return not may_be_template(node.value)
    if id(node) in seen:
        return True
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return all(_is_literal(item, seen) for item in node.value)
    return all(
        isinstance(key, yaml.ScalarNode) and _is_literal(key, seen) and _is_literal(value, seen)
        for key, value in node.value
    )


def may_be_template(text: str) -> bool:
    return "{" in text or text.startswith("#jinja2:")
