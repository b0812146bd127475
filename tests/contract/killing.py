# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules in separate processes, with the real clock, that are killed (SIGKILL) while they run."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.connection import Connection

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from harness import World, definition_of

from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform

# This process has imported everything: to start a new Python would take longer than what a module does.
FORKING = multiprocessing.get_context("fork")


def run(module: str, options: dict, result: Connection) -> None:
    """Runs a module's class in the same way as its main()."""
    definition = definition_of(module)
    validated = ArgumentSpecValidator(**definition.spec).validate(options).validated_parameters
    result.send(perform(definition, validated, check_mode=False, want_diff=False, warn=lambda message: None))


class Process:
    """One run of a module. The number of requests that the platform has received decides when it is killed, because
    the duration of a run depends on the load of the machine.
    """

    def __init__(self, world: World, module: str, options: dict) -> None:
        self._world = world
        world.sandbox.news()
        self._result, result = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(target=run, args=(module, options, result))
        self._process.start()
        result.close()

    def finish(self) -> tuple[dict, int]:
        """Waits for the end; returns the result and the number of requests."""
        result = self._result.recv()
        self._process.join()
        return result, len(self._world.sandbox.news())

    def kill_at(self, request: int, chance: random.Random) -> bool:
        """Kills it after the platform has received that number of requests, and before the next one; returns
        whether it was still running.
        """
        seen = 0
        while seen < request and self._process.is_alive():
            seen += len(self._world.sandbox.news())
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        was_running = self._process.is_alive()
        self._process.kill()
        self._process.join()
        return was_running
