# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura: what is the same, what is secret, how it is replaced; and what a directory of Hasura's CLI says."""

from __future__ import annotations

import copy
import json
import os
import random
from types import SimpleNamespace

import pytest
import yaml

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura import metadata as _metadata
from ansible_collections.webops.paas.plugins.module_utils._hasura import project as _hasura_project
from ansible_collections.webops.paas.plugins.module_utils._hasura import sdl as _hasura_sdl

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


def mixed(value, chance, path=()):
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


# -- what is the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_order_does_not_matter(seed):
    assert _metadata.is_same(EXPORTED, mixed(EXPORTED, random.Random(seed)))


def test_normal_is_normal_already_and_leaves_what_it_is_given():
    before = copy.deepcopy(EXPORTED)
    once = _metadata.normal(EXPORTED)
    assert _metadata.normal(once) == once and before == EXPORTED
    assert _metadata.differences(once, once) == []


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
    assert _metadata.is_same(one, other)


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
    assert not _metadata.is_same(one, other)
    places = _metadata.differences(_metadata.normal(one), _metadata.normal(other))
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
    assert not _metadata.is_same(EXPORTED, changed)
    assert _metadata.differences(_metadata.normal(EXPORTED), _metadata.normal(changed))


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
    assert _metadata.is_same(malformed, malformed)
    assert not _metadata.is_same(malformed, EXPORTED) and _metadata.differences(
        _metadata.normal(malformed), _metadata.normal(EXPORTED)
    )
    _metadata.masked(malformed)


def test_what_was_exported_with_its_version_is_unwrapped():
    assert _metadata.checked("metadata", {"resource_version": 7, "metadata": EXPORTED}) == EXPORTED
    assert _metadata.checked("metadata", {"version": "3"}) == {"version": 3, "sources": []}
    for wrong in ([], {}, {"version": 2}, {"version": True}, {"metadata": {"version": 3}, "more": 1}):
        with pytest.raises(InvalidInput, match="metadata"):
            _metadata.checked("metadata", wrong)


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
    text = json.dumps(_metadata.masked(SECRET))
    assert "hush" not in text and before == SECRET
    assert text.count("seen") + text.count("SEEN") == json.dumps(SECRET).count("seen") + json.dumps(SECRET).count(
        "SEEN"
    )
    assert (
        "https://********@seen.example.com/graphql" in text
        and "https://seen.example.com/a?********" in text
        and '"count": 1' in text
    )
    assert {"hush!", "hush", "me:hush", "key=hush", "postgres://u:hush%21@db/x"} <= _metadata.secrets(SECRET)
    assert not any("seen" in secret.lower() for secret in _metadata.secrets(SECRET))
    assert _metadata.masked(None) is None and _metadata.secrets(None) == set()


def test_a_diff_tells_which_secrets_change_and_none_of_them():
    def one(password, header):
        return _metadata.normal(
            {
                "version": 3,
                "sources": [{"name": "a", "configuration": {"connection_info": {"database_url": password}}}],
                "remote_schemas": [{"name": "s", "definition": {"headers": [{"name": "h", "value": header}]}}],
            }
        )

    before, after = _metadata.sides(one("hush", "hush"), one("hush", "hush-hush"))
    assert before["sources"] == after["sources"] and "hush" not in json.dumps([before, after])
    assert before["remote_schemas"][0]["definition"]["headers"] == [{"name": "h", "value": "(secret)"}]
    assert after["remote_schemas"][0]["definition"]["headers"] == [{"name": "h", "value": "(secret, changed)"}]


# -- replacing ---------------------------------------------------------------------------------------------------------


class Engine:
    """An endpoint that keeps metadata. trouble: what happens at each replace instead of it, in turn: functions of the engine and the replacing."""

    def __init__(self, *trouble, keeps=lambda metadata: metadata, has_lock=True):
        self.trouble, self.keeps, self.has_lock = list(trouble), keeps, has_lock
        self.version, self.metadata, self.sent = 1, {"version": 3, "sources": []}, []

    def export_metadata(self):
        return {"resource_version": self.version, "metadata": self.metadata} if self.has_lock else self.metadata

    def replace_metadata(self, metadata, *, allow_inconsistent, resource_version):
        self.sent.append((resource_version, allow_inconsistent))
        if self.trouble:
            self.trouble.pop(0)(self, lambda: self.keep(metadata))
        else:
            self.keep(metadata)

    def keep(self, metadata):
        self.metadata, self.version = self.keeps(metadata), self.version + 1


