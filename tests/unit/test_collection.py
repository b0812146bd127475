# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the collection as a whole: files that belong together, and which file may import which other."""

from __future__ import annotations

import ast
import functools
import os
import pathlib
import re
import sys

import pytest
import reading
from reading import assigned_strings, documentation

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import new_module

ROOT = new_module.ROOT
PLUGINS = ROOT / "plugins"
PLATFORMS = ("fleek", "flightcontrol", "hasura", "netlify")
OWN_PACKAGE = "ansible_collections.webops.paas.plugins."

# The folders of module_utils from the ground up. A file imports from its own folder and from lower floors.
FLOORS = (
    {"_core"},
    {"_http"},
    {f"_{platform}" for platform in PLATFORMS} | {"_web"},
    {"_kernel"},
)

# Changed, so that this file does not contain the text that it searches for.
NAMES = "pypi org, pythonhosted org, registry npmjs org, registry yarnpkg com, deb debian org, archive ubuntu com"
REGISTRIES = tuple(name.replace(" ", ".") for name in NAMES.split(", "))
MACHINE_PATH = re.compile(r"(?<![\w.}>])/(?:" + "|".join(("work", "root", "home/[a-z]+")) + r")/\w")

# Directories that tools create, in the checkout or in a copy of it.
NOT_OURS = {
    ".ansible",
    ".build",
    ".cache",
    ".git",
    ".hypothesis",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "node_modules",
}


def load(path):
    return reading.load(ROOT / path)


