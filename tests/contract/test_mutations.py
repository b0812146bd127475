# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The suite checks itself: if a rule is removed from the collection, a test must fail.

Each mutation in mutations.py replaces one text in a copy of the collection. If the text does not occur exactly once,
the test fails: the rule has changed, and the table must be updated.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from harness import ROOT, Sandbox
from mutations import MUTATIONS, Mutation
from running_python import RunningPythons
from scenarios import SCENARIOS

from ansible_collections.webops.paas.plugins.module_utils._http import transport

COLLECTION = pathlib.Path("ansible_collections/webops/paas")
# No server listens on the discard port of the loopback interface, so no mutation can send requests elsewhere.
NOWHERE = "http://127.0.0.1:9"
WITHOUT = shutil.ignore_patterns("__pycache__")
# What the tests of all mutations import, none of it from the copy.
RUNNING = RunningPythons("pytest", "yaml", "ansible.module_utils.basic", "ansible.module_utils.common.arg_spec")


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pathlib.Path]:
    """A directory in which Ansible and Python find a copy of the collection with the files that the suite needs."""
    directory = tmp_path_factory.mktemp("mutations")
    tree = directory / COLLECTION
    tested = pathlib.Path(transport.__file__).parents[2]
    shutil.copytree(tested, tree / "plugins", ignore=WITHOUT)
    for part in ("meta", "roles/sandbox/files", "tests/contract", "tests/tools", "tests/unit/plugins/module_utils"):
        shutil.copytree(ROOT / part, tree / part, ignore=WITHOUT)
    yield directory
    RUNNING.end()
    shutil.rmtree(f"{os.environ['PYTHONPYCACHEPREFIX']}{directory}", ignore_errors=True)


@contextlib.contextmanager
def mutated(mutation: Mutation, directory: pathlib.Path) -> Iterator[None]:
    target = directory / COLLECTION / mutation.file
    source = target.read_text(encoding="utf-8")
    found = source.count(mutation.text)
    assert found == 1, f"{mutation.file} has this {found} times: {mutation.text}"
    text = source.replace(mutation.text, mutation.replacement)
    compile(text, mutation.file, "exec")
    # Python detects outdated bytecode by the file's time, which it compares in seconds.
    usual = target.stat().st_mtime
    target.write_text(text, encoding="utf-8")
    os.utime(target, (usual, usual - 3600 * (1 + MUTATIONS.index(mutation))))
    try:
        yield
    finally:
        target.write_text(source, encoding="utf-8")
        os.utime(target, (usual, usual))


def suite(directory: pathlib.Path, sandbox: Sandbox, selection: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Runs these tests of the copy in a separate process, with this process's sandbox, which no mutation changes."""
    scenarios = [one.id for one in SCENARIOS if any(re.search(rf"\[{one.id}[]-]", test) for test in selection)]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    env.update(
        PYTHONPATH=str(directory),
        ANSIBLE_COLLECTIONS_PATH=str(directory),
        http_proxy=NOWHERE,
        https_proxy=NOWHERE,
        no_proxy="127.0.0.1,localhost",
        CONTRACT_SANDBOX=str(sandbox.directory),
        CONTRACT_SCENARIOS=" ".join(scenarios),
    )
    options = [
        *("-q", "--exitfirst", "--tb=short"),
        *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest"),
        *("--basetemp", str(directory / "tmp")),
    ]
    python = RUNNING.client({"directory": str(directory)}, env)
    program = pathlib.Path(sys.executable).parent / "pytest"
    return subprocess.run(
        [python, program, *options, *(f"tests/{test}" for test in selection)],
        cwd=directory / COLLECTION,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_a_mutation_all_of_them_pass(copied: pathlib.Path, sandbox: Sandbox) -> None:
    selection = tuple(dict.fromkeys(test for mutation in MUTATIONS for test in mutation.selection))
    run = suite(copied, sandbox, selection)
    assert run.returncode == 0, run.stdout
    assert f"{len(selection)} passed" in run.stdout, run.stdout


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: re.sub(r"\W+", "-", mutation.name))
def test_a_mutation_is_noticed(copied: pathlib.Path, sandbox: Sandbox, mutation: Mutation) -> None:
    with mutated(mutation, copied):
        run = suite(copied, sandbox, mutation.selection)
    assert run.returncode == 1, f"it survives: {run.stdout}"
    assert "This is a defect in webops.paas" not in run.stdout, f"it breaks the code instead of a rule: {run.stdout}"
