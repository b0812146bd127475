# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura: what is the same, and what is secret."""

from __future__ import annotations

import copy
import json
import random

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._hasura import masking, metadata
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import differences, is_same, normal
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


# -- what is secret ----------------------------------------------------------------------------------------------------

SECRET = {
    "sources": [
        {
            "name": "a",
            "configuration": {
                "connection_info": {"database_url": "postgres://u:hush%21@db/x"},
                "read_replicas": [{"database_url": {"connection_parameters": {"host": "seen", "password": "hush"}}}],
            },
        },
        {
            "name": "b",
            "kind": "bigquery",
            "configuration": {"service_account": {"private_key": "hush", "from_env": "SEEN"}},
        },
        {
            "name": "c",
            "kind": "mssql",
            "configuration": {
                "connection_info": {"connection_string": "hush", "pool_settings": {"max_connections": 5}}
            },
        },
        {"name": "d", "kind": "mongo", "configuration": {"value": {"anything": ["hush"], "count": 1}}},
        {
            "name": "e",
            "configuration": {"connection_info": {"database_url": {"from_env": "SEEN"}}},
            "tables": [
                {
                    "table": "t",
                    "event_triggers": [
                        {
                            "name": "n",
                            "webhook": "https://hush",
                            "headers": [{"name": "seen", "value": "hush"}, {"name": "seen", "value_from_env": "SEEN"}],
                        }
                    ],
                }
            ],
        },
    ],
    "actions": [
        {
            "name": "x",
            "definition": {
                "handler": "https://seen.example.com/a?key=hush",
                "request_transform": {
                    "request_headers": {"add_headers": {"seen": "hush"}},
                    "query_params": {"seen": "hush"},
                },
            },
        }
    ],
    "remote_schemas": [{"name": "y", "definition": {"url": "https://me:hush@seen.example.com/graphql"}}],
    "rest_endpoints": [{"name": "z", "url": "seen/:id"}],
}


def test_secrets_are_masked_where_they_stand():
    before = copy.deepcopy(SECRET)
    text = json.dumps(masking.masked(SECRET))
    assert "hush" not in text and before == SECRET
    assert text.count("seen") + text.count("SEEN") == json.dumps(SECRET).count("seen") + json.dumps(SECRET).count(
        "SEEN"
    )
    assert (
        "https://********@seen.example.com/graphql" in text
        and "https://seen.example.com/a?********" in text
        and '"count": 1' in text
    )
    assert {"hush!", "hush", "me:hush", "key=hush", "postgres://u:hush%21@db/x"} <= masking.secrets(SECRET)
    assert not any("seen" in secret.lower() for secret in masking.secrets(SECRET))
    assert masking.masked(None) is None and masking.secrets(None) == set()


def test_a_diff_tells_which_secrets_change_and_none_of_them():
    def one(password, header):
        return normal(
            {
                "version": 3,
                "sources": [{"name": "a", "configuration": {"connection_info": {"database_url": password}}}],
                "remote_schemas": [{"name": "s", "definition": {"headers": [{"name": "h", "value": header}]}}],
            }
        )

    before, after = masking.sides(one("hush", "hush"), one("hush", "hush-hush"))
    assert before["sources"] == after["sources"] and "hush" not in json.dumps([before, after])
    assert before["remote_schemas"][0]["definition"]["headers"] == [{"name": "h", "value": "(secret)"}]
    assert after["remote_schemas"][0]["definition"]["headers"] == [{"name": "h", "value": "(secret, changed)"}]
