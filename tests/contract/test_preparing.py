# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the suite shows only once in a state, it shows again when something differs."""

from __future__ import annotations

import dataclasses

import pytest
from failing import survives
from faults import FAULTS
from preparing import Proofs
from scenarios import SCENARIOS

[UPDATE] = [scenario for scenario in SCENARIOS if scenario.id == "netlify_site-update"]
[DENIED] = [fault for fault in FAULTS if fault.name == "403"]
SITE = "/sites/shop.netlify.app"


def denied(prepared, proofs, change=lambda world: None, scenario=UPDATE):
    """A run that is refused its first read, so that it leaves the world as it was prepared and then changed."""

    def prepare(scenario, faults):
        world, options = prepared(scenario)
        change(world)
        for fault in faults:
            world.sandbox.admin("POST", "faults", fault)
        return world, options

    mark, _outcome = survives(prepare, proofs, scenario, [(DENIED, ("netlify", "getSite"), 0, None)])
    assert mark == "f"


def test_what_was_shown_is_not_shown_again_some_seconds_later(prepared):
    proofs = Proofs()
    for seconds in (0, 1, 7):
        denied(
            prepared,
            proofs,
            lambda world, seconds=seconds: world.sandbox.admin("POST", "clock", {"advance": seconds}),
        )
    assert (proofs.new, proofs.known) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.api("PATCH", SITE, {"managed_dns": False}),
        lambda world: world.api("PUT", f"{SITE}/metadata", {"seen": ""}),
        lambda world: world.sandbox.admin("PATCH", "settings", {"build_seconds": 9}),
        lambda world: (world.directory / "seen").write_text(""),
        lambda world: world.ids.update(seen=""),
    ],
    ids=["a field", "metadata", "a setting", "a local file", "an ID of the scenario"],
)
def test_it_is_shown_again_when_one_thing_differs(prepared, change):
    proofs = Proofs()
    denied(prepared, proofs)
    denied(prepared, proofs, change)
    assert (proofs.new, proofs.known) == (2, 0)


def test_a_state_from_which_a_run_does_not_lead_to_the_right_end_is_noticed(prepared):
    def holds(world):
        assert len(world.api("GET", "/sites")) == 1

    proofs, strict = Proofs(), dataclasses.replace(UPDATE, holds=holds)
    denied(prepared, proofs, scenario=strict)
    with pytest.raises(AssertionError):
        denied(prepared, proofs, lambda world: world.api("POST", "/sites", {"name": "twice"}), strict)
    assert (proofs.new, proofs.known) == (1, 0)


def test_a_world_is_restored_as_it_was_prepared(prepared):
    first, options = prepared(UPDATE)
    before = first.api("GET", SITE)
    first.api("DELETE", SITE)
    (first.directory / "left").write_text("")
    first.ids["left"] = ""
    options["left"] = ""
    second, again = prepared(UPDATE)
    assert second.api("GET", SITE) == before
    assert not list(second.directory.iterdir())
    assert "left" not in second.ids and "left" not in again
