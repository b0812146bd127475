# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates: files and entries that cannot be meant, and directories that cannot be read or written."""

from __future__ import annotations

import os
import types

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from estates import applied

from ansible_collections.webops.paas.plugins.plugin_utils._estate import action, checks, files
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import action as exporting

MANY = "".join(f"    x{number}: &x{number} [{', '.join([f'*x{number - 1}'] * 9)}]\n" for number in range(1, 8))


def faults_of(read):
    with pytest.raises(files.EstateError) as caught:
        read()
    return str(caught.value)


def refused(world, content):
    def apply():
        applied(world, content)

    message = faults_of(apply)
    assert not world.sandbox.news()
    return message


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "- netlify_site: {name: !!str [shop]}",
        "- netlify_site: {name: !!int {shop: 1}}",
        "- netlify_site: {name: shop, ipv6: !!bool maybe}",
        "- netlify_site: &site {name: shop, parent: *site}",
        "- netlify_snippets: {site: shop, snippets: &all [*all]}",
        "- netlify_site: {name: " + "[" * 400 + "]" * 400 + "}",
        "- netlify_site:\n    x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + MANY,
    ],
)
def test_values_that_cannot_be_read_are_faults_of_the_file(tmp_path, text):
    (tmp_path / "shop.yml").write_text(text)
    assert "shop.yml:1: " in faults_of(lambda: files.read(str(tmp_path), DataLoader()))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "shop.yml")
    assert "shop.yml:1: " in faults_of(lambda: files.read(str(tmp_path), DataLoader()))


def test_linked_directories_are_read_once(tmp_path):
    estate, shared = tmp_path / "estate", tmp_path / "shared"
    estate.mkdir()
    shared.mkdir()
    (shared / "shop.yml").write_text("- netlify_site: {name: shop}")
    (estate / "first").symlink_to(shared)
    (estate / "second").symlink_to(shared)
    (estate / "around").symlink_to(estate)
    assert [raw.place for raw in files.read(str(estate), DataLoader())] == ["first/shop.yml:1"]


def test_a_directory_that_cannot_be_read_is_not_passed_over(tmp_path, monkeypatch):
    (tmp_path / "shop.yml").write_text("- netlify_site: {name: shop}")
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def closed(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert "closed" in faults_of(lambda: files.read(str(tmp_path), DataLoader()))


def test_bytes_are_no_value(tmp_path):
    (tmp_path / "shop.yml").write_text("- netlify_site: {name: !!binary c2hvcA==}")
    raws = files.read(str(tmp_path), DataLoader())
    door = types.SimpleNamespace(_templar=Templar(DataLoader(), {}))
    templated = action.EstateAction._templated
    assert "shop.yml:1: " in faults_of(lambda: templated(door, raws, {}))


# -- entries -----------------------------------------------------------------------------------------------------------


def test_unknown_options_are_called_unsupported(world):
    message = refused(world, [{"netlify_site": {"name": "shop", "costum_domain": "shop.example.com"}}])
    assert "Unsupported" in message and "`custom_domain`" in message


def test_spellings_of_a_zone_are_one_zone(world):
    message = refused(world, [{"netlify_dns_zone": {"name": name}} for name in ("example.com.", "EXAMPLE.com")])
    assert "content:1" in message and "content:2" in message


def test_names_in_reports_are_one_line_without_control_sequences(world):
    site = {"netlify_site": {"name": "shop"}}
    hook = {"site": "shop", "title": "\x1b[31mNightly\x07\nfailed", "branch": "main"}
    applied(world, [site, {"netlify_build_hook": hook}])
    gone = applied(world, [site], check=True, purge=("netlify_build_hook",))
    assert gone.actions["netlify_build_hook", "shop Nightly failed"] == "deleted"


def test_names_that_are_null_are_not_given(world):
    assert "name" in refused(world, [{"netlify_site": {"name": None}}])


def test_nothing_stays_in_what_is_absent(world):
    hook = {"site": "shop", "title": "Nightly", "branch": "main"}
    gone = {"netlify_site": {"name": "shop", "state": "absent"}}
    message = refused(world, [gone, {"netlify_build_hook": hook}])
    assert "content:1" in message and "content:2" in message
    both = applied(world, [gone, {"netlify_build_hook": {**hook, "state": "absent"}}])
    assert not both.result.get("failed") and both.result["counts"]["unchanged"] == 2


def test_entries_that_delete_what_others_declare(world):
    """Otherwise each run would undo what the one before did."""
    content = [
        {"netlify_site": {"name": "shop"}},
        {"netlify_snippet": {"site": "shop", "title": "Visitors", "general": "<i>1</i>"}},
    ]
    applied(world, content)
    purging = {"netlify_snippets": {"site": "shop", "snippets": [], "purge": True}}
    message = faults_of(lambda: applied(world, [*content, purging]))
    assert "content:2" in message and "content:3" in message


# -- exports -----------------------------------------------------------------------------------------------------------


def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for dest in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(files.EstateError) as caught:
            exporting._write(str(dest), "netlify/shop.yml", "[]\n")
        assert caught.value.option == "dest" and str(tmp_path / "file") in str(caught.value)


def test_an_empty_directory_name_is_refused():
    with pytest.raises(files.EstateError) as caught:
        checks.check({"dest": ""})
    assert caught.value.option == "dest"


def test_a_pipe_in_the_place_of_an_export_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "shop.yml")
    assert exporting._present(str(tmp_path), "shop.yml") == ""


def test_without_a_vault_password_nothing_is_written(tmp_path):
    def refuse(text):
        raise AnsibleError("A vault password must be specified to encrypt data.")

    door = object.__new__(exporting.ExportAction)
    door._loader = types.SimpleNamespace(_vault=types.SimpleNamespace(encrypt=refuse))
    door._task = types.SimpleNamespace(check_mode=False, diff=False)
    params = {"dest": str(tmp_path), "names": None, "netlify_account_slugs": None, "secrets": "vault"}
    assert "password" in faults_of(lambda: door._written(params, [], ["netlify"]))
    assert not list(tmp_path.iterdir())
