# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules in separate processes, with the real clock, that are killed (SIGKILL) while they run."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time

# Runs a module's class in the same way as its main().
PROGRAM = """
import importlib, json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
MODULE = importlib.import_module("ansible_collections.webops.paas.plugins.modules." + sys.argv[1]).MODULE
options = ArgumentSpecValidator(**MODULE.spec).validate(json.loads(sys.argv[2])).validated_parameters
result = _module.perform(MODULE, options, check_mode=False, want_diff=False, warn=lambda message: None)
print(json.dumps(result), flush=True)
"""


class Process:
    """One run of a module. The number of requests that the platform has received decides when it is killed, because
    the duration of a run depends on the load of the machine.
    """

    def __init__(self, world, module: str, options: dict) -> None:
        self._world = world
        world.sandbox.news()
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, module, json.dumps(options)], stdout=subprocess.PIPE, text=True
        )

    def finish(self) -> tuple[dict, int]:
        """Waits for the end; returns the result and the number of requests."""
        result = json.loads(self._process.communicate()[0])
        return result, len(self._world.sandbox.news())

    def kill_at(self, request: int, chance: random.Random) -> bool:
        """Kills it after the platform has received that number of requests, and before the next one; returns
        whether it was still running.
        """
        seen = 0
        while seen < request and self._process.poll() is None:
            seen += len(self._world.sandbox.news())
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        was_running = self._process.poll() is None
        self._process.kill()
        self._process.communicate()
        return was_running
