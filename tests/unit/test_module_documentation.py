# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of each module has samples, an ad-hoc example, and a link to its guide."""

from __future__ import annotations

import json
import pathlib
import re
import shlex
from collections.abc import Iterator

import pytest
from reading import assigned_strings, documentation

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
GUIDE = "ansible_collections.webops.paas.docsite."
EACH_MODULE = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def options_of(path: pathlib.Path) -> set[str]:
    """The names of all options, aliases and those of the fragments included."""
    own = documentation(path)
    options = dict(own.get("options", {}))
    for fragment in own["extends_documentation_fragment"]:
        name, _dot, part = fragment.removeprefix("webops.paas.").partition(".")
        file = ROOT / "plugins" / "doc_fragments" / f"{name}.py"
        options.update(documentation(file, (part or "documentation").upper())["options"] or {})
    return {name for option, entry in options.items() for name in (option, *(entry or {}).get("aliases", ()))}


def ad_hoc_commands(path: pathlib.Path) -> list[list[str]]:
    """The words of each `ansible` command in the comments of the examples. A backslash continues a command."""
    examples = re.sub(r" *\\\n# *", " ", assigned_strings(path)["EXAMPLES"])
    return [shlex.split(command) for command in re.findall(r"^# (ansible .*)$", examples, re.MULTILINE)]


def leaves(returned: dict, place: str = "") -> Iterator[tuple[str, object]]:
    """(path, sample) of each returned value that contains no others, unless it is always null."""
    for name, entry in returned.items():
        if "contains" in entry:
            yield from leaves(entry["contains"], f"{place}{name}.")
        elif "Always V(null)" not in str(entry["description"]):
            yield place + name, entry.get("sample")


@EACH_MODULE
def test_each_returned_value_has_a_sample(path: pathlib.Path) -> None:
    assert not [place for place, sample in leaves(documentation(path, "RETURN")) if sample is None]


@EACH_MODULE
def test_the_sample_of_the_whole_has_all_values(path: pathlib.Path) -> None:
    for name, entry in documentation(path, "RETURN").items():
        if "contains" in entry:
            whole = entry["sample"][0] if entry["type"] == "list" else entry["sample"]
            assert set(entry["contains"]) <= set(whole), name


@EACH_MODULE
def test_an_ad_hoc_example_names_existing_options(path: pathlib.Path) -> None:
    commands = ad_hoc_commands(path)
    assert commands
    for command in commands:
        assert command[:4] == ["ansible", "localhost", "-m", f"webops.paas.{path.stem}"]
        given = command[command.index("-a") + 1] if "-a" in command else "{}"
        is_json = given.startswith("{")
        names = json.loads(given) if is_json else [word.partition("=")[0] for word in shlex.split(given)]
        assert not set(names) - options_of(path)


@EACH_MODULE
def test_the_guide_is_in_seealso(path: pathlib.Path) -> None:
    references = [entry for entry in documentation(path)["seealso"] if "ref" in entry]
    assert references
    for entry in references:
        assert entry["ref"].startswith(GUIDE)
        assert (ROOT / "docs" / "docsite" / "rst" / f"{entry['ref'].removeprefix(GUIDE)}.rst").exists()


def test_all_modules_that_send_a_credential_to_a_tenant_are_named() -> None:
    fragment = documentation(ROOT / "plugins" / "doc_fragments" / "hasura.py", "DOCUMENTATION")
    named = re.findall(r"M\(webops\.paas\.(\w+)\)", str(fragment["options"]["trusted_hosts"]["description"]))
    assert named == [path.stem for path in MODULES if "admin_secret" in options_of(path)]


@EACH_MODULE
def test_a_preview_is_said_in_the_second_item(path: pathlib.Path) -> None:
    description = documentation(path)["description"]
    assert [number for number, item in enumerate(description) if item.startswith("B(Preview:)")] in ([], [1])
