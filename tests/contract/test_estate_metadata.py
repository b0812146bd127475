# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura in estates: exports, what applying them changes, and foreign content in them."""

from __future__ import annotations

import copy
import json

import pytest
from estates import applied, applied_files, contents, exported
from hasura_outcomes import succeeded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenarios.base import CANARY
from scenarios.hasura import HELLO, set_env
from scenarios.hasura_metadata import METADATA, command, connected, has_new, metadata

from ansible_collections.webops.paas.plugins.module_utils._hasura import project, substitutions
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.hasura_files import files_of

# Texts that Hasura, YAML, Ansible, file systems or placeholders could take for something else.
HOSTILE = (
    "{{ lookup('pipe', 'id') }}",
    "{{BASE}}/x",
    "${HOME}",
    "%{NAME}",
    "!substitute NAME",
    "!substitute",
    "!substituted",
    "!include ../version.yaml",
    "!include",
    "../../x",
    "/etc/passwd",
    "NO",
    "null",
    "~",
    "<<",
    "=",
    "1e5",
    "0o17",
    "2020-01-01",
    "a: b # c",
    "- a",
    " led by a blank",
    "ends with one ",
    "two\nlines",
    "\nfirst line empty",
    "last one\n\n",
    "tab\t\nand blank \n",
    "carriage\r\nreturn",
    "\x1b[31mred",
    "bell\x07",
    "nul\x00",
    "next\x85line",
    "line\N{LINE SEPARATOR}separator",
    "\N{SNOWMAN}\N{GRINNING FACE}",
    'say """hello"""',
    "back\\slash",
)
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = TEXTS.filter(bool)
WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
SECRETS = st.sampled_from([CANARY, CANARY[:8], CANARY + "-longer", f"{{{{{CANARY}}}}} {CANARY}", f"{CANARY}\n{CANARY}"])
URLS = SECRETS.filter(lambda secret: " " not in secret and "\n" not in secret).map(
    lambda secret: f"https://me:{secret}@example.com/graphql"
)
JSON = st.recursive(
    TEXTS | SECRETS | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.lists(st.fixed_dictionaries({"name": TEXTS, "value": SECRETS | TEXTS}), max_size=2)
TYPES = st.sampled_from(["String!", "[Int]", "broken }"])
FIELDS = st.lists(
    st.fixed_dictionaries({"name": WORDS, "type": TYPES}, optional={"description": TEXTS}),
    max_size=2,
    unique_by=lambda field: field["name"],
)


def listed(**parts):
    optional = parts.pop("optional", {})
    return st.lists(
        st.fixed_dictionaries({"name": NAMES, **parts}, optional=optional),
        max_size=2,
        unique_by=lambda each: each["name"],
    )


ACTIONS = listed(
    definition=st.fixed_dictionaries(
        {"handler": TEXTS | URLS, "output_type": TYPES},
        optional={
            "arguments": FIELDS,
            "headers": HEADERS,
            "request_transform": st.fixed_dictionaries(
                {"body": st.fixed_dictionaries({"template": TEXTS | st.just('{"a": {{$body.input.a}}}') | SECRETS})}
            ),
        },
    ),
    optional={"comment": TEXTS},
)
TRIGGERS = listed(
    definition=st.just({"enable_manual": False, "insert": {"columns": "*"}}), webhook=TEXTS | URLS, headers=HEADERS
)
CONNECTIONS = st.just({"from_env": "PG_DATABASE_URL"}) | SECRETS.map(lambda secret: f"postgres://u:{secret[:5]}@db/x")
ALL = st.fixed_dictionaries(
    {
        "sources": listed(
            configuration=CONNECTIONS.map(lambda url: {"connection_info": {"database_url": url}}),
            tables=TRIGGERS.map(lambda triggers: [{"table": "users", "event_triggers": triggers}]),
        )
    },
    optional={
        "remote_schemas": listed(definition=st.fixed_dictionaries({"url": URLS, "headers": HEADERS})),
        "actions": ACTIONS,
        "custom_types": st.fixed_dictionaries(
            {"input_objects": listed(fields=FIELDS, optional={"description": TEXTS})},
            optional={"scalars": listed(), "enums": listed(values=WORDS.map(lambda word: [{"value": word}]))},
        ),
        "cron_triggers": listed(webhook=TEXTS | URLS, schedule=st.just("0 3 * * *"), payload=JSON),
        "query_collections": listed(definition=TEXTS.map(lambda text: {"queries": [{"name": "all", "query": text}]})),
        "backend_configs": st.dictionaries(TEXTS, JSON, max_size=2),
    },
).map(lambda parts: {"version": 3, **parts})


def values_of(names):
    return {name: secret.value for name, secret in names.secrets.items()}


def write(directory, files):
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return str(directory)


# -- round trips -------------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=ALL)
def test_applying_an_export_changes_nothing_and_rebuilds(new_world, content):
    world = new_world()
    connected(world)
    answer = command(world, "replace_metadata", {"metadata": content, "allow_inconsistent_metadata": False}, version=2)
    assert "error" not in answer, answer
    before = world.directory / "estate"
    names = exported(world, before, "hasura")
    assert CANARY not in "".join(contents(before).values())
    run = applied_files(world, before, values_of(names))
    assert not run.result.get("failed"), run.result
    assert run.result["changed"] is False and not run.writes, run.result["diff"]
    other = new_world()
    run = applied_files(other, before, values_of(names))
    assert not run.result.get("failed"), run.result
    assert CANARY not in json.dumps([run.result, run.planned])
    after = other.directory / "again"
    assert values_of(exported(other, after, "hasura")) == values_of(names)
    assert contents(after) == contents(before)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=ALL)
