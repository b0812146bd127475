# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a directory of Hasura's CLI, and a metadata file."""

from __future__ import annotations

import copy
import json
import random

import pytest
import yaml

from ansible_collections.webops.paas.plugins.module_utils._core import data_files
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._hasura import project, sdl
from ansible_collections.webops.paas.plugins.module_utils._hasura.differences import differences
from ansible_collections.webops.paas.plugins.module_utils._hasura.metadata import checked
from ansible_collections.webops.paas.plugins.module_utils._hasura.normal_form import is_same, normal
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.hasura_exported import EXPORTED, mixed

# -- directories of Hasura's CLI ---------------------------------------------------------------------------------------


def described(entry, indent):
    return f'{indent}"""{entry["description"]}"""\n' if "description" in entry else ""


def fields(entries, indent="  "):
    return "".join(f"{described(entry, indent)}{indent}{entry['name']}: {entry['type']}\n" for entry in entries)


def signature(action):
    arguments = ", ".join(f"{argument['name']}: {argument['type']}" for argument in action["definition"]["arguments"])
    about = f'  "{action["comment"]}"\n' if "comment" in action else ""
    arguments = f"({arguments})" if arguments else ""
    return f"{about}  {action['name']}{arguments}: {action['definition']['output_type']}\n"


def signatures_of(metadata):
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
    """Writes files like Hasura's CLI, with tables and functions in separate files or not."""
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
    for name, key in project.FILES.items():
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
    files["actions_sdl"] = signatures_of(metadata)
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
    found = checked("src", project.load("src", directory))
    assert differences(normal(found), normal(EXPORTED)) == []
    assert is_same(found, EXPORTED)


def test_a_project_has_its_metadata_below_it(tmp_path):
    write(tmp_path / "metadata", version={"version": 3}, network={"tls_allowlist": []})
    (tmp_path / "config.yaml").write_text("version: 3\n")
    assert project.load("src", str(tmp_path)) == {"version": 3, "network": {"tls_allowlist": []}}


def test_files_of_json_and_yaml_say_the_same(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(EXPORTED))
    (tmp_path / "a.yml").write_text(yaml.safe_dump(EXPORTED))
    assert project.load("src", str(tmp_path / "a.json")) == project.load("src", str(tmp_path / "a.yml")) == EXPORTED


def test_yaml_is_read_as_hasuras_cli_reads_it(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "a: yes\nb: true\nc: 12:30\nd: 010\ne: 10\nf: 2020-01-01\ng: 1.5\nh: ~\ni: off\n1: x\nj: 0x1F\nk:\n"
    )
    assert project.load("src", str(tmp_path / "a.yaml")) == {
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
        project.load("src", str(tmp_path))
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
    """A directory can be a link itself, but a file in it must not lead out of it."""
    real = tmp_path / "real"
    write(real, version={"version": 3})
    (tmp_path / "link").symlink_to(real)
    assert project.load("src", str(tmp_path / "link")) == {"version": 3}
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
        project.load("src", str(tmp_path))["remote_schemas"][0]["permissions"][0]["definition"]["schema"]
        == "schema { query: Q }"
    )
    write(
        tmp_path,
        databases__databases="!include a.yaml",
        databases__a="x: !include b.yaml",
        databases__b="[!include a.yaml]",
    )
    refused(tmp_path, "a.yaml, which includes", "b.yaml again")


def test_an_include_may_stand_in_quotes(tmp_path):
    write(tmp_path, version={"version": 3}, databases__a=[{"name": "a"}])
    (tmp_path / "databases" / "databases.yaml").write_text("""'!include "a.yaml"'\n""")
    assert project.load("src", str(tmp_path))["sources"] == [{"name": "a"}]


def test_an_empty_metrics_config_is_not_sent(tmp_path):
    write(tmp_path, version={"version": 3}, metrics_config={})
    assert "metrics_config" not in project.load("src", str(tmp_path))
    write(tmp_path, metrics_config={"analyze_query_variables": True, "analyze_response_body": False})
    assert project.load("src", str(tmp_path))["metrics_config"]["analyze_query_variables"] is True


