# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup plugins: the address of an object in a template, with the client and the options of its info module."""

from __future__ import annotations

import importlib

import pytest
from ansible.errors import AnsibleError
from harness import CONNECTIONS
from scenarios import CANARY
from scenarios.hasura import shop
from scenarios.netlify import site

from playbooks import Bench

LOOKUPS = ("netlify_site_url", "hasura_endpoint")
each_lookup = pytest.mark.parametrize("name", LOOKUPS)


def given(world, name: str, **more) -> dict:
    return {**world.platform_options(name.partition("_")[0]), **more}


def looked_up(name: str, *terms, **options) -> list:
    return plugin_of(name).LookupModule().run(list(terms), variables={}, **options)


def plugin_of(name: str):
    return importlib.import_module(f"ansible_collections.webops.paas.plugins.lookup.{name}")


def objects(world) -> None:
    site(world)
    site(world, "docs", custom_domain="docs.example.com")
    shop(world)


@pytest.fixture(autouse=True)
def no_token(monkeypatch):
    for variables in CONNECTIONS.values():
        for variable in variables.values():
            monkeypatch.delenv(variable, raising=False)


@pytest.mark.playbook
def test_in_templates_of_a_playbook(world, tmp_path):
    """Tokens of the environment and from options; conditions, loops, several terms; no secret is printed."""
    objects(world)
    secret = "nfp_wrong_" + CANARY
    refused = "lookup('webops.paas.netlify_site_url', 'shop', token=wrong, errors='warn')"
    texts = {
        "url": "{{ lookup('webops.paas.netlify_site_url', 'shop') }}",
        "several": "{{ query('webops.paas.netlify_site_url', 'shop', 'docs') }}",
        "endpoint": "{{ lookup('webops.paas.hasura_endpoint', 'shop', token=hasura_token) }}",
        "ignored": "{{ lookup('webops.paas.netlify_site_url', 'none', errors='ignore') | default('none', true) }}",
        "refused": "{{ " + refused + " | default('', true) }}",
    }
    tasks = [
        {"name": name, "ansible.builtin.set_fact": {f"found_{name}": text}, "register": name}
        for name, text in texts.items()
    ]
    environment = dict(world.environment)
    variables = {"hasura_token": environment.pop("HASURA_CLOUD_ACCESS_TOKEN"), "wrong": secret}
    results, output = Bench(tmp_path).play(tasks, variables, **environment)
    found = {name: result["ansible_facts"][f"found_{name}"] for name, result in results.items()}
    sites = {each["name"]: each["ssl_url"] or each["url"] for each in world.api("GET", "/sites")}
    assert found["url"] == sites["shop"] and found["several"] == [sites["shop"], sites["docs"]]
    assert found["endpoint"].endswith("/v1/graphql")
    assert found["ignored"] == "none" and found["refused"] == ""
    assert CANARY not in output and "401" in output


@each_lookup
def test_it_is_what_the_info_module_returns(world, name):
    objects(world)
    plugin = plugin_of(name).LookupModule
    world.sandbox.news_and()
    found = looked_up(name, "shop", **given(world, name))
    calls = world.sandbox.news_and()[0]
    assert len([call for call in calls if not call["write"]]) == len(calls) == 1
    module = f"{name.partition('_')[0]}_{plugin.noun}_info"
    [item] = world.run(module, {plugin.named_by: "shop"}).result[plugin.info.task.key]
    assert found == [next(item[key] for key in plugin.addresses if item[key])]


@each_lookup
def test_reads_of_one_call_are_shared(world, name):
    objects(world)
    world.sandbox.news_and()
    assert len(set(looked_up(name, "shop", "shop", **given(world, name)))) == 1
    assert len(world.sandbox.news_and()[0]) == 1


@each_lookup
@pytest.mark.parametrize(
    "terms, more, word",
    [
        (["none"], {}, "'none'"),
        ([""], {}, "''"),
        ([None], {}, "None"),
        (["shop"], {"site": "shop"}, "site"),
        (["shop"], {"retries": -1}, "retries"),
        (["shop"], {"token": ""}, "token"),
        (["shop"], {"token": CANARY}, ""),
    ],
)
def test_what_fails_is_named(world, name, terms, more, word):
    objects(world)
    with pytest.raises(AnsibleError) as caught:
        looked_up(name, *terms, **given(world, name, **more))
    assert f"webops.paas.{name}: " in str(caught.value) and word in str(caught.value)
    assert CANARY not in str(caught.value)


@each_lookup
def test_an_empty_environment_variable_is_none(world, name, monkeypatch):
    """AWX also sets those of fields that were left empty."""
    objects(world)
    options = given(world, name)
    variables = plugin_of(name).LookupModule.info.client.TOKEN_ENV
    for variable in variables:
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv(variables[-1], options.pop("token"))
    assert looked_up(name, "shop", **options)
