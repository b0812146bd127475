# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports: existing objects are written to files, and applying these files changes nothing."""

from __future__ import annotations

import stat
import string

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar
from estates import applied, applied_files, contents, exported
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_accounts import ACCOUNTS, KEYS, TEXTS, entries_of, make_account
from scenarios.base import CANARY
from scenarios.hasura_metadata import METADATA, command, has_new

from ansible_collections.webops.paas.plugins.plugin_utils._door import as_sent
from ansible_collections.webops.paas.plugins.plugin_utils._estate import files
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import secrets, writing
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Document,
    Entry,
    Names,
    Secret,
    file_names,
)
from playbooks import Bench, task


def values_of(names):
    return {name: secret.value if secret.value is not None else "unreadable" for name, secret in names.secrets.items()}


# -- round trips -------------------------------------------------------------------------------------------------------


PLATFORMS = ("fleek", "flightcontrol", "hasura", "netlify")
PROPERTY = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # Not the one that explains a failure: it runs the example a hundred times more.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def check_that_applying_an_export_changes_nothing(new_world, account):
    world = new_world()
    make_account(world, account)
    directory = world.directory / "estate"
    names = exported(world, directory, *PLATFORMS)
    run = applied_files(world, directory, values_of(names))
    assert not run.result.get("failed"), run.result
    assert run.result["changed"] is False and not run.writes, (run.result["diff"], contents(directory))


def check_that_an_export_rebuilds_an_empty_account(new_world, account):
    """Services on Flightcontrol cannot be created."""
    platforms = [platform for platform in PLATFORMS if platform != "flightcontrol"]
    world = new_world()
    make_account(world, {**account, "instances": {}})
    before = world.directory / "estate"
    names = exported(world, before, *platforms)
    other = new_world()
    run = applied_files(other, before, values_of(names))
    assert not run.result.get("failed"), run.result
    after = other.directory / "again"
    assert values_of(exported(other, after, *platforms)) == values_of(names)
    assert without_invented(after) == without_invented(before)


def without_invented(directory):
    """{path: text}; Fleek chooses the names of sites."""
    found = contents(directory)
    of_fleek = sorted(text for path, text in found.items() if path.startswith("fleek/"))
    return of_fleek, {path: text for path, text in found.items() if not path.startswith("fleek/")}


def check_that_a_prediction_is_right(new_world, account, wanted, keep_going):
    """Random files on a random account: check mode says what the run then does."""
    world = new_world()
    make_account(world, account)
    world.sandbox.news()
    declared = entries_of(world, wanted, account)
    predicted = applied(world, declared, check=True, keep_going=keep_going)
    run = applied(world, declared, keep_going=keep_going)
    assert not predicted.writes
    for key in ("changed", "failed", "msg"):
        assert run.result.get(key) == predicted.result.get(key)
    # A run that fails while planning carries out nothing.
    done = run.planned if run.result.get("failed") else run.result
    for key in ("counts", "diff"):
        assert done[key] == predicted.result[key]
    assert [row["action"] for row in done["resources"]] == [row["action"] for row in predicted.result["resources"]]
    if run.result.get("failed"):
        # Fleek cannot change the build of a site.
        assert run.result["error"]["code"] == "create_only" and not run.writes, run.result
        return
    again = applied(world, declared)
    assert again.result["changed"] is False and not again.writes, again.result["diff"]


@settings(PROPERTY, max_examples=10)
@given(account=ACCOUNTS)
def test_applying_an_export_changes_nothing(new_world, account):
    check_that_applying_an_export_changes_nothing(new_world, account)


@settings(PROPERTY, max_examples=5)
@given(account=ACCOUNTS)
def test_an_export_rebuilds_an_empty_account(new_world, account):
    check_that_an_export_rebuilds_an_empty_account(new_world, account)


@settings(PROPERTY, max_examples=8)
@given(account=ACCOUNTS, wanted=ACCOUNTS, keep_going=st.booleans())
def test_predictions_are_right(new_world, account, wanted, keep_going):
    check_that_a_prediction_is_right(new_world, account, wanted, keep_going)


