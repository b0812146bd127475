# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done once for all entries of an estate, or not at all, must not change what they say."""

from __future__ import annotations

import json

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, files
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import CONNECTION
from ansible_collections.webops.paas.plugins.plugin_utils._estate.order import ordered, renumbered

VALUES = r"""
- netlify_metadata:
    site: &site shop
    metadata: {a: 1, b: 0x1f, c: 1_000, d: 1:20, e: 010, f: 1.5, g: .inf, h: null, i: ~, j: yes, k: No, l: "1"}
- netlify_metadata:
    site: *site
    metadata:
      text: "caf\u00e9 \u263a"
      folded: >-
        one
        two
      empty: ""
      list: [a, [b, {c: '"2"'}]]
      "2": []
      3: {}
      NO: x
      true: y
"""


def read(tmp_path, text):
    (tmp_path / "estate.yml").write_text(text, encoding="utf-8")
    return files.read(str(tmp_path / "estate.yml"), DataLoader())


def test_files_without_templates_say_what_ansible_reads_in_them(tmp_path, monkeypatch):
    found = read(tmp_path, VALUES)
    monkeypatch.setattr(files, "_constructed", lambda tree: None)
    expected = read(tmp_path, VALUES)
    assert json.dumps([raw.options for raw in found]) == json.dumps([raw.options for raw in expected])
    assert [raw.place for raw in found] == [raw.place for raw in expected]


@pytest.mark.parametrize(
    "value",
    [
        "'{{ name }}'",
        "'{% if x %}{% endif %}'",
        "'#jinja2: {}'",
        "!unsafe x",
        "!vault x",
        "2026-11-28",
        "!!binary eA==",
    ],
)
def test_what_ansible_has_to_read_is_read_by_it(tmp_path, monkeypatch, value):
    asked = []
    monkeypatch.setattr(files, "_loaded", lambda *given: asked.append(given) or [{"netlify_metadata": {}}])
    read(tmp_path, f"- netlify_metadata: {{site: shop, metadata: {{a: {value}}}}}")
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["- netlify_metadata: {site: 0x_}", "- netlify_metadata: {? [a] : b}"])
def test_values_that_cannot_be_read_are_errors(tmp_path, text):
    with pytest.raises(files.EstateError, match=r"^estate\.yml:1: "):
        read(tmp_path, text)


def checked(tmp_path, options, connection):
    raw = files.Raw(str(tmp_path), "estate.yml", 1, "netlify_site", options)
    [entry] = entries.checked([raw], [options], {"netlify": connection}, ())
    return entry


def test_the_connection_of_an_entry_comes_first(tmp_path):
    (tmp_path / "ca.pem").touch()
    common = {"token": "common", "timeout": 5, "ca_path": "ca.pem"}
    entry = checked(tmp_path, {"name": "shop"}, common)
    assert entry.params["token"] == "common" and entry.params["timeout"] == 5.0 and entry.params["retries"] == 5
    assert entry.params["ca_path"] == str(tmp_path / "ca.pem") and entry.no_log == {"common"}
    for name in ("token", "api_key"):
        entry = checked(tmp_path, {"name": "shop", name: "own"}, {"timeout": 5} if name == "api_key" else common)
        assert entry.params["token"] == "own" and entry.params["timeout"] == 5.0 and entry.no_log == {"own"}


@pytest.mark.parametrize("options,connection", [({"nme": "shop"}, {}), ({"name": "shop"}, {"timeout": "long"})])
def test_an_error_names_the_options_of_entry_and_connection(tmp_path, options, connection):
    with pytest.raises(files.EstateError) as caught:
        checked(tmp_path, options, {"token": "common", **connection})
    assert all(name in str(caught.value) for name in (["nme", "name", "timeout"] if not connection else ["timeout"]))


def test_no_constraint_is_about_options_of_the_connection():
    """They are validated apart."""
    for name, module in entries.declarable().items():
        constraints = [module.spec[key] for key in module.spec if key != "argument_spec"]
        assert not any(f"'{option}'" in repr(constraints) for option in CONNECTION), name


SITE = {"netlify_site": {"name": "shop", "custom_domain": "shop.example.com"}}
ZONE = {"netlify_dns_zone": {"name": "example.com"}}


def of(module, **options):
    return {module: options}


def linked_entries(content):
    raws = files.of_content(content)
    return ordered(entries.checked(raws, [raw.options for raw in raws], {"netlify": {"token": "nfp_0123456789"}}, ()))


def record(zone, hostname, value="192.0.2.1"):
    return of("netlify_dns_record", zone=zone, hostname=hostname, type="A", value=value)


def variables(site):
    return of("netlify_env_vars", site=site, env_vars={"API_URL": "x"})


@pytest.mark.parametrize(
    "content",
    [
        [SITE, variables("shop"), variables("shop.example.com")],
        [variables("shop.netlify.app"), SITE, variables("shop.example.com.")],
        [ZONE, record("example.com", "www"), record("Example.com.", "www")],
        [ZONE, record("example.com", "www"), record("example.com", "www.example.com")],
        [record("example.com", "@"), record("example.com", "example.com")],
    ],
)
def test_one_object_by_two_names_is_declared_twice(content):
    linked = linked_entries(content)
    with pytest.raises(files.EstateError, match=r"content:\d.*declared twice, first in content:\d"):
        entries.check_for_duplicates(linked)


def test_different_objects_are_not_declared_twice():
    content = [
        *(SITE, ZONE, variables("shop"), variables("store"), record("example.com", "www")),
        *(record("example.com", "www", "192.0.2.2"), record("example.org", "www"), record("0" * 24, "www")),
        of("netlify_hook", site="shop", type="email", event="deploy_failed", email="a@example.com"),
        of("netlify_hook", site="shop", type="email", event="deploy_created", email="a@example.com"),
    ]
    entries.check_for_duplicates(linked_entries(content))


def test_some_entries_keep_their_order_and_what_they_need():
    """A name that only an entry which is left out declares still tells that two others belong together."""
    linked = linked_entries(
        [SITE, ZONE, variables("shop"), of("netlify_publish", site="shop.example.com", locked=True)]
    )
    assert [entry.provider for entry in linked] == [None, None, 0, 0]
    [site, settings, deploy] = renumbered([linked[0], linked[2], linked[3]])
    assert (settings.provider, deploy.provider, deploy.needs) == (0, 0, {0, 1}) and site.needs == frozenset()
    [settings, deploy] = renumbered(linked[2:])
    assert (settings.provider, deploy.provider, deploy.needs) == (None, None, {0})
