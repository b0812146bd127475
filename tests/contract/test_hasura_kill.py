# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A creation takes several calls, and the name comes last: killed between any two of them, it is finished and not begun
anew.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time

import pytest
from scenarios.hasura import PLACE, has_env, only_tenant, tenants

# The module's class in a process of its own, with the options from its standard input.
PROGRAM = """
import json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.modules.hasura_tenant import MODULE
print("ready", flush=True)
options = ArgumentSpecValidator(**MODULE.spec).validate(json.loads(sys.stdin.readline())).validated_parameters
print(json.dumps(_module.perform(MODULE, options, check_mode=False, want_diff=False, warn=print)), flush=True)
"""


def begun(options: dict) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    process.stdin.write(json.dumps(options) + "\n")
    process.stdin.flush()
    return process


def ended(process: subprocess.Popen) -> None:
    process.communicate()


def kill_often(world, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    options = {
        **world.platform_options("hasura"),
        "name": "shop",
        **PLACE,
        "env_vars": {"CACHE": "small"},
        "poll_interval": 0.05,
    }
    process = begun(options)
    began = time.monotonic()
    assert json.loads(process.stdout.readline())["changed"] is True
    usual_time = time.monotonic() - began
    ended(process)
    interrupted = 0
    for _kill in range(kills):
        assert not world.run("hasura_tenant", {"name": "shop", "state": "absent"}).failed
        assert [tenant["slug"] for tenant in tenants(world)] == ["hello-hasura"]
        process = begun(options)
        time.sleep(chance.uniform(0, usual_time))
        interrupted += process.poll() is None
        process.kill()
        ended(process)
        assert len(tenants(world)) <= 2
        finished = world.run("hasura_tenant", options)
        assert not finished.failed, finished.result
        only_tenant(world)
        has_env(world, "shop", CACHE="small")
        assert world.run("hasura_tenant", options).result["changed"] is False
    assert interrupted >= kills / 2, f"only {interrupted} of {kills} runs were killed before their end"


@pytest.mark.kill
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_point_of_a_creation(world, seed):
    kill_often(world, 10, seed)


@pytest.mark.kill
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 105))
def test_killed_at_any_point_of_a_creation_often(world, seed):
    kill_often(world, 20, seed)