@pytest.mark.soak
@settings(PROPERTY, max_examples=300)
@given(account=ACCOUNTS, wanted=ACCOUNTS, keep_going=st.booleans())
def test_all_of_that_many_times(new_world, account, wanted, keep_going):
    check_that_applying_an_export_changes_nothing(new_world, account)
    check_that_an_export_rebuilds_an_empty_account(new_world, account)
    check_that_a_prediction_is_right(new_world, account, wanted, keep_going)


def test_all_platforms(world):
    """The initial objects of the sandbox, and objects that modules create."""
    applied(
        world,
        [
            {"hasura_tenant": {"name": "shop-api", "cloud": "aws", "region": "us-east-2"}},
            {"hasura_env_vars": {"name": "shop-api", "env_vars": {"API_KEY": "a-canary", "EMPTY": ""}}},
        ],
    )
    directory = world.directory / "estate"
    names = exported(world, directory, "fleek", "flightcontrol", "hasura", "netlify")
    written = contents(directory)
    assert {path.split("/")[0] for path in written} == {"fleek", "flightcontrol", "hasura"}
    assert "a-canary" not in "".join(written.values()) and "a-canary" in values_of(names).values()
    run = applied_files(world, directory, values_of(names))
    assert not run.result.get("failed"), run.result
    assert run.result["changed"] is False and not run.writes, run.result["diff"]


def test_names_that_modules_refuse(world):
    """They are comments, and applying the export changes nothing."""
    site = world.api("POST", "/sites", {"name": "shop"})
    world.api("PUT", f"/sites/{site['id']}/metadata", {"true": "x", "theme": "dark"})
    rows = [{"key": key, "values": [{"context": "all", "value": "x"}]} for key in ("None", "COLOR")]
    world.api("POST", f"/accounts/{site['account_slug']}/env?site_id={site['id']}", rows)
    directory = world.directory / "estate"
    names = exported(world, directory, "netlify")
    text = (directory / "netlify" / "sites" / "shop.yml").read_text()
    assert "# None is not exported" in text and "# true is not exported" in text and "theme: dark" in text
    run = applied_files(world, directory, values_of(names))
    assert not run.result.get("failed") and run.result["changed"] is False and not run.writes, run.result


def test_what_cannot_be_read_is_a_comment(world):
    world.api("POST", "/sites", {"name": "shop"})
    forbidden = {"platform": "netlify", "operation": "listSiteSnippets", "kind": "status", "status": 403}
    world.sandbox.admin("POST", "faults", forbidden)
    directory = world.directory / "estate"
    exported(world, directory, "netlify")
    text = (directory / "netlify" / "sites" / "shop.yml").read_text()
    assert "# Snippets could not be read" in text and "netlify_site:" in text


class Variables(yaml.SafeLoader):
    """Also values that are no templates."""


Variables.add_constructor("!unsafe", Variables.construct_scalar)


# -- the module --------------------------------------------------------------------------------------------------------


def test_a_part_of_an_export_keeps_the_other_secrets():
    """Of what is exported as a whole, only what exists remains in the example."""

    def exported_as(platforms, present, *words):
        return secrets.example_of(Names(Secret(each, "Value.", "x") for each in words), present, platforms)

    first = exported_as(["netlify", "hasura"], "", ("netlify", "a"), ("netlify", "b"), ("hasura", "c"))
    assert exported_as([], first, ("netlify", "a")) == first
    other = exported_as(["netlify"], first, ("netlify", "b"))
    assert set(yaml.safe_load(other)) == {"vault_netlify_b", "vault_hasura_c"}


def test_secrets_that_cannot_be_read_keep_the_value_that_is_filled_in():
    names = Names(
        [Secret(("a",), "Value.", None), Secret(("b",), "Value.", "new"), Secret(("c",), "Value.", "{{ x }}")]
    )
    present = "# by hand\nvault_own: !vault |\n  encrypted\nvault_a: 'filled in'\nvault_b: old\n"
    text = secrets.values_of(names, present)
    assert "vault_own: !vault" in text and "vault_a: 'filled in'" in text and "vault_b: new" in text
    assert secrets.values_of(names, text) == text
    same = "# another style\n" + text.replace("vault_b: new", 'vault_b: "new"')
    assert secrets.values_of(names, same) == same
    for broken in ("[]", "a: [", "text"):
        with pytest.raises(files.EstateError):
            secrets.values_of(names, broken)


