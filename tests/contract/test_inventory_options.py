# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the inventory plugins, and their messages when there are no hosts."""

from __future__ import annotations

import pathlib
import socket

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from harness import CONNECTIONS, World, definition_of
from inventories import INFO, Inventory, bare, documented_options, each_platform, is_quiet, populate
from scenarios import CANARY
from scenarios.netlify import site

pytestmark = pytest.mark.playbook


@pytest.fixture
def inventory(tmp_path: pathlib.Path, world: World) -> Inventory:
    return Inventory(tmp_path, world)


# -- options -----------------------------------------------------------------------------------------------------------


@each_platform
def test_options_are_those_of_the_modules(platform):
    documented, spec = documented_options(platform), definition_of(INFO[platform]).spec["argument_spec"]
    shared = set(documented) & set(spec)
    assert shared >= {"token", "api_url", "validate_certs", "ca_path", "timeout", "retries", "deadline"}
    for name in shared:
        fallback = spec[name].get("fallback")
        said = documented[name]
        assert (said["type"], said.get("default"), said.get("choices"), said.get("aliases")) == (
            spec[name]["type"],
            spec[name].get("default"),
            spec[name].get("choices"),
            spec[name].get("aliases"),
        ), name
        assert [variable["name"] for variable in said.get("env", ())] == list(fallback[1] if fallback else ()), name