def test_foreign_content_survives_files(tmp_path_factory, content):
    """Not only equal in its normal form: each text, byte for byte."""
    hidden, values = substitutions.extracted(copy.deepcopy(content))
    files = files_of(hidden)
    for path, text in files.items():
        assert CANARY not in text and path.isascii() and ".." not in path.split("/") and not path.startswith("/")
    directory = tmp_path_factory.mktemp("metadata")
    found = project.load("src", write(directory, files), values)
    for key in content.keys() - {"actions", "custom_types"}:
        assert found[key] == content[key], key
    # Descriptions and signatures are in another form where they are empty.
    assert project.substitutions.extracted(found)[1] == values


def test_what_an_export_writes(world):
    """The format of Hasura's CLI; request templates stay, secrets do not."""
    has_new(world)
    command(
        world,
        "replace_metadata",
        {
            "metadata": {
                **METADATA,
                "actions": [
                    {
                        "name": "sign",
                        "definition": {
                            "kind": "synchronous",
                            "handler": "https://actions.example.com",
                            "arguments": [{"name": "user", "type": "String!"}],
                            "output_type": "Signed",
                            "request_transform": {
                                "version": 2,
                                "template_engine": "Kriti",
                                "body": {"action": "transform", "template": '{\n  "user": {{$body.input.user}}\n}'},
                            },
                        },
                    }
                ],
                "custom_types": {
                    "objects": [{"name": "Signed", "fields": [{"name": "token", "type": "String!"}]}],
                },
            }
        },
        version=2,
    )
    directory = world.directory / "estate"
    names = exported(world, directory, "hasura")
    written = contents(directory)
    beside = "hasura/tenants/hello-hasura/metadata/"
    assert {path.removeprefix(beside) for path in written if path.startswith(beside)} == {
        "version.yaml",
        "databases/databases.yaml",
        "databases/default/tables/tables.yaml",
        "databases/default/tables/public_articles.yaml",
        "databases/default/tables/public_users.yaml",
        "databases/reports/tables/tables.yaml",
        "databases/reports/tables/public_orders.yaml",
        "remote_schemas.yaml",
        "cron_triggers.yaml",
        "opentelemetry.yaml",
        "inherited_roles.yaml",
        "actions.yaml",
        "actions.graphql",
    }
    assert '- "!include public_articles.yaml"' in written[beside + "databases/default/tables/tables.yaml"]
    assert 'tables: "!include default/tables/tables.yaml"' in written[beside + "databases/databases.yaml"]
    assert '"user": {{$body.input.user}}' in written[beside + "actions.yaml"]
    assert "sign(user: String!): Signed" in written[beside + "actions.graphql"]
    assert 'database_url: "!substitute REPORTS_DATABASE_URL"' in written[beside + "databases/databases.yaml"]
    entry = written["hasura/tenants/hello-hasura.yml"]
    assert "src: hello-hasura/metadata" in entry
    assert 'REPORTS_DATABASE_URL: "{{ vault_hasura_hello_hasura_metadata_reports_database_url }}"' in entry
    assert CANARY not in "".join(written.values()) and any(CANARY in value for value in values_of(names).values())


