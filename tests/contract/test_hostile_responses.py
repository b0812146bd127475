# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses that no platform should send, and how a task handles them."""

from __future__ import annotations

import contextlib
import functools
import importlib
import json

import altering
import pytest
from harness import MODULES, definition_of, platform_of
from scenarios import SCENARIOS, hasura, netlify

from ansible_collections.webops.paas.plugins.module_utils._http.shape import Rows, Values

# The pauses between attempts do not matter here, but the number of attempts does.
PATIENT = {"deadline": 600}

# A module that only reads, for each platform that has an API.
ONE_OF_EACH = {
    platform_of(scenario.module): scenario
    for scenario in SCENARIOS
    if scenario.module.endswith(("site_info", "tenant_info", "service_info"))
}


@pytest.mark.parametrize("body", ["plain", "json", "html"])
@pytest.mark.parametrize("platform", ONE_OF_EACH)
def test_control_characters_do_not_reach_the_terminal(prepared, platform, body):
    scenario = ONE_OF_EACH[platform]
    world, options = prepared(scenario)
    token = world.platform_options(platform)["token"]
    said = f"\x1b[31mrefused\x1b[0m\x07 {token[:5]}\x1b[1m{token[5:]}"
    text = {
        "plain": said,
        "json": json.dumps({"message": said, "errors": [{"message": said}]}),
        "html": f"<title>{said}</title>",
    }[body]
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": platform, "operation": "*", "kind": "status", "status": 422, "body_text": text, "times": None},
    )
    outcome = world.run(scenario.module, options)
    assert outcome.failed and "refused" in outcome.result["msg"]
    assert "\\u001b" not in outcome.everything() and "\\u0007" not in outcome.everything()
    assert token not in outcome.everything()


# -- odd fields --------------------------------------------------------------------------------------------------------


@functools.cache
def scenarios_of(module):
    return [scenario for scenario in SCENARIOS if scenario.module == module]


def shapes_of(prepared, scenario) -> dict:
    """{operation: a JSON response} of a run."""
    world, options = prepared(scenario)
    found = {}
    with altering.responses(lambda operation, data: found.setdefault(operation, data) and data):
        world.run(scenario.module, options, connect=PATIENT)
    return found


WITH_AN_API = pytest.mark.parametrize("module", [name for name in MODULES if platform_of(name) != "site"])
ALTERATIONS = (
    lambda _value: None,
    altering.other_type,
    altering.other_scalar,
    altering.half_a_pair,
    altering.other_text,
)


@WITH_AN_API
def test_a_field_that_is_odd_is_named_or_does_no_harm(prepared, module):
    """Alters each field of the first response of each operation once, using the ways of altering in turn."""
    alter_fields(prepared, module, lambda number: [number % len(ALTERATIONS)])


@pytest.mark.soak
@WITH_AN_API
def test_a_field_that_is_odd_in_every_way_is_named_or_does_no_harm(prepared, module):
    alter_fields(prepared, module, lambda _number: range(len(ALTERATIONS)))


# What the client has refused before a class saw it: platform, operation, what is altered, and whether rows are skipped.
REFUSED: set[tuple] = set()


def alter_fields(prepared, module, ways):
    """ways: (number of the field) -> the numbers of the ways in which it is altered.

    A response that the client refused to one class is not shown to another. The fields that no class reads are altered
    together; that is what C(responses) says of them, and if one is read, the run ends with an internal error.
    """
    seen, harm = set(), []
    for scenario in scenarios_of(module):
        for operation, data in shapes_of(prepared, scenario).items():
            if operation in seen:
                continue
            seen.add(operation)
            read, unread = [], {}
            for number, place in enumerate(altering.places(data)):
                for turn, way in enumerate(ways(number)):
                    if is_read(module, operation, place):
                        read.append([(place, way)])
                    else:
                        unread.setdefault(turn, []).append((place, way))
            for alterations in (*read, *unread.values()):
                harm += harm_of(prepared, scenario, operation, alterations)
    assert not harm, "\n".join(harm)


def is_read(module, operation, place):
    """Whether the platform's responses name a field, or an object that it belongs to and that is read as a whole."""
    platform = platform_of(module)
    responses = importlib.import_module(f"ansible_collections.webops.paas.plugins.module_utils._{platform}.responses")
    kind = responses.RESPONSES.get(operation)
    is_graphql = place[0] == "data" and platform in ("fleek", "hasura")
    return kind is None or is_named(kind, place[2:] if is_graphql else place)


def is_named(kind, place):
    if not place or not isinstance(kind, dict | list | tuple | Rows | Values):
        return True
    if isinstance(kind, tuple):
        return any(is_named(one, place) for one in kind)
    if isinstance(kind, dict):
        return any(is_named(inner, place[1:]) for name, inner in kind.items() if name.rstrip("?!") == place[0])
    return is_named(kind[0] if isinstance(kind, list) else kind.kind, place[1:])


