# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Project directories of Hasura's CLI: each {path: text}, and the metadata sent to the tenant, without the version."""

from __future__ import annotations

import pathlib
from typing import Any

VERSION = {"version.yaml": "version: 3\n"}
CONNECTION = """  kind: postgres
  configuration:
    connection_info:
      database_url:
        from_env: PG_DATABASE_URL
"""
CONFIGURATION = {"connection_info": {"database_url": {"from_env": "PG_DATABASE_URL"}}}
USERS = {"table": {"name": "users", "schema": "public"}}
TABLE_FILE = "table:\n  name: users\n  schema: public\n"


def source(name: str = "default", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "postgres", "configuration": CONFIGURATION, **more}


def included(spelling: str, directory: str = "default") -> dict[str, str]:
    """A source whose tables are included; spelling: the form of the include, with {} for the file's path."""
    list_file = f"{directory}/tables/tables.yaml"
    return {
        **VERSION,
        "databases/databases.yaml": f"- name: {directory}\n{CONNECTION}  tables: {spelling.format(list_file)}\n",
        f"databases/{list_file}": f"- {spelling.format('public_users.yaml')}\n",
        f"databases/{directory}/tables/public_users.yaml": TABLE_FILE,
    }


SCHEMA = """schema { query: Query }

# What a manager sees.
type Query {
  countries(
    filter: Filter, limit: Int = 10
  ): [Country!]!
}

\"\"\"A country.\"\"\"
type Country { code: ID!, name: String! }
input Filter { code: [String!] }
enum Size { SMALL, BIG }
"""
PROJECTS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "plain": (included("!include {}"), {"sources": [source(tables=[USERS])]}),
    "tag-quoted": (included('!include "{}"'), {"sources": [source(tables=[USERS])]}),
    "text": (included('"!include {}"'), {"sources": [source(tables=[USERS])]}),
    "text-quoted": (included("'!include \"{}\"'"), {"sources": [source(tables=[USERS])]}),
    "text-escaped": (included('"!include \\"{}\\""'), {"sources": [source(tables=[USERS])]}),
    "with-a-space": (included("!include {}", "my shop"), {"sources": [source("my shop", tables=[USERS])]}),
    "text-with-a-space": (included('"!include {}"', "my shop"), {"sources": [source("my shop", tables=[USERS])]}),
    "settings-of-a-source": (
        {
            **VERSION,
            "databases/databases.yaml": f"- name: default\n{CONNECTION}"
            "  query_tags: {disabled: false, format: standard}\n"
            "  customization:\n    type_names: null\n    root_fields: {suffix: null, prefix: null, namespace: shop}\n"
            "  health_check: {interval: 10, retries: 3, test: {sql: SELECT 1}, timeout: 5}\n"
            "  logical_models:\n    - name: answer\n      fields: [{name: id, type: {scalar: integer}}]\n"
            "  native_queries:\n    - root_field_name: answers\n      returns: answer\n      code: select 1 as id\n"
            "      arguments: {unused: {type: integer, nullable: true}}\n",
        },
        {
            "sources": [
                source(
                    query_tags={"disabled": False, "format": "standard"},
                    customization={
                        "type_names": None,
                        "root_fields": {"suffix": None, "prefix": None, "namespace": "shop"},
                    },
                    health_check={"interval": 10, "retries": 3, "test": {"sql": "SELECT 1"}, "timeout": 5},
                    logical_models=[{"name": "answer", "fields": [{"name": "id", "type": {"scalar": "integer"}}]}],
                    native_queries=[
                        {
                            "root_field_name": "answers",
                            "returns": "answer",
                            "code": "select 1 as id",
                            "arguments": {"unused": {"type": "integer", "nullable": True}},
                        }
                    ],
                )
            ]
        },
    ),
    "empty-files": (
        {
            **VERSION,
            "databases/databases.yaml": "[]\n",
            "metrics_config.yaml": "{}\n",
            "backend_configs.yaml": "{}\n",
            "opentelemetry.yaml": "{}\n",
            "network.yaml": "{}\n",
            "api_limits.yaml": "{}\n",
            "graphql_schema_introspection.yaml": "null\n",
            "allow_list.yaml": "[]\n",
            "query_collections.yaml": "[]\n",
            "actions.yaml": "actions: []\ncustom_types: {enums: [], input_objects: [], objects: [], scalars: []}\n",
            "actions.graphql": "\n",
        },
        {"sources": [], "custom_types": {"enums": [], "input_objects": [], "objects": [], "scalars": []}},
    ),
    "metrics": (
        {**VERSION, "metrics_config.yaml": "analyze_query_variables: true\nanalyze_response_body: false\n"},
        {"sources": [], "metrics_config": {"analyze_query_variables": True, "analyze_response_body": False}},
    ),
    "telemetry": (
        {
            **VERSION,
            "opentelemetry.yaml": "status: enabled\ndata_types: [traces]\nexporter_otlp:\n"
            "  headers: [{name: x-key, value_from_env: PG_DATABASE_URL}]\n"
            "  otlp_traces_endpoint: http://otlp.example.com:4318/v1/traces\n",
        },
        {
            "sources": [],
            "opentelemetry": {
                "status": "enabled",
                "data_types": ["traces"],
                "exporter_otlp": {
                    "headers": [{"name": "x-key", "value_from_env": "PG_DATABASE_URL"}],
                    "otlp_traces_endpoint": "http://otlp.example.com:4318/v1/traces",
                },
            },
        },
    ),
    "limits": (
        {
            **VERSION,
            "api_limits.yaml": "rate_limit:\n  global: {max_reqs_per_min: 30, unique_params: IP}\n"
            "  per_role: {user: {max_reqs_per_min: 10}}\ndepth_limit: {global: 5, per_role: {user: 2}}\n",
            "network.yaml": "tls_allowlist:\n  - host: a.example.com\n    suffix: null\n"
            "    permissions: [self-signed]\n",
            "graphql_schema_introspection.yaml": "disabled_for_roles:\n- child\n",
            "inherited_roles.yaml": "- role_name: both\n  role_set: [user, child]\n",
            "backend_configs.yaml": "dataconnector:\n  sqlite_a: {uri: 'http://localhost:8100'}\n",
        },
        {
            "sources": [],
            "api_limits": {
                "rate_limit": {
                    "global": {"max_reqs_per_min": 30, "unique_params": "IP"},
                    "per_role": {"user": {"max_reqs_per_min": 10}},
                },
                "depth_limit": {"global": 5, "per_role": {"user": 2}},
            },
            "network": {"tls_allowlist": [{"host": "a.example.com", "suffix": None, "permissions": ["self-signed"]}]},
            "graphql_schema_introspection": {"disabled_for_roles": ["child"]},
            "inherited_roles": [{"role_name": "both", "role_set": ["user", "child"]}],
            "backend_configs": {"dataconnector": {"sqlite_a": {"uri": "http://localhost:8100"}}},
        },
    ),
    "collections": (
        {
            **VERSION,
            "query_collections.yaml": "- name: allowed\n  definition:\n    queries:\n      - name: all\n"
            "        query: |\n          query all {\n            users { id }\n          }\n",
            "allow_list.yaml": "- collection: allowed\n  scope: {global: true}\n",
            "rest_endpoints.yaml": "- name: all\n  url: all/:id\n  methods: [GET]\n  definition:\n"
            "    query: {collection_name: allowed, query_name: all}\n",
        },
        {
            "sources": [],
            "query_collections": [
                {
                    "name": "allowed",
                    "definition": {"queries": [{"name": "all", "query": "query all {\n  users { id }\n}\n"}]},
                }
            ],
            "allowlist": [{"collection": "allowed", "scope": {"global": True}}],
            "rest_endpoints": [
                {
                    "name": "all",
                    "url": "all/:id",
                    "methods": ["GET"],
                    "definition": {"query": {"collection_name": "allowed", "query_name": "all"}},
                }
            ],
        },
    ),
    "remote-schemas": (
        {
            **VERSION,
            "remote_schemas.yaml": "!include remote_schemas/remote_schemas.yaml\n",
            "remote_schemas/remote_schemas.yaml": "- name: countries\n  comment: ''\n  definition:\n"
            "    url: https://countries.example.com/\n    timeout_seconds: 60\n"
            "    customization: {type_names: {prefix: c, mapping: {}}, root_fields_namespace: c}\n"
            '  permissions: "!include countries/permissions/permissions.yaml"\n'
            "  remote_relationships:\n    - type_name: Country\n      relationships:\n        - name: user\n"
            "          definition:\n            to_source:\n              relationship_type: array\n"
            "              source: default\n              table: users\n              field_mapping: {code: id}\n",
            "remote_schemas/countries/permissions/permissions.yaml": "- role: manager\n  definition:\n"
            '    schema: "!include schemas/manager.graphql"\n',
            "remote_schemas/countries/permissions/schemas/manager.graphql": SCHEMA,
        },
        {
            "sources": [],
            "remote_schemas": [
                {
                    "name": "countries",
                    "comment": "",
                    "definition": {
                        "url": "https://countries.example.com/",
                        "timeout_seconds": 60,
                        "customization": {
                            "type_names": {"prefix": "c", "mapping": {}},
                            "root_fields_namespace": "c",
                        },
                    },
                    "permissions": [{"role": "manager", "definition": {"schema": SCHEMA}}],
                    "remote_relationships": [
                        {
                            "type_name": "Country",
                            "relationships": [
                                {
                                    "name": "user",
                                    "definition": {
                                        "to_source": {
                                            "relationship_type": "array",
                                            "source": "default",
                                            "table": "users",
                                            "field_mapping": {"code": "id"},
                                        }
                                    },
                                }
                            ],
                        }
                    ],
                }
            ],
        },
    ),
    "actions": (
        {
            **VERSION,
            "actions.yaml": "actions:\n  - name: sign\n    comment: signs\n    definition:\n      kind: synchronous\n"
            "      handler: http://actions.example.com\n      timeout: 10\n      request_transform:\n"
            "        body: |-\n          {{$body.input.user}}\n        content_type: application/json\n"
            "        method: POST\n        query_params: {}\n        template_engine: Kriti\n"
            "custom_types:\n  enums: []\n  input_objects: [{name: User}]\n  objects: [{name: Signed}]\n  scalars: []\n",
            "actions.graphql": "type Mutation {\n  sign(user: User!): Signed\n}\n"
            "input User {\n  name: String!\n}\ntype Signed {\n  token: String!\n}\n",
        },
        {
            "sources": [],
            "actions": [
                {
                    "name": "sign",
                    "comment": "signs",
                    "definition": {
                        "kind": "synchronous",
                        "handler": "http://actions.example.com",
                        "timeout": 10,
                        "request_transform": {
                            "body": "{{$body.input.user}}",
                            "content_type": "application/json",
                            "method": "POST",
                            "query_params": {},
                            "template_engine": "Kriti",
                        },
                        "type": "mutation",
                        "arguments": [{"name": "user", "type": "User!"}],
                        "output_type": "Signed",
                    },
                }
            ],
            "custom_types": {
                "objects": [{"name": "Signed", "fields": [{"name": "token", "type": "String!"}]}],
                "input_objects": [{"name": "User", "fields": [{"name": "name", "type": "String!"}]}],
                "scalars": [],
                "enums": [],
            },
        },
    ),
    "bigquery": (
        {
            **VERSION,
            "databases/databases.yaml": "- name: bg\n  kind: bigquery\n  configuration:\n"
            "    service_account: {from_env: PG_DATABASE_URL}\n    project_id: shop\n    datasets: [london]\n"
            '  tables: "!include bg/tables/tables.yaml"\n',
            "databases/bg/tables/tables.yaml": '- "!include london_users.yaml"\n',
            "databases/bg/tables/london_users.yaml": "table:\n  dataset: london\n  name: users\n",
        },
        {
            "sources": [
                {
                    "name": "bg",
                    "kind": "bigquery",
                    "configuration": {
                        "service_account": {"from_env": "PG_DATABASE_URL"},
                        "project_id": "shop",
                        "datasets": ["london"],
                    },
                    "tables": [{"table": {"dataset": "london", "name": "users"}}],
                }
            ]
        },
    ),
    "project": (
        {"config.yaml": "version: 3\nendpoint: http://localhost:8080\n", "metadata/version.yaml": "version: 3\n"},
        {"sources": []},
    ),
    "project-without-config": (
        {"metadata/version.yaml": "version: 3\n", "migrations/default/1_a/up.sql": "SELECT 1;"},
        {"sources": []},
    ),
    "inherited-roles-of-old": (
        {**VERSION, "inherited_roles.yaml": "inherited_roles:\n  - role_name: both\n    role_set: [user, child]\n"},
        {"sources": [], "inherited_roles": [{"role_name": "both", "role_set": ["user", "child"]}]},
    ),
    "other-directory": (
        {
            "config.yaml": "version: 3\nadmin_secret: hush\nmetadata_directory: engine/metadata\n",
            "engine/metadata/version.yaml": "version: 3\n",
            "engine/metadata/network.yaml": "tls_allowlist: [{host: a.example.com}]\n",
        },
        {"sources": [], "network": {"tls_allowlist": [{"host": "a.example.com"}]}},
    ),
    "one-file": (
        {
            "config.yaml": "version: 3\nmetadata_directory: metadata\nmetadata_file: engine.json\n",
            "engine.json": '{"resource_version": 7, "metadata": {"version": 3, "sources": [], "inherited_roles": []}}',
        },
        {"sources": [], "inherited_roles": []},
    ),
}


def write(directory: pathlib.Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return str(directory)
