# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: custom domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.base import Scenario
from scenarios.hasura import HELLO, SOON, hasura, hello, shop

if TYPE_CHECKING:
    from harness import World

FQDN = "graphql.example.com"


def domains(world: World) -> list[dict[str, Any]]:
    return world.sandbox.state("hasura")["custom_domains"]


def add_domain(world: World, tenant_id: str) -> None:
    hasura(
        world,
        "mutation($object: custom_domain_insert_input!) { insert_custom_domain_one(object: $object) { id } }",
        object={"fqdn": FQDN, "tenant_id": tenant_id},
    )
    world.sandbox.admin("POST", "clock", {"advance": 5})


def has_domain(world: World) -> None:
    assert [(domain["fqdn"], domain["tenant_id"]) for domain in domains(world)] == [(FQDN, hello(world))]


def no_domain(world: World) -> None:
    assert domains(world) == []


def elsewhere(world: World) -> None:
    shop(world)
    add_domain(world, world.ids["shop"])


SCENARIOS = (
    Scenario("hasura_custom_domain", "add", {**HELLO, "fqdn": FQDN}, reads=2, holds=has_domain),
    Scenario(
        "hasura_custom_domain",
        "add-and-wait",
        {**HELLO, "fqdn": "GraphQL.example.com", "wait": True, **SOON},
        reads=3,
        fails_under=(("custom_domain_dns", "pending"), ("custom_domain_dns", "failed")),
        holds=has_domain,
    ),
    Scenario(
        "hasura_custom_domain",
        "unchanged",
        lambda world: {"tenant_id": hello(world), "fqdn": FQDN},
        given=lambda world: add_domain(world, hello(world)),
        changes=False,
        reads=2,
        holds=has_domain,
    ),
    Scenario(
        "hasura_custom_domain",
        "remove",
        {"slug": "hello-hasura", "fqdn": FQDN, "state": "absent"},
        given=lambda world: add_domain(world, hello(world)),
        reads=2,
        holds=no_domain,
    ),
    Scenario(
        "hasura_custom_domain",
        "remove-elsewhere",
        {**HELLO, "fqdn": FQDN, "state": "absent"},
        given=elsewhere,
        changes=False,
        reads=2,
        holds=lambda world: len(domains(world)) == 1,
    ),
)


BAD_INPUT = (
    ("hasura_custom_domain", {"fqdn": FQDN}, ["tenant_id", "name", "slug"]),
    ("hasura_custom_domain", {**HELLO, "fqdn": "localhost"}, ["fqdn", "'localhost'"]),
    ("hasura_custom_domain", {**HELLO, "fqdn": "a b.example.com"}, ["fqdn", "'a b.example.com'"]),
    ("hasura_custom_domain", {"slug": "A", "fqdn": FQDN}, ["slug", "'A'"]),
)
