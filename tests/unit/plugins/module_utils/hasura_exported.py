# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura that has a bit of everything, for the tests of this folder."""

from __future__ import annotations

import random
from typing import Any

# As an engine exports it: defaults filled in, what is empty left out.
EXPORTED = {
    "version": 3,
    "sources": [
        {
            "name": "default",
            "kind": "postgres",
            "configuration": {
                "connection_info": {
                    "database_url": {"from_env": "PG_DATABASE_URL"},
                    "isolation_level": "read-committed",
                    "use_prepared_statements": False,
                }
            },
            "tables": [
                {
                    "table": {"name": "articles", "schema": "public"},
                    "configuration": {
                        "column_config": {"author_id": {"custom_name": "authorId"}},
                        "custom_column_names": {"author_id": "authorId"},
                        "custom_root_fields": {},
                    },
                    "object_relationships": [{"name": "author", "using": {"foreign_key_constraint_on": "author_id"}}],
                    "array_relationships": [
                        {
                            "name": "comments",
                            "using": {
                                "foreign_key_constraint_on": {
                                    "column": "article_id",
                                    "table": {"name": "comments", "schema": "public"},
                                }
                            },
                        }
                    ],
                    "select_permissions": [
                        {"role": "anonymous", "permission": {"columns": ["id"], "filter": {}}},
                        {
                            "role": "user",
                            "permission": {
                                "columns": ["id", "title"],
                                "filter": {"_or": [{"id": {"_in": [1, 2]}}, {"author_id": {"_eq": "X"}}]},
                                "allow_aggregations": True,
                            },
                        },
                    ],
                    "update_permissions": [
                        {
                            "role": "user",
                            "permission": {
                                "columns": ["title"],
                                "filter": {},
                                "check": None,
                                "set": {"tags": ["b", "a"]},
                            },
                        }
                    ],
                    "event_triggers": [
                        {
                            "name": "told",
                            "definition": {"enable_manual": False, "delete": {"columns": "*"}},
                            "retry_conf": {"interval_sec": 10, "num_retries": 3, "timeout_sec": 60},
                            "webhook_from_env": "HOOK",
                        }
                    ],
                },
                {"table": {"name": "users", "schema": "private"}, "is_enum": True},
            ],
            "functions": [{"function": {"name": "search", "schema": "public"}}],
        }
    ],
    "remote_schemas": [
        {
            "name": "stock",
            "definition": {
                "url_from_env": "STOCK",
                "timeout_seconds": 60,
                "customization": {},
                "headers": [{"name": "A", "value_from_env": "KEY"}],
            },
        }
    ],
    "actions": [
        {
            "name": "buy",
            "definition": {
                "handler": "{{BASE}}/buy",
                "kind": "asynchronous",
                "output_type": "Bought",
                "type": "mutation",
                "arguments": [{"name": "what", "type": "[Thing!]!"}, {"name": "note", "type": "String"}],
            },
            "permissions": [{"role": "user"}],
            "comment": "Buys what is there",
        },
        {
            "name": "price",
            "definition": {
                "handler": "{{BASE}}/price",
                "kind": "",
                "output_type": "Int!",
                "type": "query",
                "arguments": [],
            },
        },
    ],
    "custom_types": {
        "objects": [
            {
                "name": "Bought",
                "fields": [
                    {"name": "id", "type": "uuid!"},
                    {"name": "at", "type": "When", "description": "the moment"},
                ],
                "relationships": [
                    {
                        "name": "article",
                        "type": "object",
                        "remote_table": {"name": "articles", "schema": "public"},
                        "field_mapping": {"id": "id"},
                    }
                ],
            }
        ],
        "input_objects": [
            {
                "name": "Thing",
                "description": "what is\nbought",
                "fields": [{"name": "size", "type": "Size!"}, {"name": "count", "type": "Int"}],
            }
        ],
        "scalars": [{"name": "When"}],
        "enums": [{"name": "Size", "values": [{"value": "BIG"}, {"value": "SMALL", "description": "not big"}]}],
    },
    "cron_triggers": [
        {
            "name": "nightly",
            "webhook": "{{BASE}}/nightly",
            "schedule": "0 3 * * *",
            "include_in_metadata": True,
            "payload": {},
            "retry_conf": {
                "num_retries": 0,
                "retry_interval_seconds": 10,
                "timeout_seconds": 60,
                "tolerance_seconds": 21600,
            },
        }
    ],
    "allowlist": [{"collection": "allowed-queries", "scope": {"global": True}}],
    "query_collections": [
        {"name": "allowed-queries", "definition": {"queries": [{"name": "all", "query": "query all { users { id } }"}]}}
    ],
    "rest_endpoints": [
        {
            "name": "all",
            "url": "all",
            "methods": ["GET", "POST"],
            "definition": {"query": {"collection_name": "allowed-queries", "query_name": "all"}},
            "comment": "",
        }
    ],
    "inherited_roles": [{"role_name": "editor", "role_set": ["anonymous", "user"]}],
    "network": {"tls_allowlist": [{"host": "db.example.com"}]},
}


def mixed(value: Any, chance: random.Random, path: tuple[str, ...] = ()) -> Any:
    """The same, with lists in another order; but for those whose order has a meaning."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: mixed(part, chance, (*path, key)) for key, part in items}
    if isinstance(value, list):
        items = [mixed(item, chance, path) for item in value]
        if "set" not in path:
            chance.shuffle(items)
        return items
    return value
