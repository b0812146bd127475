# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a package: its metadata and its imports."""

from __future__ import annotations

import ast
import re

from sandbox_client import SOURCE

PACKAGE = SOURCE / "paas_sandbox"


def test_the_lock_file_pins_every_dependency():
    text = (SOURCE / "pyproject.toml").read_text(encoding="utf-8")
    ranges = re.findall(r'^  "([\w-]+)>=([\d.]+),<([\d.]+)",$', text, re.MULTILINE)
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", (SOURCE / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    locked = {name.lower(): numbers(version) for name, version in pins}
    assert len(ranges) == text.count(">=") - 2  # except those of Python and the build tool
    for name, lowest, end in ranges:
        assert numbers(lowest) <= locked[name.lower()] < numbers(end), name


def test_the_console_script_is_the_module():
    text = (SOURCE / "pyproject.toml").read_text(encoding="utf-8")
    assert 'paas-sandbox = "paas_sandbox.__main__:main"' in text
    assert "def main() -> int:" in (PACKAGE / "__main__.py").read_text(encoding="utf-8")


def test_no_imports_go_in_circles():
    graph = {name: imported_by(name, path) for name, path in modules().items()}
    assert len(graph) > 60
    done = set()
    while left := {name for name in graph if name not in done}:
        ready = {name for name in left if not graph[name] - done}
        assert ready, f"these import each other: {sorted(left)}"
        done |= ready


def test_no_file_is_long():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name for name, length in lengths.items() if length > 450} == set()


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)]


def modules():
    """{dotted name: file} of the package."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = ("paas_sandbox", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_by(name, path):
    """The package's own modules that a file imports by name, including those under TYPE_CHECKING and in functions."""
    known = modules()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            target = f"{base}.{node.module}" if node.module else base
            for alias in node.names:
                submodule = f"{target}.{alias.name}"
                found.add(submodule if submodule in known else target)
    return found & set(known) - {name}
