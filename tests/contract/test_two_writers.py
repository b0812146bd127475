# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two writers that change one tenant's environment variables at the same time: neither loses a change.

Each is the complete module with its own client, connection and real clock. The sandbox refuses a write
whose hash is not the current one, as the platform does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from scenarios.hasura import env, hello, set_env

from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.modules.hasura_env_vars import MODULE

WRITERS = ("LEFT", "RIGHT")
# The program of a process: the module's main(), with the options of each round from its standard input.
PROGRAM = """
import json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.modules.hasura_env_vars import MODULE
print("ready", flush=True)
for line in sys.stdin:
    options = ArgumentSpecValidator(**MODULE.spec).validate(json.loads(line)).validated_parameters
    print(json.dumps(_module.perform(MODULE, options, check_mode=False, want_diff=False, warn=print)), flush=True)
"""


def options_of(world, writer: str, number: int) -> dict:
    """Each round adds a variable, removes that of the previous round, and changes the value of one."""
    return {
        **world.platform_options("hasura"),
        "tenant_id": world.ids["tenant"],
        "wait": False,
        "env_vars": {f"{writer}_{number}": str(number), f"{writer}_ROUND": str(number)},
        "absent": [f"{writer}_{number - 1}"],
    }


def prepared(world) -> None:
    world.ids["tenant"] = hello(world)
    set_env(world, UNTOUCHED="kept")
    world.sandbox.forget()


def check_round(world, number: int, results: list) -> None:
    for result in results:
        assert not result.get("failed") and result["changed"] is True, result
    found = env(world)
    own = {name: value for name, value in found.items() if name.startswith(WRITERS)}
    assert own == {name: str(number) for writer in WRITERS for name in (f"{writer}_{number}", f"{writer}_ROUND")}
    assert found["UNTOUCHED"] == "kept" and "HASURA_GRAPHQL_ADMIN_SECRET" in found


def check_that_they_met(world, rounds: int) -> None:
    """Otherwise the test proves nothing. Without a conflict each round has one update of each writer."""
    updates = [call for call in world.sandbox.calls() if call["operation"] == "updateTenantEnv"]
    assert len(updates) > 2 * rounds, f"in {rounds} rounds the writers never got in each other's way"


def race_of_threads(world, rounds: int) -> None:
    prepared(world)
    start = threading.Barrier(len(WRITERS))
    results: dict = {}

    def write(writer: str, number: int) -> None:
        options = ArgumentSpecValidator(**MODULE.spec).validate(options_of(world, writer, number)).validated_parameters
        start.wait(10)
        results[writer] = _module.perform(MODULE, options, check_mode=False, want_diff=False, warn=print)

    for number in range(1, rounds + 1):
        threads = [threading.Thread(target=write, args=(writer, number)) for writer in WRITERS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        check_round(world, number, [results.pop(writer) for writer in WRITERS])
    check_that_they_met(world, rounds)


def race_of_processes(world, rounds: int) -> None:
    prepared(world)
    processes = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _writer in WRITERS
    ]
    try:
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(WRITERS)
        for number in range(1, rounds + 1):
            for writer, process in zip(WRITERS, processes, strict=True):
                process.stdin.write(json.dumps(options_of(world, writer, number)) + "\n")
                process.stdin.flush()
            check_round(world, number, [json.loads(process.stdout.readline()) for process in processes])
    finally:
        for process in processes:
            process.stdin.close()
            process.wait(30)
            process.stdout.close()
    check_that_they_met(world, rounds)


@pytest.mark.parametrize("race", [race_of_threads, race_of_processes])
def test_two_writers_lose_nothing(world, race):
    race(world, 10)


@pytest.mark.soak
@pytest.mark.parametrize("race", [race_of_threads, race_of_processes])
def test_two_writers_lose_nothing_in_a_hundred_rounds(world, race):
    race(world, 100)
