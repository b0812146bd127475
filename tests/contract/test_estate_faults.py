# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates whose requests fail: the next run completes them, and nothing exists twice."""

from __future__ import annotations

from collections import Counter

import pytest
from estates import SHOP, applied, large, objects
from faults import DEADLINE, FAULTS


def operations_of(world):
    calls = [(call["platform"], call["operation"]) for call in applied(world, SHOP).calls]
    return list(dict.fromkeys(calls))


def check_that_it_survives(new_world, proofs, content, fault, platform, operation, number):
    """One request fails, the number-th of its operation; the next run completes the estate, with nothing twice.

    This is shown once for each state in which the first run ends.
    """
    world = new_world()
    before = objects(world)
    with fault.on(world, platform, operation, number, None if not fault.passing else 1):
        broken = applied(world, content, timeout=5, deadline=DEADLINE)
    if broken.result.get("failed"):
        assert broken.result["error"].get("code") and broken.result["msg"]
    state = f"{content} {world.sandbox.admin('GET', 'digest')['digest']}"
    if proofs.get(state, "estate"):
        return
    finished = applied(world, content)
    assert not finished.result.get("failed"), (operation, number, finished.result["msg"])
    settled = applied(world, content)
    assert settled.result["changed"] is False and not settled.writes, (operation, number)
    made = objects(world) - before
    assert set(made.values()) == {1}, (operation, number, made)
    proofs.add(state, "estate", evidence=True)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.everywhere], ids=lambda fault: fault.name)
def test_survives(new_world, proofs, fault):
    """The first request of each operation of a first run fails."""
    for platform, operation in operations_of(new_world()):
        if fault.concerns(platform):
            check_that_it_survives(new_world, proofs, SHOP, fault, platform, operation, 0)


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_large_estate_survives(new_world, proofs, fault):
    """Each single request of a first run fails, in each way."""
    world = new_world()
    calls = applied(world, large(world)).calls
    seen = Counter()
    for call in calls:
        platform, operation = call["platform"], call["operation"]
        number = seen[platform, operation]
        seen[platform, operation] += 1
        if fault.concerns(platform):
            check_that_it_survives(new_world, proofs, large(world), fault, platform, operation, number)


@pytest.mark.parametrize("keep_going", [False, True])
def test_what_does_not_depend_on_a_failure_can_go_on(world, keep_going):
    forbidden = {"platform": "netlify", "operation": "createSite", "kind": "status", "status": 403}
    world.sandbox.admin("POST", "faults", forbidden)
    run = applied(world, SHOP, keep_going=keep_going, concurrency=1)
    world.sandbox.admin("DELETE", "faults")
    assert run.result["failed"] and run.actions["netlify_site", "shop"] == "failed"
    assert run.actions["netlify_metadata", "shop"] == "skipped"
    assert (run.actions["netlify_dns_zone", "example.com"] == "created") is keep_going
    finished = applied(world, SHOP)
    assert not finished.result.get("failed") and len(world.api("GET", "/sites")) == 1