# -- what cannot be read -----------------------------------------------------------------------------------------------


def refuse(world, **fault):
    world.sandbox.admin("POST", "faults", {"platform": "hasura-tenant", "operation": "export_metadata", **fault})


def test_an_engine_that_takes_the_admin_secret_only(world):
    has_new(world)
    refuse(world, kind="status", status=401, times=1)
    directory = world.directory / "estate"
    exported(world, directory, "hasura")
    entry = (directory / "hasura" / "tenants" / "hello-hasura.yml").read_text()
    secret = "{{ vault_hasura_hello_hasura_hasura_graphql_admin_secret }}"
    assert f'admin_secret: "{secret}"' in entry and "src: hello-hasura/metadata" in entry


def test_an_engine_whose_admin_secret_cannot_be_read(world):
    has_new(world)
    refuse(world, kind="status", status=401, times=99)
    hidden = {"platform": "hasura", "operation": "getTenantEnv", "kind": "status", "status": 403, "times": 99}
    world.sandbox.admin("POST", "faults", hidden)
    directory = world.directory / "estate"
    exported(world, directory, "hasura")
    entry = (directory / "hasura" / "tenants" / "hello-hasura.yml").read_text()
    assert "# Environment variables could not be read:" in entry
    assert "HASURA_GRAPHQL_ADMIN_SECRET is not among the variables" in entry and "hasura_metadata" not in entry


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "status", "status": 401}])
def test_an_engine_that_cannot_be_read_is_a_comment(world, fault):
    has_new(world)
    refuse(world, times=99, **fault)
    directory = world.directory / "estate"
    exported(world, directory, "hasura")
    entry = (directory / "hasura" / "tenants" / "hello-hasura.yml").read_text()
    assert "# Metadata could not be exported:" in entry and "hasura_metadata" not in entry


# -- apply -------------------------------------------------------------------------------------------------------------

SHOP = {"name": "shop-api", "cloud": "aws", "region": "us-east-2"}
DATABASE = {"PG_DATABASE_URL": "postgres://shop:hush@db.example.com:5432/shop"}
TABLES = {
    "version": 3,
    "sources": [
        {
            "name": "default",
            "kind": "postgres",
            "configuration": {"connection_info": {"database_url": {"from_env": "PG_DATABASE_URL"}}},
            "tables": [{"table": "users"}],
        }
    ],
}
ESTATE = [
    {"hasura_metadata": {"name": "shop-api", "metadata": TABLES}},
    {"hasura_env_vars": {"name": "shop-api", "env_vars": DATABASE}},
    {"hasura_tenant": SHOP},
]


def test_metadata_follows_its_tenant_and_its_variables(world):
    predicted = applied(world, ESTATE, check=True)
    assert not predicted.result.get("failed") and not predicted.writes, predicted.result
    first = applied(world, ESTATE)
    assert not first.result.get("failed"), first.result
    assert first.actions == predicted.actions
    order = [call["operation"] for call in first.writes]
    assert order.index("createTenant") < order.index("updateTenantEnv") < order.index("replace_metadata")
    settled = applied(world, ESTATE)
    assert settled.result["changed"] is False and not settled.writes
    other = copy.deepcopy(ESTATE)
    other[0]["hasura_metadata"]["metadata"]["sources"][0]["tables"] = [{"table": "orders"}]
    drifted = applied(world, other, check=True)
    assert drifted.actions["hasura_metadata", "shop-api"] == "updated" and not drifted.writes