def change(engine):
    clock = SimpleNamespace(sleep=lambda seconds: None, random=lambda: 0.5)
    kept = []
    state = _metadata.replace(
        engine, _metadata.read(engine), EXPORTED, allow_inconsistent=False, clock=clock, before_write=kept.append
    )
    return state, kept


def lost_afterwards(_engine, replace):
    replace()
    raise LostAnswer("lost", status=None, code="no_answer")


def lost_before(_engine, _replace):
    raise LostAnswer("lost", status=None, code="no_answer")


def conflict(_engine, _replace):
    raise ApiError("conflict", status=409, code="conflict")


def others_come(engine, replace):
    replace()
    engine.metadata, engine.version = {"version": 3, "sources": [{"name": "theirs"}]}, engine.version + 1


@pytest.mark.parametrize(
    "trouble,sent",
    [
        ((), 1),
        ((conflict,), 2),
        ((lost_afterwards,), 1),
        ((lost_before,), 2),
        ((others_come,), 2),
        ((conflict,) * 4, 5),
    ],
)
def test_it_is_written_until_it_is_there(trouble, sent):
    engine = Engine(*trouble)
    state, kept = change(engine)
    assert (
        len(engine.sent) == len(kept) == sent
        and engine.metadata == EXPORTED
        and state.resource_version == engine.version
    )


def test_the_lock_is_the_version_that_was_read_last():
    engine = Engine(others_come)
    _state, kept = change(engine)
    assert [version for version, _allowed in engine.sent] == [1, 3] and kept[1].content["sources"] == [
        {"name": "theirs"}
    ]
    engine = Engine(has_lock=False)
    assert change(engine)[0].resource_version is None and engine.sent == [(None, False)]


@pytest.mark.parametrize("trouble", [conflict, lost_before, others_come])
def test_it_ends_after_five_attempts(trouble):
    engine = Engine(*[trouble] * 9)
    with pytest.raises(PaasError):
        change(engine)
    assert len(engine.sent) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_a_refusal_is_not_repeated(status):
    def refuse(_engine, _replace):
        raise ApiError("refused", status=status)

    engine = Engine(refuse)
    with pytest.raises(ApiError, match="refused"):
        change(engine)
    assert len(engine.sent) == 1


@pytest.mark.parametrize("has_lock", [True, False])
def test_what_an_engine_drops_is_an_error_that_names_it(has_lock):
    engine = Engine(
        keeps=lambda metadata: {key: part for key, part in metadata.items() if key not in ("network", "actions")},
        has_lock=has_lock,
    )
    with pytest.raises(PaasError, match="actions, network") as failure:
        change(engine)
    assert failure.value.details["code"] == "not_applied" and len(engine.sent) == 1


def test_inconsistent_objects_are_named_without_their_definitions():
    answer = {
        "is_consistent": False,
        "inconsistent_objects": [
            {"name": f"table {number}", "type": "table", "reason": "no hush", "definition": {"x": "hush"}}
            for number in range(7)
        ],
    }
    found = _metadata.consistency(
        SimpleNamespace(get_inconsistent_metadata=lambda: answer), lambda text: text.replace("hush", "****")
    )
    assert found["inconsistent_objects"][0] == {"name": "table 0", "type": "table", "reason": "no ****"}
    with pytest.raises(PaasError, match=r"table 0 \(no \*\*\*\*\).*table 4 .*2 more") as failure:
        _metadata.check_consistent({"tenant_id": "t", **found})
    assert failure.value.results["metadata"]["is_consistent"] is False
    _metadata.check_consistent({"tenant_id": "t", "is_consistent": True})


