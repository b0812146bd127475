# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files for AWX fit the modules, playbooks and inventory plugins; make awx runs them."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest
from reading import load

ROOT = pathlib.Path(__file__).resolve().parents[2]
AWX = ROOT / "extensions" / "awx"
PROJECT = AWX / "project"
GUIDE = (ROOT / "docs" / "docsite" / "rst" / "awx_guide.rst").read_text(encoding="utf-8")
DOCUMENTATION = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*.py"))
TYPES = sorted((AWX / "credential_types").glob("*.yml"))
PLATFORMS = [path.stem for path in TYPES]


OBJECTS = load(AWX / "templates.yml")
TEMPLATES = OBJECTS["estate_templates"] + OBJECTS["platform_templates"]


@pytest.mark.parametrize("path", TYPES, ids=PLATFORMS)
def test_a_credential_type_injects_the_variables_of_the_modules(path: pathlib.Path) -> None:
    found = load(path)
    fields = {field["id"]: field for field in found["inputs"]["fields"]}
    variables = found["injectors"]["env"]
    assert {value.strip("{ }") for value in variables.values()} == set(fields)
    for variable, template in variables.items():
        assert f"E({variable})" in DOCUMENTATION
        assert f":ansenvvar:`{variable}`" in GUIDE
        assert f"``{template.strip('{ }')}``" in GUIDE
        is_secret = re.search(r"TOKEN|KEY|SECRET|HOOK", variable) is not None
        assert fields[template.strip("{ }")].get("secret", False) == is_secret, variable
    assert found["inputs"]["required"] == ["token"]


def test_each_platform_has_an_inventory_source() -> None:
    assert sorted(OBJECTS["sources"]) == PLATFORMS
    for platform, source in OBJECTS["sources"].items():
        assert source.endswith(f".{platform}.yml")
        assert load(PROJECT / source)["plugin"] == f"webops.paas.{platform}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_a_template_runs_a_playbook_that_knows_its_questions(template: dict[str, Any]) -> None:
    plays = load(PROJECT / template["playbook"])
    imported = [play["ansible.builtin.import_playbook"] for play in plays if "ansible.builtin.import_playbook" in play]
    assert imported or template["name"] == "verify"
    text = (PROJECT / template["playbook"]).read_text(encoding="utf-8")
    for name in imported:
        playbook = (ROOT / "playbooks" / f"{name.removeprefix('webops.paas.')}.yml").read_text(encoding="utf-8")
        roles = [ROOT / "roles" / role for role in re.findall(r"role: webops\.paas\.(\w+)", playbook)]
        text += playbook + "".join((role / "defaults" / "main.yml").read_text(encoding="utf-8") for role in roles)
    for question in template.get("survey", []):
        assert re.search(rf"\b{question['variable']}\b", text), question["variable"]
        # AWX's API asks for required answers even if they have a default.
        assert not (question["required"] and "default" in question), question["variable"]


def test_the_steps_of_the_workflow_are_templates_or_approvals() -> None:
    names = {template["name"] for template in OBJECTS["estate_templates"]}
    steps = OBJECTS["steps"]
    assert {name for name, step in steps.items() if "approval" not in step} <= names
    assert {following for step in steps.values() for following in step.get("then", [])} == steps.keys() - {"check"}


def test_all_modules_of_awx_are_in_the_included_file() -> None:
    """Ansible would refuse the playbook itself where awx.awx is missing."""
    assert "awx.awx." not in str(load(ROOT / "playbooks" / "awx_setup.yml"))
    assert "awx.awx.job_template" in (ROOT / "playbooks" / "tasks" / "awx_setup.yml").read_text(encoding="utf-8")


def test_the_execution_environment_has_the_collection_alone() -> None:
    dependencies = load(AWX / "execution-environment.yml")["dependencies"]
    assert dependencies.keys() == {"python_interpreter", "ansible_core", "ansible_runner", "galaxy"}
    assert len(dependencies["galaxy"]["collections"]) == 1
