# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A creation takes several requests, and the name comes last. After a kill between any two of them, the next run
completes the creation and does not start a second one.
"""

from __future__ import annotations

import random

import pytest
from killing import Process
from scenarios.hasura import PLACE, has_env, only_tenant, tenants


def kill_often(world, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    options = {
        **world.platform_options("hasura"),
        "name": "shop",
        **PLACE,
        "env_vars": {"CACHE": "small"},
        "poll_interval": 0.05,
    }
    result, requests = Process(world, "hasura_tenant", options).finish()
    assert result["changed"] is True
    interrupted = 0
    for _kill in range(kills):
        assert not world.run("hasura_tenant", {"name": "shop", "state": "absent"}).failed
        assert [tenant["slug"] for tenant in tenants(world)] == ["hello-hasura"]
        interrupted += Process(world, "hasura_tenant", options).kill_at(chance.randrange(1, requests), chance)
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
