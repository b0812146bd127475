# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds of scenarios: each is prepared once, and then restored from a snapshot of the sandbox and of the local files;
what was proved in a state is not proved again in the same state.
"""

from __future__ import annotations

import copy
import hashlib
import os
import pathlib
import shutil
from collections.abc import Sequence
from typing import Any

import pytest
from harness import Outcome, Sandbox, World
from scenarios import SCENARIOS, Scenario

# The IDs of some scenarios, for a run of a few tests: to collect all of them would take longer than to run these.
ONLY = os.environ.get("CONTRACT_SCENARIOS")
CHOSEN = [scenario for scenario in SCENARIOS if ONLY is None or scenario.id in ONLY.split()]
# All tests of a module run in one process, which knows what was shown in which state.
EVERY_SCENARIO = pytest.mark.parametrize(
    "scenario",
    [pytest.param(one, id=one.id, marks=pytest.mark.xdist_group(one.module)) for one in CHOSEN],
)
EVERY_MODULE = pytest.mark.parametrize(
    "module",
    [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in dict.fromkeys(one.module for one in CHOSEN)],
)


class Preparations:
    """All worlds of a scenario have the same directory, with the same path in their options."""

    def __init__(self, sandbox: Sandbox, directory: pathlib.Path) -> None:
        self._sandbox = sandbox
        self._directory = directory
        # The IDs of objects and the options, by the ID of the scenario.
        self._made: dict[str, tuple[dict, dict]] = {}

    def prepared(self, scenario: Scenario, faults: Sequence[dict] = ()) -> tuple[World, dict]:
        """A world in which the scenario is prepared and these faults are ordered, and the scenario's options."""
        kept, used = self._directory / scenario.id / "kept", self._directory / scenario.id / "used"
        if scenario.id not in self._made:
            # Left over from a preparation that failed, whose error each test of the scenario shows.
            shutil.rmtree(used, ignore_errors=True)
            used.mkdir(parents=True)
            world = World(self._sandbox, used)
            scenario.given(world)
            options = scenario.options_for(world)
            self._sandbox.admin("POST", "snapshot", {"name": self._name(scenario)})
            shutil.copytree(used, kept, symlinks=True)
            self._made[scenario.id] = copy.deepcopy((world.ids, options))
        # Most scenarios have no files.
        if os.listdir(kept) or os.listdir(used):
            shutil.rmtree(used)
            shutil.copytree(kept, used, symlinks=True)
        world = World(self._sandbox, used, snapshot=self._name(scenario), faults=faults)
        world.ids, options = copy.deepcopy(self._made[scenario.id])
        return world, options

    @staticmethod
    def _name(scenario: Scenario) -> str:
        """Several processes may use the same sandbox."""
        return f"{scenario.id} of {os.getpid()}"


class Proofs:
    """The states in which something was proved: of the sandbox (two states with the same digest are the same to every
    client), of the files in the world's directory, and of the scenario.
    """

    def __init__(self) -> None:
        self._proved: dict[tuple[str, ...], Any] = {}
        # How often something had been proved, and how often it had to be.
        self.known, self.new = 0, 0

    @staticmethod
    def state_of(world: World, scenario: Scenario, outcome: Outcome) -> str:
        """The state in which a run has left a world."""
        assert outcome.digest
        files = [
            (str(path.relative_to(world.directory)), path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(world.directory.rglob("*"))
        ]
        return hashlib.sha256(repr((scenario.id, outcome.digest, files, world.ids)).encode()).hexdigest()

    def get(self, state: str, what: str) -> Any:
        """What C(add) was told; None if it was not proved in this state."""
        found = self._proved.get((state, what))
        self.known += found is not None
        return found

    def add(self, state: str, what: str, evidence: Any) -> None:
        self.new += 1
        self._proved[state, what] = evidence