@pytest.mark.parametrize(
    "platform,options,message",
    [
        ("netlify", {"tokn": CANARY}, "unsupported options: tokn. Supported options: account_slug, api_url, ca_path"),
        ("netlify", {"validate_certs": "perhaps"}, "'validate_certs' is of type"),
        ("netlify", {"timeout": "soon"}, "'timeout' is of type"),
        ("netlify", {"timeout": 0}, "`timeout` must be greater than 0, got 0"),
        ("netlify", {"ca_path": "/no/such/file"}, "`ca_path` does not exist: /no/such/file"),
        ("netlify", {"api_url": "http://api.example.com"}, "api_url"),
        ("netlify", {"token": "two words"}, "`token` must not contain white space"),
        ("netlify", {"hostname": ["colour"]}, "value of hostname must be one or more of: name, id"),
        ("netlify", {"token": "{{ no_such_variable }}"}, "`token` cannot be evaluated"),
        ("fleek", {"team_id": "a/b"}, "`team_id` must consist of letters"),
        ("hasura", {"name": "No Such"}, "`name` must be 1 to 63 characters"),
        (
            "flightcontrol",
            {"environment_type": "any"},
            "value of environment_type must be one of: standard, preview, got: any",
        ),
        ("flightcontrol", {"project_id": "a b"}, "`project_id` must be an ID"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_bad_options_are_named_before_anything_is_asked(inventory, platform, options, message):
    output = inventory.failure(inventory.source(platform, **options))
    assert bare(message) in output, output
    assert f"webops.paas.{platform}:" in output
    assert not inventory.calls


@pytest.mark.parametrize(
    "platform,option,variable",
    [
        *((platform, "token", variables["token"]) for platform, variables in sorted(CONNECTIONS.items())),
        ("fleek", "team_id", "FLEEK_TEAM_ID"),
    ],
)
def test_what_is_missing_is_named_with_its_variable(inventory, platform, option, variable):
    output = inventory.failure(inventory.source(platform), **{variable: ""})
    assert bare(f"`{option}` is missing or empty. Set `{option}` or the environment variable {variable}.") in output, (
        output
    )


@pytest.mark.parametrize(
    "name,is_taken",
    [
        ("netlify.yml", True),
        ("netlify.yaml", True),
        ("shop.netlify.yaml", True),
        ("my_netlify.yml", False),
        ("sites.yml", False),
    ],
)
def test_names_of_files(inventory, world, name, is_taken):
    site(world)
    file = inventory.source("netlify", name)
    if is_taken:
        assert "shop" in inventory.listed(file)["_meta"]["hostvars"]
    else:
        output = inventory.failure(file)
        assert bare("could not be verified by inventory plugin 'webops.paas.netlify'") in output
        refused = (
            "[WARNING]: webops.paas.netlify does not support a file of this name: it must be netlify.yml, or end in"
        )
        assert bare(refused) in output


def test_ways_to_give_a_token(inventory, world):
    site(world)
    token = world.environment["NETLIFY_AUTH_TOKEN"]
    (inventory.directory / "token").write_text(token + "\n")
    (inventory.directory / "password").write_text("of the vault")
    encrypted = (
        VaultLib([("default", VaultSecret(b"of the vault"))]).encrypt(token, VaultSecret(b"of the vault")).decode()
    )
    ways = {
        "literally": f"token: {token}",
        "by another name": f"api_key: {token}",
        "looked up": "token: \"{{ lookup('ansible.builtin.file', 'token', rstrip=false) }}\"",
        "from an extra variable": 'token: "{{ the_token }}"',
        "vaulted": "token: !vault |\n  " + "\n  ".join(encrypted.splitlines()),
    }
    for way, line in ways.items():
        text = f"plugin: webops.paas.netlify\n{line}\ntimeout: '{{{{ 5 * 2 }}}}'\nvalidate_certs: '{{{{ true }}}}'\n"
        (inventory.directory / "netlify.yml").write_text(text)
        arguments = ("--vault-password-file", "password", "-e", f"the_token={token}")
        assert "shop" in inventory.listed("netlify.yml", *arguments, NETLIFY_AUTH_TOKEN="")["_meta"]["hostvars"], way
        if way != "from an extra variable":
            is_quiet(world, inventory.output("netlify.yml", *arguments[:2], "-vvvv", NETLIFY_AUTH_TOKEN=""))
        # The error message must not show the line that contains it either.
        (inventory.directory / "netlify.yml").write_text(text.replace("timeout: '{{ 5 * 2 }}'", "timeout: soon"))
        if way != "from an extra variable":
            assert bare("'timeout' is of type") in inventory.failure(
                "netlify.yml", *arguments[:2], NETLIFY_AUTH_TOKEN=""
            )


# -- failures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "platform,message",
    [
        ("netlify", "Netlify listSites failed: GET /api/v1/sites returned 401"),
        ("fleek", "getSitesByTeam failed"),
        ("hasura", "invalid token"),
        ("flightcontrol", "getServices failed: GET /v1/services returned 401"),
    ],
)
def test_a_wrong_token(inventory, world, platform, message):
    wrong = f"wrong-{CANARY}"
    literally = inventory.failure(inventory.source(platform, token=wrong))
    from_environment = inventory.failure(inventory.source(platform), **{CONNECTIONS[platform]["token"]: wrong})
    assert bare(message) in literally and bare(message) in from_environment, literally


def test_a_team_that_is_not_there(inventory):
    assert bare("The team no-such-team does not exist on Fleek") in inventory.failure(
        inventory.source("fleek", team_id="no-such-team")
    )
    output = inventory.failure(inventory.source("netlify", account_slug="no-such-team"))
    assert bare("The team 'no-such-team' does not exist on Netlify") in bare(output)


@each_platform
def test_rate_limits_are_waited_for(inventory, world, platform):
    populate(world)
    world.sandbox.admin(
        "POST", "faults", {"platform": platform, "kind": "throttle", "reset": "retry-after", "seconds": 1}
    )
    world.sandbox.forget()
    output = inventory.output(inventory.source(platform))
    assert bare("limits the rate of") in bare(output) and f'"{platform}"' in output
    assert "Unabletoparse" not in bare(output) and len(world.sandbox.calls()) == 2


def test_a_limit_that_lasts_beyond_the_deadline(inventory, world):
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "kind": "throttle", "reset": "retry-after", "seconds": 600}
    )
    assert "429" in inventory.failure(inventory.source("netlify", deadline=5))


@each_platform
def test_nobody_answers(inventory, platform):
    with socket.socket() as placeholder:
        placeholder.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{placeholder.getsockname()[1]}"
        output = inventory.failure(inventory.source(platform, api_url=url, retries=0))
    assert bare("refused") in output.lower(), output


def test_strictly(inventory, world):
    """The settings that make a failed source fatal."""
    with pytest.raises(AssertionError, match="listSites"):
        inventory.output(inventory.source("netlify", token="wrong"), ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true")
