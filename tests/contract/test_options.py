# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of one type, in all modules: common rules are checked in one place."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from harness import MODULES, definition_of

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

SHOP, HELLO, VARIABLES = {"site": "shop"}, {"name": "shop"}, {"environment_id": "env", "plain_text": {"A": "1"}}
# {(module, option of type path): options with PATH in it}; this list is complete.
PATH = "no/such/place"
PATH_OPTIONS = {
    ("flightcontrol_config_info", "src"): {"src": PATH},
    ("flightcontrol_env_vars", "state_file"): {**VARIABLES, "state_file": PATH},
    ("hasura_env_vars", "backup_path"): {**HELLO, "absent": ["A"], "backup_path": PATH},
    ("hasura_env_vars", "restore_from"): {**HELLO, "restore_from": PATH},
    ("hasura_metadata", "backup_path"): {**HELLO, "metadata": {"version": 3}, "backup_path": PATH},
    ("hasura_metadata", "restore_from"): {**HELLO, "restore_from": PATH},
    ("hasura_metadata", "src"): {**HELLO, "src": PATH},
    ("hasura_migrations", "src"): {**HELLO, "src": PATH},
    ("hasura_seeds", "src"): {**HELLO, "src": PATH},
    ("netlify_deploy", "functions_dir"): {**SHOP, "src": ".", "functions_dir": PATH},
    ("netlify_deploy", "project_dir"): {**SHOP, "src": ".", "project_dir": PATH},
    ("netlify_deploy", "src"): {**SHOP, "src": PATH},
    ("netlify_file", "files.src"): {**SHOP, "files": [{"path": "a", "src": PATH}]},
    ("netlify_file_download", "dest"): {**SHOP, "path": "a", "dest": PATH},
    ("netlify_site_info", "ca_path"): {"ca_path": PATH},
    ("netlify_submission_info", "dest"): {"dest": PATH},
    ("verify", "urls.ca_path"): {"urls": [{"url": "https://a.example/", "ca_path": PATH}]},
}


def path_options(spec: dict, prefix: str = "") -> list:
    """The names of all options of type path."""
    found = [f"{prefix}{name}" for name, option in spec.items() if option.get("type") == "path"]
    for name, option in spec.items():
        found += path_options(option.get("options") or {}, f"{prefix}{name}.")
    return found


def test_the_path_options_are_all_tried():
    """ca_path, which all modules have, once."""
    there = {(module, name) for module in MODULES for name in path_options(definition_of(module).spec["argument_spec"])}
    of_all = {(module, "ca_path") for module in MODULES}
    assert there - of_all == PATH_OPTIONS.keys() - of_all and of_all & PATH_OPTIONS.keys()


@pytest.mark.parametrize("module,option", PATH_OPTIONS)
def test_a_relative_path_is_shown_as_where_it_was_looked_for(world, monkeypatch, module, option):
    monkeypatch.chdir(world.directory)
    (world.directory / "a.html").write_text("a")
    options = PATH_OPTIONS[(module, option)]
    outcome = world.run(module, options)
    assert outcome.failed and not outcome.calls
    assert str(world.directory / PATH) in outcome.result["msg"], outcome.result["msg"]
    assert outcome.result["error"]["code"] == "invalid_input"
    dotted = json.loads(json.dumps(options).replace(PATH, f"./{PATH}"))
    assert world.run(module, dotted).result == outcome.result


# Checked by the kernel, in all modules.
CONNECTION = {"timeout", "deadline", "retries", "wait_timeout", "poll_interval"}
# Checked together with the type of the record.
OF_RECORDS = {"priority", "weight", "port", "flag", "ttl"}


@pytest.mark.parametrize("module", MODULES)
def test_no_number_may_be_anything(module):
    definition = definition_of(module)
    for name, option in definition.spec["argument_spec"].items():
        if option.get("type") in ("int", "float") and name not in CONNECTION | OF_RECORDS:
            with pytest.raises(InvalidInput, match=f"{name}.*-1"):
                definition.checks[name](name, -1)


@pytest.mark.parametrize("option", sorted(CONNECTION | OF_RECORDS))
def test_a_number_that_cannot_be_is_refused(world, option):
    module, options = "netlify_deploy", {**SHOP, "src": "."}
    if option in OF_RECORDS:
        numbers = {"tag": "issue"} if option == "flag" else {"priority": 1, "weight": 1, "port": 1}
        kind = "CAA" if option == "flag" else "SRV"
        record = {"zone": "example.com", "hostname": "a", "type": kind, "value": "a.example.net"}
        module, options = "netlify_dns_record", {**record, **numbers}
    outcome = world.run(module, {**options, option: -1})
    assert outcome.failed and not outcome.calls and "-1" in outcome.result["msg"]
    assert outcome.result["error"] == {"platform": "netlify", "code": "invalid_input", "option": option}


def test_an_empty_environment_variable_is_not_set(monkeypatch):
    """AWX sets the variables of all fields of a credential, also of those that were left empty."""
    specs = {module: definition_of(module).spec for module in MODULES}
    options = [
        (module, name, option["fallback"][1])
        for module, spec in specs.items()
        for name, option in spec["argument_spec"].items()
        if "fallback" in option
    ]
    assert {"token", "api_url", "team_id", "hook_url", "admin_secret"} <= {name for _module, name, _names in options}
    for _module, _name, names in options:
        for name in names:
            monkeypatch.setenv(name, "")
    for module, name, names in options:
        option = specs[module]["argument_spec"][name]
        given = ArgumentSpecValidator({name: {**option, "required": False}}).validate({}).validated_parameters[name]
        assert given == option.get("default"), (module, name)
        monkeypatch.setenv(names[-1], "https://api.example/")
        given = ArgumentSpecValidator({name: {**option, "required": False}}).validate({}).validated_parameters[name]
        assert given == "https://api.example/", (module, name)
        monkeypatch.setenv(names[-1], "")