def harm_of(prepared, scenario, operation, alterations) -> list[str]:
    """alterations: (place, number of the way) of each field that is altered."""
    platform = platform_of(scenario.module)
    key = (platform, operation, *alterations, definition_of(scenario.module).task.has_diff)
    if key in REFUSED:
        return []
    world, options = prepared(scenario)

    def change(called, data):
        if called == operation:
            for place, way in reversed(alterations):
                with contextlib.suppress(KeyError, IndexError, TypeError):
                    data = altering.altered(data, place, ALTERATIONS[way])
        return data

    with altering.responses(change):
        outcome = world.run(scenario.module, options, connect=PATIENT)
    where = f"{scenario.name} {operation} {alterations}: "
    found = []
    if outcome.failed and outcome.result["error"].get("code") in (None, "internal_error"):
        hint = f"Are the fields that are read of {operation} in responses.py of its platform? "
        found.append(where + hint + outcome.result["msg"])
    for call in outcome.writes:
        if {"None", "null", "odd", ""} & set(call["path"].strip("/").split("/")) and platform in (
            "netlify",
            "flightcontrol",
        ):
            found.append(f"{where}{call['method']} {call['path']}")
    error = outcome.result.get("error") or {}
    if (error.get("code"), error.get("operation")) == ("incomplete_answer", operation):
        REFUSED.add(key)
    return found


def answering(called, made_of):
    """Replaces the responses of that operation. made_of: (JSON) -> JSON."""
    return altering.responses(lambda operation, data: made_of(data) if operation == called else data)


@pytest.mark.parametrize(
    "module, operation, field",
    [
        ("flightcontrol_scaling_info", "getScaling", "desiredInstances"),
        ("flightcontrol_scaling", "updateScaling", "newDesiredCount"),
        ("flightcontrol_invalidation", "createCloudFrontInvalidation", "invalidationId"),
        ("flightcontrol_job", "createJobExecution", "jobExecutionId"),
    ],
)
def test_an_empty_object_is_not_what_was_asked_for(prepared, module, operation, field):
    world, options = prepared(scenarios_of(module)[0])
    with answering(operation, lambda _data: {}):
        outcome = world.run(module, options, connect=PATIENT)
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert outcome.result["error"]["operation"] == operation and field in outcome.result["msg"]


@pytest.mark.parametrize(
    "operation, module, option",
    [
        ("createDnsZone", "netlify_dns_zone", "name"),
        ("getDnsZone", "netlify_dns_zone", "name"),
        ("getDnsZone", "netlify_dns_zone_info", "zone"),
    ],
)
def test_another_zone_is_not_the_one_that_was_asked_for(world, operation, module, option):
    if operation == "getDnsZone":
        world.api("POST", "/dns_zones", {"name": "example.com"})
    with answering(operation, lambda zone: {**zone, "name": "example.org"}):
        outcome = world.run(module, {option: "example.com"})
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert "example.org" in outcome.result["msg"] and outcome.result["error"]["operation"] == operation


@pytest.mark.parametrize("data, field", [({"data": None}, "data"), ({}, "data"), ({"data": {}}, "data.tenant")])
def test_a_response_of_graphql_without_data_is_no_refusal(world, data, field):
    with answering("tenant", lambda _data: data):
        outcome = world.run("hasura_tenant_info", {})
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert f"{field} is" in outcome.result["msg"]


@pytest.mark.parametrize("column", ["endpoint", "name"])
def test_a_number_is_no_text(world, column):
    hasura.shop(world)
    place = ("data", "tenant", 0, "project", column)
    with answering("tenant", lambda data: altering.altered(data, place, lambda _: 5)):
        outcome = world.run("hasura_env_vars", {"name": "shop", "env_vars": {"A": "b"}})
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert f"project.{column} is an integer" in outcome.result["msg"]


# For each platform, a module that lists all objects, and the path of the rows in the response.
LISTS = {
    "netlify_site_info": ("listSites", ()),
    "fleek_site_info": ("getSitesByTeam", ("data", "getSitesByTeam", "sites")),
    "hasura_tenant_info": ("tenant", ("data", "tenant")),
    "flightcontrol_service_info": ("getServices", ("services",)),
}


@pytest.mark.parametrize("module", LISTS)
def test_a_row_that_is_odd_does_not_take_the_list_with_it(world, module):
    if module == "netlify_site_info":
        for name in ("shop", "blog"):
            netlify.site(world, name)
    options = {"team_id": world.environment["FLEEK_TEAM_ID"]} if module == "fleek_site_info" else {}
    usual = world.run(module, options)
    [rows] = [value for value in usual.result.values() if isinstance(value, list)]
    called, place = LISTS[module]
    with altering.responses(
        lambda operation, data: (
            altering.altered(data, (*place, 0, "id"), lambda _id: None) if operation == called else data
        )
    ):
        outcome = world.run(module, options)
    assert not outcome.failed, outcome.result
    [found] = [value for value in outcome.result.values() if isinstance(value, list)]
    assert len(found) == len(rows) - 1 and all(row in rows for row in found)
    assert len(outcome.warnings) == 1 and "id is null" in outcome.warnings[0]


@pytest.mark.parametrize("check", [True, False])
def test_a_row_that_is_odd_may_be_the_one_that_is_meant(world, check):
    """A list omits the entry. A lookup reports the invalid entry, not that the object does not exist."""
    hasura.shop(world)
    place = ("data", "tenant", 0, "project", "id")
    with answering("tenant", lambda data: altering.altered(data, place, lambda _id: None)):
        outcome = world.run("hasura_metadata_info", {"name": "shop"}, check=check)
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert "project.id is null" in outcome.result["msg"] and outcome.result["error"]["option"] == "name"
