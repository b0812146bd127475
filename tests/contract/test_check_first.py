# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode on a fresh account: what a task predicts while what it belongs to does not exist, and what it then does."""

from __future__ import annotations

import pytest
from harness import MODULES, definition_of
from scenarios.fresh import CHILDREN, IDS

UNKNOWN = "(not known yet)"
EVERY_CHILD = pytest.mark.parametrize("child", CHILDREN, ids=lambda child: child.id)


def parents_of(module: str) -> tuple:
    return definition_of(module).task.parents


def test_every_module_that_names_a_parent_is_here():
    """Derived from the argument specs: an option that is an ID, or the name of a site, zone or tenant."""
    found = set()
    for module in MODULES:
        for name in definition_of(module).spec["argument_spec"]:
            if (name in ("site", "zone", "slug") or name.endswith("_id")) and (module, name) not in IDS:
                assert name in parents_of(module), (module, name)
                found.add(module)
    assert found == {child.module for child in CHILDREN}


def nulls(value, other, path=()):
    """The keys that are null in one result and something else in the other."""
    if isinstance(value, dict) and isinstance(other, dict):
        return [name for key in value for name in nulls(value[key], other.get(key), (*path, key))]
    return [".".join(path[1:] or path)] if value is None and other is not None else []


def without(value, names, path=()):
    """A result without keys of these names."""
    if not isinstance(value, dict):
        return value
    return {
        key: without(item, names, (*path, key))
        for key, item in value.items()
        if key not in names and ".".join((*path, key)[1:]) not in names
    }


def predicted(outcome, child):
    assert not outcome.failed, outcome.result
    assert not outcome.writes
    assert UNKNOWN not in outcome.everything()
    assert len(outcome.warnings) == 1 + child.more_warnings, outcome.warnings
    return outcome.result


@EVERY_CHILD
def test_predicts_before_its_parent_exists(world, child):
    """The prediction on a fresh account equals the real run once the parent was created, but for what it says to be
    unknown; and it says so of nothing else.
    """
    child.prepare(world)
    options = child.options_for(world)
    if child.named:
        prediction = predicted(world.run(child.module, {**options, **child.named}, check=True), child)
        child.create(world)
        compare(prediction, world.run(child.module, {**options, **child.named}), child)
    else:
        child.create(world)


def compare(prediction, real, child):
    assert not real.failed, real.result
    unknown = prediction.get("unknown_until_applied", [])
    result = {key: value for key, value in prediction.items() if key not in ("diff", "unknown_until_applied")}
    assert sorted(set(unknown) - {"changed"} - set(child.may_stay_null)) == sorted(set(nulls(result, real.result)))
    if "changed" in unknown:
        unknown = [*unknown, "diff"]
    real = {key: value for key, value in real.result.items() if key != "warnings"}
    prediction = {key: value for key, value in prediction.items() if key != "unknown_until_applied"}
    assert without(prediction, unknown) == without(real, unknown)


@EVERY_CHILD
def test_predicts_with_an_id_that_is_not_known_yet(world, child):
    """An earlier task in check mode returns null for the ID of what it would create."""
    child.prepare(world)
    options = child.options_for(world)
    for option in child.ids:
        definition = definition_of(child.module)
        for alias in (option, *definition.spec["argument_spec"][option].get("aliases", ())):
            given = definition.with_unknown_parents({**options, alias: None})
            if given[alias] is None:
                given[alias] = ""
            predicted(world.run(child.module, given, check=True), child)
    prediction = predicted(world.run(child.module, {**options, child.ids[0]: ""}, check=True), child)
    created = child.create(world)
    compare(prediction, world.run(child.module, {**options, child.ids[0]: created}), child)
