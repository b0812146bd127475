# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura: what is secret."""

from __future__ import annotations

import copy
import json

import pytest

from ansible_collections.webops.paas.plugins.module_utils._hasura import masking
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import normal

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
        and "https://seen.example.com/********" in text
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


HUSH = "hush"


def configured(**configuration):
    return {"sources": [{"name": "seen", "kind": "seen", "configuration": configuration}]}


def trigger(**parts):
    return {"cron_triggers": [{"name": "seen", "schedule": "* * * * *", **parts}]}


def action(**definition):
    return {"actions": [{"name": "seen", "definition": definition}]}


@pytest.mark.parametrize(
    "metadata",
    [
        configured(connection_info={"connection_uri": f"mongodb+srv://me:{HUSH}@db.example.com/x"}),
        configured(connection_info={"anything": f"jdbc:oracle:thin:me/{HUSH}@db"}),
        configured(connection_info={"database_url": {"connection_parameters": {"host": "seen", "secret": HUSH}}}),
        configured(connection_set=[{"name": "seen", "connection_info": {"database_url": f"postgres://{HUSH}@db"}}]),
        configured(template=f'{{"url": "{HUSH}"}}', template_variables={"seen": {"filepath": HUSH}}),
        configured(value={"configuration": {"deep": [{"key": HUSH}]}}),
        {
            "sources": [
                {"name": "tables", "configuration": {"x": HUSH}},
                {"name": "functions", "configuration": {"x": HUSH}},
            ]
        },
        {"opentelemetry": {"status": "seen", "exporter_otlp": {"otlp_traces_endpoint": f"https://seat/{HUSH}"}}},
        {"opentelemetry": {"exporter_otlp": {"resource_attributes": [{"name": "seen", "value": HUSH}]}}},
        {"opentelemetry": {"exporter_otlp": {"headers": [{"name": "seen", "value": HUSH}]}}},
        {"backend_configs": {"dataconnector": {"seen": {"uri": f"http://{HUSH}:8080", "display_name": "seen"}}}},
        trigger(payload={"from_env": HUSH, "list": [{"name": HUSH}]}),
        trigger(payload=HUSH),
        trigger(webhook=f"https://seat/{HUSH}"),
        action(handler=f"https://seen.example.com/services/{HUSH}"),
        action(handler=f"{{{{SEEN}}}}/{HUSH}"),
        action(handler=f"https://me:{HUSH}@seat/x"),
        action(handler=HUSH),
        action(request_transform={"method": "SEEN", "url": f"{{{{$base_url}}}}/{HUSH}"}),
        action(request_transform={"body": {"action": "transform", "template": f'{{"k": "{HUSH}"}}'}}),
        action(request_transform={"body": {"form_template": {"method": HUSH}}}),
        action(request_transform={"query_params": {"method": HUSH}, "version": 2}),
        action(request_transform={"query_params": f"key={HUSH}"}),
        action(response_transform={"body": {"template": HUSH}}),
        {"tables": [{"permission": {"validate_input": {"definition": {"url": f"https://seen.example.com/{HUSH}"}}}}]},
        {"anything": f"see postgres://me:{HUSH}@db.example.com/seen for it"},
        {"anything": f"postgres://me:a/{HUSH}@b@db.example.com/seen"},
        {"anything": f"https://me:a/{HUSH}@db.example.com/seen"},
        {"anything": f"https://{HUSH}@db.example.com/seen"},
        {"anything": f"jdbc:postgresql://db/seen?user=me&password={HUSH}"},
        {"remote_schemas": [{"name": "seen", "definition": {"url": f"{{{{SEEN}}}}?key={HUSH}"}}]},
    ],
)
def test_any_literal_is_masked_where_secrets_stand(metadata):
    text = json.dumps(masking.masked(metadata))
    assert HUSH not in text and any(HUSH in secret for secret in masking.secrets(metadata))
    assert text.lower().count("seen") == json.dumps(metadata).lower().count("seen")


@pytest.mark.parametrize(
    "metadata",
    [
        configured(
            connection_info={"isolation_level": "seen", "database_url": {"from_env": "SEEN"}}, datasets=["seen"]
        ),
        configured(connection_info={"pool_settings": {"max_connections": 50}, "use_prepared_statements": False}),
        {"sources": [{"tables": [{"table": "t", "configuration": {"custom_name": "seen"}}]}]},
        {"sources": [{"functions": [{"function": "f", "configuration": {"session_argument": "seen"}}]}]},
        {"sources": [{"tables": [{"event_triggers": [{"definition": {"update": {"payload": ["id"]}}}]}]}]},
        action(handler="{{SEEN}}"),
        action(handler="https://seen.example.com/"),
        {"remote_schemas": [{"definition": {"url": "https://seen.example.com:8443/graphql"}}]},
        {"rest_endpoints": [{"name": "seen", "url": "seen/:id", "comment": "see https://example.com/@seen"}]},
        {"query_collections": [{"definition": {"queries": [{"query": "query a($b: Int = 1) { c(d: $b) }"}]}}]},
    ],
)
def test_what_is_no_secret_is_shown(metadata):
    assert masking.masked(metadata) == metadata and not masking.secrets(metadata)


def test_numbers_of_a_payload_are_literals_too():
    found = masking.masked(trigger(payload={"pin": 1234, "on": True, "none": None}))
    assert found["cron_triggers"][0]["payload"] == {"pin": masking.MASK, "on": True, "none": None}


def test_messages_that_quote_a_part_of_a_secret_are_known():
    known = masking.secrets(
        configured(
            a="postgres://me:p%40ss@db/x?sslpassword=inner", b="Driver={ODBC};Server=db;Uid=me;Pwd=a b;Encrypt=yes"
        )
    )
    assert {"p@ss", "inner", "a b"} <= known
    assert "to-ken" in masking.secrets({"comment": "https://me:to-ken@example.com"})


# -- request templates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text,is_bare",
    [
        ("{{$body.input.user}}", True),
        ('{\n  "user": {{$body.input.user}},\n  "role": {{ $session_variables.role }}\n}', True),
        ("{{$body.input.items[0].name}}", True),
        ("{{ if $body.a }} {{ $body.b }} {{ else }} {{ end }}", True),
        ('{"key": "hush", "user": {{$body.input.user}}}', False),
        ("Bearer {{$body.input.token}}", False),
        ("{{ 'hush' }}", False),
        ("{{ 1234 }}", False),
        ("{{$body.a}} 1234", False),
        ("hush", False),
        ('{"hush": ""}', False),
        ("", False),
    ],
)
def test_request_templates_without_literals_are_shown(text, is_bare):
    assert masking.is_bare_template(text) is is_bare
    found = {"actions": [{"definition": {"request_transform": {"body": {"template": text}}}}]}
    assert (masking.masked(found) == found) is is_bare
