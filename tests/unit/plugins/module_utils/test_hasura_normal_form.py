# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura: what is the same."""

from __future__ import annotations

import copy
import random

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._hasura import masking, metadata
from ansible_collections.webops.paas.plugins.module_utils._hasura.differences import differences
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import is_same, normal
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.hasura_exported import EXPORTED, mixed

# -- what is the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_order_does_not_matter(seed):
    assert is_same(EXPORTED, mixed(EXPORTED, random.Random(seed)))


def test_normal_is_normal_already_and_leaves_what_it_is_given():
    before = copy.deepcopy(EXPORTED)
    once = normal(EXPORTED)
    assert normal(once) == once and before == EXPORTED
    assert differences(once, once) == []


def table(**parts):
    return {"version": 3, "sources": [{"name": "default", "configuration": {}, "tables": [{"table": "t", **parts}]}]}


def permission(**parts):
    return table(select_permissions=[{"role": "user", "permission": {"columns": ["a"], "filter": {}, **parts}}])


@pytest.mark.parametrize(
    "one,other",
    [
        (
            {"version": 3, "sources": []},
            {
                "version": 3,
                "sources": [],
                "actions": [],
                "custom_types": {"objects": []},
                "network": {},
                "api_limits": None,
            },
        ),
        (table(), table(is_enum=False, select_permissions=[], configuration={"custom_root_fields": {}, "comment": ""})),
        (table(table={"name": "t"}), table(table={"name": "t", "schema": "public"})),
        (
            table(configuration={"custom_column_names": {"a": "b"}}),
            table(configuration={"column_config": {"a": {"custom_name": "b"}}}),
        ),
        (permission(), permission(allow_aggregations=False, computed_fields=[], limit=None)),
        (permission(filter={"_and": [{"a": 1}, {"b": 2}]}), permission(filter={"_and": [{"b": 2}, {"a": 1}]})),
    ],
)
def test_what_means_the_same_is_the_same(one, other):
    assert is_same(one, other)


@pytest.mark.parametrize(
    "one,other",
    [
        (table(), table(is_enum=True)),
        (table(table={"name": "t", "schema": "private"}), table()),
        (permission(columns=[]), table(select_permissions=[{"role": "user", "permission": {"filter": {}}}])),
        (permission(query_root_fields=[]), permission()),
        (permission(filter={"a": {"_eq": [1, 2]}}), permission(filter={"a": {"_eq": [2, 1]}})),
        (permission(filter={"a": {"_eq": 1}}), permission(filter={"a": {"_eq": True}})),
        (permission(filter={"a": {"_eq": None}}), permission(filter={"a": {}})),
        (
            table(event_triggers=[{"name": "e", "definition": {"delete": {"columns": []}}}]),
            table(event_triggers=[{"name": "e", "definition": {}}]),
        ),
    ],
)
def test_what_means_something_else_differs(one, other):
    assert not is_same(one, other)
    places = differences(normal(one), normal(other))
    assert places and all(place.startswith("sources[default].tables[") for place in places)


@pytest.mark.parametrize("seed", range(30))
def test_each_change_of_a_leaf_is_seen_and_named(seed):
    """But for what stands below column_config too."""
    chance = random.Random(seed)
    changed = copy.deepcopy(EXPORTED)
    spots = []

    def collect(value, path=()):
        for key, part in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            if isinstance(part, str) and "custom_column_names" not in path:
                spots.append((value, key))
            collect(part, (*path, key))

    collect(changed)
    spot, key = chance.choice(spots)
    spot[key] += "-other"
    assert not is_same(EXPORTED, changed)
    assert differences(normal(EXPORTED), normal(changed))


def source(kind, *tables, name="default", **more):
    return {"name": name, "kind": kind, "configuration": {}, "tables": [{"table": table} for table in tables], **more}


def sources(*each):
    return {"version": 3, "sources": list(each)}


DBO = {"name": "users", "schema": "dbo"}


