# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of extensions/awx/credential_types, with AWX's own credential types and injection."""

from __future__ import annotations

import copy
import importlib

import credential_schema
import pytest
from awx_plugins.credentials import plugins
from awx_plugins.interfaces._temporary_private_inject_api import HIDDEN_PASSWORD
from jobs import PLATFORMS, credential_type, prepared

# {platform: {field: environment variable that the modules read}}
VARIABLES = {
    "fleek": {"token": "FLEEK_API_KEY", "team_id": "FLEEK_TEAM_ID", "api_url": "FLEEK_API_URL"},
    "flightcontrol": {
        "token": "FLIGHTCONTROL_API_KEY",
        "deploy_hook_url": "FLIGHTCONTROL_DEPLOY_HOOK_URL",
        "api_url": "FLIGHTCONTROL_API_URL",
    },
    "hasura": {
        "token": "HASURA_CLOUD_ACCESS_TOKEN",
        "admin_secret": "HASURA_GRAPHQL_ADMIN_SECRET",
        "api_url": "HASURA_CLOUD_API_URL",
    },
    "netlify": {"token": "NETLIFY_AUTH_TOKEN", "api_url": "NETLIFY_API_URL"},
}
SECRET = {"token", "admin_secret", "deploy_hook_url"}
# Types of AWX with dependencies of fields, with the format "vault_id", or with a boolean that can be secret.
PRIVILEGED = {"Network", "Red Hat Ansible Automation Platform", "Vault"}
each_platform = pytest.mark.parametrize("platform", sorted(VARIABLES))


def test_each_platform_has_a_file():
    assert sorted(VARIABLES) == PLATFORMS


@each_platform
def test_awx_accepts_the_type(platform):
    found = credential_type(platform)
    assert found.keys() == {"name", "description", "kind", "inputs", "injectors"} and found["kind"] == "cloud"
    assert credential_schema.problems_of_type(found["inputs"], found["injectors"]) == {}
    assert {field["id"] for field in found["inputs"]["fields"] if field.get("secret")} <= SECRET
    assert all(field.get("secret") for field in found["inputs"]["fields"] if field["id"] in SECRET)
    assert found["inputs"]["required"] == ["token"]
    # AWX adds a missing type, and awx.awx would then report a change in each run.
    assert all(field["type"] == "string" for field in found["inputs"]["fields"])


@each_platform
def test_awx_passes_what_the_modules_read_and_stores_no_secret(tmp_path, platform):
    inputs = {name: f"{name} of {platform}" for name in VARIABLES[platform]}
    at = prepared(tmp_path)
    at.add_credential(credential_type(platform), inputs)
    assert at.env == {variable: inputs[name] for name, variable in VARIABLES[platform].items()}
    stored = {variable: at.shown[variable] for name, variable in VARIABLES[platform].items() if name in SECRET}
    assert set(stored.values()) == {HIDDEN_PASSWORD}
    assert at.arguments == []


@each_platform
def test_an_optional_field_that_is_empty_is_an_empty_variable(tmp_path, platform):
    """The modules treat it like a variable that is not set."""
    at = prepared(tmp_path)
    at.add_credential(credential_type(platform), {"token": "t"})
    assert sorted(at.env.values()) == [""] * (len(at.env) - 1) + ["t"]


def test_the_rules_accept_the_types_of_awx_itself(monkeypatch):
    """AWX's file of its own types only calls the class, which registers them. AWX does not check these types, and some
    have what it refuses in custom ones."""
    own = []
    called = "awx_plugins.interfaces._temporary_private_api.ManagedCredentialType"
    monkeypatch.setattr(called, lambda **given: own.append(given))
    importlib.reload(plugins)
    refused = {
        found["name"]
        for found in own
        if credential_schema.of_schema(credential_schema.INPUTS, found["inputs"])
        or credential_schema.of_schema(credential_schema.INJECTORS, found.get("injectors", {}))
    }
    assert len(own) > 20 and refused == PRIVILEGED


@pytest.mark.parametrize(
    "place,value,field",
    [
        (("inputs", "fields", 0, "type"), "number", "inputs"),
        (("inputs", "fields", 0, "id"), "a-b", "inputs"),
        (("inputs", "fields", 0, "colour"), "red", "inputs"),
        (("inputs", "fields", 1, "id"), "token", "inputs"),
        (("injectors", "env", "NETLIFY_AUTH_TOKEN"), "{{ nothing }}", "injectors"),
        (("injectors", "env", "ANSIBLE_CONFIG"), "x", "injectors"),
        (("injectors", "environment"), {}, "injectors"),
    ],
)
def test_the_rules_refuse_what_awx_refuses(place, value, field):
    found = copy.deepcopy(credential_type("netlify"))
    node = found
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    assert field in credential_schema.problems_of_type(found["inputs"], found["injectors"])