@pytest.mark.parametrize(
    "name,text,line",
    [
        ("a.yaml", "version: 3\nsources: []\nsources: []\n", 3),
        ("a.yaml", "a:\n- {b: 1, c: 2,\n   b: 3}\n", 3),
        ("a.yaml", "1: a\n'1': b\n", 2),
        ("a.json", '{"a": [\n{"b": 1,\n"b": 2}]}', 3),
        ("a.json", '{"a": 1, "a": 1}', 1),
    ],
)
def test_a_key_that_appears_twice_is_refused(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    refused(tmp_path / name, name, "twice", f"line {line}")


@pytest.mark.parametrize(
    "text,line",
    [
        ("a:\n  true: b\n", 2),
        ("a: {b: 1,\n null: 2}\n", 2),
        ("a: 1\n~: 2\n", 2),
        ("1.10: a\n", 1),
        ("a: b\nversion: 1.10\n", 2),
        ("- 1\n- 1e3\n", 2),
    ],
)
def test_what_would_lose_its_spelling_must_be_quoted(tmp_path, text, line):
    (tmp_path / "a.yaml").write_text(text)
    refused(tmp_path / "a.yaml", "a.yaml", f"line {line}", "quote it")


def test_a_merged_key_may_be_overridden(tmp_path):
    (tmp_path / "a.yaml").write_text("a: &x {b: 1}\nc: &y {<<: *x, b: 2}\nd: {<<: *y, b: 3}\n")
    assert project.load("src", str(tmp_path / "a.yaml")) == {"a": {"b": 1}, "c": {"b": 2}, "d": {"b": 3}}


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
    monkeypatch.setattr(data_files, "HAS_YAML", False)
    assert project.load("src", str(tmp_path / "a.json")) == EXPORTED
    with pytest.raises(data_files.NoYaml, match="PyYAML"):
        project.load("src", str(tmp_path / "a.yaml"))


def test_actions_and_their_signatures_belong_together(tmp_path):
    write(
        tmp_path,
        version={"version": 3},
        actions={"actions": [{"name": "a", "definition": {"handler": "h"}}]},
        actions_sdl="type Query { b: Int }",
    )
    refused(tmp_path, "actions.graphql does not have a")
    write(tmp_path, actions={"actions": []})
    refused(tmp_path, "actions.yaml does not have b")
    write(tmp_path, actions={"actions": [{"handler": "h"}]})
    refused(tmp_path, "actions.yaml", "name")
    write(tmp_path, actions={"actions": [], "custom_types": {"objects": [{"name": "T"}]}}, actions_sdl="scalar U")
    refused(tmp_path, "actions.graphql does not have T")
    write(tmp_path, actions={"custom_types": {"scalars": [{"name": "U"}, {"name": "U", "description": "x"}]}})
    refused(tmp_path, "scalars in actions.yaml has U twice")
    # Without the other file, this one contains everything.
    (tmp_path / "actions.graphql").unlink()
    write(tmp_path, actions={"actions": [{"name": "a", "definition": {"handler": "h", "output_type": "Int"}}]})
    assert project.load("src", str(tmp_path))["actions"][0]["definition"]["output_type"] == "Int"


# -- the schema language -----------------------------------------------------------------------------------------------


def test_signatures_and_types():
    found = sdl.parse('''
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
        ("type A {\n a: }", "line 2: expected a name, got '}'"),
        ("type A { a: [B }", "expected ]"),
        ("type A @x { a: B }", "expected {"),
        ("union A = B", "type, input, enum, scalar"),
        ("type A { a: B", "expected a name, got 'the end'"),
        ("extend type A { a: B }", "Query or Mutation"),
        ("extend input A { a: B }", "extend type"),
        ('"""a', "unexpected"),
        ("type A { a: B! ! }", "a name"),
        ("%", "unexpected"),
        ("type A {\n a: B\n a: C }", "line 3: a is declared twice"),
        ("type A { a(b: C, b: D): E }", "line 1: b is declared twice"),
        ("enum A { B\nB }", "line 2: B is declared twice"),
        ("scalar A\ninput A { b: C }", "line 2: A is declared twice"),
        ("type Query { a: B }\nextend type Mutation {\n a: B }", "line 3: a is declared twice"),
        ("", None),
    ],
)
def test_what_metadata_has_no_place_for_is_refused(text, words):
    if words is None:
        assert sdl.parse(text) == sdl.Types()
        return
    with pytest.raises(sdl.SdlError) as failure:
        sdl.parse(text)
    assert words in str(failure.value)


@pytest.mark.parametrize(
    "one,other,are_equal",
    [
        ("type A { a: B! }", "type A {\n  a: B!, # that\n}\n", True),
        ("scalar A\ntype B { a(b: Int = -1.5, c: [C!]): D }", "type B {a(b:Int=-1.5 c:[C!]):D} scalar A", True),
        ('"""x"""\nscalar A\nenum type { type, input }', 'enum type { type input }\n"x" scalar A', True),
        ("schema { query: Query } type Query { a: B }", "type Query { a: B }", True),
        (
            'extend type A @key(fields: "id") { a: B } scalar C',
            'scalar C extend type A @key(fields: "id") { a: B }',
            True,
        ),
        ("directive @input on FIELD | OBJECT scalar A", "scalar A directive @input on FIELD|OBJECT", True),
        ("schema { query: Other }", "", False),
        ("type A { a: B }", "type A { a: B! }", False),
        ("type A { a: B b: B }", "type A { b: B a: B }", False),
        ("scalar A scalar B", "scalar A", False),
        ('"x" scalar A', '"y" scalar A', False),
        ('"x" scalar A scalar B', 'scalar A "x" scalar B', False),
        ("type A { a: B } }", "type A { a: B }", False),
    ],
)
def test_schemas_are_equal_however_they_are_printed(one, other, are_equal):
    assert (sdl.canonical(one) == sdl.canonical(other)) is are_equal
    assert sdl.canonical(None) is None