@pytest.mark.parametrize(
    "one,other",
    [
        (sources(source("mssql", "users")), sources(source("mssql", DBO))),
        (sources(source("mssql", {"name": "users"})), sources(source("mssql", DBO))),
        (sources(source("citus", "users")), sources(source("citus", {"name": "users", "schema": "public"}))),
        (sources(source("pg", "users")), sources(source("postgres", {"name": "users", "schema": "public"}))),
        (sources(source("sqlite", "users")), sources(source("sqlite", ["users"]))),
        (
            sources(source("mssql", stored_procedures=[{"stored_procedure": "users", "returns": "a"}])),
            sources(source("mssql", stored_procedures=[{"stored_procedure": DBO, "returns": "a"}])),
        ),
        (
            sources(source("bigquery", functions=[{"function": {"name": "f"}}])),
            sources(source("bigquery", functions=[{"function": {"name": "f", "dataset": None}}])),
        ),
        (
            sources(source("mssql", configuration={"connection_info": {"database_url": {"from_env": "A"}}})),
            sources(
                source(
                    "mssql",
                    configuration={
                        "connection_info": {
                            "connection_string": {"from_env": "A"},
                            "pool_settings": {
                                "max_connections": None,
                                "total_max_connections": None,
                                "idle_timeout": 5,
                            },
                        }
                    },
                )
            ),
        ),
        (
            sources(source("sqlite", configuration={"db": "a"})),
            sources(source("sqlite", configuration={"value": {"db": "a"}, "template": None, "timeout": None})),
        ),
        (
            {
                **sources(source("mssql", name="other")),
                "custom_types": {
                    "objects": [
                        {"name": "o", "relationships": [{"name": "r", "source": "other", "remote_table": "users"}]}
                    ]
                },
            },
            {
                **sources(source("mssql", name="other")),
                "custom_types": {
                    "objects": [{"name": "o", "relationships": [{"name": "r", "source": "other", "remote_table": DBO}]}]
                },
            },
        ),
    ],
)
def test_each_kind_of_source_has_its_way_to_name_tables(one, other):
    assert is_same(one, other)


@pytest.mark.parametrize("through", ["tables", "remote_schemas"])
def test_a_relationship_to_another_source_follows_that_source(through):
    def metadata_to(table):
        relationship = {"name": "r", "definition": {"to_source": {"source": "other", "table": table}}}
        first = source("postgres")
        if through == "tables":
            first["tables"] = [{"table": "t", "remote_relationships": [relationship]}]
            return sources(first, source("mssql", name="other"))
        schema = {"name": "s", "remote_relationships": [{"type_name": "T", "relationships": [relationship]}]}
        return {**sources(first, source("mssql", name="other")), "remote_schemas": [schema]}

    assert is_same(metadata_to("users"), metadata_to(DBO))
    assert not is_same(metadata_to("users"), metadata_to({"name": "users", "schema": "public"}))


@pytest.mark.parametrize(
    "one,other,place",
    [
        (
            sources(source("mssql", "users")),
            sources(source("mssql", {"name": "users", "schema": "public"})),
            "sources[default].tables[dbo.users]",
        ),
        (
            sources(source("bigquery", {"name": "users", "dataset": "a"})),
            sources(source("bigquery", {"name": "users", "dataset": "b"})),
            "sources[default].tables[a.users]",
        ),
        (
            sources(source("sqlite", ["main", "users"])),
            sources(source("sqlite", ["users"])),
            "sources[default].tables[main.users]",
        ),
        (
            sources(source("postgres", configuration={"connection_info": {"pool_settings": {"idle_timeout": 5}}})),
            sources(source("postgres", configuration={"connection_info": {}})),
            "sources[default].configuration.connection_info.pool_settings",
        ),
    ],
)
def test_names_that_differ_are_told_as_their_source_writes_them(one, other, place):
    assert place in differences(normal(one), normal(other))


@pytest.mark.parametrize(
    "malformed",
    [
        {"version": 3, "sources": {"a": 1}},
        {"version": 3, "sources": [1, None, "x"]},
        {"version": 3, "sources": [{"tables": [{"table": 1}]}]},
        {"version": 3, "actions": [{"definition": [1]}], "custom_types": []},
        {"version": 3, "sources": [{"configuration": {"connection_info": []}}]},
        table(configuration={"custom_column_names": [1], "column_config": 2}),
        {"version": 3, "headers": [1], "configuration": {"value": [{}]}},
    ],
)
def test_what_is_no_metadata_is_left_to_the_engine(malformed):
    assert is_same(malformed, malformed)
    assert not is_same(malformed, EXPORTED) and differences(normal(malformed), normal(EXPORTED))
    masking.masked(malformed)


def test_what_was_exported_with_its_version_is_unwrapped():
    assert metadata.checked("metadata", {"resource_version": 7, "metadata": EXPORTED}) == EXPORTED
    assert metadata.checked("metadata", {"version": "3"}) == {"version": 3, "sources": []}
    for wrong in ([], {}, {"version": 2}, {"version": True}, {"metadata": {"version": 3}, "more": 1}):
        with pytest.raises(InvalidInput, match="metadata"):
            metadata.checked("metadata", wrong)