# -- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_keeps_what_was_first(tmp_path):
    path = str(tmp_path / "kept.json")
    first = _metadata.Backup(path, "t")
    assert not first.exists
    first.write(_metadata.State(1, {"version": 3, "sources": []}))
    # Another writer came in between.
    first.write(_metadata.State(2, EXPORTED))
    assert _metadata.Backup.to_restore(path)["metadata"] == EXPORTED and os.stat(path).st_mode & 0o777 == 0o600
    second = _metadata.Backup(path, "t")
    second.write(_metadata.State(3, {"version": 3, "sources": [1]}))
    assert second.exists and _metadata.Backup.to_restore(path)["metadata"] == EXPORTED
    with pytest.raises(PaasError, match="another tenant"):
        _metadata.Backup(path, "u")
    (tmp_path / "kept.json").write_text("{}")
    with pytest.raises(InvalidInput, match="no backup"):
        _metadata.Backup(path, "t")


# -- directories of Hasura's CLI ---------------------------------------------------------------------------------------


def described(entry, indent):
    return f'{indent}"""{entry["description"]}"""\n' if "description" in entry else ""


def fields(entries, indent="  "):
    return "".join(f"{described(entry, indent)}{indent}{entry['name']}: {entry['type']}\n" for entry in entries)


def signature(action):
    arguments = ", ".join(f"{argument['name']}: {argument['type']}" for argument in action["definition"]["arguments"])
    about = f'  "{action["comment"]}"\n' if "comment" in action else ""
    return f"{about}  {action['name']}{'(' + arguments + ')' if arguments else ''}: {action['definition']['output_type']}\n"


def sdl(metadata):
    """actions.graphql as Hasura's CLI writes it."""
    types, text = metadata["custom_types"], "# made by a test\n"
    for action in metadata["actions"]:
        text += f"type {action['definition']['type'].capitalize()} {{\n{signature(action)}}}\n\n"
    for entry in types["input_objects"]:
        text += f"{described(entry, '')}input {entry['name']} {{\n{fields(entry['fields'])}}}\n"
    for entry in types["objects"]:
        text += f"{described(entry, '')}type {entry['name']} {{\n{fields(entry['fields'])}}}\n"
    for entry in types["enums"]:
        text += (
            f"enum {entry['name']} {{\n"
            + "".join(f"{described(value, '  ')}  {value['value']}\n" for value in entry["values"])
            + "}\n"
        )
    return text + "".join(f"scalar {entry['name']}\n" for entry in types["scalars"])


def write(directory, **files):
    for name, content in files.items():
        path = directory.joinpath(*name.split("__")).with_suffix(".graphql" if name == "actions_sdl" else ".yaml")
        path = path.with_name("actions.graphql") if name == "actions_sdl" else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False), encoding="utf-8"
        )
    return str(directory)


def write_project(directory, metadata, chance, tag=False):
    """As Hasura's CLI would; tables and functions in files of their own, or not."""
    files = {"version": {"version": 3}}
    sources = copy.deepcopy(metadata["sources"])
    for source in sources:
        for kind, name in (("tables", "table"), ("functions", "function")):
            entries = source.get(kind)
            if not entries or chance.random() < 0.3:
                continue
            where = f"databases__{source['name']}__{kind}__"
            for number, entry in enumerate(entries):
                file = f"{entry[name]['schema']}_{entry[name]['name']}"
                files[where + file] = entry
                entries[number] = f"!include {file}.yaml"
            files[where + kind] = entries
            source[kind] = f"!include {source['name']}/{kind}/{kind}.yaml"
    files["databases__databases"] = sources
    for name, key in _hasura_project.FILES.items():
        if key != "sources" and (key in metadata or chance.random() < 0.5):
            files[name.removesuffix(".yaml")] = metadata.get(key, [])
    files["actions"] = {
        "actions": [
            {
                **action,
                "definition": {
                    key: part
                    for key, part in action["definition"].items()
                    if key not in ("arguments", "output_type", "type")
                },
            }
            for action in metadata["actions"]
        ],
        "custom_types": {
            kind: [
                {key: part for key, part in entry.items() if key not in ("fields", "values", "description")}
                for entry in entries
            ]
            for kind, entries in metadata["custom_types"].items()
        },
    }
    files["actions_sdl"] = sdl(metadata)
    texts = {
        name: content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        for name, content in files.items()
    }
    return write(
        directory,
        **{
            name: text.replace("'!include ", "!include ").replace(".yaml'", ".yaml") if tag else text
            for name, text in texts.items()
        },
    )


