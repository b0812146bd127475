# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every class of a module keeps to, read in its source: no state beside the plan, no knowledge of Ansible."""

from __future__ import annotations

import ast
import glob
import os

import pytest

from ansible_collections.webops.paas.plugins.module_utils._kernel import task as _task

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
