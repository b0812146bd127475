# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the contract suite, and the matrix that it prints: module x call x fault."""

from __future__ import annotations

import gc
import os
import pathlib
import shutil
import sys
import tempfile

import pytest
from ansible.release import __version__ as ansible_version

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import faults
from doors import TwoDoors
from failing import Failing
from harness import Sandbox, World
from preparing import Preparations, Proofs
from usual import UsualRuns

from playbooks import MODULE_PYTHONS, READY_PYTHONS, RUNNING


def pytest_configure(config):
    config.addinivalue_line("markers", "playbook: goes through ansible-playbook")
    config.addinivalue_line("markers", "kill: kills processes at random points")
    config.addinivalue_line("markers", "xdist_group(name): with --dist loadgroup, one process runs all of a group")
    config.addinivalue_line("markers", "postgres: needs PostgreSQL, which the sandbox starts")
    config.addinivalue_line("markers", "soak: the long form of a test, left out of make test")
    config.addinivalue_line("markers", "old_python: needs Pythons 3.7 to 3.9, left out of make test")
    # As for make test, if some tests are selected by their names only.
    config.option.markexpr = config.option.markexpr or "not soak"
    # Before ansible-core 2.19, programs that pack a module at the same time would write into one file.
    is_safe = tuple(map(int, ansible_version.split(".")[:2])) >= (2, 19)
    if not (hasattr(config, "workerinput") and is_safe and "PACKED_MODULES" in os.environ):
        packed = os.environ["PACKED_MODULES"] = tempfile.mkdtemp()
        config.add_cleanup(lambda: shutil.rmtree(packed, ignore_errors=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Names the group of each test in its ID, by which pytest-xdist distributes them: its version 3.8 sets an attribute
    that pytest 9.2 does not have any more.
    """
    if not (hasattr(config, "workerinput") and config.getoption("loadgroup")):
        return
    for item in items:
        names = [mark.args[0] for mark in item.iter_markers("xdist_group")]
        suffix = f"@{names[0]}" if names else ""
        if not item.nodeid.endswith(suffix):
            item._id = type(item._id).parse(item.nodeid + suffix)
        assert item.nodeid.endswith(suffix), "the groups of tests are unknown to pytest-xdist"


def pytest_collection_finish():
    # The garbage collector would look at all tests again and again, and so often that it takes a tenth of the time.
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_unconfigure():
    for pythons in (RUNNING, MODULE_PYTHONS, READY_PYTHONS):
        pythons.end()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    running = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.close()


@pytest.fixture
def new_world(sandbox, tmp_path):
    """Creates a new world with its own directory on each call."""
    made = []

    def make(switches=None):
        directory = tmp_path / str(len(made))
        directory.mkdir()
        made.append(World(sandbox, directory, switches))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def prepared(sandbox, tmp_path_factory):
    """(scenario) -> a world in which it is prepared, and its options."""
    return Preparations(sandbox, tmp_path_factory.mktemp("prepared")).prepared


@pytest.fixture(scope="session")
def proofs():
    return Proofs()


@pytest.fixture(scope="session")
def usual(prepared):
    return UsualRuns(prepared)


@pytest.fixture(scope="session")
def failing(prepared, proofs, usual):
    return Failing(prepared, proofs, usual)


@pytest.fixture
def world(new_world):
    return new_world()


@pytest.fixture
def doors(tmp_path):
    return TwoDoors(tmp_path)


@pytest.fixture(scope="session")
def groups_run():
    """Groups of parts whose run of ansible-playbook is finished."""
    return set()


@pytest.fixture
def played(request, groups_run, sandbox, tmp_path_factory):
    """The test's parameter C(part), after its play has run together with those of all selected tests of its group."""
    part = request.node.callspec.params["part"]
    if part.group not in groups_run:
        groups_run.add(part.group)
        selected = (item.callspec.params.get("part") for item in request.session.items if hasattr(item, "callspec"))
        parts = [other for other in selected if other is not None and other.group == part.group]
        part.run(parts, sandbox, tmp_path_factory.mktemp("parts"))
    part.check()
    return part


def pytest_terminal_summary(terminalreporter, config):
    cells, switches = {}, set()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "cell":
                module, call, fault, mark = value
                cells.setdefault((module, call), {})[fault] = mark
            elif name == "switch":
                switches.add(tuple(value))
    if cells:
        terminalreporter.section("module x call x fault")
        for line in faults.matrix_lines(cells):
            terminalreporter.write_line(line)
    if switches:
        terminalreporter.write_line(
            f"{len(switches)} other ways of the platforms were tried: "
            + ", ".join(f"{name}={value}" for name, value in sorted(switches, key=str))
        )