def python_files(*directories):
    return sorted(path for directory in directories for path in (ROOT / directory).rglob("*.py"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def each(paths):
    """Parametrize a test over files, under their names."""
    return pytest.mark.parametrize("path", paths, ids=relative)


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imported_names(path):
    """What a file imports, at any place: (full dotted name of the source or None, name)."""
    names = []
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names += [(None, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [(source_of(node, path), alias.name) for alias in node.names]
    return names


@functools.cache
def imports(path):
    """The full dotted names that a file imports, at any place."""
    return {f"{source}.{name}" if source else name for source, name in imported_names(path)}


def source_of(node, path):
    """The full dotted name of what an import is from."""
    if not node.level:
        return node.module
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    parents = package.split(".")
    return ".".join(filter(None, (*parents[: len(parents) - node.level + 1], node.module)))


def imported_utils(path):
    """The folders of module_utils that a file imports from."""
    prefix = OWN_PACKAGE + "module_utils."
    return {name.removeprefix(prefix).split(".")[0] for name in imports(path) if name.startswith(prefix)}


def platform_of(name):
    """The platform that a file or folder belongs to by its name, or None."""
    return next((platform for platform in PLATFORMS if re.match(rf"_?{platform}(_|$)", name)), None)


def floor_of(folder):
    floor = next((number for number, names in enumerate(FLOORS) if folder in names), None)
    assert floor is not None, f"give plugins/module_utils/{folder} its place in FLOORS"
    return floor


MODULES = python_files("plugins/modules")
UTILS = python_files("plugins/module_utils")
MODULE_NAMES = {path.stem for path in MODULES}
# They run in the controller process only. They have no connection, and so none of the defaults of other modules.
OF_ESTATES = set(new_module.OF_ESTATES)


def test_the_collection_has_modules_and_utils():
    assert MODULES
    assert UTILS


def test_one_version():
    constants = assigned_strings(PLUGINS / "module_utils" / "_core" / "version.py")
    assert constants["VERSION"] == load("galaxy.yml")["version"]


def test_one_home():
    galaxy = load("galaxy.yml")
    assert galaxy["homepage"] == galaxy["repository"]
    assert galaxy["issues"] == galaxy["repository"] + "/issues"
    assert galaxy["documentation"] == galaxy["repository"] + "#readme"
    assert assigned_strings(PLUGINS / "module_utils" / "_core" / "version.py")["HOMEPAGE"] == galaxy["repository"]


def test_action_groups_hold_exactly_the_modules():
    expected = {"all": sorted(MODULE_NAMES - OF_ESTATES)}
    for name in sorted(MODULE_NAMES):
        if platform_of(name):
            expected.setdefault(platform_of(name), []).append(name)
    groups = load("meta/runtime.yml")["action_groups"]
    assert {group: sorted(members) for group, members in groups.items()} == expected


def test_each_module_has_its_fast_door_and_none_carries_logic():
    """Generated: python3 tests/tools/new_module.py --actions"""
    expected = {name: new_module.action_plugin(name) for name in MODULE_NAMES}
    assert {path.stem: path.read_text(encoding="utf-8") for path in python_files("plugins/action")} == expected


def test_only_estates_have_an_action_of_their_own():
    own = {path.stem for path in python_files("plugins/action") if "MODULE" not in path.read_text(encoding="utf-8")}
    assert own == OF_ESTATES


def test_action_plugins_are_found_by_their_names_alone():
    """A redirect would lose module_defaults, and an action_plugin entry would load the class again in each task."""
    assert "plugin_routing" not in load("meta/runtime.yml")


def documented_attributes(path):
    """The attributes in a module's documentation, those of its fragments included, each with its membership."""
    own = documentation(path)
    attributes = {}
    for fragment in own.get("extends_documentation_fragment", []):
        namespace, collection, name, *section = fragment.split(".")
        if (namespace, collection) == ("webops", "paas"):
            file = PLUGINS / "doc_fragments" / f"{name}.py"
            part = documentation(file, section[0].upper() if section else "DOCUMENTATION")
            attributes.update(part.get("attributes", {}))
    return attributes | own.get("attributes", {})


@each(MODULES)
def test_module_documents_its_attributes(path):
    attributes = documented_attributes(path)
    assert {"check_mode", "diff_mode", "idempotent", "action_group"} <= set(attributes)
    groups = {"webops.paas.all", f"webops.paas.{platform_of(path.stem) or 'all'}"}
    expected = set() if path.stem in OF_ESTATES else groups
    assert set(attributes["action_group"]["membership"]) == expected


@each(MODULES)
def test_module_is_used_by_an_integration_target(path):
    """A target may use several modules: starting a sandbox for each of them would take longer than the tests."""
    used = re.compile(rf"^\s*(?:- )?webops\.paas\.{path.stem}:", re.MULTILINE)
    targets = (ROOT / "tests" / "integration" / "targets").glob("*/tasks/*.yml")
    assert any(used.search(target.read_text(encoding="utf-8")) for target in targets)


@each(UTILS)
def test_utils_import_downwards_only(path):
    for other in imported_utils(path):
        own = path.parent.name
        assert other == own or floor_of(other) < floor_of(own), f"{own} may not import {other}"


@each(UTILS)
def test_utils_import_nothing_from_above(path):
    own = {name for name in imports(path) if name.startswith("ansible_collections.")}
    assert all(name.startswith(OWN_PACKAGE + "module_utils.") for name in own), own


@each(UTILS)
def test_only_module_knows_ansible(path):
    knows_ansible = any(name.split(".")[0] == "ansible" for name in imports(path))
    assert knows_ansible == (path.parent.name == "_kernel" and path.stem == "module")


@each(
    [
        *MODULES,
        PLUGINS / "module_utils" / "_core" / "interpreter.py",
        PLUGINS / "module_utils" / "_kernel" / "module.py",
    ]
)
def test_an_old_python_can_read_what_refuses_it(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))


@each(python_files("plugins"))
def test_only_http_imports_requests(path):
    third_party = {name.split(".")[0] for name in imports(path)} & {"requests", "urllib3"}
    assert not third_party or path == PLUGINS / "module_utils" / "_http" / "third_party.py"


@each(python_files("plugins"))
def test_one_platform_knows_no_other(path):
    platforms = {platform_of(other) for other in imported_utils(path)} - {None}
    assert platforms <= {platform_of(path.stem), platform_of(path.parent.name)}


@each(UTILS)
def test_utils_are_private_and_say_so(path):
    assert path.parent.name.startswith("_") and path.parent.parent.name == "module_utils"
    assert "private to the collection" in " ".join((ast.get_docstring(parse(path)) or "").lower().split())


@each(MODULES)
def test_classes_of_modules_leave_ansible_to_the_shared_code(path):
    """The effects of a class must not depend on how the module was called."""
    for class_node in (node for node in ast.walk(parse(path)) if isinstance(node, ast.ClassDef)):
        names = {
            getattr(node, "attr", getattr(node, "id", getattr(node, "arg", None))) for node in ast.walk(class_node)
        }
        assert not names & {"AnsibleModule", "check_mode", "exit_json", "fail_json", "requests"}


@each(sorted(path for path in PLUGINS.rglob("*") if path.is_file() and "__pycache__" not in path.parts))
def test_no_plugin_knows_of_the_sandbox(path):
    assert "sandbox" not in path.read_text(encoding="utf-8").lower()


@each(python_files("plugins", "roles", "tests"))
def test_python_files_carry_the_licence(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert tuple(lines[1:4] if lines[0].startswith("#!") else lines[0:3]) == tuple(new_module.LICENCE.splitlines())


def test_readme_lists_the_modules_as_they_describe_themselves():
    """Generated: python3 tests/tools/new_module.py --readme"""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert new_module.readme(text) == text and re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_no_sanity_check_is_ignored():
    assert not (ROOT / "tests" / "sanity").exists()


def project_files():
    """All files of this copy of the project, except those that tools wrote."""
    for directory, subdirectories, names in os.walk(ROOT):
        here = pathlib.Path(directory)
        subdirectories[:] = [
            name for name in subdirectories if name not in NOT_OURS and (here / name) != ROOT / "tests" / "output"
        ]
        written = {ROOT / "tests" / "integration" / name for name in ("integration_config.yml", "inventory")}
        # In a working tree beside the first one, .git is a file.
        yield from (here / name for name in names if here / name not in written and name != ".git")


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    found = []
    for path in project_files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if any(registry in line for registry in REGISTRIES) or MACHINE_PATH.search(line):
                found.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


# -- error codes -------------------------------------------------------------------------------------------------------

CODES = new_module.error_codes()


@functools.cache
def texts_in(path):
    """The strings of a file, and those that it uses as C(code): as an argument, and in a dict of an error's details."""
    texts, codes = set(), set()
    for node in ast.walk(parse(path)):
        pairs = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        if isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        elif isinstance(node, ast.Dict):
            pairs = [(getattr(key, "value", None), value) for key, value in zip(node.keys, node.values, strict=True)]
        values = [getattr(value, "value", None) for name, value in pairs if name == "code"]
        codes.update(value for value in values if isinstance(value, str))
    return texts, codes


@each(python_files("plugins"))
def test_error_codes_are_in_the_table(path):
    """If not, add the code and its meaning to plugins/module_utils/_core/codes.py, and generate the page again."""
    _texts, codes = texts_in(path)
    assert codes <= CODES.keys()


def test_the_table_has_no_other_error_codes():
    texts = [texts_in(path)[0] for path in python_files("plugins") if path.name != "codes.py"]
    assert CODES.keys() <= set().union(*texts)
    assert list(CODES) == sorted(CODES)


def test_the_page_of_error_codes_is_generated():
    """Generated: python3 tests/tools/new_module.py --errors"""
    page = ROOT / "docs" / "docsite" / "rst" / "error_codes.rst"
    assert page.read_text(encoding="utf-8") == new_module.errors_page()


@each(MODULES)
def test_documented_error_codes_are_in_the_table(path):
    error = documentation(path, "RETURN")["error"]
    assert error["sample"]["code"] in CODES and "error_codes" in str(error["description"])


def test_playbooks_and_pages_know_only_error_codes_of_the_table():
    for directory in ("docs", "extensions", "playbooks", "roles", "tests"):
        for path in (ROOT / directory).rglob("*.*"):
            if path.suffix in (".yml", ".rst", ".md"):
                text = path.read_text(encoding="utf-8")
                named = re.findall(r"""\berror\.code\b[^'"\n]*[!=]= ?['"]([^'"]+)""", text)
                assert set(named) <= CODES.keys(), relative(path)


# -- the tree as a whole -----------------------------------------------------------------------------------------------

SANDBOX = ROOT / "roles" / "sandbox" / "files"
PYTHON = python_files("plugins", "roles", "extensions", "tests")
# Lines that a Python file may have, the documentation of a module or an event source apart.
MOST_LINES = 450


def module_name(path):
    """The name by which others import a file of the plugins or of the sandbox."""
    if path.is_relative_to(SANDBOX):
        name = ".".join(path.relative_to(SANDBOX).with_suffix("").parts)
    else:
        name = "ansible_collections.webops.paas." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imported_from(path, known):
    """The files among the known ones, {name: path}, that a file imports, also for its types alone."""
    for source, name in imported_names(path):
        if source:
            # A submodule of that name, or else a member of the module itself.
            name = f"{source}.{name}" if f"{source}.{name}" in known else source
        if name in known and known[name] != path:
            yield known[name]


def circle_among(graph):
    """The files of one import cycle in {path: the files that it imports}; none if there is no cycle."""
    left = dict(graph)
    while leaves := [path for path, others in left.items() if not set(others) & left.keys()]:
        for path in leaves:
            del left[path]
    return sorted(map(relative, left))


def test_imports_have_no_circles():
    known = {module_name(path): path for path in python_files("plugins", "roles/sandbox/files")}
    graph = {path: set(imported_from(path, known)) for path in known.values()}
    assert sum(map(len, graph.values())) > 500
    assert not circle_among(graph)


def test_a_circle_would_be_found():
    first, second, third = (ROOT / name for name in ("a.py", "b.py", "c.py"))
    assert circle_among({first: {second}, second: {first}, third: {first}}) == ["a.py", "b.py", "c.py"]
    assert circle_among({first: {second}, second: {third}, third: set()}) == []


@each(PYTHON)
def test_no_private_name_is_imported(path):
    """Folders do not count: those below module_utils are private as a whole."""
    private = {
        name
        for source, name in imported_names(path)
        if source and re.match(r"_[^_]", name) and not (PLUGINS / "module_utils" / name).is_dir()
    }
    assert not private


@each(PYTHON)
def test_no_file_is_too_long(path):
    text = path.read_text(encoding="utf-8")
    if path.parent in (PLUGINS / "modules", ROOT / "extensions" / "eda" / "plugins" / "event_source"):
        text = re.sub(r'^(DOCUMENTATION|EXAMPLES|RETURN) = r""".*?"""\n', "", text, flags=re.DOTALL | re.MULTILINE)
    lines = text.count("\n")
    assert lines <= MOST_LINES, f"{relative(path)} has {lines} lines: move a subject to a file of its own"


def test_no_two_files_of_tests_have_the_same_name():
    """pytest imports them by that name, so it could not run them together."""
    names = [path.name for path in python_files("tests/unit", "tests/sandbox") if path.name.startswith("test_")]
    assert names and sorted(names) == sorted(set(names))