def test_a_file_of_secrets_that_cannot_be_decrypted_is_not_replaced(world, tmp_path):
    bench = Bench(tmp_path)
    passwords = {"ANSIBLE_VAULT_PASSWORD_FILE": str(bench.directory / "password"), **world.environment}
    (bench.directory / "password").write_text("another one")
    (bench.directory / "estate").mkdir()
    (bench.directory / "estate" / "secrets.yml").write_bytes(VaultLib([("x", VaultSecret(b"one"))]).encrypt("a: b"))
    options = {"dest": "estate", "platforms": ["hasura"], "secrets": "vault"}
    results, _output = bench.play([task("export", "first", options, ignore_errors=True)], {}, **passwords)
    assert results["first"]["failed"] and "secrets.yml" in results["first"]["msg"]
    assert "secrets.example.yml" not in contents(bench.directory / "estate")


def test_export_by_a_playbook(world, tmp_path):
    """The second export changes no byte; files of deleted objects are removed, others stay; no secret is written."""
    bench = Bench(tmp_path)
    password = bench.directory / "password"
    password.write_text("open sesame")
    applied(
        world,
        [
            {"netlify_site": {"name": "shop"}},
            {"netlify_site": {"name": "store"}},
            {
                "netlify_env_vars": {
                    "site": "shop",
                    "env_vars": {"API_KEY": "env-canary"},
                    "variables": [
                        {"key": "HIDDEN", "is_secret": True, "values": [{"context": "production", "value": "unseen"}]}
                    ],
                }
            },
        ],
    )
    has_new(world)
    estate = bench.directory / "estate"
    options = {"dest": "estate", "platforms": ["hasura", "netlify"], "secrets": "vault"}
    passwords = {"ANSIBLE_VAULT_PASSWORD_FILE": str(password), **world.environment}
    tasks = [
        task("export", "predicted", options, check_mode=True, diff=True),
        task("export", "first", options, diff=True),
        task("export", "second", options),
    ]
    results, output = bench.play(tasks, {}, **passwords)
    assert results["predicted"]["changed_files"] == results["first"]["changed_files"]
    assert results["predicted"]["diff"] == results["first"]["diff"]
    assert results["second"]["changed"] is False and results["second"]["changed_files"] == []
    for secret in ("env-canary", CANARY):
        assert secret not in output and secret not in "".join(contents(estate).values())
    modes = {(path.is_file(), stat.S_IMODE(path.stat().st_mode)) for path in estate.rglob("*")}
    assert modes == {(True, 0o600), (False, 0o700)}
    metadata = estate / "hasura" / "tenants" / "hello-hasura" / "metadata"
    assert (metadata / "remote_schemas.yaml").exists()
    fewer = {key: part for key, part in METADATA.items() if key != "inherited_roles"}
    command(world, "replace_metadata", {"metadata": fewer}, version=2)
    # What cannot be read is filled in by hand.
    vault, example = VaultLib([("default", VaultSecret(b"open sesame"))]), contents(estate)["secrets.example.yml"]
    text = vault.decrypt((estate / "secrets.yml").read_bytes()).decode()
    values = yaml.load(text, Variables)
    assert [name for name, value in values.items() if not value] == ["vault_netlify_shop_hidden_production"]
    values.update(vault_netlify_shop_hidden_production="filled-canary", vault_own="own-canary")
    text = text.replace("hidden_production: ''", "hidden_production: filled-canary") + "vault_own: own-canary\n"
    (estate / "secrets.yml").write_bytes(vault.encrypt(text))
    (estate / "netlify" / "own.yml").write_text("[]")
    assert world.api("DELETE", f"/sites/{world.api('GET', '/sites/store.netlify.app')['id']}") is None
    tasks = [
        task("export", "third", options),
        task("export", "part", {**options, "names": ["nothing"]}),
        {"name": "Read the secrets", "ansible.builtin.include_vars": "estate/secrets.yml"},
        task("apply", "applied", {"src": "estate"}, diff=True),
    ]
    results, output = bench.play(tasks, {}, **passwords)
    roles = "hasura/tenants/hello-hasura/metadata/inherited_roles.yaml"
    assert results["third"]["changed_files"] == [roles, "netlify/sites/store.yml"] and roles not in contents(estate)
    assert len(results["part"]["warnings"]) == 1 and "'nothing'" in results["part"]["warnings"][0], results["part"]
    assert results["part"]["changed_files"] == [] and contents(estate)["secrets.example.yml"] == example
    assert yaml.load(vault.decrypt((estate / "secrets.yml").read_bytes()), Variables) == values
    assert sorted(path for path in contents(estate) if not path.startswith("hasura/")) == [
        "netlify/own.yml",
        "netlify/sites/shop.yml",
        "secrets.example.yml",
        "secrets.yml",
    ]
    assert results["applied"]["counts"]["unchanged"] == 5 and results["applied"]["changed"] is False
    assert not [name for name in ("env-canary", "filled-canary", "own-canary", CANARY) if name in output]


