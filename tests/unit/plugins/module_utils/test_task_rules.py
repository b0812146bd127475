# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every class of a module keeps to, read in its source: no state beside the plan, no knowledge of Ansible."""

from __future__ import annotations

import ast
import glob
import os
import re
import types

import pytest

from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.module_utils._kernel import plan as _plan
from ansible_collections.webops.paas.plugins.module_utils._kernel import task as _task
from ansible_collections.webops.paas.plugins.module_utils._kernel.collection import Collection
from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Resource

PLUGINS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(_task.__file__))))
# What a class would have to know of Ansible or HTTP.
FORBIDDEN = {"exit_json", "fail_json", "check_mode", "requests", "AnsibleModule"}


def tree_of(path: str) -> ast.Module:
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read())


MODULES = sorted(glob.glob(os.path.join(PLUGINS, "modules", "*.py")))
CLASSES = [
    pytest.param(node, id=f"{os.path.basename(path)[:-3]}.{node.name}")
    for path in MODULES
    for node in tree_of(path).body
    if isinstance(node, ast.ClassDef)
]


SOURCES = sorted(glob.glob(os.path.join(PLUGINS, "**", "*.py"), recursive=True))


@pytest.mark.parametrize("excuse", ["type: ignore", "noqa", "NotImplementedError"])
def test_nothing_is_excused(excuse):
    assert len(SOURCES) > 200
    found = []
    for path in SOURCES:
        with open(path, encoding="utf-8") as file:
            found += [path] * (excuse in file.read())
    assert not found


def test_no_expression_stands_in_a_text_as_it_is():
    """A part of an f-string that lost its f when it was broken into lines."""
    found = []
    for path in SOURCES:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        found += [
            f"{path}: {node.value}"
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\{[^{}]*(\.join\(|\w!r\})", node.value)
        ]
    assert not found


def test_a_name_is_exported_in_one_place():
    assert not set(_module.__all__) & set(_plan.__all__)


@pytest.mark.parametrize(
    "shape, methods, needed",
    [
        (Resource[object], ("read", "update", "view"), "create"),
        (Resource[object], ("read", "update", "view"), "create_or_find"),
        (Collection[object, object], ("read", "result"), "write"),
        (Collection[object, object], ("read", "result"), "apply"),
    ],
)
def test_a_shape_says_what_a_class_lacks_when_it_is_defined(shape, methods, needed):
    body = dict.fromkeys(methods, lambda self, *arguments: None)
    with pytest.raises(TypeError, match=needed):
        types.new_class("Task", (shape,), exec_body=lambda space: space.update(body))
    types.new_class("Task", (shape,), exec_body=lambda space: space.update(body, **{needed: lambda self, *more: None}))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_keeps_nothing_beside_the_plan(kind):
    kept = [
        f"line {target.lineno}: self.{target.attr}"
        for target in ast.walk(kind)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, (ast.Store, ast.Del))
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    ]
    assert not kept, f"What apply needs belongs into the changes of the plan: {kept}"


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_knows_neither_ansible_nor_requests(kind):
    names = {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(kind) if isinstance(node, ast.Attribute)}
    assert not names & FORBIDDEN


@pytest.mark.parametrize("kind", CLASSES)
def test_every_method_says_its_types(kind):
    untyped = [
        node.name
        for node in kind.body
        if isinstance(node, ast.FunctionDef)
        and (node.returns is None or any(each.annotation is None for each in node.args.args[1:]))
    ]
    assert not untyped