@pytest.mark.parametrize("tag", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_a_directory_of_what_was_exported_is_the_same(tmp_path, seed, tag):
    chance = random.Random(seed)
    exported = mixed(EXPORTED, chance)
    directory = write_project(tmp_path, exported, chance, tag)
    found = _metadata.checked("src", _hasura_project.load("src", directory))
    assert _metadata.differences(_metadata.normal(found), _metadata.normal(EXPORTED)) == []
    assert _metadata.is_same(found, EXPORTED)


def test_a_project_has_its_metadata_below_it(tmp_path):
    write(tmp_path / "metadata", version={"version": 3}, network={"tls_allowlist": []})
    (tmp_path / "config.yaml").write_text("version: 3\n")
    assert _hasura_project.load("src", str(tmp_path)) == {"version": 3, "network": {"tls_allowlist": []}}


def test_files_of_json_and_yaml_say_the_same(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(EXPORTED))
    (tmp_path / "a.yml").write_text(yaml.safe_dump(EXPORTED))
    assert (
        _hasura_project.load("src", str(tmp_path / "a.json"))
        == _hasura_project.load("src", str(tmp_path / "a.yml"))
        == EXPORTED
    )


def test_yaml_is_read_as_hasuras_cli_reads_it(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "a: yes\nb: true\nc: 12:30\nd: 010\ne: 10\nf: 2020-01-01\ng: 1.5\nh: ~\ni: off\n1: x\nj: 0x1F\nk:\n"
    )
    assert _hasura_project.load("src", str(tmp_path / "a.yaml")) == {
        "a": "yes",
        "b": True,
        "c": "12:30",
        "d": "010",
        "e": 10,
        "f": "2020-01-01",
        "g": 1.5,
        "h": None,
        "i": "off",
        "1": "x",
        "j": "0x1F",
        "k": None,
    }


def refused(tmp_path, *words):
    with pytest.raises(InvalidInput) as failure:
        _hasura_project.load("src", str(tmp_path))
    for word in ("src", *words):
        assert word in failure.value.message
    return failure.value.message


@pytest.mark.parametrize(
    "target", ["../outside.yaml", "/etc/hostname", "link.yaml", "linked/outside.yaml", "a/../../outside.yaml"]
)
def test_nothing_is_included_from_outside(tmp_path, target):
    (tmp_path / "outside.yaml").write_text("hush: 1")
    inside = tmp_path / "inside"
    write(inside, version={"version": 3}, network=f"!include {target}")
    (inside / "a").mkdir()
    (inside / "databases").mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (inside / "linked").symlink_to(tmp_path)
    if target == "link.yaml":
        (inside / "databases" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
        (inside / "link.yaml").unlink()
        write(inside, network="!include databases/link.yaml")
    else:
        (inside / "link.yaml").unlink()
    assert "hush" not in refused(inside, "outside of", "network.yaml")


def test_a_file_itself_may_be_a_link_to_nowhere_else(tmp_path):
    """A directory that is itself a link is fine, a file in it that leads out of it is not."""
    real = tmp_path / "real"
    write(real, version={"version": 3})
    (tmp_path / "link").symlink_to(real)
    assert _hasura_project.load("src", str(tmp_path / "link")) == {"version": 3}
    (tmp_path / "outside.yaml").write_text("[]")
    (real / "network.yaml").symlink_to(tmp_path / "outside.yaml")
    refused(real, "outside of")


def test_texts_can_be_included_and_circles_cannot(tmp_path):
    write(
        tmp_path,
        version={"version": 3},
        remote_schemas=[
            {"name": "s", "permissions": [{"role": "r", "definition": {"schema": "!include s/r.graphql"}}]}
        ],
    )
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "r.graphql").write_text("schema { query: Q }")
    assert (
        _hasura_project.load("src", str(tmp_path))["remote_schemas"][0]["permissions"][0]["definition"]["schema"]
        == "schema { query: Q }"
    )
    write(
        tmp_path,
        databases__databases="!include a.yaml",
        databases__a="x: !include b.yaml",
        databases__b="[!include a.yaml]",
    )
    refused(tmp_path, "in turn", "b.yaml")


def test_what_is_wrong_is_not_quoted(tmp_path):
    for name, text in (
        ("network.yaml", "a: 'hush\n b: [hush"),
        ("network.yaml", "a: &x hush\nb: *hush2\n"),
        ("network.yaml", "? {a: hush}\n: 1"),
    ):
        write(tmp_path, version={"version": 3})
        (tmp_path / name).write_text(text)
        message = refused(tmp_path, name)
        assert "hush " not in message and "hush]" not in message
    (tmp_path / "network.yaml").write_bytes(b"\xff\xfe\x00hush")
    refused(tmp_path, "UTF-8")


def test_without_pyyaml_only_yaml_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text(json.dumps(EXPORTED))
    (tmp_path / "a.yaml").write_text("{}")
    monkeypatch.setattr(_hasura_project, "yaml", None)
    assert _hasura_project.load("src", str(tmp_path / "a.json")) == EXPORTED
    with pytest.raises(_hasura_project.NoYaml, match="PyYAML"):
        _hasura_project.load("src", str(tmp_path / "a.yaml"))


def test_actions_and_their_signatures_belong_together(tmp_path):
    write(
        tmp_path,
        version={"version": 3},
        actions={"actions": [{"name": "a", "definition": {"handler": "h"}}]},
        actions_sdl="type Query { b: Int }",
    )
    refused(tmp_path, "actions.graphql has no a")
    write(tmp_path, actions={"actions": []})
    refused(tmp_path, "actions.yaml has no b")
    write(tmp_path, actions={"actions": [{"handler": "h"}]})
    refused(tmp_path, "actions.yaml", "name")
    write(tmp_path, actions={"actions": [], "custom_types": {"objects": [{"name": "T"}]}}, actions_sdl="scalar U")
    refused(tmp_path, "actions.graphql has no T")
    # Without the other file all stands in the one.
    (tmp_path / "actions.graphql").unlink()
    write(tmp_path, actions={"actions": [{"name": "a", "definition": {"handler": "h", "output_type": "Int"}}]})
    assert _hasura_project.load("src", str(tmp_path))["actions"][0]["definition"]["output_type"] == "Int"


# -- the schema language -----------------------------------------------------------------------------------------------


def test_signatures_and_types():
    found = _hasura_sdl.parse('''
        extend type Mutation { """
                               Buys.
                                 All.
                             """ buy(what: [Thing!]!, "how \\"many\\"" count: Int): Bought }
        type Query { price: Int! } # no more
        input Thing { size: Size!, }
        type Bought { id: uuid! rows(limit: Int): [[Row]!] }
        "how big" enum Size { BIG "not big" SMALL }
        scalar When
    ''')
    assert found.actions["buy"] == {
        "type": "mutation",
        "output_type": "Bought",
        "comment": "Buys.\n  All.",
        "arguments": [
            {"name": "what", "type": "[Thing!]!"},
            {"name": "count", "type": "Int", "description": 'how "many"'},
        ],
    }
    assert found.actions["price"] == {"type": "query", "arguments": [], "output_type": "Int!"}
    assert found.objects[0]["fields"][1] == {
        "name": "rows",
        "type": "[[Row]!]",
        "arguments": [{"name": "limit", "type": "Int"}],
    }
    assert found.enums == [
        {
            "name": "Size",
            "description": "how big",
            "values": [{"value": "BIG"}, {"value": "SMALL", "description": "not big"}],
        }
    ]
    assert found.input_objects == [
        {"name": "Thing", "fields": [{"name": "size", "type": "Size!"}]}
    ] and found.scalars == [{"name": "When"}]


@pytest.mark.parametrize(
    "text,words",
    [
        ("type A { a: B = 1 }", "line 1"),
        ("type A {\n a: }", "line 2: a name is expected, not '}'"),
        ("type A { a: [B }", "] is expected"),
        ("type A @x { a: B }", "{ is expected"),
        ("union A = B", "type, input, enum, scalar"),
        ("type A { a: B", "a name is expected, not 'the end'"),
        ("extend type A { a: B }", "Query or Mutation"),
        ("extend input A { a: B }", "extend type"),
        ('"""a', "no meaning"),
        ("type A { a: B! ! }", "a name"),
        ("%", "no meaning"),
        ("", None),
    ],
)
def test_what_metadata_has_no_place_for_is_refused(text, words):
    if words is None:
        assert _hasura_sdl.parse(text) == _hasura_sdl.Types()
        return
    with pytest.raises(_hasura_sdl.SdlError) as failure:
        _hasura_sdl.parse(text)
    assert words in str(failure.value)