@pytest.mark.parametrize(
    "options,environment,names",
    [
        ({"platforms": ["fleek"]}, {"FLEEK_TEAM_ID": ""}, ["fleek", "fleek_team_id"]),
        ({"platforms": ["hasura"]}, {"HASURA_CLOUD_ACCESS_TOKEN": ""}, ["HASURA_CLOUD_ACCESS_TOKEN"]),
        ({"secrets": "vault"}, {}, ["vault password"]),
        ({"dest": "playbook.yml"}, {}, ["playbook.yml"]),
    ],
)
def test_what_cannot_work_is_refused(world, tmp_path, options, environment, names):
    bench = Bench(tmp_path)
    tasks = [task("export", "first", {"dest": "estate", **options}, ignore_errors=True)]
    results, _output = bench.play(tasks, {}, **{**world.environment, **environment})
    assert results["first"]["failed"]
    for name in names:
        assert name in results["first"]["msg"]


# -- foreign content ---------------------------------------------------------------------------------------------------


def read_back(document, names, tmp_path):
    file = tmp_path / "estate.yml"
    file.write_text(writing.text_of(document, names), encoding="utf-8")
    loader = DataLoader()
    templar = Templar(loader, values_of(names))
    return [(raw.module, as_sent(templar.template(raw.options))) for raw in files.read(str(file), loader)]


ANYTHING = st.recursive(
    TEXTS | st.text(st.characters(codec="utf-8"), max_size=20) | st.integers(-(10**6), 10**6) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(options=st.dictionaries(KEYS, ANYTHING, min_size=1, max_size=4), comment=st.text(max_size=30))
def test_foreign_text_is_never_syntax(tmp_path, options, comment):
    document = Document("netlify/sites", "shop", [Entry("netlify_metadata", options, [comment])])
    assert read_back(document, Names([]), tmp_path) == [("netlify_metadata", options)]


@pytest.mark.parametrize("value", ['{"type": "HS256"}', "[1]", "True", "False"])
def test_texts_that_old_versions_of_ansible_convert_are_marked(value):
    document = Document("netlify/sites", "shop", [Entry("netlify_metadata", {"a": Secret(("b",), "Value.", value)})])
    assert 'a: "{{ vault_b | string }}"' in writing.text_of(document, writing.texts_of([document])[1])


@given(
    name=st.sampled_from(["../../etc/passwd", "/etc/passwd", "..", ".", "", "a/b", "a\x00b", "CON", "shop"]) | st.text()
)
def test_a_name_is_no_path(name):
    documents = [
        Document("netlify/sites", name),
        Document("netlify/sites", name.upper()),
        Document("netlify/sites", name),
    ]
    paths = [path for path, _document in file_names(documents)]
    for path in paths:
        assert path.startswith("netlify/sites/") and path.count("/") == 2 and not path.split("/")[2].startswith(".")
        assert path.isascii() and path.isprintable()


@given(words=st.lists(st.lists(TEXTS, min_size=1, max_size=3).map(tuple), max_size=6))
def test_names_of_secrets_are_unique_and_stable(words):
    names = Names(Secret(each, "Value.", "x") for each in words)
    again = Names(Secret(each, "Value.", "x") for each in reversed(words))
    assert len(names.secrets) == len(set(words)) and names.secrets.keys() == again.secrets.keys()
    for name in names.secrets:
        assert name.startswith("vault") and set(name) <= set(string.ascii_lowercase + string.digits + "_")
    assert set(yaml.safe_load(writing.example_of(names, {})) or {}) == names.secrets.keys()