def test_metadata_that_lacks_a_variable_is_no_obstacle_to_declaring_it(world):
    """It is inconsistent until the variable is there, and not looked at again before."""
    first = applied(world, ESTATE)
    assert not first.result.get("failed"), first.result["msg"]
    gone = [{"hasura_env_vars": {"name": "shop-api", "absent": ["PG_DATABASE_URL"]}}]
    assert applied(world, gone).result["changed"] is True
    run = applied(world, ESTATE)
    assert not run.result.get("failed"), run.result
    assert run.actions["hasura_env_vars", "shop-api"] == "created"
    assert run.actions["hasura_metadata", "shop-api"] == "unchanged"
    assert applied(world, ESTATE).result["changed"] is False


def test_an_estate_of_files_elsewhere(world, monkeypatch):
    """Paths are relative to the file of the entry, and secrets that change are drift."""
    has_new(world)
    directory = world.directory / "estate"
    values = values_of(exported(world, directory, "hasura"))
    monkeypatch.chdir("/")
    assert applied_files(world, directory, values, check=True).result["changed"] is False
    secret = next(name for name in values if name.endswith("reports_database_url"))
    run = applied_files(world, directory, {**values, secret: "postgres://shop:another-canary@db.example.com/shop"})
    assert run.actions["hasura_metadata", "hello-hasura"] == "updated"
    assert "another-canary" not in json.dumps(run.result) and CANARY not in json.dumps(run.result)
    assert "another-canary" in json.dumps(metadata(world))


# -- substitutions -----------------------------------------------------------------------------------------------------


def test_values_are_masked_wherever_they_stand(world):
    """Also where metadata has no secrets of its own: the comment of a permission, the name of a role."""
    connected(world)
    files = {
        "version.yaml": "version: 3\n",
        "inherited_roles.yaml": '- role_name: !substitute ROLE\n  role_set: ["!substitute MEMBER", user]\n',
        "cron_triggers.yaml": "- name: nightly\n  webhook: '{{BASE}}'\n  schedule: 0 3 * * *\n"
        "  include_in_metadata: true\n  payload: !substitute_number PIN\n  comment: !substitute NOTE\n",
    }
    options = {**HELLO, "src": write(world.directory / "metadata", files)}
    values = {"ROLE": f"{CANARY}-role", "MEMBER": f"{CANARY}-member", "PIN": "8461", "NOTE": f"{CANARY}-note"}
    outcome = succeeded(world.run("hasura_metadata", {**options, "substitutions": values}))
    assert CANARY not in outcome.everything() and "8461" not in outcome.everything()
    found = metadata(world)
    assert found["cron_triggers"][0]["payload"] == 8461 and found["cron_triggers"][0]["webhook"] == "{{BASE}}"
    assert found["inherited_roles"][0] == {"role_name": f"{CANARY}-role", "role_set": [f"{CANARY}-member", "user"]}
    again = succeeded(world.run("hasura_metadata", {**options, "substitutions": values}))
    assert again.result["changed"] is False
    # The values before the change are secrets too.
    outcome = world.run("hasura_metadata", {**options, "substitutions": {**values, "NOTE": "another", "PIN": "17"}})
    assert outcome.result["changed"] is True and "8461" not in outcome.everything()
    assert f"{CANARY}-note" not in outcome.everything()


def test_a_value_that_no_placeholder_uses_is_a_warning(world):
    set_env(world, BASE="https://example.com")
    source = write(world.directory / "metadata", {"version.yaml": "version: 3\n"})
    outcome = succeeded(world.run("hasura_metadata", {**HELLO, "src": source, "substitutions": {"UNUSED": "x"}}))
    assert any("UNUSED" in warning for warning in outcome.warnings)
